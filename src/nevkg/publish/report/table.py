"""A table of the report, in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from nevkg.data import terms

LANGUAGE = terms.LANGUAGES[0]
# A cell: a number is set to the right and counted in totals; the rest is Markdown as it stands.
Cell = str | int


@dataclass(frozen=True)
class Table:
    """A table of the report; sections are runs of tables of one section."""

    section: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    note: str = ""

    def with_total(self) -> Table:
        """The table with a last row of sums."""
        return replace(self, rows=[*self.rows, _sums("total", self.rows)]) if self.rows else self

    def with_top(self, count: int) -> Table:
        """The table with its first rows, and the rest in one."""
        rest = self.rows[count:]
        if len(rest) < 2:
            return self
        counts_something = any(isinstance(cell, int) for cell in rest[0])
        last = _sums(f"the rest ({len(rest)})", rest) if counts_something else [f"… {len(rest)} more", *[""] * (len(self.columns) - 1)]
        return replace(self, rows=[*self.rows[:count], last])

    def lines(self) -> Iterator[str]:
        """The table in Markdown, without its section."""
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
    """Text in code type; a bar would end the cell even there."""
    return f"`{text.replace('|', chr(92) + '|')}`"
