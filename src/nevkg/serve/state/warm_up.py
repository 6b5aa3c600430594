"""A task that prepares what later requests need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nevkg.ask import days
from nevkg.lookup import entities
from nevkg.serve.jobs import Reply, bytes_reply
from nevkg.serve.problem import Problem
from nevkg.store import EmbeddedStore, Store


def ready(store: Store, given: Mapping[str, Any]) -> Reply:
    """Builds the snapshot of the day ``given``. The worker has already built the record as known by a day, as for every task.

    Raises:
        Problem: 503 if the cache cannot be written, so that no other worker could find it.
    """
    snapshot = days.snapshot(store, given["day"] or entities.dataset_date(store))
    if not (isinstance(store, EmbeddedStore) and store.state and snapshot.place):
        words = "The server cannot store this day, since its cache cannot be written; try again in a minute."
        raise Problem(503, words, headers={"Retry-After": "60"}, cause="cache not writable")
    return bytes_reply("text/plain", b"")
