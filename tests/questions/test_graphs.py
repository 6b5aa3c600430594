"""Projections and node attributes: golden answers on two engines, parameters, evidence, and colours."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import pytest
import rdflib
from pyoxigraph import NamedNode
from tests.support.engines import Rows, ask_oxigraph, ask_rdflib, check_golden_answer, find_values, load_in_rdflib, run_file
from tests.support.marks import slow_every
from tests.support.worlds import PREFIXES, SHIPPED

from nevkg.ask import days
from nevkg.ask.answer import ask
from nevkg.ask.catalogue import SNAPSHOT, Question, load_catalogue, read_question
from nevkg.ask.evaluation import solve
from nevkg.data import terms
from nevkg.data.frontmatter import read_head
from nevkg.lookup.entities import select
from nevkg.lookup.statements import Standing
from nevkg.network import Network, load_projections
from nevkg.network.analysis import find_paths
from nevkg.network.edges import combine_standings, find_dashes, read_dashes
from nevkg.network.project import project, project_between
from nevkg.store import EmbeddedStore
from nevkg.table.table import Table
from nevkg.table.values import Thing

GOLDEN = Path(__file__).parents[1] / "golden" / "graphs"
PROJECTIONS = [projection.question for projection in load_projections(SHIPPED).projections.values()]
NODES = [read_question(path) for path in sorted(SHIPPED.queries.glob("graphs/nodes/*.rq"))]
BY_NAME = {question.name: question for question in (*PROJECTIONS, *NODES)}
EDGE = ("subject", "relation", "object")
XSD = PREFIXES["xsd"]
HISTORY = {"history": [f'"true"^^<{XSD}boolean>']}
# Questions whose whole answer is too large, with parameters that restrict it.
BOUND = {
    "sources": {"source": ["<https://w3id.org/nevkg/source/s-globaltimes-nd>"]},
    "neighbourhood": {"entity": ["<https://w3id.org/nevkg/agent/byd>", "<https://w3id.org/nevkg/place/TH>"]},
    "class": {"node": ["<https://w3id.org/nevkg/agent/byd>", "<https://w3id.org/nevkg/place/asean>", f"<{PREFIXES['nev']}Plant>"]},
}
DATED = [question for question in PROJECTIONS if any(parameter.name == "history" for parameter in question.parameters)]
PARAMETERS = [
    (question, parameter.name)
    for question in PROJECTIONS
    for parameter in question.parameters
    if parameter.type not in ("xsd:date", "xsd:boolean")
]


def name_of(part: object) -> str:
    return str(getattr(part, "name", part))


# rdflib needs minutes for these; it answers them on a small world instead.
SLOW = ("neighbourhood", "sources")


@pytest.fixture(scope="module")
def dataset(sample: EmbeddedStore) -> rdflib.Dataset:
    return load_in_rdflib(sample)


def edges(question: Question, rows: Rows) -> set[tuple[str | None, ...]]:
    """Returns the ends and relations of the links, without attributes."""
    places = [[column.name for column in question.columns].index(name) for name in EDGE]
    return {tuple(row[place] for place in places) for row in rows}


@pytest.mark.parametrize("question", [*PROJECTIONS, *NODES], ids=name_of)
def test_golden_answer(question: Question, sample: EmbeddedStore) -> None:
    file = GOLDEN / ("nodes" if question in NODES else "") / f"{question.name}.json"
    check_golden_answer(file, ask_oxigraph(sample, question, BOUND.get(question.name, {})))


@pytest.mark.slow
@pytest.mark.parametrize("question", [question for question in [*PROJECTIONS, *NODES] if question.name not in SLOW], ids=name_of)
def test_engines_agree(question: Question, sample: EmbeddedStore, dataset: rdflib.Dataset) -> None:
    bound = BOUND.get(question.name, {})
    assert ask_rdflib(sample, dataset, question, bound) == ask_oxigraph(sample, question, bound)


@pytest.mark.slow
@pytest.mark.parametrize("history", slow_every(2, [True, False]))
@pytest.mark.parametrize("name", SLOW)
def test_engines_agree_on_slow_questions(name: str, history: bool, busy: EmbeddedStore) -> None:
    question = BY_NAME[name]
    bound = HISTORY if history else {}
    found = ask_oxigraph(busy, question, bound)
    assert found
    assert ask_rdflib(busy, load_in_rdflib(busy), question, bound) == found


@pytest.mark.parametrize("question", [*PROJECTIONS, *NODES], ids=name_of)
def test_the_file_is_runnable_sparql(question: Question, sample: EmbeddedStore) -> None:
    assert next(run_file(sample, question), None)


@pytest.mark.parametrize("question", PROJECTIONS, ids=name_of)
def test_a_projection_has_the_columns_of_a_graph(question: Question) -> None:
    names = [column.name for column in question.columns]
    assert tuple(names[:3]) == EDGE
    assert question.view == "graph"
    assert read_head(Path(question.name), question.text)["layout"] in ("force", "layers")
    assert (question in DATED) == (question.over == SNAPSHOT)
    if question in DATED:
        assert question.columns[1].evidence == "fact"


@pytest.mark.parametrize("question", PROJECTIONS, ids=name_of)
def test_links_connect_entities_and_have_sources(question: Question, sample: EmbeddedStore) -> None:
    path = f"<{PREFIXES['nev']}source>|(<{PREFIXES['prov']}wasDerivedFrom>/<{PREFIXES['nev']}source>)"
    with_source = {row["fact"] for row in select(sample, f"SELECT DISTINCT ?fact WHERE {{ ?fact {path} ?source }}")}
    with_label = {row["x"] for row in select(sample, f"SELECT DISTINCT ?x WHERE {{ ?x <{PREFIXES['rdfs']}label> ?label }}")}
    from_registry = {PREFIXES["nev"] + name for name in ("inCountry", "partOf")}
    for row in solve(sample, question, HISTORY):
        assert all(isinstance(row[name], NamedNode) for name in EDGE)
        relation = row["relation"]
        assert relation in with_label or relation.value == PREFIXES["rdfs"] + "subClassOf"
        if question.columns[1].evidence:
            facts = [] if row["fact"] is None else row["fact"].value.split()
            assert facts or relation.value in from_registry
            assert all(NamedNode(fact) in with_source for fact in facts)


@pytest.mark.parametrize("question", DATED, ids=name_of)
def test_the_history_contains_each_day(question: Question, sample: EmbeddedStore) -> None:
    all_links = edges(question, ask_oxigraph(sample, question, HISTORY))
    days = [{"asOf": [f'"{day}"^^<{XSD}date>']} for day in ("2021-06-01", "2024-03-01")]
    answers = [edges(question, ask_oxigraph(sample, question, bound)) for bound in ({}, *days)]
    for answer in answers:
        assert not answer - all_links
    assert len(answers[1]) < len(answers[0]) <= len(all_links), "the day makes no difference"


def options(store: EmbeddedStore, question: Question, name: str, open_rows: Rows) -> list[str]:
    """Returns some values of a parameter, in N-Triples."""
    kind = question.parameter(name).type
    if kind in ("any", "owl:ObjectProperty"):
        place = 1 if kind == "owl:ObjectProperty" else 2
        return [f"<{iri}>" for iri in sorted({str(row[place]) for row in open_rows})]
    return find_values(store, kind)


@pytest.mark.slow
@pytest.mark.parametrize("in_rdflib", slow_every(2, [False, True]), ids=["one engine", "two engines"])
@pytest.mark.parametrize(("question", "name"), PARAMETERS, ids=name_of)
def test_each_parameter_makes_a_difference(
    question: Question, name: str, sample: EmbeddedStore, dataset: rdflib.Dataset, *, in_rdflib: bool
) -> None:
    open_ = {other: list[str]() for asked, other in PARAMETERS if asked is question}
    open_rows = ask_oxigraph(sample, question, open_)
    all_edges = edges(question, open_rows)
    assert not edges(question, ask_oxigraph(sample, question, {})) - all_edges, "any value includes the default"
    answers: dict[str, set[tuple[str | None, ...]]] = {}
    for option in options(sample, question, name, open_rows):
        answer = ask_oxigraph(sample, question, {**open_, name: [option]})
        if answer:
            answers[option] = edges(question, answer)
            assert not answers[option] - all_edges, "an open parameter includes each value"
        if len(answers) > 1:
            break
    assert answers, "no value has an answer"
    assert any(answer != all_edges for answer in answers.values()), "the parameter makes no difference"
    two = edges(question, ask_oxigraph(sample, question, {**open_, name: list(answers)}))
    assert two == set().union(*answers.values()), "two values give the links of each"
    if in_rdflib and question.name not in SLOW:
        one = {**open_, name: [next(iter(answers))]}
        assert ask_rdflib(sample, dataset, question, one) == ask_oxigraph(sample, question, one)


@pytest.mark.parametrize("question", NODES, ids=name_of)
def test_a_node_has_one_value(question: Question, sample: EmbeddedStore) -> None:
    found = solve(sample, question, {})
    nodes = [row["node"] for row in found]
    assert len(nodes) == len(set(nodes))
    one = str(nodes[len(nodes) // 2])
    bound = [(row["node"], row["value"]) for row in solve(sample, question, {"node": [one]})]
    assert bound == [(row["node"], row["value"]) for row in found if str(row["node"]) == one]


def test_every_node_has_a_class_and_a_label(sample: EmbeddedStore) -> None:
    classes = {row["node"] for row in solve(sample, BY_NAME["class"], {})}
    words = {row["node"] for row in solve(sample, BY_NAME["label"], {})}
    words |= {row["x"] for row in select(sample, f"SELECT ?x WHERE {{ ?x <{PREFIXES['rdfs']}label>|<{PREFIXES['skos']}prefLabel> ?l }}")}
    for question in PROJECTIONS:
        nodes = {row[end] for row in solve(sample, question, HISTORY) for end in ("subject", "object")}
        foreign = {node for node in nodes if not node.value.startswith("https://w3id.org/nevkg/")}
        assert nodes - foreign - classes == set()
        if question.name != "sources":
            assert nodes - foreign - words == set()


@pytest.mark.slow
def test_every_class_of_nodes_has_a_colour(shipped: EmbeddedStore) -> None:
    colours = {row["c"].value: row["v"].value for row in select(shipped, f"SELECT ?c ?v WHERE {{ ?c <{PREFIXES['nev']}color> ?v }}")}
    above: dict[str, set[str]] = {}
    for row in select(shipped, f"SELECT ?c ?d WHERE {{ ?c <{PREFIXES['rdfs']}subClassOf> ?d FILTER(ISIRI(?d)) }}"):
        above.setdefault(row["c"].value, set()).add(row["d"].value)

    def nearest(kind: str) -> set[str]:
        if kind in colours:
            return {colours[kind]}
        return set().union(*(nearest(other) for other in above.get(kind, ())))

    drawn = {row["value"].value for row in solve(shipped, BY_NAME["class"], {})}
    assert len(drawn) > 20
    for kind in drawn:
        if kind.startswith(PREFIXES["nev"]):
            assert len(nearest(kind)) == 1, kind
    assert len({colour for kind, colour in colours.items() if kind.startswith(PREFIXES["nev"])}) == 12


def test_colours_have_contrast_with_white(shipped: EmbeddedStore) -> None:
    for row in select(shipped, f"SELECT ?v WHERE {{ ?c <{PREFIXES['nev']}color> ?v }}"):
        colour = row["v"].value
        assert re.fullmatch(r"#[0-9A-F]{6}", colour)
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        assert 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) >= 3


def test_the_standing_is_the_weakest_of_the_best_by_property() -> None:
    standings = {name: Standing(f"rank {name[1]}", int(name[1]), 1, name[0]) for name in ("a5", "a2", "b3", "b4")}
    assert combine_standings(["a2", "a5"], standings) == "rank 5"
    assert combine_standings(["a2", "a5", "b3", "b4", "statement"], standings) == "rank 4"
    assert combine_standings(["statement"], standings) == ""


@pytest.mark.parametrize("history", [False, True])
def test_links_have_the_standing_of_their_facts(history: bool, sample: EmbeddedStore) -> None:
    network = project(sample, "makers-plants-countries", {"history": ["true"]} if history else {}, with_facts=False)
    query = f"""PREFIX nev: <{PREFIXES["nev"]}> SELECT ?maker ?plant ?standing WHERE {{
      ?maker nev:fact ?fact . ?fact nev:property nev:manufacturesAt ; nev:value ?plant ; nev:standing ?standing }}"""
    expected = {
        (row["maker"].value, row["plant"].value): row["standing"].value for row in select(days.snapshot(sample, network.as_of), query)
    }
    found = {edge.ends: edge.standing and edge.standing.iri for edge in network.edges if edge.relation.iri.endswith("#manufacturesAt")}
    assert {ends: iri for ends, iri in found.items() if iri} == {ends: expected[ends] for ends in found.keys() & expected.keys()}
    assert len(set(expected.values())) > 3
    # Links that have ended have no standing on that day.
    assert (None in found.values()) == history


def test_owners_have_the_share_that_was_reported_last(busy: EmbeddedStore) -> None:
    """All formats are written from the attributes of edges."""
    network = project(busy, "ownership")
    newest: dict[tuple[str, str], tuple[Any, float]] = {}
    for owned, holder, share, _, reported, *_ in ask(busy, load_catalogue(busy.layout)["owners"]).records:
        assert isinstance(owned, Thing)
        assert isinstance(holder, Thing)
        one = reported, float(str(share))
        newest[owned.iri, holder.iri] = max(newest.get((owned.iri, holder.iri), one), one)
    edges = {edge.ends: edge for edge in network.edges if edge.relation.iri == f"{terms.NEV}holder"}
    assert newest
    assert {pair: (edge.facts["shareReported"], float(str(edge.facts["share"]))) for pair, edge in edges.items()} == newest
    assert all(edge.evidence and edge.spells for edge in edges.values())


def test_standings_have_distinct_dashes(shipped: EmbeddedStore) -> None:
    found = find_dashes(shipped)
    scheme = f"<{PREFIXES['nev']}standing> <{PREFIXES['nev']}valuesFrom>/^<{PREFIXES['skos']}inScheme> ?standing"
    assert set(found) == {row["standing"].value for row in select(shipped, f"SELECT ?standing WHERE {{ {scheme} }}")}
    assert len(set(found.values())) == len(found) == 6
    # The better a standing, the smaller the gaps of its line.
    shares = [sum(dashes[1::2]) / sum(dashes) if dashes else 0.0 for dashes in found.values()]
    assert shares[:4] == sorted(shares[:4])
    assert shares[0] == 0


@pytest.mark.parametrize(("text", "dashes"), [("none", ()), ("4 3", (4, 3)), ("2", (2, 2)), ("0 3", ()), ("", ())])
def test_dashes_are_parsed(text: str, dashes: tuple[float, ...]) -> None:
    assert read_dashes(text) == dashes


@pytest.fixture(scope="module")
def neighbourhood(sample: EmbeddedStore) -> Network:
    """A network of all edges."""
    return project(sample, "neighbourhood", with_facts=False)


@pytest.mark.slow
@pytest.mark.parametrize("longest", [None, 1, 2, 3])
def test_paths_are_the_same_in_the_whole_and_the_partial_network(
    sample: EmbeddedStore, neighbourhood: Network, longest: int | None
) -> None:
    whole = neighbourhood
    nodes = sorted(whole.nodes)
    rng = random.Random(2026)
    pairs = [tuple(rng.sample(nodes, 2)) for _ in range(6)]
    pairs += [(f"{terms.BASE}agent/byd", f"{terms.BASE}place/{place}") for place in ("eu", "BR")]
    lengths = set()
    for start, end in pairs:
        for avoid in ((), (f"{terms.BASE}place/CN",)):
            part = project_between(sample, "neighbourhood", start, end, longest=longest, avoid=avoid)
            found = find_paths(part, start, end, longest=longest, avoid=avoid, limit=50)
            expected = find_paths(whole, start, end, longest=longest, avoid=avoid, limit=50)
            lengths.add(len(expected))
            if longest is None:
                assert found.records == expected.records
                assert found.rests == expected.rests
            else:
                # The order of paths of one length depends on the rest of the graph.
                assert path_lengths(found) == path_lengths(expected)
            assert len(part.edges) <= len(whole.edges)
    assert max(lengths) > 1


def path_lengths(table: Table) -> list[int]:
    """Returns the number of steps of each path, sorted."""
    steps: dict[Any, Any] = {}
    for row in table:
        steps[row.path] = row.step
    return sorted(steps.values())
