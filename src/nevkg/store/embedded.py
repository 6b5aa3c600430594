"""The embedded store: Oxigraph on disk, built once for each state of the dataset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pyoxigraph

from nevkg import dataset, terms
from nevkg.bounds import refuse_depth
from nevkg.derive import derive, read_rules
from nevkg.errors import CouldNotRun, WrongUsage
from nevkg.layout import Layout
from nevkg.sparql import names_graphs, refuse_outgoing_requests
from nevkg.store import cache
from nevkg.store.base import Result, named


@dataclass(frozen=True)
class EmbeddedStore:
    """A store in this process: built from the dataset, or found in ``folder``, into which it was loaded.

    ``services`` are the IRIs of other servers that a query may call by SERVICE.
    """

    store: pyoxigraph.Store
    layout: Layout
    digest: str
    known_by: str | None
    place: Path | None
    as_of: str | None = None
    folder: Path | None = None
    services: frozenset[str] = frozenset()

    @property
    def identity(self) -> str:
        """The digest of the data, or the folder."""
        return f"store {self.folder}" if self.folder else f"data sha256:{self.digest[:16]}"

    def query(
        self,
        text: str,
        prefixes: dict[str, str] | None = None,
        *,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
    ) -> Result:
        """See ``Store.query``."""
        refuse_outgoing_requests(text, self.services)
        refuse_depth(text)
        ask = partial(self.store.query, text, base_iri=terms.BASE, prefixes=prefixes)
        if default_graphs or named_graphs:
            return ask(default_graph=[*named(default_graphs)], named_graphs=[*named(named_graphs)])
        # With the union asked for, Oxigraph passes over FROM.
        return ask(use_default_graph_as_union=not names_graphs(text))


def build_in_memory(layout: Layout, known_by: str | None = None, as_of: str | None = None) -> pyoxigraph.Store:
    """Reads the floors and runs the rules.

    Args:
        layout: the floors.
        known_by: an ISO date; only sources published by then count.
        as_of: an ISO date to take the place of the dataset's own, for which the current view is made.

    Raises:
        InvalidData: if a file does not parse or a rule fails.
    """
    store = pyoxigraph.Store()
    store.extend(dataset.quads(layout, known_by, as_of))
    derive(store, read_rules(dataset.rule_files(layout)))
    return store


def open_store(layout: Layout, known_by: str | None = None, as_of: str | None = None) -> EmbeddedStore:
    """The store for the dataset as it is now: from the cache, else built and kept there.

    Args:
        layout: the floors.
        known_by: an ISO date; only sources published by then count.
        as_of: an ISO date to take the place of the dataset's own.

    Raises:
        InvalidData: if the dataset does not parse or a rule fails.
        CouldNotRun: if it cannot be read.
    """
    digest = cache.known_digest(layout)
    name = _name(digest) + (f"-{known_by}" if known_by else "") + (f"-as-of-{as_of}" if as_of else "")
    built: list[pyoxigraph.Store] = []

    def fill(folder: Path) -> None:
        built.append(build_in_memory(layout, known_by, as_of))
        on_disk = pyoxigraph.Store(str(folder / "oxigraph"))
        on_disk.bulk_extend(built[0])
        on_disk.optimize()
        on_disk.flush()

    for _ in range(2):
        place = cache.build(name, fill)
        if place is None:
            break
        try:
            opened = pyoxigraph.Store.read_only(str(place / "oxigraph"))
            return EmbeddedStore(opened, layout, digest, known_by, place, as_of)
        except (OSError, RuntimeError):
            cache.discard(place)
    return EmbeddedStore(built[0] if built else build_in_memory(layout, known_by, as_of), layout, digest, known_by, None, as_of)


def built_or_derived(layout: Layout) -> pyoxigraph.Store:
    """The store from the cache if it is there, else one in memory, which is there sooner than one on disk.

    Raises:
        InvalidData: if the dataset does not parse or a rule fails.
        CouldNotRun: if it cannot be read.
    """
    if cache.is_built(_name(cache.known_digest(layout))):
        return open_store(layout).store
    return build_in_memory(layout)


def _name(digest: str) -> str:
    return f"store-{cache.FORMAT}-{digest[:32]}"


def is_store(folder: Path) -> bool:
    """Whether a folder holds a store of Oxigraph."""
    return (folder / "CURRENT").is_file()  # RocksDB's, which names the newest state


def open_folder(folder: Path, layout: Layout) -> EmbeddedStore:
    """The store in a folder, to be read.

    Args:
        folder: into which it was loaded.
        layout: the floors that its questions come from.

    Raises:
        WrongUsage: if there is none.
        CouldNotRun: if it cannot be read.
    """
    if not is_store(folder):
        what = "holds no store" if folder.is_dir() else "does not exist"
        raise WrongUsage(f"{folder} {what}; make one with 'nevkg load {folder}'.")
    try:
        return EmbeddedStore(pyoxigraph.Store.read_only(str(folder)), layout, "", None, None, folder=folder)
    except (OSError, RuntimeError) as error:
        raise CouldNotRun(f"The store in {folder} cannot be read ({error}); load it again.") from None
