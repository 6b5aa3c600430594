"""One pass over the rows of a contribution: resolves, makes statements, merges and checks. Nothing is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import NamedNode, Quad

from nevkg.contribute import duplicates, import_records, source_files
from nevkg.contribute import sources as documents
from nevkg.contribute.draft import Draft
from nevkg.contribute.edits import DATASET, advance_date
from nevkg.contribute.import_records import remove_former
from nevkg.contribute.new_terms import NewTerm
from nevkg.contribute.problems import Problem, Problems, join_names
from nevkg.contribute.reader import BadCell, Reader, Things, Unknown
from nevkg.contribute.registry import Registry, Schema
from nevkg.contribute.sheets import Row
from nevkg.contribute.source_files import SourceFile, merge_notes
from nevkg.contribute.sources import doubt_note, find_doubts
from nevkg.contribute.statements import Statements
from nevkg.contribute.tables import Table
from nevkg.data import dataset, terms
from nevkg.data.paths import Layout
from nevkg.data.rdf import serialise
from nevkg.progress import Progress
from nevkg.validate.findings import Severity


@dataclass
class Result:
    """The changes that an import makes, or would make.

    Attributes:
        problems: Errors. If there are any, nothing is written.
        entries: The outcome of each row.
        rejected: In a partial import, the bad rows, each with its reason.
        cited: Rows of the sources that bad rows cite.
        changed: File, relative to the data folder, to its new bytes, or None for a file that was moved.
        new_things: IRIs of entities added to the registry.
        new_statements: Number of statements added to the data.
        removed: Number of statements that the collections made before and make no more.
        candidates: Pairs of entities that may be the same, without a decision.
        doubts: Warnings about rows that were read.
        unknown: Codes that must be added as terms before the rows can be read.
        new_terms: Terms added to the ontology.
    """

    problems: list[Problem] = field(default_factory=list)
    entries: list[import_records.Entry] = field(default_factory=list)
    rejected: list[tuple[Row, str]] = field(default_factory=list)
    cited: list[Row] = field(default_factory=list)
    changed: dict[str, bytes | None] = field(default_factory=dict)
    new_things: list[str] = field(default_factory=list)
    new_statements: int = 0
    removed: int = 0
    candidates: Sequence[duplicates.Candidate] = ()
    doubts: list[Problem] = field(default_factory=list)
    unknown: frozenset[Unknown] = frozenset()
    new_terms: Sequence[NewTerm] = ()


class Job:
    """One pass over the rows.

    Args:
        layout: The folders of the ontology and the data.
        tables: The tables of the format, by name.
        rows: The rows of all collections.
        collected: ISO date on which the facts were collected.
        problems: Errors so far; further ones are recorded in it.
        without: File and line of rows to leave out.
        progress: Called with a stage and its number of steps; returns a function to call at each step.
        new_terms: Collect unknown codes instead of reporting them.
        replacing: Remove what the collections said before and say no more.
    """

    def __init__(
        self,
        layout: Layout,
        tables: Mapping[str, Table],
        rows: list[Row],
        collected: str,
        problems: Problems,
        without: set[tuple[str, int]],
        progress: Progress,
        *,
        new_terms: bool = False,
        replacing: bool = False,
    ) -> None:
        self._replacing = replacing
        self.layout, self.tables, self.collected, self.problems, self.progress = layout, tables, collected, problems, progress
        self.namespaces = terms.prefixes(layout.ontology)
        files = dataset.schema_files(layout)
        self.schema = Schema(
            *([quad for path in files[name] for quad in dataset.parse_file(path)] for name in ("ontology", "vocabularies"))
        )
        self.registry = Registry(layout, self.schema)
        self.sources = documents.Sources.read(layout)
        self.reader = Reader(tables, self.schema, self.registry)
        self.things, self.statements = Things(self.reader, problems), Statements(self.reader, problems, new_terms=new_terms)
        self.rows = rows
        self.good = [row for row in rows if (row.file, row.line) not in without]

    def run(self) -> Result:
        """Processes the rows and returns the result. Nothing is written."""
        rows = self.good
        _check_keys(rows, self.tables, self.problems)
        documents_of = [row for row in rows if row.table == documents.TABLE]
        self.sources.assign((row.collection, row.cells[documents.ID], row.cells[documents.ADDRESS]) for row in documents_of)
        for later in (False, True):
            # Names are looked up among all entities with an ID, so these are added first.
            for row in rows:
                self.things.add_things(row, by_name=later)
            for row in rows:
                self.things.name_things(row, composed=later)
        step = self.progress("rows", len(rows))
        statements: dict[str, dict[str, list[list[Quad]]]] = defaultdict(lambda: defaultdict(list))
        descriptions: dict[str, list[list[Quad]]] = defaultdict(list)
        entries: list[import_records.Entry] = []
        first_rows: dict[str, str] = {}
        doubts: list[Problem] = []
        for row in rows:
            step()
            iris: list[str] = []
            slug = self._slug(row)
            if row.table == documents.TABLE:
                if slug:
                    descriptions[slug].append(self._description(row, slug))
                    iris.append(terms.SOURCE + slug)
                else:
                    self.statements.describe(row)
            else:
                for statement in self.statements.make(row):
                    if slug:
                        iri, quads = statement.quads(terms.SOURCE + slug, terms.graph(slug), self.schema.identifying)
                        source = Quad(
                            NamedNode(iri), NamedNode(terms.NEV + "source"), NamedNode(terms.SOURCE + slug), NamedNode(terms.graph(slug))
                        )
                        statements[slug][iri].append([*quads, source])
                        iris.append(iri)
            entries.append(self._entry(row, iris, first_rows))
            doubts += [] if iris else doubt_note(row, self.tables)
        if self.problems or self.statements.unknown:
            return Result(entries=entries, unknown=frozenset(self.statements.unknown))
        result = Result(entries=entries, new_things=self.registry.new)
        self._merge(statements, descriptions, result)
        if self._replacing:
            result.removed = remove_former(self.layout, entries, result.changed, self.namespaces, self.problems)
        self._update_dataset_date(result)
        self._accounts(result)
        self._check_draft(result)
        result.doubts = sorted({*result.doubts, *doubts, *find_doubts(rows, self.tables, self.sources)})
        return result

    def _slug(self, row: Row) -> str | None:
        name = row.cells[documents.ID]
        slug = self.sources.slugs[row.collection, name] if row.table == documents.TABLE else self.sources.find(row.collection, name)
        if slug is None and name:
            hint = terms.suggest(name, self.sources.known(row.collection))
            self.problems.add(
                row.file, row.line, documents.ID, f"there is no source '{name}' in {documents.TABLE}.csv or in the data.{hint}"
            )
        return slug

    def _description(self, row: Row, slug: str) -> list[Quad]:
        based_on: dict[str, list[str]] = {}
        for column in documents.BASED_ON:
            based_on[column] = []
            for name in filter(None, row.cells[column].split("|")):
                other = self.sources.find(row.collection, name)
                if other is None:
                    hint = terms.suggest(name, self.sources.known(row.collection))
                    self.problems.add(row.file, row.line, column, f"there is no source '{name}'.{hint}")
                else:
                    based_on[column].append(other)
        details = self.statements.describe(row)
        if details is None:
            return []
        try:
            publisher = next(iter(self.reader.referenced_entities(row, documents.PUBLISHER)), None)
            return documents.describe_source(slug, row, details, publisher, based_on, self.collected)
        except BadCell as bad:
            self.problems.add(row.file, row.line, bad.column, bad.sentence)
            return []
        except ValueError:
            message = "this is not a web address; write characters such as | or { percent-encoded (%7C, %7B), as browsers copy them."
            self.problems.add(row.file, row.line, documents.ADDRESS, message)
            return []

    def _entry(self, row: Row, iris: list[str], first_rows: dict[str, str]) -> import_records.Entry:
        where = f"{row.file}:{row.line}"
        earlier = next((first_rows[iri] for iri in iris if iri in first_rows), "")
        if iris and all(iri in first_rows for iri in iris):
            outcome, reason = import_records.DUPLICATE, f"says the same as {earlier}"
        else:
            outcome, reason = (import_records.STATEMENTS if row.table != documents.TABLE else import_records.THING), ""
        if not iris:
            outcome, reason = import_records.THING, "names a thing and says no more of it"
        for iri in iris:
            first_rows.setdefault(iri, where)
        return import_records.Entry(row.collection, row.file, row.line, row.key, outcome, tuple(iris), reason)

    def _merge(
        self, statements: Mapping[str, Mapping[str, list[list[Quad]]]], descriptions: Mapping[str, list[list[Quad]]], result: Result
    ) -> None:
        step = self.progress("sources", len({*statements, *descriptions}))
        for slug in sorted({*statements, *descriptions}):
            step()
            old = self.sources.files.get(slug)
            path = self.layout.data / old if old else None
            file = SourceFile.of(dataset.parse_file(path) if path else ())
            for quads in descriptions.get(slug, ()):
                source_files.drop_devised_title(file, terms.SOURCE + slug, quads)
                file.describe(terms.SOURCE + slug, quads)
            for iri, quads in merge_notes(statements.get(slug, {})).items():
                result.new_statements += file.add(iri, quads)
            source_files.devise_title(file, terms.SOURCE + slug, self.registry)
            place = documents.source_path(slug, file.earliest(terms.SOURCE + slug))
            self._change(result, place, serialise(file.quads(), "trig", self.namespaces))
            if old and old != place:
                result.changed[old] = None
        for name, quads in self.registry.added.items():
            path = self.layout.data / name
            known = list(dataset.parse_file(path)) if path.exists() else []
            self._change(result, name, serialise([*known, *quads], "turtle", self.namespaces))

    def _change(self, result: Result, name: str, content: bytes) -> None:
        path = self.layout.data / name
        if not path.exists() or path.read_bytes() != content:
            result.changed[name] = content

    def _accounts(self, result: Result) -> None:
        for collection in sorted({entry.collection for entry in result.entries}):
            entries = [entry for entry in result.entries if entry.collection == collection]
            self._change(result, f"{import_records.FOLDER}/{collection}.csv", import_records.to_csv(entries, self.namespaces))

    def _update_dataset_date(self, result: Result) -> None:
        """Sets the date of the dataset to the day of collection if that is later and the import changes something."""
        if result.changed and self.layout.is_new:
            self._change(result, DATASET, serialise(dataset.describe_dataset(self.collected), "turtle", self.namespaces))
        elif result.changed:
            result.changed |= advance_date(self.layout, self.collected)

    def _check_draft(self, result: Result) -> None:
        """Checks the changed data for violations and likely duplicates. Violations are reported by the row that caused them."""
        draft = Draft(self.layout, result.changed)
        rows: dict[str, import_records.Entry] = {}
        for entry in result.entries:
            for iri in entry.statements:
                rows.setdefault(iri, entry)
        for finding, sentence in draft.findings():
            origin = rows.get(finding.focus)
            sentence = sentence.replace(f"{terms.shorten(finding.focus, self.namespaces)} ", "the row ", 1) if origin else sentence
            if finding.severity is Severity.VIOLATION:
                self.problems.add(origin.file if origin else "the data", origin.line if origin else 0, "", sentence)
            elif origin:
                result.doubts.append(Problem(origin.file, origin.line, "", sentence))
        result.candidates = draft.namesakes(self.registry, self.tables.values())


def _check_keys(rows: Iterable[Row], tables: Mapping[str, Table], problems: Problems) -> None:
    """Records a problem for each row that has the same key as an earlier one and different cells."""
    first: dict[tuple[str, ...], Row] = {}
    for row in rows:
        table = tables[row.table]
        columns = [*table.key, *(name for name in table.optional if name not in table.key)]
        key = (row.collection, row.table, *(row.cells[name] for name in columns))
        other = first.setdefault(key, row)
        differing = [name for name in table.columns if row.cells[name] != other.cells[name]]
        if differing:
            same = f"the same key ({join_names(table.key, 10)})"
            message = f"line {other.line} has {same} but another {join_names(differing)}; correct the key or remove one of the rows."
            problems.add(row.file, row.line, differing[0], message)
