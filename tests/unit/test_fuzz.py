"""Fuzzes the SERVICE guard: compares the queries that it accepts with the requests of the engine.

Queries are random combinations of parts of the grammar and of known bypasses. A control test replaces the guard by a weaker rule,
based on a tokenizer, and checks that the search finds queries that bypass it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pyoxigraph
import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, QueryBoolean, QuerySolutions
from tests.support.hostile import BYPASSES, Listener
from tests.support.marks import FUZZ

from nevkg.errors import WrongUsage
from nevkg.serve.sparql_jobs import limit_rows
from nevkg.sparql.bounds import is_certain, tokenize_safely
from nevkg.sparql.service_guard import refuse_calls
from nevkg.sparql.syntax import is_keyword, tokenize
from nevkg.store import engine

PREFIXES = "PREFIX a: <x:> PREFIX p: <http://x:> PREFIX c: <{address}> PREFIX service: <x:>\n"
# {address} is that of the listener; the allowed address ends in "allowed".
TARGETS = ["<{address}>", "<{address}allowed>", "c:b", "<{address}\\u0061>", "?s"]
WORDS = ["SERVICE", "service", "SeRvIcE", "SERVICESILENT", "SERVICE SILENT", "S\\u0045RVICE", "\\u0053ERVICE"]
GAPS = ["", " ", "\n", "\r", "#\n", "#>\n", "#'\n", '#"\r', "# <{address}allowed>\n", "# SERVICE\n", "\\u0020", "\u00a0"]
OBJECTS = [
    *("?o", "1", "1.", "'x'", '"# "', "'''SERVICE'''", "'service # \\\\'", '"\\""', "a:b", "a:b\u00b7", "a:b\u00b7\\#", "a:b.\\#", "a:\\#"),
    *(
        "p:",
        "p:SERVICE",
        "p:SERVICEc:b",
        "a:my-service",
        "service:a",
        "?service",
        "$aSERVICE",
        "?\u00b7",
        "'a'@en",
        "<x:service#>",
        "<x:#'>",
    ),
    *("true", "(1 2)", "[ a:b 1 ]", "'''a''", "'a\\u0027", "?s{}"),
]
CONDITIONS = ["1<2", "(1<2)", "1<2#>\n", "?s<'a'&&'b'>?o", "1 < 2", "?o != 'service'", "?o = <x:service>", "1<2&&3>2", "?s IN (<x:o>, a:b)"]
ENDINGS = [
    "",
    "# service",
    " LIMIT 50",
    " LIMIT 50 #",
    " OFFSET 0",
    " LIMIT 40 VALUES ?s { <x:s> }",
    " ORDER BY ?s LIMIT 30 OFFSET 0",
    " VALUES ?o { UNDEF }",
]

_gap = st.sampled_from(GAPS)
_triple = st.builds(lambda value, gap: f" ?s ?p {value}{gap}", st.sampled_from(OBJECTS), _gap)
_filter = st.builds("FILTER({}){}".format, st.sampled_from(CONDITIONS), _gap)
_call = st.builds(
    lambda before, word, gap, target, after: f"{before}{word}{gap}{target}{{?a ?b ?c}}{after}",
    *(_gap, st.sampled_from(WORDS), _gap, st.sampled_from(TARGETS), _gap),
)
_flat = st.lists(st.one_of(_triple, _filter, _call), min_size=1, max_size=4).map("".join)
_group = st.one_of(
    _flat,
    *(_flat.map(wrap.format) for wrap in ("OPTIONAL{{{}}}", "{{{}}}UNION{{}}", "FILTER EXISTS{{{}}}", "{{SELECT*{{{}}}}}", "MINUS{{{}}}")),
)
_body = st.lists(_group, min_size=1, max_size=3).map("".join)
_head = st.sampled_from(["SELECT*", "SELECT * ", "ASK", "SELECT ?s # SERVICE\n", "CONSTRUCT{?s ?p ?o}WHERE"])
_whole = st.builds(lambda head, body, end: f"{PREFIXES}{head}{{{body}}}{end}", _head, _body, st.sampled_from(ENDINGS))
_noise = st.sampled_from([*"<>#'\"\\{}()?:.;, \n\r\u00b7", "SERVICE", "\\#", "'''"])


@st.composite
def _mutated(draw: st.DrawFn) -> str:
    """A query with some characters inserted or deleted."""
    text = draw(st.one_of(_whole, st.sampled_from(BYPASSES)))
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(text)))
        text = text[:place] + draw(st.one_of(st.just(""), _noise)) + text[place + draw(st.integers(0, 1)) :]
    return text


QUERIES = st.one_of(_whole, _mutated())


def examples(most: int) -> settings:
    """Returns settings that generate the same examples in each run."""
    return settings(
        max_examples=most * FUZZ,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
    )


STORE = pyoxigraph.Store()
STORE.extend(Quad(NamedNode("x:s"), NamedNode("x:p"), NamedNode(value)) for value in ("x:o", "http://x:", "x:service"))


def run(query: Callable[[str], engine.Result], text: str) -> Counter[str] | bool | None:
    """Returns the result of a query, or None if it fails."""
    try:
        found = query(text)
        if isinstance(found, QueryBoolean):
            return bool(found)
        if isinstance(found, QuerySolutions):
            names = sorted(variable.value for variable in found.variables)
            return Counter(str([row[name] for name in names]) for row in found)
        return Counter(str(triple) for triple in found)
    except (SyntaxError, OSError, RuntimeError, WrongUsage):
        return None


def query_engine(text: str) -> engine.Result:
    return STORE.query(text, base_iri="https://w3id.org/nevkg/", use_default_graph_as_union=True)


def check(template: str, listener: Listener) -> bool:
    """Compares the decision of the guard with the requests of the engine, and returns whether there were any without the guard."""
    text = template.replace("{address}", listener.address)
    listener.calls.clear()
    expected = run(query_engine, text)
    called = list(listener.calls)
    listener.calls.clear()
    found = run(lambda text: engine.ask(STORE, text), text)
    assert not listener.calls
    if called:
        assert found is None
        with pytest.raises(WrongUsage):
            refuse_calls(text)
    elif found is not None:
        assert found == expected
    if is_certain(text):
        assert run(query_engine, without_comments(text)) == expected
    listener.calls.clear()
    allowed = f"{listener.address}allowed"
    run(lambda text: engine.ask(STORE, text, allowed=[allowed]), text)
    assert set(listener.calls) <= {"/allowed"}
    limited = run(lambda text: query_limited(text, 2), text)
    assert not isinstance(limited, Counter) or limited.total() <= 2
    return bool(called)


def without_comments(text: str) -> str:
    """Returns the tokens of a query, separated by spaces instead of comments and line breaks."""
    parts: list[str] = []
    end = 0
    for token, _ in tokenize_safely(text):
        parts += [" " if token.start > end else "", token.text]
        end = token.start + len(token.text)
    return "".join(parts)


def query_limited(text: str, most: int) -> engine.Result:
    found = engine.ask(STORE, text)
    return limit_rows(found, most)[0] if isinstance(found, QuerySolutions) else engine.ask(STORE, "ASK {}")


def passes_weak_rule(text: str) -> bool:
    """Returns whether a tokenizer finds no SERVICE: an earlier, weaker rule."""
    return not any(is_keyword(token, "SERVICE") for token in tokenize(text))


@pytest.mark.parametrize("template", BYPASSES)
def test_known_bypasses_stay_closed(template: str, listener: Listener) -> None:
    assert check(template, listener)


def test_a_prefix_with_an_invalid_iri_is_refused(listener: Listener) -> None:
    for prefix in ("service", "other"):
        check(f"PREFIX {prefix}: <:> SELECT * {{ MINUS {{ ?s ?p 'x' }} }} VALUES ?s {{ <x:s> }}", listener)


@pytest.mark.parametrize("most", [300, pytest.param(5_000, marks=pytest.mark.nightly)])
def test_accepted_queries_make_no_request(listener: Listener, most: int) -> None:
    @examples(most)
    @given(QUERIES)
    def search(template: str) -> None:
        check(template, listener)

    search()


@pytest.mark.slow
@pytest.mark.parametrize("fragment", ["<2", "\u00b7\\#", "p:SERVICEc:b", "SERVICEc:b"])
def test_the_search_finds_bypasses_of_a_weaker_rule(fragment: str, listener: Listener) -> None:
    def passes(template: str) -> bool:
        text = template.replace("{address}", listener.address)
        if fragment not in text or not passes_weak_rule(text):
            return False
        listener.calls.clear()
        run(query_engine, text)
        return bool(listener.calls)

    find(_whole, passes, settings=settings(examples(20_000), phases=[Phase.generate]))
