"""All that a store holds of ours, graph by graph: straight from a store in this process, in pages from a server."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, QuerySolutions, Triple

from nevkg.data import terms
from nevkg.data.dataset import steady_blank_nodes
from nevkg.errors import CouldNotRun
from nevkg.store.base import Store
from nevkg.store.embedded import EmbeddedStore
from nevkg.store.remote import RemoteStore

_PAGE = 5000  # rows; below what servers give at the most: 10,000 in Virtuoso as it is installed


def graphs(store: Store, beginning: str = terms.GRAPH) -> list[str]:
    """The IRIs of the graphs that begin so, sorted."""
    if isinstance(store, EmbeddedStore):
        names = map(terms.text, store.store.named_graphs())
        return sorted(name for name in names if name.startswith(beginning))
    found: list[str] = []
    while page := _names(store, beginning, found[-1] if found else ""):
        found += page
    return found


def _names(store: Store, beginning: str, after: str) -> list[str]:
    # By what comes after the last one, not by OFFSET: servers count anew for that, or refuse to.
    condition = f'STRSTARTS(STR(?graph), "{beginning}") && STR(?graph) > "{after}"'
    query = f"SELECT DISTINCT ?graph WHERE {{ GRAPH ?graph {{ ?s ?p ?o }} FILTER({condition}) }} ORDER BY ?graph LIMIT {_PAGE}"
    return [terms.text(row["graph"]) for row in _rows(store, query)]


def counts(store: Store, names: Sequence[str]) -> dict[str, int]:
    """How many triples each graph has; those without any are left out.

    Args:
        store: where they are.
        names: their IRIs, sorted, all that begin alike; others between the first and the last are left out.
    """
    found: dict[str, int] = {}
    for start in range(0, len(names), _PAGE):
        page = names[start : start + _PAGE]
        # A range, since Virtuoso takes several times as long where graphs are named.
        condition = f'STR(?graph) >= "{page[0]}" && STR(?graph) <= "{page[-1]}"'
        query = f"SELECT ?graph (COUNT(*) AS ?n) WHERE {{ GRAPH ?graph {{ ?s ?p ?o }} FILTER({condition}) }} GROUP BY ?graph"
        found |= {terms.text(row["graph"]): int(terms.text(row["n"])) for row in _rows(store, query)}
    return {name: found[name] for name in names if name in found}


def size(store: Store, name: str) -> int:
    """How many triples a graph has; 0 if there is none of that name."""
    return next(int(terms.text(row["n"])) for row in _rows(store, f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{name}> {{ ?s ?p ?o }} }}"))


def predicates(store: Store, graph: str) -> dict[str, int]:
    """How many triples of a graph each predicate has, sorted."""
    query = f"SELECT ?p (COUNT(*) AS ?n) WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} GROUP BY ?p ORDER BY ?p"
    return {terms.text(row["p"]): int(terms.text(row["n"])) for row in _rows(store, query)}


def quads(store: Store, names: Sequence[str]) -> Iterator[Quad]:
    """All quads of these graphs.

    Raises:
        CouldNotRun: if a server gives fewer than it has.
    """
    if isinstance(store, EmbeddedStore):
        for name in names:
            yield from store.store.quads_for_pattern(None, None, None, NamedNode(name))
        return
    sizes = counts(store, names)
    batch: list[str] = []
    for name in names:
        if sizes.get(name, 0) > _PAGE:
            yield from _in_parts(store, name, sizes[name])
            continue
        if batch and sum(sizes.get(one, 0) for one in (*batch, name)) > _PAGE:
            yield from _whole(store, batch, sizes)
            batch = []
        batch.append(name)
    if batch:
        yield from _whole(store, batch, sizes)


def default(store: EmbeddedStore) -> list[Triple]:
    """The triples of the default graph, which is the snapshot where the store has one."""
    return [quad.triple for quad in store.store.quads_for_pattern(None, None, None, DefaultGraph())]


def _whole(store: Store, names: Sequence[str], sizes: dict[str, int]) -> Iterator[Quad]:
    found = _select(store, _of(names))
    _all_came(store, found, sum(sizes.get(name, 0) for name in names))
    # A server names blank nodes in its own way; here they bear the names that they have in the dataset.
    yield from steady_blank_nodes(found) if any(isinstance(quad.subject, BlankNode) for quad in found) else found


def _in_parts(store: Store, name: str, size: int) -> Iterator[Quad]:
    """A large graph in parts of subjects whose hashes begin alike: no server need keep an order between requests."""
    digits = 1
    while size / 16**digits > _PAGE / 3:
        digits += 1
    found: list[Quad] = []
    for part in range(16**digits):
        found += _select(store, f'{_of([name])} FILTER(STRSTARTS(MD5(STR(?s)), "{part:0{digits}x}"))')
    _all_came(store, found, size)
    yield from found


def _select(store: Store, pattern: str) -> list[Quad]:
    return [Quad(row["s"], row["p"], row["o"], row["graph"]) for row in _rows(store, f"SELECT ?graph ?s ?p ?o WHERE {{ {pattern} }}")]


def _of(names: Sequence[str]) -> str:
    return f"VALUES ?graph {{ {' '.join(f'<{name}>' for name in names)} }} GRAPH ?graph {{ ?s ?p ?o }}"


def _all_came(store: Store, found: Sequence[Quad], due: int) -> None:
    if len(found) != due:
        raise CouldNotRun(f"Of {due:,} triples, {len(found):,} came from the {store.identity}; it may be changing, or give only a part.")


def _rows(store: Store, query: str) -> QuerySolutions:
    found = (store.by_graph() if isinstance(store, RemoteStore) else store).query(query)
    assert isinstance(found, QuerySolutions)
    return found
