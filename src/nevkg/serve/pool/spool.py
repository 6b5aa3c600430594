"""Submitted jobs with their answers, written as fast as the worker produces them and read as fast as the client receives them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from tempfile import SpooledTemporaryFile
from typing import Any

from nevkg.serve.clients import Visit
from nevkg.serve.jobs import Job
from nevkg.serve.problem import Problem, file_problem

PIECE = 1 << 16
# Bytes; a larger answer goes to disk.
_IN_MEMORY = 1 << 18


class Budget:
    """Limits the bytes of all spooled answers of all clients together."""

    def __init__(self, most: int) -> None:
        self._most, self._used = most, 0

    def take(self, size: int) -> None:
        """Reserves bytes; ``Problem`` 503 if the limit is exceeded."""
        if self._used + size > self._most:
            raise Problem(
                503,
                "Too many large answers are waiting for slow clients; try again in a minute.",
                wait=60,
                cause="spool full",
            )
        self._used += size

    def release(self, size: int) -> None:
        """Releases bytes."""
        self._used -= size


class Ticket:
    """A submitted job with its answer. The pool writes the answer; the caller awaits ``wait_for_start`` and then reads.

    Attributes:
        head: media type and headers of the reply.
        size: bytes of the body written so far.
        is_whole: whether the body is complete.
        is_slow: whether the job runs in the slow lane.
        losses: how often its worker was lost.
        stop: stops the run; None if it cannot be stopped.
    """

    def __init__(self, job: Job, budget: Budget, visit: Visit) -> None:
        self.job, self.visit, self._budget = job, visit, budget
        self.head: dict[str, Any] = {}
        self.size = self.losses = 0
        self.is_whole = self.is_slow = self.is_cancelled = False
        self.stop: Callable[[], None] | None = None
        self._file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  closed by close()
        self._changed, self._started = asyncio.Event(), asyncio.Event()
        self._failure: Problem | None = None

    @property
    def media(self) -> str:
        """The media type of the answer."""
        return str(self.head["media"])

    @property
    def is_over(self) -> bool:
        """Whether the answer is complete or has failed."""
        return self.is_whole or self._failure is not None

    @property
    def has_started(self) -> bool:
        """Whether the reader may already have received a part."""
        return self._started.is_set()

    def put(self, piece: bytes) -> None:
        """Appends a piece of the body; ``Problem`` 503 if the budget is used up or the disk is full."""
        if self.is_cancelled:
            return
        self._budget.take(len(piece))
        self.size += len(piece)
        try:
            self._file.seek(0, 2)
            self._file.write(piece)
            self._file.flush()
        except OSError as error:
            raise file_problem("The server cannot store an answer of this size", error) from None
        self._changed.set()
        self.start_if_ready()

    def start_if_ready(self) -> None:
        """Lets the reader start if there is enough to send.

        A job in the quick lane may have to restart, so its reader waits for the end; so does the reader of a collected result.
        """
        if self.is_slow and self.size >= PIECE and not self.head.get("is_collected"):
            self._started.set()

    def reset(self) -> None:
        """Discards the partial answer before the job is restarted."""
        self.head = {}
        self._release()
        self._file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115

    def end(self, failure: Problem | None = None) -> None:
        """Marks the end of the answer: it is complete, or ``failure`` ended it."""
        self.is_whole, self._failure = failure is None, failure
        if failure:
            self.visit.fail(failure)
        self._changed.set()
        self._started.set()

    async def wait_for_start(self) -> None:
        """Waits until the answer is complete, or long enough to start sending it; raises ``Problem`` if the job failed before."""
        await self._started.wait()
        if self._failure:
            raise self._failure

    def content(self) -> bytes:
        """Returns the body so far."""
        self._file.seek(0)
        return self._file.read()

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yields the body from its beginning, waits for further pieces until it ends, and raises the failure that ended it."""
        position = 0
        while True:
            self._file.seek(position)
            if piece := self._file.read(PIECE):
                position += len(piece)
                yield piece
            elif self._failure:
                raise self._failure
            elif self.is_whole:
                return
            else:
                self._changed.clear()
                await self._changed.wait()

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
        self._release()

    def _release(self) -> None:
        """Releases the file and the bytes of the budget."""
        self._budget.release(self.size)
        self.size = 0
        # Closing flushes; what a full disk did not accept is not needed any more.
        with suppress(OSError):
            self._file.close()
