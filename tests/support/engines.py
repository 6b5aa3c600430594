"""The same query on two engines, and answers that can be compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import cache

import rdflib
from pyoxigraph import RdfFormat, serialize

from nevkg.ask.catalogue import SNAPSHOT, Question
from nevkg.ask.evaluation import choose_store, drop_snapshot_parameters, find_day, has_history, solve
from nevkg.store import EmbeddedStore, contents

Row = tuple[str | None, ...]
Rows = Counter[Row]


@cache
def in_rdflib(store: EmbeddedStore) -> rdflib.Dataset:
    """The whole store as an rdflib dataset whose default graph is the union."""
    dataset = rdflib.Dataset(default_union=True)
    content = store.store.dump(format=RdfFormat.N_QUADS)
    assert content is not None
    dataset.parse(data=content.decode(), format="nquads")
    return dataset


def normal(value: str | None, is_list: bool) -> str | None:
    """Lists in order, numbers in one spelling; the rest as it is."""
    if value is None or not value:
        return None
    if is_list:
        return " ".join(sorted(value.split()))
    try:
        return f"{Decimal(value).normalize():f}"
    except InvalidOperation:
        return value


@cache
def snapshot_in_rdflib(store: EmbeddedStore) -> rdflib.Dataset:
    """The snapshot of a day as the default graph of an rdflib dataset."""
    content = serialize(contents.default_triples(store), format=RdfFormat.N_TRIPLES)
    dataset = rdflib.Dataset()
    dataset.parse(data=content or b"", format="nt")
    return dataset


def rows(question: Question, values: list[list[str | None]]) -> Rows:
    lists = [column.list for column in question.columns]
    if any(lists):
        values = folded(values, lists)
    return Counter(tuple(normal(value, is_list) for value, is_list in zip(row, lists, strict=True)) for row in values)


def folded(values: list[list[str | None]], lists: Sequence[bool]) -> list[list[str | None]]:
    """Rows that differ only in lists as one."""
    found: dict[tuple[str | None, ...], list[set[str]]] = {}
    for row in values:
        alone = tuple(normal(value, False) for value, is_list in zip(row, lists, strict=True) if not is_list)
        parts = found.setdefault(alone, [set() for _ in row])
        for part, value in zip(parts, row, strict=True):
            part |= {value} if value is not None else set()
    return [[" ".join(sorted(part)) or None for part in parts] for parts in found.values()]


# Tests of one question share answers: each is found once in a process. The query is part of the key, since tests change it.
_Key = tuple[EmbeddedStore, str, str]
_by_oxigraph: dict[_Key, Rows] = {}
_by_rdflib: dict[_Key, Rows] = {}


def ask_oxigraph(store: EmbeddedStore, question: Question, bound: Mapping[str, Sequence[str]]) -> Rows:
    if (key := _key(store, question, bound)) not in _by_oxigraph:
        names = [column.name for column in question.columns]
        found = solve(store, question, bound)
        _by_oxigraph[key] = rows(question, [[term.value if (term := row[name]) is not None else None for name in names] for row in found])
    return _by_oxigraph[key].copy()


def ask_rdflib(store: EmbeddedStore, dataset: rdflib.Dataset, question: Question, bound: Mapping[str, Sequence[str]]) -> Rows:
    """Asks rdflib: the snapshot of ``store``, or ``dataset``, which holds the same as the store."""
    if (key := _key(store, question, bound)) not in _by_rdflib:
        names = [column.name for column in question.columns]
        asked: rdflib.Graph = dataset
        if question.over == SNAPSHOT:
            snapshot = choose_store(store, question, bound)
            assert isinstance(snapshot, EmbeddedStore)
            asked = snapshot_in_rdflib(snapshot)
        found = asked.query(question.bind(drop_snapshot_parameters(question, bound)))
        _by_rdflib[key] = rows(
            question,
            [[str(term) if (term := row.asdict().get(name)) is not None else None for name in names] for row in found],  # type: ignore[union-attr]
        )
    return _by_rdflib[key].copy()


def _key(store: EmbeddedStore, question: Question, bound: Mapping[str, Sequence[str]]) -> _Key:
    day = "" if question.over != SNAPSHOT else "history" if has_history(bound) else find_day(store, bound)
    return store, day, question.bind(drop_snapshot_parameters(question, bound))
