"""Empty collections for a contributor: tables with an example and a description of the format, or a workbook.

The workbook has a sheet for each table, and lists of the codes that its columns take.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from nevkg.contribute import flat_facts, source_documents
from nevkg.contribute.registry import read_schema
from nevkg.contribute.sheets import LISTS
from nevkg.contribute.table_format import TableFormat, list_codes
from nevkg.data.paths import Layout, writing
from nevkg.data.tables import write_rows
from nevkg.errors import WrongUsage, needs_extra

_EXAMPLE = "example"
_SHOWN = 12


def write_template(place: Path, tables: Iterable[TableFormat], layout: Layout) -> list[Path]:
    """Writes a CSV file with a header for each table, the description of the format, and a small example collection.

    Returns:
        The paths written.
    """
    known = list(tables)
    with writing(place):
        place.mkdir(parents=True, exist_ok=True)
        if any(place.iterdir()):
            raise WrongUsage(f"{place} is not empty; name a new folder.")
        files = [place / f"{table.name}.csv" for table in known]
        for table, path in zip(known, files, strict=True):
            path.write_bytes(write_rows([table.columns]))
        about = place / "FORMAT.md"
        about.write_text(describe_format(known), encoding="utf-8")
        example = place / _EXAMPLE
        example.mkdir()
        for path in sorted((layout.ontology / "tables" / _EXAMPLE).glob("*.csv")):
            (example / path.name).write_bytes(path.read_bytes())
    return [*files, about, example]


def describe_format(tables: Iterable[TableFormat]) -> str:
    """Returns a description of the tables and their columns in Markdown."""
    return "# Tables of a contribution\n\n" + "\n".join(_describe_table(table) for table in tables)


def _describe_table(table: TableFormat) -> str:
    lines = [f"## {table.name}.csv", "", f"{table.description} A row is identified by {', '.join(f'`{name}`' for name in table.key)}.", ""]
    lines += ["| column | 中文 | contents |", "|---|---|---|"]
    for name, column in table.columns.items():
        marks = "; ".join(
            mark
            for mark, holds in (
                ("required", column.required),
                ("several, separated by `|`", column.separator),
                ("the column may be left out", name in table.optional),
            )
            if holds
        )
        text = column.common_props.get("dc:description", "")
        chinese = (column.titles or {}).get("zh", [""])[0]
        lines.append(f"| `{name}` | {chinese} | {text}{f' ({marks})' if marks else ''}. |")
    for name in table.columns:
        codes = table.codes(name)
        if len(codes) > _SHOWN // 4 and any(rule.makes == "statement" and name in rule.when for rule in table.rules):
            lines += ["", f"`{name}` is one of {', '.join(f'`{code}`' for code in codes)}."]
    return "\n".join([*lines, ""])


_LAST_ROW = 5000
_FEWEST = 14  # characters of the width of a column
_FIRST = (source_documents.TABLE, flat_facts.TABLE)


def write_workbook(place: Path, tables: Mapping[str, TableFormat], layout: Layout) -> int:
    """Writes the workbook and returns its number of tables. A list is advice: other values can be entered."""
    with needs_extra("contribute"):
        from openpyxl import Workbook
    if place.exists():
        raise WrongUsage(f"{place} exists; name a new file.")
    schema, targets = read_schema(layout), flat_facts.read_targets(layout, tables)
    book = Workbook()
    for sheet in book.worksheets:
        book.remove(sheet)
    lists = _Lists(book.create_sheet(LISTS))
    for table in sorted(tables.values(), key=lambda table: _FIRST.index(table.name) if table.name in _FIRST else len(_FIRST)):
        sheet = book.create_sheet(table.name)
        sheet.freeze_panes = "A2"
        for number, column in enumerate(table.columns, 1):
            _write_column(sheet, number, table, column)
            is_flat = table.name == flat_facts.TABLE
            codes = flat_facts.list_codes(column, targets, schema) if is_flat else list_codes(table, column, schema)
            if codes and not table.columns[column].separator:
                lists.offer(sheet, number, codes)
    book.move_sheet(LISTS, len(tables))
    book.active = 0
    book[LISTS].sheet_state = "hidden"
    with writing(place):
        book.save(place)
    return len(tables)


def _write_column(sheet: Any, number: int, table: TableFormat, column: str) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    head = sheet.cell(1, number, column)
    head.font = Font(bold=table.columns[column].required)
    head.comment = Comment(table.columns[column].common_props.get("dc:description", column), "nevkg")
    sheet.column_dimensions[get_column_letter(number)].width = max(_FEWEST, len(column) + 2)


class _Lists:
    """The sheet with the lists, each in a column; equal lists are written once."""

    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet
        self._columns: dict[tuple[str, ...], int] = {}

    def offer(self, sheet: Any, number: int, codes: Iterable[str]) -> None:
        """Offers codes in a column of a sheet."""
        from openpyxl.utils import get_column_letter
        from openpyxl.worksheet.datavalidation import DataValidation

        every = tuple(codes)
        if every not in self._columns:
            self._columns[every] = len(self._columns) + 1
            for row, code in enumerate(every, 1):
                self._sheet.cell(row, self._columns[every], code)
        own, letter = get_column_letter(self._columns[every]), get_column_letter(number)
        validation = DataValidation("list", formula1=f"={LISTS}!${own}$1:${own}${len(every)}", allow_blank=True, errorStyle="warning")
        validation.error = "The list has no such code."
        sheet.add_data_validation(validation)
        validation.add(f"{letter}2:{letter}{_LAST_ROW}")
