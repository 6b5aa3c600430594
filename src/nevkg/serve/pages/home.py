"""The first page, the search page, the pages of views that need a script, and those of stories."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from urllib.parse import parse_qs

from nevkg.ask.catalogue import load_catalogue
from nevkg.ask.discovery import ENTITY, KINDS, QUESTION, STORY, Match, discover
from nevkg.ask.feeds import find_feeds, load_feeds
from nevkg.ask.stories import Parts, describe_home, find_story, load_stories
from nevkg.data import terms
from nevkg.data.paths import Layout
from nevkg.lookup import entities
from nevkg.lookup.labels import LinkedText, in_language, names_of
from nevkg.lookup.statements import read_properties_of
from nevkg.serve.pages import documents
from nevkg.serve.pages.address import DATASET, EDITOR, Links, is_web_url
from nevkg.serve.pages.render import PageNames, PageTask, View, page
from nevkg.serve.parameter import AS_OF
from nevkg.serve.problem import not_found
from nevkg.store import Store
from nevkg.view import describe_figure


def feeds_of(layout: Layout, links: Links, language: str, short: str, kinds: Collection[str]) -> Sequence[LinkedText]:
    """Returns the feeds about an entity with a short name and these classes and vocabularies."""
    found = find_feeds(layout, kinds)
    return [LinkedText(feed.title[language], "", links.to(_path(feed.name), {parameter: short})) for feed, parameter in found]


def _path(name: str) -> str:
    return f"/feeds/{name}.atom"


# Media types.
ATOM, JSON = "application/atom+xml", "application/feed+json"
_VOID = "http://rdfs.org/ns/void#"
_MOST_HITS = 50
_LONGEST_QUERY = 200
_OF_QUESTIONS = ("map", "timeline")  # views that show the answer to one of several questions
VIEWS = (*_OF_QUESTIONS, "explore", EDITOR[1:])


@dataclass(frozen=True)
class FrontPage(PageTask):
    """The first page: what the explorer's home page has, the description of the dataset, and the number of entities by class."""

    def _render(self, store: Store, view: View) -> bytes:
        names = PageNames(store, view.language, view.links)
        own = read_properties_of(store, [DATASET]).get(DATASET, {})
        descriptions = in_language(own.get(terms.DCTERMS + "description", []), view.language)
        counts = entities.rows(
            store,
            f"""SELECT ?class ?count WHERE {{
              <{DATASET}> <{_VOID}classPartition> ?part . ?part <{_VOID}class> ?class ; <{_VOID}entities> ?count
            }} ORDER BY DESC(?count) ?class""",
        )
        names.learn(names_of(row["class"] for row in counts))
        home = describe_home(store, load_catalogue(store.layout), view.language)
        return page(
            "front",
            view,
            home=home,
            documents=documents.of_page(store, view),
            has_api=not view.site,
            description=names.render(descriptions[0]) if descriptions else None,
            feeds=[
                LinkedText(feed.title[view.language], "", view.links.to(_path(name))) for name, feed in load_feeds(store.layout).items()
            ],
            stories=load_stories(store.layout, view.language),
            counts=[(names.thing(row["class"]), row["count"]) for row in counts],
        )


@dataclass(frozen=True)
class SearchPage(PageTask):
    """The page of a search."""

    q: str

    def _render(self, store: Store, view: View) -> bytes:
        wanted, catalogue = self.q[:_LONGEST_QUERY], load_catalogue(store.layout)
        matches = discover(store, catalogue, wanted, _MOST_HITS, view.language, view.links.day)
        hits = [(_link(view, match), match.classes or [KINDS[match.kind][view.language]], match) for match in matches]
        return page("search", view, asked=wanted, hits=hits)


def _link(view: View, match: Match) -> LinkedText:
    """Returns the title of what was found, with a link to its page."""
    if match.kind == ENTITY:
        return LinkedText(match.label, "", view.links.of(match.name))
    if match.kind == QUESTION:
        return LinkedText(match.label, "", view.links.to(f"/questions/{match.name}", match.given(AS_OF)))
    return LinkedText(match.label, "", view.links.to(f"/stories/{match.name}" if match.kind == STORY else f"/questions#{match.name}"))


@dataclass(frozen=True)
class ViewPage(PageTask):
    """The page of a view; ``query`` is the text in the editor."""

    name: str
    query: str = ""

    def _render(self, store: Store, view: View) -> bytes:
        questions = [question for question in load_catalogue(store.layout).find() if question.view == self.name]
        made = documents.of_catalogue(store, view) if self.name in _OF_QUESTIONS else ()
        return page("view", view, name=self.name, query=self.query, questions=questions, documents=made)


@dataclass(frozen=True)
class StoriesPage(PageTask):
    """The list of stories."""

    def _render(self, store: Store, view: View) -> bytes:
        listed = load_stories(store.layout, view.language)
        return page("stories", view, stories=listed, documents=documents.of_page(store, view))


@dataclass(frozen=True)
class StoryPage(PageTask):
    """A story."""

    name: str

    def _render(self, store: Store, view: View) -> bytes:
        # A figure is for the day that the story names, so its link must not request another one.
        view = replace(view, links=replace(view.links, clocks=tuple(clock for clock in view.links.clocks if clock[0] != AS_OF)))
        with not_found():
            found = find_story(store.layout, self.name, view.language)
        blocks = found.compute(store)
        summary = next((_write(block["parts"], found.language) for block in blocks if block["kind"] == "paragraph"), "")
        made = documents.of_page(store, view)
        return page("story", view, story=found, blocks=blocks, summary=summary, follow=partial(_follow, view), documents=made)


def _write(parts: Parts, language: str) -> str:
    return "".join(describe_figure(part["figure"], language) if "figure" in part else part["text"] for part in parts)


def _follow(view: View, part: Mapping[str, Any]) -> LinkedText:
    """Returns a piece of text with its link: to the web, or to a page."""
    href = part.get("href", "")
    is_outside = is_web_url(href)
    path, _, query = href.partition("?")
    address = href if is_outside else view.links.to(path, parse_qs(query)) if href else None
    return LinkedText(part["text"], "", address, is_outside)
