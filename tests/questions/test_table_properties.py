"""Every format preserves any cell of a table, read by third-party libraries."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import openpyxl
import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from markdown_it import MarkdownIt

from nevkg.store import EmbeddedStore
from nevkg.table import formats
from nevkg.table.spreadsheets import guard
from nevkg.table.table import Table
from nevkg.table.values import Column, Thing, Value, find_things, to_machine_text, to_text

# All of Unicode except surrogates, which UTF-8 cannot encode, and characters of delimiters, formulas and markup.
TEXTS = some.one_of(
    some.text(some.characters(exclude_categories=["Cs"]), max_size=20),
    some.text("|\\`<>&\"',;=+-@\t\r\n [](){}*_#$汽é", max_size=20),
)
ENTITIES = some.builds(Thing, some.sampled_from(["https://w3id.org/nevkg/agent/byd", "urn:x:y", "javascript:alert(1)"]), TEXTS)
NUMBERS = some.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=3)
DAYS = some.dates(date(1900, 3, 1), date(2100, 1, 1))
COLUMNS = some.sampled_from([TEXTS, ENTITIES, NUMBERS, DAYS, some.integers(-(2**53), 2**53), some.booleans()])
ROWS = some.lists(COLUMNS, min_size=1, max_size=5).flatmap(
    lambda columns: some.lists(some.tuples(*[some.none() | column for column in columns]), max_size=6)
)

properties = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


def make(store: EmbeddedStore, rows: Sequence[tuple[Value, ...]]) -> Table:
    names = [f"c{number}" for number in range(len(rows[0]) if rows else 2)]
    return Table(store, [Column(name, {"en": name.upper()}) for name in names], rows, title="Some table")


def flatten(row: Sequence[Value], write: Any, *, has_entities: Sequence[bool]) -> list[str]:
    """Returns the cells of a line: columns with entities become two, IRI and label."""
    return [
        text
        for value, two in zip(row, has_entities, strict=True)
        for text in ([to_machine_text(value), write(value)] if two else [write(value)])
    ]


def kinds(table: Table) -> list[bool]:
    return [kind.things for kind in table.kinds]


@properties
@given(rows=ROWS)
def test_csv_and_tsv_are_lossless(shipped: EmbeddedStore, rows: list[tuple[Value, ...]]) -> None:
    table = make(shipped, rows)
    for content, delimiter in ((formats.to_csv(table, raw=True), ","), (formats.to_tsv(table), "\t")):
        read = list(csv.reader(io.StringIO(content.decode(), newline=""), delimiter=delimiter))
        assert read[1:] == [flatten(row, to_text, has_entities=kinds(table)) for row in table.records]
        assert all(len(line) == len(read[0]) for line in read)


@properties
@given(rows=ROWS)
def test_no_cell_of_a_csv_is_a_formula(shipped: EmbeddedStore, rows: list[tuple[Value, ...]]) -> None:
    table = make(shipped, rows)
    read = list(csv.reader(io.StringIO(formats.to_csv(table).decode(), newline="")))
    texts = [cell for line in read[1:] for cell in line if not cell.replace(".", "").replace("-", "").isdigit()]
    assert [text for text in texts if text.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert {cell.removeprefix("'") for line in read[1:] for cell in line} >= {
        text.removeprefix("'") for row in rows for value in row if isinstance(value, str) for text in (guard(value),)
    }


@properties
@given(rows=ROWS)
def test_json_keeps_types(shipped: EmbeddedStore, rows: list[tuple[Value, ...]]) -> None:
    table = make(shipped, rows)
    read = [json.loads(line) for line in formats.to_json_lines(table).decode().split("\n")[:-1]]
    assert len(read) == len(rows)
    for row, record in zip(rows, read, strict=True):
        for value, actual in zip(row, record.values(), strict=True):
            if isinstance(value, Thing):
                assert actual == {"iri": value.iri, "label": value.label}
            elif isinstance(value, Decimal):
                assert actual == pytest.approx(float(value))
            else:
                assert actual == (value.isoformat() if isinstance(value, date) else value)


@properties
@given(rows=ROWS)
def test_parquet_keeps_rows_and_types(shipped: EmbeddedStore, rows: list[tuple[Value, ...]]) -> None:
    table = make(shipped, rows)
    read = pyarrow.parquet.read_table(io.BytesIO(formats.to_parquet(table)))
    assert read.num_rows == len(rows)
    for number, column in enumerate(table.columns):
        values = [row[number] for row in rows]
        actual = read.column(f"{column.name}_label" if table.kinds[number].things else column.name).to_pylist()
        if all(value is None or isinstance(value, int | date | str) for value in values) and not table.kinds[number].things:
            assert actual == values
        elif table.kinds[number].things:
            assert actual == [None if value is None else to_text(value) for value in values]


@properties
@given(rows=ROWS)
def test_a_markdown_table_has_a_cell_for_each_value(shipped: EmbeddedStore, rows: list[tuple[Value, ...]]) -> None:
    table = make(shipped, rows)
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(formats.FORMATS["md"](table).decode())
    used = [number for number in range(len(table.columns)) if not rows or any(row[number] is not None for row in rows)]
    if not used or not rows:
        return
    count = sum(token.type == "td_open" for token in tokens)
    assert count == len(rows) * len(used)
    inner = [child.type for token in tokens if token.type == "inline" for child in token.children or ()]
    assert not {"html_inline", "link_open", "code_inline", "image"} & set(inner)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]


@properties
@given(rows=ROWS)
def test_html_escapes_cells(shipped: EmbeddedStore, rows: list[tuple[Value, ...]]) -> None:
    reader = _Reader()
    reader.feed(formats.FORMATS["html"](make(shipped, rows)).decode())
    document = {"html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "section", "div", "code", "footer"}
    assert set(reader.tags) <= {"table", "thead", "tbody", "tr", "th", "td", "a", "p", *document}
    assert [link for link in reader.links if not link.startswith(("https://w3id.org/", "data:text/csv;base64,"))] == []


@settings(properties, max_examples=40)
@given(rows=ROWS)
def test_a_workbook_has_each_value_in_its_type(shipped: EmbeddedStore, rows: list[tuple[Value, ...]]) -> None:
    table = make(shipped, rows)
    sheet = openpyxl.load_workbook(io.BytesIO(formats.to_xlsx(table)))["answer"]
    lines = [list(line) for line in sheet.iter_rows(values_only=True)]
    lines += [[None] * len(lines[0])] * (len(rows) + 1 - len(lines))  # a workbook drops empty rows at its end
    for row, line in zip(rows, lines[1:], strict=True):
        cells = [value for value, two in zip(row, kinds(table), strict=True) for _ in range(1 + two)]
        for value, cell in zip(cells, line, strict=True):
            if isinstance(value, bool | int):
                assert cell == value
            elif isinstance(value, Decimal):
                assert cell == pytest.approx(float(value))
            elif isinstance(value, date):
                assert str(cell).startswith(value.isoformat())
            assert not find_things(value) or isinstance(cell, str | None)
