"""Statements as tables: for each property the values that sources give, and beside each value who says so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from nevkg.data import terms
from nevkg.lookup.descriptions import FRAME
from nevkg.serve.pages.episodes import figure
from nevkg.serve.pages.lookup import CURRENT, PAST, Facts, Mention, facts_of, first, nev, retracted, standings
from nevkg.serve.pages.terms import Names, Shown, names_of, period, spoken

_WHAT = {nev("text"), nev("paraphrase")}


@dataclass(frozen=True)
class Cited:
    """A source as a row names it.

    Attributes:
        title: of the document.
        publisher: if it is known.
        published: the period.
        outside: the address of the document itself, if it may be a link.
        archive: the address at which the Internet Archive may have it.
        is_devised: whether the project made the title; it then names publisher and date.
        fault: why its host is unreliable, if it is.
    """

    title: Shown
    publisher: Shown | None
    published: str
    outside: str | None
    archive: str | None
    fault: Shown | None
    is_devised: bool = False


@dataclass(frozen=True)
class Row:
    """One statement."""

    iri: str
    address: str | None
    when: str
    source: Cited
    notes: tuple[Shown, ...]
    passages: tuple[Shown, ...]
    is_retracted: bool


@dataclass
class Said:
    """What is said, and the statements that say it.

    Attributes:
        lead: what stands before it: the subject, or the property.
        value: the value in pieces.
        more: what else is told, by property.
        words: texts.
        manner: as what it is said, and of which part of the subject.
        standing: ``current`` if an episode that holds rests on it, ``past`` if only another, else empty.
        rows: one a statement.
    """

    lead: Shown | None
    value: tuple[Shown, ...]
    more: tuple[tuple[Shown, tuple[Shown, ...]], ...]
    words: tuple[Shown, ...]
    manner: tuple[Shown, ...]
    standing: str = ""
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Topic:
    """A heading, how the statements below it name the thing (None if they are about it), and what they say."""

    title: Shown
    role: Shown | None
    is_disputed: bool
    said: Sequence[Said]


def ordered(names: Names, found: Iterable[Mention], by_subject: bool = False) -> list[Mention]:
    """Mentions in the order of a page: what is about the thing comes first; then by heading, and by day."""
    known = list(found)
    names.learn(names_of(iri for one in known for iri in (one.topic, one.role, one.subject) if iri))

    def said(iri: str) -> str:
        return names.thing(iri).text.casefold() if iri else ""

    def key(one: Mention) -> tuple[bool, str, str, str, str, str]:
        heading, lead = (one.subject, one.topic) if by_subject else (one.topic, one.subject)
        return (_is_named(one, by_subject), one.role, said(heading), said(lead), one.day, one.statement)

    return sorted(known, key=key)


def topics(names: Names, found: Sequence[Mention], day: str, by_subject: bool = False) -> list[Topic]:
    """The tables for mentions.

    Args:
        names: puts terms into words.
        found: the mentions, in order.
        day: of the dataset.
        by_subject: whether the headings are what the statements are about, as for a source, instead of properties.
    """
    reader = _Reader(names, [one.statement for one in found], day)

    def heading(one: Mention) -> tuple[bool, str, str]:
        return (_is_named(one, by_subject), one.role, one.subject if by_subject else one.topic)

    made = []
    for (is_named, role, title), group in groupby(found, heading):
        said: dict[object, Said] = {}
        for one in group:
            lead = one.topic if by_subject else one.subject if is_named else ""
            whole = reader.said(one.statement, names.thing(lead) if lead else None, one)
            kept = said.setdefault((whole.lead, whole.value, whole.more, whole.words, whole.manner), whole)
            if kept is not whole:
                kept.rows += whole.rows
                kept.standing = min(kept.standing, whole.standing, key=[CURRENT, PAST, ""].index)
        made.append(
            Topic(
                names.thing(title) if title else Shown("…"),
                names.thing(role) if is_named else None,
                not by_subject and any(row.iri in reader.disputed for one in said.values() for row in one.rows),
                list(said.values()),
            )
        )
    return made


def _is_named(one: Mention, by_subject: bool) -> bool:
    return not by_subject and one.role != nev("subject")


class _Reader:
    """Statements with their sources, passages and standing, looked up for a page at once."""

    def __init__(self, names: Names, iris: Sequence[str], day: str) -> None:
        self.names, store = names, names.store
        self.statements = facts_of(store, iris)
        self.sources = facts_of(store, {first(of, nev("source")) for of in self.statements.values()})
        self.passages = facts_of(store, {terms.text(term) for of in self.statements.values() for term in of.get(nev("passage"), [])})
        self.hosts = facts_of(store, {host for of in self.sources.values() if (host := first(of, nev("unreliableHost")))})
        self.cited: dict[str, Cited] = {}
        self.standings, self.disputed = standings(store, iris, day) if iris else ({}, set())
        self.retracted = retracted(store, iris) if iris else {}
        said = (term for of in self.statements.values() for values in of.values() for term in values)
        keys = names_of({name for of in self.statements.values() for name in of})
        publishers = (term for of in self.sources.values() for term in of.get(terms.DCTERMS + "publisher", []))
        names.learn([*said, *keys, *publishers])

    def said(self, iri: str, lead: Shown | None, mention: Mention) -> Said:
        """What one statement says."""
        of = self.statements[iri]
        values = of.get(nev("value"), []) or self._spoken(of, "text")
        told = figure(self.names, of, first(of, nev("number"))) or tuple(self.names.shown(term) for term in values)
        row = Row(
            iri=iri,
            address=self.names.links.of(iri),
            when=when(of),
            source=self._cited(first(of, nev("source"))),
            notes=tuple(
                self.names.shown(term) for term in [*self._spoken(of, "note"), *spoken(self.retracted.get(iri, []), self.names.language)]
            ),
            passages=tuple(self._place(terms.text(term)) for term in of.get(nev("passage"), [])),
            is_retracted=iri in self.retracted,
        )
        words = tuple(self.names.shown(term) for term in self._spoken(of, "paraphrase"))
        manner = tuple(self.names.shown(term) for name in ("modality", "scope") for term in of.get(nev(name), []))
        return Said(lead, told, self._more(of, mention), words, manner, self.standings.get(iri, ""), [row])

    def _spoken(self, of: Facts, name: str) -> list[terms.Term]:
        return spoken(of.get(nev(name), []), self.names.language)

    def _more(self, of: Facts, mention: Mention) -> tuple[tuple[Shown, tuple[Shown, ...]], ...]:
        """What a statement says beyond its frame. What repeats the subject or the property under another name is left out."""
        known = {mention.subject, mention.topic}
        kept = [
            (self.names.thing(name), tuple(self.names.shown(term) for term in spoken(values, self.names.language)))
            for name, values in of.items()
            if name not in FRAME | _WHAT and {terms.text(term) for term in values} - known
        ]
        return tuple(sorted(kept, key=lambda one: one[0].text.casefold()))

    def _cited(self, iri: str) -> Cited:
        if iri not in self.cited:
            self.cited[iri] = self._cite(iri)
        return self.cited[iri]

    def _cite(self, iri: str) -> Cited:
        of = self.sources.get(iri, {})
        publishers = of.get(terms.DCTERMS + "publisher", [])
        outside = [shown.address for term in of.get(nev("address"), []) if (shown := self.names.shown(term)).address]
        faults = self.hosts.get(first(of, nev("unreliableHost")), {}).get(nev("hostFault"), [])
        return Cited(
            self.names.thing(iri),
            self.names.shown(publishers[0]) if publishers else None,
            period(first(of, nev("earliest")), first(of, nev("latest"))),
            outside[0] if outside else None,
            first(of, nev("archiveLookUp")) or None,
            self.names.shown(faults[0]) if faults else None,
            first(of, nev("titleIsDevised")) == "true",
        )

    def _place(self, iri: str) -> Shown:
        of = self.passages.get(iri, {})
        return Shown(f"{first(of, terms.OA + 'start')}–{first(of, terms.OA + 'end')}", "", self.names.links.of(iri))


def when(of: Facts) -> str:
    """The date that a statement gives; empty if it gives none."""
    stated = period(first(of, nev("periodStart")), first(of, nev("periodEnd"))) or period(
        first(of, nev("earliest")), first(of, nev("latest"))
    )
    end = first(of, nev("endLatest"))
    due = period(first(of, nev("dueEarliest")), first(of, nev("dueLatest")))
    stated = f"{stated or '…'} → {end}" if end else stated
    return f"{stated} ⇒ {due}".lstrip() if due else stated
