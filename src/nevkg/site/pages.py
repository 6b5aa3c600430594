"""The pages of a site that need no JavaScript: one for each name, question and term, with its RDF, and a site map."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from xml.sax.saxutils import escape

from nevkg.ask.catalogue import load_catalogue
from nevkg.ask.feeds import load_feeds
from nevkg.ask.stories import load_stories
from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.progress import Progress
from nevkg.serve.local import LocalServer
from nevkg.serve.pages.address import PAGE, QUERY, path_of
from nevkg.serve.pages.files import FIRST_PAGE, FORMATS, file_of, has_file
from nevkg.store import EmbeddedStore

_NAMES = f"""
SELECT DISTINCT ?name WHERE {{ ?name ?property ?value FILTER(STRSTARTS(STR(?name), "{terms.BASE}")) }} ORDER BY ?name
"""
_MERGED = {HTTPStatus.PERMANENT_REDIRECT, HTTPStatus.FOUND}


async def write_pages(server: LocalServer, store: EmbeddedStore, folder: Path, address: str, progress: Progress) -> None:
    """Writes the pages in all languages, their documents in RDF, the feeds and the site map.

    Args:
        server: renders the pages.
        store: the dataset.
        folder: the folder of the site.
        address: the address of the site, without a slash at the end; empty if it is not known, and then there is no site map.
        progress: see ``publish_site``.
    """
    pages, documents = [*_pages(store)], [*_documents(store)]
    step = progress("the pages", len(pages) + len(documents))
    listed = []
    for path in pages:
        for language in terms.LANGUAGES:
            received = await server.fetch(f"{path}?lang={language}", accept="text/html")
            if received.status in _MERGED:
                break
            _write(folder / file_of(path, language), received.body)
            listed.append(file_of(path, language))
        step()
    for path in documents:
        received = await server.fetch(path)
        if received.status == HTTPStatus.OK:
            _write(folder / path.lstrip("/"), received.body)
        step()
    if address:
        urls = "".join(f"<url><loc>{escape(f'{address}/{file}')}</loc></url>\n" for file in ["", *sorted(listed)])
        _write(folder / "sitemap.xml", _SITE_MAP.format(urls).encode())
        _write(folder / "robots.txt", f"User-agent: *\nAllow: /\nSitemap: {address}/sitemap.xml\n".encode())


_SITE_MAP = '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{}</urlset>\n'


def _pages(store: EmbeddedStore) -> Iterator[str]:
    """Yields the paths of the pages on a server."""
    yield from (FIRST_PAGE, "/questions", "/stories")
    yield from (f"/stories/{story.name}" for story in load_stories(store.layout, terms.LANGUAGES[0]))
    yield from (f"/{part}/{name}" for name in load_catalogue(store.layout).questions for part in ("questions", "question"))
    yield from _names(store)


def _documents(store: EmbeddedStore) -> Iterator[str]:
    """Yields the paths of documents that are the same in all languages."""
    for name in load_feeds(store.layout):
        yield from (f"/feeds/{name}.atom", f"/feeds/{name}.json")
    for name in load_catalogue(store.layout).questions:
        yield from (f"/question/{name}.{suffix}" for suffix in FORMATS if suffix != PAGE)
    for path in _names(store):
        yield from (f"{path}.{suffix}" for suffix in FORMATS if suffix not in (PAGE, QUERY))


def _names(store: EmbeddedStore) -> Iterator[str]:
    """Yields the paths of all names that have files; those with a fragment are on the page of the part before it."""
    found = (terms.text(row["name"]) for row in entities.select(store, _NAMES))
    paths = dict.fromkeys(path_of(name.partition("#")[0]) for name in found)
    return (path for path in paths if path.strip("/") and has_file(path))


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
