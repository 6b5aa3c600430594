"""Worker task that matches the names in a table with entities."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from nevkg.ask import days
from nevkg.ask.evaluation import find_display_labels
from nevkg.data import terms
from nevkg.lookup import entities, matching, search
from nevkg.lookup.matching import Candidate, Entity, Value
from nevkg.serve.reconcile import schema
from nevkg.serve.reply import Reply, json_reply
from nevkg.store import Store


def candidates(store: Store, given: Mapping[str, Any]) -> Reply:
    """Returns the candidates for each query of a batch.

    Args:
        store: the record.
        given: ``queries``, see ``batch.read_queries``; ``language``.

    Raises:
        Problem: 400 if a type or property is unknown.
    """
    snapshot = days.snapshot(store, entities.dataset_date(store))
    found = {key: _match(store, snapshot, query) for key, query in given["queries"].items()}
    described = describe_entities(store, {one.iri for several in found.values() for one in several}, given["language"])
    spaces = entities.namespaces(store)
    return json_reply(
        {
            key: {
                "result": [
                    {
                        **described[one.iri],
                        "score": one.score,
                        "match": number == 0 and matching.is_certain(several),
                        "features": [
                            *([] if one.of_name is None else [{"id": "name", "value": one.of_name}]),
                            *({"id": terms.shorten(name, spaces), "value": agrees} for name, agrees in one.agrees.items()),
                        ],
                    }
                    for number, one in enumerate(several)
                ][: given["queries"][key]["limit"]]
            }
            for key, several in found.items()
        }
    )


def _match(store: Store, snapshot: Store, query: Mapping[str, Any]) -> list[Candidate]:
    """Returns the candidates of a query, and one more, so that a match is certain whatever the limit."""
    properties: dict[str, list[Value]] = {}
    for one in query["properties"]:
        name = schema.choose(store, one["pid"], schema.find_properties(store), "property")
        properties.setdefault(name, []).extend(_read_value(store, value) for value in one["values"])
    among = schema.find_members(store, query["types"], query["strict"] == "all")
    if (iri := schema.find_entity(store, query["query"])) and iri in among:
        return [Candidate(iri, matching.SURE, matching.SURE)]
    return matching.match(store, snapshot, query["query"], properties, among, query["limit"] + 1)


def _read_value(store: Store, value: Any) -> Value:
    if isinstance(value, Mapping):
        return Entity(schema.find_entity(store, value["id"]) or terms.BASE + value["id"])
    read: Value = value
    return read


def describe_entities(store: Store, iris: Iterable[str], language: str) -> dict[str, dict[str, Any]]:
    """Returns entities with identifier, name and types."""
    wanted = sorted(iris)
    labels = find_display_labels(store, wanted, language)
    classes = search.find_classes(store, wanted) if wanted else {}
    types = schema.describe(store, {kind for kinds in classes.values() for kind in kinds}, language)
    return {
        iri: {"id": schema.identifier(iri), "name": labels[iri], "type": [types[kind] for kind in classes.get(iri, [])]} for iri in wanted
    }
