"""Brackets for engines that group operators from the right: where they are needed, and that they change no result."""

from __future__ import annotations

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.worlds import SHIPPED

from nevkg.sparql.arithmetic import group_from_left
from nevkg.validate.checks import query_files


@pytest.mark.parametrize(
    ("text", "grouped"),
    [
        ("SELECT (10 - 3 - 2 AS ?x) {}", "SELECT ((10 - 3) - 2 AS ?x) {}"),
        ("SELECT (10-3+2*4/2 AS ?x) {}", "SELECT ((10-3)+(2*4)/2 AS ?x) {}"),
        ("SELECT (?a -1 -2 AS ?x) {}", "SELECT ((?a -1) -2 AS ?x) {}"),
        ("SELECT (-?a - -?b - 1 AS ?x) {}", "SELECT ((-?a - -?b) - 1 AS ?x) {}"),
        ("SELECT * { FILTER(?a - 1 - f(?b - 2 - 3, 4) > 5) }", "SELECT * { FILTER((?a - 1) - f((?b - 2) - 3, 4) > 5) }"),
        ("SELECT * { FILTER ex:f(?a / ?b / ?c) }", "SELECT * { FILTER ex:f((?a / ?b) / ?c) }"),
        ("SELECT * { FILTER EXISTS { BIND(3 - 2 - 1 AS ?x) } }", "SELECT * { FILTER EXISTS { BIND((3 - 2) - 1 AS ?x) } }"),
        ('SELECT ("2"^^xsd:date - ?b - "P1D"^^<d> AS ?x) {}', 'SELECT (("2"^^xsd:date - ?b) - "P1D"^^<d> AS ?x) {}'),
    ],
)
def test_chains_are_grouped_from_the_left(text: str, grouped: str) -> None:
    assert group_from_left(text) == grouped
    assert group_from_left(grouped) == grouped


@pytest.mark.parametrize(
    "text",
    [
        "SELECT (1 + 2 - 3 AS ?x) (2 * 3 * 4 AS ?y) (COUNT(*) AS ?n) {}",
        "SELECT * { ?s (nev:a/nev:b/nev:c)+ ?o ; nev:p (1 -2 -3) ; a (1 -2 -3), ((1 -2 -3)) . ?s !(nev:a|^nev:b)/nev:c/nev:d ?p }",
        "SELECT * { VALUES (?a ?b ?c) { (1 -2 -3) (4 -5 -6) } } VALUES (?d ?e ?f) { (1 -2 -3) }",
        "SELECT * { FILTER(?a IN (1, -2, -3) && NOT EXISTS { ?a ?b ?c } || 1 - 2 > 3) }",
        "SELECT * { ?s rdfs:label 'a - b - c' } # (1 - 2 - 3)",
        "SELECT ((((",
        "} ) (1 - ",
    ],
)
def test_everything_else_is_left_alone(text: str) -> None:
    assert group_from_left(text) == text


def test_our_own_queries_give_the_same_results_in_both_kinds_of_engines() -> None:
    unsafe = [path.name for path in query_files(SHIPPED) if group_from_left(text := path.read_text(encoding="utf-8")) != text]
    assert not unsafe, "add brackets: engines group these operators in different ways"


NUMBERS = st.integers(1, 9).map(str)
OPERATIONS = st.recursive(
    NUMBERS,
    lambda inner: st.one_of(
        st.lists(st.tuples(st.sampled_from([" - ", "+", "*", " / ", "-"]), inner), min_size=1, max_size=4).flatmap(
            lambda rest: inner.map(lambda first: first + "".join(sign + other for sign, other in rest))
        ),
        inner.map(lambda text: f"({text})"),
        inner.map(lambda text: f"ABS({text})"),
    ),
    max_leaves=12,
)


@given(OPERATIONS)
@settings(deadline=None, max_examples=300)
def test_brackets_change_no_result(expression: str) -> None:
    text = f"SELECT ({expression} AS ?x) {{}}"
    assert evaluate(text) == evaluate(group_from_left(text))


def evaluate(text: str) -> object:
    found = pyoxigraph.Store().query(text)
    assert isinstance(found, pyoxigraph.QuerySolutions)
    row: object = next(found)["x"]
    return row
