"""A server's dataset as a store on this machine: rules, which make snapshots, cannot run on a server."""

from __future__ import annotations

import hashlib

import pyoxigraph

from nevkg.store import cache, contents, digest
from nevkg.store.embedded import EmbeddedStore, open_cached
from nevkg.store.remote import RemoteStore


def fetch(remote: RemoteStore) -> EmbeddedStore:
    """All that a server holds of ours: from the cache if it has not changed, which its digests show, else from the server.

    Raises:
        CouldNotRun: if the server does not answer, or changes meanwhile.
    """
    names = contents.graphs(remote)
    sums = digest.there(remote.by_graph(), names)
    state = hashlib.sha256("".join(f"{name} {total}\n" for name, total in sums.items()).encode()).hexdigest()

    def write(path: str) -> None:
        store = pyoxigraph.Store(path)
        store.bulk_extend(contents.quads(remote, names))
        store.optimize()
        store.flush()

    name = f"store-{cache.FORMAT}-{state[:32]}"
    if opened := open_cached(name, write):
        store, place = opened
        return EmbeddedStore(store, remote.layout, state, remote.known_by, place)
    store = pyoxigraph.Store()
    store.bulk_extend(contents.quads(remote, names))
    return EmbeddedStore(store, remote.layout, state, remote.known_by, None)
