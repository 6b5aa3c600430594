"""Runs commands in turn and summarises their times and memory."""

from __future__ import annotations

import json
import math
import os
import signal
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nevkg.table.terminal import Cells, minimum_width, render_table

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
_LAUNCHER = Path(__file__).with_name("launch.py")
MEBIBYTE = 1024 * 1024


@dataclass(frozen=True)
class Run:
    """One run of a command. ``code`` is negative if a signal ended it."""

    seconds: float
    processor: float
    peak: int
    code: int
    output: str
    errors: str

    @property
    def is_stopped(self) -> bool:
        """Whether it was ended at its limit."""
        return self.code == -signal.SIGKILL

    @property
    def records(self) -> list[dict[str, Any]]:
        """The lines of JSON that it printed."""
        return [json.loads(line) for line in self.output.splitlines()]

    @property
    def peak_mebibytes(self) -> float:
        """The highest use of memory."""
        return self.peak / MEBIBYTE


@dataclass(frozen=True)
class Summary:
    """A summary of several runs of one command."""

    seconds: float
    fastest: float
    slowest: float
    processor: float
    peak_mebibytes: float


class Failed(Exception):
    """Raised when a command fails unexpectedly."""


def find_command(name: str) -> str:
    """Returns the path of a command in the current Python environment."""
    return str(Path(PYTHON).with_name(name))


NEVKG = find_command("nevkg")


def run(command: Sequence[str], environment: Mapping[str, str] | None = None, limit: float = 0) -> Run:
    """Runs a command to its end or, if ``limit`` is not 0, for at most that many seconds."""
    # Write bytecode: on a user's machine, modules are compiled once, not in each process.
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        launched = subprocess.run(
            [PYTHON, "-I", "-S", str(_LAUNCHER), str(report), str(limit), *command],
            capture_output=True,
            text=True,
            encoding="utf-8",
            env=inherited | dict(environment or {}),
            cwd=ROOT,
            check=True,
        )
        facts = json.loads(report.read_text(encoding="ascii"))
    return Run(facts["seconds"], facts["processor"], facts["peak"], facts["code"], launched.stdout, launched.stderr)


def run_checked(name: str, command: Sequence[str], environment: Mapping[str, str] | None = None, limit: float = 0) -> Run:
    """Runs a command as :func:`run` does; raises ``Failed`` if it ends with an exit code other than 0, unless at the limit."""
    result = run(command, environment, limit)
    if result.code and not (limit and result.is_stopped):
        raise Failed(f"{name} ended with code {result.code}: {(result.output + result.errors).strip()[-500:]}")
    return result


def run_module(name: str, *arguments: object, environment: Mapping[str, str] | None = None, limit: float = 0) -> Run:
    """Runs a benchmark, which is also a program, with arguments in a process of its own."""
    command = [PYTHON, "-m", f"benchmarks.{name}", *map(str, arguments)]
    return run_checked(" ".join(command[2:]), command, environment, limit)


def load(file: Path, store: Path, *options: str) -> Run:
    """Loads a file of quads into a folder by nevkg."""
    return run_checked("nevkg load", [NEVKG, "load", str(store), str(file), *options])


def measure_folder(folder: Path) -> int:
    """Returns the bytes that a folder takes on disk. A file with several hard links counts once."""
    return sum({(facts.st_dev, facts.st_ino): facts.st_blocks * 512 for path in folder.rglob("*") if (facts := path.stat())}.values())


def find_children(parent: int) -> list[int]:
    """Returns the IDs of the running child processes of a process."""
    processes = []
    for place in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, its_parent = place.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[:2]
            if int(its_parent) == parent and state != "Z":
                processes.append(int(place.parent.name))
    return sorted(processes)


def run_interleaved(commands: Mapping[str, Sequence[str]], runs: int) -> dict[str, list[Run]]:
    """Runs all commands in turn, repeatedly, after one warm-up that does not count.

    Raises:
        Failed: If a command ends with an exit code other than 0.
    """
    results: dict[str, list[Run]] = {name: [] for name in commands}
    for turn in range(runs + 1):
        for name, command in commands.items():
            result = run_checked(name, command)
            if turn:
                results[name].append(result)
    return results


def summarise(runs: Sequence[Run]) -> Summary:
    """Returns the median time, its range, the median processor time, and the highest peak of memory."""
    processor = statistics.median(run.processor for run in runs)
    times = [run.seconds for run in runs]
    return Summary(statistics.median(times), min(times), max(times), processor, max(run.peak_mebibytes for run in runs))


def fit_exponent(points: Mapping[int, float]) -> float | None:
    """Returns the slope of log(time) over log(size) by least squares: 1 is linear growth, None means too few points."""
    logs = [(math.log(size), math.log(value)) for size, value in points.items() if value > 0]
    if len(logs) < 2:
        return None
    return statistics.linear_regression(*zip(*logs, strict=True)).slope


def format_number(value: float | None, digits: int = 3) -> str:
    """Formats a number for a table; None gives an empty cell."""
    return "" if value is None else f"{value:.{digits}f}"


def format_summary(summary: Mapping[str, float], *names: str, digits: int = 3) -> list[str]:
    """Formats some times of a summary, as JSON has it, and the peak of memory."""
    return [*(format_number(summary[name], digits) for name in names), format_number(summary["peak_mebibytes"], 0)]


def format_goal(goal: str, *, is_met: bool) -> str:
    """Returns a goal in brackets, and whether it is met."""
    return f"(goal: {goal}; {'met' if is_met else 'missed'})"


def format_table(title: str, heads: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Formats a table with its title. Text is left-aligned, numbers are right-aligned."""
    cells = Cells(heads, [[str(cell) for cell in row] for row in rows])
    return f"\n{title}\n\n{render_table(cells, max(minimum_width(cells), 120))}"
