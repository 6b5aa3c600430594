"""Measures in a text: numbers with their units, and how exact they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from nevkg.reading.numbers import Number, read_numbers
from nevkg.reading.spans import TextSpan
from nevkg.reading.words import Vocabulary, Words, find_locale, find_meanings, normalise_word, word_pattern

# Between a number and its unit: at most three words, or five characters of a script without spaces, as in "150,000 new
# electric vehicles".
_GAP = re.compile(r"[\s\u00a0-]*(?:[\u3400-\u9fff]{1,5}|(?:[^\W\d_][\w-]*\s+){0,3})")
_LONGEST_SIGN = 5
_SPACES, _YEAR = re.compile(r"[\s\u00a0-]*"), re.compile(r"(?:19|20)\d\d")
_LATIN = re.compile(r"[A-Za-z]")
_CLAUSE_END = re.compile(r"[,;](?=\s)|[，；、。]")
_FAR_BEFORE, _FAR_AFTER = 40, 24  # characters between a number and the words that belong to it
_COMMAS = re.compile(r"\d[.,]\d{3}(?!\d)")
_MONEY = re.compile(r"[A-Z]{3}")
MONEY, NUMBER = "money", "number"
_NEAR = 12  # characters between a number and a word such as "about"
_SMALLEST = 100  # of the numbers without a unit


@dataclass(frozen=True)
class Measure(TextSpan):
    """A number with a unit, and the words that say how exact it is.

    Attributes:
        unit: the code of its unit; ``number`` if it has none.
        comparator: how exact it is, as a code; empty if exact.
    """

    number: Decimal
    unit: str
    comparator: str

    @property
    def dimension(self) -> str:
        """The unit, or ``money`` for any currency."""
        return MONEY if _MONEY.fullmatch(self.unit) else self.unit


def read_measures(text: str, language: str, words: Vocabulary, taken: Sequence[TextSpan] = ()) -> list[Measure]:
    """Returns the numbers of a text that have a unit, and large ones without, in order.

    Args:
        words: words of the kinds ``number``, ``unit``, ``rate`` (of time, such as *a year*) and ``comparator``. The meaning
            of a rate is added to the unit: *vehicles* and */year*.
        taken: what is no number, such as dates and names with digits.
    """
    signs = [word for word, code in words["unit"].of(language).items() if _MONEY.fullmatch(code)]
    numbers = [
        number
        for number in read_numbers(text, language, words["number"])
        if not _is_part_of_name(text, number, signs) and not number.overlaps(*taken)
    ]
    found = []
    for index, number in enumerate(numbers):
        ends = [0, *(other.end for other in (*taken, *numbers[:index]) if other.end <= number.start)]
        room = max(ends), numbers[index + 1].start if index + 1 < len(numbers) else len(text)
        if measure := _read_measure(text, language, words, number, room):
            found.append(measure)
    return found


def _is_part_of_name(text: str, number: Number, signs: Sequence[str]) -> bool:
    """Whether letters that are no sign of a currency come right before digits, as in the name of a model."""
    before = text[: number.start].casefold()
    is_after_letter = bool(before) and text[number.start].isdecimal() and _LATIN.match(before[-1]) is not None
    return is_after_letter and not before.endswith(tuple(signs))


def _read_measure(text: str, language: str, words: Vocabulary, number: Number, room: tuple[int, int]) -> Measure | None:
    """Returns the measure of a number, from the words around it in the given room; None if it is a small number without a unit."""
    value = choose_value(text, number, language)
    start, end, unit = _unit(text, language, words["unit"], number, room[0]) or (number.start, number.end, NUMBER)
    code, _, factor = unit.partition("*")
    value *= Decimal(factor or 1)
    if code == NUMBER and (value < _SMALLEST or _YEAR.fullmatch(text, number.start, number.end)):
        return None
    before = _CLAUSE_END.split(text[max(room[0], start - _FAR_BEFORE) : start])[-1]
    after = text[end : min(room[1], end + _FAR_AFTER)]
    for offset, place in ((end, after), (None, before)):
        rate = next(find_meanings(place, language, words["rate"]), None)
        if rate and code + rate.meaning in words["unit"].all:
            code += rate.meaning
            end = offset + rate.end if offset is not None else end
    comparators = words["comparator"]
    near = [word for word in find_meanings(before, language, comparators) if len(before) - word.end <= _NEAR]
    inside = [word for word in find_meanings(text[number.end : end + 3], language, comparators) if word.start <= end - number.end]
    if near:
        start -= len(before) - near[-1].start
    return Measure(start, end, value, code, near[-1].meaning if near else inside[0].meaning if inside else "")


def _unit(text: str, language: str, words: Words, number: Number, floor: int) -> tuple[int, int, str] | None:
    """Returns start and end of a number with its unit, and the unit; the sign of a currency may be before it."""
    meanings = {**_currency_names(language), **words.of(language)}
    pattern = _pattern(tuple(sorted(meanings)))
    first = max(floor, number.start - _LONGEST_SIGN)
    before = text[first : number.start].rstrip()
    for match in pattern.finditer(before):
        if match.end() == len(before) and _MONEY.fullmatch(meaning := meanings[normalise_word(match.group())]):
            return first + match.start(), number.end, meaning
    gap = (_SPACES if _YEAR.fullmatch(text, number.start, number.end) else _GAP).match(text, number.end)
    for position in range(number.end, (gap.end() if gap else number.end) + 1):
        if found := pattern.match(text, position):
            return number.start, found.end(), meanings[normalise_word(found.group())]
    return None


@lru_cache(maxsize=64)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(word_pattern(words), re.IGNORECASE)


def choose_value(text: str, number: Number, language: str) -> Decimal:
    """Returns what a number means most likely: 1.500 is 1500 in German and 1.5 in English."""
    if len(number.values) == 1:
        return next(iter(number.values))
    grouped = _COMMAS.search(text[number.start : number.end])
    if grouped and grouped.group()[1] == _decimal_sign(language):
        return min(number.values)
    return max(number.values)


@lru_cache(maxsize=64)
def _currency_names(language: str) -> dict[str, str]:
    """Returns the names of currencies, in singular and plural, with their ISO codes, from CLDR."""
    from babel.numbers import get_currency_name, list_currencies

    locale, found = find_locale(language), dict[str, str]()
    for code in sorted(list_currencies(locale)) if locale else ():
        for count in (None, 1, 2, 5):
            found.setdefault(get_currency_name(code, count, locale).casefold(), code)
    return found


@lru_cache(maxsize=64)
def _decimal_sign(language: str) -> str:
    locale = find_locale(language)
    return str(locale.number_symbols["latn"]["decimal"]) if locale and "latn" in locale.number_symbols else "."
