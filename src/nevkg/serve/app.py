"""Builds the ASGI application: routes, error handlers and middleware, for the exposure that the operator chose."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from ipaddress import IPv4Network, ip_network
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp
from starlette_compress import CompressMiddleware, add_compress_type

from nevkg.data.paths import Layout
from nevkg.errors import NevkgError
from nevkg.serve.api.routes import routes as api
from nevkg.serve.clients import Admission
from nevkg.serve.extras.mcp import Endpoint
from nevkg.serve.extras.reconcile import routes as reconcile
from nevkg.serve.extras.syndication import routes as feeds
from nevkg.serve.http.error_responses import hang_up
from nevkg.serve.http.hosts import HostCheck, PublicAddress, PublicUrl, is_loopback
from nevkg.serve.http.middleware import AccessLog, ClientAdmission, EncodedTags, Security
from nevkg.serve.pages.home import ATOM, JSON
from nevkg.serve.pages.requests import respond_to_error
from nevkg.serve.pages.routes import editor_route
from nevkg.serve.pages.routes import routes as pages
from nevkg.serve.problem import MEDIA as PROBLEM
from nevkg.serve.problem import Problem
from nevkg.serve.protocol import routes as protocol
from nevkg.serve.responder import Responder
from nevkg.serve.services import Explorer, Services
from nevkg.serve.settings import NO_LIMITS, PUBLIC, Allowance, Settings
from nevkg.serve.sparql_jobs import GRAPH_MEDIA, TABLE_MEDIA
from nevkg.serve.state.generations import Generations
from nevkg.serve.state.source import ServedDataset


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
        return PUBLIC if self.is_public and distinguishes_clients else NO_LIMITS

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
        networks = [ip_network(network) for network in self.proxies]
        return [
            *map(str, networks),
            *(f"::ffff:{network.network_address}/{96 + network.prefixlen}" for network in networks if isinstance(network, IPv4Network)),
        ]


_VERSION = version("nevkg")


def describe_health(generations: Generations, layout: Layout) -> dict[str, Any]:
    """Returns the members of an application/health+json document. Absolute paths are removed from the reason."""
    current, refusal = generations.current, generations.refusal
    load = current.pool.load
    document: dict[str, Any] = {
        "status": "fail" if generations.is_overdue or not load["workers"] else "warn" if refusal else "pass",
        "version": _VERSION,
        "dataset": {**asdict(current.state.contents), "since": current.since},
        "watch": generations.watch,
        "load": load,
    }
    if refusal:
        reason = refusal.reason
        for folder in (layout.data, layout.ontology, layout.queries):
            reason = reason.replace(f"{folder.parent}/", "")
        document["refused"] = {"reason": reason, "since": refusal.since}
    return document


_SMALLEST_TO_COMPRESS = 1024
_EXPOSED = (
    "Accept-Ranges",
    "Content-Disposition",
    "Content-Range",
    "ETag",
    "Link",
    "Retry-After",
    "WWW-Authenticate",
    "X-SPARQL-MaxRows",
    "X-Total-Count",
    "X-Truncated",
)


def make_app(
    served: ServedDataset, generations: Generations, settings: Settings, explorer: Explorer | None = None, exposure: Exposure | None = None
) -> ASGIApp:
    """Builds the ASGI application. Its lifespan starts the workers, unless they are already running, and stops them."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await generations.open()
        try:
            yield
        finally:
            await assistants.close()
            await generations.close()

    async def health(_: Request) -> Response:
        state = describe_health(generations, served.layout)
        return JSONResponse(state, 503 if state["status"] == "fail" else 200, {"Cache-Control": "no-store"}, "application/health+json")

    responder, exposure = Responder(generations, settings), exposure or Exposure()
    assistants = Endpoint(served.layout, generations, settings, exposure.allowed_origins)
    metrics = None
    if exposure.metrics:
        from nevkg.serve.metrics import Metrics

        metrics = Metrics(generations, responder, exposure.admission)
    app = Starlette(
        routes=[
            Route("/health", health),
            *(metrics.routes() if metrics else ()),
            editor_route(),
            *protocol(),
            assistants.route(),
            *api(),
            *reconcile(),
            *feeds(),
            *pages(),
        ],
        exception_handlers={
            **dict.fromkeys((Problem, NevkgError, HTTPException, Exception), respond_to_error),
            ClientDisconnect: hang_up,
        },
        lifespan=lifespan,
    )
    built = explorer or Explorer(embedders=exposure.embedders)
    app.state.services = Services(served.layout, responder.respond, settings, built, releases=served.releases)
    # Outside the application, so that responses to unforeseen errors are compressed and get the headers, too.
    for media in (*TABLE_MEDIA.values(), *GRAPH_MEDIA.values(), PROBLEM, ATOM, JSON):
        add_compress_type(media)
    compressed = CompressMiddleware(app, minimum_size=_SMALLEST_TO_COMPRESS, brotli=False)
    wrapped: ASGIApp = EncodedTags(_with_cors(ClientAdmission(compressed, exposure.admission), exposure.allowed_origins))
    if metrics:
        wrapped = metrics.observe(wrapped)
    if exposure.public_url:
        wrapped = PublicAddress(wrapped, exposure.public_url)
    return AccessLog(Security(HostCheck(wrapped, exposure.names), may_embed="*" in exposure.allowed_origins))


def _with_cors(app: ASGIApp, origins: Sequence[str]) -> ASGIApp:
    """Adds CORS headers, so that pages of these sites can read all responses, including refusals."""
    if not origins:
        return app
    return CORSMiddleware(app, allow_origins=origins, allow_methods=["GET", "HEAD", "POST"], allow_headers=["*"], expose_headers=_EXPOSED)
