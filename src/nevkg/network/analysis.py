"""Measures of nodes (degree, betweenness, communities), paths between them, and bipartite projections."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from itertools import islice, pairwise, takewhile
from typing import TYPE_CHECKING, Literal, TypeVar

from nevkg.errors import WrongUsage
from nevkg.lookup.sources import gather_evidence
from nevkg.lookup.trace import CellEvidence
from nevkg.network.model import Edge, NetworkData, span
from nevkg.table.table import Table
from nevkg.table.values import Column, Thing, Value
from nevkg.words import labels_of

if TYPE_CHECKING:
    import networkx as nx

AnyNetwork = TypeVar("AnyNetwork", bound=NetworkData)

_MEASURES = labels_of("network.analysis.measures")
# The relation between two entities that share a third, by language.
_SHARED = labels_of("network.analysis.relations")["shared"]


def to_simple_graph(network: NetworkData) -> nx.Graph[str]:
    """Returns the network as an undirected graph; the weight of an edge is the sum of all edges between its two ends."""
    import networkx

    graph: nx.Graph[str] = networkx.Graph()
    graph.add_nodes_from(network.nodes)
    for edge in network.edges:
        before = graph.get_edge_data(*edge.ends, {}).get("weight", 0.0)
        graph.add_edge(*edge.ends, weight=before + edge.weight)
    return graph


def measure_nodes(network: NetworkData) -> Table:
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
    columns = [Column(name, label) for name, label in _MEASURES.items()]
    return Table(network.store, columns, records, title=network.title, language=network.language)


def _number_groups(groups: list[set[str]]) -> dict[str, int]:
    """Returns the number of each node's group, counted from 1, the largest group first."""
    ordered = sorted(groups, key=lambda group: (-len(group), min(group)))
    return {iri: number for number, group in enumerate(ordered, start=1) for iri in group}


def project_onto(network: AnyNetwork, side: Literal["subject", "object"]) -> AnyNetwork:
    """Returns the bipartite projection: the subjects (or objects) of a network, linked if they share an object (or subject).

    Args:
        network: a network whose edges lead from one kind of entity to another.
        side: the side to project onto, ``subject`` or ``object``.

    Returns:
        A network whose weights count the shared nodes, and whose evidence is that of the edges to these nodes.
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
        for number, member in enumerate(names):
            for other in names[number + 1 :]:
                count, evidence = shared.get((member, other), (0, {}))
                shared[member, other] = (count + 1, evidence | dict.fromkeys([*members[member], *members[other]]))
    relation = Thing("", _SHARED[network.language])
    return network.with_edges(
        [Edge(member, relation, other, float(count), evidence=list(rests)) for (member, other), (count, rests) in sorted(shared.items())]
    )


_STEPS = labels_of("network.analysis.steps")


def find_paths(
    network: NetworkData, start: str, end: str, *, longest: int | None = None, limit: int = 10, avoid: Collection[str] = ()
) -> Table:
    """Finds the paths between two nodes, ignoring direction.

    Args:
        longest: the maximum number of steps of the simple paths to return; only the shortest paths if None.
        avoid: the IRIs of nodes through which no path may lead.

    Returns:
        A table with one row per step, which reads ``subject relation object``; a step has several rows if several
        relations link its nodes. The table is empty if the nodes are not connected.

    Raises:
        WrongUsage: if both nodes are the same.
    """
    import networkx

    if start == end:
        raise WrongUsage("A path needs two different entities; both names mean the same one.")
    graph = to_simple_graph(network)
    graph.remove_nodes_from(set(avoid) - {start, end})
    found: list[list[str]] = []
    if start in graph and end in graph and networkx.has_path(graph, start, end):
        if longest is None:
            found = sorted(networkx.all_shortest_paths(graph, start, end))[:limit]
        else:
            shortest_first = networkx.shortest_simple_paths(graph, start, end)
            found = list(islice(takewhile(lambda path: len(path) - 1 <= longest, shortest_first), limit))
    edges_between: dict[frozenset[str], list[Edge]] = {}
    for edge in network.edges:
        edges_between.setdefault(frozenset(edge.ends), []).append(edge)
    steps = [(number, step, ends) for number, path in enumerate(found, start=1) for step, ends in enumerate(pairwise(path), start=1)]
    links = [(number, step, edge) for number, step, ends in steps for edge in edges_between[frozenset(ends)]]
    evidence = gather_evidence(network.store, {iri for _, _, edge in links for iri in edge.evidence}, network.language)
    records: list[tuple[Value, ...]] = []
    rests: list[CellEvidence] = []
    for number, step, edge in links:
        subject, obj = (Thing(iri, network.nodes[iri].label) for iri in edge.ends)
        sources = tuple(Thing(source, source.rpartition("/")[2]) for source in evidence.find_sources(edge.evidence)) or None
        records.append((number, step, subject, edge.relation, obj, *span(edge.spells), edge.standing, sources))
        rests.append(((), (), (), tuple(edge.evidence), (), (), (), (), ()))
    columns = [Column(name, label, list=name == "sources") for name, label in _STEPS.items()]
    return Table(network.store, columns, records, rests, title=network.title, language=network.language)
