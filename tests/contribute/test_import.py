"""``nevkg import``: entities and statements of rows, repeated imports, and the account of each row."""

from __future__ import annotations

import csv
import os
import re
import shutil
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode
from tests.conftest import Nevkg
from tests.questions.test_shipped import IDENTIFYING
from tests.support.contributions import (
    REGISTRY,
    TABLES,
    TODAY,
    Tables,
    contents,
    read_registry,
    read_source,
    statement,
    statements,
    write_small_data,
)
from tests.support.worlds import PREFIXES, SHIPPED, TURTLE_PREFIXES, World

from nevkg.contribute.changes import Changes
from nevkg.contribute.import_records import OUTCOMES
from nevkg.contribute.importer import import_collections
from nevkg.contribute.registry import Registry, read_schema
from nevkg.contribute.sheets import find_collections
from nevkg.data import dataset, statement_ids, terms
from nevkg.data.paths import Layout
from nevkg.data.rdf import serialise
from nevkg.errors import CouldNotRun
from nevkg.lookup import entities
from nevkg.reading.quotes import Passage, quote, read_passages
from nevkg.store import open_store

COLLECTIONS = os.environ.get("NEVKG_COLLECTIONS")
EXAMPLE = SHIPPED.ontology / "tables" / "example"


def account(layout: Layout, collection: str = "c") -> list[dict[str, str]]:
    with (layout.data / "imports" / f"{collection}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def fill_every_table(tables: Tables) -> Tables:
    """Adds a few rows to each table."""
    tables.source(published="2025-07-01", title='A "title"')
    tables.add(
        "organizations", org_id="new", kind="automaker", name="New", name_zh="新", hq_country="CN", hq_city="Sea City", founded="1999"
    )
    tables.add("plants", plant_id="q", name="Plant Q", country="TH", region="East", city="Rayong", operator_org_id="new", note="a, b")
    tables.add("plant_facts", plant_id="q", attribute="capacity", value="100000", qualifier="over", as_of="2025-05")
    tables.add("plant_facts", plant_id="q", attribute="model", value="New Two")
    tables.add("events", event_id="q-opens", type="inauguration", plant_id="q", org_ids="new|b", model="A One", date="2025-05-16")
    tables.add("policies", policy_id="new-law", title="New law", kind="subsidy", jurisdiction="TH", issued="2024", targets="bev")
    tables.add("policy_facts", policy_id="new-law", attribute="amount", value="5.50", unit="CNY")
    tables.add(
        "observations", metric="sales", subject="b", geography="TH", period_start="2025", period_end="2025", value="7", unit="vehicles"
    )
    tables.add("people", person_id="li", name="Li Na", name_zh="李娜", role="chair", org_id="new")
    tables.add("claims", claim_id="c-1", person_id="li", org_id="new", paraphrase="Local parts are cheaper.", topics="cost")
    tables.add("market_presence", org_id="a", country="BR", mode="exports", since="2023-Q2")
    return tables.add("blocs", bloc_id="asean", country="TH", joined="1967-08-08")


# Rows


def test_a_fact_becomes_a_statement_named_by_its_content(data: Layout, tables: Tables) -> None:
    tables.fact("capacity", "100000", qualifier="over", as_of="2025-05", note="as stated").import_into(data)
    day = NamedNode(terms.XSD + "date")
    properties: dict[str, terms.Term] = {
        "subject": NamedNode(PREFIXES["plant"] + "p"),
        "metric": NamedNode(PREFIXES["metric"] + "capacity"),
        "number": Literal("100000", datatype=NamedNode(terms.XSD + "integer")),
        "unit": NamedNode(PREFIXES["unit"] + "vehicles-per-year"),
        "comparator": NamedNode(PREFIXES["comparator"] + "over"),
        "modality": NamedNode(PREFIXES["modality"] + "actual"),
        "scope": NamedNode(PREFIXES["scope"] + "whole"),
        "earliest": Literal("2025-05-01", datatype=day),
        "latest": Literal("2025-05-31", datatype=day),
        "precision": NamedNode(PREFIXES["precision"] + "month"),
        "source": NamedNode(terms.SOURCE + "s-x"),
    }
    pairs = [(terms.NEV + name, value) for name, value in properties.items() if terms.NEV + name in IDENTIFYING]
    iri = statement_ids.statement_iri(terms.SOURCE + "s-x", terms.NEV + "Observation", pairs)
    assert read_source(data, "s-x")[iri]["note"] == "as stated"


def test_all_tables_have_statements_named_by_their_recipe_in_canonical_files(data: Layout, tables: Tables) -> None:
    assert fill_every_table(tables).import_into(data).new_statements == 20
    path = data.data / "sources" / "2025" / "s-x.trig"
    quads = list(dataset.parse_file(path))
    assert all(old == new for old, new in statement_ids.name_statements(quads, IDENTIFYING).items())
    assert serialise(quads, "trig", PREFIXES) == path.read_bytes()
    for file in ("organizations", "plants", "policies", "people", "events", "models", "publishers", "localities"):
        path = data.data / "registry" / f"{file}.ttl"
        assert serialise(dataset.parse_file(path), "turtle", PREFIXES) == path.read_bytes()


def test_entities_are_in_the_registry_with_names_and_places(data: Layout, tables: Tables) -> None:
    fill_every_table(tables).import_into(data)
    entities = read_registry(data)
    assert entities["agent:new"] == {"rdf:type": "Organization", "label@en": "New", "label@zh": "新"}
    assert entities["agent:paper"] == {"rdf:type": "Organization", "label@en": "Paper"}
    assert entities["place:cn-sea-city"] == {"rdf:type": "City", "label@en": "Sea City", "inCountry": "place:CN"}
    assert entities["place:th-region-east"] == {"rdf:type": "Region", "label@en": "East", "inCountry": "place:TH"}
    assert entities["model:new-two"] == {"rdf:type": "VehicleModel", "label@en": "New Two"}
    assert entities["event:q-opens"]["label@en"] == "Inauguration: Plant Q, 2025-05-16"
    assert entities["policy:new-law"]["label@en"] == "New law"
    assert entities["agent:li"] == {"rdf:type": "Person", "label@en": "Li Na", "label@zh": "李娜"}


def test_a_company_is_found_by_the_stock_codes_that_its_sources_state(data: Layout, tables: Tables, nevkg: Nevkg) -> None:
    tables.source().add("organizations", org_id="new", kind="automaker", name="New", stock_codes="000001.SZ|0001.HK").import_into(data)
    codes = [properties["text"] for properties in read_source(data, "s-x").values() if properties.get("property", "").endswith("stockCode")]
    assert sorted(codes) == ["000001.SZ", "0001.HK"]
    assert "agent:new" in nevkg("search", "0001.HK", "--data", str(data.data)).out
    tables.add("organizations", org_id="b", kind="automaker", name="B", stock_codes="0002")
    result = nevkg("import", str(tables.write()), "--data", str(data.data))
    assert result.code
    assert "stock_codes: '0002'" in result.out + result.err


def test_a_source_is_described(data: Layout, tables: Tables) -> None:
    tables.source(published="2025-Q3", language="pt-BR", kind="company", republishes="s-old").import_into(data)
    assert read_source(data, "s-x")["https://w3id.org/nevkg/source/s-x"] == {
        "rdf:type": "Source",
        "address": "https://example.org/x",
        "collected": TODAY,
        "dcterms:language": "pt-BR",
        "dcterms:publisher": "agent:paper",
        "dcterms:title": "A title",
        "earliest": "2025-07-01",
        "latest": "2025-09-30",
        "precision": "precision:quarter",
        "republishes": "source:s-old",
        "sourceKind": "sourcekind:company",
    }


TITLES = [
    ("/2025/07/01/alpha-motor-s-plant-in-rayong-opens-123456.html", "Paper, 2025-07: Alpha motor's plant in Rayong opens"),
    ("/news/byd_um_carro_no_brasil-d43f2acc-6c99-4507-8afb-76577c69dbc4", "Paper, 2025-07: Byd um carro no brasil"),
    ("/%E5%B7%A5%E5%8E%82%E5%9C%A8%E6%B3%B0%E5%9B%BD%E6%8A%95%E4%BA%A7", "Paper, 2025-07: 工厂在泰国投产"),
    ("/carros-n%25C3%25A3o-chegam-ao-brasil-yt3mehrj/amp", "Paper, 2025-07: Carros não chegam ao brasil"),
    ("/?p=20510", "Paper, 2025-07: Plant P"),
    ("/news/20250701/article-123.php", "Paper, 2025-07: Plant P"),
]


@pytest.mark.parametrize(("address", "title"), TITLES)
def test_a_source_without_a_title_gets_one_and_a_mark(data: Layout, tables: Tables, address: str, title: str) -> None:
    tables.source(url=f"https://example.org{address}", title="", published="2025-07")
    tables.fact("status", "operating").add("plants", plant_id="p", name="Plant P", country="TH", city="Rayong").import_into(data)
    described = read_source(data, "s-x")["https://w3id.org/nevkg/source/s-x"]
    assert (described["dcterms:title"], described["titleIsDevised"]) == (title, "true")


def test_a_devised_title_is_replaced_once_its_date_or_headline_is_known(data: Layout, tables: Tables) -> None:
    def read_title() -> tuple[str, str | None]:
        source = read_source(data, "s-x")["https://w3id.org/nevkg/source/s-x"]
        return source["dcterms:title"], source.get("titleIsDevised")

    tables.source(title="", published="").fact("status", "operating").import_into(data)
    assert read_title() == ("Paper: Plant P", "true")
    before = contents(data.data)
    tables.import_into(data)
    assert contents(data.data) == before
    Tables(tables.folder).source(title="", published="2024-07").import_into(data)
    assert read_title() == ("Paper, 2024-07: Plant P", "true")
    Tables(tables.folder).source(title="A headline", published="2024-07").import_into(data)
    assert read_title() == ("A headline", None)


def test_a_devised_title_is_cited_as_such(data: Layout, tables: Tables, nevkg: Nevkg) -> None:
    tables.source(title="", published="2025-07-01").fact("status", "operating").import_into(data)
    output = nevkg("show", "plant:p", "--data", str(data.data)).out
    assert "[1] Paper, 2025-07-01: Plant P (title devised) https://example.org/x <https://w3id.org/nevkg/source/s-x>" in output


# Resolving names


@pytest.mark.parametrize("cell", ["a", "Alpha Motor", "alpha motor", "A Auto", "甲汽车"])
def test_an_entity_is_found_by_slug_name_and_alias(data: Layout, tables: Tables, cell: str) -> None:
    tables.add("market_presence", org_id=cell, country="BR", mode="exports").import_into(data)
    assert statement(data)["subject"] == "agent:a"


@pytest.mark.parametrize("cell", ["TH", "THA", "764", "Thailand", "泰国"])
def test_a_place_is_found_by_code_and_name(data: Layout, tables: Tables, cell: str) -> None:
    tables.add("observations", metric="sales", subject="a", geography=cell, period_end="2025", value="1", unit="vehicles").import_into(data)
    assert statement(data)["geography"] == "place:TH"


def test_known_entities_are_not_created_again(data: Layout, tables: Tables) -> None:
    tables.source(publisher="Beta Motor").add("plants", plant_id="p", name="Works P", country="TH", city="罗勇", operator_org_id="b")
    assert tables.fact("model", "A one").import_into(data).new_things == []
    assert read_registry(data)["plant:p"] == {
        "rdf:type": "Plant",
        "label@en": "Plant P",
        "label@zh": "工厂P",
        "skos:altLabel@en": "Works P",
    }
    assert statement(data, value="place:th-rayong")["subject"] == "plant:p"


def test_a_city_of_the_same_name_in_another_country_is_another(data: Layout, tables: Tables) -> None:
    tables.add("plants", plant_id="q", name="Q", country="BR", city="Rayong").import_into(data)
    assert statement(data, property="locatedIn")["value"] == "place:br-rayong"


def test_an_ambiguous_name_is_reported_with_both_entities(tmp_path: Path, tables: Tables) -> None:
    data = write_small_data(tmp_path, 'agent:d a nev:Organization ; rdfs:label "Alpha Motor"@en .')
    tables.source(publisher="Alpha Motor").add("events", event_id="e", type="inauguration", org_ids="Alpha Motor")
    result = import_collections(data, [tables.write()], TODAY)
    assert [(problem.file, problem.column) for problem in result.problems] == [("c/events.csv", "org_ids"), ("c/sources.csv", "publisher")]
    assert all(
        "is the name of more than one entity: agent:a, agent:d; write the slug of one of them" in problem.message
        for problem in result.problems
    )


def test_candidates_of_duplicates_are_reported_until_judged(data: Layout, tables: Tables) -> None:
    tables.add("organizations", org_id="alpha-motors", kind="automaker", name="Alpha Motors Co., Ltd.")
    (pair,) = tables.import_into(data).candidates
    assert (pair.first, pair.second) == (PREFIXES["agent"] + "a", PREFIXES["agent"] + "alpha-motors")
    judge(data, "nev:Distinction ; nev:keepsApart agent:a , agent:alpha-motors")
    assert tables.import_into(data).candidates == []


def judge(layout: Layout, judgement: str) -> None:
    text = f'judgement:x a {judgement} ; nev:note "As stated."@en ; nev:decided "2026-01-01"^^xsd:date .\n'
    (layout.data / "registry" / "judgements.ttl").write_text(TURTLE_PREFIXES + text, encoding="utf-8")


def test_merged_entities_are_one_in_the_store(data: Layout, tables: Tables, nevkg: Nevkg) -> None:
    judge(data, "nev:Merge ; nev:replaced agent:b ; nev:replacement agent:a")
    tables.add("market_presence", org_id="b", country="BR", mode="exports")
    tables.add("market_presence", org_id="a", country="TH", mode="exports").import_into(data)
    assert {fact["subject"] for fact in statements(data)} == {"agent:a", "agent:b"}, "statements are stored as imported"
    store = open_store(data)
    rows = entities.select(
        store, f"SELECT ?s ?v {{ GRAPH ?g {{ ?s <{terms.NEV}property> <{terms.NEV}exportsTo> ; <{terms.NEV}subject> ?v }} }}"
    )
    assert {row["v"].value for row in rows} == {PREFIXES["agent"] + "a"}
    for name in ("agent:b", "b", "Beta Motor", "乙汽车"):
        output = nevkg("show", name, "--data", str(data.data))
        assert output.out.startswith("Alpha Motor"), output.err
    assert "Beta Motor" in output.out.splitlines()[0], "its name becomes an alternative name of its replacement"


def test_the_name_of_a_merged_entity_refers_to_its_replacement(data: Layout, tables: Tables) -> None:
    judge(data, "nev:Merge ; nev:replaced agent:b ; nev:replacement agent:a")
    tables.fact("status", "operating", automaker_org_id="Beta Motor").import_into(data)
    assert statement(data)["subject"] == "production:a-at-p"


# Identifying documents


def test_one_id_in_two_folders_with_two_addresses_is_two_documents(data: Layout, tables: Tables, tmp_path: Path) -> None:
    other = Tables(tmp_path / "d").source(url="https://example.org/another").fact("status", "suspended").write()
    tables.fact("status", "operating").import_into(data, other)
    slugs = sorted(path.stem for path in dataset.source_files(data))
    assert [slug[:4] for slug in slugs] == ["s-ol", "s-x", "s-x-"]
    values = {read_source(data, slug)[terms.SOURCE + slug]["address"]: statement(data, slug)["value"] for slug in slugs[1:]}
    assert values == {"https://example.org/x": "status:operating", "https://example.org/another": "status:suspended"}


def test_the_order_of_rows_and_folders_does_not_matter(tmp_path: Path) -> None:
    def import_in_order(name: str, order: int) -> dict[str, str]:
        data = write_small_data(tmp_path / name)
        one, two = fill_every_table(Tables(tmp_path / name / "c")), Tables(tmp_path / name / "d")
        two.source(url="https://example.org/another").source("s-z", "https://example.org/z").fact(
            "status", "operating", source_id="s-z"
        ).fact("jobs", "5")
        for tables in (one, two):
            tables.rows = {table: rows[::order] for table, rows in tables.rows.items()}
        assert import_collections(data, [one.write(), two.write()][::order], TODAY).problems == []
        shutil.rmtree(data.data / "imports")
        return contents(data.data)

    assert import_in_order("forth", 1) == import_in_order("back", -1)


@pytest.mark.parametrize("address", ["http://example.org/x", "https://www.example.org/x/", "https://EXAMPLE.org/x#part"])
def test_one_address_with_two_ids_is_one_document(data: Layout, tables: Tables, tmp_path: Path, address: str) -> None:
    other = Tables(tmp_path / "d").source("s-y", address).fact("jobs", "5", source_id="s-y").write()
    tables.fact("status", "operating").import_into(data, other)
    assert len(statements(data, "s-x")) == 2
    assert len(dataset.source_files(data)) == 2


def test_a_document_of_the_data_keeps_its_slug(data: Layout, tables: Tables) -> None:
    tables.source("s-other", "http://example.org/old").fact("status", "operating", source_id="s-other")
    tables.fact("jobs", "5", source_id="s-old").import_into(data)
    assert len(statements(data, "s-old")) == 2


def test_claim_ids_are_unique_within_their_source(data: Layout, tables: Tables, tmp_path: Path) -> None:
    claim = {"claim_id": "c-1", "person_id": "zhou", "org_id": "a", "topics": "cost|tariffs", "date": "2025"}
    other = Tables(tmp_path / "d").source("s-y", "https://example.org/y").add("claims", source_id="s-y", paraphrase="It is dear.", **claim)
    tables.add("claims", paraphrase="It is cheap.", **claim).import_into(data, other.write())
    assert statement(data)["paraphrase"] == "It is cheap."
    assert statement(data, "s-y") == {
        "rdf:type": "Claim",
        "dcterms:identifier": "c-1",
        "claimant": "agent:zhou",
        "claimantOrganization": "agent:a",
        "topic": "topic:cost|topic:tariffs",
        "paraphrase": "It is dear.",
        "earliest": "2025-01-01",
        "latest": "2025-12-31",
        "precision": "precision:year",
    }


def test_a_claim_of_an_organisation_alone(data: Layout, tables: Tables) -> None:
    tables.add("claims", claim_id="c-1", org_id="a", paraphrase="x", topics="cost").import_into(data)
    assert statement(data)["claimant"] == "agent:a"


# Repeated imports


def test_a_second_import_changes_no_byte(data: Layout, tables: Tables) -> None:
    fill_every_table(tables).import_into(data)
    before = contents(data.data)
    again = fill_every_table(Tables(tables.folder)).import_into(data, collected="2026-02-01")
    assert (again.changed, again.new_statements, again.new_things) == ({}, 0, [])
    assert contents(data.data) == before


def test_an_import_stops_if_the_data_changes_while_it_is_read(data: Layout, tables: Tables) -> None:
    before, source = contents(data.data), next(iter(dataset.source_files(data)))

    def change(_stage: str, _steps: int) -> Callable[[], None]:
        source.write_bytes(source.read_bytes() + b"# changed\n")
        return lambda: None

    with pytest.raises(CouldNotRun, match="run the import again"):
        import_collections(data, [tables.fact("capacity", "100000").write()], TODAY, progress=change)
    after = contents(data.data)
    assert after.keys() == before.keys()
    assert [name for name in after if after[name] != before[name]] == [source.relative_to(data.data).as_posix()]


def test_a_dry_run_reports_and_writes_nothing(data: Layout, tables: Tables, nevkg: Nevkg) -> None:
    before = contents(data.data)
    result = nevkg("import", str(fill_every_table(tables).write()), "--dry-run", "--data", str(data.data))
    assert (result.code, result.err) == (0, "")
    assert "13 rows: 20 new statements, 9 new entities, 0 repetitions." in result.out
    assert "Nothing was written; 11 files would change." in result.out
    assert contents(data.data) == before


def test_a_hand_made_statement_keeps_its_passage_and_words(tmp_path: Path, tables: Tables) -> None:
    world = World(tmp_path, registry=REGISTRY)
    world.source("s-x", "2025-07-01", sourceKind="sourcekind:news", address="<https://example.org/x>")
    passage = Passage.of(f"{terms.SOURCE}s-x", quote("It runs since 2025."))
    world.fact("plant:p", "status", "status:operating", "2025", source="s-x", comparator="comparator:exactly", passage=f"<{passage.iri}>")
    length, digest = passage.quote.length, passage.quote.digest
    world.graphs["s-x"].append(
        f'<{passage.iri}> a nev:Passage ; nev:passageOf source:s-x ; nev:quoteLength {length} ; nev:quoteDigest "{digest}" .'
    )
    path = world.write().data / "sources" / "s-x.trig"
    quads = list(dataset.parse_file(path))
    path.write_bytes(serialise(statement_ids.rename(quads, statement_ids.name_statements(quads, IDENTIFYING)), "trig", PREFIXES))
    tables.source(published="2025").fact("status", "operating", as_of="2025", note="seen", quote="Works operate.").fact("jobs", "5")
    data = Layout.find(tmp_path / "data")
    assert tables.import_into(data).new_statements == 1
    (path,) = (data.data / "sources").rglob("s-x.trig")
    kept = read_passages(dataset.parse_file(path))
    assert {each.quote for each in kept} == {quote("It runs since 2025."), quote("Works operate.")}
    (iri,) = {terms.text(quad.subject) for quad in dataset.parse_file(path) if quad.predicate.value == terms.NEV + "passage"}
    linked = {terms.text(quad.object) for quad in dataset.parse_file(path) if quad.predicate.value == terms.NEV + "passage"}
    assert (linked, iri.startswith(terms.STATEMENT)) == ({each.iri for each in kept}, True)
    assert statement(data, property="status")["note"] == "seen"
    assert read_source(data, "s-x")["https://w3id.org/nevkg/source/s-x"]["precision"] == "precision:day"


def test_notes_of_equal_rows_are_joined(data: Layout, tables: Tables, tmp_path: Path) -> None:
    other = Tables(tmp_path / "d").fact("status", "operating", note="second").write()
    tables.fact("status", "operating", note="first").import_into(data, other)
    assert statement(data)["note"] == "first; second"
    assert [(row["outcome"], row["reason"]) for row in account(data, "d")] == [
        ("duplicate", "says the same as c/plant_facts.csv:2"),
        ("duplicate", "says the same as c/sources.csv:2"),
    ]


def test_a_finer_date_of_publication_moves_the_file(data: Layout, tables: Tables) -> None:
    tables.source(published="").fact("status", "operating").import_into(data)
    assert (data.data / "sources" / "undated" / "s-x.trig").exists()
    for published, latest in (("2024", "2024-12-31"), ("2024-07", "2024-07-31"), ("2023", "2024-07-31"), ("2024-07-05", "2024-07-05")):
        Tables(tables.folder).source(published=published).import_into(data)
        assert [path.parent.name for path in data.data.rglob("s-x.trig")] == ["2024"]
        assert read_source(data, "s-x")["https://w3id.org/nevkg/source/s-x"]["latest"] == latest
    assert not (data.data / "sources" / "undated").exists()


def test_the_date_of_the_dataset_follows_the_day_of_collection(data: Layout, tables: Tables) -> None:
    def day() -> str:
        return entities.dataset_date(open_store(data))

    tables.fact("status", "operating").import_into(data, collected="2025-06-01")
    assert day() == "2026-01-01", "it never goes back"
    tables.import_into(data, collected="2026-03-01")
    assert day() == "2026-01-01", "nothing was new"
    tables.fact("jobs", "5").import_into(data, collected="2026-03-01")
    assert day() == "2026-03-01"


# Mapping rules


def test_a_row_may_state_scope_modality_and_attribution(data: Layout, tables: Tables) -> None:
    tables.fact("capacity", "100", scope="phase-one", modality="target", according_to="汽车协会")
    tables.fact("jobs", "5", according_to="Labour Office").import_into(data)
    first, second = statement(data, metric="metric:capacity"), statement(data, metric="metric:jobs")
    assert (first["scope"], first["modality"], first["accordingTo"]) == ("scope:phase-one", "modality:target", "agent:caam")
    assert second["accordingTo"] == "agent:labour-office"
    assert read_registry(data)["agent:labour-office"]["label@en"] == "Labour Office"


def test_a_maker_to_come_is_planned(data: Layout, tables: Tables) -> None:
    tables.add("plants", plant_id="q", name="Q", country="TH", automaker_org_ids="a", planned_automaker_org_ids="b").import_into(data)
    makers = {made["value"]: made.get("modality") for made in statements(data) if made.get("property") == "maker"}
    assert makers == {"agent:a": None, "agent:b": "modality:planned"}


def test_a_row_on_one_maker_of_a_plant_is_about_its_production(data: Layout, tables: Tables) -> None:
    tables.fact("status", "operating", automaker_org_id="a").import_into(data)
    assert statement(data)["subject"] == "production:a-at-p"
    assert read_registry(data)["production:a-at-p"] == {
        "rdf:type": "Production",
        "label@en": "Alpha Motor at Plant P",
        "atPlant": "plant:p",
        "maker": "agent:a",
    }


@pytest.mark.parametrize(("due", "first", "last"), [("2027", "2027-01-01", "2027-12-31"), ("2027-Q3", "2027-07-01", "2027-09-30")])
def test_due_dates(data: Layout, tables: Tables, due: str, first: str, last: str) -> None:
    tables.add("market_presence", org_id="a", country="BR", mode="sales", modality="planned", due=due).import_into(data)
    found = statement(data)
    assert [found.get(name) for name in ("earliest", "dueEarliest", "dueLatest")] == [None, first, last]


def test_the_precision_of_a_date_does_not_apply_to_the_due_date(data: Layout, tables: Tables) -> None:
    tables.add("events", event_id="e", type="announcement", org_ids="a", date="2025-05-16", date_precision="day", due="2027").import_into(
        data
    )
    found = statement(data)
    assert [found[name] for name in ("latest", "dueLatest")] == ["2025-05-16", "2027-12-31"]


def test_end_dates(data: Layout, tables: Tables) -> None:
    tables.add("market_presence", org_id="a", country="BR", mode="sales", since="2020", until="2024-06").import_into(data)
    found = statement(data)
    assert [found[name] for name in ("earliest", "latest", "endEarliest", "endLatest")] == [
        "2020-01-01",
        "2020-12-31",
        "2024-06-01",
        "2024-06-30",
    ]


@pytest.mark.parametrize(
    ("attribute", "cells", "modality"),
    [
        ("capacity", {}, "actual"),
        ("capacity", {"qualifier": "planned"}, "planned"),
        ("planned-capacity", {}, "planned"),
        ("planned-capacity", {"modality": "target"}, "target"),
        ("capacity", {"qualifier": "planned", "modality": "forecast"}, "forecast"),
        ("capacity", {"qualifier": "planned", "modality": "actual"}, "actual"),
        ("planned-capacity", {"qualifier": "about"}, "planned"),
    ],
)
def test_the_modality_of_the_row_precedes_attribute_and_qualifier(
    data: Layout, tables: Tables, attribute: str, cells: dict[str, str], modality: str
) -> None:
    tables.fact(attribute, "100", **cells).import_into(data)
    assert statement(data, metric="metric:capacity").get("modality", "modality:actual") == f"modality:{modality}"


def test_a_default_rule_applies_otherwise(data: Layout, tables: Tables) -> None:
    law = {"title": "Law", "kind": "subsidy", "jurisdiction": "TH", "targets": "bev"}
    tables.add("policies", policy_id="one", status="expired", issued="2020", effective_from="2021", effective_to="2023", **law)
    tables.add("policies", policy_id="two", status="announced", issued="2020", effective_from="2021", **law).import_into(data)
    found = {
        (
            fact["subject"],
            fact["value"].partition(":")[2],
            fact.get("modality", ""),
            fact.get("earliest", "")[:4],
            fact.get("endLatest", "")[:4],
        )
        for fact in statements(data)
        if fact["property"] == "policyStatus"
    }
    assert found == {
        ("policy:one", "issued", "", "2020", ""),
        ("policy:one", "expired", "", "2023", ""),
        ("policy:one", "in-force", "", "2021", "2023"),
        ("policy:two", "issued", "", "2020", ""),
        ("policy:two", "announced", "", "2020", ""),
        ("policy:two", "in-force", "modality:planned", "2021", ""),
    }


def test_targets_of_several_kinds(data: Layout, tables: Tables) -> None:
    targets = "bev|ckd|battery|CN|a|law|A One"
    for kind in ("import-tariff", "subsidy"):
        tables.add("policies", policy_id=kind, title=kind, kind=kind, jurisdiction="TH", targets=targets)
    tables.import_into(data)

    def of(policy: str) -> set[tuple[str, str]]:
        names = ("policyKind", "jurisdiction", "policyStatus")
        return {(s["property"], s["value"]) for s in statements(data) if s["subject"] == policy and s["property"] not in names}

    tariff = {
        ("appliesToPowertrain", "powertrain:bev"),
        ("appliesToAssemblyMode", "assembly:ckd"),
        ("appliesToProduct", "product:batteries"),
        ("appliesToOrigin", "place:CN"),
        ("appliesToCompany", "agent:a"),
        ("relatedPolicy", "policy:law"),
        ("appliesToModel", "model:a-one"),
    }
    assert of("policy:import-tariff") == tariff
    assert of("policy:subsidy") == tariff - {("appliesToOrigin", "place:CN")} | {("concernsPlace", "place:CN")}


def test_a_new_attribute_needs_no_code(data: Layout, tables: Tables, tmp_path: Path) -> None:
    layout = replace(data, ontology=tmp_path / "ontology")
    shutil.copytree(SHIPPED.ontology, layout.ontology)
    with (layout.ontology / "tables" / "mapping.csv").open("a", encoding="utf-8") as file:
        file.write("plant_facts,value,attribute,robots,statement,nev:Observation,metric:robots,,,unit:robots,,\n")
        file.write("plant_facts,value,attribute,nickname,statement,nev:Attribution,nev:nickname,,,,,\n")
    (layout.ontology / "vocabularies" / "more.ttl").write_text(
        TURTLE_PREFIXES + "metric:robots a nev:Metric , skos:Concept ; skos:inScheme voc:metrics ; "
        "nev:transformation transformation:level ; "
        'nev:measure measure:people-employed ; skos:prefLabel "robots"@en , "机器人"@zh ; skos:definition "Counts."@en , "计数。"@zh .\n'
        "unit:robots a nev:Unit , skos:Concept ; skos:inScheme voc:units ; "
        'skos:prefLabel "robots"@en , "台"@zh ; skos:definition "Counts."@en , "计数。"@zh .\n'
        "nev:nickname a owl:DatatypeProperty ; rdfs:domain nev:Plant ; rdfs:range xsd:string ; nev:historyPattern pattern:cumulative ; "
        'rdfs:label "nickname"@en , "别名"@zh .\n',
        encoding="utf-8",
    )
    tables.fact("robots", "250", qualifier="about").fact("nickname", "The Hall").import_into(layout)
    assert statement(data, metric="metric:robots")["unit"] == "unit:robots"
    assert statement(data, property="nickname")["text"] == "The Hall"


# The account


def test_the_account_has_each_row_once_and_names_its_statements(data: Layout, tables: Tables) -> None:
    fill_every_table(tables).import_into(data)
    rows = account(data)
    written = [(f"c/{name}.csv", str(line)) for name, cells in tables.rows.items() for line in range(2, len(cells) + 2)]
    assert sorted((row["file"], row["line"]) for row in rows) == sorted(written)
    assert {row["outcome"] for row in rows} == {"statements", "thing"}
    named = [terms.expand(name, PREFIXES) for row in rows for name in row["statements"].split()]
    assert sorted(filter(None, named)) == sorted(iri for iri in read_source(data, "s-x") if "/statement/" in iri or "/source/" in iri)


# Forms of tables


def test_a_workbook_gives_the_same_data_as_csv(tmp_path: Path) -> None:
    from openpyxl import Workbook

    folder = fill_every_table(Tables(tmp_path / "c")).write()
    book = Workbook()
    book.remove(book.worksheets[0])
    for path in sorted(folder.glob("*.csv"), reverse=True):
        sheet = book.create_sheet(path.stem)
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file):
                sheet.append([int(cell) if cell.isdigit() else float(cell) if cell == "5.50" else cell or None for cell in row])
    book.create_sheet("Sheet1")
    (tmp_path / "book").mkdir()
    book.save(tmp_path / "book" / "c.xlsx")
    one, two = write_small_data(tmp_path / "one"), write_small_data(tmp_path / "two")
    assert (
        import_collections(one, [folder], TODAY).problems == import_collections(two, [tmp_path / "book" / "c.xlsx"], TODAY).problems == []
    )
    for layout in (one, two):
        shutil.rmtree(layout.data / "imports")
    assert contents(one.data) == contents(two.data)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_columns_may_be_named_by_their_titles(data: Layout, tables: Tables, language: str) -> None:
    folder = fill_every_table(tables).write()
    for path in folder.glob("*.csv"):
        header, _, rest = path.read_text(encoding="utf-8").partition("\n")
        titles = (TABLES[path.stem].columns[name].titles[language] for name in header.split(","))
        path.write_text(",".join(title[0] if isinstance(title, list) else title for title in titles) + "\n" + rest, encoding="utf-8")
    assert import_collections(data, [folder], TODAY).new_statements == 20


def test_a_folder_of_collections(data: Layout, tmp_path: Path, nevkg: Nevkg) -> None:
    for name in ("one", "two", "two.rejected"):
        Tables(tmp_path / "all" / name).fact("jobs", str(len(name))).write()
    assert nevkg("import", str(tmp_path / "all"), "--data", str(data.data)).code == 0
    assert sorted(path.name for path in (data.data / "imports").iterdir()) == ["one.csv", "two.csv"]


def test_the_working_directory_is_imported(data: Layout, tmp_path: Path, nevkg: Nevkg, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Tables(tmp_path / "2025.06").fact("jobs", "5").write())
    assert nevkg("import", ".", "--data", str(data.data)).code == 0
    assert account(data, "2025.06")[0]["row"] == "2025.06/plant_facts:p|jobs|5||||s-x"


# Part of a collection


def test_partial_imports_good_rows_and_writes_bad_ones_to_a_folder(data: Layout, tables: Tables, nevkg: Nevkg) -> None:
    first = Tables(tables.folder.with_name("first")).source().fact("area", "1")
    first.import_into(data)
    tables.source(url="https://example.org/x2").fact("jobs", "5").fact("capacity", "1,000").fact("capacity", "-5")
    tables.add("plants", plant_id="q", name="Q", country="Siam").add("plant_facts", plant_id="q", attribute="jobs", value="3")
    with (tables.write() / "plant_facts.csv").open("a", encoding="utf-8") as file:
        file.write("p,status,operating,,,,s-x,one,two,three\np,status\n")
    command = ("import", str(tables.folder), "--partial", "--data", str(data.data))
    before = contents(data.data)
    assert "6 bad rows would be left out." in nevkg(*command, "--dry-run").out
    assert contents(data.data) == before
    result = nevkg(*command)
    assert result.code == 0
    assert "6 bad rows were left out." in result.out
    rejected = tables.folder.with_name("c.rejected")
    assert result.err == f"nevkg: the bad rows are in {rejected}, with their reasons in reasons.txt.\n"
    places = [line.partition(": ")[0] for line in (rejected / "reasons.txt").read_text(encoding="utf-8").splitlines()]
    assert places == ["c/plants.csv:2", *(f"c/plant_facts.csv:{line}" for line in (3, 4, 5, 6, 7))]
    (document,) = {path.stem for path in dataset.source_files(data)} - {"s-x", "s-old"}
    assert [fact["number"] for fact in statements(data, document)] == ["5"]
    for name in ("plants", "plant_facts"):
        text = (rejected / f"{name}.csv").read_text(encoding="utf-8")
        for bad, good in (
            ("Siam", "TH"),
            ('"1,000"', "1000"),
            ("-5", "5000"),
            ("one,two,three", "one"),
            ("p,status,,,,,,", "p,status,suspended,,,,s-x,"),
        ):
            text = text.replace(bad, good)
        (rejected / f"{name}.csv").write_text(text, encoding="utf-8")
    repaired = nevkg("import", str(rejected), "--data", str(data.data))
    assert repaired.code == 0, repaired.out
    assert len(statements(data, document)) == 7
    assert len(statements(data, "s-x")) == 1, "the id refers to the document of its own collection"


# The template and its example


def test_the_template_has_all_tables_their_description_and_an_example(data: Layout, tmp_path: Path, nevkg: Nevkg) -> None:
    place = tmp_path / "mine"
    result = nevkg("import", "--template", str(place))
    assert (result.code, result.out) == (0, f"{place} has {len(TABLES)} empty tables, FORMAT.md, and an example.\n")
    about = (place / "FORMAT.md").read_text(encoding="utf-8")
    for table in TABLES.values():
        header = ",".join(table.columns) + "\n"
        assert (place / f"{table.name}.csv").read_text(encoding="utf-8") == header
        assert (place / "example" / f"{table.name}.csv").read_text(encoding="utf-8").startswith(header)
        assert f"## {table.name}.csv" in about
        assert all(f"| `{name}` |" in about for name in table.columns)
    assert contents(place / "example") == contents(EXAMPLE)
    empty = nevkg("import", str(place), "--data", str(data.data))
    assert (empty.code, empty.out.splitlines()[-1]) == (0, "Nothing to do: the data already has all of it.")


def test_a_template_never_overwrites(tables: Tables, nevkg: Nevkg) -> None:
    folder = tables.write()
    before = contents(folder)
    result = nevkg("import", "--template", str(folder))
    assert (result.code, result.err) == (2, f"nevkg: {folder} is not empty; name a new folder.\n")
    assert contents(folder) == before
    assert nevkg("import", "--template", str(folder / "sources.csv")).code == 3


@pytest.mark.slow
def test_the_example_is_already_in_the_data() -> None:
    result = import_collections(SHIPPED, [EXAMPLE], "2027-01-01", dry=True)
    assert (list(map(str, result.problems)), list(result.changed)) == ([], ["imports/example.csv"])
    assert {entry.outcome for entry in result.entries} == {"statements", "thing"}


# The shipped data


@pytest.fixture(scope="module")
def known_names() -> set[str]:
    """All statements and sources of the shipped data, as short names, found by a pattern, since the files are canonical."""
    paths = dataset.source_files(SHIPPED)
    names = {
        name for path in paths for name in re.findall(r"^\t(statement:[0-9a-f]{32}) a ", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    return names | {f"source:{path.stem}" for path in paths}


@pytest.mark.parametrize("path", sorted(SHIPPED.data.glob("imports/*.csv")), ids=lambda path: path.stem)
def test_accounts_have_each_row_once_and_name_known_statements(known_names: set[str], path: Path) -> None:
    rows = account(SHIPPED, path.stem)
    assert len({(row["file"], row["line"]) for row in rows}) == len({row["row"] for row in rows}) == len(rows)
    assert {row["outcome"] for row in rows} <= set(OUTCOMES)
    assert {name for row in rows for name in row["statements"].split()} - known_names == set()
    for row in rows:
        assert bool(row["statements"]) != (row["outcome"] == "left out" or "says no more" in row["reason"])
        assert bool(row["reason"]) == (row["outcome"] in ("duplicate", "left out") or not row["statements"])


@pytest.fixture(scope="module")
def unjudged(tmp_path_factory: pytest.TempPathFactory) -> Layout:
    """The shipped data without judgements."""
    folder = tmp_path_factory.mktemp("unjudged")
    shutil.copytree(SHIPPED.data / "registry", folder / "registry", ignore=shutil.ignore_patterns("judgements*"))
    (folder / "sources").symlink_to(SHIPPED.data / "sources")
    return replace(SHIPPED, data=folder)


def find_unjudged(layout: Layout) -> set[tuple[str, str]]:
    """Returns the slugs of candidates of duplicates without a judgement."""
    found = Changes(layout).namesakes(Registry(layout, read_schema(layout)), TABLES.values())
    return {(pair.first.rpartition("/")[2], pair.second.rpartition("/")[2]) for pair in found}


def test_all_candidates_are_judged() -> None:
    assert find_unjudged(SHIPPED) == set()


def test_difficult_pairs_are_found_and_judged(unjudged: Layout) -> None:
    hard = {
        ("gac", "gac-group"),
        ("general-motors", "gm"),
        ("boi-thailand", "thailand-boi"),
        ("mega-motor", "mega-motor-company"),
        ("geely-holding", "zhejiang-geely-holding"),
    }
    assert hard <= find_unjudged(unjudged)
    ends = {entity.rpartition("/")[2]: end.rpartition("/")[2] for entity, end in read_merges().items()}
    distinctions = [{iri.rpartition("/")[2] for iri in group} for group in read_distinctions()]
    assert [
        (one, two)
        for one, two in hard
        if ends.get(one, one) != ends.get(two, two) and not any({one, two} <= group for group in distinctions)
    ] == []


JUDGEMENTS = [quad for path in sorted(SHIPPED.data.glob("registry/judgements*.ttl")) for quad in dataset.parse_file(path)]


def read_merges() -> dict[str, str]:
    return dataset.read_merges(JUDGEMENTS)


def read_distinctions() -> list[set[str]]:
    distinctions: dict[str, set[str]] = defaultdict(set)
    for quad in JUDGEMENTS:
        if quad.predicate.value == terms.NEV + "keepsApart":
            distinctions[terms.text(quad.subject)].add(terms.text(quad.object))
    return list(distinctions.values())


def test_judgements_name_known_entities_and_are_consistent() -> None:
    known_iris = {PREFIXES[name.partition(":")[0]] + name.partition(":")[2] for name in read_registry(SHIPPED)}
    merged = read_merges()
    assert {*merged, *merged.values(), *set().union(*read_distinctions())} - known_iris == set()
    assert [group for group in read_distinctions() if len({merged.get(entity, entity) for entity in group}) < len(group)] == []
    replaced = [terms.text(quad.object) for quad in JUDGEMENTS if quad.predicate.value == terms.NEV + "replaced"]
    assert len(replaced) == len(set(replaced))


if COLLECTIONS:

    def test_the_collections_are_in_the_data() -> None:
        result = import_collections(SHIPPED, find_collections(Path(COLLECTIONS or "")), "2026-11-24", dry=True)
        assert (list(map(str, result.problems)), list(result.changed)) == ([], [])
        assert len(result.entries) > 10_000
