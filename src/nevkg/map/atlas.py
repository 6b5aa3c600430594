"""The outlines of countries, their projection, and the places of the data."""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

from nevkg.ask.evaluation import find_display_labels
from nevkg.errors import CouldNotRun
from nevkg.lookup import api_queries
from nevkg.lookup.search import normalise
from nevkg.store import Store
from nevkg.store.memo import memoise

Point = tuple[float, float]
Ring = Sequence[Point]

ASSETS = Path(__file__).parents[1] / "explorer" / "dist" / "assets"
# The meridian in the middle of the map.
_CENTRE = 11.0
# Coefficients of the Natural Earth projection, of x and y, by powers of the latitude.
_X = {0: 0.8707, 2: -0.131979, 4: -0.013791, 10: 0.003971, 12: -0.001529}
_Y = {0: 1.007226, 2: 0.015085, 6: -0.044475, 8: 0.028874, 10: -0.005916}


@dataclass(frozen=True)
class Outline:
    """A country: its name in the atlas, and its parts in degrees, each a closed ring and the holes in it."""

    name: str
    parts: Sequence[Sequence[Ring]]

    @cached_property
    def boxes(self) -> list[tuple[float, float, float, float]]:
        """West, south, east and north of each part."""
        edges = [list(zip(*part[0], strict=True)) for part in self.parts]
        return [(min(xs), min(ys), max(xs), max(ys)) for xs, ys in edges]

    @cached_property
    def largest(self) -> Ring:
        """The outer ring of the largest part."""
        return max((part[0] for part in self.parts), key=lambda ring: _area(project_ring(ring)))

    @cached_property
    def centre(self) -> Point:
        """The centre of the largest part, since that of all parts may be in the sea."""
        return _centroid(self.largest)

    def contains(self, point: Point) -> bool:
        """Returns whether a point is within the country."""
        return any(
            west <= x <= east and south <= point[1] <= north and sum(_is_inside((x, point[1]), ring) for ring in part) % 2 == 1
            for part, (west, south, east, north) in zip(self.parts, self.boxes, strict=True)
            for x in (point[0] - 360, point[0], point[0] + 360)
        )


@cache
def load_outlines() -> tuple[Outline, ...]:
    """Reads the outlines that the explorer is built with."""
    path = next(iter(sorted(ASSETS.glob("countries-*.json"))), None)
    if path is None:
        raise CouldNotRun("The outlines of countries are built with the explorer, which has not been done; run 'make explorer'.")
    topology = json.loads(path.read_text(encoding="utf-8"))
    arcs = [_unpack(arc, topology["transform"]) for arc in topology["arcs"]]
    return tuple(_read_outline(geometry, arcs) for geometry in topology["objects"]["countries"]["geometries"])


def project(point: Point) -> Point:
    """Returns the position of a point (longitude and latitude in degrees) on the map; x and y are about the radians at the equator."""
    longitude, latitude = (point[0] - _CENTRE + 180) % 360 - 180, math.radians(point[1])
    return _project(longitude, latitude)


def project_ring(ring: Ring) -> list[Point]:
    """Returns a ring on the map. It stays in one piece, also if it crosses the edge of the map."""
    turned = [longitude - _CENTRE for longitude, _ in ring]
    shift = -360 * round(sum(turned) / len(turned) / 360)
    return [_project(x + shift, math.radians(latitude)) for x, (_, latitude) in zip(turned, ring, strict=True)]


def _project(longitude: float, latitude: float) -> Point:
    x = math.radians(longitude) * sum(factor * latitude**power for power, factor in _X.items())
    return x, latitude * sum(factor * latitude**power for power, factor in _Y.items())


def _unpack(arc: Sequence[Sequence[int]], transform: dict[str, Any]) -> list[Point]:
    """Returns the points of an arc, which is stored as whole numbers and differences."""
    (scale_x, scale_y), (left, low) = transform["scale"], transform["translate"]
    xs, ys = (list(accumulate(steps)) for steps in zip(*arc, strict=True))
    return [(x * scale_x + left, y * scale_y + low) for x, y in zip(xs, ys, strict=True)]


def _read_outline(geometry: dict[str, Any], arcs: Sequence[Sequence[Point]]) -> Outline:
    parts = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
    return Outline(geometry["properties"]["name"], [[_unroll(list(_join(ring, arcs))) for ring in part] for part in parts])


def _unroll(ring: Ring) -> Ring:
    """Returns a ring without jumps at the antimeridian: beyond it, longitudes are above 180 degrees or below -180."""
    steps = ((b[0] - a[0] + 180) % 360 - 180 for a, b in pairwise(ring))
    return list(zip(accumulate(steps, initial=ring[0][0]), [latitude for _, latitude in ring], strict=True))


def _join(ring: Sequence[int], arcs: Sequence[Sequence[Point]]) -> Iterator[Point]:
    """Yields the points of a ring of arcs. The complement of a number names the reversed arc; arcs share their ends."""
    for place, number in enumerate(ring):
        points = arcs[number] if number >= 0 else arcs[~number][::-1]
        yield from points if place == 0 else points[1:]


def _is_inside(point: Point, ring: Ring) -> bool:
    """Returns whether a ring surrounds a point, by the number of its lines that a ray to the east crosses."""
    x, y = point
    lines = pairwise(ring)
    return sum((a[1] > y) != (b[1] > y) and x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0] for a, b in lines) % 2 == 1


def _area(ring: Ring) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring))) / 2


def _centroid(ring: Ring) -> Point:
    crosses = [(a, b, a[0] * b[1] - b[0] * a[1]) for a, b in pairwise(ring)]
    whole = 3 * sum(cross for *_, cross in crosses)
    if not whole:
        return ring[0]
    return sum((a[0] + b[0]) * cross for a, b, cross in crosses) / whole, sum((a[1] + b[1]) * cross for a, b, cross in crosses) / whole


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
    places = [
        Place(row["thing"], (float(row["longitude"]), float(row["latitude"])), row["at"], row["precision"])
        for row in api_queries.texts(store, "places")
    ]
    outlines = load_outlines()
    around: defaultdict[str, dict[Place, Outline | None]] = defaultdict(dict)
    for place in places:
        if place.at == place.iri and place.precision:
            around[place.precision][place] = next((outline for outline in outlines if outline.contains(place.point)), None)
    precision = max(sorted(around), key=lambda kind: len({outline.name for outline in around[kind].values() if outline}), default="")
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
            nearest[outline.name] = min(nearest.get(outline.name, candidate), candidate, key=lambda near: near[:2])
    return found | {iri: outline for _, iri, outline in nearest.values()}
