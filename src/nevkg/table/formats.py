"""A table in the formats that programs and reference managers read, and all formats by their names."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from nevkg.table.frames import Record, arrow, flat
from nevkg.table.references import Reference, bibtex, csl, references, ris
from nevkg.table.render import Citable, html, markdown
from nevkg.table.spreadsheet import guard
from nevkg.table.values import Thing, Value, shown

if TYPE_CHECKING:
    import pyarrow


def _separated(table: Citable, delimiter: str, write: Callable[[Value], str]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(_Lines(text), delimiter=delimiter, lineterminator="\r\n")
    heads, columns = flat(table)
    writer.writerow(heads)
    writer.writerows([write(cell) for cell in line] for line in zip(*columns, strict=True))
    return text.getvalue().encode()


def comma_separated(table: Citable, *, raw: bool = False) -> bytes:
    """CSV (RFC 4180 quoting, UTF-8, a header line).

    Args:
        table: what is written.
        raw: whether text that a spreadsheet would run as a formula is written as it is; else it gets a ``'`` in front.
    """
    return _separated(table, ",", shown if raw else _guarded)


@dataclass
class _Lines:
    """Ends lines with a newline only. The writer must not know of it: it quotes no other signs than those that end lines."""

    text: io.StringIO

    def write(self, line: str) -> int:
        """Takes one line."""
        return self.text.write(line.removesuffix("\r\n") + "\n")


def _guarded(cell: Value) -> str:
    return guard(cell) if isinstance(cell, str) else shown(cell)


def tab_separated(table: Citable) -> bytes:
    """TSV."""
    return _separated(table, "\t", shown)


def plain(value: Value) -> Any:
    """A value of JSON: things as objects, numbers as numbers, dates as text."""
    if isinstance(value, Thing):
        return {"iri": value.iri, "label": value.label}
    if isinstance(value, tuple):
        return [plain(one) for one in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value if value is None or isinstance(value, bool | int | float) else shown(value)


def record(table: Citable, row: Record) -> dict[str, Any]:
    """A row as an object of JSON: column to value, lists as lists."""
    return {
        column.name: (plain(value) if value is not None else []) if column.list else plain(value)
        for column, value in zip(table.columns, row, strict=True)
    }


def lines(table: Citable) -> bytes:
    """One JSON object a row and line."""
    return "".join(json.dumps(record(table, row), ensure_ascii=False) + "\n" for row in table.records).encode()


def json_document(table: Citable) -> bytes:
    """One JSON object: what was asked, the rows, and their sources."""
    document = {
        **table.facts,
        "asOf": table.as_of,
        "columns": [{"name": column.name, "label": column.label.get(table.language)} for column in table.columns],
        "rows": [record(table, row) for row in table.records],
        "sources": [vars(source) for source in table.evidence.sources],
        **({"support": table.support.facts} if table.support else {}),
        **({"reason": table.reason.facts} if table.reason else {}),
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def parquet(table: Citable) -> bytes:
    """Parquet with typed columns."""
    return parquet_file(arrow(table))


def parquet_file(content: pyarrow.Table) -> bytes:
    """An Arrow table as a Parquet file, without a time of writing."""
    import pyarrow.parquet

    out = io.BytesIO()
    pyarrow.parquet.write_table(content, out)
    return out.getvalue()


def workbook(table: Citable) -> bytes:
    """An Excel workbook with one sheet."""
    from nevkg.table import workbook as excel

    return excel.workbook(table.title, table.as_of, [excel.Sheet("answer", table)])


def _cited(write: Callable[[Iterator[Reference]], str]) -> Callable[[Citable], bytes]:
    return lambda table: write(references(table.reference, table.evidence.sources)).encode()


FORMATS: dict[str, Callable[[Citable], bytes]] = {
    "csv": comma_separated,
    "tsv": tab_separated,
    "json": json_document,
    "jsonl": lines,
    "md": markdown,
    "html": html,
    "parquet": parquet,
    "xlsx": workbook,
    "bibtex": _cited(bibtex),
    "csl": _cited(csl),
    "ris": _cited(ris),
}
BINARY = {"parquet", "xlsx"}
FOR_READING = {"md", "html"}
