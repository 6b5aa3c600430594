"""The first page and the search page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nevkg.ask import days
from nevkg.ask.stories import load_stories
from nevkg.data import terms
from nevkg.lookup import search
from nevkg.serve.pages.address import DATASET
from nevkg.serve.pages.catalogue import by_topic
from nevkg.serve.pages.feeds import all_feeds
from nevkg.serve.pages.lookup import facts_of, rows, text
from nevkg.serve.pages.render import View, html, page
from nevkg.serve.pages.terms import Names, in_language, names_of
from nevkg.serve.reply import Reply
from nevkg.store import Store

_VOID = "http://rdfs.org/ns/void#"
_MOST_HITS = 50
_LONGEST_QUERY = 200


def front(store: Store, given: Mapping[str, Any]) -> Reply:
    """Renders the first page: the description of the dataset, the stories, the questions by topic, and the number of entities by class."""
    view = View.of(store, given)
    names = Names(store, view.language, view.links)
    own = facts_of(store, [DATASET]).get(DATASET, {})
    descriptions = in_language(own.get(terms.DCTERMS + "description", []), view.language)
    counts = rows(
        store,
        f"""SELECT ?class ?count WHERE {{
          <{DATASET}> <{_VOID}classPartition> ?part . ?part <{_VOID}class> ?class ; <{_VOID}entities> ?count
        }} ORDER BY DESC(?count) ?class""",
    )
    names.learn(row["class"] for row in counts)
    content = page(
        "front",
        view,
        has_api=not given["view"]["files"],
        description=names.render(descriptions[0]) if descriptions else None,
        feeds=all_feeds(store.layout, view.links, view.language),
        stories=load_stories(store.layout, view.language),
        topics=by_topic(store.layout, view.language),
        counts=[(names.render(row["class"]), text(row, "count")) for row in counts],
    )
    return html(content, view)


def search_page(store: Store, given: Mapping[str, Any]) -> Reply:
    """Renders the search page with the entities whose names match."""
    view = View.of(store, given)
    wanted, store = given["q"][:_LONGEST_QUERY], days.view(store, view.links.day)
    hits = search.search(store, wanted, _MOST_HITS) if wanted else []
    names = Names(store, view.language, view.links)
    names.learn(names_of(hit.iri for hit in hits))
    kinds = search.find_kinds(store, [hit.iri for hit in hits], view.language) if hits else {}
    listed = [(names.thing(hit.iri), kinds.get(hit.iri, []), hit.name) for hit in hits]
    return html(page("search", view, asked=wanted, hits=listed), view)
