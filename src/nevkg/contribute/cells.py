"""Parses the text of cells: dates of any precision, numbers, names."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from nevkg.lookup.search import normalise

_DATE = re.compile(r"(\d{4})(?:-(?:(\d{2})(?:-(\d{2}))?|Q([1-4])|H([12])))?\Z")
_AMBIGUOUS = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{2,4})\Z")
_NUMBER = re.compile(r"-?\d+(\.\d+)?\Z")
_RATIO = re.compile(r"(\d+(?:\.\d+)?):1\Z")
_GROUPED = re.compile(r"-?\d{1,3}([ ,.'’]\d{3})+\Z")
_LATIN = str.maketrans({"ı": "i", "ß": "ss", "ø": "o", "ł": "l"})
DATE_FORMS = "2025, 2025-07, 2025-07-01, 2025-Q3 or 2025-H1"


@dataclass(frozen=True)
class Span:
    """The days that a date covers; the precision is ``day``, ``month``, ``quarter``, ``half-year`` or ``year``."""

    first: str
    last: str
    precision: str


def read_date(text: str, precision: str = "") -> Span:
    """Returns the days that a date covers.

    Args:
        text: a date such as ``2025``, ``2025-07``, ``2025-07-01``, ``2025-Q3`` or ``2025-H1``.
        precision: ``quarter`` and ``half-year`` widen a date of finer precision, but not a day; any other value must
            equal the precision of the date. Empty for no check.

    Raises:
        ValueError: if the text is not a date, or has another precision. The message is a sentence for the user.
    """
    match = _DATE.match(text)
    if match is None:
        ambiguous = _AMBIGUOUS.match(text)
        if ambiguous:
            raise ValueError(f"'{text}' can be read in more than one way; write the date as 2025-07-01")
        raise ValueError(f"'{text}' is not a date; write it as {DATE_FORMS}")
    year, month, day, quarter, half = (int(part) if part else 0 for part in match.groups())
    try:
        if day:
            date(year, month, day)
        elif month and not 1 <= month <= 12:
            raise ValueError
        date(year, 1, 1)
    except ValueError:
        raise ValueError(f"'{text}' is not in the calendar; write the date as {DATE_FORMS}") from None
    own = "day" if day else "month" if month else "quarter" if quarter else "half-year" if half else "year"
    if precision == "quarter" and own == "month":
        quarter, month, own = (month + 2) // 3, 0, "quarter"
    if precision == "half-year" and own in ("month", "quarter"):
        half, month, quarter, own = (max(month, 3 * quarter) + 5) // 6, 0, 0, "half-year"
    if precision and precision != own:
        raise ValueError(f"the date '{text}' has the precision {own}, but the row states {precision}; correct one of them")
    last_month = month or 3 * quarter or 6 * half or 12
    first = date(year, month or (last_month - 2 if quarter else last_month - 5 if half else 1), day or 1)
    last = date(year, last_month, day or calendar.monthrange(year, last_month)[1])
    return Span(first.isoformat(), last.isoformat(), own)


def read_number(text: str) -> Decimal:
    """Returns the number in a cell. For a ratio such as ``3:1``, this is the number before the colon.

    Raises:
        ValueError: if the text is not a plain number. The message is a sentence for the user.
    """
    ratio = _RATIO.match(text)
    plain = ratio[1] if ratio else text
    if not _NUMBER.match(plain):
        if _GROUPED.match(text):
            raise ValueError(f"'{text}' contains separators; write {re.sub(r'[^0-9-]', '', text)} if that is the number")
        raise ValueError(f"'{text}' is not a plain number such as 490000000 or 17.5")
    return Decimal(plain)


def local_name(code: str) -> str:
    """Returns the local name of the term that a code denotes: ``gwh-per-year`` for ``GWh/year``."""
    name = slug(code.replace("/", " per ").replace("%", " percent ").replace("²", "2").replace("³", "3"))
    return name or "-".join(f"{ord(char):x}" for char in code)


def slug(text: str) -> str:
    """Returns text as lower-case Latin letters without diacritics, digits and single hyphens; other scripts as code points."""
    letters = normalise(text.casefold().replace("+", " plus ").translate(_LATIN))
    encoded = "".join(char if char.isascii() or not char.isalnum() else f"-{ord(char):x}-" for char in letters)
    return re.sub(r"[^a-z0-9]+", "-", encoded).strip("-")
