"""The access log: one line of JSON per request, with its outcome. It records neither the client nor the query."""

from __future__ import annotations

import asyncio
import json
import logging
from time import perf_counter
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nevkg.serve.http.problem import Problem

CLIENT_GONE = 499  # what other servers log for it; nobody receives it
_FIRST_ERROR = 400
# Errors of the server itself, or of one that it asks. 503 and 504 are refusals.
_FAILURES = (500, 502)
_CAUSE, _CYCLE = "nevkg.cause", "nevkg.cycle"
_log = logging.getLogger("nevkg.access")


class Cut(Exception):
    """Ends an answer after its head was sent: the connection is closed, so that the client sees that the answer is not whole."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.cause = problem.cause or "error"


def note_cause(scope: Scope, problem: Problem) -> None:
    """Records for the log why a request is refused."""
    scope.setdefault("state", {})[_CAUSE] = problem.cause


def note_cycle(state: dict[str, Any], cycle: object) -> None:
    """Records uvicorn's object for a request, which knows whether the whole response was sent."""
    state[_CYCLE] = cycle


def write_line(method: str | None, path: str | None, status: int | None, size: int, seconds: float, outcome: str) -> None:
    """Writes one line."""
    line = {"method": method, "path": path, "status": status, "bytes": size, "ms": round(seconds * 1000, 1), "outcome": outcome}
    _log.info(json.dumps(line, ensure_ascii=False))


def drop_reported(record: logging.LogRecord) -> bool:
    """A filter for the log of uvicorn: False for errors that the access log reports."""
    return not (record.exc_info and isinstance(record.exc_info[1], Cut | asyncio.CancelledError))


class AccessLog:
    """Writes a line at the end of each request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles a request, and writes its line."""
        if scope["type"] != "http" or not _log.isEnabledFor(logging.INFO):
            await self._app(scope, receive, send)
            return
        began = perf_counter()
        status: int | None = None
        size, is_whole, broken = 0, False, ""

        async def counted(message: Message) -> None:
            nonlocal status, size, is_whole
            if message["type"] == "http.response.start":
                status = message["status"]
            size += len(message.get("body", b""))
            await send(message)
            is_whole = message["type"] == "http.response.body" and not message.get("more_body", False)

        try:
            await self._app(scope, receive, counted)
        except BaseException as error:
            broken = _cause(error)
            raise
        finally:
            is_whole = is_whole and getattr(scope.get("state", {}).get(_CYCLE), "response_complete", True)
            outcome = _outcome(scope, status, broken, is_whole=is_whole)
            write_line(scope["method"], scope["path"], status, size, perf_counter() - began, outcome)


def _cause(error: BaseException) -> str:
    if isinstance(error, Cut):
        return error.cause
    return "server stopping" if isinstance(error, asyncio.CancelledError) else "error"


def _outcome(scope: Scope, status: int | None, broken: str, *, is_whole: bool) -> str:
    if broken and not is_whole:
        return f"cut: {broken}"
    if not is_whole or status in (None, CLIENT_GONE):
        return "client gone"
    if status < _FIRST_ERROR:
        return "complete"
    cause = scope.get("state", {}).get(_CAUSE)
    return ("failed" if status in _FAILURES else "refused") + (f": {cause}" if cause else "")
