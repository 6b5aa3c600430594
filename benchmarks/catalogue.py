"""Runs each question of the catalogue on loaded data: on the snapshot for the date of the dataset, or on the record.

Run as a program, it runs the questions of one kind, starting with the one of the given number, and prints one line of
JSON for each: python -m benchmarks.catalogue STORE OVER NUMBER. The system ends it if a question takes too long.
"""

from __future__ import annotations

import json
import resource
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from typing import Any

from benchmarks import measure
from pyoxigraph import QuerySolutions

from nevkg import Question
from nevkg.ask.answer import ask
from nevkg.ask.catalogue import RECORD, SNAPSHOT, load_catalogue
from nevkg.ask.evaluation import fold
from nevkg.data import terms
from nevkg.data.paths import Layout
from nevkg.errors import NevkgError
from nevkg.lookup import entities
from nevkg.store import EmbeddedStore, Store
from nevkg.store.locate import open_location

FOLDER = "folder"
_PATIENCE = 60  # seconds for a question
_MAX_BYTES = 8 << 30
_MAX_SECONDS, _MAX_MEDIAN = 10, 0.5  # goals, for questions over a snapshot
_SLOWEST = 8

Results = Mapping[str, Mapping[str, Any]]


def main(place: str, over: str, first: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MAX_BYTES, _MAX_BYTES))
    store = open_location(place, Layout.find())
    for question in _list_questions(over)[int(first) :]:
        signal.alarm(_PATIENCE)
        start = time.perf_counter()
        try:
            result: dict[str, Any] = {"rows": _count(store, question), "seconds": time.perf_counter() - start}
        except NevkgError as error:
            result = {"refused": str(error)}
        signal.alarm(0)
        print(json.dumps({"question": question.name} | result), flush=True)


def _list_questions(over: str) -> list[Question]:
    return [question for question in load_catalogue(Layout.find()).questions.values() if question.over == over]


def _count(store: Store, question: Question) -> int:
    """Returns the number of rows. A server has the snapshot as one of its graphs."""
    if question.over == RECORD or isinstance(store, EmbeddedStore):
        return len(ask(store, question))
    solutions = store.query(question.text, default_graphs=[terms.SNAPSHOT + entities.dataset_date(store)])
    assert isinstance(solutions, QuerySolutions)
    return len(fold(question, solutions))


def run_questions(place: str, over: str) -> dict[str, dict[str, Any]]:
    """Returns the result of each question of a kind, in a folder or on a server."""
    names = [question.name for question in _list_questions(over)]
    results: dict[str, dict[str, Any]] = {}
    while len(results) < len(names):
        command = [measure.PYTHON, "-m", "benchmarks.catalogue", place, over, str(len(results))]
        process = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=measure.ROOT, check=False)
        for line in map(json.loads, process.stdout.splitlines()):
            results[line.pop("question")] = line
        if process.returncode == -signal.SIGALRM:
            results[names[len(results)]] = {"refused": f"no answer within {_PATIENCE} seconds"}
        elif process.returncode < 0:  # a library that cannot allocate memory aborts the process
            results[names[len(results)]] = {"refused": f"ended by signal {-process.returncode}, with {_MAX_BYTES >> 30} GiB at the most"}
        elif process.returncode:
            raise measure.Failed(f"The questions failed on {place}: {process.stderr.strip()[-500:]}")
    return results


def format_results(stores: Mapping[str, Mapping[str, Results]]) -> str:
    """Formats how many questions of each kind each store answers, how fast, and which have different numbers of rows."""
    rows, text, met = [], "", False
    for over in (SNAPSHOT, RECORD):
        kinds = {store: kinds[over] for store, kinds in stores.items()}
        for store, answers in kinds.items():
            seconds = {name: result["seconds"] for name, result in answers.items() if "seconds" in result}
            soon = sum(value <= _MAX_SECONDS for value in seconds.values())
            median = statistics.median(seconds.values()) if seconds else None
            if store == FOLDER and over == SNAPSHOT:
                met = soon == len(answers) and median is not None and median <= _MAX_MEDIAN
            rows.append((store, over, f"{len(seconds)} of {len(answers)}", f"{soon} of {len(answers)}", measure.format_number(median, 2)))
            slow = sorted(seconds, key=lambda name: -seconds[name])[:_SLOWEST]
            text += f"\nSlowest in {store}, over the {over}: " + ", ".join(f"{name} {seconds[name]:.1f}" for name in slow) + "\n"
            text += "".join(f"{name} in {store}: {result['refused']}\n" for name, result in answers.items() if "refused" in result)
        text += _compare(over, list(kinds.values()))
    heads = ("store", "over", f"answered within {_PATIENCE} s", f"within {_MAX_SECONDS} s", "median s")
    goal = f"\nGoals for questions over the snapshot in the folder: all within {_MAX_SECONDS} s, median at most {_MAX_MEDIAN} s;"
    goal += f" {'met' if met else 'missed'}.\n"
    return measure.format_table("Every question with its defaults, on what was loaded", heads, rows) + goal + text


def _compare(over: str, answers: list[Results]) -> str:
    both = [name for name in answers[0] if all("rows" in results[name] for results in answers)]
    other = [name for name in both if len({results[name]["rows"] for results in answers}) > 1]
    named = f"; not: {', '.join(other)}" if other else ""
    return f"Questions over the {over} with as many rows in all: {len(both) - len(other)} of {len(both)}{named}\n"


if __name__ == "__main__":
    main(*sys.argv[1:])
