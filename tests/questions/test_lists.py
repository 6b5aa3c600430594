"""Published lists and counts are compared with the data, and are no evidence for it."""

from __future__ import annotations

from typing import Any

import pytest
from benchmarks.recall import Estimate, compare, read_catches
from tests.support.worlds import World

from nevkg import KnowledgeGraph
from nevkg.ask.answer import ask
from nevkg.ask.catalogue import load_catalogue
from nevkg.data import terms
from nevkg.store import Store


@pytest.fixture
def abroad(world: World) -> World:
    """A maker and its brand abroad, at plants that run, are announced, and at home."""
    for company in ("agent:a", "agent:b"):
        world.fact(company, "homeCountry", "place:CN")
    world.fact("agent:b", "parent", "agent:a")
    world.registry += "place:CN a nev:Country . place:world a nev:WorldRegion . plant:r a nev:Plant . plant:home a nev:Plant . "
    for plant, maker, country, status, on in (
        ("plant:p", "agent:a", "place:XA", "operating", "2025-05-01"),
        ("plant:q", "agent:b", "place:XA", "operating", "2025-05-01"),
        ("plant:r", "agent:b", "place:XB", "announced", "2025-05-01"),
        ("plant:home", "agent:a", "place:CN", "operating", "2025-05-01"),
    ):
        world.plant(maker, plant, country)
        world.fact(plant, "status", f"status:{status}", on)
    return world


def list_plant(world: World, slug: str, maker: str, country: str, plant: str = "", status: str = "operating", **more: str) -> None:
    named = {"listedPlant": plant} if plant else {}
    world.statement(slug, "Listing", listedMaker=maker, listedCountry=country, listedStatus=f"status:{status}", **named, **more)


def reconcile(record: Store, **given: list[str]) -> list[Any]:
    return list(ask(record, load_catalogue(record.layout)["reconcile"], given))


def test_entries_are_compared_with_the_data(abroad: World) -> None:
    abroad.figure("capacity", "1000", "vehicles-per-year", "2025-05-01", subject="plant:q")
    abroad.source("whole", "2025-06-01", listScope="place:XA", isCompleteList="answer:yes")
    abroad.source("part", "2025-06-01", listScope="place:XB", isCompleteList="answer:no")
    list_plant(abroad, "whole", "agent:a", "place:XA", "plant:q", listedCapacity="1000")
    list_plant(abroad, "part", "agent:a", "place:XA", "plant:q", listedCapacity="2000")
    list_plant(abroad, "part", "agent:b", "place:XB", "plant:r")
    list_plant(abroad, "part", "agent:b", "place:XB", status="announced")
    list_plant(abroad, "part", "agent:b", "place:XD")
    rows = reconcile(abroad.build().store)
    found = {(row.list.iri.rpartition("/")[2], row.plant.label if row.plant else "", row.comparison.label) for row in rows}
    assert found == {
        ("whole", "Plant Q", "in both"),
        ("whole", "Plant P", "only in the data"),
        ("part", "Plant Q", "other capacity"),
        ("part", "制造商乙乙国工厂", "other status"),  # named by rule, since no source names it
        ("part", "制造商乙乙国工厂", "in both"),  # by the entry that names no plant
        ("part", "", "only in the list"),
    }
    sources = {row.comparison.label: {source.iri.rpartition("/")[2] for source in row.sources()} for row in rows}
    assert "part" in sources["only in the list"]
    assert sources["only in the data"] == {"s"}


def test_a_page_that_the_data_cite_is_marked(abroad: World) -> None:
    for slug in ("s", "other"):
        list_plant(abroad, slug, "agent:a", "place:XA", "plant:p")
    rows = reconcile(abroad.build().store)
    assert {row.list.iri.rpartition("/")[2]: row.cited for row in rows} == {"s": True, "other": False}


def test_an_entry_is_no_evidence(abroad: World) -> None:
    """The same history follows with and without lists, also where only they know of a plant or a later day."""
    before = abroad.build()
    history = {name: before.history(f"production:{name}", "status") for name in ("a-at-p", "b-at-q", "b-at-r")}
    witnesses = before.rows("?fact nev:property nev:status ; nev:witnesses ?witnesses", "fact", "witnesses")
    abroad.source("later", "2025-12-01")
    for maker, country, plant in (
        ("agent:a", "place:XA", "plant:p"),
        ("agent:b", "place:XB", "plant:r"),
        ("agent:a", "place:XB", "plant:r"),
    ):
        list_plant(abroad, "later", maker, country, plant)
    after = abroad.build()
    assert {name: after.history(f"production:{name}", "status") for name in history} == history
    assert after.rows("?fact nev:property nev:status ; nev:witnesses ?witnesses", "fact", "witnesses") == witnesses
    assert not after.holds("GRAPH graph:history { ?production nev:maker agent:a ; nev:atPlant plant:r }")


def test_counts_are_compared_with_the_data(abroad: World) -> None:
    """Beside a count are the plants of the maker and its brands abroad at the end of that year, their countries and capacity."""
    for plant, capacity in (("p", "1000"), ("q", "500"), ("home", "9000")):
        abroad.figure("capacity", capacity, "vehicles-per-year", "2025-05-01", subject=f"plant:{plant}")
    abroad.source("late", "2026-01-01")
    rule = {"countingRule": '"all plants"@en, "全部工厂"@zh', "subject": "agent:a", "source": "late"}
    for on, count in (("2024", "5"), ("2025", "6")):
        abroad.figure("overseas-production-bases", count, "plants", on, geography="place:world", **rule)
    abroad.figure("overseas-production-countries", "3", "countries", "2025", geography="place:XA", **rule)
    abroad.figure("overseas-production-capacity", "2000", "vehicles-per-year", "2025", geography="place:world", **rule)
    record = abroad.build(current=True).store
    rows: Any = ask(record, load_catalogue(record.layout)["counts-by-definition"], {"lang": ["en"]})
    assert [(str(row.day), int(row.published), row.plants, row.more, row.countries, row.capacity, row.rule) for row in rows] == [
        ("2024-12-31", 5, 0, 0, 0, 0, "all plants"),
        ("2025-12-31", 6, 2, 0, 1, 1500, "all plants"),
        ("2025-12-31", 2000, 2, 0, 1, 1500, "all plants"),
        ("2025-12-31", 3, 2, 0, 1, 1500, "all plants"),
    ]


@pytest.mark.parametrize(
    ("first", "second", "both", "total", "margin"), [(10, 15, 5, 28.33, 11.58), (4, 4, 4, 4.0, 0.0), (3, 2, 0, 11.0, 11.76)]
)
def test_a_population_is_estimated_from_two_catches(first: int, second: int, both: int, total: float, margin: float) -> None:
    """Chapman's estimator and Seber's variance, computed by hand."""
    found = Estimate(first, second, both)
    assert (found.total, found.margin) == pytest.approx((total, margin), abs=0.01)
    assert found.coverage == pytest.approx(first / total, abs=0.01)


def test_catches_are_pairs_of_a_group_and_a_country(abroad: World) -> None:
    abroad.source("country", "2025-06-01", listScope="place:XA")
    abroad.source("globe", "2025-06-01", listScope="place:world")
    list_plant(abroad, "country", "agent:b", "place:XA", "plant:q")
    list_plant(abroad, "globe", "agent:b", "place:XB", "plant:r", status="announced")
    list_plant(abroad, "globe", "agent:a", "place:XA", "plant:p")
    abroad.fact("plant:q", "jobs", "5", source="globe")
    catches = read_catches(KnowledgeGraph(abroad.build().store))
    pair = (f"{terms.BASE}agent/a", f"{terms.BASE}place/XA")
    assert catches.world == catches.national == catches.uncited == catches.ours == catches.upheld == {pair}
    (first, *_) = compare(catches).values()
    assert (first.first, first.second, first.both) == (1, 1, 1)
