"""The part of the world that a map shows, and where points are in its frame."""

from __future__ import annotations

from collections.abc import Sequence

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
