"""One job in one worker: what comes of it, and why it is stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic

from nevkg.serve.pool.lane import Lane
from nevkg.serve.pool.limits import processor_time
from nevkg.serve.pool.process import Gone, Worker, is_for_want_of_memory
from nevkg.serve.pool.ticket import Ticket
from nevkg.serve.problem import DamagedStore, Problem

# How many seconds of waiting count as one of work.
_WAITING = 8
# When a system is short of memory it may end several workers at once.
_MOST_LOSSES = 2


class Run:
    """A job that a worker has been given."""

    def __init__(self, ticket: Ticket, worker: Worker, lane: Lane) -> None:
        self.ticket, self.worker, self.lane = ticket, worker, lane
        self.starts_anew = self.tarried = self.finds_damage = False
        self._was_stopped = False
        self._reason: Problem | None = None
        self._timers: list[asyncio.TimerHandle] = []
        self._began = monotonic(), processor_time(worker.process)

    @property
    def used(self) -> float:
        """Seconds of a processor; somewhat for waiting, too, as for another server."""
        began, had = self._began
        return max(processor_time(self.worker.process) - had, (monotonic() - began) / _WAITING)

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
        self.worker.kill_soon()

    def stop(self, reason: Problem | None) -> None:
        """Stops it for good."""
        self._was_stopped, self._reason = True, reason
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
            self.ticket.end(Problem(503, "The server is stopping.", headers={"Retry-After": "5"}))
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
            self.stop(Problem(400, f"{limit}; ask for less, such as with a LIMIT."))

    async def _was_lost(self) -> None:
        """The worker has ended: because it was stopped, for want of memory, or for something that is not its fault."""
        if self._was_stopped:
            self.ticket.end(self._reason or Problem(503, "The query was cancelled."))
            return
        if self.tarried:
            self.starts_anew = True
        elif is_for_want_of_memory(await self.worker.ended_by()):
            self.ticket.end(Problem(500, "The query needs more memory than it is given here; ask for less, such as with a LIMIT."))
        elif self.ticket.losses == _MOST_LOSSES or self.ticket.has_begun:
            self.ticket.end(Problem(503, "The process that worked on the query was ended; try again.", headers={"Retry-After": "1"}))
        else:
            self.ticket.losses += 1
            self.starts_anew = True
