"""The cells of an answer on a page, each with a link to its evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from nevkg.ask.answer import Answer
from nevkg.data import terms
from nevkg.lookup.sources import Source
from nevkg.serve.pages.terms import LinkedText, Names, names_of
from nevkg.table.frames import Record
from nevkg.table.values import Single, Thing, Value, find_things, to_text

# Texts of up to this many characters are not wrapped.
_SHORT = 24


@dataclass(frozen=True)
class Evidence:
    """The address of the statement or episode behind a cell, and the numbers of its sources in the list below the table."""

    address: str | None
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class Cell:
    """The values of a cell and their evidence; None if it has none."""

    values: tuple[LinkedText, ...]
    evidence: Evidence | None


class Cells:
    """The cells of the rows on one page."""

    def __init__(self, answer: Answer, names: Names, words: Mapping[str, str]) -> None:
        self.answer, self.names, self.words = answer, names, words
        self._numbers = {source.iri: number for number, source in enumerate(answer.evidence.sources, start=1)}
        self._visible_columns = list(range(len(answer.columns)))
        names.learn(names_of(one.iri for row in answer.records for value in row for one in find_things(value)))

    def columns(self, records: Sequence[Record]) -> list[tuple[str, str]]:
        """Returns title and kind (``number``, ``short`` or empty) of each column. Columns without any value are left out.

        Args:
            records: all rows, also those of other pages.
        """
        every = range(len(self.answer.columns))
        self._visible_columns = [number for number in every if not records or any(row[number] is not None for row in records)]
        return [
            (
                self.answer.columns[number].label.get(self.answer.language) or self.answer.columns[number].name,
                _kind([row[number] for row in records if row[number] is not None]),
            )
            for number in self._visible_columns
        ]

    def rows(self) -> list[list[Cell]]:
        """Returns the cells of the rows; call ``columns`` first to leave out empty columns."""
        return [[self._cell(row, number, index) for number in self._visible_columns] for index, row in enumerate(self.answer.records)]

    def sources(self) -> list[tuple[int, Source, str | None]]:
        """Returns number, source and page address of each source."""
        return [(self._numbers[one.iri], one, self.names.links.of(one.iri)) for one in self.answer.evidence.sources]

    def _cell(self, row: Record, number: int, index: int) -> Cell:
        value = row[number]
        iris = self.answer.rests[index][number] if self.answer.rests else ()
        behind = tuple(self._numbers[one.iri] for one in self.answer.evidence.of(*iris)) if iris and value is not None else ()
        evidence = Evidence(self.names.links.of(iris[0]), behind) if behind else None
        parts = value if isinstance(value, tuple) else () if value is None else (value,)
        return Cell(tuple(self._text(one) for one in parts), evidence)

    def _text(self, value: Single) -> LinkedText:
        if isinstance(value, Thing):
            # The title of a document would fill the cell.
            is_source = value.iri.startswith(terms.SOURCE)
            return LinkedText(value.label, "", self.names.links.of(value.iri)) if is_source else self.names.thing(value.iri)
        if isinstance(value, bool):
            return LinkedText(self.words["affirmed" if value else "denied"])
        return LinkedText(to_text(value))


def _kind(values: Sequence[Value]) -> str:
    """Returns the layout of a column: ``number`` aligns digits, ``short`` keeps short texts and dates on one line."""
    if values and all(isinstance(value, int | float | Decimal) and not isinstance(value, bool) for value in values):
        return "number"
    is_short = all(not isinstance(value, tuple) and not find_things(value) and len(to_text(value)) <= _SHORT for value in values)
    return "short" if is_short else ""
