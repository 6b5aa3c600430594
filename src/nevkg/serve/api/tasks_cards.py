"""Worker task for cards of entities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from nevkg.ask.card import CardField, Link, read_card
from nevkg.errors import WrongUsage
from nevkg.lookup import entities
from nevkg.serve.api import paging
from nevkg.serve.api.tasks_questions import dataset
from nevkg.serve.http.problem import Problem
from nevkg.serve.reply import Reply, json_reply
from nevkg.store import Store
from nevkg.table import formats


def card(store: Store, given: Mapping[str, Any]) -> Reply:
    """Returns the card of an entity."""
    parameters = paging.parameters(given)
    try:
        iri = entities.resolve(store, parameters["iri"])
    except WrongUsage as error:
        raise Problem(404, str(error)) from None
    found = read_card(store, iri, parameters["lang"], parameters.get("as_of"))
    return json_reply(
        {
            "iri": iri,
            "name": found.name,
            "label": found.label,
            "kinds": found.kinds,
            "called": found.called,
            "card": found.file,
            "asOf": found.as_of,
            "dataset": dataset(store),
            "fields": [_field(one) for one in found.fields],
            "missing": found.missing,
            "sections": [_link(one) for one in found.sections],
        }
    )


def _field(field: CardField) -> dict[str, Any]:
    values = [
        {"value": formats.to_json_value(one.value), "fact": asdict(one.spell) if one.spell else None, "evidence": one.evidence}
        for one in field.values
    ]
    made = {"name": field.name, "label": field.label, "values": values}
    if field.count is None:
        return made
    parts = [
        {"label": label, "values": [{"value": formats.to_json_value(value), "count": count} for value, count in several]}
        for label, several in field.count.parts
    ]
    return {**made, "count": {"total": field.count.total, "parts": parts, **_link(field.count.link)}}


def _link(link: Link) -> dict[str, Any]:
    return {
        "question": link.question,
        "title": link.title,
        "parameters": link.given,
        "hasDay": link.has_day,
        "view": link.view,
        "sort": link.sort,
        "columns": link.columns,
    }
