"""Why an answer is empty: the reason as data, and in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from nevkg.ask.evaluation import find_display_labels
from nevkg.data import terms
from nevkg.data.json_values import CamelCase
from nevkg.lookup import entities
from nevkg.lookup.literals import format_interval
from nevkg.store import Store
from nevkg.table.values import Thing
from nevkg.words import words_of

_IRI = re.compile(r"<([^<>\s]*)>")


@dataclass(frozen=True)
class Namer:
    """Formats terms with the labels of a store, in one language."""

    store: Store
    language: str

    def entity(self, iri: str) -> Thing:
        """Returns an entity with its label."""
        return Thing(iri, find_display_labels(self.store, [iri], self.language)[iri])

    def name(self, term: str) -> Thing | str:
        """Converts a term in N-Triples syntax to an entity or a text."""
        if term.startswith("<"):
            return self.entity(term[1:-1])
        return terms.literal_text(term) if term.startswith('"') else term

    def short(self, text: str) -> str:
        """Replaces the IRIs in a part of a query by short names."""
        spaces = entities.namespaces(self.store)

        def shorten(match: re.Match[str]) -> str:
            name = terms.shorten(match[1], spaces)
            return "a" if match[1] == terms.RDF + "type" else match[0] if name == match[1] else name

        return _IRI.sub(shorten, text)


Kind = Literal["alone", "join", "clause", "modifiers"]


@dataclass(frozen=True)
class Condition(CamelCase):
    """A parameter with values.

    Attributes:
        label: its label.
        values: its values, given or default.
        rows_without: the number of rows without this condition.
        rows_alone: the number of rows with this condition only; None if it was not needed.
    """

    name: str
    label: str
    values: tuple[Thing | str, ...]
    is_default: bool
    rows_without: int
    rows_alone: int | None = None


@dataclass(frozen=True)
class EmptyPattern:
    """A part of a query that has no match or removes all rows.

    Attributes:
        kind: ``alone`` if the data has no match for it; ``join`` if it has none together with the patterns before it;
            ``clause`` if the query has results without it; ``modifiers`` if it follows the pattern, which has matches.
    """

    text: str
    kind: Kind


@dataclass(frozen=True)
class UnknownTerm:
    """A term of a query that occurs neither in the ontology nor in the data, with similar terms."""

    term: str
    near: tuple[str, ...]


@dataclass(frozen=True)
class ClassUse:
    """A class that a variable must be of, and the pattern that requires it."""

    name: str
    pattern: str


@dataclass(frozen=True)
class Clash:
    """A variable of a query that would have to be of two disjoint classes."""

    variable: str
    one: ClassUse
    other: ClassUse


@dataclass(frozen=True)
class OtherDay:
    """The number of rows on another day; None if there are some and they were not counted."""

    day: str
    rows: int | None


@dataclass(frozen=True)
class FactAtOtherTime:
    """A fact that would match but holds at another time; dates as sources state them, and ``until`` is the first day after."""

    subject: Thing
    property: Thing
    value: Thing
    since: str
    until: str


@dataclass(frozen=True)
class PlannedFigure:
    """A figure that is planned, targeted or forecast."""

    subject: Thing
    metric: Thing
    modality: Thing
    value: str
    reported: str


@dataclass(frozen=True)
class Coverage:
    """What is known of an entity that the question names.

    Attributes:
        sources: the number of sources that mention it, or what belongs to it.
        newest: the date of the newest of these; empty if none has a date.
        plans: the plans for it, or for what belongs to it.
    """

    entity: Thing
    sources: int
    newest: str
    plans: tuple[PlannedFigure, ...]


@dataclass(frozen=True)
class Reason(CamelCase):
    """Why an answer has no rows.

    Attributes:
        text: the reason in words.
        language: the language of labels and of the text.
        conditions: the parameters of the question that have values.
        rows_without_any: the number of rows without any of them; None if it was not needed.
        unknown: terms of the query that occur neither in the ontology nor in the data.
        clashes: variables that no entity can stand for.
        patterns: parts of the query that have no match or remove all rows.
        days: the numbers of rows on other days.
        episodes: facts that would match but hold at another time, the nearest first; at most 3.
        more_episodes: the number of further episodes.
        coverage: what is known of the entities that the query names.
        less_certain: the rows that the question leaves out because they are not well supported, in words; empty if there are none.
    """

    text: str = field(init=False)
    language: str
    conditions: tuple[Condition, ...] = ()
    rows_without_any: int | None = None
    unknown: tuple[UnknownTerm, ...] = ()
    clashes: tuple[Clash, ...] = ()
    patterns: tuple[EmptyPattern, ...] = ()
    days: tuple[OtherDay, ...] = ()
    episodes: tuple[FactAtOtherTime, ...] = ()
    more_episodes: int = 0
    coverage: tuple[Coverage, ...] = ()
    less_certain: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", _ReasonWriter(self.language).write(self))

    def __str__(self) -> str:
        return self.text


_NAMED = 3
# A text that depends on a number has two forms, separated by "|": for one, and for other numbers.
_WORDS = words_of("ask.emptiness.reason")


def warn(unknown: Sequence[UnknownTerm], language: str) -> str:
    """Returns the sentences about unknown terms."""
    return _ReasonWriter(language).warn(unknown)


class _ReasonWriter:
    """Puts a reason into words of one language."""

    def __init__(self, language: str) -> None:
        self._language, self._words = language, _WORDS[language]

    def write(self, reason: Reason) -> str:
        if reason.less_certain:
            return self._words["gap"].join([reason.less_certain, *self._days(reason)])
        sentences = [
            *self._conditions(reason.conditions, reason.rows_without_any),
            *(self._say("clash", variable=clash.variable, one=clash.one, other=clash.other) for clash in reason.clashes),
            *self._query(reason.unknown, reason.patterns),
            *self._days(reason),
            *self._episodes(reason.episodes, reason.more_episodes),
            *(sentence for coverage in reason.coverage for sentence in self._coverage(coverage)),
            *([self._say("end")] if self._is_nothing_known(reason) else []),
        ]
        return self._words["gap"].join(sentences)

    def _is_nothing_known(self, reason: Reason) -> bool:
        """Whether sources say nothing; a misspelt or impossible query, or one cut off by modifiers, does not show what they say."""
        if reason.conditions and (reason.episodes or any(other.rows for other in reason.days)):
            return False
        return not (reason.unknown or reason.clashes or "modifiers" in {pattern.kind for pattern in reason.patterns})

    def warn(self, unknown: Sequence[UnknownTerm]) -> str:
        return self._words["gap"].join(self._query(unknown, ()))

    def _say(self, key: str, number: int = 2, /, **parts: object) -> str:
        one, _, several = self._words[key].partition("|")
        return (one if number == 1 or not several else several).format(**parts)

    def _rows(self, count: int) -> str:
        return self._say("rows", count, count=count)

    def _list(self, parts: Sequence[str], last: str = "and") -> str:
        *first, end = parts
        return f"{self._words['comma'].join(first)}{self._words[last]}{end}" if first else end

    def _condition(self, condition: Condition) -> str:
        label = condition.label[:1].lower() + condition.label[1:]
        return self._say("default" if condition.is_default else "condition", values=self._values(condition), label=label)

    def _values(self, condition: Condition) -> str:
        return self._list([str(value) for value in condition.values], "or")

    def _conditions(self, conditions: Sequence[Condition], whole: int | None) -> Iterator[str]:
        if not conditions:
            return
        decisive = [condition for condition in conditions if condition.rows_without]
        named = [condition for condition in conditions if not condition.is_default or condition in decisive] or conditions
        every = self._list([self._condition(condition) for condition in named])
        if len(named) < len(conditions):
            every = self._say("defaults", conditions=every)
        if decisive and len(conditions) == 1:
            count = decisive[0].rows_without
            yield self._say("nothing", conditions=every) + self._say("without it", count, rows=self._rows(count))
        elif decisive:
            parts = [
                self._say("without one", condition.rows_without, values=self._values(condition), rows=self._rows(condition.rows_without))
                for condition in decisive
            ]
            yield self._say("nothing", conditions=every) + self._say("without", parts=self._words["also"].join(parts))
        elif whole:
            alone = [self._condition(condition) for condition in conditions if condition.rows_alone == 0]
            yield self._say("alone", len(alone), conditions=self._list(alone)) if alone else self._say("not one", conditions=every)
            yield self._say("without any", whole, rows=self._rows(whole))
        else:
            yield self._say("never", conditions=every)

    def _query(self, unknown: Sequence[UnknownTerm], patterns: Sequence[EmptyPattern]) -> Iterator[str]:
        for term in unknown:
            yield self._say("unknown", term=term.term)
            if term.near:
                yield self._say("near", names=self._list(term.near, "or"))
        for pattern in patterns:
            yield self._say(f"pattern {pattern.kind}", text=pattern.text)

    def _days(self, reason: Reason) -> Iterator[str]:
        for other in reason.days:
            if other.rows is None:
                yield self._say("some day", day=other.day)
            elif other.rows:
                yield self._say("day", other.rows, day=other.day, rows=self._rows(other.rows))
            else:
                yield self._say("no day", day=other.day)

    def _episodes(self, episodes: Sequence[FactAtOtherTime], more: int) -> Iterator[str]:
        if episodes:
            text = self._words["semicolon"].join(self._episode(episode) for episode in episodes)
            yield self._say("episodes", episodes=text + (self._words["more"].format(more) if more else ""))

    def _episode(self, fact: FactAtOtherTime) -> str:
        time = self._say("since until" if fact.until else "since", since=format_interval(fact.since, self._language), until=fact.until)
        return self._say("episode", subject=fact.subject, property=fact.property, value=fact.value, time=time)

    def _coverage(self, coverage: Coverage) -> Iterator[str]:
        if coverage.plans:
            subjects = list(dict.fromkeys(str(plan.subject) for plan in coverage.plans))
            shown = self._words["comma"].join(subjects[:_NAMED]) + (" …" if len(subjects) > _NAMED else "")
            yield self._say("plans", len(coverage.plans), count=len(coverage.plans), entity=coverage.entity, subjects=shown)
        key = "no sources" if not coverage.sources else "sources" if coverage.newest else "undated"
        yield self._say(key, coverage.sources, count=coverage.sources, entity=coverage.entity, newest=coverage.newest)
