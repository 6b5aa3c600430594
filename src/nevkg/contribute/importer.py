"""Imports contributions: reads rows, resolves names, makes statements, validates, and only then writes; says in words what was done."""

from __future__ import annotations

import shutil
import tempfile
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

from nevkg.contribute import import_records, source_documents
from nevkg.contribute.decisions import Decisions, Selection
from nevkg.contribute.flat_facts import expand_flat_rows
from nevkg.contribute.job import ImportJob, ImportResult
from nevkg.contribute.new_terms import NewTerm, TermAdder, replace_files
from nevkg.contribute.problems import ImportProblem, Problems, TooManyProblems
from nevkg.contribute.reader import UnknownCode
from nevkg.contribute.sheets import Row, collection_name, read_collection
from nevkg.contribute.table_format import TableFormat, read_format
from nevkg.data import terms
from nevkg.data.atomic import discard_drafts, make_draft, replace_folder
from nevkg.data.paths import Layout, digest_files, walk
from nevkg.errors import CouldNotRun, WrongUsage
from nevkg.progress import Progress, ignore_progress

# A new attribute may need a new unit, and its rows may contain more new codes. Each pass reveals codes that the
# previous one could not reach.
_ROUNDS = 6


def import_collections(
    layout: Layout,
    places: Sequence[Path],
    collected: str,
    *,
    partial: bool = False,
    dry: bool = False,
    new_terms: bool = False,
    replacing: bool = False,
    unreviewed: bool = False,
    progress: Progress = ignore_progress,
) -> ImportResult:
    """Imports collections into the data.

    Args:
        places: folders of tables or workbooks, as ``find_collections`` returns them.
        partial: leave bad rows out instead of failing.
        dry: write nothing.
        new_terms: add codes and attributes that are not in the format to the ontology.
        replacing: remove statements that these collections made before and make no more.
        unreviewed: in folders that are being reviewed, also import the rows without a decision. Rejected rows are left out always.

    Returns:
        The result. If it has problems, nothing was written.

    Raises:
        CouldNotRun: if the data changed while it was read, or cannot be written.
        WrongUsage: if rows without a decision are left out while replacing, which would remove what they said.
    """
    discard_drafts(layout.data)
    before, tables, problems = digest_files(walk(layout.data, "")), read_format(layout), Problems()
    bad: dict[tuple[str, int], list[str]] = defaultdict(list)
    rows: list[Row] = []
    open_rows: list[Row] = []
    rename: Callable[[Iterable[ImportProblem]], list[ImportProblem]] = list
    with OntologyCopy.make(layout) if new_terms else nullcontext() as copy:
        try:
            for place in places:
                selection = read_selection(place, tables, problems)
                rows += [*selection.accepted, *(selection.unreviewed if unreviewed else ())]
                open_rows += () if unreviewed else selection.unreviewed
            if replacing and open_rows:
                raise WrongUsage(
                    "--replace would also remove what rows said that are not reviewed; review these first, or add --unreviewed."
                )
            rows, rename = expand_flat_rows(rows, layout, tables, problems)
            known = {row.place for row in rows}
            unread, rounds = dict(problems.found), _ROUNDS
            while True:
                used = copy.layout if copy else layout
                without = problems.rows() | bad.keys()
                job = ImportJob(
                    used, tables, rows, collected, problems, without, progress=progress, new_terms=copy is not None, replacing=replacing
                )
                result = job.run()
                if copy and result.unknown and rounds:
                    rounds -= 1
                    copy.add(job, result.unknown)
                    tables, problems = read_format(copy.layout), Problems(dict(unread))
                    continue
                # Problems that concern more than one row, such as a whole file, cannot be left out.
                if not problems or not partial or not problems.rows() <= known:
                    break
                for problem in problems:
                    bad[problem.place].append(f"{problem.column}: {problem.message}" if problem.column else problem.message)
                problems = Problems()
        except TooManyProblems:
            result = ImportResult()
        # Each pass has added the codes that the previous one reported, so the rest cannot be given a name.
        for term in sorted(result.unknown) if copy and not problems else ():
            problems.add(
                term.table or collection_name(places[0]), 0, term.by, f"'{term.code}' cannot be added as a new term; use another spelling."
            )
        result.problems, result.doubts, result.unreviewed = rename(problems), rename(result.doubts), open_rows
        if bad and not problems:
            result.rejected = [(row, " ".join(bad[row.place])) for row in rows if row.place in bad]
            result.cited = _cited_sources(rows, result.rejected)
        if copy:
            result.new_terms = sorted(copy.terms)
        if result.changed and not problems and not dry:
            draft = make_draft(layout.data, result.changed)
            if digest_files(walk(layout.data, "")) != before:
                discard_drafts(layout.data)
                raise CouldNotRun("The data changed while it was read; run the import again.")
            if copy:
                copy.write()
            replace_folder(draft, layout.data)
    return result


@dataclass
class OntologyCopy:
    """A temporary copy of the ontology, to which terms are added until the rows can be read.

    Attributes:
        original: the folders with the ontology itself.
        layout: the same folders with the copy of the ontology.
        changed: file, relative to the ontology, to its new text.
    """

    original: Layout
    layout: Layout
    changed: dict[str, str] = field(default_factory=dict)
    terms: list[NewTerm] = field(default_factory=list)

    @classmethod
    @contextmanager
    def make(cls, layout: Layout) -> Iterator[OntologyCopy]:
        """Copies the ontology into a temporary folder."""
        with tempfile.TemporaryDirectory(prefix="nevkg-terms-") as place:
            yield cls(layout, replace(layout, ontology=Path(shutil.copytree(layout.ontology, Path(place) / "ontology"))))

    def add(self, job: ImportJob, unknown: Collection[UnknownCode]) -> None:
        """Adds the unknown codes that a pass over the rows has found."""
        adder = TermAdder(self.layout, job.tables, job.schema, job.registry, job.rows)
        adder.add(unknown)
        replace_files(self.layout.ontology, adder.changed)
        self.changed |= adder.changed
        self.terms += adder.added

    def write(self) -> None:
        """Writes the new terms into the ontology itself."""
        try:
            replace_files(self.original.ontology, self.changed)
        except OSError as error:
            raise CouldNotRun(f"The new terms cannot be written into {self.original.ontology}: {error.strerror}.") from None


def read_selection(place: Path, tables: Mapping[str, TableFormat], problems: Problems) -> Selection:
    """Reads the rows of a collection, by the decisions on them; without decisions, all are accepted.

    Problems of rejected rows are not recorded.
    """
    rows = read_collection(place, tables, problems)
    decisions = Decisions.read(place) if place.is_dir() else None
    if decisions is None:
        return Selection(rows)
    selection = decisions.select(rows)
    rejected = {row.place for row in selection.rejected}
    problems.found = {problem: None for problem in problems.found if problem.place not in rejected}
    return selection


def _cited_sources(rows: Iterable[Row], rejected: Iterable[tuple[Row, str]]) -> list[Row]:
    """Returns the good rows of the sources that bad rows cite. Without them, a source ID would not identify a document."""
    bad = {row.place: (row.collection, row.cells[source_documents.ID]) for row, _ in rejected}
    named = set(bad.values())
    of_sources = [row for row in rows if row.table == source_documents.TABLE and row.place not in bad]
    return [row for row in of_sources if (row.collection, row.cells[source_documents.ID]) in named]


SHOWN = 20


def count(number: int, noun: str) -> str:
    """Returns a number with a noun: ``2 entities``."""
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun if number == 1 else plural}"


def summarize(result: ImportResult, layout: Layout, *, dry: bool, everything: bool) -> str:
    """Returns what an import has done in some lines.

    Args:
        dry: whether nothing was written.
        everything: whether to list all warnings and possible duplicates.
    """
    repetitions = sum(entry.outcome == import_records.DUPLICATE for entry in result.entries)
    lines = [
        f"{count(len(result.entries), 'row')}: {count(result.new_statements, 'new statement')}, "
        f"{count(len(result.new_things), 'new entity')}, {count(repetitions, 'repetition')}."
    ]
    if result.removed:
        lines.append(f"{count(result.removed, 'statement')} of earlier imports {'would be' if dry else 'were'} removed.")
    if result.doubts:
        lines.append(f"{count(len(result.doubts), 'warning')} about imported rows:")
        lines += _list(result.doubts, everything=everything)
    if result.candidates:
        spaces = terms.prefixes(layout.ontology)
        pairs = [
            f"{terms.shorten(pair.first, spaces)} and {terms.shorten(pair.second, spaces)} ({pair.reason})" for pair in result.candidates
        ]
        lines.append(f"{count(len(pairs), 'pair')} of possible duplicates; decide in data/registry/judgements.ttl:")
        lines += _list(pairs, everything=everything)
    if result.new_terms:
        lines.append(f"{count(len(result.new_terms), 'new term')}; fill in labels and definitions, which 'nevkg validate' lists:")
        lines += [f"  {term.name} in ontology/{term.file} {term.like}".rstrip() for term in result.new_terms]
    if result.unreviewed:
        lines.append(f"{count(len(result.unreviewed), 'row')} not reviewed and left out; --unreviewed imports them, too.")
    if result.rejected:
        lines.append(f"{count(len(result.rejected), 'bad row')} {'would be' if dry else 'were'} left out.")
    if dry:
        lines.append(f"Nothing was written; {count(len(result.changed), 'file')} would change.")
    else:
        lines.append(
            f"{count(len(result.changed), 'file')} changed." if result.changed else "Nothing to do: the data already has all of it."
        )
    return "\n".join(lines) + "\n"


def _list(found: Sequence[object], *, everything: bool) -> list[str]:
    shown = found if everything else found[:SHOWN]
    more = [f"  … {len(found) - len(shown)} more; --all lists them."] if len(shown) < len(found) else []
    return [*(f"  {each}" for each in shown), *more]
