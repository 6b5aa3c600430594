"""The Python library, as used in a notebook."""

from __future__ import annotations

import asyncio
import doctest
import inspect
import io
import pydoc
import sys
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

import networkx
import pyarrow.parquet
import pytest
import rdflib
from pyoxigraph import Literal, NamedNode
from tests.support.edition import DAY
from tests.support.processes import run_python

import nevkg
from nevkg.store import EmbeddedStore
from nevkg.table import values
from nevkg.table.values import Thing

XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.fixture(scope="module")
def kg(shipped: EmbeddedStore) -> nevkg.KnowledgeGraph:
    return nevkg.KnowledgeGraph(shipped)


@pytest.fixture(scope="module")
def answer(kg: nevkg.KnowledgeGraph) -> nevkg.Answer:
    return kg.ask("local-manufacturers", bloc="place:asean")


def test_importing_loads_only_the_package() -> None:
    program = "import sys; before = set(sys.modules); import nevkg; print(*sorted(set(sys.modules) - before))"
    found = run_python(program).split()
    assert {name.partition(".")[0] for name in found} - set(sys.stdlib_module_names) == {"nevkg"}


def test_the_api_loads_no_heavy_modules() -> None:
    program = "import sys, nevkg; nevkg.KnowledgeGraph; import nevkg.api; print(*sys.modules)"
    loaded = set(run_python(program).split())
    assert not loaded & {"pandas", "polars", "pyarrow", "networkx", "rdflib", "matplotlib", "requests", "owlready2", "tabulate", "yaml"}


def test_help_lists_the_api() -> None:
    text = pydoc.plain(pydoc.render_doc(nevkg))
    for name in nevkg.__all__:
        assert name in text
    for name, method in inspect.getmembers(nevkg.KnowledgeGraph, inspect.isfunction):
        if not name.startswith("_"):
            assert inspect.getdoc(method), name
            assert f"{name}(" in text


def test_the_examples_of_the_package_run(shipped: EmbeddedStore) -> None:
    assert shipped.place
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    for test in doctest.DocTestFinder().find(nevkg, "nevkg"):
        runner.run(test)
    assert runner.summarize(verbose=False).failed == 0
    assert runner.tries > 4


def test_rows_are_native_values_with_evidence(answer: nevkg.Answer) -> None:
    row = next(row for row in answer if str(row.maker) == "Changan Automobile")
    assert isinstance(row.maker, Thing)
    assert row.maker.iri == row["maker"].iri == row[0].iri
    assert isinstance(row.lastConfirmed, date)
    assert {"maker", "plant", "country"} <= row.as_dict().keys()
    episodes = row.evidence("plant")
    assert episodes
    assert all(episode.startswith("https://w3id.org/nevkg/episode/") for episode in episodes)
    assert row.sources("plant")
    assert {source.iri for source in row.sources("plant")} <= {source.iri for source in row.sources()}
    assert {source.iri for source in row.sources()} <= {source.iri for source in answer.sources}
    with pytest.raises(AttributeError, match="it has maker, plant"):
        _ = row.makers
    assert answer["maker"][0] == answer[0].maker
    assert [len(answer[:3]), answer[-1]] == [3, list(answer)[-1]]


@pytest.mark.parametrize(
    ("text", "datatype", "native"),
    [
        ("12", "integer", 12),
        ("12.50", "decimal", Decimal("12.50")),
        ("1e3", "double", 1000.0),
        ("true", "boolean", True),
        ("2025-05-16", "date", date(2025, 5, 16)),
        ("2025-13-41", "date", "2025-13-41"),
        ("many", "integer", "many"),
        ("words", "string", "words"),
    ],
)
def test_literals_become_python_values(text: str, datatype: str, native: object) -> None:
    found = values.to_python(Literal(text, datatype=NamedNode(XSD + datatype)))
    assert found == native
    assert type(found) is type(native)


def test_a_table_has_a_text_and_an_html_form(answer: nevkg.Answer, kg: nevkg.KnowledgeGraph) -> None:
    assert "more rows" in repr(kg.ask("local-manufacturers"))
    assert len(repr(answer).splitlines()) < 90
    html = answer._repr_html_()
    assert '<a href="https://w3id.org/nevkg/agent/xpeng">XPeng</a>' in html
    assert "<summary>Sources</summary>" in html
    assert "<script" not in html


def test_conversions_have_the_same_content(answer: nevkg.Answer, tmp_path: Path) -> None:
    arrow, polars, pandas = answer.to_arrow(), answer.to_polars(), answer.to_pandas()
    assert arrow.num_rows == len(polars) == len(pandas) == len(answer)
    assert arrow.column_names == polars.columns == list(pandas.columns)
    assert {"maker", "maker_label"} <= set(arrow.column_names)
    assert str(arrow.schema.field("lastConfirmed").type) == "date32[day]"
    assert str(arrow.schema.field("inferred").type) == "bool"
    assert arrow.column("maker_label").to_pylist() == [str(row.maker) for row in answer]
    answer.to_parquet(tmp_path / "answer.parquet")
    assert pyarrow.parquet.read_table(tmp_path / "answer.parquet").equals(arrow)
    answer.to_xlsx(tmp_path / "answer.xlsx")
    assert (tmp_path / "answer.xlsx").read_bytes()[:2] == b"PK"
    text = answer.to_csv(tmp_path / "answer.csv")
    assert (tmp_path / "answer.csv").read_text(encoding="utf-8") == text
    assert len(text.splitlines()) == len(answer) + 1
    with pytest.raises(nevkg.CouldNotRun, match="cannot be written"):
        answer.to_csv(tmp_path / "no" / "such" / "answer.csv")


def test_an_answer_as_a_graph(answer: nevkg.Answer) -> None:
    graph = answer.to_networkx()
    row = next(row for row in answer if str(row.maker) == "XPeng")
    assert graph.nodes[row[0].iri]["label"] == "XPeng"
    assert any(facts["label"] == "country" for facts in graph.get_edge_data(row[0].iri, row[2].iri).values())


def test_citations_have_the_question_and_the_sources(answer: nevkg.Answer, kg: nevkg.KnowledgeGraph) -> None:
    expected = (
        "local-manufacturers bloc=place:asean status=status:operating product=productkind:vehicle productkind:not-known "
        "chinese=answer:yes standing=standing:corroborated standing:reported"
    )
    assert f"question {expected}; as of {DAY}. <{answer.citation}> (not on the web yet; " in answer.cite().splitlines()[0]
    assert answer.cite().count("\n[") == len(answer.sources)
    assert "SPARQL" in kg.query("SELECT ?x { ?x a nev:Plant }").cite()


def test_parameters_are_python_values(kg: nevkg.KnowledgeGraph) -> None:
    day = kg.ask("local-manufacturers", as_of="2025-01-01")
    assert list(kg.ask("local-manufacturers", asOf=date(2025, 1, 1))) == list(day)
    assert list(kg.ask("local-manufacturers", as_of=date(2025, 1, 1))) == list(day)  # type: ignore[arg-type]
    two = kg.ask("local-manufacturers", country=["Thailand", "place:ID"])
    assert {str(row.country) for row in two} == {"Thailand", "Indonesia"}
    country = two[0].country
    assert all(row.country == country for row in kg.ask("local-manufacturers", country=country))
    assert len(kg.ask("local-manufacturers", status=None)) > len(kg.ask("local-manufacturers"))
    assert kg.ask("events-timeline", since="2026-01-01")
    with pytest.raises(nevkg.WrongUsage, match="no parameter 'land'"):
        kg.ask("local-manufacturers", land="Thailand")
    with pytest.raises(nevkg.WrongUsage, match="Did you mean"):
        kg.ask("local-manufacturer")
    with pytest.raises(nevkg.WrongUsage, match="no labels in 'fr'"):
        kg.ask("local-manufacturers", lang="fr")


def test_labels_in_chinese(kg: nevkg.KnowledgeGraph) -> None:
    assert "比亚迪" in {str(row.maker) for row in kg.ask("local-manufacturers", lang="zh")}


def test_queries_return_tables_booleans_and_graphs(kg: nevkg.KnowledgeGraph) -> None:
    table = kg.query(
        "SELECT ?plant ?from { ?e nev:property nev:status ; nev:subject ?plant ; nev:from ?from . ?plant a nev:Plant } ORDER BY ?e",
        over="record",
    )
    assert isinstance(table[0].plant, Thing)
    assert isinstance(table[0][1], date)
    arrow = table.to_arrow()
    assert arrow.column("plant").to_pylist() == [row.plant.iri for row in table]
    assert arrow.column("from").to_pylist() == [row[1] for row in table]
    assert kg.query("ASK { ?x a nev:Plant }") is True
    graph = kg.query("CONSTRUCT WHERE { ?x a nev:Bloc }")
    assert isinstance(graph, rdflib.Graph)
    assert len(graph) > 5
    with pytest.raises(nevkg.WrongUsage, match="line 1, column"):
        kg.query("SELECT ?x { ?x a }")
    with pytest.raises(nevkg.WrongUsage, match="SERVICE"):
        kg.query("SELECT * { SERVICE <http://localhost/> { ?a ?b ?c } }")


@pytest.mark.parametrize(
    ("terms", "kind", "expected"),
    [
        (["1", "-20"], "int64", [1, -20]),
        (["1", "2.5"], "double", [1.0, 2.5]),
        (["1e6", "2.5"], "double", [1e6, 2.5]),
        (["true", "false"], "bool", [True, False]),
        (['"a\\tb\\nc \\"d\\" \\\\ e"'], "string", ['a\tb\nc "d" \\ e']),
        (['"中文"@zh', '"12"'], "string", ["中文", "12"]),
        (["<x:y>", "<x:z>"], "string", ["x:y", "x:z"]),
        (["<x:y>", "12"], "string", ["x:y", "12"]),
        (['"2025-01-31"^^xsd:date'], "date32[day]", [date(2025, 1, 31)]),
        (['"2025-01-31"'], "string", ["2025-01-31"]),
        (["UNDEF"], "string", [None]),
    ],
)
def test_terms_are_converted_to_arrow(kg: nevkg.KnowledgeGraph, terms: list[str], kind: str, expected: list[object]) -> None:
    table = kg.query(f"SELECT ?x {{ VALUES ?x {{ {' '.join(terms)} UNDEF }} }}").to_arrow()
    assert str(table.schema.field("x").type) == kind
    assert table.column("x").to_pylist() == [*expected, None]


def test_show_search_and_catalogue(kg: nevkg.KnowledgeGraph) -> None:
    portrait = kg.show("byd-rayong")
    assert "Sources" in str(portrait)
    assert portrait._repr_html_().startswith("<section>")
    assert kg.show(kg.search("比亚迪")[0].thing).labels[0] == "BYD"
    assert "来源" in str(kg.show("byd-rayong", lang="zh"))
    assert {"local-manufacturers"} <= set(kg.questions()["question"])
    assert 0 < len(kg.questions("policy")) < len(kg.questions())
    assert {"ownership", "neighbourhood"} <= set(kg.graphs()["projection"])
    with pytest.raises(nevkg.WrongUsage):
        kg.show("no-such-plant-anywhere")


def test_as_of_and_known_by(part: str) -> None:
    now, then = nevkg.open(part), nevkg.open(part, as_of="2015-01-01")
    current = "SELECT ?m ?p { ?m nev:manufacturesAt ?p }"
    assert len(then.query(current)) < len(now.query(current))
    assert then.ask("local-manufacturers").as_of == "2015-01-01"
    assert len(nevkg.open(part, known_by="2020-01-01").query("SELECT ?s { ?s a nev:Source }")) < len(
        now.query("SELECT ?s { ?s a nev:Source }")
    )
    with pytest.raises(nevkg.WrongUsage, match="not a day"):
        nevkg.open(part, as_of="yesterday")


def test_rdflib_and_pyshacl_accept_the_graph(part: str) -> None:
    import pyshacl

    dataset = nevkg.open(part).to_rdflib()
    nev = rdflib.Namespace("https://w3id.org/nevkg/ontology#")
    plants = set(dataset.subjects(rdflib.RDF.type, nev.Plant))
    assert plants
    found = dataset.query("SELECT ?p { ?p a <https://w3id.org/nevkg/ontology#Plant> }")
    assert {row[0] for row in found} == plants  # type: ignore[index]
    shapes = rdflib.Graph().parse(
        data="""@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix nev: <https://w3id.org/nevkg/ontology#> .
            @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
            <x:s> a sh:NodeShape ; sh:targetClass nev:Bloc ; sh:property [ sh:path rdfs:label ; sh:minCount 1 ] ."""
    )
    conforms, _, _ = pyshacl.validate(dataset, shacl_graph=shapes)
    assert conforms


def test_owlready_has_the_classes_and_their_members(part: str) -> None:
    world = nevkg.open(part).to_owlready()
    plant = world["https://w3id.org/nevkg/ontology#Plant"]
    assert plant is not None
    assert list(plant.instances())


@pytest.mark.slow
def test_the_whole_dataset_as_networkx(part: str) -> None:
    kg = nevkg.open(part)
    graph = kg.to_networkx()
    assert isinstance(graph, networkx.MultiDiGraph)
    things = kg.query("SELECT DISTINCT ?s ?p ?o { ?s ?p ?o FILTER(!isLiteral(?o)) }", over="record")
    assert graph.number_of_edges() == len(things)
    plant = kg.resolve("changan-rayong")
    assert graph.nodes[plant]["label"] == "Changan Rayong plant"


def test_the_event_loop_is_not_blocked(kg: nevkg.KnowledgeGraph) -> None:
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c FILTER(REGEX(STR(?c), 'a.*b.*c')) }"

    async def both() -> tuple[int, float]:
        ticks = 0
        start = time.perf_counter()
        query = asyncio.create_task(kg.in_thread(lambda: list(kg.query(slow))))
        while not query.done():
            await asyncio.sleep(0.005)
            ticks += 1
        assert query.result()
        return ticks, time.perf_counter() - start

    table = asyncio.run(kg.in_thread(kg.query, "SELECT ?p { ?p a nev:Plant }"))
    assert len(table), "results of another thread can be read in this one"
    ticks, seconds = asyncio.run(both())
    # A blocked loop would tick once or twice, however long the query takes.
    assert ticks > 5, f"{ticks} ticks in {seconds} s"


def test_open_reports_errors() -> None:
    with pytest.raises(nevkg.WrongUsage, match="no labels in 'fr'"):
        nevkg.open(lang="fr")
    with pytest.raises(nevkg.CouldNotRun):
        nevkg.open(str(Path(io.__file__).parent / "no-such-folder"))
