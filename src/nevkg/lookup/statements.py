"""Reads statements and episodes from a store, as the values of their properties, and how well facts are supported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import QueryTriples, Triple

from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.store import Store
from nevkg.store.memo import Lookup

# The values of one entity, statement or episode by property (IRI); both sorted.
Properties = Mapping[str, Sequence[terms.Term]]


def nev(name: str) -> str:
    """Returns the IRI of a term of the kernel."""
    return terms.NEV + name


def values_clause(iris: Iterable[str]) -> str:
    """Returns IRIs in the form of a VALUES clause, sorted and without duplicates."""
    return terms.format_iris(sorted(set(iris)))


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


def find_triples(store: Store, pattern: str) -> list[Triple]:
    """Returns all triples of each ``?thing`` that a graph pattern selects."""
    text = f"CONSTRUCT {{ ?thing ?property ?value }} WHERE {{ {pattern} ?thing ?property ?value }}"
    found = store.query(text, terms.KERNEL)
    assert isinstance(found, QueryTriples)
    return list(found)


def read_properties_of(store: Store, iris: Iterable[str]) -> dict[str, Properties]:
    """Returns the properties of the given entities, statements or episodes."""
    values = values_clause(iris)
    return read_properties(store, f"VALUES ?thing {{ {values} }}") if values else {}


def first(properties: Properties, name: str) -> str:
    """Returns the first value of a property as text; empty if there is none."""
    return terms.text(properties[name][0]) if properties.get(name) else ""


def read_retractions(store: Store, iris: Iterable[str]) -> dict[str, list[terms.Term]]:
    """Returns the retracted ones of some statements with the reasons. A retraction that is itself retracted does not count."""
    values = values_clause(iris)
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
      VALUES ?fact {{ {values_clause(facts)} }} ?subject nev:fact|nev:plan ?fact }} ORDER BY ?fact ?subject"""
    return {row["fact"]: row["subject"] for row in entities.rows(snapshot, query)}


@Lookup
def count_statements(store: Store, iris: set[str]) -> dict[str, int]:
    """Returns the number of statements about or mentioning each entity; entities without any are left out."""
    query = f"""SELECT ?thing (COUNT(DISTINCT ?statement) AS ?count) WHERE {{
        VALUES ?thing {{ {terms.format_iris(sorted(iris))} }} ?statement ?role ?thing ; nev:source ?source }} GROUP BY ?thing"""
    return {row["thing"]: int(row["count"]) for row in entities.rows(store, query) if "thing" in row}


_AT_ONCE = 1000


@dataclass(frozen=True)
class Standing:
    """The standing (IRI) of a fact, the rank of the standing (higher is better), and the number of independent sources."""

    iri: str
    rank: int
    witnesses: int

    @property
    def order(self) -> tuple[int, int]:
        """A key that sorts the best supported first."""
        return -self.rank, -self.witnesses


UNKNOWN = Standing("", -1, 0)


def find_standings(snapshot: Store, facts: Iterable[str]) -> dict[str, Standing]:
    """Returns the standing of each fact that has one."""
    wanted, found = sorted(set(facts)), {}
    for start in range(0, len(wanted), _AT_ONCE):
        query = f"""SELECT ?fact ?standing ?rank ?witnesses WHERE {{
            VALUES ?fact {{ {terms.format_iris(wanted[start : start + _AT_ONCE])} }}
            ?fact nev:standing ?standing .
            OPTIONAL {{ ?standing nev:ladderRank ?rank }} OPTIONAL {{ ?fact nev:witnesses ?witnesses }} }}"""
        for row in entities.rows(snapshot, query):
            found[row["fact"]] = Standing(row["standing"], int(row.get("rank", 0)), int(row.get("witnesses", 0)))
    return found


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


def find_outcomes(store: Store, snapshot: Store, statements: Iterable[str]) -> dict[str, Outcome]:
    """Returns what follows from each statement from which any episode is derived."""
    wanted, derived = sorted(set(statements)), list[dict[str, str]]()
    for start in range(0, len(wanted), _AT_ONCE):
        query = f"""SELECT ?statement ?episode ?disputed WHERE {{
            VALUES ?statement {{ {terms.format_iris(wanted[start : start + _AT_ONCE])} }}
            ?episode prov:wasDerivedFrom ?statement OPTIONAL {{ ?episode nev:disputed ?disputed }} }}"""
        derived += entities.rows(store, query)
    known = find_standings(snapshot, {row["episode"] for row in derived})
    found: dict[str, Outcome] = {}
    for row in derived:
        before = found.get(row["statement"], Outcome())
        standing = min(before.standing, known.get(row["episode"], UNKNOWN), key=lambda standing: standing.order)
        found[row["statement"]] = Outcome(standing, before.is_disputed or "disputed" in row)
    return found
