"""SERVICE is refused in any spelling, and only where it is a keyword; FROM is seen only where it is one."""

from __future__ import annotations

import pytest

from nevkg.errors import WrongUsage
from nevkg.sparql import names_graphs, refuse_outgoing_requests

CALLS = [
    "SELECT * { SERVICE <http://localhost/x> {} }",
    "select*{sErViCe silent<http://x>{}}",
    "SELECT * { ?s ?p ?o .\nSERVICE ?x { ?s ?p ?o } }",
    'SELECT * {?s ?p "a".SERVICE ?x {}}',
    'SELECT * {?s ?p "a"@en.SERVICE ?x {}}',
    "SELECT * {?s ?p 1.SERVICE ?x {}}",
    "SELECT * {?s ?p 1.5.SERVICE ?x {}}",
    "SELECT * {?s ?p <x:y>.SERVICE ?x {}}",
    "SELECT * {?s ?p ?o.SERVICE ?x {}}",
    "SELECT * { # a comment\nSERVICE <http://x> {} }",
    'SELECT * { ?s ?p """a\n"quote" """ SERVICE <http://x> {} }',
    "SELECT * { ?s ?p '\\'' SERVICE <http://x> {} }",
    "SELECT * { ?s <x:\\u0041#> ?o SERVICE <http://x> {} }",
    "SELECT * { S\\u0045RVICE <http://x> {} }",
    "SELECT * { \\u0053\\U00000045RVICE <http://x> {} }",
    "PREFIX a: <x:y#> SELECT * { a:b a:c a:d SERVICE a:e {} }",
    "SELECT * { FILTER EXISTS { SERVICE <http://x> {} } }",
]
NO_CALLS = [
    "SELECT * { ?s ?p 'SERVICE' }",
    'SELECT * { ?s ?p "a \\" SERVICE b" }',
    'SELECT * { ?s ?p """ SERVICE <http://x> {} """ }',
    "SELECT * { ?s ?p ?o } # SERVICE <http://x>",
    "PREFIX SERVICE: <x:y#> SELECT * { ?s SERVICE:a ?o }",
    "PREFIX a: <x:y#> SELECT * { ?s a:SERVICE ?o }",
    "PREFIX a: <x:y#> SELECT * { ?s a:b.SERVICE ?o }",
    "SELECT ?SERVICE { ?SERVICE ?p $service }",
    "SELECT * { ?s ?p <http://x/SERVICE> }",
    "SELECT * { ?s ?p 'a'@service }",
    "SELECT (1 AS ?SERVICES) { }",
]


@pytest.mark.parametrize("query", CALLS)
def test_refused(query: str) -> None:
    with pytest.raises(WrongUsage, match=r"Line \d+: SERVICE would send a request"):
        refuse_outgoing_requests(query)


@pytest.mark.parametrize("query", NO_CALLS)
def test_let_through(query: str) -> None:
    refuse_outgoing_requests(query)


@pytest.mark.parametrize("call", ["SERVICE <x:a>", "service#\n<x:a>", "SERVICE SILENT <x:a>", "SERVICE <x:a> {} SERVICE <x:b>"])
def test_allowed(call: str) -> None:
    refuse_outgoing_requests(f"SELECT * {{ {call} {{}} }}", {"x:a", "x:b"})


@pytest.mark.parametrize(
    "call",
    [
        "SERVICE <x:c>",
        "SERVICE ?x",
        "SERVICE SILENT $x",
        "SERVICE x:a",
        "SERVICE <a>",
        "SERVICE 'x:a'",
        "SERVICE <x:\\u0061>",
        "SERVICE <x:a> {} SERVICE <x:c>",
        "SERVICE",
        "SERVICE SERVICE <x:c>",
    ],
)
def test_not_allowed(call: str) -> None:
    with pytest.raises(WrongUsage, match="Line 1: SERVICE would send a request"):
        refuse_outgoing_requests(f"SELECT * {{ {call} {{}} }}", {"x:a", "x:b"})


@pytest.mark.parametrize(
    "query", ["SELECT * FROM <x:a> {}", "ask from named<x:a>{}", "DESCRIBE <x:s>FROM <x:a>", "SELECT ?s#\nFROM <x:a> {}"]
)
def test_names_graphs(query: str) -> None:
    assert names_graphs(query)


@pytest.mark.parametrize(
    "query", ["SELECT * { ?from ?p 'FROM' }", "ASK { <x:from> from:a a:from } # FROM <x:a>", "ASK { ?s ?p 'a'@from, ?fromage }"]
)
def test_names_no_graphs(query: str) -> None:
    assert not names_graphs(query)
