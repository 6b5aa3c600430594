"""Exports from the explorer: pictures, links, embedded answers, print, and the HTML file opened from disk."""

from __future__ import annotations

import base64
import hashlib
import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from xml.etree import ElementTree

import pytest
from tests.support.browser import PHONE, Visit
from tests.support.edition import DAY
from tests.support.serving import RunningServer, serving

pytestmark = pytest.mark.slow

ASEAN = "questions/local-manufacturers?bloc=place:asean"
PICTURES = {
    "bars": ("questions/host-countries?as=chart", "maker"),
    "lines": ("questions/statistics-series?as=chart", ""),
    "map": (f"{ASEAN}&as=map", "Association of Southeast Asian Nations · operating"),
    "timeline": (f"{ASEAN}&as=timeline", "Association of Southeast Asian Nations · operating"),
    "map page": ("map?as_of=2020-01-01", "The map shows 2020-01-01."),
}
# What each picture says on how well sources support what it shows.
POPULATIONS = {
    "bars": r"Counted: what sources support",
    "lines": r"how well it is supported is not assessed",
    "map": r"\d+ corroborated, \d+ reported\. \d+ more",
    "timeline": r"\d+ corroborated, \d+ reported\. \d+ more",
    "map page": r"Drawn: \d+ \w+",
}
SVG = "{http://www.w3.org/2000/svg}"
PAPER = {"width": 1032, "height": 700}  # A4 landscape without margins, in CSS pixels


def open_export(page: Any) -> Any:
    page.locator(".export summary").click()
    menu = page.locator(".export > div")
    menu.wait_for()
    return menu


def heading_of(page: Any) -> str:
    return str(page.locator(".page-head option:checked, h1:not(.unseen)").first.inner_text())


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_include_title_filters_and_citation(explorer: Visit, name: str, tmp_path: Path) -> None:
    state, filters = PICTURES[name]
    page = explorer.open(state)
    page.locator("[data-picture]").first.wait_for()
    menu = open_export(explorer.settle())
    svg = explorer.download(menu.get_by_role("button", name="SVG", exact=True).click)
    png = explorer.download(menu.get_by_role("button", name="PNG", exact=True).click)
    slide = ElementTree.fromstring(explorer.download(menu.get_by_role("button", name="Slide, SVG").click))
    assert (slide.attrib["width"], slide.attrib["height"]) == ("1280", "720")
    slide_texts = " ".join("".join(text.itertext()) for text in slide.iter(f"{SVG}text"))
    assert heading_of(page) in slide_texts
    assert re.search(POPULATIONS[name], slide_texts)
    if "map" in name:  # it fills most of the slide, beside its legend
        (scale,) = [part.attrib["transform"].partition("scale(")[2].rstrip(")") for part in slide.findall(f"{SVG}g")]
        assert max(float(part.attrib["width"]) for part in slide.iter(f"{SVG}svg")) * float(scale) > 0.65 * 1280
    drawing = ElementTree.fromstring(svg)
    texts = " ".join("".join(text.itertext()) for text in drawing.iter(f"{SVG}text"))
    assert heading_of(page) in texts
    assert filters in texts
    assert f"As of {DAY}." in texts
    assert re.search(POPULATIONS[name], texts)
    assert re.search(r"Sources: [\d,]+, the newest of 20\d\d-\d\d-\d\d", texts)
    assert "The nevkg developers, “" in texts
    assert "https://w3id.org/nevkg/cite/" in texts.replace(" ", "")
    # The SVG has no features that only work in a web page.
    assert not re.search(rb"var\(|color-mix|light-dark|oklab|class=|currentcolor|href=", svg)
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", png[16:24])
    assert (width, height) == (2 * int(drawing.attrib["width"]), 2 * int(drawing.attrib["height"]))
    # No text is cut off when the file is opened separately.
    (tmp_path / "picture.svg").write_bytes(svg)
    page.goto((tmp_path / "picture.svg").as_uri())
    outside = page.evaluate(
        """() => [...document.querySelectorAll("text")]
          .filter(text => !text.closest("svg svg") && text.getBoundingClientRect().right > document.documentElement.clientWidth + 1
            && text.getBoundingClientRect().right > document.documentElement.width.baseVal.value + 1)
          .map(text => text.textContent)"""
    )
    assert outside == []
    # Requests for this file are expected.
    explorer.complaints[:] = [message for message in explorer.complaints if not message.startswith("file:")]


def test_every_format_is_offered_in_both_languages_and_on_a_phone(explorer: Visit) -> None:
    page = explorer.open(f"{ASEAN}&as=map")
    menu = open_export(page)
    formats = [re.findall("format=([a-z]+)", link.get_attribute("href"))[0] for link in menu.locator("a").all()]
    assert formats == ["csv", "xlsx", "json", "tsv", "jsonl", "md", "parquet", "zip", "html", "bibtex", "csl", "ris"]
    assert explorer.violations() == []
    assert explorer.download(menu.get_by_role("link", name="All files").click)[:2] == b"PK"
    for name, suffix in (("JSON", "json"), ("BibTeX", "bib")):
        with page.expect_download() as coming:
            menu.get_by_role("link", name=name, exact=True).click()
        assert re.fullmatch(rf"nevkg-local-manufacturers-[\d-]{{10}}\.{suffix}", coming.value.suggested_filename)
    page = explorer.open(f"{ASEAN}&as=map&lang=zh")
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.reload()
    menu = open_export(explorer.settle())
    assert "文献管理软件" in menu.inner_text()
    box = menu.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE[0]


def test_a_copied_link_opens_the_same_view(explorer: Visit, server: RunningServer) -> None:
    explorer.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = explorer.open(f"{ASEAN}&as=timeline")
    menu = open_export(page)
    assert menu.get_by_role("button", name="embed").count() == 0
    menu.get_by_role("button", name="Copy link").click()
    link = page.evaluate("navigator.clipboard.readText()")
    assert "as_of=" in link
    page = explorer.open(link.removeprefix(f"{explorer.address}/"))
    assert "Association of Southeast Asian Nations" in page.title()
    assert page.locator("meta[property='og:title']").get_attribute("content") in page.title()
    assert page.locator("link[rel=canonical]").get_attribute("href").startswith(server.address)
    page.locator(".timeline-view").wait_for()
    assert "Association of Southeast Asian Nations" in explorer.settle().locator("p.filters").inner_text()


@contextmanager
def other_site(html: str) -> Iterator[str]:
    """Runs another site with one page. Yields its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *_: object) -> None:
            pass

    site = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=site.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{site.server_port}/"
    site.shutdown()


def test_an_answer_is_embedded_only_where_the_server_allows_it(browser: Any, server: RunningServer) -> None:
    with serving("--allow-embed", "*") as open_server:
        context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
        context.set_default_timeout(120_000)  # a new server, beside other tests
        page = context.new_page()
        page.goto(f"{open_server.address}/{ASEAN}&as=table")
        page.locator(".export summary").click()
        page.get_by_role("button", name="Copy embed code").click()
        code = page.evaluate("navigator.clipboard.readText()")
        assert code.startswith("<iframe ")
        address = re.findall('src="([^"]*)"', code)[0]
        with other_site(code) as site:
            page.goto(site)
            frame = page.frame_locator("iframe")
            frame.locator("tbody tr").first.wait_for()
            assert frame.locator("header.top, footer").count() == 0
            assert frame.get_by_role("link", name="Open in nevkg").get_attribute("href").startswith("/questions/local-manufacturers")
        # Only the embed address can be framed, and only if the server allows it.
        for refused in (address.replace("embed=1", ""), address.replace(open_server.address.rstrip("/"), server.address.rstrip("/"))):
            with other_site(f'<iframe src="{refused}"></iframe>') as site:
                page.goto(site)
                page.wait_for_timeout(1000)
                assert page.frame_locator("iframe").locator("#app").count() == 0
        context.close()


@pytest.mark.parametrize(
    ("question", "least"), [("local-manufacturers?bloc=place:asean&standing=*", 13), ("plants-table?country=place:TH", 15)]
)
def test_print_layout_has_every_column_and_the_sources(explorer: Visit, question: str, least: int) -> None:
    cut = """() => [...document.querySelectorAll("th, td")]
      .filter(cell => cell.getBoundingClientRect().right > innerWidth + 1 || cell.scrollWidth > cell.clientWidth + 1)
      .map(cell => cell.textContent)"""
    page = explorer.open(f"questions/{question}&as=table")
    columns = page.locator("thead th").count()
    page.emulate_media(media="print")
    page.set_viewport_size(PAPER)
    assert page.locator("thead th:visible").count() == columns >= least
    assert page.evaluate(cut) == []
    assert page.locator(".sources li").first.is_visible()
    assert page.locator(".top:visible, footer:visible, .menu:visible, .form:visible, .pages:visible").count() == 0
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_the_html_file_opens_from_disk_without_requests(browser: Any, server: RunningServer, tmp_path: Path) -> None:
    file = tmp_path / "answer.html"
    file.write_bytes(server.get("/api/questions/local-manufacturers/answer?bloc=place:asean&format=html").content)
    context = browser.new_context(accept_downloads=True, offline=True)
    page = context.new_page()
    messages: list[str] = []
    requested: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    page.on("request", lambda request: requested.append(request.url))
    page.goto(file.as_uri())
    assert "Association of Southeast Asian Nations · operating" in page.locator(".filters").inner_text()
    page.locator("td details summary").first.click()
    page.locator("td details a").first.click()
    assert page.locator(":target").evaluate("element => element.localName") == "li"
    page.locator(":target a").first.click()
    assert page.locator(":target").get_attribute("id").startswith("source-")
    with page.expect_download() as coming:
        page.get_by_role("link", name="answer.csv").click()
    rows = Path(coming.value.path()).read_bytes()
    assert hashlib.sha256(rows).hexdigest() in page.locator("main").inner_text()
    assert rows == server.get("/api/questions/local-manufacturers/answer?bloc=place:asean&format=csv").content
    assert base64.b64encode(rows).decode() in file.read_text(encoding="utf-8")
    assert [url for url in requested if not url.startswith((file.as_uri(), "data:"))] == []
    assert messages == []
    context.close()
