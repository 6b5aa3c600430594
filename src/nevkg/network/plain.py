"""The form of a network that all export formats share: short names, clean scalars, one type per attribute, a fixed order."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.network.model import Edge, Network, Node, Scalar, Spell, span
from nevkg.network.projections import FROM, UNTIL
from nevkg.table.values import Value, to_text

if TYPE_CHECKING:
    import networkx as nx


def scalar(value: Value) -> Scalar:
    """Converts a value to a text, a number or a truth value; an entity to its label."""
    if isinstance(value, Decimal):
        return float(value)
    return value if isinstance(value, bool | int | float) else to_text(value)


def node_attributes(node: Node) -> dict[str, Scalar]:
    """Returns the attributes of a node; unknown values are left out."""
    facts = {name: scalar(value) for name, value in node.facts.items() if value is not None}
    return {"label": node.label, "iri": node.iri, "class": node.kind.label, "color": node.color, **facts}


def edge_attributes(edge: Edge) -> dict[str, Scalar]:
    """Returns the attributes of an edge; its dates are the first beginning and the last end, unknown values are left out."""
    begin, end = span(edge)
    facts = {name: scalar(value) for name, value in edge.facts.items() if value is not None}
    dates = {name: day for name, day in (("from", begin), ("until", end)) if day is not None}
    return facts | {"label": edge.relation.label, "relation": edge.relation.iri, "weight": edge.weight, **dates}


def to_networkx(network: Network) -> nx.MultiDiGraph[str]:
    """Converts a network; see :meth:`nevkg.network.model.Network.to_networkx`."""
    import networkx

    graph: nx.MultiDiGraph[str] = networkx.MultiDiGraph(title=network.title, description=network.description)
    for node in network.nodes.values():
        graph.add_node(node.name, **node_attributes(node))
    spaces = entities.namespaces(network.store)
    for edge in network.edges:
        subject, obj = (network.nodes[iri].name for iri in edge.ends)
        key = terms.shorten(edge.relation.iri, spaces)
        # Edges of the same relation and ends differ in their evidence, so each gets its own key.
        while graph.has_edge(subject, obj, key):
            key += "'"
        graph.add_edge(subject, obj, key, **edge_attributes(edge))
    return graph


# Characters that XML 1.0 does not allow, not even escaped; all formats omit them, so that all have the same content.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_HEX = re.compile("#([0-9A-Fa-f]{2})([0-9A-Fa-f]{2})([0-9A-Fa-f]{2})")
# Names to which the formats give a meaning; a fact with such a name gets an underscore.
_RESERVED = frozenset({"evidence", "id", "key", "name", "parent", "source", "sources", "spells", "target", "value"})


@dataclass(frozen=True)
class PlainNode:
    """A node with its short name; ``life`` is the period in which it existed, None if unknown."""

    name: str
    facts: Mapping[str, Scalar]
    life: Spell | None

    @property
    def rgb(self) -> tuple[int, ...]:
        """Red, green and blue from 0 to 255; empty if the colour is not hexadecimal."""
        found = _HEX.fullmatch(str(self.facts.get("color", "")))
        return tuple(int(part, 16) for part in found.groups()) if found else ()


@dataclass(frozen=True)
class PlainEdge:
    """An edge with an identifier, between nodes given by their short names.

    Attributes:
        name: the identifier, ``e1``, ``e2`` and so on.
        kind: the short name of its relation.
        standing: the IRI of its standing; empty if it has none.
    """

    name: str
    source: str
    target: str
    kind: str
    facts: Mapping[str, Scalar]
    spells: Sequence[Spell]
    evidence: Sequence[str]
    standing: str


@dataclass(frozen=True)
class Plain:
    """A network with short names and clean scalars, sorted, with one type for each attribute."""

    about: Mapping[str, str]
    nodes: Sequence[PlainNode]
    edges: Sequence[PlainEdge]
    node_types: Mapping[str, type[Scalar]]
    edge_types: Mapping[str, type[Scalar]]


def simplify(network: Network) -> Plain:
    """Converts a network to the form that all formats share."""
    about = {"title": _clean(network.title), "description": _clean(network.description), "as_of": network.as_of}
    nodes = sorted(network.nodes.values(), key=lambda node: node.iri)
    node_types, node_facts = _uniform([node_attributes(node) for node in nodes])
    edges = sorted(network.edges, key=lambda edge: (*edge.ends, edge.relation.iri))
    # The weight is from the chosen column, even if there is another column of that name.
    edge_types, edge_facts = _uniform([{**edge_attributes(edge), "weight": edge.weight} for edge in edges])
    spaces = entities.namespaces(network.store)
    kinds = {iri: terms.shorten(iri, spaces) for iri in {edge.relation.iri for edge in edges}}
    plain_edges = []
    for number, (edge, facts) in enumerate(zip(edges, edge_facts, strict=True), start=1):
        source, target = (network.nodes[iri].name for iri in edge.ends)
        standing = edge.standing.iri if edge.standing else ""
        plain_edges.append(PlainEdge(f"e{number}", source, target, kinds[edge.relation.iri], facts, edge.spells, edge.evidence, standing))
    plain_nodes = [PlainNode(node.name, facts, _life(node)) for node, facts in zip(nodes, node_facts, strict=True)]
    return Plain(about, plain_nodes, plain_edges, node_types, edge_types)


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _uniform(rows: Iterable[Mapping[str, Scalar]]) -> tuple[dict[str, type[Scalar]], list[dict[str, Scalar]]]:
    """Returns one type for each attribute, and the rows converted to it, without empty texts and non-finite numbers."""
    cleaned = [
        {
            f"{name}_" if name in _RESERVED else name: _clean(value) if isinstance(value, str) else value
            for name, value in sorted(row.items())
            if value != "" and not (isinstance(value, float) and not math.isfinite(value))
        }
        for row in rows
    ]
    found: dict[str, set[type]] = {}
    for row in cleaned:
        for name, value in row.items():
            found.setdefault(name, set()).add(type(value))
    types = {name: _common(found[name]) for name in sorted(found)}
    return types, [{name: to_text(value) if types[name] is str else types[name](value) for name, value in row.items()} for row in cleaned]


def _common(types: set[type]) -> type[Scalar]:
    if types == {bool}:
        return bool
    if types == {int}:
        return int
    return float if types <= {int, float} else str


def _life(node: Node) -> Spell | None:
    begin, until = _day(node.facts.get(FROM)), _day(node.facts.get(UNTIL))
    return (begin, until) if begin or until else None


def _day(value: Value) -> str | None:
    return value.isoformat()[:10] if isinstance(value, date) else None
