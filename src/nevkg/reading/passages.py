"""Passages of sources: what the data keeps of a quote, and where it is in a text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad

from nevkg.data import terms
from nevkg.reading.quotes import Quote

_TYPE, _CLASS = terms.RDF + "type", NamedNode(terms.NEV + "Passage")
_OF, _LENGTH, _DIGEST, _PASSAGE = (terms.NEV + name for name in ("passageOf", "quoteLength", "quoteDigest", "passage"))
_INTEGER = NamedNode(terms.XSD + "integer")
_ID_DIGITS = 32


@dataclass(frozen=True)
class Passage:
    """A passage of a source."""

    iri: str
    source: str
    quote: Quote

    @classmethod
    def of(cls, source: str, quote: Quote) -> Passage:
        """Returns the passage with the words of a quote; its IRI has the first 128 bits of the digest."""
        return cls(f"{terms.PASSAGE}{source.removeprefix(terms.SOURCE)}/{quote.digest[:_ID_DIGITS]}", source, quote)

    def quads(self, graph: str) -> list[Quad]:
        """Returns its description, for a named graph."""
        pairs: list[terms.Pair] = [
            (_TYPE, _CLASS),
            (_OF, NamedNode(self.source)),
            (_LENGTH, Literal(str(self.quote.length), datatype=_INTEGER)),
            (_DIGEST, Literal(self.quote.digest)),
        ]
        return terms.describe(self.iri, pairs, graph)

    def link(self, statements: Iterable[str], graph: str) -> list[Quad]:
        """Returns its description, and that some statements (IRIs) are in it, for a named graph."""
        links = [quad for iri in statements for quad in terms.describe(iri, [(_PASSAGE, NamedNode(self.iri))], graph)]
        return [*self.quads(graph), *links]


def read_passages(quads: Iterable[Quad]) -> list[Passage]:
    """Returns the passages that some quads describe, by their IRIs."""
    values: dict[str, dict[str, str]] = defaultdict(dict)
    iris = set()
    for quad in quads:
        values[terms.text(quad.subject)][quad.predicate.value] = terms.text(quad.object)
        if quad.predicate.value == _TYPE and quad.object == _CLASS:
            iris.add(terms.text(quad.subject))
    return [Passage(iri, values[iri][_OF], Quote(int(values[iri][_LENGTH]), values[iri][_DIGEST])) for iri in sorted(iris)]
