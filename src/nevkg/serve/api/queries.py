"""Converts the terms of the queries of ``queries/api/`` to JSON values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pyoxigraph import NamedNode

from nevkg.ask.evaluation import find_display_labels
from nevkg.data import terms
from nevkg.errors import WrongUsage
from nevkg.lookup import entities
from nevkg.lookup.api_queries import Row, rows, text
from nevkg.store import Store
from nevkg.table import formats, values

__all__ = ["Names", "Row", "iri", "rows", "text"]


def iri(store: Store, word: str) -> str:
    """Returns the IRI for a short name or an IRI, whether or not it is in the store.

    Raises:
        WrongUsage: if the text is neither.
    """
    expanded = terms.expand(word, entities.namespaces(store))
    try:
        return NamedNode(expanded or "").value
    except ValueError:
        raise WrongUsage(f"'{word}' is neither an IRI nor a short name such as 'prefix:name'.") from None


class Names:
    """The labels of many entities in one language, read at once."""

    def __init__(self, store: Store, found: Iterable[terms.Term | str | None], language: str) -> None:
        """Reads the labels of the IRIs among ``found``."""
        iris = {term.value if isinstance(term, NamedNode) else term for term in found if isinstance(term, NamedNode | str)}
        self._labels = find_display_labels(store, iris, language)

    def thing(self, iri: str) -> dict[str, str]:
        """Returns an entity as an object with its IRI and label."""
        return {"iri": iri, "label": self._labels[iri]}

    def value(self, term: terms.Term | None) -> Any:
        """Converts a term to JSON: an IRI to an object, a literal to a text, number or boolean."""
        return formats.to_json_value(values.to_value(term, self._labels))
