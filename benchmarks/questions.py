"""Runs each question in one process, through nevkg and on the bare engine, at several sizes of the data.

Each question runs on its snapshot or on the record. Run as a program, it runs all questions at one size and prints one
line of JSON for each: python -m benchmarks.questions TIMES.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from benchmarks import blocks, measure
from pyoxigraph import DefaultGraph, Store

from nevkg.ask import days
from nevkg.ask.answer import ask
from nevkg.ask.catalogue import RECORD, SNAPSHOT, load_catalogue
from nevkg.data import dataset
from nevkg.data.paths import Layout
from nevkg.lookup import entities
from nevkg.store import EmbeddedStore, open_store
from nevkg.store.derivation import derive, derive_current, read_rules

_TURNS = 3
_SLOWEST = 8


def _measure_seconds(action: Callable[[], object]) -> float:
    """Returns the processor time of the fastest of a few runs, so that other work on the machine does not count."""
    times = []
    for _ in range(_TURNS):
        start = time.process_time()
        action()
        times.append(time.process_time() - start)
        if times[-1] > 1:
            break
    return min(times)


def main(times: int) -> None:
    layout = Layout.find()
    record = open_store(layout) if times == 1 else _build_grown(times, layout)
    snapshot = days.snapshot(record, entities.dataset_date(record))
    print(json.dumps({"triples": len(record.store)}), flush=True)
    for question in load_catalogue(layout).questions.values():
        store = snapshot if question.over == SNAPSHOT else record

        def run_bare(text: str = question.text, store: EmbeddedStore = store) -> int:
            return sum(1 for _ in store.store.query(text, use_default_graph_as_union=not store.day))  # type: ignore[misc,union-attr]

        facts: dict[str, Any] = {"question": question.name, "over": question.over, "rows": run_bare(), "engine": _measure_seconds(run_bare)}
        facts["nevkg"] = _measure_seconds(partial(ask, record, question))
        print(json.dumps(facts), flush=True)


def _build_grown(times: int, layout: Layout) -> EmbeddedStore:
    store = Store()
    store.bulk_extend(blocks.generate_quads(blocks.DataSpec(times)))
    derive(store, read_rules(dataset.rule_files(layout, dataset.RECORD)))
    derive_current(store, layout)
    store.remove_graph(DefaultGraph())
    return EmbeddedStore(store, layout, "", None, None)


def run_benchmark(sizes: Sequence[int], limit: float) -> dict[str, Any]:
    """Returns seconds per question for each size. A size that takes longer than ``limit`` has the questions run until then."""
    results: dict[str, Any] = {}
    for times in sizes:
        run = measure.run_module("questions", times, limit=limit)
        lines = run.records
        answers = {line["question"]: line for line in lines if "question" in line}
        triples = lines[0]["triples"] if lines else None
        results[str(times)] = {"triples": triples, "questions": answers, "peak mebibytes": run.peak_mebibytes}
    return results


def format_results(results: Mapping[str, Any]) -> str:
    """Formats the median and the worst for each size and kind of question, and the slowest questions."""
    rows, text = [], ""
    for times, result in results.items():
        for over in (SNAPSHOT, RECORD):
            answers = {name: facts for name, facts in result["questions"].items() if facts["over"] == over}
            if not answers:
                continue
            worst = max(answers, key=lambda name: answers[name]["engine"])
            engine, nevkg = (statistics.median(facts[way] for facts in answers.values()) for way in ("engine", "nevkg"))
            rows.append(
                (
                    times,
                    f"{result['triples']:,}",
                    f"{len(answers)} over the {over}",
                    measure.format_number(engine, 4),
                    measure.format_number(nevkg, 4),
                    f"{nevkg / engine:.2f}",
                    f"{measure.format_number(answers[worst]['engine'])} ({worst})",
                    measure.format_number(result["peak mebibytes"], 0),
                )
            )
        slow = sorted(result["questions"].items(), key=lambda item: -item[1]["engine"])[:_SLOWEST]
        text += f"\nSlowest at {times} times: " + ", ".join(f"{name} {facts['engine']:.2f}" for name, facts in slow) + "\n"
    heads = ("times", "triples", "questions", "median s, engine", "median s, nevkg", "ratio", "worst s, engine", "peak MiB")
    return measure.format_table("Every question with its defaults, in process", heads, rows) + text


if __name__ == "__main__":
    main(int(sys.argv[1]))
