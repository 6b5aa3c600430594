"""A worker process as the server sees it: what it opens, its limits, and the frames of its pipes."""

from __future__ import annotations

import asyncio
import ctypes
import json
import logging
import os
import pickle
import signal
import struct
import sys
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pyoxigraph

from nevkg.data.paths import Layout
from nevkg.errors import CouldNotRun
from nevkg.serve.jobs import Job
from nevkg.serve.problem import DamagedStore, MissingDay, Problem
from nevkg.store import EmbeddedStore, Store, open_known_by
from nevkg.store.embedded import is_store


@dataclass(frozen=True)
class Origin:
    """A store, as its workers open it.

    Attributes:
        ontology: with ``data`` and ``queries``, the folders of the layout.
        digest: digest of the dataset, which identifies the state that answers are from; empty if unknown.
        folder: folder of the Oxigraph store; empty for a remote store.
        place: folder of files for this state of the dataset; see ``Store.place``.
        known_by: see ``Store.known_by``.
        state: see ``EmbeddedStore.state``.
        loaded: folder into which the user loaded the store, as the user named it; empty for the dataset of the layout.
        address: address of a SPARQL server; empty for a local store.
        preset: kind of that server.
        services: addresses that queries may call with SERVICE.
        texts: folder with texts of pages; empty to show none.
    """

    ontology: str
    data: str
    queries: str
    digest: str = ""
    folder: str = ""
    place: str = ""
    known_by: str = ""
    state: str = ""
    loaded: str = ""
    address: str = ""
    preset: str = ""
    services: tuple[str, ...] = ()
    texts: str = ""

    @property
    def layout(self) -> Layout:
        """The folders of the dataset."""
        return Layout(Path(self.ontology), Path(self.data), Path(self.queries), Path(self.texts) if self.texts else None)

    @property
    def needs_network(self) -> bool:
        """Whether a worker must be able to reach other machines."""
        return bool(self.address or self.services)

    @property
    def is_missing(self) -> bool:
        """Whether another program has removed the store. Workers that have it open can go on, but no further one can open it."""
        return bool(self.folder) and not is_store(Path(self.folder))

    def open(self) -> Store:
        """Opens the store for reading."""
        if self.address:
            from nevkg.store.locate import open_location

            store = open_location(self.address, self.layout, self.preset or None)
            return open_known_by(store, self.known_by) if self.known_by else store
        return EmbeddedStore(
            pyoxigraph.Store.read_only(self.folder),
            self.layout,
            self.digest,
            self.known_by or None,
            Path(self.place) if self.place else None,
            folder=Path(self.loaded) if self.loaded else None,
            services=frozenset(self.services),
            state=self.state,
        )


# The server sends its origin to a worker, then jobs, as ORDER. The worker sends READY once; then for each job HEAD, some BODY frames and
# END, or FAILED.
ORDER, READY, HEAD, BODY, END, FAILED = b"O", b"R", b"H", b"B", b"E", b"F"
_HEAD = struct.Struct(">cI")


def put_frame(output: IO[bytes], kind: bytes, content: bytes = b"") -> None:
    """Writes one frame."""
    output.write(_HEAD.pack(kind, len(content)) + content)


def take_frame(source: IO[bytes]) -> bytes | None:
    """Reads the content of the next frame; None at the end of the pipe."""
    head = source.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    _, length = _HEAD.unpack(head)
    content = source.read(length)
    return content if len(content) == length else None


async def receive_frame(source: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """Reads the kind and content of the next frame; raises ``asyncio.IncompleteReadError`` if the pipe ends."""
    kind, length = _HEAD.unpack(await source.readexactly(_HEAD.size))
    return kind, await source.readexactly(length)


# From <linux/prctl.h>.
_SET_PARENT_DEATH_SIGNAL = 1
_PROCESSOR_CLOCK = 2
# The sixth number of /proc/self/statm, in pages; see proc_pid_statm(5).
_DATA_AND_STACK = 5
# From <malloc.h>.
_TRIM_THRESHOLD = -1
# With this priority a process gets a quarter of a contended processor. With the lowest one, 19, a slow query would make no
# progress beside other work of the machine.
_LOWER_PRIORITY = 5


def limit_memory(megabytes: int) -> None:
    """Limits the memory that this process may use beyond its current use. Allocations beyond that fail, which ends it.

    Only writable memory counts, since allocators and threads reserve more than a gigabyte of addresses without using them.
    """
    with suppress(ImportError, OSError, ValueError):
        import resource

        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123  pathlib takes longer to import than to read
            in_use = int(file.read().split()[_DATA_AND_STACK]) * resource.getpagesize()
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (in_use + (megabytes << 20), hard))


def release_memory_early() -> None:
    """Makes glibc return freed memory from a megabyte on. It raises this limit by itself, to as much as 64 megabytes for each thread."""
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(_TRIM_THRESHOLD, 1 << 20)


def release_memory() -> None:
    """Returns freed memory to the system, as far as the allocator keeps it: glibc keeps most of what building a store needs."""
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def end_with_parent(parent: int) -> None:
    """Makes the system end this process when the server ends, even in the middle of a query."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit()


def processor_time(process: int) -> float:
    """Returns the processor seconds that a process has used; monotonic time where the system does not report it."""
    try:
        # The clock ID that clock_getcpuclockid(3) of Linux returns for a process.
        return time.clock_gettime(~process << 3 | _PROCESSOR_CLOCK)
    except (AttributeError, OSError):
        return time.monotonic()


def lower_priority(process: int) -> None:
    """Lowers the priority of a process. Only root could raise it again."""
    with suppress(AttributeError, OSError):
        os.setpriority(os.PRIO_PROCESS, process, _LOWER_PRIORITY)


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

    def __init__(self, process: asyncio.subprocess.Process, origin: Origin) -> None:
        assert process.stdin
        assert process.stdout
        self._process, self._input, self._frames, self._origin = process, process.stdin, process.stdout, origin
        self.process, self.gives_way, self.is_alive, self.was_killed = process.pid, False, True, False
        self.isolation = ""

    @classmethod
    async def start(cls, origin: Origin, memory: int) -> Worker:
        """Starts a process and waits until it has opened the store; ``CouldNotRun`` if it cannot, or not within 60 seconds."""
        command = (sys.executable, "-m", "nevkg.serve.pool.worker", str(memory), str(os.getpid()))
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=asyncio.subprocess.DEVNULL, limit=_PIPE)
        worker = cls(process, origin)
        worker._send(origin)
        try:
            async with asyncio.timeout(_SECONDS_TO_START):
                kind, words = await receive_frame(worker._frames)
        except (TimeoutError, asyncio.IncompleteReadError):
            await worker.kill()
            raise CouldNotRun("A worker process did not start.") from None
        except asyncio.CancelledError:
            await worker.kill()
            raise
        if kind != READY:
            await worker.kill()
            raise CouldNotRun(f"A worker process could not open the store: {words.decode()}") from RuntimeError(words.decode())
        worker.isolation = words.decode()
        return worker

    async def do(self, job: Job, folder: Path | None = None) -> AsyncIterator[bytes | dict[str, Any]]:
        """Sends a job to the worker; yields the head of the reply, then pieces of its body.

        Args:
            folder: folder in which the worker writes the body as files, see ``pack``. The head then has their digests, there are no
                pieces, and the job may build snapshots.

        Raises:
            Problem: if the job fails; ``MissingDay`` if it needs a snapshot that it must not build.
            WorkerLost: if the worker ends.
        """
        try:
            self._send((job, folder))
            while True:
                kind, content = await receive_frame(self._frames)
                if kind == BODY:
                    yield content
                elif kind == HEAD:
                    yield json.loads(content)
                elif kind == END:
                    return
                else:
                    failure = json.loads(content)
                    if "missing" in failure:
                        raise MissingDay(failure["missing"])
                    if failure.get("damaged"):
                        raise DamagedStore
                    if "log" in failure:
                        _log.error("%s: %s", job, failure["log"])
                    details = {name: failure[name] for name in ("more", "headers", "cause") if name in failure}
                    raise Problem(failure["status"], failure["detail"], **details)
        except (asyncio.IncompleteReadError, ConnectionError):
            self.is_alive = False
            raise WorkerLost from None

    def _send(self, order: Origin | tuple[Job, Path | None]) -> None:
        # A worker is a part of the server, and no client writes to its pipe, so what it loads can be trusted.
        content = pickle.dumps(order)
        self._input.write(_HEAD.pack(ORDER, len(content)) + content)

    async def loss(self) -> Problem:
        """Returns why the worker ended: it needed more memory than its limit, or something else ended it."""
        # The engine also ends its process if its files are removed while it works.
        if await self.ended_by() in _OUT_OF_MEMORY_SIGNALS and not self._origin.is_missing:
            detail = "The query needs more memory than the server allows; restrict it, for example with a LIMIT."
            return Problem(500, detail, cause="memory limit")
        return Problem(503, "The process that ran the query was ended; try again.", wait=1, cause="worker lost")

    def give_way(self) -> None:
        """Lowers the priority of the worker permanently."""
        lower_priority(self.process)
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
