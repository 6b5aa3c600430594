"""Generates data of any size with the structure and the distributions of the shipped data.

    python -m benchmarks.grow 10 --output DIR     a data folder, for nevkg --data DIR
    python -m benchmarks.grow 40 --nquads FILE    the built dataset with its history, without the current view

The same factor and seed give the same bytes.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from benchmarks.blocks import Counts, DataSpec, build_added, build_fixed, build_store, count_quads, load_shipped
from benchmarks.parts import Part, slug_of
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from nevkg.ask.answer import ask
from nevkg.ask.catalogue import load_catalogue
from nevkg.data import dataset, terms
from nevkg.data.atomic import replacing
from nevkg.data.rdf import serialise
from nevkg.errors import CouldNotRun, NevkgError, WrongUsage
from nevkg.store import EmbeddedStore, open_store
from nevkg.store.derivation import derive_current

_LATEST = terms.NEV + "latest"
_NOTICE = """\
This is not real data. benchmarks/grow.py generated it from the data of nevkg for measurements: factor {:g}, seed {}.
Block 0 is that data or a part of it; names that end in -x and a number are invented.
"""
# How often sources are added until no question has an empty answer.
_ROUNDS = 5
_Result = TypeVar("_Result")


def add_required_sources(spec: DataSpec) -> DataSpec:
    """Returns the specification with sources for each question that the shipped data answers.

    A part of the first block has the original entities, so a question without an answer needs the sources of one row
    of its answer on the whole data.
    """
    if spec.factor >= 1:
        return spec
    whole = open_store(load_shipped().layout)
    answers = {name: ask(whole, question) for name, question in load_catalogue(whole.layout).questions.items()}
    for attempt in range(_ROUNDS):
        part = EmbeddedStore(build_store(spec, spec.part(0)), whole.layout, "", None, None)
        unanswered = [name for name, answer in answers.items() if len(answer) and not ask(part, answer.question)]
        if not unanswered:
            break
        rows = [answers[name][attempt % len(answers[name])] for name in unanswered]
        slugs = {slug_of(source.iri) for row in rows for source in row.sources()} & load_shipped().sources.keys()
        spec = replace(spec, required=tuple(sorted({*spec.required, *slugs})))
    return spec


def write_folder(spec: DataSpec, folder: Path, processes: int = 1) -> Counts:
    """Writes a folder with the structure of ``data/``, one file for each source.

    Raises:
        WrongUsage: If the folder exists and is not empty.
        CouldNotRun: If it cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WrongUsage(f"{folder} is there already; name a new folder.")
    try:
        with replacing(folder) as draft:
            total = write_part(draft, "dataset", spec.fixed)
            for counts in _map_numbers(partial(_write_block, spec, draft), spec.blocks, processes):
                total += counts
            (draft / "README").write_text(_NOTICE.format(spec.factor, spec.seed), encoding="utf-8")
    except OSError as error:
        raise CouldNotRun(f"{folder} cannot be written: {error.strerror}.") from None
    return total


def write_nquads(spec: DataSpec, file: Path, processes: int = 1) -> Counts:
    """Writes the built dataset as N-Quads, block by block, so that each process has at most one block in memory.

    The current view is not in it, since it follows from a snapshot of the whole: see :func:`add_current_view`.

    Raises:
        CouldNotRun: If the file cannot be written.
    """
    draft = file.with_name(file.name + ".part")
    total = count_quads(spec.fixed, len(build_fixed(spec)))
    try:
        with draft.open("wb") as out:
            out.write(_serialise(build_fixed(spec)))
            for lines, counts in _map_numbers(partial(_serialise_block, spec), spec.blocks, processes):
                out.write(lines)
                total += counts
        draft.replace(file)
    except OSError as error:
        raise CouldNotRun(f"{file} cannot be written: {error.strerror}.") from None
    finally:
        draft.unlink(missing_ok=True)
    return total


def add_current_view(folder: Path) -> None:
    """Adds the current view, which some questions over the record read, to a store that was loaded from :func:`write_nquads`."""
    store = Store(folder)
    with tempfile.TemporaryDirectory(dir=folder.parent) as draft:
        place = Path(draft, "store")
        store.backup(place)
        whole = Store(place)
        derive_current(whole, load_shipped().layout)
        store.bulk_extend(whole.quads_for_pattern(None, None, None, NamedNode(terms.graph(dataset.CURRENT))))
    store.flush()


def _write_block(spec: DataSpec, folder: Path, number: int) -> Counts:
    return write_part(folder, f"registry/block-{number}", spec.part(number))


def write_part(folder: Path, name: str, part: Part) -> Counts:
    """Writes a part into a data folder: its entities into one file of that name, and each source into a separate file."""
    namespaces = terms.prefixes(load_shipped().layout.ontology)
    _write(folder / f"{name}.ttl", serialise(part.registry, "turtle", namespaces))
    for slug, quads in part.sources.items():
        _write(folder / "sources" / _find_year(slug, quads) / f"{slug}.trig", serialise(quads, "trig", namespaces))
    return count_quads(part)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _find_year(slug: str, quads: Iterable[Quad]) -> str:
    """Returns the folder of a source: the year of publication, or ``undated``."""
    of_source = (quad for quad in quads if terms.text(quad.subject) == terms.SOURCE + slug and quad.predicate.value == _LATEST)
    return next((quad.object.value[:4] for quad in of_source if isinstance(quad.object, Literal)), "undated")


def _serialise_block(spec: DataSpec, number: int) -> tuple[bytes, Counts]:
    part = spec.part(number)
    store = build_added(spec, part)
    return _serialise(store), count_quads(part, len(store))


def _serialise(store: Store) -> bytes:
    """Returns sorted N-Quads, because the order of quads in a store is not defined."""
    return b"".join(sorted((store.dump(format=RdfFormat.N_QUADS) or b"").splitlines(keepends=True)))


def _map_numbers(make: Callable[[int], _Result], numbers: Iterable[int], processes: int) -> Iterator[_Result]:
    """Yields the result of ``make`` for each number, in order, using several processes."""
    if processes == 1:
        yield from map(make, numbers)
    else:
        with multiprocessing.get_context("spawn").Pool(processes) as pool:
            yield from pool.imap(make, numbers)


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.grow", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("factor", type=float, help="how many times the shipped data, such as 0.1, 2.5 or 40; places stay as they are")
    parser.add_argument("--seed", type=int, default=0, help="another seed generates other data (default: %(default)s)")
    parser.add_argument("--output", type=Path, metavar="DIR", help="write a data folder")
    parser.add_argument("--nquads", type=Path, metavar="FILE", help="write the built dataset as N-Quads")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="number of parallel processes (default: %(default)s)")
    options = parser.parse_args()
    if not (options.output or options.nquads):
        parser.error("name what to write: --output DIR or --nquads FILE")
    if not 0 < options.factor < 100_000 or options.processes < 1:
        parser.error("the factor lies between 0 and 100000, and the processes are one at least")
    return options


def main() -> int:
    options = _parse_options()
    spec, processes = DataSpec(options.factor, options.seed), options.processes
    try:
        spec = add_required_sources(spec)
        for place, write in ((options.output, write_folder), (options.nquads, write_nquads)):
            if place is not None:
                start = time.perf_counter()
                counts = write(spec, place, processes)
                print(f"{place}: {counts} in {time.perf_counter() - start:.1f} s", flush=True)
    except NevkgError as error:
        print(f"grow: {error}", file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
