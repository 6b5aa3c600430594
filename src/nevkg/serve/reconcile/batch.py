"""Reads the queries of a client: a batch of names to match, or entities whose properties are wanted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeGuard, TypeVar

from nevkg.serve.http.problem import Problem

# Queries in one request, and candidates of one query. A query takes some hundredths of a second.
MOST_QUERIES, MOST_CANDIDATES = 50, 100
MOST_ENTITIES, MOST_PROPERTIES = 500, 50
_USUAL_CANDIDATES = 10
_LONGEST = 500  # characters of a name
# The setting of a property with the day of its values.
DAY = "as_of"
_STRICT = ("any", "should", "all")
Json = Mapping[str, Any]
T = TypeVar("T")


def read_queries(text: str) -> dict[str, Json]:
    """Returns the queries of a batch by their keys, each with ``query``, ``types``, ``strict``, ``limit`` and ``properties``.

    Values of properties are texts, numbers or booleans, or ``{"id": …}`` for an entity.

    Raises:
        Problem: 400 if the batch does not follow the specification, 413 if it has too many queries.
    """
    batch = _read_object("queries", text)
    if len(batch) > MOST_QUERIES:
        raise Problem(413, f"The batch has {len(batch):,} queries; send at most {MOST_QUERIES} at once.")
    return {key: _read_query(f"Query '{_short(key)}'", query) for key, query in batch.items()}


def read_extension(text: str) -> Json:
    """Returns the request for properties of entities: ``ids``, and ``properties`` as a list of ``{"id": …, "settings": {…}}``.

    Raises:
        Problem: 400 if it does not follow the specification, 413 if it names too much.
    """
    asked = _read_object("extend", text)
    ids, properties = asked.get("ids"), asked.get("properties")
    if not _is_list_of(ids, str):
        raise Problem(400, "extend: 'ids' must be a list of identifiers of entities.")
    if not _is_list_of(properties, dict) or not all(isinstance(one.get("id"), str) for one in properties):
        raise Problem(400, 'extend: \'properties\' must be a list of objects such as {"id": "prefix:name"}.')
    if len(ids) > MOST_ENTITIES or len(properties) > MOST_PROPERTIES:
        raise Problem(413, f"extend: ask for at most {MOST_ENTITIES} entities and {MOST_PROPERTIES} properties at once.")
    settings = [one.get("settings") or {} for one in properties]
    if not _is_list_of(settings, dict):
        raise Problem(400, "extend: 'settings' must be an object.")
    return {"ids": ids, "properties": [{"id": one["id"], "settings": own} for one, own in zip(properties, settings, strict=True)]}


def _read_object(name: str, text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except RecursionError:
        raise Problem(400, f"{name}: the JSON is nested too deeply.") from None
    except ValueError as error:
        raise Problem(400, f"{name}: this is not JSON ({error}).") from None
    if not isinstance(found, dict):
        raise Problem(400, f"{name}: send a JSON object.")
    return found


def _read_query(where: str, query: object) -> Json:
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
    read = [_read_property(where, one) for one in properties]
    if not name.strip() and not read:
        raise Problem(400, f"{where} needs a 'query' that is not empty, or 'properties'.")
    return {"query": name.strip(), "types": kinds, "strict": strict, "limit": int(min(limit, MOST_CANDIDATES)), "properties": read}


def _read_property(where: str, one: object) -> Json:
    if not isinstance(one, dict) or not isinstance(one.get("pid"), str) or "v" not in one:
        raise Problem(400, f'{where}: each of \'properties\' must be an object such as {{"pid": "prefix:name", "v": "a value"}}.')
    values = one["v"] if isinstance(one["v"], list) else [one["v"]]
    if not all(_is_value(value) for value in values):
        raise Problem(400, f"{where}: the value of '{_short(one['pid'])}' must be a text, a number, a boolean or an object with an 'id'.")
    return {"pid": one["pid"], "values": values}


def _is_value(value: object) -> bool:
    if isinstance(value, dict):
        return isinstance(value.get("id"), str)
    return isinstance(value, int | float | bool) or (isinstance(value, str) and len(value) <= _LONGEST)


def _is_list_of(value: object, kind: type[T]) -> TypeGuard[list[T]]:
    return isinstance(value, list) and all(isinstance(one, kind) for one in value)


def _short(word: str) -> str:
    return word if len(word) <= 80 else word[:80] + "…"
