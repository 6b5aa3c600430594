"""What workers do for the paths of things: finding them, and telling what is known of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from typing import Any

from nevkg.ask import days, dossier, solutions
from nevkg.ask.answer import labelled
from nevkg.ask.portrait import portray
from nevkg.data import terms
from nevkg.data.serialise import serialise
from nevkg.errors import WrongUsage
from nevkg.lookup import descriptions, entities, search, sources
from nevkg.serve.api import paging, queries
from nevkg.serve.api.download import THINGS, file
from nevkg.serve.api.paging import Page
from nevkg.serve.http.problem import Problem
from nevkg.serve.reply import Reply, as_json
from nevkg.store import Store

_OWL = "http://www.w3.org/2002/07/owl#"
_KINDS = (_OWL + "Class", terms.SKOS + "ConceptScheme")


def find(store: Store, given: Mapping[str, Any]) -> Reply:
    """Things by name."""
    asked = paging.asked(given)
    store = days.view(store, asked.get("as_of"))
    language = asked["lang"]
    among = set(entities.instances(store, _kind(store, asked["kind"]))) if "kind" in asked else None
    hits = search.search(store, asked["q"], asked["limit"], among)
    iris = [hit.iri for hit in hits]
    labels, kinds = labelled(store, iris, language), search.kinds(store, iris, language) if iris else {}
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
    return as_json({"q": asked["q"], "hits": found})


def _kind(store: Store, text: str) -> str:
    """The class or vocabulary that is meant."""
    problems = []
    for kind in _KINDS:
        try:
            return entities.resolve(store, text, kind)
        except WrongUsage as error:
            problems.append(str(error))
    raise WrongUsage(f"kind: {problems[0]}")


def entity(store: Store, given: Mapping[str, Any]) -> Reply:
    """All that is known of a thing."""
    asked = paging.asked(given)
    name = f"{given['kind']}:{given['slug']}" if "kind" in given else asked["iri"]
    try:
        iri = entities.resolve(store, name)
    except WrongUsage as error:
        raise Problem(404, str(error)) from None
    language = asked["lang"]
    format_name = given["format"]
    spaces = entities.namespaces(store)
    short = terms.shorten(iri, spaces)
    as_file = short.replace(":", "-").replace("/", "-") if short != iri else "thing"
    if format_name == "turtle":
        return file(as_file, format_name, THINGS[format_name], serialise(dossier.triples(store, iri, asked.get("as_of")), "turtle", spaces))
    found = dossier.gather(store, iri, language, asked.get("as_of"))
    if format_name != "json":
        return file(as_file, format_name, THINGS[format_name], portray(found, format_name).encode())
    page = Page(asked, len(found.said))
    part = replace(found, said=tuple(page.of(found.said)))
    return as_json({"name": short, **page.facts, **asdict(part)}, page.headers)


def evidence(store: Store, given: Mapping[str, Any]) -> Reply:
    """The statements behind a cell, a node or an edge, and what else is said of the same."""
    asked = paging.asked(given)
    language = asked["lang"]
    iris = [queries.iri(store, word) for word in asked["iri"]]
    roles: dict[str, str] = {}
    about: dict[str, str] = {}
    for row in queries.rows(store, "evidence", {"asked": iris}):
        statement, role = (terms.text(term) for term in (row["statement"], row["role"]) if term)
        roles[statement] = min(role, roles.get(statement, role))  # what is behind something may stand beside another
        if row["episode"]:
            about[terms.text(row["episode"])] = queries.text(row["about"])
    ordered = sorted(roles, key=lambda one: (roles[one], one))
    page = Page(asked, len(ordered))
    told = statements(store, page.of(ordered), language)
    spells = descriptions.spells(store, about, language, days.snapshot(store, entities.dataset_date(store))) if about else {}
    names = queries.Names(store, about.values(), language)
    return as_json(
        {
            "asked": iris,
            **page.facts,
            "statements": [{"role": roles[one["iri"]], **one} for one in told],
            "episodes": [{"iri": iri, "subject": names.thing(about[iri]), **asdict(spell)} for iri, spell in spells.items()],
            "sources": [vars(source) for source in sources.described(store, {one["source"] for one in told}, language)],
        },
        page.headers,
    )


def explain(store: Store, given: Mapping[str, Any]) -> Reply:
    """What is behind a row of a query."""
    asked = paging.asked(given)
    found = solutions.select(store, given["query"], asked.get("as_of"), asked["lang"])
    return as_json(found.explain(asked["row"] - 1, asked.get("column")).to_dict())


def reason(store: Store, given: Mapping[str, Any]) -> Reply:
    """Why a query has no rows."""
    asked = paging.asked(given)
    found = solutions.select(store, given["query"], asked.get("as_of"), asked["lang"]).reason
    return as_json({"reason": found.facts if found else None})


def statements(store: Store, iris: Iterable[str], language: str) -> list[dict[str, Any]]:
    """Statements in words, with each fact that they hold, and the passages of the text in which they stand."""
    wanted = list(iris)
    if not wanted:
        return []
    words = descriptions.said(store, wanted, language)
    rows = queries.rows(store, "facts", {"statement": wanted})
    names = queries.Names(store, (term for row in rows for term in (row["property"], row["value"])), language)
    facts: dict[str, dict[str, list[Any]]] = {}
    for row in rows:
        held = facts.setdefault(queries.text(row["statement"]), {}).setdefault(queries.text(row["property"]), [])
        held.append(names.value(row["value"]))
    passages = descriptions.passages(store, wanted)
    return [
        {
            **asdict(words[iri]),
            "iri": iri,
            "facts": [{"property": names.thing(name), "values": held} for name, held in facts.get(iri, {}).items()],
            "passages": [vars(passage) for passage in passages.get(iri, ())],
        }
        for iri in wanted
        if iri in words
    ]


def places(store: Store, given: Mapping[str, Any]) -> Reply:
    """Where things lie."""
    asked = paging.asked(given)
    iris = {"thing": [queries.iri(store, word) for word in asked["iri"]]} if "iri" in asked else {}
    rows = queries.rows(store, "places", iris)
    page = Page(asked, len(rows))
    part = page.of(rows)
    names = queries.Names(store, (term for row in part for term in row.values()), asked["lang"])
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
    return as_json({**page.facts, "places": found}, page.headers)
