"""The formats of RDF and of results, and what reads and writes them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from enum import Enum
from pathlib import Path
from typing import Any, Self

import oxigraph  # the module that the worker registers
from pyodide.ffi import JsException, to_js

from pyoxigraph.terms import Quad, read_term

# How messages of the engine begin that do not concern the text of a query.
_OF_EVALUATION = ("The given query", "The custom function", "Querying")


class _Format(Enum):
    """A name of the engine, and a media type."""

    @property
    def media_type(self) -> str:
        return self.value[1]

    @classmethod
    def from_media_type(cls, media: str) -> Self | None:
        name = media.partition(";")[0].strip()
        # A client may ask for any JSON or XML.
        ending = {"application/json": "+json", "application/xml": "+xml", "text/xml": "+xml"}.get(name)
        return next((one for one in cls if one.media_type == name or (ending and one.media_type.endswith(ending))), None)


class RdfFormat(_Format):
    N_TRIPLES = ("nt", "application/n-triples")
    N_QUADS = ("nq", "application/n-quads")
    TURTLE = ("ttl", "text/turtle")
    TRIG = ("trig", "application/trig")
    N3 = ("n3", "text/n3")
    RDF_XML = ("rdf", "application/rdf+xml")
    JSON_LD = ("jsonld", "application/ld+json")


class CanonicalizationAlgorithm(Enum):
    """Only a name: nothing in the browser compares blank nodes."""


class Dataset:
    """Only a name, as that of the algorithm."""


class QueryResultsFormat(_Format):
    JSON = ("json", "application/sparql-results+json")
    XML = ("xml", "application/sparql-results+xml")
    CSV = ("csv", "text/csv")
    TSV = ("tsv", "text/tab-separated-values")


def parse(input: Any = None, format: RdfFormat | None = None, *, path: Path | None = None, **_: Any) -> Iterator[Quad]:
    if path is not None:
        input = path.read_bytes()
    # Bytes are copied to the engine; text that has Chinese in it would be converted letter by letter.
    content = to_js(input.encode() if isinstance(input, str) else bytes(input))
    return read_quads(call(oxigraph.parse, content, (format or RdfFormat.N_QUADS).value[0]))


def read_quads(terms: str) -> Iterator[Quad]:
    """Returns the quads whose terms the engine has written as JSON."""
    return (Quad(*map(read_term, quad)) for quad in json.loads(terms))


def serialize(
    input: Iterable[Any],
    output: Any = None,
    format: RdfFormat = RdfFormat.N_TRIPLES,
    **_: Any,
) -> bytes | None:
    content = "".join(f"{one} .\n" for one in input)
    if format not in (RdfFormat.N_TRIPLES, RdfFormat.N_QUADS):
        content = call(oxigraph.convert, content, format.value[0])
    if output is None:
        return content.encode()
    output.write(content.encode())
    return None


def call(function: Any, *arguments: Any) -> Any:
    """Calls the engine; its errors are those of pyoxigraph."""
    try:
        return function(*arguments)
    except JsException as error:
        message = error.message
        of_evaluation = message.startswith(_OF_EVALUATION)
        raise (RuntimeError if of_evaluation else SyntaxError)(message) from None
