"""The interface of all stores: SPARQL queries over the union of all graphs or over some of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from pyoxigraph import NamedNode

from nevkg.data.paths import Layout
from nevkg.errors import WrongUsage
from nevkg.store.engine import Result


class Store(Protocol):
    """A store that holds the dataset and answers queries."""

    @property
    def layout(self) -> Layout:
        """The folders of the dataset, which have the prefixes and the questions."""

    @property
    def known_by(self) -> str | None:
        """The day (ISO) after which sources are left out; None if all are included."""

    @property
    def place(self) -> Path | None:
        """The folder in the cache for this state of the dataset, where derived files can be saved; None if there is none."""

    @property
    def identity(self) -> str:
        """The name of the store in citations."""

    def query(
        self,
        text: str,
        prefixes: dict[str, str] | None = None,
        *,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
    ) -> Result:
        """Answers a SPARQL 1.1 query over the union of all graphs, or over those that it names by FROM and FROM NAMED.

        Relative IRIs are resolved against ``terms.BASE``.

        Args:
            prefixes: namespaces that the query need not declare.
            default_graphs: IRIs of the graphs whose union is the default graph. If these or ``named_graphs`` are given, no
                other graphs are queried, and FROM in the query is ignored. A graph that does not exist is empty.
            named_graphs: IRIs of the graphs that GRAPH matches.

        Raises:
            SyntaxError: if ``text`` is not a query.
            NotAllowed: if it would send a request to another server.
            WrongUsage: if it is too large to be parsed, or the name of a graph is not an absolute IRI.
        """


def graph_nodes(graphs: Iterable[str]) -> list[NamedNode]:
    """Converts the names of graphs to nodes; raises ``WrongUsage`` if a name is not an absolute IRI."""
    names = []
    for graph in graphs:
        try:
            names.append(NamedNode(graph))
        except ValueError as error:
            raise WrongUsage(f"'{graph}' cannot be the name of a graph, which must be an absolute IRI: {error}.") from None
    return names
