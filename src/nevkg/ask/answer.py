"""Answers to catalogue questions: runs the query and returns a table whose cells can be traced to their evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from pyoxigraph import QuerySolution

from nevkg.ask import arguments, days
from nevkg.ask.catalogue import AS_OF, HISTORY, Question
from nevkg.ask.citation import Address, make_address
from nevkg.ask.evaluation import LANGUAGE, bind, choose_store, drop_snapshot_parameters, find_day, fold, read_cells, solve
from nevkg.ask.support import STANDING, Support, count_standings, find_examples, find_reach, newest_source, place_words
from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.lookup.trace import Trace, trace_rows
from nevkg.store import Store
from nevkg.store.memo import shared
from nevkg.table.frames import Record
from nevkg.table.table import Table
from nevkg.table.values import Thing, find_things
from nevkg.view import format_value
from nevkg.words import words_of

if TYPE_CHECKING:
    from nevkg.ask.emptiness import Reason

_WORDS = words_of("punctuation")


class Answer(Table):
    """A table that holds the answer to a catalogue question, with its parameters, day, evidence and support."""

    def __init__(
        self,
        store: Store,
        question: Question,
        parameters: Mapping[str, str],
        as_of: str,
        records: Sequence[Record],
        language: str,
        sparql: str,
        bound: Mapping[str, Sequence[str]],
        source: Store,
        trace: Callable[[slice], Trace],
    ) -> None:
        """Creates the answer to ``question``.

        Args:
            store: the record.
            question: the question.
            parameters: the parameters, defaults included, with values in short names.
            as_of: the day (ISO) that the answer is for.
            records: the rows.
            language: the language of labels.
            sparql: the query with its parameters bound.
            bound: parameter to terms in N-Triples syntax.
            source: the store that holds the facts of its rows.
            trace: returns the evidence of some of its rows; called when it is needed.
        """
        title = question.title.get(language, "")
        super().__init__(store, question.columns, records, lambda: trace(slice(None)), title=title, language=language)
        self.question, self.parameters, self.as_of, self.sparql = question, parameters, as_of, sparql
        self.unsourced, self.brief = question.unsourced.get(language, ""), question.show.get("brief", ())
        self._bound, self._source, self._trace = bound, source, trace
        # A page of this answer keeps it, and so is cited as the whole.
        self._cite = cache(self._make_citation)

    def page(self, offset: int, limit: int) -> Self:
        """Returns the same answer with at most ``limit`` rows, after the first ``offset``.

        The kinds of its columns, its reason, its support and its total remain those of the whole answer.
        """
        if not offset and limit >= len(self.records):
            return self
        page = self._copy_without("evidence", "whole_trace")
        rows = slice(offset, offset + limit)

        def trace_page() -> Trace:
            # Once the whole is traced, as for its citation, no part of it is traced again.
            return self.whole_trace.of_rows(rows) if "whole_trace" in self.__dict__ else self._trace(rows)

        page._records, page._trace_all = self.records[rows], trace_page
        page._trace = lambda part: self._trace(slice(*(offset + bound for bound in part.indices(len(page.records))[:2])))
        page.kinds, page.reason, page.support, page.total = self.kinds, self.reason, self.support, self.total
        return page

    def to_map(self, path: str | Path, *, every: bool = False) -> None:
        """Draws the answer as a map, if its question has a column of places.

        Args:
            path: the file to write: ``.svg``, ``.png`` or ``.html``.
            every: whether to draw rows of all statuses, not only those that the explorer shows at first.

        Raises:
            WrongUsage: if the question has no column of places, or there is no such format.
            CouldNotRun: if the file cannot be written, or something that is needed is not installed or not built.
        """
        from nevkg.map.picture import draw_map

        self._save(draw_map(self, Path(path).suffix.removeprefix(".").lower(), every=every), path)

    def trace(self, number: int) -> tuple[Record, Store, Trace]:
        """See ``Table.trace``."""
        return self.row(number), self._source, self._trace(slice(number, number + 1))

    @cached_property
    def reason(self) -> Reason | None:
        """Why the answer has no rows; None if it has any."""
        from nevkg.ask.emptiness import explain_answer

        if self.records:
            return None
        less_certain = self.support.left_out_text if self.support else ""
        return explain_answer(self.store, self.question, self._bound, self.language, less_certain)

    @cached_property
    def support(self) -> Support | None:
        """How well its rows are supported; None if the question has no ``standing`` column."""
        if STANDING not in {column.name for column in self.columns}:
            return None
        shown = count_standings(self.columns, self.records)
        whole, examples = shown, list[list[Thing]]()
        if any(parameter.name == STANDING for parameter in self.question.parameters):
            solutions = solve(self.store, self.question, {**self._bound, STANDING: []})
            records = read_cells(self.store, [cells for cells, _ in fold(self.question, solutions)], self.language)
            whole = count_standings(self.columns, records)
            examples = find_examples(self.columns, records, whole - shown)
        things = (thing for record in self.records for cell in record for thing in find_things(cell))
        reach = find_reach(days.snapshot(self.store, self.as_of), things, self.language)
        place = place_words(self.store)[self.language]
        return Support(
            shown, whole - shown, newest_source(self.store, self.as_of), reach, place, self.language, examples, STANDING not in self._bound
        )

    @property
    def filters(self) -> list[list[str]]:
        """The values of its parameters as labels: one list for each parameter, of which one value must match.

        The day, the history and the language are left out. A value that might be of another parameter, or that is only yes or
        no, has the name of its parameter in front.
        """
        spaces = entities.namespaces(self.store)
        wanted = {name: text.split(" ") for name, text in self.parameters.items() if name not in (AS_OF, HISTORY, LANGUAGE)}
        iris = {name: terms.expand(name, spaces) if ":" in name else None for several in wanted.values() for name in several}
        labels = entities.labels(self.store, {iri for iri in iris.values() if iri}, self.language)
        types = Counter(parameter.type for parameter in self.question.parameters)
        unclear = {parameter.name for parameter in self.question.parameters if types[parameter.type] > 1}
        names = {parameter.name: parameter.label[self.language] + _WORDS[self.language]["colon"] for parameter in self.question.parameters}
        answers = [format_value(answer, self.language) for answer in (True, False)]
        found = [[labels.get(iris[name] or "", name) for name in several] for several in wanted.values()]
        return [
            [names[name] + first if name in unclear or first in answers else first, *others]
            for name, (first, *others) in zip(wanted, found, strict=True)
        ]

    @cached_property
    def address(self) -> Address | None:
        """The permanent address of the whole answer without its digest, which needs the evidence of all rows; None if it has none."""
        return make_address(self.store, self.question, self._bound, self.as_of)

    @property
    def citation(self) -> str:
        """The permanent address of the whole answer; empty if the state of the data is unknown, as on a server.

        ``nevkg cite``, a server and :meth:`KnowledgeGraph.resolve_citation` give the same document for it, also when the
        data has changed, if they have a release of this edition.
        """
        return self._cite()[0]

    @property
    def document(self) -> bytes:
        """The document that the citation stands for, as JSON; its SHA-256 is in the address. Empty if there is no address."""
        return self._cite()[1]

    def _make_citation(self) -> tuple[str, bytes]:
        from nevkg.ask.citation import digest_document, write_document

        if self.address is None:
            return "", b""
        document = write_document(self, self.address)
        return str(self.address.with_digest(digest_document(document))), document

    @property
    def asked(self) -> str:
        """The question and its parameters."""
        pairs = "".join(f" {name}={value}" for name, value in self.parameters.items())
        return f"question {self.question.name}{pairs}"

    @property
    def metadata(self) -> Mapping[str, Any]:
        """Name, title, parameters and filters of the question, as JSON values."""
        return {
            "question": self.question.name,
            "title": self.question.title.get(self.language),
            "parameters": self.parameters,
            "filters": self.filters,
        }


def ask(
    store: Store,
    question: Question,
    given: Mapping[str, Sequence[str]] | None = None,
    *,
    as_of: str | None = None,
    language: str = terms.LANGUAGES[0],
) -> Answer:
    """Answers a question.

    Args:
        given: the values of parameters, as a user types them.
        as_of: the day that the answer is for (ISO or ``today``); the date of the dataset if None.

    Raises:
        WrongUsage: if a parameter or value is invalid, or ``as_of`` is given and the question has no day.
    """
    bound = bind(store, question, given or {}, as_of, language)
    source = choose_store(store, question, bound)
    text = question.bind(drop_snapshot_parameters(question, bound))
    folded = fold(question, solve(store, question, bound))
    names = [column.name for column in question.columns]
    hidden = [column.evidence for column in question.columns]

    def trace(part: slice) -> Trace:
        rows = [solutions for _, solutions in folded[part]]
        if any(hidden):
            return Trace([tuple(_evidence(solutions, name) for name in hidden) for solutions in rows])
        return _trace(source, _Part(text, tuple(names), part.indices(len(folded)), rows))

    records = read_cells(store, [cells for cells, _ in folded], language)
    parameters, day = arguments.format_parameters(question, bound, store), find_day(store, bound)
    return Answer(store, question, parameters, day, records, language, text, bound, source, trace)


@dataclass(frozen=True)
class _Part:
    """Some rows of the answer to a query with these columns, by their numbers, and the solutions behind them."""

    text: str
    names: tuple[str, ...]
    numbers: tuple[int, int, int]
    rows: Sequence[Sequence[QuerySolution]] = field(compare=False)


@shared
def _trace(source: Store, part: _Part) -> Trace:
    return trace_rows(source, part.text, part.names, part.rows)


def _evidence(solutions: Sequence[QuerySolution], name: str | None) -> tuple[str, ...]:
    return tuple(sorted({terms.text(term) for solution in solutions if name and (term := solution[name]) is not None}))
