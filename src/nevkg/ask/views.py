"""The base class of Python's view of the graph: a record, the days that queries refer to, and the replacement of damaged stores."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Self, TypeVar, cast

from nevkg.ask import arguments, days
from nevkg.lookup import entities
from nevkg.store import Store
from nevkg.store.embedded import damage_error
from nevkg.store.engine import is_damage
from nevkg.store.snapshots import reopen

M = TypeVar("M", bound=Callable[..., Any])


def retry_if_damaged(method: M) -> M:
    """Decorates a method of a view: calls it again on a rebuilt store if the cached store turns out to be damaged."""

    @wraps(method)
    def call(view: View, /, *values: Any, **named: Any) -> Any:
        try:
            return method(view, *values, **named)
        except (OSError, RuntimeError) as error:
            if not is_damage(error):
                raise
            view.store = reopen(view.store, error)
        try:
            return method(view, *values, **named)
        except (OSError, RuntimeError) as error:
            if is_damage(error):
                raise damage_error(view.store.identity.removeprefix("store "), error) from None
            raise

    return cast(M, call)


class View:
    """A record, the day that queries refer to, and the language of labels."""

    def __init__(self, store: Store, language: str, day: str | None = None) -> None:
        """Creates a view of the record in ``store``, as of ``day`` (ISO; the date of the dataset if None), with labels in ``language``."""
        self.store, self.language, self.day = store, language, day

    @property
    def as_of(self) -> str:
        """The day (ISO) that answers are for if a call gives no other."""
        return self.day or entities.dataset_date(self.store)

    @property
    def known_by(self) -> str | None:
        """The day (ISO) after which sources are left out; None if all count."""
        return self.store.known_by

    def at(self, as_of: str | None = None, known_by: str | None = None) -> Self:
        """Returns the same graph as of another day, as known by another; a repeated call is cheap.

        Args:
            as_of: the day that answers are for (ISO or ``today``); that of this graph if None.
            known_by: leave out sources published after this day (ISO or ``today``); as in this graph if None.

        Raises:
            WrongUsage: if a day cannot be read.
        """
        day = self.day if as_of is None else arguments.day(str(as_of))
        store = self.store if known_by is None else days.record_known_by(self.store, str(known_by))
        return type(self)(store, self.language, day)

    @retry_if_damaged
    def query(self, sparql: str, *, over: str | None = None) -> Any:
        """Runs a SPARQL 1.1 query; the project's prefixes need no PREFIX lines.

        The default graph is the snapshot of this graph's day; ``GRAPH`` reaches the graphs of the record. The cells
        of the table can be traced to their evidence.

        Args:
            sparql: the query.
            over: ``record`` to query the union of all graphs, which has all days: all statements and the whole history.

        Returns:
            A table for SELECT, a truth value for ASK, an ``rdflib.Graph`` for CONSTRUCT and DESCRIBE.

        Raises:
            WrongUsage: if it is not SPARQL 1.1, would send a request to another server, or this graph is of a day and ``over``
                is ``record``.
        """
        from nevkg.ask import solutions

        dataset, text, _ = days.find_dataset(self.store, sparql, as_of=self.day, over=over)
        return solutions.run(dataset, text, self.language, self.store)
