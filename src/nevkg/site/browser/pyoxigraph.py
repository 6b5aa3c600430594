"""What nevkg uses of pyoxigraph, on the WebAssembly build of Oxigraph, which runs beside Python in a browser.

Results cross from JavaScript as text in the formats of the W3C, not term by term, which would be slower.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from enum import Enum
from itertools import count
from typing import Any

import oxigraph  # the module that the worker registers
from pyodide.ffi import JsException, to_js

_XSD = "http://www.w3.org/2001/XMLSchema#"
_STRING = _XSD + "string"
_LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
_NOT_IN_IRI = re.compile(r'[\x00-\x20<>"{}|^`\\]')
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"})
# How messages of the engine begin that do not concern the text of a query.
_OF_EVALUATION = ("The given query", "The custom function", "Querying")
# A place in the first line, where the prefixes stand before the query.
_PLACE = re.compile(r"\b1:(\d+)")
_labels = count()


class _Term:
    __slots__ = ("value",)

    def __init__(self, value: str) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.value == self.value

    def __hash__(self) -> int:
        return hash((type(self).__name__, self.value))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} value={self.value}>"


class NamedNode(_Term):
    __slots__ = ()

    def __init__(self, value: str) -> None:
        if not _SCHEME.match(value) or _NOT_IN_IRI.search(value):
            raise ValueError(f"'{value}' is not an absolute IRI")
        super().__init__(value)

    def __str__(self) -> str:
        return f"<{self.value}>"


class BlankNode(_Term):
    __slots__ = ()

    def __init__(self, value: str | None = None) -> None:
        super().__init__(f"x{next(_labels)}" if value is None else value)

    def __str__(self) -> str:
        return f"_:{self.value}"


class Variable(_Term):
    __slots__ = ()

    def __str__(self) -> str:
        return f"?{self.value}"


class DefaultGraph(_Term):
    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("")

    def __str__(self) -> str:
        return "DEFAULT"


class Literal(_Term):
    __slots__ = ("datatype", "direction", "language")

    def __init__(
        self, value: str | float, *, datatype: NamedNode | None = None, language: str | None = None, direction: Any = None
    ) -> None:
        if isinstance(value, bool):
            value, datatype = str(value).lower(), datatype or NamedNode(_XSD + "boolean")
        elif isinstance(value, int):
            value, datatype = str(value), datatype or NamedNode(_XSD + "integer")
        elif isinstance(value, float):
            value, datatype = str(value), datatype or NamedNode(_XSD + "double")
        super().__init__(value)
        self.language, self.direction = language, direction
        self.datatype = NamedNode(_LANG_STRING) if language else datatype or NamedNode(_STRING)

    def __eq__(self, other: object) -> bool:
        return super().__eq__(other) and (other.language, other.datatype) == (self.language, self.datatype)

    def __hash__(self) -> int:
        return hash((self.value, self.language, self.datatype.value))

    def __str__(self) -> str:
        text = f'"{self.value.translate(_ESCAPES)}"'
        if self.language:
            return f"{text}@{self.language}"
        return text if self.datatype.value == _STRING else f"{text}^^{self.datatype}"


class Triple:
    __slots__ = ("object", "predicate", "subject")

    def __init__(self, subject: Any, predicate: Any, object: Any) -> None:
        self.subject, self.predicate, self.object = subject, predicate, object

    def __iter__(self) -> Iterator[Any]:
        return iter((self.subject, self.predicate, self.object))

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and tuple(other) == tuple(self)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __str__(self) -> str:
        return f"{self.subject} {self.predicate} {self.object}"


class Quad(Triple):
    __slots__ = ("graph_name",)

    def __init__(self, subject: Any, predicate: Any, object: Any, graph_name: Any = None) -> None:
        super().__init__(subject, predicate, object)
        self.graph_name = DefaultGraph() if graph_name is None else graph_name

    @property
    def triple(self) -> Triple:
        return Triple(self.subject, self.predicate, self.object)

    def __iter__(self) -> Iterator[Any]:
        return iter((self.subject, self.predicate, self.object, self.graph_name))

    def __str__(self) -> str:
        end = "" if isinstance(self.graph_name, DefaultGraph) else f" {self.graph_name}"
        return f"{super().__str__()}{end}"


class RdfFormat(Enum):
    N_TRIPLES = ("nt", "application/n-triples")
    N_QUADS = ("nq", "application/n-quads")
    TURTLE = ("ttl", "text/turtle")
    TRIG = ("trig", "application/trig")
    N3 = ("n3", "text/n3")
    RDF_XML = ("rdf", "application/rdf+xml")
    JSON_LD = ("jsonld", "application/ld+json")

    @property
    def media_type(self) -> str:
        return self.value[1]

    @classmethod
    def from_media_type(cls, media: str) -> RdfFormat | None:
        return next((one for one in cls if one.media_type == media.partition(";")[0].strip()), None)


class QueryResultsFormat(Enum):
    JSON = ("json", "application/sparql-results+json")
    XML = ("xml", "application/sparql-results+xml")
    CSV = ("csv", "text/csv")
    TSV = ("tsv", "text/tab-separated-values")

    @property
    def media_type(self) -> str:
        return self.value[1]

    @classmethod
    def from_media_type(cls, media: str) -> QueryResultsFormat | None:
        return next((one for one in cls if one.media_type == media.partition(";")[0].strip()), None)


class CanonicalizationAlgorithm(Enum):
    UNSTABLE = "unstable"
    RDFC_1_0 = "rdfc-1.0"


class Dataset:
    """Not in the browser: nothing there needs blank nodes to be compared."""


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
    """What a query finds; in other formats the engine writes it anew."""

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
        return QuerySolution(self._columns, [_read(binding.get(name)) for name in self._columns])


class QueryBoolean(_Rows):
    def __bool__(self) -> bool:
        return bool(json.loads(self._text)["boolean"])


class QueryTriples:
    def __init__(self, lines: str) -> None:
        self._triples = (quad.triple for quad in parse(lines, RdfFormat.N_TRIPLES))

    def __iter__(self) -> QueryTriples:
        return self

    def __next__(self) -> Triple:
        return next(self._triples)

    def serialize(self, output: Any = None, format: RdfFormat = RdfFormat.N_TRIPLES, **options: Any) -> bytes | None:
        return serialize(self, output, format, **options)


def parse(input: Any = None, format: RdfFormat | None = None, **_: Any) -> Iterator[Quad]:
    text = input if isinstance(input, str) else bytes(input).decode()
    quads = json.loads(_call(oxigraph.parse, text, (format or RdfFormat.N_QUADS).value[0]))
    return (Quad(*map(_read, quad)) for quad in quads)


def serialize(
    input: Iterable[Any],
    output: Any = None,
    format: RdfFormat = RdfFormat.N_TRIPLES,
    **_: Any,
) -> bytes | None:
    content = "".join(f"{one} .\n" for one in input)
    if format not in (RdfFormat.N_TRIPLES, RdfFormat.N_QUADS):
        content = _call(oxigraph.convert, content, format.value[0])
    if output is None:
        return content.encode()
    output.write(content.encode())
    return None


def parse_query_results(*_: Any, **__: Any) -> Any:
    """Not in the browser, where no results come from elsewhere."""
    raise NotImplementedError


class Store:
    def __init__(self, path: str | None = None, *, loaded: Any = None) -> None:
        if path is not None:
            raise OSError("There is no disk in a browser.")
        self._store = oxigraph.create() if loaded is None else loaded

    def query(
        self,
        query: str,
        *,
        base_iri: str | None = None,
        prefixes: dict[str, str] | None = None,
        use_default_graph_as_union: bool = False,
        default_graph: Any = None,
        named_graphs: Any = None,
    ) -> Any:
        known = "".join(f"PREFIX {name}: <{iri}> " for name, iri in (prefixes or {}).items())
        graphs = [default_graph] if isinstance(default_graph, NamedNode) else default_graph
        options = to_js(
            {
                "base_iri": base_iri,
                "use_default_graph_as_union": use_default_graph_as_union,
                "default_graph": None if graphs is None else [graph.value for graph in graphs],
                "named_graphs": None if named_graphs is None else [graph.value for graph in named_graphs],
            },
            dict_converter=oxigraph.record,
        )

        def write(format_name: str) -> str:
            return _call(oxigraph.write, self._store, known + query, options, format_name)

        try:
            kind, text = _call(oxigraph.query, self._store, known + query, options)
        except SyntaxError as error:
            raise SyntaxError(_PLACE.sub(lambda place: f"1:{int(place[1]) - len(known)}", str(error))) from None
        if kind == "triples":
            return QueryTriples(text)
        return (QueryBoolean if kind == "boolean" else QuerySolutions)(text, write)

    def add(self, quad: Quad) -> None:
        self.extend([quad])

    def extend(self, quads: Iterable[Quad]) -> None:
        oxigraph.load(self._store, "".join(f"{quad} .\n" for quad in quads))

    def bulk_extend(self, quads: Any) -> None:
        if isinstance(quads, Store):
            oxigraph.load(self._store, oxigraph.dump(quads._store))
        else:
            self.extend(quads)

    def remove_graph(self, graph: NamedNode) -> None:
        oxigraph.update(self._store, f"DROP SILENT GRAPH {graph}")

    def named_graphs(self) -> Iterator[NamedNode]:
        return (row[0] for row in self.query("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"))

    def quads_for_pattern(self, subject: Any, predicate: Any, object: Any, graph_name: Any = None) -> Iterator[Quad]:
        where = " ".join(str(term or name) for term, name in ((subject, "?s"), (predicate, "?p"), (object, "?o")))
        given = {"s": subject, "p": predicate, "o": object, "g": graph_name}
        if isinstance(graph_name, DefaultGraph):
            found = self.query(f"SELECT * {{ {where} }}")
        else:
            everywhere = "" if graph_name else f"{{ {where} }} UNION "
            found = self.query(f"SELECT * {{ {everywhere}{{ GRAPH {graph_name or '?g'} {{ {where} }} }} }}")
        names = [variable.value for variable in found.variables]
        for row in found:
            terms = given | {name: row[name] for name in names}
            yield Quad(terms["s"], terms["p"], terms["o"], terms["g"])

    def flush(self) -> None:
        pass

    optimize = flush

    def __len__(self) -> int:
        return int(self._store.size)


def _read(term: dict[str, Any] | None) -> Any:
    if term is None:
        return None
    kind, value = term["type"], term["value"]
    if kind == "uri":
        node = NamedNode.__new__(NamedNode)  # the engine has checked it
        node.value = value
        return node
    if kind == "literal":
        datatype = term.get("datatype")
        return Literal(value, datatype=NamedNode(datatype) if datatype else None, language=term.get("xml:lang"))
    if kind == "default":
        return DefaultGraph()
    return BlankNode(value) if kind == "bnode" else Triple(*(_read(value[part]) for part in ("subject", "predicate", "object")))


def _call(function: Any, *arguments: Any) -> Any:
    """Calls the engine; its errors are those of pyoxigraph."""
    try:
        return function(*arguments)
    except JsException as error:
        message = error.message
        of_evaluation = message.startswith(_OF_EVALUATION)
        raise (RuntimeError if of_evaluation else SyntaxError)(message) from None
