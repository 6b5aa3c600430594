"""Entity profiles: all statements about one entity, its history, and the sources."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import QueryTriples, Triple

from nevkg.ask import days
from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.lookup.descriptions import (
    EpisodeDescription,
    StatementDescription,
    collect_values,
    describe_episode,
    describe_statements,
    make_namer,
)
from nevkg.lookup.sources import Source, find_sources
from nevkg.lookup.statements import EPISODE, add_standings, read_episodes, read_statements
from nevkg.store import Store

_PREFIXES = f"PREFIX nev: <{terms.NEV}> PREFIX rdf: <{terms.RDF}>"
_LABELS, _ALIASES = ("|".join(f"<{name}>" for name in names) for names in (terms.LABELS, terms.ALIASES))


@dataclass(frozen=True)
class EntityProfile:
    """An entity with its labels, the statements about it, its history, and the sources in the order of their numbers."""

    iri: str
    labels: tuple[str, ...]
    types: tuple[str, ...]
    said: tuple[StatementDescription, ...]
    history: tuple[EpisodeDescription, ...]
    sources: tuple[Source, ...]
    language: str


def gather(store: Store, iri: str, language: str, day: str | None = None) -> EntityProfile:
    """Collects the profile of an entity from all statements that mention it.

    Args:
        store: the record.
        iri: the IRI of the entity.
        language: the language of labels.
        day: restricts the history to what held on this day (ISO); if None, the whole history, with its standing on the
            date of the dataset.
    """
    mentioning = f"""SELECT DISTINCT ?statement WHERE {{
        {{ ?statement ?anyProperty <{iri}> }} UNION {{ BIND(<{iri}> AS ?statement) }}
        ?statement nev:source ?source }}"""
    statements, retracted = read_statements(store, mentioning, language)
    held = f'FILTER(STR(?from) <= "{day}" && COALESCE(STR(?until) > "{day}", true))' if day else ""
    episodes = read_episodes(store, f"?episode nev:subject <{iri}> .", EPISODE, held)
    if episodes:
        add_standings(days.snapshot(store, day or entities.dataset_date(store)), episodes)
    own = entities.rows(
        days.view(store, day),
        f"""{_PREFIXES} SELECT ?type ?label ?isAlias WHERE {{
          {{ <{iri}> rdf:type ?type FILTER NOT EXISTS {{ ?type nev:isRole true }} }}
          UNION {{ <{iri}> {_LABELS} ?label }} UNION {{ <{iri}> {_ALIASES} ?label BIND(true AS ?isAlias) }}
        }} ORDER BY ?type ?isAlias ?label""",
    )
    name = make_namer(store, collect_values(statements, episodes) | {row["type"] for row in own if "type" in row}, language)
    said = describe_statements(store, statements, retracted, name, iri)
    return EntityProfile(
        iri=iri,
        labels=tuple(dict.fromkeys(row["label"] for row in own if "label" in row)),
        types=tuple(dict.fromkeys(name(row["type"]) for row in own if "type" in row)),
        said=tuple(sorted(said, key=lambda one: (one.property, one.when, one.value, one.iri))),
        history=tuple(describe_episode(row, name) for row in episodes),
        sources=tuple(find_sources(store, statements, language)) if statements else (),
        language=language,
    )


def triples(store: Store, iri: str, day: str | None = None) -> list[Triple]:
    """Returns the triples of an entity, and those of the statements and episodes that mention it.

    Args:
        store: the record.
        iri: the IRI of the entity.
        day: instead, its triples in the snapshot of this day (ISO), and those of its facts, plans and reports.
    """
    chosen = f"""{{ BIND(<{iri}> AS ?thing) }} UNION {{ ?thing ?names <{iri}> ; nev:source ?source }}
        UNION {{ ?thing nev:subject <{iri}> ; a nev:Episode }}"""
    if day:
        store = days.snapshot(store, day)
        chosen = f"{{ BIND(<{iri}> AS ?thing) }} UNION {{ <{iri}> nev:fact|nev:plan|nev:reported ?thing }}"
    found = store.query(f"{_PREFIXES} CONSTRUCT {{ ?thing ?property ?value }} WHERE {{ {chosen} ?thing ?property ?value }}")
    assert isinstance(found, QueryTriples)
    return list(found)
