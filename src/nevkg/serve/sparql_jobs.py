"""Tasks of workers of the SPARQL Protocol: query results, and the descriptions of the service and of the dataset (VoID)."""

from __future__ import annotations

import io
from abc import abstractmethod
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast

from pyoxigraph import Literal, NamedNode, QueryResultsFormat, QuerySolutions, QueryTriples, RdfFormat, Triple, parse, serialize

from nevkg.ask.days import find_dataset
from nevkg.data import terms
from nevkg.data.rdf import find_prefixes, sort_key
from nevkg.errors import WrongUsage
from nevkg.lookup import entities
from nevkg.serve.jobs import Reply, Task, bytes_reply
from nevkg.serve.problem import Problem
from nevkg.sparql.syntax import UPDATES, error_position, explain_syntax_error, query_form
from nevkg.store import EmbeddedStore, Store, engine
from nevkg.store.contents import graphs
from nevkg.store.engine import Result

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


def _media(known: Mapping[str, QueryResultsFormat] | Mapping[str, RdfFormat]) -> dict[str, str]:
    return {name: form.media_type.partition(";")[0] for name, form in known.items()}


TABLE_MEDIA, GRAPH_MEDIA = _media(TABLES), _media(GRAPHS)
# Bytes of the rows of an answer: in memory, and in all.
_IN_MEMORY, _MOST_BYTES = 1 << 24, 1 << 29
# A response header: the maximum number of rows or triples of an answer that is truncated, or may be. The name is from Virtuoso,
# so clients know it.
MOST_ROWS = "X-SPARQL-MaxRows"
# Prefixes are declared at the start of a document: those that this many triples use are declared.
_TRIPLES_FOR_PREFIXES = 1000


@dataclass(frozen=True)
class SparqlQuery(Task):
    """Queries the store, and writes the result as it is found.

    Attributes:
        default_graphs: IRIs of the graphs that form the default graph.
        named_graphs: IRIs of the graphs available to GRAPH.
        as_of: the day whose snapshot is the default graph; see ``days.find_dataset``.
        over: ``snapshot`` or ``record``; None if the query decides.
        table: media type of a table; None if the client accepts none of ours.
        graph: media type of a graph; likewise.
        rows: maximum number of rows or triples; 0 for any number.
    """

    text: str
    default_graphs: Sequence[str] = ()
    named_graphs: Sequence[str] = ()
    as_of: str | None = None
    over: str | None = None
    table: str | None = None
    graph: str | None = None
    rows: int = 0

    def run(self, store: Store) -> Reply:
        """Runs the query and returns its result.

        Raises:
            Problem: 400 if the query is invalid, 403 if it is an update, 406 if the client accepts no format of the result.
            WrongUsage: if the store refuses the query.
        """
        found = self._find(store)
        media = self.graph if isinstance(found, QueryTriples) else self.table
        if media is None:
            what, offers = ("graph", GRAPH_MEDIA) if isinstance(found, QueryTriples) else ("table", TABLE_MEDIA)
            raise Problem(
                406, f"The answer is a {what}, and the Accept header names no format for it; choose from {', '.join(offers.values())}."
            )
        # A graph is streamed, so it is not known beforehand whether it will be truncated.
        may_be_truncated = isinstance(found, QueryTriples) and self.rows > 0
        if isinstance(found, QuerySolutions) and self.rows:
            with _convert_errors(self.text):
                found, may_be_truncated = limit_rows(found, self.rows)

        def write(output: IO[bytes]) -> None:
            with _convert_errors(self.text):
                if isinstance(found, QueryTriples):
                    _write_graph(found, self.rows, entities.namespaces(store), media, output)
                else:
                    found.serialize(output, QueryResultsFormat.from_media_type(media))

        is_collected = not isinstance(found, QueryTriples)
        return Reply(media, write, {MOST_ROWS: str(self.rows)} if may_be_truncated else {}, is_collected=is_collected)

    def _find(self, store: Store) -> Result:
        store, text, default = find_dataset(
            store, self.text, self.default_graphs, self.named_graphs, as_of=self.as_of or None, over=self.over
        )
        spaces = entities.namespaces(store)
        # A remote result arrives as a whole, so the query gets a LIMIT; the local engine is stopped instead.
        query = text if isinstance(store, EmbeddedStore) else engine.limit_rows(text, self.rows + 1, spaces)
        try:
            with _convert_errors(text):
                return store.query(query, spaces, default_graphs=default, named_graphs=self.named_graphs)
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


class _LimitReached(Exception):
    """The limit was reached. Raised inside the engine's output to stop it."""


class _LineLimiter(io.RawIOBase):
    """An output that passes a limited number of lines to a file."""

    def __init__(self, output: IO[bytes], most: int) -> None:
        self._output, self._left = output, most

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        *lines, rest = bytes(content).split(b"\n", self._left)
        self._output.writelines(line + b"\n" for line in lines)
        self._left -= len(lines)
        if not self._left and rest:
            raise _LimitReached
        if self._output.tell() > _MOST_BYTES:
            raise WrongUsage("The answer is larger than 512 MB; restrict the query, for example with a LIMIT.")
        self._output.write(rest)
        return len(content)


def limit_rows(found: QuerySolutions, most: int) -> tuple[QuerySolutions, bool]:
    """Returns the first rows of a table, and whether there are more.

    The engine serializes the table as TSV, in which each row is one line and all terms are preserved.

    Args:
        found: the table; it is consumed.

    Raises:
        WrongUsage: if the rows are larger than 512 MB.
    """
    from pyoxigraph import parse_query_results  # the engine of a site does not have it

    # The reader of the rows closes the file.
    content: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115
    try:
        found.serialize(cast(IO[bytes], _LineLimiter(content, most + 1)), QueryResultsFormat.TSV)
    except _LimitReached:
        is_truncated = True
    else:
        is_truncated = False
    content.seek(0)
    rows = parse_query_results(content, QueryResultsFormat.TSV)
    assert isinstance(rows, QuerySolutions)
    return rows, is_truncated


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


@dataclass(frozen=True)
class _Description(Task):
    """A description in RDF; ``endpoint`` is the address of the service."""

    endpoint: str
    media: str

    def run(self, store: Store) -> Reply:
        """Returns the description; raises ``Problem`` (400) if the address is not a valid IRI."""
        try:
            endpoint = NamedNode(self.endpoint)
        except ValueError as error:
            raise Problem(400, f"The Host header does not give a valid address: {error}.") from None
        triples = self._describe(store, endpoint)
        spaces = entities.namespaces(store) | {"sd": _SD, "void": _VOID}
        form = RdfFormat.from_media_type(self.media)
        content = serialize(sorted(set(triples), key=sort_key), format=form, prefixes=find_prefixes(triples, spaces))
        assert content is not None
        return bytes_reply(self.media, content)

    @abstractmethod
    def _describe(self, store: Store, endpoint: NamedNode) -> list[Triple]: ...


class DatasetDescription(_Description):
    """Describes the dataset: its metadata, its size by class, and its SPARQL endpoint."""

    def _describe(self, store: Store, endpoint: NamedNode) -> list[Triple]:
        found = store.query(_DESCRIPTION)
        assert isinstance(found, QueryTriples)
        own = [Triple(_DATASET, NamedNode(_VOID + "sparqlEndpoint"), endpoint)]
        if day := entities.stored_date(store):
            snapshot = NamedNode(terms.SNAPSHOT + day)
            own += [
                Triple(_DATASET, NamedNode(_VOID + "subset"), snapshot),
                Triple(snapshot, _TYPE, NamedNode(_VOID + "Dataset")),
                Triple(snapshot, NamedNode(terms.RDFS + "comment"), Literal(_DAYS, language=terms.LANGUAGES[0])),
            ]
        return [*found, *own]


class ServiceDescription(_Description):
    """Describes the service: its query language, result formats and graphs."""

    def _describe(self, store: Store, endpoint: NamedNode) -> list[Triple]:
        day = entities.stored_date(store)
        default = f"<{terms.SNAPSHOT}{day}>" if day else "_:union"
        comment = f"; rdfs:comment {Literal(_DAYS, language=terms.LANGUAGES[0])}" if day else ""
        features = [] if day else ["sd:UnionDefaultGraph"]
        features += ["sd:BasicFederatedQuery"] if isinstance(store, EmbeddedStore) and store.services else []
        formats: list[QueryResultsFormat | RdfFormat] = [*TABLES.values(), *GRAPHS.values()]
        named = (
            f"_:dataset sd:namedGraph _:graph{number} . _:graph{number} a sd:NamedGraph ; sd:name <{name}> ."
            for number, name in enumerate(graphs(store))
        )
        text = f"""
            @prefix rdfs: <{terms.RDFS}> .
            @prefix sd: <{_SD}> .
            {endpoint} a sd:Service ;
              sd:endpoint {endpoint} ;
              sd:supportedLanguage sd:SPARQL11Query ;
              {" ".join(f"sd:feature {feature} ;" for feature in features)}
              sd:defaultEntailmentRegime <{_ENTAILMENT}> ;
              sd:resultFormat {", ".join(f"<{form.iri}>" for form in formats)} ;
              sd:defaultDataset _:dataset ;
              sd:availableGraphs _:dataset .
            _:dataset a sd:Dataset, sd:GraphCollection ;
              sd:defaultGraph {default} .
            {default} a sd:Graph {comment} .
            {" ".join(named)}"""
        return [quad.triple for quad in parse(text, RdfFormat.TURTLE)]
