"""A statement under construction, and the literals and dates in it."""

from __future__ import annotations

from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Quad

from nevkg.contribute.cells import Span, read_number
from nevkg.contribute.schema import Schema
from nevkg.data import terms
from nevkg.data.statement_ids import statement_iri

EARLIEST, LATEST, PRECISION = (terms.NEV + name for name in ("earliest", "latest", "precision"))
_DATE = NamedNode(terms.XSD + "date")
_DECIMAL, INTEGER = NamedNode(terms.XSD + "decimal"), NamedNode(terms.XSD + "integer")
_FIRST_DAY, _LAST_DAY = terms.NEV + "periodStart", terms.NEV + "periodEnd"
Pair = tuple[str, terms.Term]
_SPANS = {terms.NEV + f"{what}Earliest": terms.NEV + f"{what}Latest" for what in ("end", "due")}


@dataclass
class Statement:
    """A statement under construction.

    Attributes:
        kind: IRI of its class.
        pairs: Properties and values, in the order in which they were added.
    """

    kind: str
    pairs: list[Pair] = field(default_factory=list)

    def has(self, name: str) -> bool:
        """Whether the statement has a value for a property."""
        return any(one == name for one, _ in self.pairs)

    def quads(self, source: str, graph: str, identifying: frozenset[str]) -> tuple[str, list[Quad]]:
        """Returns the IRI and the quads of the statement.

        Args:
            source: IRI of the source.
            graph: IRI of the named graph.
            identifying: IRIs of the properties that identify a statement, from which its IRI is computed.
        """
        names = [(name, value) for name, value in self.pairs if name in identifying or name == terms.DCTERMS + "identifier"]
        iri = statement_iri(source, self.kind, set(names))
        node, where = NamedNode(iri), NamedNode(graph)
        pairs = [(terms.RDF + "type", NamedNode(self.kind)), *self.pairs]
        return iri, [Quad(node, NamedNode(name), value, where) for name, value in dict.fromkeys(pairs)]


def number_literal(text: str) -> Literal:
    """Returns a number as the data writes it: integers where possible, decimals without trailing zeros.

    Raises:
        ValueError: If the text is not a plain number. The message is a sentence for the user.
    """
    value = read_number(text).normalize()
    return Literal(f"{value:f}", datatype=INTEGER if value == value.to_integral_value() else _DECIMAL)


def date_pairs(name: str, span: Span, schema: Schema) -> list[Pair]:
    """Returns the properties and values for a date, an end date, a due date, or the first or last day of a period.

    Args:
        name: IRI of the property that the rule names, such as ``nev:earliest``.
    """

    def day(text: str) -> Literal:
        return Literal(text, datatype=_DATE)

    if name == EARLIEST:
        precision = schema.codes(schema.scheme(PRECISION))[span.precision]
        return [(EARLIEST, day(span.first)), (LATEST, day(span.last)), (PRECISION, NamedNode(precision))]
    if name in _SPANS:
        return [(name, day(span.first)), (_SPANS[name], day(span.last))]
    return [(name, day(span.first if name == _FIRST_DAY else span.last))]
