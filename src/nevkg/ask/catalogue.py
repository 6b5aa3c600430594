"""The catalogue of questions: reads the heads of query files."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypedDict, cast

from nevkg.ask.roles import Show, View, read_example, read_show
from nevkg.data import terms
from nevkg.data.frontmatter import read_head, read_keywords, read_query, reading
from nevkg.data.paths import Layout, walk
from nevkg.errors import InvalidData, WrongUsage
from nevkg.sparql.binding import ANY, bind, find_defaults, has_parameter
from nevkg.store import cache
from nevkg.store.memo import shared
from nevkg.table.values import Column, Words
from nevkg.words import labels_of

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
_DAY_LABEL = labels_of("ask.catalogue")["day"]


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
    labels = [
        text
        for label in (*(column.label for column in question.columns), *(parameter.label for parameter in own))
        for text in label.values()
    ]
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


def read_over(path: Path, head: Mapping[str, Any]) -> Literal["snapshot", "record"]:
    """Returns what the head of a query says that it is asked of; by default, a snapshot."""
    over: Literal["snapshot", "record"] = head.get("over", SNAPSHOT)
    if over not in (SNAPSHOT, RECORD):
        raise InvalidData(f"{path}: 'over' is '{over}'; write {SNAPSHOT} or {RECORD}.")
    return over


def read_question(path: Path) -> Question:
    """Reads a question from its file."""
    text = read_query(path)
    head = read_head(path, text)
    defaults = find_defaults(text)
    for name, values in defaults.items():
        if len(values) > 1:
            raise InvalidData(f"{path}: the lines 'VALUES ?{name} {{ … }}' differ; give all the same default.")
    with reading(path, ": the head lacks {}; see the other questions for its form."):
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
        over = read_over(path, head)
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


def _also(path: Path, name: str, given: object) -> Sequence[str]:
    if not isinstance(given, list):
        raise InvalidData(f"{path}: 'also' of '{name}' lists its other names, such as [country].")
    return [str(other) for other in given]


def _default(path: Path, name: str, text: str, defaults: Mapping[str, Sequence[str]]) -> str:
    if not has_parameter(text, name):
        raise InvalidData(f"{path}: the parameter '{name}' is no variable of the query; write ?{name} where its values belong.")
    return defaults[name][0] if name in defaults else ANY


@shared
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
