"""Special terms of ``nevkg import``: ownership shares, output of a period, half-years, talks, Chinese names."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.contributions import TODAY, Tables, read_registry, statement, statements
from tests.support.worlds import SHIPPED, World

from nevkg.ask.catalogue import read_question
from nevkg.contribute.cells import read_date
from nevkg.contribute.importer import import_collections
from nevkg.data.paths import Layout


def test_a_share_of_ownership_has_its_holder(data: Layout, tables: Tables) -> None:
    tables.fact("ownership-share", "60", unit="percent", holder_org_id="a", as_of="2026")
    tables.fact("ownership-share", "40", unit="percent", holder_org_id="Beta Motor", as_of="2026")
    tables.add(
        "observations", metric="ownership-share", subject="b", value="51", unit="percent", holder_org_id="a", period_end="2025-12-31"
    )
    tables.import_into(data)
    shares = {(fact["subject"], fact["holder"], fact["number"]) for fact in statements(data) if fact["metric"] == "metric:ownership-share"}
    assert shares == {("plant:p", "agent:a", "60"), ("plant:p", "agent:b", "40"), ("agent:b", "agent:a", "51")}


def test_a_share_without_its_holder_is_refused(data: Layout, tables: Tables) -> None:
    tables.fact("ownership-share", "60", unit="percent")
    (problem,) = import_collections(data, [tables.write()], TODAY).problems
    assert (problem.line, "holder_org_id" in problem.message) == (2, True)


def test_shares_of_several_owners_do_not_dispute_one_another(world: World) -> None:
    world.plant()
    for holder, share in (("agent:a", "60"), ("agent:b", "40")):
        world.figure("ownership-share", share, "percent", "2025", holder=holder)
    day = world.build().on("2026-01-01")
    assert day.rows("?r nev:metric metric:ownership-share ; nev:holder ?who ; nev:number ?share", "who", "share") == [
        ("agent:a", "60"),
        ("agent:b", "40"),
    ]
    assert not day.holds("?fact nev:standing standing:disputed")


@pytest.mark.parametrize(
    ("cells", "first", "last"),
    [
        ({"as_of": "2025"}, "2025-01-01", "2025-12-31"),
        ({"as_of": "2025-H1"}, "2025-01-01", "2025-06-30"),
        ({"as_of": "2025-09", "period_start": "2025-01"}, "2025-01-01", "2025-09-30"),
    ],
)
def test_an_output_has_the_period_in_which_it_was_built(data: Layout, tables: Tables, cells: dict[str, str], first: str, last: str) -> None:
    tables.fact("output", "70000", **cells).import_into(data)
    fact = statement(data, metric="metric:production")
    assert (fact["subject"], fact["periodStart"], fact["periodEnd"], fact["unit"]) == ("plant:p", first, last, "unit:vehicles")
    assert "earliest" not in fact


def test_other_facts_keep_the_day_of_the_row(data: Layout, tables: Tables) -> None:
    tables.fact("jobs", "5", as_of="2025-H2").import_into(data)
    fact = statement(data, metric="metric:jobs")
    assert (fact["earliest"], fact["latest"], fact["precision"]) == ("2025-07-01", "2025-12-31", "precision:half-year")


@pytest.mark.parametrize(("text", "days"), [("2025-H1", ("2025-01-01", "2025-06-30")), ("2024-H2", ("2024-07-01", "2024-12-31"))])
def test_half_years_are_read(text: str, days: tuple[str, str]) -> None:
    span = read_date(text)
    assert ((span.first, span.last), span.precision) == (days, "half-year")


@pytest.mark.parametrize("text", ["2025-H3", "2025-H0", "2025-H", "H1-2025"])
def test_other_halves_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="2025-H1"):
        read_date(text)


def test_capacities_of_equipment_batteries_and_components_are_separate(data: Layout, tables: Tables) -> None:
    tables.fact("capacity", "150000").fact("installed-rate", "50000").fact("battery-capacity", "20")
    tables.fact("planned-battery-capacity", "40", unit="GWh/year").fact("component-capacity", "500000", unit="sets/year")
    tables.fact("component-capacity", "30000", unit="tonnes/year").fact("job-cuts", "200").import_into(data)
    found = {(fact["metric"], fact["number"], fact["unit"], fact.get("modality", "")) for fact in statements(data)}
    assert found == {
        ("metric:capacity", "150000", "unit:vehicles-per-year", ""),
        ("metric:installed-rate", "50000", "unit:vehicles-per-year", ""),
        ("metric:battery-capacity", "20", "unit:gwh-per-year", ""),
        ("metric:battery-capacity", "40", "unit:gwh-per-year", "modality:planned"),
        ("metric:component-capacity", "500000", "unit:sets-per-year", ""),
        ("metric:component-capacity", "30000", "unit:tonnes-per-year", ""),
        ("metric:job-cuts", "200", "unit:persons", ""),
    }


def test_an_installed_rate_is_no_capacity(world: World) -> None:
    world.plant()
    world.figure("installed-rate", "50000", "vehicles-per-year", "2025")
    world.figure("battery-capacity", "20", "gwh-per-year", "2025")
    day = world.build().on("2026-01-01")
    assert day.rows("plant:p nev:installedRate ?x", "x") == [("50000",)]
    assert day.rows("plant:p nev:batteryCapacity ?x", "x") == [("20",)]
    assert not day.holds("plant:p nev:capacity ?x")


@pytest.mark.parametrize("kind", ["memorandum", "talks"])
def test_talks_come_before_an_announcement(tmp_path: Path, kind: str) -> None:
    world = World(tmp_path)
    world.plant()
    world.event(kind, "2024-05-01")
    assert world.build().on("2025-01-01").rows("plant:p nev:status ?status", "status") == [("status:under-discussion",)]
    world.event("announcement", "2025-03-01", source="t")
    assert world.build().on("2025-06-01").rows("plant:p nev:status ?status", "status") == [("status:announced",)]


def test_talks_about_an_operating_plant_do_not_end_its_production(world: World) -> None:
    world.plant()
    world.fact("plant:p", "status", "status:operating", "2023-05-01")
    world.event("talks", "2024-05-01", source="t")
    assert world.build().on("2025-01-01").rows("plant:p nev:status ?status", "status") == [("status:operating",)]


def test_a_plant_under_discussion_has_no_planned_capacity(tmp_path: Path) -> None:
    question = read_question(SHIPPED.queries / "questions" / "production" / "capacity-to-come.rq").text
    rows = []
    for status in ("under-discussion", "announced"):
        world = World(tmp_path / status)
        world.plant()
        world.fact("plant:p", "status", f"status:{status}", "2024-05-01")
        world.figure("capacity", "50000", "vehicles-per-year", "2027", modality="modality:planned")
        rows.append(len(world.build().on("2026-01-01").select(question)))
    assert rows == [0, 1]


def test_plants_and_policies_have_names_in_chinese(data: Layout, tables: Tables) -> None:
    tables.add("plants", plant_id="q", name="Plant Q", name_zh="工厂Q", country="TH")
    tables.add(
        "policies", policy_id="bill-1", title="Bill on cars", name_zh="汽车法案", kind="bill", jurisdiction="BR", title_local="Projeto"
    )
    tables.add("policy_facts", policy_id="bill-1", attribute="bill-number", value="PL 914")
    tables.add("policy_facts", policy_id="bill-1", attribute="payment-term", value="60")
    tables.import_into(data)
    things = read_registry(data)
    assert (things["plant:q"]["label@zh"], things["policy:bill-1"]["label@zh"]) == ("工厂Q", "汽车法案")
    assert statement(data, property="billNumber")["text"] == "PL 914"
    assert statement(data, metric="metric:payment-term")["unit"] == "unit:days"


def test_centres_and_shipping_lines(data: Layout, tables: Tables) -> None:
    tables.add("organizations", org_id="sea", kind="shipping-line", name="Sea Line")
    tables.add("market_presence", org_id="a", country="BR", mode="research-centre").add(
        "market_presence", org_id="a", country="BR", mode="design-centre"
    )
    tables.add("observations", metric="ships", subject="sea", geography="CN", period_end="2025", value="8", unit="ships")
    tables.fact("assembly-mode", "ikd").add("events", event_id="a-cuts", type="job-cuts", org_ids="a", date="2026")
    tables.import_into(data)
    assert statement(data, property="hasResearchCentreIn")["value"] == statement(data, property="hasDesignCentreIn")["value"] == "place:BR"
    assert statement(data, metric="metric:ships")["number"] == "8"
    assert statement(data, eventType="eventtype:layoff")["participant"] == "agent:a"
