"""Background tasks: started beside requests, cancelled together with the object that started them.

No error ends a task silently. What must go on, such as the watch for new data, catches everything except ``ENDINGS``.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

# What ends a task on purpose. A panic of the engine is a BaseException, too, so that ``except Exception`` would miss it.
ENDINGS = (asyncio.CancelledError, KeyboardInterrupt, SystemExit)
_log = logging.getLogger("nevkg.serve")


class Background:
    """A set of running tasks."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Starts a coroutine as a task, and keeps a reference to it until it is done. An error that ends it is logged."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._finish)

    async def end(self) -> None:
        """Cancels the tasks that are not done, and waits until they have ended."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _finish(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            _log.error("A background task of the server ended unexpectedly.", exc_info=error)
