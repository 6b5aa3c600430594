"""Loads into a folder: builds an Oxigraph store on disk next to it, and swaps the two atomically."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph
from pyoxigraph import NamedNode, Quad

from nevkg.data import atomic, terms
from nevkg.errors import CouldNotRun, WrongUsage
from nevkg.progress import Progress, ignore_progress
from nevkg.publish.load.content import Content, LoadResult, Plan, check_graphs, compare
from nevkg.store import digest
from nevkg.store.digest import Sum
from nevkg.store.embedded import is_store


def load(content: Content, folder: Path, *, verify: bool = True, dry: bool = False, progress: Progress = ignore_progress) -> LoadResult:
    """Loads the dataset into a folder. Foreign graphs in it are preserved.

    Args:
        folder: an Oxigraph store, an empty folder, or a path that does not exist.
        verify: whether to read the store again and compare it with the content.
        dry: report what would be done, and write nothing.

    Raises:
        WrongUsage: if the folder contains something else.
        InvalidData: if the content cannot be parsed, or is not a nevkg dataset.
        CouldNotRun: if the folder cannot be written, or does not contain what was written. It is then unchanged.
    """
    if folder.exists() and not is_store(folder) and (not folder.is_dir() or any(folder.iterdir())):
        raise WrongUsage(f"{folder} is not empty and not a store; name a new or empty folder, or one that was loaded before.")
    if dry:
        target = digest.sum_quads(content.quads())
        return LoadResult(str(folder), Plan(target, sorted(target), []), dry=True)
    step = progress("loading", 2 + verify)
    try:
        with atomic.replacing(folder) as draft:
            target = _fill(draft, content, folder)
            step()
            if verify:
                _verify(content, draft, str(folder))
                step()
        step()
    except OSError as error:
        raise CouldNotRun(f"{folder} cannot be written: {error.strerror or error}.") from None
    return LoadResult(str(folder), Plan(target, sorted(target), []), verified=verify)


def _fill(draft: Path, content: Content, folder: Path) -> dict[str, Sum]:
    """Fills the store. Returns the number of triples in each graph of the content."""
    store = pyoxigraph.Store(str(draft))
    content.fill(store)
    check_graphs(store, content.name)
    counts = digest.count_triples(store)
    if folder.exists() and is_store(folder):
        earlier = pyoxigraph.Store.read_only(str(folder))
        store.bulk_extend(quad for quad in earlier if not _is_own(quad))
    store.optimize()  # a bulk load writes many files that each look-up reads: ten million triples are asked in a fifth of the time
    store.flush()
    return counts


def _verify(content: Content, draft: Path, name: str) -> None:
    """Reads the store again and compares it with the content.

    Graphs whose text differs are compared by value, because a store may write numbers in another form.

    Raises:
        CouldNotRun: if they differ.
    """
    store = pyoxigraph.Store.read_only(str(draft))
    expected, actual = digest.hash_graphs(content.quads()), digest.hash_graphs(filter(_is_own, store))
    different = {graph for graph in expected.keys() | actual.keys() if expected.get(graph) != actual.get(graph)}
    if different:
        again = (quad for quad in content.quads() if terms.text(quad.graph_name) in different)
        stored = (quad for graph in different for quad in store.quads_for_pattern(None, None, None, NamedNode(graph)))
        compare(name, digest.sum_quads(again), digest.sum_quads(stored))


def _is_own(quad: Quad) -> bool:
    return terms.text(quad.graph_name).startswith(terms.GRAPH)
