"""The ontology: every term is described in both languages, used, and in the file of its namespace."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions, Store
from tests.support.worlds import PREFIXES, SHIPPED

from nevkg.data import dataset, terms

NEV = terms.NEV
FILES = [path for paths in list(dataset.schema_files(SHIPPED).values())[:2] for path in paths]
OWN = [path for path in FILES if path.parent.name != "imports"]


@pytest.fixture(scope="module")
def schema() -> Store:
    store = Store()
    for path in FILES:
        store.extend(dataset.parse_file(path))
    return store


def select_terms(store: Store, where: str, name: str = "x") -> set[str]:
    found = store.query(f"SELECT DISTINCT ?{name} WHERE {{ {where} }}", prefixes=PREFIXES)
    assert isinstance(found, QuerySolutions)
    return {terms.shorten(terms.text(row[name]), PREFIXES) for row in found if row[name] is not None}


TERM = "{ ?x rdfs:isDefinedBy ?where FILTER(STRSTARTS(STR(?x), 'https://w3id.org/nevkg/')) }"


@pytest.mark.parametrize("language", terms.LANGUAGES)
def test_every_term_has_one_label_and_one_definition_in_each_language(schema: Store, language: str) -> None:
    all_terms = select_terms(schema, TERM)
    assert len(all_terms) > 350
    labelled = select_terms(schema, f"?x rdfs:label|skos:prefLabel ?l FILTER(LANG(?l) = '{language}')")
    defined = select_terms(schema, f"?x skos:definition ?l FILTER(LANG(?l) = '{language}')")
    assert all_terms - labelled == set()
    assert all_terms - defined == set()
    for name in ("rdfs:label", "skos:prefLabel", "skos:definition"):
        repeated = select_terms(schema, f"?x {name} ?a, ?b FILTER(?a != ?b && LANG(?a) = '{language}' && LANG(?b) = '{language}')")
        assert repeated == set()


def test_definitions_have_a_genus_and_are_not_circular(schema: Store) -> None:
    found = schema.query(
        f"SELECT ?x ?l ?d WHERE {{ {TERM} ?x rdfs:label|skos:prefLabel ?l ; skos:definition ?d "
        "FILTER(LANG(?l) = 'en' && LANG(?d) = 'en') }",
        prefixes=PREFIXES,
    )
    assert isinstance(found, QuerySolutions)
    for row in found:
        label, definition = terms.text(row["l"]), terms.text(row["d"])
        assert definition.endswith("."), definition
        assert definition[0].isupper(), definition
        assert not definition.lower().startswith(f"{label.lower()} "), definition


def test_every_term_used_anywhere_is_defined(schema: Store) -> None:
    defined = select_terms(schema, TERM)
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
        assert select_terms(store, "?x a skos:ConceptScheme") == {scheme}
        assert select_terms(store, "?x a skos:Concept") == select_terms(store, f"?x skos:inScheme {scheme}")
        prefix = next(iter(select_terms(store, "?s vann:preferredNamespacePrefix ?x")))
        assert select_terms(store, "?s vann:preferredNamespaceUri ?x") <= {PREFIXES[prefix], f"{prefix}:"}
        assert {concept.partition(":")[0] for concept in select_terms(store, "?x a skos:Concept")} == {prefix}


def test_values_come_from_schemes_that_exist(schema: Store) -> None:
    assert select_terms(schema, "?p nev:valuesFrom ?x FILTER NOT EXISTS { ?x a skos:ConceptScheme }") == set()
    assert (
        select_terms(
            schema,
            "?x rdfs:range skos:Concept FILTER NOT EXISTS { ?x nev:valuesFrom ?s } FILTER NOT EXISTS { ?x a owl:AnnotationProperty } "
            "FILTER(STRSTARTS(STR(?x), STR(nev:)))",
        )
        == set()
    )


def test_names_of_classes_and_properties_follow_owl_conventions(schema: Store) -> None:
    for name in select_terms(schema, "?x a owl:Class FILTER(STRSTARTS(STR(?x), STR(nev:)))"):
        assert re.fullmatch(r"nev:[A-Z][A-Za-z]+", name)
    for kind in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty"):
        for name in select_terms(schema, f"?x a owl:{kind} FILTER(STRSTARTS(STR(?x), STR(nev:)))"):
            assert re.fullmatch(r"nev:[a-z][A-Za-z0-9]+", name)
    assert (
        select_terms(schema, "?x a ?a, ?b FILTER(?a IN (owl:ObjectProperty, owl:DatatypeProperty) && ?b = owl:AnnotationProperty)") == set()
    )


def test_superclasses_domains_and_ranges_are_declared(schema: Store) -> None:
    assert (
        select_terms(
            schema,
            "?s rdfs:subClassOf|rdfs:subPropertyOf|rdfs:domain ?x FILTER(isIRI(?x)) FILTER NOT EXISTS { ?x a ?any } "
            "FILTER(!STRSTARTS(STR(?x), 'http://www.w3.org/2002/07/owl#') && !STRSTARTS(STR(?x), STR(rdf:)) && ?x != rdfs:label)",
        )
        == set()
    )
    assert select_terms(schema, "?s rdfs:range ?x FILTER NOT EXISTS { ?x a ?any } FILTER(!STRSTARTS(STR(?x), STR(xsd:)))") <= {
        "owl:Class",
        "owl:Thing",
        "rdf:PlainLiteral",
        "rdf:Property",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#Property",
    }


def test_dates_have_no_range_and_chains_no_cardinality(schema: Store) -> None:
    """HermiT rejects xsd:date, and OWL 2 DL allows no such axioms on composed properties."""
    assert select_terms(schema, "?x rdfs:range xsd:date") == set()
    composed = "?x a ?bad . ?part rdfs:subPropertyOf* ?x { ?part owl:propertyChainAxiom ?chain } UNION { ?part a owl:TransitiveProperty }"
    bad = "owl:FunctionalProperty, owl:InverseFunctionalProperty, owl:AsymmetricProperty, owl:IrreflexiveProperty"
    assert select_terms(schema, f"{composed} FILTER(?bad IN ({bad}))") == set()


def test_each_module_has_its_own_file() -> None:
    header = (SHIPPED.ontology / "nevkg.ttl").read_text(encoding="utf-8")
    for path in sorted(SHIPPED.ontology.glob("modules/*.ttl")):
        store = Store()
        store.extend(dataset.parse_file(path))
        assert f"mod:{path.stem}" in header
        assert select_terms(store, "?t rdfs:isDefinedBy ?x") == {f"mod:{path.stem}"}
        assert select_terms(store, "?x a owl:Ontology") == {f"mod:{path.stem}"}


def test_the_version_is_consistent(schema: Store) -> None:
    versions = select_terms(schema, "<https://w3id.org/nevkg/ontology> owl:versionInfo ?x")
    assert len(versions) == 1
    version = versions.pop()
    assert f"<https://w3id.org/nevkg/ontology/{version}>" in (SHIPPED.ontology / "nevkg.ttl").read_text(encoding="utf-8")
    root = SHIPPED.ontology.parent
    assert version in (root / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_python_code_contains_no_domain_terms(schema: Store) -> None:
    """The code names no class, property or concept outside the module ``statements``."""
    kernel = select_terms(schema, "?x rdfs:isDefinedBy mod:statements")
    allowed = {name.partition(":")[2] for name in kernel}
    names = {name.partition(":")[2] for name in select_terms(schema, "?x rdfs:isDefinedBy ?m FILTER(STRSTARTS(STR(?x), STR(nev:)))")}
    found = {}
    for path in sorted(Path(terms.__file__).parents[1].rglob("*.py")):
        used = set(re.findall(r"nev:(\w+)", path.read_text(encoding="utf-8")))
        used |= set(re.findall(r"NEV\s*(?:\+\s*\"|}})(\w+)", path.read_text(encoding="utf-8")))
        if (used & names) - allowed:
            found[path.name] = (used & names) - allowed
    assert found == {}
