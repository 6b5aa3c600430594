"""Stores: where the dataset is kept and asked."""

from nevkg.store.base import Store
from nevkg.store.embedded import EmbeddedStore, built_or_derived, open_store
from nevkg.store.known_by import open_known
from nevkg.store.snapshots import EVER, open_snapshot

__all__ = ["EVER", "EmbeddedStore", "Store", "built_or_derived", "open_known", "open_snapshot", "open_store"]
