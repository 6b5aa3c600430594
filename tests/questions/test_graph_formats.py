"""Graph file formats: each is read back by networkx and by the programs that use it."""

from __future__ import annotations

import hashlib
import io
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import duckdb
import networkx as nx
import pytest
from tests.support.node import install
from tests.support.processes import run_python

from nevkg.network import Network, files
from nevkg.network.graph_formats import FORMATS
from nevkg.network.model import Edge, Node, Spell, merge_spells
from nevkg.network.plain import Plain, simplify
from nevkg.network.project import project
from nevkg.network.projections import load_projections
from nevkg.store import EmbeddedStore
from nevkg.table.values import Thing

Reader = Callable[[str, bytes], Any]
READERS = Path(__file__).parent / "readers"
ONTOLOGY = "https://w3id.org/nevkg/ontology#"
AGENT = "https://w3id.org/nevkg/agent/"
GEXF, VIZ = "{http://gexf.net/1.3}", "{http://gexf.net/1.3/viz}"
REAL = {
    "claims": {"history": ["true"]},
    "makers-countries": {"history": ["true"]},
    "makers-plants-countries": {"history": ["true"]},
    "ontology": {},
    "ownership": {},
}
LABELS = {
    "quotes": '"Great" \'Wall\' \\ \\N \\" <b>x</b> &amp; &#60; AT&T ]]>',
    "script": '"><img src=x onerror="alert(1)"><script>alert(2)</script>',
    "rtl": "\u202eشركة\u202c BYD\u200f",
    "chinese": "比亚迪（中国）𠮷",
    "lines": "one\ntwo\r\nthree\rfour\tfive",
    "control": "a\x00b\x07c\x1bd\ufffee",
    "backslash": "ends with \\",
}
CLEAN = LABELS | {"lines": "one\ntwo\nthree\nfour\tfive", "control": "abcde"}


def build_tricky_network(store: EmbeddedStore) -> Network:
    """Returns a network with names and values that are hard to escape."""
    maker, plant = Thing(ONTOLOGY + "Automaker", "automaker"), Thing(ONTOLOGY + "Plant", 'a "plant"')
    facts: dict[str, dict[str, Any]] = {
        "quotes": {"from": date(2020, 1, 1), "until": date(2021, 1, 1), "country": Thing(AGENT + "x", LABELS["script"]), "size": 1},
        "script": {"size": 2.5, "parent": "the parent", "listed": True, "status": ""},
        "rtl": {"until": date(2022, 3, 1), "listed": False, "size": float("nan"), "mixed": 1},
        "chinese": {"latitude": -1e-7, "count": 3_000_000_000, "mixed": "one", "several": (plant, maker)},
    }
    nodes = {
        AGENT + name: Node(AGENT + name, f"agent:{name}", label, plant if name == "lines" else maker, "#AC3800", facts.get(name, {}))
        for name, label in LABELS.items()
    }
    nodes[AGENT + "control"] = replace(nodes[AGENT + "control"], kind=Thing("", ""), color="steelblue")
    owns, supplies = Thing(ONTOLOGY + "owns", 'owns "all"'), Thing(ONTOLOGY + "supplies", "supplies\x01")

    def edge(subject: str, relation: Thing, obj: str, *spells: Spell, weight: float = 1.0, **facts: Any) -> Edge:
        return Edge(AGENT + subject, relation, AGENT + obj, weight, spells, facts, [f"https://w3id.org/nevkg/episode/{subject}-{obj}"])

    edges = [
        edge("quotes", owns, "script", ("2020-01-01", "2020-02-01"), ("2020-02-01", "2020-03-01"), ("2021-01-01", None), weight=0.5),
        edge("quotes", supplies, "script", (None, "2020-03-01"), inferred=True, share=1, source="the source"),
        edge("script", owns, "quotes", inferred=False, share=0.25),
        edge("rtl", owns, "rtl", ("2020-01-01", "2020-01-01")),
        edge("chinese", supplies, "lines", ("2020-01-01", "2020-06-01"), ("2020-03-01", None), ("2019-01-01", "2019-06-01")),
        edge("lines", owns, "control", ("2019-01-01", None), (None, "2020-01-01")),
        edge("control", supplies, "backslash", plants=7, share=2),
    ]
    projection = load_projections(store.layout)["ownership"]
    return Network(store, projection, {"maker": '"BYD"\x0b'}, "2026-01-31", "en", nodes, edges)


@pytest.fixture(scope="session", params=["tricky", *REAL])
def network(request: pytest.FixtureRequest, sample: EmbeddedStore) -> Network:
    return build_network(sample, request.param)


def build_network(store: EmbeddedStore, name: str) -> Network:
    return build_tricky_network(store) if name == "tricky" else project(store, name, REAL[name])


@pytest.fixture(scope="session")
def shape(network: Network) -> Plain:
    return simplify(network)


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """Reads files with the programs of ``tests/questions/readers/``, which are installed from the lock file."""
    installed = install(READERS, tmp_path_factory.mktemp("readers"))

    def read(program: str, content: bytes) -> Any:
        path = installed.folder / f"input.{program}"
        path.write_bytes(content)
        return json.loads(installed.run("node", f"{program}.mjs", path))

    return read


def expected(shape: Plain) -> tuple[dict[str, dict[str, Any]], dict[tuple[str, str, str], dict[str, Any]]]:
    nodes = {node.name: dict(node.facts) for node in shape.nodes}
    return nodes, {(edge.source, edge.target, edge.name): dict(edge.facts) for edge in shape.edges}


def compare(graph: Any, shape: Plain, *, ignored: frozenset[str] = frozenset()) -> None:
    """Asserts that a graph has the same nodes, edges and typed attributes, except those in ``ignored``."""
    nodes, edges = expected(shape)
    graph = graph if graph.is_multigraph() else nx.MultiDiGraph(graph)
    found = {node: {name: value for name, value in facts.items() if name not in ignored} for node, facts in graph.nodes(data=True)}
    assert found == nodes
    found_edges = {}
    for source, target, key, facts in graph.edges(keys=True, data=True):
        found_edges[source, target, facts.get("id", key)] = {name: value for name, value in facts.items() if name not in ignored}
    assert found_edges == edges
    for have, want in zip([*found.values(), *found_edges.values()], [*nodes.values(), *(edges[ends] for ends in found_edges)], strict=True):
        assert {name: type(value) for name, value in have.items()} == {name: type(value) for name, value in want.items()}


def test_values_are_cleaned(sample: EmbeddedStore) -> None:
    shape = simplify(build_tricky_network(sample))
    facts = {node.name.removeprefix("agent:"): node.facts for node in shape.nodes}
    assert {name: one["label"] for name, one in facts.items()} == CLEAN
    assert facts["script"]["size"] == 2.5
    assert isinstance(facts["quotes"]["size"], float)
    assert "size" not in facts["rtl"]
    assert "status" not in facts["script"]
    assert facts["script"]["parent_"] == "the parent"
    assert (facts["rtl"]["mixed"], facts["chinese"]["mixed"]) == ("1", "one")
    assert facts["chinese"]["several"] == 'a "plant"; automaker'
    assert shape.node_types["listed"] is bool
    assert shape.node_types["count"] is int
    assert "\x0b" not in shape.about["description"]


def test_the_selected_weight_is_written(sample: EmbeddedStore) -> None:
    network = project(sample, "makers-countries", weight="plantsWithCapacity")
    shape = simplify(network)
    assert shape.edge_types["weight"] is float
    assert [edge.facts["weight"] for edge in shape.edges] == [edge.facts["plantsWithCapacity"] for edge in shape.edges]


def test_half_a_character_is_removed(sample: EmbeddedStore) -> None:
    network = build_tricky_network(sample)
    node = next(iter(network.nodes.values()))
    network = replace(network, nodes={**network.nodes, node.iri: replace(node, label="half \ud83d")})
    for name in FORMATS:
        assert "half " in files.content(network, name).decode()


def test_graphml(network: Network, shape: Plain) -> None:
    content = files.content(network, "graphml")
    graph = nx.read_graphml(io.BytesIO(content), force_multigraph=True)
    compare(graph, shape)
    assert {name: graph.graph[name] for name in shape.about} == shape.about
    root = ElementTree.fromstring(content)
    names = [(key.get("for"), key.get("attr.name")) for key in root.iter("{http://graphml.graphdrawing.org/xmlns}key")]
    assert len(names) == len(set(names)), "an attribute has two types"
    assert {key.get("attr.type") for key in root.iter() if key.tag.endswith("key")} <= {"string", "double", "boolean", "long"}
    ids = [element.get("id") for element in root.iter() if element.tag.endswith(("}node", "}edge"))]
    assert len(ids) == len(set(ids))
    assert b">True<" not in content


def test_gexf_in_networkx(network: Network, shape: Plain) -> None:
    graph = nx.read_gexf(io.BytesIO(files.content(network, "gexf")), version="1.3")
    for node in shape.nodes:
        facts = graph.nodes[node.name]
        if node.rgb:
            assert facts["viz"]["color"] == dict(zip("rgb", node.rgb, strict=True)) | {"a": 1.0}
            facts["color"] = node.facts["color"]  # GEXF has it only in viz:color
        elif "color" in node.facts:
            facts["color"] = node.facts["color"]
    compare(graph, shape, ignored=frozenset({"viz", "start", "end", "spells", "id"}))


def test_gexf_spells(sample: EmbeddedStore) -> None:
    network = build_tricky_network(sample)
    root = ElementTree.fromstring(files.content(network, "gexf"))
    graph = root.find(f"{GEXF}graph")
    assert graph is not None
    assert (graph.get("mode"), graph.get("timeformat"), graph.get("defaultedgetype")) == ("dynamic", "date", "directed")
    spells = {
        (edge.get("source", "")[6:], edge.get("target", "")[6:], edge.get("kind")): [
            dict(spell.attrib) for spell in edge.iter(f"{GEXF}spell")
        ]
        for edge in root.iter(f"{GEXF}edge")
    }
    # End dates are inclusive in GEXF and exclusive in nevkg.
    assert spells == {
        ("quotes", "script", "nev:owns"): [
            {"start": "2020-01-01", "end": "2020-01-31"},
            {"start": "2020-02-01", "end": "2020-02-29"},
            {"start": "2021-01-01"},
        ],
        ("quotes", "script", "nev:supplies"): [{"end": "2020-02-29"}],
        ("script", "quotes", "nev:owns"): [],
        ("rtl", "rtl", "nev:owns"): [{"start": "2020-01-01", "end": "2020-01-01"}],
        ("chinese", "lines", "nev:supplies"): [{"start": "2019-01-01", "end": "2019-05-31"}, {"start": "2020-01-01"}],
        ("lines", "control", "nev:owns"): [],
        ("control", "backslash", "nev:supplies"): [],
    }
    lives = {node.get("id", "")[6:]: (node.get("start"), node.get("end")) for node in root.iter(f"{GEXF}node")}
    assert lives["quotes"] == ("2020-01-01", "2020-12-31")
    assert lives["rtl"] == (None, "2022-02-28")
    assert lives["script"] == (None, None)
    colors = [dict(color.attrib) for color in root.iter(f"{VIZ}color")]
    assert colors == [{"r": "172", "g": "56", "b": "0"}] * 6
    meta = root.find(f"{GEXF}meta")
    assert meta is not None
    assert meta.get("lastmodifieddate") == "2026-01-31"


def test_gexf_without_dates_is_static(sample: EmbeddedStore) -> None:
    content = files.content(build_network(sample, "ontology"), "gexf")
    assert b'mode="dynamic"' not in content
    assert b"timeformat" not in content


@pytest.mark.parametrize(
    ("spells", "apart"),
    [
        ([], []),
        ([("2021", "2022"), ("2019", "2020")], [("2019", "2020"), ("2021", "2022")]),
        ([("2019", "2020"), ("2020", None)], [("2019", "2020"), ("2020", None)]),
        ([("2019", "2021"), ("2020", "2022"), ("2021", "2023")], [("2019", "2023")]),
        ([("2019", "2025"), ("2020", "2021")], [("2019", "2025")]),
        ([("2019", None), ("2020", "2021")], [("2019", None)]),
        ([(None, "2020"), (None, "2019")], [(None, "2020")]),
        ([(None, "2020"), ("2019", None)], [(None, None)]),
    ],
)
def test_spells_do_not_overlap(spells: list[Spell], apart: list[Spell]) -> None:
    assert merge_spells(spells) == apart


def test_gexf_in_graphology(network: Network, shape: Plain, reader: Reader) -> None:
    read = reader("gexf", files.content(network, "gexf"))
    ends = [(edge.source, edge.target) for edge in shape.edges]
    assert (read["type"], read["multi"]) == ("directed", len(ends) > len(set(ends)))
    expected_nodes = {}
    for node in shape.nodes:
        facts = {name: value for name, value in node.facts.items() if name != "color"}
        expected_nodes[node.name] = facts | ({"color": "rgb({},{},{})".format(*node.rgb)} if node.rgb else {})
    assert {node["key"]: node["attributes"] for node in read["nodes"]} == expected_nodes
    assert {edge["key"]: (edge["source"], edge["target"], edge["attributes"]) for edge in read["edges"]} == {
        edge.name: (edge.source, edge.target, {**edge.facts, "kind": edge.kind}) for edge in shape.edges
    }


def test_cyjs(network: Network, shape: Plain, reader: Reader) -> None:
    content = files.content(network, "cyjs")
    graph = nx.cytoscape_graph(json.loads(content))
    compare(graph, shape, ignored=frozenset({"id", "key", "name", "value", "source", "target"}))
    read = reader("cytoscape", content)
    assert read["data"] == shape.about
    assert read["parents"] == 0
    assert {node["id"]: node for node in read["nodes"]} == {
        node.name: {**node.facts, "id": node.name, "value": node.name, "name": node.facts["label"]} for node in shape.nodes
    }
    assert {edge["id"]: edge for edge in read["edges"]} == {
        edge.name: {**edge.facts, "id": edge.name, "key": edge.name, "source": edge.source, "target": edge.target} for edge in shape.edges
    }


def test_json(network: Network, shape: Plain) -> None:
    document = json.loads(files.content(network, "json"))
    sources = document["graph"].pop("sources")
    assert document["graph"] == shape.about
    graph: Any = nx.node_link_graph(document, edges="edges")
    compare(graph, shape, ignored=frozenset({"spells", "evidence", "sources"}))
    for edge in shape.edges:
        facts = graph.edges[edge.source, edge.target, edge.name]
        assert [(spell["from"], spell["until"]) for spell in facts["spells"]] == list(edge.spells)
        assert facts["evidence"] == sorted(edge.evidence)
        assert facts["sources"] == sorted({source.iri for rest in edge.evidence for source in network.evidence.of(rest)})
    assert {source["iri"] for source in sources} == {iri for _, _, iris in graph.edges(data="sources") for iri in iris}


def test_dot(network: Network, shape: Plain, reader: Reader) -> None:
    """Graphviz shows labels literally, without interpreting markup or escapes."""
    read = reader("graphviz", files.content(network, "dot"))
    graph = read["graph"]
    assert graph["directed"]
    places = {drawn["_gvid"]: drawn["name"] for drawn in graph["objects"]}
    assert {drawn["name"]: (drawn["tooltip"], drawn.get("class")) for drawn in graph["objects"]} == {
        node.name: (node.facts["iri"], node.facts.get("class")) for node in shape.nodes
    }
    assert {edge["id"]: (places[edge["tail"]], places[edge["head"]]) for edge in graph["edges"]} == {
        edge.name: (edge.source, edge.target) for edge in shape.edges
    }
    drawing = ElementTree.fromstring(read["svg"])
    shown: dict[str, str] = {}
    fills = {}
    for group in drawing.iter("{http://www.w3.org/2000/svg}g"):
        if (group.get("class") or "").startswith("node"):
            name = group.findtext("{http://www.w3.org/2000/svg}title") or ""
            shown[name] = "\n".join("".join(text.itertext()) for text in group.iter("{http://www.w3.org/2000/svg}text"))
            fills[name] = next(path.get("fill") for path in group.iter("{http://www.w3.org/2000/svg}path"))
    assert {name: " ".join(text.split()) for name, text in shown.items()} == {
        node.name: " ".join(str(node.facts["label"]).split()) for node in shape.nodes
    }
    assert {name: fills[name] for name in shown if fills[name]} == {
        node.name: str(node.facts["color"]).lower() if node.rgb else "lightgrey" for node in shape.nodes
    }
    assert "<script" not in read["svg"]


def test_every_format_has_the_standing(sample: EmbeddedStore, tmp_path: Path) -> None:
    network = project(sample, "makers-plants-countries", {"standing": ["*"]})
    standings = [edge.standing.label for edge in sort_edges(network) if edge.standing]
    assert len(standings) == len(network.edges)
    assert len(set(standings)) > 2
    assert [edge["standing"] for edge in json.loads(files.content(network, "json"))["edges"]] == standings
    assert [edge["data"]["standing"] for edge in json.loads(files.content(network, "cyjs"))["elements"]["edges"]] == standings
    graph = nx.read_graphml(io.BytesIO(files.content(network, "graphml")))
    assert sorted(nx.get_edge_attributes(graph, "standing").values()) == sorted(standings)
    assert files.content(network, "gexf").count(b'for="standing"') == len(standings)
    drawn = re.findall(r'label="[^"]*, (\w+)"(?:, style="(\w+)")?', files.content(network, "dot").decode())
    assert [label for label, _ in drawn] == standings
    assert dict(drawn).items() >= {"corroborated": "", "reported": "dashed", "stale": "dashed"}.items()
    network.save(tmp_path)
    with duckdb.connect() as base:
        found = base.execute("SELECT standing_label FROM read_parquet(?)", [str(tmp_path / "edges.parquet")]).fetchall()
    assert sorted(label for (label,) in found) == sorted(standings)


def sort_edges(network: Network) -> list[Edge]:
    """Returns the edges in the order of files."""
    return sorted(network.edges, key=lambda edge: (*edge.ends, edge.relation.iri))


def test_dot_is_accepted_by_graphviz(network: Network, tmp_path: Path) -> None:
    if shutil.which("dot") is None:
        pytest.skip("graphviz is not installed: apt-get install graphviz")
    path = tmp_path / "network.dot"
    path.write_bytes(files.content(network, "dot"))
    for kind in ("canon", "svg"):
        result = subprocess.run(["dot", f"-T{kind}", path], capture_output=True, check=False)
        assert result.returncode == 0, result.stderr.decode()
    root = ElementTree.fromstring(result.stdout)
    kinds = [(group.get("class") or "").split()[:1] for group in root.iter("{http://www.w3.org/2000/svg}g")]
    assert (kinds.count(["node"]), kinds.count(["edge"])) == (len(network.nodes), len(network.edges))


def test_parquet(network: Network, tmp_path: Path) -> None:
    network.save(tmp_path / "new" / "folder")
    nodes, edges = (tmp_path / "new" / "folder" / f"{name}.parquet" for name in ("nodes", "edges"))
    with duckdb.connect() as base:
        assert base.execute("SELECT count(DISTINCT node) FROM read_parquet(?)", [str(nodes)]).fetchall() == [(len(network.nodes),)]
        assert base.execute("SELECT count(*) FROM read_parquet(?)", [str(edges)]).fetchall() == [(len(network.edges),)]
        count = base.execute(
            """SELECT count(*) FROM read_parquet(?) AS edge
            JOIN read_parquet(?) AS "from" ON edge.subject = "from".node JOIN read_parquet(?) AS "to" ON edge.object = "to".node""",
            [str(edges), str(nodes), str(nodes)],
        ).fetchall()
        assert count == [(len(network.edges),)]


def digests(network: Network, folder: Path) -> dict[str, str]:
    """Returns a hash of each file."""
    network.save(folder)
    contents = {name: files.content(network, name) for name in FORMATS}
    contents |= {path.name: path.read_bytes() for path in folder.iterdir()}
    for name in FORMATS:
        contents[name].decode()
    return {name: hashlib.sha256(content).hexdigest() for name, content in sorted(contents.items())}


CHILD = """
import json, sys
from pathlib import Path
from nevkg.data.paths import Layout
from nevkg.store import open_store
from tests.questions.test_graph_formats import build_network, digests
data, *folders = map(Path, sys.argv[1:])
store = open_store(Layout.find(data))
print(json.dumps({folder.name: digests(build_network(store, folder.name), folder) for folder in folders}))
"""


@pytest.mark.slow
def test_files_are_reproducible(sample: EmbeddedStore, tmp_path: Path) -> None:
    """Files are the same when written twice, in another order, and with other hash seeds."""
    names = ["tricky", "makers-plants-countries"]
    first = {name: digests(build_network(sample, name), tmp_path / "a" / name) for name in names}
    assert {name: digests(build_network(sample, name), tmp_path / "b" / name) for name in names} == first
    network = build_tricky_network(sample)
    reversed_network = replace(network, nodes=dict(reversed(list(network.nodes.items()))), edges=network.edges[::-1])
    for name in FORMATS:
        assert files.content(reversed_network, name) == files.content(network, name), name
    for seed in ("1", "2"):
        folders = [tmp_path / seed / name for name in names]
        assert json.loads(run_python(CHILD, sample.layout.data, *folders, PYTHONHASHSEED=seed)) == first


def test_an_empty_network(sample: EmbeddedStore, reader: Reader) -> None:
    network = replace(build_tricky_network(sample), nodes={}, edges=[])
    assert nx.read_graphml(io.BytesIO(files.content(network, "graphml"))).number_of_nodes() == 0
    assert reader("gexf", files.content(network, "gexf"))["nodes"] == []
    assert reader("cytoscape", files.content(network, "cyjs"))["nodes"] == []
    assert reader("graphviz", files.content(network, "dot"))["graph"].get("objects", []) == []
    assert json.loads(files.content(network, "json"))["nodes"] == []
