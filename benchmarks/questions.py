"""Every question in one process: through nevkg beside the bare engine, and at several sizes of the data.

As a program it asks all questions at one size: python -m benchmarks.questions TIMES. It prints a JSON line a question.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from benchmarks import blocks, measure
from pyoxigraph import Store

from nevkg import Layout, ask, dataset, load_catalogue, open_store
from nevkg.derive import derive, read_rules

_TURNS = 3
_SHOWN = 8


def _seconds(action: Callable[[], object]) -> float:
    """Processor time of the fastest of a few turns: what other work on the machine takes does not count."""
    found = []
    for _ in range(_TURNS):
        begun = time.process_time()
        action()
        found.append(time.process_time() - begun)
        if found[-1] > 1:
            break
    return min(found)


def main(times: int) -> None:
    layout = Layout.find()
    questions = list(load_catalogue(layout).questions.values())
    kept = open_store(layout) if times == 1 else None
    if kept is not None:
        store = kept.store
    else:
        store = Store()
        store.bulk_extend(blocks.quads(blocks.Order(times)))
        derive(store, read_rules(dataset.rule_files(layout)))
    print(json.dumps({"triples": len(store)}), flush=True)
    for question in questions:
        text = question.text
        facts: dict[str, Any] = {"question": question.name}
        facts["rows"] = sum(1 for _ in store.query(text, use_default_graph_as_union=True))  # type: ignore[misc,union-attr]
        facts["engine"] = _seconds(lambda text=text: list(store.query(text, use_default_graph_as_union=True)))  # type: ignore[misc,arg-type]
        if kept is not None:
            facts["nevkg"] = _seconds(lambda question=question: ask(kept, question))  # type: ignore[misc]
        print(json.dumps(facts), flush=True)


def measured(sizes: Sequence[int], limit: float) -> dict[str, Any]:
    """Seconds a question, size by size; a size that takes longer than ``limit`` is told as far as it came."""
    results: dict[str, Any] = {}
    for times in sizes:
        one = measure.run([measure.PYTHON, "-m", "benchmarks.questions", str(times)], limit=limit)
        if one.code and one.code != -9:
            raise measure.Failed(f"The questions failed at {times} times the data: {one.errors.strip()[-500:]}")
        lines = [json.loads(line) for line in one.output.splitlines()]
        asked = {line["question"]: line for line in lines if "question" in line}
        results[str(times)] = {
            "triples": lines[0]["triples"] if lines else None,
            "questions": asked,
            "peak mebibytes": one.peak / measure.MEBIBYTE,
        }
    return results


def shown(results: Mapping[str, Any]) -> str:
    """Median and worst for each size, and the slowest questions."""
    rows, text = [], ""
    for times, one in results.items():
        engine = {name: asked["engine"] for name, asked in one["questions"].items()}
        if not engine:
            continue
        worst = max(engine, key=lambda name: engine[name])
        through = [asked["nevkg"] for asked in one["questions"].values() if "nevkg" in asked]
        median = statistics.median(engine.values())
        rows.append(
            (
                times,
                f"{one['triples']:,}",
                str(len(engine)),
                measure.number(median),
                measure.number(statistics.median(through) if through else None),
                f"{measure.number(engine[worst])} ({worst})",
                measure.number(one["peak mebibytes"], 0),
            )
        )
        slow = sorted(engine, key=lambda name: -engine[name])[:_SHOWN]
        text += f"\nSlowest at {times} times: " + ", ".join(f"{name} {engine[name]:.2f}" for name in slow) + "\n"
    heads = ("times", "triples", "questions", "median s, engine", "median s, nevkg", "worst s, engine", "peak MiB")
    return measure.table("Every question with its defaults, in process", heads, rows) + text


if __name__ == "__main__":
    main(int(sys.argv[1]))
