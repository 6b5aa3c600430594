"""Statements: how they are named by what they say, and where in its source each one stands."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from nevkg.data import terms
from nevkg.errors import InvalidData

RECIPE = "nevkg-statement/1"
_BITS_KEPT = 128

_TYPE = NamedNode(terms.RDF + "type")
_SOURCE = NamedNode(terms.NEV + "source")
_IDENTIFIER = NamedNode(terms.DCTERMS + "identifier")
_IDENTIFYING = NamedNode(terms.NEV + "isIdentifying")
_PASSAGE_CLASS = NamedNode(terms.NEV + "Passage")
_SHA256 = NamedNode(terms.NEV + "sha256")
_START = NamedNode(terms.OA + "start")
_END = NamedNode(terms.OA + "end")
_NUMBERS = {terms.XSD + name for name in ("integer", "decimal")}


def identifying_properties(ontology: Iterable[Quad]) -> frozenset[str]:
    """The properties whose values name a statement, as the ontology marks them."""
    return frozenset(terms.text(quad.subject) for quad in ontology if quad.predicate == _IDENTIFYING and terms.text(quad.object) == "true")


def _normal(term: terms.Term) -> str:
    """One spelling for each value: ``46`` and ``46.0`` are the same number."""
    if isinstance(term, Literal) and term.datatype.value in _NUMBERS:
        return f"{Decimal(term.value).normalize():f}"
    return str(term)


def statement_iri(source: str, kind: str, said: Iterable[tuple[str, terms.Term]]) -> str:
    """The IRI of a statement, made from what it says.

    Args:
        source: IRI of the source.
        kind: IRI of the statement's class.
        said: identifying properties (IRIs) and their values. A statement that its source
            itself numbers (``dcterms:identifier``) is named by that alone.

    Returns:
        The namespace of statements and 32 hexadecimal digits: the first 128 bits of the
        SHA-256 of the recipe's name, source, kind, and the sorted properties with values,
        one a line.
    """
    pairs = list(said)
    numbered = [pair for pair in pairs if pair[0] == _IDENTIFIER.value]
    lines = sorted(f"<{name}> {_normal(value)}" for name, value in numbered or pairs)
    text = "\n".join([RECIPE, f"<{source}>", f"<{kind}>", *lines])
    return terms.STATEMENT + hashlib.sha256(text.encode()).hexdigest()[: _BITS_KEPT // 4]


def name_statements(quads: Iterable[Quad], identifying: frozenset[str]) -> dict[str, str]:
    """For each statement in ``quads`` its IRI there and the IRI that it should have.

    A statement may speak of another (a retraction does); its name follows that of the other.

    Raises:
        InvalidData: if a statement has no class, or two that say different things would have one name.
    """
    current = list(quads)
    names = {terms.text(quad.subject): terms.text(quad.subject) for quad in current if quad.predicate == _SOURCE}
    while True:
        step = _names(current, identifying)
        if all(old == new for old, new in step.items()):
            return names
        names = {old: step.get(new, new) for old, new in names.items()}
        current = rename(current, step)


def _names(quads: Iterable[Quad], identifying: frozenset[str]) -> dict[str, str]:
    about: dict[str, list[Quad]] = defaultdict(list)
    for quad in quads:
        about[terms.text(quad.subject)].append(quad)
    names: dict[str, str] = {}
    content: dict[str, set[str]] = {}
    for subject, said in about.items():
        sources = [terms.text(quad.object) for quad in said if quad.predicate == _SOURCE]
        kinds = [terms.text(quad.object) for quad in said if quad.predicate == _TYPE]
        if not sources:
            continue
        if not kinds:
            raise InvalidData(f"{subject} has a source but no class; write what kind of statement it is.")
        pairs = [
            (quad.predicate.value, quad.object) for quad in said if quad.predicate.value in identifying or quad.predicate == _IDENTIFIER
        ]
        names[subject] = statement_iri(sources[0], kinds[0], pairs)
        written = {f"{quad.predicate} {quad.object}" for quad in said}
        if content.setdefault(names[subject], written) != written:
            raise InvalidData(
                f"{subject} and another statement of this file say the same but differ in a note, a wording or an address; "
                "merge the two, or give claims an identifier each."
            )
    return names


def rename(quads: Iterable[Quad], names: dict[str, str]) -> list[Quad]:
    """The quads with every IRI that ``names`` lists put in place of the old one."""

    def new(term: terms.Term) -> terms.Term:
        return NamedNode(names.get(term.value, term.value)) if isinstance(term, NamedNode) else term

    renamed = []
    for quad in quads:
        subject = new(quad.subject)
        assert isinstance(subject, NamedNode | BlankNode | Triple)
        renamed.append(Quad(subject, quad.predicate, new(quad.object), quad.graph_name))
    return renamed


def sha256(text: str) -> str:
    """Hexadecimal SHA-256 of the UTF-8 bytes of ``text``."""
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Passage:
    """A stretch of a source's text: Unicode code points ``start`` (included) to ``end`` (excluded)."""

    iri: str
    start: int
    end: int
    sha256: str

    def problem(self, text: str) -> str | None:
        """What is wrong with this passage in ``text``, or None."""
        if not 0 <= self.start < self.end <= len(text):
            return f"{self.iri} marks characters {self.start} to {self.end}, but the text has {len(text)}."
        if sha256(text[self.start : self.end]) != self.sha256:
            return f"{self.iri}: characters {self.start} to {self.end} of the text are not those that were recorded."
        return None


def passages(quads: Iterable[Quad]) -> list[Passage]:
    """The passages that ``quads`` describe, in the order of the text."""
    values: dict[str, dict[str, str]] = defaultdict(dict)
    found = set()
    for quad in quads:
        values[terms.text(quad.subject)][quad.predicate.value] = terms.text(quad.object)
        if quad.predicate == _TYPE and quad.object == _PASSAGE_CLASS:
            found.add(terms.text(quad.subject))
    made = [Passage(iri, int(values[iri][_START.value]), int(values[iri][_END.value]), values[iri][_SHA256.value]) for iri in sorted(found)]
    return sorted(made, key=lambda passage: (passage.start, passage.end))
