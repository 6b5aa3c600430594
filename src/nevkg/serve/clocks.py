"""Both times of a request: the day that it is for, and the day by which sources were published."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.requests import HTTPConnection

from nevkg.ask import arguments
from nevkg.errors import WrongUsage
from nevkg.serve.http.problem import Problem

AS_OF, KNOWN_BY = "as_of", "known_by"


def read_clocks(given: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Those of both days (ISO) that a request gives.

    Args:
        given: the names and values of its parameters.

    Raises:
        Problem: 400 if a day cannot be read, or is given twice.
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
    """Those that the address of a request gives; see ``read_clocks``."""
    return read_clocks(request.query_params.multi_items())
