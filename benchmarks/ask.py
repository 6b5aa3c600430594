"""The second call of ``nevkg ask``, as a process, beside the oxigraph command and an rdflib script."""

from __future__ import annotations

import csv
import io
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks import measure

from nevkg import Layout, Question, arguments, load_catalogue, open_store
from nevkg.publish.serialise import serialise

QUESTION = "local-manufacturers"
PAIRS = ("bloc=place:asean",)
ASK = (measure.beside_python("nevkg"), "ask", QUESTION, *PAIRS, "--format", "csv")

_NEVKG, _OXIGRAPH, _RDFLIB = "nevkg ask", "oxigraph query", "rdflib script"
_MOST_MILLISECONDS = 120
_LEAST_RATIO = 5


def prepare(folder: Path) -> tuple[Question, dict[str, list[str]]]:
    """Builds the store in a cache of its own, writes the dataset as N-Quads, and names the three commands."""
    os.environ.pop("NEVKG_CACHE", None)  # what a user pays to find the cache counts
    os.environ["XDG_CACHE_HOME"] = str(folder / "cache")
    layout = Layout.find()
    store = open_store(layout)
    if store.place is None:
        raise measure.Failed("The store could not be kept; is the disk full?")
    question = load_catalogue(layout)[QUESTION]
    query, data = folder / "question.rq", folder / "dataset.nq"
    query.write_text(question.bind(arguments.read(store, question, arguments.split(PAIRS))), encoding="utf-8")
    data.write_bytes(serialise(store.store.quads_for_pattern(None, None, None), "nquads", {}))
    oxigraph = [measure.beside_python("oxigraph"), "query", "--location", str(store.place / "oxigraph"), "--union-default-graph"]
    return question, {
        _NEVKG: list(ASK),
        _OXIGRAPH: [*oxigraph, "--query-file", str(query), "--results-format", "csv"],
        _RDFLIB: [measure.PYTHON, str(measure.ROOT / "benchmarks" / "rdflib_ask.py"), str(data), str(query)],
    }


def rows(question: Question, output: str) -> Counter[tuple[str, ...]]:
    """The rows of a CSV answer in the question's own columns; the parts of a list are sorted."""

    def cell(line: Mapping[str, str], name: str, is_list: bool) -> str:
        return " ".join(sorted(line[name].split())) if is_list else line[name]

    lines = csv.DictReader(io.StringIO(output, newline=""))
    return Counter(tuple(cell(line, column.name, column.list) for column in question.columns) for line in lines)


def same_rows(question: Question, outputs: Sequence[str]) -> bool:
    """Whether all answers have the same rows, as multisets, and at least one."""
    first, *others = (rows(question, output) for output in outputs)
    return bool(first) and all(other == first for other in others)


def measured(folder: Path, runs: int) -> dict[str, Any]:
    """The times of the three, and what follows from them."""
    question, commands = prepare(folder)
    found = measure.interleaved(commands, runs)
    sums = {name: measure.summary(one) for name, one in found.items()}
    return {
        "runs": runs,
        "processes": {name: asdict(one) for name, one in sums.items()},
        "rdflib to nevkg": sums[_RDFLIB].seconds / sums[_NEVKG].seconds,
        "nevkg to oxigraph": sums[_NEVKG].seconds / sums[_OXIGRAPH].seconds,
        "nevkg minus oxigraph, ms": (sums[_NEVKG].seconds - sums[_OXIGRAPH].seconds) * 1000,
        "rows": rows(question, found[_NEVKG][0].output).total(),
        "same rows": same_rows(question, [one.output for runs_of_one in found.values() for one in runs_of_one]),
    }


def shown(results: Mapping[str, Any]) -> str:
    """The results for a person."""
    lines = [
        (
            name,
            *(measure.number(one[key]) for key in ("seconds", "fastest", "slowest", "processor")),
            measure.number(one["peak_mebibytes"], 0),
        )
        for name, one in results["processes"].items()
    ]
    title = f"Second call of nevkg ask {QUESTION} {' '.join(PAIRS)} --format csv ({results['runs']} runs each, interleaved)"
    difference, ratio = results["nevkg minus oxigraph, ms"], results["rdflib to nevkg"]
    return (
        measure.table(title, ["process", "median s", "fastest s", "slowest s", "processor s", "peak MiB"], lines)
        + f"\nrdflib / nevkg: {ratio:.1f} (goal: at least {_LEAST_RATIO}; {'met' if ratio >= _LEAST_RATIO else 'missed'})"
        + f"\nnevkg - oxigraph: {difference:.0f} ms (goal: at most {_MOST_MILLISECONDS};"
        + f" {'met' if difference <= _MOST_MILLISECONDS else 'missed'})"
        + f"\nrows: {results['rows']}, {'the same in all runs of the three' if results['same rows'] else 'NOT THE SAME'}\n"
    )
