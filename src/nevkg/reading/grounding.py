"""Grounding: whether the words of a page mention the numbers, dates and names of a fact."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from nevkg.reading.dates import Date, Days, read_dates
from nevkg.reading.measures import read_measures
from nevkg.reading.numbers import Number, read_numbers
from nevkg.reading.words import Vocabulary, Words, find_meanings, simplify, word_pattern

# Meanings of amounts that need numbers: what is left of a sum ("the rest"); a ratio of the numbers before and after it ("one in
# four"), also with the whole before the part (四分之一); and a fraction with its denominator, /10 ("two tenths", 四成).
_REST, _RATIO, _RATIO_OF_WHOLE, _FRACTION = "rest", "ratio", "ratio:whole", "/"
_HUNDRED = Decimal(100)
# The meanings of words for a decrease, such as the cue growth=-, end with this.
_DECREASE = "=-"


@dataclass(frozen=True)
class Excerpt:
    """Words of a page and what they mention.

    Attributes:
        numbers: the numbers among them, in digits or words, with those that they stand for: in other units, and as percentages.
        decreases: whether the words say that something decreases, so that 31 stands for -31, too.
    """

    text: str
    numbers: frozenset[Decimal]
    decreases: bool
    dates: tuple[Date, ...]

    def mentions_number(self, number: Decimal) -> bool:
        """Whether a number is among the words, in any way of writing it."""
        return number in self.numbers or (self.decreases and number < 0 and -number in self.numbers)

    def mentions_days(self, days: Days) -> bool:
        """Whether a date is among the words that is within some days, so at least as exact as they are."""
        return any(days[0] <= first and last <= days[1] for found in self.dates for first, last in found.readings)

    def has_dates_besides(self, due: Days | None) -> bool:
        """Whether a date is among the words that is not that for which something is planned."""
        return any(due is None or last < due[0] or due[1] < first for found in self.dates for first, last in found.readings[:1])

    def mentions_name(self, names: Collection[str]) -> bool:
        """Whether one of the names of an entity is among the words, in upper or lower case, traditional or simplified."""
        pattern = word_pattern(simplify(name) for name in names if name.strip())
        return re.search(pattern, simplify(self.text), re.IGNORECASE) is not None

    def shares_script(self, names: Iterable[str]) -> bool:
        """Whether one of the names has letters of the script that most of the words are in: Latin, Han, Thai."""
        main = Counter(_scripts(self.text)).most_common(1)
        return any(script == main[0][0] for name in names for script in _scripts(name)) if main else False


def read_excerpt(text: str, language: str, words: Vocabulary, published: date) -> Excerpt:
    """Reads words of a page.

    Args:
        words: words of the kinds ``number``, ``unit``, ``amount`` and ``cue``, and words of dates (``date``).
        published: the day of the page, which *yesterday* counts from.
    """
    original, text = text, simplify(text, language)
    numbers = read_numbers(text, language, words["number"])
    found = {value for number in numbers for value in number.values}
    found |= {measure.number for measure in read_measures(text, language, words)}
    found |= set(_read_amounts(text, language, words["amount"], numbers))
    cues = find_meanings(text, language, words["cue"])
    return Excerpt(
        original,
        frozenset(found),
        any(cue.endswith(_DECREASE) for word in cues for cue in word.meaning.split("|")),
        tuple(read_dates(text, language, words["date"], published)),
    )


def _read_amounts(text: str, language: str, words: Words, numbers: Sequence[Number]) -> Iterator[Decimal]:
    """Yields the numbers that words stand for which are not numbers themselves, such as 25 for *one in four* percent."""
    for number in numbers:
        if not any(character.isdecimal() for character in text[number.start : number.end]):
            yield from _percentages(number.values)
    for word in find_meanings(text, language, words):
        first, last, meaning = word.start, word.end, word.meaning
        before = {value for number in numbers if not text[number.end : first].strip(" -") for value in number.values if number.end <= first}
        after = {value for number in numbers if not text[last : number.start].strip() for value in number.values if number.start >= last}
        if meaning == _REST:
            values = {_HUNDRED, *(value for number in numbers for value in number.values)}
            yield from (whole - part for whole in values for part in values if part < whole)
        elif meaning in (_RATIO, _RATIO_OF_WHOLE):
            parts, wholes = (before, after) if meaning == _RATIO else (after, before)
            yield from _percentages(part / whole for part in parts for whole in wholes if whole)
        elif meaning.startswith(_FRACTION):
            yield from _percentages(part / Decimal(meaning.removeprefix(_FRACTION)) for part in before or {Decimal(1)})
        else:
            yield Decimal(meaning)


def _percentages(fractions: Iterable[Decimal]) -> Iterator[Decimal]:
    """Yields fractions below 1 as percentages; a third is 33, 33.3 or 33.33."""
    for fraction in fractions:
        if 0 < fraction < 1:
            percent = fraction * _HUNDRED
            yield from (round(percent, digits) for digits in (0, 1, 2)) if round(percent, 2) != percent else (percent,)


def _scripts(text: str) -> Iterator[str]:
    """Yields the script of each letter, as the first word of its name in Unicode says."""
    return (unicodedata.name(letter, "").partition(" ")[0] for letter in text if letter.isalpha())
