"""Runs a question: binds its parameters, chooses the store of its day, and turns the solutions into rows of native values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from pyoxigraph import Literal, NamedNode, QuerySolution

from nevkg.ask import arguments, days
from nevkg.ask.catalogue import AS_OF, HISTORY, SNAPSHOT, Question
from nevkg.data import terms
from nevkg.errors import InvalidData, WrongUsage
from nevkg.lookup import entities, sources
from nevkg.store import EVER, EmbeddedStore, Store
from nevkg.store.memo import shared
from nevkg.table import values
from nevkg.table.frames import Record
from nevkg.table.values import Column

# A question with this parameter takes its value from the language of the answer unless one is given.
LANGUAGE = "lang"
# Solutions that differ only in list columns and evidence form one row: its cells, and the solutions behind it.
Cell = terms.Term | tuple[NamedNode | Literal, ...] | None
Folded = tuple[list[Cell], list[QuerySolution]]


def find_day(store: Store, bound: Mapping[str, Sequence[str]]) -> str:
    """Returns the day (ISO) that an answer is for: the bound one, or the date of the dataset."""
    return terms.literal_text(bound[AS_OF][0]) if bound.get(AS_OF) else entities.dataset_date(store)


def choose_store(store: Store, question: Question, bound: Mapping[str, Sequence[str]]) -> Store:
    """Returns the store that answers a question: the snapshot of its day, the snapshot of all days, or the record."""
    if question.over != SNAPSHOT:
        return store
    return days.snapshot(store, EVER if has_history(bound) else find_day(store, bound))


def has_history(bound: Mapping[str, Sequence[str]]) -> bool:
    """Returns whether the parameters request the whole history instead of one day."""
    return any(terms.literal_text(term) == "true" for term in bound.get(HISTORY, ()))


def drop_snapshot_parameters(question: Question, bound: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
    """Returns the parameters that occur in the query: those that choose the snapshot do not."""
    return {name: values for name, values in bound.items() if name not in (AS_OF, HISTORY)} if question.over == SNAPSHOT else bound


def bind(store: Store, question: Question, given: Mapping[str, Sequence[str]], as_of: str | None, language: str) -> dict[str, list[str]]:
    """Returns the terms (N-Triples syntax) of all parameters that have a value, including day and language.

    Raises:
        WrongUsage: if a parameter or value is invalid, the day is given twice, or the question has no day.
    """
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
    """Returns the solutions of a question with its parameters bound."""
    try:
        return select_in_order(choose_store(store, question, bound), question.bind(drop_snapshot_parameters(question, bound)))
    except (SyntaxError, TypeError) as error:
        raise InvalidData(f"The question '{question.name}' is not a SPARQL SELECT query: {error}.") from None


def fold(question: Question, solutions: Iterable[QuerySolution]) -> list[Folded]:
    """Groups solutions into rows; solutions that differ only in list columns and evidence form one row."""
    rows: dict[tuple[str, ...], list[QuerySolution]] = {}
    single = [column.name for column in question.columns if not column.list]
    for solution in solutions:
        rows.setdefault(tuple(str(solution[name]) for name in single), []).append(solution)
    return [([_cell(column, group) for column in question.columns], group) for group in rows.values()]


def _cell(column: Column, solutions: Sequence[QuerySolution]) -> Cell:
    if not column.list:
        only: terms.Term | None = solutions[0][column.name]
        return only
    found = {term for solution in solutions if isinstance(term := solution[column.name], NamedNode | Literal)}
    return tuple(sorted(found, key=str))


def read(store: Store, columns: Sequence[Column], solutions: Sequence[QuerySolution], language: str) -> list[Record]:
    """Converts solutions to rows of native values; the cells of list columns are tuples."""
    rows = [[_parts(solution[column.name]) if column.list else solution[column.name] for column in columns] for solution in solutions]
    return read_cells(store, rows, language)


def read_cells(store: Store, rows: Sequence[Sequence[Cell]], language: str) -> list[Record]:
    """Converts the cells of rows to native values, with labels."""
    cells = [cell for row in rows for cell in row]
    nodes = {term.value for cell in cells for term in (cell if isinstance(cell, tuple) else (cell,)) if isinstance(term, NamedNode)}
    labels = find_display_labels(store, nodes, language)
    return [tuple(_value(cell, labels) for cell in row) for row in rows]


def find_display_labels(store: Store, iris: Iterable[str], language: str) -> dict[str, str]:
    """Returns the text to show for each entity: its label, or its name without the prefix if it has none."""
    wanted = set(iris)
    labels = entities.labels(store, wanted, language)
    spaces = entities.namespaces(store)
    unreliable = sources.find_addresses(store)
    return {iri: labels.get(iri) or unreliable.get(iri) or _slug(iri, spaces) for iri in wanted}


def _value(cell: Cell, labels: dict[str, str]) -> values.Value:
    if not isinstance(cell, tuple):
        return values.to_value(cell, labels)
    parts: Iterable[values.Thing | str] = (
        values.Thing(term.value, labels[term.value]) if isinstance(term, NamedNode) else term.value for term in cell
    )
    return tuple(parts) or None


def _parts(term: terms.Term | None) -> tuple[NamedNode | Literal, ...]:
    """Splits the cell of a list column, which joins its values by spaces."""
    texts = sorted(set(terms.text(term).split())) if term is not None else []
    return tuple(NamedNode(text) if text.startswith(("http://", "https://")) else Literal(text) for text in texts)


def _slug(iri: str, spaces: dict[str, str]) -> str:
    """Returns the text to show for an entity without a label: its name without the prefix."""
    short = terms.shorten(iri, spaces)
    return short if short == iri else short.partition(":")[2]


# ORDER BY in a line of its own at the end, with variables only.
_CLAUSE = re.compile(r"\nORDER BY(?P<keys>(?: (?:\?\w+|DESC\(\?\w+\)))+)\s*$")
_KEY = re.compile(r"(?P<descending>DESC\()?\?(?P<name>\w+)")
_NUMBERS = {terms.XSD + "integer", terms.XSD + "decimal"}
_TEXTS = {terms.XSD + "string", terms.XSD + "boolean"}
_DATE = terms.XSD + "date"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")

# In the order of SPARQL: unbound, IRI, literal. Literals of one kind compare by the last member.
Rank = tuple[int, str, str | Decimal]
_UNBOUND: Rank = (0, "", "")


@shared
def select_in_order(store: Store, text: str) -> list[QuerySolution]:
    """Returns the solutions of a SELECT query in its order; raises ``TypeError`` if it is another query.

    They are sorted here as the engine would: it reads both terms from the store at each comparison, so that sorting takes most of the
    time of a large answer.
    """
    clause = _CLAUSE.search(text)
    if clause and isinstance(store, EmbeddedStore):
        found = entities.select(store, text[: clause.start()])
        keys = list(_KEY.finditer(clause["keys"]))
        if {key["name"] for key in keys} <= {variable.value for variable in found.variables}:
            ordered = _sort(list(found), keys)
            if ordered is not None:
                return ordered
    return list(entities.select(store, text))


def _sort(solutions: list[QuerySolution], keys: Sequence[re.Match[str]]) -> list[QuerySolution] | None:
    """Returns solutions in order; None if only the engine can compare the values of a key."""
    order = list(range(len(solutions)))
    for key in reversed(keys):  # sorting is stable, so the first key is the last to sort by
        ranks = [_rank(solution[key["name"]]) for solution in solutions]
        known = [rank for rank in ranks if rank is not None]
        if len(known) < len(ranks) or len({kind for place, kind, _ in known if place == 2}) > 1:
            return None
        order.sort(key=known.__getitem__, reverse=bool(key["descending"]))
    return [solutions[position] for position in order]


def _rank(term: terms.Term | None) -> Rank | None:
    """Returns what a term is sorted by; None if it is of another kind than most."""
    if term is None:
        return _UNBOUND
    if isinstance(term, NamedNode):
        return (1, "", term.value)
    if not isinstance(term, Literal):
        return None
    kind = term.datatype.value
    if kind in _NUMBERS:
        return (2, "number", Decimal(term.value))
    if term.language or kind in _TEXTS or (kind == _DATE and _DAY.fullmatch(term.value)):
        return (2, f"{kind}@{term.language}", term.value)
    return None
