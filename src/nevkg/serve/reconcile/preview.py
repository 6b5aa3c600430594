"""Worker task for the preview of an entity: a small page for a frame of another site."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nevkg.ask.card import read_card
from nevkg.serve.http.problem import Problem
from nevkg.serve.pages.cards import card_fields
from nevkg.serve.pages.render import View, html, page
from nevkg.serve.pages.terms import Names
from nevkg.serve.reconcile.schema import find_entity
from nevkg.serve.reply import Reply
from nevkg.store import Store


def preview(store: Store, given: Mapping[str, Any]) -> Reply:
    """Renders the card of an entity.

    Args:
        store: the record.
        given: ``id``: its identifier; ``view``: see ``View.of``.

    Raises:
        Problem: 404 if there is no such entity.
    """
    iri = find_entity(store, given["id"])
    if iri is None:
        raise Problem(404, f"There is no entity '{given['id'][:80]}'.")
    view = View.of(store, given)
    card = read_card(store, iri, view.language)
    fields = card_fields(Names(store, view.language, view.links), card)
    return html(page("preview", view, card=card, fields=fields, address=view.links.of(iri)), view)
