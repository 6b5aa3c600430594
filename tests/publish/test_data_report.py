"""The data report and the description of the dataset are correct, up to date, and reproducible."""

from __future__ import annotations

import csv
import re
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions, RdfFormat, Store, parse
from tests.conftest import Result
from tests.support.marks import quick_every
from tests.support.worlds import CURRENT, PREFIXES, World

from nevkg.data import dataset, terms
from nevkg.data.rdf import serialise
from nevkg.errors import InvalidData
from nevkg.publish.exports import describe_dataset
from nevkg.publish.report import KNOWN, write_report
from nevkg.publish.samples import read_samples
from nevkg.store import EmbeddedStore
from nevkg.validate.findings import Finding, Places, Severity
from nevkg.validate.run import Report

ROOT = CURRENT.ontology.parent
COMMITTED = ROOT / "docs" / "data-report.md"
DESCRIPTION = CURRENT.data / "description.ttl"
DATASET = terms.BASE + "dataset"
VOID = PREFIXES["void"]
DCAT = PREFIXES["dcat"]
OUT_OF_DATE = "is out of date; make it again with 'make docs' and commit it."


def parse_sections(text: str) -> dict[str, str]:
    """Returns the text of each section by title."""
    parts = re.split(r"^## (.*)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def parse_tables(text: str) -> dict[str, list[list[str]]]:
    """Returns the rows of each table by title, the headings first. Bars in cells remain escaped."""
    by_title = {}
    for part in re.split(r"^### ", text, flags=re.MULTILINE)[1:]:
        lines = [line.strip("| ") for line in part.splitlines() if line.startswith("|")]
        by_title[part.partition("\n")[0]] = [re.split(r" *(?<!\\)\| *", line) for line in lines if not line.startswith("---")]
    return by_title


def parse_number(cell: str) -> int:
    return int(cell.replace(",", ""))


@pytest.fixture(scope="module")
def report(current: EmbeddedStore) -> str:
    """The report without the findings of the validation, which takes long."""
    return write_report(current, None)


@pytest.fixture(scope="module")
def accounts() -> list[dict[str, str]]:
    rows = []
    for path in sorted(CURRENT.data.glob("imports/*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows += list(csv.DictReader(file))
    return rows


@pytest.fixture(scope="module")
def files() -> Store:
    """The quads of the data files, without what rules derive."""
    store = Store()
    for path in (*CURRENT.data.glob("*.ttl"), *CURRENT.data.glob("registry/*.ttl"), *dataset.source_files(CURRENT)):
        store.bulk_extend(dataset.parse_file(path))
    return store


def select(store: Store, query: str) -> list[tuple[str, ...]]:
    """Returns the rows of a query over all graphs, as texts."""
    solutions = store.query(query, prefixes=PREFIXES, use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    return [tuple(terms.text(term) for term in row) for row in solutions]


def test_the_committed_report_is_up_to_date_but_for_findings(report: str) -> None:
    now, then = parse_sections(report), parse_sections(COMMITTED.read_text(encoding="utf-8"))
    then.pop(KNOWN, None)
    stale = [title for title in {**now, **then} if now.get(title) != then.get(title)]
    assert not stale, f"'{stale[0]}' of docs/data-report.md {OUT_OF_DATE}"


@pytest.mark.slow
def test_the_committed_report_is_up_to_date(nevkg: Callable[..., Result]) -> None:
    assert nevkg("docs", "data", str(COMMITTED), "--check", "--data", str(CURRENT.data)).err == ""


def test_the_report_begins_with_precision_and_ends_with_rows(report: str) -> None:
    sections = list(parse_sections(report))
    assert sections[:3] == ["Precision", "Evidence", "Coverage"]
    assert sections[-3:] == ["Imported rows", "Statements and sources from rows", "Rows left out"]
    samples = read_samples(CURRENT.data)
    latest = samples[0]
    assert f"{latest.right / latest.checked:.0%} of the {latest.checked} statements" in report
    (rows,) = parse_tables(parse_sections(report)["Precision"]).values()
    assert [row[0] for row in rows[1:]] == [sample.day for sample in samples]


def test_statements_are_counted_by_what_supports_them(world: World) -> None:
    world.source("dateless", None)
    world.fact("plant:p", "status", "status:operating", "2025-06-01", checked='"2025-12-01"^^xsd:date')
    world.fact("plant:p", "status", "status:closed")
    world.fact("plant:p", "status", "status:suspended", source="dateless")
    wrong = world.fact("plant:p", "status", "status:sold", "2025-06-01")
    world.statement("s", "Retraction", retracts=wrong)
    evidence = parse_tables(parse_sections(write_report(world.build().store, None))["Evidence"])
    assert evidence["Passages, checks and dates, by class of statement"][1:] == [
        ["attribution", "3", "0", "0%", "1", "33.3%", "1", "33.3%"]
    ]
    status = evidence["Age of the last confirmation of what holds now, by property"][1]
    assert status[0] == "status"
    assert sum(map(parse_number, status[2:])) == parse_number(status[1]) > 0


def test_row_counts_add_up(report: str, accounts: list[dict[str, str]]) -> None:
    outcomes = Counter(entry["outcome"] for entry in accounts)
    came_in = parse_tables(parse_sections(report)["Imported rows"])
    assert len(came_in) == 3
    for rows in came_in.values():
        *listed, total = [[parse_number(cell) for cell in row[1:]] for row in rows[1:]]
        assert [sum(column) for column in zip(*listed, strict=True)] == total
        assert all(row[0] == sum(row[1:]) for row in [*listed, total])
        assert total == [len(accounts), *(outcomes[name] for name in ("statements", "thing", "duplicate", "left out"))]
    left_out = parse_tables(parse_sections(report)["Rows left out"])["Every row that was left out"][1:]
    assert sorted(cells[0].strip("`").replace("\\|", "|") for cells in left_out) == sorted(
        entry["row"] for entry in accounts if entry["outcome"] == "left out"
    )
    assert all(reason for _, reason in left_out)


def test_outcomes_match_the_data(report: str, accounts: list[dict[str, str]], files: Store) -> None:
    named_in = f"FILTER(STRSTARTS(STR(?x), '{terms.STATEMENT}') || STRSTARTS(STR(?x), '{terms.SOURCE}'))"
    kinds = {terms.shorten(x, PREFIXES): kind for x, kind in select(files, f"SELECT DISTINCT ?x ?kind {{ ?x a ?kind {named_in} }}")}
    named = [name for entry in accounts for name in entry["statements"].split()]
    out = parse_tables(parse_sections(report)["Statements and sources from rows"])
    *classes, total = out["Statements and sources, by class"][1:]
    assert [parse_number(cell) for cell in total[1:]] == [
        len(named),
        len(set(named)),
        len(named) - len(set(named)),
        len(kinds.keys() - set(named)),
        len(kinds),
    ]
    assert set(named) <= kinds.keys()
    assert sorted(parse_number(row[-1]) for row in classes) == sorted(Counter(kinds.values()).values())
    assert out["Statements and sources, by table"][-1][1:] == total[1:4]


def test_totals_match_the_store(report: str, current: EmbeddedStore) -> None:
    def count(pattern: str) -> int:
        return int(select(current.store, f"SELECT (COUNT(DISTINCT ?x) AS ?n) {{ {pattern} }}")[0][0])

    parts = {title: parse_tables(text) for title, text in parse_sections(report).items()}
    sources, statements = count("?x a nev:Source"), count("?x nev:source ?y")
    for title in ("By kind", "By language", "By year of publication"):
        assert parse_number(parts["Sources"][title][-1][1]) == sources
    assert parse_number(parts["Sources"]["By kind"][-1][2]) == statements
    assert parse_number(parts["Coverage"]["In time"][-1][1]) == statements
    for title in ("Modality", "Scope"):
        assert parse_number(parts["How statements are meant"][title][-1][1]) == statements
    places = parts["Coverage"]["By country or bloc"][1:]
    assert sum(parse_number(row[1]) for row in places) == count("?x a nev:Plant ; nev:inCountry ?y")
    assert len(places) <= 31
    merges = parts["Merges and distinctions"]
    assert parse_number(merges["Merges, by class of what stands in the place of another"][-1][1]) == count("?x a nev:Merge")
    assert parse_number(merges["Distinctions, by class of what is kept apart"][-1][1]) == count("?x a nev:Distinction")
    for row in parts["Completeness"]["Plants of which something is known"][1:]:
        assert parse_number(row[2]) == count("?x a nev:Plant")
        assert parse_number(row[1]) <= parse_number(row[2])


def test_findings_are_described_by_rule(world: World) -> None:
    plants = [f"{terms.BASE}plant/{name}" for name in ("p", "q", "r")]
    findings = [Finding(Severity.INFO, terms.BASE + "check/producing-without-event", plant) for plant in plants]
    findings.append(Finding(Severity.WARNING, terms.BASE + "check/maker-twice-in-city", plants[0], value=f"<{plants[1]}>"))
    rows = parse_tables(parse_sections(write_report(world.build().store, Report(sorted(findings), Places([]))))[KNOWN])["By rule"][1:]
    assert [row[:3] for row in rows] == [["warning", "`maker-twice-in-city`", "1"], ["remark", "`producing-without-event`", "3"]]
    assert rows[0][3] == ("Plant P (plant:p) builds for a maker that has another plant in the same city: Plant Q (plant:q).")
    assert rows[1][3].count("is producing, but no source reports an event there.") == 2


def test_a_dataset_without_import_records(world: World) -> None:
    world.plant()
    text = write_report(world.build().store, None)
    assert "0 rows" in text
    assert text.count("None.") > 5
    assert "Ania" in text


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    quick_every(
        3,
        [
            ("imports/asean.csv", "asean|BN|s-candela-nd,statements,", "asean|BN|s-candela-nd,lost,", "has an unknown outcome: 'lost'"),
            ("imports/asean.csv", "file,line,row", "file,row,line", "line 1: the columns must be file, line, row"),
            ("imports/asean.csv", "asean/blocs.csv,3,", "asean/blocs.csv,2,", "The import record of asean/blocs.csv:2 appears twice"),
            ("gaps.csv", "topic,", "subject,", "line 1: the columns must be topic, ask, missing, why"),
            ("gaps.csv", "owners,", "owner,", "'owner' cannot be asked"),
            ("gaps.csv", "metric=exports", "metric=luck", "'statistics-series metric=luck' cannot be asked"),
        ],
    ),
)
def test_invalid_files_are_refused(current: EmbeddedStore, tmp_path: Path, file: str, old: str, new: str, problem: str) -> None:
    shutil.copytree(CURRENT.data, tmp_path / "data", ignore=shutil.ignore_patterns("sources", "registry"))
    path = tmp_path / "data" / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InvalidData, match=re.escape(problem)):
        write_report(replace(current, layout=replace(CURRENT, data=tmp_path / "data")), None)


@pytest.mark.parametrize(
    ("folder", "text", "problem"),
    [
        ("report", "#+ section: S\n#+ title: T\n#+ columns: {x: x}\nSELECT ?y { ?y a ?z }", "does not select 'x'"),
        ("report", "#+ section: S\n#+ columns: {x: x}\nSELECT ?x { ?x a ?z }", "lacks 'title'"),
        ("report", "#+ section: S\n#+ title: T\n#+ columns: {x: x}\nSELECT ?x {", "is not SPARQL"),
        ("report", "#+ section: S\n#+ title: T\n#+ columns: {x: x}\nASK { ?x a ?z }", "is not a SELECT query"),
        ("description", "#+ title: T\nSELECT ?x { ?x a ?z }", "does not return triples"),
        ("description", "#+ title: T\nCONSTRUCT {", "is not SPARQL"),
    ],
)
def test_invalid_queries_are_refused(current: EmbeddedStore, tmp_path: Path, folder: str, text: str, problem: str) -> None:
    (tmp_path / folder).mkdir()
    (tmp_path / folder / "10-x.rq").write_text(text, encoding="utf-8")
    invalid_store = replace(current, layout=replace(CURRENT, queries=tmp_path))
    with pytest.raises(InvalidData, match=problem):
        write_report(invalid_store, None) if folder == "report" else describe_dataset(invalid_store)


def read_description() -> dict[str, dict[str, list[terms.Term]]]:
    """Returns the values in the committed description by subject and property."""
    facts: dict[str, dict[str, list[terms.Term]]] = defaultdict(lambda: defaultdict(list))
    for quad in dataset.parse_file(DESCRIPTION):
        facts[terms.text(quad.subject)][quad.predicate.value].append(quad.object)
    return facts


def get_values(facts: dict[str, list[terms.Term]], name: str) -> set[str]:
    return {terms.text(term) for term in facts[name]}


def test_the_description_is_up_to_date_and_canonical(current: EmbeddedStore) -> None:
    assert DESCRIPTION.read_bytes() == describe_dataset(current), f"data/description.ttl {OUT_OF_DATE}"
    quads = list(dataset.parse_file(DESCRIPTION))
    assert serialise(quads, "turtle", PREFIXES) == DESCRIPTION.read_bytes()
    assert all(isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal) for quad in quads)


def test_the_description_does_not_count_itself(sample: EmbeddedStore) -> None:
    """The dataset without its description is described in the same way."""
    own = {quad.triple for quad in dataset.parse_file(DESCRIPTION)}
    kept_triples = {quad.triple for quad in dataset.parse_file(CURRENT.data / "dataset.ttl")}
    without = Store()
    without.extend(quad for quad in sample.store if quad.triple not in own - kept_triples)
    assert len(without) == len(sample.store) - len(own - kept_triples)
    assert describe_dataset(replace(sample, store=without)) == describe_dataset(sample)


def test_the_counts_in_the_description_match_the_files(files: Store) -> None:
    """Counts entities in the files, for classes that no rule derives."""
    facts = read_description()
    own = facts[DATASET]

    def counts(partition: str, of: str) -> dict[str, int]:
        parts = [facts[name] for name in get_values(own, VOID + partition)]
        return {terms.text(part[of][0]): int(terms.text(part[VOID + "entities"][0])) for part in parts if of in part}

    by_class = counts("classPartition", VOID + "class")
    found = select(files, "SELECT ?c (COUNT(DISTINCT ?x) AS ?n) { ?x a ?c FILTER NOT EXISTS { ?merge nev:replaced ?x } } GROUP BY ?c")
    expected = {class_: int(number) for class_, number in found}
    statements = ("Attribution", "Observation", "EventReport", "Claim", "Listing", "Retraction")
    for name in (*statements, "Source", "Plant", "Policy", "Event", "VehicleModel", "Country", "City", "Region", "Merge", "Distinction"):
        assert by_class[terms.NEV + name] == expected[terms.NEV + name], name
    assert by_class[terms.NEV + "Statement"] == sum(expected[terms.NEV + name] for name in statements)
    kinds = select(files, "SELECT ?kind (COUNT(DISTINCT ?x) AS ?n) { ?x nev:sourceKind ?kind } GROUP BY ?kind")
    assert counts("subset", terms.DCTERMS + "type") == {kind: int(number) for kind, number in kinds}
    (span,) = get_values(own, terms.DCTERMS + "temporal")
    days = """SELECT (STR(MIN(?day)) AS ?first) (STR(MAX(?day)) AS ?last) {
      ?x nev:modality modality:actual ; nev:earliest|nev:latest|nev:periodStart|nev:periodEnd ?day .
      ?dataset nev:datasetDate ?today FILTER(?day <= ?today) }"""
    assert select(files, days) == [tuple(terms.text(facts[span][DCAT + name][0]) for name in ("startDate", "endDate"))]


def test_the_description_has_the_metadata_of_the_dataset(current: EmbeddedStore) -> None:
    own = read_description()[DATASET]
    assert get_values(own, terms.RDF + "type") == {DCAT + "Dataset", VOID + "Dataset"}
    for name in ("title", "description"):
        assert {term.language for term in own[terms.DCTERMS + name] if isinstance(term, Literal)} == set(terms.LANGUAGES)
    header = {quad.predicate.value: terms.text(quad.object) for quad in dataset.parse_file(CURRENT.ontology / "nevkg.ttl")}
    assert get_values(own, DCAT + "version") == {header["http://www.w3.org/2002/07/owl#versionInfo"]}
    assert get_values(own, terms.DCTERMS + "license") == {header[terms.DCTERMS + "license"]}
    assert get_values(own, terms.DCTERMS + "issued") == {day for (day,) in select(current.store, "SELECT ?day { ?x nev:datasetDate ?day }")}
    assert terms.DCTERMS + "creator" not in own
    assert {terms.NEV, terms.DCTERMS} < get_values(own, VOID + "vocabulary")
    assert not {VOID, DCAT} & get_values(own, VOID + "vocabulary")
    countries = select(current.store, "SELECT DISTINCT ?c { ?p a nev:Plant ; nev:inCountry ?c }")
    assert get_values(own, terms.DCTERMS + "spatial") == {iri for (iri,) in countries}


def test_check_reports_a_stale_description_and_writes_nothing(nevkg: Callable[..., Result], world: World) -> None:
    words = ("docs", "dataset", str(world.folder / "x.ttl"), "--data", str(world.write().data))
    file = world.folder / "x.ttl"
    assert nevkg(*words, "--quiet").out == ""
    assert nevkg(*words, "--check").code == 0
    assert list(parse(file.read_bytes(), RdfFormat.TURTLE))
    file.write_bytes(b"")
    result = nevkg(*words, "--check")
    assert (result.code, result.err) == (1, f"nevkg: {file} is out of date; generate the pages again with 'make docs' and commit them.\n")
    assert file.read_bytes() == b""


def test_the_report_of_a_small_dataset_has_its_findings(nevkg: Callable[..., Result], world: World) -> None:
    world.plant()
    file = world.folder / "report.md"
    assert nevkg("docs", "data", str(file), "--data", str(world.write().data)).out == f"{file}: 1 files, 1 written, 0 removed.\n"
    rows = parse_tables(parse_sections(file.read_text(encoding="utf-8"))[KNOWN])["By rule"][1:]
    assert any(row[1] == "`producing-without-event`" or row[1] == "`plant-only-in-country`" for row in rows)


def test_a_folder_as_target_is_refused(nevkg: Callable[..., Result], world: World) -> None:
    result = nevkg("docs", "dataset", str(world.folder), "--data", str(world.write().data))
    assert result.code == 3
    assert "cannot be read or written" in result.err


def test_make_docs_writes_the_description_first() -> None:
    """The description is part of the data, so it comes first."""
    commands = re.findall(r"\$\(BIN\)/nevkg docs (\w+) (\S+)", (ROOT / "Makefile").read_text(encoding="utf-8"))
    assert commands[0] == ("dataset", "data/description.ttl")
    assert {
        ("format", "docs/format.md"),
        ("ontology", "docs/ontology"),
        ("data", "docs/data-report.md"),
        ("heartbeat", "docs/images/heartbeat.svg"),
    } == set(commands[1:])
