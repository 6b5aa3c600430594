"""Reads the lines of a folder of CSV files, or of a workbook with sheets of the same names."""

from __future__ import annotations

import csv
import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from nevkg.contribute.problems import Problems, join_names
from nevkg.contribute.tables import Table
from nevkg.data import terms
from nevkg.errors import CouldNotRun, WrongUsage

# 100,000 rows of this format take about 15 MB, as CSV or as an unpacked workbook.
_MOST_BYTES = 64 * 1024 * 1024
LONGEST_CELL = 20_000
_LONGEST_LINE = 40 * LONGEST_CELL
_SAMPLE = 1024 * 1024
REJECTED = ".rejected"
_SUFFIXES = (".csv", ".xlsx")


def find_collections(place: Path) -> list[Path]:
    """Returns the collections at ``place``: the folder or workbook itself, otherwise the folders in it that contain tables.

    Raises:
        WrongUsage: If there is none.
        CouldNotRun: If a folder cannot be read.
    """
    if not place.exists():
        raise WrongUsage(f"{place} does not exist; name a folder of tables or a workbook.")
    if place.is_file():
        if place.suffix.lower() != ".xlsx":
            raise WrongUsage(f"{place} is not a workbook (.xlsx); name a workbook or the folder that contains the CSV files.")
        return [place]
    if place.name in ("", ".."):
        place = place.resolve()
    try:
        if any(_is_table(path) for path in place.iterdir()):
            return [place]
        folders = [path for path in sorted(place.iterdir()) if _is_folder(path) and not path.name.endswith(REJECTED)]
        found = [path for path in folders if any(_is_table(table) for table in path.iterdir())]
    except OSError as error:
        raise CouldNotRun(f"{place} cannot be read: {error.strerror}.") from None
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


def read_sheets(
    place: Path, tables: Mapping[str, Table], problems: Problems
) -> Iterator[tuple[str, Table, Iterable[tuple[int, list[str]]]]]:
    """Yields the file name, the table and the numbered lines of each file or sheet.

    Files that cannot be read or that match no table are recorded as problems.

    Raises:
        CouldNotRun: If the operating system refuses to read a file, or openpyxl is needed and missing.
    """
    files = [place] if place.is_file() else sorted(path for path in place.iterdir() if _is_table(path))
    for file in files:
        label = file.name if place.is_file() else f"{place.name}/{file.name}"
        if not place.is_file() and not _is_regular(file):
            problems.add(label, 0, "", "this is not a regular file; put the table itself here, not a link, a pipe or a folder.")
        elif _size(file) > _MOST_BYTES:
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


def _is_regular(file: Path) -> bool:
    """Whether an entry of a folder is a file of its own. A link could show the first line of any file in a message, a pipe never ends."""
    try:
        return stat.S_ISREG(file.lstat().st_mode)
    except OSError as error:
        raise CouldNotRun(f"{file} cannot be read: {error.strerror}.") from None


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError as error:
        raise CouldNotRun(f"{file} cannot be read: {error.strerror}.") from None


def _text(file: Path, label: str, problems: Problems) -> bytes | None:
    """Returns the bytes of a file if they are UTF-8 text, otherwise records a problem and returns None."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise CouldNotRun(f"{file} cannot be read: {error.strerror}.") from None
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


def _lines(content: bytes, label: str, problems: Problems) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(_short_lines(content), strict=True)
    csv.field_size_limit(LONGEST_CELL * 8)
    try:
        start = 1
        for cells in reader:
            yield start, cells
            start = reader.line_num + 1
    except csv.Error as error:
        problems.add(label, reader.line_num, "", f"this line cannot be read as CSV ({error}); check the quotation marks.")


def _short_lines(content: bytes) -> Iterator[str]:
    for line in io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline=""):
        if len(line) > _LONGEST_LINE:
            raise csv.Error(f"it has {len(line):,} characters")
        yield line


def _workbook(
    file: Path, label: str, tables: Mapping[str, Table], problems: Problems
) -> Iterator[tuple[str, Table, Iterable[tuple[int, list[str]]]]]:
    try:
        with zipfile.ZipFile(file) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError):
        problems.add(label, 0, "", "this is not a workbook; save it as .xlsx.")
        return
    if unpacked > _MOST_BYTES:
        problems.add(label, 0, "", f"the workbook unpacks to {unpacked >> 20} MB, more than {_MOST_BYTES >> 20} MB; it is not opened.")
        return
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise CouldNotRun("Reading workbooks needs one more package; install it with: pip install 'nevkg[contribute]'") from None
    try:
        # Not data_only: formulas are to be reported, not replaced by the value that a program last computed.
        book = load_workbook(file, read_only=True, data_only=False, keep_links=False)
    except Exception:
        problems.add(label, 0, "", "the workbook cannot be read; open it in a spreadsheet program and save it again as .xlsx.")
        return
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible" and sheet.title in tables:
            problems.add(f"{label}[{sheet.title}]", 0, "", "the sheet is hidden; show it, so that its rows can be seen, or remove it.")
        elif sheet.title in tables:
            yield f"{label}[{sheet.title}]", tables[sheet.title], _lines_of(sheet, f"{label}[{sheet.title}]", problems)
        elif sheet.max_row and sheet.max_row > 1:
            problems.add(
                f"{label}[{sheet.title}]", 0, "", f"no table of the format has this name.{terms.suggest(sheet.title, list(tables))}"
            )


def _lines_of(sheet: Any, label: str, problems: Problems) -> Iterator[tuple[int, list[str]]]:
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
