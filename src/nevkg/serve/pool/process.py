"""One worker, seen from the server: started, given jobs, ended."""

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
from nevkg.serve.http.problem import DamagedStore, Problem
from nevkg.serve.pool import frames, limits
from nevkg.serve.pool.origin import Origin
from nevkg.serve.reply import Job

_SECONDS_TO_START = 60
# Pieces that wait in a pipe; the worker stops when it is full.
_PIPE = 1 << 18
# What ends a process whose requests for memory fail.
_FOR_WANT_OF_MEMORY = (signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS)


_log = logging.getLogger("nevkg.serve")


class Gone(Exception):
    """The worker has ended before it had done its job."""


class Worker:
    """A worker process that is ready.

    Attributes:
        isolation: what keeps it from the network, as it found itself; empty if nothing does.
    """

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin
        assert process.stdout
        self._process, self._orders, self._frames = process, process.stdin, process.stdout
        self.process, self.gives_way, self.is_alive, self.was_killed = process.pid, False, True, False
        self.isolation = ""

    @classmethod
    async def start(cls, origin: Origin, memory: int) -> Worker:
        """Starts a process and waits until it has opened the store.

        Raises:
            CouldNotRun: if it does not get so far.
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
            raise CouldNotRun("A worker process could not be started.") from None
        except asyncio.CancelledError:
            await worker.kill()
            raise
        if kind != frames.READY:
            await worker.kill()
            raise CouldNotRun(f"A worker process could not open the store: {words.decode()}") from RuntimeError(words.decode())
        worker.isolation = words.decode()
        return worker

    async def do(self, job: Job, folder: Path | None = None) -> AsyncIterator[bytes | dict[str, Any]]:
        """Has it do a job: the head of the reply, then pieces of its body.

        Args:
            job: the job.
            folder: where the body is to be written as files, see ``pack``; the head has their digests, and no pieces come.

        Raises:
            Problem: if the job cannot be done.
            Gone: if the worker ends.
        """
        order = {"task": job.task, "given": job.given, "known_by": job.known_by, "folder": str(folder or "")}
        try:
            self._orders.write(frames.packed(json.dumps(order).encode()))
            while True:
                kind, content = await frames.receive(self._frames)
                if kind == frames.BODY:
                    yield content
                elif kind == frames.HEAD:
                    yield json.loads(content)
                elif kind == frames.END:
                    return
                else:
                    said = json.loads(content)
                    if said.get("damaged"):
                        raise DamagedStore
                    if "log" in said:
                        _log.error("%s %s: %s", job.task, json.dumps(job.given), said["log"])
                    raise Problem(said["status"], said["detail"], more=said.get("more"), headers=said.get("headers"))
        except (asyncio.IncompleteReadError, ConnectionError):
            self.is_alive = False
            raise Gone from None

    async def loss(self) -> Problem:
        """Why it ended by itself: it needed more memory than it is given, or something else ended it."""
        if await self.ended_by() in _FOR_WANT_OF_MEMORY:
            lack = "The query needs more memory than it is given here; ask for less, such as with a LIMIT."
            return Problem(500, lack, cause="memory limit")
        return Problem(503, "The process that worked on the query was ended; try again.", headers={"Retry-After": "1"}, cause="worker lost")

    def give_way(self) -> None:
        """Leaves the processor to the others from now on."""
        limits.give_way(self.process)
        self.gives_way = True

    async def ended_by(self) -> int:
        """The signal that ended it; 0 if none did."""
        code = await self._process.wait()
        self.is_alive = False
        return -min(code, 0)

    async def kill(self) -> None:
        """Ends it, whatever it does, and waits until nothing is left of it."""
        self.kill_soon()
        self._orders.close()
        await self._process.wait()
        with suppress(ConnectionError):
            await self._frames.read()
            await self._orders.wait_closed()

    def kill_soon(self) -> None:
        """Ends it without waiting for it."""
        self.is_alive, self.was_killed = False, True
        with suppress(ProcessLookupError):
            self._process.kill()
