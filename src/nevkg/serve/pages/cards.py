"""The card of an entity on its page: what matters for its class, and links to the questions that say more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nevkg.ask.card import Card, CardField, CardValue, Link
from nevkg.lookup.descriptions import DISPUTED, MARKS
from nevkg.lookup.intervals import format_interval
from nevkg.serve.pages.address import is_web_url
from nevkg.serve.pages.terms import LinkedText, Names
from nevkg.table.values import Thing


@dataclass(frozen=True)
class Section:
    """A part of a page: the template macro that renders it, its heading (a key of the texts), and its content."""

    kind: str
    title: str
    content: object


@dataclass(frozen=True)
class Line:
    """A value of a field, or a number and its parts.

    Attributes:
        value: the value.
        since: the beginning; empty if unknown.
        notes: modality and scope, or the parts of the number.
        marks: which of ``disputed`` and ``inferred`` apply.
        standing: how well it is supported, in words; empty if unknown.
        witnesses: number of independent sources; 0 if unknown.
        evidence: address of the statement or episode that supports it; None if there is none.
    """

    value: LinkedText
    since: str = ""
    notes: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    standing: str = ""
    witnesses: int = 0
    evidence: str | None = None


@dataclass(frozen=True)
class CardContent:
    """The fields of a card, each with its label and lines, and the labels of fields without a value."""

    fields: Sequence[tuple[str, Sequence[Line]]]
    missing: Sequence[str]


def card_sections(names: Names, card: Card) -> Iterator[Section]:
    """Yields the card, and the questions with the entity filled in."""
    if card.fields or card.missing:
        yield Section("card", "card", CardContent(card_fields(names, card), card.missing))
    yield Section("links", "more", [LinkedText(one.title, "", _address(names, one)) for one in card.sections])


def card_fields(names: Names, card: Card) -> list[tuple[str, Sequence[Line]]]:
    """Returns the label and the lines of each field."""
    return [(one.label, _lines(names, one)) for one in card.fields]


def _lines(names: Names, field: CardField) -> list[Line]:
    count = field.count
    if count is None:
        return [_line(names, one) for one in field.values]
    parts = (f"{label}: {' · '.join(f'{value} {number:,}' for value, number in several)}" for label, several in count.parts)
    return [Line(LinkedText(f"{count.total:,}", "", _address(names, count.link)), notes=tuple(parts))]


def _line(names: Names, one: CardValue) -> Line:
    spell = one.spell
    evidence = names.links.of(one.evidence[0]) if one.evidence else None
    if spell is None:
        return Line(_text(names, one.value), evidence=evidence)
    notes = tuple(mark for mark in spell.marks if mark not in MARKS)
    marks = tuple(mark for mark in MARKS if mark in spell.marks)
    standing = "" if DISPUTED in marks else spell.standing
    return Line(_text(names, one.value), format_interval(spell.since, names.language), notes, marks, standing, spell.witnesses, evidence)


def _text(names: Names, value: Thing | str) -> LinkedText:
    if isinstance(value, Thing):
        return LinkedText(value.label, "", names.links.of(value.iri))
    return LinkedText(value, "", value, is_outside=True) if is_web_url(value) else LinkedText(format_interval(value, names.language))


def _address(names: Names, link: Link) -> str:
    """Returns the address of the page of a question with its parameters; pages keep the day that the address requests."""
    return names.links.to(f"/questions/{link.question}", link.given)
