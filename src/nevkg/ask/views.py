"""What can be queried in Python: a record as known by a day, asked for what held on another; a damaged store of the cache is replaced."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Self, TypeVar, cast

from nevkg.ask import arguments, days
from nevkg.ask.catalogue import RECORD
from nevkg.lookup import entities
from nevkg.store import Store
from nevkg.store.embedded import damage
from nevkg.store.engine import is_damage
from nevkg.store.snapshots import reopen

M = TypeVar("M", bound=Callable[..., Any])


def on_a_sound_store(method: M) -> M:
    """A method of a view that is called once more on a new store if that of the cache turns out to be damaged."""

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
                raise damage(view.store.identity.removeprefix("store "), error) from None
            raise

    return cast(M, call)


class View:
    """A record, the day that it is asked for, and the language of labels."""

    def __init__(self, store: Store, language: str, day: str | None = None) -> None:
        """The view of the record in ``store``, as of ``day`` (ISO; the date of the dataset if None), with labels in ``language``."""
        self.store, self.language, self.day = store, language, day

    @property
    def as_of(self) -> str:
        """The day (ISO) that answers are for where a call names no other."""
        return self.day or entities.dataset_date(self.store)

    @property
    def known_by(self) -> str | None:
        """The day (ISO) after which sources are left out; None if all count."""
        return self.store.known_by

    def at(self, as_of: str | None = None, known_by: str | None = None) -> Self:
        """The same graph on another day, as known by another; cheap once it was asked for.

        Args:
            as_of: the day that answers are for (ISO or ``today``); that of this graph if None.
            known_by: leave out sources published after this day.

        Raises:
            WrongUsage: if a day cannot be read.
        """
        day = arguments.day(str(as_of)) if as_of else self.day
        return type(self)(days.known(self.store, str(known_by)) if known_by else self.store, self.language, day)

    @on_a_sound_store
    def query(self, sparql: str, *, over: str | None = None) -> Any:
        """Answers a SPARQL 1.1 query; the project's prefixes need no PREFIX lines.

        It is asked of the snapshot of this graph's day, which is the default graph; ``GRAPH`` reaches the record. The cells
        of the answer know what they rest on.

        Args:
            sparql: the query.
            over: ``record`` to ask the union of all graphs: all statements and all of history.

        Returns:
            A table for SELECT, a truth value for ASK, an ``rdflib.Graph`` for CONSTRUCT and DESCRIBE.

        Raises:
            WrongUsage: if it is not SPARQL 1.1, or would call another server.
        """
        from nevkg.ask import solutions

        # The record has no day.
        asked, text, _ = days.find_dataset(self.store, sparql, as_of=None if over == RECORD else self.day, over=over)
        return solutions.run(asked, text, self.language, self.store)
