"""What any store can do: answer a query over the union of all graphs, and say what it holds."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples

from nevkg.layout import Layout

Result = QuerySolutions | QueryBoolean | QueryTriples


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

    def query(self, text: str, prefixes: dict[str, str] | None = None) -> Result:
        """Answers a SPARQL 1.1 query over the union of all graphs.

        Args:
            text: the query.
            prefixes: namespaces that the query need not declare.

        Raises:
            SyntaxError: if ``text`` is not a query.
            WrongUsage: if it would send a request to another server.
        """
