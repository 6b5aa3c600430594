"""The descriptions of the service (SPARQL 1.1 Service Description) and of the dataset (VoID)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, QueryResultsFormat, QueryTriples, RdfFormat, Triple, serialize

from nevkg.data import terms
from nevkg.data.serialise import find_prefixes, sort_key
from nevkg.lookup import entities
from nevkg.serve.http.problem import Problem
from nevkg.serve.protocol.formats import GRAPHS, TABLES, content_type
from nevkg.serve.reply import Reply, bytes_reply
from nevkg.store import EmbeddedStore, Store
from nevkg.store.contents import graphs

_SD = "http://www.w3.org/ns/sparql-service-description#"
_VOID = "http://rdfs.org/ns/void#"
_ENTAILMENT = "http://www.w3.org/ns/entailment/Simple"
_DAYS = (
    f"The snapshot of this day. <{terms.SNAPSHOT}YYYY-MM-DD> in FROM or default-graph-uri selects another day; "
    "the parameter over=record selects the union of all graphs, and known_by=YYYY-MM-DD leaves out later sources."
)
_TYPE = NamedNode(terms.RDF + "type")
_DATASET = NamedNode(terms.DATASET.rstrip("/"))
# The description shipped with the data; computing it here would take too long.
_DESCRIPTION = f"""CONSTRUCT {{ ?about ?property ?value }} WHERE {{
  GRAPH <{terms.graph("registry")}> {{ ?about ?property ?value FILTER(?about = {_DATASET} || STRSTARTS(STR(?about), "{terms.DATASET}")) }}
}}"""


def service(store: Store, given: Mapping[str, Any]) -> Reply:
    """Describes the service: its query language, result formats and graphs.

    Args:
        store: the store that the service queries.
        given: ``endpoint``: address of the service; ``media``: media type of the response.

    Raises:
        Problem: 400 if the address is not a valid IRI.
    """
    return _reply(store, list(_describe_service(store, _endpoint(given))), given["media"])


def void(store: Store, given: Mapping[str, Any]) -> Reply:
    """Describes the dataset: its metadata, its size by class, and its SPARQL endpoint.

    Args:
        store: the store with the dataset.
        given: as for ``service``.

    Raises:
        Problem: 400 if the address is not a valid IRI.
    """
    found = store.query(_DESCRIPTION)
    assert isinstance(found, QueryTriples)
    own = [Triple(_DATASET, NamedNode(_VOID + "sparqlEndpoint"), _endpoint(given))]
    if day := entities.stored_date(store):
        snapshot = NamedNode(terms.SNAPSHOT + day)
        own += [
            Triple(_DATASET, NamedNode(_VOID + "subset"), snapshot),
            Triple(snapshot, _TYPE, NamedNode(_VOID + "Dataset")),
            Triple(snapshot, NamedNode(terms.RDFS + "comment"), Literal(_DAYS, language=terms.LANGUAGES[0])),
        ]
    return _reply(store, [*found, *own], given["media"])


def _endpoint(given: Mapping[str, Any]) -> NamedNode:
    try:
        return NamedNode(given["endpoint"])
    except ValueError as error:
        raise Problem(400, f"The Host header does not give a valid address: {error}.") from None


def _describe_service(store: Store, endpoint: NamedNode) -> Iterator[Triple]:
    def statement(subject: NamedNode | BlankNode, name: str, value: str | NamedNode | BlankNode) -> Triple:
        return Triple(subject, NamedNode(_SD + name), NamedNode(value) if isinstance(value, str) else value)

    def kind(subject: NamedNode | BlankNode, name: str) -> Triple:
        return Triple(subject, _TYPE, NamedNode(_SD + name))

    dataset, day = BlankNode("dataset"), entities.stored_date(store)
    default: NamedNode | BlankNode = NamedNode(terms.SNAPSHOT + day) if day else BlankNode("union")
    yield kind(endpoint, "Service")
    yield statement(endpoint, "endpoint", endpoint)
    yield statement(endpoint, "supportedLanguage", _SD + "SPARQL11Query")
    if day:
        yield Triple(default, NamedNode(terms.RDFS + "comment"), Literal(_DAYS, language=terms.LANGUAGES[0]))
    else:
        yield statement(endpoint, "feature", _SD + "UnionDefaultGraph")
    if isinstance(store, EmbeddedStore) and store.services:
        yield statement(endpoint, "feature", _SD + "BasicFederatedQuery")
    yield statement(endpoint, "defaultEntailmentRegime", _ENTAILMENT)
    formats: list[QueryResultsFormat | RdfFormat] = [*TABLES.values(), *GRAPHS.values()]
    yield from (statement(endpoint, "resultFormat", form.iri) for form in formats)
    yield statement(endpoint, "defaultDataset", dataset)
    yield statement(endpoint, "availableGraphs", dataset)
    yield kind(dataset, "Dataset")
    yield kind(dataset, "GraphCollection")
    yield statement(dataset, "defaultGraph", default)
    yield kind(default, "Graph")
    for number, name in enumerate(graphs(store)):
        graph = BlankNode(f"graph{number}")
        yield statement(dataset, "namedGraph", graph)
        yield kind(graph, "NamedGraph")
        yield statement(graph, "name", name)


def _reply(store: Store, triples: list[Triple], media: str) -> Reply:
    form = RdfFormat.from_media_type(media)
    spaces = entities.namespaces(store) | {"sd": _SD, "void": _VOID}
    content = serialize(sorted(set(triples), key=sort_key), format=form, prefixes=find_prefixes(triples, spaces))
    assert content is not None
    return bytes_reply(content_type(media), content)
