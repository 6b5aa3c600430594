"""Loading much data: nevkg beside what each store has to load with; then every question of the catalogue on what was loaded.

As a program it asks the questions of a store: python -m benchmarks.loading STORE NUMBER, beginning with that of the number.
It prints a JSON line a question, and is ended by the system where one takes too long.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks import grow, measure
from benchmarks.blocks import Order
from tests import servers

from nevkg import Layout, ask, load_catalogue
from nevkg.errors import NevkgError
from nevkg.store.http import PASSWORD, USER
from nevkg.store.locate import open_at

FACTOR = 38  # times the shipped data: ten million triples
_TURNS = 2
_PATIENCE = 60  # seconds for a question
_MOST_BYTES = 8 << 30
_LEAST_RATE, _MOST_MEMORY = 0.85, 1.2
_SHOWN = 8
_BARE, _PLAIN, _VERIFIED = "pyoxigraph bulk_load", "nevkg load FOLDER --no-verify", "nevkg load FOLDER"
_OWN, _SENT, _COMPARED = "Virtuoso's own loader", "nevkg load http://... --no-verify", "nevkg load http://... again: compares all"
_BULK_LOAD = "import sys; from pyoxigraph import RdfFormat, Store; Store(sys.argv[1]).bulk_load(path=sys.argv[2], format=RdfFormat.N_QUADS)"
_RUN_LOADER = "ld_dir('.', '{}', 'urn:none'); rdf_loader_run(); checkpoint;"
# What Virtuoso recommends for four gigabytes of memory; all else is as it is installed.
_MEMORY = {"NumberOfBuffers": 340_000, "MaxDirtyBuffers": 250_000}
_NEVKG = measure.beside_python("nevkg")


def main(place: str, first: str) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_BYTES, _MOST_BYTES))
    layout = Layout.find()
    catalogue, store = load_catalogue(layout), open_at(place, layout)
    for name in list(catalogue.questions)[int(first) :]:
        signal.alarm(_PATIENCE)
        begun = time.perf_counter()
        try:
            told: dict[str, Any] = {"rows": len(ask(store, catalogue[name])), "seconds": time.perf_counter() - begun}
        except NevkgError as error:
            told = {"refused": str(error)}
        signal.alarm(0)
        print(json.dumps({"question": name} | told), flush=True)


def _asked(place: str) -> dict[str, dict[str, Any]]:
    """What came of each question."""
    names = list(load_catalogue(Layout.find()).questions)
    found: dict[str, dict[str, Any]] = {}
    while len(found) < len(names):
        command = [measure.PYTHON, "-m", "benchmarks.loading", place, str(len(found))]
        one = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=measure.ROOT, check=False)
        for line in map(json.loads, one.stdout.splitlines()):
            found[line.pop("question")] = line
        if one.returncode == -signal.SIGALRM:
            found[names[len(found)]] = {"refused": f"no answer within {_PATIENCE} seconds"}
        elif one.returncode < 0:  # a library that gets no memory ends the process
            found[names[len(found)]] = {"refused": f"ended by signal {-one.returncode}, with {_MOST_BYTES >> 30} GiB at the most"}
        elif one.returncode:
            raise measure.Failed(f"The questions failed on {place}: {one.stderr.strip()[-500:]}")
    return found


@contextmanager
def _virtuoso(folder: Path) -> Iterator[servers.Server]:
    """An empty one, with the memory that a user would give it."""
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
    one = measure.run(command, environment)
    if one.code:
        raise measure.Failed(f"{name} ended with code {one.code}: {(one.errors + one.output).strip()[-500:]}")
    print(f"{name}: {one.seconds:.1f} s", file=sys.stderr, flush=True)
    return one


def _into_folders(folder: Path, file: Path) -> dict[str, list[measure.Run]]:
    """The runs of each way, in turn, each into a new folder; the last is left for questions."""
    store = folder / "store"
    commands = {
        _BARE: [measure.PYTHON, "-c", _BULK_LOAD, str(store), str(file)],
        _PLAIN: [_NEVKG, "load", str(store), str(file), "--no-verify"],
        _VERIFIED: [_NEVKG, "load", str(store), str(file)],
    }
    runs: dict[str, list[measure.Run]] = {name: [] for name in commands}
    for name in (_BARE, _PLAIN) * _TURNS + (_VERIFIED,):
        shutil.rmtree(store, ignore_errors=True)
        runs[name].append(_run(name, commands[name]))
    return runs


def _load_itself(server: servers.Server, file: Path) -> measure.Run:
    (server.folder / file.name).hardlink_to(file)
    settings = (server.folder / "virtuoso.ini").read_text(encoding="ascii")
    place = next(line.split()[-1] for line in settings.splitlines() if line.startswith("ServerPort"))
    isql = shutil.which("isql-vt") or "isql"
    return _run(_OWN, [isql, place, server.user, server.password, f"exec={_RUN_LOADER.format(file.name)}"])


def _into_virtuoso(folder: Path, file: Path) -> tuple[dict[str, list[measure.Run]], dict[str, dict[str, Any]]]:
    """The runs of the two ways, each into a new server; then the verification, which finds all there; and what is answered."""
    with _virtuoso(folder / "virtuoso") as server:
        runs = {_OWN: [_load_itself(server, file)]}
    with _virtuoso(folder / "virtuoso") as server:
        for name, options in ((_SENT, ["--no-verify"]), (_COMPARED, [])):
            command = [_NEVKG, "load", server.address, str(file), *options]
            runs[name] = [_run(name, command, {USER: server.user, PASSWORD: server.password})]
        return runs, _asked(server.address)


def measured(folder: Path, factor: float) -> dict[str, Any]:
    """Seconds and memory of each way to load ``factor`` times the shipped data, and what came of each question afterwards."""
    file = folder / "grown.nq"
    made = grow.write_nquads(Order(factor), file, os.cpu_count() or 1)
    runs = _into_folders(folder, file)
    questions = {"folder": _asked(str(folder / "store"))}
    if shutil.which("virtuoso-t"):
        sent, questions["Virtuoso"] = _into_virtuoso(folder, file)
        runs |= sent
    file.unlink()
    return {
        "factor": factor,
        "triples": made.triples,
        "loads": {name: asdict(measure.summary(of_one)) for name, of_one in runs.items()},
        "questions": questions,
    }


def shown(results: Mapping[str, Any]) -> str:
    """The results for a person."""
    triples, loads = results["triples"], results["loads"]
    rows = []
    for name, one in loads.items():
        other = loads[_BARE if name in (_BARE, _PLAIN, _VERIFIED) else _OWN]
        rows.append(
            (
                name,
                *(measure.number(one[key], 1) for key in ("seconds", "fastest", "processor")),
                f"{triples / one['fastest']:,.0f}",
                f"{other['fastest'] / one['fastest']:.0%}",
                measure.number(one["peak_mebibytes"], 0),
            )
        )
    heads = ("way", "median s", "fastest s", "processor s", "triples/s", "rate", "peak MiB")
    text = measure.table(f"Loading {triples:,} triples (rates by the fastest run, beside the store's own way)", heads, rows)
    rate, memory = loads[_BARE]["fastest"] / loads[_PLAIN]["fastest"], loads[_PLAIN]["peak_mebibytes"] / loads[_BARE]["peak_mebibytes"]
    text += f"\n{_PLAIN}: {rate:.0%} of the rate (goal: at least {_LEAST_RATE:.0%}; {'met' if rate >= _LEAST_RATE else 'missed'})"
    text += f", {memory:.2f} times the memory (goal: at most {_MOST_MEMORY}; {'met' if memory <= _MOST_MEMORY else 'missed'})"
    text += f"\nverification: {loads[_VERIFIED]['fastest'] - loads[_PLAIN]['fastest']:.1f} s more\n"
    return text + _shown_questions(results["questions"])


def _shown_questions(questions: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> str:
    rows, text = [], ""
    for place, asked in questions.items():
        seconds = {name: one["seconds"] for name, one in asked.items() if "seconds" in one}
        slow = sorted(seconds, key=lambda name: -seconds[name])[:_SHOWN]
        median = statistics.median(seconds.values()) if seconds else None
        rows.append((place, f"{len(seconds)} of {len(asked)}", measure.number(median, 2)))
        text += f"\nSlowest in {place}: " + ", ".join(f"{name} {seconds[name]:.1f}" for name in slow) + "\n"
        text += "".join(f"{name} in {place}: {one['refused']}\n" for name, one in asked.items() if "refused" in one)
    both = [name for name in questions["folder"] if all("rows" in asked[name] for asked in questions.values())]
    other = [name for name in both if len({asked[name]["rows"] for asked in questions.values()}) > 1]
    text += f"\nQuestions with as many rows in all: {len(both) - len(other)} of {len(both)}" + (
        f"; not: {', '.join(other)}" if other else ""
    )
    return measure.table("Every question with its defaults, on what was loaded", ("store", "answered", "median s"), rows) + text + "\n"


if __name__ == "__main__":
    main(*sys.argv[1:])
