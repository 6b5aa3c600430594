"""A network with scalar attributes only, which every graph tool reads."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.network.model import Edge, Network, Node, Scalar, span
from nevkg.table.values import Value, shown

if TYPE_CHECKING:
    import networkx as nx


def scalar(value: Value) -> Scalar:
    """A value as text, number or truth value; a thing as its label."""
    if isinstance(value, Decimal):
        return float(value)
    return value if isinstance(value, bool | int | float) else shown(value)


def node_attributes(node: Node) -> dict[str, Scalar]:
    """What is told of a node; what is not known is left out."""
    facts = {name: scalar(value) for name, value in node.facts.items() if value is not None}
    return {"label": node.label, "iri": node.iri, "class": node.kind.label, "color": node.color, **facts}


def edge_attributes(edge: Edge) -> dict[str, Scalar]:
    """What is told of an edge; dates are those of its first beginning and last end."""
    begin, end = span(edge)
    facts = {name: scalar(value) for name, value in edge.facts.items() if value is not None}
    dates = {name: day for name, day in (("from", begin), ("until", end)) if day is not None}
    return facts | {"label": edge.relation.label, "relation": edge.relation.iri, "weight": edge.weight, **dates}


def as_networkx(network: Network) -> nx.MultiDiGraph[str]:
    """See :meth:`nevkg.network.model.Network.to_networkx`."""
    import networkx

    graph: nx.MultiDiGraph[str] = networkx.MultiDiGraph(title=network.title, description=network.description)
    for node in network.nodes.values():
        graph.add_node(node.name, **node_attributes(node))
    spaces = entities.namespaces(network.store)
    for edge in network.edges:
        subject, obj = (network.nodes[iri].name for iri in edge.ends)
        key = terms.shorten(edge.relation.iri, spaces)
        # Several edges of one relation differ in what they rest on, and each is kept.
        while graph.has_edge(subject, obj, key):
            key += "'"
        graph.add_edge(subject, obj, key, **edge_attributes(edge))
    return graph
