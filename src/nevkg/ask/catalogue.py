"""The catalogue of questions: reads the heads of query files, and the roles of columns in maps, charts and other views."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypedDict, cast, get_args

from nevkg.data import terms
from nevkg.data.frontmatter import read_head, read_keywords, read_query
from nevkg.data.paths import Layout, walk
from nevkg.errors import InvalidData, WrongUsage
from nevkg.sparql.binding import ANY, bind, find_defaults, has_parameter
from nevkg.store import cache
from nevkg.table.values import Column, Words

VIEWS = ("table", "map", "timeline", "chart", "graph")
View = Annotated[str, ("enum", VIEWS), ("title", "View")]
Kind = Literal["bar", "line"]
Columns = Sequence[str]
# The roles of columns in the views of an answer, in the head of a question; the text names a column.
Show = TypedDict(
    "Show",
    {
        # maps
        "place": Annotated[str, "The located entity."],
        "size": Annotated[str, "Number for the size of its mark."],
        "color": Annotated[str, "Entity for the colour of its mark."],
        "status": str,
        "planned": Annotated[str, "Whether the size is actual: its value is that of solid."],
        "filters": Annotated[Columns, "Further columns whose values a map selects."],
        "first": Annotated[Sequence[str], "The IRIs of the values, of status and filters, that a map begins with."],
        "things": Annotated[Words, "What the marks of a map stand for."],
        "home": Annotated[str, "Entity at which an arc begins."],
        "label": str,
        "shade": Annotated[bool, "Whether its rows shade the countries of a map."],
        # timelines
        "from": Annotated[str, "The first day on which a row holds."],
        "until": Annotated[str, "The first day on which the row no longer holds."],
        "since": Annotated[str, "The beginning, as precisely as sources state it."],
        "at": Annotated[str, "The day of an event."],
        "lane": Annotated[Columns, "Columns for the lanes of a timeline, best first."],
        "band": Annotated[bool, "Whether its rows are spans behind the events of a timeline."],
        # charts
        "x": str,
        "y": Columns,
        "series": str,
        "unit": Annotated[str, "The unit of y."],
        "kind": Kind,
        "apart": Annotated[Columns, "Columns whose different values are never on one line."],
        "solid": Annotated[
            str, "The IRI of the value, in one of these columns or in planned, that is drawn solid; others are dashed or hatched."
        ],
        "low": Annotated[str, "The lower end of the range of which y is the upper end."],
        "more": Annotated[
            Columns,
            "Columns that count what sources do not support enough to be counted in y, in the order of y; they are drawn lighter.",
        ],
        "start": Annotated[str, "The first day of the period that ends at x."],
        "stacked": Annotated[bool, "Whether the columns of y are parts of a whole."],
        # graphs
        "subject": str,
        "relation": str,
        "object": str,
        # all
        "page": Annotated[bool, "Whether the page of maps or of timelines opens with this question."],
        "brief": Annotated[Columns, "The columns that a narrow table shows, most important first."],
        "featured": Annotated[int, "Its position on the first page; absent if it is not shown there."],
    },
    total=False,
)
ROLES = frozenset(Show.__annotations__)
_KIND_ROLE, _FEATURED, _SOLID, _FIRST, _THINGS = "kind", "featured", "solid", "first", "things"
_SEVERAL = frozenset({"lane", "filters", "y", "more", "brief", "apart"})
_FLAGS = frozenset({"page", "band", "shade", "stacked"})
_COLUMNS = ROLES - _FLAGS - {_KIND_ROLE, _FEATURED, _SOLID, _FIRST, _THINGS}


def read_show(path: Path, value: object, columns: Collection[str]) -> dict[str, Any]:
    """Reads the roles in the head of a question; roles that several columns can have are lists.

    Args:
        value: the value of ``show`` in its head.
        columns: the names of its columns.
    """
    return {role: _read_role(path, role, setting, columns) for role, setting in _mapping(path, "show", value).items()}


def read_example(path: Path, value: object, parameters: Collection[str]) -> dict[str, list[str]]:
    """Reads the parameter values in the head of a question that a form starts with."""
    example = {name: _as_list(values) for name, values in _mapping(path, "example", value).items()}
    for name, values in example.items():
        _require_known(path, f"'example' names the parameter '{name}'", name, parameters)
        if not values or not all(isinstance(text, str) for text in values):
            raise InvalidData(f"{path}: 'example' gives '{name}' a value that is not a text; write its values in quotes.")
    return example


def _read_role(path: Path, role: str, setting: object, columns: Collection[str]) -> object:
    _require_known(path, f"'show' has the role '{role}'", role, ROLES)
    if role in _FLAGS:
        fits, fix = isinstance(setting, bool), "write true, or leave it out"
    elif role == _FEATURED:
        fits, fix = isinstance(setting, int) and not isinstance(setting, bool), "write a whole number"
    elif role == _SOLID:
        fits, fix = _is_iri(setting), "write an IRI"
    elif role == _FIRST:
        fits, fix = isinstance(setting, list) and all(map(_is_iri, setting)), "write a list of IRIs"
    elif role == _THINGS:
        fits, fix = (
            isinstance(setting, dict) and all(isinstance(setting.get(tag), str) for tag in terms.LANGUAGES),
            "write it in each language",
        )
    elif role == _KIND_ROLE:
        fits, fix = setting in get_args(Kind), f"write {' or '.join(get_args(Kind))}"
    else:
        names = _as_list(setting)
        fits = bool(names) and all(isinstance(name, str) for name in names) and (role in _SEVERAL or not isinstance(setting, list))
        fix = "name a column" + (" or a list of columns" if role in _SEVERAL else "")
    if not fits:
        raise InvalidData(f"{path}: 'show' gives '{role}' as {setting!r}; {fix}.")
    if role not in _COLUMNS:
        return setting
    for name in names:
        _require_known(path, f"'show' names the column '{name}' for '{role}'", str(name), columns)
    return names if role in _SEVERAL else setting


def _is_iri(value: object) -> bool:
    return isinstance(value, str) and ":" in value


def _as_list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _mapping(path: Path, key: str, value: object) -> Mapping[str, object]:
    if not isinstance(value, dict) or not all(isinstance(name, str) for name in value):
        raise InvalidData(f"{path}: '{key}' is not a list of lines 'name: value'; see the other questions for its form.")
    return value


def _require_known(path: Path, what: str, name: str, known: Collection[str]) -> None:
    if name not in known:
        choice = ", ".join(sorted(known)) or "none"
        raise InvalidData(f"{path}: {what}, which there is not; there are {choice}.{terms.suggest(name, list(known))}")


# What a question is asked of: the facts of one day, or all statements and all of history.
SNAPSHOT: Final = "snapshot"
RECORD: Final = "record"
# A question over a snapshot has this parameter without declaring it.
AS_OF = "asOf"
# A projection over a snapshot also has this one: all facts of any day, instead of one.
HISTORY = "history"
# How many questions an error suggests, and the least score of a suggestion as a share of the best score.
_SUGGESTED, _SUGGESTED_SHARE = 3, 0.6
_LITERAL = re.compile(r'"([^"]*)"(?:\^\^\S+|@\S+)?')
_DAY_LABEL = {"en": "Day that the answer is for (the date of the dataset if left out)", "zh": "答案所指日期（默认为数据集日期）"}


@dataclass(frozen=True)
class Parameter:
    """A parameter of a question, as in its file.

    Attributes:
        name: its name.
        type: a class or a vocabulary, ``any``, or a type of XML Schema.
        label: its label.
        default: the default; ``UNDEF`` means any value.
        also: other names that are accepted, such as those that the filter has in most questions.
    """

    name: str
    type: str
    label: Words
    default: str
    also: Sequence[str] = field(default_factory=list)  # a list, as from JSON

    @property
    def default_text(self) -> str:
        """The default as a user would type it: names and plain texts, without quotation marks and datatypes."""
        return _LITERAL.sub(r"\1", self.default)


class QuestionBasics(TypedDict):
    """What questions and projections have in common, without the query."""

    name: str
    title: Words
    description: Words
    tags: Sequence[str]
    keywords: Annotated[Mapping[str, Sequence[str]], "Search terms by language."]
    parameters: Sequence[Parameter]
    columns: Sequence[Column]
    over: Annotated[Literal["snapshot", "record"], "What it queries: the snapshot of one day, or all statements and the whole history."]
    example: Annotated[Mapping[str, Sequence[str]], "Example values of parameters."]


class QuestionHead(QuestionBasics):
    """A question without its query."""

    topic: str
    view: Annotated[View, "The recommended view of an answer."]
    show: Annotated[Show, "The roles of columns in the views of an answer."]


class QuestionDocument(QuestionHead):
    """A question with its query."""

    sparql: str


@dataclass(frozen=True)
class Question:
    """A question file: its query, texts, parameters and columns.

    ``show`` maps roles to columns, ``example`` maps parameters to the values that a form starts with, ``over`` is
    ``snapshot`` or ``record``. ``keywords`` are search words, by language, that title and description lack. ``unsourced`` says
    why its rows have no sources; it is empty if they have.
    """

    name: str
    topic: str
    text: str
    title: Words
    description: Words
    tags: Sequence[str]
    keywords: Mapping[str, Sequence[str]]
    view: View
    parameters: Sequence[Parameter]
    columns: Sequence[Column]
    show: Mapping[str, Any]
    example: Mapping[str, Sequence[str]]
    over: Literal["snapshot", "record"] = SNAPSHOT
    unsourced: Words = field(default_factory=dict)

    def parameter(self, name: str) -> Parameter:
        """Returns the parameter of that name.

        Raises:
            WrongUsage: if the question has no such parameter.
        """
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        known = [parameter.name for parameter in self.parameters]
        raise WrongUsage(
            f"The question '{self.name}' has no parameter '{name}'; it has {', '.join(known) or 'none'}.{terms.suggest(name, known)}"
        )

    @property
    def other_names(self) -> Mapping[str, str]:
        """Other names of parameters, each with the name of its parameter."""
        return {other: parameter.name for parameter in self.parameters for other in parameter.also}

    @property
    def runnable(self) -> str:
        """The SPARQL without the head, except for the line that says what it is asked of if that is not the snapshot of a day."""
        over = "" if self.over == SNAPSHOT else f"#+ over: {self.over}\n"
        return over + self.text.partition("\n\n")[2]

    def bind(self, values: Mapping[str, Sequence[str]]) -> str:
        """Returns the SPARQL with the given parameters bound.

        Args:
            values: parameter to terms in N-Triples syntax; an empty list means any.
        """
        return bind(self.text, values)

    @property
    def basics(self) -> QuestionBasics:
        """What questions and projections have in common."""
        return {
            "name": self.name,
            "title": self.title,
            "description": self.description,
            "tags": self.tags,
            "keywords": self.keywords,
            "parameters": self.parameters,
            "columns": self.columns,
            "example": self.example,
            "over": self.over,
        }

    @property
    def head(self) -> QuestionHead:
        """The question without its query."""
        return {**self.basics, "topic": self.topic, "view": self.view, "show": cast(Show, self.show)}

    def to_json(self) -> QuestionDocument:
        """Returns the question with its query; see :mod:`nevkg.data.json_values`."""
        return {**self.head, "sparql": self.text}


@dataclass(frozen=True)
class Catalogue:
    """All questions by name, and error messages for the files that could not be read."""

    questions: Mapping[str, Question]
    problems: Sequence[str] = field(default_factory=tuple)

    def __getitem__(self, name: str) -> Question:
        if name not in self.questions:
            fitting = [question.name for question in self.rank(name, _SUGGESTED_SHARE)[:_SUGGESTED]]
            hint = f" Did you mean {' or '.join(fitting)}?" if fitting else terms.suggest(name, list(self.questions))
            raise WrongUsage(f"There is no question '{name}'.{hint}")
        return self.questions[name]

    def find(self, tag: str | None = None, text: str | None = None) -> list[Question]:
        """Returns questions sorted by topic and name.

        Args:
            tag: only questions with this tag.
            text: only questions whose name, title, description, tags or keywords contain this text, ignoring case.
        """
        found = [question for question in self.questions.values() if tag is None or tag in question.tags]
        if text is not None:
            found = [question for question in found if text.casefold() in _words(question).casefold()]
        return sorted(found, key=lambda question: (question.topic, question.name))

    def rank(self, text: str, least: float | None = None) -> list[Question]:
        """Returns the questions that match the words of a text, best first; see :func:`nevkg.lookup.search.rank_texts`."""
        from nevkg.lookup import search

        parts = {name: question_parts(question) for name, question in self.questions.items()}
        return [self.questions[name] for name in search.rank_texts(parts, text, search.LEAST_SHARE if least is None else least)]


def _words(question: Question) -> str:
    return " ".join([question.name, *question.title.values(), *question.description.values(), *question.tags, *_keywords(question)])


def _keywords(question: Question) -> list[str]:
    return [word for among in question.keywords.values() for word in among]


def question_parts(question: Question) -> list[tuple[str, float]]:
    """Returns the texts in which a question is searched, each with its weight."""
    own = [parameter for parameter in question.parameters if parameter.name != AS_OF]
    labels = [text for label in (*(column.label for column in question.columns), *(one.label for one in own)) for text in label.values()]
    first = [among[0] for among in question.keywords.values() if among]
    return [
        (question.name, 4),
        (" ".join(question.title.values()), 4),
        (" ".join([*_keywords(question), *question.tags]), 3),
        (" ".join(first), 3),
        (question.topic, 2),
        (" ".join(labels), 2),
        (" ".join(question.description.values()), 1),
    ]


def read_question(path: Path) -> Question:
    """Reads a question from its file."""
    text = read_query(path)
    head = read_head(path, text)
    defaults = find_defaults(text)
    for name, values in defaults.items():
        if len(values) > 1:
            raise InvalidData(f"{path}: the lines 'VALUES ?{name} {{ … }}' differ; give all the same default.")
    try:
        parameters = [
            Parameter(
                name,
                facts["type"],
                facts["label"],
                _default(path, name, text, defaults),
                _also(path, name, facts.get("also") or []),
            )
            for name, facts in (head.get("parameters") or {}).items()
        ]
        over = head.get("over", SNAPSHOT)
        if over not in (SNAPSHOT, RECORD):
            raise InvalidData(f"{path}: 'over' is '{over}'; write {SNAPSHOT} or {RECORD}.")
        if over == SNAPSHOT:
            parameters.append(Parameter(AS_OF, "xsd:date", _DAY_LABEL, ANY))
        columns = [Column(name, facts["label"], facts.get("evidence"), bool(facts.get("list"))) for name, facts in head["columns"].items()]
        return Question(
            name=path.stem,
            topic=path.parent.name,
            text=text,
            title=head["title"],
            description=head["description"],
            tags=head.get("tags") or [],
            keywords=read_keywords(path, head.get("keywords") or {}),
            view=head.get("view", "table"),
            parameters=parameters,
            columns=columns,
            show=read_show(path, head.get("show", {}), [column.name for column in columns]),
            example=read_example(path, head.get("example", {}), [parameter.name for parameter in parameters]),
            over=over,
            unsourced=head.get("unsourced", {}),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise InvalidData(f"{path}: the head lacks {error}; see the other questions for its form.") from None


def _also(path: Path, name: str, given: object) -> Sequence[str]:
    if not isinstance(given, list):
        raise InvalidData(f"{path}: 'also' of '{name}' lists its other names, such as [country].")
    return [str(other) for other in given]


def _default(path: Path, name: str, text: str, defaults: Mapping[str, Sequence[str]]) -> str:
    if not has_parameter(text, name):
        raise InvalidData(f"{path}: the parameter '{name}' is no variable of the query; write ?{name} where its values belong.")
    return defaults[name][0] if name in defaults else ANY


def load_catalogue(layout: Layout) -> Catalogue:
    """Returns the questions of ``queries/questions/``, parsed once for each state of that folder."""
    paths = _paths(layout)
    return _load(paths, _cache_file(paths))


def pack_catalogue(layout: Layout) -> bytes:
    """Returns the parsed questions, for ``unpack_catalogue``."""
    return cache.pack(asdict(load_catalogue(layout)))


def unpack_catalogue(layout: Layout, packed: bytes) -> None:
    """Puts parsed questions into the cache, for a folder with the same questions, so that they need not be parsed again."""
    cache.write_whole(_cache_file(_paths(layout)), packed)


def _paths(layout: Layout) -> tuple[Path, ...]:
    return tuple(sorted(walk(layout.queries / "questions", ".rq")))


def _cache_file(paths: tuple[Path, ...]) -> Path:
    return cache.folder() / "catalogue" / f"{cache.fingerprint(paths)}.json"


@lru_cache(maxsize=4)
def _load(paths: tuple[Path, ...], cache_file: Path) -> Catalogue:
    with suppress(KeyError, TypeError):  # written by another version
        return _from_json(cache.load(cache_file))
    questions: dict[str, Question] = {}
    problems = []
    for path in paths:
        try:
            question = read_question(path)
        except InvalidData as error:
            problems.append(str(error))
            continue
        if question.name in questions:
            problems.append(f"{path}: there is already a question '{question.name}'; give the file another name.")
            continue
        questions[question.name] = question
    catalogue = Catalogue(questions, problems)
    cache.save(cache_file, asdict(catalogue))
    return catalogue


def topics(layout: Layout) -> dict[str, Words]:
    """Returns the labels of each topic by its folder; a topic that ``topics.yaml`` does not list is left out."""
    import yaml

    path = layout.queries / "questions" / "topics.yaml"
    found: dict[str, Words] = yaml.safe_load(read_query(path)) if path.exists() else {}
    return found


def _from_json(document: dict[str, Any]) -> Catalogue:
    questions = {}
    for name, facts in document["questions"].items():
        facts["parameters"] = [Parameter(**parameter) for parameter in facts["parameters"]]
        facts["columns"] = [Column(**column) for column in facts["columns"]]
        questions[name] = Question(**facts)
    return Catalogue(questions, document["problems"])
