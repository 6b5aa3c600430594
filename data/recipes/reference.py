"""Generates the reference data, countries and world regions, from maintained packages.

Usage: ``python data/recipes/reference.py``
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import suppress
from importlib import metadata
from pathlib import Path

import pycountry
from babel import Locale, UnknownLocaleError
from babel.core import get_cldr_version
from babel.languages import get_official_languages
from pyoxigraph import Literal, NamedNode, Quad, parse

import quadfile
from quadfile import REGISTRY, Package, Pair, about, node

LANGUAGES = ("en", "zh")

# First-level regions in the data: ISO 3166-2 code, English label, Chinese label, language of the name in pycountry.
REGIONS = [
    ("BR-BA", "Bahia", "巴伊亚州", "pt"),
    ("ID-JB", "West Java", "西爪哇省", "id"),
    ("TH-21", "Rayong", "罗勇府", "en"),
]

# Cities in the data: slug, English label, Chinese label, country.
CITIES = [("purwakarta", "Purwakarta", "普哇加达", "ID")]

# World regions of UN M49: code, code of the enclosing region, name in the standard. country_converter uses the same names.
WORLD = "001"
WORLD_REGIONS = [
    ("001", "", "World"),
    ("002", "001", "Africa"),
    ("015", "002", "Northern Africa"),
    ("202", "002", "Sub-Saharan Africa"),
    ("011", "202", "Western Africa"),
    ("014", "202", "Eastern Africa"),
    ("017", "202", "Middle Africa"),
    ("018", "202", "Southern Africa"),
    ("009", "001", "Oceania"),
    ("053", "009", "Australia and New Zealand"),
    ("054", "009", "Melanesia"),
    ("057", "009", "Micronesia"),
    ("061", "009", "Polynesia"),
    ("019", "001", "Americas"),
    ("021", "019", "Northern America"),
    ("419", "019", "Latin America and the Caribbean"),
    ("005", "419", "South America"),
    ("013", "419", "Central America"),
    ("029", "419", "Caribbean"),
    ("142", "001", "Asia"),
    ("030", "142", "Eastern Asia"),
    ("034", "142", "Southern Asia"),
    ("035", "142", "South-eastern Asia"),
    ("143", "142", "Central Asia"),
    ("145", "142", "Western Asia"),
    ("150", "001", "Europe"),
    ("039", "150", "Southern Europe"),
    ("151", "150", "Eastern Europe"),
    ("154", "150", "Northern Europe"),
    ("155", "150", "Western Europe"),
]

# Places directly below the world in M49; country_converter gives them separate regions.
BELOW_THE_WORLD = {"Antarctica": WORLD}

# Packages as sources; a version of pycountry such as 26.2.16 is its date.
PACKAGES = [
    Package(
        "s-pycountry",
        f"pycountry {metadata.version('pycountry')}: ISO country, subdivision, language, currency and script definitions",
        "pycountry developers",
        "https://pypi.org/project/pycountry/",
        "The data come from Debian's iso-codes; licence: LGPL-2.1.",
        "20{}-{:0>2}-{:0>2}".format(*metadata.version("pycountry").split(".")),
    ),
    Package(
        "s-cldr",
        f"Unicode CLDR {get_cldr_version()} through Babel {metadata.version('babel')}",
        "Unicode Consortium",
        "https://cldr.unicode.org/",
        "Licence of the data: Unicode License v3; of Babel: BSD-3-Clause.",
    ),
    Package(
        "s-country-converter",
        f"country_converter {metadata.version('country_converter')}: country names and classifications",
        "country converter developers",
        "https://pypi.org/project/country-converter/",
        "Only the UN M49 sub-region of each country is taken; licence of the package: GPL-3.0.",
    ),
]


def labels(en: str, zh: str) -> list[Pair]:
    return [("rdfs:label", Literal(en, language="en")), ("rdfs:label", Literal(zh, language="zh"))]


def territory(code: str) -> list[Pair]:
    """Returns the labels of a country or world region in CLDR."""
    found = [(language, Locale(language).territories[code]) for language in LANGUAGES]
    return [("rdfs:label", Literal(name, language=language)) for language, name in found]


def native_names(code: str) -> Iterator[tuple[str, str]]:
    """Yields the names of a country in its official languages, with the languages, as far as CLDR has them."""
    for language in get_official_languages(code, de_facto=True):
        with suppress(UnknownLocaleError):
            if name := Locale.parse(language).territories.get(code):
                yield language.replace("_", "-"), str(name)


def world_region(code: str) -> NamedNode:
    return node("place:world" if code == WORLD else f"place:m49-{code}")


def world_regions() -> Iterator[Quad]:
    for code, around, name in WORLD_REGIONS:
        pairs = [("rdf:type", node("nev:WorldRegion")), *territory(code), ("nev:m49Code", Literal(code))]
        if ("rdfs:label", Literal(name, language="en")) not in pairs and code != WORLD:
            pairs.append(("skos:altLabel", Literal(name, language="en")))
        if around:
            pairs.append(("nev:partOf", world_region(around)))
        yield from about(world_region(code), [*pairs, ("dcterms:source", node("source:s-cldr"))])


def un_regions() -> dict[str, str]:
    """Returns the alpha-3 code of each country to the M49 code of its world region."""
    codes = {name: code for code, _, name in WORLD_REGIONS} | BELOW_THE_WORLD
    table = Path(str(metadata.distribution("country_converter").locate_file("country_converter/country_data.tsv")))
    with table.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    return {row["ISO3"]: codes[row["UNregion"]] for row in rows if row["UNregion"]}


def countries() -> Iterator[Quad]:
    regions = un_regions()
    for country in pycountry.countries:
        facts = dict(country)
        names = territory(country.alpha_2)
        label = str(Locale("en").territories[country.alpha_2])
        others = {facts[key] for key in ("name", "official_name", "common_name") if key in facts} - {label}
        native = [Literal(name, language=language) for language, name in native_names(country.alpha_2) if name not in {label, *others}]
        yield from about(
            node(f"place:{country.alpha_2}"),
            [
                ("rdf:type", node("nev:Country")),
                *names,
                *(("skos:altLabel", Literal(name, language="en")) for name in others),
                *(("skos:altLabel", name) for name in native if ("rdfs:label", name) not in names),
                ("nev:isoAlpha2", Literal(country.alpha_2)),
                ("nev:isoAlpha3", Literal(country.alpha_3)),
                ("nev:m49Code", Literal(country.numeric)),
                ("nev:partOf", world_region(regions[country.alpha_3])),
                *(("dcterms:source", node(f"source:{package}")) for package in ("s-pycountry", "s-cldr", "s-country-converter")),
            ],
        )


def regions_and_cities() -> Iterator[Quad]:
    subdivisions = {subdivision.code: subdivision for subdivision in pycountry.subdivisions}
    for code, en, zh, language in REGIONS:
        subdivision = subdivisions[code]
        pairs = [("rdf:type", node("nev:Region")), *labels(en, zh), ("nev:isoSubdivisionCode", Literal(code))]
        if subdivision.name != en:
            pairs.append(("skos:altLabel", Literal(subdivision.name, language=language)))
        pairs += [("nev:inCountry", node(f"place:{subdivision.country_code}")), ("dcterms:source", node("source:s-pycountry"))]
        yield from about(node(f"place:{code}"), pairs)
    for city, en, zh, alpha2 in CITIES:
        pairs = [("rdf:type", node("nev:City")), *labels(en, zh), ("nev:inCountry", node(f"place:{alpha2}"))]
        yield from about(node(f"place:{city}"), pairs)


def main() -> None:
    places = REGISTRY / "places.ttl"
    # Aliases that people have added stay.
    aliases = [quad for quad in parse(path=places) if quad.predicate == node("skos:altLabel")]
    quadfile.write(places, [*aliases, *world_regions(), *countries(), *regions_and_cities()])
    for package in PACKAGES:
        quadfile.write(quadfile.source_path(package), quadfile.describe_package(package))
    publishers = REGISTRY / "publishers.ttl"
    described = [quad for package in PACKAGES for quad in quadfile.describe_publisher(package)]
    quadfile.write(publishers, [*parse(path=publishers), *described])
    print(f"{len(pycountry.countries)} countries, {len(WORLD_REGIONS)} world regions, {len(REGIONS)} regions, {len(CITIES)} cities")


if __name__ == "__main__":
    main()
