"""The routes of the feeds."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from nevkg.serve.clocks import KNOWN_BY, clocks_of
from nevkg.serve.http.problem import Problem
from nevkg.serve.pages.language import PARAMETER, view_arguments
from nevkg.serve.reply import Job
from nevkg.serve.services import services_of


def routes() -> list[BaseRoute]:
    """Returns the route."""
    return [Route("/feeds/{name}.{format}", _feed, methods=["GET"])]


async def _feed(request: Request) -> Response:
    name, format_name = request.path_params["name"], request.path_params["format"]
    if format_name not in ("atom", "json"):
        raise Problem(404, f"A feed has no format '{format_name[:80]}'; choose atom or json.")
    asked = {key: request.query_params.getlist(key) for key in request.query_params if key not in (PARAMETER, KNOWN_BY)}
    given = {"name": name, "format": format_name, "asked": asked, "address": str(request.url), "view": view_arguments(request)}
    return await services_of(request).respond(request, Job("feeds.feed", given, known_by=clocks_of(request).get(KNOWN_BY)))
