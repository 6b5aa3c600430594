"""What can be queried in Python: a store that is replaced if its files turn out to be damaged, and the snapshot of a day."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Generic, TypeVar, cast

from nevkg import entities
from nevkg.days import find_dataset
from nevkg.engine import is_damage
from nevkg.errors import WrongUsage
from nevkg.store import EmbeddedStore, Store
from nevkg.store.snapshots import rebuild

S = TypeVar("S", bound=Store)
M = TypeVar("M", bound=Callable[..., Any])


def on_a_sound_store(method: M) -> M:
    """A method of a view that is called once more on a new store if that of the cache turns out to be damaged."""

    @wraps(method)
    def call(view: View[Any], /, *values: Any, **named: Any) -> Any:
        try:
            return method(view, *values, **named)
        except (OSError, RuntimeError) as error:
            if not is_damage(error):
                raise
            view.store = rebuild(view.store, error)
        return method(view, *values, **named)

    return cast(M, call)


class View(Generic[S]):
    """A store, and the language of labels."""

    def __init__(self, store: S, language: str) -> None:
        """The view of ``store``, with labels in ``language``."""
        self.store, self.language = store, language

    # The day (ISO) that questions are asked for where a call names no other; None for the date of the dataset.
    day: str | None = None

    @property
    def record(self) -> Store:
        """Where labels and sources are looked up."""
        return self.store

    @on_a_sound_store
    def query(self, sparql: str) -> Any:
        """Answers a SPARQL 1.1 query; the project's prefixes need no PREFIX lines.

        A knowledge graph is queried as the union of its graphs. A snapshot is the default graph; ``GRAPH`` reaches the record.
        Cells of a query over a snapshot know what they rest on.

        Returns:
            A table for SELECT, a truth value for ASK, an ``rdflib.Graph`` for CONSTRUCT and DESCRIBE.

        Raises:
            WrongUsage: if it is not SPARQL 1.1, or would call another server.
        """
        from nevkg import solutions
        from nevkg import sparql as grammar

        asked, text, _ = find_dataset(self.record, sparql, as_of=self.day)
        try:
            return solutions.run(self.store if asked is self.record else asked, text, self.language, self.record)
        except SyntaxError as error:
            why = grammar.syntax_problem(sparql, error, entities.namespaces(self.store))
            raise WrongUsage(f"The query is not SPARQL 1.1: {why}.") from None


class Snapshot(View[EmbeddedStore]):
    """What holds on one day. Make it with :meth:`nevkg.KnowledgeGraph.at`."""

    def __init__(self, record: Store, store: EmbeddedStore, language: str) -> None:
        """The snapshot ``store`` of a record."""
        super().__init__(store, language)
        self._record = record

    @property
    def record(self) -> Store:
        """What the snapshot was made of."""
        return self._record

    @property
    def as_of(self) -> str:
        """The day (ISO)."""
        return self.store.day or ""

    @property
    def known_by(self) -> str | None:
        """The day (ISO) after which sources are left out; None if all count."""
        return self.store.known_by
