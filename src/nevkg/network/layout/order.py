"""Orders the slots in the columns of a layered layout to reduce crossings, and computes their heights."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Mapping, Sequence

Slot = tuple[str, ...]
Link = tuple[Slot, Slot]

_SWEEPS = 24


def order_columns(columns: Sequence[Sequence[Slot]], links: Sequence[Link]) -> list[list[Slot]]:
    """Sorts each column by the mean position of the slots that its slots are linked with (barycentre heuristic).

    The columns are swept from left to right and back 24 times; the result is the order with the fewest crossings.
    """
    beside = _beside(links)
    current = [list(column) for column in columns]
    best, fewest = [list(column) for column in current], _crossings(current, links)
    for sweep in range(_SWEEPS):
        numbers = range(1, len(current)) if sweep % 2 == 0 else range(len(current) - 2, -1, -1)
        for number in numbers:
            other = number - 1 if sweep % 2 == 0 else number + 1
            place = {slot: position for position, slot in enumerate(current[other])}
            means = {slot: _mean([place[near] for near in beside[slot] if near in place]) for slot in current[number]}
            own = {slot: position * len(place) / len(current[number]) for position, slot in enumerate(current[number])}
            current[number].sort(key=lambda slot: (own[slot] if (mean := means[slot]) is None else mean, slot))
        crossings = _crossings(current, links)
        if crossings < fewest:
            best, fewest = [list(column) for column in current], crossings
    return best


def _beside(links: Sequence[Link]) -> dict[Slot, list[Slot]]:
    beside: dict[Slot, list[Slot]] = defaultdict(list)
    for one, other in links:
        beside[one].append(other)
        beside[other].append(one)
    return beside


def _mean(numbers: Sequence[float]) -> float | None:
    return sum(numbers) / len(numbers) if numbers else None


def _crossings(columns: Sequence[Sequence[Slot]], links: Sequence[Link]) -> int:
    """Counts the pairs of links that cross."""
    place = {slot: (number, position) for number, column in enumerate(columns) for position, slot in enumerate(column)}
    between: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for one, other in links:
        between[place[one][0]].append((place[one][1], place[other][1]))
    total = 0
    for ends in between.values():
        seen: list[int] = []
        for _, end in sorted(ends):
            total += len(seen) - bisect_left(seen, end + 1)
            insort(seen, end)
    return total


def find_heights(columns: Sequence[Sequence[Slot]], links: Sequence[Link]) -> dict[Slot, float]:
    """Returns the height of each slot: nodes at least a line of text apart, as near as possible to the slots they are linked with."""
    beside = _beside(links)
    high = {slot: len(column) / 2 - position for column in columns for position, slot in enumerate(column)}
    for sweep in range(12):
        for column in columns if sweep % 2 == 0 else columns[::-1]:
            wanted = {slot: _mean([high[near] for near in beside[slot]]) for slot in column}
            high |= _fit_heights(column, {slot: high[slot] if mean is None else mean for slot, mean in wanted.items()})
    return {slot: round(value, 4) for slot, value in high.items()}


def _fit_heights(column: Sequence[Slot], wanted: Mapping[Slot, float]) -> dict[Slot, float]:
    """Returns the heights nearest to the wanted ones, by least squares, that preserve the order and the minimum distances."""
    depths, depth = [], 0.0
    for number, slot in enumerate(column):
        if number:
            # An edge that passes through needs less room than a label.
            depth += 1.0 if len(slot) == 1 and len(column[number - 1]) == 1 else 0.6
        depths.append(depth)
    # Pool adjacent violators: blocks of slots at the minimum distance, each at the mean of the wanted heights.
    blocks: list[tuple[float, int]] = []
    for slot, depth in zip(column, depths, strict=True):
        blocks.append((wanted[slot] + depth, 1))
        while len(blocks) > 1 and blocks[-2][0] < blocks[-1][0]:
            (upper, many), (lower, more) = blocks[-2:]
            blocks[-2:] = [((upper * many + lower * more) / (many + more), many + more)]
    means = [mean for mean, many in blocks for _ in range(many)]
    return {slot: mean - depth for slot, mean, depth in zip(column, means, depths, strict=True)}
