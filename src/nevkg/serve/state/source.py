"""Opens the dataset or store that the user chose to serve, copies it, and detects newer states of it."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import pyoxigraph

from nevkg.data import dataset, terms
from nevkg.data.paths import Layout, walk
from nevkg.errors import CouldNotRun
from nevkg.lookup import entities
from nevkg.publish.heartbeat import Heartbeat
from nevkg.reading.archive import Archive
from nevkg.serve.pool.process import Origin
from nevkg.serve.state.watch import Contents, Sign
from nevkg.store import EmbeddedStore, cache, open_known_by, open_snapshot
from nevkg.store.embedded import open_folder
from nevkg.store.locate import is_address
from nevkg.store.releases import SUMS, open_dataset, read_release

_PREFIX = "serving-"
_STORE, _LOCK = "store", "lock"
_TABLES = ".sst"
_HOUR = 3600


class StoreCopy:
    """A temporary folder that is removed when it is closed. If the server is killed, a later server removes it.

    Attributes:
        root: the whole folder; files made from the store may be put there, too.
        folder: the subfolder for the store.
    """

    def __init__(self, parent: Path | None) -> None:
        """Creates the folder in ``parent``, or in the folder of temporary files."""
        self.root = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent))
        self.folder = self.root / _STORE
        try:
            self._lock = (self.root / _LOCK).open("w")
            _lock_file(self._lock)
            self.folder.mkdir()
        except OSError:
            shutil.rmtree(self.root, ignore_errors=True)
            raise

    def close(self) -> None:
        """Removes the folder."""
        shutil.rmtree(self.root, ignore_errors=True)
        self._lock.close()


def copy_store(store: EmbeddedStore) -> tuple[StoreCopy | None, Path]:
    """Copies a store; returns the copy and the folder to open.

    Table files of a store never change, so they are hard-linked instead of copied. Where that is impossible, as on another disk
    than that of the cache, there is no copy (None), and the store is served from its own folder.
    """
    source = store.files
    if source is None:
        made = StoreCopy(None)
        try:
            on_disk = pyoxigraph.Store(str(made.folder))
            on_disk.bulk_extend(store.store)
            on_disk.flush()
        except BaseException:
            made.close()
            raise
        return made, made.folder
    linked = None
    try:
        cache.folder().mkdir(parents=True, exist_ok=True)
        _remove_abandoned_copies()
        linked = StoreCopy(cache.folder())
        for path in sorted(source.iterdir()):
            if path.suffix == _TABLES:
                os.link(path, linked.folder / path.name)
            elif path.is_file():
                shutil.copy2(path, linked.folder)
        pyoxigraph.Store.read_only(str(linked.folder))
    except (OSError, RuntimeError):
        if linked:
            linked.close()
        return None, source
    return linked, linked.folder


def _remove_abandoned_copies() -> None:
    """Removes folders of servers that were killed: no process holds their locks."""
    for root in cache.folder().glob(f"{_PREFIX}*"):
        with suppress(OSError):
            if root.stat().st_mtime < time.time() - _HOUR:
                with (root / _LOCK).open("w") as lock:
                    _lock_file(lock)
                    shutil.rmtree(root)


def _lock_file(lock: IO[str]) -> None:
    """Takes a file lock that the system releases when this process ends; ``OSError`` if another process holds it."""
    try:
        import fcntl
    except ImportError:  # On Windows a folder in use cannot be removed anyway.
        return
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


@dataclass(frozen=True)
class State:
    """One state of the dataset, ready for workers.

    Attributes:
        name: states with equal names give equal answers; empty if that cannot be known, as with a remote store.
        contents: size and version of the content.
        copy: temporary copy of the store, removed when the state is no longer served; None if the store is used in place.
    """

    origin: Origin
    name: str
    contents: Contents = field(default_factory=Contents)
    copy: StoreCopy | None = None

    def close(self) -> None:
        """Removes the temporary copy, if there is one."""
        if self.copy:
            self.copy.close()


@dataclass(frozen=True)
class ServedDataset:
    """What the user chose to serve.

    Attributes:
        place: folder of a store, or address of a SPARQL server; None for the dataset of the layout.
        preset: kind of that server, as for ``--preset``.
        known_by: ISO date; sources published later are left out.
        services: addresses that queries may call with SERVICE.
        releases: releases and folders of releases, from which citations of other editions are answered.
    """

    layout: Layout
    place: str | None = None
    preset: str | None = None
    known_by: str | None = None
    services: tuple[str, ...] = ()
    releases: tuple[str, ...] = ()

    def sign(self) -> Sign:
        """Returns a sign that changes when there is a new state. Reads modification times, but no file contents."""
        try:
            files: list[Path | str] = [*_files(self.layout.queries)]
            if self.place is None:
                files += [self.layout.data / SUMS] if read_release(self.layout.data) else dataset.all_files(self.layout)
            elif not is_address(self.place):
                # A writer that has the store open writes logs without changing the content, so only these files count.
                files += [Path(self.place) / "CURRENT", *Path(self.place).glob("MANIFEST-*")]
            return Sign(cache.fingerprint([*files, *self._list_texts()]), len(files))
        except CouldNotRun as error:
            return Sign(f"problem: {error}", problem=str(error))

    def state(self) -> State:
        """Opens the current state; raises ``NevkgError`` if the dataset is invalid, or the store does not exist."""
        common: dict[str, Any] = {
            "ontology": str(self.layout.ontology),
            "data": str(self.layout.data),
            "queries": str(self.layout.queries),
            "known_by": self.known_by or "",
            "services": self.services,
            "texts": str(self.layout.texts or ""),
        }
        name = f"{self.known_by} {dataset.compute_digest(_files(self.layout.queries))} {cache.fingerprint(self._list_texts())}"
        if self.place is not None and is_address(self.place):
            origin = Origin(**common, address=self.place, preset=self.preset or "")
            # Not in a worker: fetching the data of a remote store can take longer than a request may.
            _make_snapshot(origin)
            return State(origin, "")
        store = open_dataset(self.layout) if self.place is None else open_folder(Path(self.place), self.layout)
        store = open_known_by(store, self.known_by) if self.known_by else store
        identity = store.digest if self.place is None else self.sign().text
        copy, folder = copy_store(store)
        place = store.place if self.place is None else copy and copy.root
        loaded = Path(self.place or "").name
        origin = Origin(**common, digest=store.digest, folder=str(folder), place=str(place or ""), loaded=loaded, state=store.state)
        _make_snapshot(origin)
        return State(origin, f"{identity} {name}", _describe_contents(store), copy)

    def _list_texts(self) -> list[Path]:
        return Archive(self.layout.texts).list_files() if self.layout.texts else []


def _files(folder: Path) -> list[Path]:
    return sorted(walk(folder, ""))


def _make_snapshot(origin: Origin) -> None:
    """Builds the snapshot that questions use, as the workers will find it, so that the first request need not wait for it."""
    store = origin.open()
    open_snapshot(store, entities.dataset_date(store))


def _describe_contents(store: EmbeddedStore) -> Contents:
    sources = entities.select(store, f"SELECT (COUNT(DISTINCT ?source) AS ?count) {{ ?source a <{terms.NEV}Source> }}")
    (row,) = sources
    count = int(terms.text(row["count"]))
    heartbeat = Heartbeat.measure(store).to_json()
    return Contents(entities.version(store), entities.dataset_date(store), store.digest or None, len(store.store), count, heartbeat)
