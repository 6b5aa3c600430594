"""Copies the dataset of a server to a local store: the rules, which derive snapshots, cannot run on a server."""

from __future__ import annotations

import hashlib

import pyoxigraph

from nevkg.store import contents, digest
from nevkg.store.embedded import EmbeddedStore, open_cached, state_of
from nevkg.store.remote import RemoteStore


def fetch(remote: RemoteStore) -> EmbeddedStore:
    """Returns a local copy of the dataset of a server: from the cache if the digests of its graphs are the same, else fetched.

    Raises:
        CouldNotRun: if the server does not answer, or changes in the meantime.
    """
    names = contents.graphs(remote)
    sums = digest.sum_graphs(remote.by_graph(), names)
    whole = hashlib.sha256("".join(f"{name} {total}\n" for name, total in sums.items()).encode()).hexdigest()
    state = state_of(whole)

    def write(path: str) -> None:
        store = pyoxigraph.Store(path)
        store.bulk_extend(contents.quads(remote, names))
        store.optimize()
        store.flush()

    if opened := open_cached(f"store-{state}", write):
        return EmbeddedStore(opened.store, remote.layout, whole, None, opened.place, state=state, lease=opened.lease, is_copy=True)
    store = pyoxigraph.Store()
    store.bulk_extend(contents.quads(remote, names))
    return EmbeddedStore(store, remote.layout, whole, None, None, is_copy=True)
