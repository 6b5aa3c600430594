"""One run of a job in a worker: its result, its cost, and why it was stopped."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from http import HTTPStatus
from time import monotonic

from nevkg.serve.http.problem import DamagedStore, Problem, unexpected_error
from nevkg.serve.pool.lane import Lane
from nevkg.serve.pool.limits import processor_time
from nevkg.serve.pool.process import Worker, WorkerLost
from nevkg.serve.pool.ticket import Ticket

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
        """Lowers the priority of the worker, lets the answer be sent while it is written, and makes the job cancellable."""
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
        """Runs the job and passes the output of the worker to the ticket.

        Args:
            most: maximum size of the body in bytes.
        """
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
            self.ticket.end(Problem(503, "The server is stopping.", headers={"Retry-After": "5"}, cause="server stopping"))
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
        if self.ticket.spool.size > most:
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
