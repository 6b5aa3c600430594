"""Templates filled: what all pages share, and the words of each language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.serve.pages.address import OF_QUADS, OF_QUERIES, OF_TRIPLES, Links, Query
from nevkg.serve.pages.static_files import static_files
from nevkg.serve.pages.terms import number
from nevkg.serve.reply import Reply, whole
from nevkg.store import Store

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class View:
    """Who reads what: the language, where links lead, and the address of the page, for its other languages.

    Attributes:
        language: of the words.
        links: makes addresses.
        path: of the page, without the root.
        query: of the address, without the language.
        about: version and date of the dataset; empty if they are not known, as on the pages of errors.
        explorer: whether there is one to link to.
    """

    language: str = terms.LANGUAGES[0]
    links: Links = field(default_factory=Links)
    path: str = "/"
    query: Query = field(default_factory=dict)
    about: Mapping[str, str] = field(default_factory=dict)
    explorer: bool = False

    @classmethod
    def of(cls, store: Store, given: Mapping[str, Any]) -> View:
        """The view that a task is given as ``view``."""
        view = given["view"]
        about = {"version": entities.version(store), "day": entities.dataset_date(store)}
        links = Links(view["root"], view["language"] if view["pinned"] else "", tuple(view["clocks"].items()))
        return cls(view["language"], links, view["path"], view.get("query", {}), about, view["explorer"])

    @property
    def day(self) -> str:
        """The day (ISO) that the page is for."""
        return self.links.day or self.about["day"]

    @property
    def words(self) -> dict[str, Any]:
        """What the pages say in this language."""
        return words()[self.language]

    @property
    def languages(self) -> list[tuple[str, str, str]]:
        """Each language: its tag, its own name, and the address of this page in it."""
        return [(tag, words()[tag]["language"], replace(self.links, language=tag).to(self.path, self.query)) for tag in terms.LANGUAGES]


@cache
def words() -> dict[str, dict[str, Any]]:
    """Language to words."""
    import yaml

    found: dict[str, dict[str, Any]] = yaml.safe_load((_HERE / "words.yaml").read_text(encoding="utf-8"))
    return found


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
    made.filters["number"] = lambda value: number(str(value))
    made.globals["static"] = {file.original: f"/static/{name}" for name, file in static_files().items()}
    made.globals["media"] = OF_TRIPLES | OF_QUADS | OF_QUERIES
    return made


def page(template: str, view: View, **content: object) -> bytes:
    """A page.

    Args:
        template: its file without the suffix.
        view: who reads what.
        content: what the template shows.
    """
    text = _environment().get_template(f"{template}.html").render(view=view, link=view.links.to, w=view.words, **content)
    return text.encode("utf-8", "replace")


def html(content: bytes, view: View, headers: Mapping[str, str] | None = None) -> Reply:
    """A reply of a page."""
    return whole("text/html; charset=utf-8", content, {"Content-Language": view.language, **(headers or {})})
