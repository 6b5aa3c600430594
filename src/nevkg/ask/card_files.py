"""Card files, ``queries/cards/``: which facts and questions the page of an entity of a class shows.

A file is a query for the facts, with a head that names its classes, its fields and the questions of its sections. The first
file, in the order of file names, with a class of the entity applies. The file without classes is for all other entities, and
its sections follow those of every other file.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from nevkg.ask.catalogue import SNAPSHOT, Catalogue, Parameter, Question, load_catalogue, read_over
from nevkg.ask.roles import VIEWS, View
from nevkg.ask.stories import Figure, parse_figure
from nevkg.data import terms
from nevkg.data.frontmatter import as_list, read_head, read_query, reading
from nevkg.data.paths import Layout, walk
from nevkg.errors import InvalidData
from nevkg.sparql.binding import ANY
from nevkg.store import cache
from nevkg.store.memo import shared
from nevkg.table.values import Column, Words

THIS = "this"
LABEL = "label"  # the name of the entity in a summary
FIELD, VALUE, FACT = "field", "value", "fact"
_COLUMNS = [Column(name, {}) for name in (FIELD, VALUE, FACT)]
_NUMBER = re.compile(r"^\d+-")
_HAS_QUERY = re.compile(r"^SELECT\b", re.MULTILINE)
_SLOT = re.compile(r"\{(\w+)(?::([^|{}]*)\|([^|{}]*))?\}")


@dataclass(frozen=True)
class Template:
    """The words of one sentence in each language, and the figures that they need."""

    words: Words
    figures: Mapping[str, Figure]

    @property
    def slots(self) -> set[str]:
        """The names of its figures and values."""
        return {slot[1] for text in self.words.values() for slot in _SLOT.finditer(text)}

    def fill(self, language: str, values: Mapping[str, str | int]) -> str:
        """Returns the sentence; empty if one of its values is missing, or one of its numbers is 0."""

        def word(slot: re.Match[str]) -> str:
            value = values[slot[1]]
            if slot[2] is None:
                return f"{value:,}" if isinstance(value, int) else value
            return slot[2] if value == 1 else slot[3]

        text = self.words[language]
        return _SLOT.sub(word, text) if all(values.get(slot[1]) for slot in _SLOT.finditer(text)) else ""


# The alternatives for each sentence: the first that can be filled is used.
Summary = Sequence[Sequence[Template]]


@dataclass(frozen=True)
class QuestionReference:
    """A question with values for its parameters; a value may be ``this``, ``day`` or a number of months before that day.

    Attributes:
        title: the heading of the section; the title of the question if it has none.
        given: the values of parameters.
        sort: the column by which a table is sorted, with a minus for the greatest first; empty for the order of the answer.
        columns: the columns of a table; if empty, those that the question calls brief.
    """

    question: Question
    title: Words
    given: Mapping[str, Sequence[str]]
    view: View = "table"
    sort: str = ""
    columns: Sequence[str] = ()


@dataclass(frozen=True)
class ColumnCount:
    """How many different values a column of an answer has, in all and for each value of other columns."""

    reference: QuestionReference
    column: str
    by: Sequence[str]


@dataclass(frozen=True)
class FieldSpec:
    """A field of a card: its label, and the tally that gives its value, if it is not the query.

    If an entity has no value of it, the card says so, unless the field is optional. Values that the field ``beside`` has are not
    repeated.
    """

    name: str
    label: Words
    tally: ColumnCount | None = None
    is_optional: bool = False
    beside: str = ""


@dataclass(frozen=True)
class CardFile:
    """A card file.

    Attributes:
        name: its file name without number and suffix.
        classes: the IRIs of its classes; none for the general file.
        fields: the fields, in the order of the card.
        query: the query for values, with the columns field, value and fact; None if there is none.
        is_alone: whether the sections of the general file do not follow.
        summary: the sentences with which the page begins.
    """

    name: str
    classes: Sequence[str]
    fields: Sequence[FieldSpec]
    sections: Sequence[QuestionReference]
    query: Question | None
    is_alone: bool = False
    summary: Summary = ()


@shared
def load_cards(layout: Layout) -> Sequence[CardFile]:
    """Returns the card files in their order, parsed once for each state of the folder and of the questions."""
    paths = tuple(sorted(walk(layout.queries / "cards", ".rq", deep=False)))
    return _load(layout, paths, cache.fingerprint((*paths, *walk(layout.queries / "questions", ".rq"))))


@lru_cache(maxsize=4)
def _load(layout: Layout, paths: tuple[Path, ...], fingerprint: str) -> Sequence[CardFile]:  # noqa: ARG001  part of the cache key
    catalogue, spaces = load_catalogue(layout), terms.prefixes(layout.ontology)
    return [read_card_file(path, catalogue, spaces) for path in paths]


def read_card_file(path: Path, catalogue: Catalogue, spaces: Mapping[str, str]) -> CardFile:
    """Reads a card file."""
    text = read_query(path)
    head = read_head(path, text)
    with reading(path, ": the head lacks {}; see the other cards for its form."):
        classes = [_expand(path, name, spaces) for name in head.get("classes", [])]
        fields = [_read_field(path, name, facts, catalogue) for name, facts in (head.get("fields") or {}).items()]
        sections = [_read_reference(path, facts, catalogue) for facts in head.get("sections") or []]
        query = _make_query(path, text, head) if _HAS_QUERY.search(text) else None
        names = {LABEL, *(field.name for field in fields)}
        summary = [[_read_template(path, part, names, catalogue) for part in as_list(sentence)] for sentence in head.get("summary") or []]
    return CardFile(_NUMBER.sub("", path.stem), classes, fields, sections, query, bool(head.get("alone")), summary)


def _read_template(path: Path, facts: Mapping[str, Any], names: Collection[str], catalogue: Catalogue) -> Template:
    """Reads a sentence: its words in each language, and its figures as stories write them, with ``this`` for the entity."""
    figures = {name: parse_figure(text) for name, text in (facts.get("figures") or {}).items()}
    for figure in figures.values():
        for parameter in figure.values:
            catalogue[figure.question].parameter(parameter)
    template = Template({language: facts[language] for language in terms.LANGUAGES}, figures)
    for slot in sorted(template.slots - figures.keys() - set(names)):
        raise InvalidData(f"{path}: 'summary' has {{{slot}}}, which is neither one of its figures nor a field of the card.")
    return template


def _expand(path: Path, name: str, spaces: Mapping[str, str]) -> str:
    iri = terms.expand(name, dict(spaces))
    if iri is None:
        raise InvalidData(f"{path}: 'classes' has '{name}', whose prefix is unknown; write a class of the ontology such as nev:Source.")
    return iri


def _make_query(path: Path, text: str, head: Mapping[str, Any]) -> Question:
    over = read_over(path, head)
    days = [Parameter("asOf", "xsd:date", {}, ANY)] if over == SNAPSHOT else []
    return Question(
        name=f"card-{path.stem}",
        topic="",
        text=text,
        title=head["title"],
        description=head["title"],
        tags=[],
        keywords={},
        view="table",
        parameters=[Parameter(THIS, "any", {}, ANY), *days],
        columns=_COLUMNS,
        show={},
        example={},
        over=over,
    )


def _read_field(path: Path, name: str, facts: Mapping[str, Any], catalogue: Catalogue) -> FieldSpec:
    label = {language: facts[language] for language in terms.LANGUAGES}
    is_optional = bool(facts.get("optional"))
    if "count" not in facts:
        return FieldSpec(name, label, None, is_optional, facts.get("beside", ""))
    reference = _read_reference(path, facts, catalogue)
    by = facts.get("by", [])
    for column in (facts["count"], *by):
        _require_column(path, reference.question, column)
    return FieldSpec(name, label, ColumnCount(reference, facts["count"], by), is_optional)


def _read_reference(path: Path, facts: Mapping[str, Any], catalogue: Catalogue) -> QuestionReference:
    question = catalogue[facts["question"]]
    given = {question.parameter(name).name: [str(part) for part in as_list(value)] for name, value in (facts.get("with") or {}).items()}
    view = facts.get("view", question.view)
    if view not in VIEWS:
        raise InvalidData(f"{path}: 'view' is '{view}'; write {', '.join(VIEWS)}.")
    sort, columns = str(facts.get("sort", "")), facts.get("columns", [])
    for column in (*columns, *([sort.removeprefix("-")] if sort else [])):
        _require_column(path, question, column)
    title = {language: facts.get(language, question.title[language]) for language in terms.LANGUAGES}
    return QuestionReference(question, title, given, view, sort, columns)


def _require_column(path: Path, question: Question, column: str) -> None:
    names = [column.name for column in question.columns]
    if column not in names:
        raise InvalidData(f"{path}: the question '{question.name}' has no column '{column}'; it has {', '.join(names)}.")
