"""A store elsewhere: a SPARQL 1.1 endpoint whose default graph is the union of all graphs.

An answer is read to its end before it is given on, so that whatever goes wrong is told by
``query`` itself; a long one is kept in a temporary file, not in memory.
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
from nevkg.sparql.bounds import refuse_depth
from nevkg.sparql.services import expand_names, refuse_calls
from nevkg.sparql.syntax import tokens, undeclared
from nevkg.sparql.tokens import is_certain
from nevkg.store.base import named
from nevkg.store.engine import Result, names_graphs, order_columns, parse
from nevkg.store.http import PIECE, Connection, connect, refusal
from nevkg.store.paging import page
from nevkg.store.presets import recognise
from nevkg.store.quirks import makes_triples, plainly, standard

_IN_MEMORY = 1 << 24
_ABSOLUTE = re.compile("<[A-Za-z][A-Za-z0-9+.-]*:")
_ROWS = "application/sparql-results+json, application/sparql-results+xml;q=0.5"
# Virtuoso would answer with triples as rows of a table if it were told that rows are understood, too.
_TRIPLES = "application/n-triples, text/turtle;q=0.5"


class _CutOff(Exception):
    """The answer has as many rows as the server gives at the most."""

    def __init__(self, most: int, columns: list[str]) -> None:
        super().__init__(most)
        self.most, self.columns = most, columns


@dataclass(frozen=True)
class RemoteStore:
    """A SPARQL endpoint and the floors that its questions come from.

    ``named`` is the address under which queries see the named graphs, if it is another one.
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
        """The same store for queries that name graphs."""
        return replace(self, connection=replace(self.connection, address=self.named or self.address))

    def query(
        self,
        text: str,
        prefixes: dict[str, str] | None = None,
        *,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
    ) -> Result:
        """See ``Store.query``; the endpoint's default graph takes the place of the union.

        Raises:
            SyntaxError: if ``text`` is not a query.
            NotAllowed: if it would send a request to another server.
            WrongUsage: if it is too large to be taken apart, or a graph's name is no absolute IRI.
            CouldNotRun: if the endpoint cannot be reached, refuses, or gives something else than results.
        """
        refuse_depth(text)
        given = {"default-graph-uri": named(default_graphs), "named-graph-uri": named(named_graphs)}
        graphs = {name: [graph.value for graph in names] for name, names in given.items() if names}
        whole = expand_names(_declared(text, prefixes or {}))
        asked = self.by_graph() if graphs or names_graphs(whole) else self
        plain = plainly(order_columns(whole))
        with asked._ask(plain, graphs) as response:
            if response.status_code == requests.codes.ok:
                try:
                    return self._result(response)
                except _CutOff as cut:
                    response.close()
                    return asked._in_pages(plain, graphs, cut)
            # The same parser as the embedded store's tells where the query is wrong; servers do so in as many ways as there are.
            with suppress(WrongUsage):
                parse(text, prefixes)
            raise CouldNotRun(f"{self.address} did not answer the query {refusal(response)}.")

    def _ask(self, text: str, graphs: Mapping[str, Sequence[str]]) -> requests.Response:
        """Sends the query as the server likes it; what server it is shows in its first answer."""
        response = self._post(self.preamble.get(self.address, "") + text, graphs)
        if self.address not in self.preamble:
            kind = recognise(response.headers.get("Server", ""))
            self.preamble[self.address] = kind.preamble if kind else ""
            if self.preamble[self.address]:
                response.close()
                response = self._post(self.preamble[self.address] + text, graphs)
        return response

    def _post(self, text: str, graphs: Mapping[str, Sequence[str]]) -> requests.Response:
        # Here, since nothing changes the text any more.
        refuse_calls(text)
        accept = {"Accept": _TRIPLES if makes_triples(text) else _ROWS}
        return self.connection.send("POST", self.address, {"query": text, **graphs}, accept)

    def _result(self, response: requests.Response) -> Result:
        """The answer, as the embedded store would give it."""
        media = response.headers.get("Content-Type", "")
        results, graph = QueryResultsFormat.from_media_type(media), RdfFormat.from_media_type(media)
        if results is None and graph is None:
            what = "HTML" if "html" in media else media or "something without a Content-Type"
            raise CouldNotRun(f"{self.address} answered {what}, not SPARQL results; is this the address of a SPARQL endpoint?")
        # The parser reads on from it when this method has long returned.
        content: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115
        try:
            pieces = response.iter_content(PIECE)
            content.writelines(standard(pieces) if results == QueryResultsFormat.JSON else pieces)
        except requests.RequestException as error:
            raise CouldNotRun(f"The answer of {self.address} broke off: {self.connection.why(error)}.") from None
        content.seek(0)
        try:
            if results is None:
                return _triples(content, graph)
            found = pyoxigraph.parse_query_results(content, results)
            if isinstance(found, QuerySolutions):
                # One look at all of it: a result that breaks off must not be found out by whoever goes through the rows.
                _let_no_part_through(sum(1 for _ in found), found, response)
                content.seek(0)
                found = pyoxigraph.parse_query_results(content, results)
        except (SyntaxError, ValueError) as error:
            raise CouldNotRun(f"The answer of {self.address} is broken off or is not {media}: {error}.") from None
        return found

    def _in_pages(self, text: str, graphs: Mapping[str, Sequence[str]], cut: _CutOff) -> Result:
        """All rows of an answer that was cut off, each page asked for anew: a server keeps nothing between requests."""
        if not is_certain(text):
            raise CouldNotRun(
                f"{self.address} gives {cut.most:,} rows at the most, and this query cannot be asked in pages; put spaces around < and >, "
                "or set ResultSetMaxRows in its virtuoso.ini."
            )
        content: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115
        rows = came = cut.most - 1
        first = 0
        while came == rows:
            with self._ask(page(text, cut.columns, first, rows), graphs) as response:
                if response.status_code != requests.codes.ok:
                    raise CouldNotRun(
                        f"{self.address} gives {cut.most:,} rows at the most, and no page of what is more {refusal(response)}; "
                        "set ResultSetMaxRows in its virtuoso.ini."
                    )
                found = self._result(response)
            assert isinstance(found, QuerySolutions)
            # A table of tab-separated lines goes on where another one ended, but for its head.
            lines = found.serialize(format=QueryResultsFormat.TSV) or b""
            content.write(lines if first == 0 else lines.partition(b"\n")[2])
            came = lines.count(b"\n") - 1
            first += came
        content.seek(0)
        return pyoxigraph.parse_query_results(content, QueryResultsFormat.TSV)


def _let_no_part_through(rows: int, found: QuerySolutions, response: requests.Response) -> None:
    """Virtuoso tells in a header only how many rows it gives at the most."""
    most = response.headers.get("X-SPARQL-MaxRows", "")
    if most.isdecimal() and rows >= int(most):
        raise _CutOff(int(most), [str(name) for name in found.variables])


def open_remote(
    address: str, layout: Layout, *, named: str = "", digest: bool = False, preamble: str | None = None, pause: float = 0.5
) -> RemoteStore:
    """The store behind the address of a SPARQL endpoint; nothing is asked of it yet.

    Args:
        address: where queries are sent; its own parameters are kept.
        layout: the floors: prefixes and questions come from there.
        named: where queries are sent that name graphs, if elsewhere.
        digest: whether the password goes by digest.
        preamble: what goes before each query; found out from the first answer if None, so that the first query goes without.
        pause: the seconds that grow from one try to the next.

    Raises:
        WrongUsage: if the address or the time-out cannot be understood, or the address holds a password.
    """
    known = {} if preamble is None else {address: preamble, named or address: preamble}
    return RemoteStore(connect(address, digest=digest, pause=pause), layout, named, preamble=known)


def _declared(text: str, prefixes: dict[str, str]) -> str:
    """The query with what it uses and does not declare, without a new line, so that lines keep their numbers."""
    is_relative = any(token.kind == "iri" and not _ABSOLUTE.match(token.text) for token in tokens(text))
    base = f"BASE <{terms.BASE}> " if is_relative else ""
    return base + "".join(f"PREFIX {name}: <{prefixes[name]}> " for name in sorted(undeclared(text).keys() & prefixes.keys())) + text


def _triples(content: IO[bytes], graph: RdfFormat | None) -> QueryTriples:
    """A graph as the result of a query, which nothing but a query can make."""
    store = pyoxigraph.Store()
    store.extend(pyoxigraph.parse(content, graph))
    found = store.query("CONSTRUCT WHERE { ?s ?p ?o }")
    assert isinstance(found, QueryTriples)
    return found
