"""The sources of a contribution. A source ID is valid within its collection; a document is identified by its address.

Warnings about rows that can be read but may be wrong do not stop an import.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Quad

from nevkg.contribute.cells import read_date
from nevkg.contribute.problems import ImportProblem, join_names
from nevkg.contribute.sheets import Row
from nevkg.contribute.table_format import TableFormat
from nevkg.data import dataset, terms
from nevkg.data.paths import Layout
from nevkg.reading.addresses import normalise_address, with_named_host

_ADDRESS = terms.NEV + "address"
_REPUBLISHES = terms.NEV + "republishes"
_TITLE, _EARLIEST = terms.DCTERMS + "title", terms.NEV + "earliest"
_COLLECTED = terms.NEV + "collected"
_UNDATED = "undated"
_FOLDER = "sources"
# The table of sources, and the columns that are not read by rules alone: sources are part of the kernel.
TABLE = "sources"
# The column of the flat table for the ID.
FLAT_ID = "source"
ID, ADDRESS, TITLE, PUBLISHER, LANGUAGE = "source_id", "url", "title", "publisher", "language"
PUBLISHED, REPUBLISHES = "published", "republishes"

BASED_ON = {REPUBLISHES: "republishes", "rests_on": "restsOn"}


def find_source_id(row: Row) -> str:
    """Returns the ID of the source that a row is of."""
    return row.cells[ID] if ID in row.cells else row.cells[FLAT_ID]


def source_path(slug: str, earliest: str | None) -> str:
    """Returns the path of a source's file, relative to the data folder, by the earliest possible year of publication."""
    return f"{_FOLDER}/{earliest[:4] if earliest else _UNDATED}/{slug}.trig"


@dataclass
class Sources:
    """The sources in the data, and those that a contribution names.

    Attributes:
        files: slug to file, relative to the data folder.
        slugs: (collection, source ID) to slug.
        titles: slug to title and earliest day of publication, for the sources in the data.
    """

    files: dict[str, str] = field(default_factory=dict)
    slugs: dict[tuple[str, str], str] = field(default_factory=dict)
    titles: dict[str, tuple[str, str]] = field(default_factory=dict)
    _by_address: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    _copies: set[str] = field(default_factory=set)
    _new: set[str] = field(default_factory=set)

    @classmethod
    def read(cls, layout: Layout) -> Sources:
        """Reads the sources in the data."""
        sources = cls()
        for path in dataset.source_files(layout):
            sources.files[path.stem] = str(path.relative_to(layout.data))
            # Only descriptions of sources are needed; statements have no address.
            if _ADDRESS.rpartition("#")[2].encode() in path.read_bytes():
                sources._describe(path.stem, dataset.parse_file(path))
        return sources

    def _describe(self, slug: str, quads: Iterable[Quad]) -> None:
        node = NamedNode(terms.SOURCE + slug)
        about = [(quad.predicate.value, terms.text(quad.object)) for quad in quads if quad.subject == node]
        values = dict(about)
        for address in (value for name, value in about if name == _ADDRESS):
            self._by_address[normalise_address(address)].append(slug)
        if _REPUBLISHES in values:
            self._copies.add(slug)
        self.titles[slug] = values.get(_TITLE, ""), values.get(_EARLIEST, "")

    def assign(self, rows: Iterable[tuple[str, str, str]]) -> None:
        """Assigns a slug to each source of a contribution.

        A known document keeps its slug. If several documents have the same address, the slug is that of the document
        with the same ID, otherwise of the one that does not republish another. A new document gets its ID as slug; if
        another document has that slug, six hexadecimal digits of the hash of its address are appended. The order of
        rows does not matter.

        Args:
            rows: (collection, ID, address) of each source.
        """
        for name, key, collection in sorted((name, normalise_address(address), collection) for collection, name, address in rows):
            known = self._by_address[key]
            if name in known:
                slug = name
            elif known:
                slug = min(known, key=lambda copy: (copy in self._copies, copy))
            else:
                taken = name in self.files or name in self._new
                slug = f"{name}-{hashlib.sha256(key.encode()).hexdigest()[:6]}" if taken else name
                known.append(slug)
                self._new.add(slug)
            self.slugs[collection, name] = slug

    def find(self, collection: str, text: str) -> str | None:
        """Returns the slug that a cell denotes, or None: an ID of its collection, ``other/id`` of another, or a slug in the data."""
        other, _, name = text.rpartition("/")
        return self.slugs.get((other or collection, name)) or (text if text in self.files else None)

    def suggest(self, collection: str, text: str) -> str:
        """Returns `` Did you mean …?`` with similar IDs and slugs that rows of a collection may cite, or an empty string."""
        return terms.suggest(text, [name for folder, name in self.slugs if folder == collection] + list(self.files))


def describe_source(
    slug: str,
    row: Row,
    details: Iterable[terms.Pair],
    publisher: str | None,
    based_on: Mapping[str, Iterable[str]],
    collected: str,
) -> list[Quad]:
    """Returns the quads that describe a document itself.

    Args:
        details: properties and values that the rules make from its row.
        based_on: for each column in ``BASED_ON``, slugs of other sources.

    Raises:
        ValueError: if the address is not a valid IRI.
    """
    # Language tags are case-insensitive; the data writes EN as en, and leaves pt-BR unchanged.
    primary, hyphen, rest = row.cells[LANGUAGE].partition("-")
    language = primary.lower() + hyphen + rest
    pairs: list[terms.Pair] = [
        (terms.RDF + "type", NamedNode(terms.NEV + "Source")),
        (_ADDRESS, NamedNode(with_named_host(row.cells[ADDRESS]))),
        (_COLLECTED, terms.date(collected)),
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
    return terms.describe(terms.SOURCE + slug, pairs, terms.graph(slug))


_NOTE = terms.NEV + "note"
_BRACKETS = re.compile(r"\s*(\[.*\]|【.*】|\(.*\))\s*\Z", re.DOTALL)
_DOMAIN = re.compile(r"(https?://)?(www\.)?([a-z0-9-]+\.)+[a-z]{2,}(:\d+)?/?\Z", re.IGNORECASE)
_IP_NUMBER = re.compile(r"(https?://)?\d{1,3}(\.\d{1,3}){3}(:\d+)?/?\Z")
# Many documents may share a shorter title, such as "News".
_MIN_TITLE_CHARACTERS = 25


def find_doubts(rows: Iterable[Row], tables: Mapping[str, TableFormat], sources: Sources) -> list[ImportProblem]:
    """Returns all warnings about the rows of a contribution, sorted."""
    known = list(rows)
    of_sources = [row for row in known if row.table == TABLE]
    of_each = (doubt for row in of_sources for doubt in _doubt_source(row))
    return sorted({*of_each, *_doubt_mirrors(of_sources, sources), *_doubt_copies(known, tables)})


def _doubt_source(row: Row) -> Iterator[ImportProblem]:
    """Yields warnings about the title, the publisher and the address of a document."""
    title, publisher, address = (row.cells[column] for column in (TITLE, PUBLISHER, ADDRESS))
    if _BRACKETS.match(title):
        yield _remark(row, TITLE, f"'{title}' is not a headline; write the title of the page itself, or leave the cell empty.")
    if _IP_NUMBER.match(publisher):
        message = f"'{publisher}' is an IP address, not a publisher; cite the page of the outlet itself, and name the outlet."
        yield _remark(row, PUBLISHER, message)
    elif _DOMAIN.match(publisher):
        yield _remark(row, PUBLISHER, f"'{publisher}' is a web address; write the name of the outlet as shown on its page.")
    if with_named_host(address) != address:
        yield _remark(row, ADDRESS, "the host is an IP address, which is not recorded; cite the page of the outlet itself.")


def _doubt_mirrors(rows: Iterable[Row], sources: Sources) -> Iterator[ImportProblem]:
    """Yields warnings about documents that republish another available one, as stated or as title and date suggest."""
    titled: dict[tuple[str, str], set[str]] = defaultdict(set)
    for slug, (title, day) in sources.titles.items():
        titled[_normalise_title(title), day].add(slug)
    for row in sorted(rows, key=lambda row: row.place):
        own = sources.slugs.get((row.collection, row.cells[ID]), "")
        original = sources.find(row.collection, row.cells[REPUBLISHES]) if row.cells[REPUBLISHES] else None
        title, day = _normalise_title(row.cells[TITLE]), _first_day(row.cells[PUBLISHED])
        if original and original != own:
            message = f"it republishes {original}, which is available; cite that one in the rows."
            yield _remark(row, REPUBLISHES, message)
        elif len(title) >= _MIN_TITLE_CHARACTERS and day and own not in sources.titles:
            others = sorted(titled[title, day] - {own})
            if others:
                message = f"{join_names(others)} has the same title and date; cite that one, or name it in republishes if this is a copy."
                yield _remark(row, TITLE, message)
            titled[title, day].add(own)


def _first_day(text: str) -> str:
    try:
        return read_date(text).first
    except ValueError:  # reported when the row is read
        return ""


def _normalise_title(title: str) -> str:
    return " ".join(title.casefold().split())


def _doubt_copies(rows: Iterable[Row], tables: Mapping[str, TableFormat]) -> Iterator[ImportProblem]:
    """Yields warnings about rows that are the same except for their source, including the note.

    A note in the contributor's own words describes a single page.
    """
    first: dict[tuple[str, ...], Row] = {}
    for row in rows:
        column = _note_column(tables[row.table])
        if row.table == TABLE or not column or not row.cells[column]:
            continue
        key = (row.collection, row.table, *(text for name, text in row.cells.items() if name != ID))
        other = first.setdefault(key, row)
        if other is not row and other.cells[ID] != row.cells[ID]:
            message = f"the row repeats line {other.line} for another source, including its note; write what this page itself says."
            yield _remark(row, column, message)


def doubt_note(row: Row, tables: Mapping[str, TableFormat]) -> Iterator[ImportProblem]:
    """Yields a warning about a row that makes no statements if it has a note, which only statements have."""
    if row.cells.get(column := _note_column(tables[row.table])):
        message = "the note is not recorded, because the row only names a thing; put it on a row that states something."
        yield _remark(row, column, message)


def _note_column(table: TableFormat) -> str:
    """Returns the column whose text becomes the note of statements; empty if there is none."""
    return next((rule.column for rule in table.rules if rule.makes == "detail" and rule.properties[0][0] == _NOTE), "")


def _remark(row: Row, column: str, message: str) -> ImportProblem:
    return ImportProblem(*row.place, column, message)
