"""Answers as tables, maps, timelines and charts in a real browser, on the shipped data."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from tests.browser.test_browser import ASEAN
from tests.support.browser import LAPTOP, PHONE, Visit, visit
from tests.support.serving import RunningServer

import nevkg

pytestmark = pytest.mark.slow

GREY = "#8a8a8a"
MAP = "map?bloc=place:asean"
_TWO_LINES = 30  # pixels, at least


def count_places(page: Any) -> int:
    """Returns the number of places that the map shows."""
    return int(page.locator(".map-view .tools b").inner_text().split()[0].replace(",", ""))


def test_a_first_visit(explorer: Visit) -> None:
    """The makers in ASEAN, their plants on two days, and the passage of the article on five workshops."""
    page = explorer.open("questions")
    page.locator(".featured a").first.click()
    page.locator("tbody tr").first.wait_for()
    assert "asean" in page.url
    assert "Thailand" in page.locator("tbody tr", has_text="Changan Rayong plant").first.inner_text()
    page.get_by_label("Changan Rayong plant (plant)").first.click()
    page.get_by_role("link", name="All statements about Changan Rayong plant", exact=True).click()
    page.get_by_label("Filter statements").fill("5 workshops")
    passage = page.locator(".trace .value", has_text="5 workshops").locator(".passage").first
    assert re.search(r"Checked words: \d+ characters", passage.inner_text())
    page.get_by_role("button", name="Close").click()

    page = explorer.open(MAP)
    counts = []
    for day in ("2020-01-01", "2026-06-01"):
        page.get_by_label("As of", exact=True).fill(day)
        page.wait_for_url(re.compile(day))
        counts.append(count_places(explorer.settle()))
    assert 0 < counts[0] < counts[1]
    page.locator(".map-view .list").get_by_role("link", name=re.compile("Changan Rayong plant")).first.click()
    page.locator(".trace .statement").first.wait_for()


def test_panel_shows_standing_and_disagreement(explorer: Visit, server: RunningServer) -> None:
    """The panel marks inferred and disputed facts, the last confirmation, and differing statements side by side."""
    page = explorer.open(ASEAN)
    page.locator("tbody tr:has(td:last-child:has-text('yes'))").first.locator("a.traced").last.click()
    spell = page.locator(".trace .spell").first
    spell.wait_for()
    assert "inferred" in page.locator(".trace .spell .mark").all_inner_texts()
    page.keyboard.press("Escape")
    dated = page.locator("tbody tr:not(:has(td:last-child:has-text('yes')))").first.locator("td").nth(10)
    confirmed = dated.inner_text()
    dated.locator("a").click()
    spell.wait_for()
    assert f"last confirmed {confirmed}" in explorer.settle().locator(".trace .spell").first.inner_text()

    page = explorer.open("questions/disagreements")
    page.locator("tbody a.traced").first.click()
    page.locator(".trace .beside").wait_for()
    assert "Other statements that differ" in page.locator(".trace .beside").inner_text()
    boxes = [section.bounding_box() for section in page.locator(".trace .beside > section").all()]
    assert len({box["y"] for box in boxes}) == 1
    assert explorer.violations() == []

    bindings = server.ask("SELECT ?episode { ?episode nev:disputed true } ORDER BY ?episode LIMIT 1").json()["results"]["bindings"]
    page = explorer.open(f"questions?trace={bindings[0]['episode']['value']}")
    explorer.settle()
    assert "disputed" in page.locator(".trace .spell").first.locator(".mark").all_inner_texts()


def test_standings_are_distinguished_without_colour(explorer: Visit) -> None:
    """Each standing has its own dash pattern on maps, timelines and graphs."""
    state = "questions/local-manufacturers?bloc=place:asean&standing=*&as="
    words = ["corroborated", "reported", "stale", "undated"]
    page = explorer.open(state + "timeline")
    legend = page.locator(".standings li")
    legend.first.wait_for()
    assert [word.strip() for word in legend.all_inner_texts()] == words
    kinds = legend.locator("path").evaluate_all("all => all.map(element => element.getAttribute('stroke-dasharray'))")
    assert kinds[0] is None
    assert len(set(kinds)) == len(words)
    marks = page.locator(".lanes .event :is(circle, path)[stroke-width='1.2']")
    drawn = marks.evaluate_all("all => all.map(element => element.getAttribute('stroke-dasharray'))")
    # Ten of the lanes are shown.
    assert len(drawn) > 10
    assert {None, kinds[2]} <= set(drawn) <= set(kinds)
    assert explorer.violations() == []

    page = explorer.open(state + "graph")
    legend.first.wait_for()
    assert [word.strip() for word in legend.all_inner_texts()] == words

    page = explorer.open("questions/plants-in-place?place=place:RU&as=map")
    legend.first.wait_for()
    known = {word.strip(): kind for word, kind in zip(legend.all_inner_texts(), legend.locator("path").all(), strict=True)}
    rings = page.locator(".world .disc circle[stroke-width='1.2']")
    assert rings.count() > 5
    dashes = set(rings.evaluate_all("all => all.map(element => element.getAttribute('stroke-dasharray'))"))
    assert dashes == {kind.get_attribute("stroke-dasharray") for kind in known.values()}
    assert "· stale" in page.locator(".map-view .list").inner_text()


def test_other_names_of_parameters_are_replaced_by_their_own(explorer: Visit) -> None:
    other = explorer.open("questions/policy-stages?country=place:TH&as=table")
    other.wait_for_url(re.compile("jurisdiction=place"))
    rows = other.locator("tbody").inner_text()
    assert "country=" not in other.url
    assert rows == explorer.open("questions/policy-stages?jurisdiction=place:TH&as=table").locator("tbody").inner_text()
    assert rows != explorer.open("questions/policy-stages?as=table").locator("tbody").inner_text()


def test_table_sorting_filtering_columns_and_pages(explorer: Visit) -> None:
    page = explorer.open("questions/events-timeline?as=table")
    pages = page.locator(".table .pages")
    assert explorer.settle().locator("tbody tr").count() == 100
    pages.get_by_role("link", name="Next").click()
    page.wait_for_url(re.compile("page=2"))
    second = page.locator("tbody tr").first.inner_text()
    head = page.locator("thead th").first
    head.get_by_role("button").click()
    page.locator("th[aria-sort=ascending]").wait_for()
    assert page.locator("tbody tr").first.inner_text() != second
    first = page.locator("tbody td:first-child").first.inner_text()
    head.get_by_role("button").click()
    page.locator("th[aria-sort=descending]").wait_for()
    assert page.locator("tbody td:first-child").first.inner_text() != first
    page.get_by_label("Filter rows").fill("changan")
    page.wait_for_url(re.compile("filter=changan"))
    explorer.settle()
    rows = page.locator("tbody tr").all_inner_texts()
    assert rows
    assert all("changan" in row.lower() for row in rows)
    columns = page.locator("thead th").count()
    page.locator(".table .menu summary", has_text="Columns").click()
    page.locator(".table .menu label").last.click()
    explorer.settle()
    assert page.locator("thead th").count() == columns - 1
    address = page.url
    page.reload()
    explorer.settle()
    assert page.url == address
    assert page.locator("tbody tr").all_inner_texts()
    page.get_by_label("Filter rows").fill("no row has this")
    assert "No rows match" in page.locator(".table").inner_text()


def test_a_table_narrows_to_a_value(explorer: Visit) -> None:
    page = explorer.open(ASEAN)
    rows = page.locator("tbody tr").count()
    page.locator("summary", has_text="Narrow").click()
    page.locator("main").get_by_role("combobox", name="country", exact=True).select_option("place:TH")
    page.wait_for_url(re.compile("is=country"))
    assert set(explorer.settle().locator("tbody td:nth-child(3)").all_inner_texts()) == {"Thailand"}
    assert explorer.violations() == []
    page.reload()
    assert 0 < explorer.settle().locator("tbody tr").count() < rows
    page.get_by_role("button", name="Remove Thailand").click()
    assert explorer.settle().locator("tbody tr").count() == rows


def test_an_answer_is_downloaded_and_cited(explorer: Visit, tmp_path: Path) -> None:
    page = explorer.open(f"{ASEAN}&country=place:TH")
    rows = page.locator("tbody tr").count()
    page.locator("summary", has_text="Export").click()
    with page.expect_download() as coming:
        page.get_by_role("link", name="CSV", exact=True).click()
    coming.value.save_as(tmp_path / "answer.csv")
    with (tmp_path / "answer.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == rows
    footnote = nevkg.open().ask("local-manufacturers", bloc="place:asean", country="place:TH").footnote
    assert page.locator(".cite p").inner_text() == footnote
    page.get_by_role("link", name="SPARQL").last.click()
    assert "/sparql?" in explorer.settle().url


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_sum_lists_what_it_adds(explorer: Visit, lang: str) -> None:
    answer = nevkg.open().ask("planned-and-actual-capacity", country="place:BR")
    row = next(number for number, sums in enumerate(answer.addends) if any(len(added) > 1 for added in sums.values()))
    column, added = next((name, added) for name, added in answer.addends[row].items() if len(added) > 1)
    page = explorer.open(f"questions/planned-and-actual-capacity?country=place:BR&lang={lang}")
    page.locator("tbody tr").first.wait_for()
    page.locator("tbody tr").nth(row).locator("td").nth(answer.names.index(column)).locator("a.traced").click()
    addends = page.locator(".trace .addends summary")
    addends.first.wait_for()
    assert sorted(int(text.replace(",", "")) for text in addends.all_inner_texts()) == sorted(int(addend.value) for addend in added)
    addends.first.click()
    page.locator(".trace .addends details[open] .statement").first.wait_for()
    assert explorer.settle().locator(".trace .trouble").count() == 0


def test_an_answer_shows_its_filters(explorer: Visit) -> None:
    page = explorer.open("questions/local-manufacturers?country=place:TH&maker=agent:byd&status=operating")
    filters = page.locator("p.filters").inner_text()
    assert filters.startswith("Thailand · BYD · operating · ")
    assert filters in page.title()
    page.locator("summary", has_text="Export").click()
    assert filters in page.locator(".cite").inner_text()
    assert page.locator("details.export > div").evaluate("menu => menu.scrollWidth <= menu.clientWidth")
    page.locator(".crumb a").click()
    explorer.settle()
    assert "Thailand" not in page.title()


def test_unknown_parameters_are_reported(explorer: Visit) -> None:
    """An answer to a misspelt parameter is not filtered, so the page must say so."""
    page = explorer.open("questions/local-manufacturers?blok=place:asean&sort=-plant")
    assert page.locator("[role=alert]").inner_text() == "This question has no parameter called blok; it is ignored."
    page.get_by_role("link", name="Show them").click()
    page.wait_for_url(re.compile("standing="))
    assert explorer.settle().locator("tbody tr", has_text="stale").count() > 0


def test_a_row_is_a_card_on_a_phone(browser: Any, server: RunningServer) -> None:
    with visit(browser, server.address, size=PHONE) as explorer:
        page = explorer.open(ASEAN)
        first = page.locator("tbody tr").first
        assert first.locator("td:visible").count() > 4
        assert all(cell.bounding_box()["x"] + cell.bounding_box()["width"] <= PHONE[0] for cell in first.locator("td:visible").all())
        assert all(tab.bounding_box()["x"] + tab.bounding_box()["width"] <= PHONE[0] for tab in page.locator("nav.main a").all())
        assert explorer.violations() == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_first_rows_are_on_the_first_screen_of_a_phone(browser: Any, server: RunningServer, language: str) -> None:
    with visit(browser, server.address, size=PHONE, language=language) as explorer:
        page = explorer.open("questions/local-manufacturers")
        second = page.locator("tbody tr").nth(1).bounding_box()
        assert second
        assert second["y"] + 40 < PHONE[1]
        # Values are cut after their second line, not before.
        heights = page.locator("tbody .traced").evaluate_all("all => all.map(one => [one.scrollHeight, one.clientHeight])")
        assert all(whole <= shown + 1 or shown > _TWO_LINES for whole, shown in heights)
        drawn = explorer.open("map").locator(".world svg").first.bounding_box()
        assert drawn
        assert drawn["y"] + drawn["height"] / 2 < PHONE[1]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_twelve_rows_are_on_the_first_screen_of_a_laptop(browser: Any, server: RunningServer, language: str) -> None:
    with visit(browser, server.address, size=LAPTOP, language=language) as explorer:
        last = explorer.open("questions/local-manufacturers").locator("tbody tr").nth(11).bounding_box()
        assert last
        assert last["y"] + last["height"] <= LAPTOP[1]


def test_menus_close_and_the_whole_cell_is_a_link(explorer: Visit) -> None:
    page = explorer.open(ASEAN)
    menus = page.locator("details.menu[open]")
    page.locator("summary", has_text="Export").click()
    page.locator(".menu summary", has_text="Columns").click()
    assert menus.count() == 1
    page.locator("h1").click()
    assert menus.count() == 0
    page.locator("summary", has_text="Columns").click()
    page.keyboard.press("Escape")
    assert menus.count() == 0
    assert page.evaluate("document.activeElement.textContent") == "Columns"
    cell = page.locator("tbody td").first
    box = cell.bounding_box()
    assert box
    cell.click(position={"x": box["width"] - 6, "y": box["height"] - 4})
    page.locator(".trace").wait_for()


def test_a_failed_search_is_not_shown_as_empty(browser: Any, server: RunningServer) -> None:
    with visit(browser, server.address, expected=("Failed to load resource",)) as explorer:
        page = explorer.open("questions")
        page.route("**/api/discover*", lambda route: route.abort())
        page.get_by_role("combobox", name="Search").fill("byd")
        assert "not responding" in page.locator("search .none").inner_text()


@pytest.mark.parametrize("question", ["market-shares", "host-countries", "nev-share"])
def test_chart_marks_link_to_their_evidence(explorer: Visit, question: str) -> None:
    page = explorer.open(f"questions/{question}?as=chart")
    marks = page.locator("main .bar a, main svg a")
    assert marks.count() > 2
    assert explorer.violations() == []
    if "trace=" in (marks.first.get_attribute("href") or ""):
        marks.first.focus()
        page.keyboard.press("Enter")
        page.locator(".trace").wait_for()
        assert explorer.settle().locator(".trace .trouble").count() == 0
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    assert explorer.settle().evaluate("document.documentElement.scrollWidth") <= PHONE[0]


def test_a_line_joins_values_of_one_kind(explorer: Visit) -> None:
    """Targets are dashed and not connected to actual figures, and a count of plants has no unit of vehicles."""
    page = explorer.open("questions/exports-and-local-production?metric=metric:overseas-sales&as=chart")
    targets = page.locator("svg a:has(circle.hollow)")
    assert targets.count() > 5
    assert all("actual" not in (target.get_attribute("aria-label") or "") for target in targets.all())
    actual = page.locator("svg a:has(circle:not(.hollow))")
    assert all(", actual, " in (mark.get_attribute("aria-label") or "") for mark in actual.all())
    assert page.locator("path.dashed").count() > 2
    assert page.locator("svg .unit").text_content() == "vehicles"
    page.get_by_label("Value").select_option("operating")
    explorer.settle()
    assert page.locator("svg .unit").text_content() == "plants abroad operating"
    assert page.locator("circle.hollow, path.dashed").count() == 0


def test_bars_distinguish_planned_rates(explorer: Visit) -> None:
    """Planned duties are drawn differently from duties in force, and kinds of rates can be separated."""
    page = explorer.open("questions/duty-rates-by-maker?company=agent:saic-motor&as=chart")
    bars = page.locator(".plot .bar a")
    assert bars.count() == page.locator(".plot small").count() > 3
    for bar in bars.all():
        planned = "planned" in str(bar.get_attribute("aria-label"))
        assert ("hollow" in (bar.get_attribute("class") or "")) == planned
    rates = bars.count()
    page.get_by_label("figure").select_option(index=1)
    assert 0 < explorer.settle().locator(".plot .bar a").count() < rates


def test_map_follows_the_time_slider(explorer: Visit) -> None:
    page = explorer.open(MAP)
    now = count_places(page)
    time = page.get_by_role("slider", name="Time")
    time.focus()
    for _ in range(24):
        page.keyboard.press("ArrowLeft")
    page.wait_for_url(re.compile("as_of="))
    assert count_places(page) < now
    before = page.url
    page.get_by_role("button", name="Play").click()
    page.wait_for_function("before => location.href !== before", arg=before)
    page.get_by_role("button", name="Pause").click()
    page.get_by_label("Arcs from home country").check()
    page.wait_for_url(re.compile("arcs"))
    page.get_by_label("Highlight").select_option(index=1)
    # The controls are below the map, which does not move when they appear.
    assert re.search(r"\d+ areas highlighted", explorer.settle().locator(".picture > .tools").inner_text())
    assert explorer.violations() == []
    address, tools = page.url, page.locator(".map-view .tools").all_inner_texts()
    page.reload()
    assert explorer.settle().locator(".map-view .tools").all_inner_texts() == tools
    assert page.url == address


def test_map_starts_with_supported_plants_that_operate(explorer: Visit) -> None:
    """The map starts with upheld plants that operate; the legend adds others, and plants without a position are only listed."""
    page = explorer.open("map")
    first, drawn = count_places(page), page.locator(".world .disc").count()
    tools = page.locator(".map-view > .tools").inner_text()
    counts = re.search(r"Drawn: (\d+) corroborated, (\d+) reported\. \d+ more not drawn: (\d+) stale", tools)
    assert counts
    assert int(counts[1]) + int(counts[2]) == first
    assert page.locator(".world .faint").count() == 0
    standings = page.locator(".entries", has_text="corroborated")
    stale = standings.get_by_role("link", name="stale")
    assert stale.get_attribute("class") == "off"
    stale.click()
    page.wait_for_url(re.compile("standing-shown="))
    assert explorer.settle().locator(".world .faint").count() > 10
    page.go_back()
    explorer.settle()
    home = page.locator(".entries", has_text="makes vehicles abroad").get_by_role("link", name=re.compile("^no"))
    home.click()
    page.wait_for_url(re.compile("abroad-shown="))
    assert count_places(explorer.settle()) > first
    page = explorer.open("map")
    status = page.locator(".map-view .tools [role=status]").inner_text()
    assert first - drawn == int(re.search(r"(\d+) known only by country", status)[1])  # type: ignore[index]
    listed = page.locator(".map-view .items li")
    assert listed.filter(has_text="not on the map").count() > 0
    assert listed.filter(has_text="operating").count() == listed.count()
    assert "Indonesia" in page.locator(".world .names").text_content()
    states = page.locator(".entries", has_text="announced")
    states.get_by_role("link", name="announced").click()
    page.wait_for_url(re.compile("state="))
    some = count_places(explorer.settle())
    states.get_by_role("link", name="all").click()
    page.wait_for_url(re.compile(r"state=(\*|%2A)"))
    assert first < some < count_places(explorer.settle())


def test_the_map_is_drawn_before_its_evidence_arrives(browser: Any, server: RunningServer) -> None:
    routes: list[Any] = []

    def hold(route: Any) -> bool:
        if "/plants-over-time/answer" in route.request.url and "evidence=false" not in route.request.url:
            routes.append(route)
            return True
        return False

    with visit(browser, server.address, sent=hold) as explorer:
        page = explorer.page
        page.goto(f"{explorer.address}/map")
        page.locator(".world .disc").first.wait_for()
        link = page.locator(".map-view .items li a").first
        assert "/plant/" in unquote(str(link.get_attribute("href")))  # evidence of the place, until that of the row is there
        while not routes:
            page.wait_for_timeout(20)
        routes.pop().continue_()
        explorer.settle()
        assert "/episode/" in unquote(str(link.get_attribute("href")))


def test_two_days_are_compared_on_the_map(explorer: Visit) -> None:
    page = explorer.open("map?against=2020-01-01")
    legend = page.locator(".map-view .legend .entries").first.locator("li")
    counts = {match[1]: int(match[2]) for word in legend.all_inner_texts() if (match := re.match(r"\s*(\D+?)\s+(\d+)$", word))}
    assert {"appeared or first reported", "as before"} <= set(counts) <= {"appeared or first reported", "changed", "ended", "as before"}
    shapes = [
        mark.evaluate("element => element.tagName + (element.getAttribute('points') ?? '')") for mark in legend.locator("svg > *").all()
    ]
    assert len(set(shapes)) == len(counts)
    assert sum(counts.values()) == count_places(page)
    assert page.locator(".map-view .items details[open] li").count() == sum(counts.values()) - counts["as before"]
    assert explorer.violations() == []
    page.get_by_label("Compare with").fill("")
    page.wait_for_url(re.compile("map$|map[?](?!.*against)"))
    assert count_places(explorer.settle()) > 20


def test_a_company_has_one_colour_everywhere(explorer: Visit) -> None:

    def colours() -> dict[str, str]:
        entries = page.locator(".legend .entries").first.locator("li").all()
        found = {entry.locator("bdi").inner_text(): str(entry.locator("path, circle").last.get_attribute("fill")) for entry in entries}
        own = {name: colour for name, colour in found.items() if "others" not in name and colour != GREY}
        assert len(set(own.values())) == len(own) <= 8
        return own

    page = explorer.open("questions/local-manufacturers?as=map")
    on_map = colours()
    page = explorer.open("questions/exports-and-local-production?metric=metric:overseas-sales&as=chart")
    on_chart = colours()
    page = explorer.open("questions/local-manufacturers?maker=agent:chery&as=map")
    alone = colours()
    shared = set(on_map) & set(on_chart)
    assert len(shared) > 2
    assert all(on_map[name] == on_chart[name] for name in shared)
    assert alone["Chery Automobile"] == on_map["Chery Automobile"]


def test_figures_of_years_are_at_their_year(explorer: Visit) -> None:
    """A chart of figures shows years of the world at first, each mark above the tick of its year; names are not cut."""
    page = explorer.open("questions/statistics-series?metric=metric:exports&as=chart")
    assert page.get_by_label("Period").locator("option:checked").inner_text().startswith("a year")
    assert page.locator(".chart-view .heading").inner_text().startswith("exports · world")
    ticks = {tick.inner_html(): float(tick.get_attribute("x")) for tick in page.locator(".lines svg > text[text-anchor=middle]").all()}
    marks = page.locator(".lines a")
    assert marks.count() > 10
    for mark in marks.all():
        year = re.search(r", (20\d\d), ", str(mark.get_attribute("aria-label")))
        assert year
        assert float(mark.locator("circle").get_attribute("cx")) == pytest.approx(ticks[year[1]], abs=0.5)
    # Actual figures are painted over the others.
    hollow = marks.locator("circle").evaluate_all("all => all.map(circle => circle.classList.contains('hollow'))")
    assert hollow == sorted(hollow, reverse=True)
    cut = page.locator(".lines svg").evaluate(
        """svg => [...svg.querySelectorAll("text.name")]
          .filter(text => text.getBoundingClientRect().right > svg.getBoundingClientRect().right + 1)
          .map(text => text.textContent)"""
    )
    assert cut == []


def test_labels_of_the_timeline_are_whole(explorer: Visit) -> None:
    page = explorer.open("timeline")
    labels = page.locator(".lanes .event text")
    assert labels.count() > 20
    assert not [text for text in labels.all_text_contents() if "…" in text]
    cut = page.locator(".lanes").evaluate(
        """lanes => [...lanes.querySelectorAll(".event text")].filter(text => {
          const [label, svg] = [text.getBoundingClientRect(), text.closest("svg").getBoundingClientRect()];
          return label.left < svg.left - 1 || label.right > svg.right + 1;
        }).map(text => text.textContent)"""
    )
    assert cut == []


def test_map_markers_have_a_tooltip(explorer: Visit) -> None:
    page = explorer.open(MAP)
    page.get_by_label("Filter the list").fill("changan rayong")
    page.locator(".map-view .items li").first.hover()
    tip = page.locator(".world .tip").inner_text()
    assert "Changan Rayong plant" in tip
    assert "operating" in tip


def test_the_map_by_keyboard_and_as_a_list(explorer: Visit) -> None:
    page = explorer.open(MAP)
    page.locator(".world .disc").first.focus()
    page.keyboard.press("ArrowRight")
    label = page.evaluate("document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("Enter")
    card = page.locator(".card")
    assert label in card.inner_text()
    assert explorer.violations() == []
    page.keyboard.press("Escape")
    card.wait_for(state="detached")
    page.get_by_label("Filter the list").fill("rayong")
    listed = page.locator(".map-view .list .items li").all_inner_texts()
    assert listed
    assert all("rayong" in text.lower() for text in listed)
    width = page.locator(".world svg").first.bounding_box()["width"]
    for name in ("Zoom in", "Zoom out", "Show all"):
        page.get_by_role("button", name=name).click()
    page.mouse.move(500, 500)
    page.mouse.down()
    page.mouse.move(560, 540)
    page.mouse.up()
    assert page.locator(".world svg").first.bounding_box()["width"] == width


def test_the_timeline_has_lanes_bands_and_a_list(explorer: Visit) -> None:
    page = explorer.open("timeline")
    first = page.locator("main").inner_text()
    lanes = page.get_by_label("Group by")
    choices = lanes.locator("option").all_inner_texts()
    assert len(choices) >= 3
    for number, _ in enumerate(choices[1:], 1):
        lanes.select_option(index=number)
        page.wait_for_function("old => document.querySelector('main').innerText !== old", arg=first)
        first = explorer.settle().locator("main").inner_text()
    lanes.select_option(index=0)
    explorer.settle()
    page.get_by_role("button", name="Zoom in").click()
    page.wait_for_url(re.compile("span="))
    page.get_by_role("button", name="All dates").click()
    page.get_by_label("Filter the list").fill("changan")
    items = page.locator("main .list li")
    assert items.count()
    items.first.get_by_role("link", name=re.compile("Evidence$")).click()
    page.locator(".trace").wait_for()
    assert explorer.settle().locator(".trace .trouble").count() == 0
    # The name links to the page of the entity.
    name = items.first.locator("a.thing")
    label = name.inner_text()
    name.click()
    page.locator(".of-thing").wait_for()
    assert explorer.settle().locator("h1").inner_text() == label
