"""Renders templates: the view that all pages share, the texts of each language, and static files."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.lookup.labels import LinkedText, Names
from nevkg.lookup.literals import format_interval, format_number
from nevkg.serve.jobs import Reply, Task, bytes_reply
from nevkg.serve.pages.address import OF_QUADS, OF_QUERIES, OF_TRIPLES, FileLinks, Links, Query, is_web_url
from nevkg.serve.problem import Problem
from nevkg.serve.services import SITE_POLICY, Assets, File, Site
from nevkg.store import Store
from nevkg.table.values import Thing
from nevkg.view import describe_answer, describe_figure, format_support, format_value
from nevkg.words import texts_of

_FOLDER = Path(__file__).parent / "static"


@dataclass(frozen=True)
class StaticFile:
    """A file, and its original name in the folder."""

    original: str
    file: File


@cache
def static_files() -> dict[str, StaticFile]:
    """Returns the files by the names under which they are served."""
    found = {}
    for path in sorted(_FOLDER.iterdir()):
        file = File.read(path)
        found[f"{path.stem}.{file.digest[:16]}{path.suffix}"] = StaticFile(path.name, file)
    return found


_HERE = Path(__file__).parent
WORDS = texts_of("serve.pages")
# The parameters that name the way to show an answer: as a map, for example, and the columns to count or to add.
SHOWN = ("as", "count", "sum")


@dataclass(frozen=True)
class View:
    """The context of a page.

    Attributes:
        path: path of the page, without the prefix of the server.
        query: parameters of the address, without the language, for the links to other languages.
        about: version and date of the dataset; empty if unknown, as on error pages.
        assets: what every page loads.
        site: the site that the page is for; None for a page of a server.
        base: address of the server or site, without a slash at the end; empty if unknown, as on error pages.
    """

    language: str = terms.LANGUAGES[0]
    links: Links = field(default_factory=Links)
    path: str = "/"
    query: Query = field(default_factory=dict)
    about: Mapping[str, str] = field(default_factory=dict)
    assets: Assets = field(default_factory=Assets)
    site: Site | None = None
    base: str = ""

    def of_dataset(self, store: Store) -> View:
        """Returns the view with the version and date of the dataset, which only a worker knows."""
        return replace(self, about={"version": entities.version(store), "day": entities.dataset_date(store)})

    @property
    def day(self) -> str:
        """The ISO date of the page."""
        return self.links.day or self.about["day"]

    @property
    def canonical(self) -> str:
        """The address of the page for other sites, without the way in which it shows its answer."""
        links = replace(self.links, root=self.base)
        return links.to(self.path, {name: value for name, value in self.query.items() if name not in SHOWN})

    def value(self, value: object) -> LinkedText:
        """Returns the text for a value of a card or of a figure, with its link."""
        if isinstance(value, Thing):
            return LinkedText(value.label, "", self.links.of(value.iri))
        if isinstance(value, Mapping):
            return LinkedText(value["label"], "", self.links.of(value["iri"]))
        text = str(value)
        return LinkedText(text, "", text, is_outside=True) if is_web_url(text) else LinkedText(format_value(value, self.language))

    def values(self, cell: object) -> list[LinkedText]:
        """Returns the texts for the values of a cell of a figure."""
        return [self.value(value) for value in (cell if isinstance(cell, list) else [cell]) if value is not None]

    @property
    def words(self) -> dict[str, Any]:
        """The texts in this language."""
        return WORDS[self.language]

    @property
    def languages(self) -> list[tuple[str, str, str]]:
        """The languages: tag, own name, and address of this page in each."""
        return [(tag, WORDS[tag]["language"], replace(self.links, language=tag).to(self.path, self.query)) for tag in terms.LANGUAGES]


class PageNames(Names):
    """Labels of terms in the language of a page, with its links."""

    def __init__(self, store: Store, language: str, links: Links) -> None:
        super().__init__(store, language, links.of)
        self.links = links


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters["number"] = lambda value: format_number(str(value))
    made.filters["figure"], made.filters["answer"] = describe_figure, describe_answer
    made.filters["interval"], made.filters["support"] = format_interval, format_support
    made.globals["static"] = {file.original: f"/static/{name}" for name, file in static_files().items()}
    made.globals["policy"] = SITE_POLICY
    made.globals["media"] = OF_TRIPLES | OF_QUADS | OF_QUERIES
    return made


def page(template: str, view: View, **content: object) -> bytes:
    """Renders a page as UTF-8, from a template named without its suffix."""
    text = _environment().get_template(f"{template}.html").render(view=view, link=view.links.to, w=view.words, **content)
    return text.encode("utf-8", "replace")


def shell(root: str, language: str, assets: Assets, site: Site) -> bytes:
    """Returns a page of a site without content, which its script fills; ``root`` is the way to the folder of the site."""
    return page("shell", View(language, FileLinks(root, language), "", assets=assets, site=site))


def count_pages(items: int, size: int, number: int, where: str) -> int:
    """Returns the number of pages of a list; ``Problem`` 404, which says ``where``, if it has no page with a number."""
    pages = max(1, -(-items // size))
    if number > pages:
        raise Problem(404, f"There is no page {number} {where}; the last one is {pages}.")
    return pages


@dataclass(frozen=True)
class PageTask(Task):
    """A page, rendered for the view of its request."""

    view: View

    def run(self, store: Store) -> Reply:
        """Renders the page."""
        view = self.view.of_dataset(store)
        return html(self._render(store, view), view)

    @abstractmethod
    def _render(self, store: Store, view: View) -> bytes: ...


def html(content: bytes, view: View, headers: Mapping[str, str] | None = None) -> Reply:
    """Returns a reply with a page."""
    return bytes_reply("text/html", content, {"Content-Language": view.language, **(headers or {})})
