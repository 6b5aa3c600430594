"""The ontology: no check finds a defect, each term is in the file of its namespace, and the data agree with the model."""

from __future__ import annotations

import json
import re
from itertools import combinations
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, QuerySolutions, Store
from tests.support.worlds import PREFIXES, SHIPPED, read_schema

from nevkg.data import dataset, terms
from nevkg.store import EmbeddedStore
from nevkg.validate.checks import FILES as READS_FILES
from nevkg.validate.checks import TRIPLES, all_checks, read_term_usage, run_checks
from nevkg.validate.findings import Severity

OWN = "FILTER(STRSTARTS(STR(?x), STR(nev:)))"
PROPERTY = "?x a ?kind FILTER(?kind IN (owl:ObjectProperty, owl:DatatypeProperty))"


@pytest.fixture(scope="module")
def schema() -> Store:
    store = Store()
    store.extend(read_schema())
    return store


def rows(store: Store, query: str) -> list[tuple[str, ...]]:
    found = store.query(query, prefixes=PREFIXES, use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    return [tuple(terms.shorten(terms.text(term), PREFIXES) for term in row if term is not None) for row in found]


def names(store: Store, where: str) -> set[str]:
    return {row[0] for row in rows(store, f"SELECT DISTINCT ?x WHERE {{ {where} }}")}


def test_no_check_finds_a_defect_of_the_ontology(schema: Store) -> None:
    """Terms without words, domain, range or scheme, names against the rules, wrong inverses and other pitfalls."""
    with_usage = Store()
    with_usage.bulk_extend([*schema, *read_term_usage(SHIPPED)])
    checks = [check for check in all_checks(SHIPPED) if check.about == "ontology" and check.reads not in (READS_FILES, TRIPLES)]
    assert len(checks) > 25
    assert [finding for finding in run_checks(with_usage, checks) if finding.severity is not Severity.INFO] == []


def test_no_term_has_two_labels_or_definitions_in_one_language(schema: Store) -> None:
    repeated = "?x ?words ?a, ?b FILTER(?a != ?b && LANG(?a) = LANG(?b)) VALUES ?words { rdfs:label skos:prefLabel skos:definition }"
    assert names(schema, repeated) == set()


TERM = "{ ?x rdfs:isDefinedBy ?where FILTER(STRSTARTS(STR(?x), 'https://w3id.org/nevkg/')) }"


def test_definitions_have_a_genus_and_are_not_circular(schema: Store) -> None:
    words = "?x rdfs:label|skos:prefLabel ?l ; skos:definition ?d FILTER(LANG(?l) = 'en' && LANG(?d) = 'en')"
    found = rows(schema, f"SELECT DISTINCT (STR(?l) AS ?label) (STR(?d) AS ?definition) WHERE {{ {TERM} {words} }}")
    assert len(found) > 350
    for label, definition in found:
        assert definition.endswith("."), definition
        assert definition[0].isupper(), definition
        assert not definition.lower().startswith(f"{label.lower()} "), definition


def test_every_term_used_anywhere_is_defined(schema: Store) -> None:
    defined = names(schema, TERM)
    text = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in (SHIPPED.ontology, SHIPPED.data, SHIPPED.queries)
        for path in sorted(folder.glob("**/*"))
        if path.suffix in (".ttl", ".trig", ".rq")
    )
    vocabularies = {
        prefix for prefix in PREFIXES if PREFIXES[prefix].startswith(terms.BASE) and f'vann:preferredNamespacePrefix "{prefix}"' in text
    }
    assert len(vocabularies) > 20
    used = set(re.findall(rf"(?<![\w/#:<])((?:nev|{'|'.join(vocabularies)}):[\w-]+)", text, re.ASCII))
    assert used - defined == set()


def test_every_concept_is_in_the_scheme_of_its_file() -> None:
    for path in sorted(SHIPPED.ontology.glob("vocabularies/*.ttl")):
        store = Store()
        store.extend(dataset.parse_file(path))
        scheme = f"voc:{path.stem}"
        assert names(store, "?x a skos:ConceptScheme") == {scheme}
        assert names(store, "?x a skos:Concept") == names(store, f"?x skos:inScheme {scheme}")
        prefix = next(iter(names(store, "?s vann:preferredNamespacePrefix ?x")))
        assert names(store, "?s vann:preferredNamespaceUri ?x") <= {PREFIXES[prefix], f"{prefix}:"}
        assert {concept.partition(":")[0] for concept in names(store, "?x a skos:Concept")} == {prefix}


def test_values_come_from_schemes_that_exist(schema: Store) -> None:
    assert names(schema, "?p nev:valuesFrom ?x FILTER NOT EXISTS { ?x a skos:ConceptScheme }") == set()
    other = "FILTER NOT EXISTS { ?x nev:valuesFrom ?s } FILTER NOT EXISTS { ?x a owl:AnnotationProperty }"
    assert names(schema, f"?x rdfs:range skos:Concept {other} {OWN}") == set()


def test_dates_have_no_range_and_chains_no_cardinality(schema: Store) -> None:
    """HermiT rejects xsd:date, and OWL 2 DL allows no such axioms on composed properties."""
    assert names(schema, "?x rdfs:range xsd:date") == set()
    composed = "?x a ?bad . ?part rdfs:subPropertyOf* ?x { ?part owl:propertyChainAxiom ?chain } UNION { ?part a owl:TransitiveProperty }"
    bad = "owl:FunctionalProperty, owl:InverseFunctionalProperty, owl:AsymmetricProperty, owl:IrreflexiveProperty"
    assert names(schema, f"{composed} FILTER(?bad IN ({bad}))") == set()


def test_each_module_has_its_own_file() -> None:
    header = (SHIPPED.ontology / "nevkg.ttl").read_text(encoding="utf-8")
    for path in sorted(SHIPPED.ontology.glob("modules/*.ttl")):
        store = Store()
        store.extend(dataset.parse_file(path))
        assert f"mod:{path.stem}" in header
        assert names(store, "?t rdfs:isDefinedBy ?x") == {f"mod:{path.stem}"}
        assert names(store, "?x a owl:Ontology") == {f"mod:{path.stem}"}


def test_the_version_is_consistent(schema: Store) -> None:
    versions = names(schema, "<https://w3id.org/nevkg/ontology> owl:versionInfo ?x")
    assert len(versions) == 1
    version = versions.pop()
    assert f"<https://w3id.org/nevkg/ontology/{version}>" in (SHIPPED.ontology / "nevkg.ttl").read_text(encoding="utf-8")
    root = SHIPPED.ontology.parent
    places = [SHIPPED.ontology / name for name in ("mappings.ttl", "catalog-v001.xml")] + sorted(SHIPPED.ontology.glob("modules/*.ttl"))
    found = {match for path in places for match in re.findall(r"/ontology/(?:\w+/)?(\d+\.[\d.]+\d)", path.read_text(encoding="utf-8"))}
    assert found == {version}
    assert json.loads((root / ".zenodo.json").read_text(encoding="utf-8"))["version"] == version


def test_the_python_code_contains_no_domain_terms(schema: Store) -> None:
    """The code names no class, property or concept outside the module ``statements``."""
    kernel = names(schema, "?x rdfs:isDefinedBy mod:statements")
    allowed = {name.partition(":")[2] for name in kernel}
    own = {name.partition(":")[2] for name in names(schema, f"?x rdfs:isDefinedBy ?m {OWN}")}
    found = {}
    for path in sorted(Path(terms.__file__).parents[1].rglob("*.py")):
        used = set(re.findall(r"nev:(\w+)", path.read_text(encoding="utf-8")))
        used |= set(re.findall(r"NEV\s*(?:\+\s*\"|}})(\w+)", path.read_text(encoding="utf-8")))
        if (used & own) - allowed:
            found[path.name] = (used & own) - allowed
    assert found == {}


def test_every_property_has_a_domain_and_a_range_and_dates_have_a_domain(schema: Store, shipped: EmbeddedStore) -> None:
    """OWL 2 has no xsd:date. So the properties without a range are those whose values are dates, and no others."""
    every = names(schema, f"{PROPERTY} {OWN}")
    assert len(every) > 190
    assert names(schema, f"{PROPERTY} {OWN} FILTER NOT EXISTS {{ ?x rdfs:domain ?domain }}") == set()
    without = names(schema, f"{PROPERTY} {OWN} FILTER NOT EXISTS {{ ?x rdfs:range ?range }}")
    used = {name for name in every if any(shipped.store.quads_for_pattern(None, NamedNode(terms.expand(name, PREFIXES) or ""), None, None))}
    dates = names(shipped.store, f"?x a owl:DatatypeProperty {OWN} ?thing ?x ?value FILTER(DATATYPE(?value) = xsd:date)")
    assert without & used == dates
    # Properties that only snapshots use.
    assert without - used == {"nev:asOf", "nev:firstDay"} - used


def test_data_and_rules_use_no_inverses(schema: Store, shipped: EmbeddedStore) -> None:
    """Inverses are for reasoners; in the data they would count facts twice."""
    declared = names(schema, "?x owl:inverseOf ?y")
    assert names(shipped.store, "?x owl:inverseOf ?y . ?one ?x ?other") == set()
    texts = "\n".join(path.read_text(encoding="utf-8") for path in dataset.rule_files(SHIPPED))
    assert {name for name in declared if f"{name} " in texts} == set()


def test_the_data_have_one_value_of_a_functional_property(schema: Store, shipped: EmbeddedStore) -> None:
    functional = names(schema, "?x a owl:FunctionalProperty")
    assert len(functional) > 10
    assert names(schema, "?x a owl:FunctionalProperty FILTER NOT EXISTS { ?x a owl:ObjectProperty }") == set()
    for name in functional:
        assert rows(shipped.store, f"SELECT ?x WHERE {{ ?x {name} ?value }} GROUP BY ?x HAVING(COUNT(DISTINCT ?value) > 1)") == []


def test_the_data_agree_with_symmetric_and_irreflexive_properties(schema: Store, shipped: EmbeddedStore) -> None:
    symmetric, irreflexive = (names(schema, f"?x a owl:{kind}Property") for kind in ("Symmetric", "Irreflexive"))
    assert symmetric
    assert irreflexive
    for name in symmetric:
        assert rows(shipped.store, f"SELECT ?x WHERE {{ ?x {name} ?y FILTER NOT EXISTS {{ ?y {name} ?x }} }} LIMIT 1") == []
    for name in irreflexive:
        assert rows(shipped.store, f"SELECT ?x WHERE {{ ?x {name} ?x }} LIMIT 1") == []


def test_nothing_is_a_member_of_two_disjoint_classes(schema: Store, shipped: EmbeddedStore) -> None:
    """Checks all graphs, unlike HermiT, which reads the registry, the vocabularies and the current view."""
    groups: dict[str, set[str]] = {}
    for group, name in rows(schema, "SELECT ?g ?c WHERE { ?g a owl:AllDisjointClasses ; owl:members/rdf:rest*/rdf:first ?c }"):
        groups.setdefault(group, set()).add(name)
    assert len(groups) > 5
    members = {
        name: names(shipped.store, f"?x a/rdfs:subClassOf* {name} FILTER(!isBlank(?x))") for name in sorted(set().union(*groups.values()))
    }
    shared = {pair for group in groups.values() for pair in combinations(sorted(group), 2) if members[pair[0]] & members[pair[1]]}
    assert shared == set()


def test_top_classes_are_disjoint(schema: Store) -> None:
    """Checks each pair of top classes; only a place may be an agent, as a bloc is."""
    top = names(schema, f"?x a owl:Class FILTER NOT EXISTS {{ ?x rdfs:subClassOf ?above FILTER(STRSTARTS(STR(?above), STR(nev:))) }} {OWN}")
    top -= {"nev:Metric", "nev:Unit"}  # subclasses of skos:Concept, which is in the groups
    pattern = "?g a owl:AllDisjointClasses ; owl:members/rdf:rest*/rdf:first ?one , ?two ."
    disjoint = {frozenset(pair) for pair in rows(schema, f"SELECT ?one ?two WHERE {{ {pattern} FILTER(?one != ?two) }}")}
    missing = {pair for pair in combinations(sorted(top), 2) if frozenset(pair) not in disjoint}
    assert missing == {("nev:Agent", "nev:Place")}


@pytest.mark.parametrize("language", terms.LANGUAGES)
def test_every_class_has_an_example(schema: Store, language: str) -> None:
    every = names(schema, f"?x a owl:Class {OWN}")
    assert names(schema, f"?x a owl:Class ; skos:example ?e FILTER(LANG(?e) = '{language}') {OWN}") == every


def test_an_example_names_a_member_of_its_class(shipped: EmbeddedStore) -> None:
    """Checks classes whose members have names in the data."""
    examples = rows(shipped.store, f"SELECT ?x (STR(?e) AS ?t) WHERE {{ ?x a owl:Class ; skos:example ?e FILTER(LANG(?e) = 'en') {OWN} }}")
    named = {row[0]: row[1] for row in examples}
    # The names of their members are composed of other names.
    generic = {"nev:Publisher", "nev:Workshop", "nev:Passage", "nev:Source"}
    for name in sorted(named.keys() - generic):
        member = f"?m a/rdfs:subClassOf* {name} ; rdfs:label|skos:prefLabel|skos:altLabel ?l FILTER(LANG(?l) = 'en')"
        labels = rows(shipped.store, f"SELECT DISTINCT ?l WHERE {{ {member} }}")
        assert not labels or any(label in named[name] for (label,) in labels), name
