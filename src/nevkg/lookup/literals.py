"""Formats numbers, dates and periods for readers."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from decimal import Decimal, InvalidOperation

from nevkg.words import words_of

_DATE = r"\d{4}(?:-\d\d){0,2}"
# One end at most is open.
_INTERVAL = re.compile(rf"(?!\.\./\.\.)(\.\.|{_DATE})/(\.\.|{_DATE})")
_WORDS = words_of("lookup.literals")


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
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    return f"{value:,f}" if value.is_finite() else text
