"""Statistics of the shipped data, from which variants are drawn: mentions of places, days, greatest figures."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import cached_property

from benchmarks.parts import PLACE, PROPERTY, SUBJECT, TYPE, VALUE, Shipped
from pyoxigraph import Literal, NamedNode

from nevkg.data import merges, terms

NAMES = {*terms.LABELS, *terms.ALIASES}
NUMBER = terms.NEV + "number"
DATE = terms.XSD + "date"
OUR_DAYS = {terms.NEV + "collected", terms.NEV + "decided"}  # dates of the curators' work, which are not shifted
DAYS_IN_NAMES = re.compile(r"(?<!\d)((?:19|20)\d\d)(-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))?(?!\d)")
_IN_COUNTRY = terms.NEV + "inCountry"
_COUNTRY = terms.NEV + "Country"
_MAKER = terms.NEV + "maker"
_LOCATED_IN = terms.NEV + "locatedIn"
_IDEOGRAPHS = range(0x4E00, 0xA000)


class Stock:
    """The values from which a block draws its substitutes, such as places by number of mentions."""

    def __init__(self, shipped: Shipped) -> None:
        self._shipped = shipped
        self._said = [quad for quads in shipped.sources.values() for quad in quads]
        # Two names of the same place must become two names of the same substitute.
        self.same = {name: place for name, place in merges.read_merges(shipped.stays.registry).items() if name.startswith(PLACE)}
        self.spoken_of = Counter(
            self.same.get(one, one) for quad in self._said if isinstance(quad.object, NamedNode) for one in (quad.object.value,)
        )

    @cached_property
    def inside(self) -> dict[str, dict[str, list[str]]]:
        """Country to class to cities and regions in it, most mentioned first."""
        facts = {(terms.text(quad.subject), quad.predicate): terms.text(quad.object) for quad in self._shipped.stays.registry}
        country = {thing: value for (thing, name), value in facts.items() if name.value == _IN_COUNTRY}
        found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for place in sorted(country, key=lambda place: (-self.spoken_of[place], place)):
            if place not in self.same:
                found[country[place]][facts[place, TYPE]].append(place)
        return found

    @cached_property
    def uses(self) -> Counter[str]:
        """The number of mentions of each country and the places in it."""
        countries = {terms.text(quad.subject) for quad in self._shipped.stays.registry if terms.text(quad.object) == _COUNTRY}
        within = {one: sum(self.spoken_of[place] for places in self.inside[one].values() for place in places) for one in sorted(countries)}
        return Counter({one: self.spoken_of[one] + more for one, more in within.items()})

    @cached_property
    def countries(self) -> list[str]:
        """The countries, most mentioned first."""
        return sorted(self.uses, key=lambda one: (-self.uses[one], one))

    @cached_property
    def makers(self) -> dict[str, set[str]]:
        """Place to the makers that have plants there."""
        told: dict[str, dict[str, set[str]]] = {_MAKER: defaultdict(set), _LOCATED_IN: defaultdict(set)}
        for said in self._shipped.said.values():
            facts = {quad.predicate: terms.text(quad.object) for quad in said}
            if facts.get(PROPERTY) in told:
                told[facts[PROPERTY]][facts[SUBJECT]].add(facts[VALUE])
        found: dict[str, set[str]] = defaultdict(set)
        for plant, places in told[_LOCATED_IN].items():
            for place in places:
                found[self.same.get(place, place)] |= told[_MAKER][plant]
        return found

    @cached_property
    def days(self) -> dict[str, list[str]]:
        """Month to the days in it that occur as values or in names."""
        of_things = [quad for quads in self._shipped.things.values() for quad in quads]
        literals = [quad.object for quad in (*self._said, *of_things) if isinstance(quad.object, Literal)]
        told = {literal.value for literal in literals if literal.datatype.value == DATE}
        names = [
            *self._shipped.things,
            *self._shipped.sources,
            *(terms.text(quad.object) for quad in of_things if quad.predicate.value in NAMES),
        ]
        told |= {found.group() for name in names for found in DAYS_IN_NAMES.finditer(name) if found[2]}
        months: dict[str, list[str]] = defaultdict(list)
        for day in sorted(told):
            months[day[:7]].append(day)
        return months

    @cached_property
    def collected(self) -> set[str]:
        """The days on which facts were collected. No fact is shifted beyond them."""
        return {terms.text(quad.object) for quad in self._said if quad.predicate.value in OUR_DAYS}

    @cached_property
    def greatest(self) -> tuple[dict[tuple[str, str], float], dict[tuple[str, str, str], float]]:
        """The greatest number for each metric and unit, and for each entity, metric and unit."""
        of_metric: dict[tuple[str, str], float] = defaultdict(float)
        of_thing: dict[tuple[str, str, str], float] = defaultdict(float)
        for said in self._shipped.said.values():
            facts = {quad.predicate.value: terms.text(quad.object) for quad in said}
            if NUMBER in facts:
                thing, metric, unit = measured(facts)
                size = abs(float(facts[NUMBER]))
                of_metric[metric, unit] = max(of_metric[metric, unit], size)
                of_thing[thing, metric, unit] = max(of_thing[thing, metric, unit], size)
        return of_metric, of_thing

    @cached_property
    def ideographs(self) -> list[str]:
        """The Chinese characters in names."""
        names = [terms.text(quad.object) for quads in self._shipped.things.values() for quad in quads if quad.predicate.value in NAMES]
        return sorted({letter for name in names for letter in name if ord(letter) in _IDEOGRAPHS})


def measured(facts: dict[str, str]) -> tuple[str, str, str]:
    """Returns the subject, the metric and the unit of a figure."""
    return facts[terms.NEV + "subject"], facts.get(terms.NEV + "metric", ""), facts.get(terms.NEV + "unit", "")
