from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.browser import EXPLORER, chromium
from tests.sample import cut
from tests.serving import Served, serving
from tests.worlds import World

from nevkg.cli import main
from nevkg.explorer.build import build
from nevkg.layout import Layout
from nevkg.store import EmbeddedStore, open_store


@pytest.fixture(autouse=True, scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """All tests of one process share a cache of their own."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NEVKG_CACHE", str(folder))
        # Tests build more stores than a user does, and servers of theirs open the folders.
        patch.setattr("nevkg.store.cache._KEPT", 1000)
        yield folder


@pytest.fixture(scope="session")
def shipped(cache: Path) -> EmbeddedStore:
    """The store of the shipped data."""
    assert cache.is_dir()
    return open_store(Layout.find())


@pytest.fixture(scope="session")
def sample(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> EmbeddedStore:
    """The store of a sixteenth of the sources, with the article and all memberships: small enough for a slow engine."""
    assert cache.is_dir()
    return open_store(cut(Layout.find(), tmp_path_factory.mktemp("sample") / "data", beginning="0"))


@pytest.fixture(scope="session")
def part(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A data folder with a hundredth of the sources, the article and all memberships: for what runs often."""
    return str(cut(Layout.find(), tmp_path_factory.mktemp("part") / "data", beginning="00").data)


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


@pytest.fixture(scope="module")
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
