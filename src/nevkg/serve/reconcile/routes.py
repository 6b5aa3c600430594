"""The routes of the reconciliation service, once for each language and once for the language that the client prefers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from nevkg.data import terms
from nevkg.serve.api import parameter
from nevkg.serve.api.parameter import Parameter, read_all
from nevkg.serve.http.middleware import POLICY, policy
from nevkg.serve.http.problem import Problem
from nevkg.serve.pages.language import language, view_arguments
from nevkg.serve.protocol.request import FORM, body
from nevkg.serve.reconcile.batch import read_extension, read_queries
from nevkg.serve.reply import Job
from nevkg.serve.services import services_of
from nevkg.serve.settings import KILOBYTE

PATH = "reconcile"
_QUERIES, _EXTEND = "queries", "extend"
_PREFIX = parameter.text("prefix", "What the user has typed.", default="")
_CURSOR = parameter.count("cursor", "Number of suggestions to skip.", least=0, most=1000, default=0)
_TYPES = parameter.text("type", "Only entities of this type.", many=True)
_TYPE = parameter.text("type", "The type whose properties are wanted.", default="")
_LIMIT = parameter.count("limit", "Maximum number of properties.", most=1000)
_ID = parameter.text("id", "The identifier of the entity.", required=True)
Handler = Callable[[Request, str, str], Awaitable[Response]]


def routes() -> list[BaseRoute]:
    """Returns the routes."""
    return [route for tag in ("", *terms.LANGUAGES) for route in _routes(tag)]


def _routes(tag: str) -> list[Route]:
    path = f"{PATH}/{tag}".rstrip("/")

    def route(end: str, handle: Handler, methods: Sequence[str] = ("GET",)) -> Route:
        async def answer(request: Request) -> Response:
            return await handle(request, path, tag or language(request)[0])

        return Route(f"/{path}{end}", answer, methods=list(methods))

    return [
        route("", _service, ("GET", "POST")),
        route("/suggest/{what}", _suggest),
        route("/properties", _properties),
        route("/preview", _preview),
    ]


async def _service(request: Request, path: str, language: str) -> Response:
    given = dict(request.query_params)
    if request.method == "POST":
        given |= await _read_form(request, services_of(request).settings.body * KILOBYTE)
        if not given.keys() & {_QUERIES, _EXTEND}:
            raise Problem(400, f"The form has neither the field '{_QUERIES}' nor '{_EXTEND}'; send one of them.")
    if given.keys() >= {_QUERIES, _EXTEND}:
        raise Problem(400, f"Send either '{_QUERIES}' or '{_EXTEND}', not both.")
    if _QUERIES in given:
        return await _do(request, "reconcile.candidates", {"queries": read_queries(given[_QUERIES]), "language": language})
    if _EXTEND in given:
        return await _do(request, "reconcile.extend", {**read_extension(given[_EXTEND]), "language": language})
    return await _do(request, "reconcile.manifest", {"base": str(request.base_url), "path": path, "language": language})


async def _read_form(request: Request, most: int) -> dict[str, str]:
    """Returns the fields of a form.

    Raises:
        Problem: 400 if it is not UTF-8, 413 if it is too large, 415 if the body is no form.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise Problem(415, f"The body must have the media type {FORM}.")
    try:
        return dict(parse_qsl((await body(request, most)).decode(), keep_blank_values=True, errors="strict", max_num_fields=10))
    except UnicodeDecodeError:
        raise Problem(400, "The form is not UTF-8 text.") from None
    except ValueError:
        raise Problem(400, f"The form has too many fields; send '{_QUERIES}' or '{_EXTEND}'.") from None


async def _suggest(request: Request, path: str, language: str) -> Response:  # noqa: ARG001  the signature of handlers
    what = request.path_params["what"]
    if what not in ("entity", "type", "property"):
        raise Problem(404, f"There are no suggestions for '{what[:80]}'; choose from entity, type and property.")
    return await _do(request, "reconcile.suggest", {"what": what, **_read(request, [_PREFIX, _CURSOR, _TYPES]), "language": language})


async def _properties(request: Request, path: str, language: str) -> Response:  # noqa: ARG001
    return await _do(request, "reconcile.properties", {**_read(request, [_TYPE, _LIMIT]), "language": language})


async def _preview(request: Request, path: str, language: str) -> Response:  # noqa: ARG001
    view = {**view_arguments(request), "language": language, "pinned": True}
    response = await _do(request, "reconcile.preview", {**_read(request, [_ID]), "view": view})
    # Clients show it in a frame. It has no controls that another site could make a user press.
    response.headers[POLICY] = policy(("*",))
    return response


async def _do(request: Request, task: str, given: Mapping[str, object]) -> Response:
    return await services_of(request).respond(request, Job(task, given))


def _read(request: Request, parameters: Sequence[Parameter]) -> Mapping[str, object]:
    """Reads parameters with their defaults, or None. Others are ignored: clients send some of earlier versions."""
    names = {one.name for one in parameters}
    given = read_all(parameters, [pair for pair in request.query_params.multi_items() if pair[0] in names], {})
    return {one.name: given.get(one.name, one.default) for one in parameters}
