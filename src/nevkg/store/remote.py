"""A remote store: a SPARQL 1.1 endpoint whose default graph is the union of all graphs.

A response is read completely before it is returned, so that all errors are raised by ``query`` itself; a long response is
stored in a temporary file, not in memory.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO

import pyoxigraph
import requests
from pyoxigraph import QueryResultsFormat, QuerySolutions, QueryTriples, RdfFormat

from nevkg.data import terms
from nevkg.data.paths import Layout
from nevkg.errors import CouldNotRun, WrongUsage
from nevkg.sparql.bounds import is_certain, refuse_depth
from nevkg.sparql.service_guard import refuse_calls, write_out_names
from nevkg.sparql.syntax import find_undeclared_prefixes, tokenize
from nevkg.store.base import graph_nodes
from nevkg.store.endpoints import PIECE, Connection, connect, describe_response, recognise_server
from nevkg.store.engine import Result, names_graphs, order_columns, parse
from nevkg.store.quirks import adapt_query, makes_triples, page_query, standardise_results

_IN_MEMORY = 1 << 24  # bytes of a response
_ABSOLUTE = re.compile("<[A-Za-z][A-Za-z0-9+.-]*:")
_ROWS = "application/sparql-results+json, application/sparql-results+xml;q=0.5"
# If rows were accepted as well, Virtuoso would return triples as the rows of a table.
_TRIPLES = "application/n-triples, text/turtle;q=0.5"


class _Truncated(Exception):
    """The result has the maximum number of rows that the server returns, so it is probably truncated."""

    def __init__(self, most: int, columns: list[str]) -> None:
        super().__init__(most)
        self.most, self.columns = most, columns


@dataclass(frozen=True)
class RemoteStore:
    """A SPARQL endpoint.

    Attributes:
        layout: the folders of the dataset, which have the prefixes and the questions.
        named: the address where queries see the named graphs, if it is a different one.
        known_by: always None.
        place: always None.
        preamble: the text to put before each query, by address; detected from the first response.
    """

    connection: Connection
    layout: Layout
    named: str = ""
    known_by: str | None = None
    place: Path | None = None
    preamble: dict[str, str] = field(repr=False, compare=False, default_factory=dict)

    @property
    def address(self) -> str:
        """Where queries are sent."""
        return self.connection.address

    @property
    def identity(self) -> str:
        """The address."""
        return f"store {self.address}"

    def by_graph(self) -> RemoteStore:
        """Returns the same store for queries that use GRAPH or FROM."""
        return replace(self, connection=replace(self.connection, address=self.named or self.address))

    def query(
        self,
        text: str,
        prefixes: dict[str, str] | None = None,
        *,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
    ) -> Result:
        """See ``Store.query``; the union is the endpoint's default graph.

        Raises:
            SyntaxError: if ``text`` is not a query.
            NotAllowed: if it would send a request to another server.
            WrongUsage: if it is too large to be parsed, or the name of a graph is not an absolute IRI.
            CouldNotRun: if the endpoint cannot be reached, refuses the query, or does not return results.
        """
        refuse_depth(text)
        given = {"default-graph-uri": graph_nodes(default_graphs), "named-graph-uri": graph_nodes(named_graphs)}
        graphs = {name: [graph.value for graph in names] for name, names in given.items() if names}
        whole = write_out_names(_add_declarations(text, prefixes or {}))
        store = self.by_graph() if graphs or names_graphs(whole) else self
        adapted = adapt_query(order_columns(whole))
        with store._ask(adapted, graphs) as response:
            if response.status_code == requests.codes.ok:
                try:
                    return self._result(response)
                except _Truncated as cut:
                    response.close()
                    return store._in_pages(adapted, graphs, cut)
            # The embedded store's parser reports syntax errors, since every server words them differently.
            with suppress(WrongUsage):
                parse(text, prefixes)
            raise CouldNotRun(f"{self.address} did not answer the query {describe_response(response)}.")

    def _ask(self, text: str, graphs: Mapping[str, Sequence[str]]) -> requests.Response:
        """Sends the query with the preamble for this kind of server, which is detected from its first response."""
        response = self._post(self.preamble.get(self.address, "") + text, graphs)
        if self.address not in self.preamble:
            kind = recognise_server(response.headers.get("Server", ""))
            self.preamble[self.address] = kind.preamble if kind else ""
            if self.preamble[self.address]:
                response.close()
                response = self._post(self.preamble[self.address] + text, graphs)
        return response

    def _post(self, text: str, graphs: Mapping[str, Sequence[str]]) -> requests.Response:
        # Checked here, after all changes of the text.
        refuse_calls(text)
        accept = {"Accept": _TRIPLES if makes_triples(text) else _ROWS}
        return self.connection.send("POST", self.address, {"query": text, **graphs}, accept)

    def _result(self, response: requests.Response) -> Result:
        """Returns the result in the same form as the embedded store."""
        media = response.headers.get("Content-Type", "")
        results, graph = QueryResultsFormat.from_media_type(media), RdfFormat.from_media_type(media)
        if results is None and graph is None:
            what = "HTML" if "html" in media else media or "a response without a Content-Type"
            raise CouldNotRun(f"{self.address} returned {what}, not SPARQL results; is this the address of a SPARQL endpoint?")
        # It is not closed here: the parser reads it lazily, after this method has returned.
        content: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115
        try:
            pieces = response.iter_content(PIECE)
            content.writelines(standardise_results(pieces) if results == QueryResultsFormat.JSON else pieces)
        except requests.RequestException as error:
            raise CouldNotRun(f"The response of {self.address} was interrupted: {self.connection.why(error)}.") from None
        content.seek(0)
        found: Result | None = None
        try:
            if results is None:
                return _triples(content, graph)
            found = pyoxigraph.parse_query_results(content, results)
            if isinstance(found, QuerySolutions):
                # Parse all rows once, so that a truncated response raises an error here and not while rows are iterated.
                _refuse_truncated(sum(1 for _ in found), found, response)
                content.seek(0)
                found = pyoxigraph.parse_query_results(content, results)
            return found
        except (SyntaxError, ValueError, MemoryError) as error:
            problem = str(error)
        # Raised here, so that the error refers to no results, which may only be released in the thread that made them.
        found = None
        raise CouldNotRun(f"The response of {self.address} is truncated or is not {media}: {problem}.")

    def _in_pages(self, text: str, graphs: Mapping[str, Sequence[str]], cut: _Truncated) -> Result:
        """Returns all rows of a truncated result by one query for each page."""
        if not is_certain(text):
            raise CouldNotRun(
                f"{self.address} returns at most {cut.most:,} rows, and this query cannot be split into pages; put spaces around < and >, "
                "or increase ResultSetMaxRows in its virtuoso.ini."
            )
        content: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115
        rows = received = cut.most - 1
        first = 0
        while received == rows:
            with self._ask(page_query(text, cut.columns, first, rows), graphs) as response:
                if response.status_code != requests.codes.ok:
                    raise CouldNotRun(
                        f"{self.address} returns at most {cut.most:,} rows, and refused to return a page {describe_response(response)}; "
                        "increase ResultSetMaxRows in its virtuoso.ini."
                    )
                found = self._result(response)
            assert isinstance(found, QuerySolutions)
            # Tab-separated tables can be concatenated without their header lines.
            lines = found.serialize(format=QueryResultsFormat.TSV) or b""
            content.write(lines if first == 0 else lines.partition(b"\n")[2])
            received = lines.count(b"\n") - 1
            first += received
        content.seek(0)
        return pyoxigraph.parse_query_results(content, QueryResultsFormat.TSV)


def _refuse_truncated(rows: int, found: QuerySolutions, response: requests.Response) -> None:
    """Raises an error if the result may be truncated, which Virtuoso shows only by its limit of rows in a header."""
    most = response.headers.get("X-SPARQL-MaxRows", "")
    if most.isdecimal() and rows >= int(most):
        raise _Truncated(int(most), [str(name) for name in found.variables])


def open_remote(
    address: str, layout: Layout, *, named: str = "", digest: bool = False, preamble: str | None = None, pause: float = 0.5
) -> RemoteStore:
    """Returns the store at the address of a SPARQL endpoint; sends nothing yet.

    Args:
        address: the address for queries; its query parameters are preserved.
        layout: the folders of the dataset, which have the prefixes and the questions.
        named: the address for queries that use GRAPH or FROM, if it is a different one.
        digest: whether to use digest authentication.
        preamble: the text to put before each query; if None, detected from the first response, so that the first request has none.
        pause: backoff factor of the pause between retries (seconds).

    Raises:
        WrongUsage: if the address or the time-out is malformed, or the address contains a password.
    """
    known = {} if preamble is None else {address: preamble, named or address: preamble}
    return RemoteStore(connect(address, digest=digest, pause=pause), layout, named, preamble=known)


def _add_declarations(text: str, prefixes: dict[str, str]) -> str:
    """Returns the query with a declaration of each known prefix that it lacks, on the first line so that line numbers stay the same."""
    is_relative = any(token.kind == "iri" and not _ABSOLUTE.match(token.text) for token in tokenize(text))
    base = f"BASE <{terms.BASE}> " if is_relative else ""
    names = sorted(find_undeclared_prefixes(text).keys() & prefixes.keys())
    return base + "".join(f"PREFIX {name}: <{prefixes[name]}> " for name in names) + text


def _triples(content: IO[bytes], graph: RdfFormat | None) -> QueryTriples:
    """Returns the triples as the result of a query, since pyoxigraph has no other way to create one."""
    store = pyoxigraph.Store()
    store.extend(pyoxigraph.parse(content, graph))
    found = store.query("CONSTRUCT WHERE { ?s ?p ?o }")
    assert isinstance(found, QueryTriples)
    return found
