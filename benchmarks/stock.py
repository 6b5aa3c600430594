"""Statistics of the shipped data, from which variants are drawn: mentions of places, days, greatest figures."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import cached_property

from benchmarks.parts import PLACE, PROPERTY, SUBJECT, TYPE, VALUE, Shipped
from pyoxigraph import Literal, NamedNode

from nevkg.data import dataset, terms

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
        self.aliases = {name: place for name, place in dataset.read_merges(shipped.fixed.registry).items() if name.startswith(PLACE)}
        self.mentions = Counter(
            self.aliases.get(iri, iri) for quad in self._said if isinstance(quad.object, NamedNode) for iri in (quad.object.value,)
        )

    @cached_property
    def places_by_country(self) -> dict[str, dict[str, list[str]]]:
        """Country to class to cities and regions in it, most mentioned first."""
        facts = {(terms.text(quad.subject), quad.predicate): terms.text(quad.object) for quad in self._shipped.fixed.registry}
        country = {iri: value for (iri, name), value in facts.items() if name.value == _IN_COUNTRY}
        places: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for place in sorted(country, key=lambda place: (-self.mentions[place], place)):
            if place not in self.aliases:
                places[country[place]][facts[place, TYPE]].append(place)
        return places

    @cached_property
    def mentions_by_country(self) -> Counter[str]:
        """The number of mentions of each country and the places in it."""
        countries = {terms.text(quad.subject) for quad in self._shipped.fixed.registry if terms.text(quad.object) == _COUNTRY}
        within = {
            country: sum(self.mentions[place] for places in self.places_by_country[country].values() for place in places)
            for country in sorted(countries)
        }
        return Counter({country: self.mentions[country] + more for country, more in within.items()})

    @cached_property
    def countries(self) -> list[str]:
        """The countries, most mentioned first."""
        return sorted(self.mentions_by_country, key=lambda country: (-self.mentions_by_country[country], country))

    @cached_property
    def makers(self) -> dict[str, set[str]]:
        """Place to the makers that have plants there."""
        values: dict[str, dict[str, set[str]]] = {_MAKER: defaultdict(set), _LOCATED_IN: defaultdict(set)}
        for quads in self._shipped.by_subject.values():
            facts = {quad.predicate: terms.text(quad.object) for quad in quads}
            if facts.get(PROPERTY) in values:
                values[facts[PROPERTY]][facts[SUBJECT]].add(facts[VALUE])
        makers: dict[str, set[str]] = defaultdict(set)
        for plant, places in values[_LOCATED_IN].items():
            for place in places:
                makers[self.aliases.get(place, place)] |= values[_MAKER][plant]
        return makers

    @cached_property
    def days(self) -> dict[str, list[str]]:
        """Month to the days in it that occur as values or in names."""
        entity_quads = [quad for quads in self._shipped.entities.values() for quad in quads]
        literals = [quad.object for quad in (*self._said, *entity_quads) if isinstance(quad.object, Literal)]
        days = {literal.value for literal in literals if literal.datatype.value == DATE}
        names = [
            *self._shipped.entities,
            *self._shipped.sources,
            *(terms.text(quad.object) for quad in entity_quads if quad.predicate.value in NAMES),
        ]
        days |= {match.group() for name in names for match in DAYS_IN_NAMES.finditer(name) if match[2]}
        months: dict[str, list[str]] = defaultdict(list)
        for day in sorted(days):
            months[day[:7]].append(day)
        return months

    @cached_property
    def collected(self) -> set[str]:
        """The days on which facts were collected. No fact is shifted beyond them."""
        return {terms.text(quad.object) for quad in self._said if quad.predicate.value in OUR_DAYS}

    @cached_property
    def maxima(self) -> tuple[dict[tuple[str, str], float], dict[tuple[str, str, str], float]]:
        """The greatest number for each metric and unit, and for each entity, metric and unit."""
        of_metric: dict[tuple[str, str], float] = defaultdict(float)
        of_entity: dict[tuple[str, str, str], float] = defaultdict(float)
        for quads in self._shipped.by_subject.values():
            facts = {quad.predicate.value: terms.text(quad.object) for quad in quads}
            if NUMBER in facts:
                entity, metric, unit = figure_key(facts)
                size = abs(float(facts[NUMBER]))
                of_metric[metric, unit] = max(of_metric[metric, unit], size)
                of_entity[entity, metric, unit] = max(of_entity[entity, metric, unit], size)
        return of_metric, of_entity

    @cached_property
    def ideographs(self) -> list[str]:
        """The Chinese characters in names."""
        names = [terms.text(quad.object) for quads in self._shipped.entities.values() for quad in quads if quad.predicate.value in NAMES]
        return sorted({letter for name in names for letter in name if ord(letter) in _IDEOGRAPHS})


def figure_key(facts: dict[str, str]) -> tuple[str, str, str]:
    """Returns the subject, the metric and the unit of a figure."""
    return facts[terms.NEV + "subject"], facts.get(terms.NEV + "metric", ""), facts.get(terms.NEV + "unit", "")
