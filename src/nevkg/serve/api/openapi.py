"""The OpenAPI 3.1 document, from the declarations of the operations and the metadata of questions; and the index of the API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from nevkg.ask import arguments
from nevkg.ask.catalogue import Parameter as QuestionParameter
from nevkg.ask.catalogue import Question
from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.network import load_projections
from nevkg.serve.api.operation import FAMILIES, LANG, ROOT, Family, Operation, Schema, ref
from nevkg.serve.api.operations import FIXED
from nevkg.serve.api.paging import OFFSET
from nevkg.serve.api.question_jobs import catalogue, dataset
from nevkg.serve.jobs import Reply, json_reply
from nevkg.serve.parameter import Parameter
from nevkg.serve.problem import MEDIA as PROBLEM
from nevkg.serve.protocol import QUERY
from nevkg.store import Store
from nevkg.validate.checks import DATA, all_checks

_SCHEMAS = Path(__file__).with_name("schemas.yaml")
_FEW = 12
_SHARED = (LANG, OFFSET)
_TITLE = "nevkg"
_DESCRIPTION = (
    "Questions, entities, graphs and evidence of the knowledge graph. Each response is for one state of the dataset, which it names."
)
_ERRORS = {
    "400": "The request is invalid; `detail` says what is wrong and suggests similar names.",
    "401": "The API key is missing or wrong.",
    "404": "Not found.",
    "406": "No available format is acceptable to the client.",
    "429": "The client has reached a limit; try again after the seconds in `Retry-After`.",
    "500": "The server met an unexpected error.",
    "503": "The server is busy or temporarily unavailable; try again later.",
    "504": "The query reached the time limit.",
}
_HEADERS = {
    "X-Total-Count": {"description": "Number of items on all pages.", "schema": {"type": "integer", "minimum": 0}},
    "X-Truncated": {"description": "Whether further pages follow.", "schema": {"type": "boolean"}},
    "Link": {"description": "Links to the next and previous page, if there are any (RFC 8288).", "schema": {"type": "string"}},
}


def index(store: Store, given: Mapping[str, Any]) -> Reply:
    """Lists the paths of the API; ``given["base"]`` is the address of the server."""
    listed: list[Operation | Family] = [*FIXED[1:], *FAMILIES]
    return json_reply(
        {
            "title": _TITLE,
            "dataset": dataset(store),
            "server": given["base"].rstrip("/"),
            "openapi": f"{given['base']}{ROOT[1:]}/openapi.json",
            "paths": [{"path": one.path, "summary": one.summary} for one in listed],
        }
    )


def openapi(store: Store, given: Mapping[str, Any]) -> Reply:
    """Returns the OpenAPI document; ``given["base"]`` is the address of the server."""
    import yaml

    questions, projections = catalogue(store).questions, load_projections(store.layout).projections
    heads = {**questions, **{name: one.question for name, one in projections.items()}}
    known_names = {
        "question": list(questions),
        "projection": list(projections),
        "check": [check.name for check in all_checks(store.layout) if check.about == DATA],
        "kind": sorted(entities.namespaces(store)),
    }
    operations = [*FIXED, *(one for family in FAMILIES for one in family.members(store.layout).values())]
    return json_reply(
        {
            "openapi": "3.1.0",
            "info": {"title": _TITLE, "version": entities.version(store), "description": _DESCRIPTION},
            "servers": [{"url": given["base"].rstrip("/")}],
            "tags": [{"name": topic} for topic in dict.fromkeys(one.topic for one in operations)],
            "paths": {one.path: {one.method.lower(): _operation(one, known_names, _examples(store, one, heads))} for one in operations},
            "components": {
                "schemas": yaml.safe_load(_SCHEMAS.read_text(encoding="utf-8")),
                "parameters": {one.name: _parameter(one, ()) for one in _SHARED},
                "responses": {status: _problem(words) for status, words in _ERRORS.items()},
                "headers": _HEADERS,
            },
        }
    )


def _examples(store: Store, operation: Operation, heads: Mapping[str, Question]) -> dict[str, list[str]]:
    """Returns example values for the parameters of a question whose values are entities: all if there are few, else three."""
    name = operation.given.get("question") or operation.given.get("projection")
    return {one.name: _example_values(store, one) for one in heads[name].parameters} if name else {}


def _example_values(store: Store, declared: QuestionParameter) -> list[str]:
    spaces = entities.namespaces(store)
    found = [terms.shorten(iri, spaces) for iri in arguments.options(store, declared)]
    return found if len(found) <= _FEW else found[:3]


def _operation(operation: Operation, known_names: Mapping[str, list[str]], examples: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Returns the document of an operation; ``known_names`` has the possible values of path parameters, where they are known."""
    query_parameters = [
        {"$ref": f"#/components/parameters/{one.name}"} if one in _SHARED else _parameter(one, examples.get(one.name, ()))
        for one in operation.all_parameters
    ]
    path_parameters = [_path_parameter(name, words, known_names.get(name)) for name, words in operation.path_parameters.items()]
    return {
        "operationId": operation.name,
        "tags": [operation.topic],
        "summary": operation.summary,
        **({"description": operation.description} if operation.description else {}),
        "parameters": [*path_parameters, *query_parameters],
        **({"requestBody": {"required": True, "content": {QUERY: {"schema": {"type": "string"}}}}} if operation.takes_query else {}),
        "responses": {"200": _answer(operation), **{status: {"$ref": f"#/components/responses/{status}"} for status in _ERRORS}},
    }


def _path_parameter(name: str, words: str, known: list[str] | None) -> dict[str, Any]:
    schema = {"type": "string", **({"enum": known} if known else {})}
    return {"name": name, "in": "path", "required": True, "description": words, "schema": schema}


def _parameter(one: Parameter, examples: Sequence[str]) -> dict[str, Any]:
    schema: Schema = {**one.schema, **({"examples": list(examples)} if examples else {})}
    if one.many:
        schema = {"type": "array", "items": schema}
    if one.default is not None:
        schema = {**schema, "default": one.default}
    return {"name": one.name, "in": "query", "description": one.description, "required": one.required, "schema": schema}


def _answer(operation: Operation) -> dict[str, Any]:
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in (_HEADERS if operation.paged else ())}
    content = {media: {"schema": operation.answer} if name == "json" else {} for name, media in operation.formats.items()}
    return {"description": operation.summary, **({"headers": headers} if headers else {}), "content": content}


def _problem(words: str) -> dict[str, Any]:
    return {"description": words, "content": {PROBLEM: {"schema": ref("Problem")}}}
