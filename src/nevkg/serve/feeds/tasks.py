"""The worker task for a feed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from nevkg.ask.evaluation import find_display_labels
from nevkg.ask.feeds import load_feeds, read_entries
from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.serve.feeds.documents import ATOM, JSON, Document, write_atom, write_json
from nevkg.serve.http.problem import Problem
from nevkg.serve.pages.address import DATASET
from nevkg.serve.pages.language import PARAMETER
from nevkg.serve.pages.render import View
from nevkg.serve.reply import Reply, bytes_reply
from nevkg.store import Store


def feed(store: Store, given: Mapping[str, Any]) -> Reply:
    """Returns a feed.

    Args:
        store: the record.
        given: ``name``; ``format``: ``atom`` or ``json``; ``asked``: the parameters of its question; ``address``: its own address;
            ``view``: see ``View.of``.

    Raises:
        Problem: 404 if there is no such feed.
        WrongUsage: if a parameter or value is invalid.
    """
    feeds, name = load_feeds(store.layout), given["name"]
    if name not in feeds:
        raise Problem(404, f"There is no feed '{name[:80]}'; choose from {', '.join(feeds)}.{terms.suggest(name[:80], list(feeds))}")
    chosen, view, asked = feeds[name], View.of(store, given), given["asked"]
    site = find_display_labels(store, [DATASET], view.language)[DATASET]
    pairs = sorted((key, word) for key, words in asked.items() for word in words)
    document = Document(
        id=f"{terms.BASE}feeds/{name}?{urlencode([*pairs, (PARAMETER, view.language)])}",
        title=" · ".join([chosen.title[view.language], *(word for words in asked.values() for word in _name(store, words, view.language))]),
        author=site,
        day=entities.dataset_date(store),
        address=given["address"],
        page=view.base + view.links.to(f"/questions/{chosen.question.name}", {**chosen.given, **asked}),
        base=view.base,
        links=view.links,
        language=view.language,
        entries=read_entries(store, chosen, asked, view.language),
    )
    media, write = (ATOM, write_atom) if given["format"] == "atom" else (JSON, write_json)
    return bytes_reply(f"{media}; charset=utf-8", write(document), {"Content-Language": view.language})


def _name(store: Store, words: list[str], language: str) -> list[str]:
    """Returns the labels of short names, and other texts unchanged."""
    spaces = entities.namespaces(store)
    iris = {word: terms.expand(word, spaces) if word.partition(":")[0] in spaces else None for word in words}
    labels = entities.labels(store, {iri for iri in iris.values() if iri}, language)
    return [labels.get(iris[word] or "", word) for word in words]
