"""Identifies clients by API key or network, and limits how much work each can cause."""

from __future__ import annotations

import re
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from hashlib import sha256
from hmac import compare_digest
from ipaddress import IPv6Address, ip_address
from math import ceil
from pathlib import Path
from time import monotonic

from starlette.datastructures import Headers
from starlette.types import Scope

from nevkg.errors import CouldNotRun, WrongUsage
from nevkg.serve.problem import Problem
from nevkg.serve.settings import NO_LIMITS, Allowance

_MINUTE = 60
_SECONDS_FOR_A_QUERY, _SECONDS_FOR_A_DAY = 5, 10
# A client that asks for many days at once must not take all the places of ``Preparations``.
_MOST_PREPARATIONS = 2
# Statuses that the server causes, not the query.
_NOT_THE_CLIENT = (404, 429, 503)
_LOWEST_ERROR = 400


LIMITS = tuple(field.name for field in fields(Allowance))
_DECIMAL, _WHOLE = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,3})?", re.ASCII), re.compile(r"[0-9]{1,9}", re.ASCII)


def read_limit(name: str, text: str) -> float:
    """Parses a limit: a decimal for ``seconds``, else a whole number; raises ``ValueError`` for other text."""
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
        """Lets the client start one more query; ``Problem`` 429 if a limit is reached."""
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
        """Counts the preparations that the client waits for; ``Problem`` 429 if there are too many."""
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
            wait=wait,
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


_DIGEST = re.compile(r"[0-9a-f]{64}")
_WRITABLE_BY_OTHERS = 0o022
_EMPTY_KEY = sha256(b"").hexdigest()


@dataclass(frozen=True)
class Key:
    """An accepted API key: its client, its SHA-256 digest (hexadecimal) and its limits."""

    name: str
    digest: str
    allowance: Allowance


def read_keys(path: Path, default: Allowance) -> list[Key]:
    """Reads a key file: ``NAME DIGEST [seconds=N] [errors=N] [queries=N]`` on each line, ``#`` for comments.

    Args:
        default: limits that a line does not name.

    Raises:
        CouldNotRun: if the file cannot be read, or other users may write to it.
        WrongUsage: if a line is malformed.
    """
    try:
        if path.stat().st_mode & _WRITABLE_BY_OTHERS:
            raise CouldNotRun(f"Other users can write to {path} and add keys; remove the permission with: chmod go-w {path}.")
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CouldNotRun(f"The key file {path} cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8 text'}.") from None
    keys: list[Key] = []
    for number, line in enumerate(lines, 1):
        if words := line.partition("#")[0].split():
            try:
                keys.append(_parse_key(words, default, keys))
            except ValueError as error:
                raise WrongUsage(f"{path}, line {number}: {error}.") from None
    if not keys:
        raise WrongUsage(f"{path} has no keys; write a line 'NAME DIGEST' for each key.")
    return keys


def find_key(keys: list[Key], sent: str) -> Key | None:
    """Returns the key that a client has sent; None if it is unknown. Compares in constant time."""
    digest = sha256(sent.encode("utf-8", "surrogateescape")).hexdigest()
    found = [key for key in keys if compare_digest(key.digest, digest)]
    return found[0] if found else None


def _parse_key(words: list[str], default: Allowance, known: list[Key]) -> Key:
    name, digest, *limits = (*words, "")[: max(len(words), 2)]
    if not _DIGEST.fullmatch(digest):
        # The word may be the key itself, so the message does not repeat it.
        raise ValueError("the second word is not a SHA-256 digest, which has 64 digits 0-9 a-f")
    if digest == _EMPTY_KEY:
        raise ValueError("this is the digest of an empty key")
    if any(name == key.name or digest == key.digest for key in known):
        raise ValueError(f"the name '{name}' or its key appears twice")
    return Key(name, digest, _parse_allowance(limits, default))


def _parse_allowance(words: list[str], default: Allowance) -> Allowance:
    given: dict[str, float] = {}
    for word in words:
        limit, _, number = word.partition("=")
        if limit not in LIMITS:
            raise ValueError(f"'{word}' is not a limit, such as {', '.join(f'{limit}=60' for limit in LIMITS)}")
        given[limit] = read_limit(limit, number)
    return replace(default, **given)  # type: ignore[arg-type]


ACCOUNT = "account"
# A client with many addresses must not fill the memory; an account takes less than a kilobyte.
_MOST_ACCOUNTS = 16_384
# Bytes of an IPv6 address that identify a client: one customer usually has a /64 network.
_IPV6_NETWORK = 8


class Admission:
    """Finds the account that a request is charged to; counts refused requests by limit, or ``key``."""

    def __init__(
        self,
        allowance: Allowance = NO_LIMITS,
        keys: Sequence[Key] = (),
        *,
        require_key: bool = False,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """Creates the accounts of the keys; other accounts are created on demand.

        Args:
            allowance: the limits of a client without a key.
            keys: accepted keys; if there are none, keys in requests are ignored.
            require_key: whether every client needs a key.
            clock: returns monotonic seconds.
        """
        self.refusals: Counter[str] = Counter()
        self._allowance, self._keys, self._require, self._clock = allowance, list(keys), require_key, clock
        self._accounts_by_key = {key.name: self._new_account(key.allowance) for key in keys}
        self._unlimited_account = self._new_account(NO_LIMITS)
        self._accounts_by_network: OrderedDict[bytes, Account] = OrderedDict()

    @property
    def clients(self) -> int:
        """The number of clients without a key that have an account."""
        return len(self._accounts_by_network)

    def account(self, scope: Scope) -> Account:
        """Returns the account for a request; ``Problem`` 401 if the key is wrong, or missing where one is required."""
        if self._keys:
            sent = _sent_key(Headers(scope=scope))
            if sent is not None:
                key = find_key(self._keys, sent)
                if key is None:
                    raise self._unauthorised("This server does not know the key; ask its operator for one.", ', error="invalid_token"')
                return self._accounts_by_key[key.name]
            if self._require:
                raise self._unauthorised("This server needs a key: send it as 'Authorization: Bearer KEY' or 'X-API-Key: KEY'.")
        if self._allowance == NO_LIMITS:
            return self._unlimited_account
        client = scope.get("client")
        return self._account_of_network(network(client[0] if client else ""))

    def _account_of_network(self, name: bytes) -> Account:
        account = self._accounts_by_network.get(name)
        if account is None:
            account = self._accounts_by_network[name] = self._new_account(self._allowance)
            if len(self._accounts_by_network) > _MOST_ACCOUNTS:
                self._accounts_by_network.popitem(last=False)
        self._accounts_by_network.move_to_end(name)
        return account

    def _new_account(self, allowance: Allowance) -> Account:
        return Account(allowance, self.refusals, self._clock)

    def _unauthorised(self, words: str, error: str = "") -> Problem:
        self.refusals["key"] += 1
        return Problem(401, words, headers={"WWW-Authenticate": f'Bearer realm="nevkg"{error}'}, cause="key")


def account_of(scope: Scope) -> Account:
    """Returns the account that a request is charged to; one without limits if none is attached to it."""
    account: Account = scope.get("state", {}).get(ACCOUNT) or Account()
    return account


def network(address: str) -> bytes:
    """Returns the bytes that identify a client by its address.

    These are the whole IPv4 address, the first 8 bytes of an IPv6 address, or no bytes if the text is not an address.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return b""
    if isinstance(found, IPv6Address):
        return found.ipv4_mapped.packed if found.ipv4_mapped else found.packed[:_IPV6_NETWORK]
    return found.packed


def _sent_key(headers: Headers) -> str | None:
    """Returns the API key of a request; None if it has none."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else headers.get("x-api-key")
