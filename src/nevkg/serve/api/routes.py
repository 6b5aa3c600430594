"""The routes of the API: requests are read by the declarations of their operations, and become jobs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from nevkg.ask.catalogue import RECORD
from nevkg.data import terms
from nevkg.serve import protocol as requests
from nevkg.serve.api.openapi import FIXED
from nevkg.serve.api.operations import FAMILIES, ROOT, Family, Operation
from nevkg.serve.http.negotiation import best_offer, choose
from nevkg.serve.jobs import Job
from nevkg.serve.parameter import AS_OF, KNOWN_BY, read_all
from nevkg.serve.problem import Problem
from nevkg.serve.services import services_of
from nevkg.serve.settings import KILOBYTE
from nevkg.sparql.syntax import is_deterministic

LARGEST_DOCUMENT = 8 * 1024 * KILOBYTE  # bytes of a document that an operation takes
LONGEST_PATH = 80  # characters of a path that an error message repeats


def routes() -> list[BaseRoute]:
    """Returns one route for each fixed operation and each family, and one for all other paths."""
    made = [*(_family_route(family) for family in FAMILIES), *(_operation_route(operation) for operation in FIXED)]
    return [*made, Route(f"{ROOT}/{{rest:path}}", _not_found, methods=["GET"])]


async def _not_found(request: Request) -> Response:
    path = request.url.path[:LONGEST_PATH]
    known = [operation.path for operation in FIXED]
    raise Problem(404, f"There is nothing at '{path}'; '{ROOT}' lists the paths of the API.{terms.suggest(path, known)}")


def _operation_route(operation: Operation) -> Route:
    async def handle(request: Request) -> Response:
        asked, known_by, format_name = _read(operation, request)
        sent: dict[str, str] = {}
        if operation.takes_query:
            form = await _read_query(operation, request)
            sent["query"], known_by = form.query or "", form.clocks.get(KNOWN_BY)
            asked |= {AS_OF: form.clocks[AS_OF]} if AS_OF in form.clocks else {}
        elif operation.takes:
            sent["document"] = await _read_document(request)
        task = operation.make_task(asked, **request.path_params, format=format_name, base=str(request.base_url), **sent)
        steady = "document" not in sent and is_deterministic(sent.get("query", ""))
        return await services_of(request).respond(request, Job(task, steady=steady, free=bool(sent), known_by=known_by))

    methods = {"GET", operation.method} if operation.takes_query else {operation.method}
    return Route(operation.path, handle, methods=sorted(methods), name=operation.name)


async def _read_query(operation: Operation, request: Request) -> requests.SparqlRequest:
    """Returns the query in the body of a POST; raises ``Problem`` if there is none on the snapshot of a day."""
    if request.method != "POST":
        raise Problem(405, f"Send the query to '{operation.path}' by POST, as to '/sparql'.", headers={"Allow": "POST"})
    form = await requests.read_request(request, services_of(request).settings.body * KILOBYTE)
    if form.over == RECORD or form.default_graphs or form.named_graphs:
        raise Problem(
            400, "Only queries on the snapshot of a day can be explained: remove 'over=record' and the parameters that name graphs."
        )
    return form


async def _read_document(request: Request) -> str:
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise Problem(415, "Send the document as application/json.")
    return (await requests.read_body(request, LARGEST_DOCUMENT)).decode(errors="replace")


def _family_route(family: Family) -> Route:
    async def handle(request: Request) -> Response:
        services = services_of(request)
        (name,) = request.path_params.values()
        operation = family.member(services.layout, name)
        asked, known_by, format_name = _read(operation, request)
        return await services.respond(request, Job(operation.make_task(asked, format=format_name), known_by=known_by))

    return Route(family.path, handle, methods=["GET"], name=family.what)


def _offers(request: Request, operation: Operation, is_named: bool) -> Mapping[str, str]:
    """Returns the formats to choose from.

    Browsers prefer HTML, but should show the JSON of an address instead of saving a file: HTML is one of the formats only if the
    client names it or accepts nothing else.
    """
    others = {name: media for name, media in operation.formats.items() if name != "html"}
    return operation.formats if is_named or best_offer(request, tuple(others.items())) is None else others


def _read(operation: Operation, request: Request) -> tuple[dict[str, Any], str | None, str]:
    """Returns the parameters in the address, ``known_by`` apart, and the name of the format.

    Raises:
        Problem: 400 if a parameter or value is invalid, 406 if no format fits.
    """
    asked = read_all(operation.all_parameters, request.query_params.multi_items(), operation.aliases)
    known_by = asked.pop(KNOWN_BY, None)
    return asked, known_by, choose(request, _offers(request, operation, "format" in asked), asked.get("format"))
