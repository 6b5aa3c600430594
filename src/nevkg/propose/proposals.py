"""Proposals as a collection of tables, which a person reviews and ``nevkg import`` reads."""

from __future__ import annotations

import json
import shutil
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, count
from pathlib import Path
from typing import Any

from pyoxigraph import Quad

from nevkg.contribute import source_documents
from nevkg.contribute.cells import slug
from nevkg.contribute.decisions import QUOTE, Decisions, Key, row_key
from nevkg.contribute.duplicates import read_generic_words
from nevkg.contribute.job import ImportJob
from nevkg.contribute.problems import Problems
from nevkg.contribute.registry import Registry, read_schema
from nevkg.contribute.sheets import change_table, read_collection
from nevkg.contribute.table_format import TableFormat, read_format
from nevkg.data.atomic import drafting
from nevkg.data.paths import Layout, writing
from nevkg.errors import InvalidData, WrongUsage
from nevkg.lookup.api_queries import texts
from nevkg.propose.entity_names import TOPIC, Kind, read_kinds
from nevkg.propose.extraction import Extractor
from nevkg.propose.identification import find_relations
from nevkg.propose.proposed_rows import Proposal, find_known, format_days, rename
from nevkg.propose.readings import read_readings
from nevkg.propose.stated import Stated, read_stated, read_stated_in
from nevkg.reading.addresses import normalise_address
from nevkg.reading.documents import Document
from nevkg.reading.words import Vocabulary, read_words
from nevkg.store import EmbeddedStore, open_store

_LONGEST_QUOTE = 1500  # characters
PROPOSALS, TEXTS = "proposals.json", "texts"


@dataclass(frozen=True)
class Proposer:
    """What is needed to propose rows: read once, for any number of documents.

    Attributes:
        slugs: normalised address to the slug of a source in the data.
        pages: slug of a source in the data to its address, and the first day (ISO) on which it may have been published, or empty.
        publishers: host to the publisher of most sources there.
    """

    layout: Layout
    tables: Mapping[str, TableFormat]
    words: Vocabulary
    stated: Sequence[Stated]
    slugs: Mapping[str, str]
    pages: Mapping[str, tuple[str, str]]
    publishers: Mapping[str, str]
    extractor: Extractor
    registry: Registry
    kinds: Mapping[str, Kind]

    @classmethod
    def read(cls, layout: Layout, store: EmbeddedStore | None = None) -> Proposer:
        """Reads the ontology and the data of a layout; from its store, if that is open."""
        registry = Registry(layout, read_schema(layout))
        kinds, words = read_kinds(layout), read_words(layout.ontology / "tables" / "words.csv")
        store = store or open_store(layout)
        stated = read_stated(layout, store.store)
        readings, tables = read_readings(layout), read_format(layout)
        generic = read_generic_words(layout.ontology / "tables" / "generic-words.csv", registry.namespaces)
        of_topics = {word for kind in kinds.values() if kind.role == TOPIC for cls in kind.classes for word in generic.get(cls, ())}
        relations = find_relations(stated, kinds, readings, tables, registry)
        extractor = Extractor(registry, kinds, readings, words, relations, stated, of_topics)
        slugs: dict[str, str] = {}
        pages: dict[str, tuple[str, str]] = {}
        outlets: dict[str, Counter[str]] = defaultdict(Counter)
        for row in texts(store, "addresses"):
            address = normalise_address(row["address"])
            name = slugs.setdefault(address, row["source"].rpartition("/")[2])
            pages[name] = row["address"], row["earliest"]
            if row["publisher"]:
                outlets[address.partition("/")[0]][row["publisher"]] += 1
        publishers = {host: names.most_common(1)[0][0] for host, names in outlets.items()}
        return cls(layout, tables, words, stated, slugs, pages, publishers, extractor, registry, kinds)

    def propose(self, document: Document) -> Source:
        """Returns the rows that a document states, and the row of the document itself."""
        if not document.address:
            raise WrongUsage("The page does not say its web address; give it with --address.")
        if document.published is None:
            raise WrongUsage(f"{document.address} has no date; give the day with --published.")
        found = self.extractor.propose(document)
        rename(found, find_known(found, self.tables, self.stated, self.registry))
        proposals = _join_rows(found, self.tables)
        address = normalise_address(document.address)
        if address in self.slugs:
            return Source(self.slugs[address], None, document, proposals)
        host = address.partition("/")[0]
        publisher = self.publishers.get(host) or document.publisher or host
        name = f"s-{slug(publisher)}-{document.published[0].isoformat()}"
        cells = {
            source_documents.ID: name,
            source_documents.ADDRESS: document.address,
            source_documents.TITLE: document.title,
            source_documents.PUBLISHER: publisher,
            source_documents.PUBLISHED: format_days(document.published),
            source_documents.LANGUAGE: document.language,
        }
        return Source(name, cells, document, proposals)

    def compare(self, folder: Path) -> Comparison:
        """Compares what the tables of a collection say with what the data states."""
        problems = Problems()
        rows = read_collection(folder, self.tables, problems)
        job = ImportJob(self.layout, self.tables, rows, date.today().isoformat(), problems)
        quads = list(job.read().quads())
        if problems:
            raise InvalidData("\n".join(map(str, problems)))
        stated = read_stated_in(self.layout, quads)
        known: dict[tuple[str, str], set[str]] = defaultdict(set)
        for statement in self.stated:
            known[statement.subject, statement.name].add(statement.value)
        found = Comparison(quads, stated, frozenset(job.registry.new))
        for subject, name, value in dict.fromkeys(statement.fact for statement in stated):
            others = known.get((subject, name), set())
            (found.confirmed if value in others else found.other if others else found.added).append((subject, name, value))
        return found


@dataclass(frozen=True)
class Comparison:
    """What a collection says, compared with the data.

    Attributes:
        quads: its statements.
        stated: what they say in short.
        new: IRIs of the entities that are not in the data.
        confirmed: subject, property and value of what the data states, too.
        other: what the data states with other values.
        added: what the data does not state.
    """

    quads: Sequence[Quad]
    stated: Sequence[Stated]
    new: frozenset[str]
    confirmed: list[tuple[str, str, str]] = field(default_factory=list)
    other: list[tuple[str, str, str]] = field(default_factory=list)
    added: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Source:
    """A document with its proposals.

    Attributes:
        name: its source ID in the collection, or the slug of a source that is in the data.
        cells: its row in the table of sources; None if it is in the data.
        original: the address of a page whose text it repeats; empty if there is none that is read with it.
    """

    name: str
    cells: Mapping[str, str] | None
    document: Document
    proposals: Sequence[Proposal]
    original: str = ""


def _join_rows(proposals: Iterable[Proposal], tables: Mapping[str, TableFormat]) -> list[Proposal]:
    """Joins rows with the same key, whose cells are added to each other; the words of the second are added to those of the first."""
    joined: dict[tuple[str, ...], Proposal] = {}
    found = list(proposals)
    for proposal in found:
        proposal.cells = {column: value for column, value in proposal.cells.items() if column in tables[proposal.table].columns}
    for proposal in _leave_out_parts(found):
        first = joined.setdefault(proposal.key(tables), proposal)
        if first is proposal:
            continue
        start, end = min(first.start, proposal.start), max(first.end, proposal.end)
        if end - start > _LONGEST_QUOTE:
            continue
        new = {column: value for column, value in proposal.cells.items() if not first.cells.get(column)}
        if new:
            first.cells.update(new)
            first.start, first.end = start, end
    return list(joined.values())


def _leave_out_parts(proposals: Sequence[Proposal]) -> Iterator[Proposal]:
    """Yields the proposals whose content is no part of that of another one."""
    for proposal in proposals:
        if not any(other.table == proposal.table and proposal.content < other.content for other in proposals):
            yield proposal


def write_collection(folder: Path, found: Sequence[Source], tables: Mapping[str, TableFormat], *, again: bool = False) -> int:
    """Writes the tables, the texts and what the review page needs into a folder.

    Args:
        folder: a new folder, or the one to add to.
        again: add to a folder that has tables: rows that it has are left out, and so are those that repeat a decision of a
            reviewer. The text of a page that it has is replaced.

    Returns:
        How many proposals were written.
    """
    with writing(folder):
        if not again and folder.exists() and any(folder.iterdir()):
            raise WrongUsage(f"{folder} is not empty; name a new folder, or add to it with --again.")
    present, notes = _Present.read(folder, tables), read_notes(folder)
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    proposed: dict[str, list[Proposal]] = defaultdict(list)
    texts: dict[str, str] = {}
    known = set(present.names)
    names = [present.name(source) for source in found]
    for source, name in zip(found, names, strict=True):
        if source.cells is not None and name not in known:
            original = present.addresses.get(normalise_address(source.original), "") if source.original else ""
            copied = {source_documents.REPUBLISHES: original} if original else {}
            rows[source_documents.TABLE].append({**source.cells, **copied, source_documents.ID: name})
        known.add(name)
        texts[name] = source.document.text
        for proposal in source.proposals:
            quote = " ".join(source.document.text[proposal.start : proposal.end].split())
            cells = {**proposal.cells, source_documents.ID: name, QUOTE: quote}
            if present.is_new(proposal.table, cells):
                rows[proposal.table].append(cells)
                proposed[proposal.table].append(proposal)
    with writing(folder), drafting(folder) as draft:
        (draft / TEXTS).mkdir()
        for name, words in texts.items():
            (draft / TEXTS / f"{name}.txt").write_bytes(f"{words}\n".encode())
        for table, added in rows.items():
            if (before := folder / f"{table}.csv").exists():
                shutil.copy(before, draft)
            lines = change_table(draft, tables[table], added)
            if table != source_documents.TABLE:
                notes += map(_describe, proposed[table], lines, (cells[source_documents.ID] for cells in added))
        (draft / PROPOSALS).write_text(json.dumps(notes, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return sum(map(len, proposed.values()))


def _describe(proposal: Proposal, line: int, source: str) -> dict[str, Any]:
    return {
        "table": proposal.table,
        "line": line,
        "source": source,
        "start": proposal.start,
        "end": proposal.end,
        "confidence": round(proposal.confidence, 2),
        "reason": proposal.reason,
    }


def read_notes(folder: Path) -> list[dict[str, Any]]:
    """Returns what a folder says of the proposals in it: table, line, source, place, confidence and reason; nothing if it is damaged."""
    try:
        notes = json.loads((folder / PROPOSALS).read_bytes())
        return [note for note in notes if isinstance(note["table"], str) and isinstance(note["line"], int)]
    except (OSError, ValueError, TypeError, KeyError):
        return []


@dataclass
class _Present:
    """What a folder has.

    Attributes:
        addresses: normalised address to the ID of a source.
    """

    addresses: dict[str, str]
    names: set[str]
    rows: set[Key]
    decisions: Decisions

    @classmethod
    def read(cls, folder: Path, tables: Mapping[str, TableFormat]) -> _Present:
        rows = read_collection(folder, tables, Problems()) if folder.exists() else []
        of_sources = [row.cells for row in rows if row.table == source_documents.TABLE]
        ids = {normalise_address(cells[source_documents.ADDRESS]): cells[source_documents.ID] for cells in of_sources}
        known = {row_key(row.table, row.cells, with_quote=False) for row in rows}
        return cls(ids, set(ids.values()), known, Decisions.read(folder) or Decisions())

    def name(self, source: Source) -> str:
        """Returns the ID of a source: that of its address, or one that no other source has."""
        if source.cells is None:
            return source.name
        address = normalise_address(source.document.address)
        if address not in self.addresses:
            numbered = (f"{source.name}-{number}" for number in count(2))
            self.addresses[address] = next(name for name in chain([source.name], numbered) if name not in self.names)
            self.names.add(self.addresses[address])
        return self.addresses[address]

    def is_new(self, table: str, cells: Mapping[str, str]) -> bool:
        """Whether a row is not in the folder, and repeats no decision."""
        return row_key(table, cells, with_quote=False) not in self.rows and not self.decisions.repeats(table, cells)
