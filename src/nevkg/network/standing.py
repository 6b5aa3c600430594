"""The standing of edges: how well sources support them on a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nevkg.ask.evaluation import find_display_labels
from nevkg.ask.support import STANDING
from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.store import Store
from nevkg.store.memo import Lookup
from nevkg.table.values import Thing, Value


@dataclass(frozen=True)
class FactStanding:
    """The standing (IRI) of a fact, the rank of the standing, and the property of the fact."""

    property: str
    standing: str
    rank: int


def _find(store: Store, facts: set[str]) -> dict[str, FactStanding]:
    query = f"""PREFIX nev: <{terms.NEV}> SELECT ?fact ?property ?standing ?rank WHERE {{
        VALUES ?fact {{ {terms.format_iris(sorted(facts))} }}
        ?fact nev:property ?property ; nev:standing ?standing . ?standing nev:ladderRank ?rank }}"""
    return {
        terms.text(row["fact"]): FactStanding(terms.text(row["property"]), terms.text(row["standing"]), int(terms.text(row["rank"])))
        for row in entities.select(store, query)
    }


# The standings of facts in a snapshot; statements, plans and facts of other days have none.
_find_standings = Lookup[str, FactStanding](_find)


def combine(facts: Iterable[str], standings: Mapping[str, FactStanding]) -> str:
    """Returns the standing (IRI) of an edge that rests on facts.

    For each property the best standing counts, and of these the weakest; empty if no fact has a standing.
    """
    best: dict[str, FactStanding] = {}
    for one in (standings[fact] for fact in facts if fact in standings):
        known = best.get(one.property)
        if known is None or one.rank > known.rank:
            best[one.property] = one
    return min(best.values(), key=lambda one: one.rank).standing if best else ""


def add_standings(snapshot: Store, edges: Iterable[tuple[dict[str, Value], Iterable[str]]], language: str) -> None:
    """Adds the standing to the attributes of each edge that has none yet.

    Args:
        snapshot: the snapshot of the day.
        edges: for each edge its attributes, which are changed, and the IRIs of the facts that it rests on.
        language: the language of labels.
    """
    drafts = list(edges)
    standings = _find_standings(snapshot, {fact for _, behind in drafts for fact in behind})
    labels = find_display_labels(snapshot, {one.standing for one in standings.values()}, language)
    for attributes, behind in drafts:
        if STANDING not in attributes and (found := combine(behind, standings)):
            attributes[STANDING] = Thing(found, labels[found])
