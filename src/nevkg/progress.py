"""Progress reporting for long jobs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

# Called with the name of a stage and its number of steps; returns a function to call after each step.
Progress = Callable[[str, int], Callable[[], None]]
_listeners: list[Callable[[str], None]] = []


def ignore_progress(_stage: str, _steps: int) -> Callable[[], None]:
    """A progress reporter that does nothing."""
    return lambda: None


def announce(work: str) -> None:
    """Says what is about to be done, to those that listen."""
    for listener in _listeners:
        listener(work)


@contextmanager
def listen(listener: Callable[[str], None]) -> Iterator[None]:
    """Calls a function with all that is announced."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)
