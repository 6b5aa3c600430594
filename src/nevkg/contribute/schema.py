"""An index of the ontology's properties, classes and codes, used for reading cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from pyoxigraph import BlankNode, Quad

from nevkg.data import terms
from nevkg.data.statement_ids import identifying_properties

_RANGE = terms.RDFS + "range"
_DOMAIN = terms.RDFS + "domain"
_ANYTHING = "http://www.w3.org/2002/07/owl#Thing"
_SUBCLASS = terms.RDFS + "subClassOf"
_SUBPROPERTY = terms.RDFS + "subPropertyOf"
_VALUES_FROM = terms.NEV + "valuesFrom"
_IN_SCHEME = terms.SKOS + "inScheme"
_NOTATION = terms.SKOS + "notation"
_NUMBERS = {terms.XSD + name for name in ("integer", "decimal")}
_UNIT = terms.NEV + "unit"
_METRIC = terms.NEV + "metric"
_IDENTIFIER = terms.DCTERMS + "identifier"


class Schema:
    """The ontology and its vocabularies, indexed."""

    def __init__(self, ontology: Iterable[Quad], vocabularies: Iterable[Quad]) -> None:
        quads = [*ontology, *vocabularies]
        self.identifying = identifying_properties(quads)
        self._ranges: dict[str, str] = {}
        self._domains: dict[str, str] = {}
        self._schemes: dict[str, str] = {}
        self._superclasses: dict[str, set[str]] = defaultdict(set)
        self._broader_property: dict[str, set[str]] = defaultdict(set)
        self._codes: dict[str, dict[str, str]] = defaultdict(dict)
        notations: list[tuple[str, str]] = []
        scheme_of: dict[str, str] = {}
        for quad in quads:
            subject, value, name = terms.text(quad.subject), terms.text(quad.object), quad.predicate.value
            if isinstance(quad.object, BlankNode) or value == _ANYTHING:
                continue  # a union of classes, or no particular class: no help in resolving a cell
            if name == _RANGE:
                self._ranges[subject] = value
            elif name == _DOMAIN:
                self._domains[subject] = value
            elif name == _VALUES_FROM:
                self._schemes[subject] = value
            elif name == _SUBCLASS:
                self._superclasses[subject].add(value)
            elif name == _SUBPROPERTY:
                self._broader_property[subject].add(value)
            elif name == _IN_SCHEME:
                self._codes[value][subject.rpartition("/")[2]] = subject
                scheme_of[subject] = value
            elif name == _NOTATION:
                notations.append((subject, value))
        for concept, notation in notations:
            if concept in scheme_of:
                self._codes[scheme_of[concept]].setdefault(notation, concept)
        # The values of these properties are concepts too, although their range is a separate class.
        for name in (_UNIT, _METRIC):
            self._schemes.setdefault(name, self._scheme_of_instances(quads, self._ranges.get(name, "")))
        self._metrics = frozenset(self.codes(self.scheme(_METRIC)).values())

    def _scheme_of_instances(self, quads: Iterable[Quad], kind: str) -> str:
        typed = {
            terms.text(quad.subject) for quad in quads if quad.predicate.value == terms.RDF + "type" and terms.text(quad.object) == kind
        }
        return next((scheme for scheme, codes in self._codes.items() if typed & set(codes.values())), "")

    def scheme(self, name: str) -> str:
        """Returns the concept scheme that the values of a property come from, or an empty string."""
        return self._schemes.get(name, "")

    def codes(self, scheme: str) -> dict[str, str]:
        """Returns code to concept IRI for a scheme. Codes are local names and notations."""
        return self._codes.get(scheme, {})

    def range(self, name: str) -> str:
        """Returns the range of a property, or an empty string."""
        return self._ranges.get(name, "")

    def domain(self, name: str) -> str:
        """Returns the domain of a property, or an empty string."""
        return self._domains.get(name, "")

    def is_number(self, name: str) -> bool:
        """Whether the values of a property are numbers."""
        return self._ranges.get(name, "") in _NUMBERS

    def is_text(self, name: str) -> bool:
        """Whether the values of a property are strings."""
        return self._ranges.get(name, "") == terms.XSD + "string"

    def is_metric(self, name: str) -> bool:
        """Whether the IRI identifies a metric, not a property."""
        return name in self._metrics

    def superclasses(self, kind: str) -> set[str]:
        """Returns a class and all its superclasses."""
        found, queue = set(), [kind]
        while queue:
            one = queue.pop()
            if one not in found:
                found.add(one)
                queue += self._superclasses.get(one, ())
        return found

    def is_identifier(self, name: str) -> bool:
        """Whether the values of a property are identifiers."""
        return name == _IDENTIFIER or _IDENTIFIER in self._broader_property.get(name, ())
