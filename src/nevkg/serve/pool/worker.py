"""A worker process: opens the store and does one job after the other, until its pipe is closed.

Run as ``python -m nevkg.serve.pool.worker ORIGIN MEMORY PARENT``.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from pathlib import Path
from typing import IO, Any

from nevkg.ask import days
from nevkg.errors import NevkgError
from nevkg.lookup import entities
from nevkg.serve.http.problem import Problem, of_error
from nevkg.serve.pool import frames, limits
from nevkg.serve.pool.origin import Origin
from nevkg.serve.pool.pack import in_pieces, pack
from nevkg.serve.tasks import find
from nevkg.store import EmbeddedStore, Store, isolation
from nevkg.store.engine import is_damage


def do(store: Store, order: dict[str, Any], output: IO[bytes]) -> None:
    """Does one job and sends what comes of it."""
    try:
        if day := order["known_by"]:
            store = days.known(store, day)
        reply = find(order["task"])(store, order["given"])
        head = {"media": reply.media, "headers": dict(reply.headers), "is_bulk": reply.is_bulk, "is_collected": reply.is_collected}
        if order["folder"]:
            head["digests"] = pack(reply.write, Path(order["folder"]))
        frames.put(output, frames.HEAD, json.dumps(head).encode())
        if not (order["folder"] or reply.is_bulk):
            with in_pieces(lambda piece: frames.put(output, frames.BODY, piece)) as body:
                reply.write(body)
        frames.put(output, frames.END)
    except (Problem, NevkgError) as error:
        problem = error if isinstance(error, Problem) else of_error(error)
        said = {"status": problem.status, "detail": problem.detail, "more": problem.more, "headers": problem.headers}
        frames.put(output, frames.FAILED, json.dumps(said).encode())
    except BrokenPipeError:
        raise
    except MemoryError:
        # As the engine does, so that the server sees why.
        os.abort()
    except Exception as error:
        said = {"status": 500, "detail": "Something went wrong here that should not; the log has more.", "log": traceback.format_exc()}
        frames.put(output, frames.FAILED, json.dumps(said | {"damaged": is_damage(error)}).encode())
    output.flush()


def main() -> None:
    """Runs until the server closes the pipe."""
    origin, memory, parent = Origin.from_json(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    # The server decides when to end; Ctrl-C in a terminal goes to all.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    limits.end_with_parent(parent)
    # The pipe is only ours: what anything else prints must not get between the frames.
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    if not origin.needs_network:
        isolation.isolate()
    try:
        store = origin.open()
    except (NevkgError, OSError, RuntimeError) as error:
        frames.put(output, frames.FAILED, str(error).encode())
        output.flush()
        return
    if isinstance(store, EmbeddedStore) and store.state and (day := entities.own_date(store)):
        # Nearly every query is asked of it, so that it is no part of what one may use.
        days.snapshot(store, day)
    limits.limit_memory(memory)
    frames.put(output, frames.READY, isolation.describe().encode())
    output.flush()
    while (order := frames.take(sys.stdin.buffer)) is not None:
        do(store, json.loads(order), output)


if __name__ == "__main__":
    main()
