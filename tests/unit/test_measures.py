"""Network measures and paths: on small networks with known results, and on the command line."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import networkx
import pytest
from tests.conftest import Nevkg

import nevkg
from nevkg.network import Network, load_projections
from nevkg.network.analysis import find_paths, measure_nodes
from nevkg.network.model import Edge, Node
from nevkg.store import EmbeddedStore
from nevkg.table.values import Thing

KIND = Thing("x:kind", "kind")


def network(store: EmbeddedStore, *edges: tuple[str, str, float]) -> Network:
    """Builds a small network; nodes are named by letters."""
    names = sorted({name for edge in edges for name in edge[:2]})
    nodes = {f"x:{name}": Node(f"x:{name}", name, name.upper(), KIND, "#000000") for name in names}
    links = [Edge(f"x:{first}", Thing("x:r", "goes to"), f"x:{second}", weight) for first, second, weight in edges]
    return Network(store, load_projections(store.layout)["ownership"], {}, "2026-01-01", "en", nodes, links)


def test_measures_of_a_star_beside_a_pair(sample: EmbeddedStore) -> None:
    star = network(sample, ("a", "hub", 2), ("b", "hub", 3), ("c", "hub", 1), ("y", "z", 5))
    found = {str(row.node): row.as_dict() for row in measure_nodes(star)}
    assert next(iter(found)) == "HUB"
    assert [found["HUB"][name] for name in ("degree", "in", "out", "strength")] == [3, 3, 0, 6.0]
    assert [found["A"][name] for name in ("degree", "in", "out", "strength")] == [1, 0, 1, 2.0]
    # All three paths between two leaves lead through the hub, out of ten pairs of other nodes.
    assert found["HUB"]["betweenness"] == pytest.approx(3 / 10)
    assert {found[name]["component"] for name in ("HUB", "A", "B", "C")} == {1}
    assert {found[name]["component"] for name in ("Y", "Z")} == {2}
    assert found["Y"]["community"] == found["Z"]["community"] != found["HUB"]["community"]


def test_projection_onto_one_side(sample: EmbeddedStore) -> None:
    both = network(sample, ("a", "x", 1), ("b", "x", 1), ("a", "y", 1), ("b", "y", 1), ("c", "y", 1))
    makers = {edge.ends: edge.weight for edge in both.onto("subject").edges}
    assert makers == {("x:a", "x:b"): 2.0, ("x:a", "x:c"): 1.0, ("x:b", "x:c"): 1.0}
    assert {edge.ends: edge.weight for edge in both.onto("object").edges} == {("x:x", "x:y"): 2.0}
    assert set(both.onto("object").nodes) == {"x:x", "x:y"}


def steps(table: nevkg.Table) -> list[list[str]]:
    found: dict[int, list[str]] = {}
    for row in table:
        found.setdefault(row[0], []).append(f"{row.subject} {row.relation} {row.object}")
    return list(found.values())


def test_shortest_paths_are_found(sample: EmbeddedStore) -> None:
    square = network(sample, ("a", "b", 1), ("b", "d", 1), ("d", "c", 1), ("a", "c", 1), ("d", "e", 1), ("y", "z", 1))
    assert steps(find_paths(square, "x:a", "x:d")) == [["A goes to B", "B goes to D"], ["A goes to C", "D goes to C"]]
    assert steps(find_paths(square, "x:a", "x:d", avoid=["x:b"])) == [["A goes to C", "D goes to C"]]
    assert len(steps(find_paths(square, "x:a", "x:b", longest=3))) == 2
    assert len(steps(find_paths(square, "x:a", "x:b"))) == 1
    assert len(steps(find_paths(square, "x:a", "x:d", limit=1))) == 1
    assert not find_paths(square, "x:a", "x:z")
    assert not find_paths(square, "x:a", "x:nowhere")
    with pytest.raises(nevkg.WrongUsage, match="two different"):
        find_paths(square, "x:a", "x:a")


@pytest.mark.slow
def test_each_step_of_a_path_has_sources(nevkg: Nevkg) -> None:
    result = nevkg("path", "byd", "place:eu", "--format", "csv")
    assert result.code == 0
    rows = list(csv.DictReader(io.StringIO(result.out)))
    assert {row["subject_label"] for row in rows} >= {"BYD"}
    assert {row["object_label"] for row in rows} >= {"European Union"}
    assert all(row["sources"].startswith("https://w3id.org/nevkg/source/") for row in rows)
    assert rows[0]["relation_label"]
    citation = nevkg("path", "byd", "place:eu", "--format", "md", "--cite")
    assert "Sources:" in citation.out


def test_unconnected_entities_are_reported(nevkg: Nevkg, part: str) -> None:
    result = nevkg("path", "byd", "place:eu", "--in", "ontology", "--data", part)
    assert (result.code, "nothing connects 'byd' and 'place:eu'" in result.err) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("graph", "ownershp"), "Did you mean ownership?"),
        (("graph", "ownership", "land=TH"), "no parameter 'land'"),
        (("graph", "ownership", "--weight", "money"), "have no column 'money'"),
        (("graph", "ownership", "--depth", "0"), "not a whole number above 0"),
        (("graph", "ownership", "--format", "parquet"), "name a folder"),
        (("graph", "ownership", "--output", "x.docx"), "cannot be written as 'docx'"),
        (("graph", "ownership", "history=perhaps"), "neither true nor false"),
        (("graph", "ontology", "--as-of", "2024-01-01"), "not about a day"),
        (("measure", "sources", "--onto", "left"), "invalid choice: 'left'"),
        (("path", "byd", "no-such-thing-at-all"), "No entity is called"),
        (("path", "byd", "byd"), "two different"),
    ],
)
def test_wrong_usage_is_reported_in_one_line(nevkg: Nevkg, part: str, arguments: tuple[str, ...], message: str) -> None:
    assert message in nevkg(*arguments, "--data", part).error()


def test_the_graph_command(nevkg: Nevkg, part: str, tmp_path: Path) -> None:
    listing = nevkg("graph")
    assert {"ownership", "neighbourhood"} <= {line.split()[0] for line in listing.out.splitlines()}
    document = json.loads(nevkg("graph", "ontology", "--data", part).out)
    assert document["nodes"]
    target = tmp_path / "ontology.graphml"
    assert nevkg("graph", "ontology", "--data", part, "--output", str(target)).code == 0
    assert len(networkx.read_graphml(target)) == len(document["nodes"])
    assert nevkg("graph", "ontology", "--data", part, "--output", str(tmp_path / "no" / "such" / "x.dot")).code == 3
    assert nevkg("graph", "ontology", "--data", part, "--output", str(tmp_path / "tables"), "--format", "parquet").code == 0
    assert {path.name for path in (tmp_path / "tables").iterdir()} == {"nodes.parquet", "edges.parquet"}


def test_gexf_has_the_history_unless_a_day_is_given(nevkg: Nevkg, part: str) -> None:
    history = nevkg("graph", "ownership", "--data", part, "--format", "gexf").out
    day = nevkg("graph", "ownership", "--data", part, "--format", "gexf", "--as-of", "2015-01-01").out
    assert history.count("<edge ") > day.count("<edge ")
    assert nevkg("graph", "ownership", "asOf=2015-01-01", "--data", part, "--format", "gexf").out == day


def test_depth_extends_the_neighbourhood(sample: EmbeddedStore) -> None:
    kg = nevkg.KnowledgeGraph(sample)
    one, two = (kg.graph("neighbourhood", entity="changan-rayong", depth=depth) for depth in (1, 2))
    near = {iri for edge in one.edges for iri in edge.ends}
    plant = kg.resolve("changan-rayong")
    assert all(plant in edge.ends for edge in one.edges)
    assert near < set(two.nodes)
    assert all(set(edge.ends) & near for edge in two.edges)
    assert set(kg.graph("neighbourhood", entity="changan-rayong", depth=3, limit=len(near)).nodes) == near


def test_the_weight_can_be_selected(sample: EmbeddedStore) -> None:
    kg = nevkg.KnowledgeGraph(sample)
    plain, capacity = (kg.graph("makers-countries", weight=name) for name in ("weight", "capacity"))
    assert [edge.ends for edge in plain.edges] == [edge.ends for edge in capacity.edges]
    assert [edge.weight for edge in plain.edges] != [edge.weight for edge in capacity.edges]
    weights = [facts["weight"] for _, _, facts in capacity.to_networkx().edges(data=True)]
    assert sorted(weights) == sorted(edge.weight for edge in capacity.edges)


def test_the_command_line_and_the_library_agree(nevkg: Nevkg, sample: EmbeddedStore) -> None:
    import nevkg as library

    table = library.KnowledgeGraph(sample).measures("makers-countries", onto="object")
    assert len(table)
    command = ("measure", "makers-countries", "--onto", "object", "--format", "csv", "--data", str(sample.layout.data))
    assert nevkg(*command).out == table.to_csv()
