"""The worker task for a query: queries the store, and writes the result as it is found."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain, islice
from typing import IO, Any

from pyoxigraph import QueryResultsFormat, QuerySolutions, QueryTriples, RdfFormat, serialize

from nevkg.ask.days import find_dataset
from nevkg.data.serialise import find_prefixes
from nevkg.lookup import entities
from nevkg.serve.http.problem import Problem
from nevkg.serve.protocol.formats import GRAPH_MEDIA, TABLE_MEDIA, content_type
from nevkg.serve.reply import Reply
from nevkg.sparql.syntax import UPDATES, error_position, explain_syntax_error, query_form
from nevkg.store import EmbeddedStore, Store, engine
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
        from nevkg.serve.protocol.rows import limit_rows  # needs what the engine of a site does not have

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
