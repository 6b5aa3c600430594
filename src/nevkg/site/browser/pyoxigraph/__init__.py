"""What nevkg uses of pyoxigraph, on the WebAssembly build of Oxigraph, which runs beside Python in a browser.

Results cross from JavaScript as text in the formats of the W3C, not term by term, which would be slower.
"""

from pyoxigraph.formats import CanonicalizationAlgorithm, Dataset, QueryResultsFormat, RdfFormat, parse, serialize
from pyoxigraph.results import QueryBoolean, QuerySolution, QuerySolutions, QueryTriples
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
