"""New days are prepared apart from the workers of queries: one at a time, once for all who wait, with a limit for each client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from nevkg.data.paths import Layout
from nevkg.serve.clients import Account
from nevkg.serve.jobs import Job
from nevkg.serve.pool.lanes import run_alone
from nevkg.serve.problem import MissingDay, Problem
from nevkg.serve.settings import Allowance, Settings
from nevkg.serve.sparql_jobs import SparqlQuery
from nevkg.serve.state import preparations
from nevkg.serve.state.generations import Generation, Generations
from nevkg.serve.state.preparations import PrepareDay
from nevkg.serve.state.source import ServedDataset
from nevkg.store import cache

pytestmark = pytest.mark.anyio


def ask(day: str, known_by: str | None = None) -> Job:
    return Job(SparqlQuery("ASK {}", as_of=day, table="text/csv", rows=1), known_by=known_by)


@pytest.fixture
async def generation(part: str) -> AsyncIterator[Generation]:
    """The workers of a server."""
    generations = Generations(ServedDataset(Layout.find(Path(part))), Settings(quick=1, slow=1))
    await generations.open()
    yield generations.current
    await generations.close()


async def answer(generation: Generation, job: Job, account: Account | None = None) -> bytes:
    ticket = await generation.begin(job, account or Account())
    try:
        return ticket.content()
    finally:
        ticket.close()


@pytest.fixture
def prepared(monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    """The jobs that were prepared, each of which takes at least half a second."""
    jobs: list[Job] = []

    async def run(origin: Any, memory: int, job: Job, folder: Path, charge: Callable[[float], object]) -> dict[str, Any]:
        jobs.append(job)
        await asyncio.sleep(0.5)
        return await run_alone(origin, memory, job, folder, charge)

    monkeypatch.setattr(preparations, "run_alone", run)
    return jobs


async def test_a_worker_builds_no_day_and_the_same_day_is_prepared_once(generation: Generation, prepared: list[Job]) -> None:
    ticket = generation.pool.submit(ask("2013-07-11"))
    with pytest.raises(MissingDay):
        await ticket.wait_for_start()
    ticket.close()
    assert not [*cache.folder().glob("snapshot-*-2013-07-11")]
    answers = await asyncio.gather(*(answer(generation, ask("2013-07-11")) for _ in range(5)))
    assert answers == [b"true"] * 5
    assert [job.task for job in prepared] == [PrepareDay("2013-07-11")]
    assert await answer(generation, ask("2013-07-11")) == b"true"
    assert len(prepared) == 1


async def test_the_record_as_known_by_a_day_is_prepared_too(generation: Generation, prepared: list[Job]) -> None:
    assert await answer(generation, ask("2019-07-11", "2020-07-11")) == b"true"
    assert [(job.task, job.known_by) for job in prepared] == [(PrepareDay(""), "2020-07-11"), (PrepareDay("2019-07-11"), "2020-07-11")]


async def test_queries_do_not_wait_for_days(generation: Generation, prepared: list[Job]) -> None:
    days = [asyncio.ensure_future(answer(generation, ask(f"2013-08-{day}"))) for day in (11, 12, 13)]
    while not prepared:
        await asyncio.sleep(0.01)
    for _ in range(20):
        assert await answer(generation, ask("")) == b"true"
    assert not any(day.done() for day in days[1:]), "they are prepared one after the other"
    assert await asyncio.gather(*days) == [b"true"] * 3


class Payer(Account):
    """An account that records its charges."""

    def __init__(self) -> None:
        super().__init__(Allowance(queries=10))
        self.charges: list[float] = []

    def charge(self, seconds: float) -> None:
        self.charges.append(seconds)


async def test_a_new_day_is_charged(generation: Generation) -> None:
    payer = Payer()
    await answer(generation, ask("2013-10-11"), payer)
    missing, day, query = payer.charges
    assert max(missing, query) < day < 60


async def test_one_client_gets_two_new_days_at_a_time(generation: Generation, prepared: list[Job]) -> None:
    client, other = Account(Allowance(queries=10)), Account(Allowance(queries=10))
    first = [asyncio.ensure_future(answer(generation, ask(f"2013-09-{day}"), client)) for day in (11, 12)]
    while len(generation.preparations._tasks) < 2:
        await asyncio.sleep(0.01)
    with pytest.raises(Problem, match="2 new days at the same time") as refused:
        await answer(generation, ask("2013-09-13"), client)
    assert refused.value.status == 429
    others = [asyncio.ensure_future(answer(generation, ask(f"2013-09-{day}"))) for day in (13, 14, 15)]
    while len(generation.preparations._tasks) < 5:
        await asyncio.sleep(0.01)
    with pytest.raises(Problem, match="Too many days") as refused:
        await answer(generation, ask("2013-09-16"), other)
    assert refused.value.status == 503
    for task in (*first, *others):
        task.cancel()
    await asyncio.gather(*first, *others, return_exceptions=True)
    assert len(prepared) <= 1, "they are prepared one after the other"
