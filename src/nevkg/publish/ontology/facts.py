"""Formats the facts that the ontology states about a term, row by row, in the markup of the caller."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode

from nevkg.data import terms
from nevkg.publish.ontology.schema import HEADS, KINDS, OWL, TYPE, Schema


class Facts:
    """The facts of terms in one language, in the order given in ``templates/ontology.yaml``."""

    def __init__(
        self, schema: Schema, language: str, words: dict[str, Any], link: Callable[[str], str], plain: Callable[[str], str]
    ) -> None:
        """Prepares the facts of ``schema``.

        Args:
            schema: The ontology.
            language: Language of literals.
            words: Texts in that language, from ``templates/ontology.yaml``.
            link: Formats an IRI as a link in the caller's markup.
            plain: Escapes text for the caller's markup.
        """
        self.schema, self.language, self.words = schema, language, words
        self._link, self._plain = link, plain

    def rows(self, iri: str) -> Iterator[tuple[str, str]]:
        """Yields the title and the text of each row, both in the caller's markup."""
        known = self.words["rows"].keys()
        for name, word in self.words["rows"].items():
            if name == "*":
                own = [one for one in self.schema.facts[iri] if one in self.schema.page_of and self.schema.short(one) not in known]
                rows = [(self._link(one), self._values(iri, one)) for one in own]
            elif name.startswith("^"):
                full = terms.expand(name[1:], self.schema.spaces) or ""
                rows = [(word, [self._link(one) for one in self.schema.inverse[iri, full] if one in self.schema.page_of])]
            else:
                rows = [(word, self._values(iri, terms.expand(name, self.schema.spaces) or ""))]
            yield from ((title, self.words["between"].join(values)) for title, values in rows if values)

    def _values(self, iri: str, name: str) -> list[str]:
        skipped = (*KINDS, *HEADS) if name == TYPE else ()
        return [
            self._value(term)
            for term in self.schema.facts[iri].get(name, [])
            if terms.text(term) not in skipped and (not isinstance(term, Literal) or term.language in (None, self.language))
        ]

    def _value(self, term: terms.Term) -> str:
        if not isinstance(term, BlankNode):
            return self._link(term.value) if isinstance(term, NamedNode) else self._plain(terms.text(term))
        facts = self.schema.facts[term.value]
        words = {terms.expand(name, self.schema.spaces) or "": word for name, word in self.words["expressions"].items()}
        if terms.RDF + "first" in facts:
            return " ∘ ".join(self._list(term))
        for name, values in facts.items():
            if name in words and OWL + "onProperty" in facts:
                return f"({self._value(facts[OWL + 'onProperty'][0])} {words[name]} {self._value(values[0])})"
            if name in words:
                return str(words[name]).join(self._list(values[0]))
        return "…"

    def _list(self, term: terms.Term) -> Iterator[str]:
        while first := self.schema.facts.get(terms.text(term), {}).get(terms.RDF + "first"):
            yield self._value(first[0])
            term = self.schema.facts[terms.text(term)][terms.RDF + "rest"][0]
