"""One flat table in place of the others: ``facts.csv``."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.conftest import Nevkg
from tests.support.contributions import TODAY, read_registry, statement, statements

from nevkg.contribute.importer import import_collections
from nevkg.contribute.job import ImportResult
from nevkg.data.paths import Layout

SOURCES = "source_id,url,title,publisher,published,language\ns-x,https://example.org/x,A title,Paper,2025-03-13,en\n"
HEADER = "subject,property,value,unit,when,kind,quote,source"
NEW_PLANT = ("q,name,Plant Q,,,,,s-x", "q,country,TH,,,,,s-x", "q,city,Rayong,,,,,s-x")


def import_facts(data: Layout, folder: Path, *lines: str, header: str = HEADER, partial: bool = False) -> ImportResult:
    folder.mkdir(exist_ok=True)
    (folder / "sources.csv").write_text(SOURCES, encoding="utf-8")
    (folder / "facts.csv").write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
    return import_collections(data, [folder], TODAY, partial=partial)


def test_each_row_goes_to_the_table_of_its_property(data: Layout, tmp_path: Path) -> None:
    quote = '"Plant P can build about 150,000 cars a year."'
    result = import_facts(
        data,
        tmp_path / "c",
        f"p,capacity,150000,vehicles/year,2025-03,about,{quote},s-x",
        "a,exports,54000,vehicles,2024,,,s-x",
        "law,amount,5,THB,2024-01-01/2025-12-31,planned,,s-x",
        "a,hq_country,CN,,,,,s-x",
        "a,name,Alpha Motor,,,,,s-x",
        *NEW_PLANT,
        "q,automaker_org_ids,a,,,,,s-x",
        "q,automaker_org_ids,b,,,,,s-x",
        "q,jobs,1800,persons,,,,s-x",
    )
    assert result.problems == []
    capacity = statement(data, metric="metric:capacity")
    assert (capacity["subject"], capacity["number"], capacity["earliest"]) == ("plant:p", "150000", "2025-03-01")
    assert (capacity["comparator"], "passage" in capacity) == ("comparator:about", True)
    exports = statement(data, metric="metric:exports")
    assert (exports["periodStart"], exports["periodEnd"]) == ("2024-01-01", "2024-12-31")
    amount = statement(data, subject="policy:law")
    assert (amount["modality"], amount["earliest"], amount["endLatest"]) == ("modality:planned", "2024-01-01", "2025-12-31")
    assert statement(data, property="homeCountry")["value"] == "place:CN"
    assert statement(data, property="locatedIn")["value"] == "place:th-rayong"
    assert {made["value"] for made in statements(data) if made.get("property") == "maker"} == {"agent:a", "agent:b"}
    assert statement(data, metric="metric:jobs")["subject"] == "plant:q"
    assert read_registry(data)["plant:q"]["label@en"] == "Plant Q"


def test_names_are_subjects_and_the_kind_decides_between_tables(data: Layout, tmp_path: Path) -> None:
    rows = ("Alpha Motor,capacity,9,vehicles/year,2024,,,s-x", "Plant P,capacity,5,vehicles/year,2024,,,s-x")
    assert import_facts(data, tmp_path / "c", *rows).problems == []
    assert statement(data, subject="agent:a")["metric"] == "metric:company-capacity"
    assert statement(data, subject="plant:p")["metric"] == "metric:capacity"


def test_a_figure_may_have_a_place(data: Layout, tmp_path: Path) -> None:
    result = import_facts(data, tmp_path / "c", "a,sales,7,vehicles,2024,,,s-x,TH", header=f"{HEADER},geography")
    assert result.problems == []
    assert statement(data, metric="metric:sales")["geography"] == "place:TH"


@pytest.mark.parametrize(
    ("line", "column", "words"),
    [
        ("p,capasity,5,vehicles/year,,,,s-x", "property", "the format has no code 'capasity'. Did you mean capacity"),
        ("nobody,jobs,5,persons,,,,s-x", "subject", "no Plant is called 'nobody'."),
        ("p,capacity,many,vehicles/year,,,,s-x", "value", "'many' is not a plain number"),
        ("p,capacity,5,cars,,,,s-x", "unit", "'cars' is not a code of the vocabulary."),
        ("p,capacity,5,vehicles/year,1/7/2025,,,s-x", "when", "'1/7/2025' "),
        ("p,capacity,5,vehicles/year,,roughly,,s-x", "kind", "'roughly' is not a code of the vocabulary."),
        ("p,capacity,5,vehicles/year,,,,s-y", "source", "there is no source 's-y'"),
        ("q,country,TH,,2025,,,s-x", "when", "'country' takes none; leave the cell empty."),
        ("q,country,BR,,,,,s-x", "value", "line 2 says 'TH'; one source gives one 'country'."),
        ("p,jobs,,persons,,,,s-x", "value", "the cell is empty"),
    ],
)
def test_errors_name_the_row_and_the_column_of_the_flat_table(data: Layout, tmp_path: Path, line: str, column: str, words: str) -> None:
    result = import_facts(data, tmp_path / "c", "q,country,TH,,,,,s-x", "q,name,Plant Q,,,,,s-x", line)
    problem = next(problem for problem in result.problems if problem.line == 4)
    assert (problem.file, problem.column) == ("c/facts.csv", column)
    assert words in problem.message


def test_a_new_plant_without_a_country_is_reported(data: Layout, tmp_path: Path) -> None:
    (problem,) = import_facts(data, tmp_path / "c", "q,name,Plant Q,,,,,s-x").problems
    assert (problem.file, problem.line, problem.column) == ("c/facts.csv", 2, "country")


def test_good_rows_are_imported_without_the_bad_ones(data: Layout, tmp_path: Path) -> None:
    rows = ("p,jobs,250,persons,,,,s-x", "p,jobs,many,persons,,,,s-x")
    result = import_facts(data, tmp_path / "c", *rows, partial=True)
    assert (result.problems, [row.line for row, _ in result.rejected]) == ([], [3])
    assert statement(data, metric="metric:jobs")["number"] == "250"


def test_the_workbook_has_lists_and_can_be_imported(nevkg: Nevkg, data: Layout, tmp_path: Path) -> None:
    place = tmp_path / "my-facts.xlsx"
    assert nevkg("import", "--template", str(place)).code == 0
    book = load_workbook(place)
    lists = {
        (sheet.title, sheet[f"{str(validation.sqref).partition('2')[0]}1"].value): validation.formula1
        for sheet in book
        for validation in sheet.data_validations.dataValidation
    }
    assert {("facts", "property"), ("facts", "unit"), ("facts", "kind"), ("plant_facts", "attribute"), ("events", "type")} <= lists.keys()
    cells = lists["facts", "property"].removeprefix("=lists!").replace("$", "")
    offered = {cell.value for (cell,) in book["lists"][cells]}
    assert {"capacity", "exports", "name", "hq_country", "amount"} <= offered
    assert not {"plant_id", "source_id", "quote"} & offered
    book["sources"].append(["s-x", "https://example.org/x", "A title", "Paper", "2025-03-13", "en"])
    book["facts"].append(["p", "jobs", 250, "persons", None, "about", None, "s-x"])
    book.save(place)
    assert import_collections(data, [place], TODAY).problems == []
    assert statement(data, metric="metric:jobs")["comparator"] == "comparator:about"
    refused = nevkg("import", "--template", str(place))
    assert "exists; name a new file" in refused.err
