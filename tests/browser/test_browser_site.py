"""The static site in Chromium: answers from files, answers from the engine, and offline use.

The site is one of a part of the data, and at night one of all data, where tasks of readers are repeated, too.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from tests.browser.test_browser_home import MAX_CLICKS, MORE_TASKS, TASKS, Reader
from tests.support.browser import visit
from tests.support.processes import lock
from tests.support.serving import wait_for
from tests.support.worlds import SHIPPED, World

import nevkg
from nevkg.ask.catalogue import AS_OF, HISTORY, load_catalogue
from nevkg.lookup import entities
from nevkg.publish.release.make import publish
from nevkg.serve.local import LocalServer
from nevkg.serve.services import Site
from nevkg.site.bundle import list_prepared_days
from nevkg.store import EmbeddedStore, open_store

pytestmark = pytest.mark.slow

ASEAN = "questions/local-manufacturers.html?bloc=place:asean"
DAY = "2025-06-15"  # the site has no snapshot of it, so that the engine runs all rules for snapshots, too
PATIENCE = 300_000  # milliseconds: other tests may keep the machine busy
MAX_BYTES_BEFORE_ANSWER = 3_000_000  # bytes


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def release(common: Path) -> Path:
    """A release of other data, made once for all processes."""
    release = common / "other release" / "nevkg-earlier"
    with lock(common / "other release.lock"):
        if not release.exists():
            world = World(common / "other world")
            world.plant()
            world.fact("plant:p", "status", "status:operating", "2021")
            release.parent.mkdir(exist_ok=True)
            publish(open_store(replace(world.write(), queries=SHIPPED.queries)), release)
    return release


@pytest.fixture(scope="module", params=["store", pytest.param("shipped", marks=pytest.mark.nightly)], ids=["part", "shipped"])
def data(request: pytest.FixtureRequest) -> EmbeddedStore:
    """What the site is made of."""
    store: EmbeddedStore = request.getfixturevalue(request.param)
    return store


@pytest.fixture(scope="module")
def site(common: Path, data: EmbeddedStore, release: Path, explorer_build: None) -> Iterator[str]:  # noqa: ARG001  it must be built first
    """The address of a site, which is written once for all processes."""
    folder = common / f"site of {data.layout.data.name}" / "nevkg"
    with lock(common / f"{folder.parent.name}.lock"):
        if not folder.exists():
            folder.parent.mkdir(exist_ok=True)
            # In a separate process, because Playwright holds the event loop of this one.
            command = [sys.executable, "-m", "nevkg", "publish", "--site", "--quick", "--quiet", "--data", str(data.layout.data)]
            subprocess.run([*command, "--releases", str(release), str(folder)], check=True)
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(folder.parent))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/nevkg"
        server.shutdown()


@pytest.fixture(scope="module")
def context(browser: Any) -> Iterator[Any]:
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture(scope="module")
def engine_page(context: Any) -> Any:
    """A page of the explorer for tests that need its engine, which starts once; each goes to another state of it."""
    return context.new_page()


def test_a_question_is_answered_from_files_and_its_evidence_by_the_engine(context: Any, site: str) -> None:
    page = context.new_page()
    sent: list[tuple[str, int]] = []
    page.on("response", lambda response: sent.append((response.url, int(response.headers.get("content-length", 0)))))
    page.goto(f"{site}/{ASEAN}")
    page.locator("table tbody tr").first.wait_for()
    assert not [url for url, _ in sent if "/engine/" in url]
    assert page.locator("footer a").all_inner_texts() == ["Dataset"]
    assert sum(size for _, size in sent) < MAX_BYTES_BEFORE_ANSWER
    assert {url.split("/")[2] for url, _ in sent} == {site.split("/")[2]}
    # The evidence of a cell is not in a file, so the engine starts.
    page.locator("table tbody tr").first.locator("td a").first.click()
    page.locator("aside .statement, .trace .statement").first.wait_for()
    assert page.locator(".trouble").count() == 0


@pytest.mark.parametrize("data", [pytest.param("shipped", marks=pytest.mark.nightly)], indirect=True)
@pytest.mark.parametrize("task", [*TASKS, *MORE_TASKS], ids=lambda task: task.__name__)
def test_reader_tasks_work_as_on_a_server(browser: Any, site: str, task: Callable[[Reader], None]) -> None:
    with visit(browser, site) as explorer:
        reader = Reader(explorer)
        explorer.open("?lang=en")
        task(reader)
        assert 0 < reader.clicks <= MAX_CLICKS


def test_the_engine_answers_other_days_and_queries(engine_page: Any, site: str) -> None:
    engine_page.goto(f"{site}/{ASEAN}&as_of={DAY}")
    engine_page.locator("table tbody tr").first.wait_for()
    engine_page.goto(f"{site}/sparql.html?query=SELECT%20(%22it%20is%20so%22%20AS%20%3Fword)%20%7B%20%7D")
    engine_page.get_by_role("button", name="Run").click()
    engine_page.locator("tbody").get_by_text("it is so").first.wait_for()


def test_the_engine_renders_pages(context: Any, site: str) -> None:
    page = context.new_page()
    page.goto(f"{site}/page.html?q=byd#/search")
    page.get_by_role("link", name="BYD", exact=True).first.wait_for()
    page.goto(f"{site}/page.html?q=byd#/agent/bydd")  # the same document, whose engine is loaded
    page.get_by_text("Nothing is known about").first.wait_for()


# Sends requests to the engine, one after another, and returns the bodies of its answers.
ASK_ENGINE = """async (addresses) => {
  const worker = new Worker("worker.js", {type: "module"});
  worker.postMessage(await (await fetch("contents.json")).json());
  const ask = (address) => new Promise((resolve) => {
    worker.onmessage = ({data}) => data.kind === "answer" && resolve(new TextDecoder().decode(data.body));
    worker.postMessage({id: 0, address, method: "GET", headers: {accept: "application/json, */*;q=0.5"}, body: ""});
  });
  const found = [];
  for (const address of addresses) found.push(await ask(address));
  worker.terminate();
  return found;
}"""


def ask_locally(store: EmbeddedStore, addresses: list[str]) -> list[str]:
    """In another thread, because Playwright holds the event loop of this one."""
    server = LocalServer(store, Site(is_rendered_here=True))

    async def ask() -> list[str]:
        return [(await server.fetch(address, accept="application/json, */*;q=0.5")).body.decode() for address in addresses]

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(ask())).result()


def test_the_engine_gives_the_answers_of_a_server(context: Any, site: str, data: EmbeddedStore) -> None:
    questions = load_catalogue(data.layout).questions.values()
    dated = [question.name for question in questions if any(parameter.name == AS_OF for parameter in question.parameters)]
    undated = [question.name for question in questions if question.name not in dated]
    with_history = {question.name for question in questions if any(parameter.name == HISTORY for parameter in question.parameters)}
    prepared = list_prepared_days(entities.dataset_date(data))
    assert DAY not in prepared
    queries = (
        "SELECT (10 - 3 - 2 AS ?x) { FILTER(8 / 4 / 2 = 1) }",
        "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g",
        "CONSTRUCT { ?plant a nev:Plant } { ?plant a nev:Plant } ORDER BY ?plant LIMIT 1",
        "SELECT (3 - 2 - AS ?x) {}",
    )
    addresses = [
        *(f"/sparql?query={quote(query)}" for query in queries),
        "/api/questions/local-manufacturers/answer?lang=en&bloc=place:asean&known_by=2025-01-01",
        "/api/quality/checks/copied-row?lang=zh",
        "/api/graph/ownership?lang=zh",
        "/api/discover?q=tariff&lang=en",
        f"/plant/changan-rayong?lang=en&as_of={DAY}",
        "/ontology?lang=zh",
        *(f"/api/questions/{name}/answer?lang=zh&as_of={DAY}" for name in dated),
        # Days that the site has prepared share a store: from one to another and back.
        *(
            f"/api/questions/{name}/answer?lang=en{day}"
            for name in dated[:12]
            for day in (f"&as_of={prepared[0]}", "", f"&as_of={prepared[-2]}", *(["&history=true"] if name in with_history else []))
        ),
        *(f"/api/questions/{name}/answer?lang=en" for name in undated),
    ]
    page = context.new_page()
    page.goto(f"{site}/engine/contents.json")  # unlike other pages, it starts no engine of its own
    found = page.evaluate(ASK_ENGINE, addresses)
    expected = ask_locally(data, addresses)
    # The head of a page names the built explorer, which the engine does not have.
    found, expected = ([body[max(0, body.find("<main")) :] for body in bodies] for bodies in (found, expected))
    assert [address for address, body, wanted in zip(addresses, found, expected, strict=True) if body != wanted] == []


def test_downloads_are_named_as_those_of_a_server(engine_page: Any, site: str) -> None:
    engine_page.goto(f"{site}/{ASEAN}&as_of={DAY}")
    engine_page.locator("table tbody tr").first.wait_for()
    engine_page.locator(".export summary").click()
    for name, suffix in (("JSON", "json"), ("BibTeX", "bib")):
        with engine_page.expect_download() as coming:
            engine_page.locator(".export").get_by_role("link", name=name, exact=True).click()
        assert coming.value.suggested_filename == f"nevkg-local-manufacturers-{DAY}.{suffix}"


def test_citations_of_this_and_of_an_earlier_edition_give_the_same_bytes(
    context: Any, site: str, data: EmbeddedStore, release: Path
) -> None:
    page = context.new_page()
    for graph in (nevkg.open(data.layout.data), nevkg.open(release)):
        answer = graph.ask("plants-by-status")
        assert len(answer)
        path = "/cite/" + answer.citation.partition("/cite/")[2]
        page.goto(f"{site}/page.html#{path}")
        page.get_by_text("The bytes are those that were cited.").wait_for()
        assert page.locator("#changes ~ p").all_inner_texts()
        page.goto(f"{site}/page.html#{path.replace('?', '.json?')}")
        page.locator("body > pre").wait_for()
        assert page.locator("body > pre").inner_text().encode() == answer.document


def test_site_works_offline_after_the_first_visit(context: Any, site: str) -> None:
    page = context.new_page()
    page.goto(f"{site}/{ASEAN}")
    page.locator("table tbody tr").first.wait_for()
    is_kept = """async () => {
        const files = await (await fetch("../engine/offline.json")).json();
        const kept = await Promise.all(files.map((file) => caches.match(new URL(file, new URL("..", document.baseURI)).href)));
        return kept.every(Boolean);
    }"""
    wait_for(lambda: page.evaluate(is_kept))  # wait_for_function takes the promise for true
    context.set_offline(True)
    try:
        page.reload()
        page.locator("table tbody tr").first.wait_for()
        page.goto(f"{site}/questions/local-manufacturers.html?country=place:BR")
        page.locator("table tbody tr").first.wait_for()
        page.goto(f"{site}/map.html")
        page.locator("svg .marker, svg circle").first.wait_for()
    finally:
        context.set_offline(False)
