"""Worker tasks that complete what a user types, and propose properties."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from nevkg.data import terms
from nevkg.errors import WrongUsage
from nevkg.lookup import entities, search
from nevkg.serve.reconcile import schema
from nevkg.serve.reconcile.candidates import describe_entities
from nevkg.serve.reply import Reply, json_reply
from nevkg.store import Store

_SUGGESTIONS = 20


def suggest(store: Store, given: Mapping[str, Any]) -> Reply:
    """Completes what a user types: entities, types or properties.

    Args:
        store: the record.
        given: ``what``: ``entity``, ``type`` or ``property``; ``prefix``; ``type``: types of the entities, or None; ``cursor``: number of
            suggestions to skip; ``language``.
    """
    what, prefix, start, language = given["what"], given["prefix"].strip(), given["cursor"], given["language"]
    end = start + _SUGGESTIONS
    if what == "entity":
        among = schema.find_members(store, [kind for kind in given["type"] or () if kind])
        known = schema.find_entity(store, prefix)
        iris = [known] if known and known in among else [hit.iri for hit in search.search(store, prefix, end, among)]
        shown = iris[start:end]
        described = describe_entities(store, shown, language)
        return json_reply({"result": [_suggestion(described[iri]) for iri in shown]})
    among = schema.find_types(store) if what == "type" else [*schema.find_properties(store)]
    iri = _expand(store, prefix)
    iris = sorted(among) if not prefix else [iri] if iri and iri in among else [hit.iri for hit in search.search(store, prefix, end, among)]
    shown = iris[start:end]
    described = schema.describe(store, shown, language)
    if what == "type":
        return json_reply({"result": [{**described[iri], "broader": _broader(store, iri, among, language)} for iri in shown]})
    return json_reply({"result": [{**described[iri], "description": _owners(store, iri, language)} for iri in shown]})


def _suggestion(entity: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": entity["id"],
        "name": entity["name"],
        "description": ", ".join(one["name"] for one in entity["type"]),
        "notable": entity["type"],
    }


def _expand(store: Store, text: str) -> str | None:
    try:
        return terms.expand(text, entities.namespaces(store))
    except WrongUsage:
        return None


def _broader(store: Store, kind: str, among: Collection[str], language: str) -> list[dict[str, str]]:
    return [*schema.describe(store, [one for one in entities.classes_above(store, kind) if one in among], language).values()]


def _owners(store: Store, iri: str, language: str) -> str:
    """Returns the labels of the classes whose entities have a property."""
    types = schema.find_properties(store)[iri].types
    return ", ".join(one["name"] for one in schema.describe(store, types, language).values())


def properties(store: Store, given: Mapping[str, Any]) -> Reply:
    """Proposes properties of the entities of a type.

    Args:
        store: the record.
        given: ``type``: short name or IRI, empty for all types; ``limit``: maximum number of properties, or None; ``language``.

    Raises:
        Problem: 400 if there is no such type.
    """
    known = schema.find_properties(store).values()
    kind = schema.choose(store, given["type"], schema.find_types(store), "type") if given["type"] else None
    found = [one.iri for one in known if kind is None or kind in one.types][: given["limit"]]
    limit = {} if given["limit"] is None else {"limit": given["limit"]}
    return json_reply({"type": given["type"], "properties": [*schema.describe(store, found, given["language"]).values()], **limit})
