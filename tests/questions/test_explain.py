"""The explanation of a row as a tree: facts, rules and their premises, statements, passages and sources."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.conftest import Nevkg
from tests.support.edition import DAY as TODAY
from tests.support.worlds import World

from nevkg.ask import solutions
from nevkg.ask.answer import ask
from nevkg.ask.catalogue import load_catalogue
from nevkg.errors import WrongUsage
from nevkg.store import EmbeddedStore, Store
from nevkg.table.explanation import Explanation

DAY = "2024-12-01"
MAKERS = "SELECT ?m ?home { ?m nev:manufacturesIn place:u OPTIONAL { ?m nev:homeCountry ?home } }"


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A maker at a plant in a country of a bloc, each fact with its own source; a plan, and thirty makers with a home country."""
    world = World(tmp_path_factory.mktemp("world"))
    world.plant("agent:a")
    for slug, published in (("place", "2021-05-01"), ("status", "2023-05-01"), ("bloc", "2021-05-01")):
        world.source(slug, published)
    world.fact("plant:p", "locatedIn", "place:XA", "2020-01-01", source="place")
    world.fact("place:XA", "memberOf", "place:u", "2020-01-01", source="bloc")
    world.fact("production:a-at-p", "status", "status:operating", "2021-01-01", source="status")
    world.fact("production:a-at-p", "status", "status:operating", "2023-01-01", source="status")
    world.figure("capacity", "100", "vehicles-per-year", "2021-03-01", subject="plant:p", modality="modality:planned")
    for number in range(30):
        world.fact(f"agent:n{number:02}", "homeCountry", "place:XB", "2020-01-01", source="place")
    return world.build().store


def explain_row(record: Store, query: str, row: int = 0, language: str = "en") -> Explanation:
    return solutions.select(record, query, DAY, language).explain(row)


def test_a_tree_leads_from_cells_through_rules_to_sources(record: Store) -> None:
    found = explain_row(record, MAKERS)
    lines = str(found).splitlines()

    def place(text: str, indent: int, start: int = 0) -> int:
        return next(number for number in range(start, len(lines)) if lines[number].startswith(" " * indent + text))

    assert lines[0] == "Row 1 of SPARQL query, as of 2024-12-01"
    cell = place("m: Maker A", 0)
    bloc = place("Maker A · manufactures in: Union", 2, cell)
    assert lines[bloc + 1] == "    by the rule: A maker manufactures in a bloc because it does so in a country that belongs to the bloc."
    country = place("Maker A · manufactures in: Ania", 4, bloc)
    status = place(
        "Maker A, Plant P · status: operating, since 2021-01-01 (reported, 1 independent source; confirmed 2023-01-01)", 6, country
    )
    reports = [line for line in lines[status + 1 : status + 3] if line.startswith("        status: ")]
    assert [line.split()[1] for line in reports] == ["2021-01-01", "2023-01-01"]
    assert all("operating" in line and "— actual; " in line for line in reports)
    assert place("Ania · member of: Union, since 2020-01-01", 4, bloc)
    titles = {source.iri.rpartition("/")[2] for source in found.sources}
    assert titles >= {"place", "bloc", "status"}
    number = [source.iri.rpartition("/")[2] for source in found.sources].index("status") + 1
    assert f"[{number}]" in reports[0]
    assert place("no value", 2, place("home", 0))
    assert found.gaps == []
    assert "依规则" in str(explain_row(record, MAKERS, language="zh"))


def test_facts_are_shown_once(record: Store) -> None:
    text = str(explain_row(record, "SELECT ?s ?p { ?p nev:status ?s ; a nev:Production }"))
    assert text.count("status: 2021-01-01") == 1
    assert "(see above)" in text


def test_plans_and_reports_are_explained(record: Store) -> None:
    found = explain_row(record, "SELECT ?low ?report { ?p nev:plan ?f . ?f nev:low ?low . ?report nev:source ?s ; nev:metric ?m }")
    plan, report = found.cells
    assert "Plant P · capacity: 100 a year (planned" in str(found)
    assert set(report.facts) <= found.statements.keys()
    assert found.facts[plan.facts[0]].because[0] in found.statements


def test_a_figure_that_two_sources_qualify_differently_has_the_less_exact_words(world: World) -> None:
    world.plant()
    world.figure("capacity", "100", "vehicles-per-year", "2024-01-01", comparator="comparator:exactly")
    world.figure("capacity", "100", "vehicles-per-year", "2024-01-01", source="t", comparator="comparator:up-to")
    found = explain_row(world.build().store, "SELECT ?low { ?p nev:fact ?f . ?f nev:low ?low }")
    assert "Plant P · capacity: up to 100 a year" in str(found)


@pytest.mark.parametrize(
    ("query", "column", "note", "gap"),
    [
        ("SELECT (COUNT(?s) AS ?n) { ?x nev:status ?s ; a nev:Production }", "n", "an aggregate", None),
        ("SELECT ?l { place:XA rdfs:label ?l }", "l", "no fact: this is structure", None),
        ("SELECT ?n { { SELECT (COUNT(?x) AS ?n) { ?x nev:status ?s } } }", "n", "an aggregate of 2 solutions", None),
        ("SELECT ?c { production:a-at-p nev:atPlant/nev:locatedIn+ ?c }", "c", "", "paths with * or +"),
        ("SELECT ?s { [] nev:status ?s }", "s", "no fact was found", "blank nodes"),
        ("SELECT ?s { production:a-at-p ?p ?s . FILTER(?p = nev:status) }", "s", "", None),
        ("SELECT ?s { ?x nev:status ?s MINUS { ?x a nev:Plant } }", "s", "", "MINUS"),
        ("SELECT (STR(?y) AS ?z) { SELECT ?y { ?x nev:status ?y } LIMIT 1 }", "z", "", None),
        ("SELECT (COUNT(?x) AS ?n) { ?x nev:status ?s } GROUP BY ?s", "n", "an aggregate", "which group"),
        ("SELECT (COUNT(?y) AS ?n) { ?x nev:status ?s OPTIONAL { ?x nev:operator ?y } }", "n", "an aggregate of no solutions", None),
        ("SELECT (STR(?y) AS ?z) { SELECT ?x ?y { ?x nev:status ?y } LIMIT 1 }", "z", "", None),
        ("SELECT ?d (COUNT(?x) AS ?n) { ?x nev:status ?s } GROUP BY (STR(?s) AS ?d) ORDER BY DESC(?n)", "d", "", None),
        ("SELECT ?l { BIND(<<( <x:a> <x:b> <x:c> )>> AS ?t) place:XA rdfs:label ?l }", "l", "no fact was found", "whole query"),
    ],
)
def test_untraceable_parts_are_named(record: Store, query: str, column: str, note: str, gap: str | None) -> None:
    found = explain_row(record, query)
    cell = next(cell for cell in found.cells if cell.column == column)
    assert cell.note.startswith(note)
    assert bool(cell.note) == bool(note)
    assert bool(cell.facts) == (note == "" or (note.startswith("an aggregate") and "of no" not in note))
    assert bool(found.gaps) == bool(gap)
    assert all(gap in text for text in found.gaps if gap)


def test_an_aggregate_over_many_rows_is_described_in_part(record: Store) -> None:
    found = explain_row(record, "SELECT (COUNT(?m) AS ?n) { ?m nev:homeCountry place:XB }")
    (cell,) = found.cells
    assert (cell.value, len(cell.facts), cell.more) == (30, 25, 5)
    assert "5 more facts" in str(found)
    assert found.to_dict()["cells"][0]["more"] == 5


@pytest.mark.parametrize(
    ("query", "row", "problem"),
    [
        (MAKERS, 1, "There is no row 2: the answer has 1 row."),
        ("SELECT ?x { ?x a nev:Nothing }", 0, "There is no row 1: the answer has 0 rows."),
        ("ASK {}", 0, "ASK gives none: use SELECT"),
        ("CONSTRUCT WHERE { ?a ?b ?c }", 0, "CONSTRUCT gives none"),
        ("INSERT DATA { <x:a> <x:b> <x:c> }", 0, "INSERT gives none"),
        ("SELECT ?m { ?m ", 0, "The query is not SPARQL 1.1: line 1"),
        ("SELECT ?m FROM <x:g> { ?m a nev:Plant }", 0, "name no other graph"),
        ("SELECT ?m { SERVICE <http://localhost:1/> { ?m ?b ?c } }", 0, "SERVICE"),
    ],
)
def test_unexplainable_queries_are_refused(record: Store, query: str, row: int, problem: str) -> None:
    with pytest.raises(WrongUsage, match=problem.replace(".", r"\.")):
        explain_row(record, query, row)


def test_the_default_day_is_that_of_the_dataset_or_of_from(sample: EmbeddedStore) -> None:
    query = "SELECT ?day {} {{ ?snapshot nev:asOf ?day }}"
    assert str(solutions.select(sample, query.format(""), None, "en").explain(0).cells[0].value) == TODAY
    named = query.format("FROM <https://w3id.org/nevkg/snapshot/2024-02-29>")
    assert solutions.select(sample, named, None, "en").explain(0).title.endswith("as of 2024-02-29")


def test_rows_of_a_page_and_of_the_record_are_explained(sample: EmbeddedStore) -> None:
    catalogue = load_catalogue(sample.layout)
    answer = ask(sample, catalogue["plants-table"], {})
    assert answer.page(2, 2)[1].explain().cells[0].value == answer[3].explain().cells[0].value == answer[3][0]
    assert [cell.column for cell in answer[0].explain("plant").cells] == ["plant"]
    with pytest.raises(WrongUsage, match="no column 'x'"):
        answer[0].explain("x")
    with pytest.raises(WrongUsage, match="what holds on a day"):
        solutions.run(sample, "SELECT ?x { ?x a nev:Plant }", "en").explain(0)
    over_time = ask(sample, catalogue["plants-over-time"], {})
    cells = over_time[0].explain().cells
    assert any(cell.facts for cell in cells)
    assert all(cell.note for cell in cells if not cell.facts)


def test_the_explain_command(part: str, nevkg: Nevkg, tmp_path: Path) -> None:
    query = "SELECT ?plant ?place { ?plant nev:locatedIn ?place } ORDER BY ?plant ?place"
    text = nevkg("explain", "--data", part, "-e", query, "--row", "2")
    assert (text.code, text.out.splitlines()[0]) == (0, f"Row 2 of SPARQL query, as of {TODAY}"), text.err
    (file := tmp_path / "query.rq").write_text(query)
    assert nevkg("explain", "--data", part, str(file), "--row", "2").out == text.out
    document = json.loads(nevkg("explain", "--data", part, "-e", query, "--format", "json", "--as-of", "2025-01-01").out)
    assert document["title"].endswith("as of 2025-01-01")
    assert document["facts"].keys() >= set(document["cells"][1]["facts"])
    plants = nevkg("explain", "--data", part, "plants-table", "--column", "plant", "--lang", "zh")
    assert plants.out.startswith("question plants-table")


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ((), "Give exactly one of these to explain"),
        (("plants-table", "-e", "SELECT * {}"), "Give exactly one of these to explain"),
        (("-e", "SELECT * {}", "country=TH"), "'country=TH' is a parameter, but only questions have parameters"),
        (("plants-tabel",), "There is no question 'plants-tabel'. Did you mean plants-table"),
        (("plants-table", "--row", "0"), "'0' is not a whole number above 0"),
        (("plants-table", "--row", "99999"), "There is no row 99999: the answer has"),
    ],
)
def test_the_explain_command_reports_wrong_usage(part: str, nevkg: Nevkg, arguments: tuple[str, ...], problem: str) -> None:
    assert problem in nevkg("explain", "--data", part, *arguments).error()


def test_on_a_terminal_the_number_of_a_source_links_to_the_number_of_a_statement(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.source("s", address="<https://example.org/a>")
    world.figure("capacity", "150000", "vehicles-per-year", "2021-03-01", subject="plant:p")
    query = "SELECT ?low { plant:p nev:plan|nev:fact ?f . ?f nev:low ?low }"
    found = explain_row(world.build().store, query)
    assert "#:~:text=150%2C000&text=150000" in found.to_terminal()
    assert "\x1b" not in str(found)
    assert re.sub(r"\x1b\]8;[^\x1b]*\x1b\\|\x1b\[[\d;]*m", "", found.to_terminal()) == str(found)
