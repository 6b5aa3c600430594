"""The two dates of a request: ``as_of``, the day it asks about, and ``known_by``, the last publication day of sources."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.requests import HTTPConnection

from nevkg.ask import arguments
from nevkg.errors import WrongUsage
from nevkg.serve.http.problem import Problem

AS_OF, KNOWN_BY = "as_of", "known_by"


def read_clocks(given: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Returns ``as_of`` and ``known_by`` (ISO dates) from the parameters of a request, as far as they are given.

    Args:
        given: names and values of the parameters.

    Raises:
        Problem: 400 if a date is invalid or given twice.
    """
    found: dict[str, str] = {}
    for name, value in given:
        if name in (AS_OF, KNOWN_BY) and value:
            if name in found:
                raise Problem(400, f"Give '{name}' once.", more={"parameter": name})
            try:
                found[name] = arguments.day(value)
            except WrongUsage as error:
                raise Problem(400, f"{name}: {error}", more={"parameter": name}) from None
    return found


def clocks_of(request: HTTPConnection) -> dict[str, str]:
    """Returns ``as_of`` and ``known_by`` from the query string of a request; see ``read_clocks``."""
    return read_clocks(request.query_params.multi_items())
