"""Downloads: long bodies that are written to files once per state of the dataset, and sent from there.

A process of its own writes them, one at a time, at low priority and without a time limit. What another server holds may
change at any time; a file of that is written again after a while.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from time import monotonic
from typing import Any

from nevkg.serve.http.problem import Problem
from nevkg.serve.pool import Origin
from nevkg.serve.pool.process import Gone, Worker
from nevkg.serve.reply import Job
from nevkg.serve.state.store_copy import Snapshot

_SECONDS_TO_WAIT = 25.0  # proxies often give up after 30
_SECONDS_UNTIL_STALE = 600.0
_log = logging.getLogger("nevkg.serve")


@dataclass(frozen=True)
class Download:
    """A body as files, one for each encoding.

    Attributes:
        folder: where they are; each has the name of its encoding.
        media: the media type of the body.
        headers: further headers.
        digests: of each file, by encoding.
        made: when, on the monotonic clock.
    """

    folder: Path
    media: str
    headers: Mapping[str, str]
    digests: Mapping[str, str]
    made: float


class Downloads:
    """The files of one state of the dataset."""

    def __init__(self, origin: Origin, memory: int, snapshot: Snapshot | None, *, is_steady: bool, most_waiting: int = 16) -> None:
        """Starts nothing yet.

        Args:
            origin: the store.
            memory: megabytes that the making of a file may use.
            snapshot: of that store; files are made in its folder, without one among the temporary files.
            is_steady: whether the store never changes, so that what was made of it stays right.
            most_waiting: how many may be under way or wait.
        """
        self._origin, self._memory, self._is_steady, self._most_waiting = origin, memory, is_steady, most_waiting
        self._snapshot = snapshot
        self._own: Snapshot | None = None
        self._tasks: dict[str, asyncio.Task[Download]] = {}
        self._turn = asyncio.Lock()

    def has(self, job: Job) -> bool:
        """Whether the file of a job is there, or is being made."""
        return job.key in self._tasks

    async def get(self, job: Job) -> Download:
        """The file of a job, once it is made. All requests for the same file wait for the same work.

        Raises:
            Problem: 503 if that takes long, or the disk is full.
            NevkgError: if it cannot be made.
        """
        task = self._tasks.get(job.key)
        if task is None or self._is_stale(task):
            if sum(not one.done() for one in self._tasks.values()) >= self._most_waiting:
                raise Problem(
                    503, "Too many others wait for this kind of work; come back later.", headers={"Retry-After": "30"}, cause="waiting"
                )
            task = self._tasks[job.key] = asyncio.create_task(self._make(job))
            task.add_done_callback(lambda done: self._note(job, done))
        try:
            async with asyncio.timeout(_SECONDS_TO_WAIT):
                return await asyncio.shield(task)
        except TimeoutError:
            words = "What is needed for this is being made; come back in some seconds."
            raise Problem(503, words, headers={"Retry-After": "10"}, cause="file being made") from None

    async def drain(self) -> None:
        """Waits for what is being made, then removes the files. Responses that have opened one can still send it."""
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        await self.close()

    async def close(self) -> None:
        """Cancels what is being made, and removes the files."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        self._tasks.clear()
        if self._own:
            self._own.close()

    def _is_stale(self, task: asyncio.Task[Download]) -> bool:
        """Whether a file is too old, or was removed by another program."""
        if not task.done():
            return False
        download = task.result()
        if download.folder.is_dir() and (self._is_steady or monotonic() - download.made < _SECONDS_UNTIL_STALE):
            return False
        shutil.rmtree(download.folder, ignore_errors=True)
        return True

    def _note(self, job: Job, task: asyncio.Task[Download]) -> None:
        """Forgets what was not made, so that the next request tries again."""
        if task.cancelled() or task.exception():
            if self._tasks.get(job.key) is task:
                del self._tasks[job.key]
            if not task.cancelled():
                _log.error("A file for download could not be made: %s", task.exception())

    async def _make(self, job: Job) -> Download:
        async with self._turn:
            try:
                folder = Path(tempfile.mkdtemp(prefix="download-", dir=self._place()))
            except OSError as error:
                raise Problem(503, f"There is no room here for a file: {error.strerror}.", cause="disk full") from None
            try:
                head = await self._write(job, folder)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
            return Download(folder, head["media"], head["headers"], head["digests"], monotonic())

    def _place(self) -> Path:
        if not self._snapshot:
            self._snapshot = self._own = Snapshot(None)
        return self._snapshot.root

    async def _write(self, job: Job, folder: Path) -> dict[str, Any]:
        worker = await Worker.start(self._origin, self._memory)
        try:
            worker.give_way()
            async for part in worker.do(job, folder):
                if isinstance(part, dict):
                    return part
            raise Gone
        except Gone:
            lost = await worker.loss()
            if lost.status == HTTPStatus.INTERNAL_SERVER_ERROR:
                words = "The file needs more memory to be made than the server gives; start it with a larger --memory."
                lost = Problem(lost.status, words, cause=lost.cause)
            raise lost from None
        finally:
            await worker.kill()
