"""A worker process: opens the store and does one job after the other, until its pipe is closed.

Run as ``python -m nevkg.serve.pool.worker ORIGIN MEMORY PARENT``.
"""

from __future__ import annotations

import io
import json
import os
import signal
import sys
import traceback
from typing import IO, Any

from nevkg.errors import NevkgError
from nevkg.serve.pool import frames, limits
from nevkg.serve.pool.origin import Origin
from nevkg.serve.problem import Problem, of_error
from nevkg.serve.tasks import find
from nevkg.store import Store
from nevkg.store.embedded import is_damage

_PIECE = 1 << 16


class _Body(io.RawIOBase):
    """Sends what is written to it as frames."""

    def __init__(self, output: IO[bytes]) -> None:
        self._output = output

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        frames.put(self._output, frames.BODY, bytes(content))
        return len(content)


def do(store: Store, order: dict[str, Any], output: IO[bytes]) -> None:
    """Does one job and sends what comes of it."""
    try:
        reply = find(order["task"])(store, order["given"])
        frames.put(output, frames.HEAD, json.dumps({"media": reply.media, "headers": dict(reply.headers)}).encode())
        with io.BufferedWriter(_Body(output), _PIECE) as body:
            reply.write(body)
        frames.put(output, frames.END)
    except (Problem, NevkgError) as error:
        problem = error if isinstance(error, Problem) else of_error(error)
        said = {"status": problem.status, "detail": problem.detail, "more": problem.more, "headers": problem.headers}
        frames.put(output, frames.FAILED, json.dumps(said).encode())
    except (BrokenPipeError, MemoryError):
        raise
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
        limits.leave_network()
    try:
        store = origin.open()
    except (NevkgError, OSError, RuntimeError) as error:
        frames.put(output, frames.FAILED, str(error).encode())
        output.flush()
        return
    limits.limit_memory(memory)
    frames.put(output, frames.READY)
    output.flush()
    while (order := frames.take(sys.stdin.buffer)) is not None:
        do(store, json.loads(order), output)


if __name__ == "__main__":
    main()
