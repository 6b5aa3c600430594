"""The latest sources behind an answer, and the line below a table that states them."""

from __future__ import annotations

import pytest
from tests.support.worlds import World

from nevkg.ask import days
from nevkg.ask.support import Support, find_reach, place_words
from nevkg.table.values import Thing

BASE = "https://w3id.org/nevkg/"


@pytest.mark.parametrize(
    ("reach", "language", "text"),
    [
        ({}, "en", "Sources reach to 2026-01-01."),
        ({"A": "2025-01-01"}, "en", "Sources reach to 2026-01-01; for A, to 2025-01-01."),
        (
            {"A": "2024-01-01", "B": "2024-06-01", "C": "2025-01-01"},
            "zh",
            "来源截至2026-01-01；按k，自2024-01-01（A）至2025-01-01（C）。",
        ),
        ({"A": "", "B": "", "C": "2025-01-01"}, "en", "Sources reach to 2026-01-01; for C, to 2025-01-01; no source for A, B has a date."),
    ],
)
def test_the_line_states_the_reach_of_sources(reach: dict[str, str], language: str, text: str) -> None:
    places = {Thing(f"{BASE}place/{name}", name): day for name, day in reach.items()}
    support = Support({}, {}, "2026-01-01", places, "k", language)
    assert support.text == text
    assert [place["until"] or "" for place in support.to_json()["sourcesUntilByPlace"]] == list(reach.values())


def test_sources_on_plants_and_policies_count_for_their_country(world: World) -> None:
    for slug, published in (("s", "2024-01-01"), ("t", "2025-01-01"), ("u", None), ("late", "2025-12-01")):
        world.source(slug, published)
    world.plant("agent:a", "plant:p", "place:XA")
    world.plant("agent:a", "plant:q", "place:XB")
    world.fact("plant:p", "status", "status:operating", "2024-01-01", source="t")
    world.fact("plant:q", "status", "status:operating", "2024-01-01", source="late")
    world.fact("agent:a", "homeCountry", "place:XB", source="late")
    store = world.build().store
    plants = [Thing(f"{BASE}plant/{name}", name) for name in "pq"]

    def reach(day: str, *entities: Thing) -> dict[str, str]:
        return {place.label: until for place, until in find_reach(days.snapshot(store, day), entities, "en").items()}

    assert reach("2026-01-01", *plants) == {"Ania": "2025-01-01", "Bania": "2025-12-01"}
    assert list(reach("2025-11-30", *plants)) == ["Bania", "Ania"]
    # Sources published after the day do not count.
    assert reach("2025-11-30", *plants) == {"Ania": "2025-01-01", "Bania": "2024-01-01"}
    assert reach("2026-01-01", Thing(f"{BASE}place/XA", "Ania"), Thing(f"{BASE}agent/a", "Maker A")) == {"Ania": "2025-01-01"}
    assert reach("2026-01-01") == {}
    assert set(place_words(store)) == {"en", "zh"}
