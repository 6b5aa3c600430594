"""Writes feeds as Atom (RFC 4287) and JSON Feed 1.1."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from xml.etree import ElementTree

from nevkg.ask.feeds import Entry
from nevkg.data import terms
from nevkg.lookup.sources import Source
from nevkg.serve.pages.address import Links, is_web_url, path_of

ATOM, JSON = "application/atom+xml", "application/feed+json"
_NAMESPACE = "http://www.w3.org/2005/Atom"
_VERSION = "https://jsonfeed.org/version/1.1"
# Characters that XML 1.0 does not allow.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Document:
    """A feed to write.

    Attributes:
        id: its IRI, the same on each server.
        title: its title.
        author: who publishes it.
        day: ISO date of the dataset, the date of the feed.
        address: its own address.
        page: the address of the page that has more.
        base: scheme and host of the server.
        links: the links to pages.
        language: language of the texts.
        entries: the entries, newest first.
    """

    id: str
    title: str
    author: str
    day: str
    address: str
    page: str
    base: str
    links: Links
    language: str
    entries: Sequence[Entry]

    def page_of(self, entry: Entry) -> str:
        """Returns the address of the page to which an entry leads: that of its entity, or of its own name."""
        iri = entry.about if entry.about and entry.about.startswith(terms.BASE) else entry.id.partition("#")[0]
        return self.base + self.links.to(path_of(iri))


def write_json(feed: Document) -> bytes:
    """Returns a feed as JSON Feed."""
    return json.dumps(
        {
            "version": _VERSION,
            "title": feed.title,
            "home_page_url": feed.page,
            "feed_url": feed.address,
            "language": feed.language,
            "authors": [{"name": feed.author}],
            "items": [
                {
                    "id": one.id,
                    "url": feed.page_of(one),
                    "title": one.title,
                    "content_html": _describe(one),
                    "date_published": _moment(one.date),
                }
                for one in feed.entries
            ],
        },
        ensure_ascii=False,
    ).encode()


def write_atom(feed: Document) -> bytes:
    """Returns a feed as Atom."""
    ElementTree.register_namespace("", _NAMESPACE)
    root = ElementTree.Element(f"{{{_NAMESPACE}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": feed.language})
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "updated", _moment(feed.day))
    _add(_add(root, "author"), "name", feed.author)
    _add(root, "link", rel="self", type=ATOM, href=feed.address)
    _add(root, "link", rel="alternate", type="text/html", href=feed.page)
    for one in feed.entries:
        entry = _add(root, "entry")
        _add(entry, "id", one.id)
        _add(entry, "title", one.title)
        _add(entry, "updated", _moment(one.date))
        _add(entry, "link", rel="alternate", type="text/html", href=feed.page_of(one))
        _add(entry, "content", _describe(one), type="html")
    ElementTree.indent(root)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, "unicode").encode()


def _add(parent: ElementTree.Element, tag: str, text: str = "", **attributes: str) -> ElementTree.Element:
    made = ElementTree.SubElement(parent, f"{{{_NAMESPACE}}}{tag}", attributes)
    made.text = _FORBIDDEN.sub("\ufffd", text) or None
    return made


def _moment(day: str) -> str:
    return f"{day}T00:00:00Z"


def _describe(entry: Entry) -> str:
    """Returns the lines and the sources of an entry as HTML."""
    lines = "".join(f"<li>{escape(line)}</li>" for line in entry.lines)
    sources = "".join(f"<li>{_cite(source)}</li>" for source in entry.sources)
    return "".join(f"<ul>{part}</ul>" for part in (lines, sources) if part)


def _cite(source: Source) -> str:
    title = escape(source.title)
    linked = f'<a href="{escape(source.address)}" rel="nofollow">{title}</a>' if is_web_url(source.address) else title
    return ", ".join([linked, *(escape(part) for part in (source.publisher, source.published, source.unreliable) if part)])
