"""Which cases of a test are quick."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest


def quick_every(step: int, cases: Sequence[Any]) -> list[Any]:
    """Marks all cases as slow but every ``step``-th, for tests that try one feature in many cases."""
    return [case if index % step == 0 else _mark_slow(case) for index, case in enumerate(cases)]


def _mark_slow(case: Any) -> Any:
    return pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=pytest.mark.slow)
