"""The order of rows, which nevkg sorts itself: the same as the engine's."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph
import pytest
from tests.support.marks import quick_every
from tests.support.worlds import SHIPPED

from nevkg.ask import evaluation
from nevkg.ask.catalogue import Question, read_question
from nevkg.ask.evaluation import choose_store, select_in_order
from nevkg.lookup import entities
from nevkg.lookup.entities import select
from nevkg.store import EmbeddedStore

QUESTIONS = [read_question(path) for path in sorted(SHIPPED.queries.glob("questions/*/*.rq"))]
XSD = "http://www.w3.org/2001/XMLSchema#"
IRIS = "UNDEF <http://b> <http://a/b> <http://a> <http://a-b>"
DAYS = f'"2024-10-01"^^<{XSD}date> "2024-09-30"^^<{XSD}date> UNDEF "1999-12-31"^^<{XSD}date>'
# Values whose order only the engine knows.
OTHERS = {
    "kinds": f'1 "a" "2024-10-01"^^<{XSD}date>',
    "languages": '"b"@en "a"@zh',
    "time zones": f'"2024-10-01"^^<{XSD}date> "2024-10-01Z"^^<{XSD}date>',
    "doubles": "2 1.5e0",
    "triple terms": "<http://a> <<( <http://a> <http://b> 1 )>>",
}


@pytest.fixture
def values() -> EmbeddedStore:
    return EmbeddedStore(pyoxigraph.Store(), SHIPPED, "", None, None)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The queries that the engine has got from the module."""
    texts: list[str] = []

    def select_and_note(store: EmbeddedStore, text: str) -> pyoxigraph.QuerySolutions:
        texts.append(text)
        return select(store, text)

    monkeypatch.setattr(entities, "select", select_and_note)
    return texts


def list_values(solutions: Iterable[pyoxigraph.QuerySolution]) -> list[tuple[object, ...]]:
    return [tuple(solution) for solution in solutions]


def write_query(values: str, keys: str) -> str:
    return f"SELECT ?x ?y WHERE {{\n  VALUES ?x {{ {values} }} VALUES ?y {{ 1 2 }}\n}}\nORDER BY {keys}\n"


@pytest.mark.parametrize("keys", ["?x ?y", "?y DESC(?x)", "DESC(?y) ?x"])
@pytest.mark.parametrize("found", [IRIS, DAYS, "10 9 9.5 -1 UNDEF", '"b" "B" "ä" "中" UNDEF ""', '"b"@en "a"@en', "true false"])
def test_values_are_sorted_as_by_the_engine(values: EmbeddedStore, asked: list[str], found: str, keys: str) -> None:
    query = write_query(found, keys)
    assert list_values(select_in_order(values, query)) == list_values(select(values, query))
    assert "ORDER BY" not in asked[-1]


@pytest.mark.parametrize("found", OTHERS.values(), ids=OTHERS)
def test_other_values_are_sorted_by_the_engine(values: EmbeddedStore, asked: list[str], found: str) -> None:
    query = write_query(found, "?x ?y")
    assert list_values(select_in_order(values, query)) == list_values(select(values, query))
    assert asked[-1] == query


@pytest.mark.parametrize("end", ["ORDER BY ?x LIMIT 2", "ORDER BY ?hidden", "ORDER BY STRLEN(STR(?x))", "LIMIT 3"])
def test_only_order_by_columns_at_the_end_is_replaced(values: EmbeddedStore, end: str) -> None:
    query = f"SELECT ?x WHERE {{ VALUES (?x ?hidden) {{ (<http://bb> 1) (<http://c> 2) (<http://aaa> 3) (<http://d> 0) }} }}\n{end}"
    assert list_values(select_in_order(values, query)) == list_values(select(values, query))


@pytest.mark.parametrize("question", quick_every(4, QUESTIONS), ids=lambda question: question.name)
def test_rows_are_in_the_order_of_the_engine(question: Question, sample: EmbeddedStore) -> None:
    store = choose_store(sample, question, {})
    clause = evaluation._CLAUSE.search(question.text)
    assert clause or "ORDER BY (" in question.text
    keys = [key["name"] for key in evaluation._KEY.finditer(clause["keys"])] if clause else []
    columns = {variable.value for variable in select(store, question.text).variables}

    def list_keys(solutions: Iterable[pyoxigraph.QuerySolution]) -> list[tuple[str, ...]]:
        return [tuple(str(row[key]) for key in keys if key in columns) for row in solutions]

    assert list_keys(select_in_order(store, question.text)) == list_keys(select(store, question.text))
