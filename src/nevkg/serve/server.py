"""Runs the server under uvicorn: listening, limits on connections, logging, and graceful shutdown on SIGINT and SIGTERM."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
from collections.abc import Callable
from contextlib import suppress

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from nevkg.errors import CouldNotRun, WrongUsage
from nevkg.serve.app import Exposure, make_app
from nevkg.serve.http.error_responses import refuse
from nevkg.serve.http.middleware import AccessLog, drop_reported, note_cycle, write_line
from nevkg.serve.problem import Problem
from nevkg.serve.settings import Settings
from nevkg.serve.state.generations import Generations
from nevkg.serve.state.source import ServedDataset

# Bytes. Queries can be part of the address, so the limit is higher than that of most servers.
LARGEST_HEAD = 1 << 16
_MOST_HEADERS = 100
_MOST_CONNECTIONS = 4096
_SECONDS_FOR_HEAD = 10.0
_SECONDS_FOR_BODY = 30.0
_SECONDS_WITHOUT_READING = 30.0


def _refuse_always(status: int, words: str, cause: str, wait: int = 0) -> ASGIApp:
    """Returns an application that refuses each request and closes the connection."""

    async def respond(scope: Scope, receive: Receive, send: Send) -> None:
        await refuse(Problem(status, words, headers={"Connection": "close"}, wait=wait, cause=cause), scope, receive, send)

    return AccessLog(respond)


_HEAD_TOO_LARGE = _refuse_always(
    431, f"The request head is larger than {LARGEST_HEAD >> 10} kB; send long queries by POST.", "head too large"
)
_TOO_MANY_CLIENTS = _refuse_always(503, "Too many clients are connected; try again in a few seconds.", "too many clients", wait=5)


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
            self.app = _HEAD_TOO_LARGE
        elif len(self.connections) > _MOST_CONNECTIONS:
            self.app = _TOO_MANY_CLIENTS
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


_BACKLOG = 2048
_SECONDS_TO_FINISH = 15
_SECONDS_KEPT_ALIVE = 15
# A connection that waits to be accepted takes four iterations of the event loop until its first bytes are read. A few more
# iterations are harmless.
_ITERATIONS_TO_READ = 8


class _Server(uvicorn.Server):
    """A uvicorn server with a callback when it is ready, which finishes requests received before shutdown."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts listening, then calls ``ready``."""
        await super().startup(sockets)
        if not self.should_exit:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stops after reading pending requests: uvicorn closes connections whose requests it has not read yet."""
        for _ in range(_ITERATIONS_TO_READ):
            await asyncio.sleep(0)
        await super().shutdown(sockets)


def run(
    served: ServedDataset, settings: Settings, exposure: Exposure, port: int, ready: Callable[[str, str], None], *, log: bool = False
) -> None:
    """Serves until SIGINT or SIGTERM, then finishes the requests in progress.

    Args:
        exposure: host to listen on, and settings for clients.
        port: port to listen on; 0 for any free port.
        ready: called when the server accepts requests, with its address and the mechanism that isolates its workers from the network.
        log: whether to log each request to standard error.

    Raises:
        WrongUsage: if the host is not an address of this machine.
        CouldNotRun: if the port is in use.
        NevkgError: if the dataset cannot be opened.
    """
    _raise_file_limit()
    _configure_logging(requests=log)
    with _listen(exposure.host, port) as listener, suppress(KeyboardInterrupt):
        asyncio.run(_serve(served, settings, exposure, listener, ready))


async def _serve(
    served: ServedDataset, settings: Settings, exposure: Exposure, listener: socket.socket, ready: Callable[[str, str], None]
) -> None:
    generations = Generations(served, settings)
    await generations.open()
    config = uvicorn.Config(
        make_app(served, generations, settings, exposure=exposure),
        http=GuardedProtocol,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(exposure.proxies),
        forwarded_allow_ips=exposure.trusted_proxies,
        backlog=_BACKLOG,
        timeout_keep_alive=_SECONDS_KEPT_ALIVE,
        timeout_graceful_shutdown=_SECONDS_TO_FINISH,
    )
    await _Server(config, lambda: ready(_address(listener), generations.current.pool.isolation)).serve([listener])


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
    except socket.gaierror:
        raise WrongUsage(f"'{host}' is not an address to listen on; use one such as 127.0.0.1.") from None
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(place)
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise CouldNotRun(
                f"Port {port} is in use by another program; choose another one with --port, or --port 0 for any free port."
            ) from None
        if error.errno == errno.EADDRNOTAVAIL:
            raise WrongUsage(f"'{host}' is not an address of this machine.") from None
        raise CouldNotRun(f"Cannot listen on {host} port {port}: {error.strerror}.") from None
    return listener


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _raise_file_limit() -> None:
    """Raises the limit of open files: each client takes one, and the usual soft limit of 1024 is far below the hard limit."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 1 << 16)), hard))


def _configure_logging(*, requests: bool) -> None:
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    # Errors of clients are not errors of the server, and could fill a disk.
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
    logging.getLogger("uvicorn.error").addFilter(drop_reported)
    # asyncio warns about processes that end while they are being killed.
    logging.getLogger("asyncio").setLevel(logging.ERROR)
    logging.getLogger("nevkg.access").setLevel(logging.INFO if requests else logging.WARNING)
