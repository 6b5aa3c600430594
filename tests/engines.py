"""The same query on two engines, and answers that can be compared."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal, InvalidOperation

import rdflib
from pyoxigraph import RdfFormat

from nevkg.entities import select
from nevkg.questions import Question
from nevkg.store import EmbeddedStore

Row = tuple[str | None, ...]
Rows = Counter[Row]


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


def rows(question: Question, values: list[list[str | None]]) -> Rows:
    lists = [column.list for column in question.columns]
    return Counter(tuple(normal(value, is_list) for value, is_list in zip(row, lists, strict=True)) for row in values)


def ask_oxigraph(store: EmbeddedStore, question: Question, bound: dict[str, list[str]]) -> Rows:
    names = [column.name for column in question.columns]
    found = select(store, question.bind(bound))
    return rows(question, [[term.value if (term := row[name]) is not None else None for name in names] for row in found])


def ask_rdflib(dataset: rdflib.Dataset, question: Question, bound: dict[str, list[str]]) -> Rows:
    names = [column.name for column in question.columns]
    found = dataset.query(question.bind(bound))
    return rows(
        question,
        [[str(term) if (term := row.asdict().get(name)) is not None else None for name in names] for row in found],  # type: ignore[union-attr]
    )
