"""Entities that texts describe instead of naming them: a text speaks of a company's plant in a city, not of the plant's name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from nevkg.contribute.cells import slug
from nevkg.contribute.registry import Registry
from nevkg.contribute.table_format import TableFormat
from nevkg.propose.entity_names import DESCRIBED, PART, TOPIC, Kind, Roles
from nevkg.propose.new_organizations import OrganizationName
from nevkg.propose.readings import Reading
from nevkg.propose.stated import Stated
from nevkg.reading.people import sound_alike
from nevkg.reading.spans import TextSpan

# How much a relation that a text and the data share counts, one that they do not share, and the same area.
_SAME_PLACE, _OTHER_PLACE, _SAME_AREA = 3, -2, 1

_LATIN = re.compile(r"[A-Za-z]")

Relations = Mapping[str, Mapping[str, frozenset[str]]]


@dataclass(frozen=True)
class Description(TextSpan):
    """An entity that a text describes.

    Attributes:
        related: kind to local name of the entities that it is related to, in this text or, if there is one only, in the data.
        is_vague: whether the text gives an area, but no place in it.
    """

    kind: str
    local: str
    name: str
    related: Mapping[str, str]
    is_known: bool
    is_vague: bool = False


def find_relations(
    stated: Iterable[Stated], kinds: Mapping[str, Kind], readings: Iterable[Reading], tables: Mapping[str, TableFormat], registry: Registry
) -> Relations:
    """Returns, for each entity that a text may describe, the entities that some source relates it to.

    Only relations that a description gives count: those of the table that the readings of its noun fill.

    Returns:
        local name of the entity to kind to local names. A place has that of its area, too.
    """
    described = [kind for kind in kinds.values() if kind.role == DESCRIBED]
    own = {reading.table for reading in readings if reading.cue in {f"noun={kind.name}" for kind in described}}
    properties = {name for table in own for rule in tables[table].rules if rule.makes == "statement" for name, _ in rule.properties}
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    parts = [(name, kind) for name, kind in kinds.items() if kind.role == PART]
    for statement in stated:
        iri, subject = registry.current(statement.value), registry.current(statement.subject)
        if iri not in registry.entities or subject not in registry.entities:
            continue
        # What is stated of a line of production is true of its plant.
        sites = [each for each in (subject, *_linked(registry, subject)) if any(kind.includes(registry, each) for kind in described)]
        for site in sites:
            related = found[site.rpartition("/")[2]]
            for name, kind in parts:
                if kind.includes(registry, iri):
                    related[name].add(iri.rpartition("/")[2])
            for target in (iri, *_linked(registry, iri)) if statement.name in properties and site == subject else ():
                for name, kind in kinds.items():
                    if kind.includes(registry, target):
                        related[name].add(target.rpartition("/")[2])
    return {local: {name: frozenset(values) for name, values in by_kind.items()} for local, by_kind in found.items()}


def _linked(registry: Registry, iri: str) -> Iterator[str]:
    return (link for _, link in registry.entities[iri].links)


class Describer:
    """Finds which entity a description means, and names new ones."""

    def __init__(self, registry: Registry, kinds: Mapping[str, Kind], relations: Relations, stated: Sequence[Stated]) -> None:
        self._registry, self._relations, self._roles = registry, relations, Roles.of(kinds)
        self._area_kind, self._kinds = kinds[self._roles.area], kinds
        families = kinds[self._roles.topic].find_families(stated)
        self._families = {iri.rpartition("/")[2]: {other.rpartition("/")[2] for other in others} for iri, others in families.items()}

    def find_guests(self) -> Iterator[tuple[str, str]]:
        """Yields the local names of topics and of described entities to which one other entity links, such as a line of production."""
        by_role = {kind.role: kind for kind in self._kinds.values()}
        for entity in self._registry.entities.values():
            links = [self._registry.current(link) for _, link in entity.links]
            for site in (link for link in links if by_role[DESCRIBED].includes(self._registry, link)):
                for topic in (link for link in links if by_role[TOPIC].includes(self._registry, link)):
                    yield topic.rpartition("/")[2], site.rpartition("/")[2]

    def of_name(self, place: TextSpan, kind: str, local: str) -> Description:
        """Returns the description of an entity that the text names."""
        related = {name: min(values) for name, values in self._relations.get(local, {}).items() if len(values) == 1}
        return Description(place.start, place.end, kind, local, self.label(local), related, is_known=True)

    def identify(
        self,
        words: TextSpan,
        kind: Kind,
        related: Mapping[str, str],
        last_area: str,
        text: str,
        others: Iterable[str],
        new: Mapping[str, OrganizationName],
        *,
        is_named: bool,
    ) -> Description | None:
        """Returns the known entity that a text relates to others, or a new one; None if it does not say enough.

        Args:
            others: local names of what else the sentence names: other topics, such as the owner of the site, places, and parts.
            new: the names of what the registry does not know, by local name.
            is_named: whether the words name the kind of entity, as *plant* does; otherwise the relations must leave no doubt.
            words: the words that describe the entity.
            related: kind to local name of the entities that the text relates it to.
            last_area: the area that the text has spoken of last, which a place without one is in.
            text: the sentence; of entities that fit as well, it may have more words of the name of one, or that name fewer others.
        """
        wanted = {name: value for name, value in related.items() if value}
        place = next((wanted[name] for name in self._roles.places if name in wanted), "")
        if area := self._find_area(place) or wanted.get(self._roles.area) or (last_area if place else ""):
            wanted[self._roles.area] = area
        if self._roles.topic not in wanted or not area:
            return None
        if local := self._best(wanted, text, frozenset(others), is_named=is_named):
            known = self._relations[local].get(self._roles.area, frozenset())
            related = {**wanted, self._roles.area: min(known, default=area)}
            for name in (name for name in self._roles.places if name in wanted):
                related[name] = self._transcribed(wanted[name], self._relations[local].get(name, ()))
                if not _LATIN.search(self.label(related[name])):
                    del related[name]  # a second name of a place that the data knows
            return Description(words.start, words.end, kind.name, local, self.label(local), related, is_known=True)
        labels = {name: new[value].latin if value in new else self.label(value) for name, value in wanted.items()}
        # Of a name in another script, slug() makes a row of numbers, which nobody would type or recognise.
        slugs = {name: value if name == self._roles.topic else slug(labels[name]) for name, value in wanted.items()}
        readable = {name: value for name, value in slugs.items() if _LATIN.search(labels[name])}
        local, name = _fill(kind.new, readable), _fill(kind.label, labels)
        if not local or self._registry.find_all(local, ""):
            local = _fill(kind.new, slugs)
        if not local or not name:
            return None
        return Description(words.start, words.end, kind.name, local, name, wanted, is_known=False, is_vague=not place)

    def may_be_of(self, topic: str | None, description: Description) -> bool:
        """Whether what is described may be that of a topic: the same, one of its family, or one that the text does not name."""
        own = description.related.get(self._roles.topic)
        return topic in (None, own) or own in self._families.get(topic, ())

    def is_at(self, description: Description, place: str) -> bool:
        """Whether what is described is in a place, by what the text says of it or by its local name."""
        ours = self._words_of(place)
        theirs = [self._words_of(description.related[name]) for name in self._roles.places if name in description.related]
        return any(ours <= other or other <= ours for other in theirs) or ours <= frozenset(description.local.split("-"))

    def is_named_after(self, description: Description, topic: str) -> bool:
        """Whether the local name of what is described begins as that of a topic or of one of its family, as those of its own do."""
        return description.local.partition("-")[0] in {name.partition("-")[0] for name in (topic, *self._families.get(topic, ()))}

    def _best(self, wanted: Mapping[str, str], text: str, others: frozenset[str], *, is_named: bool) -> str | None:
        """Returns the known entity that fits best, if there is only one."""
        # A city and its region may have the same name, but for a word such as "province", so the words of names are compared.
        named = [wanted[name] for name in self._roles.places if name in wanted]
        topics = {wanted[self._roles.topic], *self._families.get(wanted[self._roles.topic], ())}
        words = frozenset(slug(text).split("-"))
        scores: list[tuple[int, int, int, str]] = []
        for local, relations in self._relations.items():
            areas = relations.get(self._roles.area, frozenset())
            if not topics & relations.get(self._roles.topic, frozenset()) or (areas and wanted[self._roles.area] not in areas):
                continue
            score = _SAME_AREA * (wanted[self._roles.area] in areas)
            there = [place for name in self._roles.places for place in relations.get(name, ())]
            known = [self._words_of(place) for place in there]
            own = frozenset(local.split("-"))
            places = [self._words_of(self._transcribed(place, [*there, *own])) for place in named]
            if known and places:
                is_same = any(ours <= theirs or theirs <= ours for ours in known for theirs in places) or any(map(own.issuperset, places))
                score += _SAME_PLACE if is_same else _OTHER_PLACE
            score += len(others & frozenset().union(*relations.values()))
            scores.append((score, len(words & self._words_of(local)), -len(own - words), local))
        best = max(scores, default=(0, 0, 0, ""))
        compared = len(best) - 1 if is_named else 1
        return best[-1] if best[0] > 0 and [score[:compared] for score in scores].count(best[:compared]) == 1 else None

    def _transcribed(self, place: str, candidates: Iterable[str]) -> str:
        """Returns the place whose name a name in another script transcribes, if it is one of the candidates; otherwise the place itself."""
        native = self.label(place)
        if _LATIN.search(native):
            return place
        return next((other for other in sorted(candidates) if sound_alike(native, self.label(other))), place)

    def _find_area(self, place: str) -> str:
        for iri in self._registry.find_all(place, "") if place else ():
            for _, target in self._registry.entities[iri].links:
                if self._area_kind.includes(self._registry, target):
                    return target.rpartition("/")[2]
        return ""

    def _words_of(self, local: str) -> frozenset[str]:
        return frozenset(slug(self.label(local)).split("-"))

    def label(self, local: str) -> str:
        """Returns the name of an entity, or the local name if it is not in the registry."""
        found = self._registry.find_all(local, "")
        return self._registry.entities[found[0]].name() if found else local


def _fill(patterns: Iterable[str], values: Mapping[str, str]) -> str:
    """Returns the first pattern for which there are all values, with these; empty if there is none."""
    for pattern in patterns:
        with suppress(KeyError):
            return pattern.format(**values)
    return ""
