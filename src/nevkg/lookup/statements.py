"""Reads statements, episodes and facts from a store as rows of text."""

from __future__ import annotations

from collections.abc import Iterable

from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.store import Store
from nevkg.store.memo import Lookup

_PREFIXES = f"PREFIX nev: <{terms.NEV}>"
EPISODE = "?episode a nev:Episode ; nev:subject ?subject ; nev:property ?property ; nev:from ?from ."
FACT = """
          { ?subject nev:fact ?episode . ?episode nev:property ?property }
          UNION { ?subject nev:plan ?episode . ?episode nev:metric ?property ; nev:modality ?modality }
          OPTIONAL { ?episode nev:rule ?rule }"""
_STANDING = "OPTIONAL { ?episode nev:standing ?standing } OPTIONAL { ?episode nev:witnesses ?witnesses }"


def read_statements(store: Store, chosen: str, language: str) -> tuple[dict[str, dict[str, list[str]]], dict[str, str]]:
    """Reads the statements that match a graph pattern.

    Args:
        store: the record.
        chosen: a graph pattern that binds ``?statement``.
        language: the language of texts, where there is a choice.

    Returns:
        The values of each statement by property; and the reason for each retracted statement, which may be empty.
    """
    rows = entities.rows(
        store,
        f"""{_PREFIXES} SELECT ?statement ?property ?value ?retraction ?reason WHERE {{
          {{ {chosen} }}
          ?statement ?property ?value .
          FILTER(!isLiteral(?value) || LANG(?value) IN ("", "{language}")
            || NOT EXISTS {{ ?statement ?property ?other FILTER(LANG(?other) = "{language}") }})
          OPTIONAL {{
            ?retraction nev:retracts ?statement .
            FILTER NOT EXISTS {{ ?revocation nev:retracts ?retraction }}
            OPTIONAL {{ ?retraction nev:note ?reason }}
          }}
        }}""",
    )
    statements: dict[str, dict[str, list[str]]] = {}
    retracted = {}
    # Sorted here, since engines take several times as long to sort all statements.
    for row in sorted(rows, key=lambda row: (row["statement"], row["property"], row["value"])):
        values = statements.setdefault(row["statement"], {}).setdefault(row["property"], [])
        if row["value"] not in values:  # a row is repeated for each retraction
            values.append(row["value"])
        if "retraction" in row:
            retracted[row["statement"]] = row.get("reason", "")
    return statements, retracted


def read_episodes(store: Store, chosen: str, description: str, further: str = "") -> list[dict[str, str]]:
    """Reads episodes or facts as one row of text for each ``?episode``.

    Args:
        store: the record, or a snapshot for facts.
        chosen: a graph pattern that selects each ``?episode``.
        description: ``EPISODE`` or ``FACT``.
        further: a graph pattern to add.
    """
    return entities.rows(
        store,
        f"""{_PREFIXES} SELECT * WHERE {{
          {chosen} {description}
          OPTIONAL {{ ?episode nev:value|nev:text ?value }}
          OPTIONAL {{ ?episode nev:low ?low }} OPTIONAL {{ ?episode nev:high ?high }} OPTIONAL {{ ?episode nev:unit ?unit }}
          OPTIONAL {{ SELECT ?episode (GROUP_CONCAT(STR(?comparator); separator=" ") AS ?comparators) WHERE {{
            {chosen} ?episode nev:comparator ?comparator }} GROUP BY ?episode }}
          OPTIONAL {{ ?episode nev:scope ?scope }} OPTIONAL {{ ?episode nev:since ?since }} OPTIONAL {{ ?episode nev:until ?until }}
          OPTIONAL {{ ?episode nev:lastConfirmed ?lastConfirmed }} OPTIONAL {{ ?episode nev:disputed ?disputed }}
          OPTIONAL {{ ?episode nev:inferred ?inferred }} {_STANDING} {further}
        }} ORDER BY ?property ?from ?value ?low ?episode""",
    )


def add_standings(snapshot: Store, episodes: Iterable[dict[str, str]]) -> None:
    """Adds to rows of ``read_episodes`` the standing and the number of witnesses that they have as facts of a snapshot."""
    by_iri = {row["episode"]: row for row in episodes}
    query = f"""{_PREFIXES} SELECT * WHERE {{ VALUES ?episode {{ {terms.format_iris(sorted(by_iri))} }} {_STANDING} }}"""
    for found in entities.rows(snapshot, query) if by_iri else ():
        by_iri[found["episode"]] |= found


def count_statements(store: Store, iris: Iterable[str]) -> dict[str, int]:
    """Returns the number of statements about or mentioning each entity; entities without any are left out."""
    return _counts(store, iris)


def _count(store: Store, iris: set[str]) -> dict[str, int]:
    query = f"""{_PREFIXES} SELECT ?thing (COUNT(DISTINCT ?statement) AS ?count) WHERE {{
        VALUES ?thing {{ {terms.format_iris(sorted(iris))} }} ?statement ?role ?thing ; nev:source ?source }} GROUP BY ?thing"""
    return {row["thing"]: int(row["count"]) for row in entities.rows(store, query) if "thing" in row}


_counts = Lookup[str, int](_count)
