"""Pairs that are likely one thing: what is found, what is not, and what has been judged."""

from __future__ import annotations

import random
import string
from pathlib import Path
from time import process_time

import pytest

from nevkg.contribute.duplicates import ANYTHING, Candidate, Entity, Judgements, find_candidates, read_generic_words
from nevkg.errors import InvalidData

FIRM, SITE = "https://example.org/Firm", "https://example.org/Site"
GENERIC = {ANYTHING: frozenset({"of", "and"}), FIRM: frozenset({"group", "company", "motors", "集团"}), SITE: frozenset({"works"})}


def thing(slug: str, *names: str, kind: str = FIRM, where: str = "", at: str = "") -> Entity:
    return Entity(slug, frozenset({kind}), names, slug, frozenset(where.split()), frozenset(at.split()))


def found(*things: Entity, judged: Judgements | None = None) -> list[Candidate]:
    return find_candidates(things, judged or Judgements(), GENERIC)


@pytest.mark.parametrize(
    ("one", "two", "reason"),
    [
        (thing("a", "Škoda-Works!"), thing("b", "skoda works"), "the same name"),
        (thing("a", "Nord DM-i"), thing("b", "Nord DMi"), "the same name"),
        (thing("a", "Hub Power (Hubco)"), thing("b", "Hub Power"), "the same name"),
        (thing("a", "东方汽车"), thing("b", "Orient", "东方汽车"), "the same name"),
        (thing("a", "Orient"), thing("b", "Dongfang", "Orient"), "the same name"),
        (thing("nord"), thing("nord-group"), "the same name except for generic words"),
        (thing("a", "Nord Motors"), thing("b", "Nord Group"), "the same name except for generic words"),
        (thing("a", "北方集团"), thing("b", "北方"), "the same name except for generic words"),
        (thing("siam-board"), thing("board-of-siam"), "the same words in another order"),
        (thing("gm", where="cc"), thing("x", "General Motors", where="cc"), "initials"),
        (thing("x", "Nord", "League of Northern Makers", where="cc"), thing("lnm", where="cc"), "initials"),
        (thing("x", "Norddeutsche Wagen"), thing("y", "Nordeutsche Wagen"), "similar spelling"),
        (
            thing("x", "Quota on twelve fine things", where="cc"),
            thing("y", "Quota on twelve good things", where="cc"),
            "the same words except one",
        ),
        (
            thing("nord-komarom", "Nord bus works", kind=SITE, at="place/HU-komarom"),
            thing("komarom-ii", "Second works of Nord", kind=SITE, at="place/HU-komarom"),
            "a word in common at the same place",
        ),
    ],
)
def test_found(one: Entity, two: Entity, reason: str) -> None:
    (pair,) = found(one, two)
    assert {pair.first, pair.second} == {one.iri, two.iri}
    assert pair.reason.partition(":")[0] == reason
    assert found(two, one) == [pair]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (thing("a", "Nord"), thing("b", "Nord India")),  # an extra word that tells
        (thing("a", "Nord"), thing("b", "Nord", kind=SITE)),  # another kind
        (thing("a", "Ministry", where="TH"), thing("b", "Ministry", where="ID VN")),  # elsewhere
        (thing("a", "Tiggotiggo 7"), thing("b", "Tiggotiggo 8")),  # another number
        (thing("a", "Northern HEV"), thing("b", "Northern PHEV")),  # an abbreviation is no slip
        (thing("a", "Nord"), thing("b", "Norf")),  # too short for slips
        (thing("a", "Group"), thing("b", "Company")),  # nothing but generic words
        (thing("a", "Quota on ten fine things"), thing("b", "Quota on ten good things")),  # nowhere in common
        (thing("nord-gyor", kind=SITE, at="place/HU-gyor"), thing("sued-gyor", kind=SITE, at="place/HU-gyor")),  # the place's own name
        (thing("nord-gyor", kind=SITE, at="place/HU-gyor"), thing("nord-pecs", kind=SITE, at="place/HU-pecs")),
    ],
)
def test_not_found(one: Entity, two: Entity) -> None:
    assert found(one, two) == []


def test_a_common_first_word_may_be_left_out() -> None:
    others = [thing(f"nord-{name}") for name in ("alpha", "beta", "gamma", "delta")]
    (pair,) = found(*others, thing("nord-hyper-x"), thing("hyper-x"))
    assert (pair.first, pair.second) == ("hyper-x", "nord-hyper-x")


def test_where_of_one_alone_keeps_nothing_apart() -> None:
    assert len(found(thing("a", "Nord", where="CN"), thing("b", "Nord"))) == 1


def test_the_best_reason_of_a_pair_stands_and_the_likeliest_pair_comes_first() -> None:
    pairs = found(thing("gm", "General Motors"), thing("general-motors"), thing("x", "Süd Motors"), thing("y", "Süd Group"))
    assert [(pair.first, pair.second, pair.score) for pair in pairs] == [("general-motors", "gm", 100), ("x", "y", 97)]


def test_what_has_been_judged_is_silent() -> None:
    three = thing("a", "Nord"), thing("b", "Nord"), thing("c", "Nord")
    assert len(found(*three)) == 3
    assert found(*three, judged=Judgements({"a": "b", "b": "c"})) == []
    assert found(*three, judged=Judgements({}, (frozenset({"a", "b", "c"}),))) == []


def test_judgements_hold_for_what_has_been_merged() -> None:
    three = thing("a", "Nord"), thing("b", "Nord"), thing("c", "Nord")
    assert found(*three, judged=Judgements({"a": "b"}, (frozenset({"b", "c"}),))) == []
    assert found(*three, judged=Judgements({"a": "b"}, (frozenset({"a", "c"}),))) == []
    (left,) = found(*three, judged=Judgements({"a": "b"}))
    assert (left.first, left.second) == ("b", "c")


def test_merges_in_a_circle_are_an_error() -> None:
    with pytest.raises(InvalidData, match="form a cycle; remove one"):
        found(thing("a"), judged=Judgements({"a": "b", "b": "a"}))


def test_generic_words_are_read_by_class(tmp_path: Path) -> None:
    table = tmp_path / "words.csv"
    table.write_text("class,word\nx:Firm,Gröup\nx:Firm,集团\nx:Site,works\n", encoding="utf-8")
    assert read_generic_words(table, {"x": "https://example.org/"}) == {FIRM: frozenset({"group", "集团"}), SITE: frozenset({"works"})}


@pytest.mark.slow
def test_a_hundred_thousand_things_take_less_than_a_minute() -> None:
    chance = random.Random(1)
    words = ["".join(chance.choices(string.ascii_lowercase, k=chance.randint(3, 9))) for _ in range(8000)]
    names = [" ".join(chance.choices(words, k=chance.randint(2, 4))) for _ in range(100_000)]
    many = [
        thing(f"{name.replace(' ', '-')}-{number}", name, f"{name} group", where=f"p{number % 150}") for number, name in enumerate(names)
    ]
    start = process_time()
    assert found(*many, thing("one", "Only One"), thing("two", "Only One"))
    assert process_time() - start < 60
