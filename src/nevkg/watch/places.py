"""The places that are watched, as listed in ``data/watch.yaml``, and the links to pages in their feeds, sitemaps and index pages."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus, urljoin, urlsplit

import yaml

from nevkg.data import terms
from nevkg.data.paths import reading
from nevkg.errors import InvalidData, needs_extra
from nevkg.reading.pages import parse_html
from nevkg.reading.web import LARGEST, MEGABYTE

FEED, SITEMAP, INDEX = KINDS = ("feed", "sitemap", "index")
_WORDS = "{words}"


@dataclass(frozen=True)
class Place:
    """A place with links to new pages.

    Attributes:
        name: what it is called in the queue.
        address: web address; ``{words}`` in it stands for words to search for.
        kind: ``feed`` (RSS or Atom), ``sitemap`` or ``index``, a page of links.
        question: name of the question whose answer has the words.
        column: the column with the words.
        rows: how many rows of the answer are searched for.
    """

    name: str
    address: str
    kind: str
    question: str = ""
    column: str = ""
    rows: int = 10

    @property
    def searches(self) -> bool:
        """Whether its address takes words."""
        return _WORDS in self.address

    def fill(self, words: str) -> str:
        """Returns the address that searches for words."""
        return self.address.replace(_WORDS, quote_plus(words))


def read_watchlist(file: Path) -> list[Place]:
    """Returns the places of a list, in its order."""
    try:
        with reading(file):
            entries = yaml.safe_load(file.read_bytes())
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InvalidData(f"{file} is not valid YAML: {' '.join(str(error).split())}.") from None
    if not isinstance(entries, list) or not entries:
        raise InvalidData(f"{file} is no list of places; docs/watching.md shows one.")
    places = [_read_place(entry, f"{file}, place {number}") for number, entry in enumerate(entries, start=1)]
    names = [place.name for place in places]
    for name in names:
        if names.count(name) > 1:
            raise InvalidData(f"{file}: two places are called '{name}'; give each a name of its own.")
    return places


def _read_place(entry: Any, where: str) -> Place:
    if not isinstance(entry, Mapping):
        raise InvalidData(f"{where}: give name, address and kind.")
    known = {field.name: field.type for field in fields(Place)}
    for key, value in entry.items():
        if key not in known:
            raise InvalidData(f"{where}: there is no key '{key}'.{terms.suggest(str(key), list(known))}")
        if known[key] == "int" and not (type(value) is int and value > 0):
            raise InvalidData(f"{where}, {key}: '{value}' is no whole number above 0.")
        if known[key] == "str" and not isinstance(value, str):
            raise InvalidData(f"{where}, {key}: '{value}' is no text.")
    for key in ("name", "address", "kind"):
        if not entry.get(key):
            raise InvalidData(f"{where}: {key} is missing.")
    place = Place(**entry)
    if place.kind not in KINDS:
        raise InvalidData(f"{where}: the kind '{place.kind}' is none of {', '.join(KINDS)}.")
    if not _resolve("", place.address):
        raise InvalidData(f"{where}: {place.address} is not an address of the web; it begins with https://.")
    if place.searches != bool(place.question and place.column):
        raise InvalidData(
            f"{where}: an address with {_WORDS} needs a question and a column that give the words, and no other address does."
        )
    return place


_SHORTEST_TITLE = 8  # characters; shorter texts of links are names of sections
_GZIP = b"\x1f\x8b"
_DAY = 10  # characters of an ISO day


@dataclass(frozen=True)
class Link:
    """A link to a page.

    Attributes:
        title: text of the link; empty if there is none.
        published: the day that the place gives for the page (ISO); empty if it gives none.
    """

    address: str
    title: str = ""
    published: str = ""


@dataclass(frozen=True)
class Links:
    """The links of a place.

    Attributes:
        sitemaps: links to further sitemaps, the newest first.
    """

    pages: list[Link] = field(default_factory=list)
    sitemaps: list[Link] = field(default_factory=list)


def find_links(kind: str, address: str, content: bytes) -> Links:
    """Returns the links of a place.

    Args:
        kind: ``feed``, ``sitemap`` or ``index``.
        address: where the content is from; links may be relative to it.
        content: what was fetched there; a sitemap may be packed with gzip.
    """
    find = {FEED: _in_feed, SITEMAP: _in_sitemap}.get(kind, _in_page)
    return find(address, content)


def _in_feed(address: str, content: bytes) -> Links:
    with needs_extra("read"):
        import feedparser
    # Not the bytes themselves: feedparser reads a file of this machine if they are its name.
    entries = feedparser.parse(BytesIO(content)).entries
    return Links([link for entry in entries if (link := _from_entry(address, entry))])


def _from_entry(address: str, entry: Any) -> Link | None:
    moment = entry.get("published_parsed") or entry.get("updated_parsed")
    day = date(*moment[:3]).isoformat() if moment else ""
    return _make_link(address, entry.get("link", ""), _clean(entry.get("title", "")), day)


def _make_link(base: str, target: str, title: str, published: str = "") -> Link | None:
    address = _resolve(base, target)
    return Link(address, title, published) if address else None


def _resolve(base: str, target: str) -> str:
    """Returns the address of a page on the web, without fragment; an empty text for other addresses, broken ones and none."""
    try:
        address = urljoin(base, target.strip())
        parts = urlsplit(address)
    except ValueError:  # such as http://[
        return ""
    return address.partition("#")[0] if target.strip() and parts.scheme in {"http", "https"} and parts.hostname else ""


def _in_sitemap(address: str, content: bytes) -> Links:
    tree = _parse_xml(address, _unpack(address, content))
    found = Links()
    for element in tree:
        fields: dict[str, str] = {}
        for child in element.iter("*"):
            # The first one: pictures and videos have addresses and titles of their own, further down.
            fields.setdefault(child.tag.rpartition("}")[2], _clean(child.text or ""))
        day = _read_day(fields.get("publication_date") or fields.get("lastmod", ""))
        if link := _make_link(address, fields.get("loc", ""), fields.get("title", ""), day):
            (found.sitemaps if "sitemap" in fields else found.pages).append(link)
    found.sitemaps.sort(key=lambda link: link.published, reverse=True)
    return found


def _unpack(address: str, content: bytes) -> bytes:
    if not content.startswith(_GZIP):
        return content
    unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        unpacked = unpacking.decompress(content, LARGEST)
    except zlib.error as error:
        raise InvalidData(f"{address} cannot be unpacked: {error}.") from None
    if unpacking.unconsumed_tail:
        raise InvalidData(f"{address} has more than {LARGEST // MEGABYTE} MB when unpacked.")
    if not unpacking.eof:
        raise InvalidData(f"{address} is incomplete.")
    return unpacked


def _parse_xml(address: str, content: bytes) -> Any:
    with needs_extra("read"):
        from lxml import etree
    try:
        return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise InvalidData(f"{address} is no sitemap: {error.msg}.") from None


def _in_page(address: str, content: bytes) -> Links:
    return Links(list(dict.fromkeys(_find_anchors(address, content))))


def _find_anchors(address: str, content: bytes) -> Iterator[Link]:
    """Yields the links of a page whose text may be a title."""
    with needs_extra("read"):
        from trafilatura.utils import decode_file
    tree = parse_html(decode_file(content))
    for anchor in tree.iter("a") if tree is not None else ():
        title = _clean(anchor.get("title") or anchor.text_content())
        link = _make_link(tree.base_url or address, anchor.get("href") or "", title)
        if link and len(title) >= _SHORTEST_TITLE:
            yield link


def _clean(text: str) -> str:
    return " ".join(text.split())


def _read_day(text: str) -> str:
    try:
        return date.fromisoformat(text[:_DAY]).isoformat()
    except ValueError:
        return ""
