"""Where entities are: their positions, and which of them are the countries of the atlas."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nevkg.ask.evaluation import find_display_labels
from nevkg.lookup import api_queries
from nevkg.lookup.search import normalise
from nevkg.map.atlas import Outline, Point, load_outlines, project
from nevkg.store import Store
from nevkg.store.memo import memoise

# The language of the names in the atlas.
_ATLAS_LANGUAGE = "en"


@dataclass(frozen=True)
class Place:
    """An entity with a position: longitude and latitude in degrees, the IRI of the place that has it, and the IRI of its precision."""

    iri: str
    point: Point
    at: str
    precision: str


@dataclass(frozen=True)
class Gazetteer:
    """The positions of entities.

    Attributes:
        places: the entities with a position, by IRI.
        areas: the entities that are countries, each with its outline; None if the atlas is too coarse for it.
        precision: the IRI of the precision of positions of which only the country is known.
    """

    places: Mapping[str, Place]
    areas: Mapping[str, Outline | None]
    precision: str

    def find_area(self, point: Point) -> str | None:
        """Returns the country around a point."""
        return next((iri for iri, outline in self.areas.items() if outline and outline.contains(point)), None)

    def is_coarse(self, place: Place) -> bool:
        """Returns whether only the country around an entity is known."""
        return place.at != place.iri and place.precision == self.precision


@memoise
def load_gazetteer(store: Store) -> Gazetteer:
    """Reads the positions and matches countries with outlines.

    Countries are the places of the precision that is found in the most outlines, since the data does not name it.

    Raises:
        CouldNotRun: if the explorer, which brings the outlines, has not been built.
    """
    rows = [{name: api_queries.text(term) for name, term in row.items()} for row in api_queries.rows(store, "places")]
    places = [Place(row["thing"], (float(row["longitude"]), float(row["latitude"])), row["at"], row["precision"]) for row in rows]
    outlines = load_outlines()
    around: defaultdict[str, dict[Place, Outline | None]] = defaultdict(dict)
    for place in places:
        if place.at == place.iri and place.precision:
            around[place.precision][place] = next((outline for outline in outlines if outline.contains(place.point)), None)
    precision = max(sorted(around), key=lambda one: len({outline.name for outline in around[one].values() if outline}), default="")
    names = find_display_labels(store, [place.iri for place in around[precision]], _ATLAS_LANGUAGE)
    return Gazetteer({place.iri: place for place in places}, _match(around[precision], outlines, names), precision)


def _match(around: Mapping[Place, Outline | None], outlines: Sequence[Outline], names: Mapping[str, str]) -> dict[str, Outline | None]:
    """Returns the outline of each place: the one with its name, else the one around it if no other place has it.

    Of several places in one outline the nearest to its centre gets it; the others are too small for the atlas. Points alone
    are not enough: the centre of islands may be in the sea, and at this scale some points are across the border.
    """
    by_name = {normalise(outline.name): outline for outline in outlines}
    found = {place.iri: by_name.get(normalise(names[place.iri])) for place in around}
    used = {outline.name for outline in found.values() if outline}
    nearest: dict[str, tuple[float, str, Outline]] = {}
    for place, outline in around.items():
        if outline and outline.name not in used and found[place.iri] is None:
            candidate = (math.dist(project(place.point), project(outline.centre)), place.iri, outline)
            nearest[outline.name] = min(nearest.get(outline.name, candidate), candidate, key=lambda one: one[:2])
    return found | {iri: outline for _, iri, outline in nearest.values()}
