"""From a saved page to the graph: read, review as the page does, import, passages, answers. In English and in Chinese."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from tests.conftest import Nevkg
from tests.support.contributions import TABLES
from tests.support.worlds import CURRENT

from nevkg.data.paths import Layout
from nevkg.review.review import Review
from nevkg.review.server import ReviewServer

TODAY = "2026-12-01"
ARTICLES = Path(__file__).parent / "articles"
Row = dict[str, Any]


@dataclass(frozen=True)
class Decisions:
    """What a reviewer decides on the rows of an article.

    Attributes:
        plant: slug of the new plant.
        edits: text of a cell that only one row has, or its attribute and value, to the cells that replace those proposed.
        rejected: the same for what is wrong.
        added: table, cells and quote of what the rules have missed.
    """

    plant: str
    edits: dict[tuple[str, ...], dict[str, str]]
    rejected: list[tuple[str, ...]]
    added: list[tuple[str, dict[str, str], str]]


def partner(name_zh: str) -> dict[str, str]:
    return {"org_id": "andes-motriz", "kind": "company", "name": "Andes Motriz", "name_zh": name_zh, "hq_country": "PE"}


ENGLISH = Decisions(
    "chery-puerto-almendra",
    edits={
        ("plants",): {"partner_org_ids": "andes-motriz", "operator_org_id": "chery"},
        ("ownership-share", "40"): {"holder_org_id": "andes-motriz"},
        ("claims",): {"paraphrase": "Cars for Peru are to be built in Peru.", "topics": "localisation"},
        ("exports",): {"according_to": "chery"},
    },
    rejected=[],
    added=[
        ("organizations", partner(""), "local partner Andes Motriz"),
        ("plant_facts", {"attribute": "investment", "value": "120000000", "unit": "USD"}, "The two companies have invested $120 million"),
    ],
)
CHINESE = Decisions(
    "chery-peru",
    edits={
        ("plants",): {"name": "Chery Peru plant", "city": "", "partner_org_ids": "andes-motriz", "operator_org_id": "chery"},
        ("ownership-share", "40"): {"holder_org_id": "andes-motriz"},
        ("claims",): {"paraphrase": "The port is close to the plant.", "topics": "localisation"},
        ("organizations",): partner("安第斯汽车公司"),
    },
    rejected=[("operating", "2026-03-12"), ("workshop",)],
    added=[],
)


@pytest.fixture
def data(tmp_path: Path) -> Layout:
    """The registry, and a source that says where the maker is from: deriving all of the data takes half a minute."""
    data = shutil.copytree(CURRENT.data, tmp_path / "data", ignore=shutil.ignore_patterns("[12]*", "imports", "reviews", "undated"))
    (data / "sources" / "2025").mkdir()
    shutil.copy(CURRENT.data / "sources" / "2025" / "s-sgcarmart-2025-05-07.trig", data / "sources" / "2025")
    return replace(CURRENT, data=data)


def has(row: Row, texts: tuple[str, ...]) -> bool:
    return set(texts) <= {row["table"], *row["cells"].values()}


@pytest.fixture
def reviewing(nevkg: Nevkg, data: Layout, tmp_path: Path, language: str) -> Iterator[TestClient]:
    page = ARTICLES / f"opening-{language}.html"
    assert nevkg("read", str(page), "--output", str(tmp_path / "rows"), "--data", str(data.data)).code == 0
    review = Review(tmp_path / "rows", TABLES)
    review.begin()
    server = ReviewServer(data, review, TODAY)
    with TestClient(server.app, base_url="http://127.0.0.1") as client:
        client.base_url = client.base_url.join(f"/{server.token}/")
        yield client


@pytest.mark.slow
@pytest.mark.parametrize(("language", "decisions"), [("en", ENGLISH), ("zh", CHINESE)])
def test_an_article_gets_into_the_graph(nevkg: Nevkg, data: Layout, reviewing: TestClient, language: str, decisions: Decisions) -> None:
    def post(name: str, **given: object) -> None:
        answer = reviewing.post(name, json=given)
        assert answer.status_code == 200, answer.text

    rows: list[Row] = reviewing.get("state").json()["rows"]
    source = next(row["cells"]["source_id"] for row in rows if row["table"] == "sources")
    edits, rejected = dict(decisions.edits), list(decisions.rejected)
    for row in rows:
        edit = next((texts for texts in edits if has(row, texts)), None)
        reject = next((texts for texts in rejected if has(row, texts)), None)
        if reject:
            rejected.remove(reject)
            post("decide", row=row["id"], state="rejected", reason="Not stated")
        elif edit:
            post("edit", row=row["id"], cells=edits.pop(edit))
        else:
            post("decide", row=row["id"], state="accepted")
    assert (edits, rejected) == ({}, []), "the page has no such row"
    for table, cells, quote in decisions.added:
        own = {"plant_id": decisions.plant} if table == "plant_facts" else {}
        post("add", table=table, cells={**own, **cells, "source_id": source, "quote": quote})

    accepted = {row["id"] for row in reviewing.get("state").json()["rows"] if row["state"] == "accepted"}
    checks = reviewing.get("checks").json()
    assert not [check["errors"] for row, check in checks.items() if row in accepted and check["errors"]]
    preview = reviewing.get("preview").json()
    assert preview["can"], preview["report"]
    changes = reviewing.get("changes").json()
    for kind, words in (("answers", "30,000 a year"), ("answers", "status: operating"), ("facts", "850"), ("facts", "60,000")):
        assert any(words in line for line in changes[kind]), (words, changes[kind])
    post("import", version=preview["version"])

    (file,) = (path for path in (data.data / "sources" / "2026").glob("*.trig"))
    checked = nevkg("evidence", "check", file.stem, str(ARTICLES / f"opening-{language}.html"), "--data", str(data.data))
    assert (checked.code, "contains the words of all" in checked.out) == (0, True), checked.out
    shown = nevkg("show", decisions.plant, "--data", str(data.data))
    assert shown.code == 0
    assert "Andes Motriz" in shown.out
