"""What has become of productions between two days: a missing page is not an end."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.worlds import World

from nevkg.ask.answer import ask
from nevkg.ask.catalogue import load_catalogue
from nevkg.store import Store

NOW, THEN = "2026-01-01", "2022-01-01"


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A maker at eight plants abroad, each with a story of its own."""
    world = World(tmp_path_factory.mktemp("world"))
    world.fact("agent:a", "homeCountry", "place:XB")
    world.registry += "".join(f"plant:{name} a nev:Plant ; rdfs:label '{name}'@en .\n" for name in STORIES)
    for name, story in STORIES.items():
        world.plant("agent:a", f"plant:{name}")
        for number, (on, status) in enumerate(story):
            world.source(f"{name}-{number}", on)
            world.fact(f"production:a-at-{name}", "status", f"status:{status}", on, source=f"{name}-{number}")
    world.source("late-0", "2025-06-01")
    world.fact("production:a-at-late", "status", "status:operating", source="late-0")
    return world.build().store


STORIES = {
    "steady": [("2021-06-01", "operating"), ("2024-06-01", "operating")],
    "new": [("2025-06-01", "operating")],
    "gone": [("2021-06-01", "operating"), ("2023-06-01", "closed")],
    "silent": [("2021-06-01", "operating")],
    "paused": [("2021-06-01", "operating"), ("2022-06-01", "suspended"), ("2024-06-01", "operating")],
    "old": [("2015-06-01", "operating")],
    "planned": [("2021-06-01", "announced")],
    "late": [],
}
EXPECTED = {
    "steady": "on both days",
    "new": "new",
    "gone": "ended",
    "silent": "not confirmed since",
    "paused": "on both days",
    "late": "first reported",
}


def ask_both_days(record: Store, **given: list[str]) -> Any:
    question = load_catalogue(record.layout)["then-and-now"]
    return ask(record, question, {"chinese": ["*"], "then": [THEN], **given}, as_of=NOW)


def test_each_story_has_its_end(record: Store) -> None:
    assert {row.plant.label: row.change.label for row in ask_both_days(record)} == EXPECTED


def test_an_end_has_its_reason_and_its_day(record: Store) -> None:
    (row,) = ask_both_days(record, change=["change:ended"])
    assert (str(row.ended), [statu.label for statu in row.status]) == ("2023-06-01", ["closed"])
    assert {source.iri.rpartition("/")[2] for source in row.sources()} >= {"gone-0", "gone-1"}
    assert "gone · status: operating" in str(row.explain())


def test_what_is_not_confirmed_shows_why(record: Store) -> None:
    (row,) = ask_both_days(record, change=["change:not-confirmed"])
    assert ([standing.label for standing in row.standing], str(row.lastConfirmed), row.ended) == (["stale"], "2021-06-01", None)


def test_the_earlier_day_is_two_years_before_by_default(record: Store) -> None:
    question = load_catalogue(record.layout)["then-and-now"]
    answers = [ask(record, question, {"chinese": ["*"], **given}, as_of="2024-02-29") for given in ({}, {"then": ["2022-02-28"]})]
    assert list(answers[0]) == list(answers[1])
    assert answers[0]
