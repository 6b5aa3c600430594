"""A pytest plugin that shows where the time of a run went. It never fails a test.

After a run of more than a minute it prints the twenty slowest tests, the minutes of each folder, and the tests that took longer
than the budget of their folder in ``tests/README.md``. If ``NEVKG_DURATIONS`` names a file, each run adds its durations to it;
``python -m tests.support.durations FILE`` prints the same for all runs together.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest

_BUDGETS = re.compile(r"^\| `(\w+)/` \| ([\d.]+) \| ([\d.]+) \|", re.MULTILINE)
_SLOWEST = 20
_SHORT_RUN = 60


@dataclass
class Duration:
    """The seconds of a test, and of the fixtures that were made for it or removed after it."""

    test: str
    is_slow: bool
    call: float = 0
    fixtures: float = 0

    @property
    def folder(self) -> str:
        return self.test.split("/")[1]


class Durations:
    """Collects the durations of all processes."""

    def __init__(self) -> None:
        self.of: dict[str, Duration] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        is_slow = not {"slow", "nightly"}.isdisjoint(report.keywords)
        duration = self.of.setdefault(report.nodeid, Duration(report.nodeid, is_slow))
        if report.when == "call":
            duration.call += report.duration
        else:
            duration.fixtures += report.duration

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if file := os.environ.get("NEVKG_DURATIONS"):
            with Path(file).open("a", encoding="utf-8") as lines:
                lines.writelines(json.dumps(asdict(duration)) + "\n" for duration in self.of.values())
        if sum(duration.call + duration.fixtures for duration in self.of.values()) > _SHORT_RUN:
            terminalreporter.section("durations")
            for line in describe(self.of.values()):
                terminalreporter.line(line)


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Durations(), "nevkg-durations")


def read_budgets() -> dict[str, tuple[float, float]]:
    """Returns the seconds that a quick and a slow test of each folder may take, without fixtures."""
    text = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    return {folder: (float(quick), float(slow)) for folder, quick, slow in _BUDGETS.findall(text)}


def describe(durations: Iterable[Duration]) -> Iterator[str]:
    """Yields the lines of the summary. Several processes run at once, so the minutes add up to more than the run took."""
    slowest = sorted(durations, key=lambda duration: -duration.call)
    budgets = read_budgets()
    folders = defaultdict[str, list[Duration]](list)
    over = []
    for duration in slowest:
        folders[duration.folder].append(duration)
        if duration.folder in budgets and duration.call > (budget := budgets[duration.folder][duration.is_slow]):
            over.append(f"{duration.call:7.1f} s of {budget:g}  {duration.test}")
    yield "minutes: tests, fixtures"
    for folder, members in sorted(folders.items()):
        calls, fixtures = sum(member.call for member in members), sum(member.fixtures for member in members)
        yield f"{calls / 60:7.1f} {fixtures / 60:7.1f}  {folder}, {len(members):,} tests"
    yield f"the {_SLOWEST} slowest tests"
    yield from (f"{duration.call:7.1f} s  {duration.test}" for duration in slowest[:_SLOWEST])
    yield f"over the budget of their folder (tests/README.md): {len(over) or 'none'}"
    yield from over


if __name__ == "__main__":
    lines = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    print(*describe(Duration(**json.loads(line)) for line in lines), sep="\n")
