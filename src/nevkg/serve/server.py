"""Runs the server until it is told to stop."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
from collections.abc import Callable
from contextlib import suppress

import uvicorn

from nevkg.errors import CouldNotRun, WrongUsage
from nevkg.serve.app import make
from nevkg.serve.exposure import Exposure
from nevkg.serve.http.access_log import drop_reported
from nevkg.serve.http.guard import GuardedProtocol
from nevkg.serve.settings import Settings
from nevkg.serve.state.generations import Generations
from nevkg.serve.state.source import Served

_BACKLOG = 2048
_SECONDS_TO_FINISH = 15
_SECONDS_KEPT_ALIVE = 15
# From a connection that waits to be accepted to the first bytes read from it the loop turns four times; some more do no harm.
_TURNS_TO_READ = 8


class _Server(uvicorn.Server):
    """Tells when it is ready, and answers whoever asked before it was told to stop."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begins to answer."""
        await super().startup(sockets)
        if not self.should_exit:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stops, once what has come by now is read: uvicorn hangs up on connections whose requests it has not seen yet."""
        for _ in range(_TURNS_TO_READ):
            await asyncio.sleep(0)
        await super().shutdown(sockets)


def run(served: Served, settings: Settings, exposure: Exposure, port: int, ready: Callable[[str, str], None], *, log: bool = False) -> None:
    """Serves until SIGINT or SIGTERM; requests that are being answered are answered.

    Args:
        served: what to serve.
        settings: limits.
        exposure: where to listen, and how to face clients.
        port: where to listen; 0 for any that is free.
        ready: called when it answers, with its address and what keeps its workers from the network.
        log: whether to write a line for each request to the standard error.

    Raises:
        WrongUsage: if the address is not one of this machine.
        CouldNotRun: if the port is taken.
        NevkgError: if there is nothing to serve.
    """
    _raise_limit_of_files()
    _log_to_standard_error(requests=log)
    with _listen(exposure.host, port) as listener, suppress(KeyboardInterrupt):
        asyncio.run(_serve(served, settings, exposure, listener, ready))


async def _serve(
    served: Served, settings: Settings, exposure: Exposure, listener: socket.socket, ready: Callable[[str, str], None]
) -> None:
    generations = Generations(served, settings)
    await generations.open()
    config = uvicorn.Config(
        make(served, generations, settings, exposure=exposure),
        http=GuardedProtocol,
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(exposure.proxies),
        forwarded_allow_ips=exposure.trusted,
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
        raise WrongUsage(f"'{host}' is no address to listen at; take one such as 127.0.0.1.") from None
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(place)
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise CouldNotRun(f"Port {port} is taken by another program; choose another with --port, or 0 for any that is free.") from None
        if error.errno == errno.EADDRNOTAVAIL:
            raise WrongUsage(f"'{host}' is not an address of this machine.") from None
        raise CouldNotRun(f"Cannot listen at {host} port {port}: {error.strerror}.") from None
    return listener


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _raise_limit_of_files() -> None:
    """Each client takes a file of the process; systems often allow 1024 and would give many more."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 1 << 16)), hard))


def _log_to_standard_error(*, requests: bool) -> None:
    logging.basicConfig(format="%(message)s", level=logging.WARNING)
    # What clients do wrong is their concern, and might fill a disk.
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
    logging.getLogger("uvicorn.error").addFilter(drop_reported)
    # It wonders at processes that end while they are being ended.
    logging.getLogger("asyncio").setLevel(logging.ERROR)
    logging.getLogger("nevkg.access").setLevel(logging.INFO if requests else logging.WARNING)
