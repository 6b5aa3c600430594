"""Entities that texts describe instead of naming them: a text speaks of a company's plant in a city, not of the plant's name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nevkg.contribute.cells import slug
from nevkg.contribute.mentions import AREA, DESCRIBED, PLACE, TOPIC, Kind
from nevkg.contribute.readings import Reading
from nevkg.contribute.registry import Registry
from nevkg.contribute.stated import Stated
from nevkg.contribute.table_format import TableFormat

# How much a relation that a text and the data share counts, one that they do not share, and the same area.
_SAME_PLACE, _OTHER_PLACE, _SAME_AREA = 3, -2, 1

Relations = Mapping[str, Mapping[str, frozenset[str]]]


@dataclass(frozen=True)
class Description:
    """An entity that a text describes.

    Attributes:
        start: where the words begin.
        end: where they end, exclusive.
        kind: its kind.
        local: the local name of its IRI.
        name: its name.
        related: kind to local name of the entities that it is related to, in this text or, if there is one only, in the data.
        is_known: whether it is in the data.
    """

    start: int
    end: int
    kind: str
    local: str
    name: str
    related: Mapping[str, str]
    is_known: bool


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
    for statement in stated:
        if statement.name in properties and any(kind.includes(registry, statement.subject) for kind in described):
            iri = registry.current(statement.value)
            related = found[registry.current(statement.subject).rpartition("/")[2]]
            for target in (iri, *(link for _, link in registry.entities[iri].links)) if iri in registry.entities else ():
                for name, kind in kinds.items():
                    if kind.includes(registry, target):
                        related[name].add(target.rpartition("/")[2])
    return {local: {name: frozenset(values) for name, values in by_kind.items()} for local, by_kind in found.items()}


class Describer:
    """Finds which entity a description means, and names new ones."""

    def __init__(self, registry: Registry, kinds: Mapping[str, Kind], relations: Relations) -> None:
        self._registry, self._kinds, self._relations = registry, kinds, relations
        (self._topic,) = (name for name, kind in kinds.items() if kind.role == TOPIC)
        (self._area,) = (name for name, kind in kinds.items() if kind.role == AREA)
        self._places = [name for name, kind in kinds.items() if kind.role == PLACE]

    def of_name(self, start: int, end: int, kind: str, local: str) -> Description:
        """Returns the description of an entity that the text names."""
        related = {name: min(values) for name, values in self._relations.get(local, {}).items() if len(values) == 1}
        return Description(start, end, kind, local, self._label(local), related, is_known=True)

    def identify(self, start: int, end: int, kind: Kind, related: Mapping[str, str], last_area: str = "") -> Description | None:
        """Returns the known entity that a text relates to others, or a new one; None if it does not say enough.

        Args:
            start: where the words begin.
            end: where they end, exclusive.
            kind: the kind of the entity.
            related: kind to local name of the entities that the text relates it to.
            last_area: the area that the text has spoken of last, which a place without one is in.
        """
        wanted = {name: value for name, value in related.items() if value}
        place = next((wanted[name] for name in self._places if name in wanted), "")
        if area := wanted.get(self._area) or self._area_of(place) or (last_area if place else ""):
            wanted[self._area] = area
        if self._topic not in wanted or not area:
            return None
        if local := self._best(wanted):
            known = self._relations[local].get(self._area, frozenset())
            return Description(
                start, end, kind.name, local, self._label(local), {**wanted, self._area: min(known, default=area)}, is_known=True
            )
        labels = {name: self._label(value) for name, value in wanted.items()}
        slugs = {name: value if name == self._topic else slug(labels[name]) for name, value in wanted.items()}
        for pattern, label in zip(kind.new, kind.label, strict=True):
            try:
                return Description(start, end, kind.name, pattern.format(**slugs), label.format(**labels), wanted, is_known=False)
            except KeyError:
                continue
        return None

    def _best(self, wanted: Mapping[str, str]) -> str | None:
        """Returns the known entity that fits best, if there is only one."""
        # A city and a region may have the same name, so names are compared.
        places = {slug(self._label(wanted[name])) for name in self._places if name in wanted}
        scores: list[tuple[int, str]] = []
        for local, relations in self._relations.items():
            areas = relations.get(self._area, frozenset())
            if wanted[self._topic] not in relations.get(self._topic, frozenset()) or (areas and wanted[self._area] not in areas):
                continue
            score = _SAME_AREA * (wanted[self._area] in areas)
            known = {slug(self._label(place)) for name in self._places for place in relations.get(name, ())}
            if known and places:
                score += _SAME_PLACE if known & places else _OTHER_PLACE
            scores.append((score, local))
        best = max(scores, default=(0, ""))
        return best[1] if best[0] > 0 and [score for score, _ in scores].count(best[0]) == 1 else None

    def _area_of(self, place: str) -> str:
        for iri in self._registry.find_all(place, "") if place else ():
            for _, target in self._registry.entities[iri].links:
                if self._kinds[self._area].includes(self._registry, target):
                    return target.rpartition("/")[2]
        return ""

    def _label(self, local: str) -> str:
        found = self._registry.find_all(local, "")
        return self._registry.entities[found[0]].name() if found else local
