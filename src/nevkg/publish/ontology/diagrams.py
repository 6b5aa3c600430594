"""Diagrams of classes as SVG: boxes in columns, the general on the left and the special on the right; equal input gives equal bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_LINE = 16
_PAD = 8
_GAP = 18
_BETWEEN = 70
_MARGIN = 20
# Wide enough for the common sans-serif fonts at 12 pixels; the bold title is a little wider.
_CHARACTER = 6.6
_TITLE = 8.4
_STYLE = (
    "text{font:12px sans-serif;fill:#222}.t{font-weight:bold;font-size:13px}.n{font-style:italic;fill:#666}"
    "rect{fill:#f3f7fb;stroke:#2f5d8a}.f{fill:#fff;stroke:#999;stroke-dasharray:4 3}path{fill:none;stroke:#2f5d8a}.h{fill:#fff}"
)


@dataclass(frozen=True)
class Box:
    """A class: its name, what it is a kind of (``supers`` are drawn if they are boxes, else written), and a line a property."""

    name: str
    supers: Sequence[str] = ()
    lines: Sequence[str] = ()
    foreign: bool = False


@dataclass
class _Placed:
    """A box with its place; ``notes`` are the supers that are no boxes."""

    box: Box
    notes: str
    x: float = 0
    y: float = 0

    @property
    def width(self) -> float:
        """As wide as the longest text."""
        texts = [len(line) * _CHARACTER for line in (*self.box.lines, self.notes)]
        return max(len(self.box.name) * _TITLE, *texts) + 2 * _PAD

    @property
    def height(self) -> float:
        """The title, the note and the lines."""
        return (1 + bool(self.notes) + len(self.box.lines)) * _LINE + 2 * _PAD


def draw(title: str, boxes: Sequence[Box]) -> str:
    """The diagram; a box stands to the right of the first of its supers and in the rows of that."""
    names = {box.name for box in boxes}
    notes = {box.name: ", ".join(name for name in box.supers if name not in names) for box in boxes}
    placed = {box.name: _Placed(box, f"⊂ {notes[box.name]}" if notes[box.name] else "") for box in boxes}
    above = {box.name: [name for name in box.supers if name in names and name != box.name] for box in boxes}
    columns: dict[int, list[_Placed]] = {}
    done: set[str] = set()

    def settle(name: str, depth: int, top: float) -> float:
        """Places a box and those below it from ``top`` on; returns where the next may begin."""
        done.add(name)
        one = placed[name]
        columns.setdefault(depth, []).append(one)
        bottom = top
        first = True
        for box in boxes:
            if box.name not in done and above[box.name][:1] == [name]:
                bottom = settle(box.name, depth + 1, bottom if first else bottom + _GAP)
                first = False
        one.y = top
        return max(bottom, top + one.height)

    bottom = float(_MARGIN)
    for box in boxes:
        if not above[box.name] and box.name not in done:
            bottom = settle(box.name, 0, bottom) + _GAP
    for box in boxes:  # what is left stands in a circle of supers
        if box.name not in done:
            bottom = settle(box.name, 0, bottom) + _GAP
    left = float(_MARGIN)
    for depth in sorted(columns):
        for one in columns[depth]:
            one.x = left
        left += max(one.width for one in columns[depth]) + _BETWEEN
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


def _box(one: _Placed) -> list[str]:
    look = ' class="f"' if one.box.foreign else ""
    rows = [("t", one.box.name), *([("n", one.notes)] if one.notes else []), *(("", line) for line in one.box.lines)]
    lines = [f'<rect x="{one.x:.0f}" y="{one.y:.0f}" width="{one.width:.0f}" height="{one.height:.0f}" rx="4"{look}/>']
    for number, (kind, text) in enumerate(rows, start=1):
        mark = f' class="{kind}"' if kind else ""
        lines.append(f'<text x="{one.x + _PAD:.0f}" y="{one.y + _PAD / 2 + number * _LINE:.0f}"{mark}>{escape(text)}</text>')
    return lines


def _arrow(low: _Placed, high: _Placed) -> str:
    """From the special to the general, with the hollow head of UML; at the height of both titles."""
    x, y = high.x + high.width, high.y + _PAD + _LINE / 2
    start = low.y + _PAD + _LINE / 2
    if low.x <= x:  # in the same column or further left: from the left edge around to the left edge
        x = high.x
        return f'<path d="M{low.x:.0f} {start:.0f}H{x - 12:.0f}V{y:.0f}H{x:.0f}"/>'
    bend = low.x - 20
    return f'<path d="M{low.x:.0f} {start:.0f}H{bend:.0f}V{y:.0f}H{x + 10:.0f}"/><path class="h" d="M{x:.0f} {y:.0f}l10 -5v10z"/>'
