"""Downloads: long response bodies, written to files once per state of the dataset and sent from there.

A separate process writes the files, one at a time, at low priority and without a time limit. The content of a remote
store can change at any time, so its files are written again after ten minutes.
"""

from __future__ import annotations

import asyncio
import logging
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from time import monotonic
from typing import IO

from anyio import to_thread
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from nevkg.serve.http.middleware import Cut
from nevkg.serve.http.negotiation import choose_encoding, is_known, refuse_unless_match, revalidation_headers
from nevkg.serve.jobs import Job
from nevkg.serve.pool.lanes import run_alone
from nevkg.serve.pool.process import Origin
from nevkg.serve.pool.worker import IDENTITY
from nevkg.serve.problem import Problem, file_problem
from nevkg.serve.state.source import StoreCopy

_SECONDS_TO_WAIT = 25.0  # proxies often give up after 30
_SECONDS_UNTIL_STALE = 600.0
_MOST_WAITING = 16  # files that are being written or waiting to be written
_log = logging.getLogger("nevkg.serve")


@dataclass(frozen=True)
class Download:
    """A response body as files, one for each content encoding.

    Attributes:
        folder: of the files; each is named after its encoding.
        digests: of the files (hexadecimal), by encoding.
        made: time of creation, in seconds of the monotonic clock.
    """

    folder: Path
    media: str
    headers: Mapping[str, str]
    digests: Mapping[str, str]
    made: float


class Downloads:
    """The files for one state of the dataset. They are written on demand."""

    def __init__(self, origin: Origin, memory: int, copy: StoreCopy | None, *, is_steady: bool) -> None:
        """Creates an empty collection; no process is started.

        Args:
            memory: megabytes that the process that writes a file may use.
            copy: copy of the store in whose folder the files are written; None for the folder of temporary files.
            is_steady: whether the store never changes, so that files never become stale.
        """
        self._origin, self._memory, self._is_steady = origin, memory, is_steady
        self._copy = copy
        self._temporary: StoreCopy | None = None
        self._tasks: dict[str, asyncio.Task[Download]] = {}
        self._turn = asyncio.Lock()

    def has(self, job: Job) -> bool:
        """Returns whether the file of a job exists or is being written."""
        return job.key in self._tasks

    async def get(self, job: Job) -> Download:
        """Waits for the file of a job and returns it. All requests for the same file share the work.

        Raises:
            Problem: 503 if it takes longer than 25 seconds, if too many files are waiting, or if the disk is full.
            NevkgError: if the file cannot be written.
        """
        task = self._tasks.get(job.key)
        if task is None or self._is_stale(task):
            if sum(not task.done() for task in self._tasks.values()) >= _MOST_WAITING:
                raise Problem(
                    503,
                    "Too many downloads are being prepared; try again in half a minute.",
                    wait=30,
                    cause="waiting",
                )
            task = self._tasks[job.key] = asyncio.create_task(self._make(job))
            task.add_done_callback(lambda done: self._forget_failure(job, done))
        try:
            async with asyncio.timeout(_SECONDS_TO_WAIT):
                return await asyncio.shield(task)
        except TimeoutError:
            words = "The answer is being prepared; try again in ten seconds."
            raise Problem(503, words, wait=10, cause="file being made") from None

    async def drain(self) -> None:
        """Waits for files being written, then removes all files. Responses that have already opened a file can still send it."""
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        await self.close()

    async def close(self) -> None:
        """Cancels files being written, and removes all files."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        self._tasks.clear()
        if self._temporary:
            self._temporary.close()

    def _is_stale(self, task: asyncio.Task[Download]) -> bool:
        """Returns whether a file is too old, or was removed by another program; deletes a stale one. ``Problem`` 503 if unreadable."""
        if not task.done():
            return False
        download = task.result()
        try:
            exists = download.folder.is_dir()
        except OSError as error:
            raise file_problem("The server cannot read the file for this download", error) from None
        if exists and (self._is_steady or monotonic() - download.made < _SECONDS_UNTIL_STALE):
            return False
        shutil.rmtree(download.folder, ignore_errors=True)
        return True

    def _forget_failure(self, job: Job, task: asyncio.Task[Download]) -> None:
        """Removes a failed or cancelled task, so that the next request tries again."""
        if task.cancelled() or task.exception():
            if self._tasks.get(job.key) is task:
                del self._tasks[job.key]
            if not task.cancelled():
                _log.error("A file for download could not be written: %s", task.exception())

    async def _make(self, job: Job) -> Download:
        async with self._turn:
            try:
                folder = Path(tempfile.mkdtemp(prefix="download-", dir=self._folder()))
            except OSError as error:
                raise file_problem("The server cannot create a file for this download", error) from None
            try:
                head = await run_alone(self._origin, self._memory, job, folder)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
            return Download(folder, head["media"], head["headers"], head["digests"], monotonic())

    def _folder(self) -> Path:
        if not self._copy:
            self._copy = self._temporary = StoreCopy(None)
        return self._copy.root


_PIECE = 1 << 18
# A single range. For several ranges, and for an invalid header, the whole file is sent.
_RANGE = re.compile(r"bytes=(\d{1,18})?-(\d{1,18})?", re.IGNORECASE)


def transfer(request: Request, download: Download, vary: str) -> Response:
    """Returns the response with the file, or the requested range of it, in the encoding that the client accepts.

    Args:
        vary: value of the Vary header: what the response depends on besides the address and the encoding.

    Raises:
        Problem: 412 if the client has another state of the file, 416 if the range begins after the end, 503 if the file was removed.
    """
    used = choose_encoding(request)
    path = download.folder / used
    tag = f'"{download.digests[used]}{"" if used == IDENTITY else f"-{used}"}"'
    try:
        facts = path.stat()
        modified = formatdate(facts.st_mtime, usegmt=True)
        headers = {**revalidation_headers(tag, f"{vary}, Accept-Encoding"), "Last-Modified": modified, "Accept-Ranges": "bytes"}
        refuse_unless_match(request, tag, facts.st_mtime)
        if is_known(request, tag, facts.st_mtime):
            return Response(status_code=304, headers=headers)
        headers |= {**download.headers, "Content-Length": str(facts.st_size)}
        if used != IDENTITY:
            headers["Content-Encoding"] = used
        if request.method == "HEAD":
            return Response(headers=headers, media_type=download.media)
        part = _requested_range(request, facts.st_size, (tag, modified))
        file = path.open("rb")
    except OSError:
        raise Problem(503, "The file was replaced just now; try again.", wait=1, cause="file replaced") from None
    if part is None:
        return StreamingResponse(_pieces(file, 0, facts.st_size), headers=headers, media_type=download.media)
    start, end = part
    headers |= {"Content-Length": str(end - start), "Content-Range": f"bytes {start}-{end - 1}/{facts.st_size}"}
    return StreamingResponse(_pieces(file, start, end), 206, headers, download.media)


def _requested_range(request: Request, size: int, validators: tuple[str, str]) -> tuple[int, int] | None:
    """Returns start and end (exclusive) of the requested bytes; None for the whole file; ``Problem`` 416 if they begin after it."""
    match = _RANGE.fullmatch(request.headers.get("range", "").strip())
    if not match or request.headers.get("if-range", validators[0]) not in validators:
        return None
    first, last = (int(number) if number else None for number in match.groups())
    if first is None and last is None:
        return None
    if first is None:
        assert last is not None
        start, end = max(size - last, 0), size
    else:
        start, end = first, size if last is None else min(last + 1, size)
        if last is not None and last < first:
            return None
    if start >= size:
        raise Problem(
            416, f"The file has {size:,} bytes; the requested range begins after its end.", headers={"Content-Range": f"bytes */{size}"}
        )
    return start, end


async def _pieces(file: IO[bytes], start: int, end: int) -> AsyncIterator[bytes]:
    with file:
        file.seek(start)
        while start < end:
            piece = await to_thread.run_sync(file.read, min(_PIECE, end - start))
            if not piece:
                raise Cut(Problem(500, "The file is shorter than expected.", cause="file too short"))
            start += len(piece)
            yield piece
