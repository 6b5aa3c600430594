"""Paths between two entities, step by step, each step with its evidence."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice, pairwise, takewhile
from typing import TYPE_CHECKING

from nevkg.errors import WrongUsage
from nevkg.lookup.sources import gather_evidence
from nevkg.lookup.trace import CellEvidence
from nevkg.network.measures import to_simple_graph
from nevkg.network.model import Edge, Network, span
from nevkg.table.columns import Column
from nevkg.table.table import Table
from nevkg.table.values import Thing, Value

if TYPE_CHECKING:
    import networkx as nx

_HEADS = {
    "path": {"en": "path", "zh": "路径"},
    "step": {"en": "step", "zh": "步"},
    "subject": {"en": "subject", "zh": "主体"},
    "relation": {"en": "relation", "zh": "关系"},
    "object": {"en": "object", "zh": "客体"},
    "from": {"en": "from", "zh": "起"},
    "until": {"en": "until", "zh": "止"},
    "standing": {"en": "standing", "zh": "证据状况"},
    "sources": {"en": "sources", "zh": "来源"},
}


def find_paths(
    network: Network, start: str, end: str, *, longest: int | None = None, limit: int = 10, avoid: Collection[str] = ()
) -> Table:
    """Finds the paths between two nodes, ignoring direction.

    Args:
        network: the network in which to search.
        start: the IRI of the node at one end.
        end: the IRI of the node at the other end.
        longest: the maximum number of steps of the simple paths to return; only the shortest paths if None.
        limit: the maximum number of paths.
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
            found = list(islice(_shortest_first(graph, start, end, longest), limit))
    edges_between: dict[frozenset[str], list[Edge]] = {}
    for edge in network.edges:
        edges_between.setdefault(frozenset(edge.ends), []).append(edge)
    steps = [(number, step, ends) for number, path in enumerate(found, start=1) for step, ends in enumerate(pairwise(path), start=1)]
    links = [(number, step, edge) for number, step, ends in steps for edge in edges_between[frozenset(ends)]]
    behind = gather_evidence(network.store, {iri for _, _, edge in links for iri in edge.evidence}, network.language).behind
    records: list[tuple[Value, ...]] = []
    rests: list[CellEvidence] = []
    for number, step, edge in links:
        subject, obj = (Thing(iri, network.nodes[iri].label) for iri in edge.ends)
        known = sorted({source for iri in edge.evidence for source in behind.get(iri, ())})
        sources = tuple(Thing(source, source.rpartition("/")[2]) for source in known) or None
        records.append((number, step, subject, edge.relation, obj, *span(edge), edge.standing, sources))
        rests.append(((), (), (), tuple(edge.evidence), (), (), (), (), ()))
    columns = [Column(name, label, list=name == "sources") for name, label in _HEADS.items()]
    return Table(network.store, columns, records, rests, title=network.title, language=network.language)


def _shortest_first(graph: nx.Graph[str], start: str, end: str, longest: int) -> Iterator[list[str]]:
    """Yields all simple paths of at most ``longest`` steps, the shortest first."""
    import networkx

    return takewhile(lambda path: len(path) - 1 <= longest, networkx.shortest_simple_paths(graph, start, end))
