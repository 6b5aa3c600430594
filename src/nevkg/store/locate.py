"""Opens the store at a location given by a user: a folder, a release or the address of a server."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from pyoxigraph import QueryBoolean

from nevkg.data import terms
from nevkg.data.paths import Layout
from nevkg.errors import CouldNotRun, WrongUsage
from nevkg.store.base import Store
from nevkg.store.releases import look_up_release, open_release

_ASK = "ASK {}"


def is_address(place: str) -> bool:
    """Whether a location is a web address, not a folder."""
    return place.startswith(("http://", "https://"))


def open_location(place: str, layout: Layout, kind: str | None = None) -> Store:
    """Opens the store in a folder, of a release, or at the address of a server.

    Args:
        place: a folder that ``nevkg load`` filled; a release, by path or by name; the address of a server of a known kind, or of
            any SPARQL endpoint whose default graph is the union of its graphs. If an address has query parameters, it is used
            as it is, and its kind is not guessed.
        layout: the folders of the dataset, which have the questions; a release has its own.
        kind: the kind of server (see ``presets``); guessed if None.

    Raises:
        WrongUsage: if there is no store, or the address or kind is invalid.
    """
    server = None
    if is_address(place):
        from nevkg.store.endpoints import find_preset
        from nevkg.store.remote import open_remote

        server = find_preset(place, kind) if kind or not urlsplit(place).query else None
        if server:
            store: Store = open_remote(server.union_query, layout, named=server.query, digest=server.digest, preamble=server.preamble)
        else:
            store = open_remote(place, layout)
    elif kind:
        raise WrongUsage(f"--preset {kind} needs the address of a server, but '{place}' is a folder; leave the option out.")
    elif release := look_up_release(place):
        store = open_release(release)
    else:
        from nevkg.store.embedded import open_folder

        store = open_folder(Path(place), layout)
    check_booleans(store, place, server.remedy if server else "")
    holds = store.query(f"ASK {{ ?dataset <{terms.NEV}datasetDate> ?day }}")
    if not (isinstance(holds, QueryBoolean) and holds):
        raise CouldNotRun(
            f"{place} contains no nevkg dataset, or its default graph is not the union of its graphs; load it with 'nevkg load {place}'."
        )
    return store


def check_booleans(store: Store, place: str, remedy: str = "") -> None:
    """Raises ``CouldNotRun``, with a remedy if one is known, if a store (its place) answers ASK with rows, on which nevkg relies."""
    if not isinstance(store.query(_ASK), QueryBoolean):
        how = remedy or "use another server, or another version of it"
        raise CouldNotRun(f"{place} answers the query '{_ASK}' with rows instead of true or false; {how}.")
