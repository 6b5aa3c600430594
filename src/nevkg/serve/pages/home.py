"""The first page, the search page, and the pages of stories."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from nevkg.ask import days
from nevkg.ask.feeds import find_feeds, load_feeds
from nevkg.ask.stories import Parts, Story, find_story, load_stories
from nevkg.data import terms
from nevkg.data.paths import Layout
from nevkg.errors import WrongUsage
from nevkg.lookup import entities, search
from nevkg.lookup.names import LinkedText, in_language, names_of
from nevkg.lookup.statements import read_properties_of
from nevkg.serve.jobs import Reply
from nevkg.serve.pages.address import DATASET, Links, is_web_url
from nevkg.serve.pages.questions import by_topic
from nevkg.serve.pages.render import PageNames, View, html, page
from nevkg.serve.parameter import AS_OF
from nevkg.serve.problem import Problem
from nevkg.store import Store
from nevkg.table.values import Thing


def all_feeds(layout: Layout, links: Links, language: str) -> Sequence[LinkedText]:
    """Returns the feeds without a filter, with their addresses as Atom."""
    return [LinkedText(feed.title[language], "", links.to(_path(name))) for name, feed in load_feeds(layout).items()]


def feeds_of(layout: Layout, links: Links, language: str, short: str, kinds: Collection[str]) -> Sequence[LinkedText]:
    """Returns the feeds about an entity.

    Args:
        layout: the folders of the dataset.
        links: builds the links.
        language: language of the titles.
        short: short name of the entity.
        kinds: the IRIs of its classes and vocabularies.
    """
    found = find_feeds(layout, kinds)
    return [LinkedText(feed.title[language], "", links.to(_path(feed.name), {parameter: short})) for feed, parameter in found]


def _path(name: str) -> str:
    return f"/feeds/{name}.atom"


_VOID = "http://rdfs.org/ns/void#"
_MOST_HITS = 50
_LONGEST_QUERY = 200


def front(store: Store, given: Mapping[str, Any]) -> Reply:
    """Renders the first page: the description of the dataset, the stories, the questions by topic, and the number of entities by class."""
    view = View.of(store, given)
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
    content = page(
        "front",
        view,
        has_api=not given["view"]["files"],
        description=names.render(descriptions[0]) if descriptions else None,
        feeds=all_feeds(store.layout, view.links, view.language),
        stories=load_stories(store.layout, view.language),
        topics=by_topic(store.layout, view.language),
        counts=[(names.thing(row["class"]), row["count"]) for row in counts],
    )
    return html(content, view)


def search_page(store: Store, given: Mapping[str, Any]) -> Reply:
    """Renders the search page with the entities whose names match."""
    view = View.of(store, given)
    wanted, store = given["q"][:_LONGEST_QUERY], days.view(store, view.links.day)
    hits = search.search(store, wanted, _MOST_HITS) if wanted else []
    names = PageNames(store, view.language, view.links)
    names.learn(names_of(hit.iri for hit in hits))
    kinds = search.find_kinds(store, [hit.iri for hit in hits], view.language) if hits else {}
    listed = [(names.thing(hit.iri), kinds.get(hit.iri, []), hit.name) for hit in hits]
    return html(page("search", view, asked=wanted, hits=listed), view)


@dataclass(frozen=True)
class Span:
    """A piece of a line.

    Attributes:
        text: the text with its link, if it has one.
        kind: ``strong``, ``emphasis``, ``figure`` or empty.
        title: what the figure shows; empty for other pieces.
    """

    text: LinkedText
    kind: str = ""
    title: str = ""


@dataclass(frozen=True)
class Block:
    """A paragraph, heading, list or figure.

    Attributes:
        kind: ``paragraph``, ``heading``, ``list`` or ``figure``.
        lines: one line, or one for each item of a list; for a figure its caption.
        level: level of a heading.
        labels: headings of the columns of a table.
        rows: cells of a table.
    """

    kind: str
    lines: Sequence[Sequence[Span]]
    level: int = 0
    labels: Sequence[str] = ()
    rows: Sequence[Sequence[Sequence[LinkedText]]] = ()


def stories(store: Store, given: Mapping[str, Any]) -> Reply:
    """Renders the list of all stories."""
    view = View.of(store, given)
    return html(page("stories", view, stories=load_stories(store.layout, view.language)), view)


def story(store: Store, given: Mapping[str, Any]) -> Reply:
    """Renders one story.

    Args:
        store: the store to query.
        given: ``name`` of the story; ``view``.

    Raises:
        Problem: 404 if there is no such story.
    """
    view = View.of(store, given)
    # A figure is for the day that the story names, so its link must not request another one.
    view = replace(view, links=replace(view.links, clocks=tuple(clock for clock in view.links.clocks if clock[0] != AS_OF)))
    try:
        found = find_story(store.layout, given["name"], view.language)
    except WrongUsage as error:
        raise Problem(404, str(error)) from None
    blocks = _Blocks(view).read(found, store)
    summary = next(("".join(span.text.text for span in block.lines[0]) for block in blocks if block.kind == "paragraph"), "")
    return html(page("story", view, story=found, blocks=blocks, summary=summary), view)


class _Blocks:
    """Converts the JSON values of a story to blocks."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.words: Mapping[str, str] = view.words["stories"]

    def read(self, found: Story, store: Store) -> list[Block]:
        return [self._block(block) for block in found.compute(store)]

    def _block(self, block: Mapping[str, Any]) -> Block:
        kind = block["kind"]
        if kind == "figure":
            return self._figure(block["figure"])
        lines = block["items"] if kind == "list" else [block["parts"]]
        return Block(kind, [self._line(parts) for parts in lines], block.get("level", 0))

    def _figure(self, figure: Mapping[str, Any]) -> Block:
        """Returns a table with its caption; of a chart or a map only the caption, since the page of the answer has its rows."""
        answer = Span(LinkedText(self.words["answer"], "", self._address(figure)))
        if "problem" in figure:
            return Block("figure", [[Span(LinkedText(self.words["missing"])), answer]])
        rows = [[self._values(row[name]) for name in figure["columns"]] for row in figure.get("rows", ())]
        return Block("figure", [[Span(LinkedText(self._title(figure))), answer]], labels=figure["labels"], rows=rows)

    def _line(self, parts: Parts) -> list[Span]:
        return [self._figure_link(part["figure"]) if "figure" in part else self._text(part) for part in parts]

    def _text(self, part: Mapping[str, Any]) -> Span:
        href = part.get("href", "")
        is_outside = is_web_url(href)
        # The other links lead to views of the explorer.
        address = href if is_outside else self.view.links.to(f"/{href}") if href and self.view.explorer else None
        return Span(LinkedText(part["text"], "", address, is_outside), part.get("style", ""))

    def _figure_link(self, figure: Mapping[str, Any]) -> Span:
        text = self.words["missing"] if "problem" in figure else self._join(figure)
        title = "" if "problem" in figure else self._title(figure)
        return Span(LinkedText(text, "", self._address(figure)), "figure", title)

    def _join(self, figure: Mapping[str, Any]) -> str:
        """Returns the values of a figure as words of a sentence."""
        texts = [value.text for value in self._values(figure["value"])]
        more = self.words["more"].format(f"{figure['more']:,}") if figure.get("more") else ""
        # Some names contain a comma.
        if any(self.words["comma"].strip() in text for text in texts) and len(texts) > 1:
            return self.words["between"].join([*texts, *([more.strip()] if more else [])])
        if more or len(texts) == 1:
            return self.words["comma"].join(texts) + more
        return self.words["and"].join([self.words["comma"].join(texts[:-1]), texts[-1]])

    def _values(self, cell: Any) -> list[LinkedText]:
        return [self._value(value) for value in (cell if isinstance(cell, list) else [cell]) if value is not None]

    def _value(self, value: Any) -> LinkedText:
        return self.view.value(Thing(value["iri"], value["label"]) if isinstance(value, Mapping) else value)

    def _title(self, figure: Mapping[str, Any]) -> str:
        sources = figure.get("sources", 0)
        parts = (figure["title"], self.words["as_of"].format(figure["asOf"]), sources and self.words["sources"].format(f"{sources:,}"))
        return " · ".join(filter(None, parts))

    def _address(self, figure: Mapping[str, Any]) -> str:
        return self.view.links.to(f"/questions/{figure['question']}", figure["parameters"])
