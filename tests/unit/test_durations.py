"""The summary of durations at the end of a run."""

from __future__ import annotations

from pathlib import Path

from tests.support.durations import Duration, describe, read_budgets


def test_each_folder_has_a_budget() -> None:
    assert set(read_budgets()) == {path.parent.name for path in Path(__file__).parents[1].glob("*/test_*.py")}


def test_minutes_of_folders_slowest_tests_and_those_over_budget() -> None:
    quick, slow = read_budgets()["unit"]
    durations = [
        Duration("tests/unit/test_a.py::test_b", False, quick + 1, 60),
        Duration("tests/unit/test_a.py::test_c", True, slow - 1),
        Duration("tests/rules/test_a.py::test_d", False, 0.01, 120),
    ]
    lines = list(describe(durations))
    assert lines[1:3] == ["    0.0     2.0  rules, 1 tests", f"{(quick + slow) / 60:7.1f}     1.0  unit, 2 tests"]
    assert [line.split()[-1][-1] for line in lines[4:7]] == ["c", "b", "d"]
    assert lines[7:] == [
        "over the budget of their folder (tests/README.md): 1",
        f"{quick + 1:7.1f} s of {quick:g}  tests/unit/test_a.py::test_b",
    ]
