"""The pages of questions: the catalogue, and one question with its form and its answer, whose cells link to their evidence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import urlencode

from markupsafe import Markup

from nevkg.ask import arguments
from nevkg.ask.answer import Answer
from nevkg.ask.arguments import EVERYTHING
from nevkg.ask.catalogue import AS_OF, SNAPSHOT, Parameter, Question, load_catalogue, topics
from nevkg.ask.evaluation import LANGUAGE, bind
from nevkg.ask.support import STANDING
from nevkg.data import terms
from nevkg.data.frontmatter import remove_head
from nevkg.errors import WrongUsage
from nevkg.lookup import entities
from nevkg.lookup.labels import LinkedText, names_of
from nevkg.lookup.literals import format_interval
from nevkg.lookup.sources import Source
from nevkg.serve.api.question_jobs import find_answer
from nevkg.serve.http.error_responses import translate
from nevkg.serve.jobs import Reply, Task, bytes_reply
from nevkg.serve.pages import documents
from nevkg.serve.pages.address import OF_QUERIES, QUERY, QUESTION, Links, path_of, path_of_citation
from nevkg.serve.pages.render import PageNames, PageTask, View, count_pages, page
from nevkg.serve.problem import not_found
from nevkg.sparql.binding import ANY
from nevkg.store import Store
from nevkg.store.memo import memoise_each
from nevkg.table.frames import Record
from nevkg.table.listings import count_rows, heading
from nevkg.table.references import format_footnote
from nevkg.table.values import Single, Thing, Value, find_things, to_text
from nevkg.view import format_value

_ABBREVIATION = re.compile(r" \(([A-Z]{2,})\)$")
# Parameters with more options get a text field instead of a list.
_MOST_OPTIONS = 300


@dataclass(frozen=True)
class Option:
    """One option of a list: the value to send, its label with the language of the label, and whether it is selected."""

    value: str
    label: str
    language: str
    is_chosen: bool


@dataclass(frozen=True)
class Field:
    """The form field of one parameter.

    Attributes:
        label: label in the language of the page.
        kind: ``options``, or the type of an input: ``text``, ``date`` or ``number``.
        options: options of the list; empty for an input.
        values: values as typed, one input for each.
        example: an example of a valid value.
        default: the default in words; empty if any value is accepted.
        is_any: whether the user chose any value in place of the default.
    """

    name: str
    label: str
    kind: str
    options: Sequence[Option]
    values: Sequence[str]
    example: str
    default: str
    is_any: bool


def _field(store: Store, parameter: Parameter, asked: Sequence[str], bound: Sequence[str], language: str) -> Field:
    """Returns the form field of a parameter: ``asked`` are its values as typed, ``bound`` the same as SPARQL terms; none if invalid."""
    spaces = entities.namespaces(store)
    choices = arguments.options(store, parameter)
    labels = entities.literal_labels(store, choices, language) if len(choices) <= _MOST_OPTIONS else {}
    options = sorted(
        (
            Option(
                value := terms.shorten(iri, spaces),
                labels[iri].value if iri in labels else value,
                (labels[iri].language or "") if iri in labels else "",
                f"<{iri}>" in bound,
            )
            for iri in choices[: _MOST_OPTIONS + 1]
        ),
        key=lambda option: option.label.casefold(),
    )
    chooses = 0 < len(choices) <= _MOST_OPTIONS
    kind = "options" if chooses else {"xsd:date": "date", "xsd:integer": "number"}.get(parameter.type, "text")
    typed = [value for value in asked if value != EVERYTHING]
    return Field(
        name=parameter.name,
        label=parameter.label[language],
        kind=kind,
        options=options if chooses else [],
        values=[*typed, ""] if kind == "text" else typed or [""],
        example=options[0].value if options and not chooses else "",
        default=_default(store, parameter, language),
        is_any=EVERYTHING in asked,
    )


def _default(store: Store, parameter: Parameter, language: str) -> str:
    """Returns the default in words; empty if there is none."""
    if parameter.default == ANY:
        return ""
    return ", ".join(label_names(store, parameter.default_text.split(), language))


def label_names(store: Store, names: Sequence[str], language: str) -> list[str]:
    """Returns the labels of short names, and other texts unchanged."""
    spaces = entities.namespaces(store)
    iris = {name: terms.expand(name, spaces) if name.partition(":")[0] in spaces else None for name in names}
    labels = entities.labels(store, {iri for iri in iris.values() if iri}, language)
    return [labels.get(iris[name] or "", name) for name in names]


# Texts of up to this many characters are not wrapped.
_SHORT = 24


@dataclass(frozen=True)
class CellSources:
    """The address of the statement or episode behind a cell, and the numbers of its sources in the list below the table."""

    address: str | None
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class PageCell:
    """The values of a cell and their evidence; None if it has none."""

    values: tuple[LinkedText, ...]
    evidence: CellSources | None


class PageCells:
    """The cells of the rows on one page."""

    def __init__(self, answer: Answer, names: PageNames) -> None:
        self.answer, self.names = answer, names
        self._numbers = answer.evidence.numbers
        self._visible_columns = list(range(len(answer.columns)))
        names.learn(names_of(thing.iri for row in answer.records for value in row for thing in find_things(value)))

    def columns(self, records: Sequence[Record]) -> list[tuple[str, str]]:
        """Returns title and kind (``number``, ``short`` or empty) of each column that has values in any row, also of other pages."""
        every = range(len(self.answer.columns))
        self._visible_columns = [number for number in every if not records or any(row[number] is not None for row in records)]
        return [
            (
                self.answer.columns[number].label.get(self.answer.language) or self.answer.columns[number].name,
                _kind([row[number] for row in records if row[number] is not None]),
            )
            for number in self._visible_columns
        ]

    def rows(self) -> list[list[PageCell]]:
        """Returns the cells of the rows; call ``columns`` first to leave out empty columns."""
        return [[self._cell(row, number, index) for number in self._visible_columns] for index, row in enumerate(self.answer.records)]

    def sources(self) -> list[tuple[int, Source, str | None]]:
        """Returns number, source and page address of each source."""
        return [(self._numbers[source.iri], source, self.names.links.of(source.iri)) for source in self.answer.evidence.sources]

    def _cell(self, row: Record, number: int, index: int) -> PageCell:
        value = row[number]
        iris = self.answer.rests[index][number] if self.answer.rests else ()
        behind = tuple(self._numbers[source.iri] for source in self.answer.evidence.of(*iris)) if iris and value is not None else ()
        evidence = CellSources(self.names.links.of(iris[0]), behind) if behind else None
        parts = value if isinstance(value, tuple) else () if value is None else (value,)
        return PageCell(tuple(self._text(part) for part in parts), evidence)

    def _text(self, value: Single) -> LinkedText:
        if isinstance(value, Thing):
            # The title of a document would fill the cell.
            is_source = value.iri.startswith(terms.SOURCE)
            title = LinkedText(value.label, "", self.names.links.of(value.iri))
            return title if is_source else _shorten(value.iri, self.names.thing(value.iri))
        if isinstance(value, bool):
            return LinkedText(format_value(value, self.answer.language))
        return LinkedText(format_interval(to_text(value), self.answer.language))


def _shorten(iri: str, label: LinkedText) -> LinkedText:
    """Returns the abbreviation at the end of a label, if that is also the name; otherwise the label."""
    found = _ABBREVIATION.search(label.text)
    return replace(label, text=found[1]) if found and iri.upper().endswith(f"/{found[1]}") else label


def _kind(values: Sequence[Value]) -> str:
    """Returns the layout of a column: ``number`` aligns digits, ``short`` keeps short texts and dates on one line."""
    if values and all(isinstance(value, int | float | Decimal) and not isinstance(value, bool) for value in values):
        return "number"
    is_short = all(not isinstance(value, tuple) and not find_things(value) and len(to_text(value)) <= _SHORT for value in values)
    return "short" if is_short else ""


# Rows on one page.
PAGE = 100
_DOWNLOADS = ("csv", "xlsx", "json", "parquet", "zip", "html", "bibtex", "csl", "ris")


@dataclass(frozen=True)
class QuestionsPage(PageTask):
    """The list of all questions by topic."""

    def _render(self, store: Store, view: View) -> bytes:
        every, titles = load_catalogue(store.layout).find(), topics(store.layout)
        featured = sorted((question for question in every if "featured" in question.show), key=lambda question: question.show["featured"])

        def title(question: Question) -> str:
            return question.title[view.language].casefold()

        listed = [
            (topic, titles.get(topic, {}).get(view.language, topic), sorted(group, key=title))
            for topic, group in groupby(every, key=lambda question: question.topic)
        ]
        return page("questions", view, featured=featured, topics=listed, documents=documents.of_page(store, view))


@dataclass(frozen=True)
class QueryFile(Task):
    """The query of a question as in its file."""

    iri: str

    def run(self, store: Store) -> Reply:
        """Returns the text of the query."""
        found = _find_question(store, self.iri.removeprefix(QUESTION).partition("/")[0])
        return bytes_reply(f"{OF_QUERIES[QUERY]}; charset=utf-8", found.text.encode())


@dataclass(frozen=True)
class QuestionPage(PageTask):
    """A question with its form, and a page of the answer for the values of the form; ``Problem`` 404 if there is no such page.

    ``asked`` has the values as typed, and ``page`` counts from 1.
    """

    name: str
    asked: Mapping[str, Sequence[str]]
    page: int

    def _render(self, store: Store, view: View) -> bytes:
        question = _find_question(store, self.name)
        days = {AS_OF: [view.links.day]} if view.links.day and question.over == SNAPSHOT and AS_OF not in self.asked else {}
        asked = days | {name: filled for name, values in self.asked.items() if (filled := [value for value in values if value.strip()])}
        bound: dict[str, list[str]] = {}
        answer_values, wrong = None, ("", "")
        try:
            asked = arguments.rename_parameters(asked, question.other_names)
            bound = bind(store, question, asked, None, view.language)
            key = _AnswerPage(question.name, question.text, _freeze(asked), _freeze(bound), self.page, view.language, view.links)
            answer_values = _describe_answer_page(store, key)
        except WrongUsage as error:
            wrong = translate(str(error), view.language)
        known = {"known_by": [view.links.known_by]} if view.links.known_by else {}
        return page(
            "question",
            view,
            question=question,
            # The language is that of the page.
            fields=[
                _field(store, parameter, asked.get(parameter.name, []), bound.get(parameter.name, []), view.language)
                for parameter in question.parameters
                if parameter.name != LANGUAGE
            ],
            has_day=any(parameter.name == AS_OF for parameter in question.parameters),
            wrong=wrong,
            asked=asked,
            answer=answer_values,
            downloads={name: view.links.form(_download_path(question.name, known | asked, name, view.language)) for name in _DOWNLOADS},
            sparql=remove_head(question.bind(bound)),
            documents=documents.of_question(store, view, question.name, asked, answer_values["document"] if answer_values else Markup()),
            alternates={suffix: view.links.bare(path_of(QUESTION + question.name, suffix)) for suffix in ("ttl", "jsonld", QUERY)},
        )


class _AnswerPage(NamedTuple):
    """A page of an answer: the question and its text, the values of parameters, and the number, language and links of the page.

    The values are there as typed and as terms, since ``today`` means another day tomorrow.
    """

    question: str
    text: str
    asked: tuple[tuple[str, tuple[str, ...]], ...]
    bound: tuple[tuple[str, tuple[str, ...]], ...]
    number: int
    language: str
    links: Links


def _freeze(values: Mapping[str, Sequence[str]]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((name, tuple(several)) for name, several in values.items())


@memoise_each(8)  # a question and its name have pages with the same answer
def _describe_answer_page(store: Store, wanted: _AnswerPage) -> dict[str, Any]:
    """Returns the template values for one page of an answer, with the evidence of its cells."""
    question = _find_question(store, wanted.question)
    whole_answer = find_answer(store, question, dict(wanted.asked), None, wanted.language)
    pages = count_pages(len(whole_answer), PAGE, wanted.number, "of this answer")
    start = (wanted.number - 1) * PAGE
    part = whole_answer.page(start, PAGE)
    # The digest needs the evidence of all rows. The address of an answer on several pages leads to the one with the digest.
    address = part.citation if pages == 1 else str(part.address or "")
    cells = PageCells(part, PageNames(store, wanted.language, wanted.links))
    return {
        "columns": cells.columns(whole_answer.records),
        "rows": cells.rows(),
        "sources": cells.sources(),
        "count": len(whole_answer),
        "reason": whole_answer.reason.text if whole_answer.reason else "",
        "support": whole_answer.support.describe() if whole_answer.support else "",
        "left_out": _left_out_address(whole_answer, wanted),
        "first": start + 1,
        "last": start + len(part),
        "as_of": whole_answer.as_of,
        "title": " · ".join(filter(None, heading(whole_answer))),
        "filters": heading(whole_answer)[1],
        "summary": count_rows(whole_answer),
        "cite": format_footnote(part, address).strip(),
        "citation": path_of_citation(address, wanted.links) if address else "",
        "document": documents.describe_answer(store, part, dict(wanted.asked)) if pages == 1 else Markup(),
        "number": wanted.number,
        "pages": pages,
    }


def _left_out_address(answer: Answer, wanted: _AnswerPage) -> str:
    """Returns the address of the same answer with the rows that are not well supported; empty if it has all rows."""
    if not answer.support or not answer.support.left_out:
        return ""
    return wanted.links.to(f"/questions/{wanted.question}", {**dict(wanted.asked), STANDING: (EVERYTHING,)})


def _find_question(store: Store, name: str) -> Question:
    with not_found():
        return load_catalogue(store.layout)[name]


def _download_path(name: str, asked: Mapping[str, Sequence[str]], format_name: str, language: str) -> str:
    return f"/api/questions/{name}/answer?{urlencode({**asked, 'format': format_name, 'lang': language}, doseq=True)}"
