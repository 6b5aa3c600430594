"""Proposals as a collection of tables, which a person reviews and ``nevkg import`` reads."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pyoxigraph import Quad

from nevkg.contribute import source_documents
from nevkg.contribute.cells import slug
from nevkg.contribute.descriptions import find_relations
from nevkg.contribute.extraction import Extractor, Proposal, format_days
from nevkg.contribute.job import ImportJob
from nevkg.contribute.mentions import read_kinds
from nevkg.contribute.problems import Problems
from nevkg.contribute.readings import read_readings
from nevkg.contribute.registry import Registry, SchemaIndex
from nevkg.contribute.sheets import read_collection
from nevkg.contribute.stated import Stated, read_stated, read_stated_in
from nevkg.contribute.table_format import TableFormat, read_format
from nevkg.data.paths import Layout
from nevkg.errors import CouldNotRun, InvalidData, WrongUsage
from nevkg.lookup.api_queries import rows, text
from nevkg.progress import ignore_progress
from nevkg.reading.documents import Document
from nevkg.reading.words import Words, read_words
from nevkg.store import open_store

_LONGEST_QUOTE = 1500  # characters
PROPOSALS, TEXTS = "proposals.json", "texts"


@dataclass(frozen=True)
class Proposer:
    """What is needed to propose rows: read once, for any number of documents.

    Attributes:
        layout: the folders of the dataset.
        tables: the tables of the format, by name.
        words: words of all kinds.
        stated: what the data says.
        slugs: normalised address to the slug of a source in the data.
        publishers: host to the publisher of most sources there.
        extractor: proposes the rows.
    """

    layout: Layout
    tables: Mapping[str, TableFormat]
    words: Mapping[str, Words]
    stated: Sequence[Stated]
    slugs: Mapping[str, str]
    publishers: Mapping[str, str]
    extractor: Extractor

    @classmethod
    def read(cls, layout: Layout) -> Proposer:
        """Reads the ontology and the data of a layout."""
        registry = Registry(layout, SchemaIndex(layout))
        kinds, words = read_kinds(layout), read_words(layout.ontology / "tables" / "words.csv")
        store = open_store(layout)
        stated = read_stated(layout, store.store)
        readings, tables = read_readings(layout), read_format(layout)
        extractor = Extractor(registry, kinds, readings, words, find_relations(stated, kinds, readings, tables, registry), stated)
        slugs: dict[str, str] = {}
        outlets: dict[str, Counter[str]] = defaultdict(Counter)
        for row in rows(store, "addresses"):
            address = source_documents.normalise_address(text(row["address"]))
            slugs.setdefault(address, text(row["source"]).rpartition("/")[2])
            if row["publisher"] is not None:
                outlets[address.partition("/")[0]][text(row["publisher"])] += 1
        publishers = {host: names.most_common(1)[0][0] for host, names in outlets.items()}
        return cls(layout, tables, words, stated, slugs, publishers, extractor)

    def propose(self, document: Document) -> Source:
        """Returns the rows that a document states, and the row of the document itself.

        Raises:
            WrongUsage: if its address or day is unknown.
        """
        if not document.address:
            raise WrongUsage("The page does not say its web address; give it with --address.")
        if document.published is None:
            raise WrongUsage(f"{document.address} has no date; give the day with --published.")
        proposals = _join_rows(self.extractor.propose(document), self.tables)
        address = source_documents.normalise_address(document.address)
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
        """Compares what the tables of a collection say with what the data states.

        Raises:
            InvalidData: if a row cannot be read.
        """
        problems = Problems()
        rows = read_collection(folder, self.tables, problems)
        job = ImportJob(self.layout, self.tables, rows, date.today().isoformat(), problems, set(), ignore_progress)
        statements = job.read().statements
        if problems:
            raise InvalidData("\n".join(map(str, problems)))
        quads = [quad for made in statements.values() for versions in made.values() for version in versions for quad in version]
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
        document: the document.
        proposals: the rows that it states.
    """

    name: str
    cells: Mapping[str, str] | None
    document: Document
    proposals: Sequence[Proposal]


def _join_rows(proposals: Iterable[Proposal], tables: Mapping[str, TableFormat]) -> list[Proposal]:
    """Joins rows with the same key, whose cells are added to each other; the words of the second are added to those of the first."""
    joined: dict[tuple[str, ...], Proposal] = {}
    for proposal in _leave_out_parts(list(proposals)):
        proposal.cells = {column: value for column, value in proposal.cells.items() if column in tables[proposal.table].columns}
        key = (proposal.table, *(proposal.cells.get(column, "") for column in tables[proposal.table].key))
        first = joined.setdefault(key, proposal)
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


def write_collection(folder: Path, found: Sequence[Source], tables: Mapping[str, TableFormat]) -> None:
    """Writes the tables, the texts and what the review page needs into a new folder.

    Raises:
        WrongUsage: if the folder is not empty.
        CouldNotRun: if it cannot be written.
    """
    lines: dict[str, list[dict[str, str]]] = defaultdict(list)
    notes: list[dict[str, object]] = []
    for source in found:
        if source.cells is not None:
            lines[source_documents.TABLE].append(dict(source.cells))
        for proposal in source.proposals:
            quote = " ".join(source.document.text[proposal.start : proposal.end].split())
            lines[proposal.table].append({**proposal.cells, source_documents.ID: source.name, "quote": quote})
            notes.append(
                {
                    "table": proposal.table,
                    "line": len(lines[proposal.table]) + 1,
                    "source": source.name,
                    "start": proposal.start,
                    "end": proposal.end,
                    "confidence": round(proposal.confidence, 2),
                    "reason": proposal.reason,
                }
            )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise WrongUsage(f"{folder} is not empty; name a new folder.")
        for name, table in tables.items():
            if lines[name]:
                (folder / f"{name}.csv").write_bytes(_to_csv(table.columns, lines[name]))
        (folder / PROPOSALS).write_text(json.dumps(notes, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        texts = folder / TEXTS
        texts.mkdir()
        for source in found:
            (texts / f"{source.name}.txt").write_text(source.document.text + "\n", encoding="utf-8")
    except OSError as error:
        raise CouldNotRun(f"{folder} cannot be written: {error.strerror}.") from None


def _to_csv(columns: Iterable[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    lines = io.StringIO()
    writer = csv.DictWriter(lines, list(columns), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return lines.getvalue().encode()
