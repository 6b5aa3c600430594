"""The explorer as served, with and without a build; metadata for link previews, and what other sites may embed.

For the build see ``test_explorer_build.py``.
"""

from __future__ import annotations

import asyncio
import json
import re
from html import unescape
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.types import Message
from tests.serve.test_pages import make_client
from tests.support.api import BROWSER, NO_EXPLORER, app, client_without_workers
from tests.support.markup import Markup
from tests.support.serving import DECODERS
from tests.support.serving import ServerProcess as Process

from nevkg.api import KnowledgeGraph
from nevkg.data import terms
from nevkg.serve.app import Exposure
from nevkg.serve.pages.render import WORDS
from nevkg.serve.pages.routes import editor_route, routes
from nevkg.serve.protocol import routes as protocol
from nevkg.serve.services import Explorer
from nevkg.store import EmbeddedStore

SCRIPT = "main-Da9-MZ_e.js"
FILES = {
    "index.html": '<!doctype html><title>Explorer</title><script type="module" src="./assets/main-Da9-MZ_e.js"></script>',
    f"assets/{SCRIPT}": "export const many = [" + "1, " * 1000 + "]",
    "assets/style-B-URXBzH.css": "p { margin: 0 }",
    "assets/text-a1b2c3d4.woff2": "wOF2",
    "assets/licences.md": "# Licences",
    "assets/third-licences.md": "# Licences of others",
    "sources.sha256": "0123",
    "secret.txt": "not to be seen",
}
IMMUTABLE = "public, max-age=31536000, immutable"


@pytest.fixture(scope="module")
def built_explorer(tmp_path_factory: pytest.TempPathFactory) -> Explorer:
    folder = tmp_path_factory.mktemp("explorer") / "dist"
    (folder / "assets").mkdir(parents=True)
    for name, content in FILES.items():
        (folder / name).write_text(content, encoding="utf-8")
    (folder.parent / "outside-a1b2c3d4.js").write_text("outside", encoding="utf-8")
    return Explorer(folder)


@pytest.fixture(scope="module")
def client(built_explorer: Explorer) -> TestClient:
    return client_without_workers(built_explorer)


@pytest.fixture
def pages(shipped: EmbeddedStore, built_explorer: Explorer) -> TestClient:
    """The pages with a built explorer, in this process."""
    return TestClient(app(shipped, routes, explorer=built_explorer), headers={"Accept": BROWSER}, follow_redirects=False)


def test_pages_load_the_explorer(pages: TestClient, shipped: EmbeddedStore) -> None:
    for path in ("/", "/questions", "/questions/bloc-members", "/plant/byd-rayong", "/map", "/sparql", "/plant/nothing-like-it"):
        read = Markup(pages.get(path).text)
        assert [script["src"] for script in read.all("script") if "src" in script] == [f"/assets/{SCRIPT}"], path
        assert (read.all("html")[0]["data-root"], "make explorer" in read.words) == ("/", False)
    without = TestClient(app(shipped, routes, explorer=NO_EXPLORER), headers={"Accept": BROWSER}).get("/questions")
    assert not [script for script in Markup(without.text).all("script") if "src" in script]


def test_a_page_has_what_its_script_needs(sample: EmbeddedStore, built_explorer: Explorer) -> None:
    """The script requests nothing that the page has: the documents are those of the API."""
    api, pages = TestClient(app(sample)), TestClient(app(sample, routes, explorer=built_explorer), headers={"Accept": BROWSER})
    for path, needed in (
        ("/", set()),
        ("/plant/byd-rayong?as_of=2025-01-06", set()),
        ("/stories/brazil?lang=zh", set()),
        ("/map", {"api/questions"}),
        ("/questions/bloc-members?bloc=place:asean&as_of=2024-12-31&known_by=2022-12-31", {"api/questions/bloc-members/answer"}),
        ("/questions/brands-of-group?lang=zh", {"api/questions/brands-of-group/answer"}),
    ):
        found = re.findall(r'data-address="([^"]*)">(.*?)</script>', pages.get(path).text)
        documents = {unescape(address): json.loads(document) for address, document in found}
        assert needed | {"api/dataset"} <= {address.partition("?")[0] for address in documents}
        for address, document in documents.items():
            assert api.get(f"/{address}").json() == document, address


def test_the_editor_is_at_the_address_of_the_endpoint(shipped: EmbeddedStore) -> None:
    server = app(shipped, lambda: [editor_route(), *protocol(), *routes()])
    query = {"query": "ASK { ?a ?b <x> }"}
    page = TestClient(server, headers={"Accept": BROWSER}).get("/sparql", params=query)
    assert query["query"] in Markup(page.text).words
    assert "boolean" in TestClient(server).get("/sparql", params=query).text
    assert "boolean" in TestClient(server, headers={"Accept": BROWSER}).get("/sparql", params={**query, "format": "json"}).text


@pytest.mark.parametrize("accept", ["text/turtle", "application/ld+json", "*/*", "text/turtle, text/html;q=0.5", "image/png"])
def test_responses_to_programs_do_not_depend_on_the_explorer(pages: TestClient, shipped: EmbeddedStore, accept: str) -> None:
    before = TestClient(app(shipped, routes, explorer=NO_EXPLORER)).get("/", headers={"Accept": accept})
    now = pages.get("/", headers={"Accept": accept})
    assert now.status_code == before.status_code == 200
    assert now.headers["content-type"] == before.headers["content-type"]
    assert Markup(now.text).all("h1") == Markup(before.text).all("h1")
    assert now.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    ("name", "media", "cached"),
    [
        (SCRIPT, "text/javascript; charset=utf-8", IMMUTABLE),
        ("style-B-URXBzH.css", "text/css; charset=utf-8", IMMUTABLE),
        ("text-a1b2c3d4.woff2", "font/woff2", IMMUTABLE),
        ("licences.md", "text/plain; charset=utf-8", "no-cache"),
        ("third-licences.md", "text/plain; charset=utf-8", "no-cache"),
    ],
)
def test_hashed_assets_are_immutable_and_others_revalidated(client: TestClient, name: str, media: str, cached: str) -> None:
    file = client.get(f"/assets/{name}")
    assert (file.status_code, file.text) == (200, FILES[f"assets/{name}"])
    assert (file.headers["content-type"], file.headers["cache-control"]) == (media, cached)
    if cached == "no-cache":
        assert client.get(f"/assets/{name}", headers={"If-None-Match": file.headers["etag"]}).status_code == 304


def test_assets_are_compressed_as_accepted(client: TestClient) -> None:
    content = FILES[f"assets/{SCRIPT}"].encode()
    for encoding in ("gzip", "zstd"):
        with client.stream("GET", f"/assets/{SCRIPT}", headers={"Accept-Encoding": encoding}) as packed:
            assert packed.headers["content-encoding"] == encoding
            raw = b"".join(packed.iter_raw())
        assert len(raw) < len(content)
        assert DECODERS[encoding](raw) == content


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../secret.txt",
        "/assets/../index.html",
        "/assets/..",
        "/assets/.",
        "/assets/",
        "/assets//etc/passwd",
        "/assets/..\\secret.txt",
        "/assets/../../outside-a1b2c3d4.js",
        "/assets/nowhere-a1b2c3d4.js",
        "/assets/\0",
        "/secret.txt",
        "/sources.sha256",
    ],
)
def test_other_files_are_not_served(shipped: EmbeddedStore, built_explorer: Explorer, path: str) -> None:
    status, body = request_raw(app(shipped, routes, explorer=built_explorer), path)
    assert status == 404
    assert Markup(body.decode())
    assert not [content for content in FILES.values() if content in body.decode()]


def request_raw(server: Starlette, path: str) -> tuple[int, bytes]:
    """Requests a path literally, because HTTP clients would resolve dots first. Returns status and body."""
    scope = {"type": "http", "method": "GET", "path": path, "root_path": "", "query_string": b"", "server": ("h", 80), "scheme": "http"}
    scope["headers"] = [(b"accept", b"text/html")]
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(server(scope, receive, send))
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent)


def test_a_missing_asset_is_reported(client: TestClient) -> None:
    response = client.get("/assets/older-a1b2c3d4.js", headers={"Accept": "application/json"})
    assert (response.status_code, response.headers["cache-control"]) == (404, "no-store")
    assert response.json()["detail"] == ("The explorer has no file older-a1b2c3d4.js; the page may be from an older version, so reload it.")


def test_head_is_get_without_a_body(client: TestClient) -> None:
    for path in (f"/assets/{SCRIPT}", "/assets/licences.md"):
        head = client.head(path, headers={"Accept-Encoding": "identity"})
        whole = client.get(path, headers={"Accept-Encoding": "identity"})
        assert head.status_code == 200
        for name in ("content-length", "content-type", "cache-control", "etag"):
            assert head.headers.get(name) == whole.headers.get(name), (path, name)
        assert client.post(path).status_code == 405


def test_the_explorer_works_below_a_path(shipped: EmbeddedStore, built_explorer: Explorer) -> None:
    below = TestClient(app(shipped, routes, explorer=built_explorer), headers={"Accept": BROWSER}, root_path="/kg")
    for path in ("/kg/", "/kg/questions/bloc-members"):
        text = below.get(path).text
        assert 'data-root="/kg/"' in text
        assert f'src="/kg/assets/{SCRIPT}"' in text
    assert below.get(f"/kg/assets/{SCRIPT}").headers["cache-control"] == IMMUTABLE


def test_without_a_build_the_index_explains_how_to_build(shipped: EmbeddedStore) -> None:
    client = make_client(shipped)
    for language in terms.LANGUAGES:
        for path in ("/", "/index.html"):
            read = Markup(client.get(path, params={"lang": language}).text)
            assert WORDS[language]["front"]["unbuilt"] in read.words
            assert "make explorer" in read.words
    assert client.get(f"/assets/{SCRIPT}").status_code == 404


def test_files_are_read_once_at_the_first_request(tmp_path: Path) -> None:
    explorer = Explorer(tmp_path)
    index = tmp_path / "index.html"
    index.write_text('<script src="./assets/first.js"></script><link href="./assets/a.css">', encoding="utf-8")
    assert (explorer.assets.scripts, explorer.assets.styles) == (("assets/first.js",), ("assets/a.css",))
    index.write_text('<script src="./assets/second.js"></script>', encoding="utf-8")
    assert explorer.assets.scripts == ("assets/first.js",)


def test_the_server_serves_the_build(served: Process) -> None:
    is_built = Explorer().is_built
    page = served.get("/", headers={"Accept": BROWSER})
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert ('type="module"' in page.text, "make explorer" in page.text) == (is_built, not is_built)


QUESTION = "/questions/local-manufacturers?bloc=place:asean&as=map"


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
    [("en", "Association of Southeast Asian Nations · operating", "{} rows"), ("zh", "东南亚国家联盟", "{} 行")],
)
def test_a_question_is_previewed_with_its_filters(shipped: EmbeddedStore, language: str, filters: str, rows: str) -> None:
    number = len(KnowledgeGraph(shipped).ask("local-manufacturers", bloc="place:asean"))
    page = Markup(make_client(shipped).get(f"{QUESTION}&lang={language}").text)
    metadata = read_metadata(page)
    assert filters in metadata["og:title"]
    assert metadata["description"] == metadata["og:description"]
    assert rows.format(number) in metadata["description"]
    assert len(metadata["description"]) <= 300
    assert metadata["og:locale"] == {"en": "en_GB", "zh": "zh_CN"}[language]
    canonical = f"http://testserver/questions/local-manufacturers?bloc=place%3Aasean&lang={language}"
    assert metadata["og:url"] == canonical
    assert [link["href"] for link in page.all("link") if link["rel"] == "canonical"] == [canonical]
    assert metadata["og:image"].startswith("http://testserver/static/preview.")


def test_an_entity_is_previewed_with_its_facts(shipped: EmbeddedStore) -> None:
    metadata = read_metadata(Markup(make_client(shipped).get("/plant/changan-rayong?lang=en").text))
    assert metadata["og:title"] == "Changan Rayong plant"
    assert metadata["og:description"].startswith("Plant of Changan Automobile in Rayong, Thailand: ")
    assert ".." not in metadata["og:description"]


def read_frame_ancestors(client: TestClient, path: str) -> str:
    return str(client.get(path).headers["content-security-policy"]).partition("frame-ancestors ")[2]


def test_only_the_embed_address_may_be_shown_in_a_frame(shipped: EmbeddedStore, explorer: Explorer) -> None:
    # A page, as the middleware of the server would send it.
    client = TestClient(app(shipped, routes, explorer=explorer), headers={"Accept": BROWSER})
    assert read_frame_ancestors(client, "/questions?embed=1") == "https://pages.example"
    for path in ("/questions", "/questions?embedded"):
        assert "content-security-policy" not in client.get(path).headers
    # Embedding is off by default, and what is no page is in no frame.
    assert "content-security-policy" not in TestClient(app(shipped, routes, explorer=Explorer(explorer._folder))).get("/?embed").headers
    server = client_without_workers(explorer, Exposure(embedders=("https://pages.example",)))
    for path in ("/assets/none?embed", "/api/none?embed"):
        assert read_frame_ancestors(server, path) == "'none'"
