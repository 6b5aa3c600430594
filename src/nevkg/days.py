"""The day that a query is asked for: a snapshot by its day, or as SPARQL names it, by FROM and ``default-graph-uri``."""

from __future__ import annotations

from collections.abc import Sequence

from nevkg import arguments, sparql, terms
from nevkg.errors import WrongUsage
from nevkg.memory import Lookup
from nevkg.store import Store, open_snapshot

_MOST_OPEN = 4
_ALONE = "A snapshot is a whole dataset: give one day, once, and name no graph beside it; GRAPH reaches those of the record."


def snapshot(store: Store, day: str) -> Store:
    """The snapshot of one day; the last few stay open.

    Args:
        store: the record.
        day: an ISO date.
    """
    return _snapshots(store, [day])[day]


_snapshots = Lookup[str, Store](lambda store, days: {day: open_snapshot(store, day) for day in days}, _MOST_OPEN)


def find_dataset(store: Store, text: str, default_graphs: Sequence[str] = (), as_of: str | None = None) -> tuple[Store, str, Sequence[str]]:
    """What a query is asked of, where a day is given, or a snapshot is named, such as ``<https://w3id.org/nevkg/snapshot/2025-04-30>``.

    Returns:
        The snapshot, the query without FROM, and no graphs; all as they were given if no day is.

    Raises:
        WrongUsage: if the day cannot be read, or another graph is named, too.
    """
    if not as_of and not any(terms.SNAPSHOT in part for part in (text, *default_graphs)):
        return store, text, default_graphs
    clauses = _clauses(text)
    graphs = [*default_graphs, *(graph for graph, _, _ in clauses)]
    days = [*([as_of] if as_of else []), *(graph.removeprefix(terms.SNAPSHOT) for graph in graphs if graph.startswith(terms.SNAPSHOT))]
    if not days:
        return store, text, default_graphs
    if len(graphs) + bool(as_of) > 1:
        raise WrongUsage(_ALONE)
    for _, start, end in clauses:
        # As long as before, so that lines and columns in messages are those of the query.
        text = text[:start] + " " * (end - start) + text[end:]
    return snapshot(store, arguments.day(days[0])), text, ()


def _clauses(text: str) -> list[tuple[str, int, int]]:
    """The graphs that FROM and FROM NAMED name, with where each clause begins and ends."""
    found = []
    tokens = list(sparql.tokens(text))
    for token, second, third in zip(tokens, tokens[1:], [*tokens[2:], None], strict=False):
        if sparql.is_keyword(token, "FROM"):
            graph = third if sparql.is_keyword(second, "NAMED") else second
            if graph is not None and graph.kind == "iri":
                found.append((graph.text[1:-1], token.start, graph.start + len(graph.text)))
    return found
