"""The two dates of a query on every interface: as_of, the day that facts hold on, and known_by, the latest day of sources."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import rdflib
from starlette.routing import BaseRoute
from starlette.testclient import TestClient
from tests.conftest import Nevkg
from tests.support.api import app

import nevkg as library
from nevkg.ask import days
from nevkg.errors import WrongUsage
from nevkg.lookup import entities
from nevkg.serve import protocol as protocol_routes
from nevkg.serve.api import routes as api_routes
from nevkg.serve.pages import routes as page_routes
from nevkg.store import EmbeddedStore

EARLY, LATE = "2015-01-01", "2021-12-31"
PLANTS = "SELECT ?plant { ?plant a nev:Plant }"
MAKERS = "SELECT ?maker ?country { ?maker nev:fact [ nev:property nev:manufacturesIn ; nev:value ?country ] }"


@pytest.fixture(scope="module")
def server(sample: EmbeddedStore) -> Iterator[TestClient]:
    def routes() -> list[BaseRoute]:
        return [*protocol_routes.routes(), *api_routes.routes(), *page_routes.routes()]

    with TestClient(app(sample, routes), follow_redirects=False) as client:
        yield client


@pytest.fixture(scope="module")
def kg(sample: EmbeddedStore) -> library.KnowledgeGraph:
    return library.KnowledgeGraph(sample)


def rows(server: TestClient, query: str, **parameters: str) -> int:
    response = server.get("/sparql", params={"query": query, **parameters}, headers={"Accept": "application/sparql-results+json"})
    assert response.status_code == 200, response.text
    return len(response.json()["results"]["bindings"])


def test_python_has_both_dates(kg: library.KnowledgeGraph) -> None:
    assert kg.at(EARLY).as_of == EARLY
    assert len(kg.at(EARLY).query(MAKERS)) < len(kg.at(LATE).query(MAKERS)) < len(kg.query(MAKERS))
    then = kg.at(known_by=EARLY)
    assert (then.known_by, then.as_of) == (EARLY, kg.as_of)
    assert 0 < len(then.query(PLANTS)) < len(kg.query(PLANTS))
    assert len(then.ask("local-manufacturers")) < len(kg.ask("local-manufacturers"))
    assert len(kg.at(EARLY).ask("local-manufacturers")) == len(kg.ask("local-manufacturers", as_of=EARLY))
    with pytest.raises(WrongUsage, match="not a day"):
        kg.at(known_by="2015-13-01")


def test_unknown_entities_have_no_label(kg: library.KnowledgeGraph) -> None:
    labels = "SELECT ?plant ?label { ?plant a nev:Plant ; rdfs:label ?label }"
    known_plants = {row.plant.iri for row in kg.at(EARLY, known_by=EARLY).query(labels)}
    named = kg.at(known_by=EARLY).query("SELECT DISTINCT ?plant { ?statement ?property ?plant ; nev:source ?source }", over="record")
    assert known_plants <= {row.plant.iri for row in named if isinstance(row.plant, library.Thing)}


def test_queries_over_the_record(kg: library.KnowledgeGraph, server: TestClient) -> None:
    episodes = "SELECT DISTINCT ?episode { ?episode a nev:Episode ; nev:until ?until }"
    assert len(kg.query(episodes, over="record")) > 20
    assert len(kg.query(episodes)) == 0
    assert rows(server, episodes, over="record") == len(kg.query(episodes, over="record"))
    assert len(kg.at(EARLY).query(MAKERS, over="snapshot")) == len(kg.at(EARLY).query(MAKERS))
    with pytest.raises(WrongUsage, match="'recrod' is not snapshot or record"):
        kg.query(episodes, over="recrod")
    with pytest.raises(WrongUsage, match="record has all days"):
        kg.query("SELECT ?e FROM <https://w3id.org/nevkg/snapshot/2020-01-01> { ?e a nev:Episode }", over="record")
    with pytest.raises(WrongUsage, match="record has all days"):
        kg.at(EARLY).query(episodes, over="record")


def test_an_empty_day_or_list_is_no_default(kg: library.KnowledgeGraph, nevkg: Nevkg, part: str) -> None:
    with pytest.raises(WrongUsage, match="'' is not a day"):
        kg.at("")
    with pytest.raises(WrongUsage, match="country: the list of values is empty"):
        kg.ask("local-manufacturers", country=[])
    for option in ("--as-of", "--known-by"):
        wrong = nevkg("query", "-e", "ASK {}", "--data", part, f"{option}=")
        assert (wrong.code, "the day is missing" in wrong.err) == (2, True)


def test_sparql_over_http_has_both_dates(kg: library.KnowledgeGraph, server: TestClient) -> None:
    assert rows(server, PLANTS) == len(kg.query(PLANTS))
    assert rows(server, MAKERS, as_of=LATE) == len(kg.at(LATE).query(MAKERS))
    assert rows(server, PLANTS, known_by=EARLY) == len(kg.at(known_by=EARLY).query(PLANTS))
    assert rows(server, PLANTS, known_by=EARLY, as_of=EARLY) == len(kg.at(EARLY, EARLY).query(PLANTS))


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"as_of": "2025-13-40"}, "'2025-13-40' is not a day"),
        ({"known_by": "yesterday"}, "'yesterday' is not a day"),
        ({"as_of": [EARLY, LATE]}, "Give 'as_of' once"),
        ({"known_by": [EARLY, LATE]}, "Give 'known_by' once"),
        ({"over": "all"}, "'all' is not snapshot or record"),
        ({"over": "record", "as_of": EARLY}, "record has all days"),
        ({"as_of": EARLY, "default-graph-uri": "https://w3id.org/nevkg/graph/history"}, "name no other graph"),
        ({"named-graph-uri": "https://w3id.org/nevkg/snapshot/2020-01-01"}, "A snapshot is a default graph"),
        ({"over": "snapshot", "default-graph-uri": "https://w3id.org/nevkg/graph/history"}, "names no other graph"),
        ({"default-graph-uri": "https://w3id.org/nevkg/snapshot/2025-02-30"}, "'2025-02-30' is not a day"),
    ],
)
def test_invalid_dates_are_refused_in_one_sentence(server: TestClient, parameters: dict[str, str], message: str) -> None:
    response = server.get("/sparql", params={"query": PLANTS, **parameters})
    assert response.status_code == 400
    assert message in response.json()["detail"]


def test_the_api_has_both_dates(server: TestClient) -> None:
    answer = "/api/questions/local-manufacturers/answer"

    def total(**parameters: str) -> int:
        response = server.get(answer, params={"limit": "1", "evidence": "false", "standing": "*", "chinese": "*", **parameters})
        assert response.status_code == 200, response.text
        return int(response.json()["total"])

    assert total(known_by=EARLY) < total(as_of=EARLY) < total()
    assert server.get("/api/dataset", params={"known_by": EARLY}).json()["knownBy"] == EARLY
    found = server.get("/api/search", params={"q": "rayong", "known_by": EARLY, "as_of": EARLY}).json()["hits"]
    assert not any(hit["name"].startswith("plant:") for hit in found)
    late, early = (
        server.get("/api/entities/plant/haval-tula", params=parameters).json()["history"]
        for parameters in ({"as_of": LATE}, {"as_of": "2013-01-01"})
    )
    assert len(early) < len(late)
    refused = server.get(answer, params={"known_by": "then"})
    assert (refused.status_code, refused.json()["parameter"]) == (400, "known_by")


def test_page_links_keep_both_dates(server: TestClient) -> None:
    parameters = {"as_of": LATE, "known_by": LATE}
    response = server.get("/plant/haval-tula", params=parameters, headers={"Accept": "text/html"})
    assert response.status_code == 200
    assert f"as_of={LATE}&amp;known_by={LATE}" in response.text
    undated = server.get("/plant/haval-tula", headers={"Accept": "text/html"})
    assert "as_of=" not in undated.text
    turtle = server.get("/plant/haval-tula.ttl", params={"as_of": LATE})
    graph = rdflib.Graph().parse(data=turtle.text)
    fact = rdflib.URIRef("https://w3id.org/nevkg/ontology#fact")
    assert list(graph.objects(rdflib.URIRef("https://w3id.org/nevkg/plant/haval-tula"), fact))


def test_memento_headers(server: TestClient) -> None:
    redirect = server.get("/plant/haval-tula", headers={"Accept": "text/turtle", "Accept-Datetime": "Fri, 31 Dec 2021 12:00:00 GMT"})
    assert redirect.status_code == 302
    assert "accept-datetime" in redirect.headers["Vary"].casefold()
    memento = server.get(redirect.headers["Location"], headers={"Accept": "text/turtle"})
    assert memento.headers["Memento-Datetime"] == "Fri, 31 Dec 2021 00:00:00 GMT"
    assert '</plant/haval-tula>; rel="original timegate"' in memento.headers["Link"]
    assert "Memento-Datetime" not in server.get("/plant/haval-tula", headers={"Accept": "text/turtle"}).headers
    # A day in the address goes before the header.
    both = server.get(
        "/plant/haval-tula?as_of=2020-12-31", headers={"Accept": "text/turtle", "Accept-Datetime": "Fri, 31 Dec 2021 12:00:00 GMT"}
    )
    assert "2021" not in both.headers.get("Location", "")
    refused = server.get("/plant/haval-tula", headers={"Accept-Datetime": "some day"})
    assert refused.status_code == 400


@pytest.mark.parametrize("path", ["graph/history", "dataset", "ontology", "source/s-globaltimes-nd", "vocabulary/plant-statuses"])
def test_documents_of_the_record_have_no_mementos(server: TestClient, path: str) -> None:
    undated = server.get(f"/{path}.ttl")
    dated = server.get(f"/{path}.ttl", params={"as_of": "2021-12-31"})
    negotiated = server.get(f"/{path}.ttl", headers={"Accept-Datetime": "Fri, 31 Dec 2021 12:00:00 GMT"})
    assert dated.text == negotiated.text == undated.text
    assert not {"memento-datetime"} & {*dated.headers, *negotiated.headers}


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask", "companies"),
        ("query", "-e", PLANTS),
        ("show", "byd"),
        ("search", "byd"),
        ("dump", "--format", "ntriples"),
        ("info",),
        ("graph", "ownership"),
        ("measure", "ownership"),
        ("path", "changan", "place:asean"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_every_command_takes_both_dates(nevkg: Nevkg, part: str, arguments: tuple[str, ...]) -> None:
    result = nevkg(*arguments, "--data", part, "--as-of", LATE, "--known-by", LATE, "--quiet")
    assert result.code == 0, result.err
    repeated = nevkg(*arguments, "--data", part, "--as-of", LATE, "--as-of", EARLY)
    assert (repeated.code, "--as-of: give it once" in repeated.err) == (2, True)
    wrong = nevkg(*arguments, "--data", part, "--known-by", "2025-13-40")
    assert (wrong.code, "not a day" in wrong.err) == (2, True)


def test_commands_answer_for_these_dates(nevkg: Nevkg, part: str) -> None:
    def count(query: str, *arguments: str) -> int:
        return len(nevkg("query", "--data", part, "-e", query, "--format", "csv", *arguments).out.splitlines())

    assert count(PLANTS, "--known-by", LATE) < count(PLANTS)
    assert count(MAKERS, "--as-of", LATE) < count(MAKERS)
    facts = json.loads(nevkg("show", "byd", "--data", part, "--format", "json", "--as-of", "1990-01-01").out)
    assert facts["history"] == []
    snapshot = nevkg("dump", "--data", part, "--as-of", EARLY, "--format", "ntriples").out
    assert f'nevkg/snapshot/{EARLY}> <https://w3id.org/nevkg/ontology#asOf> "{EARLY}"' in snapshot


def test_a_day_after_the_data_is_answered_with_a_warning(nevkg: Nevkg, part: str) -> None:
    for arguments in (("ask", "companies"), ("query", "-e", PLANTS)):
        result = nevkg(*arguments, "--data", part, "--as-of", "9999-12-31")
        assert (result.code, "is after the date of the dataset" in result.err) == (0, True)
    assert nevkg("query", "-e", PLANTS, "--data", part, "--as-of", "0001-01-01").code == 0
    assert nevkg("query", "-e", PLANTS, "--data", part, "--known-by", "1900-01-01", "--format", "csv").out.splitlines() == ["plant"]


def test_an_unknown_graph_is_empty_with_a_warning(nevkg: Nevkg, part: str) -> None:
    result = nevkg("query", "--data", part, "--format", "csv", "-e", "SELECT ?p FROM <http://example.org/g> { ?p a nev:Plant }")
    assert (result.code, result.out.splitlines()) == (0, ["p"])
    assert "there is no graph <http://example.org/g> here" in result.err


@pytest.mark.parametrize(
    "query",
    [
        "PREFIX day: <https://w3id.org/nevkg/snapshot/> SELECT * FROM day:2012-12-31 { ?m nev:manufacturesIn ?c }",
        "SELECT * FROM <snapshot/2012-12-31> { ?m nev:manufacturesIn ?c }",
        "BASE <https://w3id.org/nevkg/snapshot/> SELECT * FROM <2012-12-31> { ?m nev:manufacturesIn ?c }",
    ],
)
def test_a_snapshot_can_be_named_by_any_iri_syntax(kg: library.KnowledgeGraph, query: str) -> None:
    assert len(kg.query(query)) == len(kg.at("2012-12-31").query(MAKERS)) > 0


def test_a_graph_can_be_named_by_its_prefix(kg: library.KnowledgeGraph) -> None:
    query = "SELECT * FROM {} {{ ?e nev:until ?until }} LIMIT 3"
    assert len(kg.query(query.format("graph:history"))) == len(kg.query(query.format("<https://w3id.org/nevkg/graph/history>"))) == 3


def test_days_between_two_publications_share_a_state(sample: EmbeddedStore) -> None:
    assert days.record_known_by(sample, "2030-01-01").store is sample.store
    early, next_day = (days.record_known_by(sample, day) for day in ("1950-01-01", "1950-01-02"))
    assert (early.state, early.known_by) == (next_day.state, "1950-01-01")


def test_other_datasets_have_no_day(sample: EmbeddedStore) -> None:
    assert entities.stored_date(sample)
    store, text, graphs = days.find_dataset(sample, "SELECT * FROM <http://example.org/g> { ?s ?p ?o }")
    assert (store, graphs) == (sample, ())
    assert "FROM" in text
