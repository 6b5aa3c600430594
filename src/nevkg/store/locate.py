"""From what a user names to the store that is meant: a folder, or a server."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from pyoxigraph import QueryBoolean

from nevkg.data import terms
from nevkg.data.paths import Layout
from nevkg.errors import CouldNotRun, WrongUsage
from nevkg.store.base import Store


def is_address(place: str) -> bool:
    """Whether the web is meant, and no folder."""
    return place.startswith(("http://", "https://"))


def open_at(place: str, layout: Layout, kind: str | None = None) -> Store:
    """The store in a folder, or behind the address of a server.

    Args:
        place: a folder that was loaded; the address of a server of a known kind, or of any SPARQL endpoint
            whose default graph is the union of its graphs. Parameters in an address are kept, and nothing is guessed.
        layout: the floors that its questions come from.
        kind: of the server (see ``presets``); guessed if None.

    Raises:
        WrongUsage: if there is no store, or the address or kind is not understood.
        CouldNotRun: if it cannot be reached or read, or holds no dataset.
    """
    if is_address(place):
        from nevkg.store.presets import found
        from nevkg.store.remote import open_remote

        server = found(place, kind) if kind or not urlsplit(place).query else None
        if server:
            store: Store = open_remote(server.asked, layout, named=server.query, digest=server.digest, preamble=server.preamble)
        else:
            store = open_remote(place, layout)
    elif kind:
        raise WrongUsage(f"--preset {kind} is for the address of a server, and '{place}' is a folder; leave it out.")
    else:
        from nevkg.store.embedded import open_folder

        store = open_folder(Path(place), layout)
    holds = store.query(f"ASK {{ ?dataset <{terms.NEV}datasetDate> ?day }}")
    if not (isinstance(holds, QueryBoolean) and holds):
        raise CouldNotRun(
            f"{place} holds no dataset of nevkg, or its default graph is not the union of its graphs; 'nevkg load {place}' puts it there."
        )
    return store
