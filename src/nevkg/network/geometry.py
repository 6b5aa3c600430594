"""Points, curves and boxes of labels, for every kind of picture.

The unit is the height of a line of text; x grows to the right and y upwards.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nevkg.network.label_text import measure

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


def find_bounding_box(points: Mapping[str, Point], curves: Sequence[Sequence[Point]], labels: Mapping[str, Label]) -> Box:
    """Returns the box around everything drawn, with a margin."""
    corners = [*points.values(), *(point for curve in curves for point in curve)]
    corners += [corner for label in labels.values() for corner in (label.box[:2], label.box[2:])]
    xs, ys = zip(*corners or [(0.0, 0.0)], strict=True)
    return min(xs) - _MARGIN, min(ys) - _MARGIN, max(xs) + _MARGIN, max(ys) + _MARGIN


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


def arrow(curve: Sequence[Point], size: float) -> tuple[list[Point], list[Point]]:
    """Returns the curve up to its arrowhead, and the three corners of the arrowhead."""
    tip, before = curve[-1], curve[-2] if curve[-2] != curve[-1] else curve[0]
    back = toward(tip, before, size)
    aside = (0.36 * (tip[1] - back[1]), 0.36 * (back[0] - tip[0]))
    corners = [tip, (back[0] + aside[0], back[1] + aside[1]), (back[0] - aside[0], back[1] - aside[1])]
    return [*curve[:-1], toward(tip, before, 0.7 * size)], corners


def sample_curve(curve: Sequence[Point], step: float) -> Iterator[Point]:
    """Yields points on a chain of cubic Bézier curves, at distances of about ``step``."""
    for begin in range(0, len(curve) - 1, 3):
        a, b, c, d = curve[begin : begin + 4]
        number = max(2, math.ceil(math.dist(a, d) / step))
        for part in range(number + 1):
            t = part / number
            weights = ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3)
            yield (
                sum(weight * corner[0] for weight, corner in zip(weights, (a, b, c, d), strict=True)),
                sum(weight * corner[1] for weight, corner in zip(weights, (a, b, c, d), strict=True)),
            )
