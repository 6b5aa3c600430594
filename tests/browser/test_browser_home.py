"""The home page and the stories in a real browser, on the shipped data; tasks that start at the home page, in at most four clicks."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from tests.support.browser import PHONE, WIDE, Visit, visit
from tests.support.marks import quick_every
from tests.support.serving import RunningServer

from nevkg.data.paths import Layout

FIRST = 3
_MAX_SHIFT = 0.05  # half of the limit for a stable layout in Core Web Vitals
_SHIFTS = """
  window.shift = 0;
  new PerformanceObserver(list => { for (const entry of list.getEntries()) window.shift += entry.value; })
    .observe({type: "layout-shift", buffered: true});
"""
# Search text to the expected entry.
SEARCHES = {
    "ASEAN": "Association of Southeast Asian Nations",
    "BYD": "BYD",
    "tariff": "What duty does each maker pay",
    "奇瑞": "Chery Automobile",
    "Brasil": "Brazil",
    "Cherry": "Chery Automobile",
}


def parse_number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def open_home(explorer: Visit, language: str = "en") -> Any:
    return explorer.open(f"?lang={language}")


@pytest.mark.slow
def test_search_finds_the_expected_entry(explorer: Visit) -> None:
    page = open_home(explorer)
    box = page.get_by_role("combobox", name="Search")
    for text, expected in SEARCHES.items():
        box.fill(text)
        page.locator("search [role=option]", has_text=expected).first.wait_for()
        options = explorer.settle().locator("search [role=option]").all_inner_texts()
        assert any(expected in option for option in options[:FIRST]), options
    assert explorer.violations() == []


def test_a_question_an_entity_a_topic_and_a_story_are_found_and_opened(explorer: Visit) -> None:
    for text, name, address in (
        ("tariff", "What duty does each maker pay", "/questions/duty-rates-by-maker"),
        ("BYD", "BYD", "/agent/byd"),
        ("policies", "Policies", "topic=policy"),
        ("brazil import duties", "Brazil: import duties", "/stories/brazil"),
    ):
        page = open_home(explorer)
        page.get_by_role("combobox", name="Search").fill(text)
        page.locator("search").get_by_role("option", name=re.compile(f"^{name}")).first.click()
        page.wait_for_url(re.compile(re.escape(address)))
        explorer.settle()
        assert page.locator("main .trouble").count() == 0
    # The search box at the top of the other views works in the same way.
    page.get_by_role("combobox", name="Search").fill("policies")
    page.locator("search").get_by_role("option", name=re.compile("^Policies")).first.click()
    page.wait_for_url(re.compile("topic=policy"))
    assert -1 < explorer.settle().locator("#policy").bounding_box()["y"] < WIDE[1]


@pytest.mark.slow
def test_figures_match_the_answers_they_link_to(explorer: Visit) -> None:
    count = open_home(explorer).locator(".numbers .figure").count()
    assert count > 3
    for place in range(count):
        link = open_home(explorer).locator(".numbers .figure").nth(place)
        figure = parse_number(link.inner_text())
        link.click()
        explorer.page.locator("tbody tr").first.wait_for()
        total = explorer.settle().locator(".table .tools [role=status]").inner_text().split("·")[1]
        assert parse_number(re.sub("“.*”", "", total)) == figure > 0
    assert explorer.violations() == []


def test_map_shows_all_counted_plants(explorer: Visit) -> None:
    page = open_home(explorer)
    plants = parse_number(page.locator(".numbers .figure").first.inner_text())
    discs = page.locator(".small-map .disc")
    discs.first.wait_for()
    undrawn = re.search(r"(\d+) more known only", page.locator(".small-map").inner_text())
    assert discs.count() + (int(undrawn[1]) if undrawn else 0) == plants
    name = discs.first.get_attribute("aria-label")
    discs.first.press("Enter")
    page.locator(".map-view .card").wait_for()
    assert name in explorer.settle().locator(".map-view .card").inner_text()


@pytest.mark.parametrize("language", quick_every(2, ["en", "zh"]))
def test_questions_by_topic_begin_with_production(browser: Any, server: RunningServer, language: str) -> None:
    with visit(browser, server.address, language=language) as explorer:
        topics = open_home(explorer, language).locator(".topics > section")
        assert topics.first.locator("h3").inner_text() == {"en": "Plants and production", "zh": "工厂与生产"}[language]
        whole = topics.first.locator("p a")
        total = parse_number(whole.inner_text())
        assert topics.first.locator("li").count() < total
        topic = str(whole.get_attribute("href")).partition("#")[2]
        whole.click()
        explorer.page.locator(".overview").wait_for()
        assert explorer.settle().locator(f".topics section[aria-labelledby={topic}] li").count() == total


@pytest.mark.slow
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_layout_does_not_shift_while_loading(browser: Any, server: RunningServer, size: tuple[int, int]) -> None:
    with visit(browser, server.address, size=size) as explorer:
        explorer.page.add_init_script(_SHIFTS)
        for state in ("", "stories/asean", "map", "timeline", "explore", "sparql", "agent/byd", "questions/local-manufacturers"):
            page = explorer.open(state)
            page.reload()
            assert explorer.settle().evaluate("window.shift") < _MAX_SHIFT
            assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
def test_figures_in_a_story_link_to_answers(browser: Any, server: RunningServer, language: str) -> None:
    with visit(browser, server.address, language=language) as explorer:
        page = open_home(explorer, language)
        stories = page.locator("section[aria-labelledby=stories] a")
        assert stories.count() == len(list((Layout.find().queries / "stories").glob(f"*.{language}.md")))
        title = stories.first.inner_text()
        stories.first.click()
        page.locator("article.text").wait_for()
        assert explorer.settle().locator("h1").inner_text() == title
        assert title in page.title()
        figures = page.locator("article .figure")
        assert figures.count() > 5
        assert page.locator("article tbody tr").count() > 2
        figure = figures.first.inner_text()
        assert figure.isdecimal()
        assert explorer.violations() == []
        figures.first.click()
        page.locator("main .table tbody tr").first.wait_for()
        status = explorer.settle().locator(".table .tools [role=status]").inner_text()
        assert figure in re.findall(r"\d+", status.split("·")[1])


def test_site_name_links_to_the_home_page(explorer: Visit) -> None:
    page = explorer.open("ontology")
    page.get_by_role("link", name="nevkg", exact=True).click()
    page.locator(".lead").wait_for()
    assert explorer.settle().title() == f"{page.locator('h1').inner_text()} · nevkg"
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Questions").click()
    page.locator(".overview").wait_for()


MAX_CLICKS = 4


@dataclass
class Reader:
    """A reader who starts at the home page and whose clicks are counted."""

    explorer: Visit
    clicks: int = 0

    @property
    def page(self) -> Any:
        return self.explorer.page

    def click(self, what: Any) -> Any:
        self.clicks += 1
        what.click()
        return self.explorer.settle()

    def search(self, text: str, name: str) -> Any:
        """Types into the search box and clicks the option with this name."""
        self.page.get_by_role("combobox", name="Search").fill(text)
        option = self.page.locator("search").get_by_role("option", name=re.compile(name)).first
        option.wait_for()
        return self.click(option)

    def choose(self, label: str, value: str) -> Any:
        """Selects a value in a list, which counts as a click."""
        self.clicks += 1
        self.page.locator("main").get_by_role("combobox", name=label, exact=True).select_option(value)
        return self.explorer.settle()

    def link(self, name: str) -> Any:
        return self.page.get_by_role("link", name=re.compile(name)).first


def find_who_builds_in_asean(reader: Reader) -> None:
    page = reader.click(reader.link("^ASEAN$"))
    section = page.locator(".of-question", has=page.get_by_role("heading", name="Local production"))
    section.scroll_into_view_if_needed()
    section.locator("tbody tr").first.wait_for()
    assert "Indonesia" in section.inner_text()


def find_the_passage_on_five_workshops(reader: Reader) -> None:
    page = reader.search("Changan Rayong", "^Changan Rayong plant")
    section = page.locator("section.statements")
    for _ in range(30):
        section.scroll_into_view_if_needed()
        if reader.explorer.settle().get_by_label("Filter statements").count():
            break
    page.get_by_label("Filter statements").fill("5 workshops")
    statement = reader.explorer.settle().locator(".statements .value", has_text="5 workshops").first
    if not statement.is_visible():
        reader.click(page.locator(".statements summary", has_text="5 workshops").first)
    assert re.search(r"Checked words: \d+ characters", statement.locator(".passage").first.inner_text())


def find_the_rate_of_a_maker(reader: Reader) -> None:
    reader.click(reader.link("^Duties by maker$"))
    page = reader.click(reader.page.locator("summary", has_text="Narrow"))
    page = reader.choose("addressee", "agent:saic-motor")
    rows = page.locator("tbody tr").all_inner_texts()
    assert rows
    assert all("SAIC Motor" in row for row in rows)
    assert any("35.3" in row for row in rows)


def start_from_a_chinese_name(reader: Reader) -> None:
    page = reader.search("奇瑞", "^Chery Automobile")
    assert page.locator("h1").inner_text() == "Chery Automobile"


def find_a_contradiction_about_capacity(reader: Reader) -> None:
    reader.click(reader.link("^Where do sources disagree"))
    page = reader.click(reader.page.locator("summary", has_text="Narrow"))
    capacity = page.locator("main").get_by_role("combobox", name="property", exact=True).locator("option", has_text="capacity").first
    page = reader.choose("property", str(capacity.get_attribute("value")))
    rows = page.locator("tbody tr").all_inner_texts()
    assert rows
    assert all("capacity" in row for row in rows)


def write_a_query_by_completion(reader: Reader) -> None:
    page = reader.click(reader.page.locator("nav.main").get_by_role("link", name="SPARQL"))
    reader.click(page.locator(".cm-content"))
    page.keyboard.press("Control+A")
    page.keyboard.insert_text("SELECT ?plant { ?plant nev:inCountry ")
    page.keyboard.type("Thailan")
    reader.click(page.locator(".cm-tooltip-autocomplete li", has_text="Thailand").first)
    page.keyboard.type(" }")
    page.keyboard.press("Control+Enter")
    page = reader.explorer.settle()
    page.locator("tbody tr").first.wait_for()
    assert "Rayong" in page.locator("main").inner_text()


TASKS = [find_who_builds_in_asean, write_a_query_by_completion]
# Features that other tests try, too.
MORE_TASKS = [
    find_the_passage_on_five_workshops,
    start_from_a_chinese_name,
    find_a_contradiction_about_capacity,
    find_the_rate_of_a_maker,
]


@pytest.mark.parametrize(
    "task", [*TASKS, *(pytest.param(task, marks=pytest.mark.slow) for task in MORE_TASKS)], ids=lambda task: task.__name__
)
def test_a_task_takes_few_clicks(explorer: Visit, task: Callable[[Reader], None]) -> None:
    reader = Reader(explorer)
    explorer.open("?lang=en")
    task(reader)
    assert 0 < reader.clicks <= MAX_CLICKS
