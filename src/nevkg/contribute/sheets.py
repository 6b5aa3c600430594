"""The rows of a collection: a folder of CSV files, or a workbook with sheets of the same names.

The header is matched to the columns of the table, and the cells are checked. Changes of a table leave its other rows as they are.
"""

from __future__ import annotations

import csv
import io
import re
import stat
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nevkg.contribute.problems import Place, Problems, TooManyProblems, join_names
from nevkg.contribute.table_format import TableFormat
from nevkg.data import terms
from nevkg.data.atomic import replace_file
from nevkg.data.paths import reading, writing
from nevkg.errors import InvalidData, WrongUsage, needs_extra
from nevkg.table.spreadsheets import guard, unguard

# 100,000 rows of this format take about 15 MB, as CSV or as an unpacked workbook.
_MOST_BYTES = 64 * 1024 * 1024
LONGEST_CELL = 20_000
_LONGEST_LINE = 40 * LONGEST_CELL
_SAMPLE = 1024 * 1024
REJECTED = ".rejected"
LISTS = "lists"  # the sheet of codes in an empty workbook
_SUFFIXES = (".csv", ".xlsx")

Line = tuple[int, list[str]]  # the number of a line, and its cells
_Sheet = tuple[str, TableFormat, Iterable[Line]]  # its name, or that of the file, as shown to the user; its table and its lines


def find_collections(place: Path) -> list[Path]:
    """Returns the collections at ``place``: the folder or workbook itself, otherwise the folders in it that contain tables."""
    if not place.exists():
        raise WrongUsage(f"{place} does not exist; name a folder of tables or a workbook.")
    if place.is_file():
        if place.suffix.lower() != ".xlsx":
            raise WrongUsage(f"{place} is not a workbook (.xlsx); name a workbook or the folder that contains the CSV files.")
        return [place]
    if place.name in ("", ".."):
        place = place.resolve()
    with reading(place):
        if any(_is_table(path) for path in place.iterdir()):
            return [place]
        folders = [path for path in sorted(place.iterdir()) if _is_folder(path) and not path.name.endswith(REJECTED)]
        found = [path for path in folders if any(_is_table(table) for table in path.iterdir())]
    if not found:
        raise WrongUsage(f"{place} contains no tables; 'nevkg import --template {place}' writes empty ones.")
    return found


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _is_table(path: Path) -> bool:
    """Whether a file is a table or a workbook. Lock files, which programs write next to an open file, are neither."""
    return path.suffix.lower() in _SUFFIXES and not path.name.startswith((".", "~"))


def collection_name(place: Path) -> str:
    """Returns the name of a collection: that of the folder, or of the workbook without its suffix."""
    return place.stem if place.is_file() else place.name


def _read_sheets(place: Path, tables: Mapping[str, TableFormat], problems: Problems) -> Iterator[_Sheet]:
    """Yields the files or sheets; those that cannot be read or that match no table are recorded as problems."""
    is_workbook = place.is_file()
    for file in [place] if is_workbook else sorted(path for path in place.iterdir() if _is_table(path)):
        label = file.name if is_workbook else f"{place.name}/{file.name}"
        with reading(file):
            state = file.stat() if is_workbook else file.lstat()
        # A link in a folder could show the first line of any file in a message, a pipe never ends.
        if not stat.S_ISREG(state.st_mode):
            problems.add(label, 0, "", "this is not a regular file; put the table itself here, not a link, a pipe or a folder.")
        elif state.st_size > _MOST_BYTES:
            problems.add(label, 0, "", f"the file is larger than {_MOST_BYTES >> 20} MB; split it into several folders.")
        elif file.suffix.lower() == ".xlsx":
            yield from _workbook(file, label, tables, problems)
        elif file.stem in tables:
            content = _text(file, label, problems)
            if content is not None:
                yield label, tables[file.stem], _lines(content, label, problems)
        else:
            hint = terms.suggest(file.stem, list(tables))
            problems.add(label, 0, "", f"no table of the format has this name.{hint} The tables are {join_names(tables, 20)}.")


def _text(file: Path, label: str, problems: Problems) -> bytes | None:
    """Returns the bytes of a file if they are UTF-8 text, otherwise records a problem and returns None."""
    with reading(file):
        content = file.read_bytes()
    if content[:4] == b"PK\x03\x04":
        problems.add(label, 0, "", "this is a workbook, not a CSV file; rename it to end in .xlsx or save it as CSV UTF-8.")
        return None
    try:
        content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problems.add(label, line, "", f"this is not UTF-8 text{_guess(content)}; save the file as CSV UTF-8.")
        return None
    if b"\0" in content[:4096]:
        problems.add(label, 0, "", "this is not a text file; save the table as CSV UTF-8.")
        return None
    return content


def _guess(content: bytes) -> str:
    """Returns a phrase for the message that names the encoding the bytes may be in, or an empty string."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return " but UTF-16"
    # In GBK, Chinese characters have two bytes and usually follow one another. In Windows-1252, accented letters
    # have one byte and usually occur singly.
    beyond = re.findall(rb"[\x80-\xff]+", content[:_SAMPLE])
    encodings = [("gb18030", "GBK"), ("cp1252", "Windows-1252")]
    for encoding, name in encodings if sum(len(run) > 1 for run in beyond) * 2 > len(beyond) else encodings[::-1]:
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return f" (it may be {name})"
    return ""


def number_lines(reader: Any) -> Iterator[Line]:
    """Yields the lines of a reader of CSV, each with the number of its first line in the file."""
    start = 1
    for cells in reader:
        yield start, cells
        start = reader.line_num + 1


def _lines(content: bytes, label: str, problems: Problems) -> Iterator[Line]:
    reader = csv.reader(_short_lines(content), strict=True)
    csv.field_size_limit(LONGEST_CELL * 8)
    try:
        yield from number_lines(reader)
    except csv.Error as error:
        problems.add(label, reader.line_num, "", f"this line cannot be read as CSV ({error}); check the quotation marks.")


def _short_lines(content: bytes) -> Iterator[str]:
    for line in io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline=""):
        if len(line) > _LONGEST_LINE:
            raise csv.Error(f"it has {len(line):,} characters")
        yield line


def _workbook(file: Path, label: str, tables: Mapping[str, TableFormat], problems: Problems) -> Iterator[_Sheet]:
    try:
        with zipfile.ZipFile(file) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError):
        problems.add(label, 0, "", "this is not a workbook; save it as .xlsx.")
        return
    if unpacked > _MOST_BYTES:
        problems.add(label, 0, "", f"the workbook unpacks to {unpacked >> 20} MB, more than {_MOST_BYTES >> 20} MB; it is not opened.")
        return
    with needs_extra("contribute"):
        from openpyxl import load_workbook
    try:
        # Not data_only: formulas are to be reported, not replaced by the value that a program last computed.
        book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
    except Exception:
        problems.add(label, 0, "", "the workbook cannot be read; open it in a spreadsheet program and save it again as .xlsx.")
        return
    for sheet in book.worksheets:
        name = f"{label}[{sheet.title}]"
        if sheet.sheet_state != "visible" and sheet.title in tables:
            problems.add(name, 0, "", "the sheet is hidden; show it, so that its rows can be seen, or remove it.")
        elif sheet.title in tables:
            yield name, tables[sheet.title], _lines_of(sheet, name, problems)
        elif sheet.title != LISTS and sheet.max_row and sheet.max_row > 1:
            problems.add(name, 0, "", f"no table of the format has this name.{terms.suggest(sheet.title, list(tables))}")


def _lines_of(sheet: Any, label: str, problems: Problems) -> Iterator[Line]:
    width = 0
    try:
        # The dimensions stored in a sheet may be wrong; rows beyond them would be skipped.
        sheet.reset_dimensions()
        for number, line in enumerate(sheet.iter_rows(values_only=True), 1):
            cells = [_cell_text(value) for value in line]
            width = width or len(cells)
            yield number, cells + [""] * (width - len(cells))
    except (zipfile.BadZipFile, OSError, SyntaxError, ValueError, KeyError, TypeError, EOFError, zlib.error):
        problems.add(label, 0, "", "the sheet cannot be read; open it in a spreadsheet program and save it again as .xlsx.")


def _cell_text(value: object) -> str:
    """Returns a cell of a workbook as text: dates in ISO format, whole numbers without a decimal point."""
    if value is None:
        return ""
    if hasattr(value, "isoformat"):
        return str(value.isoformat()).removesuffix("T00:00:00")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


_MOST_ROWS = 250_000
_SHOWN = 60
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
# Marks, embeddings, overrides and isolates of the bidirectional algorithm, with which a cell can look like another one.
_DIRECTION = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True)
class Row:
    """One row of a collection. If the line has too many cells, the last column contains the surplus as well.

    Attributes:
        collection: name of the folder, or of the workbook without its suffix.
        file: the file, and for a workbook the sheet, as shown to the user.
        line: line number, counted from 1 including the header.
        cells: column to text, stripped of surrounding space; missing optional columns are empty.
        key: identifies the row in the import record.
    """

    collection: str
    table: str
    file: str
    line: int
    cells: Mapping[str, str]
    key: str

    @property
    def place(self) -> Place:
        """The file and the line."""
        return self.file, self.line


def read_collection(place: Path, tables: Mapping[str, TableFormat], problems: Problems) -> list[Row]:
    """Returns all rows of a collection, in the order of the tables. Errors are recorded in ``problems``."""
    rows: list[Row] = []
    counts: dict[str, int] = {}
    for name, table, lines in _read_sheets(place, tables, problems):
        for row in _rows(collection_name(place), name, table, lines, problems):
            nth = counts[row.key] = counts.get(row.key, 0) + 1
            rows.append(replace(row, key=f"{row.key}#{nth}") if nth > 1 else row)
    order = {name: number for number, name in enumerate(tables)}
    return sorted(rows, key=lambda row: (order[row.table], row.file, row.line))


def _header(cells: list[str], label: str, table: TableFormat, problems: Problems) -> list[str] | None:
    """Returns the columns that the header names, or None if it is invalid. Titles in any language are accepted."""
    names = [find_column(cell.strip(), table) for cell in cells]
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


def find_column(title: str, table: TableFormat) -> str:
    """Returns the name of the column that has a title in any language; the title itself if there is none."""
    if title in table.columns:
        return title
    return next((name for name, column in table.columns.items() if title and column.has_title(title)), title)


def _rows(collection: str, label: str, table: TableFormat, lines: Iterable[Line], problems: Problems) -> Iterator[Row]:
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
        check_cells(row, label, line, problems)
        row = {name: unguard(value) for name, value in row.items()}
        key = "|".join(row[name] for name in table.key)
        yield Row(collection, table.name, label, line, row, f"{collection}/{table.name}:{key}")
    if names is None and len(problems.found) == before:
        problems.add(label, 0, "", "the file is empty; the first line must name the columns.")


def check_cells(row: Mapping[str, str], label: str, line: int, problems: Problems) -> None:
    """Records cells that are formulas, too long, or contain characters that no reader sees."""
    for name, value in row.items():
        if value.startswith("=") or (value[:1] in "+@" and "(" in value):
            problems.add(label, line, name, f"the cell contains a formula ({value[:40]}); replace it with its value.")
        elif len(value) > LONGEST_CELL:
            problems.add(label, line, name, f"the cell has {len(value)} characters, more than {LONGEST_CELL}; shorten it.")
        elif _DIRECTION.search(value):
            problems.add(label, line, name, "the cell contains invisible characters that change the direction of text; remove them.")
        elif _CONTROL.search(value):
            problems.add(label, line, name, "the cell contains control characters; remove them.")


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
