"""Terms, triples and quads, as in RDF 1.2."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from typing import Any

_XSD = "http://www.w3.org/2001/XMLSchema#"
_STRING = _XSD + "string"
_LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
_NOT_IN_IRI = re.compile(r'[\x00-\x20<>"{}|^`\\]')
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"})
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


def read_term(term: dict[str, Any] | None) -> Any:
    """Returns the term that JSON stands for, as in SPARQL results; None for none."""
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
    return BlankNode(value) if kind == "bnode" else Triple(*(read_term(value[part]) for part in ("subject", "predicate", "object")))
