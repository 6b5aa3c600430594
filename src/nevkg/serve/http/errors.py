"""Maps exceptions to HTTP problem responses."""

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
from nevkg.serve.http.messages import translate
from nevkg.serve.http.negotiate import best_offer
from nevkg.serve.http.problem import MEDIA, Problem, problem_from_error, unexpected_error
from nevkg.serve.pages.language import language
from nevkg.serve.pages.problems import problem_page

_FORMS = (("document", MEDIA), ("json", "application/json"), ("page", "text/html"))
_DETAILS = {404: "There is nothing at this address.", 405: "This address does not accept {method}."}


async def refuse(problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
    """Responds with a problem outside of the application, and records its cause for the log."""
    note_cause(scope, problem)
    await problem_response(problem)(scope, receive, send)


def problem_response(problem: Problem) -> Response:
    """Returns the response with a problem in the format of RFC 9457."""
    content = json.dumps(problem.document(), ensure_ascii=False).encode()
    return Response(content, problem.status, {"Cache-Control": "no-store", **problem.headers}, MEDIA)


async def respond(request: Request, error: Exception) -> Response:
    """Returns the response to an exception, as a page or as JSON, whichever the client prefers."""
    problem = _problem(error, request)
    if problem.status == HTTPStatus.METHOD_NOT_ALLOWED:
        problem.headers["Allow"] = ", ".join(sorted({*re.findall(r"[A-Z]+", problem.headers["Allow"]), "OPTIONS"}))
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=problem.headers)
    note_cause(request.scope, problem)
    problem.detail, tag = translate(problem.detail, language(request)[0])
    if best_offer(request, _FORMS) == "page":
        return problem_page(problem, request, tag)
    response = problem_response(problem)
    response.headers["Content-Language"] = tag
    response.headers.append("Vary", "Accept, Accept-Language")
    return response


async def hang_up(request: Request, error: Exception) -> Response:  # noqa: ARG001  the signature of error handlers
    """Returns a response for a client that has disconnected. It is never sent, but the log records its status."""
    return Response(status_code=CLIENT_GONE)


def _problem(error: Exception, request: Request) -> Problem:
    if isinstance(error, Problem):
        return error
    if isinstance(error, HTTPException):
        words = _DETAILS.get(error.status_code, f"{error.detail}.").format(method=request.method)
        return Problem(error.status_code, words, headers=error.headers)
    if isinstance(error, NevkgError):
        return problem_from_error(error)
    return unexpected_error()
