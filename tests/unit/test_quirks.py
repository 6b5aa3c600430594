"""Queries are simplified for other engines: parts without effect are blanked, so that lines and columns stay the same."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store
from tests.support.engines import ask_oxigraph
from tests.support.marks import quick_every
from tests.support.worlds import SHIPPED

from nevkg.ask.catalogue import Question, read_question
from nevkg.data import terms
from nevkg.store import EmbeddedStore
from nevkg.store.endpoints import recognise_server
from nevkg.store.quirks import adapt_query, makes_triples, page_query, standardise_results

QUESTIONS = [read_question(path) for path in sorted(SHIPPED.queries.glob("questions/*/*.rq"))]
ANYWHERE = '{ VALUES ?x { UNDEF } ?s ?p ?o . FILTER(!BOUND(?x)) } UNION { VALUES ?x { UNDEF } ?s ?x "VALUES ?x { UNDEF }" }'


@pytest.mark.parametrize(
    ("query", "plain"),
    [
        ("SELECT ?s { VALUES ?x { UNDEF } ?s ?x 1 }", "SELECT ?s { ?s ?x 1 }"),
        ("SELECT ?s { values $x {undef} ?s ?x 1 }", "SELECT ?s { ?s ?x 1 }"),
        (f"SELECT ?s {{ {ANYWHERE} }}", 'SELECT ?s { { ?s ?p ?o . FILTER(!BOUND(?x)) } UNION { ?s ?x "VALUES ?x { UNDEF }" } }'),
        ("SELECT ?s { { VALUES ?x { 1 } FILTER(!BOUND(?x)) } UNION { ?s ?p ?x } }", "SELECT ?s { { ?s ?p ?x } }"),
    ],
)
def test_parts_without_effect_are_removed(query: str, plain: str) -> None:
    assert adapt_query(query).split() == plain.split()
    assert len(adapt_query(query)) == len(query)


@pytest.mark.parametrize(
    ("query", "plain"),
    [
        (
            "SELECT DISTINCT ?s { ?s ?p ?o { SELECT distinct ?s ?o WHERE { ?s ?p ?o { SELECT DISTINCT ?s { ?s ?p ?o } } } } }",
            "SELECT DISTINCT ?s { ?s ?p ?o { SELECT ?s ?o WHERE { ?s ?p ?o { SELECT ?s { ?s ?p ?o } GROUP BY ?s HAVING(COUNT(*) > 0) } }"
            " GROUP BY ?s ?o HAVING(COUNT(*) > 0) } }",
        ),
    ],
)
def test_distinct_in_a_sub_select_becomes_group_by(query: str, plain: str) -> None:
    assert adapt_query(query).split() == plain.split()


@pytest.mark.parametrize(
    "query",
    [
        "SELECT DISTINCT ?s { ?s ?p ?o }",
        "SELECT ?s { { SELECT DISTINCT ?s { ?s ?p ?o } LIMIT 1 } }",
        "SELECT ?s { { SELECT DISTINCT ?s { ?s ?p ?o } VALUES ?s { <x:y> } } }",
        "SELECT ?s { { SELECT DISTINCT (?p AS ?s) { ?s ?p ?o } } }",
        "SELECT ?s { { SELECT DISTINCT } }",
        "SELECT ?s { { SELECT DISTINCT ?s",
        "SELECT * { VALUES ?x { UNDEF } ?s ?p ?o }",
        "SELECT ?x { VALUES ?x { UNDEF 1 } ?s ?p ?x }",
        "SELECT ?x { VALUES (?x ?y) { (UNDEF 1) } }",
        "SELECT ?s { { VALUES ?x { UNDEF 1 } FILTER(!BOUND(?x)) } UNION { ?s ?p ?x } }",
        "SELECT ?s { { VALUES ?y { 1 } FILTER(!BOUND(?x)) } UNION { ?s ?p ?x } }",
        "SELECT ?s { { { VALUES ?x { 1 } } FILTER(!BOUND(?x)) } UNION { ?s ?p ?x } }",
        "SELECT ?s { VALUES",
        "SELECT ?s { VALUES } UNION {",
        "} UNION { VALUES ?x {",
    ],
)
def test_other_queries_are_unchanged(query: str) -> None:
    assert adapt_query(query) == query


@pytest.mark.parametrize(
    ("query", "plain"),
    [
        ("SELECT ?s { VALUES ?s { <x:y> } }", "SELECT ?s { { VALUES ?s { <x:y> NO } FILTER(?s != NO) } }"),
        (
            "SELECT ?s { { SELECT ?s { VALUES ?s { x:y } } VALUES ?s { x:y } } VALUES ?s { x:y } } VALUES ?s { x:y }",
            "SELECT ?s { { SELECT ?s { { VALUES ?s { x:y NO } FILTER(?s != NO) } } VALUES ?s { x:y } }"
            " { VALUES ?s { x:y NO } FILTER(?s != NO) } } VALUES ?s { x:y }",
        ),
    ],
)
def test_a_single_value_gets_a_second_one(query: str, plain: str) -> None:
    head = "#+ title: of the catalogue\n"
    assert adapt_query(head + query).split() == (head + plain.replace("NO", "<urn:x-nevkg:nothing>")).split()
    assert adapt_query(query) == query, "only queries of the catalogue are changed"


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_json_results_are_standardised(size: int) -> None:
    boolean = '"datatype": "http://www.w3.org/2001/XMLSchema#boolean", "value": '
    row = '{ "x": { "type": "bnode", "value": "%sb1" }, "y": { "type": "literal", "value": "nodeID://b1" }, "z": { %s } },'
    written = "".join(row % ("nodeID://", boolean + value) for value in ('"1"', '"0"', '"true"')) + "\n] } }"
    expected = "".join(row % ("", boolean + value) for value in ('"true"', '"false"', '"true"')) + "\n] } }"
    content = written.encode()
    assert b"".join(standardise_results(content[at : at + size] for at in range(0, len(content), size))).decode() == expected


@pytest.mark.parametrize("question", quick_every(6, QUESTIONS), ids=lambda question: question.name)
def test_adapted_questions_have_the_same_answer(question: Question, sample: EmbeddedStore) -> None:
    """Checks defaults and open parameters; tests with real servers check bound values."""
    for text in (question.text, question.bind({parameter.name: [] for parameter in question.parameters})):
        adapted, original = (ask_oxigraph(sample, replace(question, text=form), {}) for form in (adapt_query(text), text))
        assert adapted == original


def test_query_forms_and_server_presets() -> None:
    assert makes_triples("# SELECT\nPREFIX select: <x:> CONSTRUCT { ?s ?p ?o } { SELECT ?s { ?s ?p ?o } }")
    assert makes_triples("describe <x:y>")
    assert not makes_triples("SELECT ?describe { ?s ?p 'CONSTRUCT' }")
    virtuoso = recognise_server("Virtuoso/07.20.3239 (Linux)")
    assert virtuoso is not None
    assert virtuoso.preamble.startswith("define ")
    assert recognise_server("nginx") is recognise_server("") is None


@pytest.mark.parametrize(
    ("query", "paged"),
    [
        ("SELECT ?s ?o { ?s ?p ?o }", "{ { SELECT ?s ?o { ?s ?p ?o } ORDER BY STR(?s) ?s STR(?o) ?o } }"),
        ("PREFIX x: <x:>\nselect * { ?s x:p ?o } # all", "{ { select * { ?s x:p ?o } # all\n ORDER BY STR(?s) ?s STR(?o) ?o } }"),
        (
            "SELECT ?s ?o { ?s ?p ?o } ORDER BY DESC(?o) ?s LIMIT 90",
            "{ { SELECT ?s ?o { ?s ?p ?o } ORDER BY DESC(?o) ?s STR(?o) ?o LIMIT 90 } }",
        ),
        ("SELECT ?s ?o { ?s ?p ?o { SELECT ?o { ?o ?q 1 } ORDER BY ?o LIMIT 9 } }", None),
        (
            "SELECT ?s (MAX(?n) AS ?o) { ?s ?p ?n } GROUP BY ?s ORDER BY DESC(?o)",
            "{ { SELECT ?s ?o WHERE { { SELECT ?s (MAX(?n) AS ?o) { ?s ?p ?n } GROUP BY ?s } } ORDER BY DESC(?o) STR(?s) ?s STR(?o) ?o } }",
        ),
        (
            "SELECT ?s (MAX(?n) AS ?o) { ?s ?p ?n } GROUP BY ?s ORDER BY ?s LIMIT 9",
            "{ { SELECT ?s (MAX(?n) AS ?o) { ?s ?p ?n } GROUP BY ?s ORDER BY ?s STR(?o) ?o LIMIT 9 } }",
        ),
        (
            "SELECT ?s (MAX(?n) AS ?o) { ?s ?p ?n } GROUP BY ?s ORDER BY MAX(?n)",
            "{ { SELECT ?s (MAX(?n) AS ?o) { ?s ?p ?n } GROUP BY ?s ORDER BY MAX(?n) STR(?s) ?s STR(?o) ?o } }",
        ),
    ],
)
def test_a_query_is_paged(query: str, paged: str | None) -> None:
    text = page_query(query, ["?s", "?o"], 40, 20)
    assert not list(solutions(Store(), text))
    paged = paged or f"{{ {{ {query} ORDER BY STR(?s) ?s STR(?o) ?o }} }}"
    before = "PREFIX x: <x:> " if query.startswith("PREFIX") else ""
    assert text.split() == f"{before}SELECT ?s ?o WHERE {paged} LIMIT 20 OFFSET 40".split()


def test_pages_together_are_the_whole_answer() -> None:
    """Checks a query whose order is not total and whose rows repeat."""
    store = Store()
    for number in range(50):
        store.add(Quad(NamedNode(f"x:{number}"), NamedNode("x:p"), Literal(number % 7), NamedNode("x:g")))
    query = "SELECT ?o { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g"
    grouped = page_query("SELECT ?o (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?o ORDER BY ?n", ["?o", "?n"], 2, 9)
    assert [terms.text(row["n"]) for row in solutions(store, grouped)] == ["7"] * 4 + ["8"]
    rows = [str(row["o"]) for first in range(0, 50, 20) for row in solutions(store, page_query(query, ["?o"], first, 20))]
    assert rows == sorted(str(row["o"]) for row in solutions(store, query))


def solutions(store: Store, query: str) -> QuerySolutions:
    found = store.query(query)
    assert isinstance(found, QuerySolutions)
    return found
