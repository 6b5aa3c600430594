"""Lists the evidence of a table as tables: the sources, and the statements behind each cell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from nevkg.lookup.descriptions import describe
from nevkg.table.columns import Column
from nevkg.table.frames import Kind, Record, find_kind
from nevkg.table.render import Citable

SOURCES, EVIDENCE = "sources", "evidence"
_SUPPORT = ("evidence", "statement", "subject", "property", "value", "date", "source", "number")


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
    """Returns the listings by name; rows count from 1, and sources have the numbers of the citation."""
    return {
        SOURCES: list_rows(("number", "source", "title", "publisher", "published", "address", "archive", "note"), _find_sources(table)),
        EVIDENCE: list_rows(("row", "column", *_SUPPORT), _find_evidence(table)),
    }


def list_rows(names: Sequence[str], records: Iterable[Record]) -> Listing:
    """Makes a listing with columns of these names."""
    return Listing([Column(name, {}) for name in names], list(records))


def _find_evidence(table: Citable) -> Iterator[Record]:
    grounds = table.evidence.grounds
    described = describe(table.store, {one.statement for found in grounds.values() for one in found}, table.language)
    numbers = {source.iri: number for number, source in enumerate(table.evidence.sources, start=1)}
    for row, cells in enumerate(table.rests, start=1):
        for column, cell in zip(table.columns, cells, strict=True):
            for iri in cell:
                for one in grounds.get(iri, ()):
                    said = described[one.statement]
                    words = (said.subject, said.property, said.value, said.when)
                    yield row, column.name, iri, one.statement, *words, one.source, numbers[one.source]


def _find_sources(table: Citable) -> Iterator[Record]:
    for number, one in enumerate(table.evidence.sources, start=1):
        note = "; ".join(filter(None, (one.devised, one.unreliable)))
        yield number, one.iri, one.title, one.publisher, one.published, one.address, one.archive, note
