"""All operations: the index of the API, and the OpenAPI 3.1 document, from their declarations and the metadata of questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nevkg.ask import arguments
from nevkg.ask.catalogue import Question
from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.network import load_projections
from nevkg.serve.api import responses
from nevkg.serve.api.operations import FAMILIES, HOME, JSON, OTHERS, ROOT, Family, Operation, declare
from nevkg.serve.api.question_jobs import catalogue, dataset
from nevkg.serve.api.schemas import Components, Schema, ref
from nevkg.serve.jobs import Reply, Task, json_reply
from nevkg.serve.parameter import LANG, OFFSET, Parameter
from nevkg.serve.problem import MEDIA as PROBLEM
from nevkg.serve.protocol import QUERY
from nevkg.store import Store
from nevkg.validate.checks import DATA, all_checks

_FEW = 12
_SHARED = {"lang": LANG, "offset": OFFSET}
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


@dataclass(frozen=True, kw_only=True)
class ListPaths(Task):
    """The paths of this API."""

    base: str  # the address of the server

    def run(self, store: Store) -> Reply:
        """Lists the paths of the API."""
        listed: list[Operation | Family] = [*FIXED[1:], *FAMILIES]
        return json_reply(
            responses.Index(
                title=_TITLE,
                dataset=dataset(store),
                server=self.base.rstrip("/"),
                openapi=f"{self.base}{ROOT[1:]}/openapi.json",
                paths=[{"path": item.path, "summary": item.summary} for item in listed],
            )
        )


@dataclass(frozen=True, kw_only=True)
class DescribeApi(Task):
    """This API as an OpenAPI document."""

    base: str  # the address of the server

    def run(self, store: Store) -> Reply:
        """Returns the OpenAPI document."""
        questions, projections = catalogue(store).questions, load_projections(store.layout).projections
        heads = {**questions, **{name: projection.question for name, projection in projections.items()}}
        known_names = {
            "question": list(questions),
            "projection": list(projections),
            "check": [check.name for check in all_checks(store.layout) if check.about == DATA],
            "kind": sorted(entities.namespaces(store)),
        }
        operations = [*FIXED, *(operation for family in FAMILIES for operation in family.members(store.layout).values())]
        return json_reply(
            {
                "openapi": "3.1.0",
                "info": {"title": _TITLE, "version": entities.version(store), "description": _DESCRIPTION},
                "servers": [{"url": self.base.rstrip("/")}],
                "tags": [{"name": topic} for topic in dict.fromkeys(operation.topic for operation in operations)],
                "paths": {
                    operation.path: {operation.method.lower(): _operation(operation, known_names, _examples(store, operation, heads))}
                    for operation in operations
                },
                "components": {
                    "schemas": Components(responses.DOCUMENTS, responses.FURTHER).schemas,
                    "parameters": {name: _parameter(name, shared, ()) for name, shared in _SHARED.items()},
                    "responses": {status: _problem(words) for status, words in _ERRORS.items()},
                    "headers": _HEADERS,
                },
            }
        )


def _examples(store: Store, operation: Operation, heads: Mapping[str, Question]) -> dict[str, list[str]]:
    """Returns example values for the parameters of a question whose values are entities: all if there are few, else three."""
    name = operation.given.get("question") or operation.given.get("projection")
    spaces, examples = entities.namespaces(store), dict[str, list[str]]()
    for parameter in heads[name].parameters if name else ():
        found = [terms.shorten(iri, spaces) for iri in arguments.options(store, parameter)]
        examples[parameter.name] = found if len(found) <= _FEW else found[:3]
    return examples


def _operation(operation: Operation, known_names: Mapping[str, list[str]], examples: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Returns the document of an operation; ``known_names`` has the possible values of path parameters, where they are known."""
    query_parameters = [
        {"$ref": f"#/components/parameters/{name}"}
        if parameter == _SHARED.get(name)
        else _parameter(name, parameter, examples.get(name, ()))
        for name, parameter in operation.all_parameters.items()
    ]
    path_parameters = [_path_parameter(name, words, known_names.get(name)) for name, words in operation.path_parameters.items()]
    return {
        "operationId": operation.name,
        "tags": [operation.topic],
        "summary": operation.summary,
        **({"description": operation.description} if operation.description else {}),
        "parameters": [*path_parameters, *query_parameters],
        **_body(operation),
        "responses": {"200": _answer(operation), **{status: {"$ref": f"#/components/responses/{status}"} for status in _ERRORS}},
    }


def _body(operation: Operation) -> dict[str, Any]:
    schema = {"type": "string"} if operation.takes_query else operation.takes
    media = QUERY if operation.takes_query else JSON["json"]
    return {"requestBody": {"required": True, "content": {media: {"schema": schema}}}} if schema else {}


def _path_parameter(name: str, words: str, known: list[str] | None) -> dict[str, Any]:
    schema = {"type": "string", **({"enum": known} if known else {})}
    return {"name": name, "in": "path", "required": True, "description": words, "schema": schema}


def _parameter(name: str, parameter: Parameter, examples: Sequence[str]) -> dict[str, Any]:
    schema: Schema = {**parameter.schema, **({"examples": list(examples)} if examples else {})}
    if parameter.many:
        schema = {"type": "array", "items": schema}
    if parameter.default is not None:
        schema = {**schema, "default": parameter.default}
    return {"name": name, "in": "query", "description": parameter.description, "required": parameter.required, "schema": schema}


def _answer(operation: Operation) -> dict[str, Any]:
    headers = {name: {"$ref": f"#/components/headers/{name}"} for name in (_HEADERS if operation.paged else ())}
    content = {media: {"schema": operation.answer} if name == "json" else {} for name, media in operation.formats.items()}
    return {"description": operation.summary, **({"headers": headers} if headers else {}), "content": content}


def _problem(words: str) -> dict[str, Any]:
    return {"description": words, "content": {PROBLEM: {"schema": ref("Problem")}}}


FIXED = [
    *HOME,
    declare(ListPaths, "", "index", "dataset", ref("Index"), is_of_data=False),
    declare(DescribeApi, "/openapi.json", "openapi", "dataset", {"type": "object"}, is_of_data=False),
    *OTHERS,
]
