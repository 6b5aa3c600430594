"""The review page in a real browser, with the keyboard alone: in English, in Chinese, and with a text from right to left."""

from __future__ import annotations

import asyncio
import csv
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from tests.support.browser import PHONE, WIDE, Visit, visit
from tests.support.contributions import TABLES, TODAY, contents, write_small_data
from tests.support.reviews import TEXT, write_collection

from nevkg.review.review import Review
from nevkg.review.server import HERE, ReviewServer

CHINESE = "据报道，工厂P于周四在泰国罗勇投产。It can build many cars a year. Plant P employs 250 people. 该工厂每年可生产许多汽车。"
HEBREW = "מפעל P נפתח ביום חמישי ברויונג. It can build many cars a year. Plant P employs 250 people. המפעל מעסיק עובדים רבים."


@contextmanager
def reviewing(folder: Path, tmp_path: Path) -> Iterator[str]:
    """Serves the review of a folder on small data, without its history, and gives the address."""
    review = Review(folder, TABLES)
    review.begin()
    server = ReviewServer(write_small_data(tmp_path), review, TODAY)
    program = uvicorn.Server(uvicorn.Config(server.app, host=HERE, port=0, log_level="warning"))
    thread = threading.Thread(target=lambda: asyncio.run(program.serve()), daemon=True)
    thread.start()
    while not program.started:
        thread.join(0.02)
    port = program.servers[0].sockets[0].getsockname()[1]
    yield f"http://{HERE}:{port}/{server.token}"
    program.should_exit = True
    thread.join()
    server.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_collection(tmp_path / "c")


def rows_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "plant_facts.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def states(page: Any) -> list[str]:
    return [text.lower() for text in page.locator("#list > li .badge").all_inner_texts()]


def open_page(current: Visit) -> Any:
    current.page.goto(f"{current.address}/")
    current.page.locator("#list [aria-current]").wait_for()
    return current.page


def press(page: Any, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def wait_for_states(page: Any, *wanted: str) -> None:
    page.wait_for_function(
        "wanted => [...document.querySelectorAll('#list > li')].map(row => row.className).join() === wanted", arg=",".join(wanted)
    )


def test_the_whole_review_with_the_keyboard(browser: Any, folder: Path, tmp_path: Path) -> None:
    with reviewing(folder, tmp_path) as address, visit(browser, address) as current:
        page = open_page(current)
        wait_for_states(page, "open", "open", "open", "open")
        press(page, "a")
        wait_for_states(page, "accepted", "open", "open", "open")
        press(page, "r")
        page.get_by_role("dialog").wait_for()
        press(page, "3")
        wait_for_states(page, "accepted", "rejected", "open", "open")
        assert "Wrong value" in page.locator("#list > li.rejected").inner_text()

        press(page, "e")
        page.locator("#cell-value").fill("251")
        press(page, "Control+Enter")
        wait_for_states(page, "accepted", "rejected", "accepted", "open")
        assert [row["value"] for row in rows_of(folder)] == ["1000", "251", "5"]
        press(page, "u")
        wait_for_states(page, "accepted", "rejected", "open", "open")
        assert [row["value"] for row in rows_of(folder)] == ["1000", "250", "5"]

        press(page, "t", "ArrowDown", "n")  # the sentence after the quote
        page.locator("select#cell-attribute").select_option("jobs")
        assert page.locator("#cell-source_id").input_value() == "s-x"
        quote = page.locator("#cell-quote").input_value()
        assert quote
        assert quote in TEXT
        page.locator("#cell-plant_id").fill("p")
        page.locator("#cell-value").fill("7")
        press(page, "Control+Enter")
        page.wait_for_function("() => document.querySelectorAll('#list > li').length === 5")
        assert rows_of(folder)[-1]["quote"] == quote
        page.reload()
        page.wait_for_function("() => document.querySelectorAll('#list > li').length === 5")
        assert sorted(states(page)) == ["accepted", "accepted", "open", "open", "rejected"]


def test_the_import_is_previewed_and_done_with_the_keyboard(browser: Any, folder: Path, tmp_path: Path) -> None:
    with reviewing(folder, tmp_path) as address, visit(browser, address) as current:
        page = open_page(current)
        press(page, "j", "j")
        page.wait_for_function("() => document.querySelector('#list [aria-current]').textContent.includes('250')")
        press(page, "a")
        wait_for_states(page, "open", "open", "accepted", "open")
        before = contents(tmp_path / "data")
        press(page, "f")
        page.get_by_text("1 new statement").wait_for()
        page.get_by_text("Plant P: new · ").wait_for()  # the changed answers
        assert contents(tmp_path / "data") == before
        assert current.violations() == []
        page.get_by_role("button", name="Import").focus()
        press(page, "Enter")
        page.get_by_role("heading", name="The import is done").wait_for()
        assert page.get_by_role("button", name="Import").count() == 0
        assert page.get_by_text("Plant P: new · ").count()
        assert contents(tmp_path / "data") != before


@pytest.mark.parametrize(("text", "language", "shift"), [(CHINESE, "zh", "ArrowRight"), (HEBREW, "he", "ArrowLeft")], ids=["zh", "he"])
def test_words_of_any_script_are_selected_and_highlighted(browser: Any, tmp_path: Path, text: str, language: str, shift: str) -> None:
    folder = write_collection(tmp_path / "c", text=text, language=language)
    with reviewing(folder, tmp_path) as address, visit(browser, address, language="zh", size=PHONE) as current:
        page = open_page(current)
        assert page.evaluate("document.documentElement.lang") == "zh"
        direction = "rtl" if language == "he" else "ltr"
        page.wait_for_function("wanted => getComputedStyle(document.querySelector('#words')).direction === wanted", arg=direction)
        highlighted = "[...CSS.highlights].flatMap(([name, ranges]) => [...ranges].map(range => `${name}: ${range}`)).sort().join()"
        wanted = "open: It can build many cars a year,open: Plant P employs 250 people"
        page.wait_for_function(f"wanted => {highlighted} === wanted", arg=wanted)
        press(page, "t")
        first = page.evaluate("getSelection().toString()")
        press(page, f"Shift+{shift}")
        both = page.evaluate("getSelection().toString()")
        assert first == text[: len(first)]
        assert both == text[: len(both)]
        assert 0 < len(first) < len(both)
        assert current.violations() == []


def test_the_address_may_ask_for_a_language(browser: Any, folder: Path, tmp_path: Path) -> None:
    with reviewing(folder, tmp_path) as address, visit(browser, address) as current:
        page = current.page
        page.goto(f"{address}/?lang=zh")
        page.get_by_role("button", name="English").click()
        page.reload()
        page.get_by_role("button", name="中文").wait_for()


def test_hostile_rows_and_texts_are_shown_as_text(browser: Any, tmp_path: Path) -> None:
    attack = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    folder = write_collection(tmp_path / "c", text=f"{attack} {TEXT}", title=attack, url="javascript:alert(3)", language=attack)
    path = folder / "plant_facts.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",p,", f",{attack},"), encoding="utf-8")
    with reviewing(folder, tmp_path) as address, visit(browser, address) as current:
        page = open_page(current)
        page.wait_for_function("() => document.querySelector('#words').textContent.length > 50")
        press(page, "j", "t", "ArrowRight", "Escape", "r")
        page.get_by_role("dialog").wait_for()
        assert page.locator("img, script:not([src]), a[href^=javascript]").count() == 0
        assert attack in page.locator("#words").inner_text()


@pytest.mark.parametrize(("size", "dark"), [(WIDE, False), (PHONE, True)])
def test_the_page_is_accessible(browser: Any, folder: Path, tmp_path: Path, size: tuple[int, int], dark: bool) -> None:
    with reviewing(folder, tmp_path) as address, visit(browser, address, size=size, dark=dark) as current:
        page = open_page(current)
        press(page, "a", "r")
        page.get_by_role("dialog").wait_for()
        assert current.violations() == []
        press(page, "2")
        wait_for_states(page, "accepted", "rejected", "open", "open")
        assert current.violations() == []
        press(page, "e")
        page.locator("#cell-value").wait_for()
        assert current.violations() == []


def test_another_window_shows_the_row_as_it_is_now(browser: Any, folder: Path, tmp_path: Path) -> None:
    with reviewing(folder, tmp_path) as address, visit(browser, address, expected=("409",)) as current:
        page = open_page(current)
        press(page, "j", "j")
        review = Review(folder, TABLES)
        each = next(each for each in review.read_rows() if each.row.cells.get("value") == "250")
        review.edit(each.id, {"value": "260"})
        press(page, "a")
        page.get_by_text("changed elsewhere").wait_for()
        assert "260" in page.locator("#list").inner_text()


def test_a_text_of_twenty_thousand_words_is_usable(browser: Any, tmp_path: Path) -> None:
    text = " ".join(f"Line {number} makes cars." for number in range(5000)) + " " + TEXT
    folder = write_collection(tmp_path / "c", text=text)
    with reviewing(folder, tmp_path) as address, visit(browser, address) as current:
        page = open_page(current)
        page.wait_for_function("() => document.querySelector('#words').textContent.length > 100000")
        press(page, "j")
        page.wait_for_function("() => document.querySelector('#words').scrollTop > 1000")
        began = page.evaluate("performance.now()")
        press(page, "t", "ArrowDown", "Shift+ArrowUp", "Escape", "k", "j")
        assert page.evaluate("performance.now()") - began < 5000
