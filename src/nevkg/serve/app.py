"""Builds the ASGI application: routes, error handlers and middleware."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp
from starlette_compress import CompressMiddleware, add_compress_type

from nevkg.errors import NevkgError
from nevkg.serve.api.routes import routes as api
from nevkg.serve.clients.admission import AdmissionMiddleware
from nevkg.serve.explorer import Explorer
from nevkg.serve.exposure import Exposure
from nevkg.serve.feeds.documents import ATOM, JSON
from nevkg.serve.feeds.routes import routes as feeds
from nevkg.serve.health import health as describe_health
from nevkg.serve.http import errors
from nevkg.serve.http.access_log import AccessLog
from nevkg.serve.http.hosts import HostCheck
from nevkg.serve.http.middleware import EncodedTags, Security
from nevkg.serve.http.problem import MEDIA as PROBLEM
from nevkg.serve.http.problem import Problem
from nevkg.serve.http.public_url import PublicAddress
from nevkg.serve.mcp.http import Endpoint
from nevkg.serve.pages.routes import routes as pages
from nevkg.serve.protocol.formats import GRAPH_MEDIA, TABLE_MEDIA
from nevkg.serve.protocol.routes import routes as protocol
from nevkg.serve.reconcile.routes import routes as reconcile
from nevkg.serve.respond import Responder
from nevkg.serve.services import Services
from nevkg.serve.settings import Settings
from nevkg.serve.state.generations import Generations
from nevkg.serve.state.source import ServedDataset

_SMALLEST_TO_COMPRESS = 1024
_EXPOSED = (
    "Accept-Ranges",
    "Content-Disposition",
    "Content-Range",
    "ETag",
    "Link",
    "Retry-After",
    "Warning",
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
            *protocol(),
            assistants.route(),
            *api(),
            *reconcile(),
            *feeds(),
            *pages(),
        ],
        exception_handlers={
            **dict.fromkeys((Problem, NevkgError, HTTPException, Exception), errors.respond),
            ClientDisconnect: errors.hang_up,
        },
        lifespan=lifespan,
    )
    built = explorer or Explorer(embedders=exposure.embedders)
    app.state.services = Services(served.layout, responder.respond, settings, built, releases=served.releases)
    # Outside the application, so that responses to unforeseen errors are compressed and get the headers, too.
    for media in (*TABLE_MEDIA.values(), *GRAPH_MEDIA.values(), PROBLEM, ATOM, JSON):
        add_compress_type(media)
    compressed = CompressMiddleware(app, minimum_size=_SMALLEST_TO_COMPRESS, brotli=False)
    wrapped: ASGIApp = EncodedTags(_with_cors(AdmissionMiddleware(compressed, exposure.admission), exposure.allowed_origins))
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
