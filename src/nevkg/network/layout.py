"""Positions of nodes, curves of edges and places of labels, for every kind of picture; the force-directed layout.

The unit is the height of a line of text; x grows to the right and y upwards.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nevkg.errors import missing_extra
from nevkg.network.labels import break_lines, measure
from nevkg.network.model import Network
from nevkg.network.projections import LAYERS

if TYPE_CHECKING:
    import networkx as nx

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
            from nevkg.network.layers import place_in_layers

            return place_in_layers(network)
        from nevkg.network.labels import place_labels

        points = spread_nodes(network)
        sizes = _sizes(network)
        curves = _straight(network, points, sizes)
        labels = place_labels(network, points, sizes, curves)
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


# Up to this number of nodes the distances in the picture follow those of the graph; above it, that takes too long.
_SMALL = 200
# Above this number it is only fast with good starting positions.
_TINY = 60
# Above this number the distances between all pairs would take too much memory.
_LARGE = 1500
_SEED = 20260101
_GAP = 1.5
# The least mean length of edges, and the ratio of the area of the layout to that of the boxes.
_LENGTH, _LOOSE = 5.0, 1.3
# Above this number of nodes not all labels are drawn, so nodes may be closer together.
_LABELLED = 400


def spread_nodes(network: Network) -> dict[str, Point]:
    """Returns the position of each node."""
    import networkx

    graph: nx.Graph[str] = networkx.Graph()
    graph.add_nodes_from(network.nodes)
    graph.add_edges_from(sorted({(min(ends), max(ends)) for edge in network.edges if len(set(ends := edge.ends)) == 2}))
    parts = [sorted(part) for part in networkx.connected_components(graph)]
    if len(graph) > _LABELLED:
        boxes = dict.fromkeys(network.nodes, (2.4, 2.0))
    else:
        lines = {iri: break_lines(node.label) for iri, node in network.nodes.items()}
        boxes = {iri: (max([1.0, *map(measure, texts)]) + 1.0, 1.2 + LINE * len(texts)) for iri, texts in lines.items()}
    return pack([_lay_out_component(graph, part, boxes) for part in sorted(parts, key=lambda part: (-len(part), part))], boxes)


def _lay_out_component(graph: nx.Graph[str], nodes: list[str], boxes: Mapping[str, Point]) -> dict[str, Point]:
    """Lays out one connected component, with room for each node and its label, its longer side horizontal."""
    import networkx
    import numpy

    if len(nodes) == 1:
        return {nodes[0]: (0.0, 0.0)}
    part: nx.Graph[str] = networkx.Graph()
    part.add_nodes_from(nodes)
    part.add_edges_from(sorted((min(ends), max(ends)) for ends in graph.subgraph(nodes).edges))
    found: dict[str, Any]
    begin = networkx.spring_layout(part, seed=_SEED, iterations=60, method="force") if _TINY < len(nodes) <= _LARGE else None
    if len(nodes) <= _SMALL:
        found = networkx.kamada_kawai_layout(part, pos=begin)
    elif len(nodes) > _LARGE:
        found = networkx.spring_layout(part, seed=_SEED, iterations=30, method="force")
    else:
        found = networkx.forceatlas2_layout(part, pos=begin, max_iter=_steps(len(nodes)), seed=_SEED, scaling_ratio=4.0)
    places = numpy.array([found[node] for node in nodes], dtype=float)
    places -= places.mean(axis=0)
    _, axes = numpy.linalg.eigh(places.T @ places)
    # The axis of the greatest spread is the last. Either sign would be valid, so it is fixed to be deterministic.
    turned = places @ axes[:, ::-1] * [1 if axes[numpy.abs(axes[:, -1]).argmax(), -1] > 0 else -1, 1]
    number = {node: place for place, node in enumerate(nodes)}
    lengths = [numpy.linalg.norm(turned[number[one]] - turned[number[other]]) for one, other in part.edges]
    sizes = numpy.array([boxes[node] for node in nodes])
    area = max(float(numpy.prod(numpy.ptp(turned, axis=0))), 1e-9)
    scale = max(
        math.sqrt(_LOOSE * float(numpy.prod(sizes, axis=1).sum()) / area) if len(nodes) > 8 else 0.0,
        _LENGTH / max(float(numpy.mean(lengths)), 1e-9),
    )
    spaced = _apart(turned * scale, sizes) if len(nodes) <= _LARGE else turned * scale
    return {node: (float(x), float(y)) for node, (x, y) in zip(nodes, spaced, strict=True)}


def _steps(nodes: int) -> int:
    """Returns the number of iterations, which is lower for larger networks, since each takes longer."""
    return 300 if nodes < 400 else max(20, 300 * 400**2 // nodes**2)


def _apart(places: Any, sizes: Any) -> Any:
    """Pushes nodes apart until the boxes around them no longer overlap, or the iterations are used up."""
    import numpy

    wide, high = ((sizes[:, None, axis] + sizes[None, :, axis]) / 2 for axis in (0, 1))
    # Nodes at the same position are moved in different directions.
    turn = numpy.arange(len(places)) * 2.4
    places = places + 1e-3 * numpy.column_stack([numpy.cos(turn), numpy.sin(turn)])
    for _ in range(_steps(len(places))):
        offsets = places[:, None, :] - places[None, :, :]
        across, along = wide - numpy.abs(offsets[:, :, 0]), high - numpy.abs(offsets[:, :, 1])
        over = (across > 0) & (along > 0)
        numpy.fill_diagonal(over, False)
        if not over.any():
            break
        # Move in the direction of the smaller overlap, relative to the size of the box.
        sideways = over & (across / wide < along / high)
        upwards = over & ~sideways
        places[:, 0] += 0.3 * (numpy.where(sideways, across, 0) * numpy.sign(offsets[:, :, 0])).sum(axis=1)
        places[:, 1] += 0.3 * (numpy.where(upwards, along, 0) * numpy.sign(offsets[:, :, 1])).sum(axis=1)
    return places


def pack(parts: Sequence[Mapping[str, Point]], boxes: Mapping[str, Point]) -> dict[str, Point]:
    """Arranges the components in rows, in their order, without overlaps, so that the whole is somewhat wider than high."""
    rooms = []
    for part in parts:
        left = min(x - 0.6 * boxes[iri][0] for iri, (x, _) in part.items())
        right = max(x + 0.6 * boxes[iri][0] for iri, (x, _) in part.items())
        ys = [y for _, y in part.values()]
        rooms.append((left, min(ys), right - left + _GAP, max(ys) - min(ys) + 2 * _GAP))
    line = max([math.sqrt(1.6 * sum(wide * high for *_, wide, high in rooms)), *(wide for *_, wide, _ in rooms)], default=0.0)
    found: dict[str, Point] = {}
    x = y = row = 0.0
    for part, (left, bottom, wide, high) in zip(parts, rooms, strict=True):
        if x and x + wide > line * 1.02:
            x, y, row = 0.0, y - row, 0.0
        # The components of a row are aligned at its top.
        found |= {iri: (round(px - left + x, 4), round(py - bottom + y - high, 4)) for iri, (px, py) in part.items()}
        x, row = x + wide, max(row, high)
    return found
