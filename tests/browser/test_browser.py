"""The explorer in a real browser, on the shipped data: behaviour common to all views, and the pages of entities.

For each view see ``test_browser_views.py``.
"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from tests.support.browser import PHONE, WIDE, Visit, visit
from tests.support.marks import slow_every
from tests.support.serving import RunningServer

pytestmark = pytest.mark.slow

ASEAN = "questions/local-manufacturers?bloc=place:asean"
LONG = "questions/plants-table"  # its page has no answer for the script, which requests it
PLANT = "https://w3id.org/nevkg/plant/changan-rayong"
VIEWS = {
    "home": "",
    "story": "stories/brazil",
    "questions": "questions",
    "answer": ASEAN,
    "trace": f"questions?trace={PLANT}",
    "map": "map?as_of=2025-06-01",
    "timeline": "timeline",
    "explore": "explore?thing=plant:changan-rayong",
    "sparql": "sparql?query=SELECT%20%3Fplant%20WHERE%20%7B%20%3Fplant%20a%20nev%3APlant%20%7D%20LIMIT%2020",
    "ontology": "ontology",
    "quality": "quality",
}
_SECONDS = re.compile(r"\d+\.\d+ (s\b|秒)")  # the duration of a query
HOSTILE = ['<img src=x onerror="alert(1)">', "\u202egnitseretni\u202c \u200fabc", "long " * 2000]


def read_view(explorer: Visit, language: str) -> str:
    """Returns the text of a view in a language to its end, which is loaded when it comes near, without durations."""
    page = explorer.page
    page.wait_for_function("language => document.documentElement.lang === language", arg=language)
    explorer.settle().evaluate("window.scrollTo(0, document.body.scrollHeight)")
    explorer.settle()
    page.locator("main h1, main .trouble").first.wait_for()
    assert page.locator("main .trouble").all_inner_texts() == []
    assert page.locator("main h1").count() == 1
    return _SECONDS.sub("", page.locator("main").inner_text())


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_in_both_languages_light_and_dark_and_on_a_phone(explorer: Visit, view: str) -> None:
    page = explorer.open(VIEWS[view])
    # The findings of axe do not depend on the language, so it checks only the first and the last state.
    assert explorer.violations() == []
    english = read_view(explorer, "en")
    page.get_by_role("link", name="中文", exact=True).click()
    chinese = read_view(explorer, "zh")
    assert english != chinese
    page.reload()
    assert read_view(explorer, "zh") == chinese
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.emulate_media(color_scheme="dark")
    page.reload()
    read_view(explorer, "zh")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    assert explorer.violations() == []


def test_back_and_forward(explorer: Visit) -> None:
    page = explorer.open("questions")
    page.locator(".topics a").first.click()
    first = explorer.settle().locator("main h1").inner_text()
    page.locator(".crumb a").click()
    explorer.settle()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Ontology").click()
    explorer.settle()
    page.go_back()
    page.go_back()
    assert explorer.settle().locator("main h1").inner_text() == first
    page.go_forward()
    page.go_forward()
    assert "/ontology" in explorer.settle().url


def test_language_and_theme_are_remembered(explorer: Visit) -> None:
    page = explorer.open(ASEAN)
    light = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    page.get_by_label("Theme").select_option("dark")
    page.wait_for_function("light => getComputedStyle(document.documentElement).backgroundColor !== light", arg=light)
    page.get_by_role("link", name="中文").click()
    assert "当地" in explorer.settle().locator("main h1").inner_text()
    assert "长安" in page.locator("tbody").inner_text()
    page.locator("nav.main a").nth(1).click()
    assert "lang=zh" in explorer.settle().url
    page.reload()
    assert explorer.settle().evaluate("document.documentElement.dataset.theme") == "dark"
    page.get_by_role("link", name="English", exact=True).click()
    page.wait_for_function("document.documentElement.lang === 'en'")


def test_keyboard_navigation(explorer: Visit) -> None:
    page = explorer.open("questions")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.get_by_role("combobox", name="Search").focus()
    page.keyboard.type("长安汽车")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/agent/"))
    assert "长安汽车" in explorer.settle().locator("main").inner_text()
    explorer.open(ASEAN)
    # Tab reaches one heading of the table, the arrows the others.
    page.locator("thead button").first.focus()
    page.keyboard.press("ArrowRight")
    assert page.locator(":focus").inner_text() == "plant"
    page.keyboard.press("Tab")
    assert page.locator("tbody tr").first.locator(":focus").count() == 1
    page.locator("tbody .traced").first.focus()
    page.keyboard.press("Enter")
    page.locator(".trace .statement").first.wait_for()
    assert page.evaluate("document.activeElement.id") == "trace-title"
    page.keyboard.press("Escape")
    page.locator(".trace").wait_for(state="detached")
    assert page.locator("tbody .traced").first.evaluate("cell => cell === document.activeElement")
    page.locator(".conditions summary").focus()
    page.keyboard.press("Enter")
    page.get_by_role("combobox", name="Country of the plant").focus()
    page.keyboard.press("ArrowDown")
    page.locator(".form").get_by_role("option").first.wait_for()
    page.keyboard.type("thai")
    page.wait_for_function("() => document.querySelectorAll('.form [role=option]').length === 1")
    page.keyboard.press("Enter")
    assert "country=place%3ATH" in explorer.settle().url
    assert set(page.locator("tbody td:nth-child(3)").all_inner_texts()) == {"Thailand"}


@pytest.mark.parametrize("view", slow_every(3, [*VIEWS]))
def test_hostile_labels_are_shown_as_text(browser: Any, server: RunningServer, view: str) -> None:
    def poison(route: Any) -> bool:
        is_page = route.request.resource_type == "document"
        if not is_page and "/api/" not in route.request.url:
            return False
        answer = route.fetch()
        # At its end, a page has the documents of the API that its script needs.
        written, mark, sent = answer.text().partition('<script type="application/json"') if is_page else ("", "", answer.text())
        for name, label in zip(("Changan Rayong plant", "Changan Automobile", "Thailand"), HOSTILE, strict=True):
            sent = sent.replace(name, json.dumps(label)[1:-1].replace("<", "\\u003c"))
        route.fulfill(response=answer, body=f"{written}{mark}{sent}")
        return True

    with visit(browser, server.address, sent=poison) as explorer:
        page = explorer.open(VIEWS[view])
        assert page.locator("main img, .trace img").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= WIDE[0]
        if view in ("answer", "trace"):
            assert HOSTILE[0] in page.locator("#app").inner_text()


@pytest.mark.parametrize(
    ("status", "words"), [(0, "is not responding"), (503, "busy"), (504, "time limit"), (500, "could not be processed")], ids=str
)
def test_a_server_error_is_shown_and_can_be_retried(browser: Any, server: RunningServer, status: int, words: str) -> None:
    broken = True

    def fail(route: Any) -> bool:
        if not broken or "/answer?" not in route.request.url:
            return False
        if status:
            route.fulfill(status=status, content_type="application/problem+json", body='{"detail": "In the words of the server."}')
        else:
            route.abort()
        return True

    with visit(browser, server.address, sent=fail, expected=("Failed to load resource",)) as explorer:
        page = explorer.open(LONG)
        message = page.locator("main .trouble").inner_text()
        assert words in message
        assert ("In the words of the server." in message) == bool(status)
        broken = False
        page.get_by_role("button", name="Try again").click()
        page.locator("tbody tr").first.wait_for()
        assert page.locator("main .trouble").count() == 0


def test_a_request_is_repeated_when_a_busy_server_asks_for_it(browser: Any, server: RunningServer) -> None:
    asked = 0

    def refuse_twice(route: Any) -> bool:
        nonlocal asked
        if "/answer?" not in route.request.url:
            return False
        asked += 1
        if asked > 2:
            return False
        route.fulfill(status=503, headers={"Retry-After": "1"}, content_type="application/problem+json", body='{"detail": "Prepared."}')
        return True

    with visit(browser, server.address, sent=refuse_twice) as explorer:
        page = explorer.open(LONG)
        page.locator("tbody tr").first.wait_for()
        assert asked == 3
        assert page.locator("main .trouble").count() == 0


def test_navigation_during_a_slow_request(browser: Any, server: RunningServer) -> None:
    routes: list[Any] = []

    def hold(route: Any) -> bool:
        if "/answer?" in route.request.url and LONG in route.request.url:
            routes.append(route)
            return True
        return False

    with visit(browser, server.address, sent=hold) as explorer:
        page = explorer.page
        page.goto(f"{explorer.address}/{LONG}")
        page.locator("main .waiting").wait_for()
        # A late answer must not replace the view to which the reader has moved on.
        page.locator(".crumb a").click()
        page.locator(".topics").wait_for()
        routes.pop().continue_()
        assert page.locator(".topics").count() == 1


def test_missing_pages_and_empty_answers(browser: Any, server: RunningServer) -> None:
    with visit(browser, server.address, expected=("404",)) as explorer:
        assert "There is no question 'no-such-question'" in explorer.open("questions/no-such-question").locator("main").inner_text()
        assert "Page not found" in explorer.open("no-such-view").locator("main").inner_text()
        unknown = explorer.open("explore?from=no-such-graph").locator("main .trouble")
        assert "There is no projection 'no-such-graph'; there are claims, " in unknown.inner_text()
    with visit(browser, server.address) as explorer:
        page = explorer.open(f"{ASEAN}&asOf=1900-01-01")
        assert re.search(r"there are \d+ rows", page.locator("main").inner_text()), "an empty answer says that the day is the reason"
    with visit(browser, server.address, expected=("400", "404")) as explorer:
        page = explorer.open("questions/local-manufacturers?bloc=azean")
        assert "place:asean" in page.locator("main .trouble").inner_text()
        page = explorer.open("plant/nowhere-at-all")
        assert "/plant/nowhere-at-all" in page.locator("main").inner_text()


ENTITIES = {"maker": "agent:hozon", "country": "place:TH", "source": "source:s-globaltimes-nd"}


def scroll_to_end(explorer: Any) -> Any:
    """Scrolls down until all sections are loaded."""
    page = explorer.settle()
    for _ in range(40):
        page.mouse.wheel(0, 700)
        page.wait_for_timeout(50)
        if page.evaluate("innerHeight + scrollY >= document.documentElement.scrollHeight - 5"):
            explorer.settle()
            if page.evaluate("innerHeight + scrollY >= document.documentElement.scrollHeight - 5"):
                break
    return explorer.settle()


@pytest.mark.parametrize("kind", ENTITIES)
def test_the_page_of_an_entity(explorer: Visit, kind: str) -> None:
    for language in ("en", "zh"):
        page = explorer.open(f"{ENTITIES[kind].replace(':', '/')}?lang={language}")
        heading = page.locator("main h1")
        assert heading.count() == 1
        assert page.title().startswith(heading.inner_text())
        assert page.locator(".summary dt").count() >= 5
        scroll_to_end(explorer)
        sections = page.locator("main .view [data-part=entity] > section h2")
        assert sections.count() >= 5
        assert len(set(sections.all_inner_texts())) == sections.count()
        assert page.locator("main .trouble").count() == 0
        if language == "en":
            assert explorer.violations() == []
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    assert explorer.settle().evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    assert explorer.violations() == []


def test_card_links_to_evidence_pages_and_questions(explorer: Visit) -> None:
    page = explorer.open("plant/byd-rayong?lang=en&as_of=2026-01-31")
    row = page.locator(".summary dl > div", has=page.locator("dt", has_text=re.compile("^Status$")))
    assert re.search(r"operating since 2024-07-04 .*independent sources", row.inner_text().replace("\n", " "))
    row.get_by_role("link", name=re.compile("independent sources")).click()
    panel = explorer.settle().locator(".trace")
    panel.get_by_role("link", name="Page of BYD Rayong plant").wait_for()
    panel.get_by_role("button", name="Close").click()
    page.locator(".summary").get_by_role("link", name="BYD", exact=True).first.click()
    page.wait_for_url(re.compile(r"/agent/byd\?lang=en&as_of=2026-01-31$"))
    plants = explorer.settle().locator(".summary dl > div", has_text="Plants where")
    count = int(plants.locator("b").inner_text())
    plants.get_by_role("link").click()
    page.wait_for_url(re.compile(r"/questions/plants-of-maker\?.*maker=agent%3Abyd"))
    assert page.url.count("as_of=2026-01-31") == 1
    explorer.settle()
    assert len(set(page.locator("tbody td:nth-child(2)").all_inner_texts())) == count


def test_a_section_has_a_table_and_a_view(explorer: Visit) -> None:
    page = explorer.open("place/TH?lang=en")
    section = page.locator(".of-question").first
    section.locator(".world").wait_for()
    section.get_by_role("link", name="Table").click()
    explorer.settle()
    assert section.locator("tbody tr").count() > 5
    cell = section.locator("tbody td a").first
    name = cell.inner_text()
    cell.click()
    explorer.settle().locator(".trace").get_by_role("link", name=f"Page of {name}").first.click()
    page.wait_for_url(re.compile("/plant/"))
    assert explorer.settle().locator("h1").inner_text() == name


def test_statements_and_linked_entities_are_ranked(explorer: Visit, server: RunningServer) -> None:
    page = explorer.open("plant/byd-rayong?lang=en")
    scroll_to_end(explorer)
    models = page.locator(".property-group", has=page.locator("h3", has_text=re.compile("^builds$")))
    standing = [text for text in models.locator("summary").all_inner_texts() if "·" in text]
    best = [number for number, text in enumerate(standing) if "corroborated" in text]
    assert best == list(range(len(best)))
    assert best
    assert re.search(r"\d,\d{3} a year", page.locator(".statements").inner_text())
    (largest, *_) = server.get("/api/neighbours?iri=plant:byd-rayong&order=importance&limit=8").json()["groups"]
    section = page.locator(".linked section").first
    assert section.locator("li a").all_inner_texts() == [node["label"] for node in largest["nodes"]]
    assert section.locator("h3").inner_text() == f"{largest['kind']['label']} 8 of {largest['total']}"
