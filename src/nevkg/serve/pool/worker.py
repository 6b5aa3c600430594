"""The main program of a worker process: opens the store and does jobs until its pipe is closed.

Run as ``python -m nevkg.serve.pool.worker ORIGIN MEMORY PARENT``.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from nevkg.ask import days
from nevkg.errors import NevkgError
from nevkg.lookup import entities
from nevkg.serve.http.problem import Problem, file_problem, problem_from_error, unexpected_error
from nevkg.serve.pool import frames, limits
from nevkg.serve.pool.origin import Origin
from nevkg.serve.pool.pack import buffered_output, pack
from nevkg.serve.tasks import find
from nevkg.sparql.patterns import read_algebra
from nevkg.store import EmbeddedStore, Store, isolation
from nevkg.store.embedded import NotBuilt
from nevkg.store.engine import is_damage


def do(store: Store, order: dict[str, Any], output: IO[bytes]) -> None:
    """Does one job and sends its reply."""
    try:
        if isinstance(store, EmbeddedStore):
            # A job that writes to a folder has a process of its own, and may take long; see ``preparations``.
            store = replace(store, may_build=bool(order["folder"]))
        if day := order["known_by"]:
            store = days.record_known_by(store, day)
        reply = find(order["task"])(store, order["given"])
        head = {"media": reply.media, "headers": dict(reply.headers), "is_bulk": reply.is_bulk, "is_collected": reply.is_collected}
        if order["folder"]:
            head["digests"] = pack(reply.write, Path(order["folder"]))
        frames.put(output, frames.HEAD, json.dumps(head).encode())
        if not (order["folder"] or reply.is_bulk):
            with buffered_output(lambda piece: frames.put(output, frames.BODY, piece)) as body:
                reply.write(body)
        frames.put(output, frames.END)
    except NotBuilt as missing:
        frames.put(output, frames.FAILED, json.dumps({"missing": missing.day}).encode())
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
            frames.put(output, frames.FAILED, json.dumps(failure | {"damaged": is_damage(error)}).encode())
    output.flush()


def _report(problem: Problem, output: IO[bytes]) -> None:
    """Sends that a job has failed."""
    parts = ("status", "detail", "more", "headers", "cause")
    frames.put(output, frames.FAILED, json.dumps({part: getattr(problem, part) for part in parts}).encode())


def main() -> None:
    """Runs until the server closes the pipe."""
    origin, memory, parent = Origin.from_json(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    # The server decides when a worker ends, but Ctrl-C in a terminal is sent to all processes.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limits.end_with_parent(parent)
    # Reserve the pipe for frames: other output goes to standard error.
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
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
        frames.put(output, frames.FAILED, str(error).encode())
        output.flush()
        return
    limits.limit_memory(memory)
    frames.put(output, frames.READY, isolation.describe_isolation().encode())
    output.flush()
    while (order := frames.take(sys.stdin.buffer)) is not None:
        do(store, json.loads(order), output)


if __name__ == "__main__":
    main()
