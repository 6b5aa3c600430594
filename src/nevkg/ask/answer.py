"""Answers: a question asked of a store, as a table whose cells know what they rest on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from pyoxigraph import Literal, NamedNode, QuerySolution

from nevkg.ask import arguments, days
from nevkg.ask.catalogue import AS_OF, HISTORY, SNAPSHOT, Question
from nevkg.ask.reach import find_reach, place_words
from nevkg.ask.support import STANDING, Support, count, find_things, newest_source
from nevkg.data import terms
from nevkg.errors import InvalidData, WrongUsage
from nevkg.lookup import entities, unreliable_hosts
from nevkg.lookup.trace import Rests, Trace, find_evidence, find_facts
from nevkg.store import EVER, Store
from nevkg.table import values
from nevkg.table.columns import Column
from nevkg.table.frames import Record
from nevkg.table.table import Table

if TYPE_CHECKING:
    from nevkg.ask.emptiness import Reason

# A question that knows this parameter takes it from the option of the same meaning.
LANGUAGE = "lang"
# Rows that differ only in columns of lists are one row, with what each of these columns has and the solutions behind it.
Cell = terms.Term | tuple[NamedNode | Literal, ...] | None
Folded = tuple[list[Cell], list[QuerySolution]]


class Answer(Table):
    """What a question gives."""

    def __init__(
        self,
        store: Store,
        question: Question,
        parameters: Mapping[str, str],
        as_of: str,
        records: Sequence[Record],
        rests: Callable[[], Sequence[Rests]],
        language: str,
        sparql: str,
        bound: Mapping[str, Sequence[str]],
        trace: Callable[[int], tuple[Store, Trace]],
    ) -> None:
        """The answer to ``question``.

        Args:
            store: what was asked.
            question: the question.
            parameters: what it was asked with, defaults among them, in short names.
            as_of: the day (ISO) that the answer is for.
            records: the rows.
            rests: finds what their cells rest on.
            language: of labels.
            sparql: the query that was asked.
            bound: the terms of its parameters.
            trace: what a row rests on, and what has its facts.
        """
        super().__init__(store, question.columns, records, rests, title=question.title.get(language, ""), language=language)
        self.question, self.parameters, self._as_of, self.sparql = question, parameters, as_of, sparql
        self._bound, self._trace = bound, trace

    def page(self, offset: int, limit: int) -> Self:
        """The same answer with at most ``limit`` rows, after the first ``offset``; the kinds of its columns stay those of the whole."""
        page = copy(self)
        for found in ("evidence", "rests"):
            page.__dict__.pop(found, None)
        page._records, page._find_rests = self.records[offset : offset + limit], lambda: self.rests[offset : offset + limit]
        page._trace = lambda number: self._trace(offset + number)
        page.kinds, page.reason, page.support = self.kinds, self.reason, self.support
        return page

    def trace(self, number: int) -> tuple[Record, Store, Trace]:
        """See ``Table.trace``."""
        return self.row(number), *self._trace(number)

    @property
    def as_of(self) -> str:
        """The day (ISO) that the answer is for."""
        return self._as_of

    @cached_property
    def reason(self) -> Reason | None:
        """Why there are no rows; None if there are some."""
        from nevkg.ask.emptiness import explain_answer

        return None if self.records else explain_answer(self.store, self.question, self._bound, self.language)

    @cached_property
    def support(self) -> Support | None:
        """How well its rows are supported; None if the question does not tell."""
        if STANDING not in {column.name for column in self.columns}:
            return None
        shown = count(self.columns, self.records)
        whole = shown
        if any(parameter.name == STANDING for parameter in self.question.parameters):
            solutions = solve(self.store, self.question, {**self._bound, STANDING: []})
            whole = count(self.columns, _records(self.store, [cells for cells, _ in fold(self.question, solutions)], self.language))
        reach = find_reach(days.snapshot(self.store, self.as_of), find_things(self.records), self.language)
        place = place_words(self.store)[self.language]
        return Support(shown, whole - shown, newest_source(self.store, self.as_of), reach, place, self.language)

    @property
    def brief(self) -> Sequence[str]:
        """See ``Table.brief``."""
        names: Sequence[str] = self.question.show.get("brief", ())
        return names

    @property
    def filters(self) -> list[list[str]]:
        """The values of its parameters, in words: for each parameter those of which one must hold."""
        spaces = entities.namespaces(self.store)
        wanted = [text.split(" ") for name, text in self.parameters.items() if name not in (AS_OF, HISTORY, LANGUAGE)]
        iris = {name: terms.expand(name, spaces) if ":" in name else None for several in wanted for name in several}
        labels = entities.labels(self.store, {iri for iri in iris.values() if iri}, self.language)
        return [[labels.get(iris[name] or "", name) for name in several] for several in wanted]

    @property
    def asked(self) -> str:
        """The question and its parameters."""
        pairs = "".join(f" {name}={value}" for name, value in self.parameters.items())
        return f"question {self.question.name}{pairs}"

    @property
    def facts(self) -> Mapping[str, Any]:
        """The question as it was asked."""
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
    """Asks a question.

    Args:
        store: what is asked.
        question: what to ask.
        given: the values of parameters, as a user types them.
        as_of: the day that the answer is for (ISO or ``today``); the date of the dataset if None.
        language: the language of labels.

    Raises:
        WrongUsage: if a parameter or value is not understood, or the question knows no dates.
        InvalidData: if the question is not a SPARQL SELECT query.
    """
    bound = bind(store, question, given or {}, as_of, language)
    asked = asked_of(store, question, bound)
    text = question.bind(free(question, bound))
    folded = fold(question, solve(store, question, bound))
    names = [column.name for column in question.columns]
    hidden = [column.evidence for column in question.columns]

    def rests() -> Sequence[Rests]:
        if question.over == SNAPSHOT:
            return find_evidence(asked, text, names, [solutions for _, solutions in folded])
        return [tuple(_evidence(solutions, name) for name in hidden) for _, solutions in folded] if any(hidden) else []

    def trace(number: int) -> tuple[Store, Trace]:
        if question.over == SNAPSHOT:
            return asked, find_facts(asked, text, names, [folded[number][1]])
        return store, Trace([tuple(_evidence(folded[number][1], name) for name in hidden)])

    records = _records(store, [cells for cells, _ in folded], language)
    shown, day = arguments.shown(question, bound, store), day_of(store, bound)
    return Answer(store, question, shown, day, records, rests, language, text, bound, trace)


def day_of(store: Store, bound: Mapping[str, Sequence[str]]) -> str:
    """The day (ISO) that an answer is for."""
    return terms.literal_text(bound[AS_OF][0]) if bound.get(AS_OF) else entities.dataset_date(store)


def asked_of(store: Store, question: Question, bound: Mapping[str, Sequence[str]]) -> Store:
    """What a question is asked of: the snapshot of its day or of all days, or the record."""
    if question.over != SNAPSHOT:
        return store
    return days.snapshot(store, EVER if has_history(bound) else day_of(store, bound))


def has_history(bound: Mapping[str, Sequence[str]]) -> bool:
    """Whether the whole history is asked for, instead of one day."""
    return any(terms.literal_text(term) == "true" for term in bound.get(HISTORY, ()))


def free(question: Question, bound: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
    """The parameters that are in the query: what chooses a snapshot is not."""
    return {name: values for name, values in bound.items() if name not in (AS_OF, HISTORY)} if question.over == SNAPSHOT else bound


def bind(store: Store, question: Question, given: Mapping[str, Sequence[str]], as_of: str | None, language: str) -> dict[str, list[str]]:
    """The terms of all parameters, those of day and language among them."""
    bound = arguments.read(store, question, given)
    names = {parameter.name for parameter in question.parameters}
    if question.over == SNAPSHOT and len(bound.get(AS_OF, ())) > 1:
        raise WrongUsage(f"Give the day once, as --as-of or as {AS_OF}=.")
    if as_of is not None:
        if AS_OF not in names:
            raise WrongUsage(f"The question '{question.name}' is not about a day; leave --as-of out.")
        if AS_OF in bound:
            raise WrongUsage(f"Give the day once, as --as-of or as {AS_OF}=.")
        bound[AS_OF] = [arguments.term(store, question.parameter(AS_OF), as_of)]
    if LANGUAGE in names and LANGUAGE not in bound:
        bound[LANGUAGE] = [str(Literal(language))]
    return bound


def solve(store: Store, question: Question, bound: Mapping[str, Sequence[str]]) -> list[QuerySolution]:
    """The solutions of a question with its parameters bound.

    Raises:
        InvalidData: if it is not a SPARQL SELECT query.
    """
    try:
        return list(entities.select(asked_of(store, question, bound), question.bind(free(question, bound))))
    except (SyntaxError, TypeError) as error:
        raise InvalidData(f"The question '{question.name}' is not a SPARQL SELECT query: {error}.") from None


def fold(question: Question, solutions: Iterable[QuerySolution]) -> list[Folded]:
    """Solutions as rows; those that differ only in columns of lists are one row."""
    if not any(column.list for column in question.columns):
        return [([solution[column.name] for column in question.columns], [solution]) for solution in solutions]
    rows: dict[tuple[str, ...], list[QuerySolution]] = {}
    alone = [column.name for column in question.columns if not column.list]
    for solution in solutions:
        rows.setdefault(tuple(str(solution[name]) for name in alone), []).append(solution)
    return [([_cell(column, of_row) for column in question.columns], of_row) for of_row in rows.values()]


def _cell(column: Column, solutions: Sequence[QuerySolution]) -> Cell:
    if not column.list:
        only: terms.Term | None = solutions[0][column.name]
        return only
    found = {str(term): term for solution in solutions if isinstance(term := solution[column.name], NamedNode | Literal)}
    return tuple(found[text] for text in sorted(found))


def _cells(columns: Sequence[Column], solution: QuerySolution) -> list[Cell]:
    return [_parts(solution[column.name]) if column.list else solution[column.name] for column in columns]


def read(store: Store, columns: Sequence[Column], solutions: Sequence[QuerySolution], language: str) -> list[Record]:
    """Solutions as rows of native values; a column of lists gives tuples."""
    return _records(store, [_cells(columns, solution) for solution in solutions], language)


def _records(store: Store, rows: Sequence[Sequence[Cell]], language: str) -> list[Record]:
    cells = [cell for row in rows for cell in row]
    nodes = {term.value for cell in cells for term in (cell if isinstance(cell, tuple) else (cell,)) if isinstance(term, NamedNode)}
    labels = labelled(store, nodes, language)
    return [tuple(_value(cell, labels) for cell in row) for row in rows]


def labelled(store: Store, iris: Iterable[str], language: str) -> dict[str, str]:
    """What to show for each thing: its label, else its name without the prefix."""
    wanted = set(iris)
    labels = entities.labels(store, wanted, language)
    spaces = entities.namespaces(store)
    return {iri: _slug(iri, spaces) for iri in wanted} | unreliable_hosts.texts(store, wanted) | labels


def _value(cell: Cell, labels: dict[str, str]) -> values.Value:
    if not isinstance(cell, tuple):
        return values.value(cell, labels)
    parts: Iterable[values.Thing | str] = (
        values.Thing(one.value, labels[one.value]) if isinstance(one, NamedNode) else one.value for one in cell
    )
    return tuple(parts) or None


def _parts(term: terms.Term | None) -> tuple[NamedNode | Literal, ...]:
    """The values that a column of lists joins by spaces."""
    texts = sorted(set(terms.text(term).split())) if term is not None else []
    return tuple(NamedNode(text) if text.startswith(("http://", "https://")) else Literal(text) for text in texts)


def _evidence(solutions: Sequence[QuerySolution], name: str | None) -> tuple[str, ...]:
    return tuple(sorted({terms.text(term) for solution in solutions if name and (term := solution[name]) is not None}))


def _slug(iri: str, spaces: dict[str, str]) -> str:
    """What to show for a thing without a label: its name without the prefix."""
    short = terms.shorten(iri, spaces)
    return short if short == iri else short.partition(":")[2]
