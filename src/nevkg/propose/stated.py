"""What statements say in short, of the data and of a contribution: the query ``queries/api/stated.rq`` says how."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyoxigraph
from pyoxigraph import Quad

from nevkg.data import terms
from nevkg.data.frontmatter import read_query
from nevkg.data.paths import Layout
from nevkg.store import engine


@dataclass(frozen=True, order=True)
class Stated:
    """What a statement says, without when, how exactly and by which source.

    Attributes:
        name: IRI of the property or metric.
        value: IRI or text of the value.
    """

    subject: str
    name: str
    value: str
    statement: str

    @property
    def fact(self) -> tuple[str, str, str]:
        """Subject, property and value."""
        return self.subject, self.name, self.value


def read_stated(layout: Layout, store: pyoxigraph.Store) -> list[Stated]:
    """Returns what the statements in the named graphs of a store say."""
    query = read_query(layout.queries / "api" / "stated.rq")
    found = engine.ask(store, query, terms.prefixes(layout.ontology))
    assert isinstance(found, pyoxigraph.QuerySolutions)
    return [_to_stated(row) for row in found if row["subject"] is not None]


def read_stated_in(layout: Layout, quads: Iterable[Quad]) -> list[Stated]:
    """Returns what some statements say."""
    store = pyoxigraph.Store()
    store.bulk_extend(quads)
    return read_stated(layout, store)


def _to_stated(row: pyoxigraph.QuerySolution) -> Stated:
    subject, name, value, statement = (terms.text(row[key]) for key in ("subject", "property", "value", "statement"))
    if row["number"] is not None and "." in value:
        value = value.rstrip("0").rstrip(".")  # 5 and 5.0 are the same
    return Stated(subject, name, value, statement)
