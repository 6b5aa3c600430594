"""Ten tasks that start at the home page, each in at most four clicks; typing does not count."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from tests.support.browser import Visit, visit
from tests.support.serving import ServerProcess

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
    assert "Thailand" in section.inner_text()


def compare_plants_on_two_days(reader: Reader) -> None:
    reader.click(reader.page.locator("nav.main").get_by_role("link", name="Map"))
    page = reader.click(reader.page.locator(".conditions summary"))
    page.get_by_role("combobox", name=re.compile("^Bloc")).fill("asean")
    reader.click(page.locator(".conditions").get_by_role("option", name=re.compile("Southeast Asian")))
    page.get_by_label("Compare with").fill("2020-01-01")
    page.wait_for_url(re.compile("against"))
    assert "appeared" in reader.explorer.settle().locator(".map-view .items").inner_text()


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
    assert re.search(r"Characters \d+–\d+", statement.locator(".passage").first.inner_text())


def compare_two_makers_by_host_countries_over_time(reader: Reader) -> None:
    page = reader.click(reader.link("^At how many plants abroad"))
    page.locator(".lines").wait_for()
    page = reader.choose("Value", "countries")
    legend = page.locator(".chart-view .legend").inner_text()
    assert "BYD" in legend
    assert "Chery" in legend
    assert page.locator(".lines .unit").text_content() == "host countries"


def find_the_rate_of_a_maker(reader: Reader) -> None:
    reader.click(reader.link("^Duties by maker$"))
    page = reader.click(reader.page.locator("summary", has_text="Narrow"))
    page = reader.choose("addressee", "agent:saic-motor")
    rows = page.locator("tbody tr").all_inner_texts()
    assert rows
    assert all("SAIC Motor" in row for row in rows)
    assert any("35.3" in row for row in rows)


def download_a_chart(reader: Reader) -> None:
    reader.click(reader.link("^At how many plants abroad"))
    page = reader.click(reader.page.locator(".export summary"))
    with page.expect_download() as coming:
        reader.click(page.locator(".export").get_by_role("button", name="SVG"))
    assert coming.value.suggested_filename.endswith(".svg")


def share_a_link(reader: Reader) -> None:
    reader.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    reader.click(reader.link("^Duties by maker$"))
    page = reader.click(reader.page.locator(".export summary"))
    reader.click(page.locator(".export").get_by_role("button", name="Copy link"))
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "/questions/duty-rates-by-maker" in copied


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


TASKS = [
    find_who_builds_in_asean,
    find_the_passage_on_five_workshops,
    start_from_a_chinese_name,
    write_a_query_by_completion,
]
# Other tests try these features, too.
MORE_TASKS = [
    compare_plants_on_two_days,
    compare_two_makers_by_host_countries_over_time,
    download_a_chart,
    find_a_contradiction_about_capacity,
    find_the_rate_of_a_maker,
    share_a_link,
]


@pytest.mark.parametrize(
    "task", [*TASKS, *(pytest.param(task, marks=pytest.mark.slow) for task in MORE_TASKS)], ids=lambda task: task.__name__
)
def test_a_task_takes_few_clicks(browser: Any, server: ServerProcess, task: Callable[[Reader], None]) -> None:
    with visit(browser, server.address) as explorer:
        reader = Reader(explorer)
        explorer.open("?lang=en")
        task(reader)
        assert 0 < reader.clicks <= MAX_CLICKS
