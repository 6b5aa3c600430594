"""Who can reach the server, under which address, and what it lets them do."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Network, ip_network

from nevkg.serve.clients.account import PUBLIC, Allowance
from nevkg.serve.clients.admission import Admission
from nevkg.serve.http.hosts import is_loopback
from nevkg.serve.http.public_url import PublicUrl


@dataclass(frozen=True)
class Exposure:
    """How the server faces its clients; the defaults are for this machine alone.

    Attributes:
        host: where it listens.
        public_url: where the public reaches it.
        origins: sites whose pages may read answers, as ``scheme://host:port``, or ``*``; None for the default.
        proxies: networks of proxies whose word on the client's address is taken.
        admission: the limits of each client, and keys.
        metrics: whether ``/metrics`` is answered.
    """

    host: str = "127.0.0.1"
    public_url: PublicUrl | None = None
    origins: tuple[str, ...] | None = None
    proxies: tuple[str, ...] = ()
    admission: Admission = field(default_factory=Admission)
    metrics: bool = False

    @property
    def is_public(self) -> bool:
        """Whether others than this machine are meant to reach it."""
        return not is_loopback(self.public_url.host if self.public_url else self.host)

    @property
    def usual_allowance(self) -> Allowance:
        """The limits of a client if none are set: none where all come from this machine, or through a proxy that hides them."""
        tells_clients_apart = bool(self.proxies) or not is_loopback(self.host)
        return PUBLIC if self.is_public and tells_clients_apart else Allowance()

    @property
    def names(self) -> frozenset[str] | None:
        """The hosts that requests may name, besides those of loopback; None for any."""
        if self.public_url:
            return frozenset((self.public_url.host, self.host.lower()))
        return frozenset() if is_loopback(self.host) else None

    @property
    def allowed_origins(self) -> tuple[str, ...]:
        """The sites whose pages may read answers: where it is public all, since what it serves is open data; else none."""
        if self.origins is None:
            return ("*",) if self.is_public else ()
        return self.origins

    @property
    def trusted(self) -> list[str]:
        """The proxies, in the form of a socket for IPv6 and IPv4, too."""
        found = [ip_network(one) for one in self.proxies]
        return [*map(str, found), *(f"::ffff:{one.network_address}/{96 + one.prefixlen}" for one in found if isinstance(one, IPv4Network))]
