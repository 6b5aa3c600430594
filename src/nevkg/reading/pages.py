"""Pages as text: files in plain text, HTML or PDF, and web addresses, with limits."""

from __future__ import annotations

import codecs
import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nevkg.data.paths import reading
from nevkg.errors import InvalidData, needs_extra
from nevkg.reading import web

_HTML_SIGNS = (b"<!doctype html", b"<html", b"<head", b"<body")
_PDF = b"%PDF"
# The first bytes of files that cannot be read, and what is said of these.
_UNREADABLE = {
    (b"\x1f\x8b", b"\x28\xb5\x2f\xfd"): "is compressed; unpack it first",  # gzip, zstd
    (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf"): "is a document of a word processor, or an archive; save it as PDF, HTML or text",
    (b"From: <Saved by", b"bplist"): "is a web archive; save the page as HTML only",  # .mhtml; .webarchive
}
_MOST_TAGS = 50_000  # a page with more takes minutes, and is no article
_MOST_UNREADABLE = 0.01  # of the characters

logging.getLogger("pypdf").addHandler(logging.NullHandler())  # without a handler, its warnings are printed


@dataclass(frozen=True)
class Page:
    """The text of a page.

    Attributes:
        place: the file or address, as given.
        text: all of its text, also of menus and footers.
        html: the page as HTML; None for other formats.
    """

    place: str
    text: str
    html: str | None = None
    content: bytes = b""

    @property
    def media(self) -> str:
        """Its media type."""
        return "text/html" if self.html is not None else "application/pdf" if self.content.startswith(_PDF) else "text/plain"


def read_page(place: str) -> Page:
    """Reads a file, or fetches a page if the place is a web address."""
    if "://" in place:
        return parse_page(place, web.fetch(place).content)
    path = Path(place)
    with reading(place):
        if path.stat().st_size > web.LARGEST:
            raise InvalidData(f"{place} has more than {web.LARGEST // web.MEGABYTE} MB; save only the page with the article.")
        return parse_page(place, path.read_bytes())


def parse_page(place: str, content: bytes) -> Page:
    """Returns the page with some content, which is from a file or an address."""
    html = None
    for signs, what in _UNREADABLE.items():
        if content.startswith(signs):
            raise InvalidData(f"{place} {what}.")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        content = content.decode("utf-16", errors="replace").encode()
    if content.startswith(_PDF):
        text = _read_pdf(place, content)
    elif any(sign in content[:4096].lower() for sign in _HTML_SIGNS):
        html, text = _read_html(place, content)
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise InvalidData(f"{place} is no text in UTF-8 (byte {error.start}); save it as UTF-8, HTML or PDF.") from None
        if "\0" in text:
            raise InvalidData(f"{place} is no text; save the page as text, HTML or PDF.")
    if not text.strip():
        hint = " It may be a scan; run text recognition on it first." if content.startswith(_PDF) else ""
        raise InvalidData(f"{place} contains no text that can be read.{hint}")
    return Page(place, text, html, content)


def _read_html(place: str, content: bytes) -> tuple[str, str]:
    with needs_extra("read"):
        from trafilatura import html2txt
        from trafilatura.utils import decode_file
    if content.count(b"<") > _MOST_TAGS:
        raise InvalidData(f"{place} has more than {_MOST_TAGS:,} tags; save only the article.")
    html = decode_file(content)
    if html.count("\ufffd") > _MOST_UNREADABLE * len(html):
        raise InvalidData(f"{place} is in an unknown encoding; save it as UTF-8.")
    return html, html2txt(html)


def parse_html(html: str) -> Any:
    """Returns the tree of a page; None if it has no elements."""
    from lxml.etree import LxmlError
    from lxml.html import HTMLParser, document_fromstring

    try:
        return document_fromstring(html.encode(), parser=HTMLParser(encoding="utf-8"))
    except (LxmlError, ValueError):
        return None


def _read_pdf(place: str, content: bytes) -> str:
    with needs_extra("read"):
        from io import BytesIO

        from pypdf import PdfReader
        from pypdf.errors import DependencyError, FileNotDecryptedError
    try:
        return "\n\n".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    except (FileNotDecryptedError, DependencyError):
        raise InvalidData(f"{place} is encrypted; open it and save a copy without protection.") from None
    except Exception:  # a damaged file leads to errors of any kind
        raise InvalidData(f"{place} is no readable PDF; it may be damaged, so save it again.") from None
