"""The SPARQL editor, the ontology and the data quality views in a real browser, on the shipped data."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any
from urllib.parse import parse_qs, quote
from xml.etree import ElementTree

import pytest
from tests.support.browser import PHONE, Visit, visit
from tests.support.serving import RunningServer

pytestmark = pytest.mark.slow

PLANTS = "SELECT ?plant ?country WHERE { ?plant a nev:Plant ; nev:inCountry ?country } LIMIT 40"
CLASSES = "SELECT ?class (COUNT(?thing) AS ?things) WHERE { ?thing a ?class } GROUP BY ?class ORDER BY DESC(?things) LIMIT 12"
MAKERS = """SELECT ?maker ?bloc ("x" AS ?text) ?none FROM <https://w3id.org/nevkg/snapshot/2025-01-01>
WHERE { VALUES ?bloc { place:asean } ?maker nev:manufacturesIn ?bloc } ORDER BY ?maker"""
LINKS = "CONSTRUCT { ?plant nev:inCountry ?country } WHERE { ?plant a nev:Plant ; nev:inCountry ?country } LIMIT 30"


def _sparql_state(query: str) -> str:
    return f"sparql?query={quote(query)}"


def _read_editor(page: Any) -> str:
    return "\n".join(page.locator(".cm-line").all_inner_texts())


def _type_query(page: Any, text: str) -> None:
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.type(text)


def _download(explorer: Visit, form: str) -> str:
    menu = explorer.page.locator("details.menu", has_text="Download")
    if menu.get_attribute("open") is None:
        menu.locator("summary").click()
    return explorer.download(menu.get_by_role("button", name=form, exact=True).click).decode()


def test_a_query_is_written_with_completion_and_run_by_keyboard(explorer: Visit, server: RunningServer) -> None:
    page = explorer.open("sparql")
    for label in ("plant", "工厂"):
        _type_query(page, f"SELECT ?x WHERE {{ ?x a {label}")
        offer = page.locator(".cm-tooltip-autocomplete li[aria-selected]")
        offer.wait_for()
        assert "nev:Plant" in offer.inner_text()
        # The list is scrolled with the keys of the editor, which axe does not detect.
        assert [violation for violation in explorer.violations() if "scrollable-region-focusable" not in violation] == []
        page.wait_for_timeout(150)  # the editor ignores Enter for a moment after the list has opened
        page.keyboard.press("Enter")
        assert re.fullmatch(r"PREFIX nev: <[^>]+>\nSELECT \?x WHERE \{ \?x a nev:Plant\s*\}", _read_editor(page))
    page.keyboard.press("Control+Enter")
    page.locator("tbody tr").first.wait_for()
    count = server.count("SELECT (COUNT(?x) AS ?n) WHERE { ?x a nev:Plant }")
    assert f"{count} rows" in page.locator("main").inner_text()
    assert "nev:Plant" in parse_qs(page.url.partition("?")[2])["query"][0]
    # Tab leaves the editor and Shift+Tab returns: there is no keyboard trap.
    page.locator(".cm-content").click()
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Run"
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("# again ")
    assert "# again" in _read_editor(page)
    # Executed queries remain in the list, also after a reload, until the list is cleared.
    page.reload()
    explorer.settle()
    page.locator("summary", has_text="My queries").click()
    assert explorer.violations() == []
    page.locator(".past button", has_text="nev:Plant").click()
    assert "# again" not in _read_editor(page)
    page.locator("summary", has_text="My queries").click()
    page.get_by_role("button", name="Clear all").click()
    assert page.locator(".past button").count() == 0


def test_syntax_errors_are_marked_and_queries_can_be_cancelled(browser: Any, server: RunningServer) -> None:
    routes: list[Any] = []

    def hold(route: Any) -> bool:
        if route.request.method != "POST" or "?slow" not in (route.request.post_data or ""):
            return False
        routes.append(route)
        return True

    wrong = "SELECT ?x\nWHERE {\n  ?x nev:nothing:at:all ) .\n}"
    line = server.ask(wrong).json()["line"]
    with visit(browser, server.address, sent=hold, expected=("status of 400",)) as explorer:
        page = explorer.open(_sparql_state(wrong))
        assert server.ask(wrong).json()["detail"] in page.locator("main .trouble").inner_text()
        marker, place = page.locator(".cm-lint-marker-error").bounding_box(), page.locator(".cm-line").nth(line - 1).bounding_box()
        assert place["y"] <= marker["y"] + marker["height"] / 2 <= place["y"] + place["height"]
        assert explorer.violations() == []
        _type_query(page, "SELECT ?slow WHERE { ?slow ?x ?y")
        page.keyboard.press("Control+Enter")
        cancel = page.get_by_role("button", name="Cancel")
        cancel.wait_for()
        # A second click on Run does not reach Cancel.
        run = page.get_by_role("button", name="Run")
        assert run.is_visible()
        run.click()
        assert "Cancelled" not in page.locator("main").inner_text()
        cancel.click()
        assert "Cancelled" in page.locator("main").inner_text()
        for route in routes:
            route.abort()
        assert page.get_by_role("button", name="Run").is_enabled()
        assert page.locator("main .trouble").count() == 0


def test_answers_of_every_form_are_shown_and_downloaded(browser: Any, server: RunningServer) -> None:
    def bound(route: Any) -> bool:
        if route.request.method != "POST" or "# few" not in (route.request.post_data or ""):
            return False
        answer = route.fetch()
        route.fulfill(response=answer, headers={**answer.headers, "x-sparql-maxrows": "40"})
        return True

    with visit(browser, server.address, sent=bound) as explorer:
        page = explorer.open(_sparql_state(PLANTS))
        rows = server.ask(PLANTS).json()["results"]["bindings"]
        assert page.locator("tbody tr").count() == len(rows) == 40
        assert "https://" not in page.locator("tbody").inner_text()  # entities are shown by their labels
        assert len(list(csv.reader(io.StringIO(_download(explorer, "CSV"))))) == 41
        assert len(_download(explorer, "TSV").strip().splitlines()) == 41
        assert len(json.loads(_download(explorer, "JSON"))["results"]["bindings"]) == 40
        assert len(list(ElementTree.fromstring(_download(explorer, "XML")).iter("{http://www.w3.org/2005/sparql-results#}result"))) == 40
        assert explorer.violations() == []
        for view, drawn in (("Map", "svg.world, .world svg"), ("Graph", ".canvas")):
            page.get_by_role("link", name=view, exact=True).last.click()
            page.locator(drawn).first.wait_for()
            explorer.settle()

        assert "at most 40 rows" not in page.locator("main").inner_text()
        explorer.open(_sparql_state(f"{PLANTS} # few"))
        assert "at most 40 rows" in page.locator("main .cut").inner_text()

        page = explorer.open(_sparql_state(CLASSES))
        page.get_by_role("link", name="Chart", exact=True).click()
        page.locator(".bars .bar").first.wait_for()
        counts = [int(row["things"]["value"]) for row in server.ask(CLASSES).json()["results"]["bindings"]]
        assert page.locator(".bars .bar .number").all_inner_texts() == [f"{count:,}" for count in counts]
        assert explorer.violations() == []
        page.reload()
        assert "as=chart" in explorer.settle().url

        assert "Yes" in explorer.open(_sparql_state("ASK { ?plant a nev:Plant }")).locator(".verdict").inner_text()
        assert "No" in explorer.open(_sparql_state("ASK { nev:Plant a nev:Plant }")).locator(".verdict").inner_text()
        page = explorer.open(_sparql_state(LINKS))
        assert page.locator(".turtle").inner_text().count("inCountry") == 30
        page.get_by_role("link", name="Graph", exact=True).click()
        page.locator(".canvas").wait_for()
        assert "30 links" in explorer.settle().locator("main").inner_text()
        assert explorer.violations() == []


def test_cells_link_to_their_evidence(explorer: Visit, server: RunningServer) -> None:
    page = explorer.open(_sparql_state(MAKERS))
    assert page.locator("tbody tr").count() == len(server.ask(MAKERS).json()["results"]["bindings"]) > 3
    assert page.locator("tbody td:not(:has(a))").count() == 0
    page.get_by_role("button", name="bloc", exact=True).click()  # sorted, a row keeps its number
    page.get_by_role("button", name="maker", exact=True).click()
    cell = page.locator("tbody tr").nth(2).locator("a").first
    maker = cell.inner_text()
    cell.click()
    panel = explorer.settle().locator(".trace")
    assert maker in panel.locator(".lead").inner_text()
    assert panel.locator(".statement .source").count() > 0
    panel.locator("summary", has_text="How this was derived").click()
    assert "A maker manufactures in a bloc because" in panel.locator(".follows").first.inner_text()
    assert explorer.violations() == []
    page.go_back()
    assert explorer.settle().locator(".trace").count() == 0
    page.go_forward()
    assert maker in explorer.settle().locator(".trace .lead").inner_text()
    page.locator("tbody tr").first.locator("a").last.click()
    assert "no value" in explorer.settle().locator(".trace").inner_text()
    page.keyboard.press("Escape")
    assert "cell=" not in explorer.settle().url


def test_example_queries_from_the_catalogue_run(explorer: Visit) -> None:
    page = explorer.open("sparql")
    field = page.get_by_role("combobox", name="Examples")
    field.fill("local-manufacturers")
    page.get_by_role("main").get_by_role("option").first.wait_for()
    assert explorer.violations() == []
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('.code').shadowRoot.textContent.includes('WHERE')")
    assert "#+" not in _read_editor(page)
    page.get_by_role("button", name="Run").click()
    page.locator("tbody tr").first.wait_for()
    assert page.locator("main .trouble").count() == 0


def test_ontology_filter_and_diagrams(browser: Any, server: RunningServer) -> None:
    ontology = server.get("/api/ontology?lang=en").json()
    plant = next(entry for entry in ontology["classes"] if entry["name"] == "nev:Plant")
    with visit(browser, server.address) as explorer:
        page = explorer.open("ontology")
        shown, term = page.locator(".term-of-ontology:visible"), page.locator(".term-of-ontology", has=page.locator("#Plant"))
        count = shown.count()
        assert page.locator(".detail > .scripted .diagram a.end").count() > 3
        # The filter finds words of both languages.
        page.get_by_label("Filter terms").fill("工厂")
        page.wait_for_function("count => document.querySelectorAll('.term-of-ontology:not([hidden])').length < count", arg=count)
        assert f"{shown.count()} terms" in explorer.settle().get_by_role("status").all_inner_texts()
        assert page.locator("h1").is_visible()
        assert plant["definition"] in term.inner_text()
        assert f"{plant['uses']:,}" in term.locator(".facts").inner_text()
        own = [entry["label"] for entry in ontology["properties"] if any(at["iri"] == plant["iri"] for at in entry.get("domain") or [])]
        assert own
        assert {*own} <= {*term.locator(".facts a").all_inner_texts()}
        page.get_by_label("Filter terms").fill("")
        term.locator("summary").click()
        assert plant["label"] in explorer.settle().locator("#Plant ~ details .diagram .own").text_content()
        assert explorer.violations() == []
        # The classes in the diagram are links, and the back button works.
        term.locator(".diagram a.end.class").first.click()
        assert explorer.settle().url.partition("#")[2] not in ("", "Plant")
        page.go_back()
        term.get_by_role("link", name="Examples").click()
        page.get_by_role("button", name="Run").click()
        page.locator("tbody tr").first.wait_for()
    for address in ("ontology?term=nev:Plant", "ontology#Plant", "#/ontology/nev:Plant"):
        with visit(browser, server.address, size=PHONE, dark=True, language="zh") as explorer:
            page = explorer.open(address)
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
            assert 0 <= page.locator("#Plant").bounding_box()["y"] < PHONE[1]


def test_quality_page_links_to_the_problems(explorer: Visit, server: RunningServer) -> None:
    dataset = server.get("/api/dataset").json()
    report = server.get("/api/quality?lang=en").json()
    checks = server.get("/api/quality/checks?lang=en").json()["checks"]
    page = explorer.open("quality")
    numbers = page.locator(".numbers").inner_text()
    assert all(f"{dataset[name]:,}" in numbers for name in ("sources", "statements", "episodes", "triples"))
    rows = {table["name"]: page.locator(f"section[aria-labelledby={table['name']}] tbody tr").count() for table in report["tables"]}
    assert rows == {table["name"]: len(table["rows"]) for table in report["tables"]}
    page.get_by_role("navigation", name="Contents").get_by_role("link", name="Checks", exact=True).click()
    page.locator(".checks").first.wait_for()
    assert explorer.settle().locator(".checks > li").count() == len(checks)
    assert explorer.violations() == []
    most = max(checks, key=lambda check: check["found"])
    page.locator(".checks").get_by_role("link", name=most["title"]).click()
    page.locator(".findings").wait_for()
    assert f"{most['found']} found" in explorer.settle().locator("main").inner_text()
    assert most["title"] in page.title()
    assert explorer.violations() == []
    seen = set(page.locator(".findings li").all_inner_texts())
    page.get_by_role("link", name="Next").click()
    page.wait_for_url("**page=2**")
    assert not seen & set(explorer.settle().locator(".findings li").all_inner_texts())
    page.go_back()
    assert seen == set(explorer.settle().locator(".findings li").all_inner_texts())
    page.locator(".findings a").first.click()
    page.locator("main h1").wait_for()
    page.locator(".findings").wait_for(state="detached")
    page = explorer.open(f"#/quality/checks?check={most['name']}")
    assert seen == set(page.locator(".findings li").all_inner_texts())
    page = explorer.open(f"#/quality/{report['tables'][-1]['name']}")
    assert page.locator(f"#{report['tables'][-1]['name']}").bounding_box()["y"] < page.viewport_size["height"]


@pytest.mark.parametrize("every", [10, pytest.param(1, marks=pytest.mark.nightly)])
def test_quality_page_links_to_questions(explorer: Visit, every: int) -> None:
    questions = [link.get_attribute("href") for link in explorer.open("quality").locator(".deeper a").all()]
    assert len(questions) > every
    for question in questions[::every]:
        page = explorer.open(question.removeprefix("/"))
        assert page.locator("main .trouble").count() == 0, question
        assert page.locator("tbody tr, main .empty, main .chart-view, main .conditions").first.is_visible(), question


def test_a_query_runs_on_a_day_or_on_the_record(explorer: Visit) -> None:
    makers = "SELECT ?maker ?country WHERE { ?maker nev:manufacturesAbroadIn ?country }"
    page = explorer.open(_sparql_state(makers))
    page.locator("tbody tr").first.wait_for()
    now = page.locator("tbody tr").count()
    page.get_by_label("day", exact=True).fill("2012-12-31")
    page.get_by_role("button", name="Run").click()
    page.wait_for_url("**as_of=2012-12-31**")
    page.wait_for_function("count => document.querySelectorAll('tbody tr').length < count", arg=now)
    page = explorer.open(_sparql_state("SELECT ?episode WHERE { ?episode a nev:Episode ; nev:until ?until } LIMIT 5"))
    page.get_by_text("evidence of absence").wait_for()
    page.get_by_label("all statements and history").check()
    page.get_by_role("button", name="Run").click()
    page.locator("tbody tr").first.wait_for()
    assert "over=record" in page.url
    assert explorer.violations() == []
