"""The pool: which job runs in which worker, and what is done with one that takes too long.

All begin in the quick lane. What takes longer than a moment goes over to the slow lane, where few run at once and
give way to the others; if there is no place, it is stopped and begins there anew. The
pool has a worker for each place of both lanes, so that one that went over leaves its place to the next at once.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

from nevkg.errors import CouldNotRun
from nevkg.serve.background import Background
from nevkg.serve.clients.account import Visit
from nevkg.serve.http.problem import Problem
from nevkg.serve.pool.job import Run
from nevkg.serve.pool.lane import Lane, SlowOnes, busy
from nevkg.serve.pool.origin import Origin
from nevkg.serve.pool.process import Worker
from nevkg.serve.pool.spool import Budget
from nevkg.serve.pool.tally import Tally
from nevkg.serve.pool.ticket import Ticket
from nevkg.serve.reply import Job
from nevkg.serve.settings import MEGABYTE, Settings
from nevkg.store.engine import is_damage

_log = logging.getLogger("nevkg.serve")
_FEWEST_WAITING, _SHARE_WAITING = 2, 8
_SHORTEST_LOOK = 0.02
# What a new worker does first takes longer than it does the next time.
_MOMENTS_OF_OURS = 4
_PAUSE, _LONGEST_PAUSE = 0.2, 5.0


class Pool:
    """Workers that have one state of the dataset open."""

    def __init__(self, origin: Origin, settings: Settings, budget: Budget | None = None, tally: Tally | None = None) -> None:
        """See :meth:`open`."""
        self.origin, self.settings, self.tally = origin, settings, tally or Tally()
        self._budget = budget or Budget(settings.spool * MEGABYTE)
        self._quick = Lane(settings.quick, settings.waiting)
        self._slow = Lane(settings.slow, max(_FEWEST_WAITING, settings.waiting // _SHARE_WAITING))
        self._slow_ones = SlowOnes()
        self._idle: list[Worker] = []
        self._workers: set[Worker] = set()
        self._background = Background()
        self._closed = False
        # A worker has met damage to the files of the store.
        self.is_damaged = False

    @classmethod
    async def open(cls, origin: Origin, settings: Settings, budget: Budget | None = None, tally: Tally | None = None) -> Pool:
        """A pool with all its workers ready.

        Raises:
            CouldNotRun: if they cannot open the store.
        """
        pool = cls(origin, settings, budget, tally)
        starts = (pool._start() for _ in range(settings.quick + settings.slow))
        try:
            await asyncio.gather(*starts)
        except BaseException:
            await pool.close()
            raise
        return pool

    @property
    def processes(self) -> list[int]:
        """The workers, by the numbers of their processes."""
        return sorted(worker.process for worker in self._workers)

    @property
    def isolation(self) -> str:
        """What keeps the workers from the network; empty if nothing keeps one of them."""
        return min((worker.isolation for worker in self._workers), default="")

    @property
    def lanes(self) -> dict[str, Lane]:
        """The lanes by name."""
        return {"quick": self._quick, "slow": self._slow}

    @property
    def load(self) -> dict[str, int]:
        """How many jobs run and wait."""
        return {f"{name} {what}": count for name, lane in self.lanes.items() for what, count in lane.counts.items()} | {
            "workers": len(self._workers)
        }

    def submit(self, job: Job, visit: Visit | None = None) -> Ticket:
        """Takes a job on; close the ticket when done with it.

        Args:
            job: what is to be done.
            visit: is charged for it; None for nobody.

        Raises:
            Problem: 503 if too many wait.
        """
        ticket = Ticket(job, self._budget, visit or Visit())
        try:
            self._queue(self._slow if job.key in self._slow_ones else self._quick, ticket)
        except Problem:
            ticket.close()
            raise
        self._dispatch()
        return ticket

    async def drain(self) -> None:
        """Does what has been taken on, then closes."""
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
        lane.queue(ticket)
        asyncio.get_running_loop().call_later(self.settings.patience, self._give_up, lane, ticket)

    def _give_up(self, lane: Lane, ticket: Ticket) -> None:
        with suppress(ValueError):
            lane.waiting.remove(ticket)
            ticket.end(busy())

    def _dispatch(self) -> None:
        """Gives jobs to workers as long as there are both, and places."""
        for lane in (self._quick, self._slow):
            while self._idle and (ticket := lane.next()):
                lane.running += 1
                self._background.start(self._run(Run(ticket, self._idle.pop(), lane)))

    async def _run(self, run: Run) -> None:
        """Has a worker do a job, and sees to both afterwards."""
        if run.lane is self._slow:
            run.becomes_slow()
        else:
            self._watch(run, self.settings.moment if run.ticket.job.free else self.settings.moment * _MOMENTS_OF_OURS)
        run.after(self.settings.time_limit, lambda: self._takes_too_long(run))
        try:
            await run.perform(self.settings.size * MEGABYTE)
        finally:
            run.ticket.visit.charge(run.cost)
            self.tally.count("slow" if run.lane is self._slow else "quick", run.cost, run.cause)
            run.lane.running -= 1
            self.is_damaged |= run.finds_damage
            self._release(run.worker)
            if run.starts_anew and not self._closed:
                self._again(run)
            self._dispatch()

    def _watch(self, run: Run, moment: float) -> None:
        """Looks later whether a job has used more than its moment; on a busy machine that takes longer."""

        def look() -> None:
            left = moment - run.used
            if left > 0:
                run.after(max(left, _SHORTEST_LOOK), look)
            else:
                self._tarries(run)

        run.after(moment, look)

    def _tarries(self, run: Run) -> None:
        """What is done with a job that is still running after a moment."""
        if run.ticket.is_cancelled:
            run.stop(None)
            return
        self._slow_ones.add(run.ticket.job.key)
        if self._slow.has_place and not self._slow.waiting:
            self._quick.running -= 1
            run.lane = self._slow
            self._slow.running += 1
            run.becomes_slow()
            self._dispatch()
        else:
            run.tarries()

    def _takes_too_long(self, run: Run) -> None:
        self._slow_ones.add(run.ticket.job.key)
        limit = f"The query took longer than {self.settings.time_limit:g} seconds and was stopped"
        run.stop(Problem(504, f"{limit}; ask for less, such as with a LIMIT.", cause="time limit"))

    def _again(self, run: Run) -> None:
        """Queues a job once more: for the slow lane, or because its worker was lost."""
        run.ticket.start_anew()
        try:
            self._queue(self._slow if run.tarried else self._quick, run.ticket)
        except Problem as full:
            run.ticket.end(full)

    def _release(self, worker: Worker) -> None:
        """Back to the others; one that has given way stays behind for good, so that a new one takes its place."""
        if worker.is_alive and not worker.gives_way and not self._closed:
            self._idle.append(worker)
        else:
            worker.kill_soon()
            if not self._closed:
                self._background.start(self._replace())

    async def _start(self) -> None:
        worker = await Worker.start(self.origin, self.settings.memory)
        self.tally.starts += 1
        self._workers.add(worker)
        self._idle.append(worker)
        self._background.start(self._notice_end(worker))
        self._dispatch()

    async def _notice_end(self, worker: Worker) -> None:
        """Forgets a worker that has ended, and replaces one that somebody has ended while it had nothing to do."""
        signal = await worker.ended_by()
        self._workers.discard(worker)
        if not (worker.was_killed or self._closed):
            _log.warning("A worker process ended by itself (signal %d); another takes its place.", signal)
        if worker in self._idle:
            self._idle.remove(worker)
            self._release(worker)

    async def _replace(self) -> None:
        """Starts a worker, and does not give up."""
        pause = _PAUSE
        while True:
            try:
                await self._start()
            except (CouldNotRun, OSError) as error:
                self.is_damaged |= is_damage(error.__cause__ or error)
                _log.error("%s Trying again in %.0f s.", error, pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
            else:
                return
