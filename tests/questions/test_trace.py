"""The evidence of rows of a query over a snapshot, and the binding of days and parameters."""

from __future__ import annotations

import pytest
from pyoxigraph import QuerySolutions
from tests.support.worlds import PREFIXES, World

from nevkg.ask import days
from nevkg.ask.emptiness import explain_query, warn_of_unknown
from nevkg.errors import WrongUsage
from nevkg.lookup import entities
from nevkg.lookup.trace import find_evidence, find_facts
from nevkg.sparql.binding import bind
from nevkg.store import EmbeddedStore, Store

DAY = "2025-01-01"


@pytest.fixture
def snapshot(world: World) -> Store:
    """A maker at a plant in a country, each fact with its own source; and a plan."""
    world.plant("agent:a")
    world.source("place", "2020-05-01")
    world.source("status", "2021-05-01")
    world.fact("plant:p", "locatedIn", "place:XA", "2020-01-01", source="place")
    world.fact("production:a-at-p", "status", "status:operating", "2021-01-01", source="status")
    world.source("home", "2020-05-01")
    world.fact("agent:a", "homeCountry", "place:XB", "2020-01-01", source="home")
    world.figure("capacity", "100", "vehicles-per-year", "2021-03-01", subject="plant:p", modality="modality:planned")
    return days.snapshot(world.build().store, DAY)


def sources(snapshot: Store, query: str) -> list[list[set[str]]]:
    """Returns the names of the sources of each cell of each row."""
    found = snapshot.query(query, PREFIXES)
    assert isinstance(found, QuerySolutions)
    names = [variable.value for variable in found.variables]
    evidence = find_evidence(snapshot, query, names, [[solution] for solution in found])
    return [[{name for iri in cell for name in sources_of(snapshot, iri)} for cell in row] for row in evidence]


def sources_of(snapshot: Store, iri: str) -> set[str]:
    query = f"""SELECT ?source {{ {{ GRAPH ?g {{ <{iri}> <{PREFIXES["prov"]}wasDerivedFrom> ?statement }} }}
        UNION {{ BIND(<{iri}> AS ?statement) }} GRAPH ?h {{ ?statement <{PREFIXES["nev"]}source> ?source }} }}"""
    return {str(row["source"].value).rpartition("/")[2] for row in entities.select(snapshot, query)}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT ?s { production:a-at-p nev:status ?s }", [[{"status"}]]),
        ("SELECT ?c { plant:p nev:inCountry ?c }", [[{"place", "s"}]]),
        ("SELECT ?m { ?m nev:manufacturesIn place:XA }", [[{"place", "s", "status"}]]),
        ("SELECT ?s ?c { ?x nev:status ?s ; nev:inCountry ?c ; a nev:Production }", [[{"status"}, {"place", "s"}]]),
        ("SELECT ?c { production:a-at-p nev:atPlant/nev:inCountry ?c }", [[{"place", "s"}]]),
        ("SELECT ?x { place:XA ^nev:locatedIn ?x }", [[{"place", "s"}]]),
        ("SELECT (COUNT(?s) AS ?n) { ?x nev:status ?s . ?x a nev:Production }", [[{"status"}]]),
        ("SELECT ?x { { SELECT ?x { ?x nev:status status:operating ; a nev:Production } LIMIT 1 } }", [[{"status"}]]),
        ("SELECT ?since { ?x nev:fact ?f ; a nev:Production . ?f nev:property nev:status ; nev:since ?since }", [[{"status"}]]),
        ("SELECT (STR(?s) AS ?text) { production:a-at-p nev:status ?s }", [[{"status"}]]),
        ("SELECT ?l { place:XA rdfs:label ?l }", [[set()]]),
        # rdflib keeps one prefix for each namespace.
        ("PREFIX n: <https://w3id.org/nevkg/ontology#> SELECT ?s { production:a-at-p n:status ?s . ?x nev:status ?s }", [[{"status"}]]),
        ("PREFIX a: <x:> PREFIX b: <x:> SELECT ?s { production:a-at-p nev:status ?s }", [[{"status"}]]),
        ("PREFIX nev: <x:> PREFIX nev: <https://w3id.org/nevkg/ontology#> SELECT ?s { production:a-at-p nev:status ?s }", [[{"status"}]]),
        # The evidence is that of the maker in this row, not of its home country.
        ("SELECT ?m { ?x a nev:Production ; nev:maker ?m ; nev:status ?s . ?m nev:homeCountry ?h }", [[{"status"}]]),
        ("SELECT (EXISTS { ?x nev:atPlant ?p } AS ?is) { ?x nev:status status:operating ; a nev:Production }", [[{"status"}]]),
    ],
)
def test_rows_have_the_sources_of_the_matched_facts(snapshot: Store, query: str, expected: list[list[set[str]]]) -> None:
    assert sources(snapshot, query)[: len(expected)] == expected


def test_rows_of_all_variables_have_evidence_of_their_own(snapshot: Store) -> None:
    query = "SELECT * { ?x nev:fact ?f . ?f nev:property ?p VALUES ?p { nev:status nev:locatedIn } } ORDER BY ?p ?x"
    assert {"status"} in [row[0] for row in sources(snapshot, query)]
    assert all("status" not in row[0] or row[0] == {"status"} for row in sources(snapshot, query))


def test_a_plan_has_the_sources_of_its_reports(snapshot: Store) -> None:
    ((cell,),) = sources(snapshot, "SELECT ?low { plant:p nev:plan ?plan . ?plan nev:low ?low }")
    assert cell


def test_queries_that_rdflib_cannot_parse_have_no_evidence(snapshot: Store) -> None:
    query = "SELECT ?o { BIND(<<( <x:a> <x:b> <x:c> )>> AS ?t) place:XA rdfs:label ?o }"
    assert all(cell == () for row in find_evidence(snapshot, query, ["o"], []) for cell in row)


@pytest.mark.parametrize("error", [Exception("bare"), MemoryError(), RecursionError(), KeyError("x"), WrongUsage("too deep")], ids=repr)
def test_an_answer_survives_any_error_of_its_analysis(snapshot: Store, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("nevkg.lookup.trace.build_tracing", fail)
    monkeypatch.setattr("nevkg.ask.emptiness.explain.find_unknown_in", fail)
    monkeypatch.setattr("nevkg.ask.emptiness.explain.split_modifiers", fail)
    found = snapshot.query(query := "SELECT ?s { production:a-at-p nev:status ?s }", PREFIXES)
    assert isinstance(found, QuerySolutions)
    trace = find_facts(snapshot, query, ["s"], [[solution] for solution in found])
    assert (trace.facts, trace.gaps) == ([((),)], ("syntax",))
    assert warn_of_unknown(snapshot, query, "en", snapshot) == ""
    assert "An empty answer" in explain_query(snapshot, query, "en").text


def test_a_damaged_store_is_no_failed_analysis(snapshot: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("Corruption: block checksum mismatch")

    monkeypatch.setattr("nevkg.lookup.trace.build_tracing", fail)
    with pytest.raises(OSError, match="Corruption"):
        find_facts(snapshot, "SELECT ?s { ?s ?p ?o }", ["s"], [])


SNAPSHOT = "<https://w3id.org/nevkg/snapshot/2024-02-29>"


def test_from_names_the_day(sample: EmbeddedStore) -> None:
    query = f"SELECT ?s\n# FROM {SNAPSHOT}\nFROM {SNAPSHOT} {{ ?s nev:asOf ?day FILTER(?day = '2024-02-29'^^xsd:date && 'FROM' != ?s) }}"
    dataset, text, graphs = days.find_dataset(sample, query)
    assert (len(text), graphs) == (len(query), ())
    found = dataset.query(text, PREFIXES)
    assert isinstance(found, QuerySolutions)
    assert len(list(found)) == 1
    assert days.find_dataset(sample, "ASK {}", [SNAPSHOT[1:-1]])[0] is dataset
    assert days.find_dataset(sample, "ASK {}", as_of="2024-02-29")[0] is dataset
    assert days.find_dataset(sample, "ASK FROM <x:g> {}") == (sample, "ASK FROM <x:g> {}", ())


@pytest.mark.parametrize(
    ("query", "as_of", "problem"),
    [
        ("ASK FROM <https://w3id.org/nevkg/snapshot/2024-02-30> {}", None, "'2024-02-30' is not a day"),
        (f"ASK FROM {SNAPSHOT} FROM <x:g> {{}}", None, "name no other graph"),
        (f"ASK FROM {SNAPSHOT} FROM NAMED <x:g> {{}}", None, "name no other graph"),
        (f"ASK FROM {SNAPSHOT} {{}}", "2024-02-29", "give one day, once"),
        ("ASK FROM <x:g> {}", "2024-02-29", "name no other graph"),
        ("ASK {}", "2025-13-40", "'2025-13-40' is not a day"),
    ],
)
def test_contradictory_days_are_refused(sample: EmbeddedStore, query: str, as_of: str | None, problem: str) -> None:
    with pytest.raises(WrongUsage, match=problem):
        days.find_dataset(sample, query, as_of=as_of)


@pytest.mark.parametrize(
    ("text", "values", "bound"),
    [
        ("SELECT ?a {\n  ?a ?b ?c\n}", {"a": ["<x:1>", "<x:1>"]}, "SELECT ?a {\n  VALUES ?a { <x:1> }\n  ?a ?b ?c\n}"),
        ("SELECT ?a {\n  VALUES ?a { <x:0> }\n}", {"a": ["<x:1>"]}, "SELECT ?a {\n  VALUES ?a { <x:1> }\n}"),
        ("SELECT ?a {\n  VALUES ?a { <x:0> }\n}", {"a": []}, "SELECT ?a {\n  VALUES ?a { UNDEF }\n}"),
        ("{\n  #? b ?a <x:p> ?b .\n}", {"b": ["1"]}, "{\n   VALUES ?b { 1 } ?a <x:p> ?b .\n}"),
        ("{\n  #? b FILTER EXISTS { ?a <x:p> ?b }\n}", {"b": ["1"]}, "{\n  FILTER EXISTS { VALUES ?b { 1 }  ?a <x:p> ?b }\n}"),
        ("{\n  #? b ?a <x:p> ?b .\n}", {"b": []}, "{\n  #? b ?a <x:p> ?b .\n}"),
    ],
)
def test_values_are_bound_at_the_parameter(text: str, values: dict[str, list[str]], bound: str) -> None:
    assert bind(text, values) == bound
