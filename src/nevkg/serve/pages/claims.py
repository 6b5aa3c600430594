"""Statements as tables: for each property the values that sources give, and the sources of each value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from nevkg.ask import days
from nevkg.data import terms
from nevkg.lookup.descriptions import Statement, word_statements
from nevkg.lookup.entities import report_address
from nevkg.lookup.labels import LinkedText, names_of
from nevkg.lookup.literals import format_period
from nevkg.lookup.passages import PassageDescription, find_passages
from nevkg.lookup.statements import Outcome, find_outcomes, first, nev, read_properties_of
from nevkg.serve.pages.mentions import Mention
from nevkg.serve.pages.render import PageNames

# A statement is current if a fact of the day of the page is derived from it, past if only facts of other days are.
CURRENT, PAST = "current", "past"


@dataclass(frozen=True)
class Citation:
    """A source as cited in a row.

    Attributes:
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
class ClaimRow:
    """The row of one statement."""

    said: Statement
    source: Citation
    passages: Sequence[PassageDescription]
    report: str


@dataclass
class Claim:
    """A claim, and the statements that make it.

    Attributes:
        lead: what precedes the value: the subject or the property; None for neither.
        said: the first statement that makes it.
        standing: ``current`` if a fact of the day is derived from it, ``past`` if only facts of other days are, else empty.
        support: the best standing of these facts, with the number of their independent sources; None if none holds.
        order: a key that sorts the best supported first.
        rows: one row for each statement.
    """

    lead: LinkedText | None
    said: Statement
    standing: str
    support: tuple[LinkedText, int] | None
    order: tuple[int, int]
    rows: list[ClaimRow] = field(default_factory=list)

    @property
    def key(self) -> object:
        """What equal claims have in common."""
        return self.lead, self.said.value, self.said.more, self.said.paraphrases, self.said.manner


@dataclass(frozen=True)
class Topic:
    """A heading with claims; ``role`` is the property by which the statements mention the entity, None if they are about it."""

    title: LinkedText
    role: LinkedText | None
    is_disputed: bool
    said: Sequence[Claim]


def sort_mentions(names: PageNames, found: Iterable[Mention], by_subject: bool = False) -> list[Mention]:
    """Sorts mentions for a page: statements about the entity first, then by heading and day."""
    known = list(found)
    names.learn(names_of(iri for mention in known for iri in (mention.topic, mention.role, mention.subject) if iri))

    def label(iri: str) -> str:
        return names.thing(iri).text.casefold() if iri else ""

    def key(mention: Mention) -> tuple[bool, str, str, str, str, str]:
        heading, lead = (mention.subject, mention.topic) if by_subject else (mention.topic, mention.subject)
        return (_is_named(mention, by_subject), mention.role, label(heading), label(lead), mention.day, mention.statement)

    return sorted(known, key=key)


def topics(names: PageNames, found: Sequence[Mention], day: str, by_subject: bool = False) -> list[Topic]:
    """Groups mentions to tables.

    Args:
        found: mentions in the order of the page.
        day: ISO date of the page, which decides which episodes hold.
        by_subject: whether the headings are the subjects of the statements, as for a source, instead of properties.
    """
    reader = _ClaimReader(names, [mention.statement for mention in found], day)

    def heading(mention: Mention) -> tuple[bool, str, str]:
        return (_is_named(mention, by_subject), mention.role, mention.subject if by_subject else mention.topic)

    made = []
    for (is_named, role, title), group in groupby(found, heading):
        claims: dict[object, Claim] = {}
        for mention in group:
            lead = mention.topic if by_subject else mention.subject if is_named else ""
            other = reader.claim(mention.statement, names.thing(lead) if lead else None)
            claim = claims.setdefault(other.key, other)
            if claim is not other:
                claim.rows += other.rows
                claim.standing = min(claim.standing, other.standing, key=[CURRENT, PAST, ""].index)
                if other.order < claim.order:
                    claim.support, claim.order = other.support, other.order
        made.append(
            Topic(
                names.thing(title) if title else LinkedText("…"),
                names.thing(role) if is_named else None,
                not by_subject and any(reader.is_disputed(row.said.iri) for claim in claims.values() for row in claim.rows),
                sorted(claims.values(), key=lambda claim: (claim.order, -len({row.source for row in claim.rows}))),
            )
        )
    return made


def _is_named(mention: Mention, by_subject: bool) -> bool:
    return not by_subject and mention.role != nev("subject")


class _ClaimReader:
    """Reads statements with their sources, passages and currency, for a whole page at once."""

    def __init__(self, names: PageNames, iris: Sequence[str], day: str) -> None:
        self.names, self.store = names, (store := names.store)
        self.statements = word_statements(names, read_properties_of(store, iris))
        statements = self.statements.values()
        self.sources = read_properties_of(store, {statement.source for statement in statements})
        self.passages = find_passages(store, self.statements, names.language)
        self.hosts = read_properties_of(store, {host for of in self.sources.values() if (host := first(of, nev("unreliableHost")))})
        self.outcomes = find_outcomes(store, days.snapshot(store, day), iris) if iris else {}
        self.citations: dict[str, Citation] = {}
        names.learn(term for of in self.sources.values() for term in of.get(terms.DCTERMS + "publisher", ()))
        names.learn(names_of(self.sources))

    def claim(self, iri: str, lead: LinkedText | None) -> Claim:
        """Returns the claim of one statement."""
        said, outcome = self.statements[iri], self.outcomes.get(iri)
        row = ClaimRow(
            said=said,
            source=self._cached_citation(said.source),
            passages=self.passages.get(iri, ()),
            report=report_address(self.store, iri),
        )
        known = (outcome or Outcome()).standing
        support = (self.names.thing(known.iri), known.witnesses) if known.iri else None
        standing = "" if outcome is None else CURRENT if outcome.is_current else PAST
        return Claim(lead, said, standing, support, known.order, [row])

    def is_disputed(self, iri: str) -> bool:
        """Returns whether sources disagree on what a statement says."""
        return self.outcomes.get(iri, Outcome()).is_disputed

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
            format_period(first(of, nev("earliest")), first(of, nev("latest")), self.names.language),
            outside[0] if outside else None,
            first(of, nev("archiveLookUp")) or None,
            self.names.render(faults[0]) if faults else None,
            first(of, nev("titleIsDevised")) == "true",
        )
