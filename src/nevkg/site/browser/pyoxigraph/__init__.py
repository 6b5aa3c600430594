"""What nevkg uses of pyoxigraph, on the WebAssembly build of Oxigraph, which runs beside Python in a browser.

It is not pyoxigraph: it only has its name in the browser, where nevkg imports it. Results cross from JavaScript as text in the
formats of the W3C, not term by term, which would be slower.
"""

from pyoxigraph.formats import (
    CanonicalizationAlgorithm,
    Dataset,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolution,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    parse,
    serialize,
)
from pyoxigraph.store import Store
from pyoxigraph.terms import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple, Variable

__all__ = [
    "BlankNode",
    "CanonicalizationAlgorithm",
    "Dataset",
    "DefaultGraph",
    "Literal",
    "NamedNode",
    "Quad",
    "QueryBoolean",
    "QueryResultsFormat",
    "QuerySolution",
    "QuerySolutions",
    "QueryTriples",
    "RdfFormat",
    "Store",
    "Triple",
    "Variable",
    "parse",
    "serialize",
]
