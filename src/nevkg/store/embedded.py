"""The embedded store: Oxigraph on disk, built once for each state of the dataset."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph

from nevkg.data import dataset
from nevkg.data.paths import Layout
from nevkg.errors import CouldNotRun, WrongUsage
from nevkg.store import cache, engine
from nevkg.store.base import named
from nevkg.store.derivation import derive, read_rules
from nevkg.store.engine import Result

_STORE = "oxigraph"  # within its folder of the cache


@dataclass(frozen=True)
class EmbeddedStore:
    """A store in this process: built from the dataset, or found in ``folder``, into which it was loaded.

    ``state`` is what the cache calls this state of the dataset, so that all who open it share its snapshots; empty for one
    that is only in memory. ``services`` are the IRIs of other servers that a query may call by SERVICE. With a ``day`` the
    default graph is the snapshot of that day; without one queries run over the union of all graphs. ``lease`` keeps its folder
    of the cache.
    """

    store: pyoxigraph.Store
    layout: Layout
    digest: str
    known_by: str | None
    place: Path | None
    folder: Path | None = None
    services: frozenset[str] = frozenset()
    day: str | None = None
    state: str = ""
    lease: object = field(default=None, repr=False, compare=False)

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
        chosen: dict[str, object] = {"use_default_graph_as_union": False} if self.day else {}
        if default_graphs or named_graphs:
            chosen = {"default_graph": named(default_graphs), "named_graphs": named(named_graphs)}
        return engine.ask(self.store, text, prefixes, self.services, **chosen)


def build_in_memory(layout: Layout) -> pyoxigraph.Store:
    """Reads the floors and runs the rules.

    Raises:
        InvalidData: if a file does not parse or a rule fails.
    """
    store = pyoxigraph.Store()
    store.extend(dataset.quads(layout))
    derive(store, read_rules(dataset.rule_files(layout)))
    return store


def open_store(layout: Layout) -> EmbeddedStore:
    """The store for the dataset as it is now: from the cache, else built and kept there.

    Raises:
        InvalidData: if the dataset does not parse or a rule fails.
        CouldNotRun: if it cannot be read.
    """
    digest = cache.known_digest(layout)
    state = state_of(digest)

    def build() -> pyoxigraph.Store:
        store = build_in_memory(layout)
        cache.refuse_change(layout, digest)
        return store

    opened = open_built(f"store-{state}", build)
    return EmbeddedStore(opened.store, layout, digest, None, opened.place, state=state if opened.place else "", lease=opened.lease)


@dataclass(frozen=True)
class Opened:
    """A store, and the folder of the cache that holds it; the lease keeps that folder for as long as this is kept."""

    store: pyoxigraph.Store
    place: Path | None = None
    lease: object = None


def open_built(name: str, build: Callable[[], pyoxigraph.Store]) -> Opened:
    """The store in the folder ``name`` of the cache; built if it is not there, in memory if it cannot be kept.

    Args:
        name: of the folder.
        build: makes the store in memory.
    """
    built: list[pyoxigraph.Store] = []

    def write(path: str) -> None:
        built.append(build())
        on_disk = pyoxigraph.Store(path)
        on_disk.bulk_extend(built[0])
        on_disk.optimize()
        on_disk.flush()

    return open_cached(name, write) or Opened(built[0] if built else build())


def open_cached(name: str, write: Callable[[str], None]) -> Opened | None:
    """The store in the folder ``name`` of the cache; None if it cannot be kept there.

    Args:
        name: of the folder.
        write: makes the store at a path, if it is not there.
    """
    for _ in range(2):
        place = cache.build(name, lambda folder: write(str(folder / _STORE)))
        if place is None:
            break
        lease = cache.lease(place)
        try:
            return Opened(pyoxigraph.Store.read_only(str(place / _STORE)), place, lease)
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
    if cache.is_built(f"store-{state_of(cache.known_digest(layout))}"):
        return open_store(layout).store
    return build_in_memory(layout)


def state_of(digest: str) -> str:
    """What the cache calls the state of a dataset with this digest (hexadecimal)."""
    return f"{cache.FORMAT}-{digest[:32]}"


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
        # Other files are linked into the cache, which changes them; these two change with what the store holds.
        state = state_of(cache.fingerprint([folder / "CURRENT", *sorted(folder.glob("MANIFEST-*"))]))
        store = pyoxigraph.Store.read_only(str(folder))
        return EmbeddedStore(store, layout, "", None, None, folder=folder, state=state)
    except (OSError, RuntimeError) as error:
        raise damage(folder, error) from None
