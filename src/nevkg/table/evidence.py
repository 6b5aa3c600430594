"""Lists the evidence of a table as tables: the numbers that its sums add, the statements behind each cell, and their sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from nevkg.table.columns import Column
from nevkg.table.frames import Kind, Record, find_kind
from nevkg.table.render import Citable

ADDENDS, EVIDENCE, SOURCES = "addends", "evidence", "sources"
_SUPPORT = ("evidence", "statement", "source")


@dataclass(frozen=True)
class Listing:
    """A table of plain values."""

    columns: Sequence[Column]
    records: Sequence[Record]

    @property
    def kinds(self) -> Sequence[Kind]:
        """The kind of each column."""
        return [find_kind(record[number] for record in self.records) for number in range(len(self.columns))]


def list_evidence(table: Citable) -> dict[str, Listing]:
    """Returns the listings by name, without those of addends if no cell adds numbers; rows count from 1."""
    addends = _list(("row", "column", "number", *_SUPPORT), _find_addends(table))
    return {
        **({ADDENDS: addends} if addends.records else {}),
        EVIDENCE: _list(("row", "column", *_SUPPORT), _find_evidence(table)),
        SOURCES: _list(("number", "source", "title", "publisher", "published", "address", "archive", "note"), _find_sources(table)),
    }


def describe_sums(table: Citable) -> list[str]:
    """Describes each sum of several numbers in a line, with the numbers of their sources."""
    numbers = {source.iri: number for number, source in enumerate(table.evidence.sources, start=1)}
    lines = []
    for row, sums in enumerate(table.addends, start=1):
        for column, addends in sums.items():
            marks = ["".join(f"[{numbers[one.iri]}]" for one in table.evidence.of(*addend.facts)) for addend in addends]
            parts = [f"{Decimal(addend.value):,f} {mark}".rstrip() for addend, mark in zip(addends, marks, strict=True)]
            lines += [f"Row {row}, {column}: {' + '.join(parts)}"] if len(parts) > 1 else []
    return lines


def _list(names: Sequence[str], records: Iterable[Record]) -> Listing:
    return Listing([Column(name, {}) for name in names], list(records))


def _find_addends(table: Citable) -> Iterator[Record]:
    for row, sums in enumerate(table.addends, start=1):
        for column, addends in sums.items():
            for addend in addends:
                for support in _support(table, addend.facts):
                    yield row, column, Decimal(addend.value), *support


def _find_evidence(table: Citable) -> Iterator[Record]:
    for row, cells in enumerate(table.rests, start=1):
        for column, cell in zip(table.columns, cells, strict=True):
            for support in _support(table, cell):
                yield row, column.name, *support


def _support(table: Citable, iris: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    for iri in iris:
        yield from ((iri, one.statement, one.source) for one in table.evidence.grounds.get(iri, ()))


def _find_sources(table: Citable) -> Iterator[Record]:
    for number, one in enumerate(table.evidence.sources, start=1):
        note = "; ".join(filter(None, (one.devised, one.unreliable)))
        yield number, one.iri, one.title, one.publisher, one.published, one.address, one.archive, note
