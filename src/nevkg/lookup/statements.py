"""Reads statements and episodes from a store, as the values of their properties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.store import Store
from nevkg.store.memo import Lookup

PREFIXES = f"PREFIX nev: <{terms.NEV}> PREFIX prov: <{terms.PROV}> PREFIX dcterms: <{terms.DCTERMS}> PREFIX rdf: <{terms.RDF}>"

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
    query = f"{PREFIXES} SELECT DISTINCT ?thing ?property ?value WHERE {{ {pattern} ?thing ?property ?value }}"
    for thing, name, value in entities.select(store, query):
        read.setdefault(terms.text(thing), {}).setdefault(name.value, []).append(value)
    return {
        thing: {name: values if len(values) == 1 else sorted(values, key=terms.text) for name, values in sorted(properties.items())}
        for thing, properties in sorted(read.items())
    }


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
    query = f"""{PREFIXES} SELECT ?statement ?reason WHERE {{
      VALUES ?statement {{ {values} }} ?retraction nev:retracts ?statement .
      FILTER NOT EXISTS {{ ?other nev:retracts ?retraction }} OPTIONAL {{ ?retraction nev:note ?reason }} }}"""
    found: dict[str, list[terms.Term]] = {}
    for row in entities.select(store, query):
        found.setdefault(terms.text(row["statement"]), []).extend([row["reason"]] if row["reason"] else [])
    return found


def find_subjects(snapshot: Store, facts: Iterable[str]) -> dict[str, str]:
    """Returns the subject of each fact and plan of a snapshot."""
    query = f"""{PREFIXES} SELECT ?fact ?subject WHERE {{
      VALUES ?fact {{ {values_clause(facts)} }} ?subject nev:fact|nev:plan ?fact }} ORDER BY ?fact ?subject"""
    return {row["fact"]: row["subject"] for row in entities.rows(snapshot, query)}


def count_statements(store: Store, iris: Iterable[str]) -> dict[str, int]:
    """Returns the number of statements about or mentioning each entity; entities without any are left out."""
    return _counts(store, iris)


def _count(store: Store, iris: set[str]) -> dict[str, int]:
    query = f"""{PREFIXES} SELECT ?thing (COUNT(DISTINCT ?statement) AS ?count) WHERE {{
        VALUES ?thing {{ {terms.format_iris(sorted(iris))} }} ?statement ?role ?thing ; nev:source ?source }} GROUP BY ?thing"""
    return {row["thing"]: int(row["count"]) for row in entities.rows(store, query) if "thing" in row}


_counts = Lookup[str, int](_count)
