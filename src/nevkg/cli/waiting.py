"""Shows on a terminal what a command waits for, if it takes more than a moment."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, Timer
from typing import TYPE_CHECKING

from nevkg.progress import listen

if TYPE_CHECKING:
    from rich.progress import Progress

_SECONDS = 2.0
_shown: list[_Line] = []


@contextmanager
def show_waiting(*, quiet: bool = False, seconds: float = _SECONDS) -> Iterator[None]:
    """Shows a line on standard error until there is output, after some seconds; nothing if it is quiet or not a terminal."""
    if quiet or not sys.stderr.isatty():
        yield
        return
    line = _Line(seconds)
    _shown.append(line)
    try:
        with listen(line.describe):
            yield
    finally:
        line.stop()
        _shown.remove(line)


def stop_waiting() -> None:
    """Removes the line, since output or another progress bar follows."""
    for line in _shown:
        line.stop()


class _Line:
    """A line with the work announced last and the time since it began; rich is imported only if it is shown."""

    def __init__(self, seconds: float) -> None:
        self._work = "Working"
        self._bar: Progress | None = None
        self._lock, self._is_over = Lock(), False
        self._timer = Timer(seconds, self._start)
        self._timer.daemon = True
        self._timer.start()

    def describe(self, work: str) -> None:
        with self._lock:
            self._work = work
            if self._bar:
                self._bar.update(self._bar.task_ids[0], description=work)

    def stop(self) -> None:
        self._timer.cancel()
        with self._lock:
            self._is_over = True
            if self._bar:
                self._bar.stop()

    def _start(self) -> None:
        from rich.console import Console
        from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

        with self._lock:
            if self._is_over:
                return
            columns = SpinnerColumn(), TextColumn("{task.description} …", markup=False), TimeElapsedColumn()
            self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self._bar.add_task(self._work)
            self._bar.start()
