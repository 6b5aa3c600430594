"""Terms as a page shows them: words in a language, with a link or without."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from pyoxigraph import Literal, NamedNode

from nevkg.data import terms
from nevkg.lookup import entities, unreliable_hosts
from nevkg.serve.pages.address import Links, on_the_web
from nevkg.store import Store


@dataclass(frozen=True)
class Shown:
    """Words for one term.

    Attributes:
        text: the words.
        language: of the words; empty if it is not known, or they have none.
        address: where they link to; None for no link.
        is_outside: whether that is another site.
    """

    text: str
    language: str = ""
    address: str | None = None
    is_outside: bool = False


class Names:
    """Puts terms into words. Labels are looked up for many at once: tell with ``learn`` what will be shown."""

    def __init__(self, store: Store, language: str, links: Links) -> None:
        self.store, self.language, self.links = store, language, links
        self._spaces = entities.namespaces(store)
        self._labels: dict[str, Literal] = {}
        self._known: set[str] = set()
        self._things: dict[str, Shown] = {}

    def learn(self, found: Iterable[terms.Term]) -> None:
        """Looks up the labels of the things among these terms."""
        iris = {term.value for term in found if isinstance(term, NamedNode)} - self._known
        if iris:
            self._labels |= _titles(self.store, iris, self.language) | entities.literal_labels(self.store, iris, self.language)
            self._known |= iris

    def label(self, iri: str) -> Literal | None:
        """The label of a thing, if it has one."""
        if iri not in self._known:
            self.learn([NamedNode(iri)])
        return self._labels.get(iri)

    def short(self, iri: str) -> str:
        """The prefixed name."""
        return terms.shorten(iri, self._spaces)

    def thing(self, iri: str) -> Shown:
        """A thing by its label, else by its prefixed name."""
        if iri not in self._things:
            label = self.label(iri)
            address = None if iri in unreliable_hosts.unlinked(self.store) else self.links.of(iri)
            words = (label.value, label.language or "") if label else (unreliable_hosts.unlinked(self.store).get(iri, self.short(iri)), "")
            self._things[iri] = Shown(*words, address, address is not None and not iri.startswith(terms.BASE))
        return self._things[iri]

    def shown(self, term: terms.Term) -> Shown:
        """A term; a literal that is an address of the web is a link."""
        if isinstance(term, NamedNode):
            return self.thing(term.value)
        if isinstance(term, Literal):
            address = term.value if term.datatype.value == terms.XSD + "anyURI" and on_the_web(term.value) else None
            return Shown(term.value, term.language or "", address, address is not None)
        return Shown(terms.text(term))


def _titles(store: Store, iris: Iterable[str], language: str) -> dict[str, Literal]:
    """The titles of the documents and parts of the dataset among these: such things have a title and no label."""
    values = " ".join(f"<{iri}>" for iri in sorted(iris) if iri.startswith((terms.SOURCE, terms.DATASET)))
    if not values:
        return {}
    query = f"SELECT ?thing ?title WHERE {{ VALUES ?thing {{ {values} }} ?thing <{terms.DCTERMS}title> ?title }} ORDER BY ?thing ?title"
    found: dict[str, list[terms.Term]] = {}
    for row in entities.select(store, query):
        found.setdefault(terms.text(row["thing"]), []).append(row["title"])
    chosen = {iri: spoken(titles, language)[0] for iri, titles in found.items()}
    return {iri: title for iri, title in chosen.items() if isinstance(title, Literal)}


def names_of(iris: Iterable[str]) -> list[terms.Term]:
    """IRIs as terms."""
    return [NamedNode(iri) for iri in iris]


def spoken(found: Iterable[terms.Term], language: str) -> list[terms.Term]:
    """The terms without those in other languages, if one says it in this language; else all."""
    whole = list(found)
    tags = {term.language for term in whole if isinstance(term, Literal)}
    if language not in tags:
        return whole
    return [term for term in whole if not isinstance(term, Literal) or term.language in (None, language)]


def number(text: str) -> str:
    """A number with its thousands apart; what is none stays as it is."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    return f"{value:,f}" if value.is_finite() else text


def period(first: str, last: str) -> str:
    """Two days (ISO; empty where one is not known) as the year, month, day or stretch of time that they bound."""
    if not first or not last:
        return f"{first or '…'} – {last or '…'}" if first or last else ""
    if first == last:
        return first
    try:
        start, end = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return f"{first} – {last}"
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31):
        return first[:4] if start.year == end.year else f"{first[:4]} – {last[:4]}"
    if start.day == 1 and end.day == monthrange(end.year, end.month)[1]:
        return first[:7] if first[:7] == last[:7] else f"{first[:7]} – {last[:7]}"
    return f"{first} – {last}"


def stretch(interval: str) -> str:
    """A beginning as ISO 8601-2 writes it, such as ``../2026-11-24``, for reading."""
    return interval.replace("..", "…").replace("/", " – ")
