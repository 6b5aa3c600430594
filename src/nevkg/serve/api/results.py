"""What jobs of the API share: formats of files, pages of lists, and the names of entities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

from pyoxigraph import NamedNode

from nevkg.ask.evaluation import find_display_labels
from nevkg.data import terms
from nevkg.data.json_values import to_json_value
from nevkg.errors import WrongUsage
from nevkg.lookup import entities
from nevkg.serve.api import responses
from nevkg.serve.jobs import Reply, Task, bytes_reply
from nevkg.serve.parameter import OFFSET
from nevkg.store import Store
from nevkg.table import values

T = TypeVar("T")

TABLE_FORMATS = {
    "json": "application/json",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "jsonl": "application/jsonl",
    "md": "text/markdown",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html",
    "zip": "application/zip",
    "bibtex": "application/x-bibtex",
    "csl": "application/vnd.citationstyles.csl+json",
    "ris": "application/x-research-info-systems",
}
GRAPH_FORMATS = {
    "json": "application/json",
    "cyjs": "application/vnd.cytoscape+json",
    "graphml": "application/graphml+xml",
    "gexf": "application/gexf+xml",
    "dot": "text/vnd.graphviz",
    "csv": TABLE_FORMATS["csv"],
    "tsv": TABLE_FORMATS["tsv"],
    "parquet": TABLE_FORMATS["parquet"],
    "xlsx": TABLE_FORMATS["xlsx"],
    "svg": "image/svg+xml",
    "png": "image/png",
}
EXPORT_FORMATS = {name: GRAPH_FORMATS[name] for name in ("graphml", "gexf", "cyjs", "dot", "csv", "json")}
ENTITY_FORMATS = {"json": "application/json", "turtle": "text/turtle", "md": "text/markdown", "text": "text/plain"}
_MEDIA = {**TABLE_FORMATS, **GRAPH_FORMATS, **ENTITY_FORMATS}
_ENDINGS = {"turtle": "ttl", "text": "txt", "bibtex": "bib", "csl": "csl.json"}


def file_reply(name: str, format_name: str, content: bytes, headers: Mapping[str, str] | None = None) -> Reply:
    """Returns a reply that a browser offers to save as a file; ``name`` has no extension."""
    disposition = f'attachment; filename="nevkg-{name}.{_ENDINGS.get(format_name, format_name)}"'
    return bytes_reply(_MEDIA[format_name], content, {**(headers or {}), "Content-Disposition": disposition})


@dataclass(frozen=True)
class Page:
    """One page of a list.

    Attributes:
        total: number of items of the list.
        offset: number of skipped items.
        limit: maximum number of items on the page.
        asked: the parameters in its address, which the links to other pages repeat.
    """

    total: int
    offset: int
    limit: int
    asked: Mapping[str, Any]

    def of(self, whole: Sequence[T]) -> Sequence[T]:
        """Returns the part of a list that is on the page."""
        return whole[self.offset : self.offset + self.limit]

    @property
    def next(self) -> str | None:
        """A reference to the next page, relative to the address of this one; None on the last page."""
        end = self.offset + self.limit
        return self._at(end) if end < self.total else None

    @property
    def members(self) -> responses.Page:
        """The members of the response body."""
        return {"total": self.total, "offset": self.offset, "limit": self.limit, "truncated": self.next is not None, "next": self.next}

    @property
    def headers(self) -> dict[str, str]:
        """Response headers: links to the neighbouring pages (RFC 8288), the total, and whether further pages follow."""
        links = [f'<{self.next}>; rel="next"'] if self.next else []
        if self.offset:
            links.append(f'<{self._at(max(self.offset - self.limit, 0))}>; rel="prev"')
        counts = {"X-Total-Count": str(self.total), "X-Truncated": str(self.next is not None).lower()}
        return {**counts, **({"Link": ", ".join(links)} if links else {})}

    def _at(self, offset: int) -> str:
        words = {name: str(value).lower() if isinstance(value, bool) else value for name, value in self.asked.items()}
        return "?" + urlencode({**words, "offset": offset, "limit": self.limit}, doseq=True)


@dataclass(frozen=True, kw_only=True)
class PagedTask(Task):
    """A task that returns one page of a list; the fields are those of ``Page``."""

    offset: Annotated[int, OFFSET]
    limit: int
    asked: Mapping[str, Any]

    def page(self, total: int) -> Page:
        """Returns the page of a list with this number of items."""
        return Page(total, self.offset, self.limit, self.asked)


def read_iri(store: Store, word: str) -> str:
    """Returns the IRI for a short name or an IRI, whether or not it is in the store.

    Raises:
        WrongUsage: if the text is neither.
    """
    expanded = terms.expand(word, entities.namespaces(store))
    try:
        return NamedNode(expanded or "").value
    except ValueError:
        raise WrongUsage(f"'{word}' is neither an IRI nor a short name such as 'prefix:name'.") from None


class Names:
    """The labels of many entities in one language, read at once."""

    def __init__(self, store: Store, found: Iterable[terms.Term | str | None], language: str) -> None:
        """Reads the labels of the IRIs among ``found``."""
        iris = {term.value if isinstance(term, NamedNode) else term for term in found if isinstance(term, NamedNode | str)}
        self._labels = find_display_labels(store, iris, language)

    def thing(self, iri: str) -> values.Thing:
        """Returns an entity with its label."""
        return values.Thing(iri, self._labels[iri])

    def value(self, term: terms.Term | None) -> Any:
        """Converts a term to JSON: an IRI to an object, a literal to a text, number or boolean."""
        return to_json_value(values.to_value(term, self._labels))
