"""Colours, styles, sizes and shades of a map, the same as in the explorer, and their legend."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from nevkg.lookup import api_queries
from nevkg.map.atlas import Point
from nevkg.map.markers import NOTHING
from nevkg.network import drawing
from nevkg.network.label_text import shorten
from nevkg.network.sheet import MARGIN, Sheet
from nevkg.store import Store
from nevkg.words import words_of

WORDS = words_of("map.legend")


LAND, COAST, SEA, SHADE = "#E9E5DA", "#FCFBF8", "#F6F8F9", "#0B4A86"
GREY = "#8A8A8A"
# Colours that remain distinct with colour vision deficiencies: after Okabe and Ito, and Tol.
_PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#B8860B", "#56B4E9", "#882255", "#44AA99", "#7A6FF0", "#999933")
# More colours are hard to distinguish in one picture.
_MOST_COLORS = 8
_LEAST_DISTANCE = 60  # in RGB, between a colour of the palette and those of the data
_LEAST, _UNKNOWN, _USUAL, _GREATEST = 2.2, 2.8, 3.8, 12.0


def assign_colors(store: Store, keys: Iterable[str]) -> dict[str, str]:
    """Assigns colours to keys, as the explorer does: that of the data, else one of the palette that depends on the key.

    The most frequent keys have colours, and no two the same; the remaining keys share a grey.
    """
    of_data = {row["thing"]: row["color"].upper() for row in api_queries.texts(store, "colors")}
    ordered = [key for key, _ in Counter(key for key in keys if key != NOTHING).most_common()]
    colors: dict[str, str] = {}
    for key in ordered[:_MOST_COLORS]:
        if key in of_data and of_data[key] not in colors.values():
            colors[key] = of_data[key]
    for key in ordered[:_MOST_COLORS]:
        if key not in colors:
            start = _hash(key) % len(_PALETTE)
            free = [color for color in (*_PALETTE[start:], *_PALETTE[:start]) if color not in colors.values()]
            apart = (color for color in free if all(_distance(color, other) > _LEAST_DISTANCE for other in colors.values()))
            colors[key] = next(apart, free[0])
    return {key: colors.get(key, GREY) for key in ordered}


def _hash(text: str) -> int:
    number = 0
    for character in text:
        number = (number * 31 + ord(character)) % 65521
    return number


def _distance(one: str, other: str) -> float:
    return math.dist(drawing.read_rgb(one), drawing.read_rgb(other))


class Sizes:
    """Radii in points, so that the area of a mark is proportional to its number."""

    def __init__(self, sizes: Iterable[float | None]) -> None:
        self._most = max((size for size in sizes if size is not None), default=0.0)

    def radius(self, size: float | None) -> float:
        """Returns the radius of a mark."""
        if self._most <= 0:
            return _USUAL
        return _UNKNOWN if size is None else max(_LEAST, _GREATEST * math.sqrt(max(0.0, size) / self._most))

    @property
    def steps(self) -> list[float]:
        """The numbers for the legend, the greatest first; empty if no mark has a number."""
        if self._most <= 0:
            return []
        top = float(f"{self._most:.0e}")
        top -= 10 ** math.floor(math.log10(self._most)) if top > self._most else 0
        return [step for step in (top, top / 4, top / 20) if step > 0 and self.radius(step) > _LEAST]


class Shades:
    """Shades of areas on a square-root scale, since a few countries have most of the total."""

    def __init__(self, numbers: Mapping[str, float]) -> None:
        self._numbers, self._most = numbers, max(numbers.values(), default=0.0) or 1.0

    def of(self, area: str) -> str:
        """Returns the colour of an area."""
        return self.color(self._numbers[area])

    def color(self, number: float) -> str:
        """Returns the colour for a number."""
        return mix(SHADE, LAND, self._share(number))

    def share(self, area: str) -> float:
        """Returns how dark an area is, from 0 to 1; 0 if it is not shaded."""
        return self._share(self._numbers[area]) if area in self._numbers else 0.0

    def _share(self, number: float) -> float:
        return 0.08 + 0.84 * math.sqrt(min(1.0, max(0.0, number) / self._most))

    @property
    def steps(self) -> list[float]:
        """The numbers for the legend, the greatest first."""
        least = min(self._numbers.values(), default=0.0)
        if self._most <= 5 and self._most == int(self._most):
            steps = [float(step) for step in range(int(self._most), 0, -1)]
        else:
            steps = [float(round(self._most / part)) if self._most > 8 else self._most / part for part in (1, 2, 5, 20)]
        return [*dict.fromkeys(step for step in steps if step > least), least]


def mix(color: str, other: str, share: float) -> str:
    """Returns a mixture of two colours, with a share of the first."""
    pairs = zip(drawing.read_rgb(color), drawing.read_rgb(other), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02X}" for a, b in pairs)


SIZE = 8.0
_LINE, _BETWEEN, _AFTER = 15.0, 12.0, 4.0


@dataclass(frozen=True)
class LegendEntry:
    """An entry: its text, the width and height of its symbol, and what draws the symbol around a point."""

    text: str
    wide: float
    high: float
    draw: Callable[[Point], object]


@dataclass(frozen=True)
class LegendSection:
    """A section: its heading and entries."""

    title: str
    entries: Sequence[LegendEntry]


class Legend:
    """Sections that are arranged for a sheet."""

    def __init__(self, sheet: Sheet, sections: Sequence[LegendSection]) -> None:
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
                if isinstance(entry, LegendEntry):
                    entry.draw((x + entry.wide / 2, y))
                    self._sheet.text((x + entry.wide + _AFTER, y), entry.text, SIZE, va="center_baseline")
                else:
                    self._sheet.text((x, y), entry, SIZE, va="center_baseline", color=drawing.QUIET)
            top -= high

    def _flow(self, section: LegendSection) -> list[tuple[float, list[tuple[float, LegendEntry | str]]]]:
        """Returns the lines of a section, each with its height and its entries with their left positions."""
        title = shorten(section.title, 40)
        lines: list[list[tuple[float, LegendEntry | str]]] = [[(MARGIN, title)]]
        x = first = MARGIN + self._sheet.measure(title, SIZE) + _BETWEEN
        for entry in section.entries:
            need = entry.wide + _AFTER + self._sheet.measure(entry.text, SIZE)
            if x > first and x + need > self._sheet.wide - MARGIN:
                lines.append([])
                x = first
            lines[-1].append((x, entry))
            x += need + _BETWEEN
        return [(max([_LINE, *(entry.high + 3 for _, entry in line if isinstance(entry, LegendEntry))]), line) for line in lines]
