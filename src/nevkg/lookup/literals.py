"""Formats numbers, figures such as *about US$490 million* and 约4.9亿美元, dates and periods for readers."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path

from nevkg.data import terms
from nevkg.data.paths import Layout
from nevkg.data.tables import read_rows
from nevkg.errors import InvalidData
from nevkg.words import words_of

_DATE = r"\d{4}(?:-\d\d){0,2}"
# One end at most is open.
_INTERVAL = re.compile(rf"(?!\.\./\.\.)(\.\.|{_DATE})/(\.\.|{_DATE})")
_WORDS = words_of("lookup.literals")

_TABLE = "figures.csv"
_COLUMNS = ["term", *terms.LANGUAGES]
# Where the number belongs in the words of a unit or comparator.
_NUMBER = "{}"
# The words for great numbers, the greatest first, and the decimals that are read at a glance.
_GREAT = {
    "en": ((10**12, " trillion"), (10**9, " billion"), (10**6, " million")),
    "zh": ((10**12, "万亿"), (10**8, "亿"), (10**4, "万")),
}
_DECIMALS = 3
# What joins a number with a unit or comparator that the table does not have.
_SPACE = {"en": " ", "zh": ""}


def format_beginning(since: str, language: str, *, is_undated: bool = False, silent_since: str = "") -> str:
    """Says since when something holds (ISO 8601-2); empty if that is unknown.

    Args:
        silent_since: for what is inferred from silence, the day (ISO) of the last news.
        is_undated: whether the end of an open interval is only the day on which an undated page was read.
    """
    if is_undated and since.startswith("../"):
        return _WORDS[language]["undated"].format(since.removeprefix("../"))
    if silent_since:
        return _WORDS[language]["silent"].format(since, silent_since)
    return _WORDS[language]["since"].format(format_interval(since, language)) if since else ""


def format_interval(text: str, language: str) -> str:
    """Formats an ISO 8601-2 interval, such as ``2026-11-24 or earlier`` for ``../2026-11-24``; any other text stays as it is."""
    interval = _INTERVAL.fullmatch(text)
    if not interval:
        return text
    start, end = interval.groups()
    if start == "..":
        return _WORDS[language]["or earlier"].format(end)
    return _WORDS[language]["or later"].format(start) if end == ".." else f"{start} – {end}"


def format_period(first_day: str, last_day: str, language: str) -> str:
    """Formats the period between two days (ISO, inclusive; empty if unknown) as coarsely as its source: as a year, month, day or range."""
    if first_day == last_day:
        return first_day
    if not (first_day and last_day):
        return format_interval(f"{first_day or '..'}/{last_day or '..'}", language)
    try:
        start, end = date.fromisoformat(first_day), date.fromisoformat(last_day)
    except ValueError:
        return f"{first_day} – {last_day}"
    length = len("2025-12-31")
    if start.day == 1 and end.day == monthrange(end.year, end.month)[1]:
        length = len("2025") if (start.month, end.month) == (1, 12) else len("2025-12")
    return " – ".join(dict.fromkeys((first_day[:length], last_day[:length])))


def format_number(text: str) -> str:
    """Formats a number with thousands separators; other text is returned unchanged."""
    value = _read_number(text)
    return text if value is None else f"{value:,f}"


def _read_number(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def shorten_number(text: str, language: str) -> str:
    """Formats a number as readers of a language say it, such as ``1.65 billion`` or 16.5亿; with all digits if it is not that round."""
    value = _read_number(text)
    if value is None:
        return text
    for size, word in _GREAT[language]:
        if abs(value) >= size:
            share = value / size
            if share == round(share, _DECIMALS):
                return f"{format_number(f'{share.normalize():f}')}{word}"
            break
    return format_number(text)


def word_number(layout: Layout, language: str, numbers: Sequence[str], units: Mapping[str, str], comparators: Mapping[str, str]) -> str:
    """Returns a figure in words.

    Args:
        numbers: the number, or the ends of a range.
        units: the labels of its units, by IRI.
        comparators: the labels of its comparators, by IRI.
    """
    patterns, space = _read_patterns(layout)[language], _SPACE[language]
    text = "–".join(shorten_number(number, language) for number in numbers)
    for iri, label in units.items():
        text = patterns.get(iri, f"{_NUMBER}{space}{label}").replace(_NUMBER, text)
    before = [patterns.get(iri, f"{label}{_NUMBER}").removesuffix(_NUMBER) for iri, label in comparators.items()]
    # Where sources differ, the words of those that are less exact remain.
    return space.join(filter(None, ("/".join(sorted(filter(None, before))), text)))


def adds_words(layout: Layout, language: str, iri: str) -> bool:
    """Whether a unit, a comparator or a scope adds words to a number; *exactly* and *the whole* do not."""
    return _read_patterns(layout)[language].get(iri) != _NUMBER


def _read_patterns(layout: Layout) -> Mapping[str, Mapping[str, str]]:
    """Returns the words of ``ontology/tables/figures.csv``, by language and by the IRI of a unit, a comparator or a scope."""
    file = layout.ontology / "tables" / _TABLE
    return _read(file, layout) if file.exists() else {language: {} for language in terms.LANGUAGES}


@lru_cache(maxsize=8)
def _read(file: Path, layout: Layout) -> Mapping[str, Mapping[str, str]]:
    spaces = terms.prefixes(layout.ontology)
    found: dict[str, dict[str, str]] = {language: {} for language in terms.LANGUAGES}
    for line, (term, *words) in read_rows(file, _COLUMNS):
        for (language, patterns), pattern in zip(found.items(), words, strict=True):
            if _NUMBER not in pattern:
                raise InvalidData(f"{file}, line {line}: the words in '{language}' lack {_NUMBER}, the place of the number.")
            patterns[terms.expand(term, spaces) or term] = pattern
    return found
