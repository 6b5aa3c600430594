"""The formats of RDF and of results, what reads and writes them, and the results of queries."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from enum import Enum
from pathlib import Path
from typing import Any, Self

import oxigraph  # the module that the worker registers
from pyodide.ffi import JsException, to_js

from pyoxigraph.terms import Quad, Triple, Variable, read_term

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
        return next((known for known in cls if known.media_type == name or (ending and known.media_type.endswith(ending))), None)


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
    content = "".join(f"{statement} .\n" for statement in input)
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


class QuerySolution:
    __slots__ = ("_columns", "_values")

    def __init__(self, columns: dict[str, int], values: list[Any]) -> None:
        self._columns, self._values = columns, values

    def __getitem__(self, key: int | str | Variable) -> Any:
        if isinstance(key, int):
            return self._values[key]
        return self._values[self._columns[key.value if isinstance(key, Variable) else key]]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)


class _Rows:
    """What a query finds. For another format the engine runs the query again."""

    def __init__(self, text: str, write: Any) -> None:
        self._text, self._write = text, write

    def serialize(self, output: Any = None, format: Any = None) -> bytes | None:
        chosen = format or QueryResultsFormat.JSON
        content = (self._text if chosen is QueryResultsFormat.JSON else self._write(chosen.value[0])).encode()
        if output is None:
            return content
        output.write(content)
        return None


class QuerySolutions(_Rows):
    def __init__(self, text: str, write: Any) -> None:
        super().__init__(text, write)
        found = json.loads(text)
        names = found["head"]["vars"]
        self.variables = [Variable(name) for name in names]
        self._columns = {name: place for place, name in enumerate(names)}
        self._bindings = iter(found["results"]["bindings"])

    def __iter__(self) -> QuerySolutions:
        return self

    def __next__(self) -> QuerySolution:
        binding = next(self._bindings)
        return QuerySolution(self._columns, [read_term(binding.get(name)) for name in self._columns])


class QueryBoolean(_Rows):
    def __bool__(self) -> bool:
        return bool(json.loads(self._text)["boolean"])


class QueryTriples:
    def __init__(self, terms: str) -> None:
        self._triples = (quad.triple for quad in read_quads(terms))

    def __iter__(self) -> QueryTriples:
        return self

    def __next__(self) -> Triple:
        return next(self._triples)

    def serialize(self, output: Any = None, format: RdfFormat = RdfFormat.N_TRIPLES, **options: Any) -> bytes | None:
        return serialize(self, output, format, **options)
