"""What accompanies a table: its heading, and listings of its evidence, addends and sources."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from nevkg.lookup.descriptions import describe
from nevkg.table.frames import Kind, Record, find_kind
from nevkg.table.values import Column
from nevkg.words import labels_of, words_of

if TYPE_CHECKING:
    from nevkg.table.table import Table

_WORDS = words_of("table.listings")
LICENCE = labels_of("table.listings")["licence"]


def heading(table: Table) -> tuple[str, str]:
    """Returns the title of a table, and its filters in words; the filters are empty if there are none."""
    return table.title, " · ".join(_WORDS[table.language]["or"].join(several) for several in table.filters)


def count_rows(table: Table) -> str:
    """Returns how many rows there are, of which day, and how well they are supported."""
    count = len(table.records)
    name = "part" if count < table.total else "row" if count == 1 else "rows"
    counted = _WORDS[table.language][name].format(count=f"{count:,}", total=f"{table.total:,}", day=table.as_of)
    return f"{counted} {table.support.text}" if table.support else counted


SOURCES, EVIDENCE, ADDENDS = "sources", "evidence", "addends"
_SUPPORT = ("evidence", "statement", "subject", "property", "value", "date", "source", "source_number")
# Returns the supporting statements of facts, in words.
_Support = Callable[[Iterable[str]], Iterator[Record]]


@dataclass(frozen=True)
class Listing:
    """A table of plain values."""

    columns: Sequence[Column]
    records: Sequence[Record]

    @property
    def kinds(self) -> Sequence[Kind]:
        """The kind of each column."""
        return [find_kind(record[number] for record in self.records) for number in range(len(self.columns))]


def list_evidence(table: Table) -> dict[str, Listing]:
    """Returns the listings by name, without those of addends if no cell adds numbers.

    Rows count from 1, and sources have the numbers of the citation.
    """
    support = _describe_support(table)
    addends = list_rows(("row", "column", "number", *_SUPPORT), _find_addends(table, support))
    return {
        SOURCES: list_rows(("number", "source", "title", "publisher", "published", "address", "archive", "note"), _find_sources(table)),
        EVIDENCE: list_rows(("row", "column", *_SUPPORT), _find_evidence(table, support)),
        **({ADDENDS: addends} if addends.records else {}),
    }


def list_rows(names: Sequence[str], records: Iterable[Record]) -> Listing:
    """Makes a listing with columns of these names."""
    return Listing([Column(name, {}) for name in names], list(records))


def describe_sums(table: Table) -> list[str]:
    """Describes each sum of several numbers in a line, with the numbers of their sources."""
    lines = []
    for row, sums in enumerate(table.addends, start=1):
        for column, addends in sums.items():
            marks = [
                "".join(f"[{table.evidence.numbers[source.iri]}]" for source in table.evidence.of(*addend.facts)) for addend in addends
            ]
            parts = [f"{Decimal(addend.value):,f} {mark}".rstrip() for addend, mark in zip(addends, marks, strict=True)]
            lines += [f"Row {row}, {column}: {' + '.join(parts)}"] if len(parts) > 1 else []
    return lines


def _describe_support(table: Table) -> _Support:
    grounds, numbers = table.evidence.grounds, table.evidence.numbers
    described = describe(table.store, {ground.statement for found in grounds.values() for ground in found}, table.language)

    def support(iris: Iterable[str]) -> Iterator[Record]:
        for iri in iris:
            for ground in grounds.get(iri, ()):
                said = described[ground.statement]
                yield iri, ground.statement, said.subject, said.property, said.value, said.when, ground.source, numbers[ground.source]

    return support


def _find_addends(table: Table, support: _Support) -> Iterator[Record]:
    for row, sums in enumerate(table.addends, start=1):
        for column, addends in sums.items():
            for addend in addends:
                yield from ((row, column, Decimal(addend.value), *record) for record in support(addend.facts))


def _find_evidence(table: Table, support: _Support) -> Iterator[Record]:
    for row, cells in enumerate(table.rests, start=1):
        for column, cell in zip(table.columns, cells, strict=True):
            yield from ((row, column.name, *record) for record in support(cell))


def _find_sources(table: Table) -> Iterator[Record]:
    for number, source in enumerate(table.evidence.sources, start=1):
        note = "; ".join(filter(None, (source.devised, source.unreliable)))
        yield number, source.iri, source.title, source.publisher, source.published, source.address, source.archive, note
