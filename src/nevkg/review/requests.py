"""What requests of the review page contain."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from nevkg.data import terms
from nevkg.serve import protocol
from nevkg.serve.problem import Problem

_MOST_BYTES = 1024 * 1024
_CELL = "cell."


async def read_body(request: Request) -> dict[str, Any]:
    """Returns the JSON object that the page has sent. Pages of other sites cannot send this type without permission."""
    if request.headers.get("content-type") != "application/json":
        raise Problem(415, "Send application/json.")
    content = await protocol.read_body(request, _MOST_BYTES)
    try:
        given = json.loads(content)
        json.dumps(given, ensure_ascii=False).encode()  # half a character can be written in JSON, but in no file
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        raise Problem(400, "The request is not a JSON object.")
    return given


def text_of(given: Mapping[str, Any], name: str) -> str:
    """Returns a text of a request; empty if it has none of this name."""
    value = given.get(name, "")
    if not isinstance(value, str):
        raise Problem(400, f"'{name}' must be a text.")
    return value


def cells_of(given: Mapping[str, Any]) -> dict[str, str]:
    """Returns the cells of a request."""
    cells = given.get("cells")
    if not isinstance(cells, dict) or not all(isinstance(value, str) for value in cells.values()):
        raise Problem(400, "'cells' must be an object of texts.")
    return cells


def cells_of_query(request: Request) -> dict[str, str]:
    """Returns the cells that parameters such as ``cell.unit`` give."""
    return {name.removeprefix(_CELL): value for name, value in request.query_params.items() if name.startswith(_CELL)}


def language_of(request: Request) -> str:
    """Returns the language that a request asks for, otherwise the first one."""
    given = request.query_params.get("lang", "")
    return given if given in terms.LANGUAGES else terms.LANGUAGES[0]
