"""Bad pages: one clear sentence each, and nothing half-written."""

from __future__ import annotations

import gzip
import io
import json
import sys
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
from tests.conftest import Nevkg, Result

from nevkg.data.paths import Layout
from nevkg.errors import InvalidData
from nevkg.reading import web
from nevkg.reading.pages import read_page

FACTS = (
    "Alpha Motor opened Plant Q in Rayong, Thailand, on Wednesday. It can build about 20,000 cars a year, and employs 1,800 people "
    "there, the company said in a statement, and more models will follow in the years to come. "
)
LINK = '<link rel="canonical" href="https://example.org/q">'
HEAD = f'{LINK}<meta property="article:published_time" content="2025-03-13">'


def page(body: str, head: str = HEAD, opening: str = '<html lang="en">') -> str:
    return f"<!doctype html>{opening}<head><title>Alpha Motor opens a plant</title>{head}</head><body>{body}</body></html>"


def article(text: str = FACTS * 3, title: str = "Alpha Motor opens a plant") -> str:
    return f"<article><h1>{title}</h1><p>{text}</p></article>"


def scan() -> bytes:
    from pypdf import PdfWriter

    writer, content = PdfWriter(), io.BytesIO()
    writer.add_blank_page(200, 200)
    writer.write(content)
    return content.getvalue()


def pdf(stream: str = "") -> bytes:
    """Returns a page with one word, whose table of objects is damaged, and whose text has further properties."""
    return f"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Arial>>>>>>>>endobj
4 0 obj<</Length 24{stream}>>stream
BT /F 9 Tf (Hello) Tj ET
endstream endobj
xref
0 1
0000000000 65535 f
trailer<</Root 1 0 R/Size 5>>
startxref
0
%%EOF
""".encode()


def encrypted() -> bytes:
    from pypdf import PdfWriter

    writer, content = PdfWriter(io.BytesIO(scan())), io.BytesIO()
    writer.encrypt("password", algorithm="RC4-128")
    writer.write(content)
    return content.getvalue()


def entities() -> str:
    """Returns a page whose entities would grow to ten billion characters."""
    defined = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    return f'<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa">{defined}]><html><body>&j;</body></html>'


LINKS = "".join(f'<li><a href="/{n}">Maker number {n} opens a plant in country number {n}</a></li>' for n in range(40))
NOT_FREE = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": false}</script>'
FONT = '<font style="vertical-align: inherit;">'
BAD: dict[str, tuple[str, str | bytes | Callable[[], str | bytes], str]] = {
    "gbk": (".txt", "甲汽车在泰国的工厂投产。".encode("gbk") * 20, "is no text in UTF-8 (byte 0); save it as UTF-8, HTML or PDF."),
    "unknown-encoding": (".html", b"<html><body><p>" + bytes(range(128, 256)) * 20, "is in an unknown encoding; save it as UTF-8."),
    "picture": (".html", b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "is no text in UTF-8 (byte 0)"),
    "null": (".txt", b"text\0" * 100, "is no text; save the page as text, HTML or PDF."),
    "empty": (".txt", b"", "contains no text that can be read."),
    "spaces": (".txt", b" \n" * 500, "contains no text that can be read."),
    "empty-html": (".html", page(""), "contains no text that can be read."),
    "large": (".txt", lambda: b"a" * (20 * 1024 * 1024 + 1), "has more than 20 MB; save only the page with the article."),
    "scan": (".pdf", scan, "contains no text that can be read. It may be a scan; run text recognition on it first."),
    "broken-pdf": (".pdf", b"%PDF-1.7\nnothing", "is no readable PDF; it may be damaged, so save it again."),
    "unknown-filter-pdf": (".pdf", lambda: pdf("/Filter/Foo"), "is no readable PDF; it may be damaged, so save it again."),
    "repaired-pdf": (".pdf", pdf, "has 5 characters of text, too few for an article"),
    "encrypted-pdf": (".pdf", encrypted, "is encrypted; open it and save a copy without protection."),
    "word": (".docx", b"PK\x03\x04", "is a document of a word processor, or an archive; save it as PDF, HTML or text."),
    "rtf": (".txt", b"{\\rtf1 " + FACTS.encode(), "is a document of a word processor, or an archive; save it as PDF, HTML or text."),
    "mhtml": (".html", f"From: <Saved by Blink>\nMIME-Version: 1.0\n\n{page(FACTS)}", "is a web archive; save the page as HTML only."),
    "stub": (".html", page("<p>Subscribe to read on.</p>"), "characters of text, too few for an article"),
    "paywall": (".html", page(article(FACTS), HEAD + NOT_FREE), "has only the beginning of an article that is not free"),
    "links": (".html", page(f"<ul>{LINKS}</ul>"), "is a page of links; save the article itself."),
    "machine": (".html", page(article(), opening='<html lang="en" class="translated-ltr">'), "is a translation by a program"),
    "machine-saved": (".html", page(article(f"{FONT}{FONT}{FACTS * 3}</font></font>")), "is a translation by a program"),
    "two": (
        ".html",
        page(article() + article(FACTS.replace("Alpha", "Beta") * 3, "Beta")),
        "has 2 articles ('Alpha Motor opens a plant', 'Beta')",
    ),
    "future": (".html", page(article(), HEAD.replace("2025", "2999")), "is dated 2999-03-13, which is after today"),
    "no-day": (
        ".html",
        page(article(), HEAD.replace("2025-03-13", "2999-13-45")),
        "is dated 2999-13-45, which is not in the calendar; give",
    ),
    "undated": (
        ".html",
        page(article(), LINK),
        "has no date; give the day with --published.",
    ),
    "no-address": (".txt", FACTS * 3, "The page does not say its web address; give it with --address."),
    "deep": (".html", lambda: page("<div>" * 100_000 + FACTS), "has more than 50,000 tags; save only the article."),
    "deep-and-short": (".html", lambda: page("<div>" * 40_000 + FACTS), "contains no text that can be read."),
    "wide": (".html", lambda: page("<p>a</p>" * 100_000), "has more than 50,000 tags; save only the article."),
    "attribute": (".html", lambda: page(f'<p x="{"a" * 12_000_000}">{FACTS}</p>'), "contains no text that can be read."),
    "entities": (".html", entities, "characters of text, too few for an article"),
    "gzip": (".html", lambda: gzip.compress(page("a" * 50_000_000).encode()), "is compressed; unpack it first."),
    "gzip-with-sign": (".html", b"\x1f\x8b\x08\x08\0\0\0\0\0\x03<html>\0" + gzip.compress(b"a" * 9999)[10:], "is compressed"),
}


@pytest.fixture
def read(nevkg: Nevkg, data: Layout, tmp_path: Path) -> Callable[..., Result]:
    def run(place: Path, *options: str) -> Result:
        return nevkg("read", str(place), "--output", str(tmp_path / "rows"), "--data", str(data.data), *options)

    return run


@pytest.mark.parametrize("name", BAD)
def test_a_bad_page_is_reported_in_one_sentence(read: Callable[..., Result], tmp_path: Path, name: str) -> None:
    suffix, content, sentence = BAD[name]
    made = content() if callable(content) else content
    place = tmp_path / f"page{suffix}"
    place.write_bytes(made.encode() if isinstance(made, str) else made)
    result = read(place)
    assert result.code != 0
    assert sentence in result.err
    assert result.err.count("\n") == 1
    assert result.err.endswith(".\n")
    assert "Traceback" not in result.err
    assert [path.name for path in tmp_path.iterdir() if "rows" in path.name] == []


def test_a_day_in_the_future_cannot_be_given(read: Callable[..., Result], tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(page(article()), encoding="utf-8")
    result = read(tmp_path / "page.html", "--published", "2999-01-01")
    assert (result.code, result.err) == (2, "nevkg: The day of the page, 2999-01-01, is after today.\n")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--address", "notaurl"), "'notaurl' is not an address of the web; it begins with https:// and has no spaces, quotes, | or {."),
        (("--address", "javascript:alert(1)"), "'javascript:alert(1)' is not an address of the web"),
        (("--address", "https://example.org/a|b"), "'https://example.org/a|b' is not an address of the web"),
        (("--address", ""), "'' is not an address of the web"),
        (("--published", ""), "'' is not a day; write it as YYYY-MM-DD"),
        (("--with", ""), "The command is empty; name a program that reads JSON and writes JSON."),
        (("--check", ""), "There is no source ''."),
        (("--texts", __file__), f"'{__file__}' is not a folder"),
    ],
)
def test_a_bad_option_is_refused(read: Callable[..., Result], tmp_path: Path, options: tuple[str, ...], message: str) -> None:
    (tmp_path / "page.html").write_text(page(article()), encoding="utf-8")
    result = read(tmp_path / "page.html", *options)
    assert (result.code, result.out) == (2, "")
    assert message in result.err
    assert not (tmp_path / "rows").exists()


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("", "The name of a page is empty; name a file, a folder or a web address."),
        ("ftp://example.org/q", "ftp://example.org/q is not an address of the web; it begins with https://."),
        ("file:///etc/passwd", "file:///etc/passwd is not an address of the web; it begins with https://."),
    ],
)
def test_a_place_that_is_no_page_is_refused(nevkg: Nevkg, data: Layout, tmp_path: Path, place: str, message: str) -> None:
    result = nevkg("read", place, "--output", str(tmp_path / "rows"), "--data", str(data.data))
    assert (result.code, result.err) == (2, f"nevkg: {message}\n")


def test_a_page_is_read_once(read: Callable[..., Result], tmp_path: Path) -> None:
    place, copy = tmp_path / "page.html", tmp_path / "copy.html"
    for file in (place, copy):
        file.write_text(page(article()), encoding="utf-8")
    result = read(place, str(place), str(copy))
    assert result.code == 0
    assert " from 1 page." in result.out
    assert result.err.endswith(f"nevkg: {copy} is left out: its address, https://example.org/q, is that of a page above.\n")


def test_an_article_about_others_gives_no_rows(read: Callable[..., Result], tmp_path: Path) -> None:
    text = "Gamma Cars of Utopia opened a bakery in Atlantis on Wednesday, and nobody was there to see it happen. "
    (tmp_path / "page.html").write_text(page(article(text * 4)), encoding="utf-8")
    result = read(tmp_path / "page.html")
    assert result.code == 0
    assert "no row was found; it may be about others than the data is about." in result.err
    assert "There is nothing to import yet; to add rows yourself: nevkg review " in result.out
    assert {path.name for path in (tmp_path / "rows").iterdir()} == {"sources.csv", "proposals.json", "texts"}


def test_bad_pages_of_a_folder_are_left_out(read: Callable[..., Result], tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "a.html").write_text(page(article()), encoding="utf-8")
    (folder / "b.html").write_text(page(article(), HEAD.replace("/q", "/r")), encoding="utf-8")
    (folder / "c.txt").write_bytes(b"\xff")
    (folder / "d.txt").write_text(FACTS * 3, encoding="utf-8")
    result = read(folder)
    assert result.code == 0
    assert "c.txt is no text in UTF-8" in result.err
    assert "d.txt: The page does not say its web address" in result.err
    # Two pages of one publisher and day have names of their own.
    assert len(list((tmp_path / "rows" / "texts").iterdir())) == 2
    (folder / "a.html").unlink()
    (folder / "b.html").unlink()
    assert "None of the pages can be read; nothing was written." in read(folder).err


def test_an_old_article_in_gbk_is_read(read: Callable[..., Result], tmp_path: Path) -> None:
    text = "甲汽车在泰国罗勇的工厂投产，年产能约十五万辆。公司现有员工一千八百人，计划于明年扩建。" * 6
    (tmp_path / "page.html").write_bytes(page(article(text), f'<meta charset="gbk">{HEAD}').encode("gbk"))
    assert read(tmp_path / "page.html").code == 0
    (copy,) = (tmp_path / "rows" / "texts").iterdir()
    assert "甲汽车在泰国罗勇的工厂投产" in copy.read_text(encoding="utf-8")


def test_quotes_may_occur_twice_or_run_across_paragraphs(read: Callable[..., Result], tmp_path: Path) -> None:
    said = "Alpha Motor opened Plant Q in Rayong, Thailand, on Wednesday."
    (tmp_path / "page.html").write_text(page(article(f"{FACTS}</p><p>More news follow in the evening.</p><p>{FACTS}")), encoding="utf-8")
    cells = {"plant_id": "q", "name": "Plant Q", "country": "TH"}
    jobs = {"plant_id": "q", "attribute": "jobs", "value": "1800"}
    across = f"{FACTS}More news follow"
    rows = [{"table": "plants", "cells": cells, "quote": said}, {"table": "plant_facts", "cells": jobs, "quote": across}]
    (tmp_path / "model.py").write_text(f"import json\nprint(json.dumps({rows!r}))", encoding="utf-8")
    result = read(tmp_path / "page.html", "--with", f"'{sys.executable}' '{tmp_path / 'model.py'}'")
    assert (result.code, "row " in result.out) == (0, False), result.out
    (copy,) = (tmp_path / "rows" / "texts").iterdir()
    text = copy.read_text(encoding="utf-8")
    notes = {note["table"]: note for note in json.loads((tmp_path / "rows" / "proposals.json").read_text(encoding="utf-8"))}
    assert text.count(said) == 2
    assert notes["plants"]["start"] == text.index(said)
    assert "\n" in text[notes["plant_facts"]["start"] : notes["plant_facts"]["end"]]


@pytest.fixture
def bomb(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of a page of 100 kB that unpacks to 100 MB."""
    content = gzip.compress(page("a" * 100_000_000).encode())

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    monkeypatch.setattr(web, "_refuse_private", lambda _address: None)
    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_a_response_that_unpacks_to_too_much_is_refused(bomb: str) -> None:
    with pytest.raises(InvalidData, match=f"{bomb} has more than 20 MB; save only the page with the article."):
        read_page(bomb)


def test_a_broken_address_is_reported() -> None:
    with pytest.raises(web.NotFetched, match=r"http://\[a cannot be fetched: "):
        read_page("http://[a")
