"""What the store says of things: plain facts, and which statements are about a thing or name it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode, QueryBoolean

from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.store import Store

PREFIXES = f"PREFIX nev: <{terms.NEV}> PREFIX prov: <{terms.PROV}> PREFIX dcterms: <{terms.DCTERMS}> PREFIX rdf: <{terms.RDF}>"
# How a statement is meant. What only serves to say that is not thereby spoken of.
MANNERS = {terms.NEV + name for name in ("modality", "scope", "comparator", "unit", "precision")}
# At the most so many things are listed that name a thing.
MOST_POINTERS = 1000

# How a statement stands in the history: behind an episode that holds, or only behind others.
CURRENT, PAST = "current", "past"

Facts = dict[str, list[terms.Term]]


def nev(name: str) -> str:
    """The IRI of a term of the kernel."""
    return terms.NEV + name


def is_iri(text: str) -> bool:
    """Whether ``text`` may stand in a query as an IRI."""
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def rows(store: Store, query: str) -> list[dict[str, terms.Term]]:
    """The solutions of a SELECT query, the kernel's prefixes declared."""
    found = entities.select(store, f"{PREFIXES} {query}")
    names = [variable.value for variable in found.variables]
    return [{name: term for name, term in zip(names, row, strict=True) if term is not None} for row in found]


def text(row: dict[str, terms.Term], name: str) -> str:
    """What a solution has for a variable, as text; empty if it has nothing."""
    return terms.text(row[name]) if name in row else ""


def listed(iris: Iterable[str]) -> str:
    """IRIs as values of a query."""
    return terms.iris(sorted(set(iris)))


def facts(store: Store, pattern: str) -> dict[str, Facts]:
    """All triples of each ``?thing`` that a graph pattern chooses: thing to property to values, all sorted."""
    made: dict[str, Facts] = {}
    found = entities.select(store, f"{PREFIXES} SELECT DISTINCT ?thing ?property ?value WHERE {{ {pattern} ?thing ?property ?value }}")
    for thing, name, value in found:
        made.setdefault(terms.text(thing), {}).setdefault(name.value, []).append(value)
    return {
        thing: {name: values if len(values) == 1 else sorted(values, key=str) for name, values in sorted(of.items())}
        for thing, of in sorted(made.items())
    }


def facts_of(store: Store, iris: Iterable[str]) -> dict[str, Facts]:
    """All triples of these things."""
    values = listed(iris)
    return facts(store, f"VALUES ?thing {{ {values} }}") if values else {}


def first(of: Facts, name: str) -> str:
    """The first value that a thing has for a property, as text; empty if it has none."""
    return terms.text(of[name][0]) if of.get(name) else ""


def exists(store: Store, iri: str) -> bool:
    """Whether the graph says anything of a thing."""
    found = store.query(f"ASK {{ <{iri}> ?property ?value }}")
    return isinstance(found, QueryBoolean) and bool(found)


def replacement(store: Store, iri: str) -> str | None:
    """The thing that a thing was found to be; None if it was not."""
    found = rows(store, f"SELECT ?other WHERE {{ <{iri}> dcterms:isReplacedBy ?other }} ORDER BY ?other LIMIT 1")
    return terms.text(found[0]["other"]) if found else None


@dataclass(frozen=True)
class Mention:
    """A statement that names a thing.

    Attributes:
        statement: its IRI.
        role: the property by which it names the thing.
        topic: the property that it gives a value for, else its kind.
        subject: what it is about; empty if that is not told.
        day: by which it is certain (ISO); empty if that is not known.
    """

    statement: str
    role: str
    topic: str
    subject: str
    day: str


def roles(store: Store, iri: str) -> dict[str, int]:
    """The properties that anything has a thing as its value for, and how often."""
    found = rows(store, f"SELECT ?role (COUNT(*) AS ?count) WHERE {{ ?any ?role <{iri}> }} GROUP BY ?role ORDER BY ?role")
    return {terms.text(row["role"]): int(terms.text(row["count"])) for row in found if "role" in row}


def mentions(store: Store, iri: str, by: Iterable[str]) -> list[Mention]:
    """The statements that are about a thing, or name it; each once.

    Args:
        store: what is asked.
        iri: of the thing.
        by: its roles; how a statement is meant counts for none.
    """
    values = _named_by(by)
    return _mentions(store, f"VALUES ?role {{ {values} }} ?statement ?role <{iri}> .") if values else []


def stated(store: Store, statements: Iterable[str]) -> list[Mention]:
    """Statements by their IRIs, as what is about something."""
    values = listed(statements)
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
        # To be what is spoken of says more than to be named, and that more than any property above.
        if one.statement not in best or _rank(one) < _rank(best[one.statement]):
            best[one.statement] = one
    return list(best.values())


def _rank(one: Mention) -> tuple[bool, bool, str]:
    return (one.role != nev("subject"), one.role != nev("value"), one.role)


def pointers(store: Store, iri: str, by: Iterable[str]) -> list[tuple[str, str]]:
    """What else has a thing as its value, as pairs of property and thing; statements and episodes are left out."""
    query = f"""SELECT DISTINCT ?role ?thing WHERE {{
      VALUES ?role {{ {_named_by(by)} }} ?thing ?role <{iri}> . FILTER(ISIRI(?thing))
      FILTER NOT EXISTS {{ ?thing nev:source ?source }} FILTER NOT EXISTS {{ ?thing a nev:Episode }}
    }} ORDER BY ?role ?thing LIMIT {MOST_POINTERS}"""
    return [(terms.text(row["role"]), terms.text(row["thing"])) for row in rows(store, query)]


def _named_by(by: Iterable[str]) -> str:
    return listed(set(by) - MANNERS)


def holds(since: str, until: str, day: str) -> bool:
    """Whether something that began and ended on these days (ISO; no end if empty) is so on a day."""
    return since <= day and (not until or until > day)


def standings(store: Store, iris: Sequence[str], day: str) -> tuple[dict[str, str], set[str]]:
    """Which statements stand behind an episode of their own subject, and whether one of these holds; and which behind a disputed one."""
    found = rows(
        store,
        f"""SELECT ?statement ?from ?until ?disputed WHERE {{
          VALUES ?statement {{ {listed(iris)} }} ?statement nev:subject ?subject .
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


def retracted(store: Store, iris: Sequence[str]) -> dict[str, list[terms.Term]]:
    """Those that another statement takes back, unless that one is taken back itself, and the reasons for it."""
    query = f"""SELECT ?statement ?reason WHERE {{ VALUES ?statement {{ {listed(iris)} }} ?retraction nev:retracts ?statement .
      FILTER NOT EXISTS {{ ?other nev:retracts ?retraction }} OPTIONAL {{ ?retraction nev:note ?reason }} }}"""
    found: dict[str, list[terms.Term]] = {}
    for row in rows(store, query):
        found.setdefault(terms.text(row["statement"]), []).extend([row["reason"]] if "reason" in row else [])
    return found
