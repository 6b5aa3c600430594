"""Text that looks like a formula is guarded against execution in spreadsheets, and can be restored."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pytest
from tests.conftest import Nevkg
from tests.support.worlds import World

from nevkg.table.spreadsheets import guard, unguard
from nevkg.table.table import Table
from nevkg.table.values import Column, Thing

FORMULAS = ["=1+1", "+SUM(A1)", "-cmd|'/c calc'!A0", "@x", "\t=1", "\r=1", "＝1", "'=1", "''+1"]
HARMLESS = ["-5", "+1.5", "-.5e-3", "a=1", "'quoted'", "", "–5", "1-2", "https://example.org/=x"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_guarded_and_can_be_restored(text: str) -> None:
    assert guard(text) == f"'{text}"
    assert unguard(guard(text)) == text


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_is_unchanged(text: str) -> None:
    assert guard(text) == unguard(text) == text


@pytest.fixture
def table(world: World) -> Table:
    records = [(Thing("https://example.org/a", "=HYPERLINK(1)"), text, -5, ("=a", "b")) for text in FORMULAS]
    return Table(
        world.build().store, [Column("thing", {}), Column("text", {}), Column("number", {}), Column("list", {}, list=True)], records
    )


def test_csv_is_guarded_unless_raw(table: Table, tmp_path: Path) -> None:
    rows = list(csv.reader(io.StringIO(table.to_csv(), newline="")))[1:]
    assert [row[2] for row in rows] == [f"'{text}" for text in FORMULAS]
    assert {tuple(row[i] for i in (0, 1, 3, 4)) for row in rows} == {("https://example.org/a", "'=HYPERLINK(1)", "-5", "'=a b")}
    raw = list(csv.reader(io.StringIO(table.to_csv(tmp_path / "raw.csv", raw=True), newline="")))[1:]
    assert [row[2] for row in raw] == FORMULAS
    assert "'=HYPERLINK" not in (tmp_path / "raw.csv").read_text(encoding="utf-8")


def test_a_workbook_has_text_and_numbers_and_no_formulas(table: Table, tmp_path: Path) -> None:
    table.to_xlsx(tmp_path / "t.xlsx")
    cells = list(openpyxl.load_workbook(tmp_path / "t.xlsx").active.iter_rows(min_row=2))  # type: ignore[union-attr]
    assert {cell.data_type for row in cells for cell in row} == {"s", "n"}
    assert [row[2].quotePrefix for row in cells] == [True] * len(FORMULAS)
    assert {row[3].value for row in cells} == {-5}


def test_the_command_line_guards_answers_but_not_sparql_results(nevkg: Nevkg, tmp_path: Path) -> None:
    world = World(tmp_path)
    world.registry = world.registry.replace('"Maker A"@en', '"=Maker A"@en')
    world.plant()
    data = str(world.write().data)
    ask = ("ask", "plants-of-maker", "--data", data, "--format")
    assert "'=Maker A" in nevkg(*ask, "csv").out
    for other in (("csv", "--raw"), ("tsv",), ("json",)):
        out = nevkg(*ask, *other).out
        assert "=Maker A" in out
        assert "'=Maker A" not in out
    query = ("query", "-e", "SELECT ?name { agent:a rdfs:label ?name FILTER(LANG(?name) = 'en') }", "--data", data, "--format", "csv")
    assert nevkg(*query).out.splitlines()[1] == "=Maker A"
