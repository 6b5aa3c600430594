"""The queries of ``queries/api/``, and what they give as values of JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pyoxigraph import NamedNode

from nevkg.ask.answer import labelled
from nevkg.data import terms
from nevkg.data.frontmatter import read_query
from nevkg.errors import WrongUsage
from nevkg.lookup import entities
from nevkg.sparql.binding import bind
from nevkg.store import Store
from nevkg.table import formats, values

FOLDER = "api"
Row = Mapping[str, terms.Term | None]


def rows(store: Store, name: str, given: Mapping[str, Iterable[str]] | None = None) -> list[Row]:
    """The solutions of a query, variable by variable.

    Args:
        store: what is asked.
        name: of the file, without its ending.
        given: parameter to IRIs.
    """
    query = read_query(store.layout.queries / FOLDER / f"{name}.rq")
    found = entities.select(store, bind(query, {key: [str(NamedNode(iri)) for iri in iris] for key, iris in (given or {}).items()}))
    names = [variable.value for variable in found.variables]
    return [{name: row[name] for name in names} for row in found]


def text(term: terms.Term | None) -> str:
    """What a term says; nothing for none."""
    return "" if term is None else terms.text(term)


def iri(store: Store, word: str) -> str:
    """The IRI that a short name or an IRI stands for, whether or not the store knows it.

    Raises:
        WrongUsage: if it is neither.
    """
    meant = terms.expand(word, entities.namespaces(store))
    try:
        return NamedNode(meant or "").value
    except ValueError:
        raise WrongUsage(f"'{word}' is no IRI and no short name such as 'prefix:name'.") from None


class Names:
    """What things are called, in one language; looked up together."""

    def __init__(self, store: Store, found: Iterable[terms.Term | str | None], language: str) -> None:
        """Names for those of the terms and IRIs ``found`` that are things."""
        iris = {one.value if isinstance(one, NamedNode) else one for one in found if isinstance(one, NamedNode | str)}
        self._labels = labelled(store, iris, language)

    def thing(self, iri: str) -> dict[str, str]:
        """A thing as an object with its IRI and its label."""
        return {"iri": iri, "label": self._labels[iri]}

    def value(self, term: terms.Term | None) -> Any:
        """A term as a value of JSON: a thing as an object, a literal as text, number or truth value."""
        return formats.plain(values.value(term, self._labels))
