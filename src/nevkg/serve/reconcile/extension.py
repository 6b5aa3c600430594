"""Worker task for the values of properties of entities."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pyoxigraph import Literal, NamedNode

from nevkg.ask import arguments, days
from nevkg.ask.evaluation import find_display_labels
from nevkg.data import terms
from nevkg.errors import WrongUsage
from nevkg.lookup import entities, matching
from nevkg.serve.http.problem import Problem
from nevkg.serve.reconcile import schema
from nevkg.serve.reconcile.batch import DAY
from nevkg.serve.reply import Reply, json_reply
from nevkg.store import Store

_INTEGERS = {terms.XSD + name for name in ("integer", "int", "long", "nonNegativeInteger", "positiveInteger")}
_NUMBERS = {terms.XSD + name for name in ("decimal", "double", "float")}


def extend(store: Store, given: Mapping[str, Any]) -> Reply:
    """Returns the values of properties of entities, each on the day of its setting, or on the date of the dataset.

    An unknown entity has no values.

    Args:
        store: the record.
        given: ``ids`` and ``properties``, see ``batch.read_extension``; ``language``.

    Raises:
        Problem: 400 if a property is unknown, or a day is invalid.
    """
    language, known = given["language"], schema.find_properties(store)
    iris = {name: schema.find_entity(store, name) for name in given["ids"]}
    chosen = {one["id"]: schema.choose(store, one["id"], known, "property") for one in given["properties"]}
    values: dict[str, Mapping[str, Sequence[terms.Term]]] = {}
    for one in given["properties"]:
        snapshot = days.snapshot(store, _read_day(one) or entities.dataset_date(store))
        values[one["id"]] = matching.find_values(snapshot, [chosen[one["id"]]])[chosen[one["id"]]]
    cells = {name: {pid: values[pid].get(iri or "", ()) for pid in chosen} for name, iri in iris.items()}
    named = {terms.text(term) for row in cells.values() for several in row.values() for term in several}
    labels = find_display_labels(store, named, language)
    described, types = schema.describe(store, chosen.values(), language), schema.find_types(store)

    def meta(pid: str, iri: str) -> dict[str, Any]:
        ranges = [*schema.describe(store, [one for one in known[iri].ranges if one in types], language).values()]
        return {"id": pid, "name": described[iri]["name"], **({"type": ranges[0]} if ranges else {})}

    return json_reply(
        {
            "meta": [meta(pid, iri) for pid, iri in chosen.items()],
            "rows": {
                name: {pid: [_to_value(term, labels) for term in several] for pid, several in row.items()} for name, row in cells.items()
            },
        }
    )


def _read_day(one: Mapping[str, Any]) -> str | None:
    text = one["settings"].get(DAY)
    if not text:
        return None
    try:
        return arguments.day(str(text).strip())
    except WrongUsage as error:
        raise Problem(400, f"{DAY}: {error}") from None


def _to_value(term: terms.Term, labels: Mapping[str, str]) -> dict[str, Any]:
    """Converts a term to an entity, a number, a day or a text; days of less precision, and IRIs of others, are texts.

    Args:
        term: the term.
        labels: the label of each IRI.
    """
    text = terms.text(term)
    if isinstance(term, NamedNode) and text.startswith(terms.BASE):
        return {"id": schema.identifier(text), "name": labels[text]}
    kind = term.datatype.value if isinstance(term, Literal) else ""
    if kind in _INTEGERS:
        return {"int": int(text)}
    if kind in _NUMBERS:
        return {"float": float(text)}
    if kind == terms.XSD + "date":
        return {"date": f"{text}T00:00:00Z"}
    return {"str": text}
