"""The pages of entities in the explorer: card, sections, statements and linked entities."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.support.browser import PHONE, visit
from tests.support.serving import ServerProcess

pytestmark = pytest.mark.slow

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
def test_the_page_of_an_entity(browser: Any, server: ServerProcess, kind: str) -> None:
    with visit(browser, server.address) as explorer:
        for language in ("en", "zh"):
            page = explorer.open(f"thing/{ENTITIES[kind]}?lang={language}")
            heading = page.locator("main h1")
            assert heading.count() == 1
            assert page.title().startswith(heading.inner_text())
            assert page.locator(".summary dt").count() >= 5
            scroll_to_end(explorer)
            sections = page.locator("main > .view > section h2")
            assert sections.count() >= 5
            assert len(set(sections.all_inner_texts())) == sections.count()
            assert page.locator("main .trouble").count() == 0
            if language == "en":
                assert explorer.violations() == []
        page.emulate_media(color_scheme="dark")
        page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        assert explorer.settle().evaluate("document.documentElement.scrollWidth") <= PHONE[0]
        assert explorer.violations() == []


def test_card_links_to_evidence_pages_and_questions(browser: Any, server: ServerProcess) -> None:
    with visit(browser, server.address) as explorer:
        page = explorer.open("thing/plant:byd-rayong?lang=en&as_of=2026-01-31")
        row = page.locator(".summary dl > div", has=page.locator("dt", has_text=re.compile("^Status$")))
        assert re.search(r"operating since 2024-07-04 .*independent sources", row.inner_text().replace("\n", " "))
        row.get_by_role("link", name=re.compile("independent sources")).click()
        panel = explorer.settle().locator(".trace")
        panel.get_by_role("link", name="Page of BYD Rayong plant").wait_for()
        panel.get_by_role("button", name="Close").click()
        page.locator(".summary").get_by_role("link", name="BYD", exact=True).first.click()
        page.wait_for_url(re.compile(r"#/thing/agent:byd\?lang=en&as_of=2026-01-31$"))
        plants = explorer.settle().locator(".summary dl > div", has_text="Plants where")
        count = int(plants.locator("b").inner_text())
        plants.get_by_role("link").click()
        page.wait_for_url(re.compile(r"#/ask/plants-of-maker\?.*maker=agent%3Abyd"))
        assert page.url.count("as_of=2026-01-31") == 1
        explorer.settle()
        assert len(set(page.locator("tbody td:nth-child(2)").all_inner_texts())) == count


def test_a_section_has_a_table_and_a_view(browser: Any, server: ServerProcess) -> None:
    with visit(browser, server.address) as explorer:
        page = explorer.open("thing/place:TH?lang=en")
        section = page.locator(".of-question").first
        section.locator(".world").wait_for()
        section.get_by_role("link", name="Table").click()
        explorer.settle()
        assert section.locator("tbody tr").count() > 5
        cell = section.locator("tbody td a").first
        name = cell.inner_text()
        cell.click()
        explorer.settle().locator(".trace").get_by_role("link", name=f"Page of {name}").first.click()
        page.wait_for_url(re.compile("#/thing/plant:"))
        assert explorer.settle().locator("h1").inner_text() == name


def test_statements_and_linked_entities_are_ranked(browser: Any, server: ServerProcess) -> None:
    with visit(browser, server.address) as explorer:
        page = explorer.open("thing/plant:byd-rayong?lang=en")
        scroll_to_end(explorer)
        models = page.locator(".property-group", has=page.locator("h3", has_text=re.compile("^builds$")))
        standing = [text for text in models.locator("summary").all_inner_texts() if "·" in text]
        best = [number for number, text in enumerate(standing) if "corroborated" in text]
        assert best == list(range(len(best)))
        assert best
        assert re.search(r"\d,\d{3} vehicles a year", page.locator(".statements").inner_text())
        counts = [
            int(text.replace(",", "").split()[0]) for text in page.locator(".linked section").first.locator("small").all_inner_texts()
        ]
        assert counts == sorted(counts, reverse=True)


def test_an_unknown_name_is_reported(browser: Any, server: ServerProcess) -> None:
    with visit(browser, server.address, expected=("404",)) as explorer:
        page = explorer.open("thing/plant:nowhere-at-all?lang=en")
        assert "plant:nowhere-at-all" in page.locator(".trouble").inner_text()
