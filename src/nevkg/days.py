"""The dataset that a query is about: the snapshot of a day, which SPARQL can name by FROM and ``default-graph-uri``, or the record."""

from __future__ import annotations

from collections.abc import Sequence

from nevkg import arguments, entities, sparql, terms
from nevkg.errors import WrongUsage
from nevkg.memory import Lookup
from nevkg.questions import RECORD, SNAPSHOT
from nevkg.store import EmbeddedStore, Store, open_known, open_snapshot

_MOST_OPEN = 4
_ALONE = "A snapshot is a whole dataset: give one day, once, and name no graph beside it; GRAPH reaches those of the record."


def snapshot(store: Store, day: str) -> EmbeddedStore:
    """The snapshot of one day; the last few stay open.

    Args:
        store: the record.
        day: an ISO date, or ``EVER``.
    """
    return _snapshots(store, [day])[day]


def known(store: Store, day: str) -> EmbeddedStore:
    """The record without the sources that were published after a day; the last few stay open.

    Args:
        store: the record.
        day: ISO or ``today``.

    Raises:
        WrongUsage: if the day cannot be read.
    """
    read = arguments.day(day)
    return _known(store, [read])[read]


def view(store: Store, day: str | None = None) -> Store:
    """Where entities are described: the snapshot if a day is given or sources are left out, since the record names all entities.

    Args:
        store: the record.
        day: ISO; None for no day in particular.
    """
    return snapshot(store, day or entities.dataset_date(store)) if day or store.known_by else store


_snapshots = Lookup[str, EmbeddedStore](lambda store, days: {day: open_snapshot(store, day) for day in days}, _MOST_OPEN)
_known = Lookup[str, EmbeddedStore](lambda store, days: {day: open_known(store, day) for day in days}, _MOST_OPEN)


def find_dataset(
    store: Store,
    text: str,
    default_graphs: Sequence[str] = (),
    named_graphs: Sequence[str] = (),
    *,
    as_of: str | None = None,
    over: str | None = None,
) -> tuple[Store, str, Sequence[str]]:
    """What a query is asked of.

    Args:
        store: the record.
        text: the query. FROM with ``<https://w3id.org/nevkg/snapshot/2025-04-30>`` names the snapshot of that day.
        default_graphs: IRIs of graphs, or of a snapshot, that the request names for the default graph.
        named_graphs: IRIs of graphs that GRAPH is to find.
        as_of: the day (ISO or ``today``); the date of the dataset if None.
        over: ``snapshot`` or ``record``; None for the snapshot, unless the query names graphs of its own, or the store
            holds no dataset of ours.

    Returns:
        The snapshot, the query without FROM, and no graphs; or the record, with the query and the graphs as they were given.

    Raises:
        WrongUsage: if a day cannot be read or is given twice, another graph is named beside it, or ``over`` is something else.
    """
    if over not in (None, SNAPSHOT, RECORD):
        raise WrongUsage(f"over: '{over}' is not {SNAPSHOT} or {RECORD}.")
    clauses = _clauses(text)
    graphs = [*default_graphs, *named_graphs, *(graph for graph, _, _ in clauses)]
    days = [*([as_of] if as_of else []), *(graph.removeprefix(terms.SNAPSHOT) for graph in graphs if graph.startswith(terms.SNAPSHOT))]
    if over == RECORD:
        if days:
            raise WrongUsage("The record has all days: leave out the day, or 'over'.")
        return store, text, default_graphs
    if not days:
        day = None if graphs else entities.own_date(store)
        if day is None:
            return store, text, default_graphs
        return snapshot(store, day), text, ()
    if len(graphs) + bool(as_of) > 1:
        raise WrongUsage(_ALONE)
    for _, start, end in clauses:
        # As long as before, so that lines and columns in messages are those of the query.
        text = text[:start] + " " * (end - start) + text[end:]
    return snapshot(store, arguments.day(days[0])), text, ()


def find_absent(store: Store, text: str) -> list[str]:
    """The graphs that FROM and FROM NAMED name and that a store does not have; a query takes them as empty."""
    graphs = [graph for graph, _, _ in _clauses(text) if not graph.startswith(terms.SNAPSHOT)]
    if not graphs:
        return []
    from nevkg.store import contents

    return [graph for graph in graphs if not contents.size(store, graph)]


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
