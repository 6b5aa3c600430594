"""What is known of the entities that a question names: what holds on other days, what is planned, and how many sources speak of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date

from nevkg.ask.emptiness.names import Namer
from nevkg.ask.emptiness.query import Demands, Link
from nevkg.ask.emptiness.reason import Coverage, Episode, Plan
from nevkg.data import dataset, terms
from nevkg.lookup import entities
from nevkg.store import Store

_PREFIXES = f"PREFIX nev: <{terms.NEV}> PREFIX rdf: <{terms.RDF}> PREFIX skos: <{terms.SKOS}> PREFIX xsd: <{terms.XSD}>"
_HISTORY = f"<{terms.graph(dataset.HISTORY)}>"
_OWL = "http://www.w3.org/2002/07/owl#"
_TYPE = terms.RDF + "type"
_MOST_ENTITIES = 3
_MOST_LINKS = 4
_SHOWN = 3
# How a date begins that has no first day.
_OPEN = ".."


def find_entities(store: Store, iris: Iterable[str]) -> list[str]:
    """Those IRIs that name entities, as against concepts of a vocabulary and terms of the ontology; the first few."""
    wanted = list(dict.fromkeys(iris))
    rows = _rows(
        store,
        f"""SELECT ?entity WHERE {{
          VALUES ?entity {{ {terms.iris(wanted)} }}
          FILTER EXISTS {{ ?entity rdf:type ?kind }}
          FILTER NOT EXISTS {{ ?entity rdf:type ?kind . FILTER(STRSTARTS(STR(?kind), "{_OWL}")) }}
          FILTER NOT EXISTS {{ ?entity skos:inScheme ?scheme }}
          FILTER NOT EXISTS {{ ?concept skos:inScheme ?entity }}
        }}""",
    )
    found = {row["entity"] for row in rows} if wanted else set()
    return [iri for iri in wanted if iri in found][:_MOST_ENTITIES]


@dataclass(frozen=True)
class Circle:
    """An entity, and what has it as its only value of a property: a part, a member or a product of it.

    Attributes:
        entity: IRI.
        members: the IRIs, that of the entity among them.
    """

    entity: str
    members: tuple[str, ...]


def find_circle(store: Store, entity: str) -> Circle:
    """What belongs to an entity."""
    query = f"""SELECT DISTINCT ?thing WHERE {{
      ?thing ?names <{entity}> .
      FILTER NOT EXISTS {{ ?thing ?names ?other . FILTER(?other != <{entity}>) }}
      FILTER(isIRI(?thing))
    }} ORDER BY ?thing"""
    return Circle(entity, tuple(dict.fromkeys([entity, *(row["thing"] for row in _rows(store, query))])))


def cover(store: Store, circle: Circle, namer: Namer) -> Coverage:
    """The sources that speak of an entity, or of what belongs to it, and the plans for these."""
    speaking = f"""SELECT DISTINCT ?source WHERE {{
      VALUES ?thing {{ {terms.iris(circle.members)} }}
      GRAPH ?graph {{ ?statement ?names ?thing ; nev:source ?source }}
    }}"""
    sources = sorted(row["source"] for row in _rows(store, speaking))
    dated = f"SELECT ?day WHERE {{ VALUES ?source {{ {terms.iris(sources)} }} GRAPH ?graph {{ ?source nev:earliest ?day }} }}"
    newest = max((row["day"] for row in _rows(store, dated)), default="") if sources else ""
    return Coverage(namer.thing(circle.entity), len(sources), newest, tuple(_plans(store, circle, namer)))


def _plans(store: Store, circle: Circle, namer: Namer) -> Iterable[Plan]:
    rows = _rows(
        store,
        f"""SELECT DISTINCT ?thing ?plan ?metric ?modality ?low ?high ?unit ?reported WHERE {{
          VALUES ?thing {{ {terms.iris(circle.members)} }}
          ?thing nev:plan ?plan .
          ?plan nev:metric ?metric ; nev:modality ?modality ; nev:low ?low ; nev:high ?high ; nev:unit ?unit .
          OPTIONAL {{ ?plan nev:reported ?reported }}
        }}""",
    )
    for row in sorted(rows, key=lambda row: (row["thing"], row["metric"], row["modality"], row["plan"])):
        numbers = row["low"] if row["low"] == row["high"] else f"{row['low']}–{row['high']}"
        yield Plan(
            namer.thing(row["thing"]),
            namer.thing(row["metric"]),
            namer.thing(row["modality"]),
            f"{numbers} {namer.thing(row['unit'])}",
            row.get("reported", ""),
        )


def find_episodes(store: Store, demands: Demands, circles: Sequence[Circle], day: str, namer: Namer) -> tuple[list[Episode], int]:
    """What would match a query but holds at another time, the nearest to the day first; and how many there are in all.

    Args:
        store: the snapshot, with the history in a named graph.
        demands: of the query.
        circles: the entities that the query names.
        day: that it is for (ISO).
        namer: names things.
    """
    named = {f"<{circle.entity}>" for circle in circles}
    found: dict[tuple[str, str, str, str, str], int] = {}
    for link in [link for link in demands.links if _is_telling(link, demands, named)][:_MOST_LINKS]:
        for row in _rows(store, _query(link, demands, circles, named, day)):
            start, until = row["from"], row.get("until", "")
            since = row.get("since", start)
            if start > day and since.startswith(_OPEN):
                continue  # It may have begun before that day.
            key = (row["thing"], link.property, row["value"], since, until)
            found[key] = _days(start, day) if start > day else _days(day, until)
    nearest = sorted(found, key=lambda key: (found[key], key))
    return [
        Episode(namer.thing(subject), namer.thing(name), namer.thing(value), since, until)
        for subject, name, value, since, until in nearest[:_SHOWN]
    ], len(nearest)


def _is_telling(link: Link, demands: Demands, named: Set[str]) -> bool:
    """Whether a link has a value, or a subject that is named."""
    return link.property != _TYPE and bool(demands.terms_of(link.object) or named & {*demands.terms_of(link.subject)})


def _query(link: Link, demands: Demands, circles: Sequence[Circle], named: Set[str], day: str) -> str:
    """The episodes of a link on other days: of its subject; else of whatever has an entity that is named as the value, or belongs to it."""
    subjects, values = demands.terms_of(link.subject), demands.terms_of(link.object)
    members = [*subjects] if subjects or named & {*values} else [f"<{iri}>" for circle in circles for iri in circle.members]
    kinds = [other.object for other in demands.links if (other.subject, other.property) == (link.subject, _TYPE)]
    return f"""SELECT DISTINCT ?thing ?value ?since ?from ?until WHERE {{
      GRAPH {_HISTORY} {{
        {f"VALUES ?thing {{ {' '.join(members)} }}" if members else ""}
        {f"VALUES ?value {{ {' '.join(values)} }}" if values else ""}
        ?episode nev:property <{link.property}> ; nev:subject ?thing ; nev:value ?value ; nev:from ?from .
        OPTIONAL {{ ?episode nev:until ?until }}
        OPTIONAL {{ ?episode nev:since ?since }}
      }}
      {"" if subjects else " ".join(f"FILTER EXISTS {{ ?thing rdf:type {kind} }}" for kind in kinds)}
      FILTER(?from > "{day}"^^xsd:date || ?until <= "{day}"^^xsd:date)
      FILTER(isIRI(?value))
    }}"""


def _days(later: str, earlier: str) -> int:
    return (date.fromisoformat(later) - date.fromisoformat(earlier)).days


def _rows(store: Store, query: str) -> list[dict[str, str]]:
    return entities.rows(store, f"{_PREFIXES} {query}")
