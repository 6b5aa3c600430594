"""The location of a store and how to open it, in a form that can be passed to worker processes."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import pyoxigraph

from nevkg.data.paths import Layout
from nevkg.store import EmbeddedStore, Store, open_known_by
from nevkg.store.embedded import is_store


@dataclass(frozen=True)
class Origin:
    """A store, as its workers open it.

    Attributes:
        ontology: with ``data`` and ``queries``, the folders of the layout.
        digest: digest of the dataset, which identifies the state that answers are from; empty if unknown.
        folder: folder of the Oxigraph store; empty for a remote store.
        place: folder of files for this state of the dataset; see ``Store.place``.
        known_by: see ``Store.known_by``.
        state: see ``EmbeddedStore.state``.
        loaded: folder into which the user loaded the store, as the user named it; empty for the dataset of the layout.
        address: address of a SPARQL server; empty for a local store.
        preset: kind of that server.
        services: addresses that queries may call with SERVICE.
    """

    ontology: str
    data: str
    queries: str
    digest: str = ""
    folder: str = ""
    place: str = ""
    known_by: str = ""
    state: str = ""
    loaded: str = ""
    address: str = ""
    preset: str = ""
    services: tuple[str, ...] = ()

    @property
    def layout(self) -> Layout:
        """The folders of the dataset."""
        return Layout(Path(self.ontology), Path(self.data), Path(self.queries))

    @property
    def needs_network(self) -> bool:
        """Whether a worker must be able to reach other machines."""
        return bool(self.address or self.services)

    @property
    def is_missing(self) -> bool:
        """Whether another program has removed the store. Workers that have it open can go on, but no further one can open it."""
        return bool(self.folder) and not is_store(Path(self.folder))

    def open(self) -> Store:
        """Opens the store for reading.

        Raises:
            CouldNotRun: if a remote server does not answer.
            OSError: if a folder cannot be read.
        """
        if self.address:
            from nevkg.store.locate import open_location

            store = open_location(self.address, self.layout, self.preset or None)
            return open_known_by(store, self.known_by) if self.known_by else store
        return EmbeddedStore(
            pyoxigraph.Store.read_only(self.folder),
            self.layout,
            self.digest,
            self.known_by or None,
            Path(self.place) if self.place else None,
            folder=Path(self.loaded) if self.loaded else None,
            services=frozenset(self.services),
            state=self.state,
        )

    def to_json(self) -> str:
        """Returns the origin as JSON text."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Origin:
        """Reads the text of ``to_json``."""
        facts = json.loads(text)
        return cls(**{**facts, "services": tuple(facts["services"])})
