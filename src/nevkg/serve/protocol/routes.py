"""The routes of the protocol: queries at ``/sparql``, the VoID description at ``/.well-known/void``."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from nevkg.ask.arguments import TODAY
from nevkg.data import terms
from nevkg.serve.clocks import AS_OF, KNOWN_BY
from nevkg.serve.http.negotiate import choose
from nevkg.serve.http.problem import Problem
from nevkg.serve.protocol import request as requests
from nevkg.serve.protocol.formats import GRAPH_MEDIA, negotiate_formats
from nevkg.serve.reply import Job
from nevkg.serve.services import Services, services_of
from nevkg.serve.settings import KILOBYTE
from nevkg.sparql.syntax import is_deterministic

PATH = "/sparql"
_TODAY = terms.SNAPSHOT + TODAY
_HTML = "text/html"
_METHODS = "GET, HEAD, OPTIONS, POST"


def routes() -> list[Route]:
    """Returns the routes for the application."""
    # Also with a trailing slash, as the W3C tests and some clients send it.
    queries = [Route(path, sparql, methods=["GET", "POST", "OPTIONS"]) for path in (PATH, f"{PATH}/")]
    return [*queries, Route("/.well-known/void", void)]


async def sparql(request: Request) -> Response:
    """Answers a query; without one, returns the service description."""
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": _METHODS, "Accept-Post": f"{requests.QUERY}, {requests.FORM}"})
    services = services_of(request)
    sent = await requests.read(request, services.settings.body * KILOBYTE)
    if sent.query is None:
        return await _description(request, services)
    accepted = negotiate_formats(request, sent.formats)
    given = {
        "query": sent.query,
        "default": sent.default_graphs,
        "named": sent.named_graphs,
        "as_of": sent.clocks.get(AS_OF),
        "over": sent.over,
        "table": accepted.table,
        "graph": accepted.graph,
        "rows": services.settings.rows,
    }
    steady = is_deterministic(sent.query) and not any(_TODAY in part for part in (sent.query, *sent.default_graphs))
    job = Job("sparql", given, steady=steady, free=True, known_by=sent.clocks.get(KNOWN_BY))
    return await services.respond(request, job)


async def void(request: Request) -> Response:
    """Returns the description of the dataset."""
    services = services_of(request)
    media = GRAPH_MEDIA[choose(request, GRAPH_MEDIA)]
    return await services.respond(request, Job("void", {"endpoint": _endpoint(request), "media": media}))


async def _description(request: Request, services: Services) -> Response:
    try:
        name = choose(request, {**GRAPH_MEDIA, "html": _HTML})
    except Problem:
        raise Problem(400, "The request has no query: send one as the parameter 'query', or in the body of a POST.") from None
    if name == "html":
        # A person who followed a link in a browser: the first page lists the questions.
        return RedirectResponse(f"{request.scope.get('root_path', '')}/", 303, headers={"Vary": "Accept"})
    return await services.respond(request, Job("service", {"endpoint": _endpoint(request), "media": GRAPH_MEDIA[name]}))


def _endpoint(request: Request) -> str:
    """Returns the address of the endpoint as the client sees it."""
    return f"{request.base_url}{PATH[1:]}"
