"""``nevkg validate`` as a process: beside the pyshacl command, and beside the bare ``shacl`` library on much data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks import blocks, measure
from pyoxigraph import Quad, RdfFormat, Triple, serialize

from nevkg import Layout
from nevkg.validate.find import shape_files

_NEVKG, _PYSHACL, _BARE = "nevkg validate", "pyshacl command", "shacl library"
_TIMES = 9  # about 1.5 million triples
_PART = 0.1  # for pySHACL: more would take hours
_BARE_SCRIPT = (
    "import shacl, sys; from pathlib import Path; "
    "shapes = shacl.Shapes.from_text(Path(sys.argv[1]).read_text(), format='turtle'); "
    "report = shapes.validate_text(Path(sys.argv[2]).read_text(), format='ntriples'); print(len(report.results))"
)


def _write(file: Path, quads: Iterable[Quad]) -> int:
    """Writes the triples, and counts them."""
    triples = [Triple(quad.subject, quad.predicate, quad.object) for quad in quads]
    serialize(triples, file, format=RdfFormat.N_TRIPLES)
    return len(triples)


def measured(folder: Path, runs: int, limit: float) -> dict[str, Any]:
    """The times, on the shipped data and on much more."""
    shapes = folder / "shapes.ttl"
    shapes.write_text("\n".join(path.read_text(encoding="utf-8") for path in shape_files(Layout.find())), encoding="utf-8")
    nevkg, pyshacl = measure.beside_python("nevkg"), measure.beside_python("pyshacl")
    results: dict[str, Any] = {"runs": runs}
    shipped, whole, made, part = (folder / f"{name}.nt" for name in ("shipped", "whole", "made", "part"))
    results["shipped triples"] = _write(shipped, blocks.quads(blocks.Order(1)))
    measure.run([nevkg, "validate"])
    found = measure.interleaved({_NEVKG: [nevkg, "validate"]}, runs)
    slow = [measure.run([pyshacl, "-s", str(shapes), "-f", "table", str(shipped)], limit=limit) for _ in range(2)]
    results["shipped"] = {_NEVKG: asdict(measure.summary(found[_NEVKG])), _PYSHACL: asdict(measure.summary(slow))}
    results["shipped"]["ended"] = all(one.code >= 0 for one in slow)
    much = blocks.Order(_TIMES)
    results["much triples"] = _write(whole, blocks.quads(much))
    _write(made, (quad for number in much.blocks[1:] for quad in much.part(number).quads()))
    commands = {_NEVKG: [nevkg, "validate", str(made)], _BARE: [measure.PYTHON, "-c", _BARE_SCRIPT, str(shapes), str(whole)]}
    found = measure.interleaved(commands, max(runs // 3, 1))
    results["much"] = {name: asdict(measure.summary(one)) for name, one in found.items()}
    results["part triples"] = _write(part, blocks.quads(blocks.Order(_PART)))
    one = measure.run([pyshacl, "-s", str(shapes), "-f", "table", str(part)], limit=limit)
    results["part"] = {_PYSHACL: asdict(measure.summary([one])), "ended": one.code >= 0}
    return results


def shown(results: Mapping[str, Any]) -> str:
    """The results for a person."""
    text = ""
    for name in ("shipped", "much", "part"):
        rows = [
            (process, measure.number(one["seconds"]), measure.number(one["fastest"]), measure.number(one["peak_mebibytes"], 0))
            for process, one in results[name].items()
            if isinstance(one, dict)
        ]
        text += measure.table(f"Validation of {results[f'{name} triples']} triples", ["process", "median s", "fastest s", "peak MiB"], rows)
    shipped, much, part = results["shipped"], results["much"], results["part"]
    stopped = " at least, for pySHACL was stopped"
    ended, shipped_ended = ("" if one["ended"] else stopped for one in (part, shipped))
    as_shipped = shipped[_PYSHACL]["seconds"] / shipped[_NEVKG]["seconds"]
    scaled = part[_PYSHACL]["seconds"] * results["much triples"] / results["part triples"]
    return text + (
        f"\nShipped data: pyshacl / nevkg {as_shipped:.1f}{shipped_ended} (goal: at least 5)."
        f"\nMuch data: nevkg / shacl {much[_NEVKG]['seconds'] / much[_BARE]['seconds']:.2f} (goal: at most 1.3);"
        f" pyshacl / nevkg {scaled / much[_NEVKG]['seconds']:.0f}{ended}, if pySHACL grew in line from the part (goal: at least 30).\n"
    )
