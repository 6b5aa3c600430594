"""Grounding: whether the words of a page mention the numbers, dates and names of a fact."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from nevkg.reading.dates import Date, Days, read_dates
from nevkg.reading.numbers import Number, read_numbers
from nevkg.reading.words import Words, word_pattern


@dataclass(frozen=True)
class Excerpt:
    """Words of a page and what they mention.

    Attributes:
        text: the words.
        numbers: the numbers among them.
        dates: the dates among them.
    """

    text: str
    numbers: tuple[Number, ...]
    dates: tuple[Date, ...]

    def mentions_number(self, number: Decimal) -> bool:
        """Whether a number is among the words, in any way of writing it."""
        return any(number in found.values for found in self.numbers)

    def mentions_days(self, days: Days) -> bool:
        """Whether a date is among the words that is within some days, so at least as exact as they are."""
        return any(days[0] <= first and last <= days[1] for found in self.dates for first, last in found.readings)

    def mentions_name(self, names: Collection[str]) -> bool:
        """Whether one of the names of an entity is among the words, in upper or lower case."""
        return re.search(word_pattern(name for name in names if name.strip()), self.text, re.IGNORECASE) is not None


def read_excerpt(text: str, language: str, words: Mapping[str, Words], published: date) -> Excerpt:
    """Reads words of a page.

    Args:
        text: the words.
        language: the language of the page.
        words: number words (``number``) and words of dates (``date``), as :func:`nevkg.reading.words.read_words` gives.
        published: the day of the page, which *yesterday* counts from.
    """
    nothing = Words({})
    return Excerpt(
        text,
        tuple(read_numbers(text, language, words.get("number", nothing))),
        tuple(read_dates(text, language, words.get("date", nothing), published)),
    )
