"""Who sends a request: the key of a client, or else its network."""

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
# Somebody with many addresses must not fill the memory; an account takes less than a kilobyte.
_MOST_ACCOUNTS = 16_384
# One customer usually has this much of an IPv6 address to themselves.
_IPV6_NETWORK = 8
_FREE = ("/health",)


class Admission:
    """Finds the account that a request is charged to."""

    def __init__(
        self,
        allowance: Allowance | None = None,
        keys: Sequence[Key] = (),
        *,
        require_key: bool = False,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """No account yet but those of keys.

        Args:
            allowance: what a client without a key may use.
            keys: the keys that are accepted; where there are none, requests are not searched for keys.
            require_key: whether a client needs one.
            clock: seconds that only grow.
        """
        self.refusals: Counter[str] = Counter()
        self._allowance, self._keys, self._require, self._clock = allowance or Allowance(), list(keys), require_key, clock
        self._of_keys = {key.name: self._new(key.allowance) for key in keys}
        self._everyone = self._new(Allowance())
        self._of_networks: OrderedDict[bytes, Account] = OrderedDict()

    @property
    def clients(self) -> int:
        """For how many clients without a key there is an account."""
        return len(self._of_networks)

    def account(self, scope: Scope) -> Account:
        """The account for a request.

        Raises:
            Problem: 401 if the key is wrong, or missing where one is required.
        """
        if self._keys:
            sent = _key(Headers(scope=scope))
            if sent is not None:
                key = find_key(self._keys, sent)
                if key is None:
                    raise self._unauthorised(
                        "The key is not one that this server knows; ask its operator for one.", ', error="invalid_token"'
                    )
                return self._of_keys[key.name]
            if self._require:
                raise self._unauthorised("This server needs a key: send it as 'Authorization: Bearer KEY' or 'X-API-Key: KEY'.")
        if self._allowance == Allowance():
            return self._everyone
        client = scope.get("client")
        return self._of_network(network(client[0] if client else ""))

    def _of_network(self, name: bytes) -> Account:
        account = self._of_networks.get(name)
        if account is None:
            account = self._of_networks[name] = self._new(self._allowance)
            if len(self._of_networks) > _MOST_ACCOUNTS:
                self._of_networks.popitem(last=False)
        self._of_networks.move_to_end(name)
        return account

    def _new(self, allowance: Allowance) -> Account:
        return Account(allowance, self.refusals, self._clock)

    def _unauthorised(self, words: str, error: str = "") -> Problem:
        self.refusals["key"] += 1
        return Problem(401, words, headers={"WWW-Authenticate": f'Bearer realm="nevkg"{error}'}, cause="key")


class Admit:
    """Gives each request its account, and refuses those with a wrong key."""

    def __init__(self, app: ASGIApp, admission: Admission) -> None:
        self._app, self._admission = app, admission

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers with 401, or passes the request on."""
        if scope["type"] == "http" and scope["path"].removeprefix(scope.get("root_path", "")) not in _FREE:
            try:
                scope.setdefault("state", {})[ACCOUNT] = self._admission.account(scope)
            except Problem as problem:
                await refuse(problem, scope, receive, send)
                return
        await self._app(scope, receive, send)


def network(address: str) -> bytes:
    """What an address is counted as: itself, of IPv6 the first half; empty for what is no address."""
    try:
        found = ip_address(address)
    except ValueError:
        return b""
    if isinstance(found, IPv6Address):
        return found.ipv4_mapped.packed if found.ipv4_mapped else found.packed[:_IPV6_NETWORK]
    return found.packed


def _key(headers: Headers) -> str | None:
    """The key that a request brings."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else headers.get("x-api-key")
