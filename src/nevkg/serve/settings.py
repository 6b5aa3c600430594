"""Limits that keep the server responsive, and other settings."""

from __future__ import annotations

import os
from dataclasses import dataclass

KILOBYTE, MEGABYTE = 1 << 10, 1 << 20


@dataclass(frozen=True)
class Settings:
    """Settings; the defaults suit a machine with a few gigabytes of memory.

    Attributes:
        quick: maximum number of concurrent queries in the quick lane, where all queries start.
        slow: maximum number of concurrent long-running queries, which have a lower priority.
        moment: processor seconds after which a client's own query counts as slow; our own queries have four times as much.
        time_limit: seconds after which a query is stopped.
        memory: megabytes that one query may use.
        rows: maximum number of rows in one answer; 0 for any number.
        size: maximum size of one answer, in megabytes.
        waiting: maximum number of queries that wait for a worker; more are refused with 503.
        patience: seconds that a query may wait.
        cache: megabytes of answers in the response cache.
        spool: megabytes of answers that may wait on disk for slow clients.
        body: maximum size of a request body, in kilobytes.
        services: addresses that queries may call with SERVICE.
        allow_smaller: whether a new state of the dataset may have less than half the content of the previous one.
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


@dataclass(frozen=True)
class Allowance:
    """The limits of one client; 0 means no limit.

    Attributes:
        seconds: processor time per minute.
        errors: failing queries per minute.
        queries: queries that run or wait at the same time.
    """

    seconds: float = 0
    errors: int = 0
    queries: int = 0


NO_LIMITS = Allowance()
# The default of a public server: the limits of the Wikidata Query Service, but with more concurrent queries, since these also
# produce pages.
PUBLIC = Allowance(seconds=60, errors=30, queries=10)
