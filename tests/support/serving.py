"""``nevkg serve`` as a process of its own, on a port that is free."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from benchmarks import measure

_SECONDS = 60


@dataclass
class Served:
    """A server that answers."""

    process: subprocess.Popen[str]
    address: str

    def get(self, path: str, **more: Any) -> requests.Response:
        """What is at a path."""
        return requests.get(self.address + path, timeout=_SECONDS, **more)

    def ask(self, query: str, **more: Any) -> requests.Response:
        """The answer to a SPARQL query."""
        return requests.post(f"{self.address}/sparql", {"query": query}, timeout=_SECONDS, **more)

    def count(self, query: str) -> int:
        """The number that a query selects from all graphs."""
        found = requests.post(f"{self.address}/sparql", {"query": query, "over": "record"}, timeout=_SECONDS)
        (row,) = found.json()["results"]["bindings"]
        (cell,) = row.values()
        return int(cell["value"])

    @property
    def workers(self) -> list[int]:
        """Its workers, by the numbers of their processes."""
        return measure.find_children(self.process.pid)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Its exit code and what it has said, once it has ended."""
        self.process.send_signal(how)
        _, errors = self.process.communicate(timeout=_SECONDS)
        return self.process.returncode, errors


# Tests share a cache and make more stores than a user does; a server must not remove those of others.
PROGRAM = """\
import sys
from nevkg.store.cache import MOST
MOST.update(dict.fromkeys(MOST, 1000))
from nevkg.cli import main
sys.exit(main())
"""


# It looks at its files four times as often as one that is meant to last.
_OFTEN = "from nevkg.serve.state import generations\ngenerations._SECONDS_BETWEEN_CHECKS = 0.5\n"


def command(*options: str) -> list[str]:
    """The words that start it."""
    return [sys.executable, "-c", _OFTEN + PROGRAM, "serve", "--port", "0", *options]


@contextmanager
def serving(*options: str, log: Path | None = None, prefix: Sequence[str] = ()) -> Iterator[Served]:
    """A server, for a while.

    Args:
        options: of the command line.
        log: the file for what it says of errors and requests; a test that makes many needs one, since a pipe becomes full.
        prefix: a command that starts it under other conditions.
    """
    errors = log.open("w") if log else subprocess.PIPE
    process = subprocess.Popen([*prefix, *command(*options)], stdout=subprocess.PIPE, stderr=errors, text=True)
    try:
        assert process.stdout
        line = process.stdout.readline()
        assert line.startswith("nevkg serves at "), (line, process.stderr.read() if process.stderr else "see the log")
        yield Served(process, line.split()[3].rstrip("/"))
    finally:
        process.kill()
        process.communicate()
        if log:
            errors.close()  # type: ignore[union-attr]
