"""Maps exceptions to HTTP problem responses, with messages for users of the Chinese interface."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from nevkg.data import terms
from nevkg.errors import NevkgError
from nevkg.serve.problem import MEDIA, Problem, problem_from_error, unexpected_error

_FILE = Path(__file__).parent / "messages.yaml"
_VALUE = re.compile(r"\\\{(\w+)\\\}")
_PARAMETER = re.compile(r"(\w+): (.*)", re.DOTALL)
_SUGGESTIONS = re.compile(r"(.*) Did you mean (.*)\?", re.DOTALL)


def translate(message: str, language: str) -> tuple[str, str]:
    """Returns a message in a language and the language that it is in, which is English if there is no translation."""
    original = terms.LANGUAGES[0]
    found = None if language == original else _translate(message)
    return (message, original) if found is None else (found, language)


def _translate(message: str) -> str | None:
    words = _words()
    suggestions = _SUGGESTIONS.fullmatch(message)
    if suggestions and (main := _translate(suggestions[1])):
        names = f" {words['or']} ".join(suggestions[2].split(" or "))
        return f"{main}{words['suggestions'].format(names=names)}"
    for pattern, translation in _patterns():
        if found := pattern.fullmatch(message):
            return translation.format(**found.groupdict())
    parameter = _PARAMETER.fullmatch(message)
    return f"{parameter[1]}：{main}" if parameter and (main := _translate(parameter[2])) else None


@cache
def _words() -> dict[str, Any]:
    import yaml

    found: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return found


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Returns a pattern for each message, and its translation."""
    return [
        (re.compile(_VALUE.sub(r"(?P<\1>.+)", re.escape(message)), re.DOTALL), translation)
        for message, translation in _words()["messages"].items()
    ]


CLIENT_GONE = 499  # as other servers log it; no client receives it
CAUSE = "nevkg.cause"  # of a refusal, in the state of the scope
_DETAILS = {404: "There is nothing at this address.", 405: "This address does not accept {method}."}


def note_cause(scope: Scope, problem: Problem) -> None:
    """Records for the log why a request was refused."""
    scope.setdefault("state", {})[CAUSE] = problem.cause


async def refuse(problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
    """Responds with a problem outside of the application, and records its cause for the log."""
    note_cause(scope, problem)
    await problem_response(problem)(scope, receive, send)


def problem_response(problem: Problem) -> Response:
    """Returns the response with a problem in the format of RFC 9457."""
    content = json.dumps(problem.document(), ensure_ascii=False).encode()
    return Response(content, problem.status, {"Cache-Control": "no-store", **problem.headers}, MEDIA)


async def hang_up(request: Request, error: Exception) -> Response:  # noqa: ARG001  the signature of error handlers
    """Returns a response for a client that has disconnected. It is never sent, but the log records its status."""
    return Response(status_code=CLIENT_GONE)


def to_problem(error: Exception, request: Request) -> Problem:
    """Returns what an exception says to the client."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, HTTPException):
        words = _DETAILS.get(error.status_code, f"{error.detail}.").format(method=request.method)
        return Problem(error.status_code, words, headers=error.headers)
    if isinstance(error, NevkgError):
        return problem_from_error(error)
    return unexpected_error()
