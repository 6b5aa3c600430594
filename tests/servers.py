"""Real SPARQL servers on ports of this machine that are free: started for a test, killed or started again in it, gone after it."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import requests
from requests.auth import AuthBase, HTTPDigestAuth

HOST = "127.0.0.1"
_SECONDS_TO_START, _SECONDS_TO_STOP = 60, 20


@dataclass
class Server:
    """One server, its addresses and its folder."""

    kind: str
    folder: Path
    command: list[str]
    address: str
    query: str
    update: str
    store: str
    user: str = ""
    password: str = field(default="", repr=False)
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def auth(self) -> AuthBase | None:
        """What a request that writes must bring along."""
        return HTTPDigestAuth(self.user, self.password) if self.user else None

    def start(self) -> None:
        """Starts it, or starts it again with what is in its folder, and waits until it answers."""
        assert self.process is None, "the server runs already"
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(self.command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        end = time.monotonic() + _SECONDS_TO_START
        while not self._answers():
            assert self.process.poll() is None, f"{self.kind} has ended: {self._log()}"
            assert time.monotonic() < end, f"{self.kind} does not answer: {self._log()}"
            time.sleep(0.05)

    def stop(self) -> None:
        """Lets it write what it still holds, and end; kills it if it does not."""
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(_SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                self.kill()
            self.process = None

    def kill(self) -> None:
        """Ends it at once, as a loss of power would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def _answers(self) -> bool:
        try:
            return requests.get(self.query, {"query": "ASK {}"}, timeout=5).ok
        except requests.RequestException:
            return False

    def _log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")[-2000:]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _oxigraph(folder: Path) -> Server:
    base = f"http://{HOST}:{(port := free_port())}"
    command = [str(Path(sys.executable).parent / "oxigraph"), "serve", "--location", str(folder / "data"), "--bind", f"{HOST}:{port}"]
    return Server("oxigraph", folder, command, base, f"{base}/query?union-default-graph", f"{base}/update", f"{base}/store")


# What bears on answers is as Debian's own file has it (limits of rows, triples and time), since users have it so.
_VIRTUOSO = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 200
MaxCheckpointRemap = 2000
TempStorage = TempDatabase

[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
MaxCheckpointRemap = 2000

[Parameters]
ServerPort = {host}:{sql}
DisableUnixSocket = 1
MaxClientConnections = 10
CheckpointInterval = 60
CaseMode = 2
DirsAllowed = .
MaxMemPoolSize = 200000000
MaxQueryMem = 2G
VectorSize = 1000
MaxVectorSize = 1000000
AdjustVectorSize = 0
ThreadsPerQuery = 4
AsyncQueueMaxThreads = 10
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000

[HTTPServer]
ServerPort = {host}:{http}
ServerRoot = .
MaxClientConnections = 10
MaxKeepAlives = 10
KeepAliveTimeout = 10
EnabledGzipContent = 1
Charset = UTF-8

[SPARQL]
ResultSetMaxRows = 10000
MaxConstructTriples = 10000
MaxQueryCostEstimationTime = 400
MaxQueryExecutionTime = 60
DefaultQuery = select distinct ?Concept where {{[] a ?Concept}} LIMIT 100
DeferInferenceRulesInit = 0
MaxMemInUse = 0
"""


def _virtuoso(folder: Path) -> Server:
    base = f"http://{HOST}:{(port := free_port())}"
    (folder / "virtuoso.ini").write_text(_VIRTUOSO.format(host=HOST, sql=free_port(), http=port), encoding="ascii")
    command = ["virtuoso-t", "+foreground", "+configfile", "virtuoso.ini"]
    return Server(
        "virtuoso", folder, command, base, f"{base}/sparql", f"{base}/sparql-auth", f"{base}/sparql-graph-crud-auth", "dba", "dba"
    )


@dataclass(frozen=True)
class Kind:
    """How a server of some make is started, and what of the system it needs."""

    make: Callable[[Path], Server]
    programs: tuple[str, ...] = ()
    package: str = ""


KINDS = {"oxigraph": Kind(_oxigraph), "virtuoso": Kind(_virtuoso, ("virtuoso-t",), "virtuoso-opensource-7-bin")}


@contextmanager
def running(kind: str) -> Iterator[Server]:
    """An empty server of that kind; a test that asks for one that is not installed is left out."""
    wanted = KINDS[kind]
    if not all(map(shutil.which, wanted.programs)):
        pytest.skip(f"{kind} is not installed: apt-get install {wanted.package}")
    with TemporaryDirectory(prefix=f"{kind}-") as folder:
        server = wanted.make(Path(folder))
        try:
            server.start()
            yield server
        finally:
            server.kill()
