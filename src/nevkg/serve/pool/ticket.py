"""A job on its way through the pool, and the answer that comes of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

from nevkg.serve.clients.account import Visit
from nevkg.serve.http.problem import Problem
from nevkg.serve.pool.spool import PIECE, Budget, Spool
from nevkg.serve.reply import Job


class Ticket:
    """One job. The pool fills it; whoever asked awaits ``begun`` and then reads."""

    def __init__(self, job: Job, budget: Budget, visit: Visit) -> None:
        self.job, self.visit = job, visit
        self.spool = Spool(budget)
        self.head: dict[str, Any] = {}
        self.is_slow = False
        self.is_cancelled = False
        self.losses = 0
        self.stop: Callable[[], None] | None = None
        self._begun = asyncio.Event()
        self._failure: Problem | None = None

    @property
    def media(self) -> str:
        """The media type."""
        return str(self.head["media"])

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.spool.is_whole or self._failure is not None

    def put(self, content: bytes) -> None:
        """Adds a piece of the body."""
        if not self.is_cancelled:
            self.spool.put(content)
            self.show()

    def show(self) -> None:
        """Lets the reader begin, if there is enough to begin with.

        In the quick lane a job may have to start anew, so that it waits; so does what only has to be written.
        """
        if self.is_slow and self.spool.size >= PIECE and not self.head.get("is_collected"):
            self._begun.set()

    def start_anew(self) -> None:
        """Forgets what has come so far."""
        self.head = {}
        self.spool.empty()

    def end(self, failure: Problem | None = None) -> None:
        """Nothing more will come."""
        self._failure = failure
        if failure:
            self.visit.fail(failure)
        self.spool.end(failure)
        self._begun.set()

    async def begun(self) -> None:
        """Waits until the answer is whole, or so long that it is worth to begin with it.

        Raises:
            Problem: if it failed before.
        """
        await self._begun.wait()
        if self._failure:
            raise self._failure

    @property
    def has_begun(self) -> bool:
        """Whether the reader may have got something."""
        return self._begun.is_set()

    def pieces(self) -> AsyncIterator[bytes]:
        """The body, as it comes."""
        return self.spool.pieces()

    def cancel(self) -> None:
        """Nobody waits for it any more."""
        self.is_cancelled = True
        # A quick one is over before a worker could be replaced.
        if self.is_slow and self.stop:
            self.stop()

    def close(self) -> None:
        """The reader is done with it."""
        if not self.is_over:
            self.cancel()
        self.visit.leave()
        self.spool.close()
