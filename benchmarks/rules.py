"""Measures the rules at several sizes of the data, each in a separate process.

Run as a program, it runs one size: python -m benchmarks.rules TIMES RULES. It prints a line of JSON after each step,
so that the output of a stopped run shows how far it got.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks import blocks, measure
from pyoxigraph import Store

from nevkg.data import dataset
from nevkg.data.paths import Layout
from nevkg.store.derivation import Rule, derive, read_rules

_SLOWEST = 5
_CLEARLY_MORE = 1.15
_NOISE = 0.1  # seconds; the growth of rules that take less is ignored


def _print_facts(**facts: object) -> None:
    print(json.dumps(facts), flush=True)


def _time_rules(rules: Sequence[Rule]) -> Iterator[Rule]:
    """Yields the rules. The time until the next one is requested is the time of a rule."""
    for rule in rules:
        _print_facts(rule=rule.path.stem)
        start = time.perf_counter()
        yield rule
        _print_facts(rule=rule.path.stem, seconds=time.perf_counter() - start)


def main(times: str, rules: str) -> None:
    store = Store()
    store.bulk_extend(blocks.generate_quads(blocks.DataSpec(float(times))))
    _print_facts(triples=len(store))
    read = read_rules(dataset.rule_files(replace(Layout.find(), ontology=Path(rules).parent), dataset.RECORD))
    start = time.perf_counter()
    derive(store, _time_rules(read))
    _print_facts(seconds=time.perf_counter() - start, after=len(store))


def _run_size(times: int, rules: Path, limit: float) -> dict[str, Any]:
    run = measure.run_module("rules", times, rules, limit=limit)
    lines = run.records
    by_rule = {line["rule"]: line["seconds"] for line in lines if "rule" in line and "seconds" in line}
    result: dict[str, Any] = {"rules": by_rule, "peak mebibytes": run.peak_mebibytes}
    result |= {key: value for line in lines if "rule" not in line for key, value in line.items()}
    if "after" not in result:
        result["stopped in"] = next((line["rule"] for line in reversed(lines) if "rule" in line), "loading")
    return result


def run_benchmark(sizes: Sequence[int], rules: Path, limit: float) -> dict[str, Any]:
    """Returns seconds per size and rule. Sizes above the first that takes longer than ``limit`` are skipped."""
    results: dict[int, dict[str, Any]] = {}
    for times in sizes:
        results[times] = _run_size(times, rules, limit)
        if "stopped in" in results[times]:
            break
    whole = {times: result["seconds"] for times, result in results.items() if "seconds" in result}
    last = [times for times in whole if times in sorted(sizes)[-2:]]
    by_rule = {name: {times: results[times]["rules"][name] for times in whole} for name in (results[max(whole)]["rules"] if whole else {})}
    growth = {
        name: (measure.fit_exponent(points), measure.fit_exponent({times: points[times] for times in last}))
        for name, points in by_rule.items()
    }
    return {
        "limit": limit,
        "sizes": results,
        "exponent": measure.fit_exponent(whole),
        "exponent of the last step": measure.fit_exponent({times: whole[times] for times in last}),
        "exponents of rules": growth,
    }


def format_results(results: Mapping[str, Any]) -> str:
    """Formats the results as tables."""
    sizes = results["sizes"]
    lines = []
    for times, result in sizes.items():
        seconds = measure.format_number(result.get("seconds"), 2)
        lines.append((f"{times}x", result.get("triples", ""), result.get("after", ""), seconds, f"{result['peak mebibytes']:.0f}"))
    heads = ["size", "triples", "with history", "seconds", "peak MiB"]
    text = measure.format_table("Rules: the shipped data as 1, and grown", heads, lines)
    text += "".join(
        f"\n{times}x was stopped after {results['limit']:.0f} s in {result['stopped in']}.\n"
        for times, result in sizes.items()
        if "stopped in" in result
    )
    done = [times for times, result in sizes.items() if "seconds" in result]
    if len(done) < 2:
        return text
    last = f"{done[-2]}x to {done[-1]}x"
    text += f"\nexponent of the growth: {measure.format_number(results['exponent'], 2)} over all sizes"
    text += f", {measure.format_number(results['exponent of the last step'], 2) or 'unknown'} in the last step\n"
    ranked = sorted(sizes[done[-1]]["rules"].items(), key=lambda item: -item[1])
    growth = results["exponents of rules"]
    rows = []
    for name, _ in ranked[:_SLOWEST]:
        seconds_of_rule = (f"{sizes[times]['rules'][name]:.2f}" for times in done)
        rows.append((name, *seconds_of_rule, *(measure.format_number(exponent, 2) for exponent in growth[name])))
    text += measure.format_table("The slowest rules (seconds, exponents)", ["rule", *(f"{times}x" for times in done), "all", last], rows)
    looked_at = {name: growth[name][1] or 0 for name, seconds in ranked if seconds > _NOISE}
    steep = sorted(((slope, name) for name, slope in looked_at.items() if slope > _CLEARLY_MORE), reverse=True)
    text += f"\nexponent over {_CLEARLY_MORE} from {last}: {len(steep)} of the {len(looked_at)} rules that take over {_NOISE} s"
    return text + (f"; steepest: {', '.join(f'{name} {slope:.2f}' for slope, name in steep[:_SLOWEST])}\n" if steep else "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
