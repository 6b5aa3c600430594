"""Each hygiene check finds its kind of defect, and the shipped data has no violation."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse
from tests.support.pitfalls import PITFALLS
from tests.support.worlds import PREFIXES, SHIPPED, TURTLE_PREFIXES, World

from nevkg.ask.catalogue import Question, read_question
from nevkg.data import dataset, terms
from nevkg.data.paths import Layout
from nevkg.errors import InvalidData
from nevkg.store import EmbeddedStore
from nevkg.validate.checks import CHECK, FILES, TRIPLES, all_checks, read_term_usage, run_checks, run_volumes
from nevkg.validate.findings import Finding, Severity
from nevkg.validate.lint import lint_question, run_lint

CHECKS = {check.name: check for check in all_checks(SHIPPED)}
# For each check: triples in TriG with its defect, and the entities that it must name.
DEFECTS = {
    "term-without-words": (
        'graph:ontology { nev:shade rdfs:isDefinedBy mod:places ; rdfs:label "shade"@en ; skos:definition "Dark."@en , "暗。"@zh . }',
        {"nev:shade"},
    ),
    "term-provisional": (
        "graph:vocabularies { topic:weather nev:isProvisional true . topic:wind nev:isProvisional false . }",
        {"topic:weather"},
    ),
    "term-not-defined": (
        "graph:usage { <file:///a.rq> dcterms:references nev:Colour . source: dcterms:references nev:shade . } "
        'graph:shapes { place:shape nev:colour "x" . }',
        {"nev:colour", "nev:Colour"},
    ),
    "term-not-used": ("graph:vocabularies { topic:weather rdfs:isDefinedBy voc:topics . }", {"topic:weather"}),
    "property-without-domain-and-range": (
        "graph:ontology { nev:shade a owl:ObjectProperty ; rdfs:isDefinedBy mod:places ; rdfs:domain nev:Plant . }",
        {"nev:shade"},
    ),
    "concept-in-no-scheme": ("graph:vocabularies { topic:weather a skos:Concept . }", {"topic:weather"}),
    "name-against-the-rules": (
        "graph:registry { plant:New_Plant a nev:Plant . plant:new--plant a nev:Plant . place:asia.east a nev:WorldRegion . } "
        "graph:ontology { nev:big_plant a owl:Class . nev:Shade a owl:ObjectProperty . }",
        {"plant:New_Plant", "plant:new--plant", "place:asia.east", "nev:big_plant", "nev:Shade"},
    ),
    "source-title-unclear": (
        "graph:s-x { source:none a nev:Source . "
        'source:url a nev:Source ; dcterms:title "[from URL] a b"@en . source:arrow a nev:Source ; dcterms:title "A → B"@en . '
        'source:chain a nev:Source ; dcterms:title "Paper: a-b-c-d-e"@en ; nev:titleIsDevised true . '
        'source:video a nev:Source ; dcterms:title "[Video] The well-to-do-and-so-on 5%"@en . }',
        {"source:none", "source:url", "source:arrow", "source:chain"},
    ),
    "publisher-named-by-host": (
        "graph:s-x { source:x dcterms:publisher agent:host , agent:paper ; nev:originalPublisher agent:number . } "
        'graph:registry { agent:host rdfs:label "paper.example"@en . agent:paper rdfs:label "Paper.example"@en . '
        'agent:number rdfs:label "192.0.2.1"@en . agent:other rdfs:label "other.example"@en . }',
        {"agent:host", "agent:number"},
    ),
    "source-not-described": ("graph:s-x { statement:y nev:source source:s-nowhere . }", {"source:s-nowhere"}),
    "entity-never-mentioned": ('graph:registry { plant:lost a nev:Plant ; rdfs:label "Lost"@en . }', {"plant:lost"}),
    "link-without-source": ("graph:registry { place:TH skos:exactMatch wikidata:Q869 . }", {"place:TH"}),
    "linked-twice": (
        "graph:s-x { source:s-x a nev:Source . place:TH skos:exactMatch wikidata:Q1 . place:TH-21 skos:exactMatch wikidata:Q1 . "
        "place:ID skos:exactMatch wikidata:Q2 . }",
        {"place:TH"},
    ),
    "label-shared": ('graph:registry { agent:xpeng-too a nev:Organization ; rdfs:label "XPeng"@en . }', {"agent:xpeng"}),
    "production-twice": (
        "graph:registry { production:x-at-p a nev:Production ; nev:maker agent:x ; nev:atPlant plant:p . "
        "production:y-at-p a nev:Production ; nev:maker agent:x ; nev:atPlant plant:p . "
        "production:x-at-q a nev:Production ; nev:maker agent:x ; nev:atPlant plant:q . }",
        {"production:x-at-p"},
    ),
    "state-not-confirmed": (
        "graph:history { episode:x a nev:Episode ; nev:property nev:status ; nev:subject plant:old ; "
        'nev:lastConfirmed "2024-10-31"^^xsd:date ; nev:staleFrom "2026-10-31"^^xsd:date . '
        "episode:y a nev:Episode ; nev:property nev:status ; nev:subject plant:new ; "
        'nev:lastConfirmed "2024-11-01"^^xsd:date ; nev:staleFrom "2999-01-01"^^xsd:date . }',
        {"plant:old"},
    ),
    "state-from-one-source": (
        "graph:history { episode:x a nev:Episode ; nev:property nev:status ; nev:subject plant:one ; prov:wasDerivedFrom statement:y . }"
        " graph:s-x { statement:y nev:witness agent:global-times . }",
        {"plant:one"},
    ),
    "producing-without-event": (
        "graph:registry { plant:silent a nev:Plant . plant:heard a nev:Plant . plant:idle a nev:Plant . } graph:current { "
        "plant:silent nev:status status:operating . plant:heard nev:status status:operating . plant:idle nev:status status:closed . } "
        "graph:s-x { statement:y a nev:EventReport ; nev:site plant:heard . }",
        {"plant:silent"},
    ),
    "capacity-too-great": (
        "graph:registry { plant:p a nev:Plant . agent:a a nev:Organization . } graph:s-x { "
        "statement:much nev:metric metric:capacity ; nev:subject plant:p ; nev:unit unit:vehicles-per-year ; nev:number 2000001 . "
        "statement:fits nev:metric metric:capacity ; nev:subject plant:p ; nev:unit unit:vehicles-per-year ; nev:number 2000000 . "
        "statement:month nev:metric metric:capacity ; nev:subject plant:p ; nev:unit unit:vehicles-per-month ; nev:number 200000 . "
        "statement:all nev:metric metric:company-capacity ; nev:subject agent:a ; nev:unit unit:vehicles-per-year ; nev:number 5000000 . }",
        {"statement:much", "statement:month"},
    ),
    "event-before-founding": (
        "graph:current { agent:new nev:foundedInYear 2015 . agent:unclear nev:foundedInYear 2010 , 2015 . } graph:s-x { "
        'statement:early nev:participant agent:new ; nev:latest "2014-12-31"^^xsd:date . '
        'statement:same-year nev:participant agent:new ; nev:latest "2015-01-01"^^xsd:date . '
        'statement:perhaps nev:participant agent:unclear ; nev:latest "2014-12-31"^^xsd:date . }',
        {"statement:early"},
    ),
    "maker-twice-in-city": (
        "graph:registry { place:city a nev:City . plant:a a nev:Plant . plant:b a nev:Plant . plant:c a nev:Plant . plant:d a nev:Plant . "
        "judgement:c a nev:Distinction ; nev:keepsApart plant:a , plant:c . judgement:d nev:keepsApart plant:b , plant:c . } "
        "graph:current { plant:a nev:locatedIn place:city ; nev:maker agent:m . plant:b nev:locatedIn place:city ; nev:maker agent:m . "
        "plant:c nev:locatedIn place:city ; nev:maker agent:m . plant:d nev:locatedIn place:city ; nev:maker agent:n . }",
        {"plant:a"},
    ),
    "policy-without-effect-date": (
        "graph:registry { policy:since-when a nev:Policy . policy:since a nev:Policy . policy:draft a nev:Policy . } graph:current { "
        "policy:since-when nev:policyStatus policystatus:in-force . policy:since nev:policyStatus policystatus:in-force . "
        "policy:draft nev:policyStatus policystatus:proposed . } "
        "graph:s-x { statement:y nev:subject policy:since ; nev:source source:s-x ; "
        'nev:property nev:policyStatus ; nev:value policystatus:in-force ; nev:earliest "2025-01-01"^^xsd:date . }',
        {"policy:since-when"},
    ),
    "maker-without-home-country": (
        "graph:history { production:x a nev:Production ; nev:maker agent:homeless . "
        "production:y a nev:Production ; nev:maker agent:homely . } "
        "graph:current { agent:homely nev:homeCountry place:CN . }",
        {"agent:homeless"},
    ),
    "maker-without-chinese-name": (
        'graph:registry { agent:named rdfs:label "Named"@en , "有名"@zh . agent:nameless rdfs:label "Nameless"@en . } '
        "graph:history { production:x a nev:Production ; nev:maker agent:nameless . "
        "production:y a nev:Production ; nev:maker agent:named . }",
        {"agent:nameless"},
    ),
    "organization-without-kind": (
        "graph:registry { agent:strange a nev:Organization . agent:known a nev:Organization . agent:outlet a nev:Organization . } "
        "graph:current { agent:known nev:kind orgkind:automaker . } graph:s-x { statement:y nev:accordingTo agent:strange ; "
        "nev:value agent:known . source:s-x dcterms:publisher agent:outlet . }",
        {"agent:strange"},
    ),
    "host-without-name": (
        "graph:s-x { source:s-x nev:address <http://203.0.113.7:8080/a> . source:s-y nev:address <http://203.0.113.8/a> . "
        "source:s-z nev:address <https://1.example.org/203.0.113.7/> . source:s-v nev:address <http://[2001:db8::1]/a> . } "
        "graph:history { source:s-y nev:unreliableHost judgement:host-203-0-113-8 . }",
        {"source:s-x", "source:s-v"},
    ),
    "unreliable-host-without-source": (
        'graph:registry { judgement:host-a nev:hostName "a.example" . judgement:host-b nev:hostName "b.example" . } '
        "graph:history { source:s-x nev:unreliableHost judgement:host-b . }",
        {"judgement:host-a"},
    ),
    "plant-only-in-country": (
        "graph:registry { plant:vague a nev:Plant . plant:exact a nev:Plant . plant:nowhere a nev:Plant . } "
        "graph:current { plant:vague nev:locatedIn place:TH . plant:exact nev:locatedIn place:TH , place:TH-21 . }",
        {"plant:vague"},
    ),
    "model-built-nowhere": (
        "graph:registry { model:dream a nev:VehicleModel . model:built a nev:VehicleModel . model:shown a nev:VehicleModel . } "
        "graph:s-x { statement:y nev:property nev:builds ; nev:value model:built . statement:z nev:model model:shown . }",
        {"model:dream"},
    ),
    "confirmed-after-day": (
        "graph:history { episode:x a nev:Episode ; nev:property nev:status ; nev:subject plant:p ; "
        'nev:lastConfirmed "2999-01-01"^^xsd:date . }',
        {"plant:p"},
    ),
    "begins-before-it-may": (
        "graph:history { "
        + " ".join(
            f"episode:{name} a nev:Episode ; nev:property nev:maker ; nev:subject plant:{name} ; "
            f'nev:fromEarliest "{earliest}"^^xsd:date ; nev:from "2025-04-24"^^xsd:date . '
            for name, earliest in (("reversed", "2025-08-15"), ("exact", "2025-04-24"))
        )
        + " }",
        {"plant:reversed"},
    ),
    "built-but-not-producing": (
        "graph:history { "
        + " ".join(
            f"episode:{name} a nev:Episode ; nev:property nev:status ; nev:subject plant:{name} ; nev:value status:announced ; "
            f'nev:scope scope:whole ; nev:lastConfirmed "{on}"^^xsd:date . episode:{name}-built a nev:Episode ; '
            f'nev:property nev:builds ; nev:subject plant:{name} ; nev:from "2025-01-01"^^xsd:date .'
            for name, on in (("runs", "2024-01-01"), ("next", "2025-01-01"))
        )
        + " }",
        {"plant:runs"},
    ),
    "in-force-after-its-end": (
        "graph:history { "
        + " ".join(
            f"episode:{name} a nev:Episode ; nev:property nev:policyStatus ; nev:subject policy:{name} ; "
            f'nev:value policystatus:in-force ; nev:lastConfirmed "{on}"^^xsd:date . '
            f"statement:{name} nev:property nev:policyStatus ; nev:subject policy:{name} ; "
            f'nev:endLatest "2024-12-31"^^xsd:date ; nev:certainBy "2024-01-01"^^xsd:date .'
            for name, on in (("over", "2024-01-01"), ("goes-on", "2025-01-01"))
        )
        + " }",
        {"policy:over"},
    ),
    "inferred-against-own-report": (
        "graph:history { "
        + " ".join(
            f"episode:{name} a nev:Episode ; nev:property nev:status ; nev:subject production:{name} ; nev:value status:operating ; "
            f'nev:inferred true ; nev:from "2024-01-01"^^xsd:date . production:{name} nev:atPlant plant:p . '
            f"statement:{name} nev:property nev:status ; nev:subject production:{name} ; nev:value status:{status} ; "
            f'nev:modality modality:actual ; nev:certainBy "2024-06-01"^^xsd:date .'
            for name, status in (("guest", "announced"), ("host", "operating"))
        )
        + " }",
        {"production:guest"},
    ),
    "figure-far-from-others": (
        "graph:history { "
        + " ".join(
            f"episode:{name} a nev:Episode ; nev:property nev:{figure} ; nev:subject plant:{name} ; nev:disputed true ; "
            f"nev:low 240 ; nev:high {high} ."
            for name, figure, high in (("acres", "area", 600), ("near", "area", 480), ("staff", "jobs", 600))
        )
        + " }",
        {"plant:acres"},
    ),
    "source-with-two-values": (
        "graph:history { "
        + " ".join(
            f"episode:{name} a nev:Episode ; nev:low {low} ; nev:high 35000 ; prov:wasDerivedFrom statement:{name} {disputed} . "
            f"statement:{name} nev:number 35000 ."
            for name, low, disputed in (("one", 35000, ""), ("range", 4800, ""), ("pages", 4800, "; nev:disputed true"))
        )
        + " ".join(
            f"episode:{name}-{value} a nev:Episode ; nev:property nev:arrangement ; nev:subject plant:{name} ; nev:scope scope:whole ; "
            f'nev:from "{on}"^^xsd:date ; nev:value arrangement:{value} ; prov:wasDerivedFrom statement:{name}-{value} . '
            f"statement:{name}-{value} nev:value arrangement:{value} ."
            for name, value, on in (
                *(("tie", "acquired", "2025-01-01"), ("tie", "own", "2025-01-01")),
                *(("change", "acquired", "2025-01-01"), ("change", "own", "2025-02-01")),
            )
        )
        + " } graph:ontology { nev:arrangement nev:historyPattern <https://w3id.org/nevkg/history-pattern/successive> . }",
        {"statement:range", "statement:tie-own"},
    ),
    "coarse-date-ends-finer": (
        "graph:history { "
        + " ".join(
            f"episode:{name}-{part} a nev:Episode ; nev:property nev:status ; nev:subject plant:{name} ; nev:scope scope:whole ; {about} ."
            for name, ended in (("hasty", "2025-04-30"), ("later", "2025-12-31"))
            for part, about in (
                ("a", f'nev:from "2025-04-28"^^xsd:date ; nev:until "{ended}"^^xsd:date'),
                ("b", f'nev:fromEarliest "2025-04-01"^^xsd:date ; nev:from "{ended}"^^xsd:date'),
            )
        )
        + " }",
        {"plant:hasty"},
    ),
    "sign-later-than-confirmation": (
        "graph:history { "
        + " ".join(
            f"episode:{name} a nev:Episode ; nev:property nev:status ; nev:subject plant:{name} ; nev:scope scope:whole ; "
            f'nev:value status:operating ; nev:lastConfirmed "{on}"^^xsd:date . episode:{name}-built a nev:Episode ; '
            f'nev:property nev:builds ; nev:subject plant:{name} ; nev:scope scope:whole ; nev:from "2025-01-01"^^xsd:date .'
            for name, on in (("forgotten", "2024-01-01"), ("confirmed", "2025-01-01"))
        )
        + " }",
        {"plant:forgotten"},
    ),
}

DEFECTS |= PITFALLS


def find_entities(store: Store, name: str) -> set[str]:
    return {terms.shorten(finding.focus, PREFIXES) for finding in run_checks(store, [CHECKS[name]])}


def with_term_usage(store: Store) -> Store:
    """Copies a store into memory and adds the usage of terms, which checks read."""
    copy = Store()
    copy.bulk_extend(store)
    copy.extend(read_term_usage(SHIPPED))
    return copy


@pytest.fixture(scope="module")
def mutable_store(sample: EmbeddedStore) -> Store:
    """A store that tests change and restore."""
    return with_term_usage(sample.store)


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_each_check_finds_its_defect_and_names_it(mutable_store: Store, name: str) -> None:
    defect, expected = DEFECTS[name]
    before = find_entities(mutable_store, name)
    added = [quad for quad in parse(TURTLE_PREFIXES + defect, RdfFormat.TRIG) if quad not in mutable_store]
    mutable_store.extend(added)
    try:
        assert find_entities(mutable_store, name) - before == expected
    finally:
        for quad in added:
            mutable_store.remove(quad)


def test_a_complete_world_has_no_findings(world: World) -> None:
    """A complete world has no findings, except those on the ontology and those of checks that any small world fails."""
    world.registry += (
        'place:x-city a nev:City ; rdfs:label "City"@en , "市"@zh ; nev:inCountry place:XB . '
        'model:m a nev:VehicleModel ; rdfs:label "M"@en , "M型"@zh . policy:d a nev:Policy ; rdfs:label "Duty"@en , "关税"@zh . '
    )
    world.source("s")
    world.graphs["s"].append('source:s dcterms:title "A title"@en .')
    world.fact("plant:p", "locatedIn", "place:x-city", "2024")
    world.plant(country="place:XB")
    world.fact("agent:a", "homeCountry", "place:XA", "2000")
    world.fact("agent:a", "kind", "orgkind:automaker", "2000")
    world.statement("s", "Attribution", "2000", subject="agent:a", property="nev:foundedInYear", number="1999")
    world.event("first-vehicle", "2024-05", makers="agent:a")
    world.figure("capacity", "100000", "vehicles-per-year", "2024-05")
    world.fact("plant:p", "builds", "model:m", "2024-05")
    world.fact("policy:d", "policyStatus", "policystatus:in-force", "2024-01-01")
    world.fact("policy:d", "policyKind", "policykind:import-duty", "2024-01-01")
    empty = Store()
    for slug in ("ontology", "vocabularies"):
        name = NamedNode(terms.graph(slug))
        for path in dataset.schema_files(SHIPPED)[slug]:
            empty.extend(Quad(quad.subject, quad.predicate, quad.object, name) for quad in dataset.parse_file(path))
    ignored = ("entity-never-mentioned", "state-from-one-source")
    checks = [check for name, check in CHECKS.items() if check.reads not in (FILES, TRIPLES) and name not in ignored]
    expected = run_checks(with_term_usage(empty), checks)
    assert set(run_checks(with_term_usage(world.build(current=True).store.store), checks)) <= set(expected)


def test_every_defect_belongs_to_a_check() -> None:
    """Checks that read files have broken examples instead, like shapes."""
    assert set(DEFECTS) == {name for name, check in CHECKS.items() if check.reads not in (FILES, TRIPLES)}


def test_checks_have_texts_in_both_languages() -> None:
    for check in CHECKS.values():
        for words in (check.title, check.message, check.fix):
            assert set(words) == set(terms.LANGUAGES)


def test_a_check_with_a_broken_head_is_refused(tmp_path: Path) -> None:
    from nevkg.validate.checks import read_check

    file = tmp_path / "broken.rq"
    file.write_text("#+ title: {en: a, zh: b}\nSELECT ?focus {}\n", encoding="utf-8")
    with pytest.raises(InvalidData, match=r"broken\.rq: the head lacks 'message'"):
        read_check(file)


@pytest.fixture
def volumes(tmp_path: Path) -> Layout:
    shutil.copytree(SHIPPED.data, tmp_path / "data", ignore=shutil.ignore_patterns("recipes"))
    return replace(SHIPPED, data=tmp_path / "data")


@pytest.mark.parametrize(
    ("bounds", "severity"),
    [("{least: 250, most: 300}", Severity.VIOLATION), ("{least: 1, most: 2}", Severity.WARNING), ("{least: 249, most: 249}", None)],
)
def test_volumes_out_of_bounds_are_reported(shipped: EmbeddedStore, volumes: Layout, bounds: str, severity: Severity | None) -> None:
    (volumes.data / "volumes.yaml").write_text(f"nev:Country: {bounds}\n", encoding="utf-8")
    findings = run_volumes(shipped.store, volumes)
    assert [finding.severity for finding in findings] == ([severity] if severity is not None else [])
    if findings:
        assert (findings[0].focus, findings[0].value) == (terms.NEV + "Country", '"249"')


def test_volumes_of_the_shipped_data(shipped: EmbeddedStore) -> None:
    assert run_volumes(shipped.store, SHIPPED) == []


def test_an_invalid_volume_file_is_refused(shipped: EmbeddedStore, volumes: Layout) -> None:
    (volumes.data / "volumes.yaml").write_text("nev:Plant: 3\n", encoding="utf-8")
    with pytest.raises(InvalidData, match=r"volumes\.yaml must have the form"):
        run_volumes(shipped.store, volumes)


SOUND = read_question(Path(__file__).parent / "record_question.rq")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("ORDER BY ?plant ?workshop ?episode", "", "it does not end in ORDER BY"),
        ("ORDER BY ?plant ?workshop ?episode", "ORDER BY ?plant LIMIT 1 OFFSET {", "it is not SPARQL 1.1"),
        ("nev:hasWorkshopOfKind ;", "nev:hasWorkshopOfKind ; prov:wasDerivedFrom+ ?x ;", "a path with '+' is slow"),
        ("prov:wasDerivedFrom/nev:source ?source", "prov:wasDerivedFrom*/nev:source ?source", "a path with '*' is slow"),
        ("FILTER(?from <= ?date", "MINUS { ?plant a ?x . FILTER(?x != ?date) } FILTER(?from <= ?date", "FILTER in MINUS, which"),
        ("FILTER(?from <= ?date", "MINUS { { VALUES ?asOf { UNDEF } ?plant a ?x } } FILTER(?from <= ?date", "VALUES in MINUS"),
        (
            "FILTER(?from <= ?date",
            "{ SELECT ?plant { ?plant a ?x } } FILTER NOT EXISTS { ?plant a nev:City } FILTER(?from <= ?date",
            "FILTER NOT EXISTS next to sub-selects is slow",
        ),
        ("FILTER(?from <= ?date", "SERVICE <http://localhost/> { ?a ?b ?c } FILTER(?from <= ?date", "SERVICE would send a request"),
        ("FILTER(?from <= ?date", "FILTER(NOW() > ?from) FILTER(?from <= ?date", "NOW gives a different answer each time"),
        ("  ?episode\nWHERE", "  ?episode (SAMPLE(?source) AS ?one)\nWHERE", "SAMPLE may return a different value each time"),
        ("SELECT ?plant ?workshop", "SELECT ?plant ?workshop ?date", "it is not SPARQL 1.1"),
        ("  ?episode\nWHERE", "  ?episode (1 AS ?one)\nWHERE", "it selects 'one', which its head does not describe"),
        ("  ?episode\nWHERE", "\nWHERE", "the column 'episode' of its head is not selected"),
        (
            "{\n  VALUES ?asOf { UNDEF }",
            "{ VALUES ?asOf { UNDEF }",
            "the VALUES clause of the parameter 'asOf' is not on a line of its own",
        ),
        ("SELECT ?plant", "ASK { ?s ?p ?o } # ", "it is not SPARQL 1.1"),
        ("FILTER(?from <= ?date", "BIND(IF(?from > ?date, 1, ?none) AS ?y) FILTER(?from <= ?date", "?none is the last argument of IF"),
        ("FILTER(?from <= ?date", "BIND(EXISTS { ?plant a ?x } AS ?y) FILTER(?from <= ?date", "EXISTS outside a FILTER"),
        ("  ?episode\nWHERE", "  ?episode (IF(COUNT(*) > 0, IRI(MIN(STR(?source))), 1) AS ?one)\nWHERE", "IRI with IF around MIN"),
        (
            "FILTER(?from <= ?date",
            "OPTIONAL { SELECT ?plant (IRI(MIN(STR(?x))) AS ?y) { ?plant a ?x } GROUP BY ?plant } FILTER(?from <= ?date",
            "IRI in a sub-select of an OPTIONAL is lost",
        ),
    ],
)
def test_slow_and_unportable_queries_are_reported(old: str, new: str, problem: str) -> None:
    assert old in SOUND.text
    problems = lint_question(replace(SOUND, text=SOUND.text.replace(old, new)))
    assert any(problem in text for text in problems), problems


def test_minus_of_triples_is_accepted() -> None:
    text = SOUND.text.replace("FILTER(?from <= ?date", "MINUS { ?plant a nev:City } FILTER(?from <= ?date")
    assert text != SOUND.text
    assert lint_question(replace(SOUND, text=text)) == []


def test_missing_translations_are_reported() -> None:
    untranslated: Question = replace(SOUND, title={"en": "a"})
    assert lint_question(untranslated) == ["its title lacks text in 'zh'"]


def test_the_shipped_questions_have_no_lint() -> None:
    assert run_lint(SHIPPED) == []


def test_findings_sort_by_severity() -> None:
    order = [Finding(severity, "a", "b") for severity in (Severity.INFO, Severity.VIOLATION, Severity.WARNING)]
    assert [finding.severity for finding in sorted(order)] == [Severity.VIOLATION, Severity.WARNING, Severity.INFO]
    assert Severity.of("http://www.w3.org/ns/shacl#Warning") is Severity.WARNING
    assert CHECK.startswith(terms.BASE)
