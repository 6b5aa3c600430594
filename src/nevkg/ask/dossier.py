"""All that is known of one thing: what each source says of it, and what follows."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import QueryTriples, Triple

from nevkg.ask import days
from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.lookup.descriptions import Said, Spell, describe_episode, describe_statements, mentioned, namer
from nevkg.lookup.sources import Source, cited
from nevkg.lookup.statements import EPISODE, add_standings, read_episodes, read_statements
from nevkg.store import Store

_PREFIXES = f"PREFIX nev: <{terms.NEV}> PREFIX rdf: <{terms.RDF}>"
_LABELS, _ALIASES = ("|".join(f"<{name}>" for name in names) for names in (terms.LABELS, terms.ALIASES))


@dataclass(frozen=True)
class Known:
    """A thing with its labels, what is said of it, its history, and the sources, in the order in which they are numbered."""

    iri: str
    labels: tuple[str, ...]
    types: tuple[str, ...]
    said: tuple[Said, ...]
    history: tuple[Spell, ...]
    sources: tuple[Source, ...]
    language: str


def gather(store: Store, iri: str, language: str, day: str | None = None) -> Known:
    """Collects what is known of a thing: statements of which it is the subject, or that name it.

    Args:
        store: the record.
        iri: of the thing.
        language: of labels.
        day: the history has only what held on this day (ISO); all of it, with its standing on the date of the dataset, if None.
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
    name = namer(store, mentioned(statements, episodes) | {row["type"] for row in own if "type" in row}, language)
    said = describe_statements(store, statements, retracted, name, iri)
    return Known(
        iri=iri,
        labels=tuple(dict.fromkeys(row["label"] for row in own if "label" in row)),
        types=tuple(dict.fromkeys(name(row["type"]) for row in own if "type" in row)),
        said=tuple(sorted(said, key=lambda one: (one.property, one.when, one.value, one.iri))),
        history=tuple(describe_episode(row, name) for row in episodes),
        sources=tuple(cited(store, statements, language)) if statements else (),
        language=language,
    )


def triples(store: Store, iri: str, day: str | None = None) -> list[Triple]:
    """What the graph holds of a thing: its own triples, and those of the statements and episodes that name it.

    Args:
        store: the record.
        iri: of the thing.
        day: only what its snapshot of this day (ISO) has, with its facts, plans and reports.
    """
    chosen = f"""{{ BIND(<{iri}> AS ?thing) }} UNION {{ ?thing ?names <{iri}> ; nev:source ?source }}
        UNION {{ ?thing nev:subject <{iri}> ; a nev:Episode }}"""
    if day:
        store = days.snapshot(store, day)
        chosen = f"{{ BIND(<{iri}> AS ?thing) }} UNION {{ <{iri}> nev:fact|nev:plan|nev:reported ?thing }}"
    found = store.query(f"{_PREFIXES} CONSTRUCT {{ ?thing ?property ?value }} WHERE {{ {chosen} ?thing ?property ?value }}")
    assert isinstance(found, QueryTriples)
    return list(found)
