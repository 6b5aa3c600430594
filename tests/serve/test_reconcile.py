"""The reconciliation service: the requests of OpenRefine, and the format of version 0.2 of the specification."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import pytest
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient
from tests.support.api import app, client_without_workers
from tests.support.hostile import HOSTILE
from tests.support.markup import Markup
from tests.support.worlds import SHIPPED

from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.serve.app import Exposure
from nevkg.serve.extras.reconcile import routes
from nevkg.serve.extras.reconcile_jobs import MOST_QUERIES
from nevkg.serve.http.hosts import PublicUrl
from nevkg.store import EmbeddedStore

Schema = Mapping[str, Any]


def make_schema(more: Schema | None = None, /, *, is_open: bool = True, **required: Schema) -> Schema:
    """Returns the schema of an object with required members and perhaps more, which may have other members if it is open."""
    members = {**required, **(more or {})}
    return {"type": "object", "required": list(required), "properties": members, "additionalProperties": is_open}


def list_of(schema: Schema) -> Schema:
    return {"type": "array", "items": schema}


TEXT = {"type": "string", "minLength": 1}
INTEGER = {"type": "integer"}
NAMED = make_schema(id=TEXT, name=TEXT)
SERVICE = make_schema(service_url=TEXT, service_path={"pattern": "^/"})
PATTERN = {"type": "string", "pattern": r"^http.*\{\{id\}\}"}
SETTINGS = list_of(make_schema(name=TEXT, label=TEXT, type={"enum": ["text"]}))
MANIFEST = make_schema(
    {"defaultTypes": {**list_of(NAMED), "uniqueItems": True, "minItems": 1}},
    versions={"contains": {"const": "0.2"}},
    name=TEXT,
    identifierSpace=TEXT,
    schemaSpace=TEXT,
    view=make_schema(url=PATTERN),
    preview=make_schema(url=PATTERN, width=INTEGER, height=INTEGER),
    suggest=make_schema(entity=SERVICE, type=SERVICE, property=SERVICE),
    extend=make_schema({"property_settings": SETTINGS}, propose_properties=SERVICE),
    batchSize={"type": "integer", "minimum": 1},
)
CANDIDATE = make_schema(
    is_open=False,
    id=TEXT,
    name=TEXT,
    score={"type": "number", "minimum": 0, "maximum": 100},
    match={"type": "boolean"},
    type=list_of(NAMED),
    features=list_of(make_schema(id=TEXT, value={"type": ["boolean", "number"]})),
)
RESULTS = {"type": "object", "additionalProperties": make_schema(result=list_of(CANDIDATE))}
SUGGESTIONS = make_schema(result=list_of(make_schema({"notable": list_of(NAMED), "broader": list_of(NAMED)}, id=TEXT, name=TEXT)))
PROPOSALS = make_schema(properties=list_of(NAMED))
MOMENT = {"pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}
SCALARS = {"str": {"type": "string"}, "int": INTEGER, "float": {"type": "number"}, "date": MOMENT}
VALUE = {
    "oneOf": [make_schema(is_open=False, id=TEXT, name=TEXT), *(make_schema(is_open=False, **{name: SCALARS[name]}) for name in SCALARS)]
}
ROWS = {"type": "object", "additionalProperties": {"additionalProperties": list_of(VALUE)}}
EXTENSION = make_schema(meta=list_of(make_schema({"type": NAMED}, id=TEXT, name=TEXT)), rows=ROWS)


@pytest.fixture(scope="module")
def client(shipped: EmbeddedStore) -> TestClient:
    return TestClient(app(shipped, routes))


def get(client: TestClient, path: str, schema: Any, **parameters: Any) -> Any:
    response = client.get(path, params=parameters)
    assert response.status_code == 200, response.text
    document = response.json()
    Draft202012Validator(schema).validate(document)
    return document


def reconcile(client: TestClient, path: str = "/reconcile", **queries: Any) -> Any:
    """Sends a batch in the same way as OpenRefine. Returns the results."""
    response = client.post(path, data={"queries": json.dumps(queries)})
    assert response.status_code == 200, response.text
    results = response.json()
    Draft202012Validator(RESULTS).validate(results)
    assert results.keys() == queries.keys()
    for answer in results.values():
        scores = [candidate["score"] for candidate in answer["result"]]
        assert scores == sorted(scores, reverse=True)
        assert not any(candidate["match"] for candidate in answer["result"][1:])
    return {key: answer["result"] for key, answer in results.items()}


def find_best(client: TestClient, **query: Any) -> Any:
    candidates = reconcile(client, q=query)["q"]
    return candidates[0] if candidates else None


def refusal(client: TestClient, **form: str) -> tuple[int, str]:
    response = client.post("/reconcile", data=form)
    assert response.headers["content-type"] == "application/problem+json"
    detail = response.json()["detail"]
    assert detail.endswith((".", "?"))
    assert "Traceback" not in detail
    return response.status_code, detail


def test_the_manifest_names_addresses_that_answer(client: TestClient, shipped: EmbeddedStore) -> None:
    manifest = get(client, "/reconcile", MANIFEST)
    assert manifest["identifierSpace"] == terms.BASE
    assert manifest["schemaSpace"] == terms.NEV
    for kind in manifest["defaultTypes"]:
        assert entities.instances(shipped, terms.NEV + kind["id"].removeprefix("nev:"))
    for name, suggest in manifest["suggest"].items():
        assert get(client, suggest["service_url"] + suggest["service_path"], SUGGESTIONS, prefix="pl"), name
    proposals = manifest["extend"]["propose_properties"]
    assert get(client, proposals["service_url"] + proposals["service_path"], PROPOSALS, type="nev:Plant")["properties"]
    assert client.get(manifest["preview"]["url"].replace("{{id}}", quote("agent/byd", safe=""))).status_code == 200


def test_the_path_selects_the_language(client: TestClient) -> None:
    english, chinese = (get(client, f"/reconcile/{tag}", MANIFEST) for tag in ("en", "zh"))
    assert english["name"] != chinese["name"]
    assert chinese["suggest"]["entity"]["service_path"] == "/reconcile/zh/suggest/entity"
    (candidate,) = reconcile(client, "/reconcile/zh", q={"query": "BYD", "limit": 1})["q"]
    assert candidate["name"] == "比亚迪"
    by_header = client.get("/reconcile", headers={"Accept-Language": "zh"}).json()
    assert by_header["name"] == chinese["name"]


@pytest.mark.parametrize(
    ("name", "identifier"),
    [
        ("BYD", "agent/byd"),
        ("  byd ", "agent/byd"),
        ("比亚迪", "agent/byd"),
        ("Türkiye", "place/TR"),
        ("turkiye", "place/TR"),
        ("BYD Camacari plant", "plant/byd-camacari"),
        ("agent/byd", "agent/byd"),
        ("agent:byd", "agent/byd"),
        (terms.BASE + "agent/byd", "agent/byd"),
    ],
)
def test_a_name_or_identifier_of_one_entity_is_a_match(client: TestClient, name: str, identifier: str) -> None:
    candidate = find_best(client, query=name)
    assert (candidate["id"], candidate["score"], candidate["match"]) == (identifier, 100, True)


@pytest.mark.parametrize(
    ("name", "identifier"),
    [("Cherry Automobile", "agent/chery"), ("Chery Automobile Co., Ltd.", "agent/chery"), ("Changan Ray", "plant/changan-rayong")],
)
def test_an_inexact_name_is_a_candidate(client: TestClient, name: str, identifier: str) -> None:
    candidate = find_best(client, query=name)
    assert candidate["id"] == identifier
    assert 40 <= candidate["score"] < 100
    assert not candidate["match"]


def test_a_name_of_two_entities_matches_only_with_a_type(client: TestClient) -> None:
    results = reconcile(client, any={"query": "MG"}, place={"query": "MG", "type": "nev:Country"}, first={"query": "MG", "limit": 1})
    assert [candidate["score"] for candidate in results["any"][:2]] == [100, 100]
    assert not results["any"][0]["match"]
    assert len(results["first"]) == 1
    assert not results["first"][0]["match"]
    assert results["place"][0]["match"]
    assert {candidate["id"].partition("/")[0] for candidate in results["place"]} == {"place"}


def test_types_restrict(client: TestClient) -> None:
    results = reconcile(
        client,
        plants={"query": "Rayong", "type": ["nev:Plant"], "limit": 100},
        either={"query": "Rayong", "type": ["nev:Plant", terms.NEV + "Region"], "limit": 100},
        both={"query": "Rayong", "type": ["nev:Plant", "nev:Region"], "type_strict": "all"},
        concepts={"query": "operating", "type": "voc:plant-statuses"},
    )
    assert len(results["plants"]) > 3
    assert {"plant"} == {candidate["id"].partition("/")[0] for candidate in results["plants"]}
    assert {"plant", "place"} == {candidate["id"].partition("/")[0] for candidate in results["either"]}
    assert results["both"] == []
    assert results["concepts"][0]["id"] == "plant-status/operating"


def test_properties_decide_between_plants(client: TestClient) -> None:
    maker = {"pid": "nev:maker", "v": "长安汽车"}
    country = {"pid": "nev:inCountry", "v": {"id": "place/TH", "name": "Thailand"}}
    results = reconcile(
        client,
        name={"query": "Rayong plant", "type": "nev:Plant"},
        maker={"query": "Rayong plant", "type": "nev:Plant", "properties": [maker, country]},
        several={"query": "Rayong plant", "type": "nev:Plant", "properties": [{"pid": "nev:maker", "v": ["nobody", "Changan Automobile"]}]},
        none={"query": "BYD", "properties": [{"pid": "nev:homeCountry", "v": "Brazil"}]},
        all={"query": "BYD", "properties": [{"pid": "nev:homeCountry", "v": "China"}]},
        only={"properties": [{"pid": "nev:isoAlpha2", "v": "BR"}]},
        number={"properties": [{"pid": "nev:m49Code", "v": 76}, {"pid": "nev:isoAlpha2", "v": [True, 10**400, 1.5, "--1"]}]},
    )
    scores = {key: {candidate["id"]: candidate["score"] for candidate in several} for key, several in results.items()}
    assert results["maker"][0]["id"] == results["several"][0]["id"] == "plant/changan-rayong"
    assert {"id": "nev:maker", "value": True} in results["maker"][0]["features"]
    assert scores["maker"]["plant/changan-rayong"] - scores["maker"]["plant/byd-rayong"] > 10
    assert not results["none"][0]["match"]
    assert scores["none"]["agent/byd"] == 70
    assert results["all"][0]["match"]
    assert [candidate["id"] for candidate in results["only"]] == ["place/BR"]
    assert results["only"][0]["match"]
    assert scores["number"] == {"place/BR": 50}


def test_limits_and_unknown_names(client: TestClient) -> None:
    results = reconcile(
        client, some={"query": "BYD", "limit": 3}, usual={"query": "BYD"}, many={"query": "BYD", "limit": 1e9}, none={"query": "qzxwv"}
    )
    assert [len(results[key]) for key in ("some", "usual", "many", "none")] == [3, 10, 100, 0]
    assert results["some"] == results["usual"][:3]


def test_an_answer_is_the_same_alone_by_get_and_in_a_batch(client: TestClient) -> None:
    alone = client.get("/reconcile", params={"queries": json.dumps({"q": {"query": "Chery"}})}).json()["q"]["result"]
    assert reconcile(client, a={"query": "BYD"}, b={"query": "Chery"})["b"] == alone


def test_hostile_names_are_handled(client: TestClient) -> None:
    names = [name for name in HOSTILE if name.strip() and len(name) <= 500]
    queries: dict[str, Any] = {f"q{number}": {"query": name} for number, name in enumerate(names)}
    reconcile(client, **queries)
    for name in names:
        get(client, "/reconcile/suggest/entity", SUGGESTIONS, prefix=name)
        assert client.get("/reconcile/preview", params={"id": name}).status_code == 404


@pytest.mark.parametrize(
    ("form", "status", "words"),
    [
        ({"callback": "f"}, 400, "neither"),
        ({"queries": "{}", "extend": "{}"}, 400, "not both"),
        ({"queries": "{"}, 400, "not JSON"),
        ({"queries": "[" * 100_000}, 400, "nested"),
        ({"queries": '{"\\ud800": {"query": "x"}}'}, 400, "surrogate"),
        ({"queries": "[]"}, 400, "a JSON object"),
        ({"queries": '{"q": "BYD"}'}, 400, "must be an object"),
        ({"queries": '{"q": {}}'}, 400, "not empty"),
        ({"queries": '{"q": {"query": " "}}'}, 400, "not empty"),
        ({"queries": '{"q": {"query": 1}}'}, 400, "'query' must be"),
        ({"queries": json.dumps({"q": {"query": "x" * 501}})}, 400, "at most 500"),
        ({"queries": '{"q": {"query": "BYD", "limit": 0}}'}, 400, "'limit'"),
        ({"queries": '{"q": {"query": "BYD", "limit": NaN}}'}, 400, "'limit'"),
        ({"queries": '{"q": {"query": "BYD", "type": "nev:Plnt"}}'}, 400, "Did you mean nev:Plant"),
        ({"queries": '{"q": {"query": "BYD", "type": {"id": 1}}}'}, 400, "'type'"),
        ({"queries": '{"q": {"query": "BYD", "type_strict": "no"}}'}, 400, "any, should, all"),
        ({"queries": '{"q": {"query": "BYD", "properties": [{"p": 1}]}}'}, 400, '"pid"'),
        ({"queries": '{"q": {"query": "BYD", "properties": [{"pid": "nev:makr", "v": 1}]}}'}, 400, "Did you mean nev:maker"),
        ({"queries": '{"q": {"query": "BYD", "properties": [{"pid": "nev:maker", "v": null}]}}'}, 400, "must be a text"),
        ({"queries": json.dumps({str(number): {"query": "x"} for number in range(MOST_QUERIES + 1)})}, 413, "at most 50"),
        ({"extend": '{"ids": "x", "properties": []}'}, 400, "'ids'"),
        ({"extend": '{"ids": [], "properties": ["x"]}'}, 400, "'properties'"),
        ({"extend": '{"ids": ["agent/byd"], "properties": [{"id": "nev:none"}]}'}, 400, "no property"),
        ({"extend": '{"ids": ["agent/byd"], "properties": [{"id": "nev:kind", "settings": {"as_of": "soon"}}]}'}, 400, "not a day"),
    ],
)
def test_invalid_input_is_refused_in_a_sentence(client: TestClient, form: dict[str, str], status: int, words: str) -> None:
    actual, detail = refusal(client, **form)
    assert actual == status
    assert words in detail
    assert len(detail) < 300


def test_a_body_that_is_no_form_is_refused(client: TestClient) -> None:
    assert client.post("/reconcile", json={"queries": {}}).status_code == 415
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert client.post("/reconcile", content=b"queries=%FF", headers=form).status_code == 400
    assert client.post("/reconcile", content=b"queries=" + b"x" * (2 << 20), headers=form).status_code == 413


def test_suggestions(client: TestClient) -> None:
    suggestions = get(client, "/reconcile/suggest/entity", SUGGESTIONS, prefix="rayong", type="nev:Plant", spell="always")["result"]
    assert suggestions
    assert {suggestion["description"] for suggestion in suggestions} == {"plant"}
    assert get(client, "/reconcile/suggest/entity", SUGGESTIONS, prefix="place/BR")["result"][0]["name"] == "Brazil"
    first, second = (get(client, "/reconcile/suggest/entity", SUGGESTIONS, prefix="a", cursor=start)["result"] for start in (0, 20))
    assert len(first) == len(second) == 20
    assert not {suggestion["id"] for suggestion in first} & {suggestion["id"] for suggestion in second}
    (plant, *_) = get(client, "/reconcile/suggest/type", SUGGESTIONS, prefix="工厂")["result"]
    assert plant["id"] == "nev:Plant"
    assert get(client, "/reconcile/suggest/type", SUGGESTIONS, prefix="nev:Plant")["result"][0]["broader"]
    names = [suggestion["id"] for suggestion in get(client, "/reconcile/suggest/property", SUGGESTIONS, prefix="country")["result"]]
    assert "nev:homeCountry" in names
    assert client.get("/reconcile/suggest/other?prefix=a").status_code == 404
    assert client.get("/reconcile/suggest/entity?prefix=a&cursor=x").status_code == 400


def test_proposed_properties_are_those_of_the_type_and_its_subtypes(client: TestClient) -> None:
    plant, place, few = (
        get(client, "/reconcile/properties", PROPOSALS, **parameters)
        for parameters in ({"type": "nev:Plant"}, {"type": "nev:Place"}, {"type": "nev:Plant", "limit": 2})
    )
    assert plant["type"] == "nev:Plant"
    assert {"nev:maker", "nev:status", "nev:capacity"} <= {proposal["id"] for proposal in plant["properties"]}
    assert "nev:isoAlpha2" in {proposal["id"] for proposal in place["properties"]}
    assert few["properties"] == plant["properties"][:2]
    assert few["limit"] == 2


def extend(client: TestClient, ids: list[str], *properties: dict[str, Any]) -> Any:
    response = client.post("/reconcile", data={"extend": json.dumps({"ids": ids, "properties": properties})})
    assert response.status_code == 200, response.text
    Draft202012Validator(EXTENSION).validate(response.json())
    return response.json()


def test_properties_of_entities_are_returned_with_their_types(client: TestClient) -> None:
    document = extend(
        client,
        ["plant/changan-rayong", "place/BR", "nothing"],
        {"id": "nev:inCountry"},
        {"id": "nev:isoAlpha2"},
        {"id": "nev:capacity"},
    )
    assert document["meta"][0] == {"id": "nev:inCountry", "name": "in country", "type": {"id": "nev:Country", "name": "country"}}
    assert document["rows"]["plant/changan-rayong"]["nev:inCountry"] == [{"id": "place/TH", "name": "Thailand"}]
    assert document["rows"]["place/BR"]["nev:isoAlpha2"] == [{"str": "BR"}]
    assert document["rows"]["plant/changan-rayong"]["nev:capacity"][0].keys() <= {"int", "float"}
    assert document["rows"]["nothing"] == {"nev:inCountry": [], "nev:isoAlpha2": [], "nev:capacity": []}


def test_the_values_are_those_of_a_day(client: TestClient) -> None:
    early, late = (
        extend(client, ["plant/changan-rayong"], {"id": "nev:status", "settings": settings})["rows"]["plant/changan-rayong"]
        for settings in ({"as_of": "2015-01-01"}, {"as_of": ""})
    )
    assert early == {"nev:status": []}
    assert late["nev:status"][0]["id"].startswith("plant-status/")


def test_the_preview_may_be_shown_in_a_frame(client: TestClient) -> None:
    response = client.get("/reconcile/zh/preview?id=agent/byd")
    assert response.headers["content-security-policy"].endswith("frame-ancestors *")
    assert "script-src 'self'" in response.headers["content-security-policy"]
    page = Markup(response.text)
    assert page.all("html")[0]["lang"] == "zh"
    assert "比亚迪" in response.text
    assert [(link["href"], link["target"]) for link in page.all("a")] == [("/agent/byd?lang=zh", "_blank")]
    assert client.get("/reconcile/preview?id=agent/none").status_code == 404
    assert client.get("/reconcile/preview").status_code == 400


def test_other_origins_may_read_if_allowed() -> None:
    site = "http://127.0.0.1:3333"
    for exposure, allowed in (
        (Exposure(), None),
        (Exposure(origins=(site,)), site),
        (Exposure(public_url=PublicUrl.parse("https://a.example")), "*"),
    ):
        client = client_without_workers(exposure=exposure)
        headers = client.post("/reconcile", data={"queries": "{"}, headers={"Origin": site}).headers
        assert headers.get("access-control-allow-origin") == allowed


def test_the_example_of_the_documentation_finds_the_plant(client: TestClient) -> None:
    text = (SHIPPED.ontology.parent / "docs/openrefine.md").read_text(encoding="utf-8")
    (queries,) = re.findall(r"'queries=(.*?)'\n", text, re.DOTALL)
    assert [candidate["id"] for candidate in reconcile(client, **json.loads(queries))["row1"]] == ["plant/changan-rayong"]
