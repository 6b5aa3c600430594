"""Tickets: a submitted job together with its answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

from nevkg.serve.clients.account import Visit
from nevkg.serve.http.problem import Problem
from nevkg.serve.pool.spool import PIECE, Budget, Spool
from nevkg.serve.reply import Job


class Ticket:
    """A submitted job. The pool writes the answer; the caller awaits ``wait_for_start`` and then reads.

    Attributes:
        head: media type and headers of the reply.
        is_slow: whether the job runs in the slow lane.
        losses: how often its worker was lost.
        stop: stops the run; None if it cannot be stopped.
    """

    def __init__(self, job: Job, budget: Budget, visit: Visit) -> None:
        self.job, self.visit = job, visit
        self.spool = Spool(budget)
        self.head: dict[str, Any] = {}
        self.is_slow = False
        self.is_cancelled = False
        self.losses = 0
        self.stop: Callable[[], None] | None = None
        self._started = asyncio.Event()
        self._failure: Problem | None = None

    @property
    def media(self) -> str:
        """The media type of the answer."""
        return str(self.head["media"])

    @property
    def is_over(self) -> bool:
        """Whether the answer is complete or has failed."""
        return self.spool.is_whole or self._failure is not None

    def put(self, content: bytes) -> None:
        """Appends a piece of the body."""
        if not self.is_cancelled:
            self.spool.put(content)
            self.start_if_ready()

    def start_if_ready(self) -> None:
        """Lets the reader start if there is enough to send.

        A job in the quick lane may have to restart, so its reader waits for the end; so does the reader of a collected result.
        """
        if self.is_slow and self.spool.size >= PIECE and not self.head.get("is_collected"):
            self._started.set()

    def reset(self) -> None:
        """Discards the partial answer before the job is restarted."""
        self.head = {}
        self.spool.reset()

    def end(self, failure: Problem | None = None) -> None:
        """Marks the end of the answer; ``failure`` is None if it is complete."""
        self._failure = failure
        if failure:
            self.visit.fail(failure)
        self.spool.end(failure)
        self._started.set()

    async def wait_for_start(self) -> None:
        """Waits until the answer is complete, or long enough to start sending it.

        Raises:
            Problem: if the job failed before that.
        """
        await self._started.wait()
        if self._failure:
            raise self._failure

    @property
    def has_started(self) -> bool:
        """Whether the reader may already have received a part."""
        return self._started.is_set()

    def pieces(self) -> AsyncIterator[bytes]:
        """Yields the body as it is written."""
        return self.spool.pieces()

    def cancel(self) -> None:
        """Marks the job as no longer needed, and stops it if it is slow."""
        self.is_cancelled = True
        # A quick job ends sooner than its worker could be replaced.
        if self.is_slow and self.stop:
            self.stop()

    def close(self) -> None:
        """Releases the answer; cancels the job if it is not over."""
        if not self.is_over:
            self.cancel()
        self.visit.leave()
        self.spool.close()
