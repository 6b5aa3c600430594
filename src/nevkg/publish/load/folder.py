"""Loads into a folder: an Oxigraph store on disk, built beside it and put in its place in one step."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph
from pyoxigraph import NamedNode, Quad

from nevkg.data import atomic, terms
from nevkg.errors import CouldNotRun, WrongUsage
from nevkg.progress import Progress, silent
from nevkg.publish.load.plan import Loaded, Plan, compare
from nevkg.publish.load.source import Content, check
from nevkg.store import digest
from nevkg.store.digest import Sum
from nevkg.store.embedded import is_store


def load(content: Content, folder: Path, *, verify: bool = True, dry: bool = False, progress: Progress = silent) -> Loaded:
    """Makes a folder hold the dataset. Graphs of somebody else that are in it stay.

    Args:
        content: what to load.
        folder: a store of Oxigraph, an empty folder, or none yet.
        verify: whether to read the store anew and compare it with what went in.
        dry: tell what would be done, and write nothing.
        progress: told how far it is.

    Raises:
        WrongUsage: if the folder holds something else.
        InvalidData: if the content is not of ours or does not parse.
        CouldNotRun: if the folder cannot be written, or does not hold what went in; it is then as it was.
    """
    if folder.exists() and not is_store(folder) and (not folder.is_dir() or any(folder.iterdir())):
        raise WrongUsage(f"{folder} holds something else than a store; name a new or empty folder, or one that was loaded before.")
    if dry:
        wanted = digest.here(content.quads())
        return Loaded(str(folder), Plan(wanted, sorted(wanted), []), dry=True)
    step = progress("loading", 2 + verify)
    try:
        draft = atomic.empty_draft(folder)
        wanted = _fill(draft, content, folder)
        step()
        if verify:
            _verify(content, draft, str(folder))
            step()
        atomic.put(draft, folder)
        step()
    except OSError as error:
        raise CouldNotRun(f"{folder} cannot be written: {error.strerror or error}.") from None
    finally:
        atomic.discard_drafts(folder)
    return Loaded(str(folder), Plan(wanted, sorted(wanted), []), verified=verify)


def _fill(draft: Path, content: Content, folder: Path) -> dict[str, Sum]:
    """Makes the store, and tells how many triples of ours each graph in it has."""
    store = pyoxigraph.Store(str(draft))
    content.fill(store)
    check(store, content.name)
    counts = digest.counted(store)
    if folder.exists() and is_store(folder):
        store.bulk_extend(_of_others(pyoxigraph.Store.read_only(str(folder))))
    store.flush()
    return counts


def _verify(content: Content, draft: Path, name: str) -> None:
    """Reads all anew; graphs that are not written alike are compared with care, since a store writes numbers in its own way."""
    store = pyoxigraph.Store.read_only(str(draft))
    sent, held = digest.quickly(content.quads()), digest.quickly(_of_ours(store))
    unlike = {graph for graph in sent.keys() | held.keys() if sent.get(graph) != held.get(graph)}
    if unlike:
        again = (quad for quad in content.quads() if terms.text(quad.graph_name) in unlike)
        stored = (quad for graph in unlike for quad in store.quads_for_pattern(None, None, None, NamedNode(graph)))
        compare(name, digest.here(again), digest.here(stored))


def _of_ours(store: pyoxigraph.Store) -> Iterator[Quad]:
    return (quad for quad in store if terms.text(quad.graph_name).startswith(terms.GRAPH))


def _of_others(store: pyoxigraph.Store) -> Iterator[Quad]:
    return (quad for quad in store if not terms.text(quad.graph_name).startswith(terms.GRAPH))
