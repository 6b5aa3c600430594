"""Changes to the CSV files of a collection, which leave all other rows as they are."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path

from nevkg.contribute.sheets import Line, find_column, number_lines
from nevkg.contribute.table_format import TableFormat
from nevkg.data.atomic import replace_file
from nevkg.data.paths import reading, writing
from nevkg.errors import InvalidData
from nevkg.table.spreadsheets import guard

Cells = Mapping[str, str]
Changed = Mapping[int, Cells | None]


def change_table(folder: Path, table: TableFormat, added: Iterable[Cells] = (), changed: Changed | None = None) -> list[int]:
    """Changes the rows of a table at once. A missing file is created, and columns that the rows need are added to its header.

    Args:
        added: the cells of rows to add at the end.
        changed: line number to the new cells of the row, or None to remove it.

    Returns:
        The line number of each row added, as rows have it when they are read.
    """
    path = folder / f"{table.name}.csv"
    new, different = list(added), dict(changed or {})
    numbered = _read_lines(path) if path.exists() else [(1, list(table.columns))]
    header = numbered[0][1]
    names = [find_column(title.strip(), table) for title in header]
    used = {name for cells in (*new, *different.values()) for name, value in (cells or {}).items() if value}
    missing = [name for name in table.columns if name in used and name not in names]
    lines = [[*header, *missing]]
    for number, old in numbered[1:]:
        if number not in different:
            lines.append([*old, *[""] * len(missing)] if any(old) else old)
        elif (cells := different[number]) is not None:
            lines.append(_to_line(cells, [*names, *missing]))
    content, numbers = io.StringIO(), []
    writer = csv.writer(content, lineterminator="\n")
    writer.writerows(lines)
    for cells in new:
        numbers.append(content.getvalue().count("\n") + 1)
        writer.writerow(_to_line(cells, [*names, *missing]))
    with writing(path):
        replace_file(path, content.getvalue().encode())
    return numbers


def _to_line(cells: Cells, names: Iterable[str]) -> list[str]:
    return [guard(cells.get(name, "")) for name in names]


def _read_lines(path: Path) -> list[Line]:
    try:
        with reading(path):
            lines = list(number_lines(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""))))
    except (UnicodeDecodeError, csv.Error):
        raise InvalidData(f"{path} cannot be read as CSV in UTF-8; correct it first.") from None
    if not lines:
        raise InvalidData(f"{path} is empty; its first line must name the columns.")
    return lines
