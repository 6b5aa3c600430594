"""The dataset described as RDF (VoID, DCAT): what the queries of ``queries/description/`` construct."""

from __future__ import annotations

from pyoxigraph import QueryTriples, Triple

from nevkg.data.frontmatter import read_query
from nevkg.data.serialise import serialise
from nevkg.data.terms import prefixes
from nevkg.errors import InvalidData
from nevkg.sparql.syntax import syntax_problem
from nevkg.store import Store

FOLDER = "description"


def description(store: Store) -> bytes:
    """The description in Turtle; equal data gives equal bytes, whether or not a description is part of the data.

    Raises:
        InvalidData: if a query is not a SPARQL CONSTRUCT query.
    """
    return serialise(constructed(store, FOLDER), "turtle", prefixes(store.layout.ontology))


def constructed(store: Store, folder: str) -> list[Triple]:
    """What the queries of a folder below ``queries/`` construct.

    Raises:
        InvalidData: if one is not a SPARQL CONSTRUCT query.
    """
    triples: list[Triple] = []
    for path in sorted(store.layout.queries.glob(f"{folder}/*.rq")):
        try:
            found = store.query(read_query(path))
        except SyntaxError as error:
            raise InvalidData(f"{path}: the query is not SPARQL: {syntax_problem(read_query(path), error)}.") from None
        if not isinstance(found, QueryTriples):
            raise InvalidData(f"{path}: the query makes no triples; write it as a CONSTRUCT query.")
        triples += found
    return triples
