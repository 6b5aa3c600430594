"""Reads requests of the SPARQL Protocol: a query by GET, in a form, or as the body of a POST."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import Request

from nevkg.serve.clocks import read_clocks
from nevkg.serve.http.problem import Problem

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


async def read(request: Request, most: int) -> SparqlRequest:
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
        kind = _content_type(request)
        content = await body(request, most)
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


async def body(request: Request, most: int) -> bytes:
    """Reads the body of a request, and stops when it becomes too large.

    Raises:
        Problem: 413 if it has more than ``most`` bytes.
    """
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


def _content_type(request: Request) -> str:
    """Returns the media type of the body, a form or a query; raises ``Problem`` (403, 415) for other bodies."""
    kind, *parameters = (part.strip().lower() for part in request.headers.get("content-type", "").split(";"))
    if kind == UPDATE:
        raise Problem(403, _NO_UPDATES)
    if kind not in (FORM, QUERY):
        raise Problem(415, f"The body must have the media type {QUERY} or {FORM}, not {f'{kind!r}' if kind else 'without a Content-Type'}.")
    charset = next((one.partition("=")[2].strip('" ') for one in parameters if one.startswith("charset")), "utf-8")
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
    return [value for one, value in given if one == name]


def _graph_names(given: list[tuple[str, str]], name: str) -> list[str]:
    """Returns the graphs that a parameter names. Forms send an empty value for none."""
    return [value for value in _values(given, name) if value]
