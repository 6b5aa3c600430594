"""``nevkg import --new-terms``: unknown codes and attributes become new terms."""

from __future__ import annotations

import csv
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Quad, Store
from tests.support.contributions import TODAY, Tables, contents, statement, statements, write_small_data

from nevkg.contribute.importer import import_collections
from nevkg.contribute.job import ImportResult
from nevkg.data import dataset, terms
from nevkg.data.paths import Layout
from nevkg.validate.checks import all_checks


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """Small data, and a copy of the ontology that tests may change."""
    layout = write_small_data(tmp_path / "world")
    return replace(layout, ontology=Path(shutil.copytree(layout.ontology, tmp_path / "ontology")))


def run_import(tables: Tables, layout: Layout, *, new: bool = True) -> ImportResult:
    return import_collections(layout, [tables.write()], TODAY, new_terms=new)


def new_term_names(result: ImportResult) -> set[str]:
    assert not result.problems, "\n".join(map(str, result.problems))
    return {new_term.name for new_term in result.new_terms}


def read_mapping(layout: Layout, attribute: str) -> dict[str, str]:
    with (layout.ontology / "tables" / "mapping.csv").open(encoding="utf-8", newline="") as file:
        (row,) = (row for row in csv.DictReader(file) if row["equals"] == attribute)
    return row


def read_term(layout: Layout, name: str) -> dict[str, set[str]]:
    """Returns the properties of a term in the ontology, as short names."""
    spaces = terms.prefixes(layout.ontology)
    found: dict[str, set[str]] = {}
    for path in (*layout.ontology.glob("modules/*.ttl"), *layout.ontology.glob("vocabularies/*.ttl")):
        for quad in dataset.parse_file(path):
            if terms.shorten(terms.text(quad.subject), spaces) == name:
                found.setdefault(terms.shorten(quad.predicate.value, spaces), set()).add(terms.shorten(terms.text(quad.object), spaces))
    return found


def add_battery_rows(tables: Tables) -> Tables:
    """Adds rows on battery and component plants, with many unknown terms."""
    tables.source().source("s-y", "https://example.org/y", kind="company-filing", title="Filing", language="zh")
    tables.add("organizations", org_id="volt", kind="cell-maker", name="Volt Cell", name_zh="伏特电芯", hq_country="CN", hq_city="Ningde")
    tables.add(
        "plants", plant_id="volt-rayong", name="Volt Rayong", country="TH", city="Rayong", operator_org_id="volt", arrangement="lease"
    )
    plant = {"plant_id": "volt-rayong"}
    for attribute, value, unit, qualifier in (
        ("cell-capacity", "40", "GWh/year", "about"),
        ("planned-cell-capacity", "100", "GWh/year", ""),
        ("anode-capacity", "50", "kt/year", ""),
        ("pack-capacity", "300000", "sets/year", "over"),
        ("line-count", "6", "", ""),
        ("scrap-rate", "7.5", "percent", "up-to"),
        ("chemistry", "lfp", "", ""),
        ("chemistry", "nmc", "", ""),
        ("commissioning", "2027-03", "", ""),
        ("customer", "Alpha Motor", "", ""),
        ("customer", "b", "", ""),
        ("workshop", "formation", "", ""),
        ("status", "ramp-up", "", ""),
        ("product-kind", "battery-cell", "", ""),
        ("powertrain", "sodium-ion", "", ""),
        ("investment", "5000000", "TND", ""),
    ):
        tables.add("plant_facts", **plant, attribute=attribute, value=value, unit=unit, qualifier=qualifier)
    tables.add("events", event_id="volt-first", type="first-cell", plant_id="volt-rayong", date="2026-01-01", scope="line-two")
    tables.add(
        "observations",
        metric="installations",
        subject="volt",
        geography="TH",
        period_start="2025",
        period_end="2025",
        value="2.5",
        unit="GWh",
    )
    tables.add("claims", claim_id="c-1", org_id="volt", paraphrase="Cells near cars save freight.", topics="cell-localisation|cost")
    tables.add("market_presence", org_id="volt", country="TH", mode="service-centre")
    tables.add("policies", policy_id="grant", title="Grant", kind="cash-grant", jurisdiction="TH", status="in-force", targets="cell|bev")
    tables.add("policy_facts", policy_id="grant", attribute="grant-rate", value="30", unit="percent", applies_to="cell")
    return tables.add("policy_facts", policy_id="grant", attribute="office", value="ministry desk")


def test_a_collection_with_new_terms_is_imported(layout: Layout, tables: Tables) -> None:
    names = new_term_names(run_import(add_battery_rows(tables), layout))
    assert {
        "sourcekind:company-filing",
        "orgkind:cell-maker",
        "arrangement:lease",
        "metric:cell-capacity",
        "unit:kt-per-year",
        "nev:chemistry",
        "workshopkind:formation",
        "status:ramp-up",
        "eventtype:first-cell",
        "scope:line-two",
        "topic:cell-localisation",
        "market_presence.mode=service-centre",
        "policykind:cash-grant",
        "product:cell",
        "policy_facts.attribute=office",
    } <= names
    facts = {fact["text"] for fact in statements(layout) if fact.get("property") == "chemistry"}
    assert facts == {"lfp", "nmc"}
    before = contents(layout.ontology), contents(layout.data)
    again = run_import(tables, layout, new=False)
    assert (again.problems, again.changed) == ([], {})
    assert (contents(layout.ontology), contents(layout.data)) == before


def test_numbers_become_a_metric_with_a_unit(layout: Layout, tables: Tables) -> None:
    new_term_names(run_import(add_battery_rows(tables), layout))
    assert read_mapping(layout, "cell-capacity") | {
        "class": "nev:Observation",
        "property": "metric:cell-capacity",
        "unit": "unit:gwh-per-year",
    } == read_mapping(layout, "cell-capacity")
    fact = statement(layout, metric="metric:cell-capacity", modality="modality:planned")
    assert (fact["number"], fact["unit"]) == ("100", "unit:gwh-per-year")
    assert statement(layout, metric="metric:line-count")["unit"] == "unit:items"
    assert read_term(layout, "metric:cell-capacity")["nev:transformation"] == {"transformation:level"}
    assert read_term(layout, "metric:scrap-rate")["nev:transformation"] == {"transformation:rate"}
    assert read_term(layout, "unit:kt-per-year")["skos:notation"] == {"kt/year"}


def test_texts_become_a_property_and_names_a_relation(layout: Layout, tables: Tables) -> None:
    new_term_names(run_import(add_battery_rows(tables), layout))
    assert read_term(layout, "nev:chemistry")["rdfs:range"] == {"xsd:string"}
    assert read_term(layout, "nev:commissioning")["rdfs:range"] == {"xsd:string"}
    assert read_term(layout, "nev:customer")["rdfs:range"] == {"nev:Organization"}
    customers = {fact["value"] for fact in statements(layout) if fact.get("property") == "customer"}
    assert customers == {"agent:a", "agent:b"}
    assert statement(layout, property="serviceCentre")["value"] == "place:TH"


def test_existing_properties_are_used(layout: Layout, tables: Tables) -> None:
    tables.fact("operator", "Alpha Motor")
    assert new_term_names(run_import(tables, layout)) == {"plant_facts.attribute=operator"}
    assert statement(layout, property="operator")["value"] == "agent:a"


def test_new_terms_are_provisional(layout: Layout, tables: Tables) -> None:
    new_term_names(run_import(add_battery_rows(tables), layout))
    store = Store()
    for path in (*layout.ontology.glob("modules/*.ttl"), *layout.ontology.glob("vocabularies/*.ttl")):
        store.extend(Quad(quad.subject, quad.predicate, quad.object) for quad in dataset.parse_file(path))
    (check,) = (known for known in all_checks(layout) if known.name == "term-provisional")
    found = {terms.shorten(terms.text(row["focus"]), terms.prefixes(layout.ontology)) for row in store.query(check.text)}  # type: ignore[union-attr]
    assert {"metric:cell-capacity", "nev:chemistry", "topic:cell-localisation", "unit:kt-per-year"} <= found
    term = read_term(layout, "topic:cell-localisation")
    assert term["skos:prefLabel"] == {"cell localisation"}
    assert len(term["skos:definition"]) == 2


def test_without_the_option_the_message_names_it(layout: Layout, tables: Tables) -> None:
    tables.fact("chemistry", "lfp").fact("workshop", "formation")
    messages = [str(problem) for problem in run_import(tables, layout, new=False).problems]
    assert len(messages) == 2
    assert all(message.endswith("If it is a new term, use --new-terms to add it.") for message in messages)


def test_other_problems_leave_the_ontology_unchanged(layout: Layout, tables: Tables) -> None:
    tables.fact("chemistry", "lfp").fact("jobs", "many")
    before = contents(layout.ontology)
    result = run_import(tables, layout)
    assert [(problem.column, problem.line) for problem in result.problems] == [("value", 3)]
    assert contents(layout.ontology) == before


@pytest.mark.parametrize(("column", "value"), [("qualifier", "roughly-maybe"), ("modality", "rumoured")])
def test_qualifiers_and_modalities_take_no_new_codes(layout: Layout, tables: Tables, column: str, value: str) -> None:
    tables.fact("jobs", "5", **{column: value})
    assert [problem.column for problem in run_import(tables, layout).problems] == [column]


def test_another_spelling_of_a_code_is_no_new_term(layout: Layout, tables: Tables) -> None:
    tables.fact("status", "Under construction")
    (problem,) = run_import(tables, layout).problems
    assert "under-construction" in problem.message


@pytest.mark.parametrize(
    ("code", "local", "notation"),
    [
        ("kg/m³", "kg-per-m3", "kg/m³"),
        ("Wafers/Day", "wafers-per-day", "Wafers/Day"),
        ("块/年", "5757-per-5e74", "块/年"),
        ("reels", "reels", ""),
    ],
)
def test_a_unit_keeps_its_code_as_notation(layout: Layout, tables: Tables, code: str, local: str, notation: str) -> None:
    assert f"unit:{local}" in new_term_names(run_import(tables.fact("capacity", "5", unit=code), layout))
    assert statement(layout, metric="metric:capacity")["unit"] == f"unit:{local}"
    assert read_term(layout, f"unit:{local}").get("skos:notation", {""}) == {notation}


def test_a_unit_makes_a_number_of_its_attribute(layout: Layout, tables: Tables) -> None:
    """One mistyped cell does not make a text property of a numeric attribute."""
    tables.fact("film-width", "1500", unit="mm").fact("film-width", "1,500", unit="mm")
    (problem,) = run_import(tables, layout).problems
    assert (problem.line, problem.column) == (3, "value")
    assert "contains separators" in problem.message


def test_two_spellings_of_one_new_code_are_one_term(layout: Layout, tables: Tables) -> None:
    tables.fact("workshop", "dry-room").fact("workshop", "Dry room")
    assert new_term_names(run_import(tables, layout)) == {"workshopkind:dry-room"}
    assert {fact["value"] for fact in statements(layout)} == {"workshopkind:dry-room"}


def test_partial_leaves_bad_rows_out_and_adds_terms_for_the_others(layout: Layout, tables: Tables) -> None:
    tables.fact("workshop", "dry-room").fact("jobs", "many")
    result = import_collections(layout, [tables.write()], TODAY, new_terms=True, partial=True)
    assert (result.problems, [row.line for row, _ in result.rejected]) == ([], [3])
    assert [new_term.name for new_term in result.new_terms] == ["workshopkind:dry-room"]
    assert statement(layout, property="hasWorkshopOfKind")["value"] == "workshopkind:dry-room"


@pytest.mark.parametrize(
    ("word", "comparator"), [("approximately", "about"), ("more-than", "over"), ("minimum", "at-least"), ("max", "up-to")]
)
def test_common_words_for_comparators_are_known(layout: Layout, tables: Tables, word: str, comparator: str) -> None:
    new_term_names(run_import(tables.fact("jobs", "5", qualifier=word), layout))
    assert statement(layout, metric="metric:jobs")["comparator"] == f"comparator:{comparator}"
