"""Runs the server under uvicorn: listening, logging, and graceful shutdown on SIGINT and SIGTERM."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
from collections.abc import Callable
from contextlib import suppress

import uvicorn

from nevkg.errors import CouldNotRun, WrongUsage
from nevkg.serve.app import make_app
from nevkg.serve.exposure import Exposure
from nevkg.serve.http.access_log import drop_reported
from nevkg.serve.http.guard import GuardedProtocol
from nevkg.serve.settings import Settings
from nevkg.serve.state.generations import Generations
from nevkg.serve.state.source import ServedDataset

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
        served: the dataset to serve.
        settings: limits of the server.
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
