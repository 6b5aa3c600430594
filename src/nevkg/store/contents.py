"""Reads the graphs of the dataset from a store: directly if it is embedded, in pages from a server, or as a local copy of a server."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, QuerySolutions, Triple

from nevkg.data import terms
from nevkg.data.dataset import canonicalize_blank_nodes
from nevkg.errors import CouldNotRun
from nevkg.store import digest
from nevkg.store.base import Store
from nevkg.store.embedded import EmbeddedStore, open_filled, state_of

if TYPE_CHECKING:
    from nevkg.store.remote import RemoteStore

# Rows. Parts of a graph may have more, within the limits of servers, such as 10,000 in Virtuoso by default.
_PAGE = 5000
_HASHES = 16**4  # the number of beginnings of a hash, of four hexadecimal digits


def graphs(store: Store, beginning: str = terms.GRAPH) -> list[str]:
    """Returns the IRIs of the graphs that begin with a prefix, sorted."""
    if isinstance(store, EmbeddedStore):
        names = map(terms.text, store.store.named_graphs())
        return sorted(name for name in names if name.startswith(beginning))
    found: list[str] = []
    while page := _names(store, beginning, found[-1] if found else ""):
        found += page
    return found


def _names(store: Store, beginning: str, after: str) -> list[str]:
    # A page begins after the last name of the previous one; for OFFSET, servers would sort again or refuse.
    condition = f'STRSTARTS(STR(?graph), "{beginning}") && STR(?graph) > "{after}"'
    query = f"SELECT DISTINCT ?graph WHERE {{ GRAPH ?graph {{ ?s ?p ?o }} FILTER({condition}) }} ORDER BY ?graph LIMIT {_PAGE}"
    return [terms.text(row["graph"]) for row in _rows(store, query)]


def counts(store: Store, names: Sequence[str]) -> dict[str, int]:
    """Counts the triples of each graph; omits graphs without any.

    Args:
        store: holds the graphs.
        names: their IRIs, sorted: all that share a prefix. Other graphs between the first and the last are omitted.
    """
    found: dict[str, int] = {}
    for start in range(0, len(names), _PAGE):
        page = names[start : start + _PAGE]
        # A range, since Virtuoso takes several times as long if graphs are listed.
        condition = f'STR(?graph) >= "{page[0]}" && STR(?graph) <= "{page[-1]}"'
        query = f"SELECT ?graph (COUNT(*) AS ?n) WHERE {{ GRAPH ?graph {{ ?s ?p ?o }} FILTER({condition}) }} GROUP BY ?graph"
        found |= {terms.text(row["graph"]): int(terms.text(row["n"])) for row in _rows(store, query)}
    return {name: found[name] for name in names if name in found}


def size(store: Store, name: str, filters: str = "") -> int:
    """Counts the triples of a graph, or those that SPARQL filters on ``?s``, ``?p`` and ``?o`` let through; 0 if it does not exist."""
    query = f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{name}> {{ ?s ?p ?o }} {filters} }}"
    return next(int(terms.text(row["n"])) for row in _rows(store, query))


def predicates(store: Store, graph: str) -> dict[str, int]:
    """Counts the triples of a graph by predicate, sorted by predicate."""
    query = f"SELECT ?p (COUNT(*) AS ?n) WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} GROUP BY ?p ORDER BY ?p"
    return {terms.text(row["p"]): int(terms.text(row["n"])) for row in _rows(store, query)}


def quads(store: Store, names: Sequence[str]) -> Iterator[Quad]:
    """Yields all quads of these graphs; raises ``CouldNotRun`` if a server returns another number of triples than it counts."""
    if isinstance(store, EmbeddedStore):
        for name in names:
            yield from store.store.quads_for_pattern(None, None, None, NamedNode(name))
        return
    sizes = dict.fromkeys(names, 0) | counts(store, names)
    for batch in split_into_batches(sizes, len(sizes), _PAGE):
        triples = sum(sizes[name] for name in batch)
        # A large graph is a batch of its own. It is read by the hash of the subject, so that no order must persist between requests.
        found = [quad for part in split_by_subject(triples, _PAGE) for quad in _select(store, batch, part)]
        if len(found) != triples:
            raise CouldNotRun(
                f"The {store.identity} returned {len(found):,} of {triples:,} triples; it may be changing, or limit its results. Try again."
            )
        # A server renames blank nodes; this restores their names in the dataset.
        yield from canonicalize_blank_nodes(found) if any(isinstance(quad.subject, BlankNode) for quad in found) else found


def split_into_batches(sizes: Mapping[str, int], most_graphs: int, most_triples: int) -> Iterator[list[str]]:
    """Yields graphs, given with their numbers of triples, in batches that fit into one request; one too large has its own."""
    batch: list[str] = []
    size = 0
    for graph, triples in sizes.items():
        if batch and (len(batch) == most_graphs or size + triples > most_triples):
            yield batch
            batch, size = [], 0
        batch.append(graph)
        size += triples
    if batch:
        yield batch


def split_by_subject(triples: int, most: int) -> list[str]:
    """Returns SPARQL filters on ``?s`` that split a graph into parts of about ``most`` triples.

    They compare hashes of the subjects, which are evenly distributed.
    """
    number = -(-triples // most)
    if number <= 1:
        return [""]
    edges = [f"{_HASHES * part // number:04x}" for part in range(number)]
    return [f'FILTER(MD5(STR(?s)) >= "{start}" && MD5(STR(?s)) < "{end}")' for start, end in pairwise([*edges, "g"])]


def split_by_predicate(sizes: Mapping[str, int], most: int) -> list[str]:
    """Returns SPARQL filters on ``?p`` and ``?s`` that split a graph into parts of about ``most`` triples.

    This is less work for a store than :func:`split_by_subject`, because predicates are indexed and hashes are not.

    Args:
        sizes: predicate to its number of triples.
        most: maximum number of triples in a part.
    """
    return [
        f"FILTER(?p IN ({', '.join(f'<{name}>' for name in batch)})) {part}"
        for batch in split_into_batches(sizes, len(sizes), most)
        for part in split_by_subject(sum(sizes[name] for name in batch), most)
    ]


def default_triples(store: EmbeddedStore) -> list[Triple]:
    """Returns the triples of the default graph, which is the snapshot if the store has one."""
    return [quad.triple for quad in store.store.quads_for_pattern(None, None, None, DefaultGraph())]


def _select(store: Store, names: Sequence[str], filters: str) -> list[Quad]:
    pattern = f"VALUES ?graph {{ {terms.format_iris(names)} }} GRAPH ?graph {{ ?s ?p ?o }} {filters}"
    return [Quad(row["s"], row["p"], row["o"], row["graph"]) for row in _rows(store, f"SELECT ?graph ?s ?p ?o WHERE {{ {pattern} }}")]


def _rows(store: Store, query: str) -> QuerySolutions:
    if not isinstance(store, EmbeddedStore):
        from nevkg.store.remote import RemoteStore

        assert isinstance(store, RemoteStore)
        store = store.by_graph()
    found = store.query(query)
    assert isinstance(found, QuerySolutions)
    return found


def copy_remote(remote: RemoteStore) -> EmbeddedStore:
    """Returns a local copy of the dataset of a server, cached by its digests; ``CouldNotRun`` if it changes in the meantime."""
    names = graphs(remote)
    sums = digest.sum_graphs(remote.by_graph(), names)
    whole = hashlib.sha256("".join(f"{name} {total}\n" for name, total in sums.items()).encode()).hexdigest()
    state = state_of(whole)

    opened = open_filled(f"store-{state}", lambda store: store.bulk_extend(quads(remote, names)))
    state = state if opened.place else ""
    return EmbeddedStore(opened.store, remote.layout, whole, None, opened.place, state=state, lease=opened.lease, is_copy=True)
