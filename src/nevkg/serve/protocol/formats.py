"""The formats of query results (tables) and graphs, and the choice of one for a request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import QueryResultsFormat, RdfFormat
from starlette.requests import HTTPConnection

from nevkg.serve.http.negotiate import best_offer
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
# Other names of the formats that clients use in addresses, and less specific media types.
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
class AcceptedFormats:
    """The media types that a client accepts for a table and for a graph; None if it accepts none of ours."""

    table: str | None
    graph: str | None


def negotiate_formats(request: HTTPConnection, named: Iterable[str] = ()) -> AcceptedFormats:
    """Chooses a table format and a graph format. Which one applies is only known when the query is parsed.

    Args:
        request: the request.
        named: formats requested in the address by name or media type. They override the Accept header. A format of graphs only
            has no effect on tables, and the other way round.

    Raises:
        Problem: 406 if a name is unknown.
    """
    word = next((name.strip().lower() for name in named if name.strip()), "")
    table, graph = _named_media(word, TABLE_MEDIA, _TABLE_WORDS), _named_media(word, GRAPH_MEDIA, _GRAPH_WORDS)
    if word and not (table or graph):
        raise Problem(406, f"There is no format '{word}' for query results; choose from {', '.join({**TABLES, **GRAPHS})}.")
    return AcceptedFormats(
        table or _accepted_media(request, TABLE_MEDIA, _TABLE_WORDS),
        graph or _accepted_media(request, GRAPH_MEDIA, _GRAPH_WORDS),
    )


def _named_media(word: str, media: Mapping[str, str], words: Mapping[str, str]) -> str | None:
    if word in words:
        return media[words[word]]
    return word if word in media.values() else None


def _accepted_media(request: HTTPConnection, media: Mapping[str, str], words: Mapping[str, str]) -> str | None:
    offers = [*media.values(), *(word for word in words if "/" in word)]
    return best_offer(request, tuple((offer, offer) for offer in offers))


def content_type(media: str) -> str:
    """Returns the value for the Content-Type header; text formats get a charset."""
    return f"{media}; charset=utf-8" if media.startswith("text/") else media
