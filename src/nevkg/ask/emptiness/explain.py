"""Explains empty answers: of a question of the catalogue, and of a query of the user's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nevkg.ask import days
from nevkg.ask.answer import asked_of, day_of, fold, free, solve
from nevkg.ask.catalogue import AS_OF, SNAPSHOT, Question
from nevkg.ask.emptiness.conditions import find_conditions, find_values
from nevkg.ask.emptiness.context import cover, find_circle, find_entities, find_episodes
from nevkg.ask.emptiness.names import Namer
from nevkg.ask.emptiness.patterns import find_patterns, find_unknown, find_unknown_in, holds
from nevkg.ask.emptiness.query import body, read_demands
from nevkg.ask.emptiness.reason import OtherDay, Reason
from nevkg.ask.emptiness.words import warn
from nevkg.lookup import entities
from nevkg.store import EmbeddedStore, Store


def explain_answer(store: Store, question: Question, bound: Mapping[str, Sequence[str]], language: str) -> Reason:
    """Why a question has no rows.

    Args:
        store: the record.
        question: what was asked.
        bound: the terms of its parameters, see :func:`nevkg.ask.answer.bind`.
        language: of labels.
    """
    namer, spaces = Namer(store, language), entities.namespaces(store)
    asked, day, newest = asked_of(store, question, bound), day_of(store, bound), entities.dataset_date(store)
    values = find_values(question, bound, spaces)
    conditions, whole = find_conditions(store, question, bound, values, namer)
    iris = (term[1:-1] for of in values.values() for term in of if term.startswith("<"))
    circles = [find_circle(asked, entity) for entity in find_entities(asked, iris)]
    other: tuple[OtherDay, ...] = ()
    if day != newest and AS_OF in {parameter.name for parameter in question.parameters}:
        later = {name: of for name, of in bound.items() if name != AS_OF}
        other = (OtherDay(newest, len(fold(question, solve(store, question, later)))),)
    demands = read_demands(question.bind(free(question, bound)), spaces)
    episodes, count = find_episodes(asked, demands, circles, day, namer) if question.over == SNAPSHOT else ([], 0)
    return Reason(
        language,
        conditions,
        whole,
        days=other,
        episodes=tuple(episodes),
        more_episodes=count - len(episodes),
        coverage=tuple(cover(asked, circle, namer) for circle in circles),
    )


def explain_query(store: Store, text: str, language: str, record: Store | None = None) -> Reason:
    """Why a SELECT query has no solution, or ASK is false.

    Args:
        store: the snapshot, or the record.
        text: the query.
        language: of labels.
        record: what the snapshot was made of.
    """
    record = record or store
    namer, spaces = Namer(record, language), entities.namespaces(record)
    demands = read_demands(text, spaces)
    unknown = find_unknown(store, record, demands.constants)
    circles = [find_circle(store, entity) for entity in find_entities(store, demands.constants)]
    day, newest = (store.day if isinstance(store, EmbeddedStore) else None), entities.dataset_date(record)
    episodes, count = find_episodes(store, demands, circles, day, namer) if day else ([], 0)
    return Reason(
        language,
        unknown=unknown,
        patterns=find_patterns(store, text, demands, namer),
        days=(OtherDay(newest, None if holds(days.snapshot(record, newest), body(text), otherwise=False) else 0),)
        if day and day != newest
        else (),
        episodes=tuple(episodes),
        more_episodes=count - len(episodes),
        coverage=tuple(cover(store, circle, namer) for circle in circles),
    )


def warn_of_unknown(store: Store, text: str, language: str, record: Store) -> str:
    """A sentence for each term of a query that is nowhere in the data; empty if there is none.

    Args:
        store: the snapshot, or the record.
        text: the query.
        language: of the sentences.
        record: what the snapshot was made of.
    """
    return warn(find_unknown_in(store, record, text), language)
