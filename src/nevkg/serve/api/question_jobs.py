"""Worker jobs for questions, answers, stories, the home page and the search for anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from nevkg.ask import arguments
from nevkg.ask.answer import Answer, ask
from nevkg.ask.catalogue import Catalogue, Parameter, load_catalogue, topics
from nevkg.ask.discovery import ENTITY, QUESTION, STORY, TOPIC, Match, discover
from nevkg.ask.evaluation import find_display_labels
from nevkg.ask.stories import describe_home, find_story, load_stories
from nevkg.data import terms
from nevkg.errors import WrongUsage
from nevkg.lookup import entities
from nevkg.lookup.search import find_containing, find_kinds, normalise
from nevkg.lookup.statements import count_statements
from nevkg.network import load_projections
from nevkg.network.projections import Projections
from nevkg.serve.api import paging
from nevkg.serve.api.operation import TABLE_FORMATS, file_reply
from nevkg.serve.api.paging import Page
from nevkg.serve.jobs import Reply, json_reply
from nevkg.serve.problem import Problem
from nevkg.store import Store
from nevkg.store.memo import memoise
from nevkg.table import formats

# Maximum number of facts that are named as the evidence of one cell; a count may rest on a thousand.
_MOST = 100


@memoise
def catalogue(store: Store) -> Catalogue:
    """Returns the questions as they were when the worker started."""
    return load_catalogue(store.layout)


@memoise
def dataset(store: Store) -> dict[str, str]:
    """Returns the state of the dataset, which every answer names."""
    return {"version": entities.version(store), "date": entities.dataset_date(store), "identity": store.identity}


def questions(store: Store, given: Mapping[str, Any]) -> Reply:
    """Returns the catalogue by topic."""
    parameters = paging.parameters(given)
    found = [
        one for one in catalogue(store).find(parameters.get("tag"), parameters.get("q")) if one.topic == parameters.get("topic", one.topic)
    ]
    titles = topics(store.layout)
    listed = [
        {
            "topic": topic,
            "title": titles.get(topic, {}),
            "questions": [{name: fact for name, fact in one.to_json().items() if name != "sparql"} for one in group],
        }
        for topic, group in groupby(found, key=lambda one: one.topic)
    ]
    return json_reply({"dataset": dataset(store), "total": len(found), "topics": listed})


def question(store: Store, given: Mapping[str, Any]) -> Reply:
    """Returns one question with its query."""
    return json_reply({"dataset": dataset(store), **_find_or_404(catalogue(store), given["question"]).to_json()})


def _find_or_404(found: Catalogue | Projections, name: str) -> Any:
    """Returns the question or projection of a name.

    Raises:
        Problem: 404 if there is none.
    """
    try:
        return found[name]
    except WrongUsage as error:
        raise Problem(404, str(error)) from None


def options(store: Store, given: Mapping[str, Any]) -> Reply:
    """Returns the possible values of a parameter of a question or projection: those with most statements first."""
    if "question" in given:
        owner = _find_or_404(catalogue(store), given["question"])
    else:
        owner = _find_or_404(load_projections(store.layout), given["projection"]).question
    try:
        parameter = owner.parameter(owner.other_names.get(given["parameter"], given["parameter"]))
    except WrongUsage as error:
        raise Problem(404, str(error)) from None
    parameters = paging.parameters(given)
    language, word = parameters["lang"], normalise(parameters.get("q", ""))
    iris = _matching_options(store, parameter, word)
    labels, counts = find_display_labels(store, iris, language), count_statements(store, iris)
    spaces = entities.namespaces(store)
    listed = sorted(
        ({"iri": iri, "name": terms.shorten(iri, spaces), "label": labels[iri]} for iri in iris),
        key=lambda one: (not normalise(one["label"]).startswith(word), -counts.get(one["iri"], 0), normalise(one["label"]), one["iri"]),
    )
    page = Page(parameters, len(listed))
    return json_reply({"parameter": vars(parameter), **page.to_json(), "options": page.of(listed)}, page.headers)


def _matching_options(store: Store, parameter: Parameter, word: str) -> Sequence[str]:
    """Returns the possible values of a parameter; with ``word``, only those with a name in any language that contains it."""
    iris = arguments.options(store, parameter)
    if not word:
        return iris
    matches = find_containing(store, word)
    return sorted(matches if parameter.type == arguments.ANYTHING else matches.intersection(iris))


def answer(store: Store, given: Mapping[str, Any]) -> Reply:
    """Returns the answer to a question."""
    parameters = paging.parameters(given)
    owner = catalogue(store)[given["question"]]
    own = {parameter.name for parameter in owner.parameters}
    values = {name: value for name, value in parameters.items() if name in own and isinstance(value, list)}
    found = ask(store, owner, values, as_of=parameters.get("as_of"), language=parameters["lang"])
    page = Page(parameters, len(found))
    part = found.page(page.offset, page.limit)
    part = part.with_reliable_sources() if parameters["reliable"] else part
    format_name = given["format"]
    if format_name == "json":
        document = {**formats.to_json_document(part), "view": owner.view, "dataset": dataset(store), **page.to_json()}
        evidence = _evidence(part) if parameters["evidence"] else {}
        # Its digest is that of the whole answer with its evidence, which takes longer than a page of it.
        cited = {"citation": part.citation, "footnote": part.footnote} if parameters["citation"] and part.citation else {}
        return json_reply(document | evidence | cited, page.headers)
    return file_reply(
        f"{owner.name}-{found.as_of}", format_name, TABLE_FORMATS[format_name], formats.FORMATS[format_name](part), page.headers
    )


def _evidence(part: Answer) -> dict[str, Any]:
    """Returns the evidence of each cell, what the sums among them add, the statements behind, and their sources."""
    names = [column.name for column in part.columns]
    rests = [{name: iris[:_MOST] for name, iris in zip(names, row, strict=True) if iris} for row in part.rests]
    addends = [{name: [one._asdict() for one in added[:_MOST]] for name, added in row.items()} for row in part.addends]
    grounds, named = part.evidence.grounds, {iri for row in rests for cell in row.values() for iri in cell}
    return {
        "evidence": rests or [{} for _ in part],
        **({"addends": addends} if any(addends) else {}),
        "grounds": {iri: [vars(one) for one in grounds[iri]] for iri in sorted(named & grounds.keys())},
        "sources": [vars(source) for source in part.sources],
    }


def home(store: Store, given: Mapping[str, Any]) -> Reply:
    """Returns the content of the home page."""
    language = paging.parameters(given)["lang"]
    return json_reply({"dataset": dataset(store), **describe_home(store, catalogue(store), language)})


def stories(store: Store, given: Mapping[str, Any]) -> Reply:
    """Returns the titles of all stories."""
    listed = load_stories(store.layout, paging.parameters(given)["lang"])
    return json_reply({"stories": [{"name": story.name, "title": story.title} for story in listed]})


def story(store: Store, given: Mapping[str, Any]) -> Reply:
    """Returns a story with its figures computed."""
    try:
        found = find_story(store.layout, given["story"], paging.parameters(given)["lang"])
    except WrongUsage as error:
        raise Problem(404, str(error)) from None
    return json_reply(
        {"dataset": dataset(store), "name": found.name, "title": found.title, "language": found.language, "blocks": found.compute(store)}
    )


def discover_anything(store: Store, given: Mapping[str, Any]) -> Reply:
    """Searches entities, questions, topics and stories."""
    parameters = paging.parameters(given)
    language = parameters["lang"]
    found = discover(store, catalogue(store), parameters["q"], parameters["limit"])
    iris = [match.name for match in found if match.kind == ENTITY]
    labels, kinds = find_display_labels(store, iris, language), find_kinds(store, iris, language) if iris else {}
    spaces = entities.namespaces(store)
    titles = {story.name: story.title for story in load_stories(store.layout, language)} if any(one.kind == STORY for one in found) else {}

    def describe(match: Match) -> dict[str, Any]:
        facts = {"kind": match.kind, "name": match.name}
        if match.kind == QUESTION:
            question = catalogue(store)[match.name]
            return {**facts, "label": question.title[language], "example": question.example}
        if match.kind == TOPIC:
            return {**facts, "label": topics(store.layout)[match.name].get(language, match.name)}
        if match.kind == STORY:
            return {**facts, "label": titles.get(match.name, match.name)}
        own = {"iri": match.name, "kinds": kinds.get(match.name, []), "matched": match.matched}
        return {**facts, "name": terms.shorten(match.name, spaces), "label": labels[match.name], **own}

    return json_reply({"q": parameters["q"], "found": [describe(match) for match in found]})
