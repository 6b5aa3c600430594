"""The exports of the dataset, each read back with an independent library."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import rdflib
import shapely
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse, serialize
from tests.conftest import Result
from tests.support.node import install

from nevkg.data import terms
from nevkg.data.paths import Layout
from nevkg.data.rdf import serialise
from nevkg.lookup import entities
from nevkg.publish.exports import load_exports, run_export
from nevkg.store import EmbeddedStore, open_snapshot, open_store

Nevkg = Callable[..., Result]
NEV, RDF, PROV = terms.NEV, terms.RDF, terms.PROV
GEO = "http://www.opengis.net/ont/geosparql#"


@pytest.fixture(scope="module", params=["part", pytest.param("shipped", marks=pytest.mark.nightly)])
def store(request: pytest.FixtureRequest) -> EmbeddedStore:
    """A small dataset; at night all data."""
    value = request.getfixturevalue(request.param)
    return value if isinstance(value, EmbeddedStore) else open_store(Layout.find(Path(value)))


@pytest.fixture(scope="module")
def snapshot(store: EmbeddedStore) -> EmbeddedStore:
    return open_snapshot(store, entities.dataset_date(store))


@pytest.fixture
def dump(nevkg: Nevkg, store: EmbeddedStore, tmp_path: Path) -> Callable[..., Path]:
    def write(name: str, ending: str, *more: str) -> Path:
        result = nevkg("dump", "--export", name, "--data", str(store.layout.data), *more)
        assert (result.code, result.err) == (0, "")
        path = tmp_path / f"{name}.{ending}"
        path.write_text(result.out, encoding="utf-8")
        return path

    return write


def to_plain(term: Any) -> Any:
    """Converts a term to the form that ``readers/turtle.mjs`` writes."""
    if isinstance(term, Triple):
        return [to_plain(term.subject), to_plain(term.predicate), to_plain(term.object)]
    if isinstance(term, Literal):
        return [term.value, term.datatype.value, term.language]
    return "_:" if isinstance(term, BlankNode) else term.value


def test_rdf_12_annotates_each_triple_with_its_facts_statements_and_sources(
    store: EmbeddedStore, snapshot: EmbeddedStore, dump: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = dump("annotated-snapshot", "ttl")
    reader = install(Path(__file__).parent / "readers", tmp_path_factory.mktemp("readers"))
    lines = reader.run("node", "turtle.mjs", path).splitlines()
    triples = list(parse(path=path, format=RdfFormat.TURTLE))
    assert Counter(lines) == Counter(json.dumps(to_plain(triple.triple), ensure_ascii=False, separators=(",", ":")) for triple in triples)
    annotated = [json.loads(line) for line in lines]
    reified = {(subject, *map(json.dumps, triple)) for subject, name, triple in annotated if name == RDF + "reifies"}
    facts = f"""SELECT ?fact ?subject ?property ?value WHERE {{
      ?subject <{NEV}fact> ?fact . ?fact <{NEV}property> ?property . ?subject ?property ?value .
      ?fact <{NEV}value>|<{NEV}text>|<{NEV}low>|<{NEV}high> ?value .
    }}"""
    expected = {
        tuple(to_plain(row[0]) if not number else json.dumps(to_plain(row[number])) for number in range(4))
        for row in _select(snapshot, facts)
    }
    assert reified == expected
    assert len(reified) > 300
    # A fact names the statements that are certain by the day, and no later ones.
    stated = {(subject, statement) for subject, name, statement in annotated if name == PROV + "wasDerivedFrom"}
    day = entities.dataset_date(store)
    counted = f"""SELECT ?fact ?statement WHERE {{
      ?fact <{PROV}wasDerivedFrom> ?statement . ?statement <{NEV}certainBy> ?by FILTER(STR(?by) <= "{day}") }}"""
    current_facts = {subject for subject, *_ in expected}
    pairs = {(to_plain(row[0]), to_plain(row[1])) for row in _select(store, counted)}
    assert {pair for pair in stated if pair[0] in current_facts} == {pair for pair in pairs if pair[0] in current_facts}
    assert stated


def test_rdf_12_is_queried_by_annotations(snapshot: EmbeddedStore, dump: Callable[..., Path]) -> None:
    annotated = Store()
    annotated.bulk_load(path=dump("annotated-snapshot", "ttl"), format=RdfFormat.TURTLE)
    solutions = annotated.query(f"SELECT ?unit ?status ?standing {{ ?unit <{NEV}status> ?status {{| <{NEV}standing> ?standing |}} }}")
    facts = f"""SELECT ?unit ?status ?standing {{
      ?unit <{NEV}fact> ?fact . ?fact <{NEV}property> <{NEV}status> ; <{NEV}value> ?status ; <{NEV}standing> ?standing }}"""
    assert {str(row) for row in solutions} == {str(row) for row in _select(snapshot, facts)}  # type: ignore[union-attr]


def test_an_export_over_a_snapshot_is_of_any_day(dump: Callable[..., Path]) -> None:
    early = dump("annotated-snapshot", "nt", "--as-of", "2019-01-01", "--format", "ntriples")
    last = f'"2019-01-01"^^<{terms.XSD}date>'
    assert any(
        str(triple.object) == last for triple in parse(path=early, format=RdfFormat.N_TRIPLES) if triple.predicate.value == NEV + "asOf"
    )
    assert len(early.read_bytes()) < len(dump("annotated-snapshot", "nt", "--format", "ntriples").read_bytes())


def test_each_statement_is_a_valid_nanopublication(store: EmbeddedStore, dump: Callable[..., Path], tmp_path: Path) -> None:
    from nanopub.nanopub import Nanopub
    from nanopub.nanopub_conf import NanopubConf

    nanopublications: dict[str, list[Quad]] = defaultdict(list)
    for quad in parse(path=dump("nanopublications", "trig"), format=RdfFormat.TRIG):
        nanopublications[terms.text(quad.graph_name).partition("#")[0]].append(quad)
    statements = {quad.subject.value: quad for quad in store.store.quads_for_pattern(None, NamedNode(NEV + "source"), None)}  # type: ignore[union-attr]
    assert nanopublications.keys() == {name.replace("/statement/", "/nanopublication/") for name in statements}
    for name in sorted(nanopublications)[::40]:
        file = tmp_path / "one.trig"  # a graph in memory is of another class in each release of nanopub
        file.write_bytes(serialize(nanopublications[name], format=RdfFormat.TRIG) or b"")
        nanopublication = Nanopub(rdf=file, conf=NanopubConf())
        assert nanopublication.is_valid
        assert str(nanopublication.metadata.np_uri) == name
        source = statements[name.replace("/nanopublication/", "/statement/")]
        asserted = {str(triple[1]): str(triple[2]) for triple in nanopublication.assertion}
        assert {quad.predicate.value for quad in store.store.quads_for_pattern(source.subject, None, None, source.graph_name)} - {
            NEV + "source",
            NEV + "passage",
            NEV + "note",
            NEV + "checked",
        } == asserted.keys()
        derived = nanopublication.provenance.value(rdflib.URIRef(f"{name}#assertion"), rdflib.URIRef(PROV + "wasDerivedFrom"))
        assert str(derived) == terms.text(source.object)
        assert {rdflib.DCTERMS.created, rdflib.DCTERMS.license} <= set(nanopublication.pubinfo.predicates(rdflib.URIRef(name)))


def test_geometries_match_the_positions(snapshot: EmbeddedStore, dump: Callable[..., Path]) -> None:
    graph = rdflib.Graph().parse(dump("geometries", "ttl"))
    expected = {
        (terms.text(row[0]), terms.text(row[1])): (float(terms.text(row[2])), float(terms.text(row[3])))
        for row in _select(
            snapshot,
            f"SELECT ?place ?position ?x ?y {{ ?place <{NEV}position> ?position . ?position <{NEV}longitude> ?x ; <{NEV}latitude> ?y }}",
        )
    }
    points = {}
    for place, position in graph.subject_objects(rdflib.URIRef(GEO + "hasGeometry")):
        wkt = graph.value(position, rdflib.URIRef(GEO + "asWKT"))
        assert isinstance(wkt, rdflib.Literal)
        assert str(wkt.datatype) == GEO + "wktLiteral"
        point = shapely.from_wkt(str(wkt))
        points[str(place), str(position)] = (point.x, point.y)
        assert (place, rdflib.RDF.type, rdflib.URIRef(GEO + "Feature")) in graph
    assert points == expected
    assert len(points) > 200
    thailand = graph.value(rdflib.URIRef(terms.BASE + "place/TH"), rdflib.URIRef(GEO + "hasDefaultGeometry"))
    x, y = points[terms.BASE + "place/TH", str(thailand)]
    assert 97 < x < 106
    assert 5 < y < 21


def test_few_graphs_have_every_triple_and_every_source(store: EmbeddedStore) -> None:
    content = serialise(run_export(store, load_exports(store.layout)["few-graphs"], ""), "nquads", {})
    quads = set(parse(content, format=RdfFormat.N_QUADS))
    graphs = {terms.text(quad.graph_name).removeprefix(terms.GRAPH) for quad in quads}
    assert graphs == {"registry", "sources", "vocabularies", "ontology", "history", "current"}
    assert len(list(store.store.named_graphs())) > len(graphs)
    triples, union = ({str(quad.triple) for quad in several} for several in (quads, store.store.quads_for_pattern(None, None, None)))
    assert union <= triples
    # Answers are the same, since no question asks for the only triples that are added.
    added = {quad.predicate.value for quad in quads if str(quad.triple) not in union}
    assert added == {terms.DCTERMS + "source"}
    assert not [path for path in store.layout.queries.glob("questions/*/*.rq") if "dcterms:source" in path.read_text(encoding="utf-8")]
    # Each subject in the graph of a source links to that source.
    sources = {(quad.subject, quad.object) for quad in quads if quad.predicate.value in (NEV + "source", terms.DCTERMS + "source")}
    for source in store.store.quads_for_pattern(None, NamedNode(RDF + "type"), NamedNode(NEV + "Source")):
        inside = {quad.subject for quad in store.store.quads_for_pattern(None, None, None, source.graph_name)} - {source.subject}
        assert {subject for subject in inside if (subject, source.subject) not in sources} == set()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--export", "few-graph"], "There is no export 'few-graph'; choose from .*Did you mean few-graphs?"),
        (["--export", "few-graphs", "--as-of", "2020-01-01"], "has all days; leave out --as-of"),
        (["history", "--export", "few-graphs"], "leave out the name of the graph, or --export"),
    ],
)
def test_a_mistake_is_one_sentence(nevkg: Nevkg, part: str, words: list[str], message: str) -> None:
    result = nevkg("dump", *words, "--data", part)
    assert result.code == 2
    assert result.err.count("\n") == 1
    assert re.search(message, result.err)


def test_rdf_12_is_refused_in_a_format_without_it(nevkg: Nevkg, part: str) -> None:
    result = nevkg("dump", "--export", "annotated-snapshot", "--format", "jsonld", "--data", part)
    assert (result.code, result.out, result.err) == (3, "", "nevkg: JSON-LD does not support RDF 1.2 yet.\n")


def _select(store: EmbeddedStore, text: str) -> list[Any]:
    return list(entities.select(store, text))
