"""The addresses of the protocol: queries at ``/sparql``, the dataset described at ``/.well-known/void``."""

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
from nevkg.serve.protocol.formats import GRAPH_MEDIA, wanted
from nevkg.serve.reply import Job
from nevkg.serve.services import Services, services_of
from nevkg.serve.settings import KILOBYTE
from nevkg.sparql.syntax import is_steady

PATH = "/sparql"
_TODAY = terms.SNAPSHOT + TODAY
_HTML = "text/html"
_METHODS = "GET, HEAD, OPTIONS, POST"


def routes() -> list[Route]:
    """What the application takes in."""
    # With a slash, too: so the tests of W3C and some clients have it.
    queries = [Route(path, sparql, methods=["GET", "POST", "OPTIONS"]) for path in (PATH, f"{PATH}/")]
    return [*queries, Route("/.well-known/void", void)]


async def sparql(request: Request) -> Response:
    """A query; without one, what the service says of itself."""
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": _METHODS, "Accept-Post": f"{requests.QUERY}, {requests.FORM}"})
    services = services_of(request)
    asked = await requests.read(request, services.settings.body * KILOBYTE)
    if asked.query is None:
        return await _description(request, services)
    accepted = wanted(request, asked.formats)
    given = {
        "query": asked.query,
        "default": asked.default_graphs,
        "named": asked.named_graphs,
        "as_of": asked.clocks.get(AS_OF),
        "over": asked.over,
        "table": accepted.table,
        "graph": accepted.graph,
        "rows": services.settings.rows,
    }
    steady = is_steady(asked.query) and not any(_TODAY in part for part in (asked.query, *asked.default_graphs))
    job = Job("sparql", given, steady=steady, free=True, known_by=asked.clocks.get(KNOWN_BY))
    return await services.respond(request, job)


async def void(request: Request) -> Response:
    """The dataset described."""
    services = services_of(request)
    media = GRAPH_MEDIA[choose(request, GRAPH_MEDIA)]
    return await services.respond(request, Job("void", {"endpoint": _endpoint(request), "media": media}))


async def _description(request: Request, services: Services) -> Response:
    try:
        name = choose(request, {**GRAPH_MEDIA, "html": _HTML})
    except Problem:
        raise Problem(400, "There is no query: send one as the parameter 'query', or in the body of a POST.") from None
    if name == "html":
        # A person who has followed a link; what there is to ask is shown there.
        return RedirectResponse(f"{request.scope.get('root_path', '')}/", 303, headers={"Vary": "Accept"})
    return await services.respond(request, Job("service", {"endpoint": _endpoint(request), "media": GRAPH_MEDIA[name]}))


def _endpoint(request: Request) -> str:
    """The address of the service, as the client has it."""
    return f"{request.base_url}{PATH[1:]}"
