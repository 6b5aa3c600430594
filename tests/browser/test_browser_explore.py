"""The graph view of the explorer in a real browser, on the shipped data."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from typing import Any
from urllib.parse import parse_qs
from xml.etree import ElementTree

import networkx as nx
import pytest
from tests.support.browser import PHONE, Visit, visit
from tests.support.serving import RunningServer

pytestmark = pytest.mark.slow

MAKER, PLANT = "agent:byd", "plant:changan-rayong"


def _read_selection(page: Any) -> str:
    return _read_url(page, "chosen")[0]


def _read_url(page: Any, name: str) -> list[str]:
    return parse_qs(page.url.partition("?")[2]).get(name, [""])


def _save(explorer: Visit, form: str) -> bytes:
    menu = explorer.page.locator("details.menu", has_text="Save")
    if menu.get_attribute("open") is None:
        menu.locator("summary").click()
    content = explorer.download(menu.get_by_role("button", name=form).click)
    if menu.get_attribute("open") is not None:
        menu.locator("summary").click()
    return content


def _read_graph(explorer: Visit) -> Any:
    """Returns the drawn graph, which must not contain duplicates."""
    explorer.settle()
    data = json.loads(_save(explorer, "Node-link data (JSON)"))
    assert len({node["id"] for node in data["nodes"]}) == len(data["nodes"])
    assert len({(edge["source"], edge["relation"], edge["target"]) for edge in data["edges"]}) == len(data["edges"])
    return nx.node_link_graph(data, edges="edges")


def _count_classes(graph: Any) -> Counter[str]:
    return Counter(kind for _, kind in graph.nodes(data="class"))


def _read_positions(explorer: Visit) -> dict[str, tuple[float, float]]:
    explorer.settle()
    graph = nx.read_gexf(io.BytesIO(_save(explorer, "GEXF")), version="1.3")
    return {name: (node["viz"]["position"]["x"], node["viz"]["position"]["y"]) for name, node in graph.nodes(data=True)}


def _fetch_neighbours(server: RunningServer, name: str, language: str = "en") -> Any:
    return server.get(f"/api/neighbours?iri={name}&history=true&limit=1000&lang={language}").json()


def _holds(edge: Any, day: str) -> bool:
    return not edge["spells"] or any((spell["from"] or day) <= day and (spell["until"] or "9999") > day for spell in edge["spells"])


def _list_links(edges: Any) -> set[tuple[str, str, str]]:
    return {(edge["subject"], edge["relation"]["iri"], edge["object"]) for edge in edges}


def _list_drawn_links(graph: Any) -> set[tuple[str, str, str]]:
    iri = dict(graph.nodes(data="iri"))
    return {(iri[source], attributes["relation"], iri[target]) for source, target, attributes in graph.edges(data=True)}


def test_graph_expands_by_class_with_undo_and_redo(explorer: Visit, server: RunningServer) -> None:
    near = _fetch_neighbours(server, MAKER)
    totals = {group["kind"]["label"]: group["total"] for group in near["groups"]}
    kind, total = max(totals.items(), key=lambda item: item[1])
    page = explorer.open("explore")
    page.get_by_role("combobox", name="Start from").fill("比亚迪")
    page.get_by_role("main").get_by_role("option").first.wait_for()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="All dates").click()
    first = _read_graph(explorer)
    assert set(first) <= {near["self"]["name"], *(node["name"] for group in near["groups"] for node in group["nodes"])}
    assert MAKER in first
    drawn = dict(re.findall(r"([^:,]+) (\d+ of \d+)", page.locator(".drawn").inner_text()))
    counted = {kind: f"{count} of {total}" for kind, total in totals.items() if (count := _count_classes(first)[kind]) < total}
    assert {kind.strip(): count for kind, count in drawn.items()} == counted
    assert set(_count_classes(first)) == {*totals, near["self"]["kind"]["label"]}  # every class is represented

    page.get_by_role("button", name="List", exact=True).click()
    page.locator(".nodes").get_by_role("button", name=re.compile(rf"^{near['self']['label']} \d+$")).click()
    neighbours = page.locator(".neighbours li", has_text=kind).first
    assert f"{_count_classes(first)[kind]} of {total} shown" in neighbours.inner_text()
    before = first
    while (more := neighbours.get_by_role("button", name=f"more: {kind}")).count():
        more.click()
        grown = _read_graph(explorer)
        assert set(before) < set(grown)
        assert {before.nodes[name]["class"] for name in before} | {kind} == set(_count_classes(grown))
        before = grown
    assert _count_classes(before)[kind] == total
    assert f"{total} of {total} shown" in neighbours.inner_text()
    assert explorer.violations() == []

    page.get_by_role("button", name="Collapse").click()
    folded = _read_graph(explorer)
    assert set(folded) < set(before)
    assert all(len(set(nx.all_neighbors(before, name)) - {name}) == 1 for name in set(before) - set(folded))
    page.get_by_role("button", name="Undo").click()
    assert set(_read_graph(explorer)) == set(before)
    page.locator("h2#selection-title").click()
    page.keyboard.press("Control+y")
    assert set(_read_graph(explorer)) == set(folded)
    page.keyboard.press("Control+z")
    assert set(_read_graph(explorer)) == set(before)
    page.get_by_role("button", name="Redo").click()
    assert set(_read_graph(explorer)) == set(folded)
    page.get_by_role("button", name="Undo").click()
    explorer.settle()
    page.go_back()
    assert set(_read_graph(explorer)) == set(folded)
    assert page.get_by_role("button", name="Redo").is_disabled()  # in this graph nothing was undone
    page.go_back()
    page.reload()
    assert set(_read_graph(explorer)) == set(before)
    page.go_forward()
    assert set(_read_graph(explorer)) == set(folded)


def test_graph_filters_by_class_day_and_source(explorer: Visit, server: RunningServer) -> None:
    near = _fetch_neighbours(server, PLANT)
    assert len({edge["subject"] for edge in near["edges"]}) > 1
    page = explorer.open(f"explore?thing={PLANT}&always=true")
    whole = _read_graph(explorer)
    assert _list_drawn_links(whole) == _list_links(near["edges"])
    for group in near["groups"][:2]:
        mark = page.locator(".legend button", has=page.get_by_text(group["kind"]["label"], exact=True))
        mark.click()
        explorer.settle()
        assert mark.get_attribute("aria-pressed") == "false"
        assert set(_read_graph(explorer)) == set(whole) - {node["name"] for node in group["nodes"]}
        mark.click()
    assert set(_read_graph(explorer)) == set(whole)

    days = sorted({day for edge in near["edges"] for spell in edge["spells"] for day in spell.values() if day and len(day) == 10})
    middle = days[len(days) // 2]
    page.get_by_label("As of", exact=True).fill(middle)
    page.wait_for_url(re.compile(middle))
    assert _list_drawn_links(_read_graph(explorer)) == _list_links(edge for edge in near["edges"] if _holds(edge, middle))
    page.get_by_role("slider", name="Time").focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_url(lambda url: middle not in url)
    earlier = page.url.partition("as_of=")[2][:10]
    assert earlier < middle
    assert _list_drawn_links(_read_graph(explorer)) == _list_links(edge for edge in near["edges"] if _holds(edge, earlier))
    page.get_by_role("button", name="dataset date").click()
    page.wait_for_url(lambda url: "as_of" not in url)
    assert _list_drawn_links(_read_graph(explorer)) == _list_links(edge for edge in near["edges"] if _holds(edge, near["asOf"]))
    page.get_by_role("button", name="All dates").click()

    counts = Counter(source for edge in near["edges"] for source in edge["sources"])
    source, count = counts.most_common()[-1]
    page.get_by_role("combobox", name="Source", exact=True).select_option(source)
    assert _list_drawn_links(_read_graph(explorer)) == _list_links(edge for edge in near["edges"] if source in edge["sources"])
    assert len(_read_graph(explorer).edges) == count
    page.reload()
    assert len(_read_graph(explorer).edges) == count
    # If the filters hide everything, one click clears them.
    kinds = "".join(f"&without={group['kind']['iri'].split('#')[1]}" for group in near["groups"])
    explorer.open(f"explore?thing={PLANT}&without=Plant{kinds}")
    page.get_by_role("button", name="Clear filters").click()
    assert set(_read_graph(explorer)) == set(whole)


def test_panels_link_to_evidence(explorer: Visit, server: RunningServer) -> None:
    near = _fetch_neighbours(server, PLANT)
    edge = next(edge for edge in near["edges"] if edge["evidence"] and _holds(edge, near["asOf"]))
    names = {node["iri"]: node["name"] for group in near["groups"] for node in group["nodes"]} | {near["iri"]: PLANT}
    page = explorer.open(f"explore?thing={PLANT}&chosen={PLANT}")
    page.get_by_role("link", name="Evidence").click()
    page.locator(".trace .property-group").first.wait_for()
    assert _read_url(page, "trace") == [near["iri"]]
    page.keyboard.press("Escape")
    page.locator(".trace").wait_for(state="detached")

    selection = f"{names[edge['subject']]} {edge['relation']['iri'].split('#')[-1]} {names[edge['object']]}"
    page.locator(".links button", has_text=edge["relation"]["label"]).first.click()
    explorer.open(f"explore?thing={PLANT}&chosen={selection.replace(' ', '%20')}")
    panel = page.get_by_role("complementary", name="Side panel")
    assert edge["relation"]["label"] in panel.inner_text()
    sources = {source["iri"]: source for source in near["sources"]}
    assert all(sources[iri]["title"] in panel.inner_text() for iri in edge["sources"])
    assert all(spell["from"] in panel.inner_text() for spell in edge["spells"] if spell["from"])
    assert explorer.violations() == []
    panel.get_by_role("link", name="Evidence").click()
    page.locator(".trace .statement").first.wait_for()
    assert _read_url(page, "trace") == edge["evidence"]
    assert explorer.violations() == []


def test_keyboard_control_and_pinned_nodes(explorer: Visit) -> None:
    page = explorer.open(f"explore?thing={PLANT}")
    first = _read_graph(explorer)
    page.get_by_role("application").focus()
    page.keyboard.press("ArrowRight")
    explorer.settle()
    assert _read_selection(page) == max(first, key=first.degree)  # starts with the node of the highest degree
    for key, axis, sign in (("ArrowRight", 0, 1), ("ArrowUp", 1, 1), ("ArrowLeft", 0, -1), ("ArrowDown", 1, -1)):
        spots = _read_positions(explorer)
        left = _read_selection(page)
        page.get_by_role("application").focus()
        page.keyboard.press(key)
        explorer.settle()
        # There may be no node in that direction.
        assert _read_selection(page) == left or sign * (spots[_read_selection(page)][axis] - spots[left][axis]) > 0
        if _read_selection(page) != PLANT:
            break
    selection = _read_selection(page)
    assert selection in set(first) - {PLANT}
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "selection-title"
    page.get_by_role("application").focus()
    page.keyboard.press("p")
    assert page.get_by_role("button", name="Unpin").get_attribute("aria-pressed") == "true"
    before = _read_positions(explorer)
    page.get_by_role("button", name="Re-run layout").click()
    after = _read_positions(explorer)
    assert after[selection] == before[selection]
    assert any(after[name] != before[name] for name in after)
    # A node can also be selected in the list.
    page.get_by_role("button", name="List", exact=True).click()
    page.get_by_label("Filter nodes").fill("thai")
    page.locator(".nodes").get_by_role("button", name="Thailand").click()
    page.get_by_role("application").focus()
    page.keyboard.press("e")
    grown = _read_positions(explorer)
    assert _read_url(page, "step") == ["grow place:TH * 25"]
    assert set(first) < set(grown)
    assert {name: grown[name] for name in first} == after  # existing nodes do not move
    page.get_by_role("application").focus()
    page.keyboard.press("Delete")
    assert "place:TH" not in _read_graph(explorer)
    page.keyboard.press("Control+z")
    assert set(_read_graph(explorer)) == set(grown)

    for layout in ("rings", "layers"):
        page.get_by_label("Layout").select_option(layout)
        assert _read_url(page, "layout") == [layout]
        spots = _read_positions(explorer)
        assert len(set(spots.values())) == len(spots)
        if layout == "layers":
            assert len({round(y) for _, y in spots.values()}) < len(spots) / 2


def test_a_large_graph_is_laid_out_the_same_each_time_around_pinned_nodes(explorer: Visit) -> None:
    page = explorer.open("explore?from=neighbourhood&relation=nev:builds&relation=nev:participant")
    before = _read_positions(explorer)
    assert len(before) > 300
    assert len(set(before.values())) == len(before)
    page.get_by_role("button", name="Re-run layout").click()
    assert _read_positions(explorer) == before
    page.get_by_label("Filter nodes").fill("BYD Rayong")
    page.locator(".nodes button", has_text="BYD Rayong").first.click()
    explorer.settle()
    pinned = _read_selection(page)
    page.get_by_role("application").focus()
    page.keyboard.press("p")
    page.get_by_role("button", name="Re-run layout").click()
    after = _read_positions(explorer)
    assert after[pinned] == before[pinned]
    assert sum(after[name] != before[name] for name in after) > len(after) / 2
    # A layout that is started during another one still finishes.
    page.get_by_role("button", name="Re-run layout").click()
    page.get_by_label("Layout").select_option("rings")
    rings = _read_positions(explorer)
    assert rings[pinned] == before[pinned]
    assert all(rings[name] != after[name] for name in after if name != pinned)


def test_labels_are_drawn_whole(explorer: Visit) -> None:
    # Cytoscape draws as much of a label as fits into the box that it measured.
    boxes = """() => document.querySelector(".canvas")._cyreg.cy.nodes(".called").map(node => {
      const before = node.boundingBox({ includeNodes: false, includeLabels: true }).w;
      node.data("font", node.data("font") + 1).numericStyle("font-size");
      node.data("font", node.data("font") - 1).numericStyle("font-size");
      return [before, node.boundingBox({ includeNodes: false, includeLabels: true }).w];
    })"""
    page = explorer.open("explore?from=makers-plants-countries")
    for zoom in ("-", "-", "+"):
        page.get_by_role("application").focus()
        page.keyboard.press(zoom)
        explorer.settle()
        measured = page.evaluate(boxes)
        assert len(measured) > 5
        assert [before for before, _ in measured] == pytest.approx([after for _, after in measured], abs=0.5)


@pytest.mark.slow
def test_a_graph_too_large_to_draw_is_listed(explorer: Visit) -> None:
    page = explorer.open("explore")
    page.get_by_role("link", name="Which source says something about what?").click()
    assert len(_read_graph(explorer)) < 1000  # its example
    page.locator(".conditions summary").click()
    page.get_by_role("button", name="Remove Changan Rayong plant").click()
    explorer.settle()
    page.get_by_text("are too many to draw").wait_for(timeout=300_000)  # a large graph, on a machine that may be busy
    assert page.get_by_role("application").count() == 0
    assert len(_read_graph(explorer)) > 5000
    assert page.get_by_role("button", name="PNG").count() == 0
    assert explorer.violations() == []


def test_path_search_can_be_cancelled_and_shows_steps(browser: Any, server: RunningServer) -> None:
    routes: list[Any] = []
    holding = True

    def hold(route: Any) -> bool:
        if holding and "/api/path" in route.request.url:
            routes.append(route)
            return True
        return False

    with visit(browser, server.address, sent=hold) as explorer:
        page = explorer.open(f"explore?thing={PLANT}&side=paths")
        first = _read_graph(explorer)
        for end, words in (("From", "byd"), ("To", "european union")):
            page.get_by_role("combobox", name=end).fill(words)
            page.locator(".paths").get_by_role("option").first.wait_for()
            page.keyboard.press("Enter")
        page.get_by_role("button", name="Find shortest paths").click()
        page.get_by_role("button", name="Cancel").click()
        assert set(_read_graph(explorer)) == set(first)
        routes.pop().abort()
        assert _read_url(page, "step") == [""]
        holding = False
        with page.expect_response(lambda answer: "/api/path" in answer.url) as answered:
            page.get_by_role("button", name="Find shortest paths").click()
        page.locator(".paths ol").first.wait_for()
        answer = answered.value.json()
        assert page.locator(".paths ol").count() == len({step["path"] for step in answer["steps"]})
        text = page.locator(".paths").inner_text()
        for step in answer["steps"]:
            if step["path"] <= 3:
                assert step["relation"]["label"] in text
        grown = _read_graph(explorer)
        iris = {iri for _, iri in grown.nodes(data="iri")}
        assert {step["subject"]["iri"] for step in answer["steps"]} <= iris
        assert nx.has_path(grown.to_undirected(), MAKER, "place:eu")
        assert explorer.violations() == []
        page.locator(".paths").get_by_role("link", name="Evidence").first.click()
        page.locator(".trace .statement").first.wait_for()


def test_graph_is_saved_in_every_format(explorer: Visit) -> None:
    page = explorer.open("explore")
    page.locator(".featured a").nth(1).click()
    page.locator(".canvas").wait_for()
    network = _read_graph(explorer)
    assert len(network) > 2
    page.locator("details.menu summary", has_text="Save").click()
    assert explorer.violations() == []
    page.locator("details.menu summary", has_text="Save").click()
    picture = _save(explorer, "PNG")
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert min(int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])) > 200
    drawing = ElementTree.fromstring(_save(explorer, "SVG"))
    svg = "{http://www.w3.org/2000/svg}"
    assert len(drawing.findall(f"{svg}g[1]/{svg}g[2]/{svg}g")) == len(network)
    assert len(drawing.findall(f"{svg}g[1]/{svg}g[1]/{svg}path")) == len(network.edges)
    texts = " ".join("".join(text.itertext()) for text in drawing.iter(f"{svg}text"))
    assert re.search(r"as of \d{4}-\d\d-\d\d Links drawn: \d+", texts)
    assert re.search(r"Sources: [\d,]+\.", texts)
    for graph in (
        nx.read_gexf(io.BytesIO(_save(explorer, "GEXF")), version="1.3"),
        nx.parse_graphml(_save(explorer, "GraphML").decode()),
    ):
        assert {name: attributes["label"] for name, attributes in graph.nodes(data=True)} == dict(network.nodes(data="label"))
        assert Counter(list(graph.edges())) == Counter(list(network.edges()))
    rows = list(csv.DictReader(io.StringIO(_save(explorer, "CSV").decode("utf-8-sig"))))
    assert len(rows) == len(network.edges)
    assert {row["relation"] for row in rows} == {relation for *_, relation in network.edges(data="relation")}
    page.reload()
    assert set(_read_graph(explorer)) == set(network)


def test_an_opened_graph_on_a_phone_in_chinese_and_dark(browser: Any, server: RunningServer) -> None:
    with visit(browser, server.address, size=PHONE, dark=True, language="zh") as explorer:
        page = explorer.open(f"explore?thing={MAKER}&chosen={MAKER}")
        near = _fetch_neighbours(server, MAKER, "zh")
        assert near["self"]["label"] in page.locator("#selection-title").inner_text()
        assert near["groups"][0]["kind"]["label"] in page.locator(".neighbours").inner_text()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
        assert explorer.violations() == []


def test_two_days_are_compared(explorer: Visit, server: RunningServer) -> None:
    near = _fetch_neighbours(server, PLANT)
    days = ("2023-01-01", near["asOf"])
    page = explorer.open(f"explore?thing={PLANT}&against={days[0]}")
    assert _list_drawn_links(_read_graph(explorer)) == _list_links(edge for edge in near["edges"] if any(_holds(edge, day) for day in days))
    appeared = [edge for edge in near["edges"] if _holds(edge, days[1]) and not _holds(edge, days[0])]
    listed = page.locator("details", has_text="appeared or first reported")
    listed.locator("summary").click()
    assert appeared
    assert listed.locator("li").count() == len(appeared)
    listed.locator("li button").first.click()
    assert page.locator(".side .content h2, .side .content h3").first.inner_text()
    assert explorer.violations() == []
