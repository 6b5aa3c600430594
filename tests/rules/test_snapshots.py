"""Snapshots: the facts of a day, the same however they are derived, and the evidence of each triple."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import DefaultGraph, NamedNode
from tests.conftest import Nevkg, Result
from tests.store.test_cache import BREAKS, break_store
from tests.support.marks import quick_every
from tests.support.worlds import PREFIXES, World

import nevkg as library
from nevkg.data import terms
from nevkg.data.paths import Layout
from nevkg.store import EmbeddedStore, open_known_by, open_snapshot, open_store, snapshots
from nevkg.store.derivation import derive_timeless, list_changes

# Before all events, between them, around an accession to a bloc and at a change of status; the date of the dataset; after it.
DAYS = ("0001-01-01", "2009-12-31", "2019-06-30", "2023-07-15", "2024-12-31", "2025-01-06", "2026-11-27", "9999-12-31")
# Days for which the quick tests derive data again.
QUICK = ("2019-06-30", "2025-01-06")


def triples(store: EmbeddedStore, graph: str | None = None) -> set[str]:
    name = NamedNode(terms.graph(graph)) if graph else DefaultGraph()
    return {str(quad.triple) for quad in store.store.quads_for_pattern(None, None, None, name)}


def without_day(found: Iterable[str]) -> set[str]:
    """Returns the triples without those that name the day."""
    return {triple for triple in found if "/snapshot/" not in triple}


def rows(store: EmbeddedStore, where: str, *names: str) -> list[tuple[str, ...]]:
    """Returns the solutions of a pattern, sorted, as short names; unbound variables are empty."""
    found = store.query(f"SELECT DISTINCT {' '.join(f'?{name}' for name in names)} {{ {where} }}", PREFIXES)
    assert isinstance(found, pyoxigraph.QuerySolutions)
    return sorted(tuple(terms.shorten(terms.text(row[name]), PREFIXES) if row[name] else "" for name in names) for row in found)


@pytest.mark.parametrize("day", [*QUICK, *(pytest.param(day, marks=pytest.mark.nightly) for day in DAYS if day not in QUICK)])
def test_a_snapshot_is_the_view_of_a_dataset_of_that_date(sample: EmbeddedStore, tmp_path: Path, day: str) -> None:
    data = tmp_path / "data"
    shutil.copytree(sample.layout.data, data)
    description = data / "dataset.ttl"
    text = description.read_text(encoding="utf-8")
    description.write_text(re.sub(r'nev:datasetDate "[\d-]+"', f'nev:datasetDate "{day}"', text), encoding="utf-8")
    dated = open_store(Layout.find(data))
    assert without_day(triples(dated, "current")) <= triples(open_snapshot(sample, day))


@pytest.mark.parametrize("day", [DAYS[3], *(pytest.param(day, marks=pytest.mark.nightly) for day in (DAYS[2], DAYS[4]))])
def test_known_by_a_day_is_a_dataset_without_later_sources(sample: EmbeddedStore, tmp_path: Path, day: str) -> None:
    data = tmp_path / "data"
    shutil.copytree(sample.layout.data, data)
    later = 0
    for path in data.glob("sources/**/*.trig"):
        text = path.read_text(encoding="utf-8")
        described = text[text.index(" a nev:Source") :].partition(" .\n")[0]
        dates = dict(re.findall(r'nev:(latest|collected) "([\d-]+)"', described))
        if (dates.get("latest") or dates["collected"]) > day:
            path.unlink()
            later += 1
    assert later
    snapshot = open_snapshot(open_known_by(sample, day), day)
    assert triples(snapshot) == triples(open_snapshot(open_store(Layout.find(data)), day))


@pytest.mark.parametrize("part", quick_every(20, range(20)))
def test_a_snapshot_changes_only_on_days_of_changes(busy: EmbeddedStore, monkeypatch: pytest.MonkeyPatch, part: int) -> None:
    changes = [date.fromisoformat(day) for day in list_changes(busy.store, busy.layout)]
    spans = [(first, following - timedelta(1)) for first, following in pairwise(changes) if following - first > timedelta(1)]
    assert len(spans) > 40
    monkeypatch.setattr(snapshots, "list_changes", lambda *_: [])
    for days in spans[part::20]:
        first, last = (without_day(triples(open_snapshot(busy, str(day)))) for day in days)
        assert first == last


def test_a_day_without_changes_is_copied_from_the_last_change(sample: EmbeddedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    first, following = next(
        (first, following)
        for first, following in pairwise(map(date.fromisoformat, list_changes(sample.store, sample.layout)))
        if str(first) > QUICK[0] and following - first > timedelta(2)
    )
    changed = open_snapshot(sample, str(first))
    monkeypatch.setattr(snapshots, "derive_day", lambda *_: pytest.fail("derived again"))
    for day in (first + timedelta(1), following - timedelta(1)):
        copied = open_snapshot(sample, str(day))
        assert without_day(triples(copied)) == without_day(triples(changed))
        assert rows(copied, "?snapshot nev:firstDay ?day ; nev:asOf ?day", "day") == [(str(day),)]


@pytest.mark.slow
@pytest.mark.parametrize("has_cache", [True, False])
def test_derived_triples_can_be_added_in_parts(
    sample: EmbeddedStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_cache: bool
) -> None:
    expected = triples(open_snapshot(sample, DAYS[3]))
    monkeypatch.setattr("nevkg.store.derivation._MOST", 1_000)
    monkeypatch.setenv("NEVKG_CACHE", str(tmp_path))
    partial = open_snapshot(sample if has_cache else replace(sample, state=""), DAYS[3])
    assert (partial.place is not None) == has_cache
    assert triples(partial) == expected


def test_entities_that_no_source_names_are_not_in_the_snapshot(sample: EmbeddedStore) -> None:
    then = open_snapshot(open_known_by(sample, "2015-01-01"), "2015-01-01")
    plants = rows(then, "?plant a nev:Plant", "plant")
    mentioned = rows(then, "?plant a nev:Plant . GRAPH ?graph { ?statement ?property ?plant ; nev:source ?source }", "plant")
    assert 0 < len(plants) < len(rows(open_snapshot(sample, "2015-01-01"), "?plant a nev:Plant", "plant"))
    assert plants == mentioned
    assert not rows(then, "?entity rdfs:label ?label FILTER NOT EXISTS { ?entity a ?kind }", "entity")


@pytest.mark.parametrize(("record", "least"), [("sample", 500), pytest.param("shipped", 5_000, marks=pytest.mark.nightly)])
def test_every_triple_is_structure_or_leads_to_statements(record: str, least: int, request: pytest.FixtureRequest) -> None:
    built: EmbeddedStore = request.getfixturevalue(record)
    snapshot = open_snapshot(built, "2025-04-30")
    found = triples(snapshot)
    store = pyoxigraph.Store()
    store.bulk_extend(built.store)
    derive_timeless(store, built.layout)
    structure = {str(quad.triple) for quad in store.quads_for_pattern(None, None, None, DefaultGraph())}
    about_facts = {
        f"{subject} {predicate} {value}"
        for subject, predicate, value in _query(
            snapshot,
            """SELECT ?s ?p ?o {
              { ?s ?p ?o FILTER(?p IN (nev:fact, nev:plan)) } UNION { ?any nev:fact|nev:plan ?s . ?s ?p ?o }
              UNION { ?s nev:source ?document ; ?p ?o }
            }""",
        )
    }
    supported = {
        f"{subject} {predicate} {value}"
        for subject, predicate, value in _query(
            snapshot,
            """SELECT DISTINCT ?s ?p ?o {
              ?s nev:fact ?fact .
              ?fact nev:property ?p ; nev:value|nev:low|nev:high|nev:text ?o .
              ?fact nev:because* ?basis .
              GRAPH graph:history { ?basis prov:wasDerivedFrom ?statement }
            }""",
        )
    }
    print(f"structure: {len(structure & found):,} triples; facts: {len(supported & found):,}; about facts: {len(about_facts):,}")
    # Unknown values have no source, and a maker that counts as itself needs none, nor does the country of a production without a plant.
    not_known = {
        f"{subject} {predicate} {value}"
        for subject, predicate, value in _query(
            snapshot,
            """SELECT ?s ?p ?o {
              ?s ?p ?o
              FILTER(STRENDS(STR(?o), "/not-known") || ?s = ?o
                || ?p = nev:countsAbroadIn && NOT EXISTS { ?s nev:atPlant ?plant } && NOT EXISTS { ?s nev:fact/nev:property ?p })
            }""",
        )
    }
    assert not not_known & supported
    unexplained = without_day(found) - structure - about_facts - supported - not_known
    assert all("/workshop/" in triple for triple in unexplained), sorted(unexplained)[:10]
    assert len(supported & found) > least


def _query(store: EmbeddedStore, text: str) -> list[tuple[str, ...]]:
    found = store.query(text, PREFIXES)
    assert isinstance(found, pyoxigraph.QuerySolutions)
    return [tuple(str(term) for term in row) for row in found]


def test_a_maker_that_only_announced_does_not_manufacture(world: World) -> None:
    world.plant("agent:a agent:b")
    world.fact("plant:p", "locatedIn", "place:XA")
    world.event("first-vehicle", "2024-01-01", makers="agent:a")
    world.event("announcement", "2024-01-01", makers="agent:b")
    built = world.build()
    assert rows(open_snapshot(built.store, "2025-01-01"), "?maker nev:manufacturesIn place:XA", "maker") == [("agent:a",)]


def test_the_record_can_be_queried_with_the_snapshot(sample: EmbeddedStore) -> None:
    snapshot = open_snapshot(sample, "2025-04-30")
    both = "?plant nev:fact ?fact . ?fact nev:property nev:status . GRAPH ?graph { ?fact prov:wasDerivedFrom ?statement }"
    assert rows(snapshot, both, "graph") == [("graph:history",)]
    assert not rows(snapshot, "?statement nev:confirms ?day", "statement")


def test_rows_are_cited_or_reported_to_have_no_source(nevkg: Nevkg, part: str) -> None:
    def cite(query: str) -> Result:
        return nevkg("query", "-e", query, "--as-of", "2026-01-01", "--cite", "--data", part, "--format", "table")

    found = cite("SELECT ?country { ?country nev:memberOf place:asean }")
    assert (found.code, found.err) == (0, "")
    assert "\nSources:\n[1] " in found.out
    assert (
        "\nSources:\n[1] " in cite("PREFIX n: <https://w3id.org/nevkg/ontology#> SELECT ?country { ?country n:memberOf place:asean }").out
    )
    none = cite("SELECT ?label { place:TH rdfs:label ?label }")
    assert (none.code, "Sources:" in none.out) == (0, False)
    assert none.err.startswith("nevkg: no source was found behind these rows")


def test_a_snapshot_is_built_once(sample: EmbeddedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    first = open_snapshot(sample, "2024-02-29")
    monkeypatch.setattr("nevkg.store.snapshots.derive_day", lambda *_: pytest.fail("derived again"))
    second = open_snapshot(sample, "2024-02-29")
    assert second.place == first.place
    assert triples(second) == triples(first)


@pytest.mark.parametrize("how", quick_every(3, BREAKS[::-1]))
def test_a_broken_snapshot_is_rebuilt(sample: EmbeddedStore, how: str) -> None:
    day = f"1999-01-0{BREAKS.index(how) + 1}"  # a day that no other test uses
    snapshot = open_snapshot(sample, day)
    expected = triples(snapshot)
    break_store(snapshot, how, "CURRENT")  # the tables are hard links to those of the sample
    del snapshot
    assert triples(open_snapshot(sample, day)) == expected


def test_without_a_cache_a_snapshot_is_built_in_memory(sample: EmbeddedStore, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    expected = triples(open_snapshot(sample, "2024-03-02"))
    (tmp_path / "file").touch()
    monkeypatch.setenv("NEVKG_CACHE", str(tmp_path / "file"))
    snapshot = open_snapshot(sample, "2024-03-02")
    assert snapshot.place is None
    assert triples(snapshot) == expected


@pytest.mark.slow
def test_stages_do_not_change_snapshots(sample: EmbeddedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "_SMALLEST_STAGE", 1)
    starts = snapshots._stage_days(sample.store)
    assert len(starts) > 5
    in_memory = replace(sample, place=None, digest="")
    for day in (starts[0], starts[3], starts[-1]):
        assert triples(open_snapshot(sample, day)) == triples(open_snapshot(in_memory, day))


@pytest.mark.parametrize("day", ["2019-06-30", "2024-12-31"])
def test_a_snapshot_has_no_facts_of_later_days(sample: EmbeddedStore, day: str) -> None:
    snapshot, later = open_snapshot(sample, day), f'FILTER(?on > "{day}"^^xsd:date)'
    assert rows(snapshot, f"GRAPH graph:history {{ ?report nev:reported ?on }} {later}", "report")
    assert not rows(snapshot, f"GRAPH graph:history {{ ?report nev:reported ?on }} {later} ?report ?about ?what", "report", "about")
    begins = "GRAPH graph:history { ?fact nev:from ?on ; nev:property ?property }"
    dated = "FILTER NOT EXISTS { ?property nev:historyPattern pattern:timeless }"
    assert not rows(snapshot, f"{begins} {later} {dated} ?fact ?about ?what", "fact", "about")
    ended = f'GRAPH graph:history {{ ?fact nev:until ?end }} FILTER(?end <= "{day}"^^xsd:date)'
    assert not rows(snapshot, f"{ended} ?fact ?about ?what", "fact", "about")


def test_a_loaded_store_has_both_dates(nevkg: Nevkg, part: str, tmp_path: Path) -> None:
    assert nevkg("load", str(tmp_path / "store"), "--data", part).code == 0
    kg, query = library.open(tmp_path / "store"), "SELECT ?bloc { place:LA nev:memberOf ?bloc }"
    assert len(kg.at("2026-01-01").query(query)) == len(library.open(part).at("2026-01-01").query(query))
    query = "SELECT ?plant { ?plant a nev:Plant }"
    then, of_data = (graph.at("2019-01-01", known_by="2019-01-01") for graph in (kg, library.open(part)))
    assert 0 < len(then.query(query)) == len(of_data.query(query)) < len(kg.query(query))
