"""The quality of the model: domains and ranges, inverses, property characteristics, disjointness, examples; and agreement of the data."""

from __future__ import annotations

from itertools import combinations

import pytest
from pyoxigraph import NamedNode, QuerySolutions, Store
from tests.support.worlds import PREFIXES, SHIPPED

from nevkg.data import dataset, terms
from nevkg.store import EmbeddedStore

OWN = "FILTER(STRSTARTS(STR(?x), STR(nev:)))"
PROPERTY = "?x a ?kind FILTER(?kind IN (owl:ObjectProperty, owl:DatatypeProperty))"


@pytest.fixture(scope="module")
def schema() -> Store:
    store = Store()
    for path in dataset.schema_files(SHIPPED)["ontology"]:
        store.extend(dataset.parse_file(path))
    return store


def rows(store: Store, query: str) -> list[tuple[str, ...]]:
    found = store.query(query, prefixes=PREFIXES, use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    return [tuple(terms.shorten(terms.text(term), PREFIXES) for term in row if term is not None) for row in found]


def names(store: Store, where: str) -> set[str]:
    return {row[0] for row in rows(store, f"SELECT DISTINCT ?x WHERE {{ {where} }}")}


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


def test_a_property_has_one_domain_and_one_range(schema: Store) -> None:
    """Two domains would mean that both hold; for alternatives use a union."""
    for name in ("rdfs:domain", "rdfs:range"):
        assert names(schema, f"?x {name} ?one, ?two FILTER(?one != ?two) {OWN}") == set()


def test_inverses_swap_domain_and_range(schema: Store) -> None:
    inverses = rows(schema, "SELECT ?x ?y WHERE { ?x owl:inverseOf ?y }")
    assert len(inverses) > 20
    ends = "SELECT ?x ?domain ?range WHERE { ?x a owl:ObjectProperty ; rdfs:domain ?domain ; rdfs:range ?range }"
    between = {name: (domain, range_) for name, domain, range_ in rows(schema, ends)}
    assert [(one, other) for one, other in inverses if between[one] != between[other][::-1]] == []
    assert len({one for one, _ in inverses} | {other for _, other in inverses}) == 2 * len(inverses)


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
