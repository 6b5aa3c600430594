"""Episodes as rows of a history: what held, since when, until when, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nevkg.ask import days
from nevkg.data import terms
from nevkg.lookup.descriptions import MARKS
from nevkg.serve.pages.lookup import Facts, facts_of, first, holds, nev
from nevkg.serve.pages.terms import Names, Shown, number, stretch

# What a snapshot adds to an episode that holds.
_STANDING, _WITNESSES = _OF_DAY = (nev("standing"), nev("witnesses"))


@dataclass(frozen=True)
class Spell:
    """One episode.

    Attributes:
        subject: what it is about.
        property: what it gives a value for.
        value: in pieces, such as comparator, number and unit.
        scope: the part of the subject that it speaks of.
        since: the beginning, as coarsely as it is known.
        until: the first day on which it no longer held; empty while it holds.
        confirmed: the last day for which a source tells it.
        marks: of ``disputed`` and ``inferred`` those that it bears.
        standing: how well sources support it on the day of the page; None if it does not hold then.
        witnesses: how many independent sources it has then; 0 if that is not known.
        behind: how many statements it rests on.
        address: of its own page.
        began: whether it had begun by the day of the page.
        holds: whether it holds on that day.
    """

    subject: Shown
    property: Shown
    value: tuple[Shown, ...]
    scope: Shown | None
    since: str
    until: str
    confirmed: str
    marks: tuple[str, ...]
    standing: Shown | None
    witnesses: int
    behind: int
    address: str | None
    began: bool
    holds: bool


def spells(names: Names, episodes: Mapping[str, Facts], day: str) -> list[Spell]:
    """The episodes, by property and time; what holds comes first.

    Args:
        names: puts terms into words.
        episodes: their facts.
        day: of the page.
    """
    held = facts_of(days.snapshot(names.store, day), episodes) if episodes else {}
    episodes = {iri: {**of, **{name: held[iri][name] for name in _OF_DAY if name in held.get(iri, {})}} for iri, of in episodes.items()}
    names.learn(term for of in episodes.values() for values in of.values() for term in values)
    made = [(_spell(names, iri, of, day), first(of, nev("from")), iri) for iri, of in episodes.items()]
    made.sort(key=lambda one: (not one[0].holds, one[0].property.text.casefold(), one[1], joined(one[0].value).text, one[2]))
    return [spell for spell, *_ in made]


def figure(names: Names, of: Facts, low: str, high: str = "") -> tuple[Shown, ...]:
    """A number with its comparator and unit; nothing if there is none."""
    numbers = [number(text) if nev("unit") in of else text for text in dict.fromkeys((low, high)) if text]
    if not numbers:
        return ()
    comparators, units = ([_plain(names.shown(term)) for term in of.get(nev(name), [])] for name in ("comparator", "unit"))
    return (*comparators, Shown(" – ".join(numbers)), *units)


def _spell(names: Names, iri: str, of: Facts, day: str) -> Spell:
    low, high = first(of, nev("low")), first(of, nev("high"))
    scopes = of.get(nev("scope"), [])
    return Spell(
        subject=names.thing(first(of, nev("subject"))),
        property=names.thing(first(of, nev("property"))),
        value=figure(names, of, low, high) or tuple(names.shown(term) for term in of.get(nev("value"), [])),
        scope=_plain(names.shown(scopes[0])) if scopes else None,
        since=stretch(first(of, nev("since"))),
        until=first(of, nev("until")),
        confirmed=first(of, nev("lastConfirmed")),
        marks=tuple(mark for mark in MARKS if nev(mark) in of),
        standing=_plain(names.shown(of[_STANDING][0])) if _STANDING in of else None,
        witnesses=int(first(of, _WITNESSES) or 0),
        behind=len(of.get(terms.PROV + "wasDerivedFrom", [])),
        address=names.links.of(iri),
        began=first(of, nev("from")) <= day,
        holds=holds(first(of, nev("from")), first(of, nev("until")), day),
    )


def _plain(one: Shown) -> Shown:
    """The words without the link: a line of links is hard to read."""
    return Shown(one.text, one.language)


def joined(value: tuple[Shown, ...]) -> Shown:
    """The pieces of a value as one."""
    return Shown(" ".join(part.text for part in value))
