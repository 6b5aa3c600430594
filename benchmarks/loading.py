"""Compares bulk loading by nevkg with the loader of each store, then runs each question on the loaded data.

Run as a program, it derives the snapshot for the date of a store's dataset and writes its triples to a file:
python -m benchmarks.loading STORE FILE.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks import ask, catalogue, grow, measure
from benchmarks.blocks import DataSpec
from tests.support import servers

from nevkg.ask import days
from nevkg.ask.catalogue import RECORD, SNAPSHOT
from nevkg.data import terms
from nevkg.data.paths import Layout
from nevkg.lookup import entities
from nevkg.store.endpoints import PASSWORD, USER
from nevkg.store.locate import open_location

FACTOR = 24  # times the shipped data: ten million triples
_TURNS = 2
_MIN_RATE, _MAX_MEMORY = 0.85, 1.2
_BARE, _PLAIN, _VERIFIED = "pyoxigraph bulk_load", "nevkg load FOLDER --no-verify", "nevkg load FOLDER"
_SNAPSHOT = "the first snapshot of the folder"
_OWN, _SENT, _COMPARED = "Virtuoso's own loader", "nevkg load http://... --no-verify", "nevkg load http://... again: compares all"
_BULK_LOAD = "import sys; from pyoxigraph import RdfFormat, Store; Store(sys.argv[1]).bulk_load(path=sys.argv[2], format=RdfFormat.N_QUADS)"
_RUN_LOADER = "ld_dir('.', '{}', '{}'); rdf_loader_run(); checkpoint;"
# The values that Virtuoso recommends for four gigabytes of memory; the other settings are defaults.
_MEMORY = {"NumberOfBuffers": 340_000, "MaxDirtyBuffers": 250_000}


def main(place: str, file: str) -> None:
    record = open_location(place, Layout.find())
    start = time.perf_counter()
    snapshot = days.snapshot(record, entities.dataset_date(record))
    print(json.dumps({"seconds": time.perf_counter() - start, "day": snapshot.day}))
    ask.write_default_graph(snapshot, Path(file))


@contextmanager
def _run_virtuoso(folder: Path) -> Iterator[servers.Server]:
    """Starts an empty server with the memory settings of a typical user."""
    folder.mkdir()
    server = servers.KINDS["virtuoso"].make(folder)
    server.set(**_MEMORY)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder)


def _run(name: str, command: Sequence[str], environment: Mapping[str, str] | None = None) -> measure.Run:
    run = measure.run_checked(name, command, environment)
    print(f"{name}: {run.seconds:.1f} s", file=sys.stderr, flush=True)
    return run


def _load_folders(folder: Path, file: Path) -> dict[str, list[measure.Run]]:
    """Loads with each loader in turn, each time into a new folder. The last folder remains for the questions."""
    store = folder / "store"
    commands = {
        _BARE: [measure.PYTHON, "-c", _BULK_LOAD, str(store), str(file)],
        _PLAIN: [measure.NEVKG, "load", str(store), str(file), "--no-verify"],
        _VERIFIED: [measure.NEVKG, "load", str(store), str(file)],
    }
    runs: dict[str, list[measure.Run]] = {name: [] for name in commands}
    for name in (_BARE, _PLAIN) * _TURNS + (_VERIFIED,):
        shutil.rmtree(store, ignore_errors=True)
        runs[name].append(_run(name, commands[name]))
    return runs


def _load_with_isql(server: servers.Server, file: Path, graph: str = "urn:none") -> measure.Run:
    (server.folder / file.name).hardlink_to(file)
    settings = (server.folder / "virtuoso.ini").read_text(encoding="ascii")
    place = next(line.split()[-1] for line in settings.splitlines() if line.startswith("ServerPort"))
    isql = shutil.which("isql-vt") or "isql"
    return _run(_OWN, [isql, place, server.user, server.password, f"exec={_RUN_LOADER.format(file.name, graph)}"])


def _load_virtuoso(folder: Path, file: Path, snapshot: Path, day: str) -> tuple[dict[str, list[measure.Run]], dict[str, catalogue.Results]]:
    """Loads with both loaders, each into a new server, then measures the verification, and runs the questions.

    The verification finds all graphs unchanged. Only the first server gets the snapshot as a graph, because questions
    over the record would find its triples in the union.
    """
    with _run_virtuoso(folder / "virtuoso") as server:
        runs = {_OWN: [_load_with_isql(server, file)]}
        _load_with_isql(server, snapshot, terms.SNAPSHOT + day)
        answers: dict[str, catalogue.Results] = {SNAPSHOT: catalogue.run_questions(server.address, SNAPSHOT)}
    with _run_virtuoso(folder / "virtuoso") as server:
        for name, options in ((_SENT, ["--no-verify"]), (_COMPARED, [])):
            command = [measure.NEVKG, "load", server.address, str(file), *options]
            runs[name] = [_run(name, command, {USER: server.user, PASSWORD: server.password})]
        return runs, answers | {RECORD: catalogue.run_questions(server.address, RECORD)}


def run_benchmark(folder: Path, factor: float) -> dict[str, Any]:
    """Returns seconds and memory of each loader for ``factor`` times the shipped data, and the results of the questions."""
    file = folder / "grown.nq"
    counts = grow.write_nquads(DataSpec(factor), file, os.cpu_count() or 1)
    runs = _load_folders(folder, file)
    store, triples = str(folder / "store"), folder / "snapshot.nt"
    ask.use_own_cache(folder)
    snapshot_run = _run(_SNAPSHOT, [measure.PYTHON, "-m", "benchmarks.loading", store, str(triples)])
    facts = snapshot_run.records[0]
    questions: dict[str, dict[str, catalogue.Results]] = {
        catalogue.FOLDER: {over: catalogue.run_questions(store, over) for over in (SNAPSHOT, RECORD)}
    }
    if shutil.which("virtuoso-t"):
        virtuoso_runs, questions["Virtuoso"] = _load_virtuoso(folder, file, triples, facts["day"])
        runs |= virtuoso_runs
    for path in (file, triples):
        path.unlink()
    return {
        "factor": factor,
        "triples": counts.triples,
        "loads": {name: asdict(measure.summarise(command_runs)) for name, command_runs in runs.items()},
        "first snapshot": {"seconds": facts["seconds"], "peak mebibytes": snapshot_run.peak_mebibytes},
        "questions": questions,
    }


def format_results(results: Mapping[str, Any]) -> str:
    """Formats the results as tables."""
    triples, loads = results["triples"], results["loads"]
    rows = []
    for name, summary in loads.items():
        baseline = loads[_BARE if name in (_BARE, _PLAIN, _VERIFIED) else _OWN]
        *times, peak = measure.format_summary(summary, "seconds", "fastest", "processor", digits=1)
        rates = f"{triples / summary['fastest']:,.0f}", f"{baseline['fastest'] / summary['fastest']:.0%}"
        rows.append((name, *times, *rates, peak))
    heads = ("way", "median s", "fastest s", "processor s", "triples/s", "rate", "peak MiB")
    text = measure.format_table(f"Loading {triples:,} triples (rates by the fastest run, beside the store's own way)", heads, rows)
    rate, memory = loads[_BARE]["fastest"] / loads[_PLAIN]["fastest"], loads[_PLAIN]["peak_mebibytes"] / loads[_BARE]["peak_mebibytes"]
    text += f"\n{_PLAIN}: {rate:.0%} of the rate {measure.format_goal(f'at least {_MIN_RATE:.0%}', is_met=rate >= _MIN_RATE)}"
    text += f", {memory:.2f} times the memory {measure.format_goal(f'at most {_MAX_MEMORY}', is_met=memory <= _MAX_MEMORY)}"
    text += f"\nverification: {loads[_VERIFIED]['fastest'] - loads[_PLAIN]['fastest']:.1f} s more\n"
    first = results["first snapshot"]
    text += f"the first snapshot: {first['seconds']:.1f} s, {first['peak mebibytes']:.0f} MiB (with writing its triples)\n"
    return text + catalogue.format_results(results["questions"])


if __name__ == "__main__":
    main(*sys.argv[1:])
