"""Where an answer waits for its reader: written as fast as the worker makes it, read as fast as the client takes it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from tempfile import SpooledTemporaryFile

from nevkg.serve.http.problem import Problem

PIECE = 1 << 16
# Beyond this an answer goes to disk.
_IN_MEMORY = 1 << 18


class Budget:
    """How many bytes of answers may wait at once, for all clients together."""

    def __init__(self, most: int) -> None:
        self._most, self._used = most, 0

    def take(self, size: int) -> None:
        """Counts bytes in.

        Raises:
            Problem: 503 if they are too many.
        """
        if self._used + size > self._most:
            raise Problem(
                503,
                "Too many large answers wait for their readers; try again in a minute.",
                headers={"Retry-After": "60"},
                cause="spool full",
            )
        self._used += size

    def give_back(self, size: int) -> None:
        """Counts bytes out."""
        self._used -= size


class Spool:
    """The body of one answer."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115  closed by close()
        self._changed = asyncio.Event()
        self._failure: Exception | None = None
        self.size = 0
        self.is_whole = False

    def put(self, content: bytes) -> None:
        """Adds to the end.

        Raises:
            Problem: if there is no room.
        """
        self._budget.take(len(content))
        self.size += len(content)
        try:
            self._file.seek(0, 2)
            self._file.write(content)
            self._file.flush()
        except OSError as error:
            raise Problem(503, f"There is no room here for an answer of this size: {error.strerror}.", cause="disk full") from None
        self._changed.set()

    def empty(self) -> None:
        """Starts anew."""
        self.close()
        self._file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115

    def end(self, failure: Exception | None = None) -> None:
        """No more will come: the answer is whole, or something went wrong."""
        self.is_whole, self._failure = failure is None, failure
        self._changed.set()

    def content(self) -> bytes:
        """All that is there."""
        self._file.seek(0)
        return self._file.read()

    async def pieces(self) -> AsyncIterator[bytes]:
        """The body from its beginning, piece by piece.

        Raises:
            Exception: that with which it ended.
        """
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

    def close(self) -> None:
        """Gives back what it took."""
        self._budget.give_back(self.size)
        self.size = 0
        # What a full disk did not take is not missed any more.
        with suppress(OSError):
            self._file.close()
