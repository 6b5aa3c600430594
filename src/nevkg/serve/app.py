"""The application: what answers at which address, and what surrounds it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp
from starlette_compress import CompressMiddleware, add_compress_type

from nevkg.errors import NevkgError
from nevkg.serve import errors
from nevkg.serve.api.routes import routes as api
from nevkg.serve.explorer import Explorer
from nevkg.serve.generations import Generations
from nevkg.serve.health import health as report
from nevkg.serve.middleware import AccessLog, EncodedTags, Security
from nevkg.serve.pages.routes import routes as pages
from nevkg.serve.problem import MEDIA as PROBLEM
from nevkg.serve.problem import Problem
from nevkg.serve.protocol.formats import GRAPH_MEDIA, TABLE_MEDIA
from nevkg.serve.protocol.routes import routes as protocol
from nevkg.serve.respond import Responder
from nevkg.serve.served import Served
from nevkg.serve.services import Services
from nevkg.serve.settings import Settings

_SMALLEST_TO_PACK = 1024
_EXPOSED = ("Content-Disposition", "ETag", "Link", "Retry-After", "X-SPARQL-MaxRows", "X-Total-Count", "X-Truncated")


def make(served: Served, generations: Generations, settings: Settings, explorer: Explorer | None = None) -> ASGIApp:
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

    app = Starlette(
        routes=[Route("/health", health), *protocol(), *api(), *pages()],
        exception_handlers=dict.fromkeys((Problem, NevkgError, HTTPException, Exception), errors.respond),
        lifespan=lifespan,
    )
    app.state.services = Services(served.layout, Responder(generations, settings).respond, settings, explorer or Explorer())
    # Around the whole of it, so that answers to unforeseen errors have what others have.
    for media in (*TABLE_MEDIA.values(), *GRAPH_MEDIA.values(), PROBLEM):
        add_compress_type(media)
    packed = CompressMiddleware(app, minimum_size=_SMALLEST_TO_PACK, brotli=False)
    shared = CORSMiddleware(
        packed, allow_origins=["*"], allow_methods=["GET", "HEAD", "POST"], allow_headers=["*"], expose_headers=_EXPOSED
    )
    return AccessLog(Security(EncodedTags(shared)))
