"""A quote is found again in any copy of a page, and in no other text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nevkg.reading.quotes import find_words, normalise, quote, split_passages

PAGE = "The firm said: “It’s ready.” Output of 15 万辆 — all of it — begins\u00a0in ﬁve months.\nCafe\u0301 and caf\u00e9."


@pytest.mark.parametrize(
    "words",
    [
        '"It\'s ready."',
        "«It's ready.»",
        "15万辆",
        "１５ 万 辆",
        "all of it - begins in five months",
        "begins\nin\tfive\u200b mon\u00adths. Caf\u00e9",
        "caf\u00e9.",
    ],
)
def test_copies_of_a_page_differ_in_marks_spaces_and_forms(words: str) -> None:
    text = normalise(PAGE)
    places = list(quote(words).find(text))
    assert len(places) == 1
    assert places == find_words(words, text)
    start, end = places[0]
    assert normalise(PAGE[start:end]).plain == normalise(words).plain


@pytest.mark.parametrize(
    ("words", "passages"),
    [
        ("... opened in May ... 150,000 cars …", ["opened in May", "150,000 cars"]),
        ("went to Gent. [...] A place (…), they said", ["went to Gent.", "A place", "they said"]),
        ("well... perhaps… not", ["well... perhaps… not"]),
        (" ... ", []),
    ],
)
def test_free_standing_ellipses_separate_passages(words: str, passages: list[str]) -> None:
    assert split_passages(words) == passages


@pytest.mark.parametrize("words", ["it's ready", "15 万台", "six months", "The firm said It's"])
def test_other_words_are_not_found(words: str) -> None:
    assert not list(quote(words).find(normalise(PAGE)))
    assert not find_words(words, normalise(PAGE))


def test_a_quote_keeps_no_words() -> None:
    # `printf '"ready."' | sha256sum`
    assert quote("“ready.”").length == 8
    assert quote("“ready.”").digest == "7417cbf839773335f4c348e79a32a68b637cf08d9fc1ab63e4bd77bc6f8bdad1"
    assert quote(" \u200b\n").length == 0


def test_all_places_are_found() -> None:
    assert find_words("aba", normalise("ab a-a ba ababa")) == [(0, 4), (5, 9), (10, 13), (12, 15)]


@given(st.text(max_size=60), st.data())
def test_any_part_of_any_text_is_found_where_it_is(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    whole, part = normalise(text), text[start:end]
    if (start < len(text) and unicodedata.combining(text[start])) or (end < len(text) and unicodedata.combining(text[end])):
        return  # a mark cut off from its letter is another character
    plain = normalise(part).plain
    if plain and plain in whole.plain:
        assert any(normalise(text[first:last]).plain == plain for first, last in quote(part).find(whole))
