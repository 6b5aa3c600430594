"""The ontology: every term described in both languages, in use, and where its name says."""

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


def ask(store: Store, where: str, name: str = "x") -> set[str]:
    found = store.query(f"SELECT DISTINCT ?{name} WHERE {{ {where} }}", prefixes=PREFIXES)
    assert isinstance(found, QuerySolutions)
    return {terms.shorten(terms.text(row[name]), PREFIXES) for row in found if row[name] is not None}


TERM = "{ ?x rdfs:isDefinedBy ?where FILTER(STRSTARTS(STR(?x), 'https://w3id.org/nevkg/')) }"


@pytest.mark.parametrize("language", terms.LANGUAGES)
def test_every_term_has_one_label_and_one_definition_in_each_language(schema: Store, language: str) -> None:
    terms_ = ask(schema, TERM)
    assert len(terms_) > 350
    labelled = ask(schema, f"?x rdfs:label|skos:prefLabel ?l FILTER(LANG(?l) = '{language}')")
    defined = ask(schema, f"?x skos:definition ?l FILTER(LANG(?l) = '{language}')")
    assert terms_ - labelled == set()
    assert terms_ - defined == set()
    for name in ("rdfs:label", "skos:prefLabel", "skos:definition"):
        twice = ask(schema, f"?x {name} ?a, ?b FILTER(?a != ?b && LANG(?a) = '{language}' && LANG(?b) = '{language}')")
        assert twice == set()


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
    defined = ask(schema, TERM)
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
        assert ask(store, "?x a skos:ConceptScheme") == {scheme}
        assert ask(store, "?x a skos:Concept") == ask(store, f"?x skos:inScheme {scheme}")
        prefix = next(iter(ask(store, "?s vann:preferredNamespacePrefix ?x")))
        assert ask(store, "?s vann:preferredNamespaceUri ?x") <= {PREFIXES[prefix], f"{prefix}:"}
        assert {concept.partition(":")[0] for concept in ask(store, "?x a skos:Concept")} == {prefix}


def test_values_come_from_schemes_that_exist(schema: Store) -> None:
    assert ask(schema, "?p nev:valuesFrom ?x FILTER NOT EXISTS { ?x a skos:ConceptScheme }") == set()
    assert (
        ask(
            schema,
            "?x rdfs:range skos:Concept FILTER NOT EXISTS { ?x nev:valuesFrom ?s } FILTER NOT EXISTS { ?x a owl:AnnotationProperty } "
            "FILTER(STRSTARTS(STR(?x), STR(nev:)))",
        )
        == set()
    )


def test_classes_and_properties_are_named_as_owl_users_expect(schema: Store) -> None:
    for name in ask(schema, "?x a owl:Class FILTER(STRSTARTS(STR(?x), STR(nev:)))"):
        assert re.fullmatch(r"nev:[A-Z][A-Za-z]+", name)
    for kind in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty"):
        for name in ask(schema, f"?x a owl:{kind} FILTER(STRSTARTS(STR(?x), STR(nev:)))"):
            assert re.fullmatch(r"nev:[a-z][A-Za-z0-9]+", name)
    assert ask(schema, "?x a ?a, ?b FILTER(?a IN (owl:ObjectProperty, owl:DatatypeProperty) && ?b = owl:AnnotationProperty)") == set()


def test_supers_domains_and_ranges_are_declared(schema: Store) -> None:
    assert (
        ask(
            schema,
            "?s rdfs:subClassOf|rdfs:subPropertyOf|rdfs:domain ?x FILTER(isIRI(?x)) FILTER NOT EXISTS { ?x a ?any } "
            "FILTER(!STRSTARTS(STR(?x), 'http://www.w3.org/2002/07/owl#') && !STRSTARTS(STR(?x), STR(rdf:)) && ?x != rdfs:label)",
        )
        == set()
    )
    assert ask(schema, "?s rdfs:range ?x FILTER NOT EXISTS { ?x a ?any } FILTER(!STRSTARTS(STR(?x), STR(xsd:)))") <= {
        "owl:Class",
        "owl:Thing",
        "rdf:PlainLiteral",
        "rdf:Property",
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#Property",
    }


def test_dates_have_no_range_and_chains_no_cardinality(schema: Store) -> None:
    """HermiT refuses dates; and OWL 2 DL allows no such axioms on composed properties."""
    assert ask(schema, "?x rdfs:range xsd:date") == set()
    composed = "?x a ?bad . ?part rdfs:subPropertyOf* ?x { ?part owl:propertyChainAxiom ?chain } UNION { ?part a owl:TransitiveProperty }"
    bad = "owl:FunctionalProperty, owl:InverseFunctionalProperty, owl:AsymmetricProperty, owl:IrreflexiveProperty"
    assert ask(schema, f"{composed} FILTER(?bad IN ({bad}))") == set()


def test_each_module_stands_alone_in_its_file() -> None:
    header = (SHIPPED.ontology / "nevkg.ttl").read_text(encoding="utf-8")
    for path in sorted(SHIPPED.ontology.glob("modules/*.ttl")):
        store = Store()
        store.extend(dataset.parse_file(path))
        assert f"mod:{path.stem}" in header
        assert ask(store, "?t rdfs:isDefinedBy ?x") == {f"mod:{path.stem}"}
        assert ask(store, "?x a owl:Ontology") == {f"mod:{path.stem}"}


def test_the_version_stands_once(schema: Store) -> None:
    versions = ask(schema, "<https://w3id.org/nevkg/ontology> owl:versionInfo ?x")
    assert len(versions) == 1
    version = versions.pop()
    assert f"<https://w3id.org/nevkg/ontology/{version}>" in (SHIPPED.ontology / "nevkg.ttl").read_text(encoding="utf-8")
    root = SHIPPED.ontology.parent
    assert f"version: {version}" in (root / "CITATION.cff").read_text(encoding="utf-8").replace('"', "")
    assert version in (root / "CHANGELOG.md").read_text(encoding="utf-8")


def test_python_knows_none_of_the_domain(schema: Store) -> None:
    """No class, property or concept beyond the kernel stands in the code."""
    kernel = ask(schema, "?x rdfs:isDefinedBy mod:statements")
    allowed = {name.partition(":")[2] for name in kernel}
    names = {name.partition(":")[2] for name in ask(schema, "?x rdfs:isDefinedBy ?m FILTER(STRSTARTS(STR(?x), STR(nev:)))")}
    found = {}
    for path in sorted(Path(terms.__file__).parents[1].rglob("*.py")):
        used = set(re.findall(r"nev:(\w+)", path.read_text(encoding="utf-8")))
        used |= set(re.findall(r"NEV\s*(?:\+\s*\"|}})(\w+)", path.read_text(encoding="utf-8")))
        if (used & names) - allowed:
            found[path.name] = (used & names) - allowed
    assert found == {}
