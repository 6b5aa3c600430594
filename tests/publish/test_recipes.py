"""Each recipe takes at most two commands, which work and give what the recipe says."""

from __future__ import annotations

import csv
import re
import shlex
from io import BytesIO, StringIO
from pathlib import Path

import networkx
import openpyxl
import pytest
from tests.support.worlds import SHIPPED

from nevkg.cli import main

TEXT = (SHIPPED.ontology.parent / "docs" / "recipes.md").read_text(encoding="utf-8")
RECIPES = {
    title: re.findall(r"^nevkg (.*)$", block, re.MULTILINE)
    for title, block in re.findall(r"^## (.*?)\n\n```sh\n(.*?)```", TEXT, re.MULTILINE | re.DOTALL)
}
# What the output of each command contains, as a pattern.
EXPECTED = {
    "Makers in Brazil, now and two years ago, and how sure": ("BYD .*Camaçari", r"change/new,new,.*Camaçari"),
    "Plants that were announced and never built": (r"\bsilent\b",),
    "EU duties, and what followed": (r"\b35\.3\b", r"^\S+eu-cvd-bev-2024,.*/plant/.*,\d+$"),
    "A footnote": (r"^The nevkg developers, .*Hungary.*https://w3id.org/nevkg/",),
    "Local content in Indonesia, and who meets it": ("required local content", "Handal"),
    "Hungary since 2025": ("BYD", "Szeged"),
}
FILES = {
    "Capacity by country and year, in Excel, with sources",
    "The owners of Geely, for Gephi",
    "A map for a paper",
    "A panel for regressions",
}

pytestmark = pytest.mark.usefixtures("shipped")


def run(command: str, capture: pytest.CaptureFixture[bytes]) -> bytes:
    """Runs a command of a recipe, and writes its output to the file that it is redirected to."""
    words, _, place = command.partition(" > ")
    code = main(shlex.split(words))
    out, err = capture.readouterr()
    assert code == 0, err.decode()
    if place:
        Path(place).write_bytes(out)
    return out


def test_each_recipe_has_one_or_two_commands() -> None:
    assert RECIPES.keys() == EXPECTED.keys() | FILES
    assert TEXT.count("\n## ") == len(RECIPES)
    assert all(1 <= len(commands) <= 2 for commands in RECIPES.values())


@pytest.mark.parametrize("title", EXPECTED)
def test_the_commands_give_what_the_recipe_says(
    title: str, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    for command, wanted in zip(RECIPES[title], EXPECTED[title], strict=True):
        assert re.search(wanted, run(command, capfdbinary).decode(), re.MULTILINE), command


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_workbook_has_capacities_and_sources(folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    run(RECIPES["Capacity by country and year, in Excel, with sources"][0], capfdbinary)
    book = openpyxl.load_workbook(BytesIO((folder / "capacity.xlsx").read_bytes()))
    assert {"answer", "sources", "evidence", "about"} <= set(book.sheetnames)
    assert "capacity" in [str(cell.value).partition(",")[0] for row in book["answer"].iter_rows(max_row=3) for cell in row]
    assert book["sources"].max_row > 10


def test_the_graph_opens(folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    run(RECIPES["The owners of Geely, for Gephi"][0], capfdbinary)
    graph = networkx.read_gexf(folder / "geely.gexf")
    assert any("Geely" in str(facts["label"]) for _, facts in graph.nodes(data=True))
    assert graph.number_of_edges() > 3


@pytest.mark.usefixtures("explorer")
def test_the_map_is_a_picture(folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    run(RECIPES["A map for a paper"][0], capfdbinary)
    assert (folder / "map.png").read_bytes().startswith(b"\x89PNG")


def test_the_panel_has_one_row_for_each_country_and_year(folder: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    run(RECIPES["A panel for regressions"][0], capfdbinary)
    rows = list(csv.DictReader(StringIO((folder / "panel.csv").read_text(encoding="utf-8"))))
    assert len({(row["country"], row["year"]) for row in rows}) == len(rows) > 200
    assert {row["plants"] for row in rows} >= {"0", "1"}
    assert any(row["capacity"] == "" for row in rows)
    assert all(row["capacity"] != "0" for row in rows)
