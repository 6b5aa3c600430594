"""Reads the rows of a collection: matches the header to the columns of the table, and checks the cells."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from nevkg.contribute.problems import Problems, TooManyProblems, join_names
from nevkg.contribute.sheets import LONGEST_CELL, collection_name, read_sheets
from nevkg.contribute.tables import Table
from nevkg.data import terms
from nevkg.table.spreadsheet import unguard

_MOST_ROWS = 250_000
_SHOWN = 60
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# Marks, embeddings, overrides and isolates of the bidirectional algorithm, with which a cell can look like another one.
_DIRECTION = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Row:
    """One row of a collection. If the line has too many cells, the last column contains the surplus as well.

    Attributes:
        collection: Name of the folder, or of the workbook without its suffix.
        table: Name of the table.
        file: The file, and for a workbook the sheet, as shown to the user.
        line: Line number, counted from 1 including the header.
        cells: Column to text, stripped of surrounding space; missing optional columns are empty.
        key: Identifies the row in the import record.
    """

    collection: str
    table: str
    file: str
    line: int
    cells: Mapping[str, str]
    key: str

    def with_cells(self, cells: Mapping[str, str]) -> Row:
        """Returns a copy of this row with other cells."""
        return replace(self, cells=cells)


def read_collection(place: Path, tables: Mapping[str, Table], problems: Problems) -> list[Row]:
    """Returns all rows of a collection, in the order of the tables. Errors are recorded in ``problems``."""
    rows: list[Row] = []
    counts: dict[str, int] = {}
    for name, table, lines in read_sheets(place, tables, problems):
        for row in _rows(collection_name(place), name, table, lines, problems):
            nth = counts[row.key] = counts.get(row.key, 0) + 1
            rows.append(replace(row, key=f"{row.key}#{nth}") if nth > 1 else row)
    order = {name: number for number, name in enumerate(tables)}
    return sorted(rows, key=lambda row: (order[row.table], row.file, row.line))


def _header(cells: list[str], label: str, table: Table, problems: Problems) -> list[str] | None:
    """Returns the columns that the header names, or None if it is invalid. Titles in any language are accepted."""
    names = [_column(cell.strip(), table) for cell in cells]
    while names and not names[-1]:
        names.pop()
    expected = join_names(table.columns, 20)
    if len(names) == 1 and len(table.columns) > 1 and re.search(r"[;\t|]", cells[0]):
        problems.add(
            label, 1, "", f"the columns are not separated by commas; save the table as CSV with commas. The columns are {expected}."
        )
        return None
    valid = True
    for name, times in sorted(Counter(names).items()):
        if times > 1:
            problems.add(label, 1, name[:_SHOWN], "the column appears twice; remove one.")
            valid = False
        if name not in table.columns:
            hint = terms.suggest(name[:_SHOWN], list(table.columns))
            problems.add(label, 1, name[:_SHOWN], f"the format has no such column.{hint} The columns are {expected}.")
            valid = False
    missing = [name for name in table.columns if name not in names and name not in table.optional]
    if missing:
        subject = (
            f"column {missing[0]} is missing; add it" if len(missing) == 1 else f"columns {join_names(missing, 20)} are missing; add them"
        )
        problems.add(label, 1, "", f"the {subject}, with empty cells where the format allows them.")
        valid = False
    return names if valid else None


def _column(title: str, table: Table) -> str:
    if title in table.columns:
        return title
    return next((name for name, column in table.columns.items() if title and column.has_title(title)), title)


def _rows(collection: str, label: str, table: Table, lines: Iterable[tuple[int, list[str]]], problems: Problems) -> Iterator[Row]:
    names: list[str] | None = None
    empty = dict.fromkeys(table.columns, "")
    before = len(problems.found)
    for nth, (line, cells) in enumerate(lines):
        if nth > _MOST_ROWS:
            problems.add(label, 0, "", f"the file has more than {_MOST_ROWS:,} rows; split it into several folders.")
            raise TooManyProblems(label)
        if names is None:
            names = _header(cells, label, table, problems)
            if names is None:
                return
            continue
        values = [cell.strip() for cell in cells]
        if not any(values):
            continue
        surplus = values[len(names) :]
        if len(values) < len(names) or any(surplus):
            problems.add(
                label,
                line,
                "",
                f"the row has {len(values)} cells, the header {len(names)}; put cells that contain a comma in quotation marks.",
            )
            values = [*values[: len(names) - 1], ",".join(values[len(names) - 1 :])] if surplus else values
        row = {**empty, **dict(zip(names, values, strict=False))}
        _check_cells(row, label, line, problems)
        row = {name: unguard(value) for name, value in row.items()}
        key = "|".join(row[name] for name in table.key)
        yield Row(collection, table.name, label, line, row, f"{collection}/{table.name}:{key}")
    if names is None and len(problems.found) == before:
        problems.add(label, 0, "", "the file is empty; the first line must name the columns.")


def _check_cells(row: Mapping[str, str], label: str, line: int, problems: Problems) -> None:
    for name, value in row.items():
        if value.startswith("=") or (value[:1] in "+@" and "(" in value):
            problems.add(label, line, name, f"the cell contains a formula ({value[:40]}); replace it with its value.")
        elif len(value) > LONGEST_CELL:
            problems.add(label, line, name, f"the cell has {len(value)} characters, more than {LONGEST_CELL}; shorten it.")
        elif _DIRECTION.search(value):
            problems.add(label, line, name, "the cell contains invisible characters that change the direction of text; remove them.")
        elif _CONTROL.search(value):
            problems.add(label, line, name, "the cell contains control characters; remove them.")
