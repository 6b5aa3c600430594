"""Rows that a text seems to state: their cells, dates as cells, and known entities that they speak of without naming them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from nevkg.contribute.registry import Registry
from nevkg.contribute.table_format import TableFormat
from nevkg.propose.stated import Stated
from nevkg.reading.dates import Date, Days

_NEWS = timedelta(14)  # how long ago what a page reports may have happened


@dataclass
class Proposal:
    """A row that a text seems to state.

    Attributes:
        cells: column to value, without the source and the quote.
        start: where the words that carry it begin in the text.
        end: where they end, exclusive.
        confidence: from 0 to 1, to sort by; not a probability.
        reason: the words that the row rests on.
        composed: columns whose values are composed of others.
        is_description: whether it says what an entity is.
    """

    table: str
    cells: dict[str, str]
    start: int
    end: int
    confidence: float
    reason: str
    composed: frozenset[str]
    is_description: bool = False

    @property
    def content(self) -> frozenset[tuple[str, str]]:
        """The cells that are not composed of others."""
        return frozenset(item for item in self.cells.items() if item[0] not in self.composed)

    def key(self, tables: Mapping[str, TableFormat]) -> tuple[str, ...]:
        """Returns what distinguishes the row from others: its table, and the cells of the columns that are its key."""
        return self.table, *(self.cells.get(column, "") for column in tables[self.table].key)


def rename(proposals: Iterable[Proposal], names: Mapping[str, str]) -> None:
    """Replaces values in the cells of proposals."""
    for proposal in proposals:
        proposal.cells = {column: names.get(value, value) for column, value in proposal.cells.items()}


def find_known(
    proposals: Iterable[Proposal], tables: Mapping[str, TableFormat], stated: Iterable[Stated], registry: Registry
) -> dict[str, str]:
    """Returns known entities for composed names: a text speaks of *the import duty of Brazil*, not of the title of its decree.

    An entity is meant if the data states of it the required cells of the rows that describe it, and more of the others than of
    any other entity.

    Returns:
        composed name to local name.
    """
    required: dict[tuple[str, str], set[str]] = defaultdict(set)
    said: dict[tuple[str, str], set[str]] = defaultdict(set)
    for proposal in proposals:
        table = tables[proposal.table]
        if proposal.is_description and table.key[0] in proposal.composed:
            key = proposal.cells[table.key[0]], next(rule.kind for rule in table.rules if rule.column == table.key[0] and rule.kind)
            for column, value in proposal.cells.items():
                if column in table.columns and column not in proposal.composed:
                    (required if table.columns[column].required else said)[key].update(value.split("|"))
    about: dict[str, set[str]] = defaultdict(set)
    for statement in stated if required else ():
        about[registry.current(statement.subject)].add(statement.value.rpartition("/")[2])
    found = {}
    for (name, kind), needed in required.items():
        same = [iri for iri, values in about.items() if needed <= values and registry.is_a(iri, kind)]
        scores = sorted(((len(said[name, kind] & about[iri]), iri) for iri in same), reverse=True)
        if scores and scores[0][0] > (scores[1][0] if len(scores) > 1 else -1):
            found[name] = scores[0][1].rpartition("/")[2]
    return found


def choose_days(found: Date, today: date, *, is_planned: bool, is_apart: bool = False) -> Days:
    """Returns what a date means most likely: of the past what has happened, of the future what is planned.

    Args:
        is_apart: whether it is in another clause than what it dates. Then a day a short time ago is the one of the news: "On Monday,
            the company said that it will build".
    """
    past = [days for days in found.readings if days[0] <= today]
    future = [days for days in found.readings if days[1] >= today]
    if is_apart and past and past[0][0] == past[0][1] and today - past[0][0] <= _NEWS:
        return past[0]
    if is_planned and future:
        return min(future)
    return past[0] if past else found.readings[0]


def format_days(days: Days) -> str:
    """Returns days as a cell of a table: ``2025``, ``2025-H1``, ``2025-Q3``, ``2025-07`` or a day."""
    first, last = days
    months = last.month - first.month + 1
    is_whole = first.day == 1 and first.year == last.year and date.fromordinal(last.toordinal() + 1).day == 1
    if is_whole and months == 12:
        return f"{first.year}"
    if is_whole and months in (3, 6) and (first.month - 1) % months == 0:
        return f"{first.year}-{'Q' if months == 3 else 'H'}{1 + first.month // months}"
    if is_whole and months == 1:
        return f"{first.year}-{first.month:02}"
    return last.isoformat()


def format_period(days: Days) -> tuple[str, str]:
    """Returns the cells for the beginning and the end of a period; both are the same if one cell says all of it."""
    first, last = days
    cell = format_days(days)
    if first == last or cell != last.isoformat():
        return cell, cell
    if first.day == 1 and date.fromordinal(last.toordinal() + 1).day == 1:
        return f"{first.year}-{first.month:02}", f"{last.year}-{last.month:02}"
    return first.isoformat(), last.isoformat()
