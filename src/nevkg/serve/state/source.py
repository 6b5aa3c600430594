"""Opens the dataset or store that the user chose to serve, and detects newer states of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nevkg.data import dataset, terms
from nevkg.data.paths import Layout, walk
from nevkg.errors import CouldNotRun
from nevkg.lookup import entities
from nevkg.serve.pool import Origin
from nevkg.serve.state.store_copy import StoreCopy, copy_store
from nevkg.serve.state.watch import Facts, Sign
from nevkg.store import EmbeddedStore, cache, open_known_by, open_snapshot
from nevkg.store.embedded import open_folder
from nevkg.store.locate import is_address
from nevkg.store.releases import SUMS, open_dataset, read_release


@dataclass(frozen=True)
class State:
    """One state of the dataset, ready for workers.

    Attributes:
        origin: how a worker opens the store.
        name: states with equal names give equal answers; empty if that cannot be known, as with a remote store.
        facts: size and version of the content.
        copy: temporary copy of the store, removed when the state is no longer served; None if the store is used in place.
    """

    origin: Origin
    name: str
    facts: Facts = field(default_factory=Facts)
    copy: StoreCopy | None = None

    def close(self) -> None:
        """Removes the temporary copy, if there is one."""
        if self.copy:
            self.copy.close()


@dataclass(frozen=True)
class ServedDataset:
    """What the user chose to serve.

    Attributes:
        layout: folders of the dataset.
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
            return Sign(cache.fingerprint(files), len(files))
        except CouldNotRun as error:
            return Sign(f"problem: {error}", problem=str(error))

    def state(self) -> State:
        """Opens the current state.

        Raises:
            NevkgError: if the dataset is invalid, or the store does not exist.
        """
        common: dict[str, Any] = {
            "ontology": str(self.layout.ontology),
            "data": str(self.layout.data),
            "queries": str(self.layout.queries),
            "known_by": self.known_by or "",
            "services": self.services,
        }
        questions = dataset.compute_digest(_files(self.layout.queries))
        if self.place is None:
            store = self._open_known(open_dataset(self.layout))
            copy, folder = copy_store(store)
            place = str(store.place) if store.place else ""
            origin = Origin(**common, digest=store.digest, folder=str(folder), place=place, state=store.state)
            _make_snapshot(origin)
            return State(origin, f"{store.digest} {self.known_by} {questions}", _facts(store), copy)
        if is_address(self.place):
            origin = Origin(**common, address=self.place, preset=self.preset or "")
            # Not in a worker: fetching the data of a remote store can take longer than a request may.
            _make_snapshot(origin)
            return State(origin, "")
        store = self._open_known(open_folder(Path(self.place), self.layout))
        sign = self.sign()
        copy, folder = copy_store(store)
        place = str(copy.root) if copy else ""
        origin = Origin(**common, folder=str(folder), place=place, loaded=Path(self.place).name, state=store.state)
        _make_snapshot(origin)
        return State(origin, f"{sign.text} {self.known_by} {questions}", _facts(store), copy)

    def _open_known(self, store: EmbeddedStore) -> EmbeddedStore:
        return open_known_by(store, self.known_by) if self.known_by else store


def _files(folder: Path) -> list[Path]:
    return sorted(walk(folder, ""))


def _make_snapshot(origin: Origin) -> None:
    """Builds the snapshot that questions use, as the workers will find it, so that the first request need not wait for it."""
    store = origin.open()
    open_snapshot(store, entities.dataset_date(store))


def _facts(store: EmbeddedStore) -> Facts:
    sources = entities.select(store, f"SELECT (COUNT(DISTINCT ?source) AS ?count) {{ ?source a <{terms.NEV}Source> }}")
    (row,) = sources
    count = int(terms.text(row["count"]))
    return Facts(entities.version(store), entities.dataset_date(store), store.digest or None, len(store.store), count)
