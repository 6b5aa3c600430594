"""The embedded store: Oxigraph on disk, built once for each state of the dataset and cached."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import pyoxigraph
from pyoxigraph import DefaultGraph

from nevkg.data import dataset, terms
from nevkg.data.paths import Layout
from nevkg.errors import CouldNotRun, WrongUsage
from nevkg.progress import announce
from nevkg.store import cache, engine
from nevkg.store.base import graph_nodes
from nevkg.store.derivation import derive, derive_current, read_rules
from nevkg.store.engine import Result
from nevkg.store.shipped import is_shipped, read_shipped, write_shipped

_STORE = "oxigraph"  # within its folder of the cache


class NotBuilt(CouldNotRun):
    """The snapshot of ``day`` is not in the cache, or, if that is empty, the record as known by a day; see ``may_build``."""

    def __init__(self, day: str) -> None:
        super().__init__("This day has to be prepared first; try again in ten seconds.")
        self.day = day


@dataclass(frozen=True)
class EmbeddedStore:
    """A store in this process.

    Attributes:
        digest: the digest of the dataset; empty if the store is in ``folder``.
        known_by: the day (ISO) after which sources are left out; None if all are included.
        place: its folder in the cache; None if there is none.
        folder: the folder that it was loaded into by ``nevkg load``; None if it was built from the dataset.
        services: IRIs of other servers that a query may call by SERVICE.
        day: the day whose snapshot is the default graph; None if queries run over the union of all graphs.
        state: the cache's name of this state of the dataset, by which processes share snapshots; empty if only in memory.
        lease: prevents the removal of its folder from the cache.
        ready: snapshots of this very record that are open already, by day.
        is_copy: whether it was copied from a server, so that ``digest`` is that of its graphs, not that of the dataset.
        may_build: whether snapshots, and records as known by a day, are built if they are not in the cache, which takes seconds.
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
    ready: Mapping[str, pyoxigraph.Store] = field(default_factory=dict, repr=False, compare=False, hash=False)
    is_copy: bool = False
    may_build: bool = field(default=True, repr=False, compare=False)

    @property
    def identity(self) -> str:
        """The digest of the data, or the path of the folder."""
        return f"store {self.folder}" if self.folder else f"data sha256:{self.digest[:16]}"

    @property
    def files(self) -> Path | None:
        """The folder with the files of the engine; None if the store is only in memory."""
        return self.folder or (self.place / _STORE if self.place else None)

    def require_built(self, name: str, day: str) -> None:
        """Raises ``NotBuilt`` if a folder of the cache, of a day or of a record, does not exist and must not be built here."""
        if not self.may_build and not cache.is_built(name):
            raise NotBuilt(day)

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
            chosen = {"default_graph": graph_nodes(default_graphs), "named_graphs": graph_nodes(named_graphs)}
        return engine.ask(self.store, text, prefixes, self.services, **chosen)


def build_in_memory(layout: Layout) -> pyoxigraph.Store:
    """Builds a store in memory: reads the dataset and runs the rules."""
    store, _ = _build_with_snapshot(layout)
    store.remove_graph(DefaultGraph())
    return store


def _build_with_snapshot(layout: Layout) -> tuple[pyoxigraph.Store, str]:
    """Builds a store whose default graph is the snapshot of the dataset's own day; returns the day, too."""
    store = pyoxigraph.Store()
    store.extend(dataset.read_quads(layout))
    derive(store, read_rules(dataset.rule_files(layout, dataset.RECORD)))
    return store, derive_current(store, layout)


def build_with_snapshot(layout: Layout) -> tuple[EmbeddedStore, EmbeddedStore]:
    """Builds a store in memory, and the snapshot of the dataset's own day without the record, for data that is read once."""
    store, day = _build_with_snapshot(layout)
    snapshot = pyoxigraph.Store()
    snapshot.bulk_extend(store.quads_for_pattern(None, None, None, DefaultGraph()))
    store.remove_graph(DefaultGraph())
    record = EmbeddedStore(store, layout, cache.dataset_digest(layout), None, None)
    return record, replace(record, store=snapshot, day=day)


def open_store(layout: Layout) -> EmbeddedStore:
    """Opens the store for the current state of the dataset: from the cache, else built and added to the cache."""
    digest = cache.dataset_digest(layout)
    state = state_of(digest)

    built: list[tuple[pyoxigraph.Store, str]] = []

    def build() -> pyoxigraph.Store:
        announce("Deriving the history of the data, once after each change")
        built.append(_build_with_snapshot(layout))
        cache.require_unchanged(layout, digest)
        return built[-1][0]

    opened = open_built(f"store-{state}", build)
    for store, day in built:
        if opened.place:
            # The snapshot is there already: a first question need not derive it again.
            quads = store.quads_for_pattern(None, None, None, DefaultGraph())
            open_cached(snapshot_name(state, day), partial(write_day, opened.store, partial(pyoxigraph.Store.bulk_extend, quads=quads)))
        store.remove_graph(DefaultGraph())
    return EmbeddedStore(opened.store, layout, digest, None, opened.place, state=state if opened.place else "", lease=opened.lease)


def snapshot_name(state: str, day: str) -> str:
    """Returns the name of the folder of a snapshot in the cache."""
    return f"snapshot-{state}-{day}"


def write_checkpoint(source: pyoxigraph.Store, change: Callable[[pyoxigraph.Store], None], path: str) -> None:
    """Writes a changed copy of a store that shares the files of the original."""
    source.backup(path)
    draft = pyoxigraph.Store(path)
    change(draft)
    draft.flush()


def write_day(record: pyoxigraph.Store, add: Callable[[pyoxigraph.Store], None], path: str) -> None:
    """Writes a snapshot whose triples are known, as a checkpoint of the record without the current view."""

    def change(draft: pyoxigraph.Store) -> None:
        draft.remove_graph(pyoxigraph.NamedNode(terms.graph(dataset.CURRENT)))
        add(draft)

    write_checkpoint(record, change, path)


def ship(layout: Layout, folder: Path) -> None:
    """Writes the built dataset and the snapshot of its own day into a folder, for a wheel, unless they are there."""
    state = state_of(dataset.compute_digest(dataset.all_files(layout)))
    if is_shipped(folder, f"store-{state}"):
        return
    store, day = _build_with_snapshot(layout)
    snapshot = list(store.quads_for_pattern(None, None, None, DefaultGraph()))
    store.remove_graph(DefaultGraph())
    write_shipped(folder, {snapshot_name(state, day): snapshot, f"store-{state}": store})


@dataclass(frozen=True)
class OpenedStore:
    """A store, its folder in the cache, and a lease that prevents the removal of that folder."""

    store: pyoxigraph.Store
    place: Path | None = None
    lease: object = None


def open_built(name: str, build: Callable[[], pyoxigraph.Store]) -> OpenedStore:
    """Opens the store in the folder ``name`` of the cache, built if it is missing; in memory if the cache cannot be written.

    It is loaded from the wheel if it is shipped.
    """
    built: list[pyoxigraph.Store] = []

    def fill(store: pyoxigraph.Store) -> None:
        if content := read_shipped(name):
            announce("Loading the data, once after the installation")
            engine.load_lines(store, content)
            return
        if not built:
            built.append(build())
        store.bulk_extend(quad for quad in built[0] if quad.graph_name != DefaultGraph())

    return open_filled(name, fill)


def open_filled(name: str, fill: Callable[[pyoxigraph.Store], None]) -> OpenedStore:
    """Opens the store in the folder ``name`` of the cache, filled if it is missing; in memory if the cache cannot be written."""

    def write(path: str) -> None:
        on_disk = pyoxigraph.Store(path)
        fill(on_disk)
        on_disk.optimize()
        on_disk.flush()

    if opened := open_cached(name, write):
        return opened
    in_memory = pyoxigraph.Store()
    fill(in_memory)
    return OpenedStore(in_memory)


def open_cached(name: str, write: Callable[[str], None]) -> OpenedStore | None:
    """Opens the store in the folder ``name`` of the cache, written at a path if it is missing; None if the cache cannot be written."""
    for _ in range(2):
        place = cache.build(name, lambda folder: write(str(folder / _STORE)))
        if place is None:
            break
        lease = cache.lease(place)
        try:
            return OpenedStore(pyoxigraph.Store.read_only(str(place / _STORE)), place, lease)
        except (OSError, RuntimeError):
            cache.discard(place)
    return None


def damage_error(folder: Path | str, error: BaseException) -> CouldNotRun:
    """Returns the error for a damaged store that cannot be rebuilt here."""
    return CouldNotRun(f"The store in {folder} is damaged ({error}); load it again with 'nevkg load'.")


def open_or_derive(layout: Layout) -> pyoxigraph.Store:
    """Opens the store from the cache if it is there, else builds one in memory, which is faster than building one on disk."""
    if cache.is_built(f"store-{state_of(cache.dataset_digest(layout))}"):
        return open_store(layout).store
    return build_in_memory(layout)


def state_of(digest: str) -> str:
    """Returns the cache's name of the state of a dataset with this digest (hexadecimal)."""
    return f"{cache.FORMAT}-{digest[:32]}"


def is_store(folder: Path) -> bool:
    """Whether a folder contains an Oxigraph store."""
    return (folder / "CURRENT").is_file()  # the file of RocksDB that names the current manifest


def open_folder(folder: Path, layout: Layout) -> EmbeddedStore:
    """Opens the store that ``nevkg load`` made in a folder, read-only, with the questions of a layout; ``WrongUsage`` if there is none."""
    if not is_store(folder):
        what = "contains no store" if folder.is_dir() else "does not exist"
        raise WrongUsage(f"{folder} {what}; create one with 'nevkg load {folder}'.")
    try:
        # Snapshots hard-link the other files, which changes their metadata; these change only with the content of the store.
        state = state_of(cache.fingerprint([folder / "CURRENT", *sorted(folder.glob("MANIFEST-*"))]))
        store = pyoxigraph.Store.read_only(str(folder))
        return EmbeddedStore(store, layout, "", None, None, folder=folder, state=state)
    except (OSError, RuntimeError) as error:
        raise damage_error(folder, error) from None
