"""A table of the report, in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from nevkg.data import terms

LANGUAGE = terms.LANGUAGES[0]
# A cell: numbers are right-aligned and included in totals; strings are Markdown.
Cell = str | int


@dataclass(frozen=True)
class Table:
    """A table of the report. Consecutive tables with the same section form that section.

    Attributes:
        section: Heading of the section.
        title: Heading of the table.
        columns: Titles of the columns.
        rows: The rows.
        note: Text between the heading and the table.
    """

    section: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""

    def with_total(self) -> Table:
        """Returns the table with a row of sums appended."""
        return replace(self, rows=[*self.rows, _sums("total", self.rows)]) if self.rows else self

    def with_top(self, count: int) -> Table:
        """Returns the table with its first ``count`` rows, and the rest combined into one row."""
        rest = self.rows[count:]
        if len(rest) < 2:
            return self
        counts_something = any(isinstance(cell, int) for cell in rest[0])
        last = _sums(f"the rest ({len(rest)})", rest) if counts_something else [f"… {len(rest)} more", *[""] * (len(self.columns) - 1)]
        return replace(self, rows=[*self.rows[:count], last])

    def lines(self) -> Iterator[str]:
        """Yields the lines of the table in Markdown, without the section heading."""
        yield from ["", f"### {self.title}", ""]
        if self.note:
            yield from [self.note, ""]
        if not self.rows:
            yield "None."
            return
        yield _line(self.columns)
        yield _line("---:" if isinstance(cell, int) else "---" for cell in self.rows[0])
        for row in self.rows:
            yield _line(f"{cell:,}" if isinstance(cell, int) else cell for cell in row)


def _sums(name: str, rows: Sequence[Sequence[Cell]]) -> list[Cell]:
    sums: list[Cell] = [name]
    for cells in list(zip(*rows, strict=True))[1:]:
        numbers = [cell for cell in cells if isinstance(cell, int)]
        sums.append(sum(numbers) if len(numbers) == len(cells) else "")
    return sums


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def code(text: str) -> str:
    """Returns text as Markdown code. Bars are escaped, because they would end the cell even in code."""
    return f"`{text.replace('|', chr(92) + '|')}`"
