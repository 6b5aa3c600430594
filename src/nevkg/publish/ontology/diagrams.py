"""Draws class diagrams as SVG: boxes in columns, general classes on the left. Equal input gives equal bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_LINE = 16
_PAD = 8
_GAP = 18
_BETWEEN = 70
_MARGIN = 20
# Widths of a character, enough for common sans-serif fonts at 12 pixels; the bold title is a little wider.
_CHARACTER = 6.6
_TITLE = 8.4
_STYLE = (
    "text{font:12px sans-serif;fill:#222}.t{font-weight:bold;font-size:13px}.n{font-style:italic;fill:#666}"
    "rect{fill:#f3f7fb;stroke:#2f5d8a}.f{fill:#fff;stroke:#999;stroke-dasharray:4 3}path{fill:none;stroke:#2f5d8a}.h{fill:#fff}"
)


@dataclass(frozen=True)
class Box:
    """A class in a diagram.

    Attributes:
        supers: its superclasses, drawn as arrows if they have boxes, otherwise written.
        lines: its properties, one for each line.
        foreign: whether it belongs to another module.
    """

    name: str
    supers: Sequence[str] = ()
    lines: Sequence[str] = ()
    foreign: bool = False


@dataclass
class _PlacedBox:
    """A box with its position in pixels; ``notes`` are the superclasses without a box."""

    box: Box
    notes: str
    x: float = 0
    y: float = 0

    @property
    def width(self) -> float:
        """The width of the longest text, with padding."""
        texts = [len(line) * _CHARACTER for line in (*self.box.lines, self.notes)]
        return max(len(self.box.name) * _TITLE, *texts) + 2 * _PAD

    @property
    def height(self) -> float:
        """The height of title, note and lines, with padding."""
        return (1 + bool(self.notes) + len(self.box.lines)) * _LINE + 2 * _PAD


def draw(title: str, boxes: Sequence[Box]) -> str:
    """Returns the diagram. A box is to the right of its first superclass, at the same height."""
    names = {box.name for box in boxes}
    notes = {box.name: ", ".join(name for name in box.supers if name not in names) for box in boxes}
    placed = {box.name: _PlacedBox(box, f"⊂ {notes[box.name]}" if notes[box.name] else "") for box in boxes}
    above = {box.name: [name for name in box.supers if name in names and name != box.name] for box in boxes}
    columns: dict[int, list[_PlacedBox]] = {}
    done: set[str] = set()

    def settle(name: str, depth: int, top: float) -> float:
        """Places a box and its subclasses from ``top`` downwards. Returns the lower end."""
        done.add(name)
        own = placed[name]
        columns.setdefault(depth, []).append(own)
        bottom = top
        first = True
        for box in boxes:
            if box.name not in done and above[box.name][:1] == [name]:
                bottom = settle(box.name, depth + 1, bottom if first else bottom + _GAP)
                first = False
        own.y = top
        return max(bottom, top + own.height)

    bottom = float(_MARGIN)
    for box in boxes:
        if not above[box.name] and box.name not in done:
            bottom = settle(box.name, 0, bottom) + _GAP
    for box in boxes:  # the rest are in cycles of superclasses
        if box.name not in done:
            bottom = settle(box.name, 0, bottom) + _GAP
    left = float(_MARGIN)
    for depth in sorted(columns):
        for own in columns[depth]:
            own.x = left
        left += max(own.width for own in columns[depth]) + _BETWEEN
    width, height = left - _BETWEEN + _MARGIN, bottom - _GAP + _MARGIN
    arrows = [_arrow(placed[box.name], placed[name]) for box in boxes for name in above[box.name]]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
            f'viewBox="0 0 {width:.0f} {height:.0f}" role="img">',
            f"<title>{escape(title)}</title>",
            f"<style>{_STYLE}</style>",
            '<rect width="100%" height="100%" style="fill:#fff;stroke:none"/>',
            *arrows,
            *(line for box in boxes for line in _box(placed[box.name])),
            "</svg>\n",
        ]
    )


def _box(placed: _PlacedBox) -> list[str]:
    look = ' class="f"' if placed.box.foreign else ""
    rows = [("t", placed.box.name), *([("n", placed.notes)] if placed.notes else []), *(("", line) for line in placed.box.lines)]
    lines = [f'<rect x="{placed.x:.0f}" y="{placed.y:.0f}" width="{placed.width:.0f}" height="{placed.height:.0f}" rx="4"{look}/>']
    for number, (kind, text) in enumerate(rows, start=1):
        mark = f' class="{kind}"' if kind else ""
        lines.append(f'<text x="{placed.x + _PAD:.0f}" y="{placed.y + _PAD / 2 + number * _LINE:.0f}"{mark}>{escape(text)}</text>')
    return lines


def _arrow(low: _PlacedBox, high: _PlacedBox) -> str:
    """Returns an arrow from a class to its superclass at the height of their titles, with the hollow head of UML."""
    x, y = high.x + high.width, high.y + _PAD + _LINE / 2
    start = low.y + _PAD + _LINE / 2
    if low.x <= x:  # in the same column or further left: from the left edge around to the left edge
        x = high.x
        return f'<path d="M{low.x:.0f} {start:.0f}H{x - 12:.0f}V{y:.0f}H{x:.0f}"/>'
    bend = low.x - 20
    return f'<path d="M{low.x:.0f} {start:.0f}H{bend:.0f}V{y:.0f}H{x + 10:.0f}"/><path class="h" d="M{x:.0f} {y:.0f}l10 -5v10z"/>'
