"""The files of a site: the pages, and the answers that their script asks for first.

There is a page for each name, question and term, with its RDF, and a site map.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urljoin
from xml.sax.saxutils import escape

from nevkg.ask.catalogue import load_catalogue
from nevkg.ask.feeds import load_feeds
from nevkg.ask.stories import describe_home, load_stories
from nevkg.data import terms
from nevkg.errors import CouldNotRun
from nevkg.lookup import entities
from nevkg.progress import Progress
from nevkg.serve.local import LocalServer
from nevkg.serve.pages.address import FIRST_PAGE, FORMATS, PAGE, QUERY, Query, file_of, has_file, path_of, way_to_root
from nevkg.serve.pages.home import VIEWS
from nevkg.serve.pages.render import shell
from nevkg.serve.services import Explorer, Site
from nevkg.sparql.binding import ANY
from nevkg.store import EmbeddedStore, Store
from nevkg.store.memo import sharing
from nevkg.validate.checks import DATA, all_checks

FOLDER = "answers"
# Bytes of an answer that one may well leave to the engine.
_LARGEST = 500_000
_VALUES = "xsd:"  # how the types begin of parameters that are not things


async def write_answers(server: LocalServer, store: EmbeddedStore, folder: Path, progress: Progress) -> list[str]:
    """Writes the answers, and a list of them by address; returns the paths of those that browsers keep: what the views begin with."""
    (folder / FOLDER).mkdir()
    listed: dict[str, str] = {}
    questions = load_catalogue(store.layout).questions
    spaces, step = entities.namespaces(store), progress("the answers", 0)

    async def save(address: str, largest: float = math.inf, *, must_be: bool = True) -> Any:
        """Saves an answer, unless it has more bytes; returns its content, None if there is none or it is saved already."""
        if address in listed:
            return None
        received = await server.fetch(f"/{address}", accept="application/json")
        if received.status != HTTPStatus.OK and not must_be:
            return None  # other data may lack what a story names; the engine will say so
        if received.status != HTTPStatus.OK:
            raise CouldNotRun(f"'{address}', which the site needs, is answered with {received.status}: {received.body[:200].decode()}")
        if len(received.body) > largest:
            return None
        listed[address] = f"{len(listed)}.json"
        (folder / FOLDER / listed[address]).write_bytes(received.body)
        step()
        return json.loads(received.body)

    # The engine takes a minute for the greatest of them.
    of_views = [name for name, question in questions.items() if question.show.get("page") or question.show.get("shade")]
    kept = []
    for language in terms.LANGUAGES:
        lang = {"lang": language}
        first = [_address("places", lang), *(_address(f"questions/{name}/answer", lang) for name in of_views)]
        for address in first:
            await save(address, must_be=False)
        kept += first
        home = describe_home(store, load_catalogue(store.layout), language)
        stories = [story.compute(store) for story in load_stories(store.layout, language)]
        for name in ("dataset", "ontology", "places"):
            await save(_address(name, lang))
        linked = [*_targets([home, *stories])]
        for name, parameters in linked:
            # As a figure or table within a text, and as an answer with its evidence.
            for more in ({"evidence": "false"}, {}):
                await save(_address(f"questions/{name}/answer", {**parameters, **lang, **more}), must_be=False)
        examples = [(question.name, dict(question.example)) for question in questions.values()]
        for name, parameters in (*linked, *examples):
            await save(_address(f"questions/{name}/answer", {**parameters, **lang}), _LARGEST, must_be=False)
            for parameter in questions[name].parameters:
                if not parameter.type.startswith(_VALUES) and (parameter.name in parameters or parameter.default != ANY):
                    await save(_address(f"questions/{name}/parameters/{parameter.name}/options", {**lang, "limit": "1000"}))
        for entity in _entities(home):
            await save(_address("cards", {"iri": terms.shorten(entity, spaces), **lang}), must_be=False)
    for name in ("dataset", "graph", "questions", *(f"questions/{name}" for name in questions)):
        await save(_address(name))
    (folder / FOLDER / "index.json").write_text(json.dumps(listed, indent=0, sort_keys=True), encoding="utf-8")
    return [f"{FOLDER}/{name}" for name in ("index.json", *(listed[address] for address in kept if address in listed))]


def _targets(document: object) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yields the questions, with their parameters, whose answers a document leads to."""
    for item in _objects(document):
        if isinstance(item.get("question"), str) and isinstance(item.get("parameters"), dict):
            yield item["question"], item["parameters"]


def _entities(document: object) -> Iterator[str]:
    """Yields the entities that a document leads to."""
    return (item["entity"] for item in _objects(document) if isinstance(item.get("entity"), str))


def _objects(document: object) -> Iterator[Mapping[str, Any]]:
    if isinstance(document, dict):
        yield document
        document = list(document.values())
    if isinstance(document, list):
        for item in document:
            yield from _objects(item)


def _address(path: str, query: Query | None = None) -> str:
    """Returns an address as the explorer writes it, with its parameters sorted."""
    asked = urlencode(sorted((query or {}).items()), doseq=True)
    return f"api/{path}{'?' + asked if asked else ''}"


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
        path: the path of the page on a server.
    """
    listed = []
    with sharing():
        pages = [(language, await server.fetch(f"{path}?lang={language}", accept="text/html")) for language in terms.LANGUAGES]
    for language, received in pages:
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


async def write_quickly(server: LocalServer, store: EmbeddedStore, folder: Path, site: Site) -> None:
    """Writes the pages that the explorer does not render itself, and pages without content in place of all others."""
    written = [*_written(store)]
    for path in written:
        await write_page(server, folder, path)
    shells: dict[tuple[str, str], bytes] = {}
    assets = Explorer().assets
    for path in _pages(store, _names(store)):
        if path in written:
            continue
        for language in terms.LANGUAGES:
            key = way_to_root(path, language), language
            shells[key] = shells.get(key) or shell(*key, assets, site)
            _write(folder / file_of(path, language), shells[key])


def write_site_map(folder: Path, address: str, listed: Iterable[str]) -> None:
    """Writes the site map of the listed paths, and where robots find it; the address has no slash at the end."""
    files = sorted("" if file == "index.html" else file for file in listed)
    urls = "".join(f"<url><loc>{escape(f'{address}/{file}')}</loc></url>\n" for file in files)
    _write(folder / "sitemap.xml", _SITE_MAP.format(urls).encode())
    _write(folder / "robots.txt", f"User-agent: *\nAllow: /\nSitemap: {address}/sitemap.xml\n".encode())


_SITE_MAP = '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{}</urlset>\n'


def _pages(store: Store, names: Iterable[str]) -> Iterator[str]:
    """Yields the paths of the pages on a server."""
    written = [*_written(store)]
    yield from written
    yield from (f"/{view}" for view in VIEWS)
    yield from (f"/{part}/{name}" for name in load_catalogue(store.layout).questions for part in ("questions", "question"))
    yield from (path for path in names if path not in written)


def _written(store: Store) -> Iterator[str]:
    """Yields the paths of the pages that the explorer does not render itself."""
    yield from (FIRST_PAGE, "/questions", "/ontology", "/quality", "/quality/checks", "/stories")
    yield from (f"/quality/checks/{check.name}" for check in all_checks(store.layout) if check.about == DATA)
    yield from (f"/stories/{story.name}" for story in load_stories(store.layout, terms.LANGUAGES[0]))


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
