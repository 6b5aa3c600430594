"""Queries for pages: the statements that mention an entity, and what else refers to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import QueryBoolean

from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.lookup.statements import nev
from nevkg.store import Store

# Properties that qualify a statement. An entity used as their value is not mentioned by the statement.
MANNERS = {nev(name) for name in ("modality", "scope", "comparator", "unit", "precision")}
# Maximum number of listed entities that refer to an entity.
MOST_POINTERS = 1000


def exists(store: Store, iri: str) -> bool:
    """Returns whether the store has triples about an IRI."""
    found = store.query(f"ASK {{ <{iri}> ?property ?value }}")
    return isinstance(found, QueryBoolean) and bool(found)


def find_replacement(store: Store, iri: str) -> str | None:
    """Returns the entity with which an entity was merged; None if it was not merged."""
    found = entities.rows(store, f"SELECT ?other WHERE {{ <{iri}> dcterms:isReplacedBy ?other }} ORDER BY ?other LIMIT 1")
    return found[0]["other"] if found else None


@dataclass(frozen=True)
class Mention:
    """A statement that mentions an entity.

    Attributes:
        role: property whose value is the entity.
        topic: property that the statement gives a value for, else its class.
        subject: subject of the statement; empty if it has none.
        day: ISO date by which the statement is certainly true; empty if unknown.
    """

    statement: str
    role: str
    topic: str
    subject: str
    day: str


def count_roles(store: Store, iri: str) -> dict[str, int]:
    """Returns the properties that have an entity as a value, and how often."""
    found = entities.rows(store, f"SELECT ?role (COUNT(*) AS ?count) WHERE {{ ?any ?role <{iri}> }} GROUP BY ?role ORDER BY ?role")
    return {row["role"]: int(row["count"]) for row in found if "role" in row}


def find_mentions(store: Store, iri: str, by: Iterable[str]) -> list[Mention]:
    """Returns the statements that are about an entity or mention it; each once, with its most important role.

    Args:
        iri: IRI of the entity.
        by: roles of the entity; properties that qualify a statement are ignored.
    """
    values = _mentioning_roles(by)
    return _mentions(store, f"VALUES ?role {{ {values} }} ?statement ?role <{iri}> .") if values else []


def find_mentions_of_statements(store: Store, statements: Iterable[str]) -> list[Mention]:
    """Returns mentions for statements, in which the role is that of the subject."""
    values = terms.format_iris(statements)
    return _mentions(store, f"VALUES ?statement {{ {values} }} BIND(nev:subject AS ?role)") if values else []


def _mentions(store: Store, chosen: str) -> list[Mention]:
    query = f"""SELECT ?statement ?role ?topic ?kind ?subject ?day WHERE {{
      {chosen} ?statement nev:source ?source ; rdf:type ?kind .
      OPTIONAL {{ ?statement nev:property ?topic }}
      OPTIONAL {{ ?statement nev:subject ?subject }}
      OPTIONAL {{ ?statement nev:certainBy ?day }} }}"""
    best: dict[str, Mention] = {}
    for row in entities.rows(store, query):
        topic = row.get("topic") or row["kind"]
        mention = Mention(row["statement"], row["role"], topic, row.get("subject", ""), row.get("day", ""))
        # The subject is the most important role, then the value, then other properties.
        if mention.statement not in best or _rank(mention) < _rank(best[mention.statement]):
            best[mention.statement] = mention
    return list(best.values())


def _rank(mention: Mention) -> tuple[bool, bool, str]:
    return (mention.role != nev("subject"), mention.role != nev("value"), mention.role)


def find_pointers(store: Store, iri: str, by: Iterable[str]) -> list[tuple[str, str]]:
    """Returns the other entities that refer to an entity, as pairs of property and IRI; no statements and episodes."""
    query = f"""SELECT DISTINCT ?role ?thing WHERE {{
      VALUES ?role {{ {_mentioning_roles(by)} }} ?thing ?role <{iri}> . FILTER(ISIRI(?thing))
      FILTER NOT EXISTS {{ ?thing nev:source ?source }} FILTER NOT EXISTS {{ ?thing a nev:Episode }}
    }} ORDER BY ?role ?thing LIMIT {MOST_POINTERS}"""
    return [(row["role"], row["thing"]) for row in entities.rows(store, query)]


def _mentioning_roles(by: Iterable[str]) -> str:
    return terms.format_iris(set(by) - MANNERS)
