"""Layered layout: nodes in columns, with edges from left to right and few crossings."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from nevkg.network.geometry import Label, Placement, Point, find_bounding_box
from nevkg.network.label_text import measure, shorten
from nevkg.network.model import NetworkData

if TYPE_CHECKING:
    import networkx as nx

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
    for slot, other in links:
        beside[slot].append(other)
        beside[other].append(slot)
    return beside


def _mean(numbers: Sequence[float]) -> float | None:
    return sum(numbers) / len(numbers) if numbers else None


def _crossings(columns: Sequence[Sequence[Slot]], links: Sequence[Link]) -> int:
    """Counts the pairs of links that cross."""
    place = {slot: (number, position) for number, column in enumerate(columns) for position, slot in enumerate(column)}
    between: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for slot, other in links:
        between[place[slot][0]].append((place[slot][1], place[other][1]))
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


_SIZE = 0.26
# The space between a node and its label, and between a label and the edges that leave it.
_SPACE = 0.25
_NEARLY = 0.9

# A node (its IRI), or a point where an edge passes through a column (the IRIs of its ends, and the column).


def place_in_layers(network: NetworkData) -> Placement:
    """Lays out the network in columns."""
    column_of = columns(network)
    pairs = {tuple(sorted(edge.ends, key=lambda iri: (column_of[iri], iri))) for edge in network.edges}
    chains = {(first, last): _chain(first, last, column_of) for first, last in sorted(pairs)}
    slots: list[list[Slot]] = [[] for _ in range(max(column_of.values(), default=0) + 1)]
    for iri in network.nodes:
        slots[column_of[iri]].append((iri,))
    for (first, _), chain in chains.items():
        for number, slot in enumerate(chain[1:-1], start=column_of[first] + 1):
            slots[number].append(slot)
    links = [link for (first, last), chain in chains.items() if column_of[first] != column_of[last] for link in pairwise(chain)]
    slots = order_columns(slots, links)
    high = find_heights(slots, links)
    wide = [max((_label(network, slot[0]) for slot in column if len(slot) == 1), default=0.0) for column in slots]
    rows = max(high.values(), default=0.0) - min(high.values(), default=0.0)
    gap = min(max(6.0, 0.22 * rows), 18.0)
    lefts = [0.0]
    for number in range(1, len(slots)):
        lefts.append(lefts[-1] + (wide[number - 1] if number > 1 else 0.0) + gap)
    several = len(slots) > 1
    sides = {iri: -1 if several and column_of[iri] == 0 else 1 for iri in network.nodes}
    points = {iri: (lefts[column_of[iri]], high[iri,]) for iri in network.nodes}
    ends = [number and left + wide[number] for number, left in enumerate(lefts)]
    lanes = _lanes(network, column_of, high)
    curves = []
    for number, edge in enumerate(network.edges):
        first, last = sorted(edge.ends, key=lambda iri: (column_of[iri], iri))
        if column_of[first] == column_of[last]:
            curve = _arc(points[first], points[last], -sides[first])
        else:
            begin = points[first][0] + (_SIZE if sides[first] < 0 else _label(network, first))
            between = enumerate(chains[first, last][1:-1], column_of[first] + 1)
            stops = [(lefts[column], ends[column], high[slot]) for column, slot in between]
            curve = _route(
                (begin, points[first][1] + lanes[number]), ends[column_of[first]], stops, (points[last][0] - _SIZE, points[last][1])
            )
        curves.append(curve if edge.subject == first else curve[::-1])
    labels = {
        iri: Label([text], x + sides[iri] * (_SIZE + _SPACE), y, sides[iri])
        for iri, (x, y) in points.items()
        if (text := shorten(network.nodes[iri].label))
    }
    return Placement(points, dict.fromkeys(points, _SIZE), curves, labels, find_bounding_box(points, curves, labels))


def _lanes(network: NetworkData, column_of: dict[str, int], high: dict[Slot, float]) -> list[float]:
    """Returns the vertical offset at which each edge leaves its node, so that edges that run in parallel do not hide each other."""
    leaving: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for number, edge in enumerate(network.edges):
        first, last = sorted(edge.ends, key=lambda iri: (column_of[iri], iri))
        if 0 < column_of[first] < column_of[last]:
            leaving[first].append((high[last,], number))
    lanes = [0.0] * len(network.edges)
    for found in leaving.values():
        step = min(0.16, 0.64 / len(found))
        for rank, (_, number) in enumerate(sorted(found)):
            lanes[number] = step * (rank - (len(found) - 1) / 2)
    return lanes


def _label(network: NetworkData, iri: str) -> float:
    """Returns the distance from the centre of a node to the end of its label."""
    return _SIZE + 2 * _SPACE + measure(shorten(network.nodes[iri].label))


def _chain(first: str, last: str, column_of: dict[str, int]) -> list[Slot]:
    """Returns the slots of an edge, one in each column from end to end."""
    between = range(column_of[first] + 1, column_of[last])
    return [(first,), *((first, last, str(number)) for number in between), (last,)]


def _route(start: Point, straight: float, stops: Sequence[tuple[float, float, float]], end: Point) -> list[Point]:
    """Routes an edge from left to right: straight past the label, curved between columns, and level through the columns it passes."""
    curve = [start]
    for target in [*((left, high) for left, _, high in stops), end]:
        x, y = curve[-1]
        if straight > x:
            curve += [(x + (straight - x) / 3, y), (x + 2 * (straight - x) / 3, y), (straight, y)]
            x = straight
        half = (x + target[0]) / 2
        curve += [(half, y), (half, target[1]), target]
        straight = next((right for left, right, _ in stops if left == target[0]), x)
    return curve


def _arc(start: Point, end: Point, side: int) -> list[Point]:
    """Returns the curve between two nodes of the same column, beside the column."""
    bulge = side * min(0.8 + 0.2 * abs(start[1] - end[1]), 4.5)
    x = start[0] + side * _SIZE
    return [(x, start[1]), (x + bulge, start[1]), (x + bulge, end[1]), (x, end[1])]


def columns(network: NetworkData) -> dict[str, int]:
    """Returns the column of each node: by its class if edges lead from class to class in one direction, else by its own edges."""
    kinds = {iri: node.kind.iri for iri, node in network.nodes.items()}
    by_class = _longest(kinds.values(), ((kinds[edge.subject], kinds[edge.object]) for edge in network.edges))
    if max(by_class.values(), default=0) == 1:
        first = _heads(network, kinds, by_class)
        by_class = {kind: 0 if kind in first else 1 + column if first else column for kind, column in by_class.items()}
    found = {iri: by_class[kind] for iri, kind in kinds.items()}
    if len(set(found.values())) > 1 or not network.edges:
        return found
    return _longest(network.nodes, (edge.ends for edge in network.edges))


def _heads(network: NetworkData, kinds: dict[str, str], by_class: dict[str, int]) -> set[str]:
    """Returns the classes in the right of two columns that belong to the left of both.

    These are the classes to which nearly all nodes on the left are linked by the same relation, such as their source.
    """
    left = {iri for iri, kind in kinds.items() if by_class[kind] == 0}
    having, leading = defaultdict(set), defaultdict(set)
    for edge in network.edges:
        if by_class[kinds[edge.object]] == 1:
            having[edge.relation.iri].add(edge.subject)
            leading[edge.relation.iri].add(kinds[edge.object])
    common = {relation for relation, subjects in having.items() if len(subjects) >= _NEARLY * len(left)}
    right = {kind for kind, column in by_class.items() if column == 1}
    # Relations that lead to many classes are likely the subject of the network.
    for most in (2, 1):
        chosen = {relation for relation in common if len(leading[relation]) <= most}
        others = {kind for relation, found in leading.items() if relation not in chosen for kind in found}
        first = {kind for relation in chosen if not leading[relation] & others for kind in leading[relation]}
        if first and first < right:
            return first
    return set()


def _longest(names: Iterable[str], links: Iterable[tuple[str, str]]) -> dict[str, int]:
    """Returns the length of the longest path to each name; names in a cycle get the same length."""
    import networkx

    counts = Counter(link for link in links if link[0] != link[1])
    graph: nx.DiGraph[str] = networkx.DiGraph()
    graph.add_nodes_from(sorted(set(names)))
    # If there are links in both directions, the more frequent direction counts.
    graph.add_edges_from(sorted(link for link, count in counts.items() if (count, link) > (counts[link[1], link[0]], link[::-1])))
    merged = networkx.condensation(graph)
    length: dict[int, int] = defaultdict(int)
    for group in networkx.topological_sort(merged):
        for following in merged.successors(group):
            length[following] = max(length[following], length[group] + 1)
    return {name: length[group] for name, group in merged.graph["mapping"].items()}
