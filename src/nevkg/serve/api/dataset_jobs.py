"""Worker tasks for the dataset as a whole: description, ontology, data quality and checks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from pyoxigraph import Literal, NamedNode

from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.publish.report import run_queries
from nevkg.serve.api import paging, queries
from nevkg.serve.api.paging import Page
from nevkg.serve.api.question_jobs import catalogue, dataset
from nevkg.serve.jobs import Reply, json_reply
from nevkg.serve.problem import Problem
from nevkg.store import EmbeddedStore, Store
from nevkg.store.memo import Lookup, memoise
from nevkg.validate.checks import DATA, Check, all_checks, run_check
from nevkg.validate.findings import Finding
from nevkg.validate.words import Words

_NUMBERS = ("sources", "statements", "episodes", "triples")


def describe_dataset(store: Store, given: Mapping[str, Any]) -> Reply:
    """Returns the description and size of the dataset."""
    language = paging.parameters(given)["lang"]
    rows = queries.rows(store, "dataset")
    for row in rows:
        iri = terms.text(row["dataset"] or NamedNode(terms.DATASET))
        sizes = {name: int(terms.text(number)) for name in _NUMBERS if (number := row[name])}
        return json_reply(
            {
                "iri": iri,
                "title": entities.labels(store, [iri], language).get(iri, ""),
                "description": _text_in((text for one in rows if (text := one["description"])), language),
                **dataset(store),
                "digest": f"sha256:{store.digest}" if isinstance(store, EmbeddedStore) and store.digest else None,
                "knownBy": store.known_by,
                "licence": terms.text(row["licence"]) if row["licence"] else None,
                **sizes,
                "questions": len(catalogue(store).questions),
                "colors": {queries.text(row["thing"]): queries.text(row["color"]) for row in queries.rows(store, "colors")},
            }
        )
    raise Problem(503, "The store has no description of the dataset; load the dataset again.")


def ontology(store: Store, given: Mapping[str, Any]) -> Reply:
    """Returns classes, properties and vocabularies with concepts: their definitions, and how often the data uses them."""
    language = paging.parameters(given)["lang"]
    uses = {queries.text(row["term"]): int(queries.text(row["count"])) for row in queries.rows(store, "uses")}
    rows = queries.rows(store, "terms")
    names = queries.Names(store, (term for row in rows for term in (row["term"], row["value"])), language)
    spaces = entities.namespaces(store)
    document: dict[str, list[dict[str, Any]]] = {"classes": [], "properties": [], "schemes": [], "concepts": []}
    for (group, iri), facts in groupby(rows, key=lambda row: (queries.text(row["group"]), queries.text(row["term"]))):
        values_by_property: dict[str, list[terms.Term]] = {}
        for row in facts:
            if (value := row["value"]) is not None:
                values_by_property.setdefault(queries.text(row["about"]), []).append(value)
        document[group].append(
            {
                **names.thing(iri),
                "name": terms.shorten(iri, spaces),
                "definition": _text_in(values_by_property.pop("definition", []), language),
                "color": next((terms.text(one) for one in values_by_property.pop("color", [])), None),
                "uses": uses.get(iri, 0),
                **{about: [names.value(one) for one in values] for about, values in values_by_property.items()},
            }
        )
    return json_reply({"dataset": dataset(store), "prefixes": spaces, **document})


def _text_in(texts: Iterable[terms.Term], language: str) -> str | None:
    """Returns the text in a language, else in our first language; None if there is neither."""
    found = {text.language: text.value for text in texts if isinstance(text, Literal)}
    return found.get(language, found.get(terms.LANGUAGES[0]))


def quality(store: Store, given: Mapping[str, Any]) -> Reply:
    """Returns the tables on coverage, completeness and age of the data."""
    every = _coverage(store)
    language = paging.parameters(given)["lang"]
    names = queries.Names(store, (term for one in every for row in one.rows for term in row), language)
    tables = []
    for one in every:
        words = one.words(language)
        value_labels = words.get("values", {})
        texts = {name: words.get(name) for name in ("section", "title", "note")}
        rows = [[value_labels.get(queries.text(term)) or names.value(term) for term in row] for row in one.rows]
        tables.append({"name": one.name, **texts, "columns": list(words["columns"].values()), "rows": rows})
    return json_reply({"dataset": dataset(store), "tables": tables})


def checks(store: Store, given: Mapping[str, Any]) -> Reply:
    """Returns the checks on the data, each with its number of findings."""
    language = paging.parameters(given)["lang"]
    return json_reply({"dataset": dataset(store), "checks": [_check(store, one, language)[0] for one in _data_checks(store)]})


def findings(store: Store, given: Mapping[str, Any]) -> Reply:
    """Returns the findings of one check, in words."""
    parameters = paging.parameters(given)
    language = parameters["lang"]
    every = {one.name: one for one in _data_checks(store)}
    name = given["check"]
    if name not in every:
        raise Problem(404, f"There is no check '{name[:80]}'.{terms.suggest(name[:80], list(every))}")
    facts, found = _check(store, every[name], language)
    page = Page(parameters, len(found))
    part = page.of(found)
    iris = {iri for one in part for iri in (one.focus, one.value.strip("<>")) if iri.startswith("http")}
    words = Words(store.layout, language, entities.labels(store, iris, language))
    names = queries.Names(store, (one.focus for one in part), language)
    listed = [{"about": names.thing(one.focus), "says": words.sentence(one)} for one in part]
    return json_reply({**facts, **page.to_json(), "findings": listed}, page.headers)


def _data_checks(store: Store) -> list[Check]:
    return [one for one in all_checks(store.layout) if one.about == DATA]


def _check(store: Store, check: Check, language: str) -> tuple[dict[str, Any], list[Finding]]:
    found = _findings(store, [check.name])[check.name]
    facts = {
        "name": check.name,
        "severity": check.severity.name.lower(),
        "title": check.title[language],
        "fix": check.fix[language],
        "found": len(found),
    }
    return facts, found


def _run(store: Store, names: set[str]) -> dict[str, list[Finding]]:
    return {one.name: run_check(one, store.query) for one in _data_checks(store) if one.name in names}


# These take seconds, and both languages and the pages of the findings need the same results.
_findings = Lookup(_run)
_coverage = memoise(lambda store: list(run_queries(store)))
