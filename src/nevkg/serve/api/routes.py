"""The routes of the API: requests are read by the declarations of their operations, and become jobs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from nevkg.ask.catalogue import RECORD
from nevkg.data import terms
from nevkg.serve import protocol as requests
from nevkg.serve.api.operation import FAMILIES, ROOT, Family, Operation
from nevkg.serve.api.operations import FIXED
from nevkg.serve.http.negotiation import best_offer, choose
from nevkg.serve.jobs import Job
from nevkg.serve.parameter import AS_OF, KNOWN_BY, read_all
from nevkg.serve.problem import Problem
from nevkg.serve.services import services_of
from nevkg.serve.settings import KILOBYTE
from nevkg.sparql.syntax import is_deterministic

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
        services = services_of(request)
        made = job(operation, request)
        if operation.takes_query:
            if request.method != "POST":
                raise Problem(405, f"Send the query to '{operation.path}' by POST, as to '/sparql'.", headers={"Allow": "POST"})
            sent = await requests.read_request(request, services.settings.body * KILOBYTE)
            if sent.over == RECORD or sent.default_graphs or sent.named_graphs:
                raise Problem(
                    400,
                    "Only queries on the snapshot of a day can be explained: remove 'over=record' and the parameters that name graphs.",
                )
            parameters = {**made.given["asked"], **({AS_OF: sent.clocks[AS_OF]} if AS_OF in sent.clocks else {})}
            given = {**made.given, "asked": parameters, "query": sent.query}
            known_by = sent.clocks.get(KNOWN_BY)
            made = replace(made, given=given, steady=is_deterministic(sent.query or ""), free=True, known_by=known_by)
        return await services.respond(request, made)

    return Route(operation.path, handle, methods=["GET", *(["POST"] if operation.takes_query else [])], name=operation.name)


def _family_route(family: Family) -> Route:
    async def handle(request: Request) -> Response:
        services = services_of(request)
        (name,) = request.path_params.values()
        operation = family.member(services.layout, name)
        return await services.respond(request, job(operation, request))

    return Route(family.path, handle, methods=["GET"], name=family.what)


def _offers(request: Request, operation: Operation, is_named: bool) -> Mapping[str, str]:
    """Returns the formats to choose from.

    Browsers prefer HTML, but should show the JSON of an address instead of saving a file: HTML is one of the formats only if the
    client names it or accepts nothing else.
    """
    others = {name: media for name, media in operation.formats.items() if name != "html"}
    return operation.formats if is_named or best_offer(request, tuple(others.items())) is None else others


def job(operation: Operation, request: Request) -> Job:
    """Converts a request to a job.

    Raises:
        Problem: 400 if a parameter or value is invalid, 406 if no format fits.
    """
    parameters = read_all(operation.all_parameters, request.query_params.multi_items(), operation.aliases)
    known_by = parameters.pop(KNOWN_BY, None)
    format_name = choose(request, _offers(request, operation, "format" in parameters), parameters.get("format"))
    defaults = {one.name: one.default for one in operation.all_parameters if one.default is not None}
    base = {"base": str(request.base_url)} if operation.needs_base else {}
    given = {**request.path_params, **operation.given, **base, "asked": parameters, "defaults": defaults, "format": format_name}
    return Job(operation.task, given, known_by=known_by)
