"""The pool: it gives jobs to workers, and replaces workers; and the tasks that run beside requests.

No error ends a task silently. What must go on, such as the watch for new data, catches everything except ``ENDINGS``.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import suppress
from time import monotonic
from typing import Any

from nevkg.errors import CouldNotRun
from nevkg.serve.clients import Visit
from nevkg.serve.jobs import Job
from nevkg.serve.pool.lanes import Lane, Run, SlowJobs, Tally
from nevkg.serve.pool.process import Origin, Worker, processor_time
from nevkg.serve.pool.spool import Budget, Ticket
from nevkg.serve.problem import Problem, Refusal
from nevkg.serve.settings import MEGABYTE, Settings
from nevkg.store.engine import is_damage

# What ends a task on purpose. A panic of the engine is a BaseException, too, so that ``except Exception`` would miss it.
ENDINGS = (asyncio.CancelledError, KeyboardInterrupt, SystemExit)
_log = logging.getLogger("nevkg.serve")


class Background:
    """A set of running tasks, which are cancelled together."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Starts a coroutine as a task, and keeps a reference to it until it is done. An error that ends it is logged."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finish)

    async def end(self) -> None:
        """Cancels the tasks that are not done, and waits until they have ended."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _finish(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            _log.error("A background task of the server ended unexpectedly.", exc_info=error)


_FEWEST_WAITING, _SHARE_WAITING = 2, 8
_SHORTEST_LOOK = 0.02
# The first job of a new worker takes longer than later ones.
_MOMENTS_FOR_OUR_QUERIES = 4
_PAUSE, _LONGEST_PAUSE = 0.2, 5.0


class Pool:
    """A pool of workers that have one state of the dataset open.

    Attributes:
        is_damaged: whether a worker has found the files of the store to be damaged or missing.
        trouble: why ended workers are not replaced, and since when; None if they are.
    """

    def __init__(self, origin: Origin, settings: Settings, budget: Budget | None = None, tally: Tally | None = None) -> None:
        """Creates a pool without workers; see :meth:`open`."""
        self.origin, self.settings, self.tally = origin, settings, tally or Tally()
        self._budget = budget or Budget(settings.spool * MEGABYTE)
        self._quick = Lane(settings.quick, settings.waiting)
        self._slow = Lane(settings.slow, max(_FEWEST_WAITING, settings.waiting // _SHARE_WAITING))
        self._slow_jobs = SlowJobs()
        self._idle: list[Worker] = []
        self._workers: set[Worker] = set()
        self._runs: set[Run] = set()
        self._background = Background()
        self._closed = False
        self.is_damaged = False
        self.trouble: Refusal | None = None

    @classmethod
    async def open(cls, origin: Origin, settings: Settings, budget: Budget | None = None, tally: Tally | None = None) -> Pool:
        """Starts a pool and waits until all its workers are ready; raises ``CouldNotRun`` if they cannot open the store."""
        pool = cls(origin, settings, budget, tally)
        starts = (pool._start() for _ in range(settings.quick + settings.slow))
        try:
            # All have ended before an error is raised: one that is still being killed would outlive the loop.
            for error in await asyncio.gather(*starts, return_exceptions=True):
                if error:
                    raise error
        except BaseException:
            await pool.close()
            raise
        return pool

    @property
    def processes(self) -> list[int]:
        """The process IDs of the workers."""
        return sorted(worker.process for worker in self._workers)

    @property
    def isolation(self) -> str:
        """The mechanism that isolates the workers from the network; empty if one of them is not isolated."""
        return min((worker.isolation for worker in self._workers), default="")

    @property
    def lanes(self) -> dict[str, Lane]:
        """The lanes by name."""
        return {"quick": self._quick, "slow": self._slow}

    @property
    def load(self) -> dict[str, int]:
        """The numbers of running and waiting jobs by lane, and of workers."""
        return {f"{name} {what}": count for name, lane in self.lanes.items() for what, count in lane.counts.items()} | {
            "workers": len(self._workers)
        }

    def submit(self, job: Job, visit: Visit | None = None) -> Ticket:
        """Queues a job, charged to a visit if one is given; ``Problem`` 503 if the queue is full. Close the ticket after reading."""
        ticket = Ticket(job, self._budget, visit or Visit())
        try:
            self._queue(self._slow if job.key in self._slow_jobs else self._quick, ticket)
        except Problem:
            ticket.close()
            raise
        self._dispatch()
        return ticket

    async def drain(self) -> None:
        """Waits until all queued jobs are done, then closes."""
        while self._quick.is_busy or self._slow.is_busy:
            await asyncio.sleep(_PAUSE)
        await self.close()

    async def close(self) -> None:
        """Ends all workers."""
        self._closed = True
        await self._background.end()
        await asyncio.gather(*(worker.kill() for worker in self._workers))
        self._workers.clear()

    def _queue(self, lane: Lane, ticket: Ticket) -> None:
        refused = lane.queue(ticket)
        if refused is ticket:
            raise self._refusal()
        if refused:
            refused.end(self._refusal())
        asyncio.get_running_loop().call_later(self.settings.patience, self._give_up, lane, ticket)

    def _give_up(self, lane: Lane, ticket: Ticket) -> None:
        with suppress(ValueError):
            lane.waiting.remove(ticket)
            ticket.end(self._refusal())

    def _refusal(self) -> Problem:
        """Returns the refusal of a job for which the queue has no room, or that has waited too long."""
        words, cause = "Too many queries are waiting; try again in a few seconds.", "queue full"
        if not self._workers:
            words, cause = "The server has no process left to run queries and tries to start new ones; try again in a minute.", "no workers"
        return Problem(503, words, wait=5 if self._workers else 60, cause=cause)

    def _dispatch(self) -> None:
        """Assigns queued jobs to idle workers while the lanes have places."""
        for lane, may_start in ((self._quick, self._may_start_quick), (self._slow, None)):
            while self._idle and (ticket := lane.next(may_start)):
                lane.running += 1
                self._background.start(self._run(Run(ticket, self._idle.pop(), lane)))

    def _may_start_quick(self, ticket: Ticket) -> bool:
        """Whether a job may start in the quick lane.

        While jobs wait for the slow lane, a query that a client wrote does not start if another one of the same client waits there, nor
        in the last place if one of our own queries waits.
        """
        if not (ticket.job.free and self._slow.waiting):
            return True
        if self._slow.has_waiting(ticket.visit.client):
            return False
        running = sum(run.ticket.job.free and run.lane is self._quick for run in self._runs)
        return running < max(1, self._quick.places - 1) or all(ticket.job.free for ticket in self._quick.waiting)

    async def _run(self, run: Run) -> None:
        """Runs a job in a worker, then releases the worker and restarts the job if necessary."""
        self._runs.add(run)
        if run.lane is self._slow:
            run.become_slow()
        else:
            self._watch(run, self.settings.moment if run.ticket.job.free else self.settings.moment * _MOMENTS_FOR_OUR_QUERIES)
        run.after(self.settings.time_limit, lambda: self._time_out(run))
        try:
            await run.perform(self.settings.size * MEGABYTE)
        finally:
            self._runs.discard(run)
            run.ticket.visit.charge(run.cost)
            self.tally.count("slow" if run.lane is self._slow else "quick", run.cost, run.cause)
            run.lane.running -= 1
            self.is_damaged |= run.found_damage
            self._release(run.worker, run.ticket.visit)
            if run.must_restart and not self._closed:
                self._requeue(run)
            self._dispatch()

    def _watch(self, run: Run, moment: float) -> None:
        """Checks later whether a job has used more than its moment of processor time; on a busy machine that takes longer."""

        def look() -> None:
            left = moment - run.processor_seconds
            if left > 0:
                run.after(max(left, _SHORTEST_LOOK), look)
            else:
                self._make_slow(run)

        run.after(moment, look)

    def _make_slow(self, run: Run) -> None:
        """Moves a job that exceeded its moment to the slow lane, or stops it so that it restarts there."""
        if run.ticket.is_cancelled:
            run.stop(None)
            return
        self._slow_jobs.add(run.ticket.job.key)
        if self._slow.has_place and not self._slow.waiting:
            self._quick.running -= 1
            run.lane = self._slow
            self._slow.running += 1
            run.become_slow()
            self._dispatch()
        else:
            run.stop_for_slow_lane()

    def _time_out(self, run: Run) -> None:
        self._slow_jobs.add(run.ticket.job.key)
        limit = f"The query took longer than {self.settings.time_limit:g} seconds and was stopped"
        run.stop(Problem(504, f"{limit}; restrict the query, for example with a LIMIT.", cause="time limit"))

    def _requeue(self, run: Run) -> None:
        """Queues a job again, for the slow lane or because its worker was lost."""
        run.ticket.reset()
        try:
            self._queue(self._slow if run.lacks_place else self._quick, run.ticket)
        except Problem as full:
            run.ticket.end(full)

    def _release(self, worker: Worker, visit: Visit) -> None:
        """Makes a worker idle again. One with a lowered priority, which cannot be raised, is replaced by a new one.

        The visit is charged for the start of that, which costs more than most queries.
        """
        if worker.is_alive and not worker.gives_way and not self._closed:
            self._idle.append(worker)
        else:
            worker.kill_soon()
            if not self._closed:
                self._background.start(self._replace(visit))

    async def _start(self, visit: Visit | None = None) -> None:
        began = monotonic()
        worker = await Worker.start(self.origin, self.settings.memory)
        if self._closed:  # meanwhile
            await worker.kill()
            return
        self.tally.starts += 1
        if visit:
            # Where the system does not report the processor time, it is some other number.
            visit.charge(min(processor_time(worker.process), monotonic() - began))
        self._workers.add(worker)
        self._idle.append(worker)
        self.trouble = None
        self._background.start(self._watch_end(worker))
        self._dispatch()

    async def _watch_end(self, worker: Worker) -> None:
        """Removes a worker that has ended, and replaces one that another program ended while it was idle."""
        signal = await worker.ended_by()
        self._workers.discard(worker)
        if not (worker.was_killed or self._closed):
            _log.warning("A worker process ended unexpectedly (signal %d); a new one replaces it.", signal)
        if worker in self._idle:
            self._idle.remove(worker)
            self._release(worker, Visit())

    async def _replace(self, visit: Visit) -> None:
        """Starts a worker; retries with growing pauses until it succeeds."""
        pause = _PAUSE
        while True:
            try:
                await self._start(visit)
            except ENDINGS:
                raise
            except BaseException as error:
                self.is_damaged |= is_damage(error.__cause__ or error)
                self.trouble = self.trouble or Refusal("Worker processes cannot be started; the log of the server has the details.")
                is_expected = isinstance(error, (CouldNotRun, OSError))
                _log.error("%s Trying again in %.0f s.", error, pause, exc_info=None if is_expected else error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
            else:
                return
