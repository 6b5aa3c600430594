"""Force-directed layout: each connected component separately, and the components side by side."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nevkg.network.layout.labels import break_lines, measure
from nevkg.network.layout.place import LINE, Point
from nevkg.network.model import Network

if TYPE_CHECKING:
    import networkx as nx

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


def spread(network: Network) -> dict[str, Point]:
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
    return pack([_part(graph, part, boxes) for part in sorted(parts, key=lambda part: (-len(part), part))], boxes)


def _part(graph: nx.Graph[str], nodes: list[str], boxes: Mapping[str, Point]) -> dict[str, Point]:
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
