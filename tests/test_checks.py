"""Each hygiene check finds its kind of defect, and the shipped data has none that matters."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store, parse
from tests.worlds import _TURTLE_PREFIXES, PREFIXES, SHIPPED

from nevkg import Layout, terms
from nevkg.errors import InvalidData
from nevkg.questions import Question, read_question
from nevkg.store import EmbeddedStore
from nevkg.validate.checks import CHECK, all_checks, run_checks
from nevkg.validate.findings import Finding, Severity
from nevkg.validate.lint import lint_question, run_lint
from nevkg.validate.volumes import run_volumes

CHECKS = {check.name: check for check in all_checks(SHIPPED)}
# For each check: triples in TriG that it must find, and the things that it must name.
DEFECTS = {
    "term-without-words": (
        'graph:ontology { nev:shade rdfs:isDefinedBy mod:places ; rdfs:label "shade"@en ; skos:definition "Dark."@en , "暗。"@zh . }',
        {"nev:shade"},
    ),
    "term-not-defined": ("graph:s-x { statement:y nev:colour place:CN . place:CN a nev:Colour . }", {"nev:colour", "nev:Colour"}),
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
    "source-not-described": ("graph:s-x { statement:y nev:source source:s-nowhere . }", {"source:s-nowhere"}),
    "entity-never-mentioned": ('graph:registry { plant:lost a nev:Plant ; rdfs:label "Lost"@en . }', {"plant:lost"}),
    "label-shared": ('graph:registry { agent:xpeng-too a nev:Organization ; rdfs:label "XPeng"@en . }', {"agent:xpeng"}),
    "state-not-confirmed": (
        "graph:history { episode:x a nev:Episode ; nev:property nev:status ; nev:subject plant:old ; "
        'nev:lastConfirmed "2024-10-31"^^xsd:date . '
        'episode:y a nev:Episode ; nev:property nev:status ; nev:subject plant:new ; nev:lastConfirmed "2024-11-01"^^xsd:date . }',
        {"plant:old"},
    ),
    "state-from-one-source": (
        "graph:history { episode:x a nev:Episode ; nev:property nev:status ; nev:subject plant:one ; prov:wasDerivedFrom statement:y . }"
        " graph:s-x { statement:y nev:source source:s-globaltimes-nd . }",
        {"plant:one"},
    ),
}


def found(store: Store, name: str) -> set[str]:
    return {terms.shorten(finding.focus, PREFIXES) for finding in run_checks(store, SHIPPED, [CHECKS[name]])}


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_each_check_finds_its_defect_and_names_it(shipped: EmbeddedStore, name: str) -> None:
    defect, expected = DEFECTS[name]
    spoilt = Store()
    spoilt.extend(shipped.store)
    spoilt.extend(parse(_TURTLE_PREFIXES + defect, RdfFormat.TRIG))
    assert found(spoilt, name) - found(shipped.store, name) == expected


def test_every_defect_belongs_to_a_check() -> None:
    assert set(DEFECTS) == set(CHECKS)


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_the_shipped_data_has_no_such_defect(shipped: EmbeddedStore, name: str) -> None:
    if CHECKS[name].severity is not Severity.INFO:
        assert found(shipped.store, name) == set()


def test_checks_speak_both_languages() -> None:
    for check in CHECKS.values():
        for words in (check.title, check.message, check.mend):
            assert set(words) == set(terms.LANGUAGES)


def test_a_check_with_a_broken_head(tmp_path: Path) -> None:
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
    [("{least: 4, most: 9}", Severity.VIOLATION), ("{least: 1, most: 2}", Severity.WARNING), ("{least: 3, most: 3}", None)],
)
def test_volumes(shipped: EmbeddedStore, volumes: Layout, bounds: str, severity: Severity | None) -> None:
    (volumes.data / "volumes.yaml").write_text(f"nev:Plant: {bounds}\n", encoding="utf-8")
    findings = run_volumes(shipped.store, volumes)
    assert [finding.severity for finding in findings] == ([severity] if severity is not None else [])
    if findings:
        assert (findings[0].focus, findings[0].value) == (terms.NEV + "Plant", '"3"')


def test_volumes_of_the_shipped_data(shipped: EmbeddedStore) -> None:
    assert run_volumes(shipped.store, SHIPPED) == []


def test_a_volume_file_of_another_form(shipped: EmbeddedStore, volumes: Layout) -> None:
    (volumes.data / "volumes.yaml").write_text("nev:Plant: 3\n", encoding="utf-8")
    with pytest.raises(InvalidData, match=r"volumes\.yaml is not of the form"):
        run_volumes(shipped.store, volumes)


SOUND = read_question(SHIPPED.queries / "questions" / "production" / "workshops-of-plant.rq")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("ORDER BY ?plant ?workshop ?episode", "", "it does not end in ORDER BY"),
        ("ORDER BY ?plant ?workshop ?episode", "ORDER BY ?plant LIMIT 1 OFFSET {", "it is not SPARQL 1.1"),
        ("nev:hasWorkshopOfKind ;", "nev:hasWorkshopOfKind ; prov:wasDerivedFrom+ ?x ;", "a path with '+' is slow"),
        ("prov:wasDerivedFrom/nev:source ?source", "prov:wasDerivedFrom*/nev:source ?source", "a path with '*' is slow"),
        ("FILTER(?from <= ?date", "MINUS { ?plant a ?x } FILTER(?from <= ?date", "MINUS does not see parameters"),
        ("FILTER(?from <= ?date", "SERVICE <http://localhost/> { ?a ?b ?c } FILTER(?from <= ?date", "SERVICE would send a request"),
        ("FILTER(?from <= ?date", "FILTER(NOW() > ?from) FILTER(?from <= ?date", "NOW gives another answer each time"),
        ("SELECT ?plant ?workshop", "SELECT ?plant ?workshop ?date", "it is not SPARQL 1.1"),
        ("  ?episode\nWHERE", "  ?episode (1 AS ?one)\nWHERE", "it selects 'one', which its head does not describe"),
        ("  ?episode\nWHERE", "\nWHERE", "the column 'episode' of its head is not selected"),
        ("{\n  VALUES ?asOf { UNDEF }", "{ VALUES ?asOf { UNDEF }", "the parameter 'asOf' does not stand on a line of its own"),
        ("SELECT ?plant", "ASK { ?s ?p ?o } # ", "it is not SPARQL 1.1"),
    ],
)
def test_the_idioms_of_questions(old: str, new: str, problem: str) -> None:
    assert old in SOUND.text
    problems = lint_question(replace(SOUND, text=SOUND.text.replace(old, new)))
    assert any(problem in told for told in problems), problems


def test_words_in_both_languages() -> None:
    silent: Question = replace(SOUND, title={"en": "a"})
    assert lint_question(silent) == ["its title lacks words in 'zh'"]


def test_the_shipped_questions_keep_to_the_idioms() -> None:
    assert run_lint(SHIPPED) == []


def test_findings_sort_by_severity() -> None:
    order = [Finding(severity, "a", "b") for severity in (Severity.INFO, Severity.VIOLATION, Severity.WARNING)]
    assert [finding.severity for finding in sorted(order)] == [Severity.VIOLATION, Severity.WARNING, Severity.INFO]
    assert Severity.of("http://www.w3.org/ns/shacl#Warning") is Severity.WARNING
    assert CHECK.startswith(terms.BASE)
