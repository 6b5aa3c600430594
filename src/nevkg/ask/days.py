"""Days: the snapshot of a day, the record as known by a day, and which of them a query is over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from nevkg.ask import arguments
from nevkg.ask.catalogue import RECORD, SNAPSHOT
from nevkg.data import terms
from nevkg.errors import WrongUsage
from nevkg.lookup import entities
from nevkg.sparql import syntax
from nevkg.sparql.syntax import read_prologue
from nevkg.store import EmbeddedStore, Store, open_known_by, open_snapshot
from nevkg.store.memo import memoise_each

# Each open store takes about 20 MB of address space, and each record has its own snapshots.
_MOST_OPEN, _MOST_KNOWN = 4, 1
_ALONE = "A snapshot is a whole dataset: give one day, once, and name no other graph; use GRAPH for the graphs of the record."


@memoise_each(_MOST_OPEN)
def snapshot(store: Store, day: str) -> EmbeddedStore:
    """Returns the snapshot of one day, or of ``EVER``; the last few stay open."""
    return open_snapshot(store, day)


def record_known_by(store: Store, day: str) -> EmbeddedStore:
    """Returns the record without the sources published after a day (ISO or ``today``); up to two such records stay open."""
    return _open_known_by(store, arguments.day(day))


@memoise_each(_MOST_KNOWN)
def _open_known_by(store: Store, day: str) -> EmbeddedStore:
    return open_known_by(store, day)


def view(store: Store, day: str | None = None) -> Store:
    """Returns the store for look-ups: the snapshot if a day is given or sources are left out, since the record has all; else the record."""
    return snapshot(store, day or entities.dataset_date(store)) if day or store.known_by else store


def find_dataset(
    store: Store,
    text: str,
    default_graphs: Sequence[str] = (),
    named_graphs: Sequence[str] = (),
    *,
    as_of: str | None = None,
    over: str | None = None,
) -> tuple[Store, str, Sequence[str]]:
    """Determines which dataset a query is run against.

    Args:
        text: the query. FROM with ``<https://w3id.org/nevkg/snapshot/2025-04-30>`` names the snapshot of that day.
        default_graphs: IRIs of graphs, or of a snapshot, that the request names for the default graph.
        named_graphs: IRIs of graphs that GRAPH can access.
        as_of: the day (ISO or ``today``); the date of the dataset if None.
        over: ``snapshot`` or ``record``; None for the snapshot, unless the query names graphs itself, or the store
            holds another dataset than this project's.

    Returns:
        The snapshot, the query without FROM, and no graphs; or the record, with the query and the default graphs unchanged.

    Raises:
        WrongUsage: if a day cannot be read or is given twice, another graph is named besides it, or ``over`` has another value.
    """
    if over not in (None, SNAPSHOT, RECORD):
        raise WrongUsage(f"over: '{over}' is not {SNAPSHOT} or {RECORD}.")
    clauses = _clauses(store, text)
    named = [*named_graphs, *(clause.graph for clause in clauses if clause.is_named)]
    graphs = [*default_graphs, *named, *(clause.graph for clause in clauses if not clause.is_named)]
    given = [] if as_of is None else [as_of]
    days = [*given, *(graph.removeprefix(terms.SNAPSHOT) for graph in graphs if graph.startswith(terms.SNAPSHOT))]
    if any(graph.startswith(terms.SNAPSHOT) for graph in named):
        raise WrongUsage("A snapshot is a default graph: name it by FROM or default-graph-uri.")
    if over == RECORD:
        if days:
            raise WrongUsage("The record has all days: leave out the day, or 'over'.")
        return store, text, default_graphs
    if over == SNAPSHOT and graphs and not days:
        raise WrongUsage("A query over a snapshot names no other graph: leave out FROM, or 'over'.")
    if not days:
        day = None if graphs else entities.stored_date(store)
        if day is None:
            return store, text, default_graphs
        return snapshot(store, day), text, ()
    if len(graphs) + len(given) > 1:
        raise WrongUsage(_ALONE)
    for clause in clauses:
        # The length stays the same, so that lines and columns in messages are those of the query.
        text = text[: clause.start] + " " * (clause.end - clause.start) + text[clause.end :]
    return snapshot(store, arguments.day(days[0])), text, ()


def find_absent(store: Store, text: str) -> list[str]:
    """Returns the graphs named by FROM and FROM NAMED that a store does not have; a query treats them as empty."""
    graphs = [clause.graph for clause in _clauses(store, text) if not clause.graph.startswith(terms.SNAPSHOT)]
    if not graphs:
        return []
    from nevkg.store import contents

    return [graph for graph in graphs if not contents.size(store, graph)]


class _Clause(NamedTuple):
    """A FROM or FROM NAMED clause: its graph, and the offsets of its first character and after its last."""

    graph: str
    is_named: bool
    start: int
    end: int


def _clauses(store: Store, text: str) -> list[_Clause]:
    """Returns the FROM clauses of a query, with prefixed names and relative IRIs expanded."""
    if "from" not in text.lower():
        return []
    found, tokens = [], list(syntax.tokenize(text))
    prologue = read_prologue(tokens, entities.namespaces(store))
    for number, token in enumerate(tokens):
        if syntax.is_keyword(token, "FROM"):
            is_named = any(syntax.is_keyword(following, "NAMED") for following in tokens[number + 1 : number + 2])
            for name in tokens[number + 1 + is_named : number + 2 + is_named]:
                if (graph := prologue.expand(name)) is not None:
                    found.append(_Clause(graph, is_named, token.start, name.start + len(name.text)))
    return found
