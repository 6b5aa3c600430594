"""Memento (RFC 7089): content negotiation by date with ``Accept-Datetime``, and the headers of dated pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from starlette.requests import Request

from nevkg.ask import arguments
from nevkg.errors import WrongUsage
from nevkg.serve.clocks import AS_OF
from nevkg.serve.http.problem import Problem

HEADER = "Accept-Datetime"


def wanted_day(request: Request) -> str | None:
    """Returns the ISO date of ``Accept-Datetime``; None without the header, or if the address already has a date.

    Raises:
        Problem: 400 if the header is not a valid date.
    """
    text = request.headers.get(HEADER)
    if not text or AS_OF in request.query_params:
        return None
    try:
        day = parsedate_to_datetime(text).astimezone(UTC).date().isoformat()
        # The parser changes years of two digits, and years such as 0001; those are rejected.
        return arguments.day(day if day[:4] in text else text)
    except (ValueError, OverflowError, WrongUsage):
        raise Problem(400, f"{HEADER} is not an HTTP date such as 'Thu, 30 Apr 2025 00:00:00 GMT'.") from None


def headers(day: str | None, original: str, newest: str, links: Sequence[str]) -> dict[str, str]:
    """Returns the headers of a page.

    Args:
        day: ISO date in the address of the page; None if there is none.
        original: address of the page without a date.
        newest: ISO date of the dataset; later dates give the same page.
        links: further links for the ``Link`` header.
    """
    related = [*links, f'<{original}>; rel="original timegate"']
    if day is None:
        return {"Link": ", ".join(related)}
    return {"Link": ", ".join(related), "Memento-Datetime": moment(min(day, newest))}


def moment(day: str) -> str:
    """Returns the beginning of a day (ISO) in UTC, as in HTTP headers."""
    return format_datetime(datetime.fromisoformat(day).replace(tzinfo=UTC), usegmt=True)
