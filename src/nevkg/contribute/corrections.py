"""Corrections of rows, recorded in ``data/corrections.csv`` and applied at each import."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from nevkg.contribute.problems import Problems
from nevkg.contribute.rows import Row
from nevkg.contribute.tables import Table
from nevkg.errors import CouldNotRun, InvalidData

COLUMNS = ("row", "field", "old", "new", "reason", "date")
WHOLE_ROW = "*"


@dataclass(frozen=True)
class Correction:
    """One correction.

    Attributes:
        row: Key of the row.
        field: Name of the column, or ``*`` to leave out the row.
        old: The value before the correction.
        new: The value after it.
        reason: Why it is made.
        line: Line in ``corrections.csv``.
    """

    row: str
    field: str
    old: str
    new: str
    reason: str
    line: int


@dataclass(frozen=True)
class CorrectedRows:
    """The corrected rows, and what was done.

    Attributes:
        rows: The rows that remain.
        applied: Key of a row to the corrections that apply to it.
        left_out: Rows that were left out, each with the reason.
    """

    rows: list[Row]
    applied: Mapping[str, list[Correction]]
    left_out: list[tuple[Row, str]]


def read_corrections(path: Path) -> list[Correction]:
    """Returns the corrections of a dataset, or an empty list if the file does not exist.

    Raises:
        InvalidData: If the file is not valid.
        CouldNotRun: If the file cannot be read.
    """
    if not path.exists():
        return []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            if tuple(reader.fieldnames or ()) != COLUMNS:
                raise InvalidData(f"{path}:1: the header must be {','.join(COLUMNS)}.")
            found = []
            for row in reader:
                if None in row or None in row.values() or not all(row[name] for name in ("row", "field", "reason", "date")):
                    raise InvalidData(f"{path}:{reader.line_num}: a correction needs row, field, reason and date.")
                found.append(Correction(row["row"], row["field"], row["old"], row["new"], row["reason"], reader.line_num))
    except (csv.Error, UnicodeDecodeError) as error:
        raise InvalidData(f"{path} cannot be read as CSV ({error}).") from None
    except OSError as error:
        raise CouldNotRun(f"{path} cannot be read: {error.strerror}.") from None
    return found


def correct(
    rows: Iterable[Row], corrections: Iterable[Correction], tables: Mapping[str, Table], path: Path, problems: Problems
) -> CorrectedRows:
    """Applies the corrections that name one of the rows.

    A correction has no effect if the cell has the new value already. If the cell has neither the old nor the new
    value, that is a problem, because it is not clear what the correction refers to.
    """
    by_key: dict[str, list[Correction]] = {}
    for one in corrections:
        by_key.setdefault(one.row, []).append(one)
    remaining, applied, left_out = [], {}, []
    for row in rows:
        cells = dict(row.cells)
        done: list[Correction] = []
        removal = ""
        for one in by_key.get(row.key, ()):
            if one.field == WHOLE_ROW:
                removal = one.reason
            elif one.field not in tables[row.table].columns:
                problems.add(path.name, one.line, "field", f"the table {row.table} has no column '{one.field}'.")
                continue
            elif cells[one.field] == one.old:
                cells[one.field] = one.new
            elif cells[one.field] != one.new:
                problems.add(
                    path.name, one.line, "old", f"the row has '{cells[one.field]}' in {one.field}, not '{one.old}'; fix the correction."
                )
                continue
            done.append(one)
        if done:
            applied[row.key] = done
        if removal:
            left_out.append((row, removal))
        else:
            remaining.append(row.with_cells(cells))
    return CorrectedRows(remaining, applied, left_out)
