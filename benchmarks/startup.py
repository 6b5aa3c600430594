"""Measures the startup time: the shortest commands, and the modules that ``nevkg ask`` imports."""

from __future__ import annotations

import re
import statistics
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks import ask, measure

_LINE = re.compile(r"import time:\s*(?P<own>\d+) \|\s*(?P<all>\d+) \| *(?P<name>\S+)")
_SLOWEST = 10
_COMMANDS = {
    "python -c pass": [measure.PYTHON, "-c", "pass"],
    "python, import pyoxigraph": [measure.PYTHON, "-c", "import pyoxigraph"],
    "nevkg --help": [measure.NEVKG, "--help"],
    "nevkg ask": list(ask.ASK),
}


def parse_imports(errors: str) -> dict[str, tuple[float, float]]:
    """Parses the output of ``-X importtime``. Returns module to milliseconds, alone and including its imports."""
    return {line["name"]: (int(line["own"]) / 1000, int(line["all"]) / 1000) for line in _LINE.finditer(errors)}


def run_benchmark(folder: Path, runs: int) -> dict[str, Any]:
    """Returns the times, with a filled cache."""
    ask.prepare(folder)
    by_command = measure.run_interleaved(_COMMANDS, runs)
    traces = [parse_imports(measure.run([measure.PYTHON, "-X", "importtime", *ask.ASK]).errors) for _ in range(runs)]
    names = set.intersection(*(set(trace) for trace in traces))
    modules = {name: [statistics.median(trace[name][part] for trace in traces) for part in (0, 1)] for name in names}
    return {
        "runs": runs,
        "processes": {name: asdict(measure.summarise(command_runs)) for name, command_runs in by_command.items()},
        "all imports, ms": statistics.median(sum(own for own, _ in trace.values()) for trace in traces),
        "modules": dict(sorted(modules.items(), key=lambda item: -item[1][0])),
    }


def format_results(results: Mapping[str, Any]) -> str:
    """Formats the results as tables."""
    lines = [
        (
            name,
            *(f"{summary[key] * 1000:.0f}" for key in ("seconds", "fastest", "slowest", "processor")),
            measure.format_number(summary["peak_mebibytes"], 0),
        )
        for name, summary in results["processes"].items()
    ]
    text = measure.format_table(
        f"Start ({results['runs']} runs each)", ["process", "median ms", "fastest ms", "slowest ms", "processor ms", "peak MiB"], lines
    )
    count, cost = len(results["modules"]), results["all imports, ms"]
    title = f"Imports of nevkg ask: {count} modules, {cost:.0f} ms when traced; the {_SLOWEST} that cost most"
    rows = [(name, f"{own:.1f}", f"{whole:.1f}") for name, (own, whole) in results["modules"].items()]
    return text + measure.format_table(title, ["module", "own ms", "with its imports ms"], rows[:_SLOWEST])
