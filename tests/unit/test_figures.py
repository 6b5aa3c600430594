"""Figures in words: great numbers, units and comparators in both languages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from shutil import copy

import pytest
from tests.support.worlds import CURRENT

from nevkg.data import terms
from nevkg.errors import InvalidData
from nevkg.lookup.literals import adds_words, format_beginning, shorten_number, word_number


@pytest.mark.parametrize(
    ("number", "en", "zh"),
    [
        ("6100", "6,100", "6,100"),
        ("150000", "150,000", "15万"),
        ("490000000", "490 million", "4.9亿"),
        ("1650000000", "1.65 billion", "16.5亿"),
        ("1234567", "1,234,567", "1,234,567"),
        ("-53.2", "-53.2", "-53.2"),
        ("16200000000000", "16.2 trillion", "16.2万亿"),
        ("1000000", "1 million", "100万"),
        ("NaN", "NaN", "NaN"),
        ("many", "many", "many"),
    ],
)
def test_only_round_numbers_are_shortened(number: str, en: str, zh: str) -> None:
    assert (shorten_number(number, "en"), shorten_number(number, "zh")) == (en, zh)


@pytest.mark.parametrize(
    ("numbers", "unit", "comparator", "language", "text"),
    [
        (["490000000"], "usd", "exactly", "en", "US$490 million"),
        (["490000000"], "usd", "exactly", "zh", "4.9亿美元"),
        (["150000"], "vehicles-per-year", "about", "en", "about 150,000 a year"),
        (["150000"], "vehicles-per-year", "about", "zh", "about15万辆/年"),
        (["100000", "150000"], "vehicles-per-year", "exactly", "en", "100,000–150,000 a year"),
        (["35"], "percent", "exactly", "en", "35%"),
        (["12"], "ships", "exactly", "en", "12 ships"),
        (["12"], "ships", "exactly", "zh", "12ships"),
    ],
)
def test_units_and_comparators_are_words_around_the_number(
    numbers: list[str], unit: str, comparator: str, language: terms.Language, text: str
) -> None:
    units, comparators = ({f"{terms.BASE}{kind}/{name}": name} for kind, name in (("unit", unit), ("comparator", comparator)))
    assert word_number(CURRENT, language, numbers, units, comparators) == text


def test_what_goes_without_saying_adds_no_words() -> None:
    assert not adds_words(CURRENT, "en", f"{terms.BASE}scope/whole")
    assert adds_words(CURRENT, "en", f"{terms.BASE}scope/phase")


def test_a_pattern_without_the_place_of_its_number_is_reported_with_its_line(tmp_path: Path) -> None:
    folder = tmp_path / "tables"
    folder.mkdir()
    copy(CURRENT.ontology / "context.jsonld", tmp_path)
    (folder / "figures.csv").write_text("term,en,zh\nunit:usd,US$,{}美元\n", encoding="utf-8")
    with pytest.raises(InvalidData, match=r"figures.csv, line 2: the words in 'en' lack \{\}"):
        word_number(replace(CURRENT, ontology=tmp_path), "en", ["1"], {}, {})


def test_the_day_of_reading_is_no_beginning() -> None:
    assert format_beginning("../2026-11-24", "en", is_undated=True) == "date unknown (page read on 2026-11-24)"
    assert format_beginning("../2026-11-24", "zh", is_undated=True) == "日期不明（网页读取于 2026-11-24）"
    assert format_beginning("../2022-09-08", "zh") == "始于 2022-09-08 或更早"
    assert format_beginning("2024-07", "en", is_undated=True) == "since 2024-07"
    last = "2022-07-01"
    assert format_beginning("2024-07-01", "en", silent_since=last) == "since 2024-07-01, from silence: last heard of on 2022-07-01"
    assert format_beginning("2024-07-01", "zh", silent_since=last) == "始于 2024-07-01，因久无消息推断：最近消息为 2022-07-01"
