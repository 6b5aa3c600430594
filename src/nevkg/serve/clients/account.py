"""What one client may use, and what it has used."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, fields
from math import ceil
from time import monotonic

from nevkg.serve.http.problem import Problem

_MINUTE = 60
_SECONDS_FOR_A_QUERY = 5
# Of these the server is the cause, not the query.
_NOT_THE_CLIENT = (404, 429, 503)
_LOWEST_ERROR = 400


@dataclass(frozen=True)
class Allowance:
    """What one client may use; 0 is for no limit.

    Attributes:
        seconds: of processor time each minute.
        errors: queries that fail, each minute.
        queries: that run or wait at the same time.
    """

    seconds: float = 0
    errors: int = 0
    queries: int = 0


LIMITS = tuple(one.name for one in fields(Allowance))
_DECIMAL, _WHOLE = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,3})?", re.ASCII), re.compile(r"[0-9]{1,9}", re.ASCII)
# Of a public server: those of the Wikidata Query Service, but more queries at once, since these also serve pages.
PUBLIC = Allowance(seconds=60, errors=30, queries=10)


def read_limit(name: str, text: str) -> float:
    """Reads the number for a limit.

    Raises:
        ValueError: if it is none.
    """
    if name == "seconds":
        if _DECIMAL.fullmatch(text):
            return float(text)
        raise ValueError(f"'{text}' is not a number of seconds; 0 is for no limit")
    if _WHOLE.fullmatch(text):
        return int(text)
    raise ValueError(f"'{text}' is not a whole number; 0 is for no limit")


class Bucket:
    """A leaky bucket: whatever is put in drains evenly, one allowance in a minute."""

    __slots__ = ("_level", "_seen")

    def __init__(self) -> None:
        self._level = self._seen = 0.0

    def add(self, amount: float, per_minute: float, now: float) -> None:
        """Puts something in; also more than fits, which later takes longer to drain."""
        self._level = self.level(per_minute, now) + amount
        self._seen = now

    def level(self, per_minute: float, now: float) -> float:
        """How much is in it."""
        return max(0.0, self._level - (now - self._seen) * per_minute / _MINUTE)


class Account:
    """What one client has used lately."""

    __slots__ = ("_allowance", "_clock", "_errors", "_queries", "_refusals", "_seconds")

    def __init__(self, allowance: Allowance, refusals: Counter[str] | None = None, clock: Callable[[], float] = monotonic) -> None:
        """A new account.

        Args:
            allowance: what the client may use.
            refusals: counts refusals by the limit that was reached.
            clock: seconds that only grow.
        """
        self._allowance, self._clock = allowance, clock
        self._refusals = Counter() if refusals is None else refusals
        self._seconds, self._errors = Bucket(), Bucket()
        self._queries = 0

    def enter(self) -> Visit:
        """Lets the client start one more query.

        Raises:
            Problem: 429 if a limit is reached.
        """
        may, now = self._allowance, self._clock()
        # The cost of a query is known afterwards: it may start while anything is left.
        over = self._seconds.level(may.seconds, now) - may.seconds
        if may.seconds and over >= 0:
            raise self._refusal("seconds", f"{may.seconds:g} seconds of processor time each minute", over, may.seconds)
        # An error counts as a whole one: it must fit.
        over = self._errors.level(may.errors, now) - (may.errors - 1)
        if may.errors and over > 0:
            raise self._refusal("errors", f"{may.errors} failing queries each minute", over, may.errors)
        if may.queries and self._queries >= may.queries:
            raise self._refusal("queries", f"{may.queries} queries at the same time", _SECONDS_FOR_A_QUERY, _MINUTE)
        self._queries += 1
        return Visit(self)

    def charge(self, seconds: float) -> None:
        """Counts processor time."""
        if self._allowance.seconds:
            self._seconds.add(seconds, self._allowance.seconds, self._clock())

    def fail(self) -> None:
        """Counts an error."""
        if self._allowance.errors:
            self._errors.add(1, self._allowance.errors, self._clock())

    def leave(self) -> None:
        """A query has ended."""
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
    """One query of a client, from its start to the end of its answer."""

    def __init__(self, account: Account | None = None) -> None:
        """Begins; without an account nothing is counted."""
        self._account, self._has_left = account, False

    def charge(self, seconds: float) -> None:
        """Counts processor time, also after the end: a job may go on without its reader."""
        if self._account:
            self._account.charge(seconds)

    def fail(self, problem: Problem) -> None:
        """Counts what went wrong, unless the client is not the cause."""
        if self._account and problem.status >= _LOWEST_ERROR and problem.status not in _NOT_THE_CLIENT:
            self._account.fail()

    def leave(self) -> None:
        """Ends; a second time it does nothing."""
        if self._account and not self._has_left:
            self._account.leave()
        self._has_left = True
