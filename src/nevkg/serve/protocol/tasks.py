"""What a worker does with a query: it asks the store, and writes what it finds while it finds it."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain, islice
from typing import IO, Any

from pyoxigraph import QueryResultsFormat, QuerySolutions, QueryTriples, RdfFormat, serialize

from nevkg.ask.days import find_dataset
from nevkg.data.serialise import used
from nevkg.lookup import entities
from nevkg.serve.http.problem import Problem
from nevkg.serve.protocol.formats import GRAPH_MEDIA, TABLE_MEDIA, content_type
from nevkg.serve.protocol.rows import cut
from nevkg.serve.reply import Reply
from nevkg.sparql.syntax import UPDATES, form, place_of, syntax_problem
from nevkg.store import EmbeddedStore, Store, engine
from nevkg.store.engine import Result

# How many rows or triples an answer may have, where it has so many and there are more, or may be. Virtuoso's name for it,
# which clients know.
MOST_ROWS = "X-SPARQL-MaxRows"
# Prefixes stand at the beginning of a document: those are declared that this many triples use.
_LOOKED_AT = 1000


def sparql(store: Store, given: Mapping[str, Any]) -> Reply:
    """Answers a query.

    Args:
        store: what is asked.
        given: ``query``; ``default`` and ``named``: IRIs of graphs; ``as_of`` and ``over``: see ``days.find_dataset``;
            ``table`` and ``graph``: media types, None where the client takes none of ours; ``rows``: how many rows or
            triples there may be at the most.

    Raises:
        Problem: 400 if it is not a query, 403 if it is an update, 406 if the client does not take what it gives.
        WrongUsage: if the store refuses it.
    """
    found = _ask(store, given)
    media = given["graph" if isinstance(found, QueryTriples) else "table"]
    if media is None:
        what, offers = ("graph", GRAPH_MEDIA) if isinstance(found, QueryTriples) else ("table", TABLE_MEDIA)
        raise Problem(406, f"The answer is a {what}, and Accept names nothing that it can be had as: {', '.join(offers.values())}.")
    most: int = given["rows"]
    # A graph is written while it is found, so that it is not known beforehand whether all of it will be.
    may_be_cut = isinstance(found, QueryTriples)
    if isinstance(found, QuerySolutions):
        with _told(given["query"]):
            found, may_be_cut = cut(found, most)

    def write(output: IO[bytes]) -> None:
        with _told(given["query"]):
            if isinstance(found, QueryTriples):
                _write_graph(found, most, entities.namespaces(store), media, output)
            else:
                found.serialize(output, QueryResultsFormat.from_media_type(media))

    is_collected = not isinstance(found, QueryTriples)
    return Reply(content_type(media), write, {MOST_ROWS: str(most)} if may_be_cut else {}, is_collected=is_collected)


def _ask(store: Store, given: Mapping[str, Any]) -> Result:
    store, text, default = find_dataset(
        store, given["query"], given["default"], given["named"], as_of=given.get("as_of"), over=given.get("over")
    )
    spaces = entities.namespaces(store)
    # What comes from another server comes as a whole; here the engine is stopped.
    asked = text if isinstance(store, EmbeddedStore) else engine.limit_rows(text, given["rows"] + 1, spaces)
    try:
        with _told(text):
            return store.query(asked, spaces, default_graphs=default, named_graphs=given["named"])
    except SyntaxError as error:
        raise _refusal(text, error, spaces) from None


def _refusal(text: str, error: SyntaxError, prefixes: Container[str]) -> Problem:
    """Why a text is not answered."""
    if (keyword := form(text)) in UPDATES:
        return Problem(403, f"{keyword} changes data, and nothing can be changed here: send a query.")
    place = place_of(error)
    return Problem(
        400,
        f"The query is not SPARQL 1.1: {syntax_problem(text, error, prefixes)}.",
        more=dict(zip(("line", "column"), place, strict=True)) if place else {},
    )


@contextmanager
def _told(text: str) -> Iterator[None]:
    """Puts in words what the engine cannot do, or what a server that it asks by SERVICE does not do."""
    try:
        yield
    except BrokenPipeError:
        raise
    except (OSError, RuntimeError, ValueError) as error:
        if engine.is_damage(error):
            raise
        raise Problem(502 if "service" in text.lower() else 400, f"The query cannot be answered: {error}.") from None


def _write_graph(found: QueryTriples, most: int, namespaces: dict[str, str], media: str, output: IO[bytes]) -> None:
    triples = islice(found, most)
    beginning = list(islice(triples, _LOOKED_AT))
    serialize(chain(beginning, triples), output, RdfFormat.from_media_type(media), prefixes=used(beginning, namespaces))
