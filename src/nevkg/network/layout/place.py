"""Positions of nodes, curves of edges and places of labels, for every kind of picture.

The unit is the height of a line of text; x grows to the right and y upwards.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nevkg.errors import missing_extra
from nevkg.network.layout.labels import measure
from nevkg.network.model import Network
from nevkg.network.projection import LAYERS

Point = tuple[float, float]
# Left, bottom, right, top.
Box = tuple[float, float, float, float]

# The height of one line in a label.
LINE = 0.8
_MARGIN = 0.6


@dataclass(frozen=True)
class Label:
    """Lines of text: ``x`` is their left end (align 1), their centre (0) or their right end (-1); ``y`` is the middle of their height."""

    lines: Sequence[str]
    x: float
    y: float
    align: int

    @property
    def box(self) -> Box:
        """The maximum space that the text takes."""
        wide, high = max(map(measure, self.lines)), LINE * len(self.lines)
        left = self.x - wide * (1 - self.align) / 2
        return left, self.y - high / 2, left + wide, self.y + high / 2


@dataclass(frozen=True)
class Placement:
    """The layout of a network.

    Attributes:
        points: the centre of each node.
        sizes: the radius of each node.
        curves: for each edge the points of a chain of cubic Bézier curves (3n + 1 of them), from border to border.
        labels: the label of each node; a node without room for its label is missing.
        box: left, bottom, right and top of everything drawn.
    """

    points: Mapping[str, Point]
    sizes: Mapping[str, float]
    curves: Sequence[Sequence[Point]]
    labels: Mapping[str, Label]
    box: Box


def positions(network: Network) -> dict[str, Point]:
    """Returns the position of each node; the same network gives the same positions.

    Raises:
        CouldNotRun: if networkx or numpy is not installed.
    """
    return dict(place(network).points)


def place(network: Network) -> Placement:
    """Lays out nodes, edges and labels by the layout of the projection: layered or force-directed.

    Raises:
        CouldNotRun: if networkx or numpy is not installed.
    """
    try:
        if network.projection.layout == LAYERS:
            from nevkg.network.layout.layers import place_in_layers

            return place_in_layers(network)
        from nevkg.network.layout.allocate import allocate
        from nevkg.network.layout.force import spread

        points = spread(network)
        sizes = _sizes(network)
        curves = _straight(network, points, sizes)
        labels = allocate(network, points, sizes, curves)
    except ImportError as error:
        raise missing_extra("draw", error) from None
    return Placement(points, sizes, curves, labels, find_bounding_box(points, curves, labels))


def find_bounding_box(points: Mapping[str, Point], curves: Sequence[Sequence[Point]], labels: Mapping[str, Label]) -> Box:
    """Returns the box around everything drawn, with a margin."""
    corners = [*points.values(), *(point for curve in curves for point in curve)]
    corners += [corner for label in labels.values() for corner in (label.box[:2], label.box[2:])]
    xs, ys = zip(*corners or [(0.0, 0.0)], strict=True)
    return min(xs) - _MARGIN, min(ys) - _MARGIN, max(xs) + _MARGIN, max(ys) + _MARGIN


def _sizes(network: Network) -> dict[str, float]:
    """Returns the radius of each node, which grows slowly (logarithmically) with the number of its edges."""
    degrees = Counter(iri for edge in network.edges for iri in set(edge.ends))
    return {iri: round(0.22 + 0.06 * math.log2(1 + degrees[iri]), 3) for iri in network.nodes}


def _straight(network: Network, points: Mapping[str, Point], sizes: Mapping[str, float]) -> list[Sequence[Point]]:
    """Returns edges as straight lines; edges between the same two nodes are bent away from each other."""
    together: dict[tuple[str, ...], list[int]] = {}
    for number, edge in enumerate(network.edges):
        together.setdefault(tuple(sorted(edge.ends)), []).append(number)
    curves: list[Sequence[Point]] = [()] * len(network.edges)
    for (first, _), numbers in together.items():
        for place, number in enumerate(numbers):
            edge = network.edges[number]
            step = min(0.22, 1.0 / len(numbers))
            bend = step * (place - (len(numbers) - 1) / 2)
            start, end = points[edge.subject], points[edge.object]
            if edge.subject == edge.object:
                curves[number] = _loop(start, sizes[edge.subject], place)
            else:
                curves[number] = bend_curve(start, end, sizes[edge.subject], sizes[edge.object], bend if edge.subject == first else -bend)
    return curves


def bend_curve(start: Point, end: Point, before: float, after: float, bend: float) -> list[Point]:
    """Returns a curve between two discs with radii ``before`` and ``after``.

    Its control points deviate from the straight line by the share ``bend`` of its length.
    """
    (x, y), (far, high) = start, end
    length = math.hypot(far - x, high - y) or 1.0
    side = (bend * (y - high), bend * (far - x))
    controls = [
        (x + (far - x) / 3 + side[0], y + (high - y) / 3 + side[1]),
        (far - (far - x) / 3 + side[0], high - (high - y) / 3 + side[1]),
    ]
    before, after = min(before, 0.4 * length), min(after, 0.4 * length)
    return [toward(start, controls[0], before), *controls, toward(end, controls[1], after)]


def toward(start: Point, end: Point, distance: float) -> Point:
    """Returns the point at a distance from ``start`` in the direction of ``end``."""
    length = math.hypot(end[0] - start[0], end[1] - start[1]) or 1.0
    return start[0] + distance * (end[0] - start[0]) / length, start[1] + distance * (end[1] - start[1]) / length


def _loop(point: Point, size: float, place: int) -> list[Point]:
    """Returns the curve of an edge from a node to itself."""
    x, y = point
    reach = 4 * size + 0.5 * place
    return [(x - 0.7 * size, y + 0.7 * size), (x - reach, y + reach), (x + reach, y + reach), (x + 0.7 * size, y + 0.7 * size)]


def arrow(curve: Sequence[Point], size: float) -> tuple[list[Point], list[Point]]:
    """Returns the curve up to its arrowhead, and the three corners of the arrowhead."""
    tip, before = curve[-1], curve[-2] if curve[-2] != curve[-1] else curve[0]
    back = toward(tip, before, size)
    aside = (0.36 * (tip[1] - back[1]), 0.36 * (back[0] - tip[0]))
    corners = [tip, (back[0] + aside[0], back[1] + aside[1]), (back[0] - aside[0], back[1] - aside[1])]
    return [*curve[:-1], toward(tip, before, 0.7 * size)], corners
