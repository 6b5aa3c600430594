"""In what formats tables and graphs can be had, and which one a request asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import QueryResultsFormat, RdfFormat
from starlette.requests import HTTPConnection

from nevkg.serve.http.negotiate import preferred
from nevkg.serve.http.problem import Problem

TABLES = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
GRAPHS = {
    "turtle": RdfFormat.TURTLE,
    "trig": RdfFormat.TRIG,
    "ntriples": RdfFormat.N_TRIPLES,
    "nquads": RdfFormat.N_QUADS,
    "jsonld": RdfFormat.JSON_LD,
    "rdfxml": RdfFormat.RDF_XML,
    "n3": RdfFormat.N3,
}
# Other words for them in addresses, as clients have them, and media types that are less exact.
_TABLE_WORDS = {name: name for name in TABLES} | {"application/json": "json", "application/xml": "xml", "text/xml": "xml"}
_GRAPH_WORDS = {name: name for name in GRAPHS} | {
    **{"ttl": "turtle", "n-triples": "ntriples", "nt": "ntriples", "n-quads": "nquads", "nq": "nquads"},
    **{"json-ld": "jsonld", "json": "jsonld", "application/json": "jsonld"},
    **{"rdf+xml": "rdfxml", "rdf": "rdfxml", "xml": "rdfxml", "application/xml": "rdfxml", "text/xml": "rdfxml"},
}


def _media(known: Mapping[str, QueryResultsFormat] | Mapping[str, RdfFormat]) -> dict[str, str]:
    return {name: form.media_type.partition(";")[0] for name, form in known.items()}


TABLE_MEDIA, GRAPH_MEDIA = _media(TABLES), _media(GRAPHS)


@dataclass(frozen=True)
class Wanted:
    """What a client takes: the media type for a table, and that for a graph; None if it takes none of ours."""

    table: str | None
    graph: str | None


def wanted(request: HTTPConnection, named: Iterable[str] = ()) -> Wanted:
    """What a request asks for; whether a query gives a table or a graph shows only when it is read.

    Args:
        request: the request.
        named: formats that the address asks for by name or media type. They win over the header; one that only graphs
            can be had in says nothing of tables, and the other way about.

    Raises:
        Problem: 406 if a name is not known.
    """
    word = next((name.strip().lower() for name in named if name.strip()), "")
    table, graph = _of_word(word, TABLE_MEDIA, _TABLE_WORDS), _of_word(word, GRAPH_MEDIA, _GRAPH_WORDS)
    if word and not (table or graph):
        raise Problem(406, f"There is no format '{word}' here; choose from {', '.join({**TABLES, **GRAPHS})}.")
    return Wanted(
        table or _of_header(request, TABLE_MEDIA, _TABLE_WORDS),
        graph or _of_header(request, GRAPH_MEDIA, _GRAPH_WORDS),
    )


def _of_word(word: str, media: Mapping[str, str], words: Mapping[str, str]) -> str | None:
    if word in words:
        return media[words[word]]
    return word if word in media.values() else None


def _of_header(request: HTTPConnection, media: Mapping[str, str], words: Mapping[str, str]) -> str | None:
    offers = [*media.values(), *(word for word in words if "/" in word)]
    return preferred(request, tuple((offer, offer) for offer in offers))


def content_type(media: str) -> str:
    """The media type as a header has it: what is text tells its encoding."""
    return f"{media}; charset=utf-8" if media.startswith("text/") else media
