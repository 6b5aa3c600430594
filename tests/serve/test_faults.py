"""Hostile load and failures of the environment: the server continues to answer and leaves nothing behind."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import signal
import socket
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
import requests
from benchmarks import http_load, runaways
from tests.support.marks import FUZZ
from tests.support.serving import ServerProcess, serving, wait_for

COUNT = "SELECT (COUNT(*) AS ?n) { ?s a ?o }"
LARGE = "SELECT ?s ?p ?o ?g { GRAPH ?g { ?s ?p ?o } }"
# More rows than a worker collects in memory.
COLLECTED = "SELECT ?s ?p ?o ?g ?n { GRAPH ?g { ?s ?p ?o } VALUES ?n { 1 2 3 4 5 } }"
READERS = 1000
POOL = ("--quick", "2", "--slow", "1")
WORKERS = 3


def read_memory(served: ServerProcess | int) -> int:
    """Returns the memory of the server process, or of a process with an ID, in megabytes, without mapped files such as libraries."""
    process = served if isinstance(served, int) else served.process.pid
    _, resident, shared, *_ = map(int, Path(f"/proc/{process}/statm").read_text(encoding="ascii").split())
    return (resident - shared) * 4096 >> 20


def count_open_files(served: ServerProcess) -> int:
    """Returns the number of open files of the server process, including connections."""
    return len(list(Path(f"/proc/{served.process.pid}/fd").iterdir()))


def connect(served: ServerProcess) -> socket.socket:
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.connect(("127.0.0.1", int(served.address.rpartition(":")[2])))
    return client


def wait_until_idle(served: ServerProcess) -> None:
    """Waits until no job is running or waiting."""
    wait_for(lambda: (load := served.health["load"])["workers"] == sum(load.values()) == WORKERS)


@pytest.fixture(scope="module")
def alone(part: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A separate server for loads that must not affect other tests."""
    with serving("--data", part, *POOL, "--time-limit", "3", log=tmp_path_factory.mktemp("log") / "log") as server:
        yield server


# Each query runs until the time limit, so only two of them are tested in the fast run.
_FAST = ("giant ORDER BY", "giant answer")
_SLOW = [pytest.param(name, marks=pytest.mark.slow) for name in runaways.QUERIES if name not in _FAST]


@pytest.mark.parametrize("name", [*_FAST, *_SLOW])
def test_a_runaway_query_is_stopped_and_reported(alone: ServerProcess, name: str) -> None:
    try:
        answer = alone.ask(runaways.make_query(name))
    except requests.exceptions.ChunkedEncodingError:
        assert name in ("giant answer", "giant graph", "giant DISTINCT"), "only a streamed answer may be cut off"
    else:
        assert answer.status_code in (400, 500, 503, 504)
        assert answer.json()["detail"]


@pytest.mark.parametrize(
    ("query", "words"),
    [(LARGE, "cannot store an answer of this size: File too large"), (COLLECTED, "file that this answer needs: File too large")],
    ids=["by the server", "by a worker"],
)
def test_an_answer_too_large_for_the_disk_is_refused(part: str, served: ServerProcess, tmp_path: Path, query: str, words: str) -> None:
    assert served.get("/health").ok  # the store is already built; the limited server could not build it
    with serving("--data", part, log=tmp_path / "log", prefix=("prlimit", f"--fsize={1 << 20}")) as cramped:
        refused = cramped.ask(query)
        assert refused.status_code == 503
        assert words in refused.json()["detail"]
        assert cramped.count(COUNT) > 0


@pytest.mark.slow
@pytest.mark.parametrize("limit", [6_000, 1_000_000], ids=["an answer that is kept", "a large answer"])
def test_a_thousand_slow_readers(alone: ServerProcess, limit: int) -> None:
    before, files_before = read_memory(alone), count_open_files(alone)
    request = http_load.build_query(f"{alone.address}/sparql", f"{LARGE} LIMIT {limit}")
    with ExitStack() as stack:
        clients = [stack.enter_context(connect(alone)) for _ in range(READERS)]
        for client in clients:
            client.sendall(request)
        answered = Counter(client.recv(12).decode() for client in clients)
        # On a busy machine, some queries reach the time limit.
        assert set(answered) <= {"HTTP/1.1 200", "HTTP/1.1 503", "HTTP/1.1 504"}
        assert answered["HTTP/1.1 200"] > 0
        assert alone.count(COUNT) > 0
        for _ in range(3):
            for client in clients:
                client.recv(100)
            assert alone.count(COUNT) > 0
        assert read_memory(alone) - before < 300
    wait_until_idle(alone)
    assert alone.count(COUNT) > 0
    assert count_open_files(alone) <= files_before + 5


@pytest.mark.parametrize("seconds", [pytest.param(8, marks=pytest.mark.slow), pytest.param(20, marks=pytest.mark.nightly)])
def test_mixed_load(part: str, tmp_path: Path, seconds: int) -> None:
    """Runaway queries of all kinds beside normal ones, for some seconds, or longer with NEVKG_FUZZ; memory and files do not grow."""
    seconds *= FUZZ
    with serving("--data", part, *POOL, "--time-limit", "5", "--memory", "512", log=tmp_path / "log") as server:
        before, files_before = read_memory(server), count_open_files(server)
        address = f"{server.address}/sparql"
        chance = random.Random(8)

        def hostile() -> Iterator[bytes]:
            while True:
                yield http_load.build_query(address, runaways.make_query(chance.choice(list(runaways.QUERIES))))

        def normal() -> Iterator[bytes]:
            while True:
                yield http_load.build_query(address, f"{COUNT}\n# {chance.random()}")

        async def load() -> tuple[http_load.Responses, http_load.Responses]:
            return await asyncio.gather(http_load.send(address, hostile, 8, seconds), http_load.send(address, normal, 8, seconds))

        alone = asyncio.run(http_load.send(address, normal, 8, 2))
        bad, good = asyncio.run(load())
        assert set(bad.statuses) <= {http_load.BROKEN_OFF, 200, 400, 500, 503, 504}
        assert set(good.statuses) == {200}
        assert good.rate > alone.rate / 20
        wait_until_idle(server)
        assert read_memory(server) - before < 150
        assert count_open_files(server) <= files_before + 5
        assert max(read_memory(worker) for worker in server.workers) < 200
        assert server.process.poll() is None


@pytest.mark.slow
def test_memory_for_building_a_store_is_returned(sample_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that builds its store, and those of later states, needs little more memory afterwards than one that finds it built."""
    monkeypatch.setenv("NEVKG_CACHE", str(tmp_path / "cache"))
    data = tmp_path / "home" / "data"
    shutil.copytree(sample_folder, data)
    source = min((data / "sources").rglob("*.trig"))
    with serving("--data", str(data), *POOL, log=tmp_path / "log") as server:
        for _ in range(2):
            digest = server.health["dataset"]["digest"]
            source.write_text(source.read_text(encoding="utf-8") + "\n", encoding="utf-8")
            while server.health["dataset"]["digest"] == digest:
                time.sleep(0.2)
        wait_until_idle(server)
        built = read_memory(server)
    with serving("--data", str(data), *POOL, log=tmp_path / "log") as server:
        assert built - read_memory(server) < 50  # 74 without release_memory_early, 400 without both


@pytest.mark.slow
def test_repeatedly_killed_workers(alone: ServerProcess) -> None:
    """Killed workers, for example by a system short of memory, only delay the answers."""
    chance = random.Random(8)
    with ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(alone.ask, f"{COUNT} # {number}") for number in range(300)]
        for _ in range(6):
            time.sleep(0.6)
            with suppress(ProcessLookupError):
                os.kill(chance.choice(alone.workers), signal.SIGKILL)
        statuses = Counter(answer.result().status_code for answer in answers)
    assert statuses == {200: 300}
    wait_until_idle(alone)
