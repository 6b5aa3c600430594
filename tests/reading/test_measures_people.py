"""Sentences, measures and names of persons in texts."""

from __future__ import annotations

from decimal import Decimal

import pytest

from nevkg.data.paths import Layout
from nevkg.reading.measures import read_measures
from nevkg.reading.people import find_people, romanise, sound_alike
from nevkg.reading.sentences import split_sentences
from nevkg.reading.spans import TextSpan
from nevkg.reading.words import find_meanings, read_words

WORDS = read_words(Layout.find().ontology / "tables" / "words.csv")


@pytest.mark.parametrize(
    ("language", "text", "measures"),
    [
        ("en", "an annual capacity of about 100,000 vehicles", [(100000, "vehicles/year", "about")]),
        ("en", "$1.2 billion and 2,000 new jobs", [(1200000000, "USD", ""), (2000, "persons", "")]),
        ("en", "It sold 14,900, more than 9.8% of the total", [(14900, "number", ""), (Decimal("9.8"), "percent", "over")]),
        ("en", "the X9 was shown in 2025", []),
        ("zh", "年产能约15万辆，创造3000余个岗位", [(150000, "vehicles/year", "about"), (3000, "persons", "over")]),
        ("zh", "总投资超过1.2亿美元", [(120000000, "USD", "over")]),
        ("zh", "去年产量1.1万辆", [(11000, "vehicles", "")]),
        ("de", "150.000 Fahrzeuge pro Jahr, rund 1,5 Milliarden Euro", [(150000, "vehicles/year", ""), (1500000000, "EUR", "about")]),
        ("en", "8 billion Kenyan shillings", [(8000000000, "KES", "")]),
    ],
)
def test_measures(language: str, text: str, measures: list[tuple[Decimal, str, str]]) -> None:
    days = [TextSpan(0, 2)] if text.startswith("去年") else []
    assert [(each.number, each.unit, each.comparator) for each in read_measures(text, language, WORDS, days)] == measures


@pytest.mark.parametrize(
    ("language", "text", "names"),
    [
        ("en", "said Hernán Quiroga, general manager of the company", ["Hernán Quiroga"]),
        ("en", "Its president, Luz Marina Ospina, said she doubted it", ["Luz Marina Ospina"]),
        ("en", "says Anchalee Wongrat of the Monitor", ["Anchalee Wongrat"]),
        ("en", "The company said that it would grow", []),
        ("zh", "副总裁陈维疆在仪式后说", ["Chen Weijiang"]),
        ("zh", "分析师马丁·莱德斯马（Martín Ledesma）认为", ["Martín Ledesma"]),
        ("zh", "部长此前表示", []),
    ],
)
def test_people_are_named_beside_posts_and_words_of_speaking(language: str, text: str, names: list[str]) -> None:
    cues = list(find_meanings(text, language, WORDS["cue"]))
    posts = [cue for cue in cues if "post=" in cue.meaning]
    speech = [cue for cue in cues if "claim" in cue.meaning.split("|")]
    assert [person.name for person in find_people(text, language, WORDS, posts, speech, [])] == names


def test_chinese_names_in_latin_letters() -> None:
    assert romanise("陈维疆") == "Chen Weijiang"


def test_sentences_keep_abbreviations_and_numbers_whole() -> None:
    text = "Changan Co. opened it at 1.5 times the U.S. size. It grew！工厂投产。\nNew line"
    assert [each.text for each in split_sentences(text)] == [
        "Changan Co. opened it at 1.5 times the U.S. size.",
        "It grew！",
        "工厂投产。",
        "New line",
    ]
    assert all(text[each.start : each.end] == each.text for each in split_sentences(text))


@pytest.mark.parametrize(
    ("native", "latin", "alike"),
    [
        ("萨拉戈萨", "Zaragoza", True),
        ("罗斯林", "Rosslyn", True),
        ("伊拉塞马波利斯", "Iracemápolis", True),
        ("布哈拉", "Jizzakh", False),
        ("若季诺", "Borisov", False),
    ],
)
def test_a_chinese_name_transcribes_a_latin_one(native: str, latin: str, alike: bool) -> None:
    assert sound_alike(native, latin) is alike
