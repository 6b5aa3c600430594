"""What can be set of the server, with the limits that keep it answering."""

from __future__ import annotations

import os
from dataclasses import dataclass

KILOBYTE, MEGABYTE = 1 << 10, 1 << 20


@dataclass(frozen=True)
class Settings:
    """Limits; the defaults suit a machine with a few gigabytes.

    Attributes:
        quick: how many queries run at once in the lane where all begin.
        slow: how many of those that take longer than a moment run at once, below the others.
        moment: seconds of a processor after which a query of a client's own counts as slow; ours have four times that.
        time_limit: seconds after which a query is stopped.
        memory: megabytes that one query may use.
        rows: of one answer, at the most.
        size: megabytes of one answer, at the most.
        waiting: how many queries may wait for a worker; further ones are told to come back.
        patience: seconds that one may wait.
        cache: megabytes of answers that are kept.
        spool: megabytes of answers that may wait on disk for clients that read slowly.
        body: kilobytes of a request's body, at the most.
        services: addresses that queries may send requests to with SERVICE.
        allow_smaller: whether a new state of the dataset may have less than half of what the one before it had.
    """

    quick: int = max(2, os.cpu_count() or 1)
    slow: int = max(1, (os.cpu_count() or 1) // 2)
    moment: float = 0.3
    time_limit: float = 10.0
    memory: int = 1024
    rows: int = 1_000_000
    size: int = 256
    waiting: int = 128
    patience: float = 10.0
    cache: int = 64
    spool: int = 2048
    body: int = 1024
    services: tuple[str, ...] = ()
    allow_smaller: bool = False
