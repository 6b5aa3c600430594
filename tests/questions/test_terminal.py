"""Tables fit the terminal, records show every value, and long text goes to the user's pager."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from rich.cells import cell_len
from tests.conftest import Nevkg
from tests.support.edition import DAY
from tests.support.marks import quick_every

from nevkg.ask.answer import ask
from nevkg.ask.catalogue import load_catalogue
from nevkg.store import EmbeddedStore
from nevkg.table import terminal
from nevkg.table.display import collect_cells
from nevkg.table.table import Table
from nevkg.table.terminal import Cells
from nevkg.table.values import Column, Thing

WORDS = some.text("ab 汽车é-", max_size=30)
# Styles, and the beginning and the end of links.
ESCAPE = re.compile(r"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b]*\x1b\\")
ASEAN = ("ask", "local-manufacturers", "bloc=place:asean", "--format")


ROWS = some.integers(1, 9).flatmap(lambda width: some.lists(some.lists(WORDS, min_size=width, max_size=width), min_size=1, max_size=6))


@settings(deadline=None)
@given(ROWS, some.integers(40, 200))
def test_no_line_is_wider_than_the_terminal_and_no_text_is_lost(rows: list[list[str]], columns: int) -> None:
    cells = Cells(rows[0], rows[1:])
    lines = terminal.render_table(cells, columns).splitlines()
    assert max(map(cell_len, lines)) <= columns
    selected = terminal.choose_columns(cells, columns)
    others = [number for number in range(len(rows[0])) if number not in selected]
    constant = [number for number in others if len(rows) > 2 and len({row[number] for row in rows[1:]}) == 1]
    assert terminal.hidden_columns(cells, columns) == [rows[0][number] for number in others if number not in constant]
    above = " · ".join(f"{rows[0][number]}: {rows[1][number]}" for number in constant if rows[1][number])
    expected = "".join(sorted((above + "".join(row[number] for row in rows for number in selected)).replace(" ", "")))
    assert "".join(sorted("".join(lines).replace(" ", "").replace("─", ""))) == expected
    assert len({tuple(row[number] for number in selected) for row in rows[1:]}) == len(set(map(tuple, rows[1:])))
    styled = terminal.render_table(
        replace(cells, styles={(0, 0): "green", (1, 1): "dim"}, links={"1": "https://one.example"}), columns, styled=True
    )
    assert [line.rstrip() for line in ESCAPE.sub("", styled).splitlines()] == lines


def test_less_important_columns_are_hidden_first() -> None:
    cells = Cells(["a", "b", "c", "d"], [["x" * 20] * 4], ranks=(3, 1))
    assert terminal.hidden_columns(cells, 100) == []
    assert terminal.hidden_columns(cells, 45) == ["a", "c"]
    assert terminal.hidden_columns(cells, 25) == ["a", "b", "c"]
    assert terminal.hidden_columns(cells, 3) == ["a", "b", "c"]


def test_constant_columns_are_in_the_heading_and_columns_that_tell_rows_apart_are_shown() -> None:
    rows = [["same", *(letter * 20 for letter in letters)] for letters in ("xyy", "xzy", "yyy")]
    cells = Cells(["a", "b", "c", "d"], rows)
    assert terminal.choose_columns(cells, 100) == [0, 1, 2, 3]
    assert terminal.choose_columns(cells, 60) == [1, 2]
    assert terminal.render_table(cells, 60).startswith("a: same · d: yyyyyyyyyyyyyyyyyyyy\n\n")
    for width in (42, 20):
        assert terminal.choose_columns(replace(cells, ranks=(0, 1)), width) == [1, 2]
    assert max(map(len, terminal.render_table(cells, 20).splitlines())) == 20


def test_no_two_printed_rows_are_equal(sample: EmbeddedStore) -> None:
    """Asks each question with its defaults and with its example."""
    offenders = []
    for question in load_catalogue(sample.layout).questions.values():
        for parameters in {json.dumps(values): values for values in ({}, question.example)}.values():
            cells = collect_cells(ask(sample, question, parameters))
            for columns in (80, 100):
                selected = terminal.choose_columns(cells, columns)
                same = [row for row, count in Counter(tuple(row[number] for number in selected) for row in cells.rows).items() if count > 1]
                offenders += [f"{question.name} {parameters}, {columns} columns: {row}" for row in same[:1]]
    assert not offenders, "\n".join(offenders)


def test_entities_with_one_label_are_told_apart(shipped: EmbeddedStore) -> None:
    records = [(Thing(f"https://x.example/{name}", "Manisa"),) for name in ("one", "two")]
    out = repr(Table(shipped, [Column("place", {})], records))
    assert "Manisa (one)\nManisa (two)" in out


@pytest.mark.parametrize(
    ("value", "text"), [(2025, "2025"), (1_234_567, "1,234,567"), (-12_345.5, "-12,345.5"), (True, "true"), (None, "")]
)
def test_thousands_are_grouped_and_years_are_not(value: float | None, text: str) -> None:
    assert terminal.format_value(value) == text


@pytest.mark.parametrize("name", ["plants-table", "industry-statistics", "local-manufacturers", "quotas"])
def test_wide_answers_fit(shipped: EmbeddedStore, name: str) -> None:
    cells = collect_cells(ask(shipped, load_catalogue(shipped.layout)[name]), 30)
    assert max(map(cell_len, terminal.render_table(cells, 100).splitlines())) <= 100
    assert len(terminal.choose_columns(cells, 100)) >= 6


def count_rows(nevkg: Nevkg) -> int:
    return len(json.loads(nevkg(*ASEAN, "json").out)["rows"])


def test_the_heading_states_the_filter(nevkg: Nevkg) -> None:
    out = nevkg(*ASEAN, "table", "--limit", "3").out
    assert "\n".join(out.splitlines()[1:3]) == (
        "Association of Southeast Asian Nations · operating · vehicle or not known · Maker under Chinese\n"
        "control: yes · corroborated or reported"
    )
    assert f"The first 3 of {count_rows(nevkg)} rows, as of {DAY}." in out
    assert "Columns that do not fit: " in out
    assert "东南亚国家联盟 · 运营中" in nevkg(*ASEAN, "table", "--lang", "zh").out


def test_cite_numbers_the_sources_in_the_table(nevkg: Nevkg) -> None:
    out = nevkg("ask", "local-manufacturers", "country=MY", "--format", "long", "--cite").out
    numbers = [int(number) for line in out.splitlines() if line.startswith("sources ") for number in line[8:].split(", ")]
    sources = [int(line[1:].partition("]")[0]) for line in out.splitlines() if line.startswith("[")]
    assert set(numbers) == set(sources) == set(range(1, len(sources) + 1))


def test_long_has_every_value(nevkg: Nevkg) -> None:
    out = nevkg(*ASEAN, "long").out
    assert out.count("\nmaker  ") == count_rows(nevkg) > 15
    assert "arrangement          contract assembly" in out


@pytest.mark.parametrize("language", quick_every(2, ["en", "zh"]))
def test_only_terminals_get_escape_sequences(nevkg: Nevkg, monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    words = ("ask", "local-manufacturers", "country=TH", "standing=*", "--cite", "--lang", language, "--format")
    piped = {name: nevkg(*words, name).out for name in ("table", "long", "md", "csv")}
    assert "\x1b" not in "".join(piped.values())
    monkeypatch.setenv("FORCE_COLOR", "1")
    forced = {name: nevkg(*words, name).out for name in piped}
    assert forced["table"].startswith("\x1b[1m")
    assert "\n\x1b[2m──" in forced["table"]
    address = re.search(r"\n\[1\] .* (https?://\S+)", piped["table"])
    assert address
    assert re.search(rf";{re.escape(address[1])}\x1b\\(\x1b\[2m)?1(\x1b\[0m)?\x1b\]8;;\x1b\\", forced["table"])
    best, old = ("corroborated", "stale") if language == "en" else ("多源印证", "久未确认")
    for name in ("table", "long"):
        assert re.search(rf"\x1b\[32m{best} *\x1b\[0m", forced[name])
        assert re.search(rf"\x1b\[33m{old} *\x1b\[0m", forced[name])
        assert "\n\x1b[2m[1]\x1b[0m " in forced[name]
        assert [line.rstrip() for line in ESCAPE.sub("", forced[name]).splitlines()] == piped[name].splitlines()
    assert (forced["md"], forced["csv"]) == (piped["md"], piped["csv"])


@pytest.mark.parametrize(
    ("is_terminal", "environment", "is_styled"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"NO_COLOR": ""}, True),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"TERM": "dumb"}, False),
        (False, {"FORCE_COLOR": "1"}, True),
        (False, {"FORCE_COLOR": "0"}, False),
        (False, {"CLICOLOR_FORCE": "1", "TERM": "dumb"}, True),
        (True, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_the_environment_decides_about_styles(
    monkeypatch: pytest.MonkeyPatch, is_terminal: bool, environment: dict[str, str], is_styled: bool
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: is_terminal)
    for name, value in ({"TERM": "xterm"} | environment).items():
        monkeypatch.setenv(name, value)
    assert terminal.is_styled() is is_styled


def test_long_text_goes_to_the_pager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    output = tmp_path / "taken"
    pager = tmp_path / "pager.py"
    pager.write_text(f"import os, pathlib, sys; pathlib.Path({str(output)!r}).write_text(os.environ['LESS'] + sys.stdin.read())")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("LINES", "10")
    monkeypatch.setenv("NEVKG_PAGER", f"{sys.executable} {pager}")
    assert not terminal.show_in_pager(b"short\n")
    assert terminal.show_in_pager(b"line\n" * 20)
    assert output.read_text() == "FRX" + "line\n" * 20
    monkeypatch.setenv("NEVKG_PAGER", "no-such-pager")
    assert not terminal.show_in_pager(b"line\n" * 20)
    monkeypatch.setenv("NEVKG_PAGER", "")
    assert not terminal.show_in_pager(b"line\n" * 20)


def test_tables_of_queries_show_short_names_or_labels(nevkg: Nevkg, monkeypatch: pytest.MonkeyPatch) -> None:
    """No name is broken, however narrow the terminal."""
    monkeypatch.setenv("COLUMNS", "40")
    query = (
        "query",
        "-e",
        "SELECT ?plant ?country { ?plant a nev:Plant ; nev:inCountry ?country } ORDER BY ?plant LIMIT 20",
        "--format",
        "table",
    )
    rows = [line.split() for line in nevkg(*query).out.splitlines()[2:]]
    assert rows[0] == ["plant:adm-jizzakh", "place:UZ"]
    assert all(plant.startswith("plant:") and len(country) == len("place:UZ") for plant, country in rows)
    assert max(len(plant) for plant, _ in rows) > 22
    assert "ADM Jizzakh plant" in nevkg(*query, "--labels").out
    assert "乌兹别克斯坦" in nevkg(*query, "--labels", "--lang", "zh").out
