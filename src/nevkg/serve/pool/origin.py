"""Where the workers find the store: what one process tells another, so that it can open it, too."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import pyoxigraph

from nevkg.data.paths import Layout
from nevkg.store import EmbeddedStore, Store, open_known


@dataclass(frozen=True)
class Origin:
    """A store, as its workers open it.

    Attributes:
        ontology: with ``data`` and ``queries``, the floors.
        digest: of the dataset; names the state that answers are of. Empty if it is not known.
        folder: that holds the store of Oxigraph; empty for a server.
        place: the folder that belongs to this state of the dataset, see ``Store.place``.
        known_by: see ``Store.known_by``.
        state: see ``EmbeddedStore.state``.
        loaded: the folder into which it was loaded, as the user named it; empty for the dataset here.
        address: of a server.
        preset: its kind.
        services: addresses to which queries may send requests.
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
        """The floors."""
        return Layout(Path(self.ontology), Path(self.data), Path(self.queries))

    @property
    def needs_network(self) -> bool:
        """Whether a worker must be able to reach other machines."""
        return bool(self.address or self.services)

    def open(self) -> Store:
        """The store, to be read.

        Raises:
            CouldNotRun: if a server does not answer.
            OSError: if a folder cannot be read.
        """
        if self.address:
            from nevkg.store.locate import open_at

            store = open_at(self.address, self.layout, self.preset or None)
            return open_known(store, self.known_by) if self.known_by else store
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
        """As text."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Origin:
        """From that text."""
        facts = json.loads(text)
        return cls(**{**facts, "services": tuple(facts["services"])})
