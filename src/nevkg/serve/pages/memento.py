"""Pages of a day for clients that know Memento (RFC 7089): a page chooses among its days, and says so in its headers."""

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
    """The day (ISO) that a client asks for by ``Accept-Datetime``; None if it does not, or the address has a day already.

    Raises:
        Problem: 400 if it is no date.
    """
    text = request.headers.get(HEADER)
    if not text or AS_OF in request.query_params:
        return None
    try:
        day = parsedate_to_datetime(text).astimezone(UTC).date().isoformat()
        # Years of two digits, and such as 0001, are read as others.
        return arguments.day(day if day[:4] in text else text)
    except (ValueError, OverflowError, WrongUsage):
        raise Problem(400, f"{HEADER} is not a date of HTTP, such as 'Thu, 30 Apr 2025 00:00:00 GMT'.") from None


def headers(day: str | None, original: str, newest: str, links: Sequence[str]) -> dict[str, str]:
    """The headers of a page.

    Args:
        day: that of its address (ISO), if it has one.
        original: its address without a day.
        newest: the date of the dataset (ISO), after which no page differs.
        links: further links for the header ``Link``.
    """
    related = [*links, f'<{original}>; rel="original timegate"']
    if day is None:
        return {"Link": ", ".join(related)}
    moment = datetime.fromisoformat(min(day, newest)).replace(tzinfo=UTC)
    return {"Link": ", ".join(related), "Memento-Datetime": format_datetime(moment, usegmt=True)}
