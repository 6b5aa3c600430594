"""Identifies the client of a request by its API key, or else by its network."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from ipaddress import IPv6Address, ip_address
from time import monotonic

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from nevkg.serve.clients.account import Account, Allowance
from nevkg.serve.clients.keys import Key, find_key
from nevkg.serve.http.errors import refuse
from nevkg.serve.http.problem import Problem

ACCOUNT = "account"
# A client with many addresses must not fill the memory; an account takes less than a kilobyte.
_MOST_ACCOUNTS = 16_384
# Bytes of an IPv6 address that identify a client: one customer usually has a /64 network.
_IPV6_NETWORK = 8
_UNCHARGED_PATHS = ("/health",)


class Admission:
    """Finds the account that a request is charged to.

    Attributes:
        refusals: number of refused requests by limit, or ``key``.
    """

    def __init__(
        self,
        allowance: Allowance | None = None,
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
        self._allowance, self._keys, self._require, self._clock = allowance or Allowance(), list(keys), require_key, clock
        self._accounts_by_key = {key.name: self._new_account(key.allowance) for key in keys}
        self._unlimited_account = self._new_account(Allowance())
        self._accounts_by_network: OrderedDict[bytes, Account] = OrderedDict()

    @property
    def clients(self) -> int:
        """The number of clients without a key that have an account."""
        return len(self._accounts_by_network)

    def account(self, scope: Scope) -> Account:
        """Returns the account for a request.

        Raises:
            Problem: 401 if the key is wrong, or missing where one is required.
        """
        if self._keys:
            sent = _sent_key(Headers(scope=scope))
            if sent is not None:
                key = find_key(self._keys, sent)
                if key is None:
                    raise self._unauthorised("This server does not know the key; ask its operator for one.", ', error="invalid_token"')
                return self._accounts_by_key[key.name]
            if self._require:
                raise self._unauthorised("This server needs a key: send it as 'Authorization: Bearer KEY' or 'X-API-Key: KEY'.")
        if self._allowance == Allowance():
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


class AdmissionMiddleware:
    """Middleware that attaches the account to each request, and refuses wrong or missing keys."""

    def __init__(self, app: ASGIApp, admission: Admission) -> None:
        self._app, self._admission = app, admission

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Responds with 401, or passes the request on."""
        if scope["type"] == "http" and scope["path"].removeprefix(scope.get("root_path", "")) not in _UNCHARGED_PATHS:
            try:
                scope.setdefault("state", {})[ACCOUNT] = self._admission.account(scope)
            except Problem as problem:
                await refuse(problem, scope, receive, send)
                return
        await self._app(scope, receive, send)


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
