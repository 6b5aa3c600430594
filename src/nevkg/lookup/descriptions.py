"""Describes statements, episodes, facts and their dates in words for readers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pyoxigraph import Literal

from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.lookup.labels import LinkedText, Names, names_of
from nevkg.lookup.literals import adds_words, format_beginning, format_period, word_number
from nevkg.lookup.statements import Properties, find_subjects, first, nev, read_properties_of, read_retractions
from nevkg.store import Store
from nevkg.words import words_of

_WORDS = words_of("lookup.descriptions")


def _format_when(properties: Properties, language: str) -> str:
    """Formats the date that a statement gives; empty if it gives none."""

    def period(start: str, end: str) -> str:
        return format_period(first(properties, nev(start)), first(properties, nev(end)), language)

    stated = period("periodStart", "periodEnd") or period("earliest", "latest")
    if end := period("endEarliest", "endLatest"):
        stated = f"{stated} {_WORDS[language]['until'].format(end)}".lstrip()
    if due := period("dueEarliest", "dueLatest"):
        words = _WORDS[language]
        stated = words["and due"].format(stated, due) if stated else words["due"].format(due)
    return stated


# Properties about a statement as such, as opposed to its content.
_FRAMING = (
    *("subject", "property", "value", "number", "unit", "modality", "comparator", "scope", "shifts", "reported", "isFirst"),
    *("source", "passage", "paraphrase", "note", "witness", "confirms", "outcome", "reachedOn", "fellShortOn", "putOffOn"),
    *("earliest", "latest", "endEarliest", "endLatest", "dueEarliest", "dueLatest", "periodStart", "periodEnd", "precision"),
    *("undated", "certainFrom", "certainBy", "since", "ends", "due", "dueFrom", "dueBy"),
)
FRAME = {terms.NEV + name for name in _FRAMING} | {terms.RDF + "type", terms.DCTERMS + "identifier"}

# Qualifications of an episode, as opposed to its content.
DISPUTED = "disputed"
MARKS = (DISPUTED, "inferred")
# Framing whose values are named, and what a snapshot adds to an episode.
_WORDED = {*map(nev, ("subject", "property", "metric", "value", "unit", "comparator", "modality", "scope", "standing")), terms.RDF + "type"}
_OF_DAY = (nev("standing"), nev("witnesses"))


@dataclass(frozen=True)
class StatementDescription:
    """One statement in words.

    Attributes:
        iri: its IRI.
        name: its prefixed name.
        kind: its class.
        subject: its subject; empty if it is what the statements are about.
        property: the property that it gives a value for, else its class.
        value: the value.
        when: the date that it gives, as coarsely as its source; empty if it gives none.
        qualifiers: modality, scope and further values.
        source: the IRI of its source.
        retracted: whether it is retracted.
        text: a paraphrase of the source, and notes.
        link: the address of its page, at which browsers scroll to its number or a name if they find it; empty if there is none.
    """

    iri: str
    name: str
    kind: str
    subject: str
    property: str
    value: str
    when: str
    qualifiers: tuple[str, ...]
    source: str
    retracted: bool
    text: str
    link: str


@dataclass(frozen=True)
class EpisodeDescription:
    """A period in which a value held, in words.

    Attributes:
        property: its property.
        value: the value.
        since: its beginning, as precisely as sources state it.
        until: its end; empty if it still holds.
        last_confirmed: the last day that a source reports it for.
        marks: modality and scope, and whether it is disputed or inferred.
        is_disputed: whether sources contradict each other.
        standing: how well sources support it on the day of the answer; empty if it does not hold then.
        witnesses: number of its independent sources; 0 if it is derived from other facts or does not hold on that day.
        beginning: its beginning in words, such as *since 2024-07*.
    """

    property: str
    value: str
    since: str
    until: str
    last_confirmed: str
    marks: tuple[str, ...]
    is_disputed: bool
    standing: str = ""
    witnesses: int = 0
    beginning: str = ""

    def notes(self) -> tuple[str, ...]:
        """Modality and scope: its marks, without ``disputed`` and ``inferred``."""
        return tuple(mark for mark in self.marks if mark not in MARKS)


@dataclass(frozen=True)
class Statement:
    """A statement in words, part by part.

    Attributes:
        name: its prefixed name.
        property: the property that it gives a value for, else its class.
        value: the value; usually one.
        manner: modality and scope: whether it is a fact or a plan, for example, and for which part of the subject.
        more: further values by property.
        paraphrases: what the source says, in other words.
        notes: notes, and why it was retracted.
        when: the date that it gives, as coarsely as its source; empty if it gives none.
        is_retracted: whether it is retracted.
        link: see :class:`StatementDescription`.
    """

    iri: str
    name: str
    kind: LinkedText
    subject: LinkedText | None
    property: LinkedText
    value: tuple[LinkedText, ...]
    manner: tuple[LinkedText, ...]
    more: tuple[tuple[LinkedText, tuple[LinkedText, ...]], ...]
    paraphrases: tuple[LinkedText, ...]
    notes: tuple[LinkedText, ...]
    when: str
    source: str
    is_retracted: bool
    link: str

    def describe(self) -> StatementDescription:
        """Returns the statement as texts."""
        further = (f"{name}: {', '.join(map(str, values))}" for name, values in self.more)
        return StatementDescription(
            iri=self.iri,
            name=self.name,
            kind=self.kind.text,
            subject=self.subject.text if self.subject else "",
            property=self.property.text,
            value=" ".join(map(str, self.value)),
            when=self.when,
            qualifiers=(*map(str, self.manner), *further),
            source=self.source,
            retracted=self.is_retracted,
            text=" / ".join(map(str, (*self.paraphrases, *self.notes))),
            link=self.link,
        )


@dataclass(frozen=True)
class Episode:
    """An episode of the history, a fact or a plan in words, part by part.

    Attributes:
        property: the property that it gives a value for.
        value: the value; usually one.
        modality: whether it is a plan, for example; None for a fact.
        scope: the part of the subject to which it applies; None for the whole.
        began: the first day (ISO) on which it held.
        since: the beginning, as precisely as it is known (EDTF).
        until: the first day (ISO) on which it no longer held; empty while it holds.
        last_confirmed: the last day (ISO) for which a source confirms it.
        marks: which of ``disputed`` and ``inferred`` apply.
        standing: how well sources support it on a day; None if it does not hold then.
        witnesses: number of its independent sources; 0 if unknown.
        rule: the rule that derived it from other facts.
        behind: number of statements from which it is derived.
        beginning: its beginning in words, such as *since 2024-07*.
        is_undated: whether only pages without a date report it.
    """

    iri: str
    subject: LinkedText
    property: LinkedText
    value: tuple[LinkedText, ...]
    modality: LinkedText | None
    scope: LinkedText | None
    began: str
    since: str
    until: str
    last_confirmed: str
    marks: tuple[str, ...]
    standing: LinkedText | None
    witnesses: int
    rule: str
    behind: int
    beginning: str
    is_undated: bool

    def holds(self, day: str) -> bool:
        """Returns whether it holds on a day (ISO)."""
        return self.began <= day and (not self.until or self.until > day)

    def describe(self) -> EpisodeDescription:
        """Returns the episode as texts."""
        return EpisodeDescription(
            self.property.text,
            " ".join(map(str, self.value)),
            self.since,
            self.until,
            self.last_confirmed,
            (*(str(part) for part in (self.modality, self.scope) if part), *self.marks),
            DISPUTED in self.marks,
            str(self.standing or ""),
            self.witnesses,
            self.beginning,
        )


def describe(store: Store, statements: Iterable[str], language: str) -> dict[str, StatementDescription]:
    """Describes statements; returns the descriptions by IRI."""
    found = word_statements(Names(store, language), read_properties_of(store, statements))
    return {iri: statement.describe() for iri, statement in found.items()}


def describe_episodes(store: Store, episodes: Iterable[str], language: str, snapshot: Store | None = None) -> dict[str, EpisodeDescription]:
    """Describes episodes by IRI, ordered by property, time and value; with their standing if the snapshot of a day is given."""
    found = word_episodes(Names(store, language), read_properties_of(store, episodes), snapshot)
    return {iri: episode.describe() for iri, episode in found.items()}


def describe_facts(snapshot: Store, iris: Iterable[str], record: Store, language: str) -> dict[str, Episode]:
    """Puts facts and plans of a snapshot, or episodes of the record, into words; returns them by IRI.

    Args:
        snapshot: the store that has them; for episodes, the record.
        record: the store for labels.
    """
    read = read_properties_of(snapshot, iris)
    if snapshot is not record:
        subjects = find_subjects(snapshot, read)
        read = {iri: {**properties, nev("subject"): names_of([subjects[iri]])} for iri, properties in read.items() if iri in subjects}
    return word_episodes(Names(record, language), read)


def word_statements(names: Names, read: Mapping[str, Properties]) -> dict[str, Statement]:
    """Puts statements into words, given their properties; returns them by IRI."""
    from nevkg.lookup.links import find_links  # reads texts, which answers do not

    retractions = read_retractions(names.store, read)
    names.learn(
        term
        for properties in read.values()
        for name, values in properties.items()
        if name in _WORDED or name not in FRAME
        for term in (*names_of([name]), *values)
    )
    links = find_links(names.store, read)
    return {iri: _word_statement(names, iri, properties, retractions.get(iri), links.get(iri, "")) for iri, properties in read.items()}


def _word_statement(names: Names, iri: str, properties: Properties, reasons: Sequence[terms.Term] | None, link: str) -> Statement:
    def texts(name: str) -> tuple[LinkedText, ...]:
        return tuple(names.choose(properties.get(nev(name), ())))

    kind = first(properties, terms.RDF + "type")
    subject, topic = first(properties, nev("subject")), first(properties, nev("property")) or kind
    value = word_figure(names, properties, first(properties, nev("number"))) or texts("value")
    framing = FRAME if value else FRAME | {nev("text")}
    further = (
        (names.thing(name), tuple(names.choose(values)))
        for name, values in properties.items()
        # A statement repeats its subject and property under names of its class.
        if name not in framing and {terms.text(term) for term in values} - {subject, topic}
    )
    return Statement(
        iri=iri,
        name=names.short(iri),
        kind=names.thing(kind),
        subject=names.thing(subject) if subject else None,
        property=names.thing(topic),
        value=value or texts("text"),
        manner=tuple(text for name in ("modality", "scope") for text in texts(name)),
        more=tuple(further),
        paraphrases=texts("paraphrase"),
        notes=(*texts("note"), *names.choose(reasons or ())),
        when=_format_when(properties, names.language),
        source=first(properties, nev("source")),
        is_retracted=reasons is not None,
        link=link,
    )


def word_episodes(names: Names, read: Mapping[str, Properties], snapshot: Store | None = None) -> dict[str, Episode]:
    """Puts episodes, facts or plans into words, given their properties; returns them by IRI, ordered by property, time and value.

    Args:
        read: IRI to properties.
        snapshot: the snapshot of the day for which to give the standing; None for no standing.
    """
    held = read_properties_of(snapshot, read) if snapshot and read else {}
    of_day = {iri: {name: values for name, values in held[iri].items() if name in _OF_DAY} for iri in read if iri in held}
    in_order = sorted(read, key=lambda iri: _place(iri, read[iri]))
    whole: dict[str, Properties] = {iri: {**read[iri], **of_day.get(iri, {})} for iri in in_order}
    names.learn(term for properties in whole.values() for name in _WORDED for term in properties.get(name, ()))
    undated = _find_undated(names.store, {iri: first(properties, nev("since")) for iri, properties in whole.items()})
    return {iri: _word_episode(names, iri, properties, is_undated=iri in undated) for iri, properties in whole.items()}


def _find_undated(store: Store, since: Mapping[str, str]) -> set[str]:
    """Returns the episodes whose beginning is only known to be not after the day on which a page without a date was read.

    Args:
        store: the record.
        since: the beginnings, by the IRIs of the episodes.
    """
    ends = {iri: text.removeprefix("../") for iri, text in since.items() if text.startswith("../")}
    query = f"""SELECT DISTINCT ?episode ?collected WHERE {{
          VALUES ?episode {{ {terms.format_iris(ends)} }}
          ?episode prov:wasDerivedFrom/nev:source ?source .
          ?source nev:collected ?collected .
          FILTER NOT EXISTS {{ ?source nev:latest ?published }}
        }}"""
    rows = entities.rows(store, query) if ends else []
    return {row["episode"] for row in rows if row["collected"] == ends[row["episode"]]}


def _word_episode(names: Names, iri: str, properties: Properties, *, is_undated: bool) -> Episode:
    def text(name: str) -> LinkedText | None:
        values = properties.get(nev(name))
        return names.render(values[0]).plain if values else None

    low, high = first(properties, nev("low")), first(properties, nev("high"))
    values = properties.get(nev("value")) or properties.get(nev("text"), ())
    since = first(properties, nev("since"))
    return Episode(
        iri=iri,
        subject=names.thing(first(properties, nev("subject"))),
        property=names.thing(_topic(properties)),
        value=word_figure(names, properties, low, high) or tuple(names.render(term) for term in values),
        modality=text("modality"),
        scope=text("scope") if adds_words(names.store.layout, names.language, first(properties, nev("scope"))) else None,
        began=first(properties, nev("from")),
        since=since,
        until=first(properties, nev("until")),
        last_confirmed=first(properties, nev("lastConfirmed")),
        marks=tuple(mark for mark in MARKS if nev(mark) in properties),
        standing=text("standing"),
        witnesses=int(first(properties, nev("witnesses")) or 0),
        rule=first(properties, nev("rule")),
        behind=len(properties.get(terms.PROV + "wasDerivedFrom", ())),
        beginning=format_beginning(since, names.language, is_undated=is_undated, silent_since=first(properties, nev("silentSince"))),
        is_undated=is_undated,
    )


def _topic(properties: Properties) -> str:
    """Returns the property that an episode, a fact or, as its metric, a plan gives a value for."""
    return first(properties, nev("property")) or first(properties, nev("metric"))


def _place(iri: str, properties: Properties) -> tuple[object, ...]:
    """Returns the key that sorts episodes by property, time and value."""
    values = properties.get(nev("value")) or properties.get(nev("text"), ())
    value = (isinstance(values[0], Literal), terms.text(values[0])) if values else (False, "")
    return _topic(properties), first(properties, nev("from")), *value, Decimal(first(properties, nev("low")) or 0), iri


def word_figure(names: Names, properties: Properties, low: str, high: str = "") -> tuple[LinkedText, ...]:
    """Returns a number or range with its comparator and unit as one text, such as ``at least 4,321 people``; empty without a number."""
    units = properties.get(nev("unit"), ())
    numbers = [text for text in dict.fromkeys((low, high)) if text]
    if not numbers:
        return ()
    words, before = ({terms.text(term): names.render(term) for term in found} for found in (units, properties.get(nev("comparator"), ())))
    labels, comparators = ({iri: word.text for iri, word in found.items()} for found in (words, before))
    # A number without a unit may be a year.
    text = word_number(names.store.layout, names.language, numbers, labels, comparators) if units else "–".join(numbers)
    if not units:
        text = " ".join(filter(None, ("/".join(sorted(comparators.values())), text)))
    return (LinkedText(text, next((word.language for word in words.values()), "")),)
