"""A review as a source: the editors of the data say of a day which statements their sources do not support."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, parse

from nevkg.data import terms

Pair = tuple[str, terms.Term]
_LANGUAGE = terms.LANGUAGES[0]
_EDITORS = terms.BASE + "agent/nevkg"


def name_review(day: str) -> str:
    """Returns the slug of the review of a day (ISO)."""
    return f"s-nevkg-review-{day}"


def describe_review(day: str) -> list[Quad]:
    """Returns the description of the review of a day as a source."""
    slug = name_review(day)
    date = Literal(day, datatype=NamedNode(terms.XSD + "date"))
    pairs: list[Pair] = [
        (terms.RDF + "type", NamedNode(terms.NEV + "Source")),
        (terms.DCTERMS + "title", Literal(f"Review of statements against their sources, {day}", language=_LANGUAGE)),
        (terms.DCTERMS + "language", Literal(_LANGUAGE)),
        (terms.DCTERMS + "publisher", NamedNode(_EDITORS)),
        (terms.NEV + "address", NamedNode(terms.SOURCE + slug)),  # its own page
        (terms.NEV + "sourceKind", NamedNode(terms.BASE + "source-kind/primary")),
        *((terms.NEV + name, date) for name in ("collected", "earliest", "latest")),
        (terms.NEV + "precision", NamedNode(terms.BASE + "date-precision/day")),
    ]
    return _about(terms.SOURCE + slug, pairs, slug)


def describe_editors(ontology: Path) -> list[Quad]:
    """Returns the description of the publisher of reviews, for the registry."""
    return list(parse(path=ontology / "tables" / "editors.ttl"))


def retract(day: str, statement: str, reason: str) -> list[Quad]:
    """Returns a retraction by the review of a day; its IRI is to be computed from its content."""
    slug = name_review(day)
    pairs: list[Pair] = [
        (terms.RDF + "type", NamedNode(terms.NEV + "Retraction")),
        (terms.NEV + "retracts", NamedNode(statement)),
        (terms.NEV + "source", NamedNode(terms.SOURCE + slug)),
        (terms.NEV + "modality", NamedNode(terms.BASE + "modality/actual")),
        (terms.NEV + "scope", NamedNode(terms.BASE + "scope/whole")),
        (terms.NEV + "comparator", NamedNode(terms.BASE + "comparator/exactly")),
        (terms.NEV + "note", Literal(reason, language=_LANGUAGE)),
    ]
    return _about(f"{statement}-retracted", pairs, slug)


def _about(subject: str, pairs: list[Pair], slug: str) -> list[Quad]:
    return [Quad(NamedNode(subject), NamedNode(name), value, NamedNode(terms.graph(slug))) for name, value in pairs]
