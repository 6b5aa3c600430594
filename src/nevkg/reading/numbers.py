"""Numbers in a text, in the ways in which languages write them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from nevkg.reading.spans import TextSpan
from nevkg.reading.words import Words, is_spaced, normalise_word, word_pattern

_SPACES = r"\u00a0\u2009\u202f "
_GROUPS = rf"\d{{1,3}}([.,'’٬{_SPACES}])\d{{3}}(?:\1\d{{3}})*"
_INDIAN_GROUPS = r"\d{1,2}(?:,\d{2})+,\d{3}"
_DIGITS = re.compile(rf"(?:{_INDIAN_GROUPS}|{_GROUPS}|\d+)(?:[.,]\d+)?(?!\d)|\d+")
_FRACTION = re.compile(r"(?P<whole>.*)[.,](?P<part>\d+)", re.DOTALL)
_WHOLE = re.compile(rf"{_INDIAN_GROUPS}|{_GROUPS}|\d+")
_NO_DIGIT = re.compile(r"\D")
_SPACE = re.compile(f"[{_SPACES}]")
# What separates groups of three digits in languages in which it is no comma.
_SEPARATORS = dict.fromkeys(
    ("bg", "cs", "et", "fi", "fr", "hu", "kk", "lt", "lv", "no", "pl", "ru", "sk", "sv", "uk", "uz"), " "
) | dict.fromkeys(("da", "de", "el", "es", "hr", "id", "is", "it", "nl", "pt", "ro", "sl", "sr", "tr", "vi"), ".")
_MOST_DIGITS = 4
# A word from here on ends a part of a number: two million | three hundred | thousand | five.
_LARGE = 1000


@dataclass(frozen=True)
class Number(TextSpan):
    """A number in a text, and what it may mean: ``1.500`` is 1500 in one language and 1.5 in another."""

    values: frozenset[Decimal]


@dataclass(frozen=True)
class _Grammar:
    """The number words of a language, and how they may be joined."""

    values: Mapping[str, Decimal]
    word: re.Pattern[str]
    gap: re.Pattern[str]


def read_numbers(text: str, language: str, words: Words) -> list[Number]:
    """Returns the numbers of a text in order: digits, words, and digits with words such as ``1.5 million``.

    Args:
        words: number words. The meaning of each is a number in digits, or ``-`` for a word that may be between two
            others, such as *a* in *half a million*.
    """
    grammar = _grammar(tuple(sorted(words.of(language).items())))
    return list(_join(text, sorted(_parts(text, grammar), key=lambda part: part.start), grammar))


@lru_cache(maxsize=64)
def _grammar(words: tuple[tuple[str, str], ...]) -> _Grammar:
    values = {word: Decimal(meaning) for word, meaning in words if meaning != "-"}
    fillers = word_pattern(word for word, meaning in words if meaning == "-")
    return _Grammar(values, re.compile(word_pattern(values), re.IGNORECASE), re.compile(rf"[\s-]*(?:(?:{fillers})[\s-]*)?", re.IGNORECASE))


def _parts(text: str, grammar: _Grammar) -> Iterator[Number]:
    for match in _DIGITS.finditer(text):
        yield Number(match.start(), match.end(), read_digits(match.group()))
    for match in grammar.word.finditer(text):
        yield Number(match.start(), match.end(), frozenset({grammar.values[normalise_word(match.group())]}))


def read_digits(digits: str) -> frozenset[Decimal]:
    """Returns what digits with separators may mean, such as 1500 and 1.5 for ``1.500``."""
    values = set()
    if _WHOLE.fullmatch(digits):
        values.add(Decimal(_NO_DIGIT.sub("", digits)))
    if (fraction := _FRACTION.fullmatch(digits)) and _WHOLE.fullmatch(fraction["whole"]):
        values.add(Decimal(f"{_NO_DIGIT.sub('', fraction['whole'])}.{fraction['part']}"))
    if _SPACE.search(digits):  # a day or a year may stand before a number
        values |= {Decimal(part) for part in _SPACE.split(digits) if part.isdecimal()}
    return frozenset(values)


def _join(text: str, parts: list[Number], grammar: _Grammar) -> Iterator[Number]:
    """Joins a part with the words that go on with it."""
    run: list[Number] = []
    for part in parts:
        if run and not (grammar.gap.fullmatch(text, run[-1].end, part.start) and not text[part.start].isdecimal()):
            yield _combine(run)
            run = []
        run.append(part)
    if run:
        yield _combine(run)


def _combine(run: list[Number]) -> Number:
    """Adds small parts and multiplies by larger ones: 2, 100, 50, 1000 is 250,000."""
    totals, current = {Decimal(0)}, set(run[0].values)
    for part in run[1:]:
        (factor,) = part.values
        if factor >= _LARGE and 0 < max(totals) < factor:  # 3.5 万亿: all so far is multiplied
            totals, current = {Decimal(0)}, {total + value for total in totals for value in current or {Decimal(0)}}
        if factor >= 10 and max(current, default=Decimal(1)) < factor:
            current = {value * factor for value in current or {Decimal(1)}}
        else:
            current = {value + factor for value in current or {Decimal(0)}}
        if factor >= _LARGE:
            totals, current = {total + value for total in totals for value in current}, set()
    values = {total + value for total in totals for value in current or {Decimal(0)}}
    return Number(run[0].start, run[-1].end, frozenset(values))


def write_number(number: Decimal, language: str, words: Words) -> list[str]:
    """Returns ways in which pages in a language write a number, the most usual first: ``150,000``, ``1.5 lakh``, ``150 thousand``.

    Args:
        number: the number, at least 0.
        words: number words; see :func:`read_numbers`.
    """
    separator = _SEPARATORS.get(language, ",")
    point = "." if separator == "," else ","

    def write(value: Decimal) -> str:
        return f"{value:,f}".translate({ord(","): separator, ord("."): point})

    exact = Decimal(f"{number.normalize():f}")
    ways = [write(exact), f"{exact:f}".replace(".", point)]
    factors = {word: Decimal(meaning) for word, meaning in words.of(language).items() if meaning != "-"}
    for word, factor in sorted(factors.items(), key=lambda pair: -pair[1]):
        share = Decimal(f"{(exact / factor).normalize():f}") if factor >= _LARGE else Decimal(0)
        if share >= 1 and len(share.as_tuple().digits) < _MOST_DIGITS:
            ways.append(f"{write(share)}{' ' * is_spaced(word)}{word}")
    return list(dict.fromkeys(ways))
