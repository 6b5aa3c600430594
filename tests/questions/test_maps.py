"""Maps: outlines, marks, legends, reproducible bytes, and the command."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import cast
from xml.etree import ElementTree

import pytest
from tests.conftest import Nevkg

from nevkg.ask.answer import Answer, ask
from nevkg.ask.catalogue import load_catalogue
from nevkg.errors import CouldNotRun, WrongUsage
from nevkg.map import atlas
from nevkg.map.atlas import load_gazetteer
from nevkg.map.frame import Disc, spread
from nevkg.map.legend import GREY, Shades, Sizes, assign_colors, mix
from nevkg.map.picture import draw_map
from nevkg.store import EmbeddedStore

SVG = "{http://www.w3.org/2000/svg}"
pytestmark = pytest.mark.usefixtures("explorer_build")


def answer(store: EmbeddedStore, name: str, language: str = "en", **given: Sequence[str]) -> Answer:
    return ask(store, load_catalogue(store.layout)[name], given, language=language)


def texts(svg: bytes) -> list[str]:
    return ["".join(element.itertext()) for element in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def titles(svg: bytes) -> list[str]:
    """The texts of the marks and shaded areas."""
    groups = ElementTree.fromstring(svg).iter(f"{SVG}g")
    return [str(group.findtext(f"{SVG}title")) for group in groups if group.get("id", "").startswith("mark-")]


def test_outlines_surround_their_countries() -> None:
    outlines = {outline.name: outline for outline in atlas.load_outlines()}
    for name, point in [("France", (2.35, 48.85)), ("Brazil", (-46.6, -23.5)), ("Russia", (100, 60)), ("Russia", (-175, 66.5))]:
        assert [one for one, outline in outlines.items() if outline.contains(point)] == [name]
    assert not any(outline.contains((-30, 30)) for outline in outlines.values())
    assert not outlines["South Africa"].contains((28.2, -29.6)), "Lesotho is a hole"
    # No ring runs across the whole map, as one would that is cut at the antimeridian.
    rings = [ring for name, outline in outlines.items() if name != "Antarctica" for part in outline.parts for ring in part]
    assert max(math.dist(a, b) for ring in rings for a, b in pairwise(atlas.project_ring(ring))) < 0.5


def test_countries_have_their_outlines(store: EmbeddedStore) -> None:
    gazetteer = load_gazetteer(store)
    found = {iri.rpartition("/")[2]: outline.name for iri, outline in gazetteer.areas.items() if outline}
    assert {"TH": "Thailand", "US": "United States of America", "ID": "Indonesia"}.items() <= found.items()
    assert len(set(found.values())) == len(found)
    assert len(found) > 160
    assert gazetteer.find_area((100.5, 13.8)) == "https://w3id.org/nevkg/place/TH"


def test_a_map_has_marks_legend_day_and_citation(store: EmbeddedStore) -> None:
    found = answer(store, "plants-over-time")
    svg = draw_map(found, "svg")
    assert svg == draw_map(answer(store, "plants-over-time"), "svg")
    shown = texts(svg)
    whole = " ".join(shown)
    assert f"{found.title} As of {found.as_of}." in whole
    assert f"On the map: {len(titles(svg))} plants." in whole
    assert found.citation in whole.replace(" ", "")
    assert {"status", "operating", "standing"} <= set(shown)
    # It begins with plants that operate, make vehicles abroad and are upheld, and says how many others are not confirmed.
    first = {"status": {"operating"}, "standing": {"corroborated", "reported"}, "abroad": {"yes"}}
    today = date.fromisoformat(found.as_of)
    current = [row for row in found if cast(date, row["from"]) <= today and not (row["until"] and cast(date, row["until"]) <= today)]
    operating = {str(row["plant"]) for row in current if all(str(row[name]) in values for name, values in first.items())}
    assert {title.partition(" · ")[0] for title in titles(svg)} <= operating
    assert re.search(r"As of \S+ Drawn: \d+ corroborated", whole)
    everything = draw_map(found, "svg", every=True)
    assert len(titles(everything)) > len(titles(svg))
    assert {str(row["status"]) for row in found} - {"operating"} & {*texts(everything)}


def test_a_map_in_chinese(store: EmbeddedStore) -> None:
    shown = texts(draw_map(answer(store, "plants-over-time", "zh"), "svg"))
    assert {"状态", "运营中"} <= set(shown)
    assert any(text.startswith("图中工厂：") for text in shown)


def test_countries_are_shaded_by_the_number_of_their_rows(store: EmbeddedStore) -> None:
    found = answer(store, "countries-by-makers")
    svg = draw_map(found, "svg")
    assert "Shade: makers that build" in texts(svg)
    assert {title.partition(" · ")[0] for title in titles(svg)} == {str(row["country"]) for row in found}
    paths = {
        g.findtext(f"{SVG}title"): g.find(f"{SVG}path") for g in ElementTree.fromstring(svg).iter(f"{SVG}g") if "mark" in g.get("id", "")
    }
    most = max(found, key=lambda row: int(str(row["building"])))
    path = next(path for title, path in paths.items() if str(title).startswith(str(most["country"])))
    assert path is not None
    assert f"fill: {mix('#0B4A86', '#E9E5DA', 0.92).lower()}" in path.get("style", "")


def test_formats(store: EmbeddedStore, tmp_path: Path) -> None:
    found = answer(store, "plants-in-place", place=["europe"])
    assert draw_map(found, "png").startswith(b"\x89PNG")
    page = draw_map(found, "html").decode()
    assert page.count("<svg ") == 1
    assert not re.search(r"<script|<\?xml", page)
    assert page.count("<tr>") == len(found) + 1
    found.to_map(tmp_path / "map.svg")
    assert (tmp_path / "map.svg").read_bytes() == draw_map(found, "svg")
    with pytest.raises(WrongUsage, match="A map cannot be written as 'gif'; choose from svg, png, html"):
        found.to_map(tmp_path / "map.gif")
    with pytest.raises(CouldNotRun, match="No such file or directory"):
        found.to_map(tmp_path / "none" / "map.svg")


def test_an_answer_without_rows_is_a_map_of_the_world(store: EmbeddedStore) -> None:
    assert any("On the map: 0 places." in text for text in texts(draw_map(answer(store, "plants-in-place", place=["VA"]), "svg")))


def test_the_command(part: str, nevkg: Nevkg, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "map.svg"
    assert nevkg("map", "plants-over-time", "--data", part, "--output", str(file)).code == 0
    assert ElementTree.fromstring(file.read_bytes()).tag == f"{SVG}svg"
    names = [line.split()[0] for line in nevkg("map", "--data", part).out.splitlines()]
    assert "plants-over-time" in names
    assert "what-is-due" not in names
    refused = nevkg("map", "what-is-due", "--data", part)
    assert refused.code == 2
    assert refused.err.startswith("nevkg: The question 'what-is-due' has no column with places, so there is no map of it; choose from ")
    refused = nevkg("map", "plants-over-time", "--data", part, "--output", str(tmp_path / "map.gif"))
    assert refused.code == 2
    assert "choose from svg, png, html" in refused.err
    atlas.load_outlines.cache_clear()
    monkeypatch.setattr(atlas, "ASSETS", tmp_path)
    with pytest.raises(CouldNotRun, match="run 'make explorer'"):
        atlas.load_outlines()


def test_marks_are_moved_apart_as_little_as_necessary() -> None:
    discs = [Disc(0, 0, 5), Disc(1, 0, 2), Disc(0, 1, 2), Disc(100, 100, 3)]
    places = spread(discs, 20)
    for i, (a, one) in enumerate(zip(places, discs, strict=True)):
        assert math.dist(a, (one.x, one.y)) <= 20
        for b, other in zip(places[:i], discs[:i], strict=True):
            assert math.dist(a, b) >= one.r + other.r + 0.5
    assert math.dist(places[3], (100, 100)) < 1


def test_sizes_and_shades_have_steps_for_the_legend() -> None:
    sizes = Sizes([None, 340_000, 85_000])
    assert sizes.steps == [300_000, 75_000, 15_000]
    assert sizes.radius(340_000) == 2 * sizes.radius(85_000)
    assert Sizes([None]).steps == []
    assert Shades({"a": 3, "b": 1}).steps == [3, 2, 1]
    assert Shades({"a": 40, "b": 0}).steps == [40, 20, 8, 2, 0]
    assert re.fullmatch("#[0-9A-F]{6}", Shades({"a": 40}).of("a"))


def test_colors_are_unique_and_at_most_eight(store: EmbeddedStore) -> None:
    keys = [
        *(f"https://w3id.org/nevkg/agent/{name}" for name in ("byd", "chery", "geely", "xpeng")),
        *(f"x:{number}" for number in range(30)),
    ]
    for first in range(0, len(keys), 7):
        colors = [color for color in assign_colors(store, keys[first:]).values() if color != GREY]
        assert len(colors) == len(set(colors)) <= 8
