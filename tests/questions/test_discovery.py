"""The search over entities, questions, stories and topics: typical queries have their target among the first three hits."""

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
        ("工厂", "production"),  # the topic
    ],
)
def test_the_target_is_among_the_first_hits(shipped: EmbeddedStore, text: str, name: str) -> None:
    found = discover(shipped, load_catalogue(SHIPPED), text, 12, "en")
    assert name in [match.name.removeprefix("https://w3id.org/nevkg/") for match in found[:FIRST]]
    assert len({(match.kind, match.name) for match in found}) == len(found) <= 12


def test_empty_and_unknown_queries_have_no_hits(shipped: EmbeddedStore) -> None:
    for text in ("", "  ", "?", "qqqqqqqqqq"):
        assert discover(shipped, load_catalogue(SHIPPED), text, 12, "en") == []
