"""Queries that join our endpoint with another one, run by a client without data of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pyoxigraph
import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions
from tests.conftest import Result
from tests.support import servers
from tests.support.worlds import SHIPPED

from nevkg.lookup import entities
from nevkg.store import EmbeddedStore

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


def query_with_pyoxigraph(text: str) -> list[dict[str, str]]:
    solutions = pyoxigraph.Store().query(text)
    assert isinstance(solutions, QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    return [{name: row[name].value for name in names if row[name] is not None} for row in solutions]


def query_with_rdflib(text: str) -> list[dict[str, str]]:
    """Fetches our triples and queries the other endpoint, because rdflib 7.6 sends every SERVICE of a query to the first one."""
    ours, part = re.findall(r"SERVICE <(http://[^>]+)> \{", text)
    if "wdt:" in text[text.index(ours) : text.index(part)]:
        ours, part = part, ours
    graph = rdflib.Graph()
    with urlopen(Request(f"{ours}&{urlencode({'query': 'CONSTRUCT WHERE { ?s ?p ?o }'})}", headers={"Accept": "text/turtle"})) as answer:
        graph.parse(data=answer.read(), format="turtle")
    result = graph.query(text.replace(f"SERVICE <{ours}> {{", "{"))
    return [{str(name): str(value) for name, value in row.items()} for row in result.bindings]


CLIENTS = {"pyoxigraph": query_with_pyoxigraph, "rdflib": query_with_rdflib}


def read_query_text(name: str, ours: str, theirs: str) -> str:
    text = (SHIPPED.queries / "federation" / f"{name}.rq").read_text(encoding="utf-8")
    assert (text.count(OURS), text.count(THEIRS)) == (1, 1)
    return text.replace(OURS, ours).replace(THEIRS, theirs)


def test_every_query_is_tested() -> None:
    assert {path.stem for path in QUERIES} == {*CASES, "populous-countries-without-makers"}


@pytest.mark.slow
@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("name", CASES)
def test_places_with_their_figures(name: str, client: str, ours: str, theirs: str, sample: EmbeddedStore) -> None:
    code, pattern, place, column, counted = CASES[name]
    theirs_too = {code for _, code in list_known_places(sample)}
    query = f"SELECT ?place ?code (COUNT(DISTINCT {counted}) AS ?n) {{ {pattern} ?place {code} ?code }} GROUP BY ?place ?code"
    expected = {(iri, number, str(invent_population(code))) for iri, code, number in select_rows(sample, query) if code in theirs_too}
    answer_rows = CLIENTS[client](read_query_text(name, ours, theirs))
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
@pytest.mark.parametrize("client", CLIENTS)
def test_populous_countries_without_makers(client: str, ours: str, theirs: str, sample: EmbeddedStore) -> None:
    large = {code for name, code in list_known_places(sample) if name == "P298" and invent_population(code) > 50_000_000}
    query = """SELECT ?place ?code { ?place nev:isoAlpha3 ?code
        FILTER NOT EXISTS { ?line a nev:Production ; nev:inCountry ?place ; nev:status/nev:isProducing true } }"""
    expected = {(place, str(invent_population(code))) for place, code in select_rows(sample, query) if code in large}
    answer_rows = CLIENTS[client](read_query_text("populous-countries-without-makers", ours, theirs))
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
