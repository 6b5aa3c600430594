"""Folders that a server may no longer read or write: it answers from what is open, or says why it cannot, and recovers."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from tests.support.serving import ServerProcess, serving, wait_for

ANSWER = "/api/questions/companies/answer"
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
        guarded.expect_refusal(f"{ANSWER}?as_of=2021-03-02", "The server cannot prepare this day: Permission denied")
        assert guarded.query().ok
    assert guarded.server.get(f"{ANSWER}?as_of=2021-03-02").ok


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["cache", "cache/serving-*"], ids=["the cache", "the copy that is served"])
def test_the_cache(guarded: Guarded, folder: str) -> None:
    """Workers that have the store open answer. Once they end, all is refused until the folder can be read again."""
    day = f"{ANSWER}?as_of=2021-04-{len(folder):02}"
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
