"""The feeds that a page offers, so that browsers and feed readers find them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from nevkg.ask.feeds import find_feeds, load_feeds
from nevkg.data.paths import Layout
from nevkg.serve.pages.address import Links
from nevkg.serve.pages.terms import LinkedText


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
