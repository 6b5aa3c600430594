"""Dates in a text, in the ways in which languages write them, as the days that they cover."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from nevkg.reading.spans import TextSpan, choose_longest
from nevkg.reading.words import Words, find_locale, normalise_word, word_pattern

Days = tuple[date, date]

_YEAR = r"(?P<year>(?:18|19|20|25)\d\d)"
_DAY = r"(?P<day>3[01]|[12]\d|0?[1-9])"
_MONTH = r"(?P<month>1[0-2]|0?[1-9])"
_LAST_MONTH = r"(?P<last_month>1[0-2]|0?[1-9])"
_ALONE = r"(?<![\d.,:])"  # a number that is not the end of a longer one
# A month of the Thai calendar's year 2568 is one of 2025.
_BUDDHIST = 543
# In 上周四, the last character of 上周 is the first one of 周四. But 上周一家公司 is "a company, last week".
_WEEK = "周"
_RELATIVE = re.compile(r"(?P<unit>day|week|month|quarter|half|year)(?P<offset>[+-]\d+)")
_PART = re.compile(r"(?:quarter|half):[1-4]|months:1?\d")
_TO, _OF, _OF_PART = "to", "-", "-part"
_INITIALS = {"q": "quarter", "h": "half"}
_MONTHS_OF = {"month": 1, "quarter": 3, "half": 6, "year": 12}


@dataclass(frozen=True)
class Date(TextSpan):
    """A date in a text, and the first and last day of what it may mean: a month without a year may be of several years."""

    readings: tuple[Days, ...]


def read_dates(text: str, language: str, words: Words, today: date) -> list[Date]:
    """Returns the dates of a text in order, the longest reading of each place.

    Args:
        words: words of dates. A meaning is ``day-1`` (yesterday; also week, month, quarter, half, year), ``quarter:1`` or
            ``half:2``, ``months:6`` for the first six months, ``to`` for a word between two months, ``-`` for one that may be
            between two parts of a date, such as *of*, or ``-part`` for one only after a part of a year: *the third quarter in 2025*.
        today: the day of the page, which relative dates count from.
    """
    patterns = _patterns(language.lower().partition("-")[0], tuple(sorted(words.of(language).items())))
    return choose_longest(
        Date(match.start(), match.end(), readings)
        for pattern in patterns.all
        for match in pattern.finditer(text)
        if (readings := tuple(dict.fromkeys(_readings(match.groupdict(), patterns, today))))
    )


@dataclass(frozen=True)
class _Patterns:
    all: tuple[re.Pattern[str], ...]
    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    words: Mapping[str, str]


@lru_cache(maxsize=64)
def _patterns(language: str, meanings: tuple[tuple[str, str], ...]) -> _Patterns:
    months, weekdays = _calendar_names(language)
    words = {word: meaning for word, meaning in meanings if meaning not in (_OF, _OF_PART, _TO)}
    parts = word_pattern(word for word, meaning in words.items() if _PART.fullmatch(meaning))
    relative = word_pattern(word for word, meaning in words.items() if _RELATIVE.fullmatch(meaning))
    gap, part_gap = (
        rf"(?:[\s,./-]*(?:(?:{word_pattern(word for word, meaning in meanings if meaning in between)})[\s,]*)?)"
        for between in ((_OF,), (_OF, _OF_PART))
    )
    to = rf"\s*(?:[-–—~]|{word_pattern(word for word, meaning in meanings if meaning == _TO)})\s*"
    month_names = rf"(?-i:{word_pattern(_cased(months))})"
    name, weekday = rf"(?P<name>{month_names})\.?", rf"(?P<weekday>{word_pattern(weekdays)})"
    day = rf"{_ALONE}{_DAY}(?:st|nd|rd|th|\.|º|er)?(?!\d)"
    year = rf"{_YEAR}(?!\d)"
    part = rf"(?P<part>{parts}|(?<!\w)[QH][1-4](?!\w))"
    return _Patterns(
        tuple(
            re.compile(pattern, re.IGNORECASE)
            for pattern in (
                rf"{_ALONE}{_YEAR}[-/.]{_MONTH}(?:[-/.]{_DAY})?(?!\d)",
                rf"{_ALONE}(?P<either>){_DAY}[./-]{_MONTH}[./-]{year}",
                rf"{_ALONE}{_MONTH}/{_DAY}/{year}",
                rf"(?:(?P<relative>{relative})|{_ALONE}{_YEAR}\s*年)?\s*{_ALONE}{_MONTH}(?:\s*月)?{to}{_LAST_MONTH}\s*月(?:份)?(?!\s*\d)",
                rf"{name}{to}(?P<last_name>{month_names})\.?(?!\s*\d\d?(?!\d))(?:{gap}{year})?",
                rf"{_ALONE}(?:{_YEAR}\s*年\s*)?{_MONTH}\s*月(?:份|\s*{_DAY}\s*[日号號])?",
                rf"(?P<relative>{relative})\s*{_MONTH}\s*月(?:份|\s*{_DAY}\s*[日号號])?",
                rf"{_ALONE}{_YEAR}\s*年",
                rf"{_ALONE}{_DAY}\s*[日号號](?!产|均)",
                rf"{day}{gap}{name}(?:{gap}{year})?",
                rf"{name}{gap}{day}(?:{gap}{year})?",
                rf"{_ALONE}{_YEAR}{gap}{name}{gap}{day}",
                rf"{name}(?:{gap}{year})?",
                rf"{part}(?:{part_gap}{year})?",
                rf"{_ALONE}{year}\s*年?{gap}{part}",
                rf"{part}{part_gap}(?P<relative>{relative})",
                rf"(?P<relative>{relative})(?:{gap}{part})?",
                rf"(?:(?P<relative>{relative})\s*)?{weekday}",
                rf"(?P<relative>{relative})(?<={_WEEK})(?P<weekday>[一二三四五六日])(?![家个名些批座款项])",
                rf"{_ALONE}{year}",
            )
        ),
        {name.casefold(): number for name, number in months.items()},
        {form: number for name, number in weekdays.items() for form in (name.casefold(), name.removeprefix(_WEEK))},
        words,
    )


def _calendar_names(language: str) -> tuple[dict[str, int], dict[str, int]]:
    """Returns the names of months (1 to 12) and days of the week (0 to 6) in a language and in English, from CLDR."""
    months: dict[str, int] = {}
    weekdays: dict[str, int] = {}
    for locale in filter(None, map(find_locale, dict.fromkeys(("en", "en_GB", language)))):
        for names, kinds in ((months, locale.months), (weekdays, locale.days)):
            for context in kinds.values():
                for width in ("wide", "abbreviated"):
                    for number, name in context[width].items():
                        word = name.removesuffix(".")
                        if len(word) > 1 and not word[0].isdecimal():
                            names[word] = number
    return months, weekdays


def _cased(names: Iterable[str]) -> set[str]:
    """Returns names as they are and as a sentence begins with them, so that the verb *may* is no month."""
    return {form for name in names for form in (name, name[0].upper() + name[1:])}


def _readings(parts: Mapping[str, str | None], patterns: _Patterns, today: date) -> Iterator[Days]:
    """Yields the days of what a pattern has found; nothing for a day that is not in the calendar."""
    year, month, day = (int(parts.get(name) or 0) for name in ("year", "month", "day"))
    if year > today.year + _BUDDHIST // 2:
        year -= _BUDDHIST
    if name := parts.get("name"):
        month = patterns.months[_plain(name)]
    last_month = patterns.months[_plain(last)] if (last := parts.get("last_name")) else int(parts.get("last_month") or 0)
    years = [year] if year else _years(parts, patterns, today)
    if part := parts.get("part"):
        for each in years:
            yield _part_of_year(patterns.words.get(_plain(part)) or f"{_INITIALS[part[0].lower()]}:{part[1]}", each)
    elif weekday := parts.get("weekday"):
        latest = today - timedelta((today.weekday() - patterns.weekdays[_plain(weekday)]) % 7)
        weeks_apart: tuple[int, ...] = (0, -1, 1)
        if (relative := parts.get("relative")) and not relative.isascii():  # 上周四, unlike "last Thursday", is of the week before
            unit, offset = _relative(relative, patterns)
            latest = today + timedelta(patterns.weekdays[_plain(weekday)] - today.weekday())
            weeks_apart = (offset,) if unit == "week" else weeks_apart
        for weeks in weeks_apart:
            yield latest + timedelta(7 * weeks), latest + timedelta(7 * weeks)
    elif last_month:
        for each in years:
            if month < last_month:
                yield _months(each, month, last_month)
                yield from calendar_days(each, last_month, 0)  # what a table of these months says may be of the last one
    elif month:
        for each in years:
            yield from calendar_days(each, month, day)
            if parts.get("either") is not None and day <= 12:  # 3/12/2025
                yield from calendar_days(each, day, month)
    elif day:
        for offset in (0, -1):
            first, _ = _shift("month", offset, today)
            yield from calendar_days(first.year, first.month, day)
    elif year:
        yield date(year, 1, 1), date(year, 12, 31)
    elif relative := parts.get("relative"):
        yield _shift(*_relative(relative, patterns), today)


def _plain(word: str) -> str:
    return normalise_word(word).removesuffix(".")


def _relative(word: str, patterns: _Patterns) -> tuple[str, int]:
    unit, offset = _RELATIVE.fullmatch(patterns.words[_plain(word)]).groups()  # type: ignore[union-attr]  # a part of the pattern
    return unit, int(offset)


def _years(parts: Mapping[str, str | None], patterns: _Patterns, today: date) -> list[int]:
    """Returns the years that a date without a year may be of, the likeliest first."""
    if relative := parts.get("relative"):
        unit, offset = _relative(relative, patterns)
        if unit == "year":
            return [today.year + offset]
    return [today.year, today.year - 1, today.year + 1]


def calendar_days(year: int, month: int, day: int) -> Iterator[Days]:
    """Yields a day or, if it is 0, the days of its month; nothing for what is not in the calendar."""
    length = calendar.monthrange(year, month)[1] if 1 <= month <= 12 else 0
    if day and day <= length:
        yield date(year, month, day), date(year, month, day)
    elif length and not day:
        yield _months(year, month, month)


def _part_of_year(meaning: str, year: int) -> Days:
    unit, _, number = meaning.partition(":")
    if unit == "months":
        return _months(year, 1, min(int(number), 12))
    months = _MONTHS_OF[unit]
    last = min(int(number) * months, 12)
    return _months(year, last - months + 1, last)


def _months(year: int, first: int, last: int) -> Days:
    return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])


def _shift(unit: str, offset: int, today: date) -> Days:
    """Returns the days of a day, week, month, quarter, half or year, so many before or after that of today."""
    if unit in {"day", "week"}:
        first = today - timedelta(today.weekday() if unit == "week" else 0) + timedelta(offset * (7 if unit == "week" else 1))
        return first, first + timedelta(6 if unit == "week" else 0)
    months = _MONTHS_OF[unit]
    index = (today.year * 12 + today.month - 1) // months * months + offset * months
    return _months(index // 12, index % 12 + 1, index % 12 + months)
