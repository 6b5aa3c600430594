"""Worker jobs for entities: search, dossiers, cards, evidence, explanations and coordinates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

from nevkg.ask import days, profile, solutions
from nevkg.ask.card import CardField, Link, read_card
from nevkg.ask.evaluation import find_display_labels
from nevkg.ask.profile import portray
from nevkg.data import terms
from nevkg.data.rdf import serialise
from nevkg.errors import WrongUsage
from nevkg.lookup import descriptions, entities, search, sources
from nevkg.lookup.statements import find_outcomes
from nevkg.serve.api import paging, queries
from nevkg.serve.api.operation import ENTITY_FORMATS, file_reply
from nevkg.serve.api.paging import Page
from nevkg.serve.api.question_jobs import dataset
from nevkg.serve.jobs import Reply, json_reply
from nevkg.serve.problem import Problem
from nevkg.store import Store
from nevkg.table import formats

_OWL = "http://www.w3.org/2002/07/owl#"
_KINDS = (_OWL + "Class", terms.SKOS + "ConceptScheme")


def find(store: Store, given: Mapping[str, Any]) -> Reply:
    """Searches entities by name."""
    parameters = paging.parameters(given)
    store = days.view(store, parameters.get("as_of"))
    language = parameters["lang"]
    among = set(entities.instances(store, _kind(store, parameters["kind"]))) if "kind" in parameters else None
    hits = search.search(store, parameters["q"], parameters["limit"], among)
    iris = [hit.iri for hit in hits]
    labels, kinds = find_display_labels(store, iris, language), search.find_kinds(store, iris, language) if iris else {}
    spaces = entities.namespaces(store)
    found = [
        {
            "iri": hit.iri,
            "name": terms.shorten(hit.iri, spaces),
            "label": labels[hit.iri],
            "kinds": kinds.get(hit.iri, []),
            "matched": hit.name,
        }
        for hit in hits
    ]
    return json_reply({"q": parameters["q"], "hits": found})


def _kind(store: Store, text: str) -> str:
    """Returns the IRI of a class or vocabulary by its name; raises WrongUsage if there is none."""
    problems = []
    for kind in _KINDS:
        try:
            return entities.resolve(store, text, kind)
        except WrongUsage as error:
            problems.append(str(error))
    raise WrongUsage(f"kind: {problems[0]}")


def entity(store: Store, given: Mapping[str, Any]) -> Reply:
    """Returns everything known about an entity."""
    parameters = paging.parameters(given)
    name = f"{given['kind']}:{given['slug']}" if "kind" in given else parameters["iri"]
    try:
        iri = entities.resolve(store, name)
    except WrongUsage as error:
        raise Problem(404, str(error)) from None
    language = parameters["lang"]
    format_name = given["format"]
    spaces = entities.namespaces(store)
    short = terms.shorten(iri, spaces)
    file_name = short.replace(":", "-").replace("/", "-") if short != iri else "thing"
    if format_name == "turtle":
        return file_reply(
            file_name,
            format_name,
            ENTITY_FORMATS[format_name],
            serialise(profile.triples(store, iri, parameters.get("as_of")), "turtle", spaces),
        )
    found = profile.gather(store, iri, language, parameters.get("as_of"))
    if format_name != "json":
        return file_reply(file_name, format_name, ENTITY_FORMATS[format_name], portray(found, format_name).encode())
    page = Page(parameters, len(found.said))
    part = replace(found, said=tuple(page.of(found.said)))
    return json_reply({"name": short, **page.to_json(), **asdict(part)}, page.headers)


def evidence(store: Store, given: Mapping[str, Any]) -> Reply:
    """Returns the statements behind a cell, a node or an edge, and others on the same subject and property."""
    parameters = paging.parameters(given)
    language = parameters["lang"]
    iris = [queries.iri(store, word) for word in parameters["iri"]]
    roles: dict[str, str] = {}
    about: dict[str, str] = {}
    for row in queries.rows(store, "evidence", {"asked": iris}):
        statement, role = (terms.text(term) for term in (row["statement"], row["role"]) if term)
        # A statement that is behind one IRI may be beside another; 'behind' sorts first.
        roles[statement] = min(role, roles.get(statement, role))
        if row["episode"]:
            about[terms.text(row["episode"])] = queries.text(row["about"])
    iris_in_order = sorted(roles, key=lambda one: (roles[one], one))
    page = Page(parameters, len(iris_in_order))
    shown = page.of(iris_in_order)
    part = statements(store, shown, language)
    snapshot = days.snapshot(store, parameters.get("as_of") or entities.dataset_date(store))
    episodes = descriptions.describe_episodes(store, about, language, snapshot) if about else {}
    outcomes = find_outcomes(store, snapshot, shown)
    standings = {iri: outcome.standing for iri, outcome in outcomes.items() if outcome.is_current}
    names = queries.Names(store, [*about.values(), *(known.iri for known in standings.values())], language)

    def support(iri: str) -> dict[str, Any]:
        known = standings.get(iri)
        return {"standing": names.thing(known.iri) if known else None, "witnesses": known.witnesses if known else 0}

    return json_reply(
        {
            "asked": iris,
            **page.to_json(),
            "statements": [{"role": roles[one["iri"]], **one, **support(one["iri"])} for one in part],
            "episodes": [{"iri": iri, "subject": names.thing(about[iri]), **asdict(spell)} for iri, spell in episodes.items()],
            "sources": [vars(source) for source in sources.describe_sources(store, {one["source"] for one in part}, language)],
        },
        page.headers,
    )


def explain(store: Store, given: Mapping[str, Any]) -> Reply:
    """Returns the explanation of a row of a query."""
    parameters = paging.parameters(given)
    found = solutions.select(store, given["query"], parameters.get("as_of"), parameters["lang"])
    found = found.with_reliable_sources() if parameters["reliable"] else found
    return json_reply(found.explain(parameters["row"] - 1, parameters.get("column")).to_dict())


def reason(store: Store, given: Mapping[str, Any]) -> Reply:
    """Returns why a query has no rows; null if it has rows."""
    parameters = paging.parameters(given)
    found = solutions.select(store, given["query"], parameters.get("as_of"), parameters["lang"]).reason
    return json_reply({"reason": found.to_json() if found else None})


def statements(store: Store, iris: Iterable[str], language: str) -> list[dict[str, Any]]:
    """Returns statements in words, each with its facts and its passages in the text of the source."""
    wanted = list(iris)
    if not wanted:
        return []
    words = descriptions.describe(store, wanted, language)
    rows = queries.rows(store, "facts", {"statement": wanted})
    rows.sort(key=lambda row: [queries.text(row[name]) for name in ("property", "value")])
    names = queries.Names(store, (term for row in rows for term in (row["property"], row["value"])), language)
    facts: dict[str, dict[str, list[Any]]] = {}
    for row in rows:
        values = facts.setdefault(queries.text(row["statement"]), {}).setdefault(queries.text(row["property"]), [])
        values.append(names.value(row["value"]))
    passages = descriptions.find_passages(store, wanted)
    return [
        {
            **asdict(words[iri]),
            "iri": iri,
            "facts": [{"property": names.thing(name), "values": values} for name, values in facts.get(iri, {}).items()],
            "passages": [vars(passage) for passage in passages.get(iri, ())],
            "report": entities.report_address(store, iri),
        }
        for iri in wanted
        if iri in words
    ]


def places(store: Store, given: Mapping[str, Any]) -> Reply:
    """Returns the coordinates of entities."""
    parameters = paging.parameters(given)
    iris = {"thing": [queries.iri(store, word) for word in parameters["iri"]]} if "iri" in parameters else {}
    rows = queries.rows(store, "places", iris)
    page = Page(parameters, len(rows))
    part = page.of(rows)
    names = queries.Names(store, (term for row in part for term in row.values()), parameters["lang"])
    found = [
        {
            **names.thing(queries.text(row["thing"])),
            "latitude": float(queries.text(row["latitude"])),
            "longitude": float(queries.text(row["longitude"])),
            "at": names.value(row["at"]),
            "precision": names.value(row["precision"]),
        }
        for row in part
    ]
    return json_reply({**page.to_json(), "places": found}, page.headers)


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
