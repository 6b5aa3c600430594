"""Formats terms for readers: entities with their labels, patterns with short names."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nevkg.ask.evaluation import find_display_labels
from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.store import Store
from nevkg.table.values import Thing

_IRI = re.compile(r"<([^<>\s]*)>")


@dataclass(frozen=True)
class Namer:
    """Formats terms with the labels of a store, in one language."""

    store: Store
    language: str

    def entity(self, iri: str) -> Thing:
        """Returns an entity with its label."""
        return Thing(iri, find_display_labels(self.store, [iri], self.language)[iri])

    def name(self, term: str) -> Thing | str:
        """Converts a term in N-Triples syntax to an entity or a text."""
        if term.startswith("<"):
            return self.entity(term[1:-1])
        return terms.literal_text(term) if term.startswith('"') else term

    def short(self, text: str) -> str:
        """Replaces the IRIs in a part of a query by short names."""
        spaces = entities.namespaces(self.store)

        def shorten(match: re.Match[str]) -> str:
            name = terms.shorten(match[1], spaces)
            return "a" if match[1] == terms.RDF + "type" else match[0] if name == match[1] else name

        return _IRI.sub(shorten, text)
