"""Pictures and pages of networks: content, overlaps, reproducible bytes, and hostile labels."""

from __future__ import annotations

import json
import re
import struct
import sys
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import combinations, pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import pytest
from tests.support.browser import visit
from tests.support.processes import run_python

from nevkg.data.paths import Layout
from nevkg.errors import CouldNotRun
from nevkg.lookup.sources import Evidence, Ground, Source
from nevkg.network import Network
from nevkg.network.drawing import strokes
from nevkg.network.figure import draw_figure, draw_picture
from nevkg.network.files import to_page
from nevkg.network.label_text import break_lines, clean, measure, shorten
from nevkg.network.layout import lay_out
from nevkg.network.model import Edge, Node, Spell
from nevkg.network.project import project
from nevkg.network.projections import load_projections
from nevkg.network.sheet import warn_of_missing
from nevkg.store import EmbeddedStore
from nevkg.table.values import Thing

BASE = "https://w3id.org/nevkg/"
COLORS = {"automaker": "#AC3800", "plant": "#2A45DF", "country": "#005260"}
HOSTILE = [
    '<img src=x onerror="alert(1)">',
    "</script><script>alert(2)</script>",
    "\u202egnitseretni\u202c \u200fabc",
    "costs $\\frac{1}{0}$ and $x",
    "long " * 2000,
    "]]> & \x00\x0b\ud800 \" ' <!--",
    "比亚迪" * 40,
    "\u200f\u200e",
]


class StorelessNetwork(Network):
    """A network without a store."""

    @property
    def description(self) -> str:
        return "nevkg 0, data sha256:0; graph made; as of 2025-01-01"

    @cached_property
    def evidence(self) -> Evidence:
        source = Source(f"{BASE}source/s", "A <b>title</b>", "Publisher", "2024-05-01", "javascript:alert(3)")
        return Evidence([source], {f"{BASE}episode/e": [Ground(f"{BASE}statement/s", source.iri, "", "", "")]})


def build_network(
    kinds: Mapping[str, str], links: Sequence[tuple[str, str, str, Spell]], name: str, labels: Mapping[str, str] | None = None
) -> StorelessNetwork:
    """Builds a network of nodes with these classes, and edges with these relations and dates."""
    store: Any = SimpleNamespace(layout=Layout.find())
    nodes = {}
    for short, kind in kinds.items():
        label = (labels or {}).get(short, short)
        fact = {"country": Thing(f"{BASE}place/CN", "China")}
        nodes[BASE + short] = Node(BASE + short, short, label, Thing(BASE + kind, kind), COLORS.get(kind, "red;}"), fact)
    edges = [
        Edge(
            BASE + one,
            Thing(BASE + relation, relation),
            BASE + other,
            1.0,
            [] if spell == (None, None) else [spell],
            {},
            [f"{BASE}episode/e"],
        )
        for one, relation, other, spell in links
    ]
    projection = load_projections(store.layout)[name]
    return StorelessNetwork(store, projection, {}, "2025-01-01", "en", nodes, edges)


def build_makers(size: int = 12) -> StorelessNetwork:
    """Builds a network of makers, plants and countries in layers."""
    kinds = {f"maker {number}": "automaker" for number in range(size)}
    kinds |= {f"plant with a long name {number}": "plant" for number in range(2 * size)}
    kinds |= {f"country {number}": "country" for number in range(5)}
    links: list[tuple[str, str, str, Spell]] = [("maker 0", "manufactures in", "country 4", (None, None))]
    for number in range(2 * size):
        plant = f"plant with a long name {number}"
        links.append((f"maker {7 * number % size}", "manufactures at", plant, (f"20{10 + number % 15}-01-01", None)))
        links.append((plant, "in country", f"country {3 * number % 5}", (None, None)))
    return build_network(kinds, links, "makers-plants-countries")


def build_star(labels: Sequence[str]) -> StorelessNetwork:
    """Builds a hub with neighbours that have these labels, and a separate pair of nodes."""
    kinds = {"hub": "automaker", "one": "plant", "other": "country"} | {f"n{number}": "plant" for number in range(len(labels))}
    links: list[tuple[str, str, str, Spell]] = [(f"n{number}", "belongs to", "hub", (None, None)) for number in range(len(labels))]
    links += [
        ("hub", "owns", "n0", ("2020-01-01", "2021-01-01")),
        ("hub", "knows", "hub", (None, None)),
        ("one", "in", "other", (None, None)),
    ]
    return build_network(kinds, links, "neighbourhood", {f"n{number}": label for number, label in enumerate(labels)})


STANDINGS = {"solid": (), "long": (9.0, 3.0), "dotted": (1.0, 2.0)}


def build_with_standings() -> Network:
    """Builds the network of makers, with standings for all edges but one."""
    network = build_makers()
    kinds = [Thing(f"{BASE}standing/{name}", name) for name in STANDINGS]
    edges = [replace(edge, facts={"standing": kinds[number % 3]} if number else {}) for number, edge in enumerate(network.edges)]
    return replace(network, edges=edges, dashes={kind.iri: STANDINGS[kind.label] for kind in kinds})


@pytest.fixture(scope="module", params=["makers-plants-countries", "makers-countries", "ownership", "policies-targets", "claims"])
def network(request: pytest.FixtureRequest, sample: EmbeddedStore) -> Network:
    found = project(sample, request.param, {})
    # Few edges, for a quick test.
    return found.with_edges(found.edges[:60])


def texts(drawing: Any) -> list[Any]:
    return [text for text in drawing.axes[0].texts if text.get_text()]


def find_overlaps(drawing: Any) -> list[tuple[str, str]]:
    """Returns the texts of a figure that overlap or lie outside of it."""
    renderer = drawing.canvas.get_renderer()
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in texts(drawing)]
    outside = [(text, "") for text, box in boxes if box.x0 < 0 or box.y0 < 0 or box.x1 > drawing.bbox.x1 or box.y1 > drawing.bbox.y1]
    # Up to half a pixel is due to rounding.
    return outside + [
        (one, other)
        for (one, first), (other, second) in combinations(boxes, 2)
        if min(first.x1, second.x1) - max(first.x0, second.x0) > 0.5 and min(first.y1, second.y1) - max(first.y0, second.y0) > 0.5
    ]


def svg_texts(content: bytes) -> list[str]:
    root = ElementTree.fromstring(content)
    return ["".join(element.itertext()).strip() for element in root.iter("{http://www.w3.org/2000/svg}text")]


@pytest.mark.slow
def test_pictures_of_projections(network: Network) -> None:
    assert network.nodes, "the sample has no such network"
    content = draw_picture(network, "png")
    wide, high = struct.unpack(">II", content[16:24])
    assert content.startswith(b"\x89PNG")
    assert 800 < wide < 9000
    assert 400 < high < 12000
    assert wide * high <= 41_000_000
    drawing = draw_figure(network)
    assert find_overlaps(drawing) == []
    words = {text.get_text() for text in texts(drawing)}
    svg_text = " ".join(svg_texts(draw_picture(network, "svg")))
    placed = lay_out(network)
    assert len(placed.labels) >= 0.8 * len(network.nodes)
    for label in placed.labels.values():
        assert set(label.lines) <= words
        assert all(line in svg_text for line in label.lines)
    for kind in {node.kind.label for node in network.nodes.values()}:
        assert shorten(kind, 20) in svg_text
    relations = {edge.relation.label for edge in network.edges}
    assert len(relations) < 2 or sum(shorten(relation, 20) in svg_text for relation in relations) >= min(len(relations), 11)
    assert clean(network.description)[:40] in svg_text
    # A line may break before the number.
    assert str(len(network.sources)) in svg_text
    assert "source" in svg_text


def test_layers_are_columns_from_left_to_right() -> None:
    network = build_makers()
    found = lay_out(network).points
    columns = {kind: {found[iri][0] for iri, node in network.nodes.items() if node.kind.label == kind} for kind in COLORS}
    assert [len(places) for places in columns.values()] == [1, 1, 1]
    assert max(columns["automaker"]) < min(columns["plant"]) < min(columns["country"])
    for places in columns.values():
        heights = sorted(y for x, y in found.values() if x in places)
        assert all(upper - lower > 0.999 for lower, upper in pairwise(heights))
    assert find_overlaps(draw_figure(network)) == []


def test_a_common_neighbour_is_the_first_layer() -> None:
    kinds = {"source": "source", "place": "country", "maker": "automaker", **{f"s{number}": "statement" for number in range(6)}}
    links: list[tuple[str, str, str, Spell]] = []
    for number in range(6):
        links += [(f"s{number}", "from", "source", (None, None)), (f"s{number}", "about", ("place", "maker")[number % 2], (None, None))]
    found = {iri.removeprefix(BASE): x for iri, (x, _) in lay_out(build_network(kinds, links, "sources")).points.items()}
    assert found["source"] < found["s0"] < found["place"] == found["maker"]


def test_layers_with_cycles_between_classes() -> None:
    kinds = {"a": "plant", "b": "automaker", "c": "plant", "d": "automaker"}
    links: list[tuple[str, str, str, Spell]] = [(one, "to", other, (None, None)) for one, other in ("ab", "bc", "cd", "da", "ac")]
    network = build_network(kinds, links, "sources")
    assert len(lay_out(network).points) == 4
    assert find_overlaps(draw_figure(network)) == []
    assert all(len(curve) % 3 == 1 for curve in lay_out(network).curves)


def test_components_of_a_force_layout_do_not_overlap() -> None:
    kinds = {f"{part}-{number}": "plant" for part in range(9) for number in range(part + 1)}
    links: list[tuple[str, str, str, Spell]] = [(name, "to", name.split("-")[0] + "-0", (None, None)) for name in kinds]
    network = build_network(kinds, [link for link in links if link[0] != link[2]], "neighbourhood")
    found = lay_out(network).points
    for one, other in combinations(range(9), 2):
        boxes = []
        for part in (one, other):
            xs, ys = zip(*(spot for iri, spot in found.items() if iri.startswith(f"{BASE}{part}-")), strict=True)
            boxes.append((min(xs), min(ys), max(xs), max(ys)))
        (left, low, right, top), (west, south, east, north) = boxes
        assert right < west or east < left or top < south or north < low
    assert max(abs(number) for spot in found.values() for number in spot) < 100
    assert find_overlaps(draw_figure(network)) == []


@pytest.mark.slow
def test_crowded_labels_are_left_out_and_counted() -> None:
    kinds = {f"number {number}": "plant" for number in range(450)}
    links: list[tuple[str, str, str, Spell]] = [
        (f"number {number}", "to", f"number {(number * 7 + step) % 450}", (None, None)) for number in range(450) for step in (1, 2)
    ]
    network = build_network(kinds, links, "neighbourhood")
    placed = lay_out(network)
    assert 0 < len(placed.labels) < 450
    drawing = draw_figure(network)
    assert find_overlaps(drawing) == []
    assert any(f"{450 - len(placed.labels)} labels left out" in text.get_text() for text in texts(drawing))


def test_pictures_show_standings_by_dashes() -> None:
    network = build_with_standings()
    drawing = draw_figure(network)
    assert find_overlaps(drawing) == []
    assert {"standing:", *STANDINGS, "no standing"} <= {text.get_text() for text in texts(drawing)}
    content = draw_picture(network, "svg").decode()
    found = Counter(re.findall(r"stroke-dasharray: ([\d. ,]+)", content))
    # One of each is in the legend.
    assert found == {"8.1,2.7": 17, "0.9,1.8": 17}
    assert "standing" not in " ".join(svg_texts(draw_picture(build_makers(), "svg")))


def contents(network: Network) -> Any:
    """Returns the data in a page."""
    found = re.search(r'<script type="application/json" id="contents">(.*?)</script>', to_page(network).decode(), re.DOTALL)
    assert found
    return json.loads(found[1])


@pytest.mark.usefixtures("explorer_build")
def test_the_page_has_the_standings_of_its_edges() -> None:
    standings = contents(build_with_standings())["ontology"]["concepts"]
    assert {standing["label"]: standing["dashes"] for standing in standings} == {"solid": [""], "long": ["9 3"], "dotted": ["1 2"]}
    assert contents(build_makers())["ontology"]["concepts"] == []


def test_a_page_needs_the_explorer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("nevkg.network.files.TEMPLATE", tmp_path / "graph.html")
    with pytest.raises(CouldNotRun, match="run 'make explorer'"):
        to_page(build_makers())


def test_relations_beyond_the_colours_have_hollow_heads() -> None:
    names = [f"r{number:02}" for number in range(14)]
    kinds = {"a": "plant", **dict.fromkeys(names, "automaker")}
    looks = strokes(build_network(kinds, [("a", name, name, (None, None)) for name in names], "neighbourhood"))
    assert [stroke.hollow for stroke in looks.values()] == [False] * 6 + [True] * 5 + [False] * 3
    assert len({(stroke.color, stroke.hollow) for stroke in looks.values()}) == 12


@pytest.mark.usefixtures("explorer_build")
def test_an_empty_network() -> None:
    for name in ("neighbourhood", "sources"):
        network = build_network({}, [], name)
        assert "nothing found" in svg_texts(draw_picture(network, "svg"))
        assert draw_picture(network, "png").startswith(b"\x89PNG")
        assert to_page(network).startswith(b"<!doctype html>")


def test_hostile_labels_are_text() -> None:
    for network in (
        build_star(HOSTILE),
        build_network({str(number): "plant" for number in range(8)}, [("0", "to", "1", (None, None))], "sources"),
    ):
        drawing = draw_figure(network)
        assert find_overlaps(drawing) == []
        content = draw_picture(network, "svg")
        assert b"<img" not in content
        assert b"<script" not in content
        ElementTree.fromstring(content)
        assert draw_picture(network, "png").startswith(b"\x89PNG")
    text = " ".join(svg_texts(draw_picture(build_star(HOSTILE), "svg")))
    assert "$" in text
    assert "frac{1}{0}" in text.replace(" ", "")


@pytest.mark.usefixtures("explorer_build")
def test_a_page_allows_only_its_own_script_and_style() -> None:
    import base64
    import hashlib

    html = to_page(build_star(HOSTILE)).decode()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)
    assert policy
    assert policy[1].startswith("default-src 'none';")
    for element in ('script type="module"', "style"):
        inline = re.search(rf"<{element}>(.*?)</{element.split()[0]}>", html, re.DOTALL)
        assert inline
        assert f"'sha256-{base64.b64encode(hashlib.sha256(inline[1].encode()).digest()).decode()}'" in policy[1]
    assert html.count("<script") == html.count("</script>") == 2
    head, _, body = html.partition('id="contents">')
    assert '<html lang="en">' in head
    data = body.partition("</script>")[0]
    assert not {"<", "\u202e", "\x00"} & set(data)
    assert len(json.loads(data)["graph"]["edges"]) == 11


def test_labels_are_cleaned_shortened_and_broken() -> None:
    assert clean(" a\u202e\n b\t\x07 ") == "a b"
    assert shorten("short") == "short"
    assert shorten("a label that is quite a bit too long to be drawn", 10).endswith("…")
    assert measure(shorten("W" * 500, 10)) < 11
    lines = break_lines("Milestone: BYD Rayong plant, 2025-01")
    assert len(lines) == 2
    assert " ".join(lines) == "Milestone: BYD Rayong plant, 2025-01"
    assert break_lines("\u200f") == []
    assert len(break_lines("广汽埃安新能源汽车股份有限公司泰国罗勇府工厂")) == 2


def test_missing_glyphs_are_reported() -> None:
    with pytest.warns(UserWarning, match="no installed font|No installed font"):
        warn_of_missing(["\U0001fbff\U0001fbfe \U00012000"])


def test_chinese_needs_a_font(monkeypatch: pytest.MonkeyPatch) -> None:
    from nevkg.network import sheet

    monkeypatch.setattr(sheet, "installed", lambda: ("DejaVu Sans",))
    with pytest.warns(UserWarning, match="fonts-wqy-microhei") as messages:
        assert draw_picture(build_star(["比亚迪", "奇瑞"]), "png").startswith(b"\x89PNG")
    assert sum("fonts-wqy" in str(message.message) for message in messages) == 1


_FONTS = """
from nevkg.network.sheet import installed
print(" ".join(name.replace(" ", "_") for name in installed()))
"""


def test_a_font_installed_later_is_found(tmp_path: Path) -> None:
    every = run_python(_FONTS, MPLCONFIGDIR=str(tmp_path)).split()
    (listed,) = tmp_path.glob("fontlist-*.json")
    fonts = json.loads(listed.read_text())
    # As if only the fonts that come with matplotlib had been there before; their paths are relative.
    shipped = [font for font in fonts["ttflist"] if not Path(font["fname"]).is_absolute()]
    listed.write_text(json.dumps({**fonts, "ttflist": shipped}))
    assert run_python(_FONTS, MPLCONFIGDIR=str(tmp_path)).split() == every
    assert {font["fname"] for font in json.loads(listed.read_text())["ttflist"]} == {font["fname"] for font in fonts["ttflist"]}


def test_pictures_with_latin_labels_give_no_warnings() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        draw_picture(build_star(["BYD", "Côte d’Ivoire"]), "png")


@pytest.mark.parametrize("format", ["png", "svg"])
def test_without_matplotlib_an_error_names_the_extra(monkeypatch: pytest.MonkeyPatch, format: Any, tmp_path: Path) -> None:
    for name in [*(name for name in sys.modules if name.split(".")[0] == "matplotlib"), "nevkg.network.figure"]:
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(CouldNotRun, match="draw"):
        build_makers().save(tmp_path / f"picture.{format}")


_AGAIN = """
import hashlib
from tests.questions.test_pictures import build_makers, build_star
from nevkg.network.figure import draw_picture
from nevkg.network.files import to_page
for network in (build_makers(), build_star([f"label {number} of some length" for number in range(30)])):
    for content in (draw_picture(network, "png"), draw_picture(network, "svg"), to_page(network)):
        print(hashlib.sha256(content).hexdigest())
"""


@pytest.mark.slow
@pytest.mark.usefixtures("explorer_build")
def test_the_same_bytes_in_every_process() -> None:
    found = {run_python(_AGAIN, PYTHONHASHSEED=seed) for seed in ("1", "77")}
    assert len(found) == 1
    assert len(set(found.pop().split())) == 6


@pytest.fixture
def show_page(browser: Any, explorer_build: None, tmp_path: Path) -> Iterator[Any]:  # noqa: ARG001  it must be built first
    """Opens pages, and asserts at the end that there were no requests, errors or warnings."""
    file = tmp_path / "page.html"
    with visit(browser, file.as_uri()) as current:

        def show(network: Network) -> Any:
            file.write_bytes(to_page(network))
            current.page.goto(file.as_uri())
            return current.page

        yield show


def test_the_page_finds_a_node_and_shows_the_evidence_of_a_link(show_page: Any) -> None:
    tab = show_page(build_makers())
    tab.get_by_label("Filter nodes").fill("MAKER 3")
    tab.locator(".nodes li button").click()
    assert tab.locator("#selection-title").inner_text() == "maker 3"
    tab.locator(".links button", has_text="manufactures at").first.click()
    panel = tab.locator("aside.side").inner_text()
    assert "https://w3id.org/nevkg/episode/e" in panel
    assert "A <b>title</b>" in panel
    assert "Publisher, 2024-05-01" in panel
    links = tab.eval_on_selector_all("aside.side a", "all => all.map(one => one.href)")
    assert links
    # The address of the source is not http(s).
    assert all(link.startswith("https://w3id.org/nevkg/") for link in links)


def test_the_page_filters_by_day_and_class_and_saves_pictures(show_page: Any) -> None:
    tab = show_page(build_makers())
    status = tab.locator(".controls [role=status]")
    assert status.inner_text() == "41 nodes, 49 links"
    tab.get_by_role("textbox", name="As of").fill("2012-06-30")
    tab.wait_for_url(re.compile("as_of=2012-06-30"))
    tab.wait_for_function("() => !document.querySelector('.controls [role=status]').innerText.endsWith('49 links')")
    assert status.inner_text() != "41 nodes, 49 links"
    tab.get_by_role("button", name="All dates").click()
    tab.wait_for_function("() => document.querySelector('.controls [role=status]').innerText.endsWith('49 links')")
    tab.locator(".legend button", has_text="country").click()
    tab.wait_for_function("() => !document.querySelector('.controls [role=status]').innerText.endsWith('49 links')")
    assert status.inner_text() == "36 nodes, 24 links"
    tab.get_by_text("Save", exact=True).click()
    for name, beginning in (("Image (PNG)", b"\x89PNG"), ("Vector image (SVG)", b"<?xml")):
        with tab.expect_download() as loading:
            tab.get_by_role("button", name=name).click()
        assert Path(loading.value.path()).read_bytes().startswith(beginning)


def test_the_page_escapes_hostile_labels_and_has_the_language_of_the_network(show_page: Any) -> None:
    tab = show_page(replace(build_star(HOSTILE), language="zh"))
    assert tab.get_by_label("筛选节点").is_visible()
    for button in tab.locator(".nodes li button").all():
        button.click()
        assert tab.locator("#selection-title").count() == 1
        tab.get_by_role("button", name="列表").click()
    assert tab.locator("main img, main script").count() == 0
