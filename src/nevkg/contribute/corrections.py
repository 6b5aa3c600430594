"""Mends of rows, recorded once and applied at every import: ``data/corrections.csv``."""

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
    """One mend: of the row with this key the field, from what to what, and why."""

    row: str
    field: str
    old: str
    new: str
    reason: str
    line: int


@dataclass(frozen=True)
class Corrected:
    """The rows after mending, and what was done.

    Attributes:
        applied: the corrections that changed a row, or took it out, by its key.
        left_out: rows taken out, with the reason.
    """

    rows: list[Row]
    applied: Mapping[str, list[Correction]]
    left_out: list[tuple[Row, str]]


def read_corrections(path: Path) -> list[Correction]:
    """The corrections of a dataset; none if it has no such file.

    Raises:
        InvalidData: if the file is not as it must be.
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
) -> Corrected:
    """Applies the corrections that name one of the rows.

    A correction that is made already (the cell holds the new value) is passed over; one whose
    old value does not stand in the cell is a problem, since then nobody knows what was meant.
    """
    by_key: dict[str, list[Correction]] = {}
    for one in corrections:
        by_key.setdefault(one.row, []).append(one)
    kept, applied, left_out = [], {}, []
    for row in rows:
        cells = dict(row.cells)
        done: list[Correction] = []
        gone = ""
        for one in by_key.get(row.key, ()):
            if one.field == WHOLE_ROW:
                gone = one.reason
            elif one.field not in tables[row.table].columns:
                problems.add(path.name, one.line, "field", f"the table {row.table} has no column '{one.field}'.")
                continue
            elif cells[one.field] == one.old:
                cells[one.field] = one.new
            elif cells[one.field] != one.new:
                problems.add(
                    path.name, one.line, "old", f"the row has '{cells[one.field]}' in {one.field}, not '{one.old}'; mend the correction."
                )
                continue
            done.append(one)
        if done:
            applied[row.key] = done
        if gone:
            left_out.append((row, gone))
        else:
            kept.append(row.with_cells(cells))
    return Corrected(kept, applied, left_out)
