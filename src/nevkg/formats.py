"""A table in the formats that people and programs read."""

from __future__ import annotations

import csv
import html as markup
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from nevkg import hosts, terminal
from nevkg.frames import Record, Tabular, arrow, flat
from nevkg.references import Reference, bibtex, csl, references, ris
from nevkg.sources import Evidence, Source, entry
from nevkg.spreadsheet import guard
from nevkg.terminal import Cells
from nevkg.values import Thing, Value, shown, things

if TYPE_CHECKING:
    import pyarrow

    from nevkg.emptiness import Reason
    from nevkg.support import Support

_SOURCES = {"en": "sources", "zh": "来源"}
# What would end a cell, or begin code, HTML or the address of a link.
_MARKDOWN = re.compile(r"[\\|`<]|(?<=\])\(")
# More sources than this beside one cell would hide it; all are listed below the table.
_NOTES = 3


class Citable(Tabular, Protocol):
    """A table with words, and with what its cells rest on."""

    @property
    def rests(self) -> Sequence[Sequence[tuple[str, ...]]]:
        """For each row what its cells rest on."""

    @property
    def evidence(self) -> Evidence:
        """The sources behind that."""

    @property
    def title(self) -> str:
        """In words."""

    @property
    def language(self) -> str:
        """Of labels."""

    @property
    def brief(self) -> Sequence[str]:
        """The columns to keep if not all fit, most important first."""

    @property
    def reference(self) -> str:
        """Version, digest, what was asked, and dates."""

    @property
    def as_of(self) -> str:
        """The day (ISO)."""

    @property
    def reason(self) -> Reason | None:
        """Why there are no rows, if so."""

    @property
    def support(self) -> Support | None:
        """How well the rows are supported, if that is known."""

    @property
    def facts(self) -> Mapping[str, Any]:
        """What a machine should know of the whole table."""


def _heads(table: Citable) -> list[str]:
    return [column.label.get(table.language) or column.name for column in table.columns]


def _filled(table: Citable) -> list[int]:
    """The columns worth showing to a person: those in which at least one row has something."""
    every = range(len(table.columns))
    return [number for number in every if any(row[number] is not None for row in table.records)] if table.records else list(every)


def collect_cells(table: Citable, limit: int | None = None, *, numbered: bool = False) -> Cells:
    """The texts of a table; empty columns are left out.

    Args:
        table: the table.
        limit: how many rows at the most.
        numbered: whether a last column has the numbers of the sources, as ``Table.cite`` counts them.
    """
    kept, heads = _filled(table), _heads(table)
    rows = [[terminal.format_value(row[number]) for number in kept] for row in table.records[:limit]]
    names = [table.columns[number].name for number in kept]
    ranks = [names.index(name) for name in table.brief if name in names]
    if numbered:
        ranks = [len(kept), *(ranks or range(len(kept)))]
        rows = [[*row, _numbers(table, index)] for index, row in enumerate(rows)]
    numeric = frozenset(place for place, number in enumerate(kept) if table.kinds[number].name in ("integer", "number"))
    return Cells([*(heads[number] for number in kept), *([_SOURCES[table.language]] if numbered else [])], rows, numeric, ranks)


def _numbers(table: Citable, index: int) -> str:
    """The numbers of the sources of a row."""
    behind = {source.iri for source in table.evidence.of(*(iri for cell in table.rests[index] for iri in cell))} if table.rests else set()
    return ", ".join(str(number) for number, source in enumerate(table.evidence.sources, start=1) if source.iri in behind)


def _why_empty(table: Citable) -> str:
    return f"\n{table.reason.text}\n" if table.reason else ""


def table(table: Citable, limit: int | None = None) -> bytes:
    """A table for the terminal, of the columns that fit."""
    return f"{terminal.render_table(collect_cells(table, limit), terminal.width())}{_why_empty(table)}".encode()


def paragraphs(table: Citable) -> bytes:
    """One line for each value, one paragraph for each row."""
    return f"{terminal.render_records(collect_cells(table))}{_why_empty(table)}".encode()


def markdown(table: Citable) -> bytes:
    """A Markdown table."""
    kept, heads = _filled(table), _heads(table)
    lines = [[heads[number] for number in kept], ["---" for _ in kept]]
    lines += [[_MARKDOWN.sub(r"\\\g<0>", shown(row[number])) for number in kept] for row in table.records]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines).encode() + _why_empty(table).encode()


def html(table: Citable, limit: int | None = None) -> bytes:
    """An HTML table with links to things and, as numbered notes, to sources; all text is escaped."""
    kept, rows = _filled(table), table.records[:limit]
    numbers = {source.iri: number for number, source in enumerate(table.evidence.sources, start=1)}
    used: dict[str, Source] = {}
    lines = ["<table>", "<thead><tr>", *(f"<th>{markup.escape(_heads(table)[number])}</th>" for number in kept), "</tr></thead>", "<tbody>"]
    for index, row in enumerate(rows):
        cells = []
        for number in kept:
            behind = table.evidence.of(*table.rests[index][number]) if table.rests else []
            used |= {source.iri: source for source in behind}
            notes = "".join(_note(source, numbers[source.iri]) for source in behind[:_NOTES]) + ("…" if behind[_NOTES:] else "")
            cells.append(f"<td>{_linked(row[number])}{notes}</td>")
        lines.append(f"<tr>{''.join(cells)}</tr>")
    lines += ["</tbody>", "</table>"]
    if table.reason:
        lines.append(f"<p>{markup.escape(table.reason.text)}</p>")
    if len(rows) < len(table.records):
        lines.append(f"<p>… {len(table.records) - len(rows)} more rows</p>")
    if used:
        items = [f'<li value="{numbers[iri]}">{markup.escape(entry(used[iri]))}</li>' for iri in sorted(used)]
        lines += ["<details><summary>Sources</summary><ol>", *items, "</ol></details>"]
    return ("\n".join(lines) + "\n").encode()


def _link(address: str, words: str, title: str = "") -> str:
    """A link; words alone where the address is not one of the web."""
    if not address.startswith(("http://", "https://")):
        return markup.escape(words)
    told = f' title="{markup.escape(title)}"' if title else ""
    return f'<a href="{markup.escape(address)}"{told}>{markup.escape(words)}</a>'


def _note(source: Source, number: int) -> str:
    return f"<sup>{_link(source.address or source.iri, f'[{number}]', entry(source))}</sup>"


def _thing(thing: Thing) -> str:
    """A thing as a link; not if its label says that its address is to be none."""
    return markup.escape(thing.label) if thing.label == hosts.defang(thing.iri) else _link(thing.iri, thing.label)


def _linked(value: Value) -> str:
    if not things(value):
        return markup.escape(shown(value))
    whole = value if isinstance(value, tuple) else (value,)
    return "; ".join(_thing(one) if isinstance(one, Thing) else markup.escape(shown(one)) for one in whole)


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
    from nevkg import workbook as excel

    return excel.workbook(table.title, table.as_of, [excel.Sheet("answer", table)])


def _cited(write: Callable[[Iterator[Reference]], str]) -> Callable[[Citable], bytes]:
    return lambda table: write(references(table.reference, table.evidence.sources)).encode()


FORMATS: dict[str, Callable[[Citable], bytes]] = {
    "table": table,
    "long": paragraphs,
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
FOR_READING = {"table", "long", "md", "html"}
