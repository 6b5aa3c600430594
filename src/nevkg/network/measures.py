"""Measures of nodes (degree, betweenness, communities), and the bipartite projection of a network."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Literal

from nevkg.errors import WrongUsage
from nevkg.network.model import Edge, Network
from nevkg.table.columns import Column
from nevkg.table.table import Table
from nevkg.table.values import Thing

if TYPE_CHECKING:
    import networkx as nx

_HEADS = {
    "node": {"en": "node", "zh": "节点"},
    "class": {"en": "class", "zh": "类"},
    "degree": {"en": "degree", "zh": "度"},
    "in": {"en": "in", "zh": "入度"},
    "out": {"en": "out", "zh": "出度"},
    "strength": {"en": "strength", "zh": "强度"},
    "betweenness": {"en": "betweenness", "zh": "中介中心性"},
    "component": {"en": "component", "zh": "连通分量"},
    "community": {"en": "community", "zh": "社群"},
}
# The relation between two entities that share a third, by language.
_SHARED = {"en": "shares with", "zh": "共有"}


def to_simple_graph(network: Network) -> nx.Graph[str]:
    """Returns the network as an undirected graph; the weight of an edge is the sum of all edges between its two ends."""
    import networkx

    graph: nx.Graph[str] = networkx.Graph()
    graph.add_nodes_from(network.nodes)
    for edge in network.edges:
        before = graph.get_edge_data(*edge.ends, {}).get("weight", 0.0)
        graph.add_edge(*edge.ends, weight=before + edge.weight)
    return graph


def measure_nodes(network: Network) -> Table:
    """Measures all nodes; one row per node, the most connected first.

    Columns: ``degree``, the number of edges at the node, of which ``in`` are incoming and ``out`` outgoing;
    ``strength``, the sum of their weights; ``betweenness``, the share of shortest paths between two other nodes that
    lead through it, ignoring direction and weights; ``component`` and ``community``, numbered by size, the largest
    first. Communities are found by the Louvain method with weights.
    """
    import networkx
    from networkx.algorithms.community import louvain_communities

    graph = to_simple_graph(network)
    ins: dict[str, int] = defaultdict(int)
    outs: dict[str, int] = defaultdict(int)
    strength: dict[str, float] = defaultdict(float)
    for edge in network.edges:
        outs[edge.subject] += 1
        ins[edge.object] += 1
        for end in edge.ends:
            strength[end] += edge.weight
    betweenness = networkx.betweenness_centrality(graph)
    component = _number_groups([set(nodes) for nodes in networkx.connected_components(graph)])
    has_edges = graph.number_of_edges() > 0
    community = _number_groups([set(nodes) for nodes in louvain_communities(graph, weight="weight", seed=0)]) if has_edges else component
    order = sorted(network.nodes, key=lambda iri: (-ins[iri] - outs[iri], iri))
    records = [
        (
            Thing(iri, network.nodes[iri].label),
            network.nodes[iri].kind,
            ins[iri] + outs[iri],
            ins[iri],
            outs[iri],
            strength[iri],
            round(betweenness[iri], 6),
            component[iri],
            community[iri],
        )
        for iri in order
    ]
    columns = [Column(name, label) for name, label in _HEADS.items()]
    return Table(network.store, columns, records, title=network.title, language=network.language)


def _number_groups(groups: list[set[str]]) -> dict[str, int]:
    """Returns the number of each node's group, counted from 1, the largest group first."""
    ordered = sorted(groups, key=lambda group: (-len(group), min(group)))
    return {iri: number for number, group in enumerate(ordered, start=1) for iri in group}


def project_onto(network: Network, side: Literal["subject", "object"]) -> Network:
    """Returns the bipartite projection: the subjects (or objects) of a network, linked if they share an object (or subject).

    Args:
        network: a network whose edges lead from one kind of entity to another.
        side: the side to project onto, ``subject`` or ``object``.

    Returns:
        A network whose weights count the shared nodes, and whose evidence is that of the edges to these nodes.

    Raises:
        WrongUsage: if there is no such side.
    """
    if side not in ("subject", "object"):
        raise WrongUsage(f"There is no side '{side}'; choose subject or object.")
    by_other: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for edge in network.edges:
        own, other = edge.ends if side == "subject" else (edge.object, edge.subject)
        by_other[other].setdefault(own, []).extend(edge.evidence)
    shared: dict[tuple[str, str], tuple[int, dict[str, None]]] = {}
    for members in by_other.values():
        names = sorted(members)
        for number, one in enumerate(names):
            for another in names[number + 1 :]:
                count, evidence = shared.get((one, another), (0, {}))
                shared[one, another] = (count + 1, evidence | dict.fromkeys([*members[one], *members[another]]))
    relation = Thing("", _SHARED[network.language])
    return network.with_edges(
        [Edge(one, relation, other, float(count), evidence=list(rests)) for (one, other), (count, rests) in sorted(shared.items())]
    )
