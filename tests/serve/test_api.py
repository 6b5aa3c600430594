"""The HTTP API: every answer matches its schema and the output of the command line."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

import openpyxl
import pyarrow
import pytest
from httpx2 import Client
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from pyarrow import parquet
from starlette.testclient import TestClient
from tests.support.api import app, job_of
from tests.support.hostile import HOSTILE
from tests.support.marks import FUZZ, slow_every
from tests.support.serving import serving
from tests.support.worlds import SHIPPED

from nevkg.ask import days, profile
from nevkg.ask.answer import Answer, ask
from nevkg.ask.catalogue import load_catalogue
from nevkg.ask.solutions import select
from nevkg.data import terms
from nevkg.explorer import response_types
from nevkg.lookup import entities
from nevkg.network.analysis import find_paths
from nevkg.network.edges import find_upheld
from nevkg.network.files import content
from nevkg.network.project import project
from nevkg.serve.api.openapi import FIXED
from nevkg.serve.api.operations import FAMILIES
from nevkg.serve.api.results import ENTITY_FORMATS, TABLE_FORMATS
from nevkg.serve.http.error_responses import translate
from nevkg.serve.jobs import Task
from nevkg.serve.parameter import KNOWN_BY
from nevkg.store import EmbeddedStore, Store
from nevkg.store.memo import Lookup, memoise
from nevkg.table import formats
from nevkg.validate.checks import CHECK, DATA, all_checks, run_checks

QUESTIONS = sorted(load_catalogue(SHIPPED).questions)
LOCAL = "/api/questions/local-manufacturers/answer"
SERIES = "/api/questions/statistics-series/answer"
# One request for each path other than answers and graphs.
REQUESTS = {
    "/api": "",
    "/api/openapi.json": "",
    "/api/questions": "?tag=evidence&q=sources",
    "/api/questions/{question}": "/local-manufacturers",
    "/api/questions/{question}/parameters/{parameter}/options": "/local-manufacturers/parameters/country/options?q=tha&lang=zh",
    "/api/graph/{projection}/parameters/{parameter}/options": "/makers-plants-countries/parameters/bloc/options?limit=2",
    "/api/discover": "?q=tariff&lang=zh",
    "/api/home": "?lang=zh",
    "/api/stories": "",
    "/api/stories/{story}": "/brazil",
    "/api/search": "?q=changan&lang=zh&limit=5",
    "/api/entities": "?iri=plant:changan-rayong&limit=3",
    "/api/entities/{kind}/{slug}": "/plant/changan-rayong?lang=zh",
    "/api/cards": "?iri=agent:byd&lang=zh",
    "/api/evidence": "?iri=plant:changan-rayong&iri=agent:changan",
    "/api/places": "?iri=plant:changan-rayong&iri=place:TH",
    "/api/graph": "",
    "/api/path": "?from=changan&to=place:asean",
    "/api/neighbours": "?iri=changan&limit=3&order=importance",
    "/api/dataset": "?lang=zh",
    "/api/ontology": "?lang=zh",
    "/api/quality": "",
    "/api/quality/checks": "",
    "/api/quality/checks/{check}": "/state-from-one-source?limit=2",
}


@pytest.fixture(scope="session")
def client(part: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A client of a server of that data."""
    log = tmp_path_factory.mktemp("api") / "log"
    with (
        serving("--data", part, "--time-limit", "100", log=log) as served,
        Client(base_url=served.address, timeout=100) as client,
    ):
        yield client


@pytest.fixture(scope="session")
def openapi(client: Client) -> dict[str, Any]:
    document: dict[str, Any] = client.get("/api/openapi.json").json()
    return document


def assert_conforms(openapi: dict[str, Any], path: str, body: Any, method: str = "get") -> None:
    schema = openapi["paths"][path][method]["responses"]["200"]["content"]["application/json"]["schema"]
    Draft202012Validator({**schema, "components": openapi["components"]}).validate(body)


def assert_problem(openapi: dict[str, Any], response: Any) -> str:
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    Draft202012Validator({**openapi["components"]["schemas"]["Problem"]}).validate(body)
    assert body["status"] == response.status_code
    return str(body["detail"])


def ask_question(store: Store, name: str, **given: list[str]) -> Answer:
    return ask(store, load_catalogue(store.layout)[name], given)


def fetch_pages(client: Client, address: str) -> Iterator[Any]:
    """Yields the pages of an answer by following their links."""
    while True:
        response = client.get(address)
        assert response.status_code == 200
        yield response
        linked = response.links.get("next")
        if linked is None:
            return
        address = address.partition("?")[0] + linked["url"]


def test_the_parameters_of_an_operation_are_fields_of_its_task() -> None:
    operations = [*FIXED, *(operation for family in FAMILIES for operation in family.members(SHIPPED).values())]
    for operation in operations:
        path, others = dict.fromkeys(operation.path_parameters, "any"), {"format": "json", "base": "", "query": "", "document": ""}
        for every in (True, False):
            asked: dict[str, Any] = {
                name: ["any"] if parameter.many else "any"
                for name, parameter in operation.all_parameters.items()
                if name != KNOWN_BY and (every or parameter.required)
            }
            assert isinstance(operation.make_task(asked, **path, **others), Task)


def test_document_is_valid_and_complete(openapi: dict[str, Any]) -> None:
    validate(openapi)
    answers = {f"/api/questions/{name}/answer" for name in QUESTIONS}
    graphs = {f"/api/graph/{path.stem}" for path in SHIPPED.queries.glob("graphs/*.rq")}
    assert openapi["paths"].keys() == answers | graphs | REQUESTS.keys() | {"/api/explain", "/api/reason", "/api/graph/export"}


def test_the_types_of_the_explorer_are_those_of_the_responses() -> None:
    assert response_types.PATH.read_text(encoding="utf-8") == response_types.write_types(), "run make format"


def test_questions_describe_their_views(client: Client, openapi: dict[str, Any]) -> None:
    catalogue = client.get("/api/questions").json()
    assert_conforms(openapi, "/api/questions", catalogue)
    described = {question["name"]: question for topic in catalogue["topics"] for question in topic["questions"]}
    for name, question in load_catalogue(SHIPPED).questions.items():
        assert (described[name]["show"], described[name]["example"]) == (question.show, question.example)
    assert described["local-manufacturers"]["example"] == {"bloc": ["place:asean"]}
    assert described["plants-over-time"]["show"]["lane"] == ["maker", "country"]


def test_parameters_of_questions_are_described(openapi: dict[str, Any]) -> None:
    parameters = {parameter["name"]: parameter for parameter in openapi["paths"][LOCAL]["get"]["parameters"] if "name" in parameter}
    own = {"bloc", "country", "maker", "mode", "status", "product", "newEnergy", "chinese", "level", "standing"}
    assert set(parameters) == {*own, "as_of", "known_by", "citation", "evidence", "reliable", "limit", "format"}
    assert parameters["status"]["description"].startswith("Status of the production. Default: `status:operating`.")
    assert "place:asean" in parameters["bloc"]["schema"]["items"]["examples"]
    assert {"type": "string", "format": "date"} in parameters["as_of"]["schema"]["anyOf"]


@pytest.mark.parametrize("path", REQUESTS)
def test_answers_fit_their_schemas(client: Client, openapi: dict[str, Any], path: str) -> None:
    response = client.get(path.partition("/{")[0] + REQUESTS[path])
    assert response.status_code == 200, response.text
    assert_conforms(openapi, path, response.json())
    assert client.get(path.partition("/{")[0] + REQUESTS[path]).content == response.content


@pytest.mark.parametrize(("lang", "text"), [("en", "No rows match Morocco (country of the plant)"), ("zh", "摩洛哥（工厂所在国）")])
def test_an_empty_answer_has_a_reason(client: Client, openapi: dict[str, Any], lang: str, text: str) -> None:
    body = client.get(f"{LOCAL}?country=place:MA&lang={lang}").json()
    assert_conforms(openapi, LOCAL, body)
    assert body["rows"] == []
    assert text in body["reason"]["text"]
    assert "reason" not in client.get(f"{LOCAL}?offset=1000").json()
    assert text in client.get(f"/questions/local-manufacturers?country=place:MA&lang={lang}", headers={"Accept": "text/html"}).text


def test_a_row_of_a_query_is_explained(client: Client, openapi: dict[str, Any], store: EmbeddedStore) -> None:
    query = "SELECT ?m ?c (1 AS ?one) { ?m nev:manufacturesIn ?c . ?c nev:memberOf place:asean } ORDER BY ?m ?c"
    kind = {"content-type": "application/sparql-query"}
    explained = client.post("/api/explain?row=2&as_of=2025-12-31&lang=zh", content=query, headers=kind)
    assert explained.status_code == 200, explained.text
    assert_conforms(openapi, "/api/explain", explained.json(), "post")
    assert explained.json() == json.loads(json.dumps(select(store, query, "2025-12-31", "zh").explain(1).to_dict()))
    body = client.post("/api/explain?column=m", data={"query": query}).json()
    assert [cell["column"] for cell in body["cells"]] == ["m"]
    assert "There is no row 9999" in assert_problem(openapi, client.post("/api/explain?row=9999", content=query, headers=kind))
    assert "use SELECT" in assert_problem(openapi, client.post("/api/explain", content="ASK {}", headers=kind))
    assert "line 1" in assert_problem(openapi, client.post("/api/explain", content="SELECT ?a { ?a", headers=kind))
    assert (refused := client.get("/api/explain")).status_code == 405
    doubled = f"PREFIX n: <https://w3id.org/nevkg/ontology#> PREFIX a: <x:> PREFIX b: <x:> {query}"
    assert client.post("/api/explain?column=m", data={"query": doubled}).json()["cells"] == body["cells"]
    nothing = "SELECT ?m { ?m nev:manufacturesIn place:MA }"
    why = client.post("/api/reason?lang=zh", content=nothing, headers=kind)
    assert_conforms(openapi, "/api/reason", why.json(), "post")
    assert "摩洛哥" in why.json()["reason"]["text"]
    doubled = f"PREFIX n: <https://w3id.org/nevkg/ontology#> {nothing}"
    assert client.post("/api/reason?lang=zh", content=doubled, headers=kind).json() == why.json()
    assert client.post("/api/reason", content=query, headers=kind).json() == {"reason": None}
    assert "by POST" in assert_problem(openapi, refused)


@pytest.mark.parametrize("name", slow_every(4, QUESTIONS))
def test_every_question_is_answered_as_on_the_command_line(
    client: Client, openapi: dict[str, Any], store: EmbeddedStore, name: str
) -> None:
    path = f"/api/questions/{name}/answer"
    body = client.get(path).json()
    assert_conforms(openapi, path, body)
    expected = json.loads(formats.to_json(table := ask_question(store, name)))
    assert {key: body[key] for key in ("question", "title", "parameters", "asOf", "rows", "sources")} == {
        key: expected[key] for key in ("question", "title", "parameters", "asOf", "rows", "sources")
    }
    assert body["total"] == len(table)
    assert not body["truncated"]
    for row, evidence in zip(table, body["evidence"], strict=True):
        assert evidence == {column: list(iris)[:100] for column in table.names if (iris := row.evidence(column))}
        for column, iris in evidence.items():
            grounds = [ground for iri in iris for ground in body["grounds"].get(iri, [])]
            if len(iris) < 100:
                assert [source.iri for source in row.sources(column)] == sorted({ground["source"] for ground in grounds})


def test_evidence_can_be_left_out(client: Client) -> None:
    body = client.get(LOCAL, params={"evidence": "false"}).json()
    assert not {"citation", "evidence", "grounds", "sources"} & body.keys()
    assert body["rows"]


def test_parameters_are_read_as_on_the_command_line(client: Client, store: EmbeddedStore) -> None:
    body = client.get(f"{LOCAL}?country=TH&country=Indonesia&status=*&standing=*&asOf=2025-12-31&lang=zh").json()
    question = load_catalogue(SHIPPED)["local-manufacturers"]
    table = ask(store, question, {"country": ["TH", "Indonesia"], "status": ["*"], "standing": ["*"]}, as_of="2025-12-31", language="zh")
    assert body["rows"] == json.loads(formats.to_json(table))["rows"]
    assert body["parameters"] == {
        "country": "place:TH place:ID",
        "product": "productkind:vehicle productkind:not-known",
        "chinese": "answer:yes",
        "asOf": "2025-12-31",
    }
    assert body["asOf"] == "2025-12-31"
    assert body["title"] == question.title["zh"]
    assert "place/TH> <https" in body["sparql"]
    assert client.get(LOCAL, params={"as_of": "2025-12-31"}).json() == client.get(LOCAL, params={"asOf": "2025-12-31"}).json()


def test_today_is_replaced_by_a_day_in_the_job_key() -> None:
    today = date.today().isoformat()
    assert asdict(job_of(f"{LOCAL}?as_of=today").task)["as_of"] == today
    assert job_of(f"{LOCAL}?as_of=today").key == job_of(f"{LOCAL}?as_of={today}").key
    assert asdict(job_of("/api/questions/events-timeline/answer?since=today").task)["values"] == {"since": [today]}
    assert job_of(f"{LOCAL}?bloc=a&maker=b").key == job_of(f"{LOCAL}?maker=b&bloc=a").key


def to_text(rows: list[list[Any]]) -> list[list[str]]:
    return [["" if cell is None else str(cell) for cell in row] for row in rows]


@pytest.mark.parametrize("name", ["local-manufacturers", "statistics-series"])
def test_all_formats_have_the_same_rows(client: Client, store: EmbeddedStore, name: str) -> None:
    path = f"/api/questions/{name}/answer"
    responses = {format_name: client.get(path, params={"format": format_name}) for format_name in TABLE_FORMATS}
    for format_name, response in responses.items():
        assert response.status_code == 200
        assert response.headers["content-type"].partition(";")[0] == TABLE_FORMATS[format_name]
        assert client.get(path, headers={"accept": TABLE_FORMATS[format_name]}).content == response.content
    catalogue_answer = ask_question(store, name)
    table = parquet.read_table(io.BytesIO(responses["parquet"].content))
    assert table.equals(catalogue_answer.to_arrow())
    expected = list(csv.reader(io.StringIO(catalogue_answer.to_csv())))
    assert list(csv.reader(io.StringIO(responses["csv"].text))) == expected
    assert list(csv.reader(io.StringIO(responses["tsv"].text), delimiter="\t")) == expected
    assert [json.loads(line) for line in responses["jsonl"].text.splitlines()] == responses["json"].json()["rows"]
    assert responses["md"].text.count("\n") == len(catalogue_answer) + 2
    sheet, *others = openpyxl.load_workbook(io.BytesIO(responses["xlsx"].content)).worksheets
    assert [other.title for other in others] == ["sources", "evidence", "about"]
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert [str(head) for head in rows[0]] == expected[0]
    assert len(rows) == len(expected)
    assert [row[0] for row in to_text(rows[1:])] == [row[0] for row in expected[1:]]


def test_files_have_names(client: Client) -> None:
    response = client.get(LOCAL, params={"format": "csv", "as_of": "2025-12-31"})
    assert response.headers["content-disposition"] == 'attachment; filename="nevkg-local-manufacturers-2025-12-31.csv"'
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert "content-disposition" not in client.get(LOCAL).headers


def test_pages_add_up_to_the_whole_answer(client: Client, store: EmbeddedStore) -> None:
    whole = client.get(SERIES).json()
    step = len(whole["rows"]) // 3
    parts = list(fetch_pages(client, f"{SERIES}?limit={step}&lang=en"))
    assert len(parts) >= 3
    assert [row for page in parts for row in page.json()["rows"]] == whole["rows"]
    assert [row for page in parts for row in page.json()["evidence"]] == whole["evidence"]
    assert {page.json()["total"] for page in parts} == {len(whole["rows"])} == {int(page.headers["x-total-count"]) for page in parts}
    assert [page.json()["truncated"] for page in parts] == [True] * (len(parts) - 1) + [False]
    assert [page.headers["x-truncated"] for page in parts] == ["true"] * (len(parts) - 1) + ["false"]
    assert [page.json()["next"] for page in parts[:-1]] == [page.links["next"]["url"] for page in parts[:-1]]
    assert {source["iri"] for page in parts for source in page.json()["sources"]} == {source["iri"] for source in whole["sources"]}
    table = ask_question(store, "statistics-series")
    tables = [parquet.read_table(io.BytesIO(page.content)) for page in fetch_pages(client, f"{SERIES}?limit={step}&format=parquet")]
    assert pyarrow.concat_tables(tables).equals(table.to_arrow())
    texts = [page.text.splitlines(keepends=True) for page in fetch_pages(client, f"{SERIES}?limit={step}&format=csv")]
    assert "".join([texts[0][0], *(line for text in texts for line in text[1:])]) == table.to_csv()


def test_a_page_beyond_the_end_is_empty(client: Client, openapi: dict[str, Any]) -> None:
    response = client.get(LOCAL, params={"offset": "999999999", "limit": "5"})
    assert_conforms(openapi, LOCAL, response.json())
    assert response.json()["rows"] == []
    assert not response.json()["truncated"]
    assert response.links["prev"]["url"] == "?limit=5&offset=999999994"


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        (
            f"{LOCAL}?blok=asean",
            400,
            "There is no parameter 'blok' at this address; choose from as_of, bloc, chinese, citation, country, .*Did you mean bloc?",
        ),
        (f"{LOCAL}?bloc=azean", 400, "bloc: No bloc is called 'azean'. Did you mean Association .* .place:asean.?"),
        (f"{LOCAL}?bloc=", 400, "bloc: No bloc is called ''"),
        (f"{LOCAL}?bloc=*&bloc=asean", 400, r"'bloc=\*' means any"),
        (f"{LOCAL}?as_of=2025-13-01", 400, "as_of: '2025-13-01' is not a day; write it as YYYY-MM-DD"),
        (f"{LOCAL}?as_of=2025-01-01&as_of=2025-01-02", 400, "Give 'as_of' once"),
        (f"{LOCAL}?asOf=2025-01-01&as_of=2025-01-02", 400, "called 'as_of' here; give it once"),
        (f"{LOCAL}?known_by=2025-13-01", 400, "known_by: '2025-13-01' is not a day"),
        (f"{LOCAL}?limit=0", 400, "limit: '0' is not a whole number from 1 to 10000"),
        (f"{LOCAL}?limit=1e3", 400, "limit: '1e3' is not a whole number"),
        (f"{LOCAL}?offset=-1", 400, "offset: '-1' is not a whole number"),
        (f"{LOCAL}?lang=de", 400, "lang: 'de' is not one of en, zh"),
        (f"{LOCAL}?lang=zh&lang=en", 400, "Give 'lang' once"),
        (f"{LOCAL}?evidence=yes", 400, "evidence: 'yes' is not one of true, false"),
        (f"{LOCAL}?format=pdf", 400, "format: 'pdf' is not one of json, csv"),
        (f"{LOCAL}?country=plant:byd-rayong", 400, "country: No country is called"),
        ("/api/questions/bloc-members/answer?as_of=tomorrow", 400, "'tomorrow' is not a day"),
        ("/api/questions/companies/answer?limit=x" + "9" * 300, 400, "limit: 'x99*…' is not a whole number"),
        ("/api/questions/local-manufacturer/answer", 404, "There is no question 'local-manufacturer'. Did you mean local-manufacturers?"),
        ("/api/questions/local-manufacturer", 404, "Did you mean local-manufacturers?"),
        ("/api/questions/local-manufacturers/parameters/blok/options", 404, "has no parameter 'blok'.*Did you mean bloc?"),
        ("/api/questions/nothing/parameters/bloc/options", 404, "There is no question 'nothing'"),
        ("/api/graph/ownership/parameters/x/options", 404, "has no parameter 'x'"),
        ("/api/graph/ownershp", 404, "There is no projection 'ownershp'; there are claims, .*, sources. Did you mean ownership?"),
        ("/api/graph/ownership?weight=nothing", 400, "have no column 'nothing'"),
        ("/api/quality/checks/nothing", 404, "There is no check 'nothing'"),
        ("/api/search", 400, "'q' is missing"),
        ("/api/search?q=byd&kind=nothing", 400, "kind: No owl:Class is called 'nothing'"),
        ("/api/entities/plant/nothing-at-all", 404, "No entity is called 'plant:nothing-at-all'"),
        ("/api/entities/plaze/TH", 404, "The prefix 'plaze:' of 'plaze:TH' is unknown. Did you mean place"),
        ("/api/entities", 400, "'iri' is missing"),
        ("/api/evidence?iri=nothing", 400, "'nothing' is neither an IRI nor a short name"),
        ("/api/path?from=changan&to=changan", 400, "A path needs two different entities"),
        ("/api/path?from=changan&to=place:TH&in=nothing", 400, "There is no projection 'nothing'"),
        ("/api/neighbours?iri=changan&in=ownership", 400, "in: 'ownership' does not grow from a thing"),
        ("/api/serch", 404, "There is nothing at '/api/serch'; .*Did you mean /api/search or"),
    ],
)
def test_invalid_input_is_reported(client: Client, openapi: dict[str, Any], address: str, status: int, words: str) -> None:
    response = client.get(address)
    assert response.status_code == status
    assert re.search(words.replace("?", r"\?"), assert_problem(openapi, response)), response.json()["detail"]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        (f"{LOCAL}?evidence=yes", "evidence：“yes”不在可选值之列：true, false。"),
        (f"{LOCAL}?country=plant:byd-rayong", "country：没有名为“plant:byd-rayong”的条目。"),
        ("/api/questions/local-manufacturer/answer?limit=1", "没有名为“local-manufacturer”的问题。您要找的是 local-manufacturers 吗？"),
        ("/api/graph/nothing?limit=1", "没有名为“nothing”的关系图；现有 claims, makers-countries, "),
        ("/api/questions/companies/answer?limit=x", "limit：“x”不是 1 至 10000 之间的整数。"),
        ("/api/questions/bloc-members/answer?as_of=tomorrow", "“tomorrow”不是日期"),
        ("/api/search?", "缺少参数“q”。"),
    ],
)
def test_invalid_input_is_reported_in_chinese(client: Client, address: str, words: str) -> None:
    response = client.get(f"{address}&lang=zh")
    assert words in response.json()["detail"]
    assert response.headers["content-language"] == "zh"
    # Messages without a translation are in English.
    assert translate("Something else: 'x'.", "zh") == ("Something else: 'x'.", "en")


def test_a_graph_that_a_client_sends_is_written(client: Client, openapi: dict[str, Any]) -> None:
    graph = {"title": "t", "nodes": [{"id": "a"}, {"id": "b", "label": "比亚迪"}], "edges": [{"source": "a", "target": "b"}]}
    for media in openapi["paths"]["/api/graph/export"]["post"]["responses"]["200"]["content"]:
        response = client.post("/api/graph/export", json=graph, headers={"accept": media})
        assert (response.status_code, response.headers["content-type"].partition(";")[0]) == (200, media)
        assert response.headers["content-disposition"].startswith('attachment; filename="nevkg-graph.')
        assert response.content
    refused = client.post("/api/graph/export", json=graph | {"edges": [{"source": "a", "target": "c"}]})
    assert (refused.status_code, "'c'" in assert_problem(openapi, refused)) == (400, True)
    for body, headers, status in ((b"{", {"content-type": "application/json"}, 400), (b"{}", {}, 415)):
        refused = client.post("/api/graph/export", content=body, headers=headers)
        assert refused.status_code == status
        assert_problem(openapi, refused)


def test_other_methods_and_formats_are_refused(client: Client, openapi: dict[str, Any]) -> None:
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        response = client.request(method, LOCAL)
        assert response.status_code == 405
        assert_problem(openapi, response)
    response = client.get(LOCAL, headers={"accept": "image/png"})
    assert response.status_code == 406
    assert "text/csv" in assert_problem(openapi, response)
    assert client.head(LOCAL).status_code == 200


@pytest.mark.parametrize("text", HOSTILE, ids=[repr(text[:12]) for text in HOSTILE])
def test_hostile_text_is_handled(client: Client, openapi: dict[str, Any], text: str) -> None:
    for path, name in (
        (LOCAL, "bloc"),
        (LOCAL, "as_of"),
        ("/api/questions/claims-about/answer", "about"),
        ("/api/questions/who-says-so/answer", "subject"),
        ("/api/questions/companies/answer", "lang"),
        ("/api/questions/local-manufacturers/parameters/maker/options", "q"),
        ("/api/search", "q"),
        ("/api/search?q=a", "kind"),
        ("/api/entities", "iri"),
        ("/api/evidence", "iri"),
        ("/api/places", "iri"),
        ("/api/neighbours?iri=changan", "exclude"),
        ("/api/neighbours?iri=changan", "kind"),
        (LOCAL, text),
    ):
        response = client.get(path + ("&" if "?" in path else "?") + urlencode({name: text}))
        assert response.status_code in (200, 400, 404), (path, name, response.text)
        assert "x-evil" not in response.headers
        if response.status_code != 200:
            assert_problem(openapi, response)
    for path in ("/api/entities/place/{}", "/api/questions/{}/answer", "/api/quality/checks/{}"):
        assert client.get(path.format(quote(text, safe=""))).status_code in (200, 404)


def test_an_entity_is_described_as_by_show(client: Client, store: EmbeddedStore) -> None:
    iri = entities.resolve(store, "changan-rayong")
    body = client.get("/api/entities/plant/changan-rayong").json()
    expected = json.loads(json.dumps(asdict(profile.gather(store, iri, "en"))))
    assert {key: body[key] for key in expected} == expected
    assert body == client.get("/api/entities", params={"iri": iri}).json() == client.get("/api/entities?iri=changan-rayong").json()
    statements = [
        statement for page in fetch_pages(client, "/api/entities/plant/changan-rayong?limit=4") for statement in page.json()["said"]
    ]
    assert statements == expected["said"]
    for format_name, media in ENTITY_FORMATS.items():
        response = client.get("/api/entities/plant/changan-rayong", params={"format": format_name})
        assert response.headers["content-type"].partition(";")[0] == media
    assert "plant:changan-rayong" in client.get("/api/entities/plant/changan-rayong", headers={"accept": "text/turtle"}).text


def test_evidence_names_the_passage(client: Client) -> None:
    """The evidence contains the passage of the article on five workshops."""
    body = client.get("/api/evidence?iri=plant:changan-rayong").json()
    counted = [statement for statement in body["statements"] if statement["passages"] and "5 workshops" in statement["value"]]
    assert counted
    assert all(passage["length"] > 10 and len(passage["digest"]) == 64 for statement in counted for passage in statement["passages"])
    assert {statement["source"] for statement in body["statements"]} == {source["iri"] for source in body["sources"]}
    assert all(fact["values"] for statement in body["statements"] for fact in statement["facts"])


def test_evidence_of_a_cell_matches_its_grounds(client: Client, store: EmbeddedStore) -> None:
    body = client.get(LOCAL).json()
    iri = next(cell["status"][0] for cell in body["evidence"] if "status" in cell)
    evidence = client.get("/api/evidence", params={"iri": iri}).json()
    behind = {statement["iri"] for statement in evidence["statements"] if statement["role"] == "behind"}
    assert behind == {ground["statement"] for ground in body["grounds"][iri]}
    episodes = {episode["iri"]: episode for episode in evidence["episodes"]}
    (row,) = entities.select(store, f"SELECT ?about {{ <{iri}> <{terms.NEV}subject> ?about }}")
    assert episodes[iri]["subject"]["iri"] == terms.text(row["about"])
    assert (
        episodes[iri]["standing"]
        == body["rows"][next(n for n, cell in enumerate(body["evidence"]) if "status" in cell)]["standing"]["label"]
    )
    assert episodes[iri]["witnesses"] > 0
    beside = [statement for statement in evidence["statements"] if statement["role"] == "beside"]
    assert not behind & {statement["iri"] for statement in beside}


def test_evidence_begins_with_statements_of_the_value(client: Client, store: EmbeddedStore) -> None:
    """Those of another property, such as events, imply a status; other stages come last."""
    query = f"""PREFIX nev: <{terms.NEV}> PREFIX prov: <{terms.PROV}> SELECT ?episode {{
        ?episode nev:property nev:status ; nev:value ?value ; prov:wasDerivedFrom ?statement, ?implying .
        ?statement nev:property nev:status ; nev:value ?value .
        FILTER NOT EXISTS {{ ?implying nev:property nev:status }} }} ORDER BY ?episode LIMIT 1"""
    (row,) = entities.rows(store, query)
    body = client.get("/api/evidence", params={"iri": row["episode"]}).json()
    (episode,) = [one for one in body["episodes"] if one["iri"] == row["episode"]]
    kinds = [(statement["role"], statement["exact"]) for statement in body["statements"]]
    assert {("behind", True), ("behind", False)} <= set(kinds)
    in_order = [("behind", True), ("behind", False), ("stage", False), ("beside", False)]
    assert kinds == sorted(kinds, key=in_order.index)
    stated = {(statement["property"], statement["value"]) for statement in body["statements"] if statement["exact"]}
    assert stated == {(episode["property"], episode["value"])}
    (exact, *_) = body["statements"]
    alone = client.get("/api/evidence", params={"iri": exact["iri"]}).json()["statements"]
    assert [statement["iri"] for statement in alone if statement["exact"]] == [alone[0]["iri"]] == [exact["iri"]]


def test_search_narrows_by_kind(client: Client) -> None:
    every = client.get("/api/search?q=changan").json()["hits"]
    plants = client.get("/api/search?q=changan&kind=nev:Plant").json()["hits"]
    assert {hit["name"].partition(":")[0] for hit in plants} == {"plant"}
    assert {hit["iri"] for hit in plants} < {hit["iri"] for hit in every}
    assert client.get("/api/search?q=operating&kind=voc:plant-statuses").json()["hits"][0]["name"] == "status:operating"
    assert client.get("/api/search", params={"q": "长安", "limit": 1}).json()["hits"][0]["name"].startswith("agent:")


def test_options_can_be_used_as_values(client: Client) -> None:
    address = "/api/questions/local-manufacturers/parameters/country/options"
    every = [option for page in fetch_pages(client, f"{address}?limit=90") for option in page.json()["options"]]
    assert len({option["iri"] for option in every}) == 249
    # Options are sorted by the number of statements, not by name.
    assert {"China", "Thailand", "Brazil"} <= {option["label"] for option in every[:8]}
    (option,) = client.get(address, params={"q": "泰国"}).json()["options"]
    assert option == {"iri": "https://w3id.org/nevkg/place/TH", "name": "place:TH", "label": "Thailand"}
    assert client.get(LOCAL, params={"country": option["name"]}).status_code == 200
    assert client.get("/api/questions/local-manufacturers/parameters/asOf/options").json()["options"] == []


def test_graphs_can_be_pictures_and_tables(client: Client, store: EmbeddedStore) -> None:
    path = "/api/graph/makers-countries?country=TH"
    assert client.get(path, headers={"accept": "image/svg+xml"}).text.startswith("<?xml")
    table = parquet.read_table(io.BytesIO(client.get(f"{path}&format=parquet").content))
    assert table.equals(project(store, "makers-countries", {"country": ["TH"]}).edge_table.to_arrow())
    assert openpyxl.load_workbook(io.BytesIO(client.get(f"{path}&format=xlsx&part=nodes").content)).worksheets


@pytest.mark.parametrize("name", ["makers-plants-countries", "ontology"])
def test_graphs_match_the_command_line(client: Client, openapi: dict[str, Any], store: EmbeddedStore, name: str) -> None:
    path = f"/api/graph/{name}"
    network = project(store, name)
    assert_conforms(openapi, path, client.get(path).json())
    for format_name in ("json", "cyjs", "graphml", "dot"):
        assert client.get(path, params={"format": format_name}).content == content(network, format_name)
    history = {"history": ["true"]} if name != "ontology" else {}
    assert client.get(path, params={"format": "gexf"}).content == content(project(store, name, history), "gexf")
    for part, table in (("nodes", network.node_table), ("edges", network.edge_table)):
        response = client.get(path, params={"format": "csv", "part": part})
        assert response.text == table.to_csv()
        assert response.headers["content-disposition"].endswith(f'-{part}.csv"')


def test_paths_match_the_command_line(client: Client, store: EmbeddedStore) -> None:
    network = project(store, "neighbourhood", with_facts=False)
    ends = [entities.resolve(store, name) for name in ("changan", "place:asean")]
    paths = find_paths(network, *ends, longest=3, limit=4)
    assert len(paths)
    address = "/api/path?from=changan&to=place:asean&longest=3&limit=4"
    steps = client.get(address).json()["steps"]
    assert [{name: value for name, value in step.items() if name != "evidence"} for step in steps] == [
        formats.to_json_record(paths, row) for row in paths.records
    ]
    assert client.get(f"{address}&format=csv").text == paths.to_csv()


def test_neighbours_are_grouped_by_class_without_repeats(client: Client, store: EmbeddedStore) -> None:
    iri = entities.resolve(store, "changan")
    network = project(store, "neighbourhood", {"entity": ["changan"]}, with_facts=False)
    every = network.nodes.keys() - {iri}
    whole = client.get("/api/neighbours?iri=changan&limit=1000").json()
    listed = [node["iri"] for group in whole["groups"] for node in group["nodes"]]
    assert sorted(listed) == sorted(every)
    assert whole["total"] == len(every) == sum(group["total"] for group in whole["groups"])
    assert len(whole["edges"]) == len(network.edges)
    first = client.get("/api/neighbours?iri=changan&limit=1").json()
    for group in first["groups"]:
        parts = [group, *(page.json()["groups"][0] for page in fetch_neighbour_pages(client, group["next"]))]
        expected = next(other for other in whole["groups"] if other["kind"] == group["kind"])
        assert [node for part in parts for node in part["nodes"]] == expected["nodes"]
    hidden = listed[: len(listed) // 2]
    rest = client.get("/api/neighbours", params={"iri": "changan", "exclude": hidden, "limit": 1000}).json()
    assert {node["iri"] for group in rest["groups"] for node in group["nodes"]} == every - set(hidden)
    assert len(rest["edges"]) == len(network.edges)


def test_important_neighbours_come_first(shipped: EmbeddedStore) -> None:
    """Those with an upheld link come first, then those with the greatest capacity, then those with most statements."""
    body = TestClient(app(shipped)).get("/api/neighbours?iri=byd&order=importance&limit=1000").json()
    (nodes,) = (group["nodes"] for group in body["groups"] if group["kind"]["iri"] == terms.NEV + "Plant")
    upheld = find_upheld(shipped)
    linked = {
        end
        for edge in body["edges"]
        for end in (edge["subject"], edge["object"])
        if not edge["evidence"] or edge["facts"].get("standing", {}).get("iri") in upheld
    }
    ranks = [(node["iri"] not in linked, -node.get("size", 0), -node["statements"], node["label"]) for node in nodes]
    assert ranks == sorted(ranks)
    assert all(len({rank[place] for rank in ranks}) > 1 for place in range(3))
    query = f"""PREFIX metric: <{terms.BASE}metric/> PREFIX nev: <{terms.NEV}> SELECT (MAX(?high) AS ?most) {{
        <{nodes[0]["iri"]}> nev:fact ?figure . ?figure nev:metric metric:capacity ; nev:high ?high }}"""
    assert nodes[0]["size"] == float(entities.rows(days.snapshot(shipped, entities.dataset_date(shipped)), query)[0]["most"])


def test_neighbours_include_the_entity_its_sources_and_its_history(client: Client, store: EmbeddedStore) -> None:
    iri = entities.resolve(store, "changan")
    body = client.get("/api/neighbours?iri=changan&limit=1000&lang=zh").json()
    network = project(store, "neighbourhood", {"entity": ["changan"]}, language="zh")
    node = network.nodes[iri]
    assert body["self"] == {"iri": iri, "name": node.name, "label": node.label, "kind": vars(node.kind), "color": node.color}
    sources = {source for edge in body["edges"] for source in edge["sources"]}
    assert sources == {source["iri"] for source in body["sources"]} == {source.iri for source in network.sources}
    ever = client.get("/api/neighbours?iri=changan&limit=1000&history=true").json()
    past = project(store, "neighbourhood", {"entity": ["changan"], "history": ["true"]}, with_facts=False)
    assert {(edge["subject"], edge["relation"]["iri"], edge["object"]) for edge in ever["edges"]} == {
        (edge.subject, edge.relation.iri, edge.object) for edge in past.edges
    }
    begins = [spell["from"] for edge in ever["edges"] for spell in edge["spells"] if spell["from"]]
    assert client.get(f"/api/neighbours?iri=changan&as_of={min(begins)}").json()["total"] < ever["total"]


def fetch_neighbour_pages(client: Client, reference: str | None) -> Iterator[Any]:
    while reference:
        response = client.get("/api/neighbours" + reference)
        yield response
        reference = response.json()["groups"][0]["next"]


def test_places_name_the_place_that_has_the_position(client: Client) -> None:
    places = {place["iri"]: place for place in client.get("/api/places").json()["places"]}
    own = [place for place in places.values() if place["at"]["iri"] == place["iri"]]
    others = [place for place in places.values() if place["at"]["iri"] != place["iri"]]
    assert own
    assert others
    assert all(places[place["at"]["iri"]]["latitude"] == place["latitude"] for place in others)


def test_the_dataset_is_the_one_that_is_served(client: Client, store: EmbeddedStore) -> None:
    body = client.get("/api/dataset").json()
    assert body["digest"] == f"sha256:{store.digest}"
    assert body["triples"] == len(store.store)
    assert body["date"] == entities.dataset_date(store)
    assert all(body[name] > 0 for name in ("sources", "statements", "episodes", "questions"))


def test_terms_are_counted(client: Client, store: EmbeddedStore) -> None:
    body = client.get("/api/ontology").json()
    assert all(
        term["definition"] for group in ("classes", "properties", "concepts") for term in body[group] if term["name"].startswith("nev:")
    )
    by_name = {class_["name"]: class_ for class_ in body["classes"]}
    plants = by_name["nev:Plant"]["uses"]
    assert plants == len(entities.instances(store, terms.NEV + "Plant"))
    assert by_name["nev:Bloc"]["above"]
    assert {class_["iri"] for class_ in body["classes"]} == {terms.expand(class_["name"], body["prefixes"]) for class_ in body["classes"]}


def test_checks_find_what_validate_finds(client: Client, store: EmbeddedStore) -> None:
    checks = [check for check in all_checks(store.layout) if check.about == DATA]
    findings = run_checks(store.store, checks)
    body = client.get("/api/quality/checks").json()
    assert {check["name"]: check["found"] for check in body["checks"]} == {
        check.name: sum(finding.rule == CHECK + check.name for finding in findings) for check in checks
    }
    name = max(body["checks"], key=lambda check: check["found"])["name"]
    listed = [finding for page in fetch_pages(client, f"/api/quality/checks/{name}?limit=7") for finding in page.json()["findings"]]
    assert [finding["about"]["iri"] for finding in listed] == [finding.focus for finding in findings if finding.rule == CHECK + name]


def test_quality_is_described_in_both_languages(client: Client) -> None:
    english, chinese = (client.get(f"/api/quality?lang={language}").json()["tables"] for language in terms.LANGUAGES)
    names = [table["name"] for table in english]
    assert names == [table["name"] for table in chinese]
    assert len(set(names)) == len(names)
    assert [len(table["rows"]) for table in english] == [len(table["rows"]) for table in chinese]
    assert [len(table["columns"]) for table in english] == [len(table["columns"]) for table in chinese]
    for table, translated in zip(english, chinese, strict=True):
        assert bool(table["note"]) == bool(translated["note"])
        words = [translated["section"], translated["title"], *translated["columns"], *filter(None, [translated["note"]])]
        assert all(re.search("[\u4e00-\u9fff]", word) for word in words)
    completeness = next(table for table in chinese if table["section"] == "完整程度")
    assert [row[0] for row in completeness["rows"]][:3] == ["国家", "地区或城市", "城市"]


def test_operation_names_are_unique() -> None:
    operations = [*FIXED, *(operation for family in FAMILIES for operation in family.members(SHIPPED).values())]
    assert len({operation.name for operation in operations}) == len({operation.path for operation in operations}) == len(operations)


def test_lookups_are_memoised_per_store(store: EmbeddedStore) -> None:
    lookups: list[set[str]] = []

    def find(store: Store, keys: set[str]) -> dict[str, str]:
        assert store is store
        lookups.append(keys)
        return {key: key.upper() for key in keys if key != "none"}

    lookup = Lookup(find, most=3)
    assert lookup(store, ["a", "none"]) == {"a": "A"}
    assert lookup(store, ["a", "b", "none"]) == {"a": "A", "b": "B"}
    assert lookups == [{"a", "none"}, {"b"}]
    lookup(store, ["c"])
    assert lookup(store, ["a"]) == {"a": "A"}
    assert lookups[-1] == {"c"}, "known values do not evict each other"
    lookup(store, ["d"])
    assert lookup(store, ["a"]) == {"a": "A"}
    assert lookups[-2:] == [{"d"}, {"a"}], "the cache is cleared when it is full"
    calls: list[Store] = []

    @memoise
    def number(store: Store) -> int:
        calls.append(store)
        return len(calls)

    assert number(store) == number(store) == 1


@pytest.mark.slow
def test_responses_to_generated_requests_conform_to_openapi(client: Client, openapi: dict[str, Any]) -> None:
    import schemathesis
    from hypothesis import HealthCheck, Phase, given, settings
    from schemathesis import checks
    from schemathesis.core.result import Ok

    schemathesis.serializer("application/sparql-query")(lambda _, value: str(value).encode("utf-8", "replace"))
    schema = schemathesis.openapi.from_dict(openapi)
    tried = 0
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()
        # The answers to all questions have the same code, as have all graphs.
        examples = 6 if operation.path in REQUESTS else 2

        @given(case=operation.as_strategy())
        @settings(
            max_examples=examples * FUZZ,
            derandomize=True,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        def fits(case: schemathesis.Case[Any]) -> None:
            nonlocal tried
            tried += 1
            response = case.call(base_url=str(client.base_url), timeout=100)
            case.validate_response(
                response,
                checks=[
                    checks.not_a_server_error,
                    checks.status_code_conformance,
                    checks.content_type_conformance,
                    checks.response_headers_conformance,
                    checks.response_schema_conformance,
                ],
            )

        fits()
    assert tried > 300
