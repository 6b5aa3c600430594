"""What is served: which store the user means, its state of now, and whether there is a newer one."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nevkg.data import dataset, terms
from nevkg.data.paths import Layout, walk
from nevkg.errors import CouldNotRun
from nevkg.lookup import entities
from nevkg.serve.pool import Origin
from nevkg.serve.state.store_copy import Snapshot, of_store
from nevkg.serve.state.watch import Facts, Sign
from nevkg.store import EmbeddedStore, cache, open_known, open_snapshot, open_store
from nevkg.store.embedded import open_folder
from nevkg.store.locate import is_address


@dataclass(frozen=True)
class State:
    """One state of the dataset, ready for workers.

    Attributes:
        origin: how a worker opens it.
        name: the same for the same answers; empty if that cannot be known, as with another server.
        facts: what is in it.
        snapshot: what goes when it is no longer served.
    """

    origin: Origin
    name: str
    facts: Facts = field(default_factory=Facts)
    snapshot: Snapshot | None = None

    def close(self) -> None:
        """Removes what was made to serve it."""
        if self.snapshot:
            self.snapshot.close()


@dataclass(frozen=True)
class Served:
    """What the user names.

    Attributes:
        layout: the floors.
        place: a folder or the address of a server; None for the dataset of the floors.
        preset: the kind of that server.
        known_by: an ISO date; only sources published by then count.
        services: addresses to which queries may send requests.
    """

    layout: Layout
    place: str | None = None
    preset: str | None = None
    known_by: str | None = None
    services: tuple[str, ...] = ()

    def sign(self) -> Sign:
        """Changes when there is a new state to serve. Looks at the times of files, reads none."""
        try:
            files = _files(self.layout.queries)
            if self.place is None:
                files += dataset.all_files(self.layout)
            elif not is_address(self.place):
                # A writer that has it open makes logs without changing what is in it.
                files += [Path(self.place) / "CURRENT", *Path(self.place).glob("MANIFEST-*")]
            return Sign(cache.fingerprint(files), len(files))
        except CouldNotRun as error:
            return Sign(f"problem: {error}", problem=str(error))

    def state(self) -> State:
        """The state of now.

        Raises:
            NevkgError: if the dataset is invalid, or there is no store.
        """
        of_all: dict[str, Any] = {
            "ontology": str(self.layout.ontology),
            "data": str(self.layout.data),
            "queries": str(self.layout.queries),
            "known_by": self.known_by or "",
            "services": self.services,
        }
        questions = dataset.digest(_files(self.layout.queries))
        if self.place is None:
            store = self._known(open_store(self.layout))
            snapshot, folder = of_store(store)
            place = str(store.place) if store.place else ""
            origin = Origin(**of_all, digest=store.digest, folder=str(folder), place=place, state=store.state)
            _make_snapshot(origin)
            return State(origin, f"{store.digest} {self.known_by} {questions}", _facts(store), snapshot)
        if is_address(self.place):
            origin = Origin(**of_all, address=self.place, preset=self.preset or "")
            # Not in a worker: what a server holds may take longer to fetch than a request may.
            _make_snapshot(origin)
            return State(origin, "")
        loaded = self._known(open_folder(Path(self.place), self.layout))
        sign = self.sign()
        snapshot, folder = of_store(loaded)
        place = str(snapshot.root) if snapshot else ""
        origin = Origin(**of_all, folder=str(folder), place=place, loaded=Path(self.place).name, state=loaded.state)
        _make_snapshot(origin)
        return State(origin, f"{sign.text} {self.known_by} {questions}", _facts(loaded), snapshot)

    def _known(self, store: EmbeddedStore) -> EmbeddedStore:
        return open_known(store, self.known_by) if self.known_by else store


def _files(folder: Path) -> list[Path]:
    return sorted(walk(folder, ""))


def _make_snapshot(origin: Origin) -> None:
    """Makes what questions are asked of, as the workers find it, so that the first who asks need not wait for it."""
    store = origin.open()
    open_snapshot(store, entities.dataset_date(store))


def _facts(store: EmbeddedStore) -> Facts:
    sources = entities.select(store, f"SELECT (COUNT(DISTINCT ?source) AS ?count) {{ ?source a <{terms.NEV}Source> }}")
    (row,) = sources
    count = int(terms.text(row["count"]))
    return Facts(entities.version(store), entities.dataset_date(store), store.digest or None, len(store.store), count)
