"""Measures loading, days and questions on more data than the other benchmarks, each step in a separate process.

    python -m benchmarks.large 24 243          ten and a hundred million triples

Needs 1,100 bytes of disk for each triple. A hundred million take hours.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks import ask, grow, measure
from benchmarks.blocks import DataSpec

from nevkg.data.paths import Layout

_LOAD, _FIRST, _NEW = "nevkg load --no-verify", "first day", "a new day"
_DAY = "2024-06-30"
Results = dict[str, dict[str, float]]


def run_benchmark(folder: Path, factor: float) -> Results:
    """Returns seconds, processor seconds and peak memory of each step, for ``factor`` times the shipped data.

    Args:
        folder: An empty folder with enough space.
        factor: Size of the data, as a multiple of the shipped data.
    """
    file = folder / "grown.nq"
    grow.write_nquads(DataSpec(factor), file, os.cpu_count() or 1)
    ask.use_own_cache(folder)
    results: Results = {}
    for name, command in _list_steps(folder / "store", file):
        run = measure.run_checked(name, command)
        if name == _LOAD:
            file.unlink()  # to free space for the snapshots
            grow.add_current_view(folder / "store")
        results[name] = {"seconds": run.seconds, "processor": run.processor, "mebibytes": run.peak_mebibytes}
        print(f"{name}: {json.dumps(results[name])}", file=sys.stderr, flush=True)
    for place in ("store", "cache"):
        results[f"disk: {place}"] = {"mebibytes": measure.measure_folder(folder / place) / measure.MEBIBYTE}
    return results


def _list_steps(store: Path, file: Path) -> Iterator[tuple[str, Sequence[str]]]:
    def question(name: str, *more: str) -> list[str]:
        return [measure.NEVKG, "ask", name, "--store", str(store), "--format", "csv", *more]

    yield _LOAD, [measure.NEVKG, "load", str(store), str(file), "--no-verify"]
    yield _FIRST, question(ask.QUESTION)
    yield _NEW, question(ask.QUESTION, "--as-of", _DAY)
    # Questions that the published tables also answer.
    for path in sorted((Layout.find().queries / "sql").glob("*.sql")):
        yield path.stem, question(path.stem)


def format_results(results: Mapping[float, Results]) -> str:
    """Formats the results as a table, with the exponent of the growth: 1 is linear."""
    heads = ["step", *(f"{what}, {factor:g} times" for factor in results for what in ("s", "processor s", "MiB")), "growth (processor s)"]
    rows = []
    for name in next(iter(results.values())):
        values = [results[factor][name] for factor in results]
        cells = [measure.format_number(value.get(what), 1) for value in values for what in ("seconds", "processor", "mebibytes")]
        times = {round(factor * 1000): value["processor"] for factor, value in zip(results, values, strict=True) if "processor" in value}
        rows.append((name, *cells, measure.format_number(measure.fit_exponent(times), 2)))
    return measure.format_table("Large data", heads, rows)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.large", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("factors", type=float, nargs="+", help="how many times the shipped data")
    parser.add_argument("--folder", type=Path, help="where to work (default: the system's folder for temporary files)")
    options = parser.parse_args()
    results = {}
    for factor in options.factors:
        folder = Path(tempfile.mkdtemp(prefix="nevkg-large-", dir=options.folder))
        try:
            results[factor] = run_benchmark(folder, factor)
        except measure.Failed as error:
            print(f"benchmarks: {error}", file=sys.stderr)
            return 1
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    print(format_results(results))
    return 0


if __name__ == "__main__":
    sys.exit(main())
