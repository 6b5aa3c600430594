"""Compares five questions on three days: nevkg, Oxigraph with a named graph per day, and Fluree with a commit per day.

nevkg derives the snapshot of a day on request; the others are loaded with the same snapshots beforehand.
Run as a program, it loads or queries and prints lines of JSON: python -m benchmarks.peers ENGINE load|ask FOLDER.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks import ask, measure
from benchmarks.clocks.engines import ENGINES, Nevkg, Rows, State

DAYS = ("2022-12-31", "2024-06-30", "2026-03-31")
_STATES = tuple(State(day, None) for day in DAYS)
PREFIXES = """
PREFIX nev: <https://w3id.org/nevkg/ontology#>
PREFIX place: <https://w3id.org/nevkg/place/>
PREFIX status: <https://w3id.org/nevkg/plant-status/>
"""
QUESTIONS = {
    "who manufactures in ASEAN": """SELECT DISTINCT ?maker ?country {
        ?maker nev:manufacturesIn ?country . ?country nev:memberOf place:asean }""",
    "plants that operate, since when": """SELECT DISTINCT ?plant ?country ?since {
        ?plant a nev:Plant ; nev:inCountry ?country ; nev:status status:operating ; nev:fact ?fact .
        ?fact nev:property nev:status ; nev:value status:operating ; nev:since ?since }""",
    "members of blocs": "SELECT DISTINCT ?bloc ?country { ?country a nev:Country ; nev:memberOf ?bloc }",
    "models and who builds them where": """SELECT DISTINCT ?model ?maker ?country {
        ?production nev:builds ?model ; nev:maker ?maker ; nev:inCountry ?country }""",
    "policies of countries, by kind": """SELECT DISTINCT ?policy ?country ?kind {
        ?policy a nev:Policy ; nev:jurisdiction ?country . ?country a nev:Country . OPTIONAL { ?policy nev:policyKind ?kind } }""",
}
NEVKG, OXIGRAPH, FLUREE = "nevkg", "Oxigraph", "Fluree"
_INSTALL = "Fluree is left out: it is not installed (uv pip install --python .venv/bin/python fluree)."
_WARM_TURNS = 5


def main(engine: str, verb: str, place: str) -> None:
    folder = Path(place)
    if verb == "load":
        if engine == NEVKG:
            ask.load_snapshot()  # also builds the intermediate stages for other days
        else:
            ENGINES[engine].load(folder, _STATES)
        return
    open_state = ENGINES[engine].open(folder)
    for day, state in zip(DAYS, _STATES, strict=True):
        start = time.perf_counter()
        solve = open_state(state)
        for name, question in QUESTIONS.items():
            rows = solve(PREFIXES + question)
            cold = time.perf_counter() - start
            start = time.perf_counter()
            for _ in range(_WARM_TURNS):
                solve(PREFIXES + question)
            warm = (time.perf_counter() - start) / _WARM_TURNS
            print(json.dumps({"day": day, "question": name, "cold": cold, "warm": warm, "rows": rows}), flush=True)
            start = time.perf_counter()


def run_benchmark(folder: Path) -> dict[str, Any]:
    """Returns the seconds to load and to answer, cold and warm, for each engine, and which answers have the rows of nevkg."""
    folder = folder / "peers"
    folder.mkdir()
    ask.use_own_cache(folder)
    engines: dict[str, Any] = {}
    mine: dict[tuple[str, str], Rows] = {}
    for engine in (name for name in (NEVKG, OXIGRAPH, FLUREE) if find_spec(ENGINES[name].package)):
        loaded, answered = (measure.run_module("peers", engine, verb, folder) for verb in ("load", "ask"))
        answers = answered.records
        if engine == NEVKG:
            mine = {(answer["day"], answer["question"]): answer["rows"] for answer in answers}
            Nevkg().dump(folder, _STATES)
        for answer in answers:
            rows = answer.pop("rows")
            answer |= {"rows": len(rows), "same rows": bool(rows) and rows == mine[answer["day"], answer["question"]]}
        engines[engine] = {"load": loaded.seconds, "load processor": loaded.processor, "answers": answers}
        engines[engine] |= {"peak mebibytes": max(loaded.peak_mebibytes, answered.peak_mebibytes)}
    return engines


def format_results(results: Mapping[str, Any]) -> str:
    """Formats the times of each engine over all days, and of each question."""
    rows, by_question = [], []
    for engine, result in results.items():
        answers = result["answers"]
        first = [sum(answer["cold"] for answer in answers if answer["day"] == day) for day in DAYS]
        warm = sum(answer["warm"] for answer in answers) / len(DAYS)
        same = sum(answer["same rows"] for answer in answers)
        seconds = (measure.format_number(value) for value in (result["load"], result["load processor"], *first))
        peak = measure.format_number(result["peak mebibytes"], 0)
        rows.append((engine, *seconds, measure.format_number(warm, 4), f"{same} of {len(answers)}", peak))
    for number, question in enumerate(QUESTIONS):
        of_question = [[result["answers"][number + turn * len(QUESTIONS)] for turn in range(len(DAYS))] for result in results.values()]
        counts = " ".join(str(answer["rows"]) for answer in of_question[0])
        by_question.append(
            (question, counts, *(f"{sum(answer['warm'] for answer in answers) / len(DAYS) * 1000:.2f}" for answers in of_question))
        )
    heads = ("engine", "load s", "processor s", *(f"cold {day}" for day in DAYS), "warm s a day", "same rows", "peak MiB")
    text = measure.format_table("Five questions as of three days (cold: a day asked for the first time, all five questions)", heads, rows)
    text += measure.format_table("Warm answers, milliseconds", ("question", "rows a day", *results), by_question)
    return text + ("" if FLUREE in results else f"\n{_INSTALL}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
