"""Progress reporting for long jobs."""

from __future__ import annotations

from collections.abc import Callable

# Called with the name of a stage and its number of steps; returns a function to call after each step.
Progress = Callable[[str, int], Callable[[], None]]


def ignore_progress(_stage: str, _steps: int) -> Callable[[], None]:
    """A progress reporter that does nothing."""
    return lambda: None
