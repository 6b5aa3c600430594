"""Lanes limit the number of running jobs; runs of jobs in workers, and their totals."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from time import monotonic
from typing import Any

from nevkg.errors import CouldNotRun
from nevkg.serve.jobs import Job
from nevkg.serve.pool.process import Origin, Worker, WorkerLost, processor_time
from nevkg.serve.pool.spool import Ticket
from nevkg.serve.problem import DamagedStore, Problem, unexpected_error

_SECONDS_TO_REMEMBER = 300
_MOST_SLOW_JOBS = 4096


@dataclass
class Lane:
    """A lane that runs at most ``places`` jobs, with a queue of at most ``most_waiting`` jobs."""

    places: int
    most_waiting: int
    running: int = 0
    waiting: deque[Ticket] = field(default_factory=deque)

    @property
    def has_place(self) -> bool:
        """Whether one more job may run."""
        return self.running < self.places

    @property
    def is_busy(self) -> bool:
        """Whether any job runs or waits."""
        return bool(self.running or self.waiting)

    @property
    def counts(self) -> dict[str, int]:
        """The numbers of running and waiting jobs."""
        return {"running": self.running, "waiting": len(self.waiting)}

    def queue(self, ticket: Ticket) -> Ticket | None:
        """Appends a job to the queue, and returns the one to refuse if it is full; None if it is not.

        Cancelled jobs are removed first. Then it is the newest job of the client that has the most waiting, or this one, if its client
        would have as many.
        """
        if len(self.waiting) >= self.most_waiting:
            self.waiting = deque(other for other in self.waiting if not other.is_cancelled)
        if len(self.waiting) < self.most_waiting:
            self.waiting.append(ticket)
            return None
        counts = Counter(other.visit.client for other in self.waiting)
        client, most = max(counts.items(), key=lambda item: item[1], default=(None, 0))
        if most <= counts[ticket.visit.client] + 1:
            return ticket
        refused = next(other for other in reversed(self.waiting) if other.visit.client is client)
        self.waiting.remove(refused)
        self.waiting.append(ticket)
        return refused

    def next(self, may_start: Callable[[Ticket], bool] | None = None) -> Ticket | None:
        """Removes and returns the first job that may start; None if there is none or the lane has no place."""
        if not self.has_place:
            return None
        self.waiting = deque(ticket for ticket in self.waiting if not (ticket.is_cancelled or ticket.is_over))
        ticket = next(filter(may_start, self.waiting), None)
        if ticket:
            self.waiting.remove(ticket)
        return ticket

    def has_waiting(self, client: object) -> bool:
        """Whether a job of a client waits."""
        return any(ticket.visit.client is client for ticket in self.waiting)


class SlowJobs:
    """The keys of recent slow jobs, which start in the slow lane at once, so that they do not hold up the quick ones again."""

    def __init__(self) -> None:
        self._until: OrderedDict[str, float] = OrderedDict()

    def add(self, key: str) -> None:
        """Records a job for five minutes."""
        self._until[key] = monotonic() + _SECONDS_TO_REMEMBER
        self._until.move_to_end(key)
        if len(self._until) > _MOST_SLOW_JOBS:
            self._until.popitem(last=False)

    def __contains__(self, key: str) -> bool:
        return self._until.get(key, 0.0) > monotonic()


# Seconds of waiting that count as one processor second.
_WAITING = 8
# How often a job is restarted. A system short of memory may kill several workers at once.
_MOST_LOSSES = 2
_log = logging.getLogger("nevkg.serve")


class Run:
    """A run of a job in a worker.

    Attributes:
        cause: why the worker ended before the job was done: a limit of time, size or memory, no place, cancelled or lost; empty if
            it did not.
        must_restart: whether the job has to be queued again.
        lacks_place: whether it was stopped because it exceeded its moment and the slow lane had no place.
        found_damage: whether the worker found the store to be damaged.
    """

    def __init__(self, ticket: Ticket, worker: Worker, lane: Lane) -> None:
        """Starts the measurement of time."""
        self.ticket, self.worker, self.lane = ticket, worker, lane
        self.must_restart = self.lacks_place = self.found_damage = False
        self.cause = ""
        self._was_stopped = False
        self._cost: float | None = None
        self._reason: Problem | None = None
        self._timers: list[asyncio.TimerHandle] = []
        self._began = monotonic(), processor_time(worker.process)

    @property
    def processor_seconds(self) -> float:
        """Processor seconds so far. Waiting, as for another server, counts for an eighth."""
        began, processor_then = self._began
        return max(processor_time(self.worker.process) - processor_then, (monotonic() - began) / _WAITING)

    @property
    def cost(self) -> float:
        """Processor seconds of the whole run; elapsed seconds if the worker ended by itself."""
        # The processor time of an ended process is unavailable, and the system returns another number: elapsed time is an upper bound.
        return min(self.processor_seconds, monotonic() - self._began[0]) if self._cost is None else self._cost

    def after(self, seconds: float, call: Callable[[], None]) -> None:
        """Calls ``call`` after some seconds if the job is still running."""
        self._timers.append(asyncio.get_running_loop().call_later(seconds, call))

    def become_slow(self) -> None:
        """Lets the answer be sent while it is written, and makes the job cancellable; lowers the priority of a query of a client.

        After one of our own, the worker goes on with the next job: a new one would be as slow again as its first ones are.
        """
        if self.ticket.job.free:
            self.worker.give_way()
        self.ticket.is_slow, self.ticket.stop = True, lambda: self.stop(None)
        self.ticket.start_if_ready()

    def stop_for_slow_lane(self) -> None:
        """Stops the run, so that the job is restarted in the slow lane."""
        self.lacks_place = True
        self._kill("no place")

    def stop(self, reason: Problem | None) -> None:
        """Stops the run; the job is not restarted. ``reason`` is None if the client cancelled it."""
        self._was_stopped, self._reason = True, reason
        self._kill(reason.cause if reason else "cancelled")

    def _kill(self, cause: str) -> None:
        if self._cost is None:
            self._cost, self.cause = self.cost, cause
        self.worker.kill_soon()

    async def perform(self, most: int) -> None:
        """Runs the job and passes the output of the worker to the ticket: a body of at most ``most`` bytes."""
        try:
            async for part in self.worker.do(self.ticket.job):
                if isinstance(part, dict):
                    self.ticket.head = part
                elif not self._was_stopped:
                    self._put(part, most)
        except Problem as problem:
            self.found_damage = isinstance(problem, DamagedStore)
            self.ticket.end(problem)
        except WorkerLost:
            await self._handle_end()
        except asyncio.CancelledError:
            self.ticket.end(Problem(503, "The server is stopping.", wait=5, cause="server stopping"))
            raise
        except BaseException:
            _log.exception("A query was stopped because of an unexpected error.")
            self.stop(unexpected_error())  # nobody knows what else is in the pipe of its worker
            self.ticket.end(self._reason)
        else:
            self.ticket.end(self._reason)
        finally:
            for timer in self._timers:
                timer.cancel()

    def _put(self, part: bytes, most: int) -> None:
        try:
            self.ticket.put(part)
        except Problem as full:
            self.stop(full)
        if self.ticket.size > most:
            limit = f"The answer is larger than the limit of {most >> 20} MB"
            self.stop(Problem(400, f"{limit}; restrict the query, for example with a LIMIT.", cause="size limit"))

    async def _handle_end(self) -> None:
        """Handles the end of the worker: the run was stopped, needed too much memory, or lost its worker for another reason."""
        if self._was_stopped:
            self.ticket.end(self._reason or Problem(503, "The query was cancelled."))
            return
        if self.lacks_place:
            self.must_restart = True
            return
        lost = await self.worker.loss()
        lacked_memory = lost.status == HTTPStatus.INTERNAL_SERVER_ERROR
        self.cause = lost.cause
        if lacked_memory or self.ticket.losses == _MOST_LOSSES or self.ticket.has_started:
            self.ticket.end(lost)
        else:
            self.ticket.losses += 1
            self.must_restart = True


async def run_alone(
    origin: Origin, memory: int, job: Job, folder: Path, charge: Callable[[float], object] = lambda _: None
) -> dict[str, Any]:
    """Runs a job and returns the head of its reply.

    Args:
        memory: megabytes that the worker may use.
        job: the job; it may build snapshots.
        folder: see ``Worker.do``.
        charge: called with the processor seconds that it has used.

    Raises:
        Problem: if the job fails, or its worker ends or cannot be started.
    """
    try:
        worker = await Worker.start(origin, memory)
    except CouldNotRun as error:  # its words name folders of the server, which are not public
        _log.error("%s", error)
        words = "The server cannot start a process that prepares this answer; try again in a minute."
        raise Problem(503, words, wait=60, cause="no workers") from None
    began = processor_time(worker.process)
    try:
        worker.give_way()
        async for part in worker.do(job, folder):
            if isinstance(part, dict):
                return part
        raise WorkerLost
    except WorkerLost:
        problem = await worker.loss()
        if problem.status == HTTPStatus.INTERNAL_SERVER_ERROR:
            words = "This needs more memory than the server allows; start the server with a larger --memory."
            problem = Problem(problem.status, words, cause=problem.cause)
        raise problem from None
    finally:
        if worker.is_alive:
            charge(processor_time(worker.process) - began)
        await worker.kill()


@dataclass
class Tally:
    """Running totals.

    Attributes:
        seconds: processor time by lane.
        jobs: finished jobs by lane.
        stops: jobs whose worker ended before they were finished, by cause.
        starts: worker processes started.
    """

    seconds: dict[str, float] = field(default_factory=dict)
    jobs: Counter[str] = field(default_factory=Counter)
    stops: Counter[str] = field(default_factory=Counter)
    starts: int = 0

    def count(self, lane: str, seconds: float, stop: str) -> None:
        """Adds a finished job: its lane, the processor time used there, and why its worker ended, if it did."""
        self.seconds[lane] = self.seconds.get(lane, 0.0) + seconds
        self.jobs[lane] += 1
        if stop:
            self.stops[stop] += 1
