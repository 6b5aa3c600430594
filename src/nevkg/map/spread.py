"""Moves overlapping marks apart by as little as possible."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from nevkg.map.atlas import Point

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
