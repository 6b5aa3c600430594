"""Compares five questions on three days: nevkg, Oxigraph with a named graph per day, and Fluree with a commit per day.

nevkg derives the snapshot of a day on request; the others are loaded with the same snapshots beforehand.
Run as a program, it loads or queries and prints lines of JSON: python -m benchmarks.peers ENGINE load|ask FOLDER.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks import ask, measure
from pyoxigraph import NamedNode, RdfFormat, Store

from nevkg.ask import days
from nevkg.data import terms
from nevkg.data.paths import Layout
from nevkg.lookup import entities
from nevkg.store import Store as Asked
from nevkg.store import open_store

DAYS = ("2022-12-31", "2024-06-30", "2026-03-31")
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

Rows = list[tuple[str, ...]]
Solve = Callable[[str], Rows]


def read_oxigraph(solutions: Iterable[Any]) -> Rows:
    return sorted(tuple(terms.text(term) if term else "" for term in solution) for solution in solutions)


def read_fluree(records: Iterable[Any]) -> Rows:
    return sorted(tuple(str(getattr(cell, "value", cell) or "") for cell in record) for record in records)


def _dump_path(folder: Path, day: str) -> Path:
    return folder / f"{day}.nt"


def _load_nevkg(_: Path) -> None:
    """Builds the record, the snapshot for its date, and the intermediate stages for other days."""
    ask.load_snapshot()


def _load_oxigraph(folder: Path) -> None:
    store = Store(str(folder / OXIGRAPH))
    for day in DAYS:
        store.bulk_load(path=_dump_path(folder, day), format=RdfFormat.N_TRIPLES, to_graph=NamedNode(terms.SNAPSHOT + day))
    store.optimize()


def _load_fluree(folder: Path) -> None:
    with import_module("fluree").connect(str(folder / FLUREE)) as connection:
        ledger = connection.create("days")
        commits = {day: ledger.sync(_dump_path(folder, day).read_text(encoding="utf-8"), format="turtle").t for day in DAYS}
        ledger.index()
    (folder / "commits.json").write_text(json.dumps(commits), encoding="utf-8")


def _open_nevkg(_: Path) -> Callable[[str], Solve]:
    record = open_store(Layout.find())

    def solve(store: Asked, text: str) -> Rows:
        return read_oxigraph(entities.select(store, text))

    return lambda day: partial(solve, days.snapshot(record, day))


def _open_oxigraph(folder: Path) -> Callable[[str], Solve]:
    store = Store.read_only(str(folder / OXIGRAPH))

    def solve(graph: NamedNode, text: str) -> Rows:
        return read_oxigraph(store.query(text, default_graph=graph))  # type: ignore[arg-type]

    return lambda day: partial(solve, NamedNode(terms.SNAPSHOT + day))


def _open_fluree(folder: Path) -> Callable[[str], Solve]:
    ledger = import_module("fluree").connect(str(folder / FLUREE)).ledger("days")
    commits = json.loads((folder / "commits.json").read_text(encoding="utf-8"))

    def solve(past: Any, text: str) -> Rows:
        return read_fluree(past.select(text))

    return lambda day: partial(solve, ledger.at(t=commits[day]))


_LOAD = {NEVKG: _load_nevkg, OXIGRAPH: _load_oxigraph, FLUREE: _load_fluree}
_OPEN = {NEVKG: _open_nevkg, OXIGRAPH: _open_oxigraph, FLUREE: _open_fluree}


def main(engine: str, verb: str, place: str) -> None:
    folder = Path(place)
    if verb == "load":
        _LOAD[engine](folder)
        return
    open_day = _OPEN[engine](folder)
    for day in DAYS:
        start = time.perf_counter()
        solve = open_day(day)
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
    for engine in (NEVKG, OXIGRAPH, FLUREE) if find_spec("fluree") else (NEVKG, OXIGRAPH):
        loaded, answered = (measure.run_module("peers", engine, verb, folder) for verb in ("load", "ask"))
        answers = answered.records
        if engine == NEVKG:
            mine = {(answer["day"], answer["question"]): answer["rows"] for answer in answers}
            record = open_store(Layout.find())
            for day in DAYS:
                ask.write_default_graph(days.snapshot(record, day), _dump_path(folder, day))
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
