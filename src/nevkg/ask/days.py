"""Days: the snapshot of a day, the record as known by a day, and the base class of Python's view of the graph."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, NamedTuple, Self, TypeVar, cast

from nevkg.ask import arguments
from nevkg.ask.catalogue import RECORD, SNAPSHOT
from nevkg.data import terms
from nevkg.errors import WrongUsage
from nevkg.lookup import entities
from nevkg.sparql import syntax
from nevkg.sparql.syntax import read_prologue
from nevkg.store import EmbeddedStore, Store, open_known_by, open_snapshot
from nevkg.store.embedded import damage_error
from nevkg.store.engine import is_damage
from nevkg.store.memo import Lookup
from nevkg.store.snapshots import reopen

# Each open store takes about 20 MB of address space, and each record has its own snapshots.
_MOST_OPEN, _MOST_KNOWN = 4, 1
_ALONE = "A snapshot is a whole dataset: give one day, once, and name no other graph; use GRAPH for the graphs of the record."


def snapshot(store: Store, day: str) -> EmbeddedStore:
    """Returns the snapshot of one day; the last few stay open.

    Args:
        store: the record.
        day: an ISO date, or ``EVER``.
    """
    return _snapshots(store, [day])[day]


def record_known_by(store: Store, day: str) -> EmbeddedStore:
    """Returns the record without the sources that were published after a day; up to two such records stay open.

    Args:
        store: the record.
        day: ISO or ``today``.

    Raises:
        WrongUsage: if the day cannot be read.
    """
    read = arguments.day(day)
    return _known(store, [read])[read]


def view(store: Store, day: str | None = None) -> Store:
    """Returns the store in which to look up entities.

    That is the snapshot if a day is given or sources are left out, since the record names all entities; else the record.

    Args:
        store: the record.
        day: ISO; None for no particular day.
    """
    return snapshot(store, day or entities.dataset_date(store)) if day or store.known_by else store


_snapshots = Lookup[str, EmbeddedStore](lambda store, days: {day: open_snapshot(store, day) for day in days}, _MOST_OPEN)
_known = Lookup[str, EmbeddedStore](lambda store, days: {day: open_known_by(store, day) for day in days}, _MOST_KNOWN)


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
        store: the record.
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


M = TypeVar("M", bound=Callable[..., Any])


def retry_if_damaged(method: M) -> M:
    """Decorates a method of a view: calls it again on a rebuilt store if the cached store turns out to be damaged."""

    @wraps(method)
    def call(view: View, /, *values: Any, **named: Any) -> Any:
        try:
            return method(view, *values, **named)
        except (OSError, RuntimeError) as error:
            if not is_damage(error):
                raise
            view.store = reopen(view.store, error)
        try:
            return method(view, *values, **named)
        except (OSError, RuntimeError) as error:
            if is_damage(error):
                raise damage_error(view.store.identity.removeprefix("store "), error) from None
            raise

    return cast(M, call)


class View:
    """A record, the day that queries refer to, and the language of labels."""

    def __init__(self, store: Store, language: str, day: str | None = None) -> None:
        """Creates a view of the record in ``store``, as of ``day`` (ISO; the date of the dataset if None), with labels in ``language``."""
        self.store, self.language, self.day = store, language, day

    @property
    def as_of(self) -> str:
        """The day (ISO) that answers are for if a call gives no other."""
        return self.day or entities.dataset_date(self.store)

    @property
    def known_by(self) -> str | None:
        """The day (ISO) after which sources are left out; None if all count."""
        return self.store.known_by

    def at(self, as_of: str | None = None, known_by: str | None = None) -> Self:
        """Returns the same graph as of another day, as known by another; a repeated call is cheap.

        Args:
            as_of: the day that answers are for (ISO or ``today``); that of this graph if None.
            known_by: leave out sources published after this day (ISO or ``today``); as in this graph if None.

        Raises:
            WrongUsage: if a day cannot be read.
        """
        day = self.day if as_of is None else arguments.day(str(as_of))
        store = self.store if known_by is None else record_known_by(self.store, str(known_by))
        return type(self)(store, self.language, day)

    @retry_if_damaged
    def query(self, sparql: str, *, over: str | None = None) -> Any:
        """Runs a SPARQL 1.1 query; the project's prefixes need no PREFIX lines.

        The default graph is the snapshot of this graph's day; ``GRAPH`` reaches the graphs of the record. The cells
        of the table can be traced to their evidence.

        Args:
            sparql: the query.
            over: ``record`` to query the union of all graphs, which has all days: all statements and the whole history.

        Returns:
            A table for SELECT, a truth value for ASK, an ``rdflib.Graph`` for CONSTRUCT and DESCRIBE.

        Raises:
            WrongUsage: if it is not SPARQL 1.1, would send a request to another server, or this graph is of a day and ``over``
                is ``record``.
        """
        from nevkg.ask import solutions

        dataset, text, _ = find_dataset(self.store, sparql, as_of=self.day, over=over)
        return solutions.run(dataset, text, self.language, self.store)
