"""The embedded store: Oxigraph on disk, built once for each state of the dataset."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph

from nevkg import dataset, engine
from nevkg.derive import derive, read_rules
from nevkg.engine import Result
from nevkg.errors import CouldNotRun, WrongUsage
from nevkg.layout import Layout
from nevkg.store import cache
from nevkg.store.base import named

_STORE = "oxigraph"  # within its folder of the cache


@dataclass(frozen=True)
class EmbeddedStore:
    """A store in this process: built from the dataset, or found in ``folder``, into which it was loaded.

    ``services`` are the IRIs of other servers that a query may call by SERVICE. With a ``day`` the default graph is the
    snapshot of that day; without one queries run over the union of all graphs.
    """

    store: pyoxigraph.Store
    layout: Layout
    digest: str
    known_by: str | None
    place: Path | None
    folder: Path | None = None
    services: frozenset[str] = frozenset()
    day: str | None = None

    @property
    def identity(self) -> str:
        """The digest of the data, or the folder."""
        return f"store {self.folder}" if self.folder else f"data sha256:{self.digest[:16]}"

    @property
    def state(self) -> str:
        """What the cache calls this state of the dataset, so that copies of a store share its snapshots; nothing for one in memory."""
        if self.digest:
            return _state(self.digest, self.known_by)
        if self.place:
            return f"{cache.FORMAT}-{self.place.name.replace('-', '')}"
        return f"{cache.FORMAT}-{cache.fingerprint(sorted(self.folder.iterdir()))[:32]}" if self.folder and self.folder.is_dir() else ""

    def query(
        self,
        text: str,
        prefixes: dict[str, str] | None = None,
        *,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
    ) -> Result:
        """See ``Store.query``."""
        chosen: dict[str, object] = {"use_default_graph_as_union": False} if self.day else {}
        if default_graphs or named_graphs:
            chosen = {"default_graph": named(default_graphs), "named_graphs": named(named_graphs)}
        return engine.ask(self.store, text, prefixes, self.services, **chosen)


def build_in_memory(layout: Layout, known_by: str | None = None) -> pyoxigraph.Store:
    """Reads the floors and runs the rules.

    Args:
        layout: the floors.
        known_by: an ISO date; only sources published by then count.

    Raises:
        InvalidData: if a file does not parse or a rule fails.
    """
    store = pyoxigraph.Store()
    store.extend(dataset.quads(layout, known_by))
    derive(store, read_rules(dataset.rule_files(layout)))
    return store


def open_store(layout: Layout, known_by: str | None = None) -> EmbeddedStore:
    """The store for the dataset as it is now: from the cache, else built and kept there.

    Args:
        layout: the floors.
        known_by: an ISO date; only sources published by then count.

    Raises:
        InvalidData: if the dataset does not parse or a rule fails.
        CouldNotRun: if it cannot be read.
    """
    digest = cache.known_digest(layout)
    name = f"store-{_state(digest, known_by)}"
    built: list[pyoxigraph.Store] = []

    def build() -> pyoxigraph.Store:
        store = build_in_memory(layout, known_by)
        cache.refuse_change(layout, digest)
        return store

    def write(path: str) -> None:
        built.append(build())
        on_disk = pyoxigraph.Store(path)
        on_disk.bulk_extend(built[0])
        on_disk.optimize()
        on_disk.flush()

    if opened := open_cached(name, write):
        store, place = opened
        return EmbeddedStore(store, layout, digest, known_by, place)
    return EmbeddedStore(built[0] if built else build(), layout, digest, known_by, None)


def open_cached(name: str, write: Callable[[str], None]) -> tuple[pyoxigraph.Store, Path] | None:
    """The store in the folder ``name`` of the cache, and that folder; None if it cannot be kept there.

    Args:
        name: of the folder.
        write: makes the store at a path, if it is not there.
    """
    for _ in range(2):
        place = cache.build(name, lambda folder: write(str(folder / _STORE)))
        if place is None:
            break
        try:
            return pyoxigraph.Store.read_only(str(place / _STORE)), place
        except (OSError, RuntimeError):
            cache.discard(place)
    return None


def damage(folder: Path | str, error: BaseException) -> CouldNotRun:
    """The error for a damaged store that cannot be built again here."""
    return CouldNotRun(f"The store in {folder} is damaged ({error}); load it again with 'nevkg load'.")


def built_or_derived(layout: Layout) -> pyoxigraph.Store:
    """The store from the cache if it is there, else one in memory, which is there sooner than one on disk.

    Raises:
        InvalidData: if the dataset does not parse or a rule fails.
        CouldNotRun: if it cannot be read.
    """
    if cache.is_built(f"store-{_state(cache.known_digest(layout))}"):
        return open_store(layout).store
    return build_in_memory(layout)


def _state(digest: str, known_by: str | None = None) -> str:
    return f"{cache.FORMAT}-{digest[:32]}" + (f"-{known_by}" if known_by else "")


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
        raise damage(folder, error) from None
