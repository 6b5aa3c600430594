"""Worker tasks for the home page, stories and the search for anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nevkg.ask.catalogue import topics
from nevkg.ask.discovery import ENTITY, QUESTION, STORY, TOPIC, Match, discover
from nevkg.ask.evaluation import find_display_labels
from nevkg.ask.home import describe_home
from nevkg.ask.stories import find_story, load_stories
from nevkg.data import terms
from nevkg.errors import WrongUsage
from nevkg.lookup import entities
from nevkg.lookup.search import find_kinds
from nevkg.serve.api import paging
from nevkg.serve.api.tasks_questions import catalogue, dataset
from nevkg.serve.http.problem import Problem
from nevkg.serve.reply import Reply, json_reply
from nevkg.store import Store


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
