"""The words for terms: labels in a language, prefixed names of what has none, and links."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from nevkg.data import terms
from nevkg.lookup import entities, sources
from nevkg.store import Store

# Returns the link for an IRI or a web address; None if it must not be a link.
Linker = Callable[[str], str | None]


@dataclass(frozen=True)
class LinkedText:
    """The text for one term, with an optional link.

    Attributes:
        language: language of the text; empty if unknown or not applicable.
        address: target of the link; None for no link.
        is_outside: whether the target is on another site.
    """

    text: str
    language: str = ""
    address: str | None = None
    is_outside: bool = False

    def __str__(self) -> str:
        return self.text

    @property
    def plain(self) -> LinkedText:
        """The text without its link, since many adjacent links are hard to read."""
        return LinkedText(self.text, self.language)


class Names:
    """Labels of terms. They are read for many terms at once: pass them to ``learn`` first."""

    def __init__(self, store: Store, language: str, link: Linker = lambda _: None) -> None:
        """Creates the names of the record ``store`` in a language; without ``link`` there are no links."""
        self.store, self.language, self._link = store, language, link
        self._spaces = entities.namespaces(store)
        self._labels: dict[str, Literal] = {}
        self._known: set[str] = set()
        self._things: dict[str, LinkedText] = {}

    def learn(self, found: Iterable[terms.Term]) -> None:
        """Reads the labels of the IRIs among these terms."""
        iris = {term.value for term in found if isinstance(term, NamedNode)} - self._known
        if iris:
            self._labels |= _titles(self.store, iris, self.language) | entities.literal_labels(self.store, iris, self.language)
            self._known |= iris

    def label(self, iri: str) -> Literal | None:
        """Returns the label of an entity; None if it has none."""
        if iri not in self._known:
            self.learn([NamedNode(iri)])
        return self._labels.get(iri)

    def short(self, iri: str) -> str:
        """Returns the prefixed name of an IRI."""
        return terms.shorten(iri, self._spaces)

    def thing(self, iri: str) -> LinkedText:
        """Returns the text for an entity: its label, else its prefixed name."""
        if iri not in self._things:
            label, unreliable = self.label(iri), sources.find_addresses(self.store)
            address = None if iri in unreliable else self._link(iri)
            words = (label.value, label.language or "") if label else (unreliable.get(iri, self.short(iri)), "")
            self._things[iri] = LinkedText(*words, address, address is not None and not iri.startswith(terms.BASE))
        return self._things[iri]

    def render(self, term: terms.Term) -> LinkedText:
        """Returns the text for a term. A literal that is a URL becomes a link."""
        if isinstance(term, NamedNode):
            return self.thing(term.value)
        if isinstance(term, Literal):
            address = self._link(term.value) if term.datatype.value == terms.XSD + "anyURI" else None
            return LinkedText(term.value, term.language or "", address, address is not None)
        return LinkedText(terms.text(term))

    def choose(self, found: Iterable[terms.Term]) -> list[LinkedText]:
        """Returns the texts for terms, without literals in other languages if there is one in this."""
        return [self.render(term) for term in in_language(found, self.language)]


def _titles(store: Store, iris: Iterable[str], language: str) -> dict[str, Literal]:
    """Returns the titles of sources and parts of the dataset, which have a title instead of a label."""
    values = terms.format_iris(iri for iri in iris if iri.startswith((terms.SOURCE, terms.DATASET)))
    if not values:
        return {}
    query = f"SELECT ?thing ?title WHERE {{ VALUES ?thing {{ {values} }} ?thing dcterms:title ?title }} ORDER BY ?thing ?title"
    found: dict[str, list[terms.Term]] = {}
    for row in entities.select(store, query):
        found.setdefault(terms.text(row["thing"]), []).append(row["title"])
    chosen = {iri: in_language(titles, language)[0] for iri, titles in found.items()}
    return {iri: title for iri, title in chosen.items() if isinstance(title, Literal)}


def names_of(iris: Iterable[str]) -> list[terms.Term]:
    """Converts IRIs to terms."""
    return [NamedNode(iri) for iri in iris]


def in_language(found: Iterable[terms.Term], language: str) -> list[terms.Term]:
    """Removes literals in other languages if there is one in the given language; else returns all terms."""
    whole = list(found)
    tags = {term.language for term in whole if isinstance(term, Literal)}
    if language not in tags:
        return whole
    return [term for term in whole if not isinstance(term, Literal) or term.language in (None, language)]
