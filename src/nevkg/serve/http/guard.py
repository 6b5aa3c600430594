"""Limits on connections: size and time of request heads, request bodies and unread responses."""

from __future__ import annotations

import asyncio

from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from nevkg.serve.http.access_log import AccessLog, note_cause, note_cycle, write_line
from nevkg.serve.http.errors import problem_response
from nevkg.serve.http.problem import Problem

# Bytes. Queries can be part of the address, so the limit is higher than that of most servers.
LARGEST_HEAD = 1 << 16
_MOST_HEADERS = 100
_MOST_CONNECTIONS = 4096
_SECONDS_FOR_HEAD = 10.0
_SECONDS_FOR_BODY = 30.0
_SECONDS_WITHOUT_READING = 30.0


class GuardedProtocol(HttpToolsProtocol):
    """The HTTP/1.1 protocol of uvicorn, with limits that uvicorn does not have."""

    _head = 0
    _in_head = True
    _deadline: asyncio.TimerHandle | None = None
    _stall: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Starts the timer for the request head when a client connects."""
        super().connection_made(transport)
        self._restart_timer(_SECONDS_FOR_HEAD)

    def connection_lost(self, exc: Exception | None) -> None:
        """Cancels the timers."""
        for timer in (self._deadline, self._stall):
            if timer:
                timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parses received bytes, and refuses a head that is too large."""
        super().data_received(data)
        if self._in_head:
            self._head += len(data)
            if self._head > LARGEST_HEAD and not self.transport.is_closing():
                self.send_400_response("The request head is too large.")

    def on_message_begin(self) -> None:
        """Restarts the timer for the head of a further request."""
        super().on_message_begin()
        self._in_head, self._head = True, 0
        self._restart_timer(_SECONDS_FOR_HEAD)

    def on_headers_complete(self) -> None:
        """Checks the size of the head and the number of connections, and starts the timer for the body."""
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        self._in_head = False
        self.app = self.config.loaded_app
        if size > LARGEST_HEAD or len(self.headers) > _MOST_HEADERS:
            self.app = AccessLog(_refuse_large_head)
        elif len(self.connections) > _MOST_CONNECTIONS:
            self.app = AccessLog(_refuse_connection)
        self._restart_timer(_SECONDS_FOR_BODY)
        super().on_headers_complete()
        note_cycle(self.scope["state"], self.cycle)

    def on_message_complete(self) -> None:
        """Stops the timer; the pool limits the time of the response."""
        if self._deadline:
            self._deadline.cancel()
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuses a request that is not valid HTTP, and logs it."""
        super().send_400_response(msg)
        write_line(None, None, 400, len(msg), 0.0, "refused: not a valid HTTP request")

    def pause_writing(self) -> None:
        """Starts to watch a client that reads more slowly than the server writes."""
        super().pause_writing()
        self._watch(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """Stops watching the client."""
        super().resume_writing()
        if self._stall:
            self._stall.cancel()

    def _restart_timer(self, seconds: float) -> None:
        if self._deadline:
            self._deadline.cancel()
        self._deadline = self.loop.call_later(seconds, self.timeout_keep_alive_handler)

    def _watch(self, left: int) -> None:
        """Aborts the connection if the client reads nothing for 30 seconds."""

        def look() -> None:
            now = self.transport.get_write_buffer_size()
            if now == left:
                self.transport.abort()
            else:
                self._watch(now)

        self._stall = self.loop.call_later(_SECONDS_WITHOUT_READING, look)


async def _refuse_large_head(scope: Scope, receive: Receive, send: Send) -> None:
    problem = Problem(431, f"The request head is larger than {LARGEST_HEAD >> 10} kB; send long queries by POST.", cause="head too large")
    await _refuse_and_close(problem, scope, receive, send)


async def _refuse_connection(scope: Scope, receive: Receive, send: Send) -> None:
    await _refuse_and_close(
        Problem(503, "Too many clients are connected; try again in a few seconds.", headers={"Retry-After": "5"}, cause="too many clients"),
        scope,
        receive,
        send,
    )


async def _refuse_and_close(problem: Problem, scope: Scope, receive: Receive, send: Send) -> None:
    problem.headers["Connection"] = "close"
    note_cause(scope, problem)
    await problem_response(problem)(scope, receive, send)
