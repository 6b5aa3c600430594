"""Queries for pages: facts of entities, statements that mention an entity, their currency and retractions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode, QueryBoolean

from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.store import Store

PREFIXES = f"PREFIX nev: <{terms.NEV}> PREFIX prov: <{terms.PROV}> PREFIX dcterms: <{terms.DCTERMS}> PREFIX rdf: <{terms.RDF}>"
# Properties that qualify a statement. An entity used as their value is not mentioned by the statement.
MANNERS = {terms.NEV + name for name in ("modality", "scope", "comparator", "unit", "precision")}
# Maximum number of listed entities that refer to an entity.
MOST_POINTERS = 1000

# A statement is current if an episode that holds derives from it, past if only other episodes do.
CURRENT, PAST = "current", "past"

Facts = dict[str, list[terms.Term]]


def nev(name: str) -> str:
    """Returns the IRI of a term of the kernel."""
    return terms.NEV + name


def is_iri(text: str) -> bool:
    """Returns whether ``text`` is a valid IRI, so that it can be inserted into a query."""
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def rows(store: Store, query: str) -> list[dict[str, terms.Term]]:
    """Returns the solutions of a SELECT query, in which the prefixes of the kernel are declared."""
    found = entities.select(store, f"{PREFIXES} {query}")
    names = [variable.value for variable in found.variables]
    return [{name: term for name, term in zip(names, row, strict=True) if term is not None} for row in found]


def text(row: dict[str, terms.Term], name: str) -> str:
    """Returns the value of a variable as text; empty if it is unbound."""
    return terms.text(row[name]) if name in row else ""


def values_clause(iris: Iterable[str]) -> str:
    """Returns IRIs in the form of a VALUES clause, sorted and without duplicates."""
    return terms.format_iris(sorted(set(iris)))


def facts(store: Store, pattern: str) -> dict[str, Facts]:
    """Returns the facts of each ``?thing`` that a graph pattern selects: IRI to property to values, all sorted."""
    made: dict[str, Facts] = {}
    found = entities.select(store, f"{PREFIXES} SELECT DISTINCT ?thing ?property ?value WHERE {{ {pattern} ?thing ?property ?value }}")
    for thing, name, value in found:
        made.setdefault(terms.text(thing), {}).setdefault(name.value, []).append(value)
    return {
        thing: {name: values if len(values) == 1 else sorted(values, key=str) for name, values in sorted(of.items())}
        for thing, of in sorted(made.items())
    }


def facts_of(store: Store, iris: Iterable[str]) -> dict[str, Facts]:
    """Returns the facts of the given entities."""
    values = values_clause(iris)
    return facts(store, f"VALUES ?thing {{ {values} }}") if values else {}


def first(of: Facts, name: str) -> str:
    """Returns the first value of a property as text; empty if there is none."""
    return terms.text(of[name][0]) if of.get(name) else ""


def exists(store: Store, iri: str) -> bool:
    """Returns whether the store has triples about an IRI."""
    found = store.query(f"ASK {{ <{iri}> ?property ?value }}")
    return isinstance(found, QueryBoolean) and bool(found)


def replacement(store: Store, iri: str) -> str | None:
    """Returns the entity with which an entity was merged; None if it was not merged."""
    found = rows(store, f"SELECT ?other WHERE {{ <{iri}> dcterms:isReplacedBy ?other }} ORDER BY ?other LIMIT 1")
    return terms.text(found[0]["other"]) if found else None


@dataclass(frozen=True)
class Mention:
    """A statement that mentions an entity.

    Attributes:
        statement: IRI of the statement.
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


def roles(store: Store, iri: str) -> dict[str, int]:
    """Returns the properties that have an entity as a value, and how often."""
    found = rows(store, f"SELECT ?role (COUNT(*) AS ?count) WHERE {{ ?any ?role <{iri}> }} GROUP BY ?role ORDER BY ?role")
    return {terms.text(row["role"]): int(terms.text(row["count"])) for row in found if "role" in row}


def mentions(store: Store, iri: str, by: Iterable[str]) -> list[Mention]:
    """Returns the statements that are about an entity or mention it; each once, with its most important role.

    Args:
        store: the store to query.
        iri: IRI of the entity.
        by: roles of the entity; properties that qualify a statement are ignored.
    """
    values = _mentioning_roles(by)
    return _mentions(store, f"VALUES ?role {{ {values} }} ?statement ?role <{iri}> .") if values else []


def mentions_of_statements(store: Store, statements: Iterable[str]) -> list[Mention]:
    """Returns mentions for statements, in which the role is that of the subject."""
    values = values_clause(statements)
    return _mentions(store, f"VALUES ?statement {{ {values} }} BIND(nev:subject AS ?role)") if values else []


def _mentions(store: Store, chosen: str) -> list[Mention]:
    query = f"""SELECT ?statement ?role ?topic ?kind ?subject ?day WHERE {{
      {chosen} ?statement nev:source ?source ; rdf:type ?kind .
      OPTIONAL {{ ?statement nev:property ?topic }}
      OPTIONAL {{ ?statement nev:subject ?subject }}
      OPTIONAL {{ ?statement nev:certainBy ?day }} }}"""
    best: dict[str, Mention] = {}
    for row in rows(store, query):
        topic = text(row, "topic") or text(row, "kind")
        one = Mention(text(row, "statement"), text(row, "role"), topic, text(row, "subject"), text(row, "day"))
        # The subject is the most important role, then the value, then other properties.
        if one.statement not in best or _rank(one) < _rank(best[one.statement]):
            best[one.statement] = one
    return list(best.values())


def _rank(one: Mention) -> tuple[bool, bool, str]:
    return (one.role != nev("subject"), one.role != nev("value"), one.role)


def pointers(store: Store, iri: str, by: Iterable[str]) -> list[tuple[str, str]]:
    """Returns the other entities that refer to an entity, as pairs of property and IRI; no statements and episodes."""
    query = f"""SELECT DISTINCT ?role ?thing WHERE {{
      VALUES ?role {{ {_mentioning_roles(by)} }} ?thing ?role <{iri}> . FILTER(ISIRI(?thing))
      FILTER NOT EXISTS {{ ?thing nev:source ?source }} FILTER NOT EXISTS {{ ?thing a nev:Episode }}
    }} ORDER BY ?role ?thing LIMIT {MOST_POINTERS}"""
    return [(terms.text(row["role"]), terms.text(row["thing"])) for row in rows(store, query)]


def _mentioning_roles(by: Iterable[str]) -> str:
    return values_clause(set(by) - MANNERS)


def holds(since: str, until: str, day: str) -> bool:
    """Returns whether a period includes a day. The end is exclusive; an empty end means that the period is open."""
    return since <= day and (not until or until > day)


def standings(store: Store, iris: Sequence[str], day: str) -> tuple[dict[str, str], set[str]]:
    """Returns the currency of statements by the episodes of their own subject, and the statements behind disputed episodes."""
    found = rows(
        store,
        f"""SELECT ?statement ?from ?until ?disputed WHERE {{
          VALUES ?statement {{ {values_clause(iris)} }} ?statement nev:subject ?subject .
          ?episode prov:wasDerivedFrom ?statement ; nev:subject ?subject ; nev:from ?from .
          OPTIONAL {{ ?episode nev:until ?until }} OPTIONAL {{ ?episode nev:disputed ?disputed }}
        }}""",
    )
    made: dict[str, str] = {}
    for row in found:
        if holds(text(row, "from"), text(row, "until"), day):
            made[text(row, "statement")] = CURRENT
        else:
            made.setdefault(text(row, "statement"), PAST)
    return made, {text(row, "statement") for row in found if "disputed" in row}


def retractions(store: Store, iris: Sequence[str]) -> dict[str, list[terms.Term]]:
    """Returns the retracted statements with the reasons. A retraction that is itself retracted does not count."""
    query = f"""SELECT ?statement ?reason WHERE {{ VALUES ?statement {{ {values_clause(iris)} }} ?retraction nev:retracts ?statement .
      FILTER NOT EXISTS {{ ?other nev:retracts ?retraction }} OPTIONAL {{ ?retraction nev:note ?reason }} }}"""
    found: dict[str, list[terms.Term]] = {}
    for row in rows(store, query):
        found.setdefault(terms.text(row["statement"]), []).extend([row["reason"]] if "reason" in row else [])
    return found
