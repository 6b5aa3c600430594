"""The reconciliation service at ``/reconcile``: its routes, and the queries that clients send."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeGuard, TypeVar
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from nevkg.data import terms
from nevkg.serve import parameter
from nevkg.serve.extras.reconcile_jobs import (
    DAY,
    MOST_QUERIES,
    DescribeReconciliation,
    KnownProperty,
    MatchNames,
    NameQuery,
    PreviewEntity,
    ProposeProperties,
    ReadProperties,
    Suggest,
    WantedProperty,
)
from nevkg.serve.http.middleware import POLICY, policy
from nevkg.serve.jobs import Job, Task
from nevkg.serve.pages.requests import language, view_of
from nevkg.serve.parameter import Parameter, read_all, short
from nevkg.serve.problem import Problem
from nevkg.serve.protocol import FORM, read_body
from nevkg.serve.services import services_of
from nevkg.serve.settings import KILOBYTE

MOST_CANDIDATES = 100  # of one query
MOST_ENTITIES, MOST_PROPERTIES = 500, 50
_USUAL_CANDIDATES = 10
_LONGEST = 500  # characters of a name
_STRICT = ("any", "should", "all")
T = TypeVar("T")


def read_queries(text: str) -> dict[str, NameQuery]:
    """Returns the queries of a batch by their keys; ``Problem`` 400 if it does not follow the specification, 413 if it has too many."""
    batch = _read_object("queries", text)
    if len(batch) > MOST_QUERIES:
        raise Problem(413, f"The batch has {len(batch):,} queries; send at most {MOST_QUERIES} at once.")
    return {key: _read_query(f"Query '{short(key)}'", query) for key, query in batch.items()}


def read_extension(text: str) -> tuple[list[str], list[WantedProperty]]:
    """Returns entities, and the properties that are wanted of them; ``Problem`` 400 if malformed, 413 if there are too many."""
    asked = _read_object("extend", text)
    ids, properties = asked.get("ids"), asked.get("properties")
    if not _is_list_of(ids, str):
        raise Problem(400, "extend: 'ids' must be a list of identifiers of entities.")
    if not _is_list_of(properties, dict) or not all(isinstance(wanted.get("id"), str) for wanted in properties):
        raise Problem(400, 'extend: \'properties\' must be a list of objects such as {"id": "prefix:name"}.')
    if len(ids) > MOST_ENTITIES or len(properties) > MOST_PROPERTIES:
        raise Problem(413, f"extend: ask for at most {MOST_ENTITIES} entities and {MOST_PROPERTIES} properties at once.")
    settings = [wanted.get("settings") or {} for wanted in properties]
    if not _is_list_of(settings, dict):
        raise Problem(400, "extend: 'settings' must be an object.")
    return ids, [WantedProperty(wanted["id"], str(own.get(DAY) or "")) for wanted, own in zip(properties, settings, strict=True)]


def _read_object(name: str, text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise Problem(400, f"{name}: the JSON has half of a surrogate pair, which is no text.") from None
    except RecursionError:
        raise Problem(400, f"{name}: the JSON is nested too deeply.") from None
    except ValueError as error:
        raise Problem(400, f"{name}: this is not JSON ({error}).") from None
    if not isinstance(found, dict):
        raise Problem(400, f"{name}: send a JSON object.")
    return found


def _read_query(where: str, query: object) -> NameQuery:
    if not isinstance(query, dict):
        raise Problem(400, f'{where} must be an object such as {{"query": "a name"}}.')
    name, kinds, properties = query.get("query", ""), query.get("type") or [], query.get("properties") or []
    limit, strict = query.get("limit", _USUAL_CANDIDATES), query.get("type_strict", _STRICT[0])
    if not isinstance(name, str) or len(name) > _LONGEST:
        raise Problem(400, f"{where}: 'query' must be a text of at most {_LONGEST} characters.")
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if not _is_list_of(kinds, str):
        raise Problem(400, f"{where}: 'type' must be the identifier of a type, or a list of such.")
    if isinstance(limit, bool) or not isinstance(limit, int | float) or limit != limit or limit < 1:
        raise Problem(400, f"{where}: 'limit' must be a whole number above 0.")
    if strict not in _STRICT:
        raise Problem(400, f"{where}: 'type_strict' must be one of {', '.join(_STRICT)}.")
    if not isinstance(properties, list) or len(properties) > MOST_PROPERTIES:
        raise Problem(400, f"{where}: 'properties' must be a list of at most {MOST_PROPERTIES} objects.")
    read = [_read_property(where, known) for known in properties]
    if not name.strip() and not read:
        raise Problem(400, f"{where} needs a 'query' that is not empty, or 'properties'.")
    return NameQuery(name.strip(), kinds, strict == "all", int(min(limit, MOST_CANDIDATES)), read)


def _read_property(where: str, given: object) -> KnownProperty:
    if not isinstance(given, dict) or not isinstance(given.get("pid"), str) or "v" not in given:
        raise Problem(400, f'{where}: each of \'properties\' must be an object such as {{"pid": "prefix:name", "v": "a value"}}.')
    values = given["v"] if isinstance(given["v"], list) else [given["v"]]
    if not all(_is_value(value) for value in values):
        raise Problem(400, f"{where}: the value of '{short(given['pid'])}' must be a text, a number, a boolean or an object with an 'id'.")
    return KnownProperty(given["pid"], values)


def _is_value(value: object) -> bool:
    if isinstance(value, dict):
        return isinstance(value.get("id"), str)
    return isinstance(value, int | float | bool) or (isinstance(value, str) and len(value) <= _LONGEST)


def _is_list_of(value: object, kind: type[T]) -> TypeGuard[list[T]]:
    return isinstance(value, list) and all(isinstance(item, kind) for item in value)


PATH = "reconcile"
_QUERIES, _EXTEND = "queries", "extend"
_PREFIX = parameter.text("What the user has typed.", default="")
_CURSOR = parameter.count("Number of suggestions to skip.", least=0, most=1000, default=0)
_TYPES = parameter.text("Only entities of this type.", many=True)
_TYPE = parameter.text("The type whose properties are wanted.", default="")
_LIMIT = parameter.count("Maximum number of properties.", most=1000)
_ID = parameter.text("The identifier of the entity.", required=True)
Handler = Callable[[Request, str], Awaitable[Response]]


def routes() -> list[BaseRoute]:
    """Returns the routes."""
    return [route for tag in ("", *terms.LANGUAGES) for route in _routes(tag)]


def _routes(tag: str) -> list[Route]:
    path = f"{PATH}/{tag}".rstrip("/")

    def route(end: str, handle: Handler, methods: Sequence[str] = ("GET",)) -> Route:
        async def answer(request: Request) -> Response:
            return await handle(request, tag or language(request)[0])

        return Route(f"/{path}{end}", answer, methods=list(methods))

    return [
        route("", partial(_service, path), ("GET", "POST")),
        route("/suggest/{what}", _suggest),
        route("/properties", _properties),
        route("/preview", _preview),
    ]


async def _service(path: str, request: Request, language: str) -> Response:
    given = dict(request.query_params)
    if request.method == "POST":
        given |= await _read_form(request, services_of(request).settings.body * KILOBYTE)
        if not given.keys() & {_QUERIES, _EXTEND}:
            raise Problem(400, f"The form has neither the field '{_QUERIES}' nor '{_EXTEND}'; send one of them.")
    if given.keys() >= {_QUERIES, _EXTEND}:
        raise Problem(400, f"Send either '{_QUERIES}' or '{_EXTEND}', not both.")
    if _QUERIES in given:
        return await _do(request, MatchNames(read_queries(given[_QUERIES]), language))
    if _EXTEND in given:
        return await _do(request, ReadProperties(*read_extension(given[_EXTEND]), language))
    return await _do(request, DescribeReconciliation(str(request.base_url), path, language))


async def _read_form(request: Request, most: int) -> dict[str, str]:
    """Returns the fields of a form; ``Problem`` 400 if it is not UTF-8, 413 if it is too large, 415 if it is no form."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise Problem(415, f"The body must have the media type {FORM}.")
    try:
        return dict(parse_qsl((await read_body(request, most)).decode(), keep_blank_values=True, errors="strict", max_num_fields=10))
    except UnicodeDecodeError:
        raise Problem(400, "The form is not UTF-8 text.") from None
    except ValueError:
        raise Problem(400, f"The form has too many fields; send '{_QUERIES}' or '{_EXTEND}'.") from None


async def _suggest(request: Request, language: str) -> Response:
    what = request.path_params["what"]
    if what not in ("entity", "type", "property"):
        raise Problem(404, f"There are no suggestions for '{what[:80]}'; choose from entity, type and property.")
    return await _do(request, Suggest(what, **_read(request, {"prefix": _PREFIX, "cursor": _CURSOR, "type": _TYPES}), language=language))


async def _properties(request: Request, language: str) -> Response:
    return await _do(request, ProposeProperties(**_read(request, {"type": _TYPE, "limit": _LIMIT}), language=language))


async def _preview(request: Request, language: str) -> Response:
    view = view_of(request)
    view = replace(view, language=language, links=replace(view.links, language=language))
    response = await _do(request, PreviewEntity(**_read(request, {"id": _ID}), view=view))
    # Clients show it in a frame. It has no controls that another site could make a user press.
    response.headers[POLICY] = policy(("*",))
    return response


async def _do(request: Request, task: Task) -> Response:
    return await services_of(request).respond(request, Job(task))


def _read(request: Request, parameters: Mapping[str, Parameter]) -> Mapping[str, Any]:
    """Reads parameters with their defaults, or None. Others are ignored: clients send some of earlier versions."""
    given = read_all(parameters, [pair for pair in request.query_params.multi_items() if pair[0] in parameters], {})
    return {name: given.get(name, parameter.default) for name, parameter in parameters.items()}
