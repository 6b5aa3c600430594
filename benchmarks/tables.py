"""Substitution tables of a block for places, letters and days, generated from a seed."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise, zip_longest
from random import Random

from benchmarks.stock import Stock

_VOWELS, _CONSONANTS = "aeiou", "bcdfghjklmnpqrstvwxyz"
_LIKE = 1.5  # maximum ratio of the mentions of two places that are exchanged


def _exchange(random: Random, ranked: Sequence[str], is_allowed: Iterable[bool]) -> dict[str, str]:
    """Exchanges neighbours in a ranking; each permitted pair with a probability of one half."""
    exchanged = {item: item for item in ranked}
    for (item, other), allowed in zip(pairwise(ranked), is_allowed, strict=True):
        if allowed and exchanged[item] == item and random.random() < 0.5:
            exchanged[item], exchanged[other] = other, item
    return exchanged


def substitute_places(stock: Stock, random: Random) -> dict[str, str]:
    """Returns a substitute for each country, city and region that is mentioned about as often.

    Cities and regions are replaced by ones in the substitute of their country.
    """
    places_by_country = stock.places_by_country
    is_allowed = [
        stock.mentions_by_country[country] <= _LIKE * stock.mentions_by_country[other]
        and places_by_country[country].keys() == places_by_country[other].keys()
        for country, other in pairwise(stock.countries)
    ]
    new = _exchange(random, stock.countries, is_allowed)
    for country in stock.countries:
        for kind, places in places_by_country[country].items():
            others = places_by_country[new[country]][kind]
            alike = [stock.mentions[place] <= _LIKE * stock.mentions[other] for place, other in pairwise(others)]
            new |= _pair(places, _exchange(random, others, alike), stock.makers)
    return new | {name: new[place] for name, place in stock.aliases.items()}


def _pair(places: Sequence[str], others: dict[str, str], makers: dict[str, set[str]]) -> dict[str, str]:
    """Returns for each place the other one of the same rank. If there are too few, a rare one in which none of its makers is yet."""
    new: dict[str, str] = {}
    taken: dict[str, set[str]] = {other: set() for other in others.values()}
    for place, other in zip_longest(places, others.values()):
        if place is not None:
            rare = reversed(taken)
            new[place] = other or next(
                (candidate for candidate in rare if not taken[candidate] & makers[place]),
                min(taken, key=lambda candidate: len(taken[candidate])),
            )
            taken[new[place]] |= makers[place]
    return new


def substitute_letters(stock: Stock, random: Random) -> dict[int, str]:
    """Returns a substitute for each letter, vowels for vowels, and for each Chinese character."""
    table: dict[int, str] = {}
    for letters in (_VOWELS, _CONSONANTS):
        mixed = random.sample(letters, len(letters))
        table |= {ord(old): new for old, new in zip(letters, mixed, strict=True)}
        table |= {ord(old.upper()): new.upper() for old, new in zip(letters, mixed, strict=True)}
    mixed = random.sample(stock.ideographs, len(stock.ideographs))
    return table | {ord(old): new for old, new in zip(stock.ideographs, mixed, strict=True)}


def shift_days(stock: Stock, random: Random, years: int) -> dict[str, str]:
    """Returns for each day in the data another one of the same month, some years earlier, in the same order.

    The first and last days of months remain first and last, because they delimit dates of months and years. The days
    of collection do not change, because no fact is later.
    """
    moved: dict[str, str] = {}
    for month, days in stock.days.items():
        year, number = int(month[:4]), int(month[5:])
        last, new_last = monthrange(year, number)[1], monthrange(year - years, number)[1]
        bounds = {1: 1, last: new_last} | {int(day[8:]): int(day[8:]) for day in stock.collected if day[:7] == month}
        days_of_month = dict(bounds)
        for begin, end in pairwise(sorted(bounds)):
            between = [int(day[8:]) for day in days if begin < int(day[8:]) < end]
            room = range(bounds[begin] + 1, bounds[end])
            drawn = sorted(random.sample(room, min(len(between), len(room))))
            drawn += [room[-1]] * (len(between) - len(drawn))  # in the other year, February may not have a 29th day
            days_of_month |= dict(zip(between, drawn, strict=True))
        moved |= {f"{month}-{old:02}": date(year - years, number, new).isoformat() for old, new in days_of_month.items()}
    return moved
