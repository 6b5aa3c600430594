"""Real SPARQL servers on free local ports. A test starts one, and may kill and restart it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from zipfile import ZipFile

import pytest
import requests
from _pytest.mark import ParameterSet
from requests.auth import AuthBase, HTTPDigestAuth
from tests.support.processes import end_with_run, lock

HOST = "127.0.0.1"
_SECONDS_TO_START, _SECONDS_TO_STOP = 60, 20


def forget_environment(patch: pytest.MonkeyPatch) -> None:
    """Removes what the environment of the user says of stores and proxies."""
    for name in ("USER", "PASSWORD", "TIMEOUT"):
        patch.delenv(f"NEVKG_STORE_{name}", raising=False)
    patch.setenv("NETRC", os.devnull)
    patch.setenv("NO_PROXY", "*")


@dataclass
class Server:
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
        return HTTPDigestAuth(self.user, self.password) if self.user else None

    def start(self) -> None:
        """Starts the server with the content of its folder, and waits until it answers."""
        assert self.process is None, "the server is already running"
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(self.command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        end = time.monotonic() + _SECONDS_TO_START
        while not self._answers():
            assert self.process.poll() is None, f"{self.kind} has ended: {self._log()}"
            assert time.monotonic() < end, f"{self.kind} does not answer: {self._log()}"
            time.sleep(0.05)

    def stop(self) -> None:
        """Asks the server to end, and kills it if it does not in time."""
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(_SECONDS_TO_STOP)
            except subprocess.TimeoutExpired:
                self.kill()
            self.process = None

    def kill(self) -> None:
        """Kills the server, as a power failure would."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def set(self, **parameters: int) -> None:
        """Sets parameters of Virtuoso; call it before the start."""
        file = self.folder / "virtuoso.ini"
        existing = [line for line in file.read_text(encoding="ascii").splitlines() if line.partition(" ")[0] not in parameters]
        place = existing.index("[Parameters]") + 1
        lines = existing[:place] + [f"{name} = {value}" for name, value in parameters.items()] + existing[place:]
        file.write_text("\n".join(lines) + "\n", encoding="ascii")

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


def _oxigraph(folder: Path, others: Path | None = None) -> Server:
    base = f"http://{HOST}:{(port := free_port())}"
    place = ["serve-read-only", "--location", str(others)] if others else ["serve", "--location", str(folder / "data")]
    command = [str(Path(sys.executable).parent / "oxigraph"), *place, "--bind", f"{HOST}:{port}"]
    return Server("oxigraph", folder, command, base, f"{base}/query?union-default-graph", f"{base}/update", f"{base}/store")


_VIRTUOSO = Path(__file__).with_name("virtuoso.ini")


def _virtuoso(folder: Path) -> Server:
    base = f"http://{HOST}:{(port := free_port())}"
    (folder / "virtuoso.ini").write_text(
        _VIRTUOSO.read_text(encoding="ascii").format(host=HOST, sql=free_port(), http=port), encoding="ascii"
    )
    command = ["virtuoso-t", "+foreground", "+configfile", "virtuoso.ini"]
    return Server(
        "virtuoso", folder, command, base, f"{base}/sparql", f"{base}/sparql-auth", f"{base}/sparql-graph-crud-auth", "dba", "dba"
    )


# Jena and its dependencies, by Debian's file names.
_JARS = """jena-arq jena-base jena-core jena-dboe-base jena-dboe-index jena-dboe-storage jena-dboe-trans-data jena-dboe-transaction jena-iri
  jena-tdb2 caffeine commons-codec commons-collections4 commons-compress commons-csv commons-io commons-lang3 dexx.collection gson
  jackson-annotations jackson-core jackson-databind thrift protobuf slf4j-api slf4j-nop titanium-json-ld jakarta.json-api"""
_JAVA = Path("/usr/share/java")
# Most servers run for seconds, in which thorough compilation and parallel garbage collection cost more than they save.
_SHORT_LIVED = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
_MOVED = "org/apache/jena/ext/xerces/"


def _jena(folder: Path) -> Server:
    base = f"http://{HOST}:{(port := free_port())}/ds"
    (folder / "data").mkdir()
    jars = ":".join(str(_JAVA / f"{name}.jar") for name in _JARS.split())
    # Debian's archive has the classes of Xerces in another package, but not the message files that they need there.
    with ZipFile(_JAVA / "jena-core.jar") as archive:
        for name in archive.namelist():
            if name.startswith(_MOVED) and name.endswith(".properties"):
                (place := folder / "xerces" / name.removeprefix(_MOVED)).parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(archive.read(name))
    command = [
        "java",
        "-Xmx1g",
        *_SHORT_LIVED,
        "-cp",
        f"{folder}:{jars}",
        str(Path(__file__).parents[1] / "interop" / "jena" / "Server.java"),
        HOST,
        str(port),
        str(folder / "data"),
    ]
    return Server("jena", folder, command, base, f"{base}/query", f"{base}/update", f"{base}/data")


@dataclass(frozen=True)
class Kind:
    """How to start a kind of server, and which system packages it needs."""

    make: Callable[[Path], Server]
    needs: tuple[str, ...] = ()
    packages: str = ""


KINDS = {
    "oxigraph": Kind(_oxigraph),
    "virtuoso": Kind(_virtuoso, ("virtuoso-t",), "virtuoso-opensource-7-bin"),
    "jena": Kind(_jena, ("javac", str(_JAVA / "jena-tdb2.jar")), "libapache-jena-java default-jdk-headless"),
}


def server_param(kind: str, *others: object, jena: pytest.MarkDecorator = pytest.mark.slow) -> ParameterSet:
    """Returns a test parameter for a kind of server; Jena gets a mark, since it takes as long as both others."""
    return pytest.param(kind, *others, marks=[jena] if kind == "jena" else [])


def skip_without(kind: str) -> None:
    """Skips the test if that kind of server is not installed."""
    if not all(shutil.which(need) or Path(need).is_file() for need in KINDS[kind].needs):
        pytest.skip(f"{kind} is not installed: apt-get install {KINDS[kind].packages}")


@contextmanager
def running(kind: str, **parameters: int) -> Iterator[Server]:
    """Runs an empty server of that kind, or skips the test if it is not installed; ``parameters`` are for Virtuoso."""
    skip_without(kind)
    with TemporaryDirectory(prefix=f"{kind}-") as folder:
        server = KINDS[kind].make(Path(folder))
        if parameters:
            server.set(**parameters)
        with _run(server):
            yield server


def share(folder: Path, name: str, kind: str, load: Callable[[Server], None]) -> Server:
    """Returns the server of that name, which all processes of a run share. The first to ask for it starts and loads it.

    Tests must not change or stop it.

    Args:
        folder: the folder for shared servers, the same for all processes.
        name: what the server contains.
        kind: the kind of server.
        load: loads the server.
    """
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}-{kind}.json"
    with lock(path.with_suffix(".lock")):
        if not path.exists():
            skip_without(kind)
            server = KINDS[kind].make(Path(mkdtemp(dir=folder)))
            server.start()
            assert server.process
            end_with_run(server.process, folder)
            load(server)
            path.write_text(json.dumps({**vars(server), "folder": str(server.folder), "process": None}), encoding="utf-8")
    found = json.loads(path.read_text(encoding="utf-8"))
    return Server(**{**found, "folder": Path(found["folder"])})


@contextmanager
def reading(store: Path) -> Iterator[Server]:
    """Runs a read-only Oxigraph server on a store that others may read, too."""
    with TemporaryDirectory(prefix="oxigraph-") as folder, _run(_oxigraph(Path(folder), store)) as server:
        yield server


@contextmanager
def _run(server: Server) -> Iterator[Server]:
    try:
        server.start()
        yield server
    finally:
        server.kill()
