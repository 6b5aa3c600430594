"""What a worker makes before requests need it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nevkg.ask import days
from nevkg.lookup import entities
from nevkg.serve.reply import Reply, whole
from nevkg.store import Store


def ready(store: Store, given: Mapping[str, Any]) -> Reply:  # noqa: ARG001  as all tasks have it
    """Makes the snapshot of the dataset's date; the record as known by a day is made for every task."""
    days.snapshot(store, entities.dataset_date(store))
    return whole("text/plain", b"")
