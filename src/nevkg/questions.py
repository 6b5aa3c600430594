"""The catalogue of questions: what can be asked, with which parameters, and how values are bound.

A parameter stands in the query on lines of its own, ``VALUES ?name { … }``. Binding replaces
what stands between the braces by serialised terms and touches nothing else of the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from nevkg import terms
from nevkg.errors import InvalidData, WrongUsage
from nevkg.head import read_head, read_query
from nevkg.layout import Layout, walk
from nevkg.show import read_example, read_show
from nevkg.store import cache

_LINE = re.compile(r"^(?P<before>[ \t]*VALUES \?(?P<name>\w+) \{)(?P<values>[^\n]*)(?P<after>\}[ \t]*)$", re.MULTILINE)
ANY = "UNDEF"

Words = Mapping[str, str]


@dataclass(frozen=True)
class Parameter:
    """One thing that a question can be asked about."""

    name: str
    type: str
    label: Words
    default: str


@dataclass(frozen=True)
class Column:
    """One column of an answer; ``evidence`` is the hidden variable that holds what a cell rests on."""

    name: str
    label: Words
    evidence: str | None = None
    list: bool = False


@dataclass(frozen=True)
class Question:
    """One question file; ``show`` maps roles to columns, ``example`` parameters to the values to begin with."""

    name: str
    topic: str
    text: str
    title: Words
    description: Words
    tags: Sequence[str]
    view: str
    parameters: Sequence[Parameter]
    columns: Sequence[Column]
    show: Mapping[str, Any]
    example: Mapping[str, Sequence[str]]

    def parameter(self, name: str) -> Parameter:
        """The parameter of that name.

        Raises:
            WrongUsage: if there is none.
        """
        for parameter in self.parameters:
            if parameter.name == name:
                return parameter
        known = [parameter.name for parameter in self.parameters]
        raise WrongUsage(
            f"The question '{self.name}' has no parameter '{name}'; it has {', '.join(known) or 'none'}.{terms.nearest(name, known)}"
        )

    def bind(self, values: Mapping[str, Sequence[str]]) -> str:
        """The SPARQL with the given parameters bound.

        Args:
            values: parameter to terms in N-Triples syntax; no terms at all means any.
        """
        return bind(self.text, values)

    @property
    def facts(self) -> dict[str, object]:
        """All that there is to know of it, as values of JSON."""
        return {
            "name": self.name,
            "topic": self.topic,
            "title": self.title,
            "description": self.description,
            "tags": self.tags,
            "view": self.view,
            "parameters": [vars(parameter) for parameter in self.parameters],
            "columns": [vars(column) for column in self.columns],
            "show": self.show,
            "example": self.example,
            "sparql": self.text,
        }


def bind(text: str, values: Mapping[str, Sequence[str]]) -> str:
    """A query with the given parameters bound; see :meth:`Question.bind`."""

    def replace(line: re.Match[str]) -> str:
        name = line["name"]
        if name not in values:
            return line[0]
        return f"{line['before']} {' '.join(values[name]) or ANY} {line['after']}"

    return _LINE.sub(replace, text)


@dataclass(frozen=True)
class Catalogue:
    """All questions by name, and what is wrong with the files that could not be read."""

    questions: Mapping[str, Question]
    problems: Sequence[str] = field(default_factory=tuple)

    def __getitem__(self, name: str) -> Question:
        if name not in self.questions:
            raise WrongUsage(f"There is no question '{name}'.{terms.nearest(name, list(self.questions))}")
        return self.questions[name]

    def find(self, tag: str | None = None, text: str | None = None) -> list[Question]:
        """Questions by topic and name: those with a tag, or whose name, title, description or tags hold a text."""
        found = [question for question in self.questions.values() if tag is None or tag in question.tags]
        if text is not None:
            found = [question for question in found if text.casefold() in _words(question).casefold()]
        return sorted(found, key=lambda question: (question.topic, question.name))


def _words(question: Question) -> str:
    return " ".join([question.name, *question.title.values(), *question.description.values(), *question.tags])


def read_question(path: Path) -> Question:
    """The question in a file.

    Raises:
        InvalidData: if its head lacks something or does not fit the query.
    """
    text = read_query(path)
    head = read_head(path, text)
    defaults: dict[str, str] = {}
    for line in _LINE.finditer(text):
        if defaults.setdefault(line["name"], line["values"].strip()) != line["values"].strip():
            raise InvalidData(f"{path}: the lines 'VALUES ?{line['name']} {{ … }}' differ; give all the same default.")
    try:
        parameters = [
            Parameter(name, facts["type"], facts["label"], _default(path, name, defaults))
            for name, facts in (head.get("parameters") or {}).items()
        ]
        columns = [Column(name, facts["label"], facts.get("evidence"), bool(facts.get("list"))) for name, facts in head["columns"].items()]
        return Question(
            name=path.stem,
            topic=path.parent.name,
            text=text,
            title=head["title"],
            description=head["description"],
            tags=head.get("tags") or [],
            view=head.get("view", "table"),
            parameters=parameters,
            columns=columns,
            show=read_show(path, head.get("show", {}), [column.name for column in columns]),
            example=read_example(path, head.get("example", {}), [parameter.name for parameter in parameters]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise InvalidData(f"{path}: the head lacks {error}; see the other questions for its form.") from None


def _default(path: Path, name: str, defaults: Mapping[str, str]) -> str:
    if name not in defaults:
        raise InvalidData(f"{path}: the parameter '{name}' has no line 'VALUES ?{name} {{ {ANY} }}' of its own.")
    return defaults[name]


def load_catalogue(layout: Layout) -> Catalogue:
    """The questions of ``queries/questions/``, parsed once for each state of that folder."""
    paths = tuple(sorted(walk(layout.queries / "questions", ".rq")))
    return _load(paths, cache.fingerprint(paths))


@lru_cache(maxsize=4)
def _load(paths: tuple[Path, ...], fingerprint: str) -> Catalogue:
    kept = cache.folder() / "catalogue" / f"{fingerprint}.json"
    with suppress(KeyError, TypeError):  # of another version
        return _from_json(cache.recall(kept))
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
    cache.keep(kept, asdict(catalogue))
    return catalogue


def topics(layout: Layout) -> dict[str, Words]:
    """What each topic is called, by its folder; one that ``topics.yaml`` does not name is left out."""
    import yaml

    path = layout.queries / "questions" / "topics.yaml"
    found: dict[str, Words] = yaml.safe_load(read_query(path)) if path.exists() else {}
    return found


def _from_json(kept: dict[str, Any]) -> Catalogue:
    questions = {}
    for name, facts in kept["questions"].items():
        facts["parameters"] = [Parameter(**parameter) for parameter in facts["parameters"]]
        facts["columns"] = [Column(**column) for column in facts["columns"]]
        questions[name] = Question(**facts)
    return Catalogue(questions, kept["problems"])
