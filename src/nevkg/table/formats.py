"""Writes tables in formats for programs and reference managers; lists all formats by name."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from nevkg.table.frames import Record, flatten, to_arrow
from nevkg.table.references import Reference, list_references, to_bibtex, to_csl, to_ris
from nevkg.table.render import Citable, to_markdown
from nevkg.table.spreadsheet import guard
from nevkg.table.values import Thing, Value, to_text

if TYPE_CHECKING:
    import pyarrow


def _write_separated(table: Citable, delimiter: str, write: Callable[[Value], str]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(_Lines(text), delimiter=delimiter, lineterminator="\r\n")
    heads, columns = flatten(table)
    writer.writerow(heads)
    writer.writerows([write(cell) for cell in line] for line in zip(*columns, strict=True))
    return text.getvalue().encode()


def to_csv(table: Citable, *, raw: bool = False) -> bytes:
    """Returns a table as CSV (RFC 4180 quoting, UTF-8, with a header line).

    Args:
        table: the table.
        raw: whether to leave text that a spreadsheet would run as a formula unchanged; else it is prefixed with ``'``.
    """
    return _write_separated(table, ",", to_text if raw else _guard_cell)


@dataclass
class _Lines:
    """A file-like object that replaces CRLF at the end of lines by LF. With LF as terminator, the writer would not quote CR."""

    text: io.StringIO

    def write(self, line: str) -> int:
        """Writes one line."""
        return self.text.write(line.removesuffix("\r\n") + "\n")


def _guard_cell(cell: Value) -> str:
    return guard(cell) if isinstance(cell, str) else to_text(cell)


def to_tsv(table: Citable) -> bytes:
    """Returns a table as TSV."""
    return _write_separated(table, "\t", to_text)


def to_json_value(value: Value) -> Any:
    """Converts a value to JSON: entities to objects, numbers to numbers, dates to text."""
    if isinstance(value, Thing):
        return {"iri": value.iri, "label": value.label}
    if isinstance(value, tuple):
        return [to_json_value(one) for one in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value if value is None or isinstance(value, bool | int | float) else to_text(value)


def to_json_record(table: Citable, row: Record) -> dict[str, Any]:
    """Converts a row to a JSON object: column name to value, with lists as arrays."""
    return {
        column.name: (to_json_value(value) if value is not None else []) if column.list else to_json_value(value)
        for column, value in zip(table.columns, row, strict=True)
    }


def to_json_lines(table: Citable) -> bytes:
    """Returns a table as JSON Lines, one object for each row."""
    return "".join(json.dumps(to_json_record(table, row), ensure_ascii=False) + "\n" for row in table.records).encode()


def to_json(table: Citable) -> bytes:
    """Returns a table as one JSON object with the question, the rows and their sources."""
    document = {
        **table.facts,
        "asOf": table.as_of,
        "columns": [{"name": column.name, "label": column.label.get(table.language)} for column in table.columns],
        "rows": [to_json_record(table, row) for row in table.records],
        "sources": [vars(source) for source in table.evidence.sources],
        **({"citation": table.citation} if table.citation else {}),
        **({"support": table.support.facts} if table.support else {}),
        **({"reason": table.reason.facts} if table.reason else {}),
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def to_parquet(table: Citable) -> bytes:
    """Returns a table as Parquet with typed columns."""
    return write_parquet(to_arrow(table))


def write_parquet(content: pyarrow.Table) -> bytes:
    """Returns an Arrow table as Parquet, without a creation time, so that equal tables give equal bytes."""
    import pyarrow.parquet

    out = io.BytesIO()
    pyarrow.parquet.write_table(content, out)
    return out.getvalue()


def to_xlsx(table: Citable) -> bytes:
    """Returns a table as an Excel workbook, with sheets for its evidence if it has any."""
    from nevkg.table import workbook as excel
    from nevkg.table.evidence import list_evidence

    listings = list_evidence(table) if table.rests else {}
    return excel.write_workbook(
        table.title, table.as_of, [excel.Sheet("answer", table), *(excel.Sheet(name, one) for name, one in listings.items())]
    )


def _with_references(write: Callable[[Iterator[Reference]], str]) -> Callable[[Citable], bytes]:
    return lambda table: write(list_references(table.reference, table.evidence.sources, table.citation)).encode()


_to_bibtex, _to_csl, _to_ris = (_with_references(write) for write in (to_bibtex, to_csl, to_ris))


def to_html(table: Citable) -> bytes:
    """Returns a table as one HTML file that opens offline, with its evidence."""
    from nevkg.table.document import to_document

    return to_document(table, to_csv(table))


def to_zip(table: Citable) -> bytes:
    """Returns a table as an archive: its rows, evidence, sources, query and citation, and a README."""
    from nevkg.table.bundle import to_bundle

    citations = {"citation.bib": _to_bibtex(table), "citation.csl.json": _to_csl(table), "citation.ris": _to_ris(table)}
    return to_bundle(table, {"answer.csv": to_csv(table), **citations})


FORMATS: dict[str, Callable[[Citable], bytes]] = {
    "csv": to_csv,
    "tsv": to_tsv,
    "json": to_json,
    "jsonl": to_json_lines,
    "md": to_markdown,
    "html": to_html,
    "parquet": to_parquet,
    "xlsx": to_xlsx,
    "zip": to_zip,
    "bibtex": _to_bibtex,
    "csl": _to_csl,
    "ris": _to_ris,
}
BINARY = {"parquet", "xlsx", "zip"}
# Formats to which ``--cite`` can append a citation; an HTML file has one.
FOR_READING = {"md"}
