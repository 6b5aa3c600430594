from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from tests.support.browser import EXPLORER, chromium
from tests.support.busy import build_busy_world
from tests.support.hostile import Listener
from tests.support.processes import lock
from tests.support.sample import write_subset
from tests.support.serving import RunningServer, ServerProcess, serving, share, wait_for
from tests.support.worlds import CURRENT, World

from nevkg.cli import main
from nevkg.data.paths import Layout
from nevkg.explorer.build import build
from nevkg.store import EmbeddedStore, open_store

pytest_plugins = ["tests.support.durations"]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--first-cases", action="store_true", help="run each test function once, with its first parameters")


@pytest.hookimpl(trylast=True)  # once slow cases are left out
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("first_cases"):
        first = {item.nodeid.partition("[")[0]: item for item in reversed(items)}
        config.hook.pytest_deselected(items=[item for item in items if item not in first.values()])
        items[:] = [item for item in items if item in first.values()]


@pytest.fixture(scope="session")
def common(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of one test run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(autouse=True, scope="session")
def cache(common: Path) -> Iterator[Path]:
    """A cache folder for this test run, or for several (``NEVKG_TEST_CACHE``); texts of pages are kept for this run only."""
    folder = Path(os.environ.get("NEVKG_TEST_CACHE") or common / "cache")
    folder.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NEVKG_CACHE", str(folder))
        patch.setenv("NEVKG_TEXTS", str(common / "texts"))
        patch.setenv("COLUMNS", "100")
        for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE"):
            patch.delenv(name, raising=False)
        # Tests build more stores than a user does, and their servers have the folders open.
        patch.setenv("NEVKG_CACHE_LIMIT", "1000000")
        yield folder


def load_subset(common: Path, name: str, *, hash_prefix: str) -> Layout:
    """Writes a subset of the shipped data, once for all processes, and returns its layout."""
    layout = replace(Layout.find(), data=common / name)
    with lock(common / f"{name}.lock"):
        if not layout.data.exists():
            write_subset(Layout.find(), folder := common / f"{name}-draft", hash_prefix=hash_prefix)
            folder.rename(layout.data)
    return layout


@pytest.fixture(scope="session")
def shipped(cache: Path, common: Path) -> EmbeddedStore:
    """The store of the shipped data."""
    assert cache.is_dir()
    with lock(common / "shipped.lock"):
        return open_store(Layout.find())


@pytest.fixture(scope="session")
def current(cache: Path, common: Path) -> EmbeddedStore:
    """The store of the data as it is, for tests of the data and of what is made from it."""
    assert cache.is_dir()
    with lock(common / "shipped.lock"):
        return open_store(CURRENT)


@pytest.fixture(scope="session")
def sample(cache: Path, common: Path) -> EmbeddedStore:
    """The store of a sixteenth of the sources, the article and all memberships: small enough for a slow engine."""
    assert cache.is_dir()
    layout = load_subset(common, "sample", hash_prefix="0")
    with lock(common / "store of the sample.lock"):
        return open_store(layout)


@pytest.fixture(scope="session")
def part(common: Path) -> str:
    """A data folder with a hundredth of the sources, the article and all memberships, for tests that run often."""
    return str(load_subset(common, "part", hash_prefix="00").data)


@pytest.fixture(scope="session")
def sample_folder(sample: EmbeddedStore) -> Path:
    """The data folder of ``sample``."""
    return sample.layout.data


@pytest.fixture(scope="session")
def store(part: str) -> EmbeddedStore:
    """The store of ``part``; some modules have another."""
    return open_store(Layout.find(Path(part)))


@pytest.fixture(scope="session")
def busy(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedStore:
    """The small world in which each parameter makes a difference."""
    return build_busy_world(tmp_path_factory.mktemp("busy"))


@pytest.fixture(scope="session")
def served(part: str) -> Iterator[ServerProcess]:
    """A server of ``part``, shared by all tests that do not stop or damage it."""
    with serving("--data", part) as server:
        yield server


@pytest.fixture(scope="session")
def explorer_build() -> None:
    """Builds the explorer from its current sources."""
    build(EXPLORER)


@pytest.fixture(scope="session")
def server(common: Path, explorer_build: None) -> RunningServer:  # noqa: ARG001  it must be built first
    """The server of the shipped data, with the explorer. Its time limit is long, since other tests may keep the machine busy."""
    server = share(common / "server of the shipped data", "--time-limit", "100")
    # On a busy machine, its preparation may take longer than a request may.
    wait_for(lambda: server.get("/api/neighbours?iri=agent:byd&history=true&limit=1").ok, 900)
    return server


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, for one module, since Playwright's event loop must not run during tests of other modules."""
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    with Listener() as listener:
        yield listener


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@dataclass(frozen=True)
class Result:
    """What a command wrote, and its exit code."""

    code: int
    out: str
    err: str

    def error(self, code: int = 2) -> str:
        """Asserts that the command failed with this code and wrote one line, to standard error, and returns the line."""
        assert (self.code, self.out, self.err.count("\n")) == (code, "", 1), self
        assert self.err.startswith("nevkg: ")
        return self.err


Nevkg = Callable[..., Result]


@pytest.fixture
def nevkg(capfdbinary: pytest.CaptureFixture[bytes]) -> Nevkg:
    """Runs the command line in this process."""

    def run(*words: str) -> Result:
        code = main(list(words))
        out, err = capfdbinary.readouterr()
        return Result(code, out.decode(), err.decode())

    return run
