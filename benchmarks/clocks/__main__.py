"""A benchmark of queries with two clocks; see benchmarks/clocks/README.md.

python -m benchmarks.clocks run FOLDER [FACTOR ...]    generate data, run all engines, compare their answers with the expected ones
python -m benchmarks.clocks save FOLDER [FACTOR ...]   the same, and write the answers of nevkg as the expected ones
"""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import ask, measure
from benchmarks.clocks.engines import ENGINES, STATES, Nevkg, dump_path
from benchmarks.clocks.operations import DAY, DIFFERENCE, LEARNED, VERSIONS, open_states, run_operations

from nevkg.errors import WrongUsage

_EXPECTED = Path(__file__).with_name("expected")
_SEED = "1"


def main(verb: str, place: str, *rest: str) -> None:
    folder = Path(place)
    if verb == "load":
        ENGINES[rest[0]].load(folder)
    elif verb == "dump":
        Nevkg().dump(folder)
    elif verb == "answer":
        solvers, seconds = open_states(ENGINES[rest[0]].open(folder))
        results = [asdict(result) for result in run_operations(solvers)]
        print(json.dumps({"open": seconds, "results": results}))
    elif verb in ("run", "save"):
        for factor in rest or ("0.1", "1"):
            print(_run_size(folder / factor, factor, save=verb == "save"), flush=True)
    else:
        raise SystemExit(__doc__)


def _run_size(folder: Path, factor: str, *, save: bool) -> str:
    """Returns a table of the engines on data of one size."""
    if folder.exists():
        raise WrongUsage(f"{folder} is there already; name a new folder.")
    folder.mkdir(parents=True)
    measure.run_module("grow", factor, "--seed", _SEED, "--output", folder / "data")
    ask.use_own_cache(folder)
    expected: dict[str, Any] = {}
    rows = []
    for name, engine in ENGINES.items():
        if not find_spec(engine.package):
            print(f"{name} is left out: it is not installed (pip install {engine.package}).")
            continue
        loaded, answered = (measure.run_module("clocks", verb, folder, name) for verb in ("load", "answer"))
        found = answered.records[-1]
        answers = {result["key"]: [result["rows"], result["digest"]] for result in found["results"]}
        if name == "nevkg":
            measure.run_module("clocks", "dump", folder)
            expected = _find_expected(folder, factor, answers, save=save)
        opened = [found["open"][state.name] for state in STATES]
        milliseconds = {
            operation: median(result["seconds"] for result in found["results"] if result["key"].startswith(operation)) * 1000
            for operation in (DAY, DIFFERENCE, VERSIONS, LEARNED)
        }
        same = sum(expected.get(key) == answer for key, answer in answers.items())
        rows.append(
            (
                name,
                measure.format_number(loaded.seconds),
                measure.format_number(max(opened)),
                measure.format_number(median(opened), 4),
                *(measure.format_number(value) for value in milliseconds.values()),
                f"{same} of {len(expected)}",
                measure.format_number(max(loaded.peak_mebibytes, answered.peak_mebibytes), 0),
            )
        )
    heads = ("engine", "load s", "slowest state s", "median state s", *(f"{name} ms" for name in milliseconds), "right", "peak MiB")
    return measure.format_table(f"{factor} times the data", heads, rows)


def _find_expected(folder: Path, factor: str, answers: dict[str, Any], *, save: bool) -> dict[str, Any]:
    """Returns the expected answers for data of one size: those of nevkg if none were saved for the same states."""
    digest = hashlib.sha256(b"".join(dump_path(folder, state).read_bytes() for state in STATES)).hexdigest()
    path = _EXPECTED / f"{factor}.json"
    if save:
        lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(answer)}" for key, answer in answers.items())
        path.write_text(f'{{"states": "{digest}", "answers": {{\n{lines}\n}}}}\n', encoding="utf-8")
    saved = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    if saved.get("states") == digest:
        expected: dict[str, Any] = saved["answers"]
        return expected
    print(f"No answers are expected for this version of the data with factor {factor}: the answers of nevkg count.")
    return answers


if __name__ == "__main__":
    main(*sys.argv[1:])
