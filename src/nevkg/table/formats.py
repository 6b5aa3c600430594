"""Writes tables in the formats of programs: CSV, TSV, JSON, Parquet, Excel, and an archive of all."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from nevkg.data.json_values import to_json_value
from nevkg.lookup import entities
from nevkg.table.display import to_markdown
from nevkg.table.frames import Record, flatten, to_arrow
from nevkg.table.listings import LICENCE, Listing, count_rows, heading, list_evidence, list_rows
from nevkg.table.references import format_footnote, to_bibtex, to_csl, to_ris
from nevkg.table.spreadsheets import guard, write_workbook
from nevkg.table.values import Value, to_text
from nevkg.words import words_of

if TYPE_CHECKING:
    import pyarrow

    from nevkg.table.table import Table

_WORDS_OF_ANSWER = words_of("table.formats.answer")


def describe_answer(table: Table) -> Listing:
    """Returns one fact a row; facts that are unknown are left out."""
    title, filters = heading(table)
    facts = {
        "title": title,
        "filters": filters,
        "day": table.as_of,
        "known_by": table.store.known_by or "",
        "rows": count_rows(table),
        "version": entities.version(table.store),
        "data": table.store.identity,
        "reference": table.reference,
        "footnote": format_footnote(table).strip(),
        "address": table.citation,
        "licence": LICENCE[table.language],
        "query": table.sparql,
    }
    return list_rows(("name", "value"), ((_WORDS_OF_ANSWER[table.language][name], value) for name, value in facts.items() if value))


_SUMS = "SHA256SUMS"
_WORDS = words_of("table.formats.bundle")
_WORDS_OF_FILES = words_of("table.formats.files")


def to_bundle(table: Table, files: Mapping[str, bytes]) -> bytes:
    """Returns the archive: the given files (rows and citation in several formats), and those made here."""
    from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

    contents = {
        **files,
        "citation.txt": table.cite().encode(),
        **{f"{name}.csv": to_csv(listing) for name, listing in list_evidence(table).items()},
        **({"query.rq": (table.sparql.rstrip() + "\n").encode()} if table.sparql else {}),
    }
    contents["README.txt"] = _readme(table, sorted({*contents, _SUMS})).encode()
    contents[_SUMS] = "".join(f"{sha256(contents[name]).hexdigest()}  {name}\n" for name in sorted(contents)).encode()
    # The time of writing would make equal archives differ.
    year, month, day = (int(part) for part in table.dataset_date.split("-"))
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name in sorted(contents):
            entry = ZipInfo(name, (year, month, day, 0, 0, 0))
            entry.create_system, entry.external_attr, entry.compress_type = 3, 0o644 << 16, ZIP_DEFLATED
            archive.writestr(entry, contents[name])
    return out.getvalue()


def _readme(table: Table, names: Sequence[str]) -> str:
    words, files = _WORDS[table.language], _WORDS_OF_FILES[table.language]
    title, filters = heading(table)
    kinds = zip(table.columns, table.kinds, strict=True)
    labels = {
        column.name: "; ".join(
            filter(None, (column.label.get(table.language, ""), words["entity"].format(name=column.name) if kind.things else ""))
        )
        for column, kind in kinds
    }
    lines = [title, *([filters] if filters else []), "", count_rows(table), *([table.reason.text] if table.reason else [])]
    lines += [f"{table.reference}.", "", words["files"], *(f"  {name}: {files[name]}" for name in names)]
    lines += ["", words["csv"], words["check"], "", words["columns"], *(f"  {name}: {label}" for name, label in labels.items())]
    return "\n".join([*lines, "", LICENCE[table.language]]) + "\n"


def _write_separated(table: Table | Listing, delimiter: str, write: Callable[[Value], str]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(_Lines(text), delimiter=delimiter, lineterminator="\r\n")
    heads, columns = flatten(table)
    writer.writerow(heads)
    writer.writerows([write(cell) for cell in line] for line in zip(*columns, strict=True))
    return text.getvalue().encode()


def to_csv(table: Table | Listing, *, raw: bool = False) -> bytes:
    """Returns a table as CSV (RFC 4180 quoting, UTF-8, with a header line).

    Args:
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


def to_tsv(table: Table) -> bytes:
    """Returns a table as TSV."""
    return _write_separated(table, "\t", to_text)


def to_json_record(table: Table, row: Record) -> dict[str, Any]:
    """Converts a row to a JSON object: column name to value, with lists as arrays."""
    return {
        column.name: (to_json_value(value) if value is not None else []) if column.list else to_json_value(value)
        for column, value in zip(table.columns, row, strict=True)
    }


def to_json_lines(table: Table) -> bytes:
    """Returns a table as JSON Lines, one object for each row."""
    return "".join(json.dumps(to_json_record(table, row), ensure_ascii=False) + "\n" for row in table.records).encode()


def to_json_document(table: Table) -> dict[str, Any]:
    """Returns the question of a table, its columns, its rows, and what is said about them, as JSON values; without the sources."""
    columns = [
        {
            "name": column.name,
            "label": column.label.get(table.language),
            "type": kind.name,
            "list": column.list,
            "evidence": not table.unsourced,
        }
        for column, kind in zip(table.columns, table.kinds, strict=True)
    ]
    return {
        **table.metadata,
        "language": table.language,
        "asOf": table.as_of,
        "sparql": table.sparql,
        "columns": columns,
        "rows": [to_json_record(table, row) for row in table.records],
        **({"support": table.support.to_json()} if table.support else {}),
        **({"reason": to_json_value(table.reason)} if table.reason else {}),
    }


def to_json(table: Table) -> bytes:
    """Returns a table as one JSON object with the question, the rows and their sources."""
    cited = {"citation": table.citation} if table.citation else {}
    document = {**to_json_document(table), "sources": table.evidence.sources, **cited}
    return (json.dumps(document, ensure_ascii=False, indent=2, default=to_json_value) + "\n").encode()


def to_parquet(table: Table) -> bytes:
    """Returns a table as Parquet with typed columns."""
    return write_parquet(to_arrow(table))


def write_parquet(content: pyarrow.Table) -> bytes:
    """Returns an Arrow table as Parquet, without a creation time, so that equal tables give equal bytes."""
    import pyarrow.parquet

    out = io.BytesIO()
    pyarrow.parquet.write_table(content, out)
    return out.getvalue()


def to_xlsx(table: Table) -> bytes:
    """Returns a table as an Excel workbook: its rows, sources, evidence, and what it answers."""
    return write_workbook(table.title, table.as_of, {"answer": table, **list_evidence(table), "about": describe_answer(table)})


def to_html(table: Table) -> bytes:
    """Returns a table as one HTML file that opens offline, with its evidence."""
    from nevkg.table.document import to_document

    return to_document(table, to_csv(table))


def to_zip(table: Table) -> bytes:
    """Returns a table as an archive: its rows, evidence, sources, query and citation, and a README."""
    citations = {"citation.bib": to_bibtex(table), "citation.csl.json": to_csl(table), "citation.ris": to_ris(table)}
    return to_bundle(table, {"answer.csv": to_csv(table), **citations})


FORMATS: dict[str, Callable[[Table], bytes]] = {
    "csv": to_csv,
    "tsv": to_tsv,
    "json": to_json,
    "jsonl": to_json_lines,
    "md": to_markdown,
    "html": to_html,
    "parquet": to_parquet,
    "xlsx": to_xlsx,
    "zip": to_zip,
    "bibtex": to_bibtex,
    "csl": to_csl,
    "ris": to_ris,
}
BINARY = {"parquet", "xlsx", "zip"}
# Formats to which ``--cite`` can append a citation; an HTML file has one.
FOR_READING = {"md"}
