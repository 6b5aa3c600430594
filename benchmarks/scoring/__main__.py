"""Generates the benchmark of questions and scores systems with it; see benchmarks/questions/README.md.

python -m benchmarks.scoring golden                       write the golden answers and the description of the dataset
python -m benchmarks.scoring coverage                     which questions the tools of the project can answer
python -m benchmarks.scoring score [MODULE:CALLABLE]      score a system; the baseline if none is named
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from collections import Counter
from pathlib import Path
from typing import cast

from benchmarks.measure import format_table
from benchmarks.scoring.baseline import Baseline
from benchmarks.scoring.coverage import measure_coverage
from benchmarks.scoring.croissant import describe
from benchmarks.scoring.golden import compute_golden, load_golden, write_lines
from benchmarks.scoring.items import DESCRIPTION, GOLDEN, load_items
from benchmarks.scoring.score import Report, System, score

import nevkg


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scoring", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("command", choices=("golden", "coverage", "score"))
    parser.add_argument("system", metavar="MODULE:CALLABLE", nargs="?", help="the system to score (default: the baseline)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the score of each answer as JSON")
    options = parser.parse_args()
    graph = nevkg.open()
    if options.command == "golden":
        write_golden(graph)
    elif options.command == "coverage":
        print_coverage(graph)
    else:
        golden = load_golden()
        about = {"system": options.system or "baseline", "data": graph.store.identity}
        report = Report(score(_find_system(options.system, graph), golden, graph.store), about)
        print(report)
        if options.json:
            options.json.write_text(json.dumps(report.facts(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def write_golden(graph: nevkg.KnowledgeGraph) -> None:
    """Writes the golden answers and the description of the dataset."""
    items = load_items()
    lines = write_lines(compute_golden(graph, items))
    GOLDEN.write_text(lines, encoding="utf-8")
    DESCRIPTION.write_text(describe(graph, lines, len(items)), encoding="utf-8")


def print_coverage(graph: nevkg.KnowledgeGraph) -> None:
    """Prints how many questions each tool answers, and which tools lack a part of the answer."""
    coverage = measure_coverage(graph, load_items(), load_golden())
    counts = sorted(Counter(coverage.tools.values()).items(), key=lambda pair: -pair[1])
    print(format_table("Questions by the tool that answers them", ("tool", "questions"), counts))
    print(f"Without SPARQL: {coverage.typed:.0%} of {len(coverage.tools)}.")
    if coverage.failed:
        print(f"The named tool does not contain the golden answer: {', '.join(coverage.failed)}.")


def _find_system(name: str | None, graph: nevkg.KnowledgeGraph) -> System:
    if name is None:
        return Baseline(graph)
    module, _, attribute = name.partition(":")
    return cast(System, getattr(importlib.import_module(module), attribute))


if __name__ == "__main__":
    try:
        main()
    except nevkg.NevkgError as error:
        sys.exit(str(error))
