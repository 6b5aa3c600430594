"""Runs the queries of ``queries/api/``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pyoxigraph import NamedNode

from nevkg.data import terms
from nevkg.data.frontmatter import read_query
from nevkg.lookup import entities
from nevkg.sparql.binding import bind
from nevkg.store import Store

FOLDER = "api"
Row = Mapping[str, terms.Term | None]


def rows(store: Store, name: str, given: Mapping[str, Iterable[str]] | None = None) -> list[Row]:
    """Returns the solutions of a query, named without extension, each as variable to term; parameters get IRIs."""
    query = read_query(store.layout.queries / FOLDER / f"{name}.rq")
    found = entities.select(store, bind(query, {key: [str(NamedNode(iri)) for iri in iris] for key, iris in (given or {}).items()}))
    names = [variable.value for variable in found.variables]
    return [{name: row[name] for name in names} for row in found]


def texts(store: Store, name: str, given: Mapping[str, Iterable[str]] | None = None) -> list[dict[str, str]]:
    """Returns the same solutions as texts, which are empty where a variable has no value."""
    return [{variable: text(term) for variable, term in row.items()} for row in rows(store, name, given)]


def text(term: terms.Term | None) -> str:
    """Returns the text of a term; empty for None."""
    return "" if term is None else terms.text(term)
