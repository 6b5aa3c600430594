"""Collections of hostile input: no input becomes a script, and no query crashes the server."""

from __future__ import annotations

import json
import re
import socket
import time
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote, urlsplit

import feedparser
import pytest
from httpx2 import Response
from starlette.testclient import TestClient
from tests.support.api import app
from tests.support.markup import Markup
from tests.support.serving import ServerProcess, read_all, serving
from tests.support.worlds import SHIPPED, World

from nevkg.ask.catalogue import load_catalogue
from nevkg.serve.api.routes import routes as api
from nevkg.serve.extras.reconcile import routes as reconcile
from nevkg.serve.extras.syndication import routes as feeds
from nevkg.serve.pages.routes import routes as pages
from nevkg.serve.protocol import routes as protocol
from nevkg.store import EmbeddedStore, open_store

HOSTILE = tomllib.loads((Path(__file__).parent / "hostile.toml").read_text(encoding="utf-8"))
PROBES: list[str] = HOSTILE["probes"]
QUERIES: list[str] = HOSTILE["queries"]
# Media types that a browser would run or render.
ACTIVE = ("html", "javascript", "svg", "css")
PAGES = [
    *("/index.html?lang={}", "/search?q={}", "/search?q=a&lang={}", "/questions?lang={}", "/questions/{}", "/static/{}", "/assets/{}"),
    *("/questions/local-manufacturers?lang={}", "/questions/local-manufacturers?page={}", "/questions/local-manufacturers?{}=a"),
    *("/question/{}", "/question/local-manufacturers/{}", "/{}", "/plant/{}", "/plant/x.{}", "/statement/{}", "/graph/{}", "/source/{}"),
    *("/ontology/{}", "/dataset?page={}", "/ontology?lang={}", "/api/{}", "/sparql?query={}", "/sparql?query=SELECT%20%3Fx%7B{}"),
    *("/sparql?query=ASK%7B%7D&format={}", "/sparql?query=ASK%7B%7D&default-graph-uri={}", "/.well-known/{}"),
]
HEADERS = ("Accept", "Accept-Language", "If-None-Match", "Origin", "Referer", "User-Agent", "X-Forwarded-Host")


@pytest.fixture(scope="module")
def client(store: EmbeddedStore) -> TestClient:
    """All routes of the server, in this process."""
    return TestClient(
        app(store, lambda: [*protocol(), *api(), *pages()]), headers={"Accept": "text/html, */*;q=0.5"}, follow_redirects=False
    )


def list_addresses(client: TestClient) -> Iterator[str]:
    """Yields an address with a placeholder for each parameter of the API and of the pages of questions."""
    document = client.get("/api/openapi.json").json()
    for path, item in document["paths"].items():
        for reference in [*item.get("parameters", []), *item.get("get", {}).get("parameters", [])]:
            parameter = document["components"]["parameters"][reference["$ref"].rpartition("/")[2]] if "$ref" in reference else reference
            name = parameter["name"]
            yield re.sub(r"\{\w+\}", "x", path) + f"?{name}={{}}" if parameter["in"] == "query" else path.replace(f"{{{name}}}", "{}")
    for question in load_catalogue(SHIPPED).questions.values():
        yield from (f"/questions/{question.name}?{name}={{}}" for name in question.parameters)


def assert_harmless(response: Response, sent: str) -> None:
    """Fails if a browser would run a part of the input that the response repeats."""
    assert response.status_code < 500, (sent, response.text)
    assert "x-probe" not in response.headers
    media = response.headers.get("content-type", "")
    if "html" in media:
        for _, link in Markup(response.text).links:
            assert urlsplit(link).scheme in ("", "http", "https"), (sent, link)
    else:
        assert not any(kind in media for kind in ACTIVE), (sent, media)
    assert urlsplit(response.headers.get("location", "")).netloc in ("", "testserver"), sent


@pytest.mark.slow
def test_no_input_becomes_a_script(client: TestClient) -> None:
    probe = " ".join(PROBES)
    sent = [address.replace("{}", quote(probe, safe="")) for address in list_addresses(client)]
    sent += [address.replace("{}", quote(text, safe="")) for address in PAGES for text in PROBES]
    assert len(sent) > 1000
    for address in sent:
        assert_harmless(client.get(address), address)
    for name in HEADERS:
        for text in PROBES:
            assert_harmless(client.get("/search?q=a", headers={name: text}), name)


def test_a_hostile_label_is_escaped_everywhere(world: World) -> None:
    label = '"><script>alert(1)</script>&<![CDATA[ ]]>'
    world.registry = world.registry.replace('"Plant P"@en', '"{}"@en'.format(label.replace('"', '\\"')))
    world.plant()
    client = TestClient(app(open_store(world.write()), lambda: [*feeds(), *reconcile(), *pages()]), headers={"Accept": "text/html"})
    page, preview, atom, entries = (
        client.get(path).text for path in ("/plant/p", "/reconcile/preview?id=plant/p", "/feeds/changes.atom", "/feeds/changes.json")
    )
    assert all("<script>alert" not in text for text in (page, preview, atom))
    assert "<script" not in "".join(item["content_html"] for item in json.loads(entries)["items"])
    assert label in {meta.get("content") for meta in Markup(page).all("meta") if meta.get("property") == "og:title"}
    assert any(label in entry.title for entry in feedparser.parse(atom, sanitize_html=False).entries)


@pytest.fixture(scope="module")
def alone(part: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server with a short time limit."""
    with serving("--data", part, "--time-limit", "1", log=tmp_path_factory.mktemp("log") / "log") as server:
        yield server


def test_hostile_queries_are_answered_or_refused(alone: ServerProcess) -> None:
    for query in QUERIES:
        answer = alone.ask(query, headers={"Accept": "application/sparql-results+json, text/turtle"})
        assert answer.status_code in (200, 400, 403, 504), (query, answer.text)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "X-Probe" not in answer.headers
        if answer.status_code != 200:
            assert answer.headers["Content-Type"] == "application/problem+json"
            assert answer.json()["detail"].endswith("."), query
    assert alone.ask("ASK { ?s ?p ?o }").json()["boolean"]
    assert alone.health["status"] == "pass"


@pytest.mark.slow
def test_slow_senders_are_disconnected(part: str, tmp_path: Path) -> None:
    """They do not delay other clients, and each byte does not extend their time, in whichever part of a request they are."""
    beginnings = (b"POST /sparql HTTP/1.1\r\n", b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999\r\n\r\nquery=")
    short = {f"nevkg.serve.server._SECONDS_FOR_{of}": 3 for of in ("HEAD", "BODY")}
    with ExitStack() as stack:
        alone = stack.enter_context(serving("--data", part, log=tmp_path / "log", constants=short))
        silent, *clients = [stack.enter_context(alone.connect()) for _ in range(201)]
        for number, client in enumerate(clients):
            client.sendall(beginnings[number % 2])
        end = time.monotonic() + 60
        while clients:
            assert time.monotonic() < end, f"{len(clients)} connections are open"
            assert alone.health["status"] == "pass"
            time.sleep(0.5)
            clients = [client for client in clients if _is_open(client)]
        assert b" 200 " not in read_all(silent)


def _is_open(client: socket.socket) -> bool:
    """Whether a connection accepts another header, or more of a body."""
    client.setblocking(False)
    try:
        client.sendall(b"X: y\r\n")
        return bool(client.recv(1 << 16))
    except BlockingIOError:
        return True
    except ConnectionError:
        return False
