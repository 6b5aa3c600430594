"""The words for terms: labels in a language, prefixed names of what has none, links; numbers, dates and periods as readers write them."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from pyoxigraph import Literal, NamedNode

from nevkg.data import terms
from nevkg.lookup import entities, sources
from nevkg.store import Store

_DATE = r"\d{4}(?:-\d\d){0,2}"
# One end at most is open.
_INTERVAL = re.compile(rf"(?!\.\./\.\.)(\.\.|{_DATE})/(\.\.|{_DATE})")
_OR_EARLIER = {"en": "{} or earlier", "zh": "{}或之前"}
_OR_LATER = {"en": "{} or later", "zh": "{}或之后"}

# Returns the link for an IRI or a web address; None if it must not be a link.
Linker = Callable[[str], str | None]


@dataclass(frozen=True)
class LinkedText:
    """The text for one term, with an optional link.

    Attributes:
        text: the text.
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
    values = terms.format_iris(sorted(iri for iri in iris if iri.startswith((terms.SOURCE, terms.DATASET))))
    if not values:
        return {}
    query = f"SELECT ?thing ?title WHERE {{ VALUES ?thing {{ {values} }} ?thing <{terms.DCTERMS}title> ?title }} ORDER BY ?thing ?title"
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


def format_interval(text: str, language: str) -> str:
    """Formats an ISO 8601-2 interval, such as ``2026-11-24 or earlier`` for ``../2026-11-24``; any other text stays as it is."""
    interval = _INTERVAL.fullmatch(text)
    if not interval:
        return text
    start, end = interval.groups()
    if start == "..":
        return _OR_EARLIER[language].format(end)
    return _OR_LATER[language].format(start) if end == ".." else f"{start} – {end}"


def format_period(first_day: str, last_day: str, language: str) -> str:
    """Formats the period between two days (ISO, inclusive; empty if unknown) as coarsely as its source: as a year, month, day or range."""
    if first_day == last_day:
        return first_day
    if not (first_day and last_day):
        return format_interval(f"{first_day or '..'}/{last_day or '..'}", language)
    try:
        start, end = date.fromisoformat(first_day), date.fromisoformat(last_day)
    except ValueError:
        return f"{first_day} – {last_day}"
    length = len("2025-12-31")
    if start.day == 1 and end.day == monthrange(end.year, end.month)[1]:
        length = len("2025") if (start.month, end.month) == (1, 12) else len("2025-12")
    return " – ".join(dict.fromkeys((first_day[:length], last_day[:length])))


def format_number(text: str) -> str:
    """Formats a number with thousands separators; other text is returned unchanged."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    return f"{value:,f}" if value.is_finite() else text
