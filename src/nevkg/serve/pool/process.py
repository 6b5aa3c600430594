"""A worker process as the server sees it: start it, give it jobs, end it."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from nevkg.errors import CouldNotRun
from nevkg.serve.http.problem import DamagedStore, MissingDay, Problem
from nevkg.serve.pool import frames, limits
from nevkg.serve.pool.origin import Origin
from nevkg.serve.reply import Job

_SECONDS_TO_START = 60
# Bytes that may wait in a pipe; the worker blocks when it is full.
_PIPE = 1 << 18
# Signals that end a process whose memory allocations fail.
_OUT_OF_MEMORY_SIGNALS = (signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS)


_log = logging.getLogger("nevkg.serve")


class WorkerLost(Exception):
    """The worker ended before it finished its job."""


class Worker:
    """A worker process that is ready for jobs.

    Attributes:
        isolation: the mechanism that isolates it from the network, as it reports; empty if there is none.
            process: process ID.
            gives_way: whether its priority was lowered.
    """

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin
        assert process.stdout
        self._process, self._input, self._frames = process, process.stdin, process.stdout
        self.process, self.gives_way, self.is_alive, self.was_killed = process.pid, False, True, False
        self.isolation = ""

    @classmethod
    async def start(cls, origin: Origin, memory: int) -> Worker:
        """Starts a process, and waits until it has opened the store.

        Raises:
            CouldNotRun: if the process does not start within 60 seconds, or cannot open the store.
        """
        command = (sys.executable, "-m", "nevkg.serve.pool.worker", origin.to_json(), str(memory), str(os.getpid()))
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL, limit=_PIPE)
        worker = cls(process)
        try:
            async with asyncio.timeout(_SECONDS_TO_START):
                kind, words = await frames.receive(worker._frames)
        except (TimeoutError, asyncio.IncompleteReadError):
            await worker.kill()
            raise CouldNotRun("A worker process did not start.") from None
        except asyncio.CancelledError:
            await worker.kill()
            raise
        if kind != frames.READY:
            await worker.kill()
            raise CouldNotRun(f"A worker process could not open the store: {words.decode()}") from RuntimeError(words.decode())
        worker.isolation = words.decode()
        return worker

    async def do(self, job: Job, folder: Path | None = None) -> AsyncIterator[bytes | dict[str, Any]]:
        """Sends a job to the worker; yields the head of the reply, then pieces of its body.

        Args:
            job: the job.
            folder: folder in which the worker writes the body as files, see ``pack``. The head then has their digests, there are no
                pieces, and the job may build snapshots.

        Raises:
            Problem: if the job fails; ``MissingDay`` if it needs a snapshot that it must not build.
            WorkerLost: if the worker ends.
        """
        order = {"task": job.task, "given": job.given, "known_by": job.known_by, "folder": str(folder or "")}
        try:
            self._input.write(frames.job_frame(json.dumps(order).encode()))
            while True:
                kind, content = await frames.receive(self._frames)
                if kind == frames.BODY:
                    yield content
                elif kind == frames.HEAD:
                    yield json.loads(content)
                elif kind == frames.END:
                    return
                else:
                    failure = json.loads(content)
                    if "missing" in failure:
                        raise MissingDay(failure["missing"])
                    if failure.get("damaged"):
                        raise DamagedStore
                    if "log" in failure:
                        _log.error("%s %s: %s", job.task, json.dumps(job.given), failure["log"])
                    details = {name: failure[name] for name in ("more", "headers", "cause") if name in failure}
                    raise Problem(failure["status"], failure["detail"], **details)
        except (asyncio.IncompleteReadError, ConnectionError):
            self.is_alive = False
            raise WorkerLost from None

    async def loss(self) -> Problem:
        """Returns why the worker ended: it needed more memory than its limit, or something else ended it."""
        if await self.ended_by() in _OUT_OF_MEMORY_SIGNALS:
            detail = "The query needs more memory than the server allows; restrict it, for example with a LIMIT."
            return Problem(500, detail, cause="memory limit")
        return Problem(503, "The process that ran the query was ended; try again.", headers={"Retry-After": "1"}, cause="worker lost")

    def give_way(self) -> None:
        """Lowers the priority of the worker permanently."""
        limits.give_way(self.process)
        self.gives_way = True

    async def ended_by(self) -> int:
        """Waits for the end of the process; returns the signal that ended it, 0 if none did."""
        code = await self._process.wait()
        self.is_alive = False
        return -min(code, 0)

    async def kill(self) -> None:
        """Kills the process, and waits until it has ended and its pipes are closed."""
        self.kill_soon()
        self._input.close()
        await self._process.wait()
        with suppress(ConnectionError):
            await self._frames.read()
            await self._input.wait_closed()

    def kill_soon(self) -> None:
        """Kills the process without waiting."""
        self.was_killed |= self.is_alive  # not if it has ended by itself
        self.is_alive = False
        with suppress(ProcessLookupError):
            self._process.kill()
