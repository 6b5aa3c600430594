"""The operations of BEAR on the answers of a query in each state, for each day of knowledge."""

from __future__ import annotations

import hashlib
import json
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from benchmarks.clocks.engines import DAYS, KNOWN_BY, Open, Rows, Solve, State
from benchmarks.peers import PREFIXES, QUESTIONS

DAY, DIFFERENCE, VERSIONS, LEARNED = "day", "difference", "versions", "learned"
_TURNS = 3


@dataclass(frozen=True)
class Result:
    """One operation on one question.

    Attributes:
        key: operation, question and day of knowledge.
        seconds: the fastest of three runs, with open states.
        rows: number of rows of the result.
        digest: SHA-256 of the sorted rows.
    """

    key: str
    seconds: float
    rows: int
    digest: str


def open_states(open_state: Open) -> tuple[dict[State, Solve], dict[str, float]]:
    """Opens every state. Returns how to query each, and the seconds that opening took, by name of the state."""
    solvers, seconds = {}, {}
    for known_by in KNOWN_BY:
        for day in DAYS:
            state, start = State(day, known_by), time.perf_counter()
            solvers[state] = open_state(state)
            seconds[state.name] = time.perf_counter() - start
    return solvers, seconds


def run_operations(solvers: Mapping[State, Solve]) -> Iterator[Result]:
    for question in QUESTIONS:
        for known_by in KNOWN_BY:
            for operation in (DAY, DIFFERENCE, VERSIONS):
                yield _measure(operation, question, known_by, solvers)
        yield _measure(LEARNED, question, None, solvers)


def _measure(operation: str, question: str, known_by: str | None, solvers: Mapping[State, Solve]) -> Result:
    fastest, rows = float("inf"), Rows()
    for _ in range(_TURNS):
        start = time.perf_counter()
        rows = _OPERATIONS[operation](solvers, PREFIXES + QUESTIONS[question], known_by)
        fastest = min(fastest, time.perf_counter() - start)
    digest = hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()
    return Result(f"{operation} | {question} | {known_by or 'all'}", fastest, len(rows), digest)


def _ask_day(solvers: Mapping[State, Solve], text: str, known_by: str | None) -> Rows:
    return sorted(solvers[State(DAYS[-1], known_by)](text))


def _compare_days(solvers: Mapping[State, Solve], text: str, known_by: str | None) -> Rows:
    return _compare(solvers[State(DAYS[0], known_by)](text), solvers[State(DAYS[-1], known_by)](text))


def _compare_knowledge(solvers: Mapping[State, Solve], text: str, _: str | None) -> Rows:
    """Returns what an answer about the first day has gained and lost by what has been published since."""
    return _compare(*(solvers[State(DAYS[0], known_by)](text) for known_by in KNOWN_BY))


def _compare(before: Rows, after: Rows) -> Rows:
    gained, lost = set(after) - set(before), set(before) - set(after)
    return sorted([("+", *row) for row in gained] + [("-", *row) for row in lost])


def _list_versions(solvers: Mapping[State, Solve], text: str, known_by: str | None) -> Rows:
    """Returns each row of any day, with the days on which it is an answer."""
    found: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for day in DAYS:
        for row in solvers[State(day, known_by)](text):
            found[row].append(day)
    return sorted((*row, *days) for row, days in found.items())


_OPERATIONS = {DAY: _ask_day, DIFFERENCE: _compare_days, VERSIONS: _list_versions, LEARNED: _compare_knowledge}
