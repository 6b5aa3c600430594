"""The main program of a worker process: opens the store and does jobs until its pipe is closed.

Run as ``python -m nevkg.serve.pool.worker MEMORY PARENT``; the first order on the pipe is the origin.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import pickle
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from nevkg.ask import days
from nevkg.errors import NevkgError
from nevkg.lookup import entities
from nevkg.serve.jobs import Job, Write
from nevkg.serve.pool import process
from nevkg.serve.pool.process import Origin
from nevkg.serve.problem import Problem, file_problem, problem_from_error, unexpected_error
from nevkg.sparql.patterns import read_algebra
from nevkg.store import EmbeddedStore, Store, isolation
from nevkg.store.embedded import NotBuilt
from nevkg.store.engine import is_damage

IDENTITY = "identity"
_PIECE = 1 << 16


class Sink(io.RawIOBase):
    """A binary output that passes what is written to a callback."""

    def __init__(self, take: Callable[[bytes], object]) -> None:
        self._take = take

    def writable(self) -> bool:
        """Returns True."""
        return True

    def write(self, content: Any) -> int:
        """Passes the bytes to the callback."""
        self._take(bytes(content))
        return len(content)


@contextmanager
def buffered_output(take: Callable[[bytes], object]) -> Iterator[IO[bytes]]:
    """Yields an output that buffers small writes into pieces of up to 64 kB."""
    with io.BufferedWriter(Sink(take), _PIECE) as output:
        yield output


def pack(write: Write, folder: Path) -> dict[str, str]:
    """Writes a body into a folder, one file for each encoding. Equal bodies give identical files.

    Args:
        write: writes the body; called once.
        folder: an empty folder.

    Returns:
        The digest of each file (hexadecimal) by name; the name is that of the encoding.

    Raises:
        Problem: 503 if the disk is full or another error prevents writing.
    """
    # Slow to import, and no other task of a worker needs it.
    from zstandard import ZstdCompressor

    digests = {name: sha256() for name in (IDENTITY, "gzip", "zstd")}
    try:
        with ExitStack() as files:

            def output(name: str) -> IO[bytes]:
                file = files.enter_context((folder / name).open("wb"))

                def take(content: bytes) -> None:
                    digests[name].update(content)
                    file.write(content)

                return files.enter_context(buffered_output(take))

            plain = output(IDENTITY)
            gzipped = files.enter_context(gzip.GzipFile("", "wb", fileobj=output("gzip"), mtime=0))
            zstandard = files.enter_context(ZstdCompressor().stream_writer(output("zstd"), closefd=False))

            def take(content: bytes) -> None:
                for file in (plain, gzipped, zstandard):
                    file.write(content)

            with buffered_output(take) as body:
                write(body)
    except OSError as error:
        raise file_problem("The server cannot write a file for this answer", error) from None
    return {name: digest.hexdigest()[:32] for name, digest in digests.items()}


def do(store: Store, job: Job, folder: Path | None, output: IO[bytes]) -> None:
    """Does one job and sends its reply; ``folder`` is that of ``Worker.do``."""
    try:
        if isinstance(store, EmbeddedStore):
            # A job that writes to a folder has a process of its own, and may take long; see ``preparations``.
            store = replace(store, may_build=folder is not None)
        if job.known_by:
            store = days.record_known_by(store, job.known_by)
        reply = job.task.run(store)
        head: dict[str, Any] = {
            "media": reply.media,
            "headers": dict(reply.headers),
            "is_bulk": reply.is_bulk,
            "is_collected": reply.is_collected,
        }
        if folder:
            head["digests"] = pack(reply.write, folder)
        process.put_frame(output, process.HEAD, json.dumps(head).encode())
        if not (folder or reply.is_bulk):
            with buffered_output(lambda piece: process.put_frame(output, process.BODY, piece)) as body:
                reply.write(body)
        process.put_frame(output, process.END)
    except NotBuilt as missing:
        process.put_frame(output, process.FAILED, json.dumps({"missing": missing.day}).encode())
    except (Problem, NevkgError) as error:
        _report(error if isinstance(error, Problem) else problem_from_error(error), output)
    except BrokenPipeError:
        raise
    except MemoryError:
        # The engine aborts, too, so the server recognises the cause.
        os.abort()
    except Exception as error:
        if isinstance(error, OSError) and error.errno:  # errors of the engine have no number
            _report(file_problem("The server cannot read or write a file that this answer needs", error), output)
        else:
            failure = {"status": 500, "detail": unexpected_error().detail, "log": traceback.format_exc()}
            process.put_frame(output, process.FAILED, json.dumps(failure | {"damaged": is_damage(error)}).encode())
    output.flush()


def _report(problem: Problem, output: IO[bytes]) -> None:
    """Sends that a job has failed."""
    parts = ("status", "detail", "more", "headers", "cause")
    process.put_frame(output, process.FAILED, json.dumps({part: getattr(problem, part) for part in parts}).encode())


def main() -> None:
    """Runs until the server closes the pipe."""
    memory, parent = int(sys.argv[1]), int(sys.argv[2])
    # The server decides when a worker ends, but Ctrl-C in a terminal is sent to all processes.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    process.end_with_parent(parent)
    # Reserve the pipe for frames: other output goes to standard error.
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    first = process.take_frame(sys.stdin.buffer)
    if first is None:  # the server has ended meanwhile
        return
    origin: Origin = pickle.loads(first)
    if not origin.needs_network:
        isolation.isolate()
    try:
        store = origin.open()
        if isinstance(store, EmbeddedStore) and store.state and (day := entities.stored_date(store)):
            # Nearly every query uses the snapshot, so it does not count towards the memory of one query.
            days.snapshot(store, day)
        # Nor does the parser, which every answer with evidence needs, and which takes half a second to load.
        read_algebra("ASK { }", {})
    except Exception as error:
        process.put_frame(output, process.FAILED, str(error).encode())
        output.flush()
        return
    process.limit_memory(memory)
    process.put_frame(output, process.READY, isolation.describe_isolation().encode())
    output.flush()
    while (order := process.take_frame(sys.stdin.buffer)) is not None:
        job, folder = pickle.loads(order)
        do(store, job, folder, output)


if __name__ == "__main__":
    main()
