"""Disks that become full, and folders that a server may no longer read or write.

Each write is refused in a sentence, leaves nothing behind, and works again later; the server answers from what is open. The folders
for the cache, temporary files and the log are small file systems, since the engine writes without Python.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import requests
from tests.support.marks import quick_every
from tests.support.serving import ServerProcess, serving, wait_for

FOLDERS = ("cache", "tmp", "log")
MOUNT = 'for one in cache tmp log; do mount -t tmpfs -o size=64m tmpfs "$1/$one"; done; log="$1/log/log"; shift; exec "$@" 2> "$log"'
QUADS = "/sparql?over=record&format=csv&query=SELECT ?s ?p ?o ?g { GRAPH ?g { ?s ?p ?o } }"
ANSWER = "/api/questions/companies/answer"


class Disks:
    """A server, a copy of its data, and its small file systems."""

    def __init__(self, server: ServerProcess, folder: Path) -> None:
        self.server, self.data = server, folder / "home" / "data"
        # They exist only for the processes of the server.
        self._root = Path(f"/proc/{server.process.pid}/root{folder}")

    @contextmanager
    def full(self, *names: str) -> Iterator[None]:
        """Fills the file systems."""
        fills = [self._root / name / "fill" for name in names]
        for fill in fills:
            with fill.open("wb", buffering=0) as file, suppress(OSError):
                while True:
                    file.write(bytes(4096))
        try:
            yield
        finally:
            for fill in fills:
                fill.unlink()

    def list_temporary(self) -> set[str]:
        """The temporary files and folders, of which the server keeps the copy that it serves."""
        patterns = ("tmp/*", "cache/building-*", "cache/serving-*", "cache/serving-*/*", "cache/**/tmp*")
        places = {place for pattern in patterns for place in self._root.glob(pattern)}
        return {str(place.relative_to(self._root)) for place in places if place.name != "fill"}

    @property
    def log(self) -> list[str]:
        return (self._root / "log" / "log").read_text(encoding="utf-8").splitlines()


@pytest.fixture(scope="module")
def disks(part: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Disks]:
    folder = tmp_path_factory.mktemp("disks")
    for name in FOLDERS:
        (folder / name).mkdir()
    isolated = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-ec", MOUNT, "sh", str(folder)]
    if subprocess.run([*isolated, "true"], capture_output=True, check=False).returncode:
        pytest.skip("this system does not let users mount a file system")
    shutil.copytree(part, folder / "home" / "data")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NEVKG_CACHE", str(folder / "cache"))
        patch.setenv("TMPDIR", str(folder / "tmp"))
        with serving("--data", str(folder / "home" / "data"), "--quick", "1", "--slow", "1", "--log", prefix=isolated) as server:
            disks = Disks(server, folder)
            for path in (QUADS, ANSWER):  # what is in the cache of both workers does not depend on which of them answers first
                assert server.get(path).ok
            yield disks


@pytest.mark.parametrize(
    ("full", "path", "words"),
    quick_every(
        2,
        [
            ("tmp", QUADS, "The server cannot store an answer of this size: No space left on device; try again in a minute."),
            (
                "tmp",
                f"{ANSWER}?as_of=2021-02-03",
                "The server cannot write a file for this answer: No space left on device; try again in a minute.",
            ),
            (
                "cache",
                f"{ANSWER}?as_of=2021-02-04",
                "The server cannot store this day, since its cache cannot be written; try again in a minute.",
            ),
            (
                "cache",
                f"{ANSWER}?known_by=2021-02-03",
                "The server cannot store this day, since its cache cannot be written; try again in a minute.",
            ),
            ("cache", "/dataset.trig", "The server cannot write a file for this answer: No space left on device; try again in a minute."),
        ],
    ),
    ids=["an answer", "the folder of a preparation", "a day", "a record as known by a day", "a download"],
)
def test_each_write_of_an_answer(disks: Disks, full: str, path: str, words: str) -> None:
    before = disks.list_temporary()
    with disks.full(full):
        began = time.monotonic()
        refused = disks.server.get(path)
        assert (refused.status_code, refused.json()["detail"], refused.headers.get("Retry-After")) == (503, words, "60")
        assert time.monotonic() - began < 8, "a day is not made again and again"
        assert disks.list_temporary() == before
        assert disks.server.get(ANSWER).ok
    assert disks.server.get(path).ok


def test_writes_that_nothing_depends_on(disks: Disks) -> None:
    """Names for the search, indexes and the log are not written, or later; a worker that ends is replaced."""
    with disks.full(*FOLDERS):
        os.kill(disks.server.workers[0], signal.SIGKILL)
        wait_for(lambda: len(disks.server.workers) == 2)
        for path in ("/api/search?q=a", "/questions/companies", f"{ANSWER}?format=xlsx", f"{ANSWER}?format=zip", "/"):
            assert disks.server.get(path).ok
        assert disks.server.health["status"] == "pass"
    assert disks.server.get("/api/search?q=b").ok
    # The full disk may have cut the line before, so that this one does not begin a line.
    wait_for(lambda: '"path": "/api/search"' in disks.log[-1])
    assert not [line for line in disks.log if "Traceback" in line]


def test_new_data_is_served_once_there_is_room(disks: Disks) -> None:
    (source, *_) = sorted((disks.data / "sources").rglob("*.trig"))
    served, before = disks.server.health["dataset"]["digest"], disks.list_temporary()
    with disks.full("cache", "tmp"):
        source.write_text(source.read_text(encoding="utf-8") + "\n", encoding="utf-8")
        wait_for(lambda: disks.server.health["status"] == "warn")
        assert "No space left on device" in disks.server.health["refused"]["reason"]
        assert disks.server.get(QUADS.replace("csv", "tsv") + " LIMIT 9").ok
        assert disks.server.health["dataset"]["digest"] == served
        assert disks.list_temporary() == before
    wait_for(lambda: disks.server.health["status"] == "pass")
    assert disks.server.health["dataset"]["digest"] != served
    assert disks.server.get(ANSWER).ok


DOWNLOAD = "/dataset.trig"
# Without these, the permissions of files also count for root.
UNPRIVILEGED = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search")


class Guarded:
    """An unprivileged server with folders of its own."""

    def __init__(self, server: ServerProcess, folder: Path) -> None:
        self.server, self.folder = server, folder

    @contextmanager
    def locked(self, pattern: str) -> Iterator[None]:
        """Withdraws all permissions from a folder."""
        (place,) = self.folder.glob(pattern)
        mode = place.stat().st_mode
        place.chmod(0)
        try:
            yield
        finally:
            place.chmod(mode)

    def wait_for(self, status: str, words: str = "") -> None:
        """Waits until ``/health`` has a status, with words in its reason."""

        def has_status() -> bool:
            health = self.server.health
            return bool(health["status"] == status and words in health.get("refused", {}).get("reason", ""))

        wait_for(has_status)

    def expect_refusal(self, path: str, words: str) -> None:
        refused = self.server.get(path)
        assert refused.status_code == 503
        assert words in refused.json()["detail"]
        assert str(self.folder) not in refused.text, "paths of the server are not public"
        assert int(refused.headers["Retry-After"]) > 0

    def kill_workers(self) -> None:
        for worker in self.server.workers:
            os.kill(worker, signal.SIGKILL)

    def query(self) -> requests.Response:
        """Sends a query that is in no cache."""
        return self.server.ask(f"ASK {{}} # {time.monotonic()}")


@pytest.fixture(scope="module")
def guarded(part: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    prefix = UNPRIVILEGED if os.geteuid() == 0 else ()
    if prefix and (not shutil.which("setpriv") or subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode):
        pytest.skip("this system cannot run a process without the capabilities of root")
    folder = tmp_path_factory.mktemp("guarded")
    shutil.copytree(part, folder / "home" / "data")
    (folder / "tmp").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NEVKG_CACHE", str(folder / "cache"))
        patch.setenv("TMPDIR", str(folder / "tmp"))
        options = ("--data", str(folder / "home" / "data"), "--quick", "1", "--slow", "1")
        with serving(*options, log=folder / "log", prefix=prefix) as server:
            assert server.get(DOWNLOAD).ok
            yield Guarded(server, folder)


def test_the_data(guarded: Guarded) -> None:
    with guarded.locked("home/data"):
        guarded.wait_for("warn", "data cannot be read: Permission denied.")
        assert guarded.query().ok
        assert guarded.server.get(f"{ANSWER}?as_of=2021-03-01").ok
    guarded.wait_for("pass")


def test_temporary_files(guarded: Guarded) -> None:
    with guarded.locked("tmp"):
        guarded.expect_refusal(f"{ANSWER}?as_of=2022-03-02", "The server cannot prepare this day: Permission denied")
        assert guarded.query().ok
    assert guarded.server.get(f"{ANSWER}?as_of=2022-03-02").ok


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["cache", "cache/serving-*"], ids=["the cache", "the copy that is served"])
def test_the_cache(guarded: Guarded, folder: str) -> None:
    """Workers that have the store open answer. Once they end, all is refused until the folder can be read again."""
    day = f"{ANSWER}?as_of={2010 + len(folder)}-04-01"  # one that no worker has open
    with guarded.locked(folder):
        guarded.wait_for("warn", "CURRENT cannot be read or written: Permission denied.")
        assert guarded.query().ok
        guarded.expect_refusal(day, "The server cannot start a process that prepares this answer")
        guarded.expect_refusal(DOWNLOAD, "The server cannot read the file for this download: Permission denied")
        guarded.kill_workers()
        guarded.wait_for("fail")
        guarded.expect_refusal(f"{ANSWER}?offset={len(folder)}", "The server has no process left to run queries")
    guarded.wait_for("pass")
    for path in (day, DOWNLOAD):
        assert guarded.server.get(path).ok
    assert guarded.query().ok
    assert "Traceback" not in (guarded.folder / "log").read_text(encoding="utf-8")
