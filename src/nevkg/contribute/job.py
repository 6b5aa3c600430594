"""One pass over the rows of a contribution: resolves, makes statements, merges and checks. Nothing is written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import Quad

from nevkg.contribute import import_records, source_documents
from nevkg.contribute.changes import Changes
from nevkg.contribute.duplicates import DuplicatePair
from nevkg.contribute.import_records import RowOutcome
from nevkg.contribute.mapping import Statements
from nevkg.contribute.new_terms import NewTerm
from nevkg.contribute.problems import ImportProblem, Place, Problems, join_names
from nevkg.contribute.reader import BadCell, Reader, Things, UnknownCode
from nevkg.contribute.registry import Registry, read_schema
from nevkg.contribute.row_quotes import QuoteCheck, QuotedRow, read_quote
from nevkg.contribute.sheets import Row
from nevkg.contribute.source_files import SourceFile, devise_title, drop_devised_title, merge_notes
from nevkg.contribute.table_format import TableFormat
from nevkg.data import terms
from nevkg.data.paths import Layout
from nevkg.progress import Progress, ignore_progress
from nevkg.validate.findings import Severity


@dataclass
class Contribution:
    """What the rows say, before it is merged into the files.

    Attributes:
        statements: slug of a source to the IRIs of its statements, each with the quads of each row that makes it.
        descriptions: slug of a source to the quads of each row that describes it.
        quotes: slug of a source to the rows that quote it.
        doubts: warnings about rows that make no statement.
    """

    statements: dict[str, dict[str, list[list[Quad]]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    descriptions: dict[str, list[list[Quad]]] = field(default_factory=lambda: defaultdict(list))
    quotes: dict[str, list[QuotedRow]] = field(default_factory=lambda: defaultdict(list))
    entries: list[RowOutcome] = field(default_factory=list)
    doubts: list[ImportProblem] = field(default_factory=list)
    _first_rows: dict[str, str] = field(default_factory=dict)

    def add_entry(self, row: Row, iris: Sequence[str]) -> None:
        """Records the outcome of a row, which made these statements or described this source."""
        earlier = [self._first_rows[iri] for iri in iris if iri in self._first_rows]
        if not iris:
            outcome, reason = import_records.THING, "names a thing and says no more of it"
        elif len(earlier) == len(iris):
            outcome, reason = import_records.DUPLICATE, f"says the same as {earlier[0]}"
        else:
            outcome, reason = import_records.THING if row.table == source_documents.TABLE else import_records.STATEMENTS, ""
        for iri in iris:
            self._first_rows.setdefault(iri, f"{row.file}:{row.line}")
        self.entries.append(RowOutcome(row.collection, row.file, row.line, row.key, outcome, tuple(iris), reason))

    def quads(self) -> Iterator[Quad]:
        """Yields what the statements say, with repetitions."""
        return (quad for made in self.statements.values() for versions in made.values() for version in versions for quad in version)

    def entries_by_collection(self) -> dict[str, list[RowOutcome]]:
        """Returns the entries of each collection, by its name."""
        found: dict[str, list[RowOutcome]] = defaultdict(list)
        for entry in self.entries:
            found[entry.collection].append(entry)
        return dict(sorted(found.items()))


@dataclass
class ImportResult:
    """The changes that an import makes, or would make.

    Attributes:
        problems: errors. If there are any, nothing is written.
        rejected: in a partial import, the bad rows, each with its reason.
        cited: rows of the sources that bad rows cite.
        new_things: IRIs of entities added to the registry.
        removed: number of statements that the collections made before and make no more.
        candidates: pairs of entities that may be the same, without a decision.
        doubts: warnings about rows that were read.
        unknown: codes that must be added as terms before the rows can be read.
    """

    problems: list[ImportProblem] = field(default_factory=list)
    entries: list[RowOutcome] = field(default_factory=list)
    rejected: list[tuple[Row, str]] = field(default_factory=list)
    cited: list[Row] = field(default_factory=list)
    unreviewed: list[Row] = field(default_factory=list)
    changed: dict[str, bytes | None] = field(default_factory=dict)
    new_things: list[str] = field(default_factory=list)
    new_statements: int = 0
    removed: int = 0
    candidates: Sequence[DuplicatePair] = ()
    doubts: list[ImportProblem] = field(default_factory=list)
    unknown: frozenset[UnknownCode] = frozenset()
    new_terms: Sequence[NewTerm] = ()


class ImportJob:
    """One pass over the rows.

    Args:
        problems: errors so far; further ones are recorded in it.
        without: file and line of rows to leave out.
        new_terms: collect unknown codes instead of reporting them.
        replacing: remove what the collections said before and say no more.
    """

    def __init__(
        self,
        layout: Layout,
        tables: Mapping[str, TableFormat],
        rows: Iterable[Row],
        collected: str,
        problems: Problems,
        without: Collection[Place] = (),
        *,
        progress: Progress = ignore_progress,
        new_terms: bool = False,
        replacing: bool = False,
    ) -> None:
        self.layout, self.tables, self.problems = layout, tables, problems
        self.rows = [row for row in rows if row.place not in without]
        self._collected, self._progress, self._replacing = collected, progress, replacing
        self.schema = read_schema(layout)
        self.registry = Registry(layout, self.schema)
        self._sources = source_documents.Sources.read(layout)
        self._reader = Reader(tables, self.schema, self.registry)
        self._quotes = QuoteCheck(layout, self.registry)
        self._statements = Statements(self._reader, problems, new_terms=new_terms)

    def read(self) -> Contribution:
        """Returns what the rows say, without merging it into the data. Errors are recorded in ``problems``."""
        _check_keys(self.rows, self.tables, self.problems)
        of_sources = [row for row in self.rows if row.table == source_documents.TABLE]
        self._sources.assign((row.collection, row.cells[source_documents.ID], row.cells[source_documents.ADDRESS]) for row in of_sources)
        self._add_things()
        return self._read_rows()

    def run(self) -> ImportResult:
        """Processes the rows and returns the result. Nothing is written."""
        contribution = self.read()
        if self.problems or self._statements.unknown:
            return ImportResult(entries=contribution.entries, unknown=frozenset(self._statements.unknown))
        changes = Changes(self.layout)
        new_statements = self._merge(contribution, changes)
        removed = 0
        if self._replacing:
            removed = import_records.remove_former(contribution.entries, changes, self.problems)
        changes.advance_date(self._collected)
        for collection, entries in contribution.entries_by_collection().items():
            changes.write(f"{import_records.FOLDER}/{collection}.csv", import_records.to_csv(entries, changes.namespaces))
        doubts = self._check_changes(changes, contribution.entries)
        return ImportResult(
            entries=contribution.entries,
            changed=changes.files,
            new_things=self.registry.new,
            new_statements=new_statements,
            removed=removed,
            candidates=changes.namesakes(self.registry, self.tables.values()),
            doubts=sorted({*doubts, *contribution.doubts, *source_documents.find_doubts(self.rows, self.tables, self._sources)}),
        )

    def find_doubts(self, contribution: Contribution) -> list[ImportProblem]:
        """Returns the warnings about rows, of which their quotes are a part, without those of the checks of the changed data."""
        self._merge(contribution, Changes(self.layout))
        return sorted({*contribution.doubts, *source_documents.find_doubts(self.rows, self.tables, self._sources)})

    def check_quotes(self, contribution: Contribution, contexts: Mapping[int, str]) -> Iterator[ImportProblem]:
        """Yields what the quotes of rows do not mention. Nothing is merged.

        Args:
            contexts: for the line of a row, the words of the page around its quote, in which names may be.
        """
        changes = Changes(self.layout)
        for slug, several in contribution.quotes.items():
            file, _ = self._build_file(slug, contribution, changes)
            for quoted in several:
                yield from self._quotes.find_doubts(quoted, file, terms.SOURCE + slug, contexts.get(quoted.row.line, ""))

    def _add_things(self) -> None:
        """Adds the entities of the rows to the registry, and names them.

        Names are looked up among all entities with an ID, so these are added first.
        """
        things = Things(self._reader, self.problems)
        for later in (False, True):
            for row in self.rows:
                things.add_things(row, by_name=later)
            for row in self.rows:
                things.name_things(row, composed=later)

    def _read_rows(self) -> Contribution:
        """Returns what the rows say. Errors are recorded in ``problems``."""
        contribution = Contribution()
        step = self._progress("rows", len(self.rows))
        for row in self.rows:
            step()
            slug = self._find_source(row)
            iris = self._describe(row, slug, contribution) if row.table == source_documents.TABLE else self._state(row, slug, contribution)
            contribution.add_entry(row, iris)
            contribution.doubts += [] if iris else source_documents.doubt_note(row, self.tables)
        return contribution

    def _find_source(self, row: Row) -> str | None:
        """Returns the slug of the source of a row; None, recorded as a problem, if there is no such source."""
        name = row.cells[source_documents.ID]
        is_source = row.table == source_documents.TABLE
        slug = self._sources.slugs[row.collection, name] if is_source else self._sources.find(row.collection, name)
        if slug is None and name:
            hint = self._sources.suggest(row.collection, name)
            message = f"there is no source '{name}' in {source_documents.TABLE}.csv or in the data.{hint}"
            self.problems.add(*row.place, source_documents.ID, message)
        return slug

    def _state(self, row: Row, slug: str | None, contribution: Contribution) -> list[str]:
        """Adds the statements of a row to a contribution and returns their IRIs; none if its source is unknown."""
        made = self._statements.make(row)
        quoted = read_quote(row, self.tables[row.table], iris := [], self.problems)
        if not slug:
            return []
        source, graph = terms.SOURCE + slug, terms.graph(slug)
        for statement in made:
            iri, quads = statement.quads(source, graph, self.schema.identifying)
            contribution.statements[slug][iri].append(quads)
            iris.append(iri)
        if quoted:
            contribution.quotes[slug].append(quoted)
        return iris

    def _describe(self, row: Row, slug: str | None, contribution: Contribution) -> list[str]:
        """Adds the description of a source to a contribution and returns the IRI of the source; none if it has no ID."""
        if not slug:
            self._statements.describe(row)  # for its problems
            return []
        contribution.descriptions[slug].append(self._describe_source(row, slug))
        return [terms.SOURCE + slug]

    def _describe_source(self, row: Row, slug: str) -> list[Quad]:
        """Returns the description of a source; none, recorded as a problem, if the row has an error."""
        based_on: dict[str, list[str]] = {}
        for column in source_documents.BASED_ON:
            based_on[column] = []
            for name in filter(None, row.cells[column].split("|")):
                other = self._sources.find(row.collection, name)
                if other is None:
                    self.problems.add(*row.place, column, f"there is no source '{name}'.{self._sources.suggest(row.collection, name)}")
                else:
                    based_on[column].append(other)
        details = self._statements.describe(row)
        if details is None:
            return []
        try:
            publisher = next(iter(self._reader.referenced_entities(row, source_documents.PUBLISHER)), None)
            return source_documents.describe_source(slug, row, details, publisher, based_on, self._collected)
        except BadCell as bad:
            self.problems.add(*row.place, bad.column, bad.sentence)
        except ValueError:
            message = "this is not a web address; write characters such as | or { percent-encoded (%7C, %7B), as browsers copy them."
            self.problems.add(*row.place, source_documents.ADDRESS, message)
        return []

    def _merge(self, contribution: Contribution, changes: Changes) -> int:
        """Merges a contribution into the files of its sources and the registry; returns how many statements are new."""
        number = 0
        slugs = sorted({*contribution.statements, *contribution.descriptions})
        step = self._progress("sources", len(slugs))
        for slug in slugs:
            step()
            source, old = terms.SOURCE + slug, self._sources.files.get(slug)
            file, added = self._build_file(slug, contribution, changes)
            number += added
            for quoted in contribution.quotes.get(slug, ()):
                contribution.doubts += self._quotes.find_doubts(quoted, file, source)
            devise_title(file, source, self.registry)
            place = source_documents.source_path(slug, file.earliest(source))
            changes.write_quads(place, file.quads())
            if old and old != place:
                changes.files[old] = None
        for name, quads in self.registry.added.items():
            changes.write_quads(name, [*changes.read_quads(name), *quads])
        return number

    def _build_file(self, slug: str, contribution: Contribution, changes: Changes) -> tuple[SourceFile, int]:
        """Returns the graph of a source with what a contribution says of it, and how many statements are new."""
        source, old = terms.SOURCE + slug, self._sources.files.get(slug)
        file = SourceFile.of(changes.read_quads(old) if old else ())
        for quads in contribution.descriptions.get(slug, ()):
            drop_devised_title(file, source, quads)
            file.describe(source, quads)
        number = sum(file.add(iri, quads) for iri, quads in merge_notes(contribution.statements.get(slug, {})).items())
        for quoted in contribution.quotes.get(slug, ()):
            file.extend(quoted.describe(source, terms.graph(slug)))
        return file, number

    def _check_changes(self, changes: Changes, entries: Iterable[RowOutcome]) -> list[ImportProblem]:
        """Checks the changed data; records violations as problems, and returns warnings. Both name the row that caused them."""
        rows: dict[str, RowOutcome] = {}
        for entry in entries:
            for iri in entry.statements:
                rows.setdefault(iri, entry)
        doubts = []
        for finding, sentence in changes.findings():
            origin = rows.get(finding.focus)
            sentence = sentence.replace(f"{terms.shorten(finding.focus, self.registry.namespaces)} ", "the row ", 1) if origin else sentence
            if finding.severity is Severity.VIOLATION:
                self.problems.add(origin.file if origin else "the data", origin.line if origin else 0, "", sentence)
            elif origin:
                doubts.append(ImportProblem(origin.file, origin.line, "", sentence))
        return doubts


def _check_keys(rows: Iterable[Row], tables: Mapping[str, TableFormat], problems: Problems) -> None:
    """Records a problem for each row that has the same key as an earlier one and different cells."""
    first: dict[tuple[str, ...], Row] = {}
    for row in rows:
        table = tables[row.table]
        quotes = {rule.column for rule in table.rules if rule.makes == "passage"}
        columns = [*table.key, *(name for name in table.optional - quotes if name not in table.key)]
        key = (row.collection, row.table, *(row.cells[name] for name in columns))
        other = first.setdefault(key, row)
        differing = [name for name in table.columns if name not in quotes and row.cells[name] != other.cells[name]]
        if differing:
            same = f"the same key ({join_names(table.key, 10)})"
            message = f"line {other.line} has {same} but another {join_names(differing)}; correct the key or remove one of the rows."
            problems.add(*row.place, differing[0], message)
