"""Canonical serialisation: sorted, with just the prefixes that occur."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import IO, cast

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, serialize

from nevkg.data import terms
from nevkg.errors import WrongUsage

_TYPE = terms.RDF + "type"

FORMATS = {
    "trig": RdfFormat.TRIG,
    "turtle": RdfFormat.TURTLE,
    "nquads": RdfFormat.N_QUADS,
    "ntriples": RdfFormat.N_TRIPLES,
    "jsonld": RdfFormat.JSON_LD,
    "rdfxml": RdfFormat.RDF_XML,
}
_OF_TRIPLES = {"turtle", "ntriples", "rdfxml"}
_WITHOUT_PREFIXES = {"nquads", "ntriples"}


def order(statement: Quad | Triple) -> tuple[str, ...]:
    """Sort key: graph, subject, then the type before the other properties."""
    graph = str(statement.graph_name) if isinstance(statement, Quad) else ""
    predicate = "" if statement.predicate.value == _TYPE else statement.predicate.value
    return (graph, str(statement.subject), predicate, str(statement.object))


def used(statements: Iterable[Quad | Triple], namespaces: dict[str, str]) -> dict[str, str]:
    """The prefixes that are written: strings, language tags and ``a`` need none."""
    iris: set[str] = set()
    for statement in statements:
        iris |= {terms.text(term) for term in (statement.subject, statement.predicate, statement.object) if isinstance(term, NamedNode)}
        if isinstance(statement.object, Literal):
            iris.add(statement.object.datatype.value)
        if isinstance(statement, Quad):
            iris.add(terms.text(statement.graph_name))
    iris -= {terms.XSD + "string", terms.RDF + "langString", _TYPE}
    prefixes = {terms.shorten(iri, namespaces).partition(":")[0] for iri in iris}
    return {prefix: namespaces[prefix] for prefix in sorted(prefixes & namespaces.keys())}


def ordered(statements: Iterable[Quad | Triple], format_name: str) -> list[Quad | Triple]:
    """The statements as a format has them, each once, sorted; formats of triples leave out the graph.

    Raises:
        WrongUsage: if the format is unknown.
    """
    if format_name not in FORMATS:
        raise WrongUsage(f"The format '{format_name}' is not known; choose from {', '.join(FORMATS)}.")
    if format_name in _OF_TRIPLES:
        return sorted({Triple(one.subject, one.predicate, one.object) for one in statements}, key=order)
    return sorted(set(statements), key=order)


def write(statements: Sequence[Quad | Triple], format_name: str, namespaces: dict[str, str], output: IO[bytes]) -> None:
    """Writes what ``ordered`` gives for a format, in the order in which it stands."""
    prefixes = {} if format_name in _WITHOUT_PREFIXES else used(statements, namespaces)
    # The stubs allow quads or triples but not their union.
    serialize(cast(Sequence[Quad], statements), output, FORMATS[format_name], prefixes=prefixes)


def serialise(statements: Iterable[Quad | Triple], format_name: str, namespaces: dict[str, str]) -> bytes:
    """The bytes of ``statements`` in one of ``FORMATS``; equal content gives equal bytes.

    Raises:
        WrongUsage: if the format is unknown.
    """
    output = io.BytesIO()
    write(ordered(statements, format_name), format_name, namespaces, output)
    return output.getvalue()
