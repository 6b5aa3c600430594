"""The home page as data: what it says, counts, shows and leads to, from ``queries/home.yaml``."""

from __future__ import annotations

from typing import Any

from nevkg.ask.catalogue import Catalogue, topics
from nevkg.ask.figures import FigureReader, parse_figure
from nevkg.ask.stories import load_stories
from nevkg.data import terms
from nevkg.data.frontmatter import read_query
from nevkg.data.paths import Layout
from nevkg.errors import InvalidData, WrongUsage
from nevkg.lookup import entities
from nevkg.store import Store

_FILE = "home.yaml"


def describe_home(store: Store, catalogue: Catalogue, language: str) -> dict[str, Any]:
    """Returns the content of the home page as JSON values.

    Raises:
        InvalidData: if the file lacks a part, or a part is not written correctly.
    """
    home, path = _read(store.layout), store.layout.queries / _FILE
    titles, reader = topics(store.layout), FigureReader(store, language)
    try:
        return {
            "lead": home["lead"][language],
            "numbers": [{"label": one["label"][language], "figure": reader.compute(parse_figure(one["ask"]))} for one in home["numbers"]],
            "note": home["note"][language],
            "map": reader.compute(parse_figure(home["map"])),
            "starts": [{"label": one["label"][language], **_target(store, one)} for one in home["starts"]],
            "stories": [{"name": story.name, "title": story.title} for story in load_stories(store.layout, language)],
            "topics": [
                {
                    "topic": topic,
                    "title": titles.get(topic, {}).get(language, topic),
                    "total": sum(question.topic == topic for question in catalogue.questions.values()),
                    "questions": [
                        {"name": name, "title": catalogue[name].title[language], "example": catalogue[name].example} for name in names
                    ],
                }
                for topic, names in home["topics"].items()
            ],
        }
    except (KeyError, TypeError, AttributeError) as error:
        raise InvalidData(f"{path} lacks {error}; see docs/adding-a-story.md for its form.") from None
    except WrongUsage as error:
        raise InvalidData(f"{path}: {error}") from None


def _read(layout: Layout) -> Any:
    import yaml

    path = layout.queries / _FILE
    try:
        return yaml.safe_load(read_query(path))
    except (OSError, yaml.YAMLError) as error:
        raise InvalidData(f"{path} cannot be read: {error}.") from None


def _target(store: Store, start: dict[str, Any]) -> dict[str, Any]:
    """Returns where a starting point leads: to an entity, or to an answer."""
    if "entity" in start:
        return {"entity": terms.expand(start["entity"], entities.namespaces(store))}
    return parse_figure(start["ask"]).target
