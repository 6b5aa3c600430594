"""The legend of a map: sections with a heading and entries, which flow in lines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nevkg.map.atlas import Point
from nevkg.network.drawing import draw
from nevkg.network.drawing.sheet import MARGIN, Sheet
from nevkg.network.layout.labels import shorten

SIZE = 8.0
_LINE, _BETWEEN, _AFTER = 15.0, 12.0, 4.0


@dataclass(frozen=True)
class Entry:
    """An entry: its text, the width and height of its symbol, and what draws the symbol around a point."""

    text: str
    wide: float
    high: float
    draw: Callable[[Point], None]


@dataclass(frozen=True)
class Section:
    """A section: its heading and entries."""

    title: str
    entries: Sequence[Entry]


class Legend:
    """Sections that are arranged for a sheet."""

    def __init__(self, sheet: Sheet, sections: Sequence[Section]) -> None:
        self._sheet = sheet
        self._lines = [line for section in sections for line in self._flow(section)]

    @property
    def high(self) -> float:
        """The height."""
        return sum(high for high, _ in self._lines)

    def draw(self, top: float) -> None:
        """Draws the legend below a line."""
        for high, entries in self._lines:
            y = top - high / 2
            for x, entry in entries:
                if isinstance(entry, Entry):
                    entry.draw((x + entry.wide / 2, y))
                    self._sheet.text((x + entry.wide + _AFTER, y), entry.text, SIZE, va="center_baseline")
                else:
                    self._sheet.text((x, y), entry, SIZE, va="center_baseline", color=draw.QUIET)
            top -= high

    def _flow(self, section: Section) -> list[tuple[float, list[tuple[float, Entry | str]]]]:
        """Returns the lines of a section, each with its height and its entries with their left positions."""
        title = shorten(section.title, 40)
        lines: list[list[tuple[float, Entry | str]]] = [[(MARGIN, title)]]
        x = first = MARGIN + self._sheet.measure(title, SIZE) + _BETWEEN
        for entry in section.entries:
            need = entry.wide + _AFTER + self._sheet.measure(entry.text, SIZE)
            if x > first and x + need > self._sheet.wide - MARGIN:
                lines.append([])
                x = first
            lines[-1].append((x, entry))
            x += need + _BETWEEN
        return [(max([_LINE, *(one.high + 3 for _, one in line if isinstance(one, Entry))]), line) for line in lines]
