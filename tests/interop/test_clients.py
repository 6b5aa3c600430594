"""Common SPARQL clients against our endpoint, over HTTP, and queries that join it with another one."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest
import rdflib
import requests
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, JSONLD, N3, RDFXML, TSV, TURTLE, XML, SPARQLWrapper
from tests.conftest import Result
from tests.support import servers
from tests.support.node import NodeProject, install
from tests.support.serving import ServerProcess, serving
from tests.support.worlds import SHIPPED

from nevkg.data.paths import Layout
from nevkg.lookup import entities
from nevkg.serve.settings import Settings
from nevkg.serve.sparql_jobs import GRAPHS, TABLES
from nevkg.sparql import bounds
from nevkg.store import EmbeddedStore
from nevkg.store.remote import open_remote

PREFIX = "PREFIX nev: <https://w3id.org/nevkg/ontology#> "
# Every country has a code and labels in two languages.
CODES = PREFIX + "SELECT ?place ?code { ?place nev:isoAlpha2 ?code } ORDER BY ?code"
INDONESIA = "https://w3id.org/nevkg/place/ID"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
LABELS = f"CONSTRUCT {{ <{INDONESIA}> <{LABEL}> ?label }} {{ <{INDONESIA}> <{LABEL}> ?label }}"
IS_COUNTRY = PREFIX + f"ASK {{ <{INDONESIA}> a nev:Country }}"
HISTORY = "https://w3id.org/nevkg/graph/history"


@pytest.fixture(scope="module")
def endpoint(served: ServerProcess) -> str:
    return f"{served.address}/sparql"


@pytest.fixture(scope="module")
def codes(endpoint: str) -> list[str]:
    """The expected rows, read without any of the clients."""
    rows = requests.post(endpoint, {"query": CODES}, timeout=60).json()["results"]["bindings"]
    codes = [row["code"]["value"] for row in rows]
    assert len(codes) > 200
    assert "ID" in codes
    return codes


# rdflib


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
@pytest.mark.parametrize("form", ["xml", "json", "csv", "tsv"])
def test_rdflib_finds_rows(method: str, form: str, endpoint: str, codes: list[str]) -> None:
    store = SPARQLStore(endpoint, method=method, returnFormat=form)
    result = rdflib.Graph(store).query(CODES)
    assert [str(row["code"]) for row in result] == codes  # type: ignore[index, call-overload]


def test_rdflib_as_a_graph(endpoint: str) -> None:
    graph = rdflib.Graph(SPARQLStore(endpoint))
    assert graph.query(IS_COUNTRY).askAnswer
    place, label = rdflib.URIRef(INDONESIA), rdflib.URIRef(LABEL)
    assert rdflib.Literal("Indonesia", lang="en") in graph.objects(place, label)
    assert (place, label, rdflib.Literal("Indonesia", lang="en")) in graph
    constructed = graph.query(LABELS).graph
    assert constructed is not None
    assert set(constructed) == set(graph.triples((place, label, None)))


def test_rdflib_queries_one_graph(endpoint: str) -> None:
    """The client sends the graph as ``default-graph-uri``."""
    graph = rdflib.Graph(SPARQLStore(endpoint), identifier=rdflib.URIRef(HISTORY))
    kinds = {str(row[0]) for row in graph.query("SELECT DISTINCT ?kind { ?thing a ?kind }")}  # type: ignore[index]
    assert kinds == {"https://w3id.org/nevkg/ontology#Episode"}


# SPARQLWrapper


def query_with_wrapper(endpoint: str, query: str, form: str, method: str = "GET") -> Any:
    wrapper = SPARQLWrapper(endpoint)
    wrapper.setQuery(query)
    wrapper.setMethod(method)
    wrapper.setReturnFormat(form)
    return wrapper.query()


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_sparqlwrapper_finds_rows(method: str, endpoint: str, codes: list[str]) -> None:
    result = query_with_wrapper(endpoint, CODES, JSON, method).convert()
    assert [row["code"]["value"] for row in result["results"]["bindings"]] == codes
    texts = [
        element.firstChild.data for element in query_with_wrapper(endpoint, CODES, XML, method).convert().getElementsByTagName("literal")
    ]
    assert texts == codes
    for form, delimiter in ((CSV, ","), (TSV, "\t")):
        text = query_with_wrapper(endpoint, CODES, form, method).convert().decode()
        assert [row[1].strip('"') for row in csv.reader(io.StringIO(text), delimiter=delimiter)][1:] == codes


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning", "ignore:Sending Accept:RuntimeWarning")
@pytest.mark.parametrize("form", [TURTLE, N3, RDFXML, JSONLD, XML, JSON])
def test_sparqlwrapper_finds_a_graph(form: str, endpoint: str) -> None:
    result = query_with_wrapper(endpoint, LABELS, form)
    if form in (N3, JSON):  # SPARQLWrapper does not convert these
        kind, content = result.info()["content-type"], result.response.read().decode()
        graph = rdflib.Graph().parse(data=content, format=kind.partition(";")[0])
    elif form == TURTLE:
        graph = rdflib.Graph().parse(data=result.convert().decode(), format="turtle")
    else:
        graph = result.convert()
    assert (rdflib.URIRef(INDONESIA), rdflib.URIRef(LABEL), rdflib.Literal("Indonesia", lang="en")) in graph


def test_sparqlwrapper_asks(endpoint: str) -> None:
    assert query_with_wrapper(endpoint, IS_COUNTRY, JSON).convert()["boolean"] is True


def test_sparqlwrapper_reports_syntax_errors(endpoint: str) -> None:
    with pytest.raises(Exception, match="line 1, column 13"):
        query_with_wrapper(endpoint, "SELECT * { ?", JSON)


# curl, as in the documentation


def curl(*words: str) -> str:
    done = subprocess.run(["curl", "-sS", "--fail-with-body", *words], capture_output=True, check=True)
    return done.stdout.decode(errors="replace")


needs_curl = pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed: apt-get install curl")


@needs_curl
def test_curl(endpoint: str, codes: list[str], tmp_path: Path) -> None:
    options = ("--data-urlencode", f"query={CODES}", "-H", "Accept: text/csv")
    for words in (options, ("--get", *options)):
        assert [row["code"] for row in csv.DictReader(io.StringIO(curl(*words, endpoint), newline=""))] == codes
    file = tmp_path / "codes.rq"
    file.write_text(CODES, encoding="utf-8")
    posted = curl("--data-binary", f"@{file}", "-H", "Content-Type: application/sparql-query", "--compressed", endpoint)
    assert [row["code"]["value"] for row in json.loads(posted)["results"]["bindings"]] == codes
    assert "HTTP/1.1 200" in curl("--head", "--get", *options, endpoint)
    assert "sd:Service" in curl(endpoint)


# Another Oxigraph server, with SERVICE


def test_oxigraph_by_service(endpoint: str, codes: list[str]) -> None:
    with servers.running("oxigraph") as another:
        query = f"{PREFIX} SELECT ?code {{ SERVICE <{endpoint}> {{ ?place nev:isoAlpha2 ?code }} }} ORDER BY ?code"
        response = requests.post(another.query, {"query": query}, headers={"Accept": "text/csv"}, timeout=60)
        assert response.text.split()[1:] == codes


# The documentation


DOCS = SHIPPED.ontology.parent / "docs"
DOCUMENT = (DOCS / "endpoint.md").read_text(encoding="utf-8")
COMMANDS = {
    page: re.findall(r"^curl .*(?:\\\n.*)*", (DOCS / f"{page}.md").read_text(encoding="utf-8"), re.MULTILINE)
    for page in ("endpoint", "http-api")
}
LOCAL = "http://localhost:8000"


@needs_curl
@pytest.mark.parametrize(("page", "command"), [(page, command) for page in COMMANDS for command in COMMANDS[page]])
def test_documented_commands_run(page: str, command: str, served: ServerProcess) -> None:
    words = shlex.split(command.replace("\\\n", " ").partition(" | ")[0].partition(" > ")[0])
    assert len([word for word in words if word.startswith(LOCAL)]) == 1
    printed = curl(*(word.replace(LOCAL, served.address) for word in words[1:]))
    assert printed
    if page == "endpoint":
        assert printed.count("\n") > 1 or '"bindings":[{' in printed or '"boolean":true' in printed


def test_documented_python_runs(served: ServerProcess, capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(r"^```python\n(.*?)^```", DOCUMENT, re.MULTILINE | re.DOTALL)
    exec(code.replace(LOCAL, served.address), {})
    assert {"Thailand", "泰国"} <= set(capsys.readouterr().out.split())


def test_documented_limits_match_the_code() -> None:
    limits = Settings()
    numbers = (f"{limits.rows:,}", f"{limits.time_limit:g} seconds", f"{limits.size} MB", f"{limits.body // 1024} MB")
    missing = [number for number in (*numbers, f"{bounds._DEEPEST}", f"{bounds._MOST_PARTS:,}") if f"({number})" not in DOCUMENT]
    assert not missing
    assert re.findall(r"^\| [A-Z, ]+ \| (`.*`) \|$", DOCUMENT, re.MULTILINE) == [
        ", ".join(f"`{name}`" for name in names) for names in (TABLES, GRAPHS)
    ]
    assert (len(COMMANDS["endpoint"]) >= 5, len(COMMANDS["http-api"]) >= 8) == (True, True)


# Our own commands


@pytest.mark.slow
def test_our_own_commands(served: ServerProcess, codes: list[str], nevkg: Callable[..., Result]) -> None:
    query = ("query", "-e", CODES, "--format", "csv")
    result = nevkg(*query, "--store", f"{served.address}/sparql")
    assert [row["code"] for row in csv.DictReader(io.StringIO(result.out, newline=""))] == codes
    labels = nevkg("query", "-e", LABELS, "--store", f"{served.address}/sparql")
    assert 'rdfs:label "Indonesia"@en' in labels.out


def test_our_client_fetches_the_rest_of_a_truncated_answer(part: str, codes: list[str]) -> None:
    with serving("--data", part, "--rows", "100", "--quick", "1", "--slow", "1") as small:
        assert small.ask(CODES, headers={"Accept": "text/csv"}).text.count("\n") == 101
        store = open_remote(f"{small.address}/sparql", Layout.find())
        for query, expected in ((CODES, codes), (f"{CODES} LIMIT 50", codes[:50])):
            solutions = store.query(query)
            assert isinstance(solutions, QuerySolutions)
            assert [row["code"].value for row in solutions] == expected
        store.connection.session.close()


# Comunica


@pytest.fixture(scope="module")
def comunica(tmp_path_factory: pytest.TempPathFactory) -> NodeProject:
    return install(Path(__file__).parent / "comunica", tmp_path_factory.mktemp("comunica"))


@pytest.mark.slow
def test_comunica(endpoint: str, codes: list[str], comunica: NodeProject) -> None:
    def ask(*words: str) -> str:
        return comunica.run("comunica-sparql", *words)

    for source in (f"sparql@{endpoint}", endpoint):  # the second detects the type from the service description
        rows = json.loads(ask(source, CODES, "-t", "application/sparql-results+json"))["results"]["bindings"]
        assert [row["code"]["value"] for row in rows] == codes
    assert ask(endpoint, IS_COUNTRY, "-t", "simple").strip() == "true"
    assert '"Indonesia"@en' in ask(endpoint, LABELS, "-t", "text/turtle")


QUERIES = sorted(SHIPPED.queries.glob("federation/*.rq"))
OURS, THEIRS = "http://localhost:7878/query", "https://query.wikidata.org/sparql"
CASES = {
    "host-countries": ("nev:isoAlpha2", "?maker nev:manufacturesAbroadIn ?place .", "country", "makers", "?maker"),
    "regions-with-plants": ("nev:isoSubdivisionCode", "?plant a nev:Plant ; nev:locatedIn ?place .", "region", "plants", "?plant"),
}
_WDT = "http://www.wikidata.org/prop/direct/"
_PREFIXES = {"nev": "https://w3id.org/nevkg/ontology#"}


def invent_population(code: str) -> int:
    """Returns an invented population for the tests."""
    return sum(ord(letter) for letter in code) * 1_000_000 + len(code)


def is_known(code: str) -> bool:
    """Whether the other endpoint has a place: two of three."""
    return sum(ord(letter) for letter in code) % 3 > 0


def has_product(code: str) -> bool:
    """Whether the other endpoint has the GDP of a place: one of two."""
    return ord(code[-1]) % 2 == 0


@pytest.fixture(scope="module")
def ours(sample: EmbeddedStore) -> Iterator[str]:
    assert sample.place is not None
    with servers.reading(sample.place / "oxigraph") as server:
        yield server.query


@pytest.fixture(scope="module")
def theirs(sample: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An endpoint with the terms of Wikidata and invented figures for most of our places and for some that we lack."""
    place = tmp_path_factory.mktemp("theirs")
    store = pyoxigraph.Store(str(place))
    for number, (name, code) in enumerate(list_known_places(sample)):
        item = NamedNode(f"http://www.wikidata.org/entity/Q{10**9 + number}")
        facts = [(name, Literal(code)), ("P1082", Literal(invent_population(code)))]
        facts += [("P2131", Literal(2 * invent_population(code)))] if has_product(code) else []
        store.extend(Quad(item, NamedNode(_WDT + what), value) for what, value in facts)
    store.flush()
    del store
    with servers.reading(place) as server:
        yield server.query


def list_known_places(sample: EmbeddedStore) -> list[tuple[str, str]]:
    """Returns the places of the other endpoint as pairs of the property for the code and the code."""
    places = [("P297", "ZZ"), ("P298", "ZZZ"), ("P300", "ZZ-1")]
    for name, property_name in (("P297", "isoAlpha2"), ("P298", "isoAlpha3"), ("P300", "isoSubdivisionCode")):
        codes = select_rows(sample, f"SELECT DISTINCT ?code {{ ?place nev:{property_name} ?code }} ORDER BY ?code")
        places += [(name, code) for (code,) in codes if is_known(code)]
    return places


def select_rows(sample: EmbeddedStore, query: str) -> list[tuple[str, ...]]:
    solutions = sample.query(query, entities.namespaces(sample))
    assert isinstance(solutions, QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    return [tuple(row[name].value for name in names) for row in solutions]


def query_elsewhere(text: str) -> list[dict[str, str]]:
    solutions = pyoxigraph.Store().query(text)
    assert isinstance(solutions, QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    return [{name: row[name].value for name in names if row[name] is not None} for row in solutions]


def read_query_text(name: str, ours: str, theirs: str) -> str:
    text = (SHIPPED.queries / "federation" / f"{name}.rq").read_text(encoding="utf-8")
    assert (text.count(OURS), text.count(THEIRS)) == (1, 1)
    return text.replace(OURS, ours).replace(THEIRS, theirs)


def test_every_query_is_tested() -> None:
    assert {path.stem for path in QUERIES} == {*CASES, "populous-countries-without-makers"}


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_places_with_their_figures(name: str, ours: str, theirs: str, sample: EmbeddedStore) -> None:
    code, pattern, place, column, counted = CASES[name]
    theirs_too = {code for _, code in list_known_places(sample)}
    query = f"SELECT ?place ?code (COUNT(DISTINCT {counted}) AS ?n) {{ {pattern} ?place {code} ?code }} GROUP BY ?place ?code"
    expected = {(iri, number, str(invent_population(code))) for iri, code, number in select_rows(sample, query) if code in theirs_too}
    answer_rows = query_elsewhere(read_query_text(name, ours, theirs))
    values = {(row[place], row[column], row["population"]) for row in answer_rows}
    assert values == expected
    assert len(answer_rows) == len(values) >= 2
    assert [-int(row[column]) for row in answer_rows] == sorted(-int(row[column]) for row in answer_rows)
    assert all(row["name"] for row in answer_rows)
    if name == "host-countries":
        assert {int(row["gdp"]) / int(row["population"]) for row in answer_rows if "gdp" in row} == {2}
        # A country without a GDP remains in the answer.
        assert {"gdp" in row for row in answer_rows} == {True, False}


@pytest.mark.slow
def test_populous_countries_without_makers(ours: str, theirs: str, sample: EmbeddedStore) -> None:
    large = {code for name, code in list_known_places(sample) if name == "P298" and invent_population(code) > 50_000_000}
    query = """SELECT ?place ?code { ?place nev:isoAlpha3 ?code
        FILTER NOT EXISTS { ?line a nev:Production ; nev:inCountry ?place ; nev:status/nev:isProducing true } }"""
    expected = {(place, str(invent_population(code))) for place, code in select_rows(sample, query) if code in large}
    answer_rows = query_elsewhere(read_query_text("populous-countries-without-makers", ours, theirs))
    assert {(row["country"], row["population"]) for row in answer_rows} == expected
    assert len(answer_rows) == len(expected) > 2
    built_in = {place for (place,) in select_rows(sample, "SELECT DISTINCT ?place { ?maker nev:manufacturesIn ?place }")}
    assert built_in
    assert not built_in & {row["country"] for row in answer_rows}


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_our_own_store_sends_no_request(path: Path, part: str, nevkg: Callable[..., Result]) -> None:
    result = nevkg("query", "--data", part, str(path))
    assert result.code == 2
    assert "SERVICE" in result.err
