"""Episodes as rows of a history: the value, its period, and how well it is supported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from nevkg.ask import days
from nevkg.data import terms
from nevkg.lookup.descriptions import FRAME, MARKS, format_interval, format_number
from nevkg.lookup.entities import report_address
from nevkg.lookup.standing import UNKNOWN, find_standings_of_statements
from nevkg.serve.pages.lookup import CURRENT, PAST, Facts, Mention, facts_of, first, holds, nev, retractions, standings
from nevkg.serve.pages.terms import LinkedText, Names, in_language, names_of, period

# Properties that a snapshot adds to an episode that holds.
_STANDING, _WITNESSES = _OF_DAY = (nev("standing"), nev("witnesses"))


@dataclass(frozen=True)
class Spell:
    """A row for one episode.

    Attributes:
        subject: the subject.
        property: the property that it gives a value for.
        value: the value in pieces, such as comparator, number and unit.
        scope: the part of the subject to which it applies; None for the whole.
        since: the beginning, as precisely as it is known.
        until: the first day on which it no longer held; empty while it holds.
        confirmed: the last day for which a source confirms it.
        marks: which of ``disputed`` and ``inferred`` apply.
        standing: how well sources support it on the day of the page; None if it does not hold then.
        witnesses: number of its independent sources on that day; 0 if it is not known.
        behind: number of statements from which it is derived.
        address: link to its own page.
        began: whether it began by the day of the page.
        holds: whether it holds on that day.
    """

    subject: LinkedText
    property: LinkedText
    value: tuple[LinkedText, ...]
    scope: LinkedText | None
    since: str
    until: str
    confirmed: str
    marks: tuple[str, ...]
    standing: LinkedText | None
    witnesses: int
    behind: int
    address: str | None
    began: bool
    holds: bool


def spells(names: Names, episodes: Mapping[str, Facts], day: str) -> list[Spell]:
    """Returns the episodes as rows, those that hold first, then by property and time.

    Args:
        names: labels of terms.
        episodes: IRI to facts of each episode.
        day: ISO date of the page.
    """
    held = facts_of(days.snapshot(names.store, day), episodes) if episodes else {}
    episodes = {iri: {**of, **{name: held[iri][name] for name in _OF_DAY if name in held.get(iri, {})}} for iri, of in episodes.items()}
    names.learn(term for of in episodes.values() for values in of.values() for term in values)
    made = [(_spell(names, iri, of, day), first(of, nev("from")), iri) for iri, of in episodes.items()]
    made.sort(key=lambda one: (not one[0].holds, one[0].property.text.casefold(), one[1], join_pieces(one[0].value).text, one[2]))
    return [spell for spell, *_ in made]


def figure(names: Names, of: Facts, low: str, high: str = "") -> tuple[LinkedText, ...]:
    """Returns a number or range with its comparator and unit in pieces; an empty tuple if there is none."""
    numbers = [format_number(text) if nev("unit") in of else text for text in dict.fromkeys((low, high)) if text]
    if not numbers:
        return ()
    comparators, units = ([_plain(names.render(term)) for term in of.get(nev(name), [])] for name in ("comparator", "unit"))
    return (*comparators, LinkedText(" – ".join(numbers)), *units)


def _spell(names: Names, iri: str, of: Facts, day: str) -> Spell:
    low, high = first(of, nev("low")), first(of, nev("high"))
    scopes = of.get(nev("scope"), [])
    return Spell(
        subject=names.thing(first(of, nev("subject"))),
        property=names.thing(first(of, nev("property"))),
        value=figure(names, of, low, high) or tuple(names.render(term) for term in of.get(nev("value"), [])),
        scope=_plain(names.render(scopes[0])) if scopes else None,
        since=format_interval(first(of, nev("since")), names.language),
        until=first(of, nev("until")),
        confirmed=first(of, nev("lastConfirmed")),
        marks=tuple(mark for mark in MARKS if nev(mark) in of),
        standing=_plain(names.render(of[_STANDING][0])) if _STANDING in of else None,
        witnesses=int(first(of, _WITNESSES) or 0),
        behind=len(of.get(terms.PROV + "wasDerivedFrom", [])),
        address=names.links.of(iri),
        began=first(of, nev("from")) <= day,
        holds=holds(first(of, nev("from")), first(of, nev("until")), day),
    )


def _plain(one: LinkedText) -> LinkedText:
    """Returns the text without its link, since many adjacent links are hard to read."""
    return LinkedText(one.text, one.language)


def join_pieces(value: tuple[LinkedText, ...]) -> LinkedText:
    """Joins the pieces of a value to one text."""
    return LinkedText(" ".join(part.text for part in value))


_TEXTS = {nev("text"), nev("paraphrase")}


@dataclass(frozen=True)
class Citation:
    """A source as cited in a row.

    Attributes:
        title: title of the document.
        publisher: publisher; None if unknown.
        published: period of publication.
        outside: URL of the document itself; None if it must not be a link.
        archive: URL at which the Internet Archive may have a copy.
        is_devised: whether the project made up the title, which then contains publisher and date.
        fault: why its host is unreliable; None if it is not known to be.
    """

    title: LinkedText
    publisher: LinkedText | None
    published: str
    outside: str | None
    archive: str | None
    fault: LinkedText | None
    is_devised: bool = False


@dataclass(frozen=True)
class Row:
    """The row of one statement."""

    iri: str
    address: str | None
    when: str
    source: Citation
    notes: tuple[LinkedText, ...]
    passages: tuple[LinkedText, ...]
    is_retracted: bool
    report: str


@dataclass
class Claim:
    """A claim, and the statements that make it.

    Attributes:
        lead: what precedes the value: the subject or the property; None for neither.
        value: the value in pieces.
        more: further values by property.
        words: paraphrases.
        manner: modality and scope: whether it is a fact or a plan, for example, and for which part of the subject.
        standing: ``current`` if an episode that holds derives from it, ``past`` if only other episodes do, else empty.
        support: the best standing of these episodes, with the number of their independent sources; None if none holds.
        order: a key that sorts the best supported first.
        rows: one row for each statement.
    """

    lead: LinkedText | None
    value: tuple[LinkedText, ...]
    more: tuple[tuple[LinkedText, tuple[LinkedText, ...]], ...]
    words: tuple[LinkedText, ...]
    manner: tuple[LinkedText, ...]
    standing: str = ""
    support: tuple[LinkedText, int] | None = None
    order: tuple[int, int] = UNKNOWN.order
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Topic:
    """A heading with claims.

    Attributes:
        title: heading.
        role: property by which the statements mention the entity; None if they are about it.
        is_disputed: whether sources disagree.
        said: the claims.
    """

    title: LinkedText
    role: LinkedText | None
    is_disputed: bool
    said: Sequence[Claim]


def sort_mentions(names: Names, found: Iterable[Mention], by_subject: bool = False) -> list[Mention]:
    """Sorts mentions for a page: statements about the entity first, then by heading and day."""
    known = list(found)
    names.learn(names_of(iri for one in known for iri in (one.topic, one.role, one.subject) if iri))

    def label(iri: str) -> str:
        return names.thing(iri).text.casefold() if iri else ""

    def key(one: Mention) -> tuple[bool, str, str, str, str, str]:
        heading, lead = (one.subject, one.topic) if by_subject else (one.topic, one.subject)
        return (_is_named(one, by_subject), one.role, label(heading), label(lead), one.day, one.statement)

    return sorted(known, key=key)


def topics(names: Names, found: Sequence[Mention], day: str, by_subject: bool = False) -> list[Topic]:
    """Groups mentions to tables.

    Args:
        names: labels of terms.
        found: mentions in the order of the page.
        day: ISO date of the page, which decides which episodes hold.
        by_subject: whether the headings are the subjects of the statements, as for a source, instead of properties.
    """
    reader = _Reader(names, [one.statement for one in found], day)

    def heading(one: Mention) -> tuple[bool, str, str]:
        return (_is_named(one, by_subject), one.role, one.subject if by_subject else one.topic)

    made = []
    for (is_named, role, title), group in groupby(found, heading):
        claims: dict[object, Claim] = {}
        for one in group:
            lead = one.topic if by_subject else one.subject if is_named else ""
            other = reader.claim(one.statement, names.thing(lead) if lead else None, one)
            claim = claims.setdefault((other.lead, other.value, other.more, other.words, other.manner), other)
            if claim is not other:
                claim.rows += other.rows
                claim.standing = min(claim.standing, other.standing, key=[CURRENT, PAST, ""].index)
                if other.order < claim.order:
                    claim.support, claim.order = other.support, other.order
        made.append(
            Topic(
                names.thing(title) if title else LinkedText("…"),
                names.thing(role) if is_named else None,
                not by_subject and any(row.iri in reader.disputed for one in claims.values() for row in one.rows),
                sorted(claims.values(), key=lambda one: (one.order, -len({row.source for row in one.rows}))),
            )
        )
    return made


def _is_named(one: Mention, by_subject: bool) -> bool:
    return not by_subject and one.role != nev("subject")


class _Reader:
    """Reads statements with their sources, passages and currency, for a other page at once."""

    def __init__(self, names: Names, iris: Sequence[str], day: str) -> None:
        self.names, self.store = names, (store := names.store)
        self.statements = facts_of(store, iris)
        self.sources = facts_of(store, {first(of, nev("source")) for of in self.statements.values()})
        self.passages = facts_of(store, {terms.text(term) for of in self.statements.values() for term in of.get(nev("passage"), [])})
        self.hosts = facts_of(store, {host for of in self.sources.values() if (host := first(of, nev("unreliableHost")))})
        self.citations: dict[str, Citation] = {}
        self.standings, self.disputed = standings(store, iris, day) if iris else ({}, set())
        self.retractions = retractions(store, iris) if iris else {}
        self.support = find_standings_of_statements(store, days.snapshot(store, day), iris) if iris else {}
        said = (term for of in self.statements.values() for values in of.values() for term in values)
        keys = names_of({name for of in self.statements.values() for name in of})
        publishers = (term for of in self.sources.values() for term in of.get(terms.DCTERMS + "publisher", []))
        names.learn([*said, *keys, *publishers])

    def claim(self, iri: str, lead: LinkedText | None, mention: Mention) -> Claim:
        """Returns the claim of one statement."""
        of = self.statements[iri]
        values = of.get(nev("value"), []) or self._texts(of, "text")
        value = figure(self.names, of, first(of, nev("number"))) or tuple(self.names.render(term) for term in values)
        row = Row(
            iri=iri,
            address=self.names.links.of(iri),
            when=when(of),
            source=self._cached_citation(first(of, nev("source"))),
            notes=tuple(
                self.names.render(term)
                for term in [*self._texts(of, "note"), *in_language(self.retractions.get(iri, []), self.names.language)]
            ),
            passages=tuple(self._place(terms.text(term)) for term in of.get(nev("passage"), [])),
            is_retracted=iri in self.retractions,
            report=report_address(self.store, iri),
        )
        words = tuple(self.names.render(term) for term in self._texts(of, "paraphrase"))
        manner = tuple(self.names.render(term) for name in ("modality", "scope") for term in of.get(nev(name), []))
        known = self.support.get(iri)
        support = (self.names.thing(known.iri), known.witnesses) if known else None
        order = known.order if known else UNKNOWN.order
        return Claim(lead, value, self._more(of, mention), words, manner, self.standings.get(iri, ""), support, order, [row])

    def _texts(self, of: Facts, name: str) -> list[terms.Term]:
        return in_language(of.get(nev(name), []), self.names.language)

    def _more(self, of: Facts, mention: Mention) -> tuple[tuple[LinkedText, tuple[LinkedText, ...]], ...]:
        """Returns further properties of a statement. Those that repeat the subject or the property under another name are left out."""
        known = {mention.subject, mention.topic}
        further = [
            (self.names.thing(name), tuple(self.names.render(term) for term in in_language(values, self.names.language)))
            for name, values in of.items()
            if name not in FRAME | _TEXTS and {terms.text(term) for term in values} - known
        ]
        return tuple(sorted(further, key=lambda one: one[0].text.casefold()))

    def _cached_citation(self, iri: str) -> Citation:
        if iri not in self.citations:
            self.citations[iri] = self._citation(iri)
        return self.citations[iri]

    def _citation(self, iri: str) -> Citation:
        of = self.sources.get(iri, {})
        publishers = of.get(terms.DCTERMS + "publisher", [])
        outside = [shown.address for term in of.get(nev("address"), []) if (shown := self.names.render(term)).address]
        faults = self.hosts.get(first(of, nev("unreliableHost")), {}).get(nev("hostFault"), [])
        return Citation(
            self.names.thing(iri),
            self.names.render(publishers[0]) if publishers else None,
            period(first(of, nev("earliest")), first(of, nev("latest"))),
            outside[0] if outside else None,
            first(of, nev("archiveLookUp")) or None,
            self.names.render(faults[0]) if faults else None,
            first(of, nev("titleIsDevised")) == "true",
        )

    def _place(self, iri: str) -> LinkedText:
        of = self.passages.get(iri, {})
        return LinkedText(f"{first(of, terms.OA + 'start')}–{first(of, terms.OA + 'end')}", "", self.names.links.of(iri))


def when(of: Facts) -> str:
    """Returns the date that a statement gives; empty if it gives none."""
    stated = period(first(of, nev("periodStart")), first(of, nev("periodEnd"))) or period(
        first(of, nev("earliest")), first(of, nev("latest"))
    )
    end = first(of, nev("endLatest"))
    due = period(first(of, nev("dueEarliest")), first(of, nev("dueLatest")))
    stated = f"{stated or '…'} → {end}" if end else stated
    return f"{stated} ⇒ {due}".lstrip() if due else stated
