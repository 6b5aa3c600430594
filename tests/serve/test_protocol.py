"""The query part of the SPARQL 1.1 Protocol (W3C Recommendation, 2013). Tests are named after its requirements."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import IO, Any, cast
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

import pyoxigraph
import pytest
import rdflib
import requests
from httpx2 import Response
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad
from rdflib.compare import isomorphic
from starlette.requests import HTTPConnection
from starlette.testclient import TestClient
from tests.support.api import app
from tests.support.serving import ServerProcess
from tests.support.worlds import SHIPPED

from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.serve.http.negotiation import best_offer, choose_encoding
from nevkg.serve.problem import Problem
from nevkg.serve.protocol import routes
from nevkg.serve.settings import Settings
from nevkg.serve.sparql_jobs import ServiceDescription, SparqlQuery
from nevkg.sparql.syntax import is_deterministic
from nevkg.store import EmbeddedStore, Store

ONE, TWO, THREE, NOWHERE = (f"http://example.org/{name}" for name in ("one", "two", "three", "nowhere"))
FORM, QUERY, UPDATE = ({"Content-Type": f"application/{kind}"} for kind in ("x-www-form-urlencoded", "sparql-query", "sparql-update"))
JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"
SELECT = "SELECT ?text ?s { ?s <http://example.org/text> ?text } ORDER BY ?text"
CONSTRUCT = "CONSTRUCT { ?s <http://example.org/text> ?text } { ?s <http://example.org/text> ?text }"
CONTENT = [(ONE, "a"), (TWO, 'b"\n,<&\t'), (THREE, "词")]
# Low limits: four rows, and request bodies of one kilobyte.
SETTINGS = Settings(rows=4, body=1)


def make_store(content: list[tuple[str, str]], count: int = 0) -> EmbeddedStore:
    """Returns a store with a triple in each graph, and ``count`` more triples in the first."""
    store = pyoxigraph.Store()
    for name, text in content:
        store.add(Quad(NamedNode(name), NamedNode("http://example.org/text"), Literal(text), NamedNode(name)))
    for number in range(count):
        store.add(Quad(NamedNode(ONE), NamedNode("http://example.org/number"), Literal(number), NamedNode(ONE)))
    return EmbeddedStore(store, SHIPPED, "", None, None)


def make_client(store: EmbeddedStore, settings: Settings = SETTINGS) -> TestClient:
    return TestClient(app(store, routes, settings), follow_redirects=False)


@pytest.fixture(scope="module")
def server() -> Iterator[TestClient]:
    with make_client(make_store(CONTENT)) as test_client:
        yield test_client


def get(server: TestClient, query: str, accept: str | None = None, **more: str | list[str]) -> Response:
    """Sends a query by GET. In parameter names ``_`` stands for ``-``."""
    parameters = {"query": query} | {name.replace("_", "-"): value for name, value in more.items()}
    response: Response = server.get("/sparql", params=parameters, headers={"Accept": accept} if accept else {"Accept": "*/*"})
    return response


def post(server: TestClient, content: bytes | str, headers: dict[str, str], address: str = "/sparql") -> Response:
    response: Response = server.post(address, content=content, headers=headers)
    return response


def read_boolean(response: Response) -> bool:
    assert response.status_code == 200, response.text
    assert response.headers["Content-Type"] == JSON
    return bool(response.json()["boolean"])


def assert_refused(response: Response, status: int, words: str) -> dict[str, object]:
    assert response.status_code == status, response.text
    assert response.headers["Content-Type"] == "application/problem+json"
    problem: dict[str, object] = response.json()
    assert problem["status"] == status
    assert words in str(problem["detail"])
    return problem


# 2.1 Sending a query


def test_query_get(server: TestClient) -> None:
    assert read_boolean(get(server, "ASK {}"))


def test_the_address_may_end_in_a_slash(server: TestClient) -> None:
    assert read_boolean(server.get("/sparql/?query=ASK%20%7B%7D"))
    assert read_boolean(post(server, "ASK {}", QUERY, "/sparql/"))


def test_query_get_is_percent_decoded_once(server: TestClient) -> None:
    query = "SELECT ('%20+é词\\n' AS ?x) {}"
    for address in (f"/sparql?query={quote(query)}", f"/sparql?{urlencode({'query': query})}"):
        assert server.get(address).json()["results"]["bindings"][0]["x"]["value"] == "%20+é词\n"


def test_query_post_form(server: TestClient) -> None:
    assert read_boolean(post(server, urlencode({"query": "ASK {}"}), FORM))
    # The W3C test has the graph in the URL and the query in the form.
    graph = urlencode({"default-graph-uri": ONE})
    assert not read_boolean(post(server, urlencode({"query": f"ASK {{ <{TWO}> ?p ?o }}"}), FORM, f"/sparql?{graph}"))


def test_query_post_direct(server: TestClient) -> None:
    assert read_boolean(post(server, "ASK {}", QUERY))
    assert read_boolean(post(server, "ASK {}", {"Content-Type": "Application/SPARQL-Query; charset=UTF-8"}))


ASK = "/sparql?query=ASK%20%7B%7D"
TWICE = urlencode({"query": ["ASK {}", "SELECT * {}"]}, doseq=True)
WITHOUT_QUERY = ["", " \n"]


@pytest.mark.parametrize(
    ("address", "content", "headers", "status", "words"),
    [
        (f"/sparql?{TWICE}", None, {}, 400, "2 queries"),
        ("/sparql", TWICE, FORM, 400, "2 queries"),
        (ASK, "ASK {}", QUERY, 400, "2 queries"),
        ("/sparql", "format=json", FORM, 400, "no field 'query'"),
        ("/sparql", None, {"Accept": JSON}, 400, "no query"),
        *((f"/sparql?{urlencode({'query': text})}", None, {}, 400, "query is empty") for text in WITHOUT_QUERY),
        *(("/sparql", text, QUERY, 400, "query is empty") for text in WITHOUT_QUERY),
        *(("/sparql", urlencode({"query": text}), FORM, 400, "query is empty") for text in WITHOUT_QUERY),
        ("/sparql", "ASK {}", {"Content-Type": "text/plain"}, 415, "application/sparql-query"),
        ("/sparql", "ASK {}", {"Content-Type": "application/json"}, 415, "application/sparql-query"),
        ("/sparql", "ASK {}", {"Content-Type": "multipart/form-data; boundary=x"}, 415, "application/sparql-query"),
        ("/sparql", urlencode({"query": "ASK {}"}), {}, 415, "without a Content-Type"),
        ("/sparql", "ASK {}", {}, 415, "without a Content-Type"),
        ("/sparql", "ASK {}".encode("utf-16"), {"Content-Type": "application/sparql-query; charset=UTF-16"}, 415, "utf-16"),
        ("/sparql", b"ASK { } # \xff", QUERY, 400, "byte 10"),
        ("/sparql", b"query=ASK%20%7B%7D%23%FF", FORM, 400, "not UTF-8"),
        (f"{ASK}%23%FF", None, {}, 400, "not UTF-8"),
        ("/sparql", b"ASK {}", QUERY | {"Content-Encoding": "gzip"}, 415, "must not be compressed"),
    ],
)
def test_bad_requests(
    server: TestClient, address: str, content: bytes | str | None, headers: dict[str, str], status: int, words: str
) -> None:
    """The tests of the protocol with names that begin with ``bad_``."""
    response = server.get(address, headers=headers) if content is None else post(server, content, headers, address)
    assert_refused(response, status, words)


def test_unknown_parameters_are_ignored(server: TestClient) -> None:
    assert read_boolean(get(server, "ASK {}", timeout="30", debug="on", default_graph=""))


def test_too_many_parameters() -> None:
    with make_client(make_store(CONTENT), Settings()) as roomy:
        assert_refused(roomy.get(f"/sparql?query=ASK%20%7B%7D{'&x=1' * 1000}"), 400, "1,000 parameters")


# 2.1.4 The dataset


BOTH = f"ASK {{ <{ONE}> ?p ?o . <{TWO}> ?q ?r }}"
NAMED = f"ASK {{ GRAPH ?g {{ <{ONE}> ?p ?o }} GRAPH ?h {{ <{TWO}> ?q ?r }} }}"


DATASET = "default-graph-uri"
NAMED_GRAPHS = "named-graph-uri"
FULL = f"ASK {{ <{THREE}> ?p ?o GRAPH ?g {{ <{ONE}> ?q ?r }} GRAPH ?h {{ <{TWO}> ?t ?u }} }}"
# The dataset of the protocol replaces the one in the query.
REPLACED = f"ASK FROM <{THREE}> FROM NAMED <{THREE}> {{ <{ONE}> ?p ?o GRAPH ?g {{ <{TWO}> ?q ?r }} }}"


@pytest.mark.parametrize(
    ("query", "graphs", "answer"),
    [
        (BOTH, {}, True),
        (f"ASK {{ <{ONE}> ?p ?o }}", {DATASET: [ONE]}, True),
        (BOTH, {DATASET: [ONE]}, False),
        ("ASK { GRAPH ?g { ?s ?p ?o } }", {DATASET: [ONE]}, False),
        (BOTH, {DATASET: [ONE, TWO]}, True),
        (f"ASK {{ <{THREE}> ?p ?o }}", {DATASET: [ONE, TWO]}, False),
        (NAMED, {NAMED_GRAPHS: [ONE, TWO]}, True),
        (NAMED, {NAMED_GRAPHS: [ONE]}, False),
        (BOTH, {NAMED_GRAPHS: [ONE, TWO]}, False),
        (FULL, {DATASET: [THREE], NAMED_GRAPHS: [ONE, TWO]}, True),
        (FULL, {DATASET: [ONE], NAMED_GRAPHS: [ONE, TWO]}, False),
        (REPLACED, {}, False),
        (REPLACED, {DATASET: [ONE], NAMED_GRAPHS: [TWO]}, True),
        # An unknown graph is empty and not fetched; empty names are ignored.
        ("ASK { ?s ?p ?o }", {DATASET: [NOWHERE]}, False),
        (BOTH, {DATASET: [""], NAMED_GRAPHS: [""]}, True),
        (BOTH, {DATASET: ["", ONE]}, False),
        (NAMED, {NAMED_GRAPHS: [ONE, "", TWO]}, True),
    ],
)
def test_query_dataset(server: TestClient, query: str, graphs: dict[str, list[str]], answer: bool) -> None:
    """The query is sent by GET, as a form and as a body."""
    address = f"/sparql?{urlencode(graphs, doseq=True)}"
    responses = (
        server.get(f"{address}&{urlencode({'query': query})}"),
        post(server, urlencode(graphs | {"query": [query]}, doseq=True), FORM),
        post(server, query, QUERY, address),
    )
    assert [read_boolean(response) for response in responses] == [answer] * 3


def test_dataset_of_the_query(server: TestClient) -> None:
    assert read_boolean(get(server, f"ASK FROM <{ONE}> {{ <{ONE}> ?p ?o }}"))
    assert not read_boolean(get(server, f"ASK FROM <{ONE}> {{ <{TWO}> ?p ?o }}"))
    assert read_boolean(get(server, f"ASK FROM NAMED <{ONE}> {{ GRAPH <{ONE}> {{ ?s ?p ?o }} }}"))
    assert not read_boolean(get(server, f"ASK FROM <{NOWHERE}> {{ ?s ?p ?o }}"))


@pytest.mark.parametrize("name", ["one", "<http://example.org/one>", "http://example.org/a b"])
def test_graphs_are_named_by_absolute_iris(name: str, server: TestClient) -> None:
    assert_refused(get(server, "ASK {}", default_graph_uri=name), 400, f"'{name}' cannot be the name of a graph")
    assert_refused(get(server, "ASK {}", named_graph_uri=[ONE, name]), 400, "absolute IRI")


def test_relative_iris_resolve_against_the_base_of_the_project(server: TestClient) -> None:
    response = get(server, "CONSTRUCT { <s> <p> 1 } {}", "application/n-triples")
    assert response.text.startswith("<https://w3id.org/nevkg/s> <https://w3id.org/nevkg/p> ")


def test_the_prefixes_of_the_project_need_not_be_declared(server: TestClient) -> None:
    assert read_boolean(get(server, "ASK { FILTER(nev:Plant = <https://w3id.org/nevkg/ontology#Plant>) }"))


# 2.1.5 and 2.1.6 The answer, and its format


TABLES = {
    "json": JSON,
    "xml": XML,
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
}
GRAPHS = {
    "turtle": "text/turtle; charset=utf-8",
    "trig": "application/trig",
    "n-triples": "application/n-triples",
    "n-quads": "application/n-quads",
    "json-ld": "application/ld+json",
    "rdf+xml": "application/rdf+xml",
    "n3": "text/n3; charset=utf-8",
}


def read_rows(response: Response) -> list[str]:
    """Returns the texts that ``SELECT`` finds, parsed from the format of the response."""
    kind = response.headers["Content-Type"].partition(";")[0]
    if kind == JSON:
        return [row["text"]["value"] for row in response.json()["results"]["bindings"]]
    if kind == XML:
        elements = ElementTree.fromstring(response.content).iter("{http://www.w3.org/2005/sparql-results#}literal")
        return [element.text or "" for element in elements]
    if kind == "text/csv":
        return [row["text"] for row in csv.DictReader(io.StringIO(response.text, newline=""))]
    assert kind == "text/tab-separated-values"
    head, *lines = response.text.splitlines()
    assert head.split("\t")[0] == "?text"
    return [terms.literal_text(line.split("\t")[0]) for line in lines]


@pytest.mark.parametrize("name", TABLES)
def test_query_content_type_select(name: str, server: TestClient) -> None:
    for response in (get(server, SELECT, TABLES[name]), get(server, SELECT, "text/html", format=name)):
        assert response.status_code == 200
        assert response.headers["Content-Type"] == TABLES[name]
        assert read_rows(response) == sorted(text for _, text in CONTENT)


@pytest.mark.parametrize("name", TABLES)
def test_query_content_type_ask(name: str, server: TestClient) -> None:
    for query, answer in (("ASK {}", "true"), ("ASK { ?s <x:none> ?o }", "false")):
        response = get(server, query, TABLES[name])
        assert response.headers["Content-Type"] == TABLES[name]
        actual: str | None = response.text
        if name == "json":
            actual = json.dumps(response.json()["boolean"])
        elif name == "xml":
            actual = ElementTree.fromstring(response.text).findtext("{http://www.w3.org/2005/sparql-results#}boolean")
        assert actual == answer


@pytest.mark.parametrize("query", [CONSTRUCT, f"DESCRIBE <{ONE}> <{TWO}> <{THREE}>"])
@pytest.mark.parametrize("name", GRAPHS)
def test_query_content_type_construct_and_describe(name: str, query: str, server: TestClient) -> None:
    whole = rdflib.Graph()
    for subject, text in CONTENT:
        whole.add((rdflib.URIRef(subject), rdflib.URIRef("http://example.org/text"), rdflib.Literal(text)))
    for response in (get(server, query, GRAPHS[name]), get(server, query, "text/html", output=name)):
        assert response.status_code == 200
        kind = response.headers["Content-Type"]
        assert kind == GRAPHS[name]
        if name in ("trig", "n-quads"):
            graph = rdflib.Dataset().parse(data=response.text, format=name.replace("-", "")).default_graph
        else:
            graph = rdflib.Graph().parse(data=response.text, format=kind.partition(";")[0])
        assert isomorphic(rdflib.Graph() + graph, whole)


@pytest.mark.parametrize(
    ("accept", "table", "graph"),
    [
        (None, "json", "turtle"),
        ("*/*", "json", "turtle"),
        (f"{XML};q=0.5, {JSON};q=0.4, text/turtle;q=0.1, application/n-triples;q=0.2", "xml", "n-triples"),
        (f"{JSON};q=0, */*;q=0.1, text/turtle;q=0", "xml", "trig"),
        ("text/*", "csv", "turtle"),
        ("text/html, application/n-quads;q=0.3, text/tab-separated-values;q=0.3", "tsv", "n-quads"),
        ("no media type", "json", "turtle"),
        # Parameters for variants that do not exist and malformed entries are ignored.
        ("text/csv; header=absent", "csv", None),
        ("text/csv; header=present, text/tab-separated-values;q=0.9", "csv", None),
        ("application/sparql-results+json; version=1.2, application/n-triples; charset=utf-8; version=1.1", "json", "n-triples"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#flattened, x";q=0.4, text/turtle;q=0.3', None, "json-ld"),
        (f"{XML}; version=1.2;q=0.2, {JSON}; version=1.2;q=0.1", "xml", None),
        ("TEXT/CSV;Header=Absent;Q=0.5, text/tab-separated-values;q=0.4", "csv", None),
        ("text/html, image/gif, *; q=.2, */*; q=.2", "json", "turtle"),
        (f"nonsense, text/csv;q=x, {XML};q=0.5, ;;, /, text/turtle; q=0.1", "xml", "turtle"),
    ],
)
def test_the_preferred_format_is_used(accept: str | None, table: str | None, graph: str | None, server: TestClient) -> None:
    headers = {"Accept": accept} if accept else {}
    for query, media in ((SELECT, table and TABLES[table]), (CONSTRUCT, graph and GRAPHS[graph])):
        server.headers.pop("accept", None)
        response = server.get("/sparql", params={"query": query}, headers=headers)
        assert response.status_code == (200 if media else 406)
        assert response.headers["Content-Type"] == (media or "application/problem+json")


@pytest.mark.parametrize("address", [ASK, "/api/questions/host-countries/answer"])
def test_accept_in_several_lines(served: ServerProcess, address: str) -> None:
    lines = (f"GET {address} HTTP/1.1", "Host: localhost", "Accept: image/png", "Accept: text/csv; header=absent", "Connection: close")
    assert b"content-type: text/csv" in served.send(("\r\n".join(lines) + "\r\n\r\n").encode())


@settings(derandomize=True, deadline=None, database=None, max_examples=200)
@given(
    st.lists(st.sampled_from(["a/b", "q=", "*", '"', ";", ",", "\\", "=", "'", "%", "0", ".5", " ", "\t", "é", "x"]), max_size=14).map(
        "".join
    )
)
def test_any_accept_is_understood_or_ignored(accept: str) -> None:
    scope = {"type": "http", "headers": [(b"accept", accept.encode("latin-1")), (b"accept-encoding", accept.encode("latin-1"))]}
    assert best_offer(HTTPConnection(scope), (("one", "a/b"), ("two", "c/d"))) in ("one", "two", None)
    assert choose_encoding(HTTPConnection(scope)) in ("zstd", "gzip", "identity")


def test_generic_media_types(server: TestClient) -> None:
    for kind, read in (("application/json", json.loads), ("application/xml", ElementTree.fromstring)):
        response = get(server, SELECT, kind)
        assert response.headers["Content-Type"] == kind
        assert read(response.text) is not None
    assert get(server, CONSTRUCT, "application/json").json()[0]["@id"]


def test_no_acceptable_format(server: TestClient) -> None:
    assert_refused(get(server, SELECT, "text/turtle"), 406, "answer is a table")
    assert_refused(get(server, CONSTRUCT, "text/csv"), 406, "answer is a graph")


def test_a_format_by_name_wins_over_the_header(server: TestClient) -> None:
    for word in ("format", "output", "results"):
        assert get(server, SELECT, XML, **{word: "csv"}).headers["Content-Type"] == TABLES["csv"]
        assert get(server, SELECT, XML, **{word: JSON}).headers["Content-Type"] == TABLES["json"]
    posted = post(server, urlencode({"query": SELECT, "format": "CSV"}), FORM)
    assert posted.headers["Content-Type"] == TABLES["csv"]
    assert_refused(get(server, SELECT, format="doc"), 406, "no format 'doc'")


def test_a_format_of_the_other_kind_is_ignored(server: TestClient) -> None:
    """Clients set the format before they know the form of the query."""
    assert get(server, SELECT, XML, format="turtle").headers["Content-Type"] == XML
    assert get(server, CONSTRUCT, "text/turtle", format="csv").headers["Content-Type"] == GRAPHS["turtle"]


# 2.1.7 Refused requests


def test_bad_query_syntax(server: TestClient) -> None:
    problem = assert_refused(get(server, "SELECT ?é {\n  ?é <x:p>\n}"), 400, "line 3, column 1")
    assert (problem["line"], problem["column"]) == (3, 1)
    assert assert_refused(post(server, "ASK {", QUERY), 400, "line 1, column 6")["column"] == 6
    # The position refers to the query as sent, even if a limit was inserted.
    assert assert_refused(get(server, "SELECT * { ?s ?p ?o"), 400, "line 1")["column"] == 20
    assert assert_refused(get(server, "SELECT * {} LIMIT 99 LIMIT"), 400, "line 1")["column"] == 27


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <x:a> <x:b> 1 }",
        "PREFIX x: <x:>\nDELETE WHERE { ?s ?p ?o }",
        "LOAD <http://example.org/>",
        "CLEAR ALL",
        "DROP GRAPH <x:g>",
        "WITH <x:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    ],
)
def test_no_update_in_any_form(update: str) -> None:
    store = make_store(CONTENT)
    before = set(store.store)
    with make_client(store) as server:
        for response in (
            get(server, update),
            post(server, update, QUERY),
            post(server, urlencode({"query": update}), FORM),
            post(server, update, UPDATE),
            post(server, urlencode({"update": update}), FORM),
            server.get("/sparql", params={"update": update}),
            post(server, "ASK {}", QUERY, f"/sparql?{urlencode({'update': update})}"),
        ):
            assert_refused(response, 403, "send a query")
    assert set(store.store) == before


def test_no_request_to_other_servers(server: TestClient) -> None:
    for call in ("<http://127.0.0.1:1/>", "SILENT <http://127.0.0.1:1/>", "?x"):
        assert_refused(get(server, f"SELECT * {{ SERVICE {call} {{ ?s ?p ?o }} }}"), 403, "SERVICE")


def test_an_allowed_service_that_does_not_respond() -> None:
    store = make_store(CONTENT)
    address = "http://127.0.0.1:9/"
    allowing = EmbeddedStore(store.store, store.layout, "", None, None, services=frozenset([address]))
    with make_client(allowing) as server:
        assert_refused(get(server, f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}"), 502, "cannot be answered")
        assert "BasicFederatedQuery" in server.get("/sparql").text


def test_too_large(server: TestClient) -> None:
    query = f"ASK {{}} # {'x' * 1024}"
    assert_refused(post(server, query, QUERY), 413, "1,024 bytes")
    assert_refused(post(server, urlencode({"query": query}), FORM), 413, "1,024 bytes")
    assert_refused(server.post("/sparql", content=(b"x" * 600 for _ in range(10)), headers=QUERY), 413, "1,024 bytes")
    assert read_boolean(post(server, query[:1024], QUERY))


def test_options(server: TestClient) -> None:
    response = server.options("/sparql")
    assert response.status_code == 204
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}
    assert "application/sparql-query" in response.headers["Accept-Post"]


# Bounds


NUMBERS = "SELECT ?n {{ ?s <http://example.org/number> ?n }} ORDER BY ?n {}"
SOLUTIONS = [
    (NUMBERS.format(""), 4),
    (NUMBERS.format("# a comment"), 4),
    (NUMBERS.format("LIMIT 10"), 4),
    (NUMBERS.format("LIMIT 3"), 3),
    (NUMBERS.format("OFFSET 2 LIMIT 10"), 4),
    (NUMBERS.format("LIMIT 10 OFFSET 18"), 2),
    (NUMBERS.format("VALUES ?n { 1 2 3 4 5 6 }"), 4),
    (NUMBERS.format("LIMIT 6 VALUES ?n { 1 2 3 4 5 6 }"), 4),
    ("SELECT ?n { ?s <http://example.org/number> ?n FILTER((1<2)&&3>2) } LIMIT 50", 4),
    ("SELECT ?n { { SELECT ?n { ?s <http://example.org/number> ?n } LIMIT 10 } }", 4),
    ("SELECT (COUNT(*) AS ?n) { ?s <http://example.org/number> ?o } GROUP BY ?o HAVING(COUNT(*) < 2)", 4),
]


@pytest.fixture(scope="module")
def numbers_server() -> Iterator[TestClient]:
    with make_client(make_store([], 20)) as test_client:
        yield test_client


def read_table(content: bytes, name: str) -> list[list[str]]:
    """Returns the rows of a table in a format.

    The client's exceptions keep the variables of tests, while solutions may only be released by the thread that made them.
    """
    if name == "csv":
        return list(csv.reader(io.StringIO(content.decode(), newline="")))[1:]
    read = pyoxigraph.parse_query_results(content, pyoxigraph.QueryResultsFormat.from_media_type(TABLES[name]))
    assert isinstance(read, pyoxigraph.QuerySolutions)
    return [[str(term) for term in row] for row in read]


@pytest.mark.parametrize(("query", "count"), SOLUTIONS)
@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_at_most_the_allowed_rows(query: str, count: int, name: str, numbers_server: TestClient) -> None:
    response = get(numbers_server, query, format=name)
    assert len(read_table(response.content, name)) == count
    assert response.headers.get("X-SPARQL-MaxRows") == ("4" if count == 4 else None)


@pytest.mark.parametrize("name", GRAPHS)
def test_a_graph_has_at_most_the_allowed_triples(name: str, numbers_server: TestClient) -> None:
    response = get(numbers_server, f"DESCRIBE <{ONE}>", format=name)
    assert len(list(pyoxigraph.parse(response.content, pyoxigraph.RdfFormat.from_media_type(GRAPHS[name])))) == 4
    assert response.headers["X-SPARQL-MaxRows"] == "4"


def test_a_long_answer_is_written_in_pieces() -> None:

    sizes: list[int] = []

    class Output(io.RawIOBase):
        def writable(self) -> bool:
            return True

        def write(self, content: object) -> int:
            sizes.append(len(bytes(content)))  # type: ignore[call-overload]
            return sizes[-1]

    for query, media in (("SELECT * { ?s ?p ?o }", "text/csv"), ("CONSTRUCT WHERE { ?s ?p ?o }", "text/turtle")):
        sizes.clear()
        task = SparqlQuery(query, table=media, graph=media, rows=10**6)
        task.run(make_store([], 20_000)).write(cast(IO[bytes], Output()))
        assert len(sizes) > 10
        assert max(sizes) <= 1 << 16


def test_a_table_with_exactly_the_allowed_rows_is_complete(numbers_server: TestClient) -> None:
    for query, is_whole in ((NUMBERS.format("LIMIT 4"), True), (NUMBERS.format("LIMIT 5"), False), ("SELECT * {}", True)):
        assert ("X-SPARQL-MaxRows" not in get(numbers_server, query).headers) is is_whole


def test_a_remote_store_is_asked_for_one_extra_row() -> None:
    inner, queries = make_store([], 20), list[str]()

    class RemoteStore:
        layout = inner.layout

        def query(self, text: str, *given: Any, **named: Any) -> object:
            queries.append(text)
            return inner.query(text, *given, **named)

    task = SparqlQuery("SELECT ?s { ?s ?p ?o } #", over="record", table="text/csv", rows=4)
    reply = task.run(cast(Store, RemoteStore()))
    assert queries == ["SELECT ?s { ?s ?p ?o } #\nLIMIT 5"]
    assert reply.headers == {"X-SPARQL-MaxRows": "4"}


def test_columns_are_in_the_order_of_the_query(numbers_server: TestClient) -> None:
    query = "SELECT * { ?z <http://example.org/number> ?a BIND(?a AS ?m) }"
    assert get(numbers_server, query, format="csv").text.splitlines()[0] == "z,a,m"


@pytest.mark.parametrize(
    ("query", "deterministic"),
    [
        (SELECT, True),
        ("ASK { ?s <x:now> ?brand, ?now, a:rand, now:a, 'a'@now }", True),
        ("SELECT (NOW() AS ?x) {}", False),
        ("SELECT * { FILTER(rand()>0.5) }", False),
        ("SELECT (strUUID#\n() AS ?x) {}", False),
        ("SELECT * { BIND(BNODE() AS ?x) }", False),
        ("SELECT * { [] ?p _:b }", True),
        (CONSTRUCT, True),
        ("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o FILTER(?o > 1) }", True),
        ("CONSTRUCT { [] ?p ?o } { ?s ?p ?o }", False),
        ("construct { _:b ?p ?o } { ?s ?p ?o }", False),
        ("CONSTRUCT { ?s ?p ( ?o ) } { ?s ?p ?o }", False),
        ("# CONSTRUCT }\nCONSTRUCT { ?s ?p ( ?o ) } { ?s ?p ?o }", False),
        ("CONSTRUCT { ?s ?p '}', ( ?o ) } { ?s ?p ?o }", False),
        ("SELECT (1-NOW() AS ?x) {}", False),
        ("SELECT * { SERVICE <x:a> { ?s ?p ?o } }", False),
    ],
)
def test_nondeterministic_queries_are_not_cached(query: str, deterministic: bool) -> None:
    assert is_deterministic(query) is deterministic


# Descriptions


def test_service_description(server: TestClient) -> None:
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    response = server.get("/sparql")
    assert response.headers["Content-Type"] == GRAPHS["turtle"]
    graph = rdflib.Graph().parse(data=response.text)
    service = rdflib.URIRef("http://testserver/sparql")
    assert (service, sd.endpoint, service) in graph
    assert (service, sd.supportedLanguage, sd.SPARQL11Query) in graph
    assert set(graph.objects(service, sd.feature)) == {sd.UnionDefaultGraph}
    formats = {str(form).rpartition("/")[2] for form in graph.objects(service, sd.resultFormat)}
    assert formats >= {"SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV", "Turtle", "RDF_XML"}
    assert graph.value(graph.value(service, sd.defaultDataset), sd.defaultGraph)
    same = server.get("/sparql", headers={"Accept": "application/n-triples"})
    assert isomorphic(rdflib.Graph().parse(data=same.text, format="nt"), graph)
    page = server.get("/sparql", headers={"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"})
    assert (page.status_code, page.headers["Location"]) == (303, "/")


def test_void(sample: EmbeddedStore) -> None:
    void = rdflib.Namespace("http://rdfs.org/ns/void#")
    with make_client(sample) as server:
        description = rdflib.Graph().parse(data=server.get("/.well-known/void").text)
        dataset = rdflib.URIRef("https://w3id.org/nevkg/dataset")
        assert (dataset, rdflib.RDF.type, void.Dataset) in description
        assert (dataset, void.sparqlEndpoint, rdflib.URIRef("http://testserver/sparql")) in description
        assert len(list(description.objects(dataset, void.classPartition))) > 20
        snapshot = rdflib.URIRef(f"https://w3id.org/nevkg/snapshot/{entities.dataset_date(sample)}")
        assert (dataset, void.subset, snapshot) in description
        graphs = rdflib.Graph().parse(data=server.get("/sparql").text)
        assert snapshot in set(graphs.objects(None, rdflib.URIRef("http://www.w3.org/ns/sparql-service-description#defaultGraph")))
        names = {str(name) for name in graphs.objects(None, rdflib.URIRef("http://www.w3.org/ns/sparql-service-description#name"))}
        assert names == {graph.value for graph in sample.store.named_graphs() if isinstance(graph, NamedNode)}
        assert server.get("/.well-known/void", headers={"Accept": "application/ld+json"}).json()
        assert_refused(server.get("/.well-known/void", headers={"Accept": "image/png"}), 406, "text/turtle")


def test_the_address_of_the_service_is_an_iri() -> None:
    """The address comes from the Host header, which a client can set to anything."""
    with pytest.raises(Problem, match="Host") as caught:
        ServiceDescription("http://a b/sparql", "text/turtle").run(make_store([]))
    assert caught.value.status == 400


# The same over HTTP, with a running server


def test_refusals_over_http(served: ServerProcess) -> None:
    def piecewise() -> Iterator[bytes]:
        yield from [b"#" * 65_536] * 100

    for content in (b"#" * 2_000_000, piecewise()):
        assert requests.post(f"{served.address}/sparql", content, headers=QUERY, timeout=60).status_code == 413
    for query in DEEP.values():  # a crash of the worker would be another error
        assert served.ask(query).status_code == 400


# Arbitrary input


DEEP = {
    "parentheses": "SELECT * { FILTER(" + "(" * 100_000 + "1" + ")" * 100_001 + " }",
    "groups": "SELECT * " + "{" * 100_000 + "}" * 100_000,
    "open groups": "SELECT * " + "{" * 100_000,
    "negations": "SELECT * { FILTER(" + "!" * 100_000 + "1) }",
    "calls": "SELECT * { FILTER(" + "IF(1,1," * 30_000 + "1" + ")" * 30_000 + ") }",
    "filters in filters": "SELECT * { " + "FILTER EXISTS { " * 30_000 + "}" * 30_001,
    "blank nodes": "SELECT * { ?s ?p " + "[ ?p " * 30_000 + "1" + "]" * 30_000 + "}",
    "lists": "SELECT * { ?s ?p " + "( " * 100_000 + "1" + ")" * 100_000 + "}",
    "paths": "SELECT * { ?s " + "(" * 100_000 + "<x:p>" + ")" * 100_000 + " ?o }",
    "steps": "SELECT * { ?s <x:p>" + "/<x:p>" * 30_000 + " ?o }",
    "sums": "SELECT * { FILTER(1" + "+1" * 100_000 + ") }",
    "alternatives": "SELECT * { {}" + "UNION{}" * 30_000 + " }",
    "optional parts": "SELECT * { " + "OPTIONAL{}" * 30_000 + " }",
    "exclusions": "SELECT * { " + "MINUS{}" * 30_000 + " }",
    "bindings": "SELECT * { " + " ".join(f"BIND(1 AS ?x{number})" for number in range(10_000)) + " }",
    "patterns": "SELECT * { " + "?s ?p ?o . " * 30_000 + " }",
    "objects": "SELECT * { ?s ?p 1" + ",1" * 30_000 + " }",
    "triples in triples": "SELECT * { ?s ?p " + "<<( ?s ?p " * 30_000 + "1" + " )>>" * 30_000 + "}",
    # Text between < and > without a space looks like an IRI.
    "parentheses after a comparison": "SELECT * { FILTER(1<" + "(" * 100_000 + "1>2" + ")" * 100_001 + " }",
    "negations after a comparison": "SELECT * { FILTER((1<" + "!" * 100_000 + "1)>2) }",
    "sums after a comparison": "SELECT * { FILTER((1<1" + "+1" * 100_000 + ")>2) }",
    "parentheses after what looks like a comment": "SELECT * { FILTER(<x:\\u0041#>=" + "(" * 100_000 + "1" + ")" * 100_001 + " }",
    "queries in queries": "SELECT * { " * 30_000 + "}" * 30_000,
}


@pytest.mark.parametrize("name", DEEP)
def test_queries_that_would_crash_the_process_are_refused(name: str) -> None:
    with make_client(make_store(CONTENT), Settings()) as server:
        assert_refused(post(server, DEEP[name], QUERY), 400, "Line 1: ")


# The deepest and largest accepted queries, with the constructs that need most stack in the engine.
FILTERED = "FILTER EXISTS { " * 100 + "FILTER(" + "IF(1,1," * 95 + "1" + ")" * 96 + "}" * 100
LARGEST = [
    f"ASK {{ ?s ?p ?o {FILTERED} {'MINUS{} ' * 695} }}",
    f"ASK {{ ?s ?p ?o {FILTERED} {' '.join(f'BIND(1 AS ?x{number})' for number in range(695))} }}",
    f"ASK {{ ?s ?p ?o FILTER(1{'+1' * 990}) }}",
    f"ASK {{ ?s ?p ?o FILTER({'!' * 980}1) }}",
]


def test_accepted_queries_do_not_crash_the_process() -> None:
    program = (
        "from tests.serve.test_protocol import CONTENT, LARGEST, make_store; store = make_store(CONTENT)\n"
        "for query in LARGEST: store.query(query); print(query[:40], flush=True)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines() == [query[:40] for query in LARGEST], (done.returncode, done.stderr[-500:])
    assert done.returncode == 0


def test_a_long_list_is_not_nested() -> None:
    values = " ".join(f"<http://example.org/{number}>" for number in range(3000))
    listed = values.replace(" ", ", ")
    with make_client(make_store(CONTENT), Settings()) as roomy:
        assert read_boolean(post(roomy, f"ASK {{ VALUES ?s {{ {values} <{ONE}> }} ?s ?p ?o }}", QUERY))
        assert read_boolean(post(roomy, f"ASK {{ ?s ?p ?o FILTER(?s IN ({listed}, <{ONE}>)) }}", QUERY))


WORDS = """SELECT ASK CONSTRUCT DESCRIBE WHERE FROM NAMED PREFIX BASE DISTINCT REDUCED AS GROUP BY HAVING ORDER ASC DESC LIMIT OFFSET
  VALUES UNDEF OPTIONAL GRAPH UNION FILTER MINUS BIND SERVICE SILENT EXISTS NOT IN COUNT SUM GROUP_CONCAT SEPARATOR STR LANG IF COALESCE
  REGEX REPLACE NOW RAND UUID BNODE IRI INSERT DELETE DATA LOAD CLEAR a true false * { } ( ) [ ] < > <= >= = != ! && || + - / | ^ ^^ @
  @en . , ; : ?s ?p ?o ?x $y _:b x: nev:Plant <x:p> <http://example.org/one> <rel> 1 -1 2.5 1e9 99999999999999999999 "a" 'b'
  \"\"\"c\"\"\" " ' \\ \\u0041 # % é \x00 \ufeff"""
QUERIES = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from([*WORDS.split(), "\n"]), max_size=40).map(" ".join),
    st.lists(st.sampled_from(WORDS.split()), max_size=15).map(lambda words: f"SELECT * {{ {' '.join(words)} }}"),
    st.tuples(st.sampled_from([SELECT, CONSTRUCT, BOTH, NAMED]), st.integers(0, 80), st.integers(0, 6), st.text(max_size=6)).map(
        lambda parts: parts[0][: parts[1]] + parts[3] + parts[0][parts[1] + parts[2] :]
    ),
)
FORMATS = st.sampled_from([*TABLES, *GRAPHS, "", "doc"])
FUZZED = settings(
    derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)


@pytest.mark.parametrize("count", [300, pytest.param(5_000, marks=pytest.mark.slow)])
def test_any_text_is_answered_or_refused(server: TestClient, count: int) -> None:
    @settings(FUZZED, max_examples=count)
    @given(QUERIES, FORMATS)
    def send(query: str, form: str) -> None:
        response = post(server, urlencode({"query": query.encode("utf-8", "replace"), "format": form}), FORM)
        assert response.status_code in (200, 400, 403, 406, 413), (query, response.text)
        if response.status_code != 200:
            assert str(response.json()["detail"]).endswith(".")

    send()


@settings(FUZZED, max_examples=150)
@given(st.binary(max_size=80), st.sampled_from([FORM, QUERY, UPDATE, {}]), st.binary(max_size=30), st.text(max_size=20))
def test_any_request_is_answered_or_refused(server: TestClient, body: bytes, headers: dict[str, str], address: bytes, accept: str) -> None:
    sent = {**headers, "Accept": accept.encode("ascii", "ignore").decode().replace("\n", "").replace("\r", "").replace("\0", "")}
    response = post(server, body, sent, f"/sparql?{quote(address, safe='&=%+;')}")
    assert 200 <= response.status_code < 500, response.text
