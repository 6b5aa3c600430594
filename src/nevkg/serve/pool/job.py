"""One job in one worker: what comes of it, and why it is stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from http import HTTPStatus
from time import monotonic

from nevkg.serve.http.problem import DamagedStore, Problem
from nevkg.serve.pool.lane import Lane
from nevkg.serve.pool.limits import processor_time
from nevkg.serve.pool.process import Gone, Worker
from nevkg.serve.pool.ticket import Ticket

# How many seconds of waiting count as one of work.
_WAITING = 8
# When a system is short of memory it may end several workers at once.
_MOST_LOSSES = 2


class Run:
    """A job that a worker has been given."""

    def __init__(self, ticket: Ticket, worker: Worker, lane: Lane) -> None:
        """Begins.

        ``cause`` is why the worker ended before the job was done: a limit of time, size or memory, no place, cancelled or lost.
        """
        self.ticket, self.worker, self.lane = ticket, worker, lane
        self.starts_anew = self.tarried = self.finds_damage = False
        self.cause = ""
        self._was_stopped = False
        self._cost: float | None = None
        self._reason: Problem | None = None
        self._timers: list[asyncio.TimerHandle] = []
        self._began = monotonic(), processor_time(worker.process)

    @property
    def used(self) -> float:
        """Seconds of a processor; somewhat for waiting, too, as for another server."""
        began, had = self._began
        return max(processor_time(self.worker.process) - had, (monotonic() - began) / _WAITING)

    @property
    def cost(self) -> float:
        """Seconds of a processor in all, once it has ended; those of the clock if its worker ended by itself."""
        # What has ended has no processor time, and something else is measured: the clock bounds that.
        return min(self.used, monotonic() - self._began[0]) if self._cost is None else self._cost

    def after(self, seconds: float, call: Callable[[], None]) -> None:
        """Calls something if the job is still running then."""
        self._timers.append(asyncio.get_running_loop().call_later(seconds, call))

    def becomes_slow(self) -> None:
        """From now on it gives way to the others, its answer may be sent while it comes, and it can be cancelled."""
        self.worker.give_way()
        self.ticket.is_slow, self.ticket.stop = True, lambda: self.stop(None)
        self.ticket.show()

    def tarries(self) -> None:
        """Stops it, to begin again in the slow lane."""
        self.tarried = True
        self._kill("no place")

    def stop(self, reason: Problem | None) -> None:
        """Stops it for good."""
        self._was_stopped, self._reason = True, reason
        self._kill(reason.cause if reason else "cancelled")

    def _kill(self, cause: str) -> None:
        if self._cost is None:
            self._cost, self.cause = self.cost, cause
        self.worker.kill_soon()

    async def perform(self, most: int) -> None:
        """Brings what the worker sends to the ticket.

        Args:
            most: bytes of the body.
        """
        try:
            async for part in self.worker.do(self.ticket.job):
                if isinstance(part, dict):
                    self.ticket.head = part
                elif not self._was_stopped:
                    self._put(part, most)
        except Problem as problem:
            self.finds_damage = isinstance(problem, DamagedStore)
            self.ticket.end(problem)
        except Gone:
            await self._was_lost()
        except asyncio.CancelledError:
            self.ticket.end(Problem(503, "The server is stopping.", headers={"Retry-After": "5"}, cause="server stopping"))
            raise
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
            limit = f"The answer is larger than {most >> 20} MB, which is the most here"
            self.stop(Problem(400, f"{limit}; ask for less, such as with a LIMIT.", cause="size limit"))

    async def _was_lost(self) -> None:
        """The worker has ended: because it was stopped, for want of memory, or for something that is not its fault."""
        if self._was_stopped:
            self.ticket.end(self._reason or Problem(503, "The query was cancelled."))
            return
        if self.tarried:
            self.starts_anew = True
            return
        lost = await self.worker.loss()
        is_for_memory = lost.status == HTTPStatus.INTERNAL_SERVER_ERROR
        self.cause = lost.cause
        if is_for_memory or self.ticket.losses == _MOST_LOSSES or self.ticket.has_begun:
            self.ticket.end(lost)
        else:
            self.ticket.losses += 1
            self.starts_anew = True
