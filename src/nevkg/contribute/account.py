"""What became of every row: ``data/imports/<collection>.csv``, one line a row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

COLUMNS = ("file", "line", "row", "outcome", "corrections", "statements", "reason")
FOLDER = "imports"
STATEMENTS, THING, DUPLICATE, LEFT_OUT = "statements", "thing", "duplicate", "left out"
OUTCOMES = (STATEMENTS, THING, DUPLICATE, LEFT_OUT)


@dataclass(frozen=True)
class Entry:
    """One row's account.

    Attributes:
        outcome: ``statements``, ``thing`` (describes a source or a thing, and says no more),
            ``duplicate`` (an earlier row says the same) or ``left out``.
        corrections: how many were applied.
        statements: IRIs, or for a source or a thing its own.
        reason: why it was left out, or which row said it first.
    """

    collection: str
    file: str
    line: int
    row: str
    outcome: str
    corrections: int
    statements: tuple[str, ...] = ()
    reason: str = ""


def written(entries: Iterable[Entry], shorten: dict[str, str]) -> bytes:
    """The account of a collection as CSV; IRIs in namespaces of the project without their head."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in sorted(entries, key=lambda entry: (entry.file, entry.line)):
        names = " ".join(_short(iri, shorten) for iri in one.statements)
        writer.writerow((one.file, one.line, one.row, one.outcome, one.corrections or "", names, one.reason))
    return text.getvalue().encode()


def _short(iri: str, namespaces: dict[str, str]) -> str:
    for prefix, space in namespaces.items():
        if iri.startswith(space):
            return f"{prefix}:{iri[len(space) :]}"
    return iri
