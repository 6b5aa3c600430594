"""Connections that do not hurt: heads, bodies and answers have a size and a time, however a client behaves."""

from __future__ import annotations

import asyncio

from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from nevkg.serve.http.access_log import AccessLog, note_cause, note_cycle, write_line
from nevkg.serve.http.errors import as_document
from nevkg.serve.http.problem import Problem

# Queries come in addresses, too, so that a head may be longer than those of most servers.
LARGEST_HEAD = 1 << 16
_MOST_HEADERS = 100
_MOST_CONNECTIONS = 4096
_SECONDS_FOR_HEAD = 10.0
_SECONDS_FOR_BODY = 30.0
_SECONDS_WITHOUT_READING = 30.0


class GuardedProtocol(HttpToolsProtocol):
    """HTTP/1.1 of uvicorn, with the limits that it does not have."""

    _head = 0
    _in_head = True
    _deadline: asyncio.TimerHandle | None = None
    _stall: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client is there: it has so long to say what it wants."""
        super().connection_made(transport)
        self._expect(_SECONDS_FOR_HEAD)

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone."""
        for timer in (self._deadline, self._stall):
            if timer:
                timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Some bytes have come."""
        super().data_received(data)
        if self._in_head:
            self._head += len(data)
            if self._head > LARGEST_HEAD and not self.transport.is_closing():
                self.send_400_response("The head of the request is too large.")

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self._in_head, self._head = True, 0
        self._expect(_SECONDS_FOR_HEAD)

    def on_headers_complete(self) -> None:
        """A head is complete."""
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        self._in_head = False
        self.app = self.config.loaded_app
        if size > LARGEST_HEAD or len(self.headers) > _MOST_HEADERS:
            self.app = AccessLog(_too_large)
        elif len(self.connections) > _MOST_CONNECTIONS:
            self.app = AccessLog(_too_many)
        self._expect(_SECONDS_FOR_BODY)
        super().on_headers_complete()
        note_cycle(self.scope["state"], self.cycle)

    def on_message_complete(self) -> None:
        """The request is complete; the time of the answer is the concern of others."""
        if self._deadline:
            self._deadline.cancel()
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuses what is not HTTP."""
        super().send_400_response(msg)
        write_line(None, None, 400, len(msg), 0.0, "refused: not a valid HTTP request")

    def pause_writing(self) -> None:
        """The client reads more slowly than we write."""
        super().pause_writing()
        self._watch(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """It has caught up."""
        super().resume_writing()
        if self._stall:
            self._stall.cancel()

    def _expect(self, seconds: float) -> None:
        if self._deadline:
            self._deadline.cancel()
        self._deadline = self.loop.call_later(seconds, self.timeout_keep_alive_handler)

    def _watch(self, left: int) -> None:
        """Ends the connection of a client that does not read at all."""

        def look() -> None:
            now = self.transport.get_write_buffer_size()
            if now == left:
                self.transport.abort()
            else:
                self._watch(now)

        self._stall = self.loop.call_later(_SECONDS_WITHOUT_READING, look)


async def _too_large(scope: Scope, receive: Receive, send: Send) -> None:
    refused = Problem(
        431, f"The head of the request is larger than {LARGEST_HEAD >> 10} kB; send long queries by POST.", cause="head too large"
    )
    await _refuse(refused, scope, receive, send)


async def _too_many(scope: Scope, receive: Receive, send: Send) -> None:
    await _refuse(
        Problem(503, "Too many clients are connected; try again in a few seconds.", headers={"Retry-After": "5"}, cause="too many clients"),
        scope,
        receive,
        send,
    )


async def _refuse(problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
    problem.headers["Connection"] = "close"
    note_cause(scope, problem)
    await as_document(problem)(scope, receive, send)
