"""Measures snapshots at several sizes of the data: deriving a new day, opening a cached day, and the query alone.

Run as a program, it measures one size and prints a line of JSON: python -m benchmarks.days STORE CACHE, where STORE is a
folder made with nevkg load.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from benchmarks import ask, grow, measure
from benchmarks.blocks import DataSpec
from pyoxigraph import QuerySolution

from nevkg.ask import arguments, days
from nevkg.ask.answer import ask as ask_question
from nevkg.ask.catalogue import load_catalogue
from nevkg.data.paths import Layout
from nevkg.lookup import entities
from nevkg.store import EmbeddedStore, open_known_by, open_snapshot
from nevkg.store.locate import open_location

# Far apart, and none of them the date of the dataset.
DAYS = ("2019-06-30", "2022-12-31", "2024-03-15", "2025-08-31", "2026-05-10")
_KNOWN_BY = "2025-06-30"
_TURNS = 9
_MAX_SECONDS = 0.3
_FIRST, _NEW, _OPENED, _ASKED, _BARE = "first day of a state", "new day", "cached day, opened", "open day, nevkg", "open day, bare query"
_KNOWN, _KNOWN_DAY = "new known-by day: the record", "first day of it"

Times = dict[str, list[tuple[float, float]]]
T = TypeVar("T")


def main(place: str, cache: str) -> None:
    record = open_location(place, Layout.find())
    assert isinstance(record, EmbeddedStore)
    question, given = load_catalogue(record.layout)[ask.QUESTION], arguments.split(ask.PAIRS)
    times: Times = {}

    def measure_time(name: str, action: Callable[..., T], *given: Any) -> T:
        wall, processor = time.perf_counter(), time.process_time()
        result = action(*given)
        times.setdefault(name, []).append((time.perf_counter() - wall, time.process_time() - processor))
        return result

    def open_and_select(day: str, text: str) -> list[QuerySolution]:
        return _select(days.snapshot(record, day), text)

    measure_time(_FIRST, open_snapshot, record, entities.dataset_date(record))
    sizes: dict[str, float] = {"store": measure.measure_folder(Path(place)), _FIRST: measure.measure_folder(Path(cache))}
    for day in DAYS:
        measure_time(_NEW, open_snapshot, record, day)
    sizes[_NEW] = (measure.measure_folder(Path(cache)) - sizes[_FIRST]) / len(DAYS)
    for day in DAYS:
        snapshot = measure_time(_OPENED, open_snapshot, record, day)
        text = ask_question(record, question, given, as_of=day).sparql  # opens the day
        for _ in range(_TURNS):
            measure_time(_BARE, _select, snapshot, text)
            measure_time(_ASKED, open_and_select, day, text)
    known = measure_time(_KNOWN, open_known_by, record, _KNOWN_BY)
    measure_time(_KNOWN_DAY, open_snapshot, known, _KNOWN_BY)
    medians = {name: [statistics.median(column) for column in zip(*pairs, strict=True)] for name, pairs in times.items()}
    print(json.dumps({"triples": len(record.store), "times": medians, "bytes": sizes}))


def _select(store: EmbeddedStore, text: str) -> list[QuerySolution]:
    return list(entities.select(store, text))


def run_benchmark(folder: Path, sizes: Sequence[int], limit: float) -> dict[str, Any]:
    """Returns seconds (wall clock, processor) and bytes for each size. Larger sizes are skipped after one exceeds ``limit``."""
    results: dict[str, Any] = {}
    for times in sizes:
        file, store, cache = folder / "grown.nq", folder / "store", folder / "days"
        grow.write_nquads(DataSpec(times), file, os.cpu_count() or 1)
        measure.load(file, store, "--no-verify")
        file.unlink()
        run = measure.run_module("days", store, cache, environment={"NEVKG_CACHE": str(cache)}, limit=limit)
        for done in (store, cache):
            shutil.rmtree(done, ignore_errors=True)
        if run.is_stopped:
            break
        results[str(times)] = run.records[0] | {"peak mebibytes": run.peak_mebibytes}
    return results


def format_results(results: Mapping[str, Any]) -> str:
    """Formats a table for each size, the goal, and the growth with the size."""
    text = ""
    for times, result in results.items():
        rows = [
            (name, measure.format_number(wall, 4), measure.format_number(processor, 4), _mebibytes(result["bytes"].get(name)))
            for name, (wall, processor) in result["times"].items()
        ]
        rows.append(("the store itself", "", "", _mebibytes(result["bytes"]["store"])))
        title = f"Days at {times} times the data ({result['triples']:,} triples, peak {result['peak mebibytes']:.0f} MiB)"
        text += measure.format_table(title, ("what", "seconds", "processor s", "MiB on disk"), rows)
        wall, processor = ({name: both[part] for name, both in result["times"].items()} for part in (0, 1))
        more = wall[_NEW] - wall[_OPENED]
        goal = f" {measure.format_goal(f'at most {_MAX_SECONDS}', is_met=more <= _MAX_SECONDS)}" if times == "1" else ""
        text += f"\nA new day takes {more:.2f} s more than a cached one{goal}, {processor[_NEW] - processor[_OPENED]:.2f} s of a processor."
        text += f"\nA query on an open day takes {wall[_ASKED] / wall[_BARE]:.2f} times the bare query;"
        text += f" opening a cached day {wall[_OPENED] * 1000:.0f} ms.\n"
    if len(results) < 2:
        return text
    sizes = list(results.values())
    points = {
        name: {size["triples"]: size["times"][name][1] for size in sizes} for name in (_FIRST, _NEW, _OPENED, _BARE, _KNOWN, _KNOWN_DAY)
    }
    points["MiB of a new day"] = {size["triples"]: size["bytes"][_NEW] for size in sizes}
    grown = [(name, measure.format_number(measure.fit_exponent(of_one), 2)) for name, of_one in points.items()]
    return text + measure.format_table("Growth with the triples (processor time; 1 is linear)", ("what", "exponent"), grown)


def _mebibytes(size: float | None) -> str:
    return measure.format_number(None if size is None else size / measure.MEBIBYTE, 1)


if __name__ == "__main__":
    main(*sys.argv[1:])
