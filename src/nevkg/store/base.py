"""What any store can do: answer a query over the union of all graphs or over some, and say what it holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from pyoxigraph import NamedNode

from nevkg.data.paths import Layout
from nevkg.errors import WrongUsage
from nevkg.store.engine import Result


class Store(Protocol):
    """Where the dataset is kept and asked."""

    @property
    def layout(self) -> Layout:
        """The floors: prefixes and questions come from there."""

    @property
    def known_by(self) -> str | None:
        """The day (ISO) after which sources are left out; None if all count."""

    @property
    def place(self) -> Path | None:
        """The folder that belongs to this state of the dataset, for what can be kept beside it; None if there is none."""

    @property
    def identity(self) -> str:
        """What the answers come from, as a citation names it."""

    def query(
        self,
        text: str,
        prefixes: dict[str, str] | None = None,
        *,
        default_graphs: Sequence[str] = (),
        named_graphs: Sequence[str] = (),
    ) -> Result:
        """Answers a SPARQL 1.1 query over the union of all graphs, or over those that it names by FROM and FROM NAMED.

        Relative IRIs in it stand below ``terms.BASE``.

        Args:
            text: the query.
            prefixes: namespaces that the query need not declare.
            default_graphs: IRIs of graphs whose union takes the place of the default graph. With these or ``named_graphs``
                nothing else is asked, and FROM in the query counts no more. A graph that is not there is empty.
            named_graphs: IRIs of the graphs that GRAPH finds.

        Raises:
            SyntaxError: if ``text`` is not a query.
            NotAllowed: if it would send a request to another server.
            WrongUsage: if it is too large to be taken apart, or a graph's name is no absolute IRI.
        """


def named(graphs: Iterable[str]) -> list[NamedNode]:
    """The names of graphs.

    Raises:
        WrongUsage: if one is no absolute IRI.
    """
    names = []
    for graph in graphs:
        try:
            names.append(NamedNode(graph))
        except ValueError as error:
            raise WrongUsage(f"'{graph}' cannot be the name of a graph, which must be an absolute IRI: {error}.") from None
    return names
