"""Metadata for link previews, and the pages that other sites may embed."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient
from tests.serve.test_pages import BROWSER, make_client
from tests.support.api import app
from tests.support.markup import Markup
from tests.support.worlds import SHIPPED, World

from nevkg.serve.app import Exposure, make_app
from nevkg.serve.pages.routes import routes
from nevkg.serve.services import Explorer
from nevkg.serve.settings import Settings
from nevkg.serve.state.generations import Generations
from nevkg.serve.state.source import ServedDataset
from nevkg.store import EmbeddedStore, open_store

QUESTION = "/questions/local-manufacturers?bloc=place:asean&as=map"
HOSTILE = '"><script>alert(1)</script>&<b>'


def read_metadata(page: Markup) -> dict[str, str]:
    """Returns the metadata of a page by name or property."""
    return {meta.get("name") or meta["property"]: meta["content"] for meta in page.all("meta") if "content" in meta}


@pytest.fixture(scope="module")
def explorer(tmp_path_factory: pytest.TempPathFactory) -> Explorer:
    folder = tmp_path_factory.mktemp("explorer")
    (folder / "index.html").write_text("<!doctype html><title>Explorer</title>", encoding="utf-8")
    return Explorer(folder, ("https://pages.example",))


@pytest.mark.parametrize(
    ("language", "filters", "rows"),
    [("en", "Association of Southeast Asian Nations · operating", "19 rows"), ("zh", "东南亚国家联盟", "19 行")],
)
def test_a_question_is_previewed_with_its_filters(shipped: EmbeddedStore, language: str, filters: str, rows: str) -> None:
    page = Markup(make_client(shipped).get(f"{QUESTION}&lang={language}").text)
    metadata = read_metadata(page)
    assert filters in metadata["og:title"]
    assert metadata["description"] == metadata["og:description"]
    assert rows in metadata["description"]
    assert len(metadata["description"]) <= 300
    assert metadata["og:locale"] == {"en": "en_GB", "zh": "zh_CN"}[language]
    canonical = f"http://testserver/questions/local-manufacturers?bloc=place%3Aasean&lang={language}"
    assert metadata["og:url"] == canonical
    assert [link["href"] for link in page.all("link") if link["rel"] == "canonical"] == [canonical]
    assert metadata["og:image"].startswith("http://testserver/static/preview.")


def test_an_entity_is_previewed_with_its_facts(shipped: EmbeddedStore) -> None:
    metadata = read_metadata(Markup(make_client(shipped).get("/plant/changan-rayong?lang=en").text))
    assert metadata["og:title"] == "Changan Rayong plant"
    assert metadata["og:description"].startswith("plant. ")
    assert ": " in metadata["og:description"]


def test_a_hostile_name_is_escaped(world: World) -> None:
    escaped = HOSTILE.replace('"', '\\"')
    world.registry = world.registry.replace('rdfs:label "Plant P"@en', f'rdfs:label "{escaped}"@en')
    world.plant()
    text = make_client(open_store(world.write())).get("/plant/p").text
    assert "<script>alert" not in text
    assert read_metadata(Markup(text))["og:title"] == HOSTILE


def test_a_plain_page_links_to_the_same_view(shipped: EmbeddedStore, explorer: Explorer) -> None:
    client = TestClient(app(shipped, routes, explorer=explorer), headers={"Accept": BROWSER})
    links = [link for _, link in Markup(client.get(f"{QUESTION}&as_of=2025-01-01&lang=zh").text).links]
    (link_to_explorer,) = [link for link in links if link.startswith("/#/ask/")]
    path, _, query = link_to_explorer.partition("?")
    assert path == "/#/ask/local-manufacturers"
    assert set(query.split("&")) == {"bloc=place%3Aasean", "as=map", "asOf=2025-01-01", "lang=zh"}
    assert not [link for _, link in Markup(make_client(shipped).get(QUESTION).text).links if "#/ask" in link]


def read_frame_ancestors(client: TestClient, path: str) -> str:
    return str(client.get(path).headers["content-security-policy"]).partition("frame-ancestors ")[2]


def test_only_the_embed_address_may_be_shown_in_a_frame(explorer: Explorer) -> None:
    served, settings = ServedDataset(SHIPPED), Settings()
    application = make_app(served, Generations(served, settings), settings, explorer, Exposure(embedders=("https://pages.example",)))
    client = TestClient(application, "http://localhost", headers={"Accept": BROWSER})
    assert read_frame_ancestors(client, "/?embed") == "https://pages.example"
    for path in ("/", "/?embedded", "/assets/none?embed", "/api/none?embed"):
        assert read_frame_ancestors(client, path) == "'none'"
    # The rest of the policy is the same.
    policies = [client.get(path).headers["content-security-policy"].partition("frame-ancestors")[0] for path in ("/", "/?embed")]
    assert policies[0] == policies[1]


def test_embedding_is_off_by_default(explorer: Explorer) -> None:
    served, settings = ServedDataset(SHIPPED), Settings()
    client = TestClient(
        make_app(served, Generations(served, settings), settings, Explorer(explorer._folder)),
        "http://localhost",
        headers={"Accept": BROWSER},
    )
    assert read_frame_ancestors(client, "/?embed") == "'none'"
