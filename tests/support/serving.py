"""``nevkg serve`` as a process of its own, on a port that is free."""

from __future__ import annotations

import gzip
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import requests
import zstandard
from benchmarks import measure
from tests.support.processes import end_with_run, lock

_SECONDS = 60
# Functions that decode the body of a response, by Content-Encoding.
DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "identity": bytes,
    "gzip": gzip.decompress,
    "zstd": lambda content: zstandard.ZstdDecompressor().stream_reader(content).read(),
}


@dataclass
class RunningServer:
    """A server that other tests use, too."""

    address: str

    def get(self, path: str, **more: Any) -> requests.Response:
        return requests.get(self.address + path, timeout=_SECONDS, **more)

    def ask(self, query: str, **more: Any) -> requests.Response:
        return requests.post(f"{self.address}/sparql", {"query": query}, timeout=_SECONDS, **more)

    def count(self, query: str) -> int:
        """Returns the number that a query selects from all graphs."""
        found = requests.post(f"{self.address}/sparql", {"query": query, "over": "record"}, timeout=_SECONDS)
        (row,) = found.json()["results"]["bindings"]
        (cell,) = row.values()
        return int(cell["value"])

    @property
    def health(self) -> dict[str, Any]:
        document: dict[str, Any] = self.get("/health").json()
        return document

    def connect(self) -> socket.socket:
        """Opens a connection, for requests that no HTTP client sends."""
        client = socket.create_connection(("127.0.0.1", int(self.address.rpartition(":")[2])))
        client.settimeout(_SECONDS)
        return client

    def send(self, request: bytes) -> bytes:
        """Sends bytes, and returns all that the server answers until it closes the connection."""
        with self.connect() as client:
            with suppress(ConnectionError):  # the server may close the connection before all is sent
                client.sendall(request)
            return read_all(client)


@dataclass
class ServerProcess(RunningServer):
    """A server that its test may stop or damage."""

    process: subprocess.Popen[str]

    @property
    def workers(self) -> list[int]:
        return measure.find_children(self.process.pid)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Stops the server, and returns its exit code and its standard error."""
        self.process.send_signal(how)
        _, errors = self.process.communicate(timeout=_SECONDS)
        return self.process.returncode, errors


def read_all(client: socket.socket) -> bytes:
    """Returns what the other side sends until it closes or resets the connection."""
    pieces = []  # adding bytes to bytes would copy all of them each time
    with suppress(ConnectionError):
        while piece := client.recv(1 << 16):
            pieces.append(piece)
    return b"".join(pieces)


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "the condition is still false"
        time.sleep(0.05)


PROGRAM = """\
import sys
import time
from nevkg.cli import main
sys.exit(main())
"""


SECONDS_BETWEEN_CHECKS = "nevkg.serve.state.generations._SECONDS_BETWEEN_CHECKS"
# A check of the data files takes some milliseconds, so only servers of tests that change them and wait check more often.
OFTEN = {SECONDS_BETWEEN_CHECKS: 0.1}


def command(*options: str, constants: Mapping[str, float]) -> list[str]:
    program = "".join(f"import {name.rpartition('.')[0]}\n{name} = {value}\n" for name, value in constants.items()) + PROGRAM
    return [sys.executable, "-c", program, "serve", "--port", "0", *options]


@contextmanager
def serving(
    *options: str,
    log: Path | None = None,
    prefix: Sequence[str] = (),
    constants: Mapping[str, float] = MappingProxyType({SECONDS_BETWEEN_CHECKS: 0.5}),
) -> Iterator[ServerProcess]:
    """Runs a server.

    Args:
        options: of the command line.
        log: a file for its standard error; needed by tests with many requests, since a pipe would fill up.
        prefix: a command that runs the server under other conditions.
        constants: other values for constants of modules, such as times for which a test would wait.
    """
    errors = log.open("w") if log else subprocess.PIPE
    process = subprocess.Popen([*prefix, *command(*options, constants=constants)], stdout=subprocess.PIPE, stderr=errors, text=True)
    try:
        yield ServerProcess(_read_address(process), process)
    finally:
        process.kill()
        process.communicate()
        if log:
            errors.close()  # type: ignore[union-attr]


def share(folder: Path, *options: str) -> RunningServer:
    """Returns a server that all processes of a run share, so that what one of them has asked for is cached for the others.

    The first to ask for it starts it. Tests must not change or stop it.

    Args:
        folder: a folder for the server alone, the same for all processes.
        options: of the command line.
    """
    with lock(folder.with_suffix(".lock")):
        if not folder.exists():
            folder.mkdir()
            with (folder / "log").open("w") as log:
                process = subprocess.Popen(
                    [sys.executable, "-c", PROGRAM, "serve", "--port", "0", *options], stdout=subprocess.PIPE, stderr=log, text=True
                )
            end_with_run(process, folder)
            (folder / "address").write_text(_read_address(process), encoding="utf-8")
    return RunningServer((folder / "address").read_text(encoding="utf-8"))


def _read_address(process: subprocess.Popen[str]) -> str:
    """Waits until a server has started, and returns its address."""
    assert process.stdout
    line = process.stdout.readline()
    assert line.startswith("nevkg serves at "), (line, process.stderr.read() if process.stderr else "see the log")
    return line.split()[3].rstrip("/")
