"""Terms as a reader sees them: things with their labels, patterns in short names."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nevkg.ask.answer import labelled
from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.store import Store
from nevkg.table.values import Thing

_IRI = re.compile(r"<([^<>\s]*)>")


@dataclass(frozen=True)
class Namer:
    """Names terms by what a store knows, in one language."""

    store: Store
    language: str

    def thing(self, iri: str) -> Thing:
        """A thing with its label."""
        return Thing(iri, labelled(self.store, [iri], self.language)[iri])

    def name(self, term: str) -> Thing | str:
        """A term in N-Triples syntax as a thing or as text."""
        if term.startswith("<"):
            return self.thing(term[1:-1])
        return terms.literal_text(term) if term.startswith('"') else term

    def short(self, text: str) -> str:
        """A piece of a query with short names in place of IRIs."""
        spaces = entities.namespaces(self.store)

        def shorten(match: re.Match[str]) -> str:
            name = terms.shorten(match[1], spaces)
            return "a" if match[1] == terms.RDF + "type" else match[0] if name == match[1] else name

        return _IRI.sub(shorten, text)
