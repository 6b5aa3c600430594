"""Search and the catalogue on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from tests.conftest import Result

from nevkg.search import names, plain, search
from nevkg.store import EmbeddedStore

Nevkg = Callable[..., Result]


def first(store: EmbeddedStore, text: str) -> str:
    return search(store, text)[0].iri.removeprefix("https://w3id.org/nevkg/")


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("XPeng", "agent/xpeng"),
        ("xpeng motors", "agent/xpeng"),
        ("小鹏", "agent/xpeng"),
        ("比亚迪", "agent/byd"),
        ("BYD Camaçari plant", "plant/byd-camacari"),
        ("byd camacari", "plant/byd-camacari"),
        ("changan-rayong", "plant/changan-rayong"),
        ("Xpang", "agent/xpeng"),
        ("chagan", "agent/changan"),
        ("IDN", "place/ID"),
        ("764", "place/TH"),
        ("东盟", "place/asean"),
        ("Asean", "place/asean"),
        ("indones", "place/ID"),
        ("Zhang Xiang", "agent/zhang-xiang"),
        ("崔东树", "agent/cui-dongshu"),
        ("completely-knocked-down", "assembly-mode/ckd"),
    ],
)
def test_what_is_found_first(shipped: EmbeddedStore, text: str, thing: str) -> None:
    assert first(shipped, text) == thing


def test_inside_a_word(shipped: EmbeddedStore) -> None:
    assert "plant/byd-camacari" in {hit.iri.removeprefix("https://w3id.org/nevkg/") for hit in search(shipped, "camacari")}


def test_each_thing_once_and_no_more_than_asked_for(shipped: EmbeddedStore) -> None:
    hits = search(shipped, "a", limit=7)
    assert len(hits) == 7
    assert len({hit.iri for hit in hits}) == 7


@pytest.mark.parametrize("text", ["", "   ", "qqqqqqqq"])
def test_nothing(shipped: EmbeddedStore, text: str) -> None:
    assert search(shipped, text) == []


def test_plain() -> None:
    assert plain(" Camaçari ") == "camacari"
    assert plain("ÎLE") == "ile"
    assert plain("比亚迪") == "比亚迪"


def test_names_are_kept_beside_the_store(shipped: EmbeddedStore) -> None:
    once = names(shipped)
    assert shipped.place is not None
    assert (shipped.place / "names.json").exists()
    assert names(shipped) == once


def test_the_command(nevkg: Nevkg) -> None:
    assert "agent:byd" in nevkg("search", "比亚迪").out.splitlines()[2]
    assert json.loads(nevkg("search", "byd", "--format", "json").out)[0]["kinds"] == ["automaker", "local manufacturer"]
    assert nevkg("search", "qqqqqqqq").out == "Nothing is called like 'qqqqqqqq'.\n"
    assert nevkg("search", "a", "--limit", "0").code == 2


def test_the_catalogue(nevkg: Nevkg) -> None:
    out = nevkg("questions").out
    assert "local-manufacturers" in out
    assert "哪些公司在当地生产" in nevkg("questions", "--lang", "zh").out
    assert "local-manufacturers" not in nevkg("questions", "--tag", "experts").out
    assert "expert-claims" in nevkg("questions", "--find", "experts say").out
    assert nevkg("questions", "--find", "qqqqqq").out == "No question fits.\n"


def test_one_question_shows_all_that_it_takes(nevkg: Nevkg) -> None:
    out = nevkg("questions", "local-manufacturers").out
    for part in (
        "place:asean",
        "default status:operating",
        "nevkg ask local-manufacturers bloc=place:asean",
        "SELECT DISTINCT ?maker",
        "with evidence",
    ):
        assert part in out
    assert nevkg("questions", "local-manufacturer").code == 2


def test_the_example_of_each_question_runs(nevkg: Nevkg) -> None:
    for record in json.loads(nevkg("questions", "--format", "json").out):
        lines = nevkg("questions", record["name"]).out.splitlines()
        example = lines[lines.index("Example") + 1].split()
        assert example[:2] == ["nevkg", "ask"]
        assert nevkg(*example[1:]).code == 0


def test_the_catalogue_as_rdf(nevkg: Nevkg) -> None:
    from pyoxigraph import RdfFormat, Store

    store = Store()
    store.load(nevkg("questions", "--format", "turtle").out.encode(), RdfFormat.TURTLE)
    found = store.query("PREFIX sh: <http://www.w3.org/ns/shacl#> ASK { ?q a sh:SPARQLExecutable ; sh:select ?text ; sh:parameter ?p }")
    assert bool(found)
