"""Limits for each client: allowances, usage accounts, and refusals with 429."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from math import ceil
from time import monotonic

from nevkg.serve.http.problem import Problem

_MINUTE = 60
_SECONDS_FOR_A_QUERY, _SECONDS_FOR_A_DAY = 5, 10
# A client that asks for many days at once must not take all the places of ``Preparations``.
_MOST_PREPARATIONS = 2
# Statuses that the server causes, not the query.
_NOT_THE_CLIENT = (404, 429, 503)
_LOWEST_ERROR = 400


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
LIMITS = tuple(one.name for one in fields(Allowance))
_DECIMAL, _WHOLE = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,3})?", re.ASCII), re.compile(r"[0-9]{1,9}", re.ASCII)
# The default of a public server: the limits of the Wikidata Query Service, but with more concurrent queries, since these also
# produce pages.
PUBLIC = Allowance(seconds=60, errors=30, queries=10)


def read_limit(name: str, text: str) -> float:
    """Parses the number for a limit: a decimal for ``seconds``, else a whole number.

    Raises:
        ValueError: if the text is not such a number.
    """
    if name == "seconds":
        if _DECIMAL.fullmatch(text):
            return float(text)
        raise ValueError(f"'{text}' is not a number of seconds; 0 means no limit")
    if _WHOLE.fullmatch(text):
        return int(text)
    raise ValueError(f"'{text}' is not a whole number; 0 means no limit")


class Bucket:
    """A leaky bucket: its content drains at a constant rate, one allowance per minute."""

    __slots__ = ("_level", "_seen")

    def __init__(self) -> None:
        self._level = self._seen = 0.0

    def add(self, amount: float, per_minute: float, now: float) -> None:
        """Adds an amount. It may exceed the allowance, and then takes longer to drain."""
        self._level = self.level(per_minute, now) + amount
        self._seen = now

    def level(self, per_minute: float, now: float) -> float:
        """Returns the current content."""
        return max(0.0, self._level - (now - self._seen) * per_minute / _MINUTE)


class Account:
    """The recent usage of one client."""

    __slots__ = ("_allowance", "_clock", "_errors", "_preparations", "_queries", "_refusals", "_seconds")

    def __init__(
        self, allowance: Allowance = NO_LIMITS, refusals: Counter[str] | None = None, clock: Callable[[], float] = monotonic
    ) -> None:
        """Creates an account without usage.

        Args:
            allowance: the limits of the client.
            refusals: a counter of refusals by the limit that was reached, shared between accounts.
            clock: returns monotonic seconds.
        """
        self._allowance, self._clock = allowance, clock
        self._refusals = Counter() if refusals is None else refusals
        self._seconds, self._errors = Bucket(), Bucket()
        self._queries = self._preparations = 0

    @property
    def is_limited(self) -> bool:
        """Whether the client has limits."""
        return self._allowance != NO_LIMITS

    def enter(self) -> Visit:
        """Lets the client start one more query.

        Raises:
            Problem: 429 if a limit is reached.
        """
        allowance, now = self._allowance, self._clock()
        # The cost of a query is only known afterwards, so it may start while anything is left.
        over = self._seconds.level(allowance.seconds, now) - allowance.seconds
        if allowance.seconds and over >= 0:
            raise self._refusal("seconds", f"{allowance.seconds:g} seconds of processor time per minute", over, allowance.seconds)
        # An error counts as one unit, which must fit.
        over = self._errors.level(allowance.errors, now) - (allowance.errors - 1)
        if allowance.errors and over > 0:
            raise self._refusal("errors", f"{allowance.errors} failing queries per minute", over, allowance.errors)
        if allowance.queries and self._queries >= allowance.queries:
            raise self._refusal("queries", f"{allowance.queries} queries at the same time", _SECONDS_FOR_A_QUERY, _MINUTE)
        self._queries += 1
        return Visit(self)

    @contextmanager
    def wait_for_preparation(self) -> Iterator[None]:
        """Counts the preparations that the client waits for.

        Raises:
            Problem: 429 if there are too many.
        """
        if self._allowance.queries and self._preparations >= _MOST_PREPARATIONS:
            raise self._refusal("preparations", f"{_MOST_PREPARATIONS} new days at the same time", _SECONDS_FOR_A_DAY, _MINUTE)
        self._preparations += 1
        try:
            yield
        finally:
            self._preparations -= 1

    def charge(self, seconds: float) -> None:
        """Adds processor time, in seconds."""
        if self._allowance.seconds:
            self._seconds.add(seconds, self._allowance.seconds, self._clock())

    def fail(self) -> None:
        """Adds a failed query."""
        if self._allowance.errors:
            self._errors.add(1, self._allowance.errors, self._clock())

    def leave(self) -> None:
        """Records that a query has ended."""
        self._queries -= 1

    def _refusal(self, limit: str, words: str, over: float, per_minute: float) -> Problem:
        self._refusals[limit] += 1
        wait = max(1, ceil(over * _MINUTE / per_minute))
        return Problem(
            429,
            f"The limit for one client is {words}; try again in {wait} {'second' if wait == 1 else 'seconds'}.",
            headers={"Retry-After": str(wait)},
            cause="client limit",
        )


class Visit:
    """One query of a client, from its start to the end of its response."""

    def __init__(self, account: Account | None = None) -> None:
        """Creates the visit; without an account nothing is counted."""
        self._account, self._has_left = account, False

    @property
    def client(self) -> object:
        """The key by which queries of one client are grouped. Without limits clients are not identified: each visit is its own key."""
        return self._account if self._account and self._account.is_limited else self

    def charge(self, seconds: float) -> None:
        """Adds processor time in seconds, even after the end: a job may continue without its reader."""
        if self._account:
            self._account.charge(seconds)

    def fail(self, problem: Problem) -> None:
        """Counts a failure, unless the server caused it."""
        if self._account and problem.status >= _LOWEST_ERROR and problem.status not in _NOT_THE_CLIENT:
            self._account.fail()

    def leave(self) -> None:
        """Ends the visit. Further calls do nothing."""
        if self._account and not self._has_left:
            self._account.leave()
        self._has_left = True
