"""The pool of workers: the result of each job, and its effect on others."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import replace
from time import monotonic

import pytest
from benchmarks import runaways

from nevkg.errors import CouldNotRun
from nevkg.serve.clients import Account, Visit
from nevkg.serve.jobs import Job
from nevkg.serve.pool import lanes
from nevkg.serve.pool.lanes import Run
from nevkg.serve.pool.pool import Pool
from nevkg.serve.pool.process import Origin, Worker
from nevkg.serve.pool.spool import Budget, Ticket
from nevkg.serve.problem import Problem
from nevkg.serve.settings import Allowance, Settings
from nevkg.serve.sparql_jobs import SparqlQuery
from nevkg.store import EmbeddedStore

pytestmark = pytest.mark.anyio
SETTINGS = Settings(quick=1, slow=1, moment=0.2, time_limit=2, memory=300, waiting=16, patience=5)
RUNAWAY = "cross product"
ROWS = "SELECT * { ?s ?p ?o }"


def query_job(query: str, rows: int = 1_000_000) -> Job:
    return Job(SparqlQuery(query, over="record", table="text/csv", graph="text/turtle", rows=rows), free=True)


def number_job(value: int) -> Job:
    """Returns a job that takes no time."""
    return query_job(f"SELECT ({value} AS ?n) {{}}")


@pytest.fixture(scope="session")
def origin(sample: EmbeddedStore) -> Origin:
    layout = sample.layout
    return Origin(str(layout.ontology), str(layout.data), str(layout.queries), sample.digest, f"{sample.place}/oxigraph", str(sample.place))


def with_settings(budget: Budget | None = None, **settings: float) -> pytest.MarkDecorator:
    """Marks a test whose pool has other settings, or a budget of answers that are not read yet."""
    return pytest.mark.parametrize("pool", [(budget, settings)], indirect=True, ids=[""])


@pytest.fixture
async def pool(origin: Origin, request: pytest.FixtureRequest) -> AsyncIterator[Pool]:
    budget, settings = getattr(request, "param", (None, {}))
    pool = await Pool.open(origin, replace(SETTINGS, **settings), budget)
    yield pool
    await pool.close()


class Payer(Visit):
    """A client account that records its charges."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds, self.failures, self.has_left = 0.0, list[int](), False

    def charge(self, seconds: float) -> None:
        self.seconds += seconds

    def fail(self, problem: Problem) -> None:
        self.failures.append(problem.status)

    def leave(self) -> None:
        self.has_left = True


async def fetch_answer(pool: Pool, job: Job, payer: Visit | None = None) -> str:
    ticket = pool.submit(job, payer)
    try:
        await ticket.wait_for_start()
        return b"".join([piece async for piece in ticket.pieces()]).decode()
    finally:
        ticket.close()


async def fetch_refusal(pool: Pool, job: Job, payer: Visit | None = None) -> Problem:
    with pytest.raises(Problem) as refused:
        await fetch_answer(pool, job, payer)
    return refused.value


async def test_jobs_are_answered(pool: Pool) -> None:
    answers = await asyncio.gather(*(fetch_answer(pool, number_job(value)) for value in range(12)))
    assert answers == [f"n\r\n{value}\r\n" for value in range(12)]
    assert pool.load == {"quick running": 0, "quick waiting": 0, "slow running": 0, "slow waiting": 0, "workers": 2}


@with_settings(waiting=4, patience=30)
async def test_a_full_queue_refuses_the_client_that_has_the_most_waiting(pool: Pool) -> None:
    many, few, other = (Account(Allowance(queries=100)) for _ in range(3))
    running = pool.submit(query_job(runaways.make_query(RUNAWAY)))
    waiting = [pool.submit(number_job(number), account.enter()) for number, account in enumerate([many, many, few, many])]
    late = pool.submit(number_job(5), other.enter())
    with pytest.raises(Problem, match="Too many queries are waiting"):
        await waiting[3].wait_for_start()
    with pytest.raises(Problem, match="Too many queries are waiting"):
        pool.submit(number_job(6), few.enter())
    for ticket in (*waiting[:3], late):
        await ticket.wait_for_start()
    for ticket in (running, *waiting, late):
        ticket.close()


@pytest.mark.parametrize("error", [ValueError("not JSON"), MemoryError(), KeyError("media")], ids=lambda error: type(error).__name__)
async def test_a_job_ends_with_an_error_of_the_server_whatever_goes_wrong_with_its_worker(
    pool: Pool, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    async def fail(self: Worker, job: Job) -> AsyncIterator[bytes]:  # noqa: ARG001
        yield b"some"
        raise error

    workers = pool.processes
    with monkeypatch.context() as patch:
        patch.setattr(Worker, "do", fail)
        async with asyncio.timeout(10):
            assert (await fetch_refusal(pool, number_job(1))).status == 500
    assert await fetch_answer(pool, number_job(2)) == "n\r\n2\r\n"
    async with asyncio.timeout(30):  # the worker is replaced, since nobody knows what else is in its pipe
        while pool.processes == workers or len(pool.processes) < len(workers):
            await asyncio.sleep(0.01)


async def test_workers_are_reused(pool: Pool) -> None:
    workers = pool.processes
    for value in range(5):
        await fetch_answer(pool, number_job(value))
    assert pool.processes == workers


@with_settings(time_limit=100, patience=100)
async def test_quick_jobs_are_answered_while_slow_ones_run(pool: Pool) -> None:
    slow = [asyncio.create_task(fetch_refusal(pool, query_job(runaways.make_query(RUNAWAY)))) for _ in range(2)]
    await asyncio.sleep(SETTINGS.moment * 2)
    for value in range(20):
        assert await fetch_answer(pool, number_job(value)) == f"n\r\n{value}\r\n"
    assert not any(task.done() for task in slow)
    for task in slow:
        task.cancel()
    await asyncio.gather(*slow, return_exceptions=True)


async def overload_slow_lane(pool: Pool, client: Account) -> list[Ticket]:
    """Submits two runaway queries and waits until one runs in the slow lane and the other waits; further ones stay in the quick lane."""
    tickets = [pool.submit(query_job(runaways.make_query(RUNAWAY)), client.enter()) for _ in range(2)]
    while not (pool.load["slow waiting"] and pool.load["workers"] == pool.settings.quick + pool.settings.slow):
        await asyncio.sleep(0.02)
    pool.settings = replace(pool.settings, moment=100)
    return tickets


@with_settings(quick=2, time_limit=100, patience=30)
async def test_our_own_queries_go_first_to_the_last_place_in_overload(pool: Pool) -> None:
    clients = [Account(Allowance(queries=100)) for _ in range(4)]
    tickets = await overload_slow_lane(pool, clients[0])
    tickets += [pool.submit(query_job(runaways.make_query(RUNAWAY)), client.enter()) for client in clients[1:]]
    async with asyncio.timeout(30):  # until both workers are there
        while pool.load["quick running"] < 2:
            await asyncio.sleep(0.05)
    assert pool.load["quick waiting"] == 1, "they have all places if no query of ours waits"
    own = asyncio.ensure_future(fetch_answer(pool, replace(number_job(1), free=False)))
    await asyncio.sleep(0)
    (run, *_) = (run for run in pool._runs if run.lane is pool.lanes["quick"])
    os.kill(run.worker.process, signal.SIGKILL)
    assert await own == "n\r\n1\r\n"
    for ticket in tickets:
        ticket.close()


@with_settings(time_limit=100, patience=30)
async def test_a_client_with_a_query_in_the_queue_of_the_slow_lane_starts_no_other_one(pool: Pool) -> None:
    client, other = (Account(Allowance(queries=100)) for _ in range(2))
    tickets = await overload_slow_lane(pool, client)
    tickets.append(pool.submit(query_job(runaways.make_query(RUNAWAY)), client.enter()))
    assert pool.load["quick running"] == 0
    assert await fetch_answer(pool, number_job(1), other.enter()) == "n\r\n1\r\n"
    unknown = Account()
    tickets.append(pool.submit(number_job(2), unknown.enter()))
    await tickets[-1].wait_for_start()
    assert unknown.enter().client is not unknown.enter().client, "clients without limits are not told apart"
    for ticket in tickets:
        ticket.close()


@with_settings(time_limit=3)
async def test_a_job_over_the_time_limit_is_stopped_and_its_worker_replaced(pool: Pool) -> None:
    workers = pool.processes
    began, payer = monotonic(), Payer()
    refused = await fetch_refusal(pool, query_job(runaways.make_query(RUNAWAY)), payer)
    took = monotonic() - began
    assert took < 12
    # A killed process is charged too, with its processor time, which cannot exceed the wall time.
    assert 0 < payer.seconds == pytest.approx(sum(pool.tally.seconds.values()))
    assert payer.seconds <= took
    assert (payer.failures, payer.has_left, pool.tally.stops["time limit"]) == ([504], True, 1)
    assert (refused.status, "3 seconds" in refused.detail) == (504, True)
    charged = payer.seconds
    assert await fetch_answer(pool, number_job(1)) == "n\r\n1\r\n"
    while pool.processes == workers or len(pool.processes) < len(workers):
        await asyncio.sleep(0.05)
    assert charged < payer.seconds < charged + monotonic() - began, "the start of the new worker is charged, too"


@with_settings(moment=77, time_limit=99)
async def test_a_job_is_stopped_after_the_time_limit_and_moved_after_its_moment(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks at the timers, since how long a job takes depends on the machine."""
    timers, after = list[float](), Run.after

    def record(run: Run, seconds: float, call: Callable[[], None]) -> None:
        timers.append(seconds)
        after(run, seconds, call)

    monkeypatch.setattr(Run, "after", record)
    await fetch_answer(pool, number_job(1))
    assert timers == [77, 99]


def test_the_oldest_slow_job_is_forgotten_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lanes, "_MOST_SLOW_JOBS", 2)
    jobs = lanes.SlowJobs()
    for key in "abc":
        jobs.add(key)
    assert [key in jobs for key in "abc"] == [False, True, True]


@with_settings(time_limit=0.6)
async def test_a_slow_job_starts_in_the_slow_lane_the_next_time(pool: Pool) -> None:
    runaway = query_job(runaways.make_query(RUNAWAY))
    await fetch_refusal(pool, runaway)
    again = asyncio.create_task(fetch_refusal(pool, runaway))
    await asyncio.sleep(0)
    assert (pool.load["quick running"], pool.load["slow running"] + pool.load["slow waiting"]) == (0, 1)
    assert (await again).status == 504


@with_settings(moment=0.001, time_limit=60, patience=60)
@pytest.mark.parametrize("of_client", [True, False])
async def test_a_worker_is_replaced_after_a_slow_query_of_a_client_but_goes_on_after_one_of_our_own(pool: Pool, of_client: bool) -> None:
    workers = pool.processes
    ticket = pool.submit(replace(query_job("SELECT ?p { ?s ?p ?o }"), free=of_client))
    async for _ in ticket.pieces():
        pass
    assert ticket.is_slow
    ticket.close()
    async with asyncio.timeout(30):
        while of_client and (pool.processes == workers or len(pool.processes) < len(workers)):
            await asyncio.sleep(0.02)
    assert await fetch_answer(pool, number_job(1)) == "n\r\n1\r\n"
    assert (pool.processes == workers) != of_client


@with_settings(time_limit=20)
async def test_exceeding_the_memory_limit_ends_only_the_query(pool: Pool) -> None:
    began, payer = monotonic(), Payer()
    refused = await fetch_refusal(pool, query_job(runaways.QUERIES["doubled text"]), payer)
    assert (refused.status, "memory" in refused.detail) == (500, True)
    assert 0 < payer.seconds <= monotonic() - began
    assert pool.tally.stops["memory limit"] == 1
    assert await fetch_answer(pool, number_job(1)) == "n\r\n1\r\n"


RESERVES = """
import mmap
from nevkg.serve.pool import process
process.limit_memory(100)
reserved = mmap.mmap(-1, 1 << 30, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=0)
print("reserved", flush=True)
filled = bytearray(200 << 20)
"""


def test_only_writable_memory_counts() -> None:
    """Allocators reserve gigabytes of addresses; only writable memory is limited."""
    done = subprocess.run([sys.executable, "-c", RESERVES], capture_output=True, text=True, check=False)
    assert (done.stdout, "MemoryError" in done.stderr) == ("reserved\n", True)


@pytest.mark.slow
@with_settings(time_limit=30, moment=30)
async def test_a_job_whose_worker_is_lost_is_done_by_another(pool: Pool) -> None:
    ticket = pool.submit(query_job("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?a ?d ?e }"))
    await asyncio.sleep(0.05)
    for process in pool.processes:
        os.kill(process, signal.SIGKILL)
    await ticket.wait_for_start()
    ticket.close()
    assert await fetch_answer(pool, number_job(1)) == "n\r\n1\r\n"


async def test_an_idle_worker_that_is_killed_is_replaced(pool: Pool) -> None:
    first, *others = pool.processes
    os.kill(first, signal.SIGKILL)
    while first in pool.processes or len(pool.processes) <= len(others):
        await asyncio.sleep(0.05)
    assert await fetch_answer(pool, number_job(1)) == "n\r\n1\r\n"


@pytest.mark.slow
@with_settings(time_limit=30, moment=30)
async def test_a_job_that_keeps_losing_its_worker_is_given_up(pool: Pool) -> None:
    ticket = pool.submit(query_job(runaways.make_query(RUNAWAY)))
    while not ticket.is_over:
        for process in pool.processes:
            with suppress(ProcessLookupError):  # it has ended, but is still listed
                os.kill(process, signal.SIGKILL)
        await asyncio.sleep(0.3)
    with pytest.raises(Problem, match="was ended; try again") as caught:
        await ticket.wait_for_start()
    assert caught.value.status == 503


@with_settings(waiting=2)
async def test_a_full_queue_returns_retry_after(pool: Pool) -> None:
    tickets = [pool.submit(number_job(value)) for value in range(3)]
    payer = Payer()
    with pytest.raises(Problem) as full:
        pool.submit(number_job(4), payer)
    assert payer.has_left
    assert (full.value.status, full.value.headers) == (503, {"Retry-After": "5"})
    for ticket in tickets:
        await ticket.wait_for_start()
        ticket.close()


@with_settings(moment=30, patience=0.3, time_limit=2)
async def test_the_waiting_time_is_limited(pool: Pool) -> None:
    first = asyncio.create_task(fetch_refusal(pool, query_job(runaways.make_query(RUNAWAY))))
    await asyncio.sleep(0)
    assert (await fetch_refusal(pool, number_job(1))).status == 503
    assert (await first).status == 504


@with_settings(time_limit=30)
async def test_an_abandoned_query_is_stopped(pool: Pool) -> None:
    ticket = pool.submit(query_job(runaways.make_query(RUNAWAY)))
    while not pool.load["slow running"]:
        await asyncio.sleep(0.02)
    ticket.close()
    began = monotonic()
    while pool.load["slow running"]:
        await asyncio.sleep(0.02)
    assert monotonic() - began < 5
    assert pool.tally.stops["cancelled"] == 1


@with_settings(time_limit=60, patience=60)
async def test_a_large_answer_is_complete(pool: Pool, sample: EmbeddedStore) -> None:
    text = await fetch_answer(pool, query_job("SELECT ?p { ?s ?p ?o }"))
    assert len(text.splitlines()) == 1 + len(list(sample.query("SELECT ?p { ?s ?p ?o }")))  # type: ignore[arg-type]


@with_settings(size=1, time_limit=60, moment=60)
async def test_an_answer_that_is_too_large_is_refused(pool: Pool) -> None:
    refused = await fetch_refusal(pool, query_job(ROWS))
    assert (refused.status, "larger than the limit of 1 MB" in refused.detail) == (400, True)
    assert pool.tally.stops == {"size limit": 1}


BUDGET = Budget(1 << 20)


@with_settings(BUDGET, time_limit=60, moment=60)
async def test_unread_answers_stay_within_the_budget(pool: Pool) -> None:
    assert (await fetch_refusal(pool, query_job(ROWS))).status == 503
    # The refused answer has freed its share of the budget.
    assert await fetch_answer(pool, number_job(1)) == "n\r\n1\r\n"
    BUDGET.take(1 << 20)


async def test_accepted_jobs_are_finished_on_drain(pool: Pool) -> None:
    tickets = [pool.submit(number_job(value)) for value in range(6)]
    await pool.drain()
    assert all(ticket.is_over for ticket in tickets)
    assert not pool.processes


def test_a_pool_reports_why_it_cannot_open_the_store(origin: Origin) -> None:
    with pytest.raises(CouldNotRun, match="could not open the store"):
        asyncio.run(Pool.open(replace(origin, folder="/nowhere"), SETTINGS))


async def test_workers_have_no_network(pool: Pool) -> None:
    with open(f"/proc/{pool.processes[0]}/net/dev", encoding="ascii") as file:  # noqa: PTH123
        interfaces = [line.split(":")[0].strip() for line in file if ":" in line]
    assert interfaces == ["lo"]
