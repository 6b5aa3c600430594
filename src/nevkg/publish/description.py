"""Describes the dataset as RDF (VoID, DCAT) with the CONSTRUCT queries in ``queries/description/``."""

from __future__ import annotations

from pyoxigraph import QueryTriples, Triple

from nevkg.data.frontmatter import read_query
from nevkg.data.serialise import serialise
from nevkg.data.terms import prefixes
from nevkg.errors import InvalidData
from nevkg.sparql.syntax import explain_syntax_error
from nevkg.store import Store

FOLDER = "description"


def describe_dataset(store: Store) -> bytes:
    """Returns the description in Turtle.

    Equal data gives equal bytes, whether or not the data includes a description.

    Raises:
        InvalidData: If a query is not a SPARQL CONSTRUCT query.
    """
    return serialise(run_constructs(store, FOLDER), "turtle", prefixes(store.layout.ontology))


def run_constructs(store: Store, folder: str) -> list[Triple]:
    """Returns the triples that the queries in a folder below ``queries/`` construct.

    Raises:
        InvalidData: If one is not a SPARQL CONSTRUCT query.
    """
    triples: list[Triple] = []
    for path in sorted(store.layout.queries.glob(f"{folder}/*.rq")):
        try:
            found = store.query(read_query(path))
        except SyntaxError as error:
            raise InvalidData(f"{path}: the query is not SPARQL: {explain_syntax_error(read_query(path), error)}.") from None
        if not isinstance(found, QueryTriples):
            raise InvalidData(f"{path}: the query does not return triples; write it as a CONSTRUCT query.")
        triples += found
    return triples
