"""A task that prepares what later requests need."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nevkg.ask import days
from nevkg.lookup import entities
from nevkg.serve.reply import Reply, bytes_reply
from nevkg.store import Store


def ready(store: Store, given: Mapping[str, Any]) -> Reply:
    """Builds the snapshot of the day ``given``. The worker has already built the record as known by a day, as for every task."""
    days.snapshot(store, given["day"] or entities.dataset_date(store))
    return bytes_reply("text/plain", b"")
