"""One test or more for each row of the table in docs/history.md, on small worlds."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from tests.support.worlds import SHIPPED, DerivedWorld, World, widen
from tests.support.worlds import day as on_day

from nevkg.data import dataset
from nevkg.store.derivation import Rule, read_rules

WITNESSES = "plant:p nev:fact ?f . ?f nev:property nev:status ; nev:witness ?w ; nev:witnesses ?n"
TABLE = (SHIPPED.ontology.parent / "docs" / "history.md").read_text(encoding="utf-8")


def test_every_row_has_a_test() -> None:
    rows = set(re.findall(r"^\| (H\d+) \|", TABLE, re.MULTILINE))
    tests = {name.split("_")[1].upper() for name in globals() if re.match(r"test_h\d+_", name)}
    assert rows == tests


def test_every_rule_file_named_in_a_row_exists() -> None:
    numbers = {path.name[:2] for path in SHIPPED.ontology.glob("rules/*/*.rq")}
    named = {number for row in re.findall(r"^\| H\d+ \|.*\| (.*) \|$", TABLE, re.MULTILINE) for number in re.findall(r"\d\d", row)}
    assert named <= numbers


def test_the_rules_define_the_terms_that_they_use_among_themselves() -> None:
    defined = set(re.findall(r"^\| `work:(\w+)` \|", (SHIPPED.ontology / "rules" / "README.md").read_text(encoding="utf-8"), re.MULTILINE))
    assert {term for rule in every_rule() for term in re.findall(r"\bwork:(\w+)", rule.text)} == defined


def test_each_rule_has_a_sentence_as_title_and_names_the_days_that_it_is_given() -> None:
    days = {"lasting": {"after", "day"}, "snapshot": {"day", "first"}}
    for rule in every_rule():
        assert re.fullmatch(r"[A-Z].* .*\.", rule.title), f"{rule.path}: {rule.title}"
        free = {name for name in days.get(rule.path.parent.name, ()) if re.search(rf"\?{name}\b(?<!AS \?{name})", rule.text)}
        bound = {name for name in free if re.search(rf"AS \?{name}\)", rule.text)}
        assert set(rule.given) == free - bound, rule.path


def every_rule() -> list[Rule]:
    return read_rules(dataset.rule_files(SHIPPED))


def test_h1_a_coarse_date_counts_from_its_last_day(world: World) -> None:
    world.source("s", "2026-01-01")
    world.fact("plant:p", "status", "status:operating", "2025-05")
    world.fact("plant:q", "status", "status:operating", "2025")
    built = world.build()
    assert built.history("plant:p", "status") == [("operating", "2025-05-31", "")]
    assert built.history("plant:q", "status") == [("operating", "2025-12-31", "")]


@pytest.mark.parametrize(("dated", "since"), [(None, "../2024-03-31"), ("2024-03", "2024-03"), ("2024-03-31", "2024-03-31")])
def test_h2_an_undated_statement_counts_by_the_date_of_its_source(world: World, dated: str | None, since: str) -> None:
    world.source("s", "2024-03")
    world.source("t", "2025")
    name = world.fact("plant:p", "status", "status:operating", source="s")
    world.figure("capacity", "50000", "vehicles-per-year", source="s")
    if dated:
        world.fact("plant:p", "status", "status:operating", dated, source="t")
        world.figure("capacity", "50000", "vehicles-per-year", dated, source="t")
    built = world.build()
    assert built.history("plant:p", "status") == [("operating", "2024-03-31", "")]
    assert built.holds(f"{name} nev:undated true")
    for short in ("status", "capacity"):
        assert built.rows(f"?e a nev:Episode ; nev:property nev:{short} ; nev:since ?since", "since") == [(since,)]


def test_h3_an_undated_source_counts_from_the_day_of_collection(world: World) -> None:
    world.source("s", None, collected="2025-06-07")
    world.fact("plant:p", "status", "status:operating")
    assert world.build().history("plant:p", "status") == [("operating", "2025-06-07", "")]


def test_h4_a_retracted_statement_does_not_count(world: World) -> None:
    wrong = world.fact("plant:p", "status", "status:closed", "2025-05-01")
    world.fact("plant:p", "status", "status:operating", "2025-01-01")
    world.statement("t", "Retraction", retracts=wrong)
    assert world.build().history("plant:p", "status") == [("operating", "2025-01-01", "")]


def test_h5_a_retracted_retraction_has_no_effect(world: World) -> None:
    right = world.fact("plant:p", "status", "status:closed", "2025-05-01")
    retraction = world.statement("t", "Retraction", retracts=right)
    world.statement("u", "Retraction", retracts=retraction)
    assert world.build().history("plant:p", "status") == [("closed", "2025-05-01", "")]


@pytest.mark.parametrize(
    ("event", "status"),
    [
        ("announcement", "announced"),
        ("agreement-signed", "announced"),
        ("groundbreaking", "under-construction"),
        ("trial-production", "trial-production"),
        ("inauguration", "operating"),
        ("first-vehicle", "operating"),
        ("first-delivery", "operating"),
        ("resumption", "operating"),
        ("relaunch", "operating"),
        ("production-halt", "suspended"),
        ("closure", "closed"),
        ("cancellation", "cancelled"),
        ("sale", "sold"),
        ("milestone", None),
        ("expansion", None),
        ("acquisition", None),
        ("market-entry", None),
        ("market-withdrawal", None),
        ("insolvency", None),
        ("layoff", None),
    ],
)
def test_h6_events_imply_a_status(world: World, event: str, status: str | None) -> None:
    world.plant()
    world.event(event, "2025-05-16", makers="agent:a")
    built = world.build()
    expected = [(status, "2025-05-16", "")] if status else []
    assert built.history("production:a-at-p", "status") == expected
    assert built.history("plant:p", "status") == expected


def test_h7_an_explicit_statement_precedes_an_event_of_the_same_date(world: World) -> None:
    world.event("inauguration", "2025-05-16")
    world.fact("plant:p", "status", "status:trial-production", "2025-05-16")
    assert world.build().history("plant:p", "status") == [("trial-production", "2025-05-16", "")]


@pytest.mark.parametrize("modality", ["planned", "target", "forecast"])
def test_h8_a_plan_is_never_a_state(world: World, modality: str) -> None:
    how = f"modality:{modality}"
    world.plant()
    world.fact("plant:p", "status", "status:operating", "2025-01-01", modality=how)
    world.event("inauguration", "2025-02-01", makers="agent:a", modality=how)
    world.figure("capacity", "100", "vehicles-per-year", "2025-01-01", modality=how)
    world.fact("plant:p", "hasWorkshopOfKind", "workshopkind:welding", "2025-01-01", modality=how)
    built = world.build()
    assert not built.history("plant:p", "status")
    assert not built.history("production:a-at-p", "status")
    assert not built.history("plant:p", "capacity")
    assert not built.history("plant:p", "hasWorkshopOfKind")


@pytest.mark.parametrize("next_phase", ["announced", "under-construction", "trial-production"])
def test_h9_once_producing_the_next_phase_does_not_override(world: World, next_phase: str) -> None:
    world.fact("plant:p", "status", "status:under-construction", "2023-01-01")
    world.fact("plant:p", "status", "status:operating", "2024-01-01")
    world.fact("plant:p", "status", f"status:{next_phase}", "2025-01-01")
    assert world.build().history("plant:p", "status") == [
        ("under-construction", "2023-01-01", "2024-01-01"),
        ("operating", "2024-01-01", ""),
    ]


@pytest.mark.parametrize("end", ["suspended", "closed", "cancelled", "sold"])
def test_h10_an_ending_status_overrides_a_producing_one(world: World, end: str) -> None:
    world.fact("plant:p", "status", "status:operating", "2024-01-01")
    world.fact("plant:p", "status", f"status:{end}", "2025-01-01")
    world.fact("plant:p", "status", "status:announced", "2025-06-01")
    assert world.build().history("plant:p", "status") == [("operating", "2024-01-01", "2025-01-01"), (end, "2025-01-01", "")]


def test_h11_a_resumption_reopens(world: World) -> None:
    world.event("first-vehicle", "2024-01-01")
    world.event("production-halt", "2024-06-01")
    world.event("resumption", "2025-01-01")
    assert world.build().history("plant:p", "status") == [
        ("operating", "2024-01-01", "2024-06-01"),
        ("suspended", "2024-06-01", "2025-01-01"),
        ("operating", "2025-01-01", ""),
    ]


def test_h12_a_tie_goes_to_the_finer_date(world: World) -> None:
    world.fact("plant:p", "status", "status:suspended", "2025-05")
    world.fact("plant:p", "status", "status:operating", "2025-05-31")
    assert world.build().history("plant:p", "status") == [("operating", "2025-05-31", "")]


def test_h13_a_further_tie_goes_to_the_later_step(world: World) -> None:
    world.fact("plant:p", "status", "status:under-construction", "2025-05-31")
    world.fact("plant:p", "status", "status:trial-production", "2025-05-31", source="t")
    built = world.build()
    assert built.history("plant:p", "status") == [("trial-production", "2025-05-31", "")]
    assert not built.holds("?e nev:disputed true")


@pytest.mark.parametrize(("second", "standing"), [("t", "disputed"), ("s", "reported")])
def test_h14_a_remaining_tie_is_disputed_between_pages(world: World, second: str, standing: str) -> None:
    world.fact("production:a-at-p", "arrangement", "arrangement:acquired", "2025-05-31")
    world.fact("production:a-at-p", "arrangement", "arrangement:joint-venture", "2025-05-31", source=second)
    built = world.build()
    assert built.history("production:a-at-p", "arrangement") == [("acquired", "2025-05-31", ""), ("joint-venture", "2025-05-31", "")]
    assert built.rows("?e a nev:Episode ; nev:property nev:arrangement ; nev:support ?s", "e", "s") == [
        (episode, f"standing:{standing}") for (episode,) in built.rows("?e a nev:Episode ; nev:property nev:arrangement", "e")
    ]
    assert built.holds("?e nev:disputed true") is (second == "t")


def test_h15_the_latest_figure_holds(world: World) -> None:
    world.figure("capacity", "100000", "vehicles-per-year", "2024-01-01")
    world.figure("capacity", "150000", "vehicles-per-year", "2025-01-01")
    world.figure("capacity", "150000", "vehicles-per-year", "2025-03-01", source="t")
    built = world.build(current=True)
    assert built.history("plant:p", "capacity") == [("100000", "2024-01-01", "2025-01-01"), ("150000", "2025-01-01", "")]
    assert built.holds("plant:p nev:capacity 150000")
    assert not built.holds("plant:p nev:capacity 100000")


def test_h16_differing_figures_of_one_day_are_a_range(world: World) -> None:
    world.figure("capacity", "100000", "vehicles-per-year", "2024-01-01")
    world.figure("capacity", "120000", "vehicles-per-year", "2024-01-01", source="t")
    built = world.build(current=True)
    assert built.history("plant:p", "capacity") == [("100000-120000", "2024-01-01", "")]
    assert built.rows("plant:p nev:capacity ?c", "c") == [("100000",), ("120000",)]
    assert built.holds("?e nev:low 100000 ; nev:disputed true")


@pytest.mark.parametrize(
    ("more", "standing"),
    [
        ([], "reported"),
        # A page that gives one of the two does not agree with the other.
        ([("100000", "t")], "disputed"),
        # One that gives both says no more than the first.
        ([("100000", "t"), ("120000", "t")], "disputed"),
    ],
)
def test_h16_a_range_of_one_page_is_not_disputed(world: World, more: list[tuple[str, str]], standing: str) -> None:
    for number, source in [("100000", "s"), ("120000", "s"), *more]:
        world.figure("capacity", number, "vehicles-per-year", "2024-01-01", source=source)
    facts = "plant:p nev:fact ?f . ?f nev:low ?low ; nev:high ?high ; nev:standing ?standing"
    assert world.build().on("2025-01-01").rows(facts, "low", "high", "standing") == [("100000", "120000", f"standing:{standing}")]


def test_h17_scopes_and_units_are_never_mixed(world: World) -> None:
    world.figure("capacity", "100000", "vehicles-per-year", "2024-01-01", scope="scope:phase-one")
    world.figure("capacity", "200000", "vehicles-per-year", "2024-01-01", scope="scope:all-phases")
    world.figure("capacity", "900", "vehicles-per-month", "2024-02-01", scope="scope:phase-one")
    assert world.build().history("plant:p", "capacity") == [
        ("100000", "2024-01-01", ""),
        ("200000", "2024-01-01", ""),
        ("900", "2024-02-01", ""),
    ]


def test_h18_a_current_figure_is_in_the_standard_unit_and_of_the_whole(world: World) -> None:
    world.figure("capacity", "900", "vehicles-per-month", "2024-02-01")
    world.figure("capacity", "100000", "vehicles-per-year", "2024-01-01", scope="scope:phase-two")
    world.figure("capacity", "50000", "vehicles-per-year", "2024-01-01", scope="scope:initial")
    assert world.build(current=True).rows("plant:p nev:capacity ?c", "c") == [("50000",)]


def add_membership(world: World, on: str | None = None, until: str | None = None, source: str = "s") -> None:
    world.statement(source, "Attribution", on, until, subject="place:XA", property="nev:memberOf", value="place:u")


def test_h19_a_membership_holds_from_its_first_certain_date(world: World) -> None:
    add_membership(world, "2009")
    add_membership(world, "2009-03-01", source="t")
    assert world.build().history("place:XA", "memberOf") == [("u", "2009-03-01", "")]


def test_h20_an_end_from_any_source_ends_earlier_memberships(world: World) -> None:
    add_membership(world, "1973")
    add_membership(world, None, source="t")
    add_membership(world, "1973", "2020-01-31", source="v")
    add_membership(world, "1973", "2020-02-01", source="w")
    assert world.build().history("place:XA", "memberOf") == [("u", "1973-12-31", "2020-01-31")]


def test_h21_a_membership_without_a_start_began_by_the_day_of_its_source(world: World) -> None:
    world.source("s", "2012-05-01")
    add_membership(world)
    built = world.build()
    assert built.history("place:XA", "memberOf") == [("u", "2012-05-01", "")]
    assert built.rows("?e nev:property nev:memberOf ; nev:since ?since", "since") == [("../2012-05-01",)]


def test_h22_a_membership_after_an_end_is_a_new_one(world: World) -> None:
    add_membership(world, "1990-01-01", "2000-01-01")
    add_membership(world, "2010-01-01", source="t")
    assert world.build().history("place:XA", "memberOf") == [("u", "1990-01-01", "2000-01-01"), ("u", "2010-01-01", "")]


def test_h23_the_last_confirmation_is_the_latest_date_of_a_statement(world: World) -> None:
    world.fact("plant:p", "status", "status:operating", "2024-01-01")
    world.fact("plant:p", "status", "status:operating", "2025-02", source="t")
    world.source("undated", None)
    world.fact("plant:p", "status", "status:operating", source="undated")
    world.source("bounded", None, earliest='"2025-03-04"^^xsd:date')
    world.fact("plant:p", "status", "status:operating", source="bounded")
    world.source("early", "2025-02-01")
    world.fact("plant:p", "status", "status:operating", "2025-12-31", source="early")
    rows = world.build().rows("?e nev:property nev:status ; nev:lastConfirmed ?day", "day")
    assert rows == [("2025-03-04",)]


def test_h23_a_beginning_reported_in_advance_is_confirmed_when_it_comes(world: World) -> None:
    world.source("t", "2021-11-04")
    world.fact("place:XA", "memberOf", "place:u", "2022-01-01", source="t")
    world.source("u", "2023-05-05")
    world.fact("place:XA", "memberOf", "place:u", source="u")
    last = "place:XA nev:fact ?f . ?f nev:value place:u ; nev:lastConfirmed ?day"
    built = world.build()
    for known, confirmed in (("2021-12-31", [("2022-01-01",)]), ("2026-01-01", [("2023-05-05",)])):
        assert built.known_by(known).on("2022-01-01").rows(last, "day") == confirmed
    assert built.on("2021-12-31").rows(last, "day") == []


def test_h24_the_status_of_a_plant_holds_for_each_maker_and_is_marked_inferred(world: World) -> None:
    world.plant("agent:a", on="2020-01-01")
    world.fact("plant:p", "maker", "agent:b", "2024-01-01")
    world.fact("plant:p", "status", "status:operating", "2021-01-01")
    built = world.build()
    assert built.history("production:a-at-p", "status") == [("operating", "2021-01-01", "")]
    assert built.history("production:b-at-p", "status") == [("operating", "2024-01-01", "")]
    inferred = built.rows("?e nev:property nev:status ; nev:subject ?unit ; nev:inferred true", "unit")
    assert inferred == [("production:a-at-p",), ("production:b-at-p",)]


def test_h25_the_status_of_a_plant_with_one_maker_holds_for_its_production(world: World) -> None:
    world.plant("agent:a", on="2025-01-01")
    world.event("first-vehicle", "2021-01-01", makers="agent:a")
    world.fact("plant:p", "status", "status:suspended", "2024-01-01")
    built = world.build()
    assert built.history("production:a-at-p", "status") == [("operating", "2021-01-01", "2024-01-01"), ("suspended", "2024-01-01", "")]
    assert built.rows("?e nev:subject production:a-at-p ; nev:inferred true ; nev:value ?value", "value") == [("status:suspended",)]


def test_h26_a_production_with_its_own_reports_has_its_own_status(world: World) -> None:
    world.plant("agent:a agent:b")
    world.event("first-vehicle", "2021-01-01", makers="agent:a")
    world.event("production-halt", "2022-01-01", makers="agent:b")
    world.fact("plant:p", "status", "status:suspended", "2023-01-01")
    built = world.build()
    assert built.history("production:a-at-p", "status") == [("operating", "2021-01-01", "")]
    assert built.history("production:b-at-p", "status") == [("suspended", "2022-01-01", "")]


def test_h27_a_plant_produces_while_a_production_does(world: World) -> None:
    world.plant("agent:a agent:b")
    world.fact("production:a-at-p", "status", "status:operating", "2021-01-01")
    world.fact("production:b-at-p", "status", "status:suspended", "2022-01-01")
    world.event("production-halt", "2022-06-01", makers="agent:b")
    built = world.build()
    assert built.history("plant:p", "status") == [("operating", "2021-01-01", "")]
    assert built.history("production:b-at-p", "status") == [("suspended", "2022-01-01", "")]


def test_h28_places_and_blocs_are_closed_with_dates(world: World) -> None:
    world.plant(country="place:XA-1")
    world.fact("plant:q", "locatedIn", "place:XB")
    world.statement("s", "Attribution", "1990-01-01", "2000-01-01", subject="place:XA", property="nev:memberOf", value="place:u")
    world.statement("s", "Attribution", "1995-01-01", subject="place:XA", property="nev:memberOf", value="place:v")
    built = world.build(current=True)
    assert built.rows("?unit nev:inCountry ?country . ?unit a ?kind FILTER(?kind IN (nev:Plant, nev:Production))", "unit", "country") == [
        ("plant:p", "place:XA"),
        ("plant:q", "place:XB"),
        ("production:a-at-p", "place:XA"),
    ]
    for unit in ("plant:p", "production:a-at-p"):
        assert built.history(unit, "inBloc") == [("u", "1990-01-01", "2000-01-01"), ("v", "1995-01-01", "")]
    assert built.rows("plant:p nev:inBloc ?bloc", "bloc") == [("place:v",)]


def test_h29_the_status_of_a_part_is_not_that_of_the_whole(world: World) -> None:
    world.fact("plant:p", "status", "status:operating", "2024-01-01")
    world.fact("plant:p", "status", "status:under-construction", "2025-01-01", scope="scope:phase-two")
    built = world.build(current=True)
    assert built.history("plant:p", "status") == [("operating", "2024-01-01", ""), ("under-construction", "2025-01-01", "")]
    assert built.rows("plant:p nev:status ?status", "status") == [("status:operating",)]


def test_h30_the_current_view_has_the_facts_of_the_dataset_date(world: World) -> None:
    world.today = "2024-06-01"
    world.fact("plant:p", "status", "status:operating", "2024-01-01")
    world.fact("plant:p", "status", "status:suspended", "2025-01-01")
    assert world.build(current=True).rows("plant:p nev:status ?status", "status") == [("status:operating",)]


def test_h31_manufacturing_follows_the_producing_productions(world: World) -> None:
    world.plant("agent:a", "plant:p", "place:XA-1")
    world.plant("agent:b", "plant:q", "place:XB")
    world.statement("s", "Attribution", "1990-01-01", subject="place:XA", property="nev:memberOf", value="place:u")
    world.fact("plant:p", "status", "status:operating", "2025-01-01")
    world.fact("plant:q", "status", "status:under-construction", "2025-01-01")
    built = world.build(current=True)
    assert built.rows("?maker nev:manufacturesAt ?plant", "maker", "plant") == [("agent:a", "plant:p")]
    assert built.rows("?maker nev:manufacturesIn ?place", "maker", "place") == [
        ("agent:a", "place:XA"),
        ("agent:a", "place:XA-1"),
        ("agent:a", "place:u"),
    ]


@pytest.mark.parametrize(
    ("doubt", "manufactures"),
    [("none", True), ("stale", False), ("undated", False), ("unsupported", False)],
)
def test_h31_headlines_are_upheld_facts(world: World, doubt: str, *, manufactures: bool) -> None:
    world.source("undated", None)
    _add_farm_source(world)
    world.fact("agent:a", "homeCountry", "place:XB")
    world.fact("plant:p", "locatedIn", "place:XA")
    world.fact("plant:p", "maker", "agent:a", source="farm" if doubt == "unsupported" else "undated" if doubt == "undated" else "s")
    on = {"none": "2025-01-01", "stale": "2020-01-01", "unsupported": "2024-01-01"}.get(doubt)
    source = {"undated": "undated", "unsupported": "farm"}.get(doubt, "s")
    world.fact("production:a-at-p", "status", "status:operating", on, source=source)
    now = world.build().on("2026-01-01")
    assert now.holds("agent:a nev:fact ?f . ?f nev:property nev:manufacturesAbroadIn ; nev:value place:XA ; nev:standing ?s")
    for headline in (
        "nev:hasActiveProduction production:a-at-p",
        "nev:manufacturesAt plant:p",
        "nev:manufacturesIn place:XA",
        "nev:manufacturesAbroadIn place:XA",
        "a nev:LocalManufacturer",
    ):
        assert now.holds(f"agent:a {headline}") == manufactures
    assert now.holds("production:a-at-p nev:status status:operating"), "states stay as last reported"


def test_h32_abroad_is_outside_the_home_country(world: World) -> None:
    for maker, home, kind in (("a", "XB", "automaker"), ("b", "XA", "automaker"), ("c", "XB", "supplier")):
        world.fact(f"agent:{maker}", "homeCountry", f"place:{home}")
        world.fact(f"agent:{maker}", "kind", f"orgkind:{kind}")
    world.plant("agent:a agent:b agent:c")
    world.fact("plant:p", "status", "status:operating", "2025-01-01")
    built = world.build(current=True)
    assert built.rows("?maker nev:manufacturesAbroadIn ?country", "maker", "country") == [("agent:a", "place:XA"), ("agent:c", "place:XA")]
    assert built.rows("?maker a nev:LocalManufacturer", "maker") == [("agent:a",), ("agent:c",)]


def test_h33_local_assembly_without_a_known_plant_is_a_production(world: World) -> None:
    world.fact("agent:a", "assemblesIn", "place:XA", "2024-01-01")
    world.plant("agent:b", "plant:q", "place:XB")
    world.fact("agent:b", "assemblesIn", "place:XB", "2024-01-01")
    world.registry += "plant:r a nev:Plant ; rdfs:label 'Plant R'@en .\n"
    world.plant("agent:c", "plant:r", "place:XA-1")
    world.fact("agent:c", "assemblesIn", "place:XA", "2024-01-01")
    for maker, plant in (("a", "p"), ("b", "r")):
        world.fact(f"agent:{maker}", "assemblesIn", "place:XA", "2024-01-01")
        world.fact(f"plant:{plant}", "locatedIn", "place:XA", "2020-01-01")
        world.fact(f"plant:{plant}", "maker", f"agent:{maker}", "2024-01-01", modality="modality:planned")
    world.fact("production:b-at-r", "status", "status:operating", "2024-01-01")
    built = world.build(current=True)
    assert not built.holds("production:c-in-xa ?p ?o"), "a plant in a region is a plant in its country"
    assert not built.holds("production:b-in-xa ?p ?o"), "its line at a plant produces"
    assert built.holds("production:a-at-p a nev:Production"), "a planned plant is no reason to drop what a source says of now"
    assert built.history("production:a-in-xa", "status") == [("operating", "2024-01-01", "")]
    assert built.rows("production:a-in-xa rdfs:label ?label", "label") == [("Maker A, Ania",), ("制造商甲，甲国",)]
    assert not built.holds("production:b-in-xb ?p ?o")
    assert built.holds("agent:a nev:manufacturesIn place:XA")


def test_h34_cumulative_values_hold_side_by_side(world: World) -> None:
    world.fact("plant:p", "hasWorkshopOfKind", "workshopkind:welding", "2024-01-01")
    world.fact("plant:p", "hasWorkshopOfKind", "workshopkind:welding", "2023-01-01", source="t")
    world.fact("plant:p", "hasWorkshopOfKind", "workshopkind:painting", "2025-01-01")
    world.statement("s", "Attribution", "2020", "2022-01-01", subject="plant:p", property="nev:operator", value="agent:b")
    world.statement("s", "Attribution", "2024-01-01", subject="agent:a", property="nev:foundedInYear", number="1995")
    built = world.build(current=True)
    assert built.history("plant:p", "hasWorkshopOfKind") == [("welding", "2023-01-01", ""), ("painting", "2025-01-01", "")]
    assert built.history("plant:p", "operator") == [("b", "2020-12-31", "2022-01-01")]
    assert not built.holds("plant:p nev:operator ?any")
    assert built.history("agent:a", "foundedInYear") == [("1995", "2024-01-01", "")]
    assert built.holds("agent:a nev:foundedInYear 1995")
    evidence = built.rows("?e nev:value workshopkind:welding ; prov:wasDerivedFrom ?statement", "statement")
    assert evidence == [("statement:n1",), ("statement:n2",)]


@pytest.mark.parametrize(("on", "since"), [("2025-05-16", "2025-05-16"), ("2025-05", "2025-05"), ("2025", "2025"), (None, "../2026-01-01")])
def test_h35_a_beginning_is_as_coarse_as_the_sources(world: World, on: str | None, since: str) -> None:
    world.source("s", None, earliest='"2025-01-01"^^xsd:date')
    world.fact("plant:p", "status", "status:operating", on)
    assert world.build().rows("?e a nev:Episode ; nev:property nev:status ; nev:since ?since", "since") == [(since,)]


def test_h35_a_beginning_may_be_open(world: World) -> None:
    world.source("s", None)
    world.fact("plant:p", "status", "status:operating")
    assert world.build().rows("?e a nev:Episode ; nev:property nev:status ; nev:since ?since", "since") == [("../2026-01-01",)]


def test_h35_an_undated_report_before_the_first_date_leaves_the_beginning_open(world: World) -> None:
    world.source("early", "2023-07-05")
    world.source("late", "2025-07-01")
    world.statement("early", "Attribution", None, subject="plant:p", property="nev:maker", value="agent:a")
    world.statement("late", "Attribution", "2025-07-01", subject="plant:p", property="nev:maker", value="agent:a")
    built = world.build()
    assert built.rows("?e a nev:Episode ; nev:property nev:maker ; nev:subject plant:p ; nev:since ?since", "since") == [("../2023-07-05",)]


def test_h36_known_by_leaves_out_later_sources(world: World) -> None:
    world.source("early", "2024-02-01")
    world.source("late", "2025-02-01")
    world.fact("plant:p", "status", "status:operating", "2024-01-01", source="early")
    world.fact("plant:p", "status", "status:suspended", "2024-01-15", source="late")
    assert [value for value, _, _ in world.build().known_by("2024-12-31").history("plant:p", "status")] == ["operating"]
    assert [value for value, _, _ in world.build().known_by("2025-02-01").history("plant:p", "status")] == ["operating", "suspended"]


def test_h37_kinds_become_classes(world: World) -> None:
    world.fact("agent:a", "kind", "orgkind:automaker")
    kinds = world.build(current=True).rows("GRAPH graph:current { agent:a a ?kind }", "kind")
    assert kinds == [("nev:Agent",), ("nev:Automaker",), ("nev:Business",), ("nev:Company",), ("nev:Organization",)]


def test_h38_workshops_are_derived_from_their_kinds(world: World) -> None:
    world.fact("plant:p", "hasWorkshopOfKind", "workshopkind:welding", "2024-01-01")
    built = world.build(current=True)
    assert built.rows("plant:p nev:hasWorkshop ?workshop . ?workshop nev:workshopKind ?kind", "workshop", "kind") == [
        ("workshop:p-welding", "workshopkind:welding")
    ]
    assert built.rows("workshop:p-welding rdfs:label ?label", "label") == [("Plant P, welding",), ("工厂P，焊装",)]


def test_h39_countries_blocs_and_world_regions_are_markets(world: World) -> None:
    assert world.build().rows("?place a nev:Market", "place") == [("place:XA",), ("place:XB",), ("place:u",), ("place:v",)]


def test_working_triples_of_rules_are_removed(world: World) -> None:
    world.plant()
    world.fact("plant:p", "status", "status:operating", "2024-01-01")
    assert not world.build().holds("GRAPH ?g { ?s ?p ?o } FILTER(STRSTARTS(STR(?p), 'https://w3id.org/nevkg/work'))")


def test_h40_a_factual_statement_cannot_postdate_its_source(world: World) -> None:
    world.source("s", "2025-03-10")
    world.fact("plant:p", "status", "status:operating", "2025")
    world.source("t", None, collected="2025-06-07")
    world.fact("plant:q", "status", "status:operating", "2025", source="t")
    world.fact("plant:r", "status", "status:operating", "2026")
    built = world.build()
    assert built.history("plant:p", "status") == [("operating", "2025-03-10", "")]
    assert built.history("plant:q", "status") == [("operating", "2025-06-07", "")]
    assert built.history("plant:r", "status") == [("operating", "2026-12-31", "")], "stated in advance"


def test_h41_an_undated_statement_does_not_replace_a_dated_one(world: World) -> None:
    world.source("t", None, collected="2025-06-07")
    for unit, dated, dateless in (("p", "suspended", "operating"), ("q", "operating", "closed"), ("r", "operating", "operating")):
        world.fact(f"plant:{unit}", "status", f"status:{dated}", "2021-01-01")
        world.fact(f"plant:{unit}", "status", f"status:{dateless}", source="t")
    built = world.build()
    assert built.history("plant:p", "status") == [("suspended", "2021-01-01", "")]
    assert built.history("plant:q", "status") == [("operating", "2021-01-01", "2025-06-07"), ("closed", "2025-06-07", "")]
    assert built.history("plant:r", "status") == [("operating", "2021-01-01", "")]


def test_h42_an_event_in_a_part_implies_a_status_of_that_part(world: World) -> None:
    world.plant("agent:a", "plant:p", "place:XA")
    world.fact("plant:p", "status", "status:operating", "2024-01-01")
    world.event("cancellation", "2024-06-01", makers="agent:a", scope="scope:phase-two")
    built = world.build(current=True)
    assert ("operating", "2024-01-01", "") in built.history("plant:p", "status")
    assert built.holds("GRAPH graph:current { plant:p nev:status status:operating }")
    assert built.holds("?e nev:value status:cancelled ; nev:scope scope:phase-two ; nev:from '2024-06-01'^^xsd:date")


def test_h43_a_statement_with_only_an_end_counts_from_the_date_of_its_source(world: World) -> None:
    world.registry += "policy:k a nev:Policy ; rdfs:label 'K'@en .\n"
    world.source("s", "2025-01-01")
    world.statement("s", "Attribution", None, "2030", subject="policy:k", property="nev:policyStatus", value="policystatus:in-force")
    assert world.build().history("policy:k", "policyStatus") == [("in-force", "2025-01-01", "2030-12-31")]


def test_h9_issued_does_not_end_in_force(world: World) -> None:
    world.registry += "policy:k a nev:Policy ; rdfs:label 'K'@en .\n"
    world.fact("policy:k", "policyStatus", "policystatus:in-force", "2024-03-01")
    world.fact("policy:k", "policyStatus", "policystatus:issued", "2024", source="t")
    world.fact("policy:k", "policyStatus", "policystatus:expired", "2026-01-01")
    history = world.build().history("policy:k", "policyStatus")
    assert history == [("in-force", "2024-03-01", "2026-01-01"), ("expired", "2026-01-01", "")]


def test_h44_a_timeless_value_holds_before_its_source_and_until_it_ends(world: World) -> None:
    world.fact("agent:a", "homeCountry", "place:XA")
    world.fact("agent:b", "homeCountry", "place:XA", on="2010", until="2020-01-01")
    built = world.build()
    for day, holders in (("1990-01-01", "ab"), ("2019-12-31", "ab"), ("2020-01-01", "a")):
        assert built.on(day).rows("?agent nev:homeCountry place:XA", "agent") == [(f"agent:{name}",) for name in holders]


def test_h45_facts_have_their_beginning_and_last_confirmation(world: World) -> None:
    world.source("s", "2026-01-01")
    world.fact("plant:p", "status", "status:operating", "2023-05")
    world.fact("plant:p", "status", "status:operating", "2025-03-01")
    world.fact("plant:p", "status", "status:closed", "2025-09-01")
    built = world.build()
    where = "plant:p nev:fact ?f . ?f nev:property nev:status ; nev:value ?v ; nev:since ?since OPTIONAL { ?f nev:lastConfirmed ?last }"
    for day, facts in (
        ("2023-05-30", []),
        ("2024-01-01", [("status:operating", "2023-05", "2025-03-01")]),
        ("2025-03-01", [("status:operating", "2023-05", "2025-03-01")]),
        ("2025-09-01", [("status:closed", "2025-09-01", "2025-09-01")]),
    ):
        assert built.on(day).rows(where, "v", "since", "last") == facts
        assert built.on(day).rows("plant:p nev:status ?v", "v") == [row[:1] for row in facts]


def test_h46_an_entity_that_no_source_mentions_yet_is_left_out(world: World) -> None:
    world.source("s", "2020-01-01")
    world.source("t", "2025-01-01")
    world.fact("plant:p", "status", "status:operating", "2020-01-01", source="s")
    world.fact("plant:q", "status", "status:operating", "2021-01-01", source="t")
    plants, blocs = "?plant a nev:Plant", "?bloc a nev:Bloc"
    assert world.build().known_by("2022-01-01").on("2023-01-01").rows(plants, "plant") == [("plant:p",)]
    assert world.build().on("2023-01-01").rows(plants, "plant") == [("plant:p",), ("plant:q",)]
    assert len(world.build().known_by("1990-01-01").on("2023-01-01").rows(blocs, "bloc")) == len(world.build().rows(blocs, "bloc"))


def test_h47_statements_that_cannot_both_be_right_contradict_each_other(world: World) -> None:
    def figure(number: str, source: str, **more: str) -> str:
        return world.figure("capacity", number, "vehicles-per-year", "2024-01-01", source=source, **more)

    ten, twenty = figure("10", "s"), figure("20", "t")
    figure("15", "u", scope="scope:phase-two")
    figure("15", "u", modality="modality:planned")
    upward = figure("12", "v", comparator="comparator:over")
    built, closed = (world.fact("plant:p", "status", f"status:{value}", "2024-02-01") for value in ("operating", "closed"))
    world.fact("plant:p", "status", "status:suspended", "2024-03-01")
    joined = world.fact("place:XA", "memberOf", "place:u", "1990")
    rejoined = world.fact("place:XA", "memberOf", "place:u", "1995", source="t")
    pairs = [(ten, twenty), (ten, upward), (built, closed), (joined, rejoined)]
    both = sorted([*pairs, *((other, one) for one, other in pairs)])
    assert world.build().rows("?one nev:contradicts ?other", "one", "other") == both
    world.fact("place:XA", "memberOf", "place:u", until="1992", source="u")
    assert (joined, rejoined) not in world.build().rows("?one nev:contradicts ?other", "one", "other")


def test_h48_a_policy_is_in_force_in_a_country_while_it_belongs_to_the_bloc(world: World) -> None:
    world.registry += "policy:k a nev:Policy .\n"
    world.fact("policy:k", "jurisdiction", "place:u", "2020-01-01")
    world.fact("policy:k", "policyStatus", "policystatus:in-force", "2020-01-01")
    world.fact("policy:k", "policyStatus", "policystatus:amended", "2021-01-01")
    world.fact("place:XA", "memberOf", "place:u", "1990-01-01", until="2022-01-01")
    world.fact("place:XB", "memberOf", "place:u", "2023-01-01")
    built = world.build()
    assert built.history("policy:k", "inForceIn") == [("XA", "2020-01-01", "2022-01-01"), ("XB", "2023-01-01", "")]
    assert built.on("2021-06-01").rows("policy:k nev:inForceIn ?country", "country") == [("place:XA",)]


def test_h48_an_amended_policy_is_in_force_until_it_ends(world: World) -> None:
    world.registry += "policy:k a nev:Policy .\n"
    world.fact("policy:k", "jurisdiction", "place:XA", "2019-01-01")
    changes = {"2020": "amended", "2021": "in-force", "2022": "amended", "2023": "expired", "2024": "in-force"}
    for year, status in changes.items():
        world.fact("policy:k", "policyStatus", f"policystatus:{status}", f"{year}-01-01")
    assert world.build().history("policy:k", "inForceIn") == [("XA", "2020-01-01", "2023-01-01"), ("XA", "2024-01-01", "")]


def test_h49_a_statement_on_a_production_or_event_is_about_the_plant(world: World) -> None:
    world.plant()
    ours = world.fact("production:a-at-p", "status", "status:operating", "2024-01-01")
    event = world.event("expansion", "2024-02-01")
    other = world.fact("plant:q", "status", "status:operating", "2024-01-01")
    about = [row[0] for row in world.build().rows("?statement nev:source ?source ; nev:aboutPlant plant:p", "statement")]
    assert {ours, event} < set(about)
    assert other not in about


def test_h50_a_status_holds_for_productions(world: World) -> None:
    world.registry += "plant:r a nev:Plant .\n"
    world.plant("agent:a", "plant:p")
    world.plant("agent:a agent:b", "plant:q")
    for unit in ("plant:p", "plant:q", "plant:r", "production:a-at-q"):
        world.fact(unit, "status", "status:operating", "2024-01-01")
    found = world.build().rows("?e nev:holdsFor ?unit ; nev:subject ?subject", "subject", "unit")
    assert set(found) == {
        ("production:a-at-p", "production:a-at-p"),
        *((f"production:{maker}-at-q", f"production:{maker}-at-q") for maker in "ab"),
        ("plant:r", "plant:r"),
    }


def test_h50_a_page_that_does_not_name_the_maker_supports_only_the_plant(world: World) -> None:
    """A company that is no maker runs the plant, as contract assemblers do."""
    world.plant()
    world.fact("plant:p", "operator", "agent:c", "2025-01-01")
    world.source("t", "2025-02-01")
    for source in ("s", "t"):
        world.fact("plant:p", "status", "status:operating", "2025-01-01", source=source)
    built = world.build()
    status = "?e nev:property nev:status ; nev:support ?support ; "
    assert built.rows(f"{status} nev:subject plant:p", "support") == [("standing:corroborated",)]
    assert built.rows(f"{status} nev:holdsFor production:a-at-p", "support") == [("standing:reported",)]


def test_h51_a_status_has_the_blocs_and_the_capacity_of_its_time(world: World) -> None:
    world.plant()
    world.fact("place:XA", "memberOf", "place:u", "1990-01-01", until="2021-01-01")
    world.fact("place:XA", "memberOf", "place:v", "2022-01-01")
    world.fact("plant:p", "status", "status:under-construction", "2020-06-01")
    world.fact("plant:p", "status", "status:operating", "2021-06-01")
    world.figure("capacity", "50", "vehicles-per-year", "2020-07-01", modality="modality:planned")
    world.figure("capacity", "70", "vehicles-per-year", "2021-07-01")
    built, status = world.build(), "?e nev:subject plant:p ; nev:value ?status ; nev:from ?from ; "
    assert built.rows(status + "nev:whileIn ?bloc", "status", "bloc") == [
        ("status:operating", "place:v"),
        ("status:under-construction", "place:u"),
    ]
    assert built.rows(status + "nev:withCapacity/(nev:number|nev:high) ?number", "status", "number") == [
        ("status:operating", "70"),
        ("status:under-construction", "50"),
    ]


def test_h52_first_production_abroad_is_the_first_in_each_country(world: World) -> None:
    world.fact("agent:a", "homeCountry", "place:XB")
    for plant, country, on in (("p", "XA", "2021-01-01"), ("q", "XA", "2020-01-01"), ("r", "XB", "2019-01-01")):
        world.registry += f"plant:{plant} a nev:Plant .\n"
        world.plant("agent:a", f"plant:{plant}", f"place:{country}")
        world.fact(f"plant:{plant}", "status", "status:operating", on)
    first = world.build().rows("agent:a nev:firstProductionAbroad ?e . ?e nev:subject ?line ; nev:from ?from", "line", "from")
    assert first == [("production:a-at-q", "2020-01-01")]


def test_h53_the_first_of_each_step_is_marked(world: World) -> None:
    world.fact("plant:p", "status", "status:announced", "2021-05-01")
    world.fact("plant:p", "status", "status:announced", "2020-05-01", modality="modality:planned")
    first = world.fact("plant:p", "status", "status:announced", "2021-01-01")
    closed = world.fact("plant:p", "status", "status:closed", "2021-02-01")
    built = world.build()
    assert built.rows("?one nev:isFirst true ; nev:certainBy ?day", "one") == [(name,) for name in sorted((closed, first))]
    assert built.rows("?one nev:isFirst true ; nev:from ?day", "day") == [("2021-01-01",), ("2021-02-01",)]


@pytest.mark.parametrize(
    ("coarse", "fine", "held"),
    [
        # The shipped case: an opening "in April" and a groundbreaking on the 28th.
        (("operating", "2025-04"), ("under-construction", "2025-04-28"), ["operating", "under-construction"]),
        (("operating", "2025"), ("under-construction", "2025-04-28"), ["operating"]),
        (("announced", "2025-04"), ("under-construction", "2025-04-28"), ["under-construction"]),
        (("operating", None), ("under-construction", "2025-04-28"), ["operating"]),
        # H41: however few days are left between its collection and the other date.
        (("operating", None), ("under-construction", "2025-12-20"), ["operating"]),
        (("announced", None), ("under-construction", "2025-04-28"), ["under-construction"]),
    ],
)
def test_h54_a_coarse_date_does_not_end_a_finer_one_that_it_may_precede(
    world: World, coarse: tuple[str, str | None], fine: tuple[str, str], held: list[str]
) -> None:
    world.source("undated", None)
    for source in ("s", "t"):
        world.source(source, "2026-01-01")
    for source, (status, on) in (("s", fine), ("t" if coarse[1] else "undated", coarse)):
        world.fact("plant:p", "status", f"status:{status}", on, source=source)
    built = world.build()
    now = built.on("2026-01-01")
    assert now.rows("plant:p nev:status ?v", "v") == [(f"status:{status}",) for status in held]
    assert built.holds("?e nev:disputed true") == (len(held) > 1)
    assert built.on(str(date.fromisoformat(fine[1]) + timedelta(1))).rows("plant:p nev:status ?v", "v") == [("status:under-construction",)]


def test_h54_figures_of_open_order_are_a_range(world: World) -> None:
    world.figure("capacity", "100", "vehicles-per-year", "2024-05-01")
    world.figure("capacity", "80", "vehicles-per-year", "2024", source="t")
    world.source("undated", None)
    world.figure("capacity", "60", "vehicles-per-year", source="undated")
    facts = "plant:p nev:fact ?f . ?f nev:low ?low ; nev:high ?high ; nev:standing ?standing"
    now = world.build().on("2026-01-01")
    assert now.rows(facts, "low", "high", "standing") == [("80", "100", "standing:disputed")]


def test_h55_a_report_of_built_models_implies_operation(world: World) -> None:
    world.registry += "model:m a nev:VehicleModel ; rdfs:label 'M'@en .\n"
    for plant in ("p", "q"):
        world.plant("agent:a", f"plant:{plant}")
    world.fact("plant:p", "status", "status:announced", "2021-01-01")
    world.fact("plant:p", "builds", "model:m", "2022-01-01", modality="modality:planned")
    world.fact("plant:p", "builds", "model:m", "2023-01-01")
    world.fact("plant:q", "status", "status:operating", "2020-01-01")
    world.fact("plant:q", "exportMarket", "place:XB", "2021-01-01")
    world.fact("plant:q", "status", "status:closed", "2022-01-01")
    world.fact("plant:q", "builds", "model:m", "2023-01-01")
    built = world.build()
    assert built.history("plant:p", "status") == [("announced", "2021-01-01", "2023-01-01"), ("operating", "2023-01-01", "")]
    assert built.history("production:a-at-p", "status") == built.history("plant:p", "status")
    assert built.holds("?e nev:subject plant:p ; nev:value status:operating ; nev:inferred true")
    assert built.history("plant:q", "status") == [("operating", "2020-01-01", "2022-01-01"), ("closed", "2022-01-01", "")]
    assert built.rows("?e nev:subject plant:q ; nev:value status:operating ; nev:lastConfirmed ?day", "day") == [("2021-01-01",)]


def test_h56_a_brand_and_its_company_share_a_line(world: World) -> None:
    world.plant("agent:a agent:b agent:c")
    world.fact("agent:b", "parent", "agent:a")
    world.fact("plant:p", "status", "status:operating", "2021-01-01", source="t")
    world.event("announcement", "2022-01-01", makers="agent:b")
    built = world.build()
    for line, history in (
        ("a", [("announced", "2022-01-01", "")]),
        ("b", [("announced", "2022-01-01", "")]),
        ("c", [("operating", "2021-01-01", "")]),
    ):
        assert built.history(f"production:{line}-at-p", "status") == history
    assert built.rows("?e nev:inferred true ; nev:property nev:status ; nev:subject ?line", "line") == [
        ("production:a-at-p",),
        ("production:c-at-p",),
    ]


def test_h56_a_line_of_a_company_is_confirmed_as_that_of_its_brand(world: World) -> None:
    """Also by a page on the plant that names the brand, and not by one that names no maker."""
    world.plant("agent:a agent:b")
    world.fact("agent:b", "parent", "agent:a")
    world.event("inauguration", "2021-01-01", makers="agent:b")
    world.fact("plant:p", "maker", "agent:b", "2022-01-01", source="t")
    for source, on in (("t", "2022-01-01"), ("u", "2023-01-01")):
        world.fact("plant:p", "status", "status:operating", on, source=source)
    assert world.build().rows("?e nev:property nev:status ; nev:subject ?line ; nev:lastConfirmed ?day", "line", "day") == [
        ("plant:p", "2023-01-01"),
        ("production:a-at-p", "2022-01-01"),
        ("production:b-at-p", "2022-01-01"),
    ]


def test_h25_an_event_without_makers_implies_the_status_of_the_production(world: World) -> None:
    world.plant("agent:a")
    world.event("groundbreaking", "2021-01-01")
    assert world.build().history("production:a-at-p", "status") == [("under-construction", "2021-01-01", "")]


def test_h57_a_stated_end_ends_an_episode(world: World) -> None:
    world.registry += "".join(f"policy:{name} a nev:Policy ; rdfs:label '{name}'@en .\n" for name in ("k", "l", "m"))
    for name, *also in (("k",), ("l", "2024-06-01"), ("m", "2025-06-01")):
        world.statement(
            "s",
            "Attribution",
            "2023-01-01",
            "2024-12-31",
            subject=f"policy:{name}",
            property="nev:policyStatus",
            value="policystatus:in-force",
        )
        for on in also:
            world.fact(f"policy:{name}", "policyStatus", "policystatus:in-force", on, source="t")
    built = world.build()
    until = {name: built.history(f"policy:{name}", "policyStatus")[0][2] for name in ("k", "l", "m")}
    assert until == {"k": "2024-12-31", "l": "2024-12-31", "m": ""}
    assert not built.on("2025-03-01").holds("policy:k nev:policyStatus ?status")


def test_h57_a_statement_with_only_an_end_ends_an_episode(world: World) -> None:
    world.registry += "policy:k a nev:Policy ; rdfs:label 'K'@en .\n"
    world.fact("policy:k", "policyStatus", "policystatus:in-force", "2023-01-01")
    world.statement("t", "Attribution", None, "2024", subject="policy:k", property="nev:policyStatus", value="policystatus:in-force")
    assert world.build().history("policy:k", "policyStatus") == [("in-force", "2023-01-01", "2024-12-31")]


def test_h58_witnesses_are_publishers_and_copies_count_as_their_originals(world: World) -> None:
    world.source("copy", "2024-02-01", republishes="source:s", publisher="agent:c")
    world.source("s", "2024-01-01", publisher="agent:a")
    world.source("later", "2024-06-01", publisher="agent:a")
    world.source("t", "2024-07-01", publisher="agent:b")
    for source, on in (("s", "2024-01-01"), ("copy", "2024-01-01"), ("later", "2024-06-01"), ("t", "2024-07-01")):
        world.fact("plant:p", "status", "status:operating", on, source=source)
    built = world.build()
    assert built.known_by("2024-06-30").on("2024-06-30").rows(WITNESSES, "w", "n") == [("agent:a", "1")]
    assert built.on("2024-06-30").rows(WITNESSES, "w", "n") == [("agent:a", "2"), ("agent:b", "2")]


def test_h58_a_copy_of_a_copy_counts_as_the_original(world: World) -> None:
    world.source("s", "2024-01-01", publisher="agent:a")
    world.source("copy", "2024-02-01", republishes="source:s", publisher="agent:b")
    world.source("again", "2024-03-01", republishes="source:copy", publisher="agent:c")
    for source in ("s", "copy", "again"):
        world.fact("plant:p", "status", "status:operating", "2024-01-01", source=source)
    assert world.build().on("2024-06-30").rows(WITNESSES, "w", "n") == [("agent:a", "1")]


def test_h58_the_cited_agent_is_the_witness(world: World) -> None:
    for number, publisher in enumerate("ab"):
        world.source(f"s{number}", f"2024-01-0{number + 1}", publisher=f"agent:{publisher}")
        world.fact("plant:p", "status", "status:operating", "2024-01-01", source=f"s{number}", accordingTo="agent:c")
    assert world.build().on("2024-06-01").rows(WITNESSES, "w", "n") == [("agent:c", "1")]


def test_h58_the_original_publisher_is_the_witness(world: World) -> None:
    for number, publisher in enumerate("ab"):
        world.source(f"s{number}", f"2024-01-0{number + 1}", publisher=f"agent:{publisher}", originalPublisher="agent:c")
        world.fact("plant:p", "status", "status:operating", "2024-01-01", source=f"s{number}")
    assert world.build().on("2024-06-01").rows(WITNESSES, "w", "n") == [("agent:c", "1")]


@pytest.mark.parametrize(
    ("second", "witnesses"),
    [("2024-01-01", ["agent:b"]), ("2024-01-02", ["agent:a", "agent:b"]), ("2024-01", ["agent:a", "agent:b"])],
)
def test_h58_pages_of_one_day_with_the_same_content_are_one_story(world: World, second: str, witnesses: list[str]) -> None:
    world.source("s", "2024-01-01", publisher="agent:a", sourceKind="sourcekind:repost")
    world.source("t", second, publisher="agent:b", sourceKind="sourcekind:news")
    for source in ("s", "t"):
        world.fact("plant:p", "status", "status:operating", "2024-01-01", source=source)
    assert [witness for witness, _ in world.build().on("2024-06-01").rows(WITNESSES, "w", "n")] == witnesses


def test_h58_pages_of_one_day_that_share_only_timeless_facts_are_two_stories(world: World) -> None:
    for source, publisher, plant in (("s", "a", "p"), ("t", "b", "q")):
        world.source(source, "2024-01-01", publisher=f"agent:{publisher}")
        world.fact("agent:a", "homeCountry", "place:XA", source=source)
        world.fact(f"plant:{plant}", "status", "status:operating", "2024-01-01", source=source)
    rows = world.build().on("2024-06-01").rows("agent:a nev:fact ?f . ?f nev:property nev:homeCountry ; nev:witnesses ?n", "n")
    assert rows == [("2",)]


@pytest.mark.parametrize(
    ("day", "standing"),
    [("2022-06-01", "corroborated"), ("2023-05-01", "corroborated"), ("2025-02-28", "corroborated"), ("2025-03-01", "stale")],
)
def test_h59_a_fact_goes_stale_when_it_is_not_confirmed(world: World, day: str, standing: str) -> None:
    world.source("t", "2025-01-02")
    world.fact("plant:p", "status", "status:operating", "2022-01-01")
    world.fact("plant:p", "status", "status:operating", "2023-03-01", source="t")
    assert world.build().on(day).rows("plant:p nev:fact/nev:standing ?s", "s") == [(f"standing:{standing}",)]


def test_h59_a_dispute_goes_before_witnesses(world: World) -> None:
    for source, publisher, status in (("s", "a", "suspended"), ("t", "b", "suspended"), ("u", "c", "operating")):
        world.source(source, f"2025-0{ord(publisher) - 96}-01", publisher=f"agent:{publisher}")
        world.fact("plant:p", "status", f"status:{status}", "2025-01-01", source=source)
    rows = world.build().on("2025-06-01").rows("plant:p nev:fact ?f . ?f nev:property nev:status ; nev:standing ?s ; nev:witnesses ?n", "s")
    assert set(rows) == {("standing:disputed",)}


def test_h59_a_fact_without_dates_is_undated_and_timeless_facts_are_never_stale(world: World) -> None:
    world.source("undated", None)
    world.fact("plant:p", "status", "status:operating", source="undated")
    world.fact("agent:a", "homeCountry", "place:XA", "2001-01-01")
    world.fact("place:XA", "memberOf", "place:u", "2001-01-01")
    rows = (
        world.build()
        .on("2026-01-01")
        .rows("VALUES ?p { nev:status nev:homeCountry nev:memberOf } ?f nev:standing ?s ; nev:property ?p", "p", "s")
    )
    assert rows == [
        ("nev:homeCountry", "standing:reported"),
        ("nev:memberOf", "standing:reported"),
        ("nev:status", "standing:undated"),
    ]


def test_h60_a_derived_fact_has_the_weakest_standing_of_its_reasons(world: World) -> None:
    world.source("t", "2025-02-01")
    for plant, on in (("p", "2020-01-01"), ("q", "2025-01-01")):
        world.plant("agent:a", f"plant:{plant}")
        for source in ("s", "t"):
            world.fact(f"plant:{plant}", "status", "status:operating", on, source=source)
        world.fact(f"plant:{plant}", "locatedIn", "place:XA", source="t")
    now = world.build().on("2026-01-01")
    where = "agent:a nev:fact ?f . ?f nev:property nev:%s ; nev:value %s ; nev:standing ?s"
    assert now.rows(where % ("manufacturesAt", "plant:p"), "s") == [("standing:stale",)]
    assert now.rows(where % ("manufacturesAt", "plant:q"), "s") == [("standing:corroborated",)]
    # The maker has two plants in XA; the better supported one counts.
    assert now.rows(where % ("manufacturesIn", "place:XA"), "s") == [("standing:corroborated",)]


def test_h60_manufacturing_in_a_bloc_stands_no_better_than_the_membership(world: World) -> None:
    world.source("undated", None)
    world.plant("agent:a", "plant:p", "place:XA-1")
    world.fact("plant:p", "status", "status:operating", "2025-01-01")
    world.statement("undated", "Attribution", None, subject="place:XA", property="nev:memberOf", value="place:u")
    now = world.build().on("2026-01-01")
    where = "agent:a nev:fact ?f . ?f nev:property nev:manufacturesIn ; nev:value %s ; nev:standing ?s"
    assert now.rows(where % "place:XA", "s") == [("standing:reported",)]
    assert now.rows(where % "place:u", "s") == [("standing:undated",)]


@pytest.mark.parametrize(("better", "worse"), [("company", "news"), ("primary", "news"), ("news", "reference"), ("news", "repost")])
def test_h13_the_better_kind_of_source_precedes_the_later_step(world: World, better: str, worse: str) -> None:
    world.source("s", "2025-02-01", sourceKind=f"sourcekind:{better}")
    world.source("t", "2025-02-02", sourceKind=f"sourcekind:{worse}")
    world.fact("plant:p", "status", "status:under-construction", "2025-01-01", source="s")
    world.fact("plant:p", "status", "status:trial-production", "2025-01-01", source="t")
    assert world.build().history("plant:p", "status") == [("under-construction", "2025-01-01", "")]


@pytest.mark.parametrize("name", ["sellsIn", "exportsTo", "hasSalesSubsidiaryIn", "hasDistributorIn"])
def test_h20_a_withdrawal_from_a_market_ends_sales_there(world: World, name: str) -> None:
    for maker, place in (("a", "XA"), ("a", "XB"), ("b", "XA")):
        world.fact(f"agent:{maker}", name, f"place:{place}", "2020-01-01")
    world.event("market-withdrawal", "2024-05-01", makers="agent:a", concernsPlace="place:XA", plant="")
    built = world.build()
    assert built.on("2024-04-30").holds(f"agent:a nev:{name} place:XA")
    now = built.on("2024-05-01")
    assert not now.holds(f"agent:a nev:{name} place:XA")
    assert now.holds(f"agent:a nev:{name} place:XB")
    assert now.holds(f"agent:b nev:{name} place:XA")


def _area_history(world: World, *figures: tuple[str, str, str]) -> list[tuple[str, str, str]]:
    for number, (publisher, area, on) in enumerate(figures):
        world.source(f"s{number}", on, publisher=f"agent:{publisher}")
        world.figure("area", area, "square-metres", on, source=f"s{number}")
    return world.build().history("plant:p", "area")


EARLIER = (("a", "240", "2023-01-01"), ("b", "250", "2023-06-01"))


def test_h61_an_outlier_does_not_replace_figures_of_two_witnesses(world: World) -> None:
    assert _area_history(world, *EARLIER, ("c", "600", "2024-01-01"))[-1] == ("250-600", "2024-01-01", "")


def test_h61_an_outlier_with_a_second_witness_counts(world: World) -> None:
    assert _area_history(world, *EARLIER, ("c", "600", "2024-01-01"), ("a", "590", "2024-02-01"))[-1] == ("590", "2024-02-01", "")


@pytest.mark.parametrize(
    "earlier",
    [
        (("a", "240", "2023-01-01"),),
        (("a", "240", "2023-01-01"), ("a", "250", "2023-06-01")),
        (*EARLIER[:1], ("b", "500", "2023-06-01")),
    ],
)
def test_h61_one_earlier_witness_or_a_near_figure_makes_no_outlier(world: World, earlier: tuple[tuple[str, str, str], ...]) -> None:
    assert _area_history(world, *earlier, ("c", "600", "2024-01-01"))[-1] == ("600", "2024-01-01", "")


def test_h61_of_variable_metrics_the_latest_figure_counts(world: World) -> None:
    for number, (publisher, jobs, on) in enumerate((*EARLIER, ("c", "600", "2024-01-01"))):
        world.source(f"s{number}", on, publisher=f"agent:{publisher}")
        world.figure("jobs", jobs, "persons", on, source=f"s{number}")
    assert world.build().history("plant:p", "jobs")[-1] == ("600", "2024-01-01", "")


@pytest.mark.parametrize(("confirmed", "standing"), [("2025-05-01", "stale"), ("2025-07-01", "reported")])
@pytest.mark.parametrize("by", ["maker", "site"])
def test_h62_after_an_insolvency_unconfirmed_facts_are_stale(world: World, confirmed: str, standing: str, by: str) -> None:
    world.source("s", "2025-12-01")
    world.plant()
    world.fact("plant:p", "status", "status:operating", confirmed)
    world.fact("plant:q", "status", "status:operating", confirmed)
    where = {"makers": "agent:a", "plant": ""} if by == "maker" else {}
    world.event("insolvency", "2025-06-19", **where)
    now = world.build().on("2025-12-31")
    status = "%s nev:fact ?f . ?f nev:property nev:status ; nev:standing ?s"
    assert now.rows(status % "plant:p", "s") == [(f"standing:{standing}",)]
    assert now.rows(status % "plant:q", "s") == [("standing:reported",)]
    if by == "maker":
        assert now.rows(status % "production:a-at-p", "s") == [(f"standing:{standing}",)]
    assert world.build().on("2025-06-18").rows(status % "plant:p", "s") == ([("standing:reported",)] if confirmed < "2025-06-18" else [])


def test_h63_a_page_that_cites_two_agents_does_not_dispute_itself(world: World) -> None:
    for agent, status in (("a", "operating"), ("b", "suspended")):
        world.fact("plant:p", "status", f"status:{status}", "2025-01", accordingTo=f"agent:{agent}")
    assert not world.build().holds("?e nev:disputed true")


@pytest.mark.parametrize(("second", "disputed"), [("b", True), ("a", False)])
def test_h63_two_witnesses_that_exclude_each_other_make_a_dispute(world: World, second: str, disputed: bool) -> None:
    world.source("s", "2025-02-01", publisher="agent:a")
    world.source("t", "2025-02-02", publisher=f"agent:{second}")
    world.fact("plant:p", "status", "status:operating", "2025-01", source="s")
    world.fact("plant:p", "status", "status:suspended", "2025-01", source="t")
    built = world.build()
    assert built.history("plant:p", "status") == [("suspended", "2025-01-31", "")]
    assert built.holds("?e nev:subject plant:p ; nev:disputed true") is disputed


def _build_brand(world: World, own: str | None = None) -> DerivedWorld:
    """Brand B of company A at plant P; the brand operates, and so does the company if ``own`` is a date."""
    world.fact("agent:b", "parent", "agent:a", "2020-01-01")
    world.fact("agent:b", "kind", "orgkind:brand")
    world.fact("agent:a", "kind", "orgkind:automaker")
    world.plant("agent:a agent:b")
    world.fact("production:b-at-p", "status", "status:operating", "2025-01-01")
    if own:
        world.fact("production:a-at-p", "status", "status:operating", own)
    return world.build().on("2026-01-01")


def test_h64_a_brand_and_its_company_share_a_line(world: World) -> None:
    assert _build_brand(world).rows("?part nev:sharesLine ?whole", "part", "whole") == [("production:a-at-p", "production:b-at-p")]


def test_h64_the_company_represents_the_line_if_both_are_reported(world: World) -> None:
    now = _build_brand(world, "2025-02-01")
    assert now.rows("?part nev:sharesLine ?whole", "part", "whole") == [("production:b-at-p", "production:a-at-p")]


def test_h64_the_better_supported_production_represents_the_line(world: World) -> None:
    now = _build_brand(world, "2021-01-01")
    assert now.rows("?part nev:sharesLine ?whole", "part", "whole") == [("production:a-at-p", "production:b-at-p")]


def test_h64_different_statuses_share_no_line(world: World) -> None:
    world.fact("production:a-at-p", "status", "status:closed", "2025-06-01")
    assert not _build_brand(world).holds("?part nev:sharesLine ?whole")


def test_h65_a_brand_counts_as_its_owner_and_a_group_as_its_highest_owner(world: World) -> None:
    world.registry += "agent:ministry a nev:Organization ; rdfs:label 'Ministry'@en .\n"
    world.fact("agent:ministry", "kind", "orgkind:government-body")
    world.fact("agent:a", "parent", "agent:c", "2020-01-01")
    world.fact("agent:c", "parent", "agent:ministry", "2020-01-01")
    now = _build_brand(world)
    rows = now.rows("?maker ?as ?company . VALUES ?as { nev:countsAsBrand nev:countsAsMaker nev:countsAsGroup }", "maker", "as", "company")
    assert rows == [
        ("agent:a", "nev:countsAsBrand", "agent:a"),
        ("agent:a", "nev:countsAsGroup", "agent:c"),
        ("agent:a", "nev:countsAsMaker", "agent:a"),
        ("agent:b", "nev:countsAsBrand", "agent:b"),
        ("agent:b", "nev:countsAsGroup", "agent:c"),
        ("agent:b", "nev:countsAsMaker", "agent:a"),
    ]
    assert now.rows("?maker nev:makerLevel ?level", "maker", "level") == [
        ("agent:a", "makerlevel:maker"),
        ("agent:b", "makerlevel:brand"),
    ]


@pytest.mark.parametrize(
    ("homes", "parents", "answer"),
    [
        ({"a": "CN"}, {}, "yes"),
        ({"a": "XB"}, {}, "no"),
        ({}, {}, "not-known"),
        ({"a": "XB", "b": "CN"}, {"a": "b"}, "yes"),
        ({"a": "CN", "b": "XB"}, {"a": "b"}, "no"),
        ({"b": "XB", "c": "CN"}, {"a": "b c"}, "yes"),
        ({"a": "CN"}, {"a": "b"}, "yes"),
    ],
    ids=["home", "elsewhere", "not known", "owner", "owner elsewhere", "joint venture", "owner not known"],
)
def test_h66_control_is_that_of_the_highest_known_owners(world: World, homes: dict[str, str], parents: dict[str, str], answer: str) -> None:
    world.registry += "place:CN a nev:Country ; rdfs:label 'China'@en .\n"
    world.plant()
    for agent, home in homes.items():
        world.fact(f"agent:{agent}", "homeCountry", f"place:{home}")
    for agent, owners in parents.items():
        for owner in owners.split():
            world.fact(f"agent:{agent}", "parent", f"agent:{owner}", "2020-01-01")
    assert world.build().on("2026-01-01").rows("agent:a nev:chineseControl ?answer", "answer") == [(f"answer:{answer}",)]


@pytest.mark.parametrize(
    ("makers", "powertrains", "answer"),
    [
        ("agent:a", {"plant:p": "bev ice"}, "yes"),
        ("agent:a", {"plant:p": "ice hev"}, "not-known"),
        ("agent:a", {"plant:p": "electrified"}, "not-known"),
        ("agent:a", {}, "not-known"),
        ("agent:a agent:b", {"plant:p": "bev ice"}, "not-known"),
        ("agent:a agent:b", {"plant:p": "bev phev"}, "yes"),
        ("agent:a agent:b", {"production:a-at-p": "phev"}, "yes"),
        ("agent:a agent:b", {"production:b-at-p": "phev"}, "not-known"),
        ("agent:a agent:b", {"production:a-at-p": "phev", "plant:p": "ice"}, "yes"),
    ],
)
def test_h67_new_energy_follows_from_powertrains(world: World, makers: str, powertrains: dict[str, str], answer: str) -> None:
    world.plant(makers)
    for unit, kinds in powertrains.items():
        for kind in kinds.split():
            world.fact(unit, "powertrain", f"powertrain:{kind}", "2024-01-01")
    assert world.build().on("2026-01-01").rows("production:a-at-p nev:newEnergy ?answer", "answer") == [(f"answer:{answer}",)]


@pytest.mark.parametrize(
    ("makers", "unit", "answer"),
    [
        ("agent:a", "production:a-at-p", "no"),
        ("agent:a", "plant:p", "no"),
        ("agent:a agent:b", "production:a-at-p", "no"),
        ("agent:a agent:b", "plant:p", "no"),
        ("agent:a agent:b", "production:b-at-p", "not-known"),
    ],
)
def test_h67_no_new_energy_vehicles_are_made_only_where_a_source_says_so(world: World, makers: str, unit: str, answer: str) -> None:
    world.plant(makers)
    world.fact("production:a-at-p", "powertrain", "powertrain:ice", "2024-01-01")
    world.fact(unit, "newEnergy", "answer:no", "2024-01-01")
    now = world.build().on("2025-12-31")
    assert now.rows("production:a-at-p nev:newEnergy ?answer", "answer") == [(f"answer:{answer}",)]


@pytest.mark.parametrize(
    ("makers", "kinds", "expected"),
    [
        ("agent:a", {"plant:p": "car bus"}, ["bus", "car"]),
        ("agent:a agent:b", {"plant:p": "car bus"}, ["not-known"]),
        ("agent:a agent:b", {"plant:p": "car"}, ["car"]),
        ("agent:a agent:b", {"plant:p": "car bus", "production:a-at-p": "bus"}, ["bus"]),
        ("agent:a", {}, ["not-known"]),
    ],
)
def test_h67_kinds_of_product_are_those_of_the_line_or_of_the_whole_plant(
    world: World, makers: str, kinds: dict[str, str], expected: list[str]
) -> None:
    world.plant(makers)
    for unit, all_kinds in kinds.items():
        for kind in all_kinds.split():
            world.fact(unit, "productKind", f"productkind:{kind}", "2024-01-01")
    rows = world.build().on("2026-01-01").rows("production:a-at-p nev:makes ?kind", "kind")
    assert rows == [(f"productkind:{kind}",) for kind in expected]


@pytest.mark.parametrize(
    ("kinds", "manufactures"),
    [("engine", False), ("engine battery", False), ("engine car", True), ("", True)],
    ids=["parts", "two kinds of parts", "parts and cars", "not known"],
)
def test_h78_a_maker_of_parts_only_manufactures_no_vehicles(world: World, kinds: str, manufactures: bool) -> None:
    world.plant("agent:a")
    world.fact("plant:p", "status", "status:operating", "2025-01-01")
    for kind in kinds.split():
        world.fact("plant:p", "productKind", f"productkind:{kind}", "2024-01-01")
    assert world.build().on("2026-01-01").holds("agent:a nev:manufacturesAt plant:p") is manufactures


@pytest.mark.parametrize(
    ("makers", "subject", "operator", "whose"),
    [
        ("agent:a", "plant:p", "", ["agent:a"]),
        ("agent:a", "plant:p", "agent:a", ["agent:a"]),
        ("agent:a", "plant:p", "agent:b", []),
        ("agent:a", "plant:p", "agent:c", ["agent:a"]),
        ("agent:a agent:b", "plant:p", "", []),
        ("agent:a agent:b", "plant:p", "agent:b", ["agent:b"]),
        ("agent:a agent:b", "production:a-at-p", "agent:b", ["agent:a"]),
    ],
    ids=["only maker", "runs it", "a host runs it", "its company runs it", "two makers", "one of two runs it", "line"],
)
@pytest.mark.parametrize("modality", ["actual", "planned"])
def test_h68_a_capacity_belongs_to_the_maker_or_the_operator(
    world: World, makers: str, subject: str, operator: str, whose: list[str], modality: str
) -> None:
    world.plant(makers)
    world.fact("agent:c", "parent", "agent:a", "2020-01-01")
    if operator:
        world.fact("plant:p", "operator", operator, "2020-01-01")
    world.figure("capacity", "100", "vehicles-per-year", "2024-01-01", subject=subject, modality=f"modality:{modality}")
    assert [maker for (maker,) in world.build().on("2026-01-01").rows("?figure nev:capacityFor ?maker", "maker")] == whose


def test_h69_agents_have_the_roles_in_which_sources_name_them(world: World) -> None:
    world.source("s", "2025-01-01", publisher="agent:c")
    world.registry += "policy:k a nev:Policy .\nagent:x a nev:Person ; rdfs:label 'X'@en .\n"
    world.fact("agent:a", "sellsIn", "place:XA")
    world.fact("policy:k", "issuer", "agent:b")
    world.statement("s", "Claim", "2025-01-01", subject="agent:a", claimant="agent:x", claimantOrganization="agent:b", paraphrase='"so"@en')
    world.statement("s", "Claim", "2025-01-01", subject="agent:a", claimant="agent:c", paraphrase='"so"@en')
    roles = "VALUES ?role { nev:Business nev:Issuer nev:Publisher nev:Claimant nev:SpeakingOrganization } ?agent a ?role"
    assert world.build().on("2026-01-01").rows(roles, "agent", "role") == [
        ("agent:a", "nev:Business"),
        ("agent:b", "nev:Issuer"),
        ("agent:b", "nev:SpeakingOrganization"),
        ("agent:c", "nev:Claimant"),
        ("agent:c", "nev:Publisher"),
        ("agent:c", "nev:SpeakingOrganization"),
        ("agent:x", "nev:Claimant"),
    ]


def test_h70_a_statement_that_ends_before_it_begins_does_not_count(world: World) -> None:
    world.statement("s", "Attribution", "2024-05-01", until="2024-01-01", subject="place:XA", property="nev:memberOf", value="place:u")
    built = world.build()
    assert not any(built.on(day).holds("place:XA nev:memberOf place:u") for day in ("2023-12-31", "2024-02-01", "2024-06-01", "2026-01-01"))


@pytest.mark.parametrize("second", ["s", "t"], ids=["one source", "two sources"])
def test_h71_groundbreaking_after_the_first_vehicle_does_not_change_the_status(world: World, second: str) -> None:
    world.event("first-vehicle", "2024-01-10")
    world.event("groundbreaking", "2024-05-10", source=second)
    assert world.build().history("plant:p", "status") == [("operating", "2024-01-10", "")]


def test_h72_merged_plants_have_one_history_with_disputed_conflicts(world: World) -> None:
    world.registry += (
        "<https://w3id.org/nevkg/judgement/q> a nev:Merge ; nev:replaced plant:q ; nev:replacement plant:p ; "
        'nev:note "One plant."@en ; nev:decided "2025-01-01"^^xsd:date .\n'
    )
    for source, publisher, plant, status in (("s", "a", "p", "operating"), ("t", "b", "q", "closed")):
        world.source(source, "2025-02-01", publisher=f"agent:{publisher}")
        world.fact(f"plant:{plant}", "status", f"status:{status}", "2025-01-10", source=source)
    built = world.build()
    assert built.history("plant:p", "status") == [("closed", "2025-01-10", "")]
    assert built.holds("?e nev:subject plant:p ; nev:disputed true")
    assert not built.history("plant:q", "status")


def test_h73_a_maker_that_belongs_to_itself_counts_as_itself(world: World) -> None:
    world.registry += "place:CN a nev:Country ; rdfs:label 'China'@en .\n"
    world.plant()
    world.fact("agent:a", "parent", "agent:a", "2020-01-01")
    world.fact("agent:a", "homeCountry", "place:CN")
    now = world.build().on("2026-01-01")
    assert now.rows("agent:a nev:countsAsGroup ?company ; nev:chineseControl ?answer", "company", "answer") == [("agent:a", "answer:yes")]


def test_h74_a_figure_of_zero_is_a_figure(world: World) -> None:
    world.figure("jobs", "20", "persons", "2024-01-01")
    world.figure("jobs", "0", "persons", "2025-01-01")
    assert world.build().history("plant:p", "jobs") == [("20", "2024-01-01", "2025-01-01"), ("0", "2025-01-01", "")]


def test_h75_a_plan_whose_date_has_passed_is_no_state(world: World) -> None:
    world.source("s", "2023-01-01")
    world.fact("plant:p", "status", "status:operating", "2024-01-01", modality="modality:planned")
    world.figure("capacity", "100", "vehicles-per-year", "2024-01-01", modality="modality:planned")
    now = world.build().on("2026-01-01")
    assert not now.holds("plant:p nev:status|nev:capacity ?any")
    assert now.rows("plant:p nev:plan ?plan . ?plan nev:low ?low", "low") == [("100",)]


def test_h76_an_undated_plan_counts_only_without_a_dated_one(world: World) -> None:
    world.source("undated", None)
    for plant, numbers in (("p", ("100",)), ("q", ("100", "200"))):
        for number, source in zip(numbers, ("undated", "s"), strict=False):
            how = {"subject": f"plant:{plant}", "source": source, "modality": "modality:planned"}
            world.figure("capacity", number, "vehicles-per-year", None if source == "undated" else "2024-01-01", **how)
    now = world.build().on("2026-01-01")
    assert now.rows("?plant nev:plan/nev:low ?low", "plant", "low") == [("plant:p", "100"), ("plant:q", "200")]


@pytest.mark.parametrize(("second", "disputed"), [("b", True), ("a", False)])
def test_h63_two_witnesses_with_different_values_without_steps_make_a_dispute(world: World, second: str, disputed: bool) -> None:
    for source, publisher, kind, value in (("s", "a", "news", "joint-venture"), ("t", second, "repost", "contract-assembly")):
        world.source(source, "2025-02-01", publisher=f"agent:{publisher}", sourceKind=f"sourcekind:{kind}")
        world.fact("plant:p", "arrangement", f"arrangement:{value}", "2025-01", source=source)
    built = world.build()
    assert built.history("plant:p", "arrangement") == [("joint-venture", "2025-01-31", "")]
    assert built.holds("?e nev:subject plant:p ; nev:disputed true") is disputed


UNRELIABLE = (
    'judgement:host-farm-example a nev:UnreliableHost ; nev:hostName "farm.example" ; nev:hostFault hostfault:content-farm .\n'
    'judgement:host-ip-number-invalid a nev:UnreliableHost ; nev:hostName "ip-number.invalid" ; nev:hostFault hostfault:ip-number .\n'
)
STANDING = "plant:p nev:fact ?f . ?f nev:property nev:status ; nev:value ?v ; nev:standing ?s ; nev:witnesses ?n"


def _add_farm_source(world: World, slug: str = "farm", published: str | None = "2024-01-01", **more: str) -> str:
    """A source on an unreliable host."""
    if UNRELIABLE not in world.registry:
        world.registry += UNRELIABLE
    return world.source(slug, published, **{"address": "<https://farm.example/a>", "publisher": "agent:c"} | more)


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://farm.example/a", "farm-example"),
        ("http://www.Farm.example:8080", "farm-example"),
        ("https://farm.example?a=https://good.example/", "farm-example"),
        ("http://ip-number.invalid/a", "ip-number-invalid"),
        ("https://good.farm.example/a", ""),
        ("https://good.example/farm.example", ""),
        ("https://farm.example.org/", ""),
    ],
)
def test_h77_a_source_is_on_an_unreliable_host_if_its_address_has_that_host(world: World, address: str, host: str) -> None:
    _add_farm_source(world, address=f"<{address}>")
    for built in (world.build(), world.build().on("2025-01-01")):
        assert built.rows("source:farm nev:unreliableHost ?h", "h") == ([(f"judgement:host-{host}",)] if host else [])


def test_h77_a_source_on_an_unreliable_host_is_no_witness_and_supports_nothing_alone(world: World) -> None:
    _add_farm_source(world, accordingTo="agent:b")
    world.source("t", "2024-06-01", publisher="agent:a")
    world.fact("plant:p", "status", "status:operating", "2024-01-01", source="farm")
    world.fact("agent:a", "homeCountry", "place:XA", source="farm")
    world.fact("plant:p", "locatedIn", "place:XA", source="farm")
    world.fact("plant:p", "status", "status:operating", "2024-06-01", source="t")
    built = world.build()
    # As known by this day it is the only source. Once the other is known, that confirms the beginning.
    early = built.known_by("2024-05-31").on("2026-01-01")
    assert early.rows(STANDING, "v", "s", "n") == [("status:operating", "standing:unsupported", "0")]
    assert built.on("2024-05-31").rows(STANDING, "v", "s", "n") == [("status:operating", "standing:reported", "1")]
    now = built.on("2024-06-01")
    assert now.rows(STANDING, "v", "s", "n") == [("status:operating", "standing:reported", "1")]
    assert now.rows(WITNESSES, "w") == [("agent:a",)]
    # The same holds for timeless and derived facts.
    standing = "?x nev:fact ?f . ?f nev:property %s ; nev:standing ?s"
    assert now.rows(standing % "nev:homeCountry", "s") == [("standing:unsupported",)]
    assert now.rows(standing % "nev:inCountry", "s") == [("standing:unsupported",)]
    assert built.history("plant:p", "status") == [("operating", "2024-01-01", "")]


def test_h77_an_unreliable_host_neither_confirms_nor_casts_doubt(world: World) -> None:
    _add_farm_source(world, published="2025-12-01")
    world.source("t", "2022-01-02", publisher="agent:a")
    world.plant()
    world.fact("plant:p", "status", "status:operating", "2022-01-01", source="t")
    world.fact("plant:p", "status", "status:operating", "2025-12-01", source="farm")
    world.fact("plant:q", "status", "status:operating", "2025-01-01", source="s")
    world.event("insolvency", "2025-06-01", plant="plant:q", source="farm")
    now = world.build().on("2025-12-31")
    status = "%s nev:fact ?f . ?f nev:property nev:status ; nev:standing ?s ; nev:lastConfirmed ?last"
    assert now.rows(status % "plant:p", "s", "last") == [("standing:stale", "2022-01-01")]
    assert now.rows(status % "plant:q", "s", "last") == [("standing:reported", "2025-01-01")]


def test_h77_an_unreliable_host_represents_no_story_and_is_no_original(world: World) -> None:
    _add_farm_source(world, sourceKind="sourcekind:company")
    world.source("s", "2024-01-01", publisher="agent:a", sourceKind="sourcekind:news")
    world.source("copy", "2024-02-01", publisher="agent:b", republishes="source:farm")
    for source in ("farm", "s", "copy"):
        world.fact("plant:p", "status", "status:operating", "2024-01-01", source=source)
    assert world.build().on("2024-06-01").rows(WITNESSES, "w") == [("agent:a",), ("agent:b",)]


@pytest.mark.parametrize(
    ("farm", "other", "found"),
    [
        # On the same date it is the weakest, even if explicit, and nothing is disputed.
        (("status:suspended", "2024-01-01"), ("status:announced", "2024-01-01"), [("announced", "2024-01-01", "")]),
        # Its coarse date, which may be the earlier one, replaces nothing.
        (("status:suspended", "2024"), ("status:operating", "2024-05-01"), [("operating", "2024-05-01", "")]),
        # Neither does one within a coarse date, nor one beside an undated statement.
        (("status:suspended", "2024-05-01"), ("status:operating", "2024"), [("operating", "2024-12-31", "")]),
        (("status:suspended", "2024-05-01"), ("status:operating", None), [("operating", "2025-01-02", "")]),
        # Nor does a certainly later one, or an earlier one that the next report does not confirm.
        (("status:suspended", "2024-06-01"), ("status:operating", "2024-05-01"), [("operating", "2024-05-01", "")]),
        (("status:operating", "2024-01-01"), ("status:under-construction", "2024-05-01"), [("under-construction", "2024-05-01", "")]),
    ],
)
def test_h77_an_unreliable_host_neither_displaces_ends_nor_splits_what_others_report(
    world: World, farm: tuple[str, str], other: tuple[str, str | None], found: list[tuple[str, str, str]]
) -> None:
    _add_farm_source(world, published="2025-01-01", sourceKind="sourcekind:company")
    world.source("s", "2025-01-02", sourceKind="sourcekind:repost", publisher="agent:a")
    world.fact("plant:p", "status", *farm, source="farm")
    world.fact("plant:p", "status", *other, source="s")
    built = world.build()
    assert built.history("plant:p", "status") == found
    assert not built.holds("?e nev:disputed true")


def test_h77_an_unreliable_host_ends_no_membership_and_is_no_report_of_a_line(world: World) -> None:
    _add_farm_source(world)
    world.plant()
    world.fact("agent:a", "sellsIn", "place:XA", "2020-01-01")
    world.statement("farm", "Attribution", None, "2023-01-01", subject="agent:a", property="nev:sellsIn", value="place:XA")
    world.fact("plant:p", "status", "status:operating", "2023-01-01")
    world.fact("production:a-at-p", "status", "status:trial-production", "2023-06-01", source="farm")
    built = world.build()
    assert built.history("agent:a", "sellsIn")[-1] == ("XA", "2020-01-01", "")
    assert built.history("production:a-at-p", "status") == [("operating", "2023-01-01", "")]


def test_h77_an_explicit_statement_of_an_unreliable_host_is_weaker_than_an_event(world: World) -> None:
    _add_farm_source(world)
    world.fact("plant:p", "status", "status:closed", "2024-01-01", source="farm")
    world.event("inauguration", "2024-01-01", source="s")
    assert world.build().history("plant:p", "status") == [("operating", "2024-01-01", "")]


def test_h77_figures_of_an_unreliable_host_widen_no_range(world: World) -> None:
    _add_farm_source(world, published="2024-06-01")
    world.source("s2", "2024-01-01", publisher="agent:a")
    world.figure("area", "100", "square-metres", "2024-01-01", source="s2")
    world.figure("area", "900", "square-metres", "2024-01-01", source="farm")
    world.figure("jobs", "100", "persons", "2024-01-01", source="farm")
    built = world.build()
    assert built.history("plant:p", "area") == [("100", "2024-01-01", "")]
    assert built.history("plant:p", "jobs") == [("100", "2024-01-01", "")]
    assert built.rows("?e nev:metric metric:area ; prov:wasDerivedFrom/nev:source ?s", "s") == [("source:s2",)]


def test_h77_an_outlier_of_an_unreliable_host_is_ignored(world: World) -> None:
    _add_farm_source(world, published="2024-06-01")
    world.figure("area", "600", "square-metres", "2024-06-01", source="farm")
    assert _area_history(world, *EARLIER)[-1] == ("250", "2023-06-01", "")


def test_h77_an_unreliable_host_does_not_confirm_a_value_that_holds_beside_others(world: World) -> None:
    _add_farm_source(world, published="2025-12-01")
    world.source("t", "2022-01-01")
    world.fact("agent:a", "sellsIn", "place:XA", "2022-01-01", source="t")
    world.fact("agent:a", "sellsIn", "place:XA", "2025-12-01", source="farm")
    assert world.build().rows("?e nev:property nev:sellsIn ; nev:lastConfirmed ?last", "last") == [("2022-01-01",)]


@pytest.mark.parametrize(
    ("address", "published", "collected", "look_up"),
    [
        ("https://a.example/b?c=d", "2024-05", "2026-01-01", "20240531/https://a.example/b?c=d"),
        ("https://a.example/b", None, "2026-01-01", "20260101/https://a.example/b"),
        ("https://a.example/b", "2026", "2026-02-03", "20260203/https://a.example/b"),
        ("http://farm.example/b", "2024-05-06", "2026-01-01", "20240506/http://farm.example/b"),
        ("http://ip-number.invalid/b", "2024-05-06", "2026-01-01", ""),
        ("http://[2001:db8::1]/b", "2024-05-06", "2026-01-01", ""),
    ],
)
def test_h79_a_source_can_be_looked_up_in_the_internet_archive(
    world: World, address: str, published: str | None, collected: str, look_up: str
) -> None:
    world.source("s", published, collected, address=f"<{address}>")
    for built in (world.build(), world.build().on("2027-01-01")):
        assert built.rows("source:s nev:archiveLookUp ?x", "x") == ([(f"https://web.archive.org/web/{look_up}",)] if look_up else [])


def due(on: str) -> dict[str, str]:
    first, last, _ = widen(on)
    return {"modality": "modality:planned", "dueEarliest": on_day(first), "dueLatest": on_day(last)}


def test_h80_a_statement_is_due_as_stated_or_at_the_end_of_its_period_or_on_its_date(world: World) -> None:
    world.source("s", "2024-06-01")
    plan = {"modality": "modality:planned"}
    stated = world.fact("plant:p", "builds", "model:m", "2024-05", **due("2026-02"))
    period = world.figure("sales", "9", "vehicles", **plan, periodStart=on_day("2027-01-01"), periodEnd=on_day("2027-12-31"))
    event = world.event("inauguration", "2024-05-20", **plan)
    later = world.fact("plant:p", "builds", "model:n", "2025", **plan)
    world.fact("plant:p", "builds", "model:o", "2024-05", **plan)
    world.figure("sales", "8", "vehicles", periodStart=on_day("2024-01-01"), periodEnd=on_day("2024-03-31"))
    rows = world.build().on("2026-01-01").rows("?report nev:due ?due ; nev:dueBy ?by", "report", "due", "by")
    assert rows == sorted(
        [
            (stated, "2026-02", "2026-02-28"),
            (period, "2027", "2027-12-31"),
            (event, "2024-05-20", "2024-05-20"),
            (later, "2025", "2025-12-31"),
        ]
    )


def outcomes(world: World, on: str) -> dict[str, str]:
    return {
        report: outcome.partition(":")[2]
        for report, outcome in world.build().on(on).rows("?report nev:outcome ?outcome", "report", "outcome")
    }


def test_h81_a_due_statement_is_reached_when_it_holds(world: World) -> None:
    world.source("s", "2024-06-01")
    world.registry += "production:a-at-p a nev:Production ; nev:atPlant plant:p ; nev:maker agent:a .\n"
    world.fact("plant:p", "status", "status:operating", "2022-01-01")
    model = world.fact("plant:p", "builds", "model:m", "2024-05", **due("2025"))
    most = world.figure("capacity", "90", "vehicles-per-year", "2024-05", **due("2025"))
    exactly = world.figure("capacity", "100", "vehicles-per-year", "2024-05", **due("2025"))
    more = world.figure("capacity", "110", "vehicles-per-year", "2024-05", **due("2025"))
    before = world.fact("plant:p", "status", "status:announced", "2024-05", **due("2025"))
    start = world.fact("plant:q", "status", "status:under-construction", "2024-05", **{**due("2025"), "modality": "modality:actual"})
    world.source("t", "2026-01-01")
    world.fact("production:a-at-p", "builds", "model:m", "2025-06-01", source="t")
    world.figure("capacity", "100", "vehicles-per-year", "2025-06-01", source="t")
    world.fact("plant:q", "status", "status:operating", "2025-06-01", source="t")
    found = outcomes(world, "2026-01-01")
    assert {name for name, outcome in found.items() if outcome == "reached"} == {model, most, exactly, start}
    assert found[more] == found[before] == "overdue"
    assert set(outcomes(world, "2025-05-31").values()) == {"to-come"}


def test_h81_a_planned_event_is_reached_when_it_is_reported_or_the_plant_takes_its_status(world: World) -> None:
    world.source("s", "2024-06-01")
    plan = {"modality": "modality:planned"}
    same = world.statement("s", "EventReport", "2025-01", event="event:known", eventType="eventtype:first-vehicle", **plan)
    opening = world.event("inauguration", "2025-01", **plan)
    closure = world.event("closure", "2025-01", plant="plant:q", **plan)
    announced = world.event("announcement", "2024-05", plant="plant:p", **{**due("2025"), "modality": "modality:actual"})
    given_up = world.event("groundbreaking", "2025-01", plant="plant:q", **plan)
    overdue = world.event("groundbreaking", "2025-01", **plan)
    world.source("t", "2026-01-01")
    world.statement("t", "EventReport", "2025-03-01", event="event:known", eventType="eventtype:first-vehicle")
    world.event("inauguration", "2025-03-01", source="t")
    world.fact("plant:q", "status", "status:closed", "2025-03-01", source="t")
    reached = dict.fromkeys((same, opening, closure, announced), "reached")
    assert outcomes(world, "2026-01-01") == {**reached, given_up: "given-up", overdue: "overdue"}
    assert set(outcomes(world, "2024-12-31").values()) == {"to-come"}


def test_h82_an_unreached_statement_is_missed_given_up_put_off_overdue_or_to_come(world: World) -> None:
    world.source("s", "2024-06-01")
    world.source("t", "2025-06-01")
    year = {"geography": "place:XA", "periodStart": on_day("2025-01-01"), "periodEnd": on_day("2025-12-31"), "subject": "agent:a"}
    missed = world.figure("sales", "100", "vehicles", **year, modality="modality:target")
    world.figure("sales", "90", "vehicles", **year, source="t")
    given_up = world.fact("plant:q", "builds", "model:m", "2024-05", **due("2025-01"))
    world.event("cancellation", "2025-02-01", plant="plant:q")
    put_off = world.fact("plant:p", "builds", "model:m", "2024-05", **due("2025-01"))
    to_come = world.fact("plant:p", "builds", "model:m", "2025-05", source="t", **due("2026-06"))
    overdue = world.fact("plant:p", "builds", "model:n", "2024-05", **due("2025-01"))
    assert outcomes(world, "2026-01-01") == {
        missed: "missed",
        given_up: "given-up",
        put_off: "put-off",
        to_come: "to-come",
        overdue: "overdue",
    }
    assert outcomes(world, "2025-01-15")[put_off] == "to-come"


LINE = (
    "?line a nev:Production ; nev:maker %s ; nev:fact ?f . ?f nev:property nev:status ; nev:standing ?s "
    "OPTIONAL { ?f nev:lastConfirmed ?last }"
)


def _add_shared_plant(world: World, makers: str = "agent:a agent:b") -> None:
    """A plant that another company runs. Source s names its makers, and source later reports on the plant."""
    world.registry += 'agent:host a nev:Organization ; rdfs:label "Host"@en .\n'
    world.source("s", "2022-01-01", publisher="agent:c")
    world.source("later", "2025-06-01")
    world.plant(makers, on="2022-01-01")
    world.fact("plant:p", "operator", "agent:host")
    world.fact("plant:p", "status", "status:operating", "2022-01-01")
    world.fact("plant:p", "status", "status:operating", "2025-06-01", source="later")


@pytest.mark.parametrize(
    ("named", "confirmed"),
    [
        ({}, "2022-01-01"),
        ({"property": "nev:maker", "subject": "plant:p", "value": "agent:a"}, "2025-06-01"),
        ({"property": "nev:operator", "subject": "plant:p", "value": "agent:a"}, "2025-06-01"),
        ({"property": "nev:powertrain", "subject": "production:a-at-p", "value": "powertrain:bev"}, "2025-06-01"),
        ({"property": "nev:maker", "subject": "plant:p", "value": "agent:brand"}, "2025-06-01"),
        ({"property": "nev:builds", "subject": "plant:p", "value": "model:m"}, "2025-06-01"),
        ({"property": "nev:maker", "subject": "plant:p", "value": "agent:b"}, "2022-01-01"),
        ({"property": "nev:maker", "subject": "plant:q", "value": "agent:a"}, "2022-01-01"),
        ({"property": "nev:maker", "subject": "plant:p", "value": "agent:a", "modality": "modality:planned"}, "2022-01-01"),
    ],
)
def test_h83_a_page_confirms_a_line_only_if_it_names_its_maker(world: World, named: dict[str, str], confirmed: str) -> None:
    _add_shared_plant(world)
    world.registry += 'agent:brand a nev:Organization ; rdfs:label "Brand"@en . model:m a nev:VehicleModel ; rdfs:label "M"@en .\n'
    world.fact("agent:brand", "parent", "agent:a")
    world.plant("agent:a", "plant:q", on="2022-01-01")
    world.fact("production:a-at-q", "builds", "model:m", "2022-01-01")
    if named:
        world.statement("later", "Attribution", **named)
    now = world.build().on("2025-12-31")
    assert now.rows(LINE % "agent:a . ?line nev:atPlant plant:p", "last") == [(confirmed,)]
    assert now.rows("plant:p nev:fact ?f . ?f nev:property nev:status ; nev:lastConfirmed ?last", "last") == [("2025-06-01",)]


@pytest.mark.parametrize(
    ("makers", "operator", "confirmed"),
    [
        ("agent:a", "agent:a", "2025-06-01"),
        ("agent:a", "agent:b", "2025-06-01"),
        ("agent:a", "agent:c", "2022-01-01"),
        ("agent:a", "", "2025-06-01"),
        ("agent:a agent:c", "", "2022-01-01"),
    ],
)
def test_h83_a_page_need_not_name_a_maker_that_runs_the_plant(world: World, makers: str, operator: str, confirmed: str) -> None:
    world.source("s", "2022-01-01")
    world.source("later", "2025-06-01", publisher="agent:b")
    world.fact("agent:b", "parent", "agent:a")
    world.plant(makers, on="2022-01-01")
    if operator:
        world.fact("plant:p", "operator", operator)
    world.fact("plant:p", "status", "status:operating", "2022-01-01")
    world.fact("plant:p", "status", "status:operating", "2025-06-01", source="later")
    built = world.build()
    assert built.on("2025-12-31").rows(LINE % "agent:a", "last") == [(confirmed,)]


def test_h83_a_page_that_names_another_maker_is_no_witness_of_one_that_runs_the_plant(world: World) -> None:
    world.source("s", "2022-01-01")
    world.source("later", "2025-06-01", publisher="agent:c")
    world.plant("agent:a", on="2022-01-01")
    world.fact("plant:p", "operator", "agent:a")
    world.fact("plant:p", "status", "status:operating", "2022-01-01")
    world.fact("plant:p", "status", "status:operating", "2025-06-01", source="later")
    world.fact("plant:p", "maker", "agent:b", source="later")
    now = world.build().on("2025-12-31")
    assert now.rows(LINE % "agent:a", "last") == [("2022-01-01",)]
    assert now.rows(LINE % "agent:b", "last") == [("2025-06-01",)]


def test_h83_a_line_with_no_page_that_names_its_maker_is_unsupported(world: World) -> None:
    _add_shared_plant(world)
    world.source("other", "2022-01-01", publisher="agent:c")
    world.fact("plant:p", "maker", "agent:c", source="other")
    now = world.build().on("2025-12-31")
    assert now.rows(LINE % "agent:c", "s") == [("standing:unsupported",)]


def test_h84_a_maker_at_a_plant_is_a_state_that_goes_stale_and_ends_with_its_line(world: World) -> None:
    _add_shared_plant(world)
    world.statement("later", "Attribution", None, "2025-03-01", subject="plant:p", property="nev:maker", value="agent:a")
    built = world.build()
    assert built.history("production:a-at-p", "status") == [("operating", "2022-01-01", "2025-03-01")]
    assert built.history("production:b-at-p", "status") == [("operating", "2022-01-01", "")]
    maker = "plant:p nev:fact ?f . ?f nev:property nev:maker ; nev:value ?maker ; nev:standing ?s"
    assert built.on("2023-12-31").rows(maker, "maker", "s")[1:] == [("agent:b", "standing:reported")]
    assert built.on("2025-12-31").rows(maker, "maker", "s") == [("agent:b", "standing:stale")]


def test_h84_reports_on_a_line_confirm_that_its_maker_is_there(world: World) -> None:
    _add_shared_plant(world)
    world.fact("production:a-at-p", "powertrain", "powertrain:bev", "2025-06-01", source="later")
    maker = "plant:p nev:fact ?f . ?f nev:property nev:maker ; nev:value agent:a ; nev:lastConfirmed ?last"
    assert world.build().on("2025-12-31").rows(maker, "last") == [("2025-06-01",)]


def test_h85_a_page_is_one_witness_whoever_it_cites(world: World) -> None:
    world.source("s", "2024-01-01", publisher="agent:a")
    world.fact("plant:p", "status", "status:operating", "2024-01-01")
    world.fact("plant:p", "status", "status:operating", "2023-12-01", accordingTo="agent:b")
    assert world.build().on("2024-06-01").rows(WITNESSES, "w", "n") == [("agent:a", "1")]


@pytest.mark.parametrize(
    ("day", "shared", "witnesses"),
    [
        ("2024-01-08", 2, "1"),
        ("2024-01-09", 2, "2"),
        ("2024-01-08", 1, "2"),
        ("2023-12-25", 2, "1"),
        ("2023-12-24", 2, "2"),
    ],
)
def test_h85_rewrites_of_one_release_within_a_week_count_once(world: World, day: str, shared: int, witnesses: str) -> None:
    for source, published, publisher in (("s", "2024-01-01", "a"), ("t", day, "b")):
        world.source(source, published, publisher=f"agent:{publisher}")
        world.fact("plant:p", "status", "status:operating", "2023-12-01", source=source)
        if shared > 1 or source == "s":
            world.figure("capacity", "150000", "vehicles-per-year", "2023-12-01", source=source)
    assert world.build().on("2024-06-01").rows(WITNESSES, "n")[0] == (witnesses,)


@pytest.mark.parametrize(("content", "witness"), [("status:operating", "agent:a"), ("status:announced", "agent:b")])
def test_h85_a_page_rests_on_another_only_for_what_that_says(world: World, content: str, witness: str) -> None:
    world.source("s", "2024-01-01", publisher="agent:a")
    world.source("t", "2024-06-01", publisher="agent:b", restsOn="source:s")
    world.fact("plant:p", "status", content, "2023-01-01", source="s")
    world.fact("plant:p", "status", "status:operating", "2023-06-01", source="t")
    now = world.build().on("2024-06-01")
    assert witness in {name for name, _ in now.rows(WITNESSES, "w", "n")}
    assert len(now.rows(WITNESSES, "w")) == 1


@pytest.mark.parametrize(
    ("dates", "day"),
    [
        ({}, ""),
        ({"on": "2025-04"}, "2025-04-01"),
        ({"on": "2025-04", "modality": "modality:planned"}, ""),
    ],
)
def test_h86_an_undated_page_is_not_older_than_what_it_reports(world: World, dates: dict[str, str], day: str) -> None:
    world.source("s", None)
    world.fact("plant:p", "status", "status:operating")
    world.event("first-vehicle", dates.get("on"), plant="plant:q", **({"modality": dates["modality"]} if "modality" in dates else {}))
    now = world.build().on("2026-01-01")
    assert now.rows("plant:p nev:fact ?f . ?f nev:property nev:status OPTIONAL { ?f nev:lastConfirmed ?last }", "last") == [(day,)]


def test_h86_a_coarse_date_is_not_before_what_the_page_reports(world: World) -> None:
    world.source("s", "2025")
    world.fact("plant:p", "status", "status:operating")
    world.figure("production", "100", "vehicles", subject="plant:q", periodStart=on_day("2025-01-01"), periodEnd=on_day("2025-09-30"))
    built = world.build()
    assert built.rows("source:s nev:notBefore ?day", "day") == [("2025-09-30",)]


def test_h87_a_day_uses_all_that_is_known(world: World) -> None:
    world.source("t", "2025-06-01", publisher="agent:b")
    world.fact("plant:p", "status", "status:operating", "2020-01-01")
    world.fact("plant:p", "status", "status:operating", "2025-06-01", source="t")
    built = world.build()
    standing = "plant:p nev:fact ?f . ?f nev:property nev:status ; nev:standing ?s ; nev:lastConfirmed ?last"
    assert built.on("2023-01-01").rows(standing, "s", "last") == [("standing:corroborated", "2025-06-01")]
    then = built.known_by("2025-01-01").on("2023-01-01")
    assert then.rows(standing, "s", "last") == [("standing:stale", "2020-01-01")]


def test_h88_statements_have_no_standing(world: World) -> None:
    world.event("inauguration", "2024-01-01")
    world.figure("sales", "5", "vehicles", subject="agent:a", periodStart=on_day("2024-01-01"), periodEnd=on_day("2024-12-31"))
    now = world.build().on("2025-06-01")
    assert now.holds("?report a nev:EventReport ; nev:reported ?day")
    assert not now.holds("?report nev:source ?source ; nev:standing ?standing")


@pytest.mark.parametrize(
    ("home", "kinds", "country", "counts"),
    [
        ("place:XB", "", "place:XA", True),
        ("place:XA", "", "place:XA", False),
        ("", "", "place:XA", True),
        ("place:XB", "battery", "place:XA", False),
        ("place:XB", "battery car", "place:XA", True),
        ("place:XB", "", "place:XA-1", True),
        ("place:XA", "", "place:XA-1", False),
    ],
    ids=["abroad", "at home", "home unknown", "parts", "parts and cars", "in a region", "in a region at home"],
)
def test_h89_a_production_of_vehicles_counts_abroad(world: World, home: str, kinds: str, country: str, counts: bool) -> None:
    if home:
        world.fact("agent:a", "homeCountry", home)
    world.plant("agent:a", country=country)
    for kind in kinds.split():
        world.fact("plant:p", "productKind", f"productkind:{kind}", "2024-01-01")
    built = world.build(current=True)
    expected = [("production:a-at-p", "place:XA")] if counts else []
    assert built.on("2026-01-01").rows("?line nev:countsAbroadIn ?country", "line", "country") == expected
    assert built.rows("GRAPH graph:current { ?line nev:countsAbroadIn ?country }", "line", "country") == expected
    reasons = "production:a-at-p nev:fact ?f . ?f nev:property nev:countsAbroadIn ; nev:because ?why . ?why nev:property ?of"
    behind = ({"nev:inCountry"} if counts else set()) | ({"nev:makes"} if counts and kinds else set())
    assert {of for (of,) in built.on("2026-01-01").rows(reasons, "of")} == behind


def test_h89_one_production_counts_for_a_shared_line(world: World) -> None:
    assert _build_brand(world, "2025-02-01").rows("?line nev:countsAbroadIn ?country", "line") == [("production:a-at-p",)]


def test_h89_a_production_without_a_known_plant_counts(world: World) -> None:
    world.fact("agent:a", "assemblesIn", "place:XA", "2024-01-01")
    world.fact("agent:b", "assemblesIn", "place:XB", "2024-01-01")
    world.fact("agent:b", "homeCountry", "place:XB")
    built = world.build(current=True)
    for held in (built.on("2026-01-01"), built):
        assert held.rows("?line nev:countsAbroadIn ?country", "line", "country") == [("production:a-in-xa", "place:XA")]


@pytest.mark.parametrize(
    ("scope", "ended", "held", "upheld"),
    [
        ("scope:whole", None, ["2022", "2023", "2024", "2025"], ["2022", "2023"]),
        ("scope:whole", "2023-12-31", ["2022"], ["2022"]),
        ("scope:whole", "2024-01-01", ["2022", "2023"], ["2022", "2023"]),
        ("scope:phase-two", None, [], []),
    ],
    ids=["lasts", "ends on the last day", "ends after it", "part"],
)
def test_h90_episodes_hold_and_are_upheld_at_the_end_of_years(
    world: World, scope: str, ended: str | None, held: list[str], upheld: list[str]
) -> None:
    world.today = "2025-03-01"
    world.source("s", "2022-12-31")
    world.source("u", "2025-01-01")
    world.fact("plant:p", "status", "status:operating", "2022-12-31", scope=scope)
    if ended:
        world.fact("plant:p", "status", "status:closed", ended, source="u")
    built = world.build()
    episode = "?e nev:subject plant:p ; nev:value status:operating ; "
    assert built.rows(episode + "nev:heldAtEndOf ?year", "year") == [(year,) for year in held]
    assert built.rows(episode + "nev:upheldAtEndOf ?year", "year") == [(year,) for year in upheld]
    assert not built.on("2023-01-01").holds("?fact nev:heldAtEndOf ?year")


def test_h90_a_disputed_status_is_held_but_not_upheld(world: World) -> None:
    for source, status in (("s", "operating"), ("t", "suspended")):
        world.source(source, "2025-01-01", publisher=f"agent:{source}")
        world.fact("plant:p", "status", f"status:{status}", "2025-01-01", source=source)
    years = "?e nev:subject plant:p ; nev:value ?status ; nev:{}AtEndOf ?year"
    built = world.build()
    assert built.holds("?e nev:subject plant:p ; nev:support standing:disputed")
    assert ("2025",) in built.rows(years.format("held"), "year")
    assert not built.holds(years.format("upheld"))


@pytest.mark.parametrize(("start", "end", "year"), [("01-01", "12-31", "2024"), ("01-01", "11-30", ""), ("02-01", "12-31", "")])
def test_h91_a_figure_of_a_whole_year(world: World, start: str, end: str, year: str) -> None:
    period = {"periodStart": on_day(f"2024-{start}"), "periodEnd": on_day(f"2024-{end}")}
    world.figure("sales", "5", "vehicles", subject="agent:a", **period)
    world.figure("sales", "6", "vehicles", subject="agent:b", periodStart=on_day("2022-01-01"), periodEnd=on_day("2023-12-31"))
    assert world.build().rows("?figure nev:wholeYear ?year", "year") == ([(year,)] if year else [])


def test_h91_a_retracted_figure_is_of_no_year(world: World) -> None:
    figure = world.figure("sales", "5", "vehicles", subject="agent:a", periodStart=on_day("2024-01-01"), periodEnd=on_day("2024-12-31"))
    world.statement("t", "Retraction", retracts=figure)
    assert not world.build().holds("?figure nev:wholeYear ?year")


def test_h92_a_plant_without_a_chinese_name_is_called_after_its_company_and_place(world: World) -> None:
    world.registry += """
        agent:a skos:altLabel "甲"@zh . agent:local a nev:Organization ; rdfs:label "Local Motors (LM)"@en .
        plant:o a nev:Plant ; rdfs:label "Plant O"@en . plant:r a nev:Plant ; rdfs:label "Plant R"@en .
        plant:s a nev:Plant ; rdfs:label "Plant S"@en . plant:t a nev:Plant ; rdfs:label "Plant T"@en .
        plant:u a nev:Plant ; rdfs:label "Plant U"@en . plant:v a nev:Plant ; rdfs:label "Plant V"@en .
        place:city a nev:City ; rdfs:label "Town"@en , "乙市"@zh ; nev:inCountry place:XA .
    """
    world.plant("agent:a", "plant:p")
    world.fact("plant:o", "operator", "agent:a")  # with the place and the product
    world.fact("plant:o", "locatedIn", "place:city")
    world.fact("plant:o", "productKind", "productkind:battery")
    for plant, modality in (("plant:r", "actual"), ("plant:s", "planned")):  # run by another, for a maker that builds there, or will
        world.fact(plant, "maker", "agent:a", modality=f"modality:{modality}")
        world.fact(plant, "operator", "agent:local")
        world.fact(plant, "locatedIn", "place:XA")
    for plant in ("plant:t", "plant:u"):  # two plants with the same name
        world.plant("agent:a", plant, "place:XA")
    world.fact("plant:v", "locatedIn", "place:XA")  # nobody is known there
    built = world.build()
    names = [("plant:o", "甲乙市电池工厂"), ("plant:r", "甲甲国工厂（Local Motors）"), ("plant:s", "Local Motors甲国工厂")]
    assert built.rows("?plant a nev:Plant ; nev:devisedLabel ?name", "plant", "name") == names
    assert built.rows("?plant a nev:Plant ; rdfs:label ?name FILTER(LANG(?name) = 'zh')", "plant", "name") == [
        names[0],
        ("plant:p", "工厂P"),
        ("plant:q", "工厂Q"),
        *names[1:],
    ]


def test_h93_an_event_without_a_chinese_name_is_called_after_its_plant_and_type(world: World) -> None:
    names = {
        "at-plant": "Inauguration: Plant P, 2025-03-02",
        "of-company": "Talks: Maker A, 2025-10",
        "named": "Closure: Plant P, 2025",
        "disputed": "Sale: Plant P, 2025",
        "vague": "Talks: Maker A",
    }
    world.registry += "".join(f"event:{slug} a nev:Event ; rdfs:label '{name}'@en .\n" for slug, name in names.items())
    world.registry += "event:named rdfs:label '工厂P关闭'@zh ."
    reports = [
        ("at-plant", "inauguration", {"site": "plant:p"}),
        ("of-company", "talks", {"participant": "agent:a"}),
        ("named", "closure", {"site": "plant:p"}),
        ("disputed", "sale", {"site": "plant:p"}),
        ("disputed", "acquisition", {"site": "plant:p"}),
        ("vague", "talks", {"participant": "agent:a"}),
    ]
    for slug, kind, about in reports:
        world.statement("s", "EventReport", "2025-03-02", event=f"event:{slug}", eventType=f"eventtype:{kind}", **about)
    assert world.build().rows("?event a nev:Event ; nev:devisedLabel ?name", "event", "name") == [
        ("event:at-plant", "工厂P投产仪式，2025年3月2日"),
        ("event:of-company", "制造商甲洽谈，2025年10月"),
    ]


ANNOUNCED = ("announced", "2020-02-29", "2022-03-01")
SHELVED, CANCELLED = ("shelved", "2022-03-01", "2024-02-29"), ("cancelled", "2024-02-29", "")


def announce(world: World, status: str = "announced", *, makers: str = "agent:a", latest: str = "2026-01-01") -> None:
    """Adds the status of a plant in February 2020, and a later source about something else."""
    world.source("s", "2020-02-29")
    world.source("u", latest)
    world.plant(makers)
    world.fact("plant:p", "status", f"status:{status}", "2020-02-29")
    world.fact("plant:q", "status", "status:operating", latest, source="u")


@pytest.mark.parametrize("status", ["announced", "under-discussion"])
def test_h94_what_is_not_heard_of_is_shelved_and_then_cancelled(world: World, status: str) -> None:
    announce(world, status)
    built = world.build()
    expected = [(status, *ANNOUNCED[1:]), SHELVED, CANCELLED]
    assert built.history("plant:p", "status") == built.history("production:a-at-p", "status") == expected
    last = on_day("2020-02-29")
    fact = (
        "?unit nev:fact ?f . ?f nev:property nev:status ; nev:value status:cancelled ; nev:inferred true ; "
        f"nev:standing standing:stale ; nev:silentSince {last} ; nev:lastConfirmed {last}"
    )
    units = [("plant:p",), ("production:a-at-p",)]
    assert built.on("2024-02-29").rows(fact, "unit") == units
    assert built.on("2024-02-28").rows("?unit nev:status status:shelved", "unit") == units
    assert not built.on("2020-03-01").holds("?fact nev:silentSince ?day")


@pytest.mark.parametrize("status", ["under-construction", "trial-production", "operating", "suspended", "shelved", "closed"])
def test_h94_other_statuses_do_not_lapse(world: World, status: str) -> None:
    announce(world, status)
    assert world.build().history("plant:p", "status") == [(status, "2020-02-29", "")]


@pytest.mark.parametrize(
    ("latest", "expected"),
    [
        ("2022-02-28", [("announced", "2020-02-29", "")]),
        ("2022-03-01", [ANNOUNCED, ("shelved", "2022-03-01", "")]),
        ("2024-02-28", [ANNOUNCED, ("shelved", "2022-03-01", "")]),
        ("2024-02-29", [ANNOUNCED, SHELVED, CANCELLED]),
    ],
)
def test_h94_nothing_lapses_after_the_latest_source(world: World, latest: str, expected: list[tuple[str, str, str]]) -> None:
    announce(world, latest=latest)
    assert world.build().history("plant:p", "status") == expected


def test_h94_any_news_of_the_plant_breaks_the_silence(world: World) -> None:
    announce(world)
    world.source("t", "2023-05-01")
    world.figure("capacity", "100", "vehicles-per-year", "2030", modality="modality:planned", source="t")
    expected = [("announced", "2020-02-29", "2025-05-01"), ("shelved", "2025-05-01", "")]
    built = world.build()
    assert built.history("plant:p", "status") == built.history("production:a-at-p", "status") == expected
    # Before that news was known, the plant counted as shelved.
    assert built.known_by("2023-04-30").history("plant:p", "status") == [("announced", "2020-02-29", "")]
    assert built.known_by("2026-01-01").on("2022-06-01").holds("plant:p nev:status status:announced")


def test_h94_silence_is_counted_up_to_what_is_known(world: World) -> None:
    announce(world)
    world.source("t", "2022-12-31")
    world.fact("plant:q", "status", "status:operating", "2022-12-31", source="t")
    world.source("v", "2024-06-01")
    world.fact("plant:p", "status", "status:under-construction", "2024-06-01", source="v")
    built = world.build()
    assert built.history("plant:p", "status") == [("announced", "2020-02-29", "2024-06-01"), ("under-construction", "2024-06-01", "")]
    assert built.known_by("2022-12-31").history("plant:p", "status") == [ANNOUNCED, ("shelved", "2022-03-01", "")]


def test_h94_news_from_an_unreliable_host_does_not_count(world: World) -> None:
    announce(world)
    farm = _add_farm_source(world, published="2023-05-01")
    world.figure("capacity", "100", "vehicles-per-year", "2030", modality="modality:planned", source=farm)
    assert world.build().history("plant:p", "status") == [ANNOUNCED, SHELVED, CANCELLED]


@pytest.mark.parametrize(("named", "until"), [("agent:a", "2025-05-01"), ("agent:b", "2022-03-01")])
def test_h94_a_line_with_its_own_reports_is_heard_of_where_its_maker_is_named(world: World, named: str, until: str) -> None:
    world.source("s", "2020-02-29")
    world.source("t", "2023-05-01")
    world.source("u", "2026-01-01")
    world.plant("agent:a agent:b")
    world.fact("production:a-at-p", "status", "status:announced", "2020-02-29")
    world.event("expansion", "2023-05-01", makers=named, source="t")
    world.fact("plant:q", "status", "status:operating", "2026-01-01", source="u")
    assert world.build().history("production:a-at-p", "status")[0] == ("announced", "2020-02-29", until)


def test_h94_a_plant_does_not_lapse_while_a_line_there_is_being_built(world: World) -> None:
    announce(world, makers="agent:a agent:b")
    world.fact("production:b-at-p", "status", "status:under-construction", "2020-02-29")
    assert world.build().history("plant:p", "status") == [("announced", "2020-02-29", "")]


def test_h94_no_outcome_follows_from_silence(world: World) -> None:
    announce(world)
    report = world.fact("plant:p", "builds", "model:m", "2020-02", **due("2025-01"))
    assert world.build().on("2026-01-01").rows("plant:p nev:status ?status", "status") == [("status:cancelled",)]
    assert outcomes(world, "2026-01-01") == {report: "overdue"}
