"""Compares the Python library with the libraries that it is based on: a million rows, and the whole graph in networkx.

Run as a program, it runs one job in a separate process and prints the seconds: python -m benchmarks.python_library JOB.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benchmarks import measure

import nevkg
from nevkg.data.paths import Layout
from nevkg.store import open_store

_ROWS = 1_000_000
# All quads, repeated: any number of rows, with IRIs and literals in their usual proportions.
_QUADS = "{ GRAPH ?g { ?s ?p ?o } }"
QUERY = f"SELECT ?s ?p ?o WHERE {{ {' UNION '.join([_QUADS] * 4)} }} LIMIT {_ROWS}"


def _prepare_engine() -> Callable[[], object]:
    store = open_store(Layout.find()).store
    return lambda: sum(1 for _ in store.query(QUERY))  # type: ignore[misc,union-attr]


def _prepare_arrow() -> Callable[[], object]:
    import pyarrow.csv  # noqa: F401  the import is not part of the measurement

    kg = nevkg.open()
    return lambda: kg.query(QUERY).to_arrow()


def _prepare_polars() -> Callable[[], object]:
    import polars  # noqa: F401
    import pyarrow.csv  # noqa: F401

    kg = nevkg.open()
    return lambda: kg.query(QUERY).to_polars()


def _prepare_networkx() -> Callable[[], object]:
    import networkx  # noqa: F401

    kg = nevkg.open()
    kg.to_networkx()
    return kg.to_networkx


def _prepare_first_networkx() -> Callable[[], object]:
    import networkx  # noqa: F401

    kg = nevkg.open()
    place = kg.store.place
    if place is None:
        raise measure.Failed("The store could not be cached; is the disk full?")
    (place / "triples.json").unlink(missing_ok=True)
    return kg.to_networkx


def _prepare_rdflib() -> Callable[[], object]:
    """Does the same without nevkg: reads the dump with rdflib, and converts it with rdflib's function."""
    import rdflib
    from pyoxigraph import RdfFormat, serialize
    from rdflib.extras.external_graph_libs import rdflib_to_networkx_multidigraph

    store = open_store(Layout.find()).store
    path = Path(tempfile.mkdtemp()) / "all.nt"
    path.write_bytes(serialize((quad.triple for quad in store), format=RdfFormat.N_TRIPLES) or b"")

    def convert() -> object:
        return rdflib_to_networkx_multidigraph(rdflib.Graph().parse(path, format="nt"))

    return convert


JOBS: Mapping[str, Callable[[], Callable[[], object]]] = {
    "a million rows: pyoxigraph alone": _prepare_engine,
    "a million rows: to Arrow": _prepare_arrow,
    "a million rows: to polars": _prepare_polars,
    "the whole graph: to networkx, for the first time": _prepare_first_networkx,
    "the whole graph: to networkx, again": _prepare_networkx,
    "the whole graph: to networkx through rdflib": _prepare_rdflib,
}


def main(name: str) -> None:
    job = JOBS[name]()
    start = time.perf_counter()
    job()
    print(time.perf_counter() - start)


def run_benchmark(runs: int) -> dict[str, Any]:
    """Runs each job in turn. Returns median seconds and peak memory."""
    by_job: dict[str, list[tuple[float, float]]] = {name: [] for name in JOBS}
    for _ in range(runs):
        for name in JOBS:
            run = measure.run_module("python_library", name)
            by_job[name].append((float(run.output), run.peak_mebibytes))
    return {
        name: {"seconds": sorted(seconds for seconds, _ in turns)[len(turns) // 2], "peak mebibytes": max(peak for _, peak in turns)}
        for name, turns in by_job.items()
    }


def format_results(results: Mapping[str, Any]) -> str:
    """Formats the seconds, and the ratio to the peer that does the same work."""
    names = list(JOBS)
    rows = []
    for name, result in results.items():
        peer = names[0] if name in names[:3] else names[-1]
        ratio = result["seconds"] / results[peer]["seconds"]
        numbers = (measure.format_number(value) for value in (result["seconds"], ratio))
        rows.append((name, *numbers, measure.format_number(result["peak mebibytes"], 0)))
    return measure.format_table("The Python library", ("work", "seconds", "ratio to its peer", "peak MiB"), rows)


if __name__ == "__main__":
    main(sys.argv[1])
