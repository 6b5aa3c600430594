"""Finds the part of a query that has no match: an unknown term, a single pattern, a join, or a clause."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from pyoxigraph import QueryBoolean

from nevkg.ask.emptiness.names import Namer
from nevkg.ask.emptiness.query import Demands, Part, clauses, read_demands
from nevkg.ask.emptiness.reason import Pattern, Unknown
from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.lookup.search import names, suggest
from nevkg.sparql.prologue import find_iris
from nevkg.store import Store

_MOST = 12


def holds(store: Store, text: str, *, otherwise: bool) -> bool:
    """Runs an ASK query and returns its result.

    The queries are assembled from parts of a user's query, so a store may reject one; the result is then ``otherwise``.
    """
    try:
        found = store.query(text, entities.namespaces(store))
    except SyntaxError:
        return otherwise
    return isinstance(found, QueryBoolean) and bool(found)


def find_unknown(store: Store, record: Store, constants: Iterable[str]) -> tuple[Unknown, ...]:
    """Returns the project's IRIs in a query that do not occur in a snapshot or its record, with similar known terms."""
    unknown = _find_absent(store, constants)
    spaces, known = entities.namespaces(record), names(record) if unknown else []
    return tuple(Unknown(terms.shorten(iri, spaces), tuple(terms.shorten(near, spaces) for near in suggest(known, iri))) for iri in unknown)


def find_unknown_in(store: Store, record: Store, text: str) -> tuple[Unknown, ...]:
    """Does the same for the text of a query, and parses it only if there are unknown terms, so that the usual case is cheap."""
    spaces = entities.namespaces(record)
    if not _find_absent(store, {*find_iris(text, spaces)} - {*spaces.values()}):
        return ()
    return find_unknown(store, record, read_demands(text, spaces).constants)


def _find_absent(store: Store, iris: Iterable[str]) -> list[str]:
    wanted = [iri for iri in iris if iri.startswith(terms.BASE)]
    query = f"""SELECT ?term WHERE {{
        VALUES ?term {{ {terms.format_iris(wanted)} }}
        FILTER(EXISTS {{ ?term ?p ?o }} || EXISTS {{ ?s ?p ?term }} || EXISTS {{ ?s ?term ?o }}
          || EXISTS {{ GRAPH ?g {{ ?term ?p ?o }} }} || EXISTS {{ GRAPH ?g {{ ?s ?p ?term }} }}
          || EXISTS {{ GRAPH ?g {{ ?s ?term ?o }} }} || EXISTS {{ GRAPH ?term {{ ?s ?p ?o }} }})
    }}"""
    known = {terms.text(row["term"]) for row in entities.select(store, query)} if wanted else set()
    return [iri for iri in wanted if iri not in known]


def find_patterns(store: Store, text: str, demands: Demands, namer: Namer) -> tuple[Pattern, ...]:
    """Returns the parts of a query that have no match.

    These are the patterns without a match of their own; if there are none, the first part without a match together with
    those before it; if there is none, the clauses without which the query has results.
    """
    parts = demands.parts[:_MOST]
    alone = [part for part in parts if part.is_pattern and not holds(store, _ask([part]), otherwise=True)]
    if alone:
        return tuple(Pattern(namer.short(part.text), "alone") for part in alone)
    outer = [part for part in parts if not part.is_inner]
    first = _first(len(outer), lambda count: not holds(store, _ask(outer[:count]), otherwise=True))
    if first is not None:
        return (Pattern(namer.short(outer[first].text), "join"),)
    return tuple(Pattern(" ".join(clause.split()), "clause") for clause, without in clauses(text) if holds(store, without, otherwise=False))


def _ask(parts: Sequence[Part]) -> str:
    return f"ASK {{ {' '.join(f'{part.text} .' if part.is_pattern else part.text for part in parts)} }}"


def _first(count: int, is_empty: Callable[[int], bool]) -> int | None:
    """Returns the index of the first part that, together with those before it, has no match; None if all match together."""
    if not count or not is_empty(count):
        return None
    low, high = 0, count
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_empty(middle) else (middle, high)
    return high - 1
