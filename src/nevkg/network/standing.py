"""The standing of edges, and how edges of each standing are drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nevkg import entities, terms
from nevkg.memory import Lookup, kept
from nevkg.store import Store

_PREFIXES = f"PREFIX nev: <{terms.NEV}> PREFIX skos: <{terms.SKOS}>"
Dashes = tuple[float, ...]


@dataclass(frozen=True)
class Stand:
    """The standing of a fact, by its IRI, with its rank and the property of the fact."""

    property: str
    standing: str
    rank: int


def _find(store: Store, facts: set[str]) -> dict[str, Stand]:
    query = f"""{_PREFIXES} SELECT ?fact ?property ?standing ?rank WHERE {{
        VALUES ?fact {{ {terms.iris(sorted(facts))} }}
        ?fact nev:property ?property ; nev:standing ?standing . ?standing nev:ladderRank ?rank }}"""
    return {
        terms.text(row["fact"]): Stand(terms.text(row["property"]), terms.text(row["standing"]), int(terms.text(row["rank"])))
        for row in entities.select(store, query)
    }


# What facts stand as in a snapshot; statements, plans and facts of other days have no standing.
find_stands = Lookup[str, Stand](_find)


def combine(facts: Iterable[str], stands: Mapping[str, Stand]) -> str:
    """The standing (IRI) of what rests on facts: of each property the best counts, and of these the weakest; empty if none has one."""
    best: dict[str, Stand] = {}
    for one in (stands[fact] for fact in facts if fact in stands):
        known = best.get(one.property)
        if known is None or one.rank > known.rank:
            best[one.property] = one
    return min(best.values(), key=lambda one: one.rank).standing if best else ""


@kept
def find_dashes(store: Store) -> dict[str, Dashes]:
    """The lengths of dashes and gaps that the ontology gives for each standing, the best standing first; none for a solid line."""
    query = f"""{_PREFIXES} SELECT ?standing ?dashes WHERE {{
        <{terms.NEV}standing> nev:valuesFrom ?scheme .
        ?standing skos:inScheme ?scheme ; nev:dashes ?dashes ; nev:ladderRank ?rank }} ORDER BY DESC(?rank)"""
    return {terms.text(row["standing"]): read_dashes(terms.text(row["dashes"])) for row in entities.select(store, query)}


def read_dashes(text: str) -> Dashes:
    """The lengths of dashes and gaps in a text; none for a solid line, or if the text cannot be read."""
    try:
        lengths = tuple(map(float, text.split()))
    except ValueError:
        return ()
    if not all(length > 0 for length in lengths):
        return ()
    return lengths if len(lengths) % 2 == 0 else 2 * lengths
