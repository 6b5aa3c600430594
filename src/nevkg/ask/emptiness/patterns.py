"""Which part of a query has no match: a term that nothing knows, a pattern alone, a join, or a clause."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from pyoxigraph import QueryBoolean

from nevkg.ask.emptiness.names import Namer
from nevkg.ask.emptiness.query import Demands, Part, clauses, read_demands
from nevkg.ask.emptiness.reason import Pattern, Unknown
from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.lookup.search import names, suggest
from nevkg.sparql import syntax
from nevkg.store import Store

_MOST = 12


def holds(store: Store, text: str, *, otherwise: bool) -> bool:
    """What a query in the form ASK gives; ``otherwise`` if the store does not understand it, since it was put together here."""
    try:
        found = store.query(text, entities.namespaces(store))
    except SyntaxError:
        return otherwise
    return isinstance(found, QueryBoolean) and bool(found)


def find_unknown(store: Store, record: Store, constants: Iterable[str]) -> tuple[Unknown, ...]:
    """Those of our IRIs in a query that are nowhere in a snapshot and its record, with terms that may be meant."""
    unknown = _find_absent(store, constants)
    spaces, known = entities.namespaces(record), names(record) if unknown else []
    return tuple(Unknown(terms.shorten(iri, spaces), tuple(terms.shorten(near, spaces) for near in suggest(known, iri))) for iri in unknown)


def find_unknown_in(store: Store, record: Store, text: str) -> tuple[Unknown, ...]:
    """The same for the text of a query, at next to no cost if there are none: only then it has to be parsed."""
    spaces = entities.namespaces(record)
    if not _find_absent(store, {*syntax.mentions(text, spaces)} - {*spaces.values()}):
        return ()
    return find_unknown(store, record, read_demands(text, spaces).constants)


def _find_absent(store: Store, iris: Iterable[str]) -> list[str]:
    wanted = [iri for iri in iris if iri.startswith(terms.BASE)]
    query = f"""SELECT ?term WHERE {{
        VALUES ?term {{ {terms.iris(wanted)} }}
        FILTER(EXISTS {{ ?term ?p ?o }} || EXISTS {{ ?s ?p ?term }} || EXISTS {{ ?s ?term ?o }}
          || EXISTS {{ GRAPH ?g {{ ?term ?p ?o }} }} || EXISTS {{ GRAPH ?g {{ ?s ?p ?term }} }}
          || EXISTS {{ GRAPH ?g {{ ?s ?term ?o }} }} || EXISTS {{ GRAPH ?term {{ ?s ?p ?o }} }})
    }}"""
    known = {terms.text(row["term"]) for row in entities.select(store, query)} if wanted else set()
    return [iri for iri in wanted if iri not in known]


def find_patterns(store: Store, text: str, demands: Demands, namer: Namer) -> tuple[Pattern, ...]:
    """The parts of a query that have no match: alone, else the first that has none with those before it, else a clause."""
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
    """The number of the first part with which what is before it has no match; None if all match together."""
    if not count or not is_empty(count):
        return None
    low, high = 0, count
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_empty(middle) else (middle, high)
    return high - 1
