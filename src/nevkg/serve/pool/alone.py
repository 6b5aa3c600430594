"""Runs a job in a worker of its own, at a lower priority and without a time limit."""

from __future__ import annotations

import logging
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any

from nevkg.errors import CouldNotRun
from nevkg.serve.http.problem import Problem
from nevkg.serve.pool.limits import processor_time
from nevkg.serve.pool.origin import Origin
from nevkg.serve.pool.process import Worker, WorkerLost
from nevkg.serve.reply import Job

_log = logging.getLogger("nevkg.serve")


async def run_alone(
    origin: Origin, memory: int, job: Job, folder: Path, charge: Callable[[float], object] = lambda _: None
) -> dict[str, Any]:
    """Runs a job and returns the head of its reply.

    Args:
        origin: the store.
        memory: megabytes that the worker may use.
        job: the job; it may build snapshots.
        folder: see ``Worker.do``.
        charge: called with the processor seconds that it has used.

    Raises:
        Problem: if the job fails, or its worker ends or cannot be started.
    """
    try:
        worker = await Worker.start(origin, memory)
    except CouldNotRun as error:  # its words name folders of the server, which are not public
        _log.error("%s", error)
        words = "The server cannot start a process that prepares this answer; try again in a minute."
        raise Problem(503, words, headers={"Retry-After": "60"}, cause="no workers") from None
    began = processor_time(worker.process)
    try:
        worker.give_way()
        async for part in worker.do(job, folder):
            if isinstance(part, dict):
                return part
        raise WorkerLost
    except WorkerLost:
        problem = await worker.loss()
        if problem.status == HTTPStatus.INTERNAL_SERVER_ERROR:
            words = "This needs more memory than the server allows; start the server with a larger --memory."
            problem = Problem(problem.status, words, cause=problem.cause)
        raise problem from None
    finally:
        if worker.is_alive:
            charge(processor_time(worker.process) - began)
        await worker.kill()
