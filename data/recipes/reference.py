"""Generates the reference data: countries and world regions from maintained packages, blocs and their members from CSV files.

Usage: ``python data/recipes/reference.py [BLOCS_DIR]``; BLOCS_DIR contains blocs.csv and sources.csv.
Without it, only the countries and their sources are generated again.
"""

from __future__ import annotations

import csv
import re
import sys
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
from nevkg.data.statement_ids import name_statements, rename
from quadfile import REGISTRY, Pair, about, address, dated, node, slug

COLLECTED = "2026-11-24"
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

# Blocs: Chinese label, then short names by language. The English label is in the CSV file.
BLOCS: dict[str, tuple[str, dict[str, str]]] = {
    "asean": ("东南亚国家联盟", {"en": "ASEAN", "zh": "东盟"}),
    "brics": ("金砖国家", {}),
    "cptpp": ("全面与进步跨太平洋伙伴关系协定", {"en": "CPTPP"}),
    "eaeu": ("欧亚经济联盟", {"en": "EAEU"}),
    "efta": ("欧洲自由贸易联盟", {"en": "EFTA"}),
    "eu": ("欧洲联盟", {"en": "EU", "zh": "欧盟"}),
    "gcc": ("海湾阿拉伯国家合作委员会", {"en": "GCC", "zh": "海合会"}),
    "mercosur": ("南方共同市场", {"en": "Mercosur", "zh": "南共市"}),
    "rcep": ("区域全面经济伙伴关系协定", {"en": "RCEP"}),
    "usmca": ("美墨加协定", {"en": "USMCA"}),
}

# Kind of source of each page, by judgement: how close it is to the facts. Pages that are not listed are news.
KINDS = {
    "primary": ["s-eurlex-enlargement", "s-mfat-cptpp"],
    "reference": [
        "s-4mwb-usmca",
        "s-ajaxbologna-efta",
        "s-aseanor",
        "s-businessinasean",
        "s-illinois-eu",
        "s-isolatedtraveller",
        "s-liquisearch-efta",
        "s-simplewiki-eu",
        "s-sparkthread-mercosur",
        "s-wikimili-cptpp",
        "s-wikimili-mercosur",
        "s-wikipedia-eaeu",
        "s-wikisum-mercosur",
    ],
}
KIND_OF_PAGE = {page: kind for kind, pages in KINDS.items() for page in pages}

# Rows whose note says that the country had not joined. They are recorded, but never counted as a membership.
NOT_JOINED = {"invited, had not joined"}

# Packages as sources: slug, title, publisher, address, version that gives the date, licence of the data.
PACKAGES = [
    (
        "s-pycountry",
        f"pycountry {metadata.version('pycountry')}: ISO country, subdivision, language, currency and script definitions",
        "pycountry developers",
        "https://pypi.org/project/pycountry/",
        metadata.version("pycountry"),
        "The data come from Debian's iso-codes; licence: LGPL-2.1.",
    ),
    (
        "s-cldr",
        f"Unicode CLDR {get_cldr_version()} through Babel {metadata.version('babel')}",
        "Unicode Consortium",
        "https://cldr.unicode.org/",
        "",
        "Licence of the data: Unicode License v3; of Babel: BSD-3-Clause.",
    ),
    (
        "s-country-converter",
        f"country_converter {metadata.version('country_converter')}: country names and classifications",
        "country converter developers",
        "https://pypi.org/project/country-converter/",
        "",
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


def publishers(names: set[str]) -> Iterator[Quad]:
    if len({slug(name) for name in names}) < len(names):
        raise SystemExit(f"Two publishers have one slug: {sorted(names, key=slug)}")
    for name in names:
        pairs: list[Pair] = [("rdf:type", node("nev:Organization")), ("rdfs:label", Literal(name, language="en"))]
        yield from about(node(f"agent:{slug(name)}"), pairs)


def source(title: Literal, language: str, publisher: str, url: str, kind: str, published: str) -> list[Pair]:
    """Returns the properties that describe a document."""
    return [
        ("rdf:type", node("nev:Source")),
        ("dcterms:title", title),
        ("dcterms:language", Literal(language)),
        ("dcterms:publisher", node(f"agent:{slug(publisher)}")),
        ("nev:address", address(url)),
        ("nev:sourceKind", node(f"sourcekind:{kind}")),
        ("nev:collected", quadfile.date(COLLECTED)),
        *dated(published),
    ]


def packages() -> None:
    """Writes the descriptions of the packages. A version like 26.2.16 contains its date."""
    for name, title, publisher, url, version, licence in PACKAGES:
        day = re.fullmatch(r"(\d\d)\.(\d{1,2})\.(\d{1,2})", version)
        published = "20{}-{:0>2}-{:0>2}".format(*day.groups()) if day else ""
        pairs = source(Literal(title, language="en"), "en", publisher, url, "reference", published)
        pairs.append(("nev:note", Literal(licence, language="en")))
        quadfile.write(quadfile.source_path(name, published), about(node(f"source:{name}"), pairs, node(f"graph:{name}")))


def membership(row: dict[str, str]) -> Iterator[Pair]:
    """Yields the properties of the statement in one row of blocs.csv."""
    yield "rdf:type", node("nev:Attribution")
    yield "nev:subject", node(f"place:{row['country']}")
    yield "nev:property", node("nev:memberOf")
    yield "nev:value", node(f"place:{row['bloc_id']}")
    yield "nev:source", node(f"source:{row['source_id']}")
    yield "nev:modality", node("modality:planned" if row["note"] in NOT_JOINED else "modality:actual")
    yield "nev:comparator", node("comparator:exactly")
    yield "nev:scope", node("scope:whole")
    yield from dated(row["joined"])
    if row["left"]:
        earliest, latest, _ = quadfile.width(row["left"])
        yield "nev:endEarliest", quadfile.date(earliest)
        yield "nev:endLatest", quadfile.date(latest)
    if row["note"]:
        yield "nev:note", Literal(row["note"], language="en")


def statements(rows: list[dict[str, str]], graph: NamedNode) -> list[Quad]:
    """Returns the rows as statements, with IRIs computed from their content, so that equal rows become one statement."""
    quads = [quad for number, row in enumerate(rows) for quad in about(node(f"statement:row-{number}"), membership(row), graph)]
    return rename(quads, name_statements(quads, quadfile.identifying()))


def blocs(rows: list[dict[str, str]]) -> Iterator[Quad]:
    for bloc, name in sorted({(row["bloc_id"], row["name"]) for row in rows}):
        zh, short = BLOCS[bloc]
        aliases = [("skos:altLabel", Literal(alias, language=language)) for language, alias in short.items()]
        yield from about(node(f"place:{bloc}"), [("rdf:type", node("nev:Bloc")), *labels(name, zh), *aliases])


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def check(rows: list[dict[str, str]], pages: dict[str, dict[str, str]]) -> None:
    """Exits with a message if a row names an unknown country, bloc or page."""
    for number, row in enumerate(rows, start=2):
        known = pycountry.countries.get(alpha_2=row["country"]) and row["bloc_id"] in BLOCS and row["source_id"] in pages
        if not known:
            raise SystemExit(f"blocs.csv, line {number}: country, bloc or source is not known: {row}")


def make_blocs(folder: Path) -> set[str]:
    """Writes the blocs and the statements of each page about their members. Returns the publishers of the pages."""
    rows = read(folder / "blocs.csv")
    pages = {row["source_id"]: row for row in read(folder / "sources.csv")}
    check(rows, pages)
    quadfile.write(REGISTRY / "blocs.ttl", blocs(rows))
    used = sorted({row["source_id"] for row in rows})
    made = 0
    for name in used:
        page = pages[name]
        graph = node(f"graph:{name}")
        title = Literal(page["title"], language=page["language"])
        kind = KIND_OF_PAGE.get(name, "news")
        pairs = source(title, page["language"], page["publisher"], page["url"], kind, page["published"])
        own = [row for row in rows if row["source_id"] == name]
        said = statements(own, graph)
        count = len({quad.subject for quad in said})
        if count < len(own):
            print(f"{name}: {len(own)} rows became {count} statements")
        made += count
        quadfile.write(quadfile.source_path(name, page["published"]), [*about(node(f"source:{name}"), pairs, graph), *said])
    print(f"blocs.csv: {len(rows)} rows in, {made} statements out, in {len(used)} sources")
    return {pages[name]["publisher"] for name in used}


def main(arguments: list[str]) -> None:
    places = REGISTRY / "places.ttl"
    # Aliases that people have added stay.
    aliases = [quad for quad in parse(path=places) if quad.predicate == node("skos:altLabel")]
    quadfile.write(places, [*aliases, *world_regions(), *countries(), *regions_and_cities()])
    packages()
    names = {package[2] for package in PACKAGES}
    path = REGISTRY / "publishers.ttl"
    if arguments:
        kept: list[Quad] = []
        names |= make_blocs(Path(arguments[0]))
    else:
        kept = list(parse(path=path)) if path.exists() else []
    quadfile.write(path, [*kept, *publishers(names)])
    print(f"{len(pycountry.countries)} countries, {len(WORLD_REGIONS)} world regions, {len(REGIONS)} regions, {len(CITIES)} cities")


if __name__ == "__main__":
    main(sys.argv[1:])
