"""Stores: where the dataset is kept and asked."""

from nevkg.store.embedded import EmbeddedStore, open_store

__all__ = ["EmbeddedStore", "open_store"]
