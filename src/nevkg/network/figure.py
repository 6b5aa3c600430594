"""Draws the parts of a picture of a network with matplotlib; import this module only if matplotlib is installed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import matplotlib
from matplotlib.collections import LineCollection, PathCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from nevkg.network import drawing
from nevkg.network.drawing import Badge, LinePattern, Stroke, badges, color, pattern_of, patterns, strokes, widths
from nevkg.network.geometry import LINE, Placement, Point, arrow
from nevkg.network.label_text import clean, shorten
from nevkg.network.layout import lay_out
from nevkg.network.model import Dashes, NetworkData
from nevkg.network.projections import LAYERS
from nevkg.network.sheet import MARGIN, SETTINGS, Sheet, render, warn_of_missing

_NARROWEST = 400.0
_TITLE, _SMALL = 13.0, 6.5
_ARROW = 0.42
# Length and width of the lines in the legend, and the line width of which dashes and gaps are multiples.
_LONG, _WIDE, _THIN = 26.0, 1.3, 0.9


class Canvas(Sheet):
    """A figure with title, network, legend and caption, each as high as necessary."""

    def __init__(self, network: NetworkData, placed: Placement) -> None:
        self._network, self._placed = network, placed
        say = drawing.words(network)
        self._badges, self._strokes, self._patterns = badges(network, say["other"]), strokes(network), patterns(network, say["none"])
        wide, high = drawing.extent(placed)
        super().__init__(max(wide, _NARROWEST) + 2 * MARGIN)
        # Heights are known only after texts are broken into lines, so the parts are stacked before they are drawn.
        title = self.lines(clean(network.title)[:300], _TITLE)
        entries = self._flow(drawing.legend(network, self._badges, self._strokes, self._patterns))
        caption = self.lines(drawing.caption(network, 0) + " " * 60, _SMALL)
        self._legend_high, self._caption_high = 14.0 * len(entries), 9.0 * (len(caption) + 1)
        bottom = MARGIN + self._caption_high + self._legend_high + 8
        total = bottom + high + 18.0 * len(title) + MARGIN
        self.set_height(total)
        left, low, *_ = placed.box
        shift = (self.wide - wide) / 2 - left * drawing.UNIT
        self._move: Callable[[Point], Point] = lambda point: (point[0] * drawing.UNIT + shift, (point[1] - low) * drawing.UNIT + bottom)
        for number, line in enumerate(title):
            self.text((MARGIN, total - MARGIN - 18.0 * number), line, _TITLE, va="top")
        self._edges()
        self._nodes()
        left_out = self._labels()
        if not network.nodes:
            self.text((self.wide / 2, bottom + high / 2), drawing.words(network)["nothing"], drawing.FONT, ha="center")
        self._legend(entries, MARGIN + self._caption_high + self._legend_high)
        lines = self.lines(drawing.caption(network, left_out), _SMALL)
        for number, line in enumerate(lines):
            self.text((MARGIN, MARGIN + self._caption_high - 9.0 * (number + 2)), line, _SMALL, color=drawing.QUIET)
        warn_of_missing(self.texts)

    def _flow(self, entries: list[drawing.Entry]) -> list[list[tuple[float, drawing.Entry]]]:
        """Arranges the entries of the legend in lines, each entry with its left position."""
        lines: list[list[tuple[float, drawing.Entry]]] = [[]]
        x = 0.0
        for entry in entries:
            reach = 12.0 if isinstance(entry, str) else 30.0
            need = reach + self.measure(shorten(entry if isinstance(entry, str) else entry.label, 20), drawing.FONT)
            if lines[-1] and (entry == "" or x + need > self.wide - 2 * MARGIN):
                lines.append([])
                x = 0.0
            if entry != "":
                lines[-1].append((MARGIN + x, entry))
                x += need + (18.0 if isinstance(entry, Stroke | LinePattern) else 0.0)
        return [line for line in lines if line]

    def _legend(self, lines: list[list[tuple[float, drawing.Entry]]], top: float) -> None:
        for number, line in enumerate(lines):
            y = top - 14.0 * number - 7.0
            for x, entry in line:
                if isinstance(entry, Badge):
                    self.axes.add_patch(
                        PathPatch(trace_outline(entry.corners, (x + 5, y), 3.6), facecolor=entry.color, edgecolor="white", lw=0.3)
                    )
                elif isinstance(entry, Stroke):
                    self._line(x, y, _LONG - 7, entry.color)
                    tip = x + _LONG - 4
                    self._heads([[(tip, y), (tip - 6, y + 2.2), (tip - 6, y - 2.2)]], entry)
                elif isinstance(entry, LinePattern):
                    self._line(x, y, _LONG - 4, drawing.INK, entry.dashes, entry.share)
                reach = 12.0 if isinstance(entry, Badge) else 0.0 if isinstance(entry, str) else _LONG
                label = shorten(entry if isinstance(entry, str) else entry.label, 20)
                self.text((x + reach, y), label, drawing.FONT, va="center_baseline")

    def _line(self, x: float, y: float, long: float, color: str, dashes: Dashes = (), share: float = 1.0) -> None:
        """Draws a line of the legend."""
        look: dict[str, Any] = {"colors": color, "linewidths": _WIDE * share, "linestyles": [_style(dashes, _WIDE * share)]}
        self.axes.add_collection(LineCollection([[(x, y), (x + long, y)]], **look))

    def _heads(self, heads: Sequence[Sequence[Point]], stroke: Stroke) -> None:
        """Draws the arrowheads of a relation."""
        look: dict[str, Any] = {"edgecolors": stroke.color, "linewidths": 0.6, "facecolors": "white" if stroke.hollow else stroke.color}
        self.axes.add_collection(PolyCollection(heads, zorder=1.7, **look))

    def _edges(self) -> None:
        """Draws the edges, relation by relation, and their arrowheads."""
        sizes = widths(self._network.edges)
        looks = [pattern_of(edge, self._patterns) for edge in self._network.edges]
        for iri, stroke in self._strokes.items():
            numbers = [number for number, edge in enumerate(self._network.edges) if edge.relation.iri == iri]
            paths, heads = [], []
            for number in numbers:
                curve, corners = arrow(self._placed.curves[number], _ARROW * (0.8 + 0.2 * sizes[number]))
                heads.append(list(map(self._move, corners)))
                paths.append(Path(list(map(self._move, curve)), [Path.MOVETO, *[Path.CURVE4] * (len(curve) - 1)]))
            lines = [sizes[number] * looks[number].share for number in numbers]
            styles = [_style(looks[number].dashes, line) for number, line in zip(numbers, lines, strict=True)]
            look: dict[str, Any] = {"edgecolors": stroke.color, "linewidths": lines, "linestyles": styles, "alpha": 0.75, "zorder": 1}
            self.axes.add_collection(PathCollection(paths, facecolors="none", **look))
            self._heads(heads, stroke)

    def _nodes(self) -> None:
        for kind, badge in self._badges.items():
            nodes = [node for node in self._network.nodes.values() if node.kind.iri == kind]
            outlines = [
                trace_outline(badge.corners, self._move(self._placed.points[node.iri]), self._placed.sizes[node.iri] * drawing.UNIT)
                for node in nodes
            ]
            look: dict[str, Any] = {"facecolors": [color(node) for node in nodes], "edgecolors": "white", "linewidths": 0.6, "zorder": 2}
            self.axes.add_collection(PathCollection(outlines, **look))

    def _labels(self) -> int:
        """Draws the labels of nodes and returns how many were left out."""
        for place_of, label in enumerate(self._placed.labels.values()):
            place = self._move((label.x, label.y))
            look: dict[str, Any] = {
                "ha": ("right", "center", "left")[label.align + 1],
                "va": "center_baseline",
                "zorder": 4,
            }
            # A translucent box makes edges behind a label faint.
            left, low, right, top = label.box
            corner, far = self._move((left, low)), self._move((right, top))
            veil = Rectangle(corner, far[0] - corner[0], far[1] - corner[1], facecolor="white", alpha=0.65, edgecolor="none", zorder=1.5)
            if len(label.lines) > 1 or self._network.projection.layout != LAYERS:
                self.axes.add_patch(veil)
            middle = (len(label.lines) - 1) / 2
            for number, line in enumerate(label.lines):
                look["gid"] = f"label-{place_of}-{number}"
                self.text((place[0], place[1] + (middle - number) * LINE * drawing.UNIT), line, drawing.FONT, **look)
        return sum(bool(clean(node.label)) for node in self._network.nodes.values()) - len(self._placed.labels)


def _style(dashes: Dashes, width: float) -> Any:
    """Returns the dashes of a line in matplotlib's form, as multiples of the width of that line."""
    return (0, [_THIN * dash / width for dash in dashes] or None)


def trace_outline(corners: Sequence[Point], place: Point, size: float) -> Path:
    """Returns a shape around a point."""
    if not corners:
        circle = Path.circle(place, size)
        return Path(circle.vertices, circle.codes)
    return Path([(place[0] + size * x, place[1] + size * y) for x, y in [*corners, corners[0]]], closed=True)


def draw_figure(network: NetworkData) -> Figure:
    """Returns the picture as a matplotlib figure with one pair of axes over the whole figure, in points.

    The labels of nodes are texts with a gid that begins with ``label``.
    """
    with matplotlib.rc_context(SETTINGS):
        return Canvas(network, lay_out(network)).figure


def draw_picture(network: NetworkData, format: str) -> bytes:
    """Draws a picture for a paper; the same network gives the same bytes.

    Args:
        format: ``png`` with 200 dots per inch (fewer for very large pictures), or ``svg`` in which text remains text.
    """
    return render(draw_figure(network), format)
