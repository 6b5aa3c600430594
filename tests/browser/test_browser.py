"""The explorer in a real browser, on the shipped data: behaviour common to all views. For each view see ``test_browser_views.py``."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from tests.support.browser import PHONE, WIDE, visit
from tests.support.serving import ServerProcess

pytestmark = pytest.mark.slow

ASEAN = "ask/local-manufacturers?bloc=place:asean"
PLANT = "https://w3id.org/nevkg/plant/changan-rayong"
VIEWS = {
    "home": "",
    "story": "story/brazil",
    "ask": "ask",
    "answer": ASEAN,
    "trace": f"ask?trace={PLANT}",
    "map": "map?as_of=2025-06-01",
    "timeline": "timeline",
    "explore": "explore?thing=plant:changan-rayong",
    "sparql": "sparql?query=SELECT%20%3Fplant%20WHERE%20%7B%20%3Fplant%20a%20nev%3APlant%20%7D%20LIMIT%2020",
    "ontology": "ontology",
    "quality": "quality",
}
_SECONDS = re.compile(r"\d+\.\d+ (s\b|秒)")  # the duration of a query
HOSTILE = ['<img src=x onerror="alert(1)">', "\u202egnitseretni\u202c \u200fabc", "long " * 2000]


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_in_both_languages_light_and_dark_and_on_a_phone(browser: Any, server: ServerProcess, view: str) -> None:
    with visit(browser, server.address) as explorer:
        page = explorer.open(VIEWS[view])
        # The findings of axe do not depend on the language, so it checks only the first and the last state.
        assert explorer.violations() == []
        texts = {}
        for language in ("en", "zh"):
            page.get_by_role("link", name={"en": "English", "zh": "中文"}[language], exact=True).click()
            page.wait_for_function("language => document.documentElement.lang === language", arg=language)
            explorer.settle()
            page.locator("main h1, main .trouble").first.wait_for()
            assert page.locator("main .trouble").all_inner_texts() == []
            assert page.locator("main h1").count() == 1
            texts[language] = _SECONDS.sub("", page.locator("main").inner_text())
        assert texts["en"] != texts["zh"]
        page.reload()
        assert _SECONDS.sub("", explorer.settle().locator("main").inner_text()) == texts["zh"]
        page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        page.emulate_media(color_scheme="dark")
        page.reload()
        assert explorer.settle().evaluate("document.documentElement.scrollWidth") <= PHONE[0]
        assert explorer.violations() == []


def test_back_and_forward(browser: Any, server: ServerProcess) -> None:
    with visit(browser, server.address) as explorer:
        page = explorer.open("ask")
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


def test_language_and_theme_are_remembered(browser: Any, server: ServerProcess) -> None:
    with visit(browser, server.address) as explorer:
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


def test_keyboard_navigation(browser: Any, server: ServerProcess) -> None:
    with visit(browser, server.address) as explorer:
        page = explorer.open("ask")
        page.keyboard.press("Tab")
        assert page.locator(":focus").inner_text() == "Skip to content"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "content"
        page.get_by_role("combobox", name="Search").focus()
        page.keyboard.type("长安汽车")
        page.get_by_role("option").first.wait_for()
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("#/thing/agent:"))
        assert "长安汽车" in explorer.settle().locator("main").inner_text()
        explorer.open(ASEAN)
        page.locator("tbody .traced").first.focus()
        page.keyboard.press("Enter")
        page.locator(".trace .statement").first.wait_for()
        assert page.evaluate("document.activeElement.id") == "trace-title"
        page.keyboard.press("Escape")
        page.locator(".trace").wait_for(state="detached")
        assert page.evaluate("document.activeElement.className") == "traced"
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


@pytest.mark.parametrize("view", VIEWS)
def test_hostile_labels_are_shown_as_text(browser: Any, server: ServerProcess, view: str) -> None:
    def poison(route: Any) -> bool:
        if "/api/" not in route.request.url:
            return False
        answer = route.fetch()
        text = answer.text()
        for name, label in zip(("Changan Rayong plant", "Changan Automobile", "Thailand"), HOSTILE, strict=True):
            text = text.replace(name, json.dumps(label)[1:-1])
        route.fulfill(response=answer, body=text)
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
def test_a_server_error_is_shown_and_can_be_retried(browser: Any, server: ServerProcess, status: int, words: str) -> None:
    broken = True

    def fail(route: Any) -> bool:
        if not broken or "/answer" not in route.request.url:
            return False
        if status:
            route.fulfill(status=status, content_type="application/problem+json", body='{"detail": "In the words of the server."}')
        else:
            route.abort()
        return True

    with visit(browser, server.address, sent=fail, expected=("Failed to load resource",)) as explorer:
        page = explorer.open(ASEAN)
        message = page.locator("main .trouble").inner_text()
        assert words in message
        assert ("In the words of the server." in message) == bool(status)
        broken = False
        page.get_by_role("button", name="Try again").click()
        page.locator("tbody tr").first.wait_for()
        assert page.locator("main .trouble").count() == 0


def test_navigation_during_a_slow_request(browser: Any, server: ServerProcess) -> None:
    routes: list[Any] = []

    def hold(route: Any) -> bool:
        if "/answer" in route.request.url and "asean" in route.request.url:
            routes.append(route)
            return True
        return False

    with visit(browser, server.address, sent=hold) as explorer:
        page = explorer.page
        page.goto(f"{explorer.address}/#/{ASEAN}")
        page.locator("main .waiting").wait_for()
        # A late answer must not replace the view to which the reader has moved on.
        page.locator(".crumb a").click()
        page.locator(".topics").wait_for()
        routes.pop().continue_()
        assert page.locator(".topics").count() == 1


def test_missing_pages_and_empty_answers(browser: Any, server: ServerProcess) -> None:
    with visit(browser, server.address) as explorer:
        assert "no question with this name" in explorer.open("ask/no-such-question").locator("main").inner_text()
        assert "view does not exist" in explorer.open("no-such-view").locator("main").inner_text()
        page = explorer.open(f"{ASEAN}&asOf=1900-01-01")
        assert "evidence of absence" in page.locator("main").inner_text()
    with visit(browser, server.address, expected=("400",)) as explorer:
        page = explorer.open("ask/local-manufacturers?bloc=azean")
        assert "place:asean" in page.locator("main .trouble").inner_text()
