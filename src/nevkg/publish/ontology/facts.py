"""What the ontology says of a term, row by row, in the marks of whoever writes it down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode

from nevkg.data import terms
from nevkg.publish.ontology.schema import HEADS, KINDS, OWL, TYPE, Schema


class Facts:
    """The facts of terms in one language, in the order in which the words of the pages list them."""

    def __init__(
        self, schema: Schema, language: str, words: dict[str, Any], link: Callable[[str], str], plain: Callable[[str], str]
    ) -> None:
        """Facts of ``schema``.

        Args:
            schema: the ontology.
            language: of literals.
            words: of that language, from ``templates/ontology.yaml``.
            link: an IRI as a link, marked.
            plain: text that is not taken for marks.
        """
        self.schema, self.language, self.said = schema, language, words
        self._link, self._plain = link, plain

    def rows(self, iri: str) -> Iterator[tuple[str, str]]:
        """Title and text of each row, both marked."""
        known = self.said["rows"].keys()
        for name, word in self.said["rows"].items():
            if name == "*":
                own = [one for one in self.schema.facts[iri] if one in self.schema.page_of and self.schema.short(one) not in known]
                rows = [(self._link(one), self._values(iri, one)) for one in own]
            elif name.startswith("^"):
                full = terms.expand(name[1:], self.schema.spaces) or ""
                rows = [(word, [self._link(one) for one in self.schema.inverse[iri, full] if one in self.schema.page_of])]
            else:
                rows = [(word, self._values(iri, terms.expand(name, self.schema.spaces) or ""))]
            yield from ((title, self.said["between"].join(values)) for title, values in rows if values)

    def _values(self, iri: str, name: str) -> list[str]:
        left_out = (*KINDS, *HEADS) if name == TYPE else ()
        return [
            self._value(term)
            for term in self.schema.facts[iri].get(name, [])
            if terms.text(term) not in left_out and (not isinstance(term, Literal) or term.language in (None, self.language))
        ]

    def _value(self, term: terms.Term) -> str:
        if not isinstance(term, BlankNode):
            return self._link(term.value) if isinstance(term, NamedNode) else self._plain(terms.text(term))
        facts = self.schema.facts[term.value]
        words = {terms.expand(name, self.schema.spaces) or "": word for name, word in self.said["expressions"].items()}
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
