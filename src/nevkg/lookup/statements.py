"""Reads statements and episodes from a store, as the values of their properties, and how well facts are supported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import QueryTriples, Triple

from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.store import Store
from nevkg.store.memo import Lookup, memoise, shared

# The values of one entity, statement or episode by property (IRI); both sorted.
Properties = Mapping[str, Sequence[terms.Term]]


def nev(name: str) -> str:
    """Returns the IRI of a term of the kernel."""
    return terms.NEV + name


@shared
def read_properties(store: Store, pattern: str) -> dict[str, Properties]:
    """Returns the properties of each ``?thing`` that a graph pattern selects, by IRI, sorted."""
    read: dict[str, dict[str, list[terms.Term]]] = {}
    query = f"SELECT DISTINCT ?thing ?property ?value WHERE {{ {pattern} ?thing ?property ?value }}"
    for thing, name, value in entities.select(store, query):
        read.setdefault(terms.text(thing), {}).setdefault(name.value, []).append(value)
    return {
        thing: {name: values if len(values) == 1 else sorted(values, key=terms.text) for name, values in sorted(properties.items())}
        for thing, properties in sorted(read.items())
    }


@shared
def read_triples(store: Store, pattern: str) -> list[Triple]:
    """Returns all triples of each ``?thing`` that a graph pattern selects."""
    text = f"CONSTRUCT {{ ?thing ?property ?value }} WHERE {{ {pattern} ?thing ?property ?value }}"
    found = store.query(text, terms.KERNEL)
    assert isinstance(found, QueryTriples)
    return list(found)


def read_properties_of(store: Store, iris: Iterable[str]) -> dict[str, Properties]:
    """Returns the properties of the given entities, statements or episodes."""
    values = terms.format_iris(iris)
    return read_properties(store, f"VALUES ?thing {{ {values} }}") if values else {}


def first(properties: Properties, name: str) -> str:
    """Returns the first value of a property as text; empty if there is none."""
    return terms.text(properties[name][0]) if properties.get(name) else ""


def read_retractions(store: Store, iris: Iterable[str]) -> dict[str, list[terms.Term]]:
    """Returns the retracted ones of some statements with the reasons. A retraction that is itself retracted does not count."""
    values = terms.format_iris(iris)
    if not values:
        return {}
    query = f"""SELECT ?statement ?reason WHERE {{
      VALUES ?statement {{ {values} }} ?retraction nev:retracts ?statement .
      FILTER NOT EXISTS {{ ?other nev:retracts ?retraction }} OPTIONAL {{ ?retraction nev:note ?reason }} }}"""
    found: dict[str, list[terms.Term]] = {}
    for row in entities.select(store, query):
        found.setdefault(terms.text(row["statement"]), []).extend([row["reason"]] if row["reason"] else [])
    return found


def find_subjects(snapshot: Store, facts: Iterable[str]) -> dict[str, str]:
    """Returns the subject of each fact and plan of a snapshot."""
    query = f"""SELECT ?fact ?subject WHERE {{
      VALUES ?fact {{ {terms.format_iris(facts)} }} ?subject nev:fact|nev:plan ?fact }} ORDER BY ?fact ?subject"""
    return {row["fact"]: row["subject"] for row in entities.rows(snapshot, query)}


@Lookup
def count_statements(store: Store, iris: set[str]) -> dict[str, int]:
    """Returns the number of statements about or mentioning each entity; entities without any are left out."""
    query = f"""SELECT ?thing (COUNT(DISTINCT ?statement) AS ?count) WHERE {{
        VALUES ?thing {{ {terms.format_iris(iris)} }} ?statement ?role ?thing ; nev:source ?source }} GROUP BY ?thing"""
    return {row["thing"]: int(row["count"]) for row in entities.rows(store, query) if "thing" in row}


@dataclass(frozen=True)
class Standing:
    """The standing (IRI) of a fact, its rank (higher is better), the number of independent sources, and the property of the fact."""

    iri: str
    rank: int
    witnesses: int
    property_iri: str = ""

    @property
    def order(self) -> tuple[int, int]:
        """A key that sorts the best supported first."""
        return -self.rank, -self.witnesses


UNKNOWN = Standing("", -1, 0)


@Lookup
def find_standings(snapshot: Store, facts: set[str]) -> dict[str, Standing]:
    """Returns the standing of each fact that has one; statements, plans and facts of other days have none."""
    query = f"""SELECT ?fact ?standing ?rank ?witnesses ?property WHERE {{
        VALUES ?fact {{ {terms.format_iris(facts)} }}
        ?fact nev:standing ?standing .
        OPTIONAL {{ ?standing nev:ladderRank ?rank }}
        OPTIONAL {{ ?fact nev:witnesses ?witnesses }}
        OPTIONAL {{ ?fact nev:property ?property }} }}"""
    return {
        row["fact"]: Standing(row["standing"], int(row.get("rank", 0)), int(row.get("witnesses", 0)), row.get("property", ""))
        for row in entities.rows(snapshot, query)
    }


@memoise
def rank_standings(store: Store) -> list[str]:
    """Returns the standings that a fact can have (IRIs), the best first."""
    query = """SELECT ?standing WHERE {
        nev:standing nev:valuesFrom ?scheme . ?standing skos:inScheme ?scheme ; nev:ladderRank ?rank } ORDER BY DESC(?rank)"""
    return [row["standing"] for row in entities.rows(store, query)]


@dataclass(frozen=True)
class Outcome:
    """What follows from a statement: the best standing of the facts of a day that are derived from it, or ``UNKNOWN``."""

    standing: Standing = UNKNOWN
    is_disputed: bool = False

    @property
    def is_current(self) -> bool:
        """Whether a fact of that day is derived from it."""
        return self.standing is not UNKNOWN


@Lookup
def _find_derived(store: Store, statements: set[str]) -> dict[str, dict[str, bool]]:
    """Returns the episodes that are derived from each statement, and whether each is disputed."""
    query = f"""SELECT ?statement ?episode ?disputed WHERE {{
        VALUES ?statement {{ {terms.format_iris(statements)} }}
        ?episode prov:wasDerivedFrom ?statement OPTIONAL {{ ?episode nev:disputed ?disputed }} }}"""
    found: dict[str, dict[str, bool]] = {}
    for row in entities.rows(store, query):
        found.setdefault(row["statement"], {})[row["episode"]] = "disputed" in row
    return found


def find_outcomes(store: Store, snapshot: Store, statements: Iterable[str]) -> dict[str, Outcome]:
    """Returns what follows from each statement from which any episode is derived."""
    derived = _find_derived(store, statements)
    known = find_standings(snapshot, {episode for episodes in derived.values() for episode in episodes})
    return {
        statement: Outcome(
            min((known.get(episode, UNKNOWN) for episode in episodes), key=lambda standing: standing.order), any(episodes.values())
        )
        for statement, episodes in derived.items()
    }
