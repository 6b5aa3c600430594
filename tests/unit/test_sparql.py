"""Checks of queries before they run: SERVICE, FROM, nesting depth, limits and the columns of SELECT *."""

from __future__ import annotations

import gc
import subprocess
import sys

import pyoxigraph
import pytest
from pyoxigraph import NamedNode, Quad, QueryBoolean, QuerySolutions
from tests.support.hostile import Listener

from nevkg.errors import WrongUsage
from nevkg.sparql.bounds import is_certain, refuse_depth
from nevkg.sparql.service_guard import refuse_calls
from nevkg.store import engine

CALLS = [
    "SELECT * { SERVICE <http://localhost/x> {} }",
    "select*{sErViCe silent<http://x>{}}",
    "SELECT * { ?s ?p ?o .\nSERVICE ?x { ?s ?p ?o } }",
    'SELECT * {?s ?p "a"@en.SERVICE ?x {}}',
    "SELECT * {?s ?p 1.5.SERVICE ?x {}}",
    "SELECT * { # a comment\nSERVICE <http://x> {} }",
    'SELECT * { ?s ?p """a\n"quote" """ SERVICE <http://x> {} }',
    "SELECT * { ?s <x:\\u0041#> ?o SERVICE <http://x> {} }",
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
    "PREFIX a: <x:y#> SELECT * { ?s a:b\\'s-service ?o }",
    "SELECT ?SERVICE { ?SERVICE ?p $my_service }",
    "SELECT * { ?s ?p <http://x/SERVICE> }",
    "SELECT (1 AS ?SERVICES) { }",
]


@pytest.mark.parametrize("query", CALLS)
def test_calls_are_refused(query: str) -> None:
    with pytest.raises(WrongUsage, match=r"Line \d+: SERVICE would send a request"):
        engine.parse(query)
    with pytest.raises(WrongUsage, match=r"Line \d+: SERVICE would send a request"):
        refuse_calls(query)


@pytest.mark.parametrize("query", ["SELECT * { S\\u0045RVICE <http://x> {} }", "SELECT * { \\u0053\\U00000045RVICE <http://x> {} }"])
def test_escaped_calls_are_refused(query: str) -> None:
    with pytest.raises(WrongUsage, match="SERVICE would send a request"):
        engine.parse(query)
    with pytest.raises(WrongUsage, match="SERVICE"):
        refuse_calls(query)


def test_brackets_in_escapes_do_not_exhaust_the_stack() -> None:
    with pytest.raises(SyntaxError):
        engine.parse("SELECT * { S\\u0045RVICE <x:a> " + "\\u007B" * 100_000)


def hostile_store() -> pyoxigraph.Store:
    store = pyoxigraph.Store()
    store.add(Quad(NamedNode("x:s"), NamedNode("x:p"), NamedNode("x:o")))
    store.add(Quad(NamedNode("x:s"), NamedNode("x:p"), NamedNode("http://x:")))
    return store


@pytest.mark.parametrize("query", NO_CALLS)
def test_queries_without_calls_are_accepted(query: str) -> None:
    assert isinstance(engine.parse(query), QuerySolutions)


def test_the_word_service_keeps_its_meaning_in_literals_and_names() -> None:
    query = "PREFIX a: <x:> SELECT ?Service { VALUES ?Service { 'a service\\\\' <x:sErvice> a:my-service } } # SERVICE"
    found = engine.parse(query)
    assert isinstance(found, QuerySolutions)
    assert [variable.value for variable in found.variables] == ["Service"]
    assert [str(row["Service"]) for row in found] == ['"a service\\\\"', "<x:sErvice>", "<x:my-service>"]


def test_a_syntax_error_after_the_word_service_has_its_place() -> None:
    with pytest.raises(SyntaxError, match="error at 2:10"):
        engine.parse("SELECT * { ?s ?p 'service'\n. ?s ?p }")


@pytest.mark.parametrize("query", NO_CALLS[:4] + NO_CALLS[7:])
def test_queries_without_calls_are_accepted_for_other_engines(query: str) -> None:
    refuse_calls(query)


@pytest.mark.parametrize(
    "query", ["SELECT * {?a ?b ?c#\r service\n}", "ASK {} # \\u005cu005cu005cu005cu005cu0053", "ASK { ?a ?b '\\u0027 SERVICE ' }"]
)
def test_doubtful_queries_are_refused_for_other_engines(query: str) -> None:
    with pytest.raises(WrongUsage):
        refuse_calls(query)


@pytest.mark.parametrize("call", ["SERVICE <{0}>", "service#\n<{0}>", "SERVICE SILENT <{0}>", "SERVICE <{0}> {{}} SERVICE <{0}b>"])
def test_calls_to_allowed_addresses_are_accepted(call: str, listener: Listener) -> None:
    allowed = {listener.address, f"{listener.address}b"}
    engine.parse(f"SELECT * {{ {call.format(listener.address)} {{}} }}", allowed=allowed)


@pytest.mark.parametrize(
    "call",
    [
        "SERVICE <x:c>",
        "SERVICE <x:ab>",
        "SERVICE ?x",
        "SERVICE SILENT $x",
        "SERVICE x:a",
        "SERVICE <a>",
        "SERVICE <x:\\u0061>",
        "SERVICE <x:a> {} SERVICE <x:c>",
        "SERVICE <x:a> { SERVICE <x:c> {} }",
        "FILTER('SERVICE #' = 'a') SERVICE <x:c> {}\n #' <x:a>\n",
    ],
)
def test_calls_to_other_addresses_are_refused(call: str) -> None:
    with pytest.raises(WrongUsage, match="Line 1: SERVICE would send a request"):
        engine.parse(f"PREFIX x: <x:> SELECT * {{ {call} {{}} }}", allowed={"x:a", "x:b"})


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM <x:a> {}",
        "ask from named<x:a>{}",
        "DESCRIBE <x:s>FROM <x:a>",
        "SELECT ?s#\nFROM <x:a> {}",
        "# from, from, from\nSELECT * # from <x:b>\nFROM<x:a>{ ?s ?p 'from' }",
        "ASKFROM<x:a>{}",
    ],
)
def test_from_is_recognised(query: str) -> None:
    assert engine.names_graphs(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?from ?p 'FROM' }",
        "PREFIX a: <x:> PREFIX from: <x:> ASK { <x:from> from:a a:from } # FROM <x:a>",
        "ASK { ?s ?p 'a'@from, ?fromage }",
        "DESCRIBE ?a # FROM <x:g>\n{ ?a ?b '''FROM <x:g>''' FILTER(1<2) } #>",
    ],
)
def test_from_in_names_and_literals_is_ignored(query: str) -> None:
    assert not engine.names_graphs(query)


DECOYS = "".join(f"# {number}: from <x:b>\n" for number in range(25))


@pytest.mark.parametrize("decoys", [DECOYS, "FILTER('from <x:b>' != 'from')" * 30], ids=["comments", "literals"])
def test_from_is_recognised_after_many_decoys(decoys: str) -> None:
    if decoys == DECOYS:
        assert engine.names_graphs(f"SELECT *\n{decoys}FROM <x:a> {{ ?s ?p ?o }}")
    assert engine.names_graphs(f"SELECT * FROM <x:a> {{ {decoys}\n }}")
    assert not engine.names_graphs(f"SELECT * {{ {decoys}\n }}")


def test_a_query_in_which_from_cannot_be_found_is_refused() -> None:
    """Beyond the first place where engines may differ, a comment may be none."""
    query = f"SELECT (1<2 AS ?x)\n{DECOYS}FROM <x:a> {{ ?s ?p ?o }}"
    engine.parse("SELECT (1<2 AS ?x)\nFROM <x:a> { ?s ?p ?o }")
    with pytest.raises(WrongUsage, match="it is unclear which of them is FROM"):
        engine.parse(query)


@pytest.mark.parametrize(
    ("query", "columns"),
    [
        ("SELECT * { ?z ?y ?x OPTIONAL { ?x ?a ?b } BIND(1 AS ?k) }", "z y x a b k"),
        ("SELECT DISTINCT * { { ?c ?b ?a } UNION { ?a ?d ?c } }", "c b a d"),
        ("# SELECT * { ?a }\nselect*{?c ?b '?a' . ?b ?a ?c}", "c b a"),
        ("SELECT ?a ?b { { SELECT * { ?b ?a ?c } } }", "a b"),
        ("SELECT * { { SELECT ?y (COUNT(*) AS ?n) { ?y ?x ?a } GROUP BY ?y } FILTER(?n * 2 > 1) }", "y n"),
    ],
)
def test_columns_are_in_the_order_of_the_query(query: str, columns: str) -> None:
    for found in (engine.parse(query), pyoxigraph.Store().query(engine.order_columns(query))):
        assert isinstance(found, QuerySolutions)
        assert [variable.value for variable in found.variables] == columns.split()


@pytest.mark.parametrize(
    ("query", "gets_limit"),
    [
        ("SELECT * {} #", True),
        ("SELECT * { { SELECT * {} LIMIT 9 } } OFFSET 2", True),
        ("SELECT * { FILTER((1<2)&&3>2) } LIMIT 50", False),
        ("SELECT * {} VALUES ?x { 1 }", False),
        ("ASK {}", False),
        ("CONSTRUCT WHERE { ?s ?p ?o }", False),
        ("SELECT * { ?s ?p '''", False),
    ],
)
def test_a_limit_is_appended_only_if_it_applies_to_the_whole_query(query: str, gets_limit: bool) -> None:
    assert engine.limit_rows(query, 5) == (f"{query}\nLIMIT 5" if gets_limit else query)


def test_functions_of_other_engines() -> None:
    query = "SELECT * FROM <x:y> { ?s ?p ?o FILTER(<http://x/f>(?s)) }"
    assert engine.names_graphs(query)
    assert engine.order_columns(query) == query
    assert engine.limit_rows(query, 5) == query
    with pytest.raises(WrongUsage, match=r"^The query cannot be answered: .*http://x/f"):
        engine.parse(query)


@pytest.mark.parametrize(
    "query",
    [
        "ASK { FILTER(1<2)#>\n}",
        "ASK { ?s ?p <x:a\\> }",
        "ASK { BIND(<<( <x:a> <x:b> 1 )>> AS ?x) }",
        "ASK { FILTER(1 <x:a#>) }",
        "ASK\u00a0{}",
    ],
)
def test_ambiguous_queries_are_not_certain(query: str) -> None:
    assert not is_certain(query)


def test_plain_queries_are_certain() -> None:
    assert is_certain(
        "# '\nASK { VALUES (?a ?b) { (1 <x:a#b>) ('<' <x:c#d>) } FILTER(1 < 2 && ?a <= <x:a#'>) ?s ^<x:p>/(<x:q>|<x:r>)* '\\'' }"
    )


# Each query repeats a part: prefix, part, middle, closing part, suffix.
DEEP = {
    "brackets": ("SELECT * { FILTER(", "(", "1", ")", ") }"),
    "exists": ("SELECT * { ", "FILTER EXISTS {", "", "}", " }"),
    "in comments": ("SELECT * { ", "{ #}\n", "", "}", " }"),
    "in literals": ("SELECT * { FILTER(", "('}' = ", "1", ")", ") }"),
    "hidden": ("SELECT * { FILTER(1", "<(1#>)\n", "", ")", ") }"),
    "functions": ("SELECT * { FILTER(", "STR(", "1", ")", ") }"),
    "triple terms": ("SELECT * { ?s ?p ", "<<( ?s ?p ", "1", ")>>", " }"),
    "values": ("SELECT * { VALUES ?x { ", "<<( <x:a> <x:b> ", "1", ")>>", " } }"),
    "not": ("SELECT * { FILTER(", "!", "1", "", ") }"),
    "plus": ("SELECT * { FILTER(", "1+", "1", "", ") }"),
    "paths": ("ASK { ?s ", "^(", "<x:p>", ")", " ?o }"),
    "union": ("SELECT * { ", "{} UNION ", "{}", "", " }"),
    "minus": ("SELECT * { ?s ?p ?o ", "MINUS {?s ?p ?o} ", "", "", " }"),
    "run on": ("PREFIX a: <x:> ASK { ", "GRAPHa:b{}", "", "", " }"),
    "columns": ("SELECT ", "(1 AS ?x{n}) ", "", "", "{}"),
    "aggregates": ("SELECT ", "(COUNT(?s) AS ?x{n}) ", "", "", "{ ?s ?p ?o }"),
    "having": ("SELECT (1 AS ?x) { ?s ?p ?o } GROUP BY ?s HAVING ", "(?s) ", "", "", ""),
    "collection": ("CONSTRUCT { ?s ?p (", "1 ", "", "", ") } {}"),
    "described": ("DESCRIBE ", "<x:a> ", "", "", ""),
}


def test_brackets_after_an_ambiguous_sign_count() -> None:
    refuse_depth("SELECT ?x { FILTER(?a<?b && " + "(" * 100 + "1" + ")" * 100 + ">0) }")
    with pytest.raises(WrongUsage, match="ambiguous and may have too many brackets"):
        refuse_depth("SELECT ?x { FILTER(?a<?b && " + "(" * 250 + "1" + ")" * 250 + ">0) }")


def nest(name: str, times: int) -> str:
    before, part, middle, closing, after = DEEP[name]
    return before + "".join(part.replace("{n}", str(n)) for n in range(times)) + middle + closing * times + after


def find_max_depth(name: str) -> int:
    """Returns how often the part may be repeated."""

    def passes(times: int) -> bool:
        try:
            refuse_depth(nest(name, times))
        except WrongUsage:
            return False
        return True

    low, high = 1, 5_000
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if passes(middle) else (low, middle - 1)
    assert 50 < low < 5_000, name
    return low


def test_the_deepest_accepted_queries_do_not_crash() -> None:
    """Runs the queries in a thread, whose stack is no larger than that of the main thread."""
    queries = [nest(name, find_max_depth(name)) for name in DEEP]
    program = """
import sys, threading, pyoxigraph
def ask():
    for query in eval(sys.stdin.read()):
        found = pyoxigraph.Store().query(query)
        if not isinstance(found, pyoxigraph.QueryBoolean):
            next(found, None)
    print("alive")
thread = threading.Thread(target=ask)
thread.start()
thread.join()
"""
    result = subprocess.run([sys.executable, "-c", program], input=repr(queries), capture_output=True, text=True, check=False)
    assert (result.stdout, result.stderr) == ("alive\n", "")


def test_long_lists_of_values_are_accepted() -> None:
    rows = "".join(f"(<http://x/{n}#a> 'a ( {n}' <http://x/#>) # ((\n" for n in range(3_000))
    refuse_depth(f"SELECT * {{ VALUES (?a ?b ?c) {{ {rows} }} FILTER(?a IN ({', '.join(f'<x:{n}#>' for n in range(3_000))})) }}")
    with pytest.raises(WrongUsage, match="Line 1: from '<2#>' on"):
        refuse_depth(f"SELECT * {{ FILTER(1<2#>\n) VALUES (?a ?b ?c) {{ {rows} }} }}")


def test_ask_returns_a_boolean() -> None:
    found = engine.ask(hostile_store(), "ASK { ?s ?p 'service' }")
    assert isinstance(found, QueryBoolean)
    assert not found


def test_a_refused_query_leaves_no_garbage() -> None:
    gc.collect()
    gc.disable()
    try:
        with pytest.raises(SyntaxError):
            engine.ask(pyoxigraph.Store(), "SELECT ?n { ?s ?p ?n } LIMIT 1 LIMIT 2")
        assert gc.collect() == 0
    finally:
        gc.enable()
