"""Candidates of duplicates: pairs that are found, pairs that are not, and pairs with a judgement."""

from __future__ import annotations

import random
import string
from pathlib import Path
from time import process_time

import pytest

from nevkg.contribute.duplicates import ANYTHING, DuplicatePair, NamedEntity, find_candidates, read_generic_words

FIRM, SITE = "https://example.org/Firm", "https://example.org/Site"
GENERIC = {ANYTHING: frozenset({"of", "and"}), FIRM: frozenset({"group", "company", "motors", "集团"}), SITE: frozenset({"works"})}


def entity(slug: str, *names: str, kind: str = FIRM, where: str = "", at: str = "") -> NamedEntity:
    return NamedEntity(slug, frozenset({kind}), names, slug, frozenset(where.split()), frozenset(at.split()))


def find(*entities: NamedEntity, replaced: dict[str, str] | None = None, different: str = "") -> list[DuplicatePair]:
    return find_candidates(entities, GENERIC, replaced or {}, [different.split()])


@pytest.mark.parametrize(
    ("one", "two", "reason"),
    [
        (entity("a", "Škoda-Works!"), entity("b", "skoda works"), "the same name"),
        (entity("a", "Nord DM-i"), entity("b", "Nord DMi"), "the same name"),
        (entity("a", "Hub Power (Hubco)"), entity("b", "Hub Power"), "the same name"),
        (entity("a", "东方汽车"), entity("b", "Orient", "东方汽车"), "the same name"),
        (entity("a", "Orient"), entity("b", "Dongfang", "Orient"), "the same name"),
        (entity("nord"), entity("nord-group"), "the same name except for generic words"),
        (entity("a", "Nord Motors"), entity("b", "Nord Group"), "the same name except for generic words"),
        (entity("a", "北方集团"), entity("b", "北方"), "the same name except for generic words"),
        (entity("siam-board"), entity("board-of-siam"), "the same words in another order"),
        (entity("gm", where="cc"), entity("x", "General Motors", where="cc"), "initials"),
        (entity("x", "Nord", "League of Northern Makers", where="cc"), entity("lnm", where="cc"), "initials"),
        (entity("x", "Norddeutsche Wagen"), entity("y", "Nordeutsche Wagen"), "similar spelling"),
        (
            entity("x", "Quota on twelve fine things", where="cc"),
            entity("y", "Quota on twelve good things", where="cc"),
            "the same words except one",
        ),
        (
            entity("nord-komarom", "Nord bus works", kind=SITE, at="place/HU-komarom"),
            entity("komarom-ii", "Second works of Nord", kind=SITE, at="place/HU-komarom"),
            "a word in common at the same place",
        ),
    ],
)
def test_pairs_that_are_found(one: NamedEntity, two: NamedEntity, reason: str) -> None:
    (pair,) = find(one, two)
    assert {pair.first, pair.second} == {one.iri, two.iri}
    assert pair.reason.partition(":")[0] == reason
    assert find(two, one) == [pair]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (entity("a", "Nord"), entity("b", "Nord India")),  # an extra distinctive word
        (entity("a", "Nord"), entity("b", "Nord", kind=SITE)),  # another kind
        (entity("a", "Ministry", where="TH"), entity("b", "Ministry", where="ID VN")),  # elsewhere
        (entity("a", "Tiggotiggo 7"), entity("b", "Tiggotiggo 8")),  # another number
        (entity("a", "Northern HEV"), entity("b", "Northern PHEV")),  # an abbreviation is no typing error
        (entity("a", "Nord"), entity("b", "Norf")),  # too short for typing errors
        (entity("a", "Group"), entity("b", "Company")),  # nothing but generic words
        (entity("a", "Quota on ten fine things"), entity("b", "Quota on ten good things")),  # no common place
        (
            entity("nord-gyor", kind=SITE, at="place/HU-gyor"),
            entity("sued-gyor", kind=SITE, at="place/HU-gyor"),
        ),  # only the name of the place in common
        (entity("nord-gyor", kind=SITE, at="place/HU-gyor"), entity("nord-pecs", kind=SITE, at="place/HU-pecs")),
    ],
)
def test_pairs_that_are_not_found(one: NamedEntity, two: NamedEntity) -> None:
    assert find(one, two) == []


def test_a_common_first_word_may_be_missing() -> None:
    family = [entity(f"nord-{name}") for name in ("alpha", "beta", "gamma", "delta")]
    (pair,) = find(*family, entity("nord-hyper-x"), entity("hyper-x"))
    assert (pair.first, pair.second) == ("hyper-x", "nord-hyper-x")


def test_a_country_of_only_one_entity_is_ignored() -> None:
    assert len(find(entity("a", "Nord", where="CN"), entity("b", "Nord"))) == 1


def test_a_pair_has_its_best_reason_and_pairs_are_sorted_by_score() -> None:
    pairs = find(entity("gm", "General Motors"), entity("general-motors"), entity("x", "Süd Motors"), entity("y", "Süd Group"))
    assert [(pair.first, pair.second, pair.score) for pair in pairs] == [("general-motors", "gm", 100), ("x", "y", 97)]


def test_judged_pairs_are_left_out() -> None:
    namesakes = entity("a", "Nord"), entity("b", "Nord"), entity("c", "Nord")
    assert len(find(*namesakes)) == 3
    assert find(*namesakes, replaced={"a": "c", "b": "c"}) == []
    assert find(*namesakes, different="a b c") == []


def test_judgements_apply_to_merged_entities() -> None:
    namesakes = entity("a", "Nord"), entity("b", "Nord"), entity("c", "Nord")
    assert find(*namesakes, replaced={"a": "b"}, different="b c") == []
    assert find(*namesakes, replaced={"a": "b"}, different="a c") == []
    (left,) = find(*namesakes, replaced={"a": "b"})
    assert (left.first, left.second) == ("b", "c")


def test_generic_words_are_grouped_by_class(tmp_path: Path) -> None:
    table = tmp_path / "words.csv"
    table.write_text("class,word\nx:Firm,Gröup\nx:Firm,集团\nx:Site,works\n", encoding="utf-8")
    assert read_generic_words(table, {"x": "https://example.org/"}) == {FIRM: frozenset({"group", "集团"}), SITE: frozenset({"works"})}


@pytest.mark.parametrize("count", [pytest.param(10_000, marks=pytest.mark.slow), pytest.param(100_000, marks=pytest.mark.nightly)])
def test_a_hundred_thousand_entities_would_take_less_than_a_minute(count: int) -> None:
    chance = random.Random(1)
    words = ["".join(chance.choices(string.ascii_lowercase, k=chance.randint(3, 9))) for _ in range(8000)]
    names = [" ".join(chance.choices(words, k=chance.randint(2, 4))) for _ in range(count)]
    entities = [
        entity(f"{name.replace(' ', '-')}-{number}", name, f"{name} group", where=f"p{number % 150}") for number, name in enumerate(names)
    ]
    start = process_time()
    assert find(*entities, entity("one", "Only One"), entity("two", "Only One"))
    assert process_time() - start < 60 * count / 100_000
