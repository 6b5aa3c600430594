"""Measures ``nevkg validate`` with both engines, first and after a change, and compares it with the bare ``shacl`` library."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks import ask, blocks, measure
from pyoxigraph import Quad, RdfFormat, serialize

from nevkg.data import dataset
from nevkg.data.paths import Layout
from nevkg.validate.engines import ENGINES
from nevkg.validate.run import shape_files

_NEVKG, _PYSHACL, _BARE = "nevkg validate", "pyshacl command", "shacl library"
_TIMES = 9  # about 1.5 million triples
_FRESH, _SAME, _WORDS, _DATE, _FILE = "from scratch", "no change", "a title changed", "a day changed", "that file only"
_BARE_SCRIPT = (
    "import shacl, sys; from pathlib import Path; "
    "shapes = shacl.Shapes.from_text(Path(sys.argv[1]).read_text(), format='turtle'); "
    "report = shapes.validate_text(Path(sys.argv[2]).read_text(), format='ntriples'); print(len(report.results))"
)


def _write(file: Path, quads: Iterable[Quad]) -> int:
    """Writes the triples and returns their number."""
    triples = [quad.triple for quad in quads]
    serialize(triples, file, format=RdfFormat.N_TRIPLES)
    return len(triples)


def _measure_changes(folder: Path, runs: int, limit: float) -> dict[str, Any]:
    """Measures each engine on a copy of the data with a built store: the first time, again, and after changing one line."""
    data = folder / "data"
    shutil.copytree(Layout.find().data, data, ignore=shutil.ignore_patterns("recipes", "imports"))
    cache = {"NEVKG_CACHE": str(folder / "cache")}
    measure.run([measure.NEVKG, "info", "--data", str(data)], cache)
    sources = dataset.source_files(Layout.find(data))
    texts = {path: path.read_text(encoding="utf-8") for path in sources}
    source, text = next((path, text) for path, text in texts.items() if 'dcterms:title "' in text and 'nev:latest "2' in text)
    results: dict[str, Any] = {}
    for engine in ENGINES:
        command = [measure.NEVKG, "validate", "--data", str(data), "--engine", engine]
        commands = {_FRESH: [*command, "--fresh"], _FILE: [*command, str(source)]}
        results[engine] = {}
        for what in (_FRESH, _SAME, _WORDS, _DATE, _FILE):
            step_runs = []
            for number in range(runs if engine == next(iter(ENGINES)) else 1):
                if what == _WORDS:
                    source.write_text(text.replace('dcterms:title "', f'dcterms:title "{number} ', 1), encoding="utf-8")
                elif what in (_DATE, _FILE):
                    source.write_text(re.sub(r'nev:latest "2...', f'nev:latest "{2100 + number}', text, count=1), encoding="utf-8")
                step_runs.append(measure.run(commands.get(what, command), cache, limit))
            source.write_text(text, encoding="utf-8")
            results[engine][what] = asdict(measure.summarise(step_runs))
    return results


def run_benchmark(folder: Path, runs: int, limit: float) -> dict[str, Any]:
    """Returns the times on the shipped data and on larger data."""
    ask.prepare(folder)
    shapes = folder / "shapes.ttl"
    shapes.write_text("\n".join(path.read_text(encoding="utf-8") for path in shape_files(Layout.find())), encoding="utf-8")
    results: dict[str, Any] = {"runs": runs, "changing": _measure_changes(folder, runs, limit)}
    shipped, whole, variants = (folder / f"{name}.nt" for name in ("shipped", "whole", "made"))
    results["shipped triples"] = _write(shipped, blocks.generate_quads(blocks.DataSpec(1)))
    pyshacl = [measure.find_command("pyshacl"), "-s", str(shapes), "-f", "table", str(shipped)]
    pyshacl_runs = [measure.run(pyshacl, limit=limit) for _ in range(2)]
    results["shipped"] = {_PYSHACL: asdict(measure.summarise(pyshacl_runs)), "ended": all(run.code >= 0 for run in pyshacl_runs)}
    much = blocks.DataSpec(_TIMES)
    results["much triples"] = _write(whole, blocks.generate_quads(much))
    _write(variants, (quad for number in much.blocks[1:] for quad in much.part(number).quads(much.fixed.registry)))
    commands = {
        _NEVKG: [measure.NEVKG, "validate", str(variants), "--fresh"],
        _BARE: [measure.PYTHON, "-c", _BARE_SCRIPT, str(shapes), str(whole)],
    }
    compared = measure.run_interleaved(commands, max(runs // 3, 1))
    results["much"] = {name: asdict(measure.summarise(command_runs)) for name, command_runs in compared.items()}
    return results


def _make_row(name: str, summary: Mapping[str, Any]) -> tuple[str, ...]:
    return (name, *measure.format_summary(summary, "seconds", "fastest", "processor"))


def format_results(results: Mapping[str, Any]) -> str:
    """Formats the results as tables."""
    head = ["process", "median s", "fastest s", "processor s", "peak MiB"]
    changing, shipped, much = results["changing"], results["shipped"], results["much"]
    rows = [_make_row(f"{engine}, {what}", summary) for engine, steps in changing.items() for what, summary in steps.items()]
    rows.append(_make_row(_PYSHACL + ("" if shipped["ended"] else ", stopped"), shipped[_PYSHACL]))
    text = measure.format_table(f"Validation of {results['shipped triples']} triples", head, rows)
    text += measure.format_table(
        f"Validation of {results['much triples']} triples", head, [_make_row(name, summary) for name, summary in much.items()]
    )
    quick, slow = (changing[engine] for engine in ENGINES)
    return text + (
        f"\nShipped data: {quick[_FRESH]['seconds']:.1f} s from scratch (goal: at most 3),"
        f" pySHACL {slow[_FRESH]['seconds']:.0f} s (at most 300)."
        f"\nAfter a change: {quick[_WORDS]['seconds']:.1f} s, or {quick[_DATE]['seconds']:.1f} s if the history may change"
        f" (goal: at most 1)."
        f"\nMuch data: nevkg / shacl {much[_NEVKG]['seconds'] / much[_BARE]['seconds']:.2f}.\n"
    )
