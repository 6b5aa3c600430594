"""Generates data of any size with the structure and the distributions of the shipped data.

    python -m benchmarks.grow 10 --output DIR     a data folder, for nevkg --data DIR
    python -m benchmarks.grow 40 --nquads FILE    the built dataset, history and current view included

The same factor and seed give the same bytes.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeVar

from benchmarks.blocks import Made, Order, added, count, shipped, staying
from benchmarks.enough import enough
from benchmarks.parts import Part
from pyoxigraph import Literal, Quad, RdfFormat, Store

from nevkg.data import terms
from nevkg.data.serialise import serialise
from nevkg.errors import CouldNotRun, NevkgError, WrongUsage

_LATEST = terms.NEV + "latest"
_NOTICE = """\
Nothing here is a source. benchmarks/grow.py made this folder from the data of nevkg, to measure with: factor {:g}, seed {}.
Block 0 is that data or a part of it; what ends in -x and a number is invented.
"""
_Result = TypeVar("_Result")


def write_folder(order: Order, folder: Path, processes: int = 1) -> Made:
    """Writes a folder with the structure of ``data/``, one file for each source.

    Raises:
        WrongUsage: If the folder exists and is not empty.
        CouldNotRun: If it cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WrongUsage(f"{folder} is there already; name a new folder.")
    draft = folder.with_name(folder.name + ".part")
    try:
        shutil.rmtree(draft, ignore_errors=True)
        total = write_part(draft, "dataset", order.stays)
        for counts in _each(partial(_write_block, order, draft), order.blocks, processes):
            total += counts
        (draft / "README").write_text(_NOTICE.format(order.factor, order.seed), encoding="utf-8")
        draft.replace(folder)
    except OSError as error:
        raise CouldNotRun(f"{folder} cannot be written: {error.strerror}.") from None
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return total


def write_nquads(order: Order, file: Path, processes: int = 1) -> Made:
    """Writes the built dataset as N-Quads, block by block, so that each process has at most one block in memory.

    Raises:
        CouldNotRun: If the file cannot be written.
    """
    draft = file.with_name(file.name + ".part")
    total = count(order.stays, len(staying(order)))
    try:
        with draft.open("wb") as out:
            out.write(_lines(staying(order)))
            for lines, counts in _each(partial(_lines_of_block, order), order.blocks, processes):
                out.write(lines)
                total += counts
        draft.replace(file)
    except OSError as error:
        raise CouldNotRun(f"{file} cannot be written: {error.strerror}.") from None
    finally:
        draft.unlink(missing_ok=True)
    return total


def _write_block(order: Order, folder: Path, number: int) -> Made:
    return write_part(folder, f"registry/block-{number}", order.part(number))


def write_part(folder: Path, name: str, part: Part) -> Made:
    """Writes a part into a data folder: its entities into one file of that name, and each source into a separate file."""
    namespaces = terms.prefixes(shipped().layout.ontology)
    _write(folder / f"{name}.ttl", serialise(part.registry, "turtle", namespaces))
    for slug, quads in part.sources.items():
        _write(folder / "sources" / _year(slug, quads) / f"{slug}.trig", serialise(quads, "trig", namespaces))
    return count(part)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _year(slug: str, quads: Iterable[Quad]) -> str:
    """Returns the folder of a source: the year of publication, or ``undated``."""
    of_source = (quad for quad in quads if terms.text(quad.subject) == terms.SOURCE + slug and quad.predicate.value == _LATEST)
    return next((quad.object.value[:4] for quad in of_source if isinstance(quad.object, Literal)), "undated")


def _lines_of_block(order: Order, number: int) -> tuple[bytes, Made]:
    part = order.part(number)
    store = added(order, part)
    return _lines(store), count(part, len(store))


def _lines(store: Store) -> bytes:
    """Returns sorted N-Quads, because the order of quads in a store is not defined."""
    return b"".join(sorted((store.dump(format=RdfFormat.N_QUADS) or b"").splitlines(keepends=True)))


def _each(make: Callable[[int], _Result], numbers: Iterable[int], processes: int) -> Iterator[_Result]:
    """Yields the result of ``make`` for each number, in order, using several processes."""
    if processes == 1:
        yield from map(make, numbers)
    else:
        with multiprocessing.get_context("spawn").Pool(processes) as pool:
            yield from pool.imap(make, numbers)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.grow", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("factor", type=float, help="how many times the shipped data, such as 0.1, 2.5 or 40; places stay as they are")
    parser.add_argument("--seed", type=int, default=0, help="another seed makes other data (default: %(default)s)")
    parser.add_argument("--output", type=Path, metavar="DIR", help="write a data folder")
    parser.add_argument("--nquads", type=Path, metavar="FILE", help="write the built dataset as N-Quads")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="how many work at once (default: %(default)s)")
    options = parser.parse_args()
    if not (options.output or options.nquads):
        parser.error("name what to write: --output DIR or --nquads FILE")
    if not 0 < options.factor < 100_000 or options.processes < 1:
        parser.error("the factor lies between 0 and 100000, and the processes are one at least")
    return options


def main() -> int:
    options = _options()
    order, processes = Order(options.factor, options.seed), options.processes
    try:
        order = enough(order)
        for place, write in ((options.output, write_folder), (options.nquads, write_nquads)):
            if place is not None:
                start = time.perf_counter()
                counts = write(order, place, processes)
                print(f"{place}: {counts} in {time.perf_counter() - start:.1f} s", flush=True)
    except NevkgError as error:
        print(f"grow: {error}", file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
