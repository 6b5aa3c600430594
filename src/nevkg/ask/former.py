"""Other names of parameters: those that a filter has in other questions, and former ones, accepted for one release, with a hint."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TypeVar

from nevkg.ask.catalogue import Question
from nevkg.errors import WrongUsage

T = TypeVar("T")


class FormerName(FutureWarning):
    """A parameter was given by a name that it no longer has; a FutureWarning, since Python shows these to users by default."""


def rename(question: Question, given: Mapping[str, T]) -> tuple[dict[str, T], list[str]]:
    """Returns the values by the present names of their parameters, and a hint for each former name used.

    Raises:
        WrongUsage: if a parameter is given by both names.
    """
    present = question.other_names
    used = [name for name in given if name in present]
    hints = []
    for name in used:
        now = present[name]
        if now in given or [present[other] for other in used].count(now) > 1:
            when = " now" if name in question.parameter(now).formerly else " here"
            raise WrongUsage(f"The parameter '{name}' is called '{now}'{when}; give it once, as '{now}'.")
        if version := question.parameter(now).formerly.get(name):
            hints.append(
                f"The parameter '{name}' of '{question.name}' is called '{now}' now; '{name}' will stop working in version {version}."
            )
    return {present.get(name, name): value for name, value in given.items()}, hints


def caller_level() -> int:
    """Returns the ``stacklevel`` with which a warning by the caller points to the code that called this package."""
    level, package = 1, __name__.partition(".")[0]
    frame = sys._getframe(1)
    while frame.f_back and frame.f_globals.get("__name__", "").partition(".")[0] == package:
        frame, level = frame.f_back, level + 1
    return level
