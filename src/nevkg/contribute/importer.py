"""Brings a contribution into the data: reads, mends, resolves, makes statements, validates, and only then writes."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

from nevkg.contribute import sources as documents
from nevkg.contribute.job import Job, Result
from nevkg.contribute.new_terms import Adding, NewTerm
from nevkg.contribute.problems import Problems, TooManyProblems
from nevkg.contribute.reader import Unknown
from nevkg.contribute.rows import Row, read_collection
from nevkg.contribute.sheets import name_of
from nevkg.contribute.tables import read_format
from nevkg.contribute.term_files import replace_files
from nevkg.data.atomic import discard_drafts, draft, put
from nevkg.data.paths import Layout, walk
from nevkg.errors import CouldNotRun
from nevkg.progress import Progress, silent

# A new attribute may bring a new unit, and its rows more codes; each pass finds what the one before it hid.
_ROUNDS = 6


def bring_in(
    layout: Layout,
    places: Sequence[Path],
    collected: str,
    *,
    partial: bool = False,
    dry: bool = False,
    new_terms: bool = False,
    progress: Progress = silent,
) -> Result:
    """Imports collections into the data.

    Args:
        places: folders of tables or workbooks, as ``collections`` gives them.
        collected: ISO day on which the facts were collected; for documents that are new.
        partial: leave bad rows out instead of giving up.
        dry: write nothing.
        new_terms: add codes and attributes that the format does not know to the ontology.
        progress: called with a stage and its number of steps; gives what to call at each step.

    Raises:
        CouldNotRun: if the data changed while it was read, or cannot be written.
        InvalidData: if the data or ``corrections.csv`` does not parse.
    """
    discard_drafts(layout.data)
    before = _digest(layout)
    with tempfile.TemporaryDirectory(prefix="nevkg-terms-") if new_terms else nullcontext() as place:
        adding = Added(layout, Path(place)) if place else None
        return _bring_in(layout, places, collected, partial=partial, dry=dry, adding=adding, before=before, progress=progress)


@dataclass
class Added:
    """A copy of the ontology, to which terms are added until the rows can be read.

    Attributes:
        layout: the folders, the copy among them.
        changed: files of the ontology with their new text.
        terms: what was added.
    """

    original: Layout
    place: Path
    changed: dict[str, str] = field(default_factory=dict)
    terms: list[NewTerm] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Makes the copy."""
        self.layout = replace(self.original, ontology=Path(shutil.copytree(self.original.ontology, self.place / "ontology")))

    def add(self, job: Job, unknown: Collection[Unknown]) -> None:
        """Adds what a pass over the rows did not know."""
        adding = Adding(self.layout, job.tables, job.schema, job.registry, job.corrected)
        adding.add(unknown)
        replace_files(self.layout.ontology, adding.changed)
        self.changed |= adding.changed
        self.terms += adding.added

    def write(self) -> None:
        """Puts the terms into the ontology itself.

        Raises:
            CouldNotRun: if it cannot be written.
        """
        try:
            replace_files(self.original.ontology, self.changed)
        except OSError as error:
            raise CouldNotRun(f"The new terms cannot be written into {self.original.ontology}: {error.strerror}.") from None


def _bring_in(
    layout: Layout,
    places: Sequence[Path],
    collected: str,
    *,
    partial: bool,
    dry: bool,
    adding: Added | None,
    before: str,
    progress: Progress,
) -> Result:
    tables = read_format(layout)
    problems = Problems()
    bad: dict[tuple[str, int], list[str]] = defaultdict(list)
    rows: list[Row] = []
    try:
        rows += [row for place in places for row in read_collection(place, tables, problems)]
        known = {(row.file, row.line) for row in rows}
        unread, rounds = dict(problems.found), _ROUNDS
        while True:
            used = adding.layout if adding else layout
            without = problems.rows() | bad.keys()
            job = Job(used, tables, rows, collected, problems, without, progress, new_terms=adding is not None)
            result = job.run()
            if adding and result.unknown and rounds:
                rounds -= 1
                adding.add(job, result.unknown)
                tables, problems = read_format(adding.layout), Problems(dict(unread))
                continue
            # What is wrong with more than a row, such as a whole file, cannot be left out.
            if not problems or not partial or not problems.rows() <= known:
                break
            for problem in problems:
                bad[problem.file, problem.line].append(f"{problem.column}: {problem.message}" if problem.column else problem.message)
            problems = Problems()
    except TooManyProblems:
        result = Result()
    # Each pass has added what the one before it did not know, so what is left has no name of its own.
    for one in sorted(result.unknown) if adding and not problems else ():
        problems.add(one.table or name_of(places[0]), 0, one.by, f"'{one.code}' cannot be added as a new term; write it in another way.")
    result.problems = list(problems)
    if bad and not problems:
        result.rejected = [(row, " ".join(bad[row.file, row.line])) for row in rows if (row.file, row.line) in bad]
        result.cited = _cited(rows, result.rejected)
    if adding:
        result.new_terms = sorted(adding.terms)
    if result.changed and not problems and not dry:
        place = draft(layout.data, result.changed)
        if _digest(layout) != before:
            discard_drafts(layout.data)
            raise CouldNotRun("The data changed while it was read; run the import again.")
        if adding:
            adding.write()
        put(place, layout.data)
    return result


def _cited(rows: Iterable[Row], rejected: Iterable[tuple[Row, str]]) -> list[Row]:
    """The good rows of the sources that bad rows name: without them an id would not tell which document is meant."""
    bad = {(row.file, row.line): (row.collection, row.cells[documents.ID]) for row, _ in rejected}
    named = set(bad.values())
    of_sources = [row for row in rows if row.table == documents.TABLE and (row.file, row.line) not in bad]
    return [row for row in of_sources if (row.collection, row.cells[documents.ID]) in named]


def _digest(layout: Layout) -> str:
    """Of all that is in the data folder. A draft shares the files, which changes their times, so that a fingerprint would not do."""
    whole = hashlib.sha256()
    for path in sorted(walk(layout.data, "")):
        try:
            whole.update(f"{path}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
        except OSError as error:
            raise CouldNotRun(f"{path} cannot be read: {error.strerror}.") from None
    return whole.hexdigest()
