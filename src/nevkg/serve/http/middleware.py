"""Middleware for every request: the access log, security headers, the content encoding as part of the ETag, and the client."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Sequence
from time import perf_counter
from typing import Any, TypeVar

from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nevkg.serve.clients import ACCOUNT, Admission
from nevkg.serve.http.error_responses import CAUSE, CLIENT_GONE, refuse
from nevkg.serve.http.negotiation import choose_encoding
from nevkg.serve.problem import Problem

_UNCHARGED_PATHS = ("/health",)
_FIRST_ERROR = 400
# Errors of the server itself, or of a server that it queries. 503 and 504 are refusals.
_FAILURES = (500, 502)
_CYCLE = "nevkg.cycle"
_log = logging.getLogger("nevkg.access")
T = TypeVar("T")


async def cancel_on_disconnect(receive: Receive, work: Awaitable[T]) -> T:
    """Awaits ``work``; cancels it and raises ``ClientDisconnect`` if the client disconnects first."""

    async def wait_for_disconnect() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass

    done, disconnected = asyncio.ensure_future(work), asyncio.ensure_future(wait_for_disconnect())
    try:
        await asyncio.wait((done, disconnected), return_when=asyncio.FIRST_COMPLETED)
        if not done.done():
            raise ClientDisconnect
        return done.result()
    finally:
        done.cancel()
        disconnected.cancel()
        await asyncio.gather(done, disconnected, return_exceptions=True)


class Cut(Exception):
    """Aborts a response whose head was sent. The connection is closed, so that the client notices that the body is incomplete."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail)
        self.cause = problem.cause or "error"


def note_cycle(state: dict[str, Any], cycle: object) -> None:
    """Records uvicorn's request cycle, which knows whether the whole response was sent."""
    state[_CYCLE] = cycle


def write_line(method: str | None, path: str | None, status: int | None, size: int, seconds: float, outcome: str) -> None:
    """Writes one line; ``size`` is in bytes, ``seconds`` is logged in milliseconds."""
    line = {"method": method, "path": path, "status": status, "bytes": size, "ms": round(seconds * 1000, 1), "outcome": outcome}
    _log.info(json.dumps(line, ensure_ascii=False))


def drop_reported(record: logging.LogRecord) -> bool:
    """A filter for the log of uvicorn: False for errors that the access log already reports."""
    return not (record.exc_info and isinstance(record.exc_info[1], Cut | asyncio.CancelledError))


class Meter:
    """Passes a response on, and measures it.

    Attributes:
        status: its status; None before its head is sent.
        size: bytes of its body that were sent.
        is_whole: whether its last part was sent.
    """

    def __init__(self, send: Send) -> None:
        self._send, self._began = send, perf_counter()
        self.status: int | None = None
        self.size, self.is_whole = 0, False

    @property
    def seconds(self) -> float:
        """The time since the request."""
        return perf_counter() - self._began

    async def send(self, message: Message) -> None:
        """Sends a part of the response."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
        self.size += len(message.get("body", b""))
        await self._send(message)
        self.is_whole = message["type"] == "http.response.body" and not message.get("more_body", False)


class AccessLog:
    """Middleware that logs a line at the end of each request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles a request and logs it."""
        if scope["type"] != "http" or not _log.isEnabledFor(logging.INFO):
            await self._app(scope, receive, send)
            return
        meter, failure = Meter(send), ""
        try:
            await self._app(scope, receive, meter.send)
        except BaseException as error:
            failure = _cause(error)
            raise
        finally:
            is_whole = meter.is_whole and getattr(scope.get("state", {}).get(_CYCLE), "response_complete", True)
            outcome = _outcome(scope, meter.status, failure, is_whole=is_whole)
            write_line(scope["method"], scope["path"], meter.status, meter.size, meter.seconds, outcome)


def _cause(error: BaseException) -> str:
    if isinstance(error, Cut):
        return error.cause
    return "server stopping" if isinstance(error, asyncio.CancelledError) else "error"


def _outcome(scope: Scope, status: int | None, failure: str, *, is_whole: bool) -> str:
    if failure and not is_whole:
        return f"cut: {failure}"
    if not is_whole or status in (None, CLIENT_GONE):
        return "client gone"
    if status < _FIRST_ERROR:
        return "complete"
    cause = scope.get("state", {}).get(CAUSE)
    return ("failed" if status in _FAILURES else "refused") + (f": {cause}" if cause else "")


POLICY = "Content-Security-Policy"


def policy(ancestors: Sequence[str] = ("'none'",)) -> str:
    """Returns the content security policy: nothing from other sites, no inline code, and frames only on pages of ``ancestors``."""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
        f"connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {' '.join(ancestors)}"
    )


_SECURITY = {
    POLICY: policy(),
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}


class Security:
    """Adds headers that restrict what browsers allow a page to do."""

    def __init__(self, app: ASGIApp, *, may_embed: bool = False) -> None:
        """Wraps an application; pages of other sites may load its responses if ``may_embed``."""
        self._app = app
        self._headers = {**_SECURITY, "Cross-Origin-Resource-Policy": "cross-origin" if may_embed else "same-origin"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Adds the headers that the response does not have."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers)


class EncodedTags:
    """Chooses the content encoding once for all inner layers that encode, and gives each encoding its own ETag.

    It must wrap the middleware that compresses.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Reduces Accept-Encoding to one encoding, and appends the encoding used to the ETag."""
        if scope["type"] == "http":
            MutableHeaders(scope=scope)["accept-encoding"] = choose_encoding(HTTPConnection(scope))

        async def with_encoding(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                tag, used = headers.get("etag"), headers.get("content-encoding")
                if tag and used and not tag.endswith(f'-{used}"'):
                    headers["etag"] = f'{tag.removesuffix(chr(34))}-{used}"'
            await send(message)

        await self._app(scope, receive, with_encoding)


class ClientAdmission:
    """Middleware that attaches the account to each request, and refuses wrong or missing keys."""

    def __init__(self, app: ASGIApp, admission: Admission) -> None:
        self._app, self._admission = app, admission

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Responds with 401, or passes the request on."""
        if scope["type"] == "http" and scope["path"].removeprefix(scope.get("root_path", "")) not in _UNCHARGED_PATHS:
            try:
                scope.setdefault("state", {})[ACCOUNT] = self._admission.account(scope)
            except Problem as problem:
                await refuse(problem, scope, receive, send)
                return
        await self._app(scope, receive, send)
