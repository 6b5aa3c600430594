"""Runs the benchmarks and prints a table for each; see docs/benchmarks.md.

Times are reported but do not affect the exit code, so a slow machine never fails. The exit code is 1 only if the
engines of ask or peers give different rows, or if a benchmark cannot be run.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # only the folder of the script is on sys.path

from benchmarks import (
    ask,
    days,
    exploring,
    importing,
    loading,
    measure,
    peers,
    python_library,
    questions,
    rules,
    serving,
    startup,
    validation,
)

from nevkg.data.paths import Layout

# The module of each benchmark, and how it is run with the options and a folder for temporary files.
_BENCHMARKS: Mapping[str, tuple[ModuleType, Callable[[argparse.Namespace, Path], dict[str, Any]]]] = {
    "ask": (ask, lambda options, folder: ask.run_benchmark(folder, options.runs)),
    "start": (startup, lambda options, folder: startup.run_benchmark(folder, options.runs)),
    "questions": (questions, lambda options, _: questions.run_benchmark(sorted(options.sizes), options.limit)),
    "days": (days, lambda options, folder: days.run_benchmark(folder, sorted(options.sizes), options.limit)),
    "peers": (peers, lambda _, folder: peers.run_benchmark(folder)),
    "library": (python_library, lambda options, _: python_library.run_benchmark(min(options.runs, 3))),
    "import": (importing, lambda _, folder: importing.run_benchmark(folder)),
    "validation": (validation, lambda options, folder: validation.run_benchmark(folder, options.runs, options.limit)),
    "rules": (rules, lambda options, _: rules.run_benchmark(sorted(options.sizes), options.rules.resolve(), options.limit)),
    "load": (loading, lambda options, folder: loading.run_benchmark(folder, options.factor)),
    "serve": (serving, lambda _, folder: serving.run_benchmark(folder)),
    "explorer": (exploring, lambda options, _: exploring.run_benchmark(min(options.runs, 5))),
}
_LONG = ("load", "serve", "explorer")  # run only if named
_NAMES = tuple(name for name in _BENCHMARKS if name not in _LONG)
_RESULTS = Path(__file__).with_name("results.json")


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Run the benchmarks.")
    parser.add_argument(
        "names", metavar="NAME", nargs="*", help=f"the benchmarks to run: {', '.join(_NAMES)} (default: these), {', '.join(_LONG)}"
    )
    parser.add_argument("--runs", type=int, default=9, help="runs of each command after a warm-up (default: %(default)s)")
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=[1, 3, 10, 30], help="times the data, for questions, days and rules (default: 1 3 10 30)"
    )
    parser.add_argument("--factor", type=float, default=loading.FACTOR, help="times the data, for load (default: %(default)s)")
    parser.add_argument("--limit", type=float, default=600, help="seconds that one size may take (default: %(default)s)")
    usual = Layout.find().ontology / "rules"
    parser.add_argument("--rules", type=Path, metavar="DIR", default=usual, help="a folder of rules to measure instead of ontology/rules")
    parser.add_argument("--save", action="store_true", help=f"write {_RESULTS.name} beside this script")
    options = parser.parse_args()
    unknown = set(options.names) - _BENCHMARKS.keys()
    if unknown or options.runs < 1 or min(options.sizes) < 1:
        parser.error(f"choose from {', '.join(_NAMES + _LONG)}; runs and sizes are at least 1")
    return options


def _describe_machine() -> dict[str, Any]:
    """Returns the properties of the machine and the versions that the results depend on, without its name."""
    packages = {name: version(name) for name in ("pyoxigraph", "oxigraph", "rdflib", "shacl", "pyshacl")}
    return {"cores": os.cpu_count(), "architecture": platform.machine(), "python": platform.python_version(), **packages}


def _find_commit() -> str:
    """Returns the commit, marked if files differ from it."""
    command = ["git", "describe", "--always", "--dirty=, changed", "--exclude=*"]
    process = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=measure.ROOT, check=False)
    return process.stdout.strip() or "unknown"


def main() -> int:
    options = _parse_options()
    names = options.names or _NAMES
    results: dict[str, Any] = {"commit": _find_commit(), "machine": _describe_machine()}
    print(f"commit {results['commit']}")
    print(", ".join(f"{name} {value}" for name, value in results["machine"].items()))
    with tempfile.TemporaryDirectory(prefix="nevkg-benchmarks-") as folder:
        try:
            for name, (module, run) in _BENCHMARKS.items():
                if name in names:
                    results[name] = run(options, Path(folder))
                    print(module.format_results(results[name]), flush=True)
        except measure.Failed as error:
            print(f"benchmarks: {error}", file=sys.stderr)
            return 1
    if options.save:
        _RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    answers = [answer for engine in results.get("peers", {}).values() for answer in engine["answers"]]
    return 0 if all(result["same rows"] for result in (results.get("ask", {"same rows": True}), *answers)) else 1


if __name__ == "__main__":
    sys.exit(main())
