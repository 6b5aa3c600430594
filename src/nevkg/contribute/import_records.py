"""The import record ``data/imports/<collection>.csv``, which lists the outcome of each row.

When a collection is replaced, its record says which statements the earlier import made, so that those it makes no more are removed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from nevkg.contribute.changes import Changes
from nevkg.contribute.edits import CORRECTED
from nevkg.contribute.problems import Problems
from nevkg.data import terms
from nevkg.data.paths import Layout
from nevkg.data.tables import read_table, write_rows

COLUMNS = ("file", "line", "row", "outcome", "statements", "reason")
FOLDER = "imports"
STATEMENTS, THING, DUPLICATE, LEFT_OUT = "statements", "thing", "duplicate", "left out"
OUTCOMES = (STATEMENTS, THING, DUPLICATE, LEFT_OUT)


@dataclass(frozen=True)
class RowOutcome:
    """The outcome of one row.

    Attributes:
        outcome: ``statements``, ``thing`` (the row only describes a source or another entity),
            ``duplicate`` (an earlier row makes the same statements) or ``left out`` (only in old records).
        statements: IRIs of the statements, or the IRI of the source that the row describes.
        reason: why the row was left out, or which earlier row makes the same statements.
    """

    collection: str
    file: str
    line: int
    row: str
    outcome: str
    statements: tuple[str, ...] = ()
    reason: str = ""


def to_csv(entries: Iterable[RowOutcome], namespaces: dict[str, str]) -> bytes:
    """Returns the import record of a collection as CSV, in UTF-8, ordered by file and line."""
    rows: list[Sequence[object]] = [COLUMNS]
    for entry in sorted(entries, key=lambda entry: (entry.file, entry.line)):
        names = " ".join(terms.shorten(iri, namespaces) for iri in entry.statements)
        rows.append((entry.file, entry.line, entry.row, entry.outcome, names, entry.reason))
    return write_rows(rows)


_NOTE = terms.NEV + "note"
_NAME = re.compile(r"\bstatement[:/]([0-9a-f]{32})\b")


def remove_former(entries: Iterable[RowOutcome], changes: Changes, problems: Problems) -> int:
    """Removes statements that the collections of these entries made before, unless they or other collections make them now.

    A source that they no longer describe is removed, too, if it has no statement left. Entities stay.

    Args:
        changes: what the import changes; the removals are added.
        problems: receives an error for each removed statement that another file names, such as a review, since its reference
            would be broken, and for each that was corrected in the data but not in the tables.

    Returns:
        How many statements were removed.
    """
    entries, layout, namespaces = list(entries), changes.layout, changes.namespaces
    collections = {entry.collection for entry in entries}
    former = {iri: row for name in collections for iri, row in _read_record(layout, name, namespaces).items()}
    others = {path.stem for path in (layout.data / FOLDER).glob("*.csv")} - collections
    gone = former.keys() - {iri for entry in entries for iri in entry.statements}
    gone -= {iri for name in others for iri in _read_record(layout, name, namespaces)}
    removed, corrected = set[str](), set[str]()
    namers = defaultdict[str, list[str]](list)
    for name, content in list(changes.read_all()):
        named = gone & {terms.STATEMENT + digits for digits in _NAME.findall(content.decode())}
        is_gone = terms.SOURCE + Path(name).stem in gone
        if not (named or is_gone):
            continue
        quads = changes.read_quads(name)
        own = {terms.text(quad.subject) for quad in quads} & named
        for iri in named - own:
            namers[iri].append(name)
        removed |= own
        corrected |= {
            terms.text(quad.subject) for quad in quads if quad.predicate.value == _NOTE and CORRECTED in terms.text(quad.object)
        } & own
        rest = [quad for quad in quads if terms.text(quad.subject) not in own]
        if is_gone and not any(terms.text(quad.subject).startswith(terms.STATEMENT) for quad in rest):
            changes.files[name] = None
        elif own:
            changes.write_quads(name, rest)
    for iri in sorted(namers):
        file, line = former[iri]
        where = f"{' and '.join(sorted(namers[iri]))} refers to its statement, {terms.shorten(iri, namespaces)}"
        words = f"this row says something else now, or is gone, but {where}; keep the row, and correct or retract the statement."
        problems.add(file, line, "", words)
    for iri in sorted(corrected - namers.keys()):
        file, line = former[iri]
        short = terms.shorten(iri, namespaces)
        problems.add(file, line, "", f"the statement of this row, {short}, was corrected in the data; correct the row, too.")
    return len(removed)


def _read_record(layout: Layout, collection: str, namespaces: dict[str, str]) -> dict[str, tuple[str, int]]:
    """Returns the statements and sources that the last import of a collection made, each with file and line of its row."""
    path = layout.data / FOLDER / f"{collection}.csv"
    rows = read_table(path, COLUMNS) if path.exists() else ()
    return {terms.expand(name, namespaces) or name: (row["file"], int(row["line"])) for row in rows for name in row["statements"].split()}
