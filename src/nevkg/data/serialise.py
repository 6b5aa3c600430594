"""Canonical RDF serialisation: statements are sorted, and only the prefixes that occur are declared."""

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


def sort_key(statement: Quad | Triple) -> tuple[str, ...]:
    """Returns the sort key of a statement: graph, subject, property (``rdf:type`` first), object."""
    graph = str(statement.graph_name) if isinstance(statement, Quad) else ""
    predicate = "" if statement.predicate.value == _TYPE else statement.predicate.value
    return (graph, str(statement.subject), predicate, str(statement.object))


def find_prefixes(statements: Iterable[Quad | Triple], namespaces: dict[str, str]) -> dict[str, str]:
    """Returns the namespaces, by prefix, that a serialisation uses; strings, language tags and ``a`` need none."""
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


def sort_statements(statements: Iterable[Quad | Triple], format_name: str) -> list[Quad | Triple]:
    """Sorts the statements and removes duplicates; for formats of triples, drops the graph.

    Raises:
        WrongUsage: if the format is unknown.
    """
    if format_name not in FORMATS:
        raise WrongUsage(f"The format '{format_name}' is unknown; choose from {', '.join(FORMATS)}.")
    if format_name in _OF_TRIPLES:
        return sorted({Triple(one.subject, one.predicate, one.object) for one in statements}, key=sort_key)
    return sorted(set(statements), key=sort_key)


def write(statements: Sequence[Quad | Triple], format_name: str, namespaces: dict[str, str], output: IO[bytes]) -> None:
    """Writes the result of :func:`sort_statements` for a format, in the given order."""
    prefixes = {} if format_name in _WITHOUT_PREFIXES else find_prefixes(statements, namespaces)
    # The stubs allow quads or triples but not their union.
    serialize(cast(Sequence[Quad], statements), output, FORMATS[format_name], prefixes=prefixes)


def serialise(statements: Iterable[Quad | Triple], format_name: str, namespaces: dict[str, str]) -> bytes:
    """Serialises ``statements`` in one of ``FORMATS``; equal content gives equal bytes.

    Raises:
        WrongUsage: if the format is unknown.
    """
    output = io.BytesIO()
    write(sort_statements(statements, format_name), format_name, namespaces, output)
    return output.getvalue()
