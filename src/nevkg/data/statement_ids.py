"""Computes the IRIs of statements from their content."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from nevkg.data import terms
from nevkg.errors import InvalidData

RECIPE = "nevkg-statement/1"
_ID_BITS = 128

_TYPE = NamedNode(terms.RDF + "type")
_SOURCE = NamedNode(terms.NEV + "source")
_IDENTIFIER = NamedNode(terms.DCTERMS + "identifier")
_IDENTIFYING = NamedNode(terms.NEV + "isIdentifying")
_NUMBERS = {terms.XSD + name for name in ("integer", "decimal")}


def identifying_properties(ontology: Iterable[Quad]) -> frozenset[str]:
    """Returns the properties whose values determine a statement's IRI, as marked in the ontology."""
    return frozenset(terms.text(quad.subject) for quad in ontology if quad.predicate == _IDENTIFYING and terms.text(quad.object) == "true")


def _normalise(term: terms.Term) -> str:
    """Returns one spelling for each value: ``46`` and ``46.0`` are the same number."""
    if isinstance(term, Literal) and term.datatype.value in _NUMBERS:
        return f"{Decimal(term.value).normalize():f}"
    return str(term)


def statement_iri(source: str, kind: str, content: Iterable[tuple[str, terms.Term]]) -> str:
    """Computes the IRI of a statement from its content.

    Args:
        kind: IRI of the statement's class.
        content: identifying properties (IRIs) and their values. If the source itself numbers the statement
            (``dcterms:identifier``), only that number counts.

    Returns:
        The namespace of statements and 32 hexadecimal digits: the first 128 bits of the SHA-256 of
        the recipe's name, source, kind, and the sorted properties with values, one per line.
    """
    pairs = list(content)
    numbered = [pair for pair in pairs if pair[0] == _IDENTIFIER.value]
    lines = sorted(f"<{name}> {_normalise(value)}" for name, value in numbered or pairs)
    text = "\n".join([RECIPE, f"<{source}>", f"<{kind}>", *lines])
    return terms.STATEMENT + hashlib.sha256(text.encode()).hexdigest()[: _ID_BITS // 4]


def name_statements(quads: Iterable[Quad], identifying: frozenset[str]) -> dict[str, str]:
    """Maps the current IRI of each statement in ``quads`` to the IRI computed from its content.

    A statement may refer to another, as a retraction does; its IRI depends on the other's.

    Raises:
        InvalidData: if a statement has no class, or two statements with different content would have the same IRI.
    """
    current = list(quads)
    names = {terms.text(quad.subject): terms.text(quad.subject) for quad in current if quad.predicate == _SOURCE}
    while True:
        step = _compute_names(current, identifying)
        if all(old == new for old, new in step.items()):
            return names
        names = {old: step.get(new, new) for old, new in names.items()}
        current = rename(current, step)


def group_by_subject(quads: Iterable[Quad]) -> dict[str, list[Quad]]:
    """Returns the quads of each subject."""
    about: dict[str, list[Quad]] = defaultdict(list)
    for quad in quads:
        about[terms.text(quad.subject)].append(quad)
    return about


def _compute_names(quads: Iterable[Quad], identifying: frozenset[str]) -> dict[str, str]:
    names: dict[str, str] = {}
    content: dict[str, set[str]] = {}
    for subject, triples in group_by_subject(quads).items():
        sources = [terms.text(quad.object) for quad in triples if quad.predicate == _SOURCE]
        kinds = [terms.text(quad.object) for quad in triples if quad.predicate == _TYPE]
        if not sources:
            continue
        if not kinds:
            raise InvalidData(f"{subject} has a source but no class; add the class of the statement.")
        pairs = [
            (quad.predicate.value, quad.object) for quad in triples if quad.predicate.value in identifying or quad.predicate == _IDENTIFIER
        ]
        names[subject] = statement_iri(sources[0], kinds[0], pairs)
        lines = {f"{quad.predicate} {quad.object}" for quad in triples}
        if content.setdefault(names[subject], lines) != lines:
            raise InvalidData(
                f"{subject} and another statement of this file have the same content but differ in a note, a wording or an address; "
                "merge the two, or give each claim its own identifier."
            )
    return names


def rename(quads: Iterable[Quad], names: dict[str, str]) -> list[Quad]:
    """Returns the quads with IRIs replaced as ``names`` (old to new) says."""

    def new(term: terms.Term) -> terms.Term:
        return NamedNode(names.get(term.value, term.value)) if isinstance(term, NamedNode) else term

    renamed = []
    for quad in quads:
        subject = new(quad.subject)
        assert isinstance(subject, NamedNode | BlankNode | Triple)
        renamed.append(Quad(subject, quad.predicate, new(quad.object), quad.graph_name))
    return renamed
