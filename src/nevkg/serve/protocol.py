"""The SPARQL 1.1 Protocol: requests at ``/sparql``, their result formats, and the VoID description at ``/.well-known/void``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import HTTPConnection, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from nevkg.ask.arguments import TODAY
from nevkg.data import terms
from nevkg.serve.http.negotiation import best_offer, choose
from nevkg.serve.jobs import Job
from nevkg.serve.parameter import AS_OF, KNOWN_BY, read_clocks
from nevkg.serve.problem import Problem
from nevkg.serve.services import Services, services_of
from nevkg.serve.settings import KILOBYTE
from nevkg.serve.sparql_jobs import GRAPH_MEDIA, GRAPHS, TABLE_MEDIA, TABLES, DatasetDescription, ServiceDescription, SparqlQuery
from nevkg.sparql.syntax import is_deterministic

# Other names of the formats that clients use in addresses, and less specific media types.
_TABLE_WORDS = {name: name for name in TABLES} | {"application/json": "json", "application/xml": "xml", "text/xml": "xml"}
_GRAPH_WORDS = {name: name for name in GRAPHS} | {
    **{"ttl": "turtle", "n-triples": "ntriples", "nt": "ntriples", "n-quads": "nquads", "nq": "nquads"},
    **{"json-ld": "jsonld", "json": "jsonld", "application/json": "jsonld"},
    **{"rdf+xml": "rdfxml", "rdf": "rdfxml", "xml": "rdfxml", "application/xml": "rdfxml", "text/xml": "rdfxml"},
}


def negotiate_formats(request: HTTPConnection, named: Iterable[str]) -> tuple[str | None, str | None]:
    """Returns the media types for a table and for a graph, of which only the query knows which applies; None if none is accepted.

    Args:
        named: formats requested in the address by name or media type. They override the Accept header. A format of graphs only
            has no effect on tables, and the other way round.

    Raises:
        Problem: 406 if a name is unknown.
    """
    word = next((name.strip().lower() for name in named if name.strip()), "")
    table, graph = _named_media(word, TABLE_MEDIA, _TABLE_WORDS), _named_media(word, GRAPH_MEDIA, _GRAPH_WORDS)
    if word and not (table or graph):
        raise Problem(406, f"There is no format '{word}' for query results; choose from {', '.join({**TABLES, **GRAPHS})}.")
    return table or _accepted_media(request, TABLE_MEDIA, _TABLE_WORDS), graph or _accepted_media(request, GRAPH_MEDIA, _GRAPH_WORDS)


def _named_media(word: str, media: Mapping[str, str], words: Mapping[str, str]) -> str | None:
    if word in words:
        return media[words[word]]
    return word if word in media.values() else None


def _accepted_media(request: HTTPConnection, media: Mapping[str, str], words: Mapping[str, str]) -> str | None:
    offers = [*media.values(), *(word for word in words if "/" in word)]
    return best_offer(request, tuple((offer, offer) for offer in offers))


FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
# Three names for the same parameter: clients do not know which one a server understands, and some send them all.
_FORMATS = ("format", "output", "results")
_MOST_PARAMETERS = 1000
_NO_UPDATES = "This endpoint is read-only: send a query, not an update."


@dataclass(frozen=True)
class SparqlRequest:
    """A query with its protocol parameters.

    Attributes:
        query: text of the query; None if the request has none.
        default_graphs: IRIs of the graphs that form the default graph.
        named_graphs: IRIs of the graphs available to GRAPH.
        clocks: ``as_of``, the day whose snapshot is the default graph, and ``known_by``, the last publication day of sources; only
            those given.
        over: ``snapshot`` or ``record``; None if the query decides.
        formats: names or media types of the requested result format.
    """

    query: str | None
    default_graphs: list[str]
    named_graphs: list[str]
    clocks: dict[str, str]
    over: str | None
    formats: list[str]


async def read_request(request: Request, most: int) -> SparqlRequest:
    """Reads a protocol request.

    Args:
        request: a GET, HEAD or POST request.
        most: maximum size of the body in bytes.

    Raises:
        Problem: 400 if the request does not follow the protocol, 403 if it is an update, 413 if it is too large, 415 if the body has
            another media type, charset or encoding.
    """
    given = _parameters(request.scope["query_string"], "address")
    if request.method == "POST":
        kind = _body_type(request)
        content = await read_body(request, most)
        given += _parameters(content, "form") if kind == FORM else [("query", _decode(content, "query"))]
    if any(name == "update" for name, _ in given):
        raise Problem(403, _NO_UPDATES)
    queries = _values(given, "query")
    if len(queries) > 1:
        raise Problem(400, f"The request contains {len(queries)} queries; send one.")
    if request.method == "POST" and not queries:
        raise Problem(400, "The form has no field 'query'; send the query in that field.")
    if queries and not queries[0].strip():
        raise Problem(400, "The query is empty; send a SPARQL query.")
    return SparqlRequest(
        queries[0] if queries else None,
        _graph_names(given, "default-graph-uri"),
        _graph_names(given, "named-graph-uri"),
        read_clocks(given),
        next((value for value in _values(given, "over") if value), None),
        [value for name in _FORMATS for value in _values(given, name)],
    )


async def read_body(request: Request, most: int) -> bytes:
    """Reads the body of a request; ``Problem`` 413 as soon as it has more than ``most`` bytes."""
    too_large = Problem(413, f"The body of the request is larger than {most:,} bytes; send less.")
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > most:
        raise too_large
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > most:
            raise too_large
    return bytes(content)


def _body_type(request: Request) -> str:
    """Returns the media type of the body, a form or a query; raises ``Problem`` (403, 415) for other bodies."""
    kind, *parameters = (part.strip().lower() for part in request.headers.get("content-type", "").split(";"))
    if kind == UPDATE:
        raise Problem(403, _NO_UPDATES)
    if kind not in (FORM, QUERY):
        raise Problem(415, f"The body must have the media type {QUERY} or {FORM}, not {f'{kind!r}' if kind else 'without a Content-Type'}.")
    charset = next((parameter.partition("=")[2].strip('" ') for parameter in parameters if parameter.startswith("charset")), "utf-8")
    if charset not in ("utf-8", "utf8", "us-ascii"):
        raise Problem(415, f"The body must be in UTF-8, not in {charset}.")
    if request.headers.get("content-encoding", "identity") != "identity":
        raise Problem(415, "The body must not be compressed.")
    return kind


def _decode(content: bytes, what: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Problem(400, f"The {what} is not UTF-8 text (byte {error.start}).") from None


def _parameters(content: bytes, what: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(_decode(content, what), keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS)
    except UnicodeDecodeError:
        raise Problem(400, f"The percent-encoded text in the {what} is not UTF-8.") from None
    except ValueError:
        raise Problem(400, f"The {what} has more than {_MOST_PARAMETERS:,} parameters; send fewer.") from None


def _values(given: list[tuple[str, str]], name: str) -> list[str]:
    return [value for key, value in given if key == name]


def _graph_names(given: list[tuple[str, str]], name: str) -> list[str]:
    """Returns the graphs that a parameter names. Forms send an empty value for none."""
    return [value for value in _values(given, name) if value]


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
        return Response(status_code=204, headers={"Allow": _METHODS, "Accept-Post": f"{QUERY}, {FORM}"})
    services = services_of(request)
    sent = await read_request(request, services.settings.body * KILOBYTE)
    if sent.query is None:
        return await _description(request, services)
    table, graph = negotiate_formats(request, sent.formats)
    day, rows = sent.clocks.get(AS_OF), services.settings.rows
    task = SparqlQuery(sent.query, sent.default_graphs, sent.named_graphs, day, sent.over, table, graph, rows)
    steady = is_deterministic(sent.query) and not any(_TODAY in part for part in (sent.query, *sent.default_graphs))
    job = Job(task, steady=steady, free=True, known_by=sent.clocks.get(KNOWN_BY))
    return await services.respond(request, job)


async def void(request: Request) -> Response:
    """Returns the description of the dataset."""
    services = services_of(request)
    media = GRAPH_MEDIA[choose(request, GRAPH_MEDIA)]
    return await services.respond(request, Job(DatasetDescription(_endpoint(request), media)))


async def _description(request: Request, services: Services) -> Response:
    try:
        name = choose(request, {**GRAPH_MEDIA, "html": _HTML})
    except Problem:
        raise Problem(400, "The request has no query: send one as the parameter 'query', or in the body of a POST.") from None
    if name == "html":
        # A person who followed a link in a browser: the first page lists the questions.
        return RedirectResponse(f"{request.scope.get('root_path', '')}/", 303, headers={"Vary": "Accept"})
    return await services.respond(request, Job(ServiceDescription(_endpoint(request), GRAPH_MEDIA[name])))


def _endpoint(request: Request) -> str:
    """Returns the address of the endpoint as the client sees it."""
    return f"{request.base_url}{PATH[1:]}"
