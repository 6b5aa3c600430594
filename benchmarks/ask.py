"""Compares the second call of ``nevkg ask`` with the oxigraph command and an rdflib script, each as a process."""

from __future__ import annotations

import csv
import io
import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks import measure

from nevkg import Question
from nevkg.ask import arguments, days
from nevkg.ask.answer import ask
from nevkg.ask.catalogue import load_catalogue
from nevkg.data.paths import Layout
from nevkg.data.rdf import serialise
from nevkg.lookup import entities
from nevkg.store import EmbeddedStore, contents, open_store

QUESTION = "local-manufacturers"
PAIRS = ("bloc=place:asean",)
ASK = (measure.NEVKG, "ask", QUESTION, *PAIRS, "--format", "csv")

_NEVKG, _OXIGRAPH, _RDFLIB = "nevkg ask", "oxigraph query", "rdflib script"
# The equivalent script with rdflib alone: parses a snapshot, runs a question, prints CSV.
_RDFLIB_SCRIPT = (
    "import sys; from pathlib import Path; from rdflib import Graph; "
    "result = Graph().parse(sys.argv[1], format='nt').query(Path(sys.argv[2]).read_text(encoding='utf-8')); "
    "sys.stdout.buffer.write(result.serialize(format='csv'))"
)
_MAX_MILLISECONDS = 80
_MIN_RATIO = 5


def use_own_cache(folder: Path) -> None:
    """Uses a cache in ``folder`` from now on, located in the same way as a user's, so that the time to locate it counts."""
    os.environ.pop("NEVKG_CACHE", None)
    os.environ["XDG_CACHE_HOME"] = str(folder / "cache")


def load_snapshot() -> EmbeddedStore:
    """Returns the snapshot for the date of the dataset.

    Raises:
        measure.Failed: If the snapshot could not be cached.
    """
    record = open_store(Layout.find())
    store = days.snapshot(record, entities.dataset_date(record))
    if store.files is None:
        raise measure.Failed("The store could not be cached; is the disk full?")
    return store


def write_default_graph(store: EmbeddedStore, file: Path) -> None:
    """Writes the triples of a snapshot as N-Triples."""
    file.write_bytes(serialise(contents.default_triples(store), "ntriples", {}))


def prepare(folder: Path) -> tuple[Question, dict[str, list[str]]]:
    """Builds the snapshot in a separate cache and writes it as N-Triples. Returns the question and the three commands."""
    use_own_cache(folder)
    store = load_snapshot()
    question = load_catalogue(store.layout)[QUESTION]
    query, data, place = folder / "question.rq", folder / "snapshot.nt", str(store.files)
    answer = ask(open_store(store.layout), question, arguments.split(PAIRS))
    query.write_text(answer.sparql, encoding="utf-8")
    write_default_graph(store, data)
    return question, {
        _NEVKG: list(ASK),
        _OXIGRAPH: [measure.find_command("oxigraph"), "query", "--location", place, "--query-file", str(query), "--results-format", "csv"],
        _RDFLIB: [measure.PYTHON, "-c", _RDFLIB_SCRIPT, str(data), str(query)],
    }


def parse_rows(question: Question, output: str) -> dict[tuple[str, ...], list[set[str]]]:
    """Returns the rows of a CSV answer, in the columns of the question.

    Rows that differ only in list columns are combined, as in the tables of nevkg.
    """
    alone = [column.name for column in question.columns if not column.list]
    lists = [column.name for column in question.columns if column.list]
    groups: dict[tuple[str, ...], list[set[str]]] = defaultdict(lambda: [set() for _ in lists])
    for line in csv.DictReader(io.StringIO(output, newline="")):
        for values, name in zip(groups[tuple(line[name] for name in alone)], lists, strict=True):
            values.update(line[name].split())
    return groups


def have_same_rows(question: Question, outputs: Sequence[str]) -> bool:
    """Whether all answers have the same rows, and at least one row."""
    first, *others = (parse_rows(question, output) for output in outputs)
    return bool(first) and all(other == first for other in others)


def run_benchmark(folder: Path, runs: int) -> dict[str, Any]:
    """Returns the times of the three commands, and the comparison."""
    question, commands = prepare(folder)
    by_command = measure.run_interleaved(commands, runs)
    summaries = {name: measure.summarise(command_runs) for name, command_runs in by_command.items()}
    return {
        "runs": runs,
        "processes": {name: asdict(summary) for name, summary in summaries.items()},
        "rdflib to nevkg": summaries[_RDFLIB].seconds / summaries[_NEVKG].seconds,
        "nevkg to oxigraph": summaries[_NEVKG].seconds / summaries[_OXIGRAPH].seconds,
        "nevkg minus oxigraph, ms": (summaries[_NEVKG].seconds - summaries[_OXIGRAPH].seconds) * 1000,
        "rows": len(parse_rows(question, by_command[_NEVKG][0].output)),
        "same rows": have_same_rows(question, [run.output for command_runs in by_command.values() for run in command_runs]),
    }


def format_results(results: Mapping[str, Any]) -> str:
    """Formats the results as tables."""
    lines = [
        (name, *measure.format_summary(summary, "seconds", "fastest", "slowest", "processor"))
        for name, summary in results["processes"].items()
    ]
    title = f"Second call of nevkg ask {QUESTION} {' '.join(PAIRS)} --format csv ({results['runs']} runs each, interleaved)"
    difference, ratio = results["nevkg minus oxigraph, ms"], results["rdflib to nevkg"]
    return (
        measure.format_table(title, ["process", "median s", "fastest s", "slowest s", "processor s", "peak MiB"], lines)
        + f"\nrdflib / nevkg: {ratio:.1f} {measure.format_goal(f'at least {_MIN_RATIO}', is_met=ratio >= _MIN_RATIO)}"
        + f"\nnevkg - oxigraph: {difference:.0f} ms "
        + measure.format_goal(f"at most {_MAX_MILLISECONDS}", is_met=difference <= _MAX_MILLISECONDS)
        + f"\nrows: {results['rows']}, {'the same in all runs of the three' if results['same rows'] else 'NOT THE SAME'}\n"
    )
