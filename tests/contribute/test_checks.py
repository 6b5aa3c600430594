"""Each hygiene check finds its kind of defect, and the shipped data has no violation."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse
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
DEFECTS = {path.stem: path for path in (Path(__file__).parents[1] / "defects").iterdir()}


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
    head, _, defect = DEFECTS[name].read_text(encoding="utf-8").partition("\n")
    expected = set(head.removeprefix("# finds: ").split())
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
    assert DEFECTS.keys() == {name for name, check in CHECKS.items() if check.reads not in (FILES, TRIPLES)}


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
