"""Background tasks of the server survive any error: what must go on goes on, and nothing ends silently."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.support.marks import FUZZ

from nevkg.data.paths import Layout
from nevkg.errors import CouldNotRun, InvalidData
from nevkg.serve.app import describe_health
from nevkg.serve.clients import Visit
from nevkg.serve.jobs import Job
from nevkg.serve.pool import pool
from nevkg.serve.pool.pool import Background, Pool
from nevkg.serve.pool.process import Origin, Worker
from nevkg.serve.problem import Problem
from nevkg.serve.settings import Settings
from nevkg.serve.state import downloads, generations, preparations
from nevkg.serve.state.generations import Generation, Generations
from nevkg.serve.state.preparations import PrepareDay
from nevkg.serve.state.source import ServedDataset, State, StoreCopy
from nevkg.serve.state.watch import Contents, Sign

pytestmark = pytest.mark.anyio
STEPS = 40


class EnginePanic(BaseException):
    """Like a panic of an engine written in Rust, which is no ``Exception``."""


ERRORS: list[Callable[[], BaseException]] = [
    lambda: MemoryError("Reached the buffer maximal size of 16777216"),
    lambda: EnginePanic("index out of bounds"),
    lambda: RuntimeError("Corruption: block checksum mismatch"),
    lambda: RecursionError("maximum recursion depth exceeded"),
    lambda: ValueError("embedded null byte"),
    lambda: KeyError("name"),
    lambda: AssertionError(),
    lambda: OSError(28, "No space left on device"),
    lambda: PermissionError(13, "Permission denied", "/srv/data/registry/agents.ttl"),
    lambda: InvalidData("a file is empty."),
    lambda: CouldNotRun("a folder is missing."),
]


class ChangingDataset(ServedDataset):
    """A dataset of which the test decides what it is, and where it fails."""

    version = 0
    errors: dict[str, Callable[[], BaseException]] = {}  # noqa: RUF012  each test has a class of its own

    def fail(self, where: str) -> None:
        if where in self.errors:
            raise self.errors[where]()

    def sign(self) -> Sign:
        self.fail("sign")
        return Sign(str(self.version), 1)

    def state(self) -> State:
        self.fail("state")
        return State(Origin("", "", ""), str(self.version), Contents("1", "2026-01-01", str(self.version), 10, 1))


@pytest.fixture
def dataset() -> type[ChangingDataset]:
    class Own(ChangingDataset):
        errors: dict[str, Callable[[], BaseException]] = {}  # noqa: RUF012

    return Own


@pytest.fixture
async def watched(dataset: type[ChangingDataset], monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Generations]:
    """The watch of the dataset, with workers that do nothing."""

    async def nothing() -> None: ...

    async def start(self: Generations, state: State) -> Generation:  # noqa: ARG001
        changing.fail("start")
        idle: Any = SimpleNamespace(is_damaged=False, trouble=None, load={"workers": 1}, drain=nothing, close=nothing)
        return Generation(state, idle, idle, idle)

    monkeypatch.setattr(generations, "_SECONDS_BETWEEN_CHECKS", 0.001)
    monkeypatch.setattr("nevkg.serve.state.watch._MOST_CHECKS", 3)
    monkeypatch.setattr(Generations, "_start", start)
    monkeypatch.setattr("nevkg.store.cache.discard_stores", lambda: None)  # other tests use the cache, too
    changing = dataset(Layout.find())
    watched = Generations(changing, Settings())
    watched.on_change(lambda: changing.fail("callback"))
    await watched.open()
    yield watched
    await watched.close()


async def wait_until(condition: Callable[[], object], seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.001)


ANY_ERROR = pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error()).__name__)
Dataset = type[ChangingDataset]


@pytest.mark.parametrize("where", ["sign", "state", "start", "callback"])
@ANY_ERROR
async def test_the_watch_for_new_data_survives_any_error(
    watched: Generations, dataset: Dataset, where: str, error: Callable[[], BaseException]
) -> None:
    dataset.errors[where] = error
    dataset.version = 1
    await wait_until(lambda: watched.refusal)
    document = describe_health(watched, Layout.find())
    assert document["status"] == "warn"
    assert document["refused"]["reason"]
    assert "/srv" not in document["refused"]["reason"], "folders of the server are not public"
    dataset.errors.clear()
    dataset.version = 2
    await wait_until(lambda: watched.current.state.name == "2" and watched.refusal is None)
    assert describe_health(watched, Layout.find())["status"] == "pass"


@pytest.mark.parametrize("seed", range(3 * FUZZ))
async def test_the_newest_state_is_served_after_any_sequence_of_errors(watched: Generations, dataset: Dataset, seed: int) -> None:
    chosen = random.Random(seed)
    for _ in range(STEPS):
        dataset.version += chosen.random() < 0.5
        dataset.errors = {where: chosen.choice(ERRORS) for where in ("sign", "state", "start", "callback") if chosen.random() < 0.3}
        await asyncio.sleep(0.003 * chosen.random())
    dataset.errors = {}
    dataset.version += 1
    await wait_until(lambda: watched.current.state.name == str(dataset.version) and watched.refusal is None)


async def test_health_says_when_the_data_was_last_checked_and_fails_if_that_is_too_long_ago(
    watched: Generations, dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = datetime.fromisoformat(describe_health(watched, Layout.find())["watch"]["checked"])
    assert datetime.now(UTC) - checked < timedelta(minutes=1)
    monkeypatch.setattr(generations, "_SECONDS_UNTIL_OVERDUE", 0.05)
    dataset.errors["sign"] = lambda: EnginePanic("the file system does not answer")
    await wait_until(lambda: describe_health(watched, Layout.find())["status"] == "fail")
    dataset.errors.clear()
    await wait_until(lambda: describe_health(watched, Layout.find())["status"] == "pass")


async def test_health_does_not_fail_while_the_served_store_cannot_be_looked_at(
    watched: Generations, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The workers that have it open go on."""

    def fail(origin: Origin) -> bool:
        raise PermissionError(13, "Permission denied", f"{origin.folder}/CURRENT")

    monkeypatch.setattr(generations, "_SECONDS_UNTIL_OVERDUE", 0.2)
    with monkeypatch.context() as patch:
        patch.setattr(Origin, "is_missing", property(fail))
        await wait_until(lambda: watched.refusal)
        await asyncio.sleep(0.4)
        document = describe_health(watched, Layout.find())
        assert (document["status"], document["refused"]["reason"]) == ("warn", "CURRENT cannot be read or written: Permission denied.")
    await wait_until(lambda: describe_health(watched, Layout.find())["status"] == "pass")


@ANY_ERROR
async def test_a_worker_is_replaced_after_any_error(error: Callable[[], BaseException], monkeypatch: pytest.MonkeyPatch) -> None:
    starts: list[bool] = []

    async def start(origin: Origin, memory: int) -> Worker:  # noqa: ARG001
        starts.append(len(starts) < 2)
        if starts[-1]:
            raise error()
        return await asyncio.Event().wait()  # type: ignore[return-value]

    monkeypatch.setattr(Worker, "start", start)
    monkeypatch.setattr(pool, "_PAUSE", 0.001)
    workers = Pool(Origin("", "", ""), Settings(quick=1, slow=1))
    replacing = asyncio.ensure_future(workers._replace(Visit()))
    await wait_until(lambda: starts == [True, True, False])
    replacing.cancel()


@ANY_ERROR
async def test_a_file_and_a_day_are_made_again_after_any_error(
    error: Callable[[], BaseException], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    errors: list[BaseException] = []

    async def run(origin: Origin, memory: int, job: Job, folder: Path, *_: object) -> dict[str, Any]:  # noqa: ARG001
        if errors:
            raise errors.pop()
        return {"media": "text/plain", "headers": {}, "digests": {"identity": "0"}}

    monkeypatch.setattr(downloads, "run_alone", run)
    monkeypatch.setattr(preparations, "run_alone", run)
    files = downloads.Downloads(Origin("", "", ""), 1, StoreCopy(tmp_path), is_steady=True)
    days = preparations.Preparations(Origin("", "", ""), 1)
    for make in (files.get, days.make):
        errors.append(error())
        async with asyncio.timeout(10):
            with pytest.raises((Problem, type(error()))):
                await make(Job(PrepareDay("")))
            await make(Job(PrepareDay("")))
    assert len([*tmp_path.glob("serving-*/download-*")]) == 1


async def test_an_error_that_ends_a_background_task_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def fail() -> None:
        raise EnginePanic("index out of bounds")

    background = Background()
    background.start(fail())
    await asyncio.sleep(0.01)
    await background.end()
    assert "index out of bounds" in caplog.text
