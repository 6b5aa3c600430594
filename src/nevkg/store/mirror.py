"""A server's dataset as a store on this machine: rules, which make snapshots, cannot run on a server."""

from __future__ import annotations

import hashlib

import pyoxigraph

from nevkg.store import contents, digest
from nevkg.store.embedded import EmbeddedStore, open_cached, state_of
from nevkg.store.remote import RemoteStore


def fetch(remote: RemoteStore) -> EmbeddedStore:
    """All that a server holds of ours: from the cache if it has not changed, which its digests show, else from the server.

    Raises:
        CouldNotRun: if the server does not answer, or changes meanwhile.
    """
    names = contents.graphs(remote)
    sums = digest.there(remote.by_graph(), names)
    whole = hashlib.sha256("".join(f"{name} {total}\n" for name, total in sums.items()).encode()).hexdigest()
    state = state_of(whole)

    def write(path: str) -> None:
        store = pyoxigraph.Store(path)
        store.bulk_extend(contents.quads(remote, names))
        store.optimize()
        store.flush()

    if opened := open_cached(f"store-{state}", write):
        return EmbeddedStore(opened.store, remote.layout, whole, None, opened.place, state=state, lease=opened.lease)
    store = pyoxigraph.Store()
    store.bulk_extend(contents.quads(remote, names))
    return EmbeddedStore(store, remote.layout, whole, None, None)
