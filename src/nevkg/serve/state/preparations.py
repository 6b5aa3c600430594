"""Prepares what is built once and takes longer than a request may: a new day, or another edition of the data.

Preparations run one at a time, apart from the lanes of queries. All requests for the same one share the work.
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from nevkg.ask import days
from nevkg.lookup import entities
from nevkg.serve.clients import Account
from nevkg.serve.jobs import Job, Reply, Task, bytes_reply
from nevkg.serve.pool.lanes import run_alone
from nevkg.serve.pool.process import Origin
from nevkg.serve.problem import Problem, file_problem
from nevkg.store import EmbeddedStore, Store

_SECONDS_TO_WAIT = 25.0  # proxies often give up after 30
_SECONDS_TO_REMEMBER = 600.0
_MOST_WAITING = 5
_log = logging.getLogger("nevkg.serve")


@dataclass(frozen=True)
class PrepareDay(Task):
    """Builds the snapshot of a day, or of the date of the dataset if it is empty.

    The worker has already built the record as known by a day, as for every task.
    """

    day: str

    def run(self, store: Store) -> Reply:
        """Returns nothing; raises ``Problem`` (503) if the cache cannot be written, so that no other worker could find it."""
        snapshot = days.snapshot(store, self.day or entities.dataset_date(store))
        if not (isinstance(store, EmbeddedStore) and store.state and snapshot.place):
            words = "The server cannot store this day, since its cache cannot be written; try again in a minute."
            raise Problem(503, words, wait=60, cause="cache not writable")
        return bytes_reply("text/plain", b"")


class Preparations:
    """The preparations for one state of the dataset."""

    def __init__(self, origin: Origin, memory: int) -> None:
        """Starts none. Each may use so many megabytes."""
        self._origin, self._memory = origin, memory
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._made: dict[str, float] = {}
        self._turn = asyncio.Lock()

    async def ensure(self, job: Job, account: Account | None = None) -> None:
        """Does the same as ``make``, unless the job has been done in the last ten minutes."""
        self._made = {key: made for key, made in self._made.items() if monotonic() - made < _SECONDS_TO_REMEMBER}
        if job.key not in self._made:
            await self.make(job, account)
            self._made[job.key] = monotonic()

    async def make(self, job: Job, account: Account | None = None) -> None:
        """Waits until a job is done, which is started unless it runs already.

        Args:
            account: the client that waits for it, and is charged if it is the first to ask; None for none.

        Raises:
            Problem: 503 if it takes longer than 25 seconds, or too many are waiting; 429 if the client waits for too many.
        """
        account = account or Account()
        with account.wait_for_preparation():
            task = self._tasks.get(job.key)
            if task is None:
                if len(self._tasks) >= _MOST_WAITING:
                    raise Problem(
                        503,
                        "Too many days or editions are being prepared; try again in half a minute.",
                        wait=30,
                        cause="preparations full",
                    )
                task = self._tasks[job.key] = asyncio.create_task(self._run(job, account))
                task.add_done_callback(lambda done: self._finish(job, done))
            try:
                async with asyncio.timeout(_SECONDS_TO_WAIT):
                    await asyncio.shield(task)
            except TimeoutError:
                words = "The answer is being prepared; try again in ten seconds."
                raise Problem(503, words, wait=10, cause="being prepared") from None

    async def drain(self) -> None:
        """Waits for all that are running or waiting."""
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def close(self) -> None:
        """Cancels all that are running or waiting."""
        for task in self._tasks.values():
            task.cancel()
        await self.drain()

    def _finish(self, job: Job, task: asyncio.Task[None]) -> None:
        del self._tasks[job.key]
        if not task.cancelled() and (error := task.exception()):
            _log.error("A day or edition could not be prepared: %s", error)

    async def _run(self, job: Job, account: Account) -> None:
        async with self._turn:
            try:
                with tempfile.TemporaryDirectory(prefix="nevkg-", ignore_cleanup_errors=True) as folder:
                    await run_alone(self._origin, self._memory, job, Path(folder), account.charge)
            except OSError as error:
                raise file_problem("The server cannot prepare this day", error) from None
