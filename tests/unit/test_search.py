"""Search and the catalogue on the command line."""

from __future__ import annotations

import json

import pytest
from tests.conftest import Nevkg

from nevkg.ask.catalogue import load_catalogue
from nevkg.data.paths import Layout
from nevkg.lookup.search import names, normalise, rank_texts, search, tokenize_words
from nevkg.store import EmbeddedStore


def first(store: EmbeddedStore, text: str) -> str:
    return search(store, text)[0].iri.removeprefix("https://w3id.org/nevkg/")


@pytest.mark.parametrize(
    ("text", "entity"),
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
def test_the_first_hit(store: EmbeddedStore, text: str, entity: str) -> None:
    assert first(store, text) == entity


def test_parts_of_names_match(store: EmbeddedStore) -> None:
    assert "plant/byd-camacari" in {hit.iri.removeprefix("https://w3id.org/nevkg/") for hit in search(store, "camacari")}


def test_hits_are_distinct_and_limited(store: EmbeddedStore) -> None:
    hits = search(store, "a", limit=7)
    assert len(hits) == 7
    assert len({hit.iri for hit in hits}) == 7


@pytest.mark.parametrize("text", ["", "   ", "qqqqqqqq"])
def test_no_match(store: EmbeddedStore, text: str) -> None:
    assert search(store, text) == []


def test_text_is_normalised() -> None:
    assert normalise(" Camaçari ") == "camacari"
    assert normalise("ÎLE") == "ile"
    assert normalise("比亚迪") == "比亚迪"


def test_names_are_cached_with_the_store(store: EmbeddedStore) -> None:
    expected = names(store)
    assert store.place is not None
    assert (store.place / "names.json").exists()
    assert names(store) == expected


def test_the_search_command(nevkg: Nevkg, part: str) -> None:
    assert "agent:byd" in nevkg("search", "--data", part, "比亚迪").out.splitlines()[2]
    assert json.loads(nevkg("search", "--data", part, "byd", "--format", "json").out)[0]["kinds"] == ["automaker", "local manufacturer"]
    assert nevkg("search", "--data", part, "qqqqqqqq").out == "Nothing matches 'qqqqqqqq'.\n"
    assert nevkg("search", "--data", part, "a", "--limit", "0").code == 2
    first = json.loads(nevkg("search", "--data", part, "tariff", "--format", "json", "--limit", "4").out)[0]
    assert (first["iri"], first["kinds"]) == ("https://w3id.org/nevkg/question/duty-rates-by-maker", ["question"])
    asked = json.loads(nevkg("search", "--data", part, "who builds in Thailand", "--format", "json").out)[0]
    assert (asked["name"], asked["parameters"]) == ("local-manufacturers", {"country": ["place:TH"]})
    assert asked["answer"]
    assert "question:duty-rates-by-maker" in nevkg("search", "--data", part, "关税", "--lang", "zh").out


def test_the_questions_command(nevkg: Nevkg) -> None:
    out = nevkg("questions").out
    assert "local-manufacturers" in out
    assert "哪些公司在当地生产" in nevkg("questions", "--lang", "zh").out
    assert "local-manufacturers" not in nevkg("questions", "--tag", "experts").out
    assert "expert-claims" in nevkg("questions", "experts say").out
    assert "local-manufacturers" not in nevkg("questions", "manufacturers", "--tag", "experts").out
    nothing = nevkg("questions", "qqqqqq")
    assert (nothing.code, nothing.out) == (0, "No question matches; 'nevkg questions' lists all.\n")
    assert len(nevkg("questions", "plants").out.splitlines()) == 15


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("tariff", "duty-rates-by-maker"),
        ("duty", "duty-rates-by-maker"),
        ("关税", "duty-rates-by-maker"),
        ("tarif", "duty-rates-by-maker"),
        ("market share", "market-shares"),
        ("市场份额", "market-shares"),
        ("jobs", "investments-and-jobs"),
        ("employees", "investments-and-jobs"),
        ("员工", "investments-and-jobs"),
        ("就业", "investments-and-jobs"),
        ("who left", "ended-projects"),
        ("withdrawal", "ended-projects"),
        ("exit", "ended-projects"),
        ("谁退出了", "ended-projects"),
        ("lokal manufacturers", "local-manufacturers"),
        ("factory", "local-manufacturers"),
        ("exports", "export-bases"),
        ("出口", "export-bases"),
        ("产能", "planned-and-actual-capacity"),
        ("subsidies", "policy-amounts"),
        ("补贴", "policy-amounts"),
        ("joint venture", "joint-venture-partners"),
        ("合资", "joint-venture-partners"),
        ("ownership", "owners"),
        ("policy", "policies"),
        ("timeline", "events-timeline"),
        ("投资", "investments-and-jobs"),
        ("suppliers", "companies"),
        ("battery", "workshops-by-country"),
        ("role of the maker there", "plants-of-maker"),
    ],
)
def test_the_first_question(text: str, question: str) -> None:
    assert load_catalogue(Layout.find()).rank(text)[0].name == question


@pytest.mark.parametrize(
    "text",
    [
        "which makers build in Brazil",
        "who builds cars in brazil",
        "which carmakers manufacture in Brazil",
        "which companies assemble cars in Brazil",
        "who makes cars in Brazil",
        "哪些制造商在巴西生产",
        "哪些车企在巴西造车",
        "谁在巴西造车",
        "哪些中国车企在巴西建厂",
    ],
)
def test_who_builds_in_a_country_is_one_question(text: str) -> None:
    assert load_catalogue(Layout.find()).rank(text)[0].name == "local-manufacturers"


@pytest.mark.parametrize("text", ["plan", "forecast", "sales", "销量", "price", "cost", "incentive", "工厂"])
def test_several_questions_are_found(text: str) -> None:
    assert len(load_catalogue(Layout.find()).rank(text)) > 2


def test_texts_are_ranked() -> None:
    texts = {"b": [("red apples", 2.0)], "a": [("green apples", 1.0), ("apples", 1.0)], "c": [("关税税率", 1.0)]}
    assert tokenize_words("Two Policies, 关税税率") == ["two", "policy", "关税", "税税", "税率"]
    assert rank_texts(texts, "apple") == ["a", "b"]
    assert rank_texts(texts, "the red apple", least=0.1) == ["b", "a"]
    assert rank_texts(texts, "the red apple", least=0.9) == ["b"]
    assert rank_texts(texts, "appel") == rank_texts(texts, "app") == ["a", "b"]
    assert rank_texts(texts, "税率") == ["c"]
    assert rank_texts(texts, "the") == rank_texts(texts, "") == rank_texts({}, "apple") == []


def test_the_details_of_a_question(nevkg: Nevkg, part: str) -> None:
    out = nevkg("questions", "local-manufacturers", "--data", part).out
    for text in (
        "place:asean",
        "default status:operating",
        "nevkg ask local-manufacturers bloc=place:asean",
        "SELECT DISTINCT ?maker",
        "with evidence",
    ):
        assert text in out
    assert nevkg("questions", "local-manufacturer", "--data", part).out.startswith("local-manufacturers ")


def test_the_catalogue_as_rdf(nevkg: Nevkg) -> None:
    from pyoxigraph import RdfFormat, Store

    store = Store()
    store.load(nevkg("questions", "--format", "turtle").out.encode(), RdfFormat.TURTLE)
    found = store.query("PREFIX sh: <http://www.w3.org/ns/shacl#> ASK { ?q a sh:SPARQLExecutable ; sh:select ?text ; sh:parameter ?p }")
    assert bool(found)
