"""An answer in the formats that people and programs read."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from typing import Any

from nevkg.answer import Answer, Cell, Source
from nevkg.errors import CouldNotRun

_LIST_OF_IRIS = " "
_LIST_OF_LABELS = "; "


def _shown(cells: Sequence[Cell]) -> str:
    return _LIST_OF_LABELS.join(cell.label for cell in cells)


def _heads(answer: Answer) -> list[str]:
    return [column.label.get(answer.language) or column.name for column in answer.columns]


def _filled(answer: Answer) -> list[int]:
    """The columns worth showing to a person: those in which at least one row has something."""
    return [index for index in range(len(answer.columns)) if not answer.rows or any(row[index] for row in answer.rows)]


def _tabulated(answer: Answer, style: str, width: int | None = None) -> str:
    from tabulate import tabulate

    kept = _filled(answer)
    heads = [_heads(answer)[index] for index in kept]
    body = [[_shown(row[index]) for index in kept] for row in answer.rows]
    widths = [width for _ in kept] if width and body else None
    return str(tabulate(body, headers=heads, tablefmt=style, disable_numparse=True, maxcolwidths=widths)) + "\n"


def table(answer: Answer) -> bytes:
    """A table for the terminal; columns in which no row has anything are left out."""
    return _tabulated(answer, "simple", width=36).encode()


def markdown(answer: Answer) -> bytes:
    """A Markdown table."""
    return _tabulated(answer, "github").encode()


def html(answer: Answer) -> bytes:
    """An HTML table; all text is escaped."""
    return _tabulated(answer, "html").encode()


def _flat(answer: Answer) -> tuple[list[str], list[list[str]]]:
    """Each column of things becomes two: their IRIs and their labels. Which do follows from the rows."""
    things = [any(cell.is_iri for row in answer.rows for cell in row[index]) for index in range(len(answer.columns))]
    heads = []
    for column, is_thing in zip(answer.columns, things, strict=True):
        heads += [column.name, f"{column.name}_label"] if is_thing else [column.name]
    body = []
    for row in answer.rows:
        line = []
        for cells, is_thing in zip(row, things, strict=True):
            line.append(_LIST_OF_IRIS.join(cell.value for cell in cells))
            if is_thing:
                line.append(_shown(cells))
        body.append(line)
    return heads, body


def _separated(answer: Answer, delimiter: str) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    heads, body = _flat(answer)
    writer.writerow(heads)
    writer.writerows(body)
    return text.getvalue().encode()


def comma_separated(answer: Answer) -> bytes:
    """CSV (RFC 4180 quoting, UTF-8, a header line)."""
    return _separated(answer, ",")


def tab_separated(answer: Answer) -> bytes:
    """TSV."""
    return _separated(answer, "\t")


def _record(answer: Answer, row: Sequence[Sequence[Cell]]) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for column, cells in zip(answer.columns, row, strict=True):
        values = [{"iri": cell.value, "label": cell.label} if cell.is_iri else cell.value for cell in cells]
        record[column.name] = values if column.list else values[0] if values else None
    return record


def lines(answer: Answer) -> bytes:
    """One JSON object a row and line."""
    return "".join(json.dumps(_record(answer, row), ensure_ascii=False) + "\n" for row in answer.rows).encode()


def json_document(answer: Answer) -> bytes:
    """One JSON object: the question as it was asked, its sources, and the rows."""
    document = {
        "question": answer.question.name,
        "title": answer.question.title.get(answer.language),
        "parameters": answer.asked,
        "asOf": answer.as_of,
        "columns": [{"name": column.name, "label": column.label.get(answer.language)} for column in answer.columns],
        "rows": [_record(answer, row) for row in answer.rows],
        "sources": [vars(source) for source in answer.sources],
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _needs(extra: str, error: ImportError) -> CouldNotRun:
    return CouldNotRun(f"This format needs a package that is not installed ({error.name}): pip install 'nevkg[{extra}]'.")


def parquet(answer: Answer) -> bytes:
    """Parquet, all columns as strings."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise _needs("parquet", error) from None
    heads, body = _flat(answer)
    columns = {head: pyarrow.array([row[index] for row in body], pyarrow.string()) for index, head in enumerate(heads)}
    out = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table(columns), out)
    return out.getvalue()


def workbook(answer: Answer) -> bytes:
    """An Excel workbook with one sheet; text is never taken for a formula."""
    try:
        import xlsxwriter
    except ImportError as error:
        raise _needs("xlsx", error) from None
    from datetime import datetime

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    # The time of writing would make two equal answers differ.
    book.set_properties({"title": answer.question.title.get(answer.language, ""), "created": datetime.fromisoformat(answer.as_of)})
    sheet = book.add_worksheet("answer")
    heads, body = _flat(answer)
    for number, line in enumerate([heads, *body]):
        for column, text in enumerate(line):
            sheet.write_string(number, column, text)
    sheet.freeze_panes(1, 0)
    book.close()
    return out.getvalue()


FORMATS: dict[str, Callable[[Answer], bytes]] = {
    "table": table,
    "csv": comma_separated,
    "tsv": tab_separated,
    "json": json_document,
    "jsonl": lines,
    "md": markdown,
    "html": html,
    "parquet": parquet,
    "xlsx": workbook,
}
BINARY = {"parquet", "xlsx"}
FOR_READING = {"table", "md", "html"}


def citation(answer: Answer, version: str) -> str:
    """Version, date, question and sources of an answer, ready for a paper."""
    asked = " ".join(f"{name}={value}" for name, value in answer.asked.items())
    known = f", known by {answer.store.known_by}" if answer.store.known_by else ""
    head = (
        f"nevkg {version}, data sha256:{answer.store.digest[:16]}; question {answer.question.name}"
        f"{' ' + asked if asked else ''}; as of {answer.as_of}{known}."
    )
    entries = [f"[{number}] {entry(source)}" for number, source in enumerate(answer.sources, start=1)]
    return "\n".join([head, "Sources:", *entries]) + "\n"


def entry(source: Source) -> str:
    """A source as a line of a bibliography."""
    publisher = f"{source.publisher}. " if source.publisher else ""
    address = f" {source.address}" if source.address else ""
    title = f"{source.title} " if source.title else ""
    return f"{publisher}{title}({source.published}){address} <{source.iri}>"
