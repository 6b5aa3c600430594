"""Paths: how two things are connected, step by step, each step with what it rests on."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import islice, pairwise, takewhile
from typing import TYPE_CHECKING

from nevkg.errors import WrongUsage
from nevkg.lookup.sources import gather
from nevkg.lookup.trace import Rests
from nevkg.network.measures import simple
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


def paths(network: Network, start: str, end: str, *, longest: int | None = None, limit: int = 10, avoid: Collection[str] = ()) -> Table:
    """The paths between two nodes, without regard to direction; one row a step, several where several relations make it.

    Args:
        network: where to look.
        start: IRI of a node.
        end: IRI of another.
        longest: the greatest number of steps of all simple paths; if None, only the shortest paths are given.
        limit: how many paths at the most.
        avoid: IRIs of nodes through which no path may lead.

    Returns:
        A table whose steps read ``subject relation object``; it is empty if nothing connects the two.

    Raises:
        WrongUsage: if both are the same.
    """
    import networkx

    if start == end:
        raise WrongUsage("A path leads from one thing to another; name two different ones.")
    graph = simple(network)
    graph.remove_nodes_from(set(avoid) - {start, end})
    found: list[list[str]] = []
    if start in graph and end in graph and networkx.has_path(graph, start, end):
        if longest is None:
            found = sorted(networkx.all_shortest_paths(graph, start, end))[:limit]
        else:
            found = list(islice(_shortest_first(graph, start, end, longest), limit))
    joining: dict[frozenset[str], list[Edge]] = {}
    for edge in network.edges:
        joining.setdefault(frozenset(edge.ends), []).append(edge)
    steps = [(number, step, ends) for number, path in enumerate(found, start=1) for step, ends in enumerate(pairwise(path), start=1)]
    made = [(number, step, edge) for number, step, ends in steps for edge in joining[frozenset(ends)]]
    behind = gather(network.store, {iri for _, _, edge in made for iri in edge.evidence}, network.language).behind
    records: list[tuple[Value, ...]] = []
    rests: list[Rests] = []
    for number, step, edge in made:
        subject, obj = (Thing(iri, network.nodes[iri].label) for iri in edge.ends)
        known = sorted({source for iri in edge.evidence for source in behind.get(iri, ())})
        sources = tuple(Thing(source, source.rpartition("/")[2]) for source in known) or None
        records.append((number, step, subject, edge.relation, obj, *span(edge), edge.standing, sources))
        rests.append(((), (), (), tuple(edge.evidence), (), (), (), (), ()))
    columns = [Column(name, label, list=name == "sources") for name, label in _HEADS.items()]
    return Table(network.store, columns, records, rests, title=network.title, language=network.language)


def _shortest_first(graph: nx.Graph[str], start: str, end: str, longest: int) -> Iterator[list[str]]:
    """All simple paths of at most so many steps, the shorter ones first."""
    import networkx

    return takewhile(lambda path: len(path) - 1 <= longest, networkx.shortest_simple_paths(graph, start, end))
