"""The application: what answers at which address, and what surrounds it."""

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
from nevkg.serve.clients.admission import Admit
from nevkg.serve.explorer import Explorer
from nevkg.serve.exposure import Exposure
from nevkg.serve.health import health as report
from nevkg.serve.http import errors
from nevkg.serve.http.access_log import AccessLog
from nevkg.serve.http.hosts import HostCheck
from nevkg.serve.http.middleware import EncodedTags, Security
from nevkg.serve.http.problem import MEDIA as PROBLEM
from nevkg.serve.http.problem import Problem
from nevkg.serve.http.public_url import PublicAddress
from nevkg.serve.pages.routes import routes as pages
from nevkg.serve.protocol.formats import GRAPH_MEDIA, TABLE_MEDIA
from nevkg.serve.protocol.routes import routes as protocol
from nevkg.serve.respond import Responder
from nevkg.serve.services import Services
from nevkg.serve.settings import Settings
from nevkg.serve.state.generations import Generations
from nevkg.serve.state.source import Served

_SMALLEST_TO_PACK = 1024
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


def make(
    served: Served, generations: Generations, settings: Settings, explorer: Explorer | None = None, exposure: Exposure | None = None
) -> ASGIApp:
    """The ASGI application. Workers start with its lifespan, unless they are there, and end with it."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await generations.open()
        try:
            yield
        finally:
            await generations.close()

    async def health(_: Request) -> Response:
        state = report(generations.current, generations.refusal, served.layout)
        return JSONResponse(state, 503 if state["status"] == "fail" else 200, {"Cache-Control": "no-store"}, "application/health+json")

    responder, exposure = Responder(generations, settings), exposure or Exposure()
    metrics = None
    if exposure.metrics:
        from nevkg.serve.metrics import Metrics

        metrics = Metrics(generations, responder, exposure.admission)
    app = Starlette(
        routes=[Route("/health", health), *(metrics.routes() if metrics else ()), *protocol(), *api(), *pages()],
        exception_handlers={
            **dict.fromkeys((Problem, NevkgError, HTTPException, Exception), errors.respond),
            ClientDisconnect: errors.hang_up,
        },
        lifespan=lifespan,
    )
    app.state.services = Services(served.layout, responder.respond, settings, explorer or Explorer())
    # Around the whole of it, so that answers to unforeseen errors have what others have.
    for media in (*TABLE_MEDIA.values(), *GRAPH_MEDIA.values(), PROBLEM):
        add_compress_type(media)
    packed = CompressMiddleware(app, minimum_size=_SMALLEST_TO_PACK, brotli=False)
    whole: ASGIApp = EncodedTags(_share(Admit(packed, exposure.admission), exposure.allowed_origins))
    if metrics:
        whole = metrics.observe(whole)
    if exposure.public_url:
        whole = PublicAddress(whole, exposure.public_url)
    return AccessLog(Security(HostCheck(whole, exposure.names), may_embed="*" in exposure.allowed_origins))


def _share(app: ASGIApp, origins: Sequence[str]) -> ASGIApp:
    """Lets pages of these sites read what the application answers, refusals included."""
    if not origins:
        return app
    return CORSMiddleware(app, allow_origins=origins, allow_methods=["GET", "HEAD", "POST"], allow_headers=["*"], expose_headers=_EXPOSED)
