"""Sentences find the question that they ask, with its filters filled and the first line of its answer.

At most a third of the sentences were used while the search was built; the others say how it does with sentences that it has not seen.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from tests.support.worlds import SHIPPED

from nevkg.ask.catalogue import load_catalogue
from nevkg.ask.discovery import QUESTION, Match, discover
from nevkg.store import EmbeddedStore

with (Path(__file__).parent / "sentences.csv").open(encoding="utf-8", newline="") as file:
    SENTENCES = list(csv.DictReader(file))
SEEN = [row for row in SENTENCES if row["seen"] == "yes"]
UNSEEN = [row for row in SENTENCES if row["seen"] == "no"]
LEAST = 0.8  # of the sentences that were not used


def find(store: EmbeddedStore, text: str) -> list[Match]:
    return discover(store, load_catalogue(SHIPPED), text, 12, "en" if text.isascii() else "zh")


def is_asked(match: Match, row: dict[str, str]) -> bool:
    """Whether a match is the expected question with the expected filters."""
    given = {f"{name}={value}" for name, values in match.parameters.items() for value in values}
    wanted = set(row["parameters"].split())
    return match.kind == QUESTION and match.name == row["question"] and wanted <= {*given, f"as_of={match.as_of}"}


def test_there_are_enough_sentences() -> None:
    assert len(SENTENCES) >= 30
    assert len(SEEN) * 3 <= len(SENTENCES)
    assert {row["text"].isascii() for row in UNSEEN} == {True, False}


@pytest.mark.parametrize("row", SEEN, ids=[row["text"] for row in SEEN])
def test_the_question_is_first_with_the_beginning_of_its_answer(shipped: EmbeddedStore, row: dict[str, str]) -> None:
    first = find(shipped, row["text"])[0]
    assert is_asked(first, row)
    assert first.answer


def test_most_other_sentences_have_their_question_first_and_almost_all_among_the_first_three(shipped: EmbeddedStore) -> None:
    found = {row["text"]: [is_asked(match, row) for match in find(shipped, row["text"])[:3]] for row in UNSEEN}
    later = [text for text, asked in found.items() if not asked[0]]
    missed = [text for text in later if not any(found[text])]
    assert len(later) <= len(UNSEEN) * (1 - LEAST), later
    assert len(missed) <= 1, missed


def test_a_name_in_a_sentence_is_found_whatever_its_case(shipped: EmbeddedStore) -> None:
    for text in ("byd in thailand", "BYD THAILAND", "plants of byd in thailand"):
        names = {match.name.rpartition("/")[2] for match in find(shipped, text)[:6]}
        assert {"byd", "TH"} <= names, text


def test_common_words_are_no_names(shipped: EmbeddedStore) -> None:
    """IN and IT are countries; who writes *in* and *it* does not mean them."""
    assert find(shipped, "who makes it in Thailand")[0].parameters == {"country": ["place:TH"]}


def test_a_year_is_the_day_of_the_answer(shipped: EmbeddedStore) -> None:
    assert find(shipped, "who built in Thailand in 2022")[0].as_of == "2022-12-31"
    assert find(shipped, "who builds in Thailand")[0].as_of == ""
    assert find(shipped, "who will build in Thailand in 2090")[0].as_of == ""
