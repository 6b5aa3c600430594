"""Spreadsheets: Excel workbooks with typed cells, and text that a spreadsheet must not run as a formula."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from nevkg.errors import needs_extra
from nevkg.table.frames import flatten
from nevkg.table.values import Value, to_text

if TYPE_CHECKING:
    from nevkg.table.listings import Listing
    from nevkg.table.table import Table

# The beginning of a formula, including the full-width characters of East Asian keyboards. Existing quotes before it are matched
# and quoted again, so that ``unguard`` removes only the added one.
_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
_GUARDED = re.compile(f"'{_FORMULA.pattern}")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def guard(text: str) -> str:
    """Returns the text, prefixed with ``'`` if it begins like a formula. Numbers are not changed."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def unguard(text: str) -> str:
    """Reverses ``guard``."""
    return text[1:] if _GUARDED.match(text) else text


# The limits of Excel.
LONGEST_NAME = 31
MOST_ROWS = 1_048_576
_LONGEST_CELL = 32_767
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", "-"))
_RESERVED = {"history"}
_FIRST_DAY = date(1900, 3, 1)  # Excel counts a nonexistent 29 February 1900 before it

_NARROWEST, _WIDEST, _LOOKED_AT = 8, 60, 200


def make_sheet_names(wanted: Sequence[str]) -> list[str]:
    """Returns a valid and unique sheet name for each wanted name; Excel ignores case in names."""
    taken = set(_RESERVED)
    found = []
    for name in wanted:
        clean = name.translate(_FORBIDDEN).strip("'") or "sheet"
        short, number = clean[:LONGEST_NAME], 1
        while short.casefold() in taken:
            number += 1
            end = f"~{number}"
            short = clean[: LONGEST_NAME - len(end)] + end
        taken.add(short.casefold())
        found.append(short)
    return found


def write_workbook(title: str, day: str, sheets: Mapping[str, Table | Listing], links: bool = False) -> bytes:
    """Returns the bytes of a workbook. Text is never a formula; cells and sheets longer than Excel's limits are truncated.

    Args:
        day: the creation date to record (ISO); the time of writing would make equal workbooks differ.
        sheets: the tables, at least one, by the names of their sheets; see :func:`make_sheet_names`.
        links: whether cells in the first column of the first sheet link to the sheet of that name.
    """
    with needs_extra("xlsx"):
        import xlsxwriter
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": title, "created": datetime.fromisoformat(day)})
    styles = _Styles(*map(book.add_format, ({"bold": True}, {"num_format": "yyyy-mm-dd"}, {"quote_prefix": True})))
    for name, table in sheets.items():
        _fill(book.add_worksheet(name), table, styles)
    if links:
        first, *others = sheets
        for number, record in enumerate(sheets[first].records, start=1):
            if (name := to_text(record[0])) in others:
                book.worksheets()[0].write_url(number, 0, f"internal:'{name}'!A1", string=name)
    book.close()
    return out.getvalue()


class _Styles(NamedTuple):
    """Cell formats. ``text`` keeps a cell that begins like a formula a text even when it is edited."""

    head: Any
    day: Any
    text: Any


def _fill(sheet: Any, table: Table | Listing, styles: _Styles) -> None:
    heads, columns = flatten(table, MOST_ROWS - 1)
    for column, (name, cells) in enumerate(zip(heads, columns, strict=True)):
        sheet.write_string(0, column, name, styles.head)
        longest = max((len(to_text(cell)) for cell in [name, *cells[:_LOOKED_AT]]), default=0)
        sheet.set_column(column, column, min(max(longest + 2, _NARROWEST), _WIDEST))
        for number, cell in enumerate(cells, start=1):
            _write(sheet, number, column, cell, styles)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(table.records[: MOST_ROWS - 1]), max(len(heads) - 1, 0))


def _write(sheet: Any, row: int, column: int, cell: Value, styles: _Styles) -> None:
    if cell is None:
        return
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, int | float | Decimal) and math.isfinite(cell):
        sheet.write_number(row, column, float(cell))
    elif isinstance(cell, date) and not isinstance(cell, datetime) and cell >= _FIRST_DAY:
        sheet.write_datetime(row, column, cell, styles.day)
    else:
        text = _truncate(to_text(cell))
        sheet.write_string(row, column, text, styles.text if guard(text) != text else None)


def _truncate(text: str) -> str:
    """Truncates a text to the limit of a cell, in UTF-16 code units."""
    if len(text) * 2 <= _LONGEST_CELL or len(text.encode("utf-16-le")) // 2 <= _LONGEST_CELL:
        return text
    units = text.encode("utf-16-le")[: (_LONGEST_CELL - 1) * 2]
    return units.decode("utf-16-le", errors="ignore") + "…"
