"""What workers do for the paths of questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from nevkg.ask import arguments
from nevkg.ask.answer import Answer, ask, labelled
from nevkg.ask.catalogue import SNAPSHOT, Catalogue, Parameter, Question, load_catalogue, topics
from nevkg.data import terms
from nevkg.errors import WrongUsage
from nevkg.lookup import entities
from nevkg.lookup.search import holding, plain
from nevkg.network import load_projections
from nevkg.network.projection import Projections
from nevkg.serve.api import paging
from nevkg.serve.api.download import TABLES, file
from nevkg.serve.api.paging import Page
from nevkg.serve.http.problem import Problem
from nevkg.serve.reply import Reply, as_json
from nevkg.store import Store
from nevkg.store.memo import kept
from nevkg.table import formats


@kept
def catalogue(store: Store) -> Catalogue:
    """The questions; a worker has those that there were when it began."""
    return load_catalogue(store.layout)


@kept
def dataset(store: Store) -> dict[str, str]:
    """What an answer is an answer of."""
    return {"version": entities.version(store), "date": entities.dataset_date(store), "identity": store.identity}


def questions(store: Store, given: Mapping[str, Any]) -> Reply:
    """The catalogue by topic."""
    asked = paging.asked(given)
    found = [one for one in catalogue(store).find(asked.get("tag"), asked.get("q")) if one.topic == asked.get("topic", one.topic)]
    named = topics(store.layout)
    listed = [
        {
            "topic": topic,
            "title": named.get(topic, {}),
            "questions": [{name: fact for name, fact in one.facts.items() if name != "sparql"} for one in group],
        }
        for topic, group in groupby(found, key=lambda one: one.topic)
    ]
    return as_json({"dataset": dataset(store), "total": len(found), "topics": listed})


def question(store: Store, given: Mapping[str, Any]) -> Reply:
    """One question in full."""
    return as_json({"dataset": dataset(store), **_named(catalogue(store), given["question"]).facts})


def _named(found: Catalogue | Projections, name: str) -> Any:
    """The question or projection of that name.

    Raises:
        Problem: 404 if there is none.
    """
    try:
        return found[name]
    except WrongUsage as error:
        raise Problem(404, str(error)) from None


def options(store: Store, given: Mapping[str, Any]) -> Reply:
    """What a parameter can be: of a question, or of a projection."""
    if "question" in given:
        asked_of = _named(catalogue(store), given["question"])
    else:
        asked_of = _named(load_projections(store.layout), given["projection"]).question
    try:
        parameter = asked_of.parameter(asked_of.former_names.get(given["parameter"], given["parameter"]))
    except WrongUsage as error:
        raise Problem(404, str(error)) from None
    asked = paging.asked(given)
    language, word = asked["lang"], plain(asked.get("q", ""))
    iris = _narrowed(store, parameter, word)
    labels = labelled(store, iris, language)
    spaces = entities.namespaces(store)
    listed = sorted(
        ({"iri": iri, "name": terms.shorten(iri, spaces), "label": labels[iri]} for iri in iris),
        key=lambda one: (not plain(one["label"]).startswith(word), plain(one["label"]), one["iri"]),
    )
    page = Page(asked, len(listed))
    return as_json({"parameter": vars(parameter), **page.facts, "options": page.of(listed)}, page.headers)


def _narrowed(store: Store, parameter: Parameter, word: str) -> Sequence[str]:
    """The things that a parameter can be, of which a name in any language holds a word."""
    iris = arguments.options(store, parameter)
    if not word:
        return iris
    named = holding(store, word)
    return sorted(named if parameter.type == arguments.ANYTHING else named.intersection(iris))


def answer(store: Store, given: Mapping[str, Any]) -> Reply:
    """A question's answer."""
    asked = paging.asked(given)
    asked_of = catalogue(store)[given["question"]]
    own = {parameter.name for parameter in asked_of.parameters}
    values = {name: value for name, value in asked.items() if name in own and isinstance(value, list)}
    found = ask(store, asked_of, values, as_of=asked.get("as_of"), language=asked["lang"])
    page = Page(asked, len(found))
    part = found.page(page.offset, page.limit)
    format_name = given["format"]
    if format_name == "json":
        return as_json(_document(store, asked_of, part, page, with_evidence=asked["evidence"]), page.headers)
    return file(f"{asked_of.name}-{found.as_of}", format_name, TABLES[format_name], formats.FORMATS[format_name](part), page.headers)


def _document(store: Store, question: Question, part: Answer, page: Page, *, with_evidence: bool) -> dict[str, Any]:
    columns = [
        {
            "name": column.name,
            "label": column.label.get(part.language),
            "type": kind.name,
            "list": column.list,
            "evidence": question.over == SNAPSHOT or bool(column.evidence),
        }
        for column, kind in zip(part.columns, part.kinds, strict=True)
    ]
    document = {
        **part.facts,
        "language": part.language,
        "view": question.view,
        "asOf": part.as_of,
        "dataset": dataset(store),
        "sparql": part.sparql,
        **page.facts,
        "columns": columns,
        "rows": [formats.record(part, row) for row in part.records],
        **({"support": part.support.facts} if part.support else {}),
        **({"reason": part.reason.facts} if part.reason else {}),
    }
    return {**document, **_evidence(part)} if with_evidence else document


def _evidence(part: Answer) -> dict[str, Any]:
    """For each cell the statements or episodes that it rests on; the statements behind these; their sources."""
    names = [column.name for column in part.columns]
    return {
        "evidence": [{name: iris for name, iris in zip(names, rests, strict=True) if iris} for rests in part.rests] or [{} for _ in part],
        "grounds": {iri: [vars(ground) for ground in part.evidence.grounds[iri]] for iri in sorted(part.evidence.grounds)},
        "sources": [vars(source) for source in part.sources],
    }
