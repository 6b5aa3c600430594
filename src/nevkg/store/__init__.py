"""Stores that hold the dataset and answer queries: embedded or remote, cached, as of a day or as known by a day."""

from nevkg.store.base import Store
from nevkg.store.derivation import EVER
from nevkg.store.embedded import EmbeddedStore, build_with_snapshot, open_or_derive, open_store
from nevkg.store.snapshots import open_known_by, open_or_derive_snapshot, open_snapshot

__all__ = [
    "EVER",
    "EmbeddedStore",
    "Store",
    "build_with_snapshot",
    "open_known_by",
    "open_or_derive",
    "open_or_derive_snapshot",
    "open_snapshot",
    "open_store",
]
