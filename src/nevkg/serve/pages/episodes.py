"""Episodes as rows of a history: the value, its period, and how well it is supported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nevkg.ask import days
from nevkg.data import terms
from nevkg.lookup.descriptions import MARKS, format_number
from nevkg.lookup.intervals import format_interval
from nevkg.serve.pages.lookup import Facts, facts_of, first, holds, nev
from nevkg.serve.pages.terms import LinkedText, Names

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
