"""The tool ``find``: entities, questions, terms of the ontology, topics and stories for a few words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nevkg.ask import days
from nevkg.ask.catalogue import AS_OF, Catalogue, Question, load_catalogue, topics
from nevkg.ask.discovery import ENTITY, QUESTION, STORY, TOPIC, Match, discover
from nevkg.ask.evaluation import find_display_labels
from nevkg.ask.stories import load_stories
from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.lookup.search import find_kinds, find_named
from nevkg.mcp.result import CLOCKS, Arguments, Result, Tool, language_of, output, schema
from nevkg.mcp.text import clean, clean_all
from nevkg.sparql.binding import ANY
from nevkg.store import Store

_DEFAULT, _MOST = 10, 50
_NONE = {
    "en": "Nothing matches. Try fewer words, or the name of one entity.",
    "zh": "没有匹配项。请减少词语，或只写一个名称。",
}
_COUNT = {"en": "Matches, best first: {count}.", "zh": "匹配项（最佳在前）：{count} 个。"}


def run(store: Store, arguments: Arguments) -> Result:
    """Returns what the words may mean, best match first."""
    language, catalogue = language_of(arguments), load_catalogue(store.layout)
    known = days.view(store)
    text, limit = str(arguments["text"]), int(arguments.get("limit", _DEFAULT))
    matches = _add_named(discover(known, catalogue, text, limit), find_named(known, text))[:limit]
    found = clean_all(_describe(known, catalogue, matches, language))
    summary = _COUNT[language].format(count=len(found)) if found else _NONE[language]
    return Result((summary,), tuple(_line(one) for one in found), {"found": found})


def _add_named(matches: Sequence[Match], named: Sequence[str]) -> list[Match]:
    """Puts the entities that a sentence names before what matches it as a whole, unless they are there already."""
    known = {match.name for match in matches}
    return [*(Match(ENTITY, iri) for iri in named if iri not in known), *matches]


def _describe(store: Store, catalogue: Catalogue, matches: Sequence[Match], language: str) -> list[dict[str, Any]]:
    iris = [match.name for match in matches if match.kind == ENTITY]
    labels, kinds = find_display_labels(store, iris, language), find_kinds(store, iris, language) if iris else {}
    titles = (
        {story.name: story.title for story in load_stories(store.layout, language)} if any(one.kind == STORY for one in matches) else {}
    )
    spaces = entities.namespaces(store)

    def describe(match: Match) -> dict[str, Any]:
        if match.kind == QUESTION:
            return describe_question(catalogue[match.name], language)
        if match.kind == TOPIC:
            inside = [question.name for question in catalogue.find() if question.topic == match.name]
            title = topics(store.layout)[match.name].get(language, match.name)
            return {"kind": TOPIC, "name": match.name, "label": title, "questions": inside}
        if match.kind == STORY:
            return {"kind": STORY, "name": match.name, "label": titles.get(match.name, match.name)}
        name = terms.shorten(match.name, spaces)
        return {"kind": ENTITY, "name": name, "label": labels[match.name], "types": kinds.get(match.name, []), "matched": match.matched}

    return [describe(match) for match in matches]


def describe_question(question: Question, language: str) -> dict[str, Any]:
    """Returns name, title and parameters of a question, so that it can be asked at once."""
    own = [one for one in question.parameters if one.name != AS_OF]
    parameters = [{"name": one.name, "type": one.type, **({"default": one.default_text} if one.default != ANY else {})} for one in own]
    has_day = len(own) < len(question.parameters)
    return {"kind": QUESTION, "name": question.name, "label": question.title[language], "parameters": parameters, "asOf": has_day}


def _line(one: dict[str, Any]) -> str:
    line = f"- {one['kind']} {one['name']}: {one['label']}"
    if one["kind"] == QUESTION:
        listed = ", ".join(f"{each['name']} ({each['type']}{_default(each)})" for each in one["parameters"])
        return f"{line} Parameters: {listed or '-'}{'; as_of' if one['asOf'] else ''}"
    if one["kind"] == TOPIC:
        return f"{line}: {', '.join(one['questions'])}"
    return f"{line} ({', '.join(one['types'])})" if one.get("types") else line


def _default(parameter: dict[str, str]) -> str:
    return f", default {clean(parameter['default'])}" if "default" in parameter else ""


TOOL = Tool(
    "find",
    "Find entities and questions",
    "Finds entities, questions of the catalogue, terms of the ontology, topics and stories for a few words, in English or "
    "Chinese, despite misspellings. Call it first: it gives the names that other tools take.",
    schema(
        {
            "text": {"type": "string", "minLength": 1, "maxLength": 500},
            "limit": {"type": "integer", "minimum": 1, "maximum": _MOST, "default": _DEFAULT},
            "known_by": CLOCKS["known_by"],
            "lang": CLOCKS["lang"],
        },
        "text",
    ),
    output(found={"type": "array", "items": {"type": "object"}}),
    run,
)
