"""What workers do for the paths of the dataset as a whole: its description, its terms, how good it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from pyoxigraph import Literal, NamedNode

from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.publish.report.queries import told
from nevkg.serve.api import paging, queries
from nevkg.serve.api.paging import Page
from nevkg.serve.api.tasks_questions import catalogue, dataset
from nevkg.serve.http.problem import Problem
from nevkg.serve.reply import Reply, as_json
from nevkg.store import EmbeddedStore, Store
from nevkg.validate.checks import DATA, Check, all_checks, run_check
from nevkg.validate.findings import Finding
from nevkg.validate.words import Words

_NUMBERS = ("sources", "statements", "episodes", "triples")


def described(store: Store, given: Mapping[str, Any]) -> Reply:
    """What the dataset is, and how large."""
    language = paging.asked(given)["lang"]
    rows = queries.rows(store, "dataset")
    for row in rows:
        iri = terms.text(row["dataset"] or NamedNode(terms.DATASET))
        sizes = {name: int(terms.text(number)) for name in _NUMBERS if (number := row[name])}
        return as_json(
            {
                "iri": iri,
                "title": entities.labels(store, [iri], language).get(iri, ""),
                "description": _in((text for one in rows if (text := one["description"])), language),
                **dataset(store),
                "digest": f"sha256:{store.digest}" if isinstance(store, EmbeddedStore) and store.digest else None,
                "knownBy": store.known_by,
                "licence": terms.text(row["licence"]) if row["licence"] else None,
                **sizes,
                "questions": len(catalogue(store).questions),
            }
        )
    raise Problem(503, "The store holds no description of a dataset; load it again.")


def ontology(store: Store, given: Mapping[str, Any]) -> Reply:
    """Classes, properties and vocabularies with their concepts: what they mean, and how often the data uses them."""
    language = paging.asked(given)["lang"]
    uses = {queries.text(row["term"]): int(queries.text(row["count"])) for row in queries.rows(store, "uses")}
    rows = queries.rows(store, "terms")
    names = queries.Names(store, (term for row in rows for term in (row["term"], row["value"])), language)
    spaces = entities.namespaces(store)
    document: dict[str, list[dict[str, Any]]] = {"classes": [], "properties": [], "schemes": [], "concepts": []}
    for (group, iri), facts in groupby(rows, key=lambda row: (queries.text(row["group"]), queries.text(row["term"]))):
        held: dict[str, list[terms.Term]] = {}
        for row in facts:
            if (value := row["value"]) is not None:
                held.setdefault(queries.text(row["about"]), []).append(value)
        document[group].append(
            {
                **names.thing(iri),
                "name": terms.shorten(iri, spaces),
                "definition": _in(held.pop("definition", []), language),
                "color": next((terms.text(one) for one in held.pop("color", [])), None),
                "uses": uses.get(iri, 0),
                **{about: [names.value(one) for one in values] for about, values in held.items()},
            }
        )
    return as_json({"dataset": dataset(store), "prefixes": spaces, **document})


def _in(texts: Iterable[terms.Term], language: str) -> str | None:
    """The text in a language, else in the first of ours."""
    found = {text.language: text.value for text in texts if isinstance(text, Literal)}
    return found.get(language, found.get(terms.LANGUAGES[0]))


def quality(store: Store, given: Mapping[str, Any]) -> Reply:
    """What the data covers, how complete and how old it is."""
    every = list(told(store))
    language = paging.asked(given)["lang"]
    names = queries.Names(store, (term for one in every for row in one.rows for term in row), language)
    tables = []
    for one in every:
        words = one.words(language)
        said = words.get("values", {})
        told_in = {name: words.get(name) for name in ("section", "title", "note")}
        rows = [[said.get(queries.text(term)) or names.value(term) for term in row] for row in one.rows]
        tables.append({"name": one.name, **told_in, "columns": list(words["columns"].values()), "rows": rows})
    return as_json({"dataset": dataset(store), "tables": tables})


def checks(store: Store, given: Mapping[str, Any]) -> Reply:
    """What the checks find in the data: how much each."""
    language = paging.asked(given)["lang"]
    return as_json({"dataset": dataset(store), "checks": [_check(store, one, language)[0] for one in _of_data(store)]})


def findings(store: Store, given: Mapping[str, Any]) -> Reply:
    """What one check finds, in words."""
    asked = paging.asked(given)
    language = asked["lang"]
    every = {one.name: one for one in _of_data(store)}
    name = given["check"]
    if name not in every:
        raise Problem(404, f"There is no check '{name[:80]}'.{terms.nearest(name[:80], list(every))}")
    facts, found = _check(store, every[name], language)
    page = Page(asked, len(found))
    part = page.of(found)
    iris = {iri for one in part for iri in (one.focus, one.value.strip("<>")) if iri.startswith("http")}
    words = Words(store.layout, language, entities.labels(store, iris, language))
    names = queries.Names(store, (one.focus for one in part), language)
    listed = [{"about": names.thing(one.focus), "says": words.sentence(one)} for one in part]
    return as_json({**facts, **page.facts, "findings": listed}, page.headers)


def _of_data(store: Store) -> list[Check]:
    return [one for one in all_checks(store.layout) if one.about == DATA]


def _check(store: Store, check: Check, language: str) -> tuple[dict[str, Any], list[Finding]]:
    found = run_check(check, store.query)
    facts = {
        "name": check.name,
        "severity": check.severity.name.lower(),
        "title": check.title[language],
        "mend": check.mend[language],
        "found": len(found),
    }
    return facts, found
