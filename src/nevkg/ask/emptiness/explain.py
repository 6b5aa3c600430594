"""Explains empty answers of catalogue questions and of users' own queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nevkg.ask import days
from nevkg.ask.catalogue import AS_OF, SNAPSHOT, Question
from nevkg.ask.emptiness.conditions import find_conditions, find_coverage, find_entities, find_episodes, find_group, find_values
from nevkg.ask.emptiness.demands import find_clashes, find_patterns, find_unknown, find_unknown_in, holds, read_demands, split_modifiers
from nevkg.ask.emptiness.reason import EmptyPattern, Namer, OtherDay, Reason, warn
from nevkg.ask.evaluation import choose_store, drop_snapshot_parameters, find_day, fold, solve
from nevkg.lookup import entities
from nevkg.store import EmbeddedStore, Store
from nevkg.store.engine import attempt


def explain_answer(store: Store, question: Question, bound: Mapping[str, Sequence[str]], language: str, less_certain: str = "") -> Reason:
    """Explains why a question has no rows.

    Args:
        bound: the terms of its parameters, see :func:`nevkg.ask.answer.bind`.
        less_certain: what is left out because it is not well supported, in words; empty if nothing is.
    """
    namer, spaces = Namer(store, language), entities.namespaces(store)
    source, day, newest = choose_store(store, question, bound), find_day(store, bound), entities.dataset_date(store)
    values = find_values(question, bound, spaces)
    conditions, whole = find_conditions(store, question, bound, values, namer)
    iris = (term[1:-1] for of in values.values() for term in of if term.startswith("<"))
    groups = [find_group(source, entity) for entity in find_entities(source, iris)]
    other: tuple[OtherDay, ...] = ()
    if day != newest and AS_OF in {parameter.name for parameter in question.parameters}:
        later = {name: of for name, of in bound.items() if name != AS_OF}
        other = (OtherDay(newest, len(fold(question, solve(store, question, later)))),)
    demands = read_demands(question.bind(drop_snapshot_parameters(question, bound)), spaces)
    episodes, count = find_episodes(source, demands, values.values(), groups, day, namer) if question.over == SNAPSHOT else ([], 0)
    return Reason(
        language,
        conditions,
        whole,
        days=other,
        episodes=tuple(episodes),
        more_episodes=count - len(episodes),
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
    episodes, count = find_episodes(store, demands, demands.choices, groups, day, namer) if day else ([], 0)
    return Reason(
        language,
        unknown=unknown,
        clashes=find_clashes(store, record, demands, namer),
        patterns=find_patterns(store, text, demands, namer),
        days=(OtherDay(newest, None if holds(days.snapshot(record, newest), ask, otherwise=False) else 0),)
        if day and day != newest
        else (),
        episodes=tuple(episodes),
        more_episodes=count - len(episodes),
        coverage=tuple(find_coverage(store, group, namer) for group in groups),
    )


def warn_of_unknown(store: Store, text: str, language: str, record: Store) -> str:
    """Returns a sentence for each term of a query that does not occur in the data; empty if there is none.

    Args:
        store: the snapshot, or the record.
        record: the record that the snapshot was made from.
    """
    return attempt(lambda: warn(find_unknown_in(store, record, text), language), "")
