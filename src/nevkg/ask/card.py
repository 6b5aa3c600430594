"""The card of an entity: what matters for its class, with evidence, and the questions that say more."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from nevkg.ask import days
from nevkg.ask.answer import Answer
from nevkg.ask.arguments import ANYTHING
from nevkg.ask.card_files import FACT, FIELD, LABEL, THIS, VALUE, CardFile, ColumnCount, FieldSpec, QuestionReference, load_cards
from nevkg.ask.catalogue import RECORD, SNAPSHOT
from nevkg.ask.evaluation import find_display_labels
from nevkg.ask.roles import View
from nevkg.ask.stories import FigureReader
from nevkg.data import terms
from nevkg.data.json_values import OPTIONAL, CamelCase, Day
from nevkg.lookup import descriptions, entities, search, sources, statements
from nevkg.lookup.descriptions import EpisodeDescription
from nevkg.lookup.sources import describe_sources
from nevkg.store import Store
from nevkg.table.values import Thing, Value, each, to_machine_text, to_text
from nevkg.words import words_of

_DAY = "day"
_WORDS = words_of("punctuation")
_EARLIER = re.compile(r"^(\d+) months earlier$")


@dataclass(frozen=True)
class CardValue:
    """One value of a field.

    Attributes:
        value: the value: an entity, or a text.
        fact: the fact that has it, in words, with period and standing; None if it is not a fact of a source.
        evidence: IRIs of the statements or episodes that support it.
        rank: the rank of its standing, from 0 for the best; None if it has none.
    """

    value: Thing | str
    fact: EpisodeDescription | None
    evidence: tuple[str, ...]
    rank: int | None = None


@dataclass(frozen=True)
class QuestionLink(CamelCase):
    """A question with the values of its parameters, and how to show its answer.

    Attributes:
        question: the name of the question.
        title: its title.
        parameters: the values of its parameters.
        has_day: whether it also takes ``as_of``.
        view: the view.
        sort: the column by which a table is sorted, with a minus for the greatest first; empty for its own order.
        columns: the columns of a table; if empty, the most important ones.
    """

    question: str
    title: str
    parameters: Mapping[str, Sequence[str]]
    has_day: bool
    view: View
    sort: str = ""
    columns: Sequence[str] = ()


@dataclass(frozen=True)
class ValueCount:
    """A value and how often it occurs."""

    value: Thing | str
    count: int


@dataclass(frozen=True)
class ColumnCounts:
    """The values of a column, the most frequent first."""

    label: str
    values: Sequence[ValueCount]


@dataclass(frozen=True, kw_only=True)
class Count(QuestionLink):
    """A number of values, and the question that counts them.

    Attributes:
        total: the number.
        parts: the number for each value of other columns of the answer.
    """

    total: int
    parts: Sequence[ColumnCounts]


@dataclass(frozen=True)
class CardField:
    """A field of a card.

    Attributes:
        name: its name.
        label: its label.
        values: its values, best supported first.
        count: the number of its values, if a question gives that instead.
    """

    name: str
    label: str
    values: Sequence[CardValue]
    count: Count | None = field(default=None, metadata=OPTIONAL)

    @property
    def is_empty(self) -> bool:
        """Whether there is no value."""
        return not self.values and not (self.count and self.count.total)


@dataclass(frozen=True)
class Card(CamelCase):
    """The card of an entity.

    Attributes:
        name: the prefixed name.
        label: the label, or the title of a source.
        kinds: the most specific classes.
        called: other labels and aliases.
        summary: sentences that say the most important; empty if its card file has none.
        card: the name of its card file; empty for the general one.
        as_of: the day that it is for.
        fields: the fields that have a value.
        missing: the labels of the other fields, except optional ones.
        sections: the questions that say more.
    """

    iri: str
    name: str
    label: str
    kinds: Sequence[str]
    called: Sequence[str]
    summary: str
    card: str
    as_of: Day
    fields: Sequence[CardField]
    missing: Sequence[str]
    sections: Sequence[QuestionLink]


def read_card(store: Store, iri: str, language: str, day: str | None = None) -> Card:
    """Returns the card of an entity on a day; by default, on the date of the dataset."""
    return _Reader(store, iri, language, day).read()


class _Reader:
    def __init__(self, store: Store, iri: str, language: str, day: str | None) -> None:
        self.store, self.iri, self.language, self.day = store, iri, language, day
        self.as_of = day or entities.dataset_date(store)
        self.snapshot = days.snapshot(store, self.as_of)
        self.spaces = entities.namespaces(store)
        self.name = terms.shorten(iri, self.spaces)
        self._figures = FigureReader(store, language, self.as_of)
        types = entities.rows(self.snapshot, f"SELECT ?type WHERE {{ <{iri}> rdf:type ?type }}")
        self._types = entities.with_superclasses(store, (row["type"] for row in types))

    def read(self) -> Card:
        every = load_cards(self.store.layout)
        own = next((file for file in every if self._types.intersection(file.classes)), None)
        general = [] if own and own.is_alone else [value for value in every if not value.classes]
        files = [*([own] if own else []), *general]
        fields = self._fields(own) if own else []
        named, called = self._names()
        return Card(
            iri=self.iri,
            name=self.name,
            label=named,
            kinds=search.find_kinds(days.view(self.store, self.day), [self.iri], self.language).get(self.iri, []),
            called=called,
            summary=self._summarise(own, named, [made for _, made in fields]) if own else "",
            card=own.name if own else "",
            as_of=self.as_of,
            fields=[made for _, made in fields if not made.is_empty],
            missing=[made.label for declared, made in fields if made.is_empty and not declared.is_optional],
            sections=[self._link(section) for file in files for section in file.sections if self._fits(section)],
        )

    def _summarise(self, file: CardFile, label: str, fields: Sequence[CardField]) -> str:
        """Returns the sentences of a card file about the entity."""
        values: dict[str, str | int] = {field.name: str(field.values[0].value) for field in fields if field.values}
        values[LABEL] = label
        sentences = []
        for alternatives in file.summary:
            for template in alternatives:
                about_this = {
                    name: replace(figure, values=self._given(figure.values, typed=True)) for name, figure in template.figures.items()
                }
                own = {name: self._figures.measure(figure) for name, figure in about_this.items()}
                if sentence := template.fill(self.language, values | own):
                    sentences.append(sentence)
                    break
        return _WORDS[self.language]["gap"].join(sentences)

    def _names(self) -> tuple[str, list[str]]:
        """Returns the label, or title, and the other labels and aliases."""
        properties = terms.format_path((*terms.LABELS, *terms.ALIASES))
        every = [row["name"] for row in entities.rows(self.store, f"SELECT DISTINCT ?name WHERE {{ <{self.iri}> {properties} ?name }}")]
        label = self._label([self.iri])[self.iri]
        return label, sorted(name for name in every if name != label)

    def _label(self, iris: Iterable[str]) -> dict[str, str]:
        wanted = set(iris)
        documents = {iri for iri in wanted if iri.startswith(terms.SOURCE)}
        titles = {source.iri: source.title for source in describe_sources(self.store, documents, self.language)} if documents else {}
        return find_display_labels(self.store, wanted, self.language) | {iri: title for iri, title in titles.items() if title}

    def _fields(self, file: CardFile) -> list[tuple[FieldSpec, CardField]]:
        values = self._values(file)
        fitting = [declared for declared in file.fields if declared.tally is None or self._fits(declared.tally.reference)]
        return [
            (
                declared,
                CardField(
                    declared.name,
                    declared.label[self.language],
                    _without(values.get(declared.name, ()), values.get(declared.beside, ())),
                    self._count(declared.tally) if declared.tally else None,
                ),
            )
            for declared in fitting
        ]

    def _values(self, file: CardFile) -> dict[str, list[CardValue]]:
        """Returns the values that the query of a file gives for each field, best supported first."""
        if file.query is None:
            return {}
        found = self._figures.ask(file.query, {THIS: [f"<{self.iri}>"]})
        names, shown, fact = (found[name] for name in (FIELD, VALUE, FACT))
        iris = [value.iri if isinstance(value, Thing) else "" for value in fact]
        facts = {iri for iri in iris if iri}
        source = self.store if file.query.over == RECORD else self.snapshot
        words = descriptions.describe_facts(source, facts, self.store, self.language) if facts else {}
        standings = statements.find_standings(self.snapshot, facts)
        ladder = statements.rank_standings(self.store)
        labels = self._label(value.iri for value in shown if isinstance(value, Thing))
        made: dict[str, list[tuple[tuple[int, int], int, CardValue]]] = {}
        for number, (value, iri) in enumerate(zip(shown, iris, strict=True)):
            spell = words[iri].describe() if iri in words else None
            if value is None and spell is None:
                continue
            rests = found[number].evidence(VALUE)
            standing = standings.get(iri, statements.UNKNOWN)
            rank = ladder.index(standing.iri) if standing.iri in ladder else None
            card_value = CardValue(self._show(value, labels, spell), spell, rests or ((iri,) if iri else ()), rank)
            made.setdefault(to_text(names[number]), []).append((standing.order, number, card_value))
        return {name: _distinct([value for *_, value in sorted(several, key=lambda ranked: ranked[:2])]) for name, several in made.items()}

    def _show(self, value: Value, labels: Mapping[str, str], spell: EpisodeDescription | None) -> Thing | str:
        """Returns an entity with its label, or any other value as text; a fact without a value has it in its words."""
        if isinstance(value, Thing) and value.iri.startswith(terms.BASE):
            return Thing(value.iri, labels[value.iri])
        text = spell.value if spell and value is None else to_text(value)
        return sources.find_addresses(self.store).get(text, text)

    def _fits(self, reference: QuestionReference) -> bool:
        """Returns whether the entity is of the type of each parameter that it is to be the value of."""
        kinds = [reference.question.parameter(name).type for name, texts in reference.given.items() if THIS in texts]
        return all(kind == ANYTHING or terms.expand(kind, self.spaces) in self._types for kind in kinds)

    def _count(self, tally: ColumnCount) -> Count:
        answer = self._figures.ask(tally.reference.question, self._given(tally.reference.given, typed=True))
        total = len({value for cell in answer[tally.column] for value in each(cell)})
        return Count(**vars(self._link(tally.reference)), total=total, parts=[self._part(answer, tally, column) for column in tally.by])

    def _part(self, answer: Answer, tally: ColumnCount, column: str) -> ColumnCounts:
        """Returns how many values there are for each value of another column, the most frequent first."""
        found: dict[Any, set[Any]] = {}
        for by, counted in zip(answer[column], answer[tally.column], strict=True):
            for value in each(by):
                found.setdefault(value, set()).update(each(counted))
        counts = [ValueCount(value, len(values)) for value, values in found.items() if values]
        label = answer.columns[answer.position(column)].label.get(self.language, column)
        return ColumnCounts(label, sorted(counts, key=lambda count: (-count.count, to_machine_text(count.value))))

    def _given(self, given: Mapping[str, Sequence[str]], *, typed: bool = False) -> dict[str, list[str]]:
        """Returns the values of parameters for this entity: short names for a link, or IRIs in angle brackets if ``typed``."""
        own = f"<{self.iri}>" if typed else self.name

        def fill(text: str) -> str:
            if text == THIS:
                return own
            if text == _DAY:
                return self.as_of
            earlier = _EARLIER.match(text)
            return _months_before(self.as_of, int(earlier[1])) if earlier else text

        return {name: [fill(text) for text in texts] for name, texts in given.items()}

    def _link(self, reference: QuestionReference) -> QuestionLink:
        question = reference.question
        return QuestionLink(
            question.name,
            reference.title[self.language],
            self._given(reference.given),
            question.over == SNAPSHOT,
            reference.view,
            reference.sort,
            reference.columns,
        )


def _without(values: Sequence[CardValue], others: Sequence[CardValue]) -> list[CardValue]:
    """Leaves out the values that another field has."""
    known = {other.value for other in others}
    return [value for value in values if value.value not in known]


def _distinct(values: Iterable[CardValue]) -> list[CardValue]:
    """Removes repetitions of the same value with the same words."""
    return list({(value.value, str(value.fact)): value for value in reversed(list(values))}.values())[::-1]


def _months_before(day: str, months: int) -> str:
    when = date.fromisoformat(day)
    month = when.year * 12 + when.month - 1 - months
    return date(month // 12, month % 12 + 1, min(when.day, 28)).isoformat()
