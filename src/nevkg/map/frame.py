"""The part of the world that a map shows, and where overlapping marks are moved."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from nevkg.map.atlas import Point, project

# The corners of the world without the polar regions, in degrees.
_CORNERS = ((-168.0, 0.0), (178.0, 0.0), (0.0, -55.0), (0.0, 76.0))
_EDGE, _MARGIN = 3.0, 34.0
_CLOSEST = 8.0


class Frame:
    """A rectangle that shows all given points, but no less than an eighth of the width of the world."""

    def __init__(self, wide: float, high: float, low: Point, points: Sequence[Point]) -> None:
        """Creates a frame.

        Args:
            wide: the width in points.
            high: the height.
            low: its lower left corner.
            points: the points that it shows, in degrees; all of the world if there are none.
        """
        self.wide, self.high, self.low = wide, high, low
        left, bottom, right, top = _box([project(corner) for corner in _CORNERS])
        world = min((wide - 2 * _EDGE) / (right - left), (high - 2 * _EDGE) / (top - bottom))
        west, south, east, north = _box([project(point) for point in points]) if points else (left, bottom, right, top)
        scale = min((wide - 2 * _MARGIN) / (max(east - west, 1e-9)), (high - 2 * _MARGIN) / max(north - south, 1e-9))
        self._scale = max(world, min(_CLOSEST * world, scale))
        # Half of the frame on the scale of the map; its middle moves so that the frame stays within the world.
        self._middle = (
            _keep((west + east) / 2, left, right, wide / 2 / self._scale),
            _keep((south + north) / 2, bottom, top, high / 2 / self._scale),
        )

    def place(self, projected: Point) -> Point:
        """Returns where a projected point is, in points."""
        return (
            self.low[0] + self.wide / 2 + (projected[0] - self._middle[0]) * self._scale,
            self.low[1] + self.high / 2 + (projected[1] - self._middle[1]) * self._scale,
        )

    def holds(self, point: Point, margin: Point = (0.0, 0.0)) -> bool:
        """Returns whether a point (in points) is within the frame, at a distance from its edges."""
        inner = ((point[axis] - self.low[axis], (self.wide, self.high)[axis], margin[axis]) for axis in (0, 1))
        return all(edge <= value <= length - edge for value, length, edge in inner)


def _box(points: Sequence[Point]) -> tuple[float, float, float, float]:
    xs, ys = zip(*points, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _keep(middle: float, least: float, most: float, half: float) -> float:
    """Returns the middle of an interval that is moved into another one, or the middle of that if it is shorter."""
    return (least + most) / 2 if most - least <= 2 * half else min(max(middle, least + half), most - half)


_ROUNDS = 24
_GAP = 1.0
_GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))


@dataclass(frozen=True)
class Disc:
    """A mark: its position and its radius."""

    x: float
    y: float
    r: float


def spread(discs: Sequence[Disc], most: float) -> list[Point]:
    """Returns the positions of discs, at most ``most`` from their own."""
    # A small offset separates discs at the same position.
    at = [(disc.x + math.cos(n * _GOLDEN_ANGLE) / 2, disc.y + math.sin(n * _GOLDEN_ANGLE) / 2) for n, disc in enumerate(discs)]
    widest = max((disc.r for disc in discs), default=0.0)
    for _ in range(_ROUNDS):
        if not _separate(discs, at, widest, most):
            break
    return at


def _separate(discs: Sequence[Disc], at: list[Point], widest: float, most: float) -> bool:
    """Separates the overlapping pairs once; returns whether there were any."""
    is_moved = False
    order = sorted(range(len(discs)), key=lambda number: at[number][0])
    for place, i in enumerate(order):
        for j in order[place + 1 :]:
            (x, y), (other_x, other_y) = at[i], at[j]
            if other_x - x > discs[i].r + widest + _GAP:
                break
            distance = math.hypot(other_x - x, other_y - y) or 0.01
            overlap = discs[i].r + discs[j].r + _GAP - distance
            if overlap <= 0.05:
                continue
            is_moved = True
            step = (other_x - x) / distance * overlap, (other_y - y) / distance * overlap
            # The larger disc moves less.
            share = discs[j].r ** 2 / (discs[i].r ** 2 + discs[j].r ** 2)
            at[i] = _limit((x - step[0] * share, y - step[1] * share), discs[i], most)
            at[j] = _limit((other_x + step[0] * (1 - share), other_y + step[1] * (1 - share)), discs[j], most)
    return is_moved


def _limit(point: Point, home: Disc, most: float) -> Point:
    x, y = point[0] - home.x, point[1] - home.y
    scale = min(1.0, most / (math.hypot(x, y) or 1))
    return home.x + x * scale, home.y + y * scale
