"""The pages of a site that need no JavaScript: one for each name, question and term, with its RDF, and a site map."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from itertools import islice
from pathlib import Path
from urllib.parse import urljoin
from xml.sax.saxutils import escape

from nevkg.ask.catalogue import load_catalogue
from nevkg.ask.feeds import load_feeds
from nevkg.ask.stories import load_stories
from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.serve.local import LocalServer
from nevkg.serve.pages.address import PAGE, QUERY, path_of
from nevkg.serve.pages.files import FIRST_PAGE, FORMATS, file_of, has_file
from nevkg.store import Store

_NAMES = "SELECT DISTINCT ?name WHERE { ?name ?property ?value }"
_LEADS = '<head>\n<meta name="robots" content="noindex"><meta http-equiv="refresh" content="0; url={}">'
_AT_ONCE = 20


@dataclass(frozen=True)
class Portion:
    """Some of the files of a site: their paths on a server, and whether they are pages or documents in RDF and feeds."""

    paths: Sequence[str]
    are_pages: bool


def list_portions(store: Store) -> list[Portion]:
    """Returns all pages, which are written in each language, and the documents, which are the same in all languages."""
    names = [*_names(store)]
    kinds = ((_pages(store, names), True), (_documents(store, names), False))
    return [Portion(paths, are_pages) for found, are_pages in kinds for paths in _split(found)]


async def write_page(server: LocalServer, folder: Path, path: str) -> list[str]:
    """Writes a page in each language; returns the paths of its files from the folder of the site.

    The page of an entity that was merged leads to the other entity. It is written, since pages link to it, but not returned.

    Args:
        server: renders the page.
        folder: the folder of the site.
        path: the path of the page on a server.
    """
    listed = []
    for language in terms.LANGUAGES:
        received = await server.fetch(f"{path}?lang={language}", accept="text/html")
        file = file_of(path, language)
        if received.status == HTTPStatus.PERMANENT_REDIRECT:
            head = _LEADS.format(escape(received.headers["location"], {'"': "&quot;"}))
            _write(folder / file, received.body.replace(b"<head>", head.encode(), 1))
            continue
        listed.append(file)
        _write(folder / file, received.body)
    return listed


async def write_document(server: LocalServer, folder: Path, path: str) -> None:
    """Writes a document, if there is one; that of an entity that was merged describes the other entity.

    The arguments are those of ``write_page``.
    """
    received = await server.fetch(path)
    if received.status == HTTPStatus.PERMANENT_REDIRECT:
        received = await server.fetch(urljoin(path, received.headers["location"]))
    if received.status == HTTPStatus.OK:
        _write(folder / path.lstrip("/"), received.body)


def write_site_map(folder: Path, address: str, listed: Iterable[str]) -> None:
    """Writes the site map, and where robots find it.

    Args:
        folder: the folder of the site.
        address: the address of the site, without a slash at the end.
        listed: the paths of the pages from the folder.
    """
    urls = "".join(f"<url><loc>{escape(f'{address}/{file}')}</loc></url>\n" for file in ["", *sorted(listed)])
    _write(folder / "sitemap.xml", _SITE_MAP.format(urls).encode())
    _write(folder / "robots.txt", f"User-agent: *\nAllow: /\nSitemap: {address}/sitemap.xml\n".encode())


_SITE_MAP = '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{}</urlset>\n'


def _pages(store: Store, names: Iterable[str]) -> Iterator[str]:
    """Yields the paths of the pages on a server."""
    yield from (FIRST_PAGE, "/questions", "/stories")
    yield from (f"/stories/{story.name}" for story in load_stories(store.layout, terms.LANGUAGES[0]))
    yield from (f"/{part}/{name}" for name in load_catalogue(store.layout).questions for part in ("questions", "question"))
    yield from names


def _documents(store: Store, names: Iterable[str]) -> Iterator[str]:
    """Yields the paths of documents that are the same in all languages."""
    for name in load_feeds(store.layout):
        yield from (f"/feeds/{name}.atom", f"/feeds/{name}.json")
    for name in load_catalogue(store.layout).questions:
        yield from (f"/question/{name}.{suffix}" for suffix in FORMATS if suffix != PAGE)
    for path in names:
        yield from (f"{path}.{suffix}" for suffix in FORMATS if suffix not in (PAGE, QUERY))


def _names(store: Store) -> Iterator[str]:
    """Yields the paths of all names that have files; those with a fragment are on the page of the part before it."""
    # Sorted and chosen here, which is ten times faster than in the query.
    found = sorted(terms.text(row["name"]) for row in entities.select(store, _NAMES))
    paths = dict.fromkeys(path_of(name.partition("#")[0]) for name in found if name.startswith(terms.BASE))
    return (path for path in paths if path.strip("/") and has_file(path))


def _split(paths: Iterator[str]) -> Iterator[Sequence[str]]:
    while portion := tuple(islice(paths, _AT_ONCE)):
        yield portion


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
