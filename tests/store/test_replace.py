"""The data folder of a running server is moved, overwritten, truncated and damaged: it always serves a complete dataset."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import requests
from tests.store.test_cache import damage
from tests.support.marks import quick_every
from tests.support.serving import OFTEN, SECONDS_BETWEEN_CHECKS, ServerProcess, serving, wait_for

from nevkg.data.paths import Layout
from nevkg.serve.app import describe_health
from nevkg.serve.jobs import Job
from nevkg.serve.settings import Settings
from nevkg.serve.sparql_jobs import SparqlQuery
from nevkg.serve.state.generations import Generations
from nevkg.serve.state.source import ServedDataset as Dataset
from nevkg.serve.state.watch import Sign
from nevkg.store import cache

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


class WatchedServer:
    """A server on a copy of some data, with its log."""

    def __init__(self, server: ServerProcess, data: Path, log: Path) -> None:
        self.server, self.data, self._log = server, data, log
        self.triples = self.health["dataset"]["triples"]

    @property
    def health(self) -> dict[str, Any]:
        return self.server.health

    @property
    def log(self) -> list[str]:
        return self._log.read_text(encoding="utf-8").splitlines()

    def wait_for(self, status: str, triples: int | None = None, seconds: float = 60) -> dict[str, Any]:
        """Waits until it has that status and serves that many triples; asserts that it never serves an incomplete state."""
        end = time.monotonic() + seconds
        while True:
            describe_health = self.health
            served = describe_health["dataset"]["triples"]
            assert served in (self.triples, triples or self.triples), f"it serves {served} of {self.triples} triples"
            if describe_health["status"] == status and served == (triples or self.triples):
                self.triples = served
                return describe_health
            assert time.monotonic() < end, (describe_health, self.log)
            time.sleep(0.05)

    def expect_refusal(self, words: str) -> None:
        """Waits until it refuses a state; asserts that it logs this once and serves the previous state."""
        before = len(self.log)
        refused = self.wait_for("warn")["refused"]["reason"]
        assert words in refused
        assert str(self.data.parent) not in refused, "paths of the server are not public"
        assert self.server.count(f"{COUNT} # {time.monotonic()}") == self.triples
        (line,) = self.log[before:]
        assert line.startswith("A new state of the dataset is refused, and the old one stays in use: ")
        assert words in line


@contextmanager
def watch_server(part: str, folder: Path, *options: str) -> Iterator[WatchedServer]:
    data, log = folder / "home" / "data", folder / "log"
    shutil.copytree(part, data)
    with serving("--data", str(data), "--quick", "1", "--slow", "1", *options, log=log, constants=OFTEN) as server:
        yield WatchedServer(server, data, log)


@pytest.mark.slow
def test_a_temporarily_incomplete_folder_is_not_served(part: str, tmp_path: Path) -> None:
    with watch_server(part, tmp_path) as server:
        served = server.health["dataset"]
        assert served.keys() == {"version", "date", "digest", "triples", "sources", "heartbeat", "since"}
        assert served["triples"] == server.server.count(COUNT)
        away = server.data.with_name("away")
        server.data.rename(away)
        server.expect_refusal("data is not a folder")
        away.rename(server.data)
        server.wait_for("pass")
        registry = server.data / "registry"
        registry.rename(away)
        server.expect_refusal("data has no registry/*.ttl, so the dataset is incomplete")
        away.rename(registry)
        server.wait_for("pass")
        description = server.data / "dataset.ttl"
        text = description.read_text(encoding="utf-8")
        description.write_text(text[:-3], encoding="utf-8")
        server.expect_refusal("data/dataset.ttl:")
        description.write_text(f"{text}<https://w3id.org/nevkg/dataset> <x:x> <x:y> .\n", encoding="utf-8")
        server.wait_for("pass", server.triples + 1)
        before, now = f"{server.triples - 1:,}", f"{server.triples:,}"
        sources = served["sources"]
        counts = f"{now} triples from {sources} sources; before: {before} triples from {sources} sources."
        assert server.log[-1] == f"A new state of the dataset is served: {counts}"
        assert len(server.log) == 4


@pytest.mark.slow
@pytest.mark.parametrize("order", [False, True], ids=["sources last", "sources first"])
def test_a_slow_copy_with_pauses(part: str, tmp_path: Path, order: bool) -> None:
    """Empties the folder and copies file by file, with pauses longer than two checks."""
    with watch_server(part, tmp_path) as server:
        shutil.rmtree(server.data)
        files = sorted((path for path in Path(part).rglob("*") if path.is_file()), reverse=order)
        for number, path in enumerate(files):
            place = server.data / path.relative_to(part)
            place.parent.mkdir(parents=True, exist_ok=True)
            content = path.read_bytes()
            place.write_bytes(content[: len(content) // 2])
            if number % (len(files) // 6) == 1:
                end = time.monotonic() + 5 * OFTEN[SECONDS_BETWEEN_CHECKS]
                while time.monotonic() < end:
                    assert server.health["dataset"]["triples"] == server.triples
                    time.sleep(0.05)
            place.write_bytes(content)
        server.wait_for("pass", seconds=90)
        assert not [line for line in server.log if "is served" in line]


@pytest.mark.slow
@pytest.mark.parametrize("allowed", [False, True])
def test_much_smaller_data_is_served_only_if_allowed(part: str, tmp_path: Path, allowed: bool) -> None:
    with watch_server(part, tmp_path, *(["--allow-smaller"] if allowed else [])) as server:
        sources = sorted((server.data / "sources").rglob("*.trig"))
        removed_files = sources[: len(sources) * 2 // 3]
        for path in removed_files:
            path.unlink()
        end = time.monotonic() + 90
        while server.health["status"] == "pass" and server.health["dataset"]["sources"] == len(sources):
            assert time.monotonic() < end
            time.sleep(0.1)
        if allowed:
            assert server.health["dataset"]["sources"] == len(sources) - len(removed_files)
        else:
            assert "start the server with --allow-smaller" in server.health["refused"]["reason"]
            assert server.health["dataset"]["triples"] == server.triples


@pytest.mark.slow
def test_a_store_that_a_worker_finds_damaged_is_rebuilt(part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEVKG_CACHE", str(tmp_path / "cache"))
    with watch_server(part, tmp_path) as server:
        (place,) = cache.folder().glob("store-*")
        damage(place / "oxigraph", silent=True)  # the served store has hard links to the same tables
        for worker in server.server.workers:
            os.kill(worker, 9)
        query = "SELECT (COUNT(*) AS ?n) {{ ?s ?p ?o FILTER(STRLEN(STR(?o)) >= {}) }}"
        deadline = time.monotonic() + 60
        statuses: list[int] = []
        while 200 not in statuses[-1:]:
            with_damage = requests.get(f"{server.server.address}/sparql", {"query": query.format(-len(statuses))}, timeout=30)
            statuses.append(with_damage.status_code)
            assert time.monotonic() < deadline, (statuses, server.log)
            time.sleep(0.5)
        assert set(statuses) <= {200, 503}
        server.wait_for("pass")
        assert server.server.count(COUNT) == server.triples
        assert "The store in the cache is damaged or missing and is being built again." in server.log
        assert not [line for line in server.log if "Traceback" in line]


QUERY = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o } # %s"


def ask_until_sound(server: WatchedServer, seconds: float = 90) -> None:
    """Kills workers and asks until all is well again; asserts that each answer is right, or a refusal that says what is wrong."""
    end = time.monotonic() + seconds
    while True:
        answer = requests.post(
            f"{server.server.address}/sparql",
            {"query": QUERY % time.monotonic(), "over": "record"},
            headers={"Accept": "text/csv"},
            timeout=60,
        )
        assert answer.status_code in (200, 503), answer.text
        if answer.ok:
            assert answer.text == f"n\r\n{server.triples}\r\n"
        else:
            assert "Too many" not in answer.json()["detail"]
        if answer.ok and server.health["status"] == "pass" and server.health["load"]["workers"] == 2:
            return
        assert time.monotonic() < end, (server.health, server.log)
        time.sleep(0.2)


def kill_workers(server: ServerProcess) -> None:
    for worker in server.workers:
        with suppress(ProcessLookupError):
            os.kill(worker, signal.SIGKILL)


@pytest.mark.parametrize("kills", quick_every(2, [False, True]), ids=["workers end later", "workers end at once"])
def test_a_removed_cache_is_built_again(part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, kills: bool) -> None:
    monkeypatch.setenv("NEVKG_CACHE", str(tmp_path / "cache"))
    with watch_server(part, tmp_path) as server:
        shutil.rmtree(tmp_path / "cache")
        if kills:
            kill_workers(server.server)
        wait_for(lambda: server.health["status"] != "pass")
        ask_until_sound(server)
        kill_workers(server.server)
        ask_until_sound(server)
        assert server.server.get("/api/questions/companies/answer?as_of=2020-02-02").ok
        assert not [line for line in server.log if "Traceback" in line]


@pytest.mark.slow
def test_a_removed_cache_of_two_servers_is_built_again(part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEVKG_CACHE", str(tmp_path / "cache"))
    with watch_server(part, tmp_path / "one") as one, watch_server(part, tmp_path / "two") as two:
        shutil.rmtree(tmp_path / "cache")
        kill_workers(one.server)
        wait_for(lambda: "pass" not in (one.health["status"], two.health["status"]))
        for server in (one, two):
            ask_until_sound(server)


@pytest.mark.slow
def test_the_cache_may_be_removed_while_a_day_is_being_made(part: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEVKG_CACHE", str(tmp_path / "cache"))
    with watch_server(part, tmp_path) as server, ThreadPoolExecutor() as threads:
        for number in range(6):
            paths = (f"/api/questions/companies/answer?as_of=20{20 - number}-03-0{day}" for day in range(1, 5))
            answers = [threads.submit(server.server.get, path) for path in paths]
            time.sleep(0.3 * number)
            shutil.rmtree(tmp_path / "cache", ignore_errors=True)
            assert {answer.result().status_code for answer in answers} <= {200, 503}
            ask_until_sound(server)
        assert not [line for line in server.log if "Traceback" in line]


def test_answers_do_not_wait_for_a_slow_file_system(part: str, monkeypatch: pytest.MonkeyPatch) -> None:
    checks, may_go_on = threading.Event(), threading.Event()
    sign = Dataset.sign

    def slow(self: Dataset) -> Sign:
        checks.set()
        may_go_on.wait(60)
        return sign(self)

    async def serve() -> None:
        generations = Generations(Dataset(Layout.find(Path(part))), Settings(quick=1, slow=1))
        await generations.open()
        try:
            monkeypatch.setattr(Dataset, "sign", slow)
            assert await asyncio.to_thread(checks.wait, 60)
            ticket = generations.current.pool.submit(Job(SparqlQuery("ASK {}", table="text/csv", rows=1)))
            await ticket.wait_for_start()
            assert (ticket.content(), may_go_on.is_set()) == (b"true", False)
            assert describe_health(generations, generations.current.state.origin.layout)["status"] == "pass"
            ticket.close()
        finally:
            may_go_on.set()
            await generations.close()

    monkeypatch.setattr("nevkg.serve.state.generations._SECONDS_BETWEEN_CHECKS", 0.01)
    asyncio.run(serve())
