"""How far a long piece of work has come, for whoever watches."""

from __future__ import annotations

from collections.abc import Callable

# Called with a stage in words and its number of steps; gives what to call after each step.
Progress = Callable[[str, int], Callable[[], None]]


def silent(_stage: str, _steps: int) -> Callable[[], None]:
    """Tells nobody."""
    return lambda: None
