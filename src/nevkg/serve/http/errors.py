"""From what went wrong to what a client is told."""

from __future__ import annotations

import json
import re
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from nevkg.errors import NevkgError
from nevkg.serve.http.access_log import CLIENT_GONE, note_cause
from nevkg.serve.http.negotiate import preferred
from nevkg.serve.http.problem import MEDIA, Problem, of_error
from nevkg.serve.pages.problems import problem_page

_FORMS = (("document", MEDIA), ("json", "application/json"), ("page", "text/html"))
_WORDS = {404: "There is nothing at this address.", 405: "This address is not for {method}."}


async def refuse(problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
    """Answers a request outside of the application with a problem, and notes why for the log."""
    note_cause(scope, problem)
    await as_document(problem)(scope, receive, send)


def as_document(problem: Problem) -> Response:
    """A problem as RFC 9457 writes it."""
    content = json.dumps(problem.document(), ensure_ascii=False).encode()
    return Response(content, problem.status, {"Cache-Control": "no-store", **problem.headers}, MEDIA)


async def respond(request: Request, error: Exception) -> Response:
    """What a client is told, in the form that it prefers."""
    problem = _problem(error, request)
    if problem.status == HTTPStatus.METHOD_NOT_ALLOWED:
        problem.headers["Allow"] = ", ".join(sorted({*re.findall(r"[A-Z]+", problem.headers["Allow"]), "OPTIONS"}))
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=problem.headers)
    note_cause(request.scope, problem)
    if preferred(request, _FORMS) == "page":
        return problem_page(problem, request)
    return as_document(problem)


async def hang_up(request: Request, error: Exception) -> Response:  # noqa: ARG001  as handlers of errors have it
    """What is sent to a client that has gone away: nothing, which the log records."""
    return Response(status_code=CLIENT_GONE)


def _problem(error: Exception, request: Request) -> Problem:
    if isinstance(error, Problem):
        return error
    if isinstance(error, HTTPException):
        words = _WORDS.get(error.status_code, f"{error.detail}.").format(method=request.method)
        return Problem(error.status_code, words, headers=error.headers)
    if isinstance(error, NevkgError):
        return of_error(error)
    return Problem(500, "Something went wrong here that should not; the log has more.")
