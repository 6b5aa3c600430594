"""The evidence of rows of a query over a snapshot, and the binding of days and parameters."""

from __future__ import annotations

import gc
import io
from collections.abc import Callable
from types import FrameType
from zipfile import ZipFile

import openpyxl
import pytest
from pyoxigraph import QuerySolutions
from tests.support.worlds import PREFIXES, World

from nevkg.ask import days
from nevkg.ask.answer import ask
from nevkg.ask.catalogue import load_catalogue
from nevkg.ask.emptiness import explain_query, warn_of_unknown
from nevkg.ask.solutions import select
from nevkg.errors import WrongUsage
from nevkg.lookup import entities
from nevkg.lookup.trace import Trace, trace_rows
from nevkg.serve.api.question_jobs import find_answer
from nevkg.sparql.binding import bind
from nevkg.sparql.patterns import build_tracing
from nevkg.store import EmbeddedStore, Store
from nevkg.table.formats import FORMATS

DAY = "2025-01-01"


@pytest.fixture
def snapshot(world: World) -> Store:
    """A maker at a plant in a country, each fact with its own source; and a plan."""
    world.plant("agent:a")
    world.source("place", "2020-05-01")
    world.source("status", "2024-05-01")
    world.fact("plant:p", "locatedIn", "place:XA", "2020-01-01", source="place")
    world.fact("production:a-at-p", "status", "status:operating", "2024-01-01", source="status")
    world.source("home", "2020-05-01")
    world.fact("agent:a", "homeCountry", "place:XB", "2020-01-01", source="home")
    world.figure("capacity", "100", "vehicles-per-year", "2021-03-01", subject="plant:p", modality="modality:planned")
    return days.snapshot(world.build().store, DAY)


def sources(snapshot: Store, query: str) -> list[list[set[str]]]:
    """Returns the names of the sources of each cell of each row."""
    found = snapshot.query(query, PREFIXES)
    assert isinstance(found, QuerySolutions)
    names = [variable.value for variable in found.variables]
    evidence = trace_rows(snapshot, query, names, [[solution] for solution in found]).roots
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


PLANTS = [(f"plant:n{number}", f"place:{'XA' if number % 3 else 'XB'}", number) for number in range(6)]
COUNTRIES = ("place:XA", "place:XB")


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Six plants in two countries, each with a capacity and a location from a source of its own; the first has the capacity 0."""
    world = World(tmp_path_factory.mktemp("plants"))
    for plant, country, number in PLANTS:
        world.registry += f"{plant} a nev:Plant .\n"
        world.source(f"l{number}", "2020-05-01")
        world.source(f"c{number}", "2020-05-01")
        world.fact(plant, "locatedIn", country, "2020-01-01", source=f"l{number}")
        world.figure("capacity", str(number * 100), "vehicles-per-year", "2020-03-01", subject=plant, source=f"c{number}")
    return world.build().store


@pytest.fixture
def plants(record: Store) -> Store:
    return days.snapshot(record, DAY)


OF_PLANT = "?p a nev:Plant ; nev:inCountry ?c ; nev:fact ?f . ?f nev:metric metric:capacity ; nev:low ?low"


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        # A number but 0 is added, and what has a value is counted, with all facts of its solution.
        (f"SELECT ?c (SUM(?low) AS ?n) {{ {OF_PLANT} }} GROUP BY ?c", "lc"),
        (f"SELECT ?c ?n {{ {{ SELECT ?c (SUM(?low) AS ?n) {{ {OF_PLANT} }} GROUP BY ?c }} }}", "lc"),
        (f"SELECT ?c (?m * 2 AS ?n) {{ {{ SELECT ?c (SUM(?low) AS ?m) {{ {OF_PLANT} }} GROUP BY ?c }} }}", "lc"),
        (f"SELECT ?c ?n {{ {{ SELECT ?c (SUM(?low) AS ?m) {{ {OF_PLANT} }} GROUP BY ?c }} BIND(IF(?m > 0, ?m, ?no) AS ?n) }}", "lc"),
        (f"SELECT ?c (SUM(?m) AS ?n) {{ {{ SELECT ?c ?p (MAX(?low) AS ?m) {{ {OF_PLANT} }} GROUP BY ?c ?p }} }} GROUP BY ?c", "lc"),
        ("SELECT ?c (COUNT(DISTINCT ?p) AS ?n) { ?p a nev:Plant ; nev:inCountry ?c } GROUP BY ?c HAVING(COUNT(?p) > 1)", "l"),
        ("SELECT ?c (GROUP_CONCAT(STR(?p); SEPARATOR=' ') AS ?n) { ?p a nev:Plant ; nev:inCountry ?c } GROUP BY ?c", "l"),
    ],
)
def test_groups_have_the_sources_of_their_solutions(plants: Store, query: str, kinds: str) -> None:
    rows = [cells[-1] for cells in sources(plants, f"{query} ORDER BY ?c")]
    added = [number for _, _, number in PLANTS if number or kinds == "l"]
    assert rows == [{f"{kind}{number}" for kind in kinds for number in added if PLANTS[number][1] == country} for country in COUNTRIES]


def test_a_variable_of_a_sub_select_is_another_one(plants: Store) -> None:
    """In the sub-select ?p is each plant of the country, and outside of it the plant of the row."""
    query = (
        "SELECT ?p ?n { ?p a nev:Plant ; nev:inCountry ?c { SELECT ?c (COUNT(?p) AS ?n) { ?p nev:inCountry ?c } GROUP BY ?c } } ORDER BY ?p"
    )
    for number, (plant, count) in enumerate(sources(plants, query)):
        assert {name for name in plant if name.startswith("l")} == {f"l{number}"}
        assert len(count) > 1


def test_a_sum_has_its_addends(plants: Store) -> None:
    query = f"SELECT ?c (SUM(?low) AS ?n) (SUM(IF(?low > 100, 1, 0)) AS ?many) {{ {OF_PLANT} }} GROUP BY ?c ORDER BY ?c"
    trace = trace_query(plants, query, "c", "n", "many")
    assert [[addend.value for addend in row["n"].addends] for row in trace.aggregates] == [["500", "400", "200", "100"], ["300"]]
    assert all(sources_of(plants, fact) == {f"c{addend.value[0]}"} for row in trace.addends for addend in row["n"] for fact in addend.facts)
    assert [(row["many"].solutions, row["many"].addends) for row in trace.aggregates] == [(3, []), (1, [])]


def test_citations_and_downloads_have_the_addends(record: Store) -> None:
    table = select(record, f"SELECT ?c (SUM(?low) AS ?n) {{ {OF_PLANT} }} GROUP BY ?c ORDER BY ?c", DAY, "en")
    numbers = {source.iri[-2:]: number for number, source in enumerate(table.sources, start=1)}
    assert table.cite().splitlines()[-2:] == [
        "Sums:",
        f"Row 1, n: 500 [{numbers['c5']}] + 400 [{numbers['c4']}] + 200 [{numbers['c2']}] + 100 [{numbers['c1']}]",
    ]
    sheet = openpyxl.load_workbook(io.BytesIO(FORMATS["xlsx"](table)))["addends"]
    lines = [(row, column, number, str(source)) for row, column, number, *_, source in sheet.iter_rows(min_row=2, values_only=True)]
    assert lines == [
        (row, "n", number, str(numbers[source]))
        for row, number, source in ((1, 500, "c5"), (1, 400, "c4"), (1, 200, "c2"), (1, 100, "c1"), (2, 300, "c3"))
    ]
    archive = ZipFile(io.BytesIO(FORMATS["zip"](table)))
    assert [line.split(",")[2] for line in archive.read("addends.csv").decode().splitlines()] == [
        "number",
        "500",
        "400",
        "200",
        "100",
        "300",
    ]


@pytest.mark.parametrize("query", ["SELECT (COUNT(?p) AS ?n) { %s }", "SELECT ?n { { SELECT (COUNT(?p) AS ?n) { %s } } }"])
def test_at_most_so_many_solutions_are_traced(record: Store, plants: Store, monkeypatch: pytest.MonkeyPatch, query: str) -> None:
    monkeypatch.setattr("nevkg.lookup.trace.MOST", 4)
    trace = trace_query(plants, query % OF_PLANT, "n")
    assert trace.extents == [(4, 6)]
    table = select(record, query % OF_PLANT, DAY, "en")
    assert "Only the first 4 solutions are traced of 1 row." in table.cite()
    assert table.explain(0).gaps == ["all but the first 4 of 6 solutions"]
    assert len({source for fact in trace.roots[0][0] for source in sources_of(plants, fact)}) == 8


def trace_query(snapshot: Store, query: str, *names: str) -> Trace:
    found = snapshot.query(query, PREFIXES)
    assert isinstance(found, QuerySolutions)
    return trace_rows(snapshot, query, names, [[solution] for solution in found])


@pytest.mark.parametrize("question", ["local-manufacturers", "countries-by-makers"], ids=["facts", "counts"])
def test_rows_of_a_page_have_the_same_evidence_once_the_whole_answer_is_traced(
    sample: EmbeddedStore, monkeypatch: pytest.MonkeyPatch, question: str
) -> None:
    whole = ask(sample, load_catalogue(sample.layout)[question])
    alone = whole.page(1, 2)
    expected = alone.rests, alone.addends, alone.evidence, alone.cite()
    assert any(any(row) for row in alone.rests)
    assert len(whole.rests) > len(alone)
    monkeypatch.setattr(whole, "_trace", lambda rows: pytest.fail(f"{rows} are traced again"))
    part = whole.page(1, 2)
    assert (part.rests, part.addends, part.evidence, part.cite()) == expected


@pytest.mark.parametrize("country", ["place:TH", "place:AQ"], ids=["some rows", "none"])
def test_the_last_answers_are_found_again_by_the_values_of_their_parameters(sample: EmbeddedStore, country: str) -> None:
    question = load_catalogue(sample.layout)["local-manufacturers"]
    found = find_answer(sample, question, {"country": [country], "standing": ["*"]}, None, "en")
    assert bool(len(found)) == (country == "place:TH")
    assert find_answer(sample, question, {"country": [country.partition(":")[2]], "standing": ["*"]}, None, "en") is found
    assert find_answer(sample, question, {"country": [country], "standing": ["*"]}, None, "zh") is not found
    assert find_answer(sample, question, {"country": [country], "standing": ["*"]}, "2020-01-01", "en") is not found


def test_rows_of_all_variables_have_evidence_of_their_own(snapshot: Store) -> None:
    query = "SELECT * { ?x nev:fact ?f . ?f nev:property ?p VALUES ?p { nev:status nev:locatedIn } } ORDER BY ?p ?x"
    assert {"status"} in [row[0] for row in sources(snapshot, query)]
    assert all("status" not in row[0] or row[0] == {"status"} for row in sources(snapshot, query))


def test_a_plan_has_the_sources_of_its_reports(snapshot: Store) -> None:
    ((cell,),) = sources(snapshot, "SELECT ?low { plant:p nev:plan ?plan . ?plan nev:low ?low }")
    assert cell


def test_queries_that_rdflib_cannot_parse_have_no_evidence(snapshot: Store) -> None:
    query = "SELECT ?o { BIND(<<( <x:a> <x:b> <x:c> )>> AS ?t) place:XA rdfs:label ?o }"
    assert all(cell == () for row in trace_rows(snapshot, query, ["o"], []).roots for cell in row)


@pytest.mark.parametrize("error", [Exception, MemoryError, RecursionError, KeyError, WrongUsage])
def test_an_answer_survives_any_error_of_its_analysis(snapshot: Store, monkeypatch: pytest.MonkeyPatch, error: type[Exception]) -> None:
    def fail(*_: object) -> None:
        raise error("unforeseen")

    monkeypatch.setattr("nevkg.lookup.trace.build_tracing", fail)
    monkeypatch.setattr("nevkg.ask.emptiness.explain.find_unknown_in", fail)
    monkeypatch.setattr("nevkg.ask.emptiness.explain.split_modifiers", fail)
    query = "SELECT ?s { <https://w3id.org/nevkg/production/a-at-p> <https://w3id.org/nevkg/ontology#status> ?s }"
    # Results of the engine that the frames of these errors refer to would be released in any thread.
    trace = trace_rows(snapshot, query, ["s"], [[solution] for solution in list(entities.select(snapshot, query))])
    assert (trace.facts, trace.gaps) == ([((),)], ("syntax",))
    assert warn_of_unknown(snapshot, query, "en", snapshot) == ""
    assert "An empty answer" in explain_query(snapshot, query, "en").text


def test_a_damaged_store_is_no_failed_analysis(snapshot: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("Corruption: block checksum mismatch")

    monkeypatch.setattr("nevkg.lookup.trace.build_tracing", fail)
    with pytest.raises(OSError, match="Corruption"):
        trace_rows(snapshot, "SELECT ?s { ?s ?p ?o }", ["s"], [])


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


def test_each_of_several_parameters_restricts_the_whole_query() -> None:
    bound = bind("SELECT * { ?a ?b ?c }", {"a": ["<x:a>", "<x:a>"], "b": [], "c": ["<x:c>"]})
    assert " ".join(bound.split()) == "SELECT * { VALUES ?a { <x:a> } VALUES ?c { <x:c> } ?a ?b ?c }"


def test_results_are_released_without_garbage_collection(snapshot: Store) -> None:
    """They may only be released in the thread that made them, and the garbage may be collected in another one."""

    def explain() -> None:
        build_tracing.cache_clear()
        text = "PREFIX nev: <https://w3id.org/nevkg/ontology#> SELECT ?plant { ?plant a nev:Plant }"
        found = list(entities.select(snapshot, text))
        assert trace_rows(snapshot, text, ["plant"], [[solution] for solution in found])

    def query() -> None:
        """Makes the engine refuse the first spelling."""
        text = "PREFIX service: <urn:x:> SELECT ?plant { ?plant a service:y }"
        found = entities.select(snapshot, text)
        assert found.variables

    assert [what for work in (explain, query) for what in find_results_in_garbage(work)] == []


def find_results_in_garbage(work: Callable[[], None]) -> list[str]:
    """Returns the functions whose variables still refer to results of the engine after some work, although they have ended."""
    gc.collect()
    gc.disable()
    try:
        work()
        frames = [known for known in gc.get_objects() if isinstance(known, FrameType)]
        return [frame.f_code.co_name for frame in frames if any(isinstance(value, QuerySolutions) for value in frame.f_locals.values())]
    finally:
        gc.enable()
