"""The looks and the texts of pictures of networks."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from nevkg.network.geometry import Placement, Point
from nevkg.network.label_text import LETTER, clean
from nevkg.network.model import Dashes, Edge, NetworkData, Node
from nevkg.words import words_of

# Colours of Okabe and Ito, those that are visible on white.
_COLORS = ("#0072B2", "#C4500A", "#00805C", "#B4578C", "#A07400", "#3A3A3A")
_REST = "#8A8A8A"
# The relative width of an edge without a standing, if other edges have one.
_THIN = 0.5
_HEX = re.compile("#([0-9A-Fa-f]{2})([0-9A-Fa-f]{2})([0-9A-Fa-f]{2})")


@dataclass(frozen=True)
class Stroke:
    """A relation in the legend: its label, its colour, and whether its arrowheads are hollow."""

    label: str
    color: str
    hollow: bool


@dataclass(frozen=True)
class LinePattern:
    """A standing in the legend: its label, its dashes (lengths of dash and gap, in widths of a thin line), and its relative width."""

    label: str
    dashes: Dashes
    share: float


@dataclass(frozen=True)
class Badge:
    """A class in the legend: its label, colour and outline (corners around the centre, at a distance of about 1; none for a disc)."""

    label: str
    color: str
    corners: Sequence[Point]


def _ring(number: int, turn: float, size: float, dent: float | None = None) -> list[Point]:
    """Returns the corners of a regular polygon, or of a star if the inner radius ``dent`` is given."""
    steps = number if dent is None else 2 * number
    sizes = [size if dent is None or step % 2 == 0 else dent for step in range(steps)]
    return [
        (round(sizes[step] * math.sin(angle), 4), round(sizes[step] * math.cos(angle), 4))
        for step in range(steps)
        if (angle := turn + 2 * math.pi * step / steps) is not None
    ]


_QUARTER = math.pi / 4
# Outlines of marks; an empty one is a circle.
SHAPES: tuple[Sequence[Point], ...] = (
    (),
    _ring(4, _QUARTER, 1.25),
    _ring(3, 0, 1.4),
    _ring(4, 0, 1.3),
    _ring(3, math.pi, 1.4),
    _ring(5, 0, 1.15),
    _ring(5, 0, 1.45, 0.62),
    _ring(4, 0, 1.45, 0.5),
    _ring(6, 0, 1.12),
    _ring(3, math.pi / 2, 1.4),
    _ring(4, _QUARTER, 1.45, 0.5),
    _ring(3, -math.pi / 2, 1.4),
)


def badges(network: NetworkData, other: str) -> dict[str, Badge]:
    """Returns the look of each class, by its IRI, in the order of their labels; ``other`` is the label of nodes without a class."""
    kinds = {node.kind.iri: node for node in network.nodes.values()}
    ordered = sorted(kinds.values(), key=lambda node: (node.kind.label, node.kind.iri))
    return {
        node.kind.iri: Badge(node.kind.label or other, color(node), SHAPES[number % len(SHAPES)]) for number, node in enumerate(ordered)
    }


def read_rgb(color: str) -> tuple[int, ...]:
    """Returns red, green and blue from 0 to 255; empty if the colour is not hexadecimal."""
    found = _HEX.fullmatch(color)
    return tuple(int(part, 16) for part in found.groups()) if found else ()


def color(node: Node) -> str:
    """Returns the colour of a node; grey if it is not a valid colour."""
    return node.color if read_rgb(node.color) else _REST


def strokes(network: NetworkData) -> dict[str, Stroke]:
    """Returns the look of each relation, by its IRI, the most frequent first; those beyond twelve look the same and have no label."""
    counts = Counter(edge.relation.iri for edge in network.edges)
    labels = {edge.relation.iri: edge.relation.label for edge in network.edges}
    looks = [(color, hollow) for hollow, color in product((False, True), _COLORS)]
    ordered = sorted(counts, key=lambda iri: (-counts[iri], labels[iri], iri))
    own = len(ordered) if len(ordered) <= len(looks) else len(looks) - 1
    found = {iri: Stroke(labels[iri] or iri, *looks[number]) for number, iri in enumerate(ordered[:own])}
    return found | {iri: Stroke("", _REST, False) for iri in ordered[own:]}


def patterns(network: NetworkData, none: str) -> dict[str, LinePattern]:
    """Returns the look of each standing of the edges, by its IRI, the best first.

    The last, with the key "" and the label ``none``, is for edges without a standing; it is left out if there are none.
    """
    labels = {edge.standing.iri: edge.standing.label for edge in network.edges if edge.standing}
    found = {iri: LinePattern(labels[iri], dashes, 1.0) for iri, dashes in network.dashes.items() if iri in labels}
    if all(edge.standing and edge.standing.iri in found for edge in network.edges):
        return found
    return found | {"": LinePattern(none, (), _THIN if found else 1.0)}


def pattern_of(edge: Edge, looks: Mapping[str, LinePattern]) -> LinePattern:
    """Returns the look of an edge from the result of :func:`patterns`."""
    return looks.get(edge.standing.iri if edge.standing else "") or looks[""]


def widths(edges: Sequence[Edge]) -> list[float]:
    """Returns the width of each edge, from 0.7 to 3 points; 0.9 for all if their weights are equal."""
    weights = [edge.weight if math.isfinite(edge.weight) and edge.weight > 0 else 0.0 for edge in edges]
    least, most = min(weights, default=0.0), max(weights, default=0.0)
    if most <= least:
        return [0.9] * len(weights)
    return [round(0.7 + 2.3 * math.sqrt((weight - least) / (most - least)), 2) for weight in weights]


# An entry of the legend: a class, a relation, a standing, or a text.
Entry = Badge | Stroke | LinePattern | str
# Points (1/72 inch) for one unit of a layout.
UNIT = 13.0
FONT = LETTER * UNIT
INK = "#1A1A1A"
QUIET = "#555555"

_WORDS = words_of("network.drawing")


def words(network: NetworkData) -> Mapping[str, str]:
    """Returns the texts on a picture in the language of the network."""
    return _WORDS[network.language]


def caption(network: NetworkData, left_out: int) -> str:
    """Returns the text at the bottom: the description of the network, the number of sources, and of labels left out."""
    say = words(network)
    number = len(network.sources)
    parts = [clean(network.description)[:600]]
    if number:
        parts.append(say["source"] if number == 1 else say["sources"].format(number))
    if left_out:
        parts.append(say["left1"] if left_out == 1 else say["left"].format(left_out))
    return "; ".join(parts) + "."


def legend(
    network: NetworkData, badges: Mapping[str, Badge], strokes: Mapping[str, Stroke], patterns: Mapping[str, LinePattern]
) -> list[Entry]:
    """Returns the entries of the legend: relations only if there are several, standings only if there are any; "" begins a new line."""
    found: list[Entry] = list(badges.values())
    say = words(network)
    if len(strokes) > 1:
        named = [stroke for stroke in strokes.values() if stroke.label]
        rest = [Stroke(say["rest"], stroke.color, stroke.hollow) for stroke in strokes.values() if not stroke.label][:1]
        found += ["", *named, *rest]
    if list(patterns) not in ([], [""]):
        found += ["", say["standing"], *patterns.values()]
    weights = [edge.weight for edge in network.edges if math.isfinite(edge.weight)]
    if weights and min(weights) < max(weights):
        found.append(say["width"].format(f"{min(weights):g}", f"{max(weights):g}"))
    return found


def extent(placed: Placement) -> tuple[float, float]:
    """Returns width and height of the network without title, legend and caption, in points."""
    left, bottom, right, top = placed.box
    return (right - left) * UNIT, (top - bottom) * UNIT
