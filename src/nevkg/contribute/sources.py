"""Sources of a contribution: their ids count within its folder, what identifies a document is its address."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from pyoxigraph import Literal, NamedNode, Quad

from nevkg.contribute.rows import Row
from nevkg.data import dataset, terms
from nevkg.data.paths import Layout

_ADDRESS = terms.NEV + "address"
_REPUBLISHES = terms.NEV + "republishes"
_TITLE, _EARLIEST = terms.DCTERMS + "title", terms.NEV + "earliest"
_COLLECTED = terms.NEV + "collected"
_DATE = NamedNode(terms.XSD + "date")
_UNDATED = "undated"
_FOLDER = "sources"
# The table of sources, and its columns that are not read by rules alone: a source is known to the kernel.
TABLE = "sources"
ID, ADDRESS, TITLE, PUBLISHER, LANGUAGE = "source_id", "url", "title", "publisher", "language"
PUBLISHED, REPUBLISHES = "published", "republishes"
_NUMBER = re.compile(r"(?<=://)(\d{1,3}(\.\d{1,3}){3}|\[[^]/]*\])(:\d+)?(?=[/?#]|\Z)")
_NO_HOST = "ip-number.invalid"  # RFC 2606: nothing ever answers there

BASED_ON = {REPUBLISHES: "republishes", "rests_on": "restsOn"}


def with_named_host(address: str) -> str:
    """An address with a name in place of a bare IP number, which would lead to whoever has that number by now."""
    return _NUMBER.sub(_NO_HOST, address)


def same_address(address: str) -> str:
    """An address without what does not tell documents apart: scheme, ``www.``, the last slash, the fragment."""
    try:
        parts = urlsplit(with_named_host(address))
    except ValueError:  # told when the row is read
        return address
    host = parts.netloc.casefold().removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}{'?' + parts.query if parts.query else ''}"


def file_of(slug: str, earliest: str | None) -> str:
    """Where a source's file lies in the data: by the year of publication."""
    return f"{_FOLDER}/{earliest[:4] if earliest else _UNDATED}/{slug}.trig"


@dataclass
class Sources:
    """The sources that the data has, and those that a contribution names.

    Attributes:
        files: slug to file, relative to the data.
        slugs: (collection, source id) to slug.
        titles: slug to title and first day of publication, of what the data has.
    """

    files: dict[str, str] = field(default_factory=dict)
    slugs: dict[tuple[str, str], str] = field(default_factory=dict)
    titles: dict[str, tuple[str, str]] = field(default_factory=dict)
    _by_address: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _copies: set[str] = field(default_factory=set)
    _new: set[str] = field(default_factory=set)

    @classmethod
    def read(cls, layout: Layout) -> Sources:
        """The sources of the data."""
        sources = cls()
        for path in dataset.source_files(layout):
            sources.files[path.stem] = str(path.relative_to(layout.data))
            # Only the description is of interest; a statement has no address.
            if _ADDRESS.rpartition("#")[2].encode() in path.read_bytes():
                sources._describe(path.stem, dataset.parse_file(path))
        return sources

    def _describe(self, slug: str, quads: Iterable[Quad]) -> None:
        title = day = ""
        for quad in quads:
            if quad.subject == NamedNode(terms.SOURCE + slug):
                if quad.predicate.value == _ADDRESS:
                    self._by_address[same_address(terms.text(quad.object))].append(slug)
                elif quad.predicate.value == _REPUBLISHES:
                    self._copies.add(slug)
                elif quad.predicate.value == _TITLE:
                    title = terms.text(quad.object)
                elif quad.predicate.value == _EARLIEST:
                    day = terms.text(quad.object)
        self.titles[slug] = title, day

    def assign(self, rows: Iterable[tuple[str, str, str]]) -> None:
        """Gives a slug to each source of a contribution: (collection, id, address).

        A document that is known keeps its slug; of several documents at one address that of the same
        id, else the one that is no copy of another. A new one takes its id, or if that is taken by
        another document its id and six digits of the hash of its address. The order of rows does not matter.
        """
        for name, key, collection in sorted((name, same_address(address), collection) for collection, name, address in rows):
            known = self._by_address[key]
            if name in known:
                slug = name
            elif known:
                slug = min(known, key=lambda one: (one in self._copies, one))
            else:
                taken = name in self.files or name in self._new
                slug = f"{name}-{hashlib.sha256(key.encode()).hexdigest()[:6]}" if taken else name
                known.append(slug)
                self._new.add(slug)
            self.slugs[collection, name] = slug

    def find(self, collection: str, text: str) -> str | None:
        """The slug that a cell means: an id of its own collection, ``other/id`` of another, or a slug of the data."""
        other, _, name = text.rpartition("/")
        return self.slugs.get((other or collection, name)) or (text if text in self.files else None)

    def known(self, collection: str) -> list[str]:
        """The ids that rows of a collection may name."""
        return [name for folder, name in self.slugs if folder == collection] + list(self.files)


def description(
    slug: str,
    row: Row,
    details: Iterable[tuple[str, terms.Term]],
    publisher: str | None,
    based_on: Mapping[str, Iterable[str]],
    collected: str,
) -> list[Quad]:
    """What the data says of a document itself.

    Args:
        details: properties and values that the rules make of its row.
        publisher: IRI.
        based_on: for the columns of ``BASED_ON`` the slugs of other sources.
        collected: ISO day.
    """
    # Codes of languages are the same in any case; the data writes EN as en, and pt-BR as it is.
    primary, hyphen, rest = row.cells[LANGUAGE].partition("-")
    language = primary.lower() + hyphen + rest
    pairs: list[tuple[str, terms.Term]] = [
        (terms.RDF + "type", NamedNode(terms.NEV + "Source")),
        (_ADDRESS, NamedNode(with_named_host(row.cells[ADDRESS]))),
        (_COLLECTED, Literal(collected, datatype=_DATE)),
        *details,
    ]
    if row.cells[TITLE]:
        pairs.append((terms.DCTERMS + "title", Literal(row.cells[TITLE], language=language or "und")))
    if language:
        pairs.append((terms.DCTERMS + "language", Literal(language)))
    if publisher:
        pairs.append((terms.DCTERMS + "publisher", NamedNode(publisher)))
    for column, slugs in based_on.items():
        pairs += [(terms.NEV + BASED_ON[column], NamedNode(terms.SOURCE + other)) for other in slugs if other != slug]
    node, graph = NamedNode(terms.SOURCE + slug), NamedNode(terms.graph(slug))
    return [Quad(node, NamedNode(name), value, graph) for name, value in pairs]
