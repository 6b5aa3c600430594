"""Explains empty answers of catalogue questions and of users' own queries.

For a question: which filters remove all rows, and what the data knows of the entities that they name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace
from datetime import date
from itertools import chain

from nevkg.ask import days
from nevkg.ask.arguments import find_default
from nevkg.ask.catalogue import AS_OF, SNAPSHOT, Question
from nevkg.ask.emptiness.demands import (
    Demands,
    Link,
    find_clashes,
    find_patterns,
    find_unknown,
    find_unknown_in,
    holds,
    read_demands,
    split_modifiers,
)
from nevkg.ask.emptiness.reason import Condition, Coverage, EmptyPattern, FactAtOtherTime, Namer, OtherDay, PlannedFigure, Reason, warn
from nevkg.ask.evaluation import LANGUAGE, choose_store, drop_snapshot_parameters, find_day, fold, solve
from nevkg.data import dataset, terms
from nevkg.lookup import entities
from nevkg.store import EmbeddedStore, Store
from nevkg.store.engine import attempt

# Each parameter costs one query, so only the first few are examined.
_MOST = 6
Bound = Mapping[str, Sequence[str]]


def find_values(store: Store, question: Question, bound: Bound) -> dict[str, list[str]]:
    """Returns the parameters that restrict the answer, with their terms in N-Triples syntax.

    The language and the day of a snapshot do not count as restrictions. At most 6 parameters are returned.
    """
    found: dict[str, list[str]] = {}
    for parameter in question.parameters:
        if parameter.name == LANGUAGE or (parameter.name == AS_OF and question.over == SNAPSHOT):
            continue
        given = bound.get(parameter.name)
        if values := find_default(store, question, parameter) if given is None else list(given):
            found[parameter.name] = values
    return dict(list(found.items())[:_MOST])


def find_conditions(
    store: Store, question: Question, bound: Bound, values: Mapping[str, Sequence[str]], namer: Namer
) -> tuple[tuple[Condition, ...], int | None]:
    """Returns the conditions of a question without rows, and the number of rows without any of them.

    That number is None if it was not needed: if there is only one condition, or dropping a single one gives rows.

    Args:
        values: the parameters that restrict it, see :func:`find_values`.
    """

    def count(*without: str) -> int:
        return len(fold(question, solve(store, question, {**bound, **{name: [] for name in without}})))

    labels = {parameter.name: parameter.label[namer.language] for parameter in question.parameters}
    found = tuple(
        Condition(name, labels[name], tuple(namer.name(term) for term in of), is_default=name not in bound, rows_without=count(name))
        for name, of in values.items()
    )
    if any(condition.rows_without for condition in found) or len(found) < 2:
        return found, None
    whole = count(*values)
    if whole:
        found = tuple(replace(row, rows_alone=count(*(name for name in values if name != row.name))) for row in found)
    return found, whole


_HISTORY = f"<{terms.graph(dataset.HISTORY)}>"
_TYPE = terms.RDF + "type"
_MOST_ENTITIES = 3
_MOST_LINKS = 4
_SHOWN = 3
# The first characters of a date interval with an open beginning.
_OPEN = ".."


def find_entities(store: Store, iris: Iterable[str]) -> list[str]:
    """Returns the first few IRIs that name entities, not concepts of a vocabulary or terms of the ontology."""
    wanted = list(dict.fromkeys(iris))
    rows = entities.rows(
        store,
        f"""SELECT ?entity WHERE {{
          VALUES ?entity {{ {terms.format_iris(wanted)} }}
          FILTER EXISTS {{ ?entity rdf:type ?kind }}
          FILTER NOT EXISTS {{ ?entity rdf:type ?kind . FILTER(STRSTARTS(STR(?kind), "{terms.OWL}")) }}
          FILTER NOT EXISTS {{ ?entity skos:inScheme ?scheme }}
          FILTER NOT EXISTS {{ ?concept skos:inScheme ?entity }}
        }}""",
    )
    found = {row["entity"] for row in rows} if wanted else set()
    return [iri for iri in wanted if iri in found][:_MOST_ENTITIES]


# An entity, and all that have it as the only value of a property, such as its parts or products.
EntityGroup = tuple[str, ...]


def find_group(store: Store, entity: str) -> EntityGroup:
    """Returns an entity together with what belongs to it."""
    query = f"""SELECT DISTINCT ?thing WHERE {{
      ?thing ?names <{entity}> .
      FILTER NOT EXISTS {{ ?thing ?names ?other . FILTER(?other != <{entity}>) }}
      FILTER(isIRI(?thing))
    }} ORDER BY ?thing"""
    return tuple(dict.fromkeys([entity, *(row["thing"] for row in entities.rows(store, query))]))


def find_coverage(store: Store, group: EntityGroup, namer: Namer) -> Coverage:
    """Counts the sources that mention an entity or what belongs to it, and finds the plans for these."""
    mentioning = f"""SELECT DISTINCT ?source WHERE {{
      VALUES ?thing {{ {terms.format_iris(group)} }}
      GRAPH ?graph {{ ?statement ?names ?thing ; nev:source ?source }}
    }}"""
    sources = sorted(row["source"] for row in entities.rows(store, mentioning))
    dated = f"SELECT ?day WHERE {{ VALUES ?source {{ {terms.format_iris(sources)} }} GRAPH ?graph {{ ?source nev:earliest ?day }} }}"
    newest = max((row["day"] for row in entities.rows(store, dated)), default="") if sources else ""
    return Coverage(namer.entity(group[0]), len(sources), newest, tuple(_plans(store, group, namer)))


def _plans(store: Store, group: EntityGroup, namer: Namer) -> Iterable[PlannedFigure]:
    rows = entities.rows(
        store,
        f"""SELECT DISTINCT ?thing ?plan ?metric ?modality ?low ?high ?unit ?reported WHERE {{
          VALUES ?thing {{ {terms.format_iris(group)} }}
          ?thing nev:plan ?plan .
          ?plan nev:metric ?metric ; nev:modality ?modality ; nev:low ?low ; nev:high ?high ; nev:unit ?unit .
          OPTIONAL {{ ?plan nev:reported ?reported }}
        }}""",
    )
    for row in sorted(rows, key=lambda row: (row["thing"], row["metric"], row["modality"], row["plan"])):
        numbers = row["low"] if row["low"] == row["high"] else f"{row['low']}–{row['high']}"
        yield PlannedFigure(
            namer.entity(row["thing"]),
            namer.entity(row["metric"]),
            namer.entity(row["modality"]),
            f"{numbers} {namer.entity(row['unit'])}",
            row.get("reported", ""),
        )


def find_episodes(
    store: Store, demands: Demands, choices: Iterable[Sequence[str]], groups: Sequence[EntityGroup], day: str, namer: Namer
) -> tuple[tuple[FactAtOtherTime, ...], int]:
    """Finds episodes that match a query but hold at another time.

    Args:
        store: the snapshot, with the history in a named graph.
        choices: the terms that the query names; an episode must agree with one of each that has entities.
        groups: the first few of these entities.

    Returns:
        The few episodes nearest to the day, nearest first; and the number of the others.
    """
    named = [of for of in choices if find_entities(store, (term[1:-1] for term in of if term.startswith("<")))]
    found: dict[tuple[str, str, str, str, str], int] = {}
    for link in [link for link in demands.links if _is_restrictive(link, demands, {*chain(*named)})][:_MOST_LINKS]:
        for row in entities.rows(store, _query(link, demands, named, groups, day)):
            start, until = row["from"], row.get("until", "")
            since = row.get("since", start)
            if start > day and since.startswith(_OPEN):
                continue  # It may have begun on or before that day.
            key = (row["thing"], link.property, row["value"], since, until)
            found[key] = _days(start, day) if start > day else _days(day, until)
    nearest = sorted(found, key=lambda key: (found[key], key))
    shown = (
        FactAtOtherTime(namer.entity(subject), namer.entity(name), namer.entity(value), since, until)
        for subject, name, value, since, until in nearest[:_SHOWN]
    )
    return tuple(shown), len(nearest[_SHOWN:])


def _is_restrictive(link: Link, demands: Demands, named: Set[str]) -> bool:
    """Returns whether a link has a fixed value, or a subject that the query names."""
    return link.property != _TYPE and bool(demands.terms_of(link.object) or named & {*demands.terms_of(link.subject)})


def _query(link: Link, demands: Demands, named: Sequence[Sequence[str]], groups: Sequence[EntityGroup], day: str) -> str:
    """Returns the query for the episodes of a link on other days.

    These are the episodes of its subject if it has a fixed one, or all if its value is a named entity; else the episodes
    of the named entities and of what belongs to them. Their subjects must also refer to the other entities that are named.
    """
    subjects, values = demands.terms_of(link.subject), demands.terms_of(link.object)
    others = [of for of in named if not {*of} & {*subjects, *values}]
    members = [*subjects] if subjects or len(others) < len(named) else [f"<{iri}>" for group in groups for iri in group]
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
      {" ".join(f"FILTER EXISTS {{ VALUES ?other {{ {' '.join(of)} }} ?thing ?names ?other }}" for of in others)}
      FILTER(?from > "{day}"^^xsd:date || ?until <= "{day}"^^xsd:date)
      FILTER(isIRI(?value))
    }}"""


def _days(later: str, earlier: str) -> int:
    return (date.fromisoformat(later) - date.fromisoformat(earlier)).days


def explain_answer(store: Store, question: Question, bound: Bound, language: str, less_certain: str = "") -> Reason:
    """Explains why a question has no rows.

    Args:
        bound: the terms of its parameters, see :func:`nevkg.ask.answer.bind`.
        less_certain: what is left out because it is not well supported, in words; empty if nothing is.
    """
    namer, spaces = Namer(store, language), entities.namespaces(store)
    source, day, newest = choose_store(store, question, bound), find_day(store, bound), entities.dataset_date(store)
    values = find_values(store, question, bound)
    conditions, whole = find_conditions(store, question, bound, values, namer)
    iris = (term[1:-1] for of in values.values() for term in of if term.startswith("<"))
    groups = [find_group(source, entity) for entity in find_entities(source, iris)]
    other: tuple[OtherDay, ...] = ()
    if day != newest and AS_OF in {parameter.name for parameter in question.parameters}:
        later = {name: of for name, of in bound.items() if name != AS_OF}
        other = (OtherDay(newest, len(fold(question, solve(store, question, later)))),)
    demands = read_demands(question.bind(drop_snapshot_parameters(question, bound)), spaces)
    episodes, more = find_episodes(source, demands, values.values(), groups, day, namer) if question.over == SNAPSHOT else ((), 0)
    return Reason(
        language,
        conditions,
        whole,
        days=other,
        episodes=episodes,
        more_episodes=more,
        coverage=tuple(find_coverage(source, group, namer) for group in groups),
        less_certain=less_certain,
    )


def explain_query(store: Store, text: str, language: str, record: Store | None = None) -> Reason:
    """Explains why a SELECT query has no solution, or an ASK query is false.

    Args:
        store: the snapshot, or the record.
        record: the record that the snapshot was made from; None if ``store`` is the record.
    """
    return attempt(lambda: _explain_query(store, text, language, record or store), Reason(language))


def _explain_query(store: Store, text: str, language: str, record: Store) -> Reason:
    namer, spaces = Namer(record, language), entities.namespaces(record)
    demands = read_demands(text, spaces)
    unknown = find_unknown(store, record, demands.constants)
    ask, modifiers = split_modifiers(text)
    if modifiers and holds(store, ask, otherwise=False):
        return Reason(language, unknown=unknown, patterns=(EmptyPattern(modifiers, "modifiers"),))
    groups = [find_group(store, entity) for entity in find_entities(store, demands.constants)]
    day, newest = (store.day if isinstance(store, EmbeddedStore) else None), entities.dataset_date(record)
    episodes, more = find_episodes(store, demands, demands.choices, groups, day, namer) if day else ((), 0)
    return Reason(
        language,
        unknown=unknown,
        clashes=find_clashes(store, record, demands, namer),
        patterns=find_patterns(store, text, demands, namer),
        days=(OtherDay(newest, None if holds(days.snapshot(record, newest), ask, otherwise=False) else 0),)
        if day and day != newest
        else (),
        episodes=episodes,
        more_episodes=more,
        coverage=tuple(find_coverage(store, group, namer) for group in groups),
    )


def warn_of_unknown(store: Store, text: str, language: str, record: Store) -> str:
    """Returns a sentence for each term of a query that does not occur in the data; empty if there is none.

    Args:
        store: the snapshot, or the record.
        record: the record that the snapshot was made from.
    """
    return attempt(lambda: warn(find_unknown_in(store, record, text), language), "")
