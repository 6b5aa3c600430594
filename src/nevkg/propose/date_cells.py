"""Dates of a text as cells of a table."""

from __future__ import annotations

from datetime import date

from nevkg.reading.dates import Date, Days


def choose_days(found: Date, today: date, *, is_planned: bool) -> Days:
    """Returns what a date means most likely: of the past what has happened, of the future what is planned."""
    past = [days for days in found.readings if days[0] <= today]
    future = [days for days in found.readings if days[1] >= today]
    if is_planned and future:
        return min(future)
    return max(past) if past else found.readings[0]


def format_days(days: Days) -> str:
    """Returns days as a cell of a table: ``2025``, ``2025-H1``, ``2025-Q3``, ``2025-07`` or a day."""
    first, last = days
    months = last.month - first.month + 1
    is_whole = first.day == 1 and first.year == last.year and date.fromordinal(last.toordinal() + 1).day == 1
    if is_whole and months == 12:
        return f"{first.year}"
    if is_whole and months in (3, 6) and (first.month - 1) % months == 0:
        return f"{first.year}-{'Q' if months == 3 else 'H'}{1 + first.month // months}"
    if is_whole and months == 1:
        return f"{first.year}-{first.month:02}"
    return last.isoformat()


def format_period(days: Days) -> tuple[str, str]:
    """Returns the cells for the beginning and the end of a period; both are the same if one cell says all of it."""
    first, last = days
    cell = format_days(days)
    if first == last or cell != last.isoformat():
        return cell, cell
    if first.day == 1 and date.fromordinal(last.toordinal() + 1).day == 1:
        return f"{first.year}-{first.month:02}", f"{last.year}-{last.month:02}"
    return first.isoformat(), last.isoformat()
