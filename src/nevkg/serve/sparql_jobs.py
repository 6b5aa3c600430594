"""Worker jobs of the SPARQL Protocol: query results, and the descriptions of the service and of the dataset (VoID)."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain, islice
from typing import IO, Any

from pyoxigraph import BlankNode, Literal, NamedNode, QueryResultsFormat, QuerySolutions, QueryTriples, RdfFormat, Triple, serialize

from nevkg.ask.days import find_dataset
from nevkg.data import terms
from nevkg.data.rdf import find_prefixes, sort_key
from nevkg.lookup import entities
from nevkg.serve.jobs import Reply, bytes_reply
from nevkg.serve.problem import Problem
from nevkg.serve.protocol import GRAPH_MEDIA, GRAPHS, TABLE_MEDIA, TABLES, content_type
from nevkg.sparql.syntax import UPDATES, error_position, explain_syntax_error, query_form
from nevkg.store import EmbeddedStore, Store, engine
from nevkg.store.contents import graphs
from nevkg.store.engine import Result

# A response header: the maximum number of rows or triples of an answer that is truncated, or may be. The name is from Virtuoso,
# so clients know it.
MOST_ROWS = "X-SPARQL-MaxRows"
# Prefixes are declared at the start of a document: those that this many triples use are declared.
_TRIPLES_FOR_PREFIXES = 1000


def sparql(store: Store, given: Mapping[str, Any]) -> Reply:
    """Runs a query and returns its result.

    Args:
        store: the store to query.
        given: ``query``; ``default`` and ``named``: IRIs of graphs; ``as_of`` and ``over``: see ``days.find_dataset``;
            ``table`` and ``graph``: media types, None where the client accepts none of ours; ``rows``: maximum number of rows or
                triples.

    Raises:
        Problem: 400 if the query is invalid, 403 if it is an update, 406 if the client accepts no format of the result.
        WrongUsage: if the store refuses the query.
    """
    found = _run_query(store, given)
    media = given["graph" if isinstance(found, QueryTriples) else "table"]
    if media is None:
        what, offers = ("graph", GRAPH_MEDIA) if isinstance(found, QueryTriples) else ("table", TABLE_MEDIA)
        raise Problem(
            406, f"The answer is a {what}, and the Accept header names no format for it; choose from {', '.join(offers.values())}."
        )
    most: int = given["rows"]
    # A graph is streamed, so it is not known beforehand whether it will be truncated.
    may_be_truncated = isinstance(found, QueryTriples) and most > 0
    if isinstance(found, QuerySolutions) and most:
        from nevkg.serve.sparql_rows import limit_rows  # needs what the engine of a site does not have

        with _convert_errors(given["query"]):
            found, may_be_truncated = limit_rows(found, most)

    def write(output: IO[bytes]) -> None:
        with _convert_errors(given["query"]):
            if isinstance(found, QueryTriples):
                _write_graph(found, most, entities.namespaces(store), media, output)
            else:
                found.serialize(output, QueryResultsFormat.from_media_type(media))

    is_collected = not isinstance(found, QueryTriples)
    return Reply(content_type(media), write, {MOST_ROWS: str(most)} if may_be_truncated else {}, is_collected=is_collected)


def _run_query(store: Store, given: Mapping[str, Any]) -> Result:
    store, text, default = find_dataset(
        store, given["query"], given["default"], given["named"], as_of=given.get("as_of") or None, over=given.get("over")
    )
    spaces = entities.namespaces(store)
    # A remote result arrives as a whole, so the query gets a LIMIT; the local engine is stopped instead.
    query = text if isinstance(store, EmbeddedStore) else engine.limit_rows(text, given["rows"] + 1, spaces)
    try:
        with _convert_errors(text):
            return store.query(query, spaces, default_graphs=default, named_graphs=given["named"])
    except SyntaxError as error:
        raise _refusal(text, error, spaces) from None


def _refusal(text: str, error: SyntaxError, prefixes: Container[str]) -> Problem:
    """Returns the problem with a text that the parser rejected: an update, or a syntax error with line and column."""
    if (keyword := query_form(text)) in UPDATES:
        return Problem(403, f"{keyword} changes data, and this endpoint is read-only: send a query.")
    place = error_position(error)
    return Problem(
        400,
        f"The query is not SPARQL 1.1: {explain_syntax_error(text, error, prefixes)}.",
        more=dict(zip(("line", "column"), place, strict=True)) if place else {},
    )


@contextmanager
def _convert_errors(text: str) -> Iterator[None]:
    """Converts errors of the engine, or of a server queried by SERVICE, to problems (400 or 502)."""
    try:
        yield
    except BrokenPipeError:
        raise
    except (OSError, RuntimeError, ValueError) as error:
        if engine.is_damage(error) or (isinstance(error, OSError) and error.errno):  # a temporary file, on a full disk
            raise
        raise Problem(502 if "service" in text.lower() else 400, f"The query cannot be answered: {error}.") from None


def _write_graph(found: QueryTriples, most: int, namespaces: dict[str, str], media: str, output: IO[bytes]) -> None:
    triples = islice(found, most or None)
    beginning = list(islice(triples, _TRIPLES_FOR_PREFIXES))
    serialize(chain(beginning, triples), output, RdfFormat.from_media_type(media), prefixes=find_prefixes(beginning, namespaces))


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
