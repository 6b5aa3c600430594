"""Network exposure: where the server listens, its public URL, CORS origins, proxies and client limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Network, ip_network

from nevkg.serve.clients.account import PUBLIC, Allowance
from nevkg.serve.clients.admission import Admission
from nevkg.serve.http.hosts import is_loopback
from nevkg.serve.http.public_url import PublicUrl


@dataclass(frozen=True)
class Exposure:
    """Settings for the network; by default only this machine can reach the server.

    Attributes:
        host: host name or address to listen on.
        public_url: the URL under which the public reaches the server; None if there is none.
        origins: CORS origins that may read responses, as ``scheme://host:port``, or ``*``; None for the default.
        embedders: sites whose pages may show an answer of the explorer in a frame, as origins, or ``*``; none by default.
        proxies: networks of trusted proxies; the client address that they forward is used.
        admission: limits for each client, and API keys.
        metrics: whether ``/metrics`` is available.
    """

    host: str = "127.0.0.1"
    public_url: PublicUrl | None = None
    origins: tuple[str, ...] | None = None
    proxies: tuple[str, ...] = ()
    admission: Admission = field(default_factory=Admission)
    metrics: bool = False
    embedders: tuple[str, ...] = ()

    @property
    def is_public(self) -> bool:
        """Whether clients on other machines are meant to reach the server."""
        return not is_loopback(self.public_url.host if self.public_url else self.host)

    @property
    def usual_allowance(self) -> Allowance:
        """The default limits of a client.

        There are none where all requests come from this machine, or through a proxy that hides the addresses of clients.
        """
        distinguishes_clients = bool(self.proxies) or not is_loopback(self.host)
        return PUBLIC if self.is_public and distinguishes_clients else Allowance()

    @property
    def names(self) -> frozenset[str] | None:
        """The values accepted in the Host header besides loopback names; None accepts any."""
        if self.public_url:
            return frozenset((self.public_url.host, self.host.lower()))
        return frozenset() if is_loopback(self.host) else None

    @property
    def allowed_origins(self) -> tuple[str, ...]:
        """The CORS origins that may read responses. By default all if the server is public, since it serves open data; else none."""
        if self.origins is None:
            return ("*",) if self.is_public else ()
        return self.origins

    @property
    def trusted_proxies(self) -> list[str]:
        """The networks of the proxies, with an IPv4-mapped IPv6 form for each IPv4 network, as dual-stack sockets report it."""
        networks = [ip_network(one) for one in self.proxies]
        return [
            *map(str, networks),
            *(f"::ffff:{one.network_address}/{96 + one.prefixlen}" for one in networks if isinstance(one, IPv4Network)),
        ]
