"""The standing of edges: how well sources support them on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nevkg.ask.answer import labelled
from nevkg.ask.support import STANDING
from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.store import Store
from nevkg.store.memo import Lookup
from nevkg.table.values import Thing, Value


@dataclass(frozen=True)
class Stand:
    """The standing of a fact, by its IRI, with its rank and the property of the fact."""

    property: str
    standing: str
    rank: int


def _find(store: Store, facts: set[str]) -> dict[str, Stand]:
    query = f"""PREFIX nev: <{terms.NEV}> SELECT ?fact ?property ?standing ?rank WHERE {{
        VALUES ?fact {{ {terms.iris(sorted(facts))} }}
        ?fact nev:property ?property ; nev:standing ?standing . ?standing nev:ladderRank ?rank }}"""
    return {
        terms.text(row["fact"]): Stand(terms.text(row["property"]), terms.text(row["standing"]), int(terms.text(row["rank"])))
        for row in entities.select(store, query)
    }


# What facts stand as in a snapshot; statements, plans and facts of other days have no standing.
_find_stands = Lookup[str, Stand](_find)


def combine(facts: Iterable[str], stands: Mapping[str, Stand]) -> str:
    """The standing (IRI) of what rests on facts: of each property the best counts, and of these the weakest; empty if none has one."""
    best: dict[str, Stand] = {}
    for one in (stands[fact] for fact in facts if fact in stands):
        known = best.get(one.property)
        if known is None or one.rank > known.rank:
            best[one.property] = one
    return min(best.values(), key=lambda one: one.rank).standing if best else ""


def add_standings(snapshot: Store, edges: Iterable[tuple[dict[str, Value], Iterable[str]]], language: str) -> None:
    """Gives edges, as what is said of each and the facts that it rests on, their standing; one that they have already stays."""
    drafts = list(edges)
    stands = _find_stands(snapshot, {fact for _, behind in drafts for fact in behind})
    labels = labelled(snapshot, {one.standing for one in stands.values()}, language)
    for told, behind in drafts:
        if STANDING not in told and (found := combine(behind, stands)):
            told[STANDING] = Thing(found, labels[found])
