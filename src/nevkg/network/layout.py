"""Positions of nodes, curves of edges and places of labels, for every kind of picture; the force-directed layout."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nevkg.errors import needs_extra
from nevkg.network.geometry import LINE, Label, Placement, Point, bend_curve, find_bounding_box, sample_curve
from nevkg.network.label_text import break_lines, measure
from nevkg.network.layers import place_in_layers
from nevkg.network.model import NetworkData
from nevkg.network.projections import LAYERS

if TYPE_CHECKING:
    import networkx as nx


def lay_out(network: NetworkData) -> Placement:
    """Lays out nodes, edges and labels by the layout of the projection: layered or force-directed."""
    with needs_extra("draw"):
        if network.projection.layout == LAYERS:
            return place_in_layers(network)
        points = spread_nodes(network)
        sizes = _sizes(network)
        curves = _straight(network, points, sizes)
        labels = place_labels(network, points, sizes, curves)
    return Placement(points, sizes, curves, labels, find_bounding_box(points, curves, labels))


def _sizes(network: NetworkData) -> dict[str, float]:
    """Returns the radius of each node, which grows slowly (logarithmically) with the number of its edges."""
    degrees = Counter(iri for edge in network.edges for iri in set(edge.ends))
    return {iri: round(0.22 + 0.06 * math.log2(1 + degrees[iri]), 3) for iri in network.nodes}


def _straight(network: NetworkData, points: Mapping[str, Point], sizes: Mapping[str, float]) -> list[Sequence[Point]]:
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


def _loop(point: Point, size: float, place: int) -> list[Point]:
    """Returns the curve of an edge from a node to itself."""
    x, y = point
    reach = 4 * size + 0.5 * place
    return [(x - 0.7 * size, y + 0.7 * size), (x - reach, y + reach), (x + reach, y + reach), (x + 0.7 * size, y + 0.7 * size)]


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


def spread_nodes(network: NetworkData) -> dict[str, Point]:
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
    lengths = [numpy.linalg.norm(turned[number[node]] - turned[number[other]]) for node, other in part.edges]
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


# Maximum number of labels; in larger networks only the nodes with the most edges are labelled.
_MOST_LABELS = 800
# The space around labels.
_AROUND = 0.12


def place_labels(
    network: NetworkData, points: Mapping[str, Point], sizes: Mapping[str, float], curves: Sequence[Sequence[Point]]
) -> dict[str, Label]:
    """Places the labels, those of nodes with the most edges first; a label without room is left out."""
    import numpy

    degrees = Counter(iri for edge in network.edges for iri in edge.ends)
    chosen = sorted(network.nodes, key=lambda iri: (-degrees[iri], iri))
    nodes = numpy.array([(x - sizes[iri], y - sizes[iri], x + sizes[iri], y + sizes[iri]) for iri, (x, y) in points.items()])
    step = 0.35 if len(curves) <= _MOST_LABELS else 1.5
    sampled = [point for curve in curves for point in sample_curve(curve, step)]
    dots = numpy.array(sampled or [(math.inf, math.inf)])
    taken = nodes
    found = {}
    for iri in chosen[:_MOST_LABELS]:
        lines = break_lines(network.nodes[iri].label)
        best: tuple[float, Label] | None = None
        for rank, label in enumerate(_candidates(lines, points[iri], sizes[iri]) if lines else ()):
            left, low, right, top = label.box
            free = (taken[:, 0] >= right) | (taken[:, 2] <= left) | (taken[:, 1] >= top) | (taken[:, 3] <= low)
            if free.all():
                covered = (dots[:, 0] > left) & (dots[:, 0] < right) & (dots[:, 1] > low) & (dots[:, 1] < top)
                cost = float(covered.sum()) + 0.4 * rank
                if best is None or cost < best[0]:
                    best = cost, label
        if best:
            found[iri] = best[1]
            left, low, right, top = best[1].box
            taken = numpy.vstack([taken, [(left - _AROUND, low - _AROUND / 2, right + _AROUND, top + _AROUND / 2)]])
    return found


def _candidates(lines: Sequence[str], point: Point, size: float) -> Iterator[Label]:
    """Yields positions around a node, best first: beside, below, above, diagonally, and then the same farther away."""
    x, y = point
    half = LINE * len(lines) / 2
    for more in (0.0, 0.35, 0.8):
        reach = size + _AROUND + more
        yield Label(lines, x + reach, y, 1)
        yield Label(lines, x - reach, y, -1)
        yield Label(lines, x, y - reach - half, 0)
        yield Label(lines, x, y + reach + half, 0)
        for side in (1, -1):
            for up in (-1, 1):
                yield Label(lines, x + side * 0.7 * reach, y + up * (0.7 * reach + half), side)
                yield Label(lines, x + side * 0.95 * reach, y + up * half, side)
                yield Label(lines, x - side * 1.2, y + up * (reach + half), side)
