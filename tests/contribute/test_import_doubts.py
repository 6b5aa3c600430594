"""Warnings of ``nevkg import`` about valid rows, each with its fix."""

from __future__ import annotations

import pytest
from pyoxigraph import NamedNode
from tests.conftest import Nevkg
from tests.support.contributions import TABLES, TODAY, VALID_ROWS, Tables, statements

from nevkg.contribute.importer import import_collections
from nevkg.data.dataset import parse_file
from nevkg.data.paths import Layout

TITLE = "Plant of Alpha Motor in Rayong starts"


def doubts(data: Layout, tables: Tables) -> list[tuple[str, int, str, str]]:
    """Imports the tables and returns the warnings."""
    result = tables.import_into(data)
    assert result.entries
    return [(doubt.file.rpartition("/")[2], doubt.line, doubt.column, doubt.message) for doubt in result.doubts]


@pytest.mark.parametrize("title", ["[from URL]", "【无标题】", "(untitled page)"])
def test_a_title_in_brackets_is_doubted(data: Layout, tables: Tables, title: str) -> None:
    ((file, line, column, message),) = doubts(data, tables.source(title=title).fact("jobs", "5"))
    assert (file, line, column) == ("sources.csv", 2, "title")
    assert message.endswith("write the title of the page itself, or leave the cell empty.")


@pytest.mark.parametrize(
    ("publisher", "words"),
    [
        ("cars-daily.com", "write the name of the outlet"),
        ("https://www.cars.co.th/", "write the name of the outlet"),
        ("103.52.134.50", "an IP address"),
        ("http://103.52.134.50:8080", "an IP address"),
    ],
)
def test_an_address_as_publisher_is_doubted(data: Layout, tables: Tables, publisher: str, words: str) -> None:
    ((file, line, column, message),) = doubts(data, tables.source(publisher=publisher).fact("jobs", "5"))
    assert (file, line, column) == ("sources.csv", 2, "publisher")
    assert words in message


@pytest.mark.parametrize("host", ["103.52.134.50", "103.52.134.50:8080", "[2001:db8::1]"])
def test_an_ip_address_as_host_is_doubted_and_not_recorded(data: Layout, tables: Tables, host: str) -> None:
    ((file, line, column, message),) = doubts(data, tables.source(url=f"http://{host}/a/1.2.3.4").fact("jobs", "5"))
    assert (file, line, column) == ("sources.csv", 2, "url")
    assert "cite the page of the outlet itself" in message
    (recorded,) = [
        quad.object for path in data.data.rglob("s-x.trig") for quad in parse_file(path) if quad.predicate.value.endswith("#address")
    ]
    assert recorded == NamedNode("http://ip-number.invalid/a/1.2.3.4")


@pytest.mark.parametrize("publisher", ["Paper", "J.D. Power", "24 kg", "Cars.com Inc"])
def test_a_name_as_publisher_is_accepted(data: Layout, tables: Tables, publisher: str) -> None:
    assert doubts(data, tables.source(publisher=publisher, title="Model [2025] shown").fact("jobs", "5")) == []


def test_the_same_note_for_several_sources_is_doubted(data: Layout, tables: Tables) -> None:
    tables.source().source("s-y", "https://example.org/y").source("s-z", "https://example.org/z")
    for source in ("s-x", "s-y", "s-z"):
        tables.fact("jobs", "5", note="as the mayor has it", source_id=source)
        tables.fact("area", "7", source_id=source)
    found = doubts(data, tables)
    assert [doubt[:3] for doubt in found] == [("plant_facts.csv", 4, "note"), ("plant_facts.csv", 6, "note")]
    assert all("line 2" in doubt[3] for doubt in found)


def test_different_notes_for_each_source_are_accepted(data: Layout, tables: Tables) -> None:
    tables.source().source("s-y", "https://example.org/y").fact("jobs", "5", note="one").fact("jobs", "5", note="two", source_id="s-y")
    assert doubts(data, tables) == []


def test_a_copy_of_an_available_document_is_doubted(data: Layout, tables: Tables) -> None:
    ((file, line, column, message),) = doubts(data, tables.source(republishes="s-old", kind="repost").fact("jobs", "5"))
    assert (file, line, column) == ("sources.csv", 2, "republishes")
    assert message == "it republishes s-old, which is available; cite that one in the rows."


def test_documents_with_the_same_title_and_date_are_doubted(data: Layout, tables: Tables) -> None:
    tables.source(title=TITLE, published="2025-03-04").source("s-y", "https://example.org/y", title=TITLE.upper(), published="2025-03-04")
    tables.source("s-z", "https://example.org/z", title=TITLE, published="2025-03-05")
    ((file, line, column, message),) = doubts(data, tables.fact("jobs", "5"))
    assert (file, line, column) == ("sources.csv", 3, "title")
    assert message.startswith("s-x has the same title and date;")
    # The same is reported for a document that is already in the data.
    again = Tables(tables.folder.with_name("d")).source("s-w", "https://example.org/w", title=TITLE, published="2025-03-05")
    ((_, _, _, message),) = doubts(data, again.fact("area", "7", source_id="s-w"))
    assert message.startswith("s-z has the same title and date;")
    assert doubts(data, tables) == [], "rows that are already in the data get no warning"


@pytest.mark.parametrize(
    ("attribute", "value", "note"),
    [
        ("jobs", "5", "a second shift will follow"),
        ("status", "operating", "output is planned for May"),
        ("model", "A One", "预计明年投产"),
    ],
)
def test_a_plan_stated_as_a_fact_is_doubted(data: Layout, tables: Tables, attribute: str, value: str, note: str) -> None:
    ((file, line, _, message),) = doubts(data, tables.source().fact(attribute, value, note=note, as_of="2024"))
    assert (file, line) == ("plant_facts.csv", 2)
    assert note in message
    assert "Set the modality to planned" in message


@pytest.mark.parametrize(
    ("attribute", "value", "note", "more"),
    [
        ("jobs", "5", "a second shift will follow", {"modality": "planned"}),
        ("status", "announced", "output is planned for May", {}),
        ("jobs", "5", "by the goodwill of the mayor", {}),
    ],
)
def test_plans_stated_as_plans_are_accepted(
    data: Layout, tables: Tables, attribute: str, value: str, note: str, more: dict[str, str]
) -> None:
    assert doubts(data, tables.source().fact(attribute, value, note=note, as_of="2025", **more)) == []


def test_a_unit_of_another_measure_is_doubted(data: Layout, tables: Tables) -> None:
    ((file, line, _, message),) = doubts(data, tables.source().fact("capacity", "5000", unit="persons"))
    assert (file, line) == ("plant_facts.csv", 2)
    assert message.startswith("the row has a unit that is used only for other measures: unit:persons.")


@pytest.mark.parametrize("attribute", ["capacity", "jobs", "cumulative-output", "battery-capacity"])
def test_money_for_another_quantity_stops_the_import(data: Layout, tables: Tables, attribute: str) -> None:
    (problem,) = import_collections(data, [tables.source().fact(attribute, "5000", unit="EUR").write()], TODAY).problems
    assert (problem.file, problem.line) == ("c/plant_facts.csv", 2)
    assert problem.message.startswith("the row gives in money what is not counted in money: unit:eur.")


def test_a_note_that_is_not_recorded_is_doubted(data: Layout, tables: Tables) -> None:
    tables.source().add("organizations", org_id="new", name="New Motor", name_zh="新汽车", note="a note")
    ((file, line, column, message),) = doubts(data, tables)
    assert (file, line, column) == ("organizations.csv", 2, "note")
    assert message == "the note is not recorded, because the row only names a thing; put it on a row that states something."


@pytest.mark.parametrize(
    ("table", "cells"),
    [
        ("plant_facts", {"plant_id": "p", "attribute": "jobs", "value": "5", "as_of": "2999-01-01"}),
        (
            "observations",
            {"metric": "sales", "subject": "a", "geography": "TH", "period_end": "2999", "value": "1", "unit": "vehicles"}
            | {"period_start": "2999-01-01"},
        ),
        ("events", {"event_id": "e", "type": "expansion", "plant_id": "p", "date": "2999-01"}),
    ],
)
def test_a_fact_of_a_later_day_than_today_is_doubted(data: Layout, tables: Tables, table: str, cells: dict[str, str]) -> None:
    found = doubts(data, tables.source().add(table, **cells))
    assert [line for *_, line in found if "something later than its recording: 2999-01-01" in line], found


def test_warnings_do_not_stop_the_import(data: Layout, tables: Tables, nevkg: Nevkg) -> None:
    place = tables.source(title="[from URL]").fact("jobs", "5").write()
    output = nevkg("import", str(place), "--data", str(data.data))
    assert output.code == 0
    assert "1 warning about imported rows:\n  c/sources.csv:2, title: '[from URL]' is not a headline;" in output.out
    assert len(statements(data)) == 1


def test_empty_keys_are_reported_with_other_problems(data: Layout, tables: Tables) -> None:
    tables.source().fact("jobs", "many")
    expected = {}
    for name, table in TABLES.items():
        for key in (column for column in table.key if table.columns[column].required):
            tables.add(name, **VALID_ROWS[name] | {key: ""})
            expected[f"{name}.csv", len(tables.rows[name]) + 1, key] = "the cell is empty; a value is required."
    result = import_collections(data, [tables.write()], TODAY)
    messages = {(problem.file.rpartition("/")[2], problem.line, problem.column): problem.message for problem in result.problems}
    assert messages.pop(("plant_facts.csv", 2, "value")).startswith("'many' is not a plain number")
    assert messages == expected
    assert len(expected) > len(TABLES)
