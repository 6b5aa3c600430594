from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from tests.support.browser import EXPLORER, chromium
from tests.support.sample import cut
from tests.support.serving import Served, serving
from tests.support.worlds import World

from nevkg.cli import main
from nevkg.data.paths import Layout
from nevkg.explorer.build import build
from nevkg.store import EmbeddedStore, open_store
from nevkg.store.cache import MOST


@pytest.fixture(scope="session")
def common(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of one run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(autouse=True, scope="session")
def cache(common: Path) -> Iterator[Path]:
    """All tests of one run share a cache of their own."""
    folder = common / "cache"
    folder.mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NEVKG_CACHE", str(folder))
        patch.setenv("COLUMNS", "100")
        # Tests build more stores than a user does, and servers of theirs open the folders.
        for family in MOST:
            patch.setitem(MOST, family, 1000)
        yield folder


@contextmanager
def alone(common: Path, work: str) -> Iterator[None]:
    """One process at a time does this work; the next finds it done."""
    with (common / f"{work}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def part_of_the_data(common: Path, name: str, *, beginning: str) -> Layout:
    """A part of the shipped data, cut once for all processes."""
    layout = replace(Layout.find(), data=common / name)
    with alone(common, name):
        if not layout.data.exists():
            cut(Layout.find(), folder := common / f"{name}-draft", beginning=beginning)
            folder.rename(layout.data)
    return layout


@pytest.fixture(scope="session")
def shipped(cache: Path, common: Path) -> EmbeddedStore:
    """The store of the shipped data."""
    assert cache.is_dir()
    with alone(common, "shipped"):
        return open_store(Layout.find())


@pytest.fixture(scope="session")
def sample(cache: Path, common: Path) -> EmbeddedStore:
    """The store of a sixteenth of the sources, with the article and all memberships: small enough for a slow engine."""
    assert cache.is_dir()
    layout = part_of_the_data(common, "sample", beginning="0")
    with alone(common, "store of the sample"):
        return open_store(layout)


@pytest.fixture(scope="session")
def part(common: Path) -> str:
    """A data folder with a hundredth of the sources, the article and all memberships: for what runs often."""
    return str(part_of_the_data(common, "part", beginning="00").data)


@pytest.fixture(scope="session")
def sample_folder(sample: EmbeddedStore) -> Path:
    """The data folder of that store."""
    return sample.layout.data


@pytest.fixture(scope="session")
def served(part: str) -> Iterator[Served]:
    """A server of that data, for all tests that do it no harm."""
    with serving("--data", part) as one:
        yield one


@pytest.fixture(scope="session")
def explorer() -> None:
    """It is built, as it is now."""
    build(EXPLORER)


@pytest.fixture(scope="session")
def server(explorer: None) -> Iterator[Served]:  # noqa: ARG001  it must be built first
    """A server of the shipped data, with the explorer; patient, since other tests may keep the machine busy."""
    with serving("--time-limit", "100") as one:
        yield one


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Of one module, since Playwright holds an event loop of its own, which others must not find running."""
    with chromium() as opened:
        yield opened


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str


@pytest.fixture
def nevkg(capfdbinary: pytest.CaptureFixture[bytes]) -> Callable[..., Result]:
    """Runs the command line in this process."""

    def run(*words: str) -> Result:
        code = main(list(words))
        out, err = capfdbinary.readouterr()
        return Result(code, out.decode(), err.decode())

    return run
