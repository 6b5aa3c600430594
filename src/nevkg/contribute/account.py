"""The import record ``data/imports/<collection>.csv``, which lists the outcome of each row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

COLUMNS = ("file", "line", "row", "outcome", "statements", "reason")
FOLDER = "imports"
STATEMENTS, THING, DUPLICATE, LEFT_OUT = "statements", "thing", "duplicate", "left out"
OUTCOMES = (STATEMENTS, THING, DUPLICATE, LEFT_OUT)


@dataclass(frozen=True)
class Entry:
    """The outcome of one row.

    Attributes:
        collection: Name of the collection.
        file: The file, and for a workbook the sheet, as shown to the user.
        line: Line number, counted from 1 including the header.
        row: Key of the row.
        outcome: ``statements``, ``thing`` (the row only describes a source or another entity),
            ``duplicate`` (an earlier row makes the same statements) or ``left out`` (only in old records).
        statements: IRIs of the statements, or the IRI of the source that the row describes.
        reason: Why the row was left out, or which earlier row makes the same statements.
    """

    collection: str
    file: str
    line: int
    row: str
    outcome: str
    statements: tuple[str, ...] = ()
    reason: str = ""


def to_csv(entries: Iterable[Entry], shorten: dict[str, str]) -> bytes:
    """Returns the import record of a collection as CSV, in UTF-8, ordered by file and line.

    Args:
        entries: Outcomes of the rows.
        shorten: Prefix to namespace, for shortening IRIs.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in sorted(entries, key=lambda entry: (entry.file, entry.line)):
        names = " ".join(_short(iri, shorten) for iri in one.statements)
        writer.writerow((one.file, one.line, one.row, one.outcome, names, one.reason))
    return text.getvalue().encode()


def _short(iri: str, namespaces: dict[str, str]) -> str:
    for prefix, space in namespaces.items():
        if iri.startswith(space):
            return f"{prefix}:{iri[len(space) :]}"
    return iri
