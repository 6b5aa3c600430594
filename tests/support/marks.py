"""Which cases of a test are quick, and how long fuzzers run."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import pytest

# ``NEVKG_FUZZ=20`` makes fuzzers run twenty times as long, with further seeds.
FUZZ = int(os.environ.get("NEVKG_FUZZ", "1"))


def quick_every(step: int, cases: Sequence[Any]) -> list[Any]:
    """Marks all cases as slow but every ``step``-th, for tests that try one feature in many cases."""
    return _mark_others(step, cases, pytest.mark.slow)


def slow_every(step: int, cases: Sequence[Any]) -> list[Any]:
    """Marks all cases as nightly but every ``step``-th."""
    return _mark_others(step, cases, pytest.mark.nightly)


def _mark_others(step: int, cases: Sequence[Any], mark: pytest.MarkDecorator) -> list[Any]:
    return [
        case if index % step == 0 else pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=mark)
        for index, case in enumerate(cases)
    ]
