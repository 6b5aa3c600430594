"""HermiT: consistency, agreement of rules and OWL, and explanations of contradictions."""

from __future__ import annotations

import pytest
from pyoxigraph import RdfFormat, parse
from tests.conftest import Nevkg
from tests.support.marks import slow_every
from tests.support.worlds import PREFIXES, TURTLE_PREFIXES, World

from nevkg.data import terms
from nevkg.store import EmbeddedStore
from nevkg.validate import owl


@pytest.fixture
def small(world: World) -> EmbeddedStore:
    """A plant of each of two makers, in a country and a bloc."""
    for maker in ("a", "b"):
        world.fact(f"agent:{maker}", "kind", "orgkind:automaker")
        world.fact(f"agent:{maker}", "homeCountry", "place:XB")
    world.plant("agent:a", "plant:p", "place:XA-1")
    world.plant("agent:b", "plant:q", "place:XA")
    world.fact("agent:c", "assemblesIn", "place:XB", "2025-01-01")
    world.statement("s", "Attribution", "1990-01-01", subject="place:XA", property="nev:memberOf", value="place:u")
    world.fact("plant:p", "status", "status:operating", "2025-01-01")
    world.fact("plant:p", "hasWorkshopOfKind", "workshopkind:welding", "2024-01-01")
    return world.build(current=True).store


# HermiT needs minutes for the shipped data.
@pytest.mark.slow
@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.nightly)], ids=["a small world", "the shipped data"])
def test_the_data_is_consistent_and_rules_and_owl_agree(nevkg: Nevkg, small: EmbeddedStore, whole: bool) -> None:
    result = nevkg("reason", *(() if whole else ("--data", str(small.layout.data))))
    assert result.code == 0
    assert "Consistent:" in result.out
    assert "Classes that can have no member: none." in result.out
    rows = [line.split() for line in result.out.splitlines() if line.startswith("nev:")]
    counts = {row[0]: row[1:] for row in rows}
    assert {"nev:manufacturesAt", "nev:manufacturesIn", "nev:hasWorkshopOfKind", "nev:LocalManufacturer", "nev:Automaker"} <= set(counts)
    assert all(by_owl == by_rules for by_owl, by_rules in counts.values())
    assert "0" not in counts["nev:LocalManufacturer"] + counts["nev:manufacturesIn"] + counts["nev:manufacturesAt"]


def test_rules_and_owl_agree_on_regions_blocs_and_unknown_plants(small: EmbeddedStore) -> None:
    found = {terms.shorten(comparison.name, PREFIXES): comparison for comparison in owl.compare(small)}
    assert found["nev:manufacturesIn"].by_owl == 4  # A: region, country, bloc; C: the country of its unknown plant
    assert [(comparison.only_owl, comparison.only_rules) for comparison in found.values()] == [([], [])] * len(found)


def test_a_pair_that_the_rules_miss_is_reported(small: EmbeddedStore) -> None:
    pattern = [quad for quad in small.store.quads_for_pattern(None, None, None) if quad.predicate.value == terms.NEV + "manufacturesAt"]
    small.store.remove(pattern[0])
    found = {terms.shorten(comparison.name, PREFIXES): comparison for comparison in owl.compare(small)}
    assert [tuple(terms.shorten(name, PREFIXES) for name in pair) for pair in found["nev:manufacturesAt"].only_owl] == [
        ("agent:a", "plant:p")
    ]


@pytest.mark.slow  # each starts HermiT a dozen times
@pytest.mark.parametrize(
    ("planted", "expected"),
    slow_every(
        3,
        [
            # An entity of two disjoint classes, by the range of a property.
            ("plant:q nev:maker plant:p .", {("plant:q", "nev:maker", "plant:p")}),
            # A statement that is an event.
            ("statement:x a nev:Claim, nev:Event .", {("statement:x", "rdf:type", "nev:Claim"), ("statement:x", "rdf:type", "nev:Event")}),
            # A literal of the wrong type.
            ('plant:p nev:capacity "many" .', {("plant:p", "nev:capacity", "many")}),
        ],
    ),
)
def test_planted_contradictions_are_found_and_explained(small: EmbeddedStore, planted: str, expected: set[tuple[str, str, str]]) -> None:
    text = f"{TURTLE_PREFIXES}graph:current {{ {planted} }}"
    small.store.extend(parse(text, RdfFormat.TRIG))
    axioms, facts = owl.select_triples(small)
    with pytest.raises(owl.InconsistentError):
        owl.run_hermit([*axioms, *facts])
    # Without the vocabularies, which are not involved, the search is short.
    candidates = [fact for fact in facts if any(name in terms.text(fact.subject) for name in ("/plant/", "/agent/", "/statement/"))]
    conflict, is_least = owl.find_conflict(axioms, candidates, seconds=1000)
    assert is_least
    short = {tuple(terms.shorten(terms.text(term), PREFIXES) for term in (fact.subject, fact.predicate, fact.object)) for fact in conflict}
    short = {tuple(part.replace("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdf:") for part in fact) for fact in short}
    assert expected <= short
    assert len(short) <= 3


def test_after_the_time_limit_the_smallest_set_so_far_is_returned(small: EmbeddedStore) -> None:
    small.store.extend(parse(f"{TURTLE_PREFIXES}graph:current {{ statement:x a nev:Claim, nev:Event . }}", RdfFormat.TRIG))
    axioms, facts = owl.select_triples(small)
    conflict, is_least = owl.find_conflict(axioms, facts, seconds=0)
    assert not is_least
    assert len(conflict) == len(facts)


def test_the_empty_ontology_is_in_both_profiles() -> None:
    assert owl.find_profile_violations([]) == {"EL": [], "RL": []}
