"""Converts a network to a networkx graph with scalar attributes, which every graph tool reads."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.network.model import Edge, Network, Node, Scalar, span
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


def as_networkx(network: Network) -> nx.MultiDiGraph[str]:
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
