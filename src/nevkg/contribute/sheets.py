"""Reads a folder of CSV files, or a workbook with the same sheets, into rows."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from nevkg import terms
from nevkg.contribute.problems import Problems, TooManyProblems, listed
from nevkg.contribute.tables import Table
from nevkg.errors import CouldNotRun, WrongUsage

# A hundred thousand rows of this format have about 15 MB; a workbook is about as large when unpacked.
_MOST_BYTES = 64 * 1024 * 1024
_MOST_ROWS = 250_000
_LONGEST_CELL = 20_000
_LONGEST_LINE = 40 * _LONGEST_CELL
_SAMPLE = 1024 * 1024
_SHOWN = 60
REJECTED = ".rejected"
_SUFFIXES = (".csv", ".xlsx")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Row:
    """One row as it was read; of one that is too long the surplus stands in the last cell.

    Attributes:
        collection: name of the folder, or of the workbook without its suffix.
        file: the file, and for a workbook the sheet, as shown to the user.
        line: counted from 1, the header included.
        cells: column to text, without space around; absent optional columns are empty.
        key: the row's key, which corrections and the account name it by.
    """

    collection: str
    table: str
    file: str
    line: int
    cells: Mapping[str, str]
    key: str

    def with_cells(self, cells: Mapping[str, str]) -> Row:
        """This row with other cells."""
        return replace(self, cells=cells)


def collections(place: Path) -> list[Path]:
    """The collections that ``place`` holds: itself, or the folders and workbooks in it.

    Raises:
        WrongUsage: if there is none.
        CouldNotRun: if it cannot be read.
    """
    if not place.exists():
        raise WrongUsage(f"{place} is not there; name a folder of tables or a workbook.")
    if place.is_file():
        if place.suffix.lower() != ".xlsx":
            raise WrongUsage(f"{place} is not a workbook (.xlsx); name a workbook or the folder that holds the CSV files.")
        return [place]
    if place.name in ("", ".."):
        place = place.resolve()
    try:
        if any(_is_table(path) for path in place.iterdir()):
            return [place]
        folders = [path for path in sorted(place.iterdir()) if path.is_dir() and not path.name.endswith(REJECTED)]
        found = [path for path in folders if any(_is_table(table) for table in path.iterdir())]
    except OSError as error:
        raise CouldNotRun(f"{place} cannot be read: {error.strerror}.") from None
    if not found:
        raise WrongUsage(f"{place} holds no tables; 'nevkg import --template {place}' writes empty ones.")
    return found


def _is_table(path: Path) -> bool:
    """Whether a file is a table or a workbook; what programs leave beside an open one is none."""
    return path.suffix.lower() in _SUFFIXES and not path.name.startswith((".", "~"))


def name_of(place: Path) -> str:
    """What a collection is called."""
    return place.stem if place.is_file() else place.name


def read_collection(place: Path, tables: Mapping[str, Table], problems: Problems) -> list[Row]:
    """All rows of a collection, in the order of the tables; what cannot be read is noted."""
    rows: list[Row] = []
    counted: dict[str, int] = {}
    for name, table, lines in _sheets(place, tables, problems):
        for row in _rows(name_of(place), name, table, lines, problems):
            nth = counted[row.key] = counted.get(row.key, 0) + 1
            rows.append(replace(row, key=f"{row.key}#{nth}") if nth > 1 else row)
    order = {name: number for number, name in enumerate(tables)}
    return sorted(rows, key=lambda row: (order[row.table], row.file, row.line))


def _sheets(place: Path, tables: Mapping[str, Table], problems: Problems) -> Iterator[tuple[str, Table, Iterable[tuple[int, list[str]]]]]:
    """File name, table and numbered lines of each file or sheet."""
    files = [place] if place.is_file() else sorted(path for path in place.iterdir() if _is_table(path))
    for file in files:
        shown = file.name if place.is_file() else f"{place.name}/{file.name}"
        if _size(file) > _MOST_BYTES:
            problems.add(shown, 0, "", f"the file is larger than {_MOST_BYTES >> 20} MB; split it into several folders.")
        elif file.suffix.lower() == ".xlsx":
            yield from _workbook(file, shown, tables, problems)
        elif file.stem in tables:
            content = _text(file, shown, problems)
            if content is not None:
                yield shown, tables[file.stem], _lines(content, shown, problems)
        else:
            hint = terms.nearest(file.stem, list(tables))
            problems.add(shown, 0, "", f"no table of the format has this name.{hint} The tables are {listed(tables, 20)}.")


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError as error:
        raise CouldNotRun(f"{file} cannot be read: {error.strerror}.") from None


def _text(file: Path, shown: str, problems: Problems) -> bytes | None:
    """The bytes of a file if they are UTF-8 text."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise CouldNotRun(f"{file} cannot be read: {error.strerror}.") from None
    if content[:4] == b"PK\x03\x04":
        problems.add(shown, 0, "", "this is a workbook, not a CSV file; rename it to end in .xlsx or save it as CSV UTF-8.")
        return None
    try:
        content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problems.add(shown, line, "", f"this is not UTF-8 text{_guess(content)}; save the file as CSV UTF-8.")
        return None
    if b"\0" in content[:4096]:
        problems.add(shown, 0, "", "this is not a text file; save the table as CSV UTF-8.")
        return None
    return content


def _guess(content: bytes) -> str:
    """Which other encoding the bytes may be in."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return " but UTF-16"
    # Chinese characters are two bytes beyond ASCII, and seldom stand alone; letters with marks are one.
    beyond = re.findall(rb"[\x80-\xff]+", content[:_SAMPLE])
    encodings = [("gb18030", "GBK"), ("cp1252", "Windows-1252")]
    for encoding, name in encodings if sum(len(run) > 1 for run in beyond) * 2 > len(beyond) else encodings[::-1]:
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return f" (it may be {name})"
    return ""


def _lines(content: bytes, shown: str, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(_short_lines(content), strict=True)
    csv.field_size_limit(_LONGEST_CELL * 8)
    try:
        start = 1
        for cells in reader:
            yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:
        problems.add(shown, reader.line_num, "", f"this line cannot be read as CSV ({error}); check the quotation marks.")


def _short_lines(content: bytes) -> Iterator[str]:
    for line in io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline=""):
        if len(line) > _LONGEST_LINE:
            raise csv.Error(f"it has {len(line):,} characters")
        yield line


def _workbook(
    file: Path, shown: str, tables: Mapping[str, Table], problems: Problems
) -> Iterator[tuple[str, Table, Iterable[tuple[int, list[str]]]]]:
    try:
        with zipfile.ZipFile(file) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError):
        problems.add(shown, 0, "", "this is not a workbook; save it as .xlsx.")
        return
    if unpacked > _MOST_BYTES:
        problems.add(shown, 0, "", f"the workbook unpacks to {unpacked >> 20} MB, more than {_MOST_BYTES >> 20} MB; it is not opened.")
        return
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise CouldNotRun("Reading workbooks needs one more package; install it with: pip install 'nevkg[contribute]'") from None
    try:
        # Not data_only: a formula is to be seen as such, not as the value that some program last computed.
        book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
    except Exception:
        problems.add(shown, 0, "", "the workbook cannot be read; open it in a spreadsheet program and save it anew as .xlsx.")
        return
    for sheet in book.worksheets:
        if sheet.title in tables:
            yield f"{shown}[{sheet.title}]", tables[sheet.title], _lines_of(sheet, f"{shown}[{sheet.title}]", problems)
        elif sheet.max_row and sheet.max_row > 1:
            problems.add(
                f"{shown}[{sheet.title}]", 0, "", f"no table of the format has this name.{terms.nearest(sheet.title, list(tables))}"
            )


def _lines_of(sheet: Any, shown: str, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    width = 0
    try:
        # How far a sheet says that it reaches may be wrong; then rows beyond would be passed over.
        sheet.reset_dimensions()
        for number, line in enumerate(sheet.iter_rows(values_only=True), 1):
            cells = [_shown(value) for value in line]
            width = width or len(cells)
            yield number, cells + [""] * (width - len(cells))
    except (zipfile.BadZipFile, OSError, SyntaxError, ValueError, KeyError, TypeError, EOFError, zlib.error):
        problems.add(shown, 0, "", "the sheet cannot be read; open it in a spreadsheet program and save it anew as .xlsx.")


def _shown(value: object) -> str:
    """A cell of a workbook as text: dates as ISO, whole numbers without a point."""
    if value is None:
        return ""
    if hasattr(value, "isoformat"):
        return str(value.isoformat()).removesuffix("T00:00:00")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _header(cells: list[str], shown: str, table: Table, problems: Problems) -> list[str] | None:
    """The columns that the header names; a title in any language will do as well."""
    names = [_column(cell.strip(), table) for cell in cells]
    while names and not names[-1]:
        names.pop()
    wanted = listed(table.columns, 20)
    if len(names) == 1 and len(table.columns) > 1 and re.search(r"[;\t|]", cells[0]):
        problems.add(shown, 1, "", f"the columns are not separated by commas; save the table as CSV with commas. The columns are {wanted}.")
        return None
    sound = True
    for name, times in sorted(Counter(names).items()):
        if times > 1:
            problems.add(shown, 1, name[:_SHOWN], "the column stands twice; remove one.")
            sound = False
        if name not in table.columns:
            hint = terms.nearest(name[:_SHOWN], list(table.columns))
            problems.add(shown, 1, name[:_SHOWN], f"the format has no such column.{hint} The columns are {wanted}.")
            sound = False
    missing = [name for name in table.columns if name not in names and name not in table.optional]
    if missing:
        told = f"column {missing[0]} is missing; add it" if len(missing) == 1 else f"columns {listed(missing, 20)} are missing; add them"
        problems.add(shown, 1, "", f"the {told}, with empty cells where the format allows.")
        sound = False
    return names if sound else None


def _column(title: str, table: Table) -> str:
    if title in table.columns:
        return title
    return next((name for name, column in table.columns.items() if title and column.has_title(title)), title)


def _rows(collection: str, shown: str, table: Table, lines: Iterable[tuple[int, list[str]]], problems: Problems) -> Iterator[Row]:
    names: list[str] | None = None
    empty = dict.fromkeys(table.columns, "")
    before = len(problems.found)
    for nth, (line, cells) in enumerate(lines):
        if nth > _MOST_ROWS:
            problems.add(shown, 0, "", f"the file has more than {_MOST_ROWS:,} rows; split it into several folders.")
            raise TooManyProblems(shown)
        if names is None:
            names = _header(cells, shown, table, problems)
            if names is None:
                return
            continue
        values = [cell.strip() for cell in cells]
        if not any(values):
            continue
        surplus = values[len(names) :]
        if len(values) < len(names) or any(surplus):
            problems.add(
                shown, line, "", f"the row has {len(values)} cells, the header {len(names)}; quote cells that have a comma in them."
            )
            values = [*values[: len(names) - 1], ",".join(values[len(names) - 1 :])] if surplus else values
        row = {**empty, **dict(zip(names, values, strict=False))}
        _check_cells(row, shown, line, problems)
        key = "|".join(row[name] for name in table.key)
        yield Row(collection, table.name, shown, line, row, f"{collection}/{table.name}:{key}")
    if names is None and len(problems.found) == before:
        problems.add(shown, 0, "", "the file is empty; its first line names the columns.")


def _check_cells(row: Mapping[str, str], shown: str, line: int, problems: Problems) -> None:
    for name, value in row.items():
        if value.startswith("=") or (value[:1] in "+@" and "(" in value):
            problems.add(shown, line, name, f"the cell holds a formula ({value[:40]}); put its value in its place.")
        elif len(value) > _LONGEST_CELL:
            problems.add(shown, line, name, f"the cell has {len(value)} characters, more than {_LONGEST_CELL}; shorten it.")
        elif _CONTROL.search(value):
            problems.add(shown, line, name, "the cell has characters that are no text; remove them.")
