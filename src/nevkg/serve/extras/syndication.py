"""Feeds of changes at ``/feeds``, as Atom (RFC 4287) and JSON Feed 1.1."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import urlencode
from xml.etree import ElementTree

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from nevkg.ask.evaluation import find_display_labels
from nevkg.ask.feeds import FeedEntry, load_feeds, read_entries
from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.lookup.sources import Source
from nevkg.serve.jobs import Job, Reply, Task, bytes_reply
from nevkg.serve.pages.address import DATASET, Links, is_web_url, path_of
from nevkg.serve.pages.home import ATOM, JSON
from nevkg.serve.pages.question_pages import label_names
from nevkg.serve.pages.render import View
from nevkg.serve.pages.requests import PARAMETER, view_of
from nevkg.serve.parameter import KNOWN_BY, clocks_of
from nevkg.serve.problem import Problem, unknown_name
from nevkg.serve.services import services_of
from nevkg.store import Store

_NAMESPACE = "http://www.w3.org/2005/Atom"
_VERSION = "https://jsonfeed.org/version/1.1"
# Characters that XML 1.0 does not allow.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class FeedDocument:
    """A feed to write.

    Attributes:
        id: its IRI, the same on each server.
        author: who publishes it.
        day: ISO date of the dataset, the date of the feed.
        address: its own address.
        page: the address of the page that has more.
        base: scheme and host of the server.
        links: the links to pages.
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
    entries: Sequence[FeedEntry]

    def page_of(self, entry: FeedEntry) -> str:
        """Returns the address of the page to which an entry leads: that of its entity, or of its own name."""
        iri = entry.about if entry.about and entry.about.startswith(terms.BASE) else entry.id.partition("#")[0]
        return self.base + self.links.to(path_of(iri))


def write_json(feed: FeedDocument) -> bytes:
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
                    "id": entry.id,
                    "url": feed.page_of(entry),
                    "title": entry.title,
                    "content_html": _describe(entry),
                    "date_published": _moment(entry.date),
                }
                for entry in feed.entries
            ],
        },
        ensure_ascii=False,
    ).encode()


def write_atom(feed: FeedDocument) -> bytes:
    """Returns a feed as Atom."""
    ElementTree.register_namespace("", _NAMESPACE)
    root = ElementTree.Element(f"{{{_NAMESPACE}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": feed.language})
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "updated", _moment(feed.day))
    _add(_add(root, "author"), "name", feed.author)
    _add(root, "link", rel="self", type=ATOM, href=feed.address)
    _add(root, "link", rel="alternate", type="text/html", href=feed.page)
    for item in feed.entries:
        entry = _add(root, "entry")
        _add(entry, "id", item.id)
        _add(entry, "title", item.title)
        _add(entry, "updated", _moment(item.date))
        _add(entry, "link", rel="alternate", type="text/html", href=feed.page_of(item))
        _add(entry, "content", _describe(item), type="html")
    ElementTree.indent(root)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, "unicode").encode()


def _add(parent: ElementTree.Element, tag: str, text: str = "", **attributes: str) -> ElementTree.Element:
    made = ElementTree.SubElement(parent, f"{{{_NAMESPACE}}}{tag}", attributes)
    made.text = _FORBIDDEN.sub("\ufffd", text) or None
    return made


def _moment(day: str) -> str:
    return f"{day}T00:00:00Z"


def _describe(entry: FeedEntry) -> str:
    """Returns the lines and the sources of an entry as HTML."""
    lines = "".join(f"<li>{escape(line)}</li>" for line in entry.lines)
    sources = "".join(f"<li>{_cite(source)}</li>" for source in entry.sources)
    return "".join(f"<ul>{part}</ul>" for part in (lines, sources) if part)


def _cite(source: Source) -> str:
    title = escape(source.title)
    linked = f'<a href="{escape(source.address)}" rel="nofollow">{title}</a>' if is_web_url(source.address) else title
    return ", ".join([linked, *(escape(part) for part in (source.publisher, source.date, source.unreliable) if part)])


@dataclass(frozen=True)
class ReadFeed(Task):
    """A feed.

    Attributes:
        format: ``atom`` or ``json``.
        asked: the parameters of its question.
        address: its own address.
        view: language and links of its entries.
    """

    name: str
    format: str
    asked: Mapping[str, Sequence[str]]
    address: str
    view: View

    def run(self, store: Store) -> Reply:
        """Returns the feed."""
        feeds, name = load_feeds(store.layout), self.name
        if name not in feeds:
            raise unknown_name("feed", name, feeds, f"; choose from {', '.join(feeds)}")
        chosen, view, asked = feeds[name], self.view.of_dataset(store), self.asked
        site = find_display_labels(store, [DATASET], view.language)[DATASET]
        pairs = sorted((key, word) for key, words in asked.items() for word in words)
        document = FeedDocument(
            id=f"{terms.BASE}feeds/{name}?{urlencode([*pairs, (PARAMETER, view.language)])}",
            title=" · ".join(
                [chosen.title[view.language], *(word for words in asked.values() for word in label_names(store, words, view.language))]
            ),
            author=site,
            day=entities.dataset_date(store),
            address=self.address,
            page=view.base + view.links.to(f"/questions/{chosen.question.name}", {**chosen.given, **asked}),
            base=view.base,
            links=view.links,
            language=view.language,
            entries=read_entries(store, chosen, asked, view.language),
        )
        media, write = (ATOM, write_atom) if self.format == "atom" else (JSON, write_json)
        return bytes_reply(f"{media}; charset=utf-8", write(document), {"Content-Language": view.language})


def routes() -> list[BaseRoute]:
    """Returns the route."""
    return [Route("/feeds/{name}.{format}", _feed, methods=["GET"])]


async def _feed(request: Request) -> Response:
    name, format_name = request.path_params["name"], request.path_params["format"]
    if format_name not in ("atom", "json"):
        raise Problem(404, f"A feed has no format '{format_name[:80]}'; choose atom or json.")
    asked = {key: request.query_params.getlist(key) for key in request.query_params if key not in (PARAMETER, KNOWN_BY)}
    task = ReadFeed(name, format_name, asked, str(request.url), view_of(request))
    return await services_of(request).respond(request, Job(task, known_by=clocks_of(request).get(KNOWN_BY)))
