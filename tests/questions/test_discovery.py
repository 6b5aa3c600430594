"""The search for anything: what a newcomer types is among the first three."""

from __future__ import annotations

import pytest
from tests.support.worlds import SHIPPED

from nevkg.ask.catalogue import load_catalogue
from nevkg.ask.discovery import discover
from nevkg.store import EmbeddedStore

FIRST = 3


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ASEAN", "place/asean"),
        ("asean", "asean"),  # the story
        ("BYD", "agent/byd"),
        ("tariff", "duty-rates-by-maker"),
        ("关税", "duty-rates-by-maker"),
        ("奇瑞", "agent/chery"),
        ("Brasil", "place/BR"),
        ("Chary", "agent/chery"),
        ("Thailnd", "place/TH"),
        ("policies", "policy"),
        ("工厂", "production"),  # the topic,
    ],
)
def test_what_is_meant_is_among_the_first(shipped: EmbeddedStore, text: str, name: str) -> None:
    found = discover(shipped, load_catalogue(SHIPPED), text, 12)
    assert name in [match.name.removeprefix("https://w3id.org/nevkg/") for match in found[:FIRST]]
    assert len({(match.kind, match.name) for match in found}) == len(found) <= 12


def test_nothing_is_found_for_nothing(shipped: EmbeddedStore) -> None:
    for text in ("", "  ", "?", "qqqqqqqqqq"):
        assert discover(shipped, load_catalogue(SHIPPED), text, 12) == []
