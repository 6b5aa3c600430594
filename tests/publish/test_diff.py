"""The changes between two states, in words and as RDF that turns one into the other."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph
import pytest
import zstandard
from pyoxigraph import CanonicalizationAlgorithm, Dataset, NamedNode, Quad, RdfFormat
from tests.conftest import Result
from tests.support.worlds import REGISTRY, SHIPPED, World

from nevkg.cli import main
from nevkg.data import terms
from nevkg.data.rdf import serialise
from nevkg.lookup.descriptions import EpisodeDescription
from nevkg.publish.diff import delta, rendering
from nevkg.publish.diff.account import describe_changes
from nevkg.publish.diff.delta import compare_states
from nevkg.publish.states import OpenedState, open_state
from nevkg.store import EmbeddedStore
from nevkg.view import episode_line

Run = Callable[..., Result]

_CS = "http://purl.org/vocab/changeset/schema#"
_SPACES = terms.prefixes(SHIPPED.ontology)


@dataclass
class Worlds:
    """Two equal states, of which a test can change one."""

    folder: Path
    registry: str = REGISTRY
    ontologies: dict[str, str] = field(default_factory=dict)

    def make(self, name: str, change: Callable[[World], object] = lambda _: None) -> Path:
        """Writes a state whose statements have IRIs computed from their content. Returns its data folder."""
        world = World(self.folder / name, registry=self.registry)
        world.plant()
        world.fact("plant:p", "status", "status:operating", "2024-06", source="first")
        world.figure("capacity", "100000", "vehicles-per-year", "2022", source="second", note='"as planned"@en')
        change(world)
        data = world.write().data
        for path in sorted(data.glob("sources/*.trig")):
            assert main(["evidence", "name", str(path), "--quiet"]) == 0
        return data


@pytest.fixture
def worlds(tmp_path: Path) -> Worlds:
    return Worlds(tmp_path)


@pytest.fixture
def diff(nevkg: Run) -> Callable[..., str]:
    def run(before: Path, after: Path, *words: str) -> str:
        result = nevkg("diff", str(before), str(after), *words)
        assert (result.code, result.err) == (0, "")
        return result.out.replace(str(before), "A").replace(str(after), "B")

    return run


def read_section(text: str, title: str) -> list[str]:
    """Returns the lines below a heading."""
    lines = text.splitlines()
    start = lines.index(title) + 1
    end = next((number for number in range(start, len(lines)) if not lines[number]), len(lines))
    return [line.strip() for line in lines[start:end]]


def read_summary(text: str) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in read_section(text, "Summary"))


def diff_after(worlds: Worlds, diff: Callable[..., str], change: Callable[[World], object], *words: str) -> str:
    return diff(worlds.make("a"), worlds.make("b", change), *words)


def test_equal_states_have_no_changes(worlds: Worlds, diff: Callable[..., str]) -> None:
    before, after = worlds.make("a"), worlds.make("b")
    assert diff(before, after).splitlines()[-1] == "Nothing changed."
    assert diff(before, after, "--lang", "zh").splitlines()[-1] == "没有变化。"
    changes = json.loads(diff(before, after, "--format", "json"))
    assert (changes["removed"], changes["added"], changes["sources"]) == (0, 0, [])
    assert [line[0] for line in diff(before, after, "--format", "patch").splitlines()] == ["H", "T", "T"]


def test_added_statement_with_its_effect(worlds: Worlds, diff: Callable[..., str]) -> None:
    def change(world: World) -> None:
        world.fact("plant:p", "maker", "agent:b", "2023", source="second")

    text = diff_after(worlds, diff, change)
    assert read_summary(text)["statements"] == "1 new (attribution: 1 new)"
    assert read_summary(text)["sources"] == "none"
    assert read_section(text, "Sources and their statements")[1:] == ["new · Plant P · maker: 2023 Maker B — actual; the whole"]
    current = read_section(text, "Effect on the current view")
    # With a second maker, a page that names none no longer says whose line works.
    assert "manufactures in − Ania" in current
    assert "maker + Maker B" in current
    history = read_section(text, "Effect on the history")
    assert any(line.startswith("new · maker: Maker B, since 2023") for line in history)


def test_marks_of_an_episode_are_in_the_language_of_the_reader() -> None:
    episode = EpisodeDescription("状态", "运营中", "", "", "2024-01-01", ("inferred",), False, "单源报道", 1, "始于 2023")
    assert episode_line(episode, "zh") == "状态：运营中，始于 2023 (推断；单源报道，独立来源1个；确认于 2024-01-01)"


def test_added_and_removed_mirror_each_other(worlds: Worlds, diff: Callable[..., str]) -> None:
    more = worlds.make("b", lambda world: world.fact("plant:p", "maker", "agent:b", "2023", source="third"))
    less = worlds.make("a")
    forward, back = (json.loads(diff(*pair, "--format", "json")) for pair in ((less, more), (more, less)))
    assert (forward["added"], forward["removed"]) == (back["removed"], back["added"])
    assert [source["change"] for source in forward["sources"]] == ["added"]
    assert [source["change"] for source in back["sources"]] == ["removed"]
    assert forward["sources"][0]["source"] == back["sources"][0]["source"]
    assert forward["sources"][0]["statements"][0]["after"] == back["sources"][0]["statements"][0]["before"]


def test_changed_value_is_reported_once(worlds: Worlds, diff: Callable[..., str]) -> None:
    def change(world: World) -> None:
        world.graphs["second"] = [line.replace("100000", "150000") for line in world.graphs["second"]]

    text = diff_after(worlds, diff, change)
    assert read_summary(text)["statements"] == "1 changed (observation: 1 changed)"
    assert read_section(text, "Sources and their statements")[1] == (
        "changed · Plant P · capacity: 2022 100,000 a year → 2022 150,000 a year — actual; the whole — as planned"
    )
    assert read_section(text, "Effect on the current view") == ["Plant P (plant:p)", "capacity: 100000 → 150000"]
    history = [line.split(", ")[0] for line in read_section(text, "Effect on the history")]
    assert history == ["Plant P (plant:p)", "removed · capacity: 100,000 a year", "new · capacity: 150,000 a year"]


def test_changed_note_keeps_the_name(worlds: Worlds, diff: Callable[..., str]) -> None:
    def change(world: World) -> None:
        world.graphs["second"] = [line.replace("as planned", "as built") for line in world.graphs["second"]]

    text = diff_after(worlds, diff, change)
    assert read_summary(text)["statements"] == "1 changed (observation: 1 changed)"
    assert read_section(text, "Sources and their statements")[1].endswith("; note (en): as planned → as built")
    assert "Effect" not in text


def test_most_alike_statements_pair(worlds: Worlds, diff: Callable[..., str]) -> None:
    def one(world: World) -> None:
        world.figure("jobs", "10", "persons", "2020", source="second")
        world.figure("jobs", "30", "persons", "2024", source="second")

    def other(world: World) -> None:
        world.figure("jobs", "35", "persons", "2024", source="second")
        world.figure("jobs", "10", "persons", "2021", source="second")

    text = diff(worlds.make("a", one), worlds.make("b", other))
    lines = [line for line in read_section(text, "Sources and their statements") if "jobs" in line]
    assert [re.findall(r"\d{4}(?= \d)|\d+(?= people)", line) for line in lines] == [
        ["2020", "10", "2021", "10"],
        ["2024", "30", "2024", "35"],
    ]


def test_removed_source(worlds: Worlds, diff: Callable[..., str]) -> None:
    text = diff_after(worlds, diff, lambda world: world.graphs.pop("first"))
    assert read_summary(text)["sources"] == "1 removed"
    assert read_section(text, "Sources and their statements")[0] == "removed · (2025-01-01) <https://w3id.org/nevkg/source/first>"
    assert "status − operating" in read_section(text, "Effect on the current view")
    assert "manufactures in − Ania" in read_section(text, "Effect on the current view")


def test_changed_description_of_a_source(worlds: Worlds, diff: Callable[..., str]) -> None:
    def change(world: World) -> None:
        world.graphs["first"][0] = world.graphs["first"][0].replace("nev:collected", 'dcterms:title "Report"@en ; nev:collected')

    text = diff_after(worlds, diff, change)
    assert read_summary(text)["sources"] == "1 changed"
    assert read_section(text, "Sources and their statements")[1] == "Title (en) + Report"


def test_renamed_new_and_removed_entities(worlds: Worlds, diff: Callable[..., str]) -> None:
    def change(world: World) -> None:
        world.registry = world.registry.replace('"Plant Q"@en', '"Plant Q, west"@en').replace("agent:c a", "agent:d a")

    text = diff_after(worlds, diff, change)
    assert read_section(text, "Entities") == [
        "removed · Maker C (agent:c) · organisation",
        "new · Maker C (agent:d) · organisation",
        "renamed · Plant Q, west (plant:q) · plant: label (en): Plant Q → Plant Q, west",
    ]
    assert read_summary(text)["entities"] == "1 new, 1 removed, 1 renamed"
    zh = diff(worlds.folder / "a" / "data", worlds.folder / "b" / "data", "--lang", "zh")
    assert "改名 · 工厂Q (plant:q) · 工厂: 名称 (en): Plant Q → Plant Q, west" in read_section(zh, "事物")


def test_merge_is_reported_once(worlds: Worlds, diff: Callable[..., str]) -> None:
    worlds.registry += 'agent:a2 a nev:Organization ; rdfs:label "Maker A Ltd"@en .\n'

    def before(world: World) -> None:
        world.fact("plant:q", "maker", "agent:a2", "2020", source="second")

    def after(world: World) -> None:
        before(world)
        world.registry += (
            'judgement:a2 a nev:Merge ; nev:replaced agent:a2 ; nev:replacement agent:a ; nev:note "One company."@en ;'
            ' nev:decided "2025-01-01"^^xsd:date .\n'
        )

    a, b = worlds.make("a", before), worlds.make("b", after)
    text = diff(a, b)
    assert read_section(text, "Merges") == ["Maker A Ltd (agent:a2) is now Maker A (agent:a); statements that name it: 1 — One company."]
    assert read_section(text, "Entities") == ["changed · Maker A (agent:a) · organisation: alternative label (en) + Maker A Ltd"]
    assert (read_summary(text)["statements"], read_summary(text)["merges"]) == ("none", "1 new")
    assert "maker: Maker A Ltd → Maker A" in read_section(text, "Effect on the current view")
    back = diff(b, a)
    assert read_section(back, "Merges")[0].startswith("Maker A Ltd (agent:a2) is no longer Maker A (agent:a); statements that name it: 1")
    assert read_summary(back)["statements"] == "none"


def test_date_of_the_dataset(worlds: Worlds, diff: Callable[..., str]) -> None:
    def before(world: World) -> None:
        world.fact("plant:p", "status", "status:closed", "2025-06-30", source="third")
        world.today = "2025-01-01"

    def after(world: World) -> None:
        before(world)
        world.today = "2026-01-01"

    text = diff(worlds.make("a", before), worlds.make("b", after))
    assert "dataset of 2025-01-01" in text.splitlines()[1]
    assert "dataset of 2026-01-01" in text.splitlines()[2]
    assert read_summary(text)["statements"] == "none"
    assert "status: operating → closed" in read_section(text, "Effect on the current view")
    assert read_section(text, "Description of the dataset")[0].endswith("2025-01-01 → 2026-01-01")


@pytest.fixture
def checkouts(worlds: Worlds) -> tuple[Path, Path]:
    """Two checkouts; the ontology of the second has another label, one more concept, and another expression."""
    folders = []
    for name in ("a", "b"):
        worlds.make(name)
        shutil.copytree(SHIPPED.ontology, worlds.folder / name / "ontology")
        folders.append(worlds.folder / name)
    edits = {
        "vocabularies/scopes.ttl": ("whole", 'prefLabel "the whole"@en', 'prefLabel "all of it"@en'),
        "modules/agents.ttl": ("expression", "owl:someValuesFrom nev:Country", "owl:someValuesFrom nev:Bloc"),
    }
    for name, (what, old, new) in edits.items():
        path = folders[1] / "ontology" / name
        text = path.read_text(encoding="utf-8")
        assert old in text, what
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    more = folders[1] / "ontology" / "vocabularies" / "scopes.ttl"
    more.write_text(more.read_text(encoding="utf-8") + '\nscope:nothing a skos:Concept ; skos:prefLabel "nothing"@en .\n', encoding="utf-8")
    return folders[0], folders[1]


def test_terms(checkouts: tuple[Path, Path], diff: Callable[..., str]) -> None:
    text = diff(*checkouts)
    assert read_section(text, "Ontology and vocabularies") == [
        "changed · local manufacturer (nev:LocalManufacturer) · owl:Class: owl:equivalentClass: "
        "[owl:onProperty: manufactures abroad in; owl:someValuesFrom: country] → "
        "[owl:onProperty: manufactures abroad in; owl:someValuesFrom: bloc]",
        "new · nothing (scope:nothing) · Concept",
        "renamed · all of it (scope:whole) · Concept: preferred label (en): the whole → all of it",
    ]
    assert read_summary(text)["terms"] == "1 new, 1 changed, 1 renamed"
    assert read_summary(text)["statements"] == "none"


def canonical(quads: Iterable[Quad]) -> set[str]:
    """Returns the lines of canonical N-Quads."""
    everything = list(quads)
    dataset = Dataset(quad for quad in everything if "_:" in f"{quad.subject} {quad.object}")
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {f"{quad} ." for quad in (*dataset, *(quad for quad in everything if "_:" not in f"{quad.subject} {quad.object}"))}


def same_after_update(before: OpenedState, after: OpenedState, text: str) -> bool:
    store = pyoxigraph.Store()
    store.bulk_extend(before.quads)
    store.update(text)
    return canonical(store) == canonical(list(after.quads))


@pytest.mark.slow
def test_update_turns_one_state_into_the_other(checkouts: tuple[Path, Path], diff: Callable[..., str]) -> None:
    a, b = (open_state(place) for place in checkouts)
    assert canonical(list(a.quads)) != canonical(list(b.quads))
    for before, after in ((a, b), (b, a)):
        text = diff(Path(before.name), Path(after.name), "--format", "update")
        assert same_after_update(before, after, text)
        assert same_after_update(after, after, diff(Path(after.name), Path(after.name), "--format", "update"))
    store = pyoxigraph.Store()
    store.extend(b.quads)
    # The update does not depend on the names of blank nodes in the store.
    renamed = pyoxigraph.Store()
    renamed.load(serialise(a.quads, "nquads", _SPACES), RdfFormat.N_QUADS)
    renamed.update(diff(*checkouts, "--format", "update"))
    assert canonical(renamed) == canonical(store)


def test_patch_turns_one_file_into_the_other(checkouts: tuple[Path, Path], diff: Callable[..., str]) -> None:
    before, after = ({f"{quad} ." for quad in open_state(place).quads} for place in checkouts)
    head, begin, *changes, end = diff(*checkouts, "--format", "patch").splitlines()
    assert re.fullmatch(r"H id <urn:uuid:[0-9a-f-]{36}> \.", head)
    assert (begin, end) == ("TX .", "TC .")
    for change in changes:
        mark, quad = change.split(" ", 1)
        if mark == "D":
            before.remove(quad)
        else:
            assert mark == "A"
            assert quad not in before
            before.add(quad)
    assert before == after


def test_changesets_hold_every_change(worlds: Worlds, diff: Callable[..., str]) -> None:
    def change(world: World) -> None:
        world.fact("plant:p", "maker", "agent:b", "2023", source="second")
        world.graphs.pop("first")

    places = worlds.make("a"), worlds.make("b", change)
    store = pyoxigraph.Store()
    store.load(diff(*places, "--format", "turtle"), RdfFormat.TURTLE)
    assert not any("_:" in str(quad.subject) for quad in store)
    before, after = (set(open_state(place).quads) for place in places)
    for name, quads in (("removal", before - after), ("addition", after - before)):
        solutions = store.query(
            f"""PREFIX cs: <{_CS}> PREFIX rdf: <{terms.RDF}> PREFIX dcterms: <{terms.DCTERMS}>
            SELECT ?s ?p ?o ?g {{ ?changes a cs:ChangeSet ; cs:subjectOfChange ?s ; cs:{name} ?change .
              ?change a rdf:Statement ; rdf:subject ?s ; rdf:predicate ?p ; rdf:object ?o ; dcterms:isPartOf ?g }}"""
        )
        assert isinstance(solutions, pyoxigraph.QuerySolutions)
        assert {Quad(row["s"], row["p"], row["o"], row["g"]) for row in solutions} == quads
        assert quads
    revision = list(store.quads_for_pattern(None, NamedNode(terms.PROV + "wasRevisionOf"), None))
    assert len(revision) == 1


@pytest.fixture
def saved_states(worlds: Worlds) -> dict[str, Path]:
    """The same state in each file format."""
    data = worlds.make("a")
    quads = list(open_state(data).quads)
    folder = worlds.folder / "kept"
    nquads = serialise(quads, "nquads", _SPACES)
    contents = {
        "all.nq": nquads,
        "all.trig": serialise(quads, "trig", _SPACES),
        "all.jsonld": serialise(quads, "jsonld", _SPACES),
        "all.nq.gz": gzip.compress(nquads),
        "all.nq.zst": zstandard.compress(nquads[:1000]) + zstandard.compress(nquads[1000:]),
        "all.trig.gz": gzip.compress(serialise(quads, "trig", _SPACES)),
        "plain/nevkg.nq": nquads,
        "gzip/nevkg.nq.gz": gzip.compress(nquads),
        "zstd/nevkg.nq.zst": zstandard.compress(nquads),
    }
    for name, content in contents.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return {"data": data, **{name: folder / (name.partition("/")[0] if "/" in name else name) for name in contents}}


@pytest.mark.slow
def test_every_file_format_can_be_compared(saved_states: dict[str, Path], diff: Callable[..., str]) -> None:
    data = open_state(saved_states["data"])
    for name, place in saved_states.items():
        opened = open_state(place)
        assert (opened.digest, opened.version, opened.date) == (data.digest, data.version, data.date), name
        assert (opened.version, opened.date) != ("", "")
    assert diff(saved_states["data"], saved_states["zstd/nevkg.nq.zst"]).splitlines()[-1] == "Nothing changed."


@pytest.mark.slow
def test_unreadable_states_are_refused(saved_states: dict[str, Path], nevkg: Run, tmp_path: Path) -> None:
    def assert_refused(name: str, content: bytes | None, code: int, *words: str) -> None:
        place = tmp_path / name
        if content is not None:
            place.write_bytes(content)
        result = nevkg("diff", str(saved_states["all.nq"]), str(place))
        assert (result.code, result.out) == (code, "")
        assert result.err.count("\n") == 1
        for word in (*words, str(place)):
            assert word in result.err

    triple = b"<x:s> <x:p> <x:o>"
    whole = triple + b" <x:g> .\n"
    assert_refused("missing.nq", None, 3, "does not exist")
    assert_refused("empty.nq", b"", 1, "contains no data")
    assert_refused("lines.nq", whole + b"so what\n", 1, ":2:")
    assert_refused("lines.nq.gz", gzip.compress(whole + b"so what\n"), 1, ":2:")
    assert_refused("outside.nq", whole + triple + b" .\n", 1, "triples outside a graph")
    assert_refused("outside.trig", triple + b" .\n", 1, "triples outside a graph")
    assert_refused("plain.ttl", triple + b" .\n", 2, "without named graphs")
    assert_refused("plain.nt.gz", gzip.compress(triple + b" .\n"), 2, "without named graphs")
    assert_refused("table.csv", b"a,b\n", 2, "does not have the suffix of a quad format")
    noise = "".join(f'<x:s> <x:p> "{number * number}" <x:g> .\n' for number in range(5000)).encode()
    assert_refused("broken.nq.gz", gzip.compress(noise)[:-100], 1, "is truncated")
    assert_refused("broken.nq.zst", zstandard.compress(noise)[:-100], 1, "is truncated")
    assert_refused("text.nq.gz", whole, 1, "not a gzip file")
    assert_refused("text.nq.zst", whole, 1, "not a Zstandard file")
    (tmp_path / "folder").mkdir()
    assert_refused("folder", None, 2, "contains neither nevkg.nq")
    assert nevkg("diff", str(saved_states["all.nq"])).code == 2


def test_markdown_and_html(worlds: Worlds, diff: Callable[..., str]) -> None:
    worlds.registry = worlds.registry.replace("Plant Q", "Plant <Q>")

    def change(world: World) -> None:
        world.registry = world.registry.replace("Plant <Q>", "Plant <R>")

    before, after = worlds.make("a"), worlds.make("b", change)
    md, page = (diff(before, after, "--format", name) for name in ("md", "html"))
    assert md.startswith("# What changed from A to B\n")
    assert "- renamed · Plant <R> (plant:q)" in md
    assert "<li>renamed · Plant &lt;R&gt; (plant:q)" in page


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["sample", pytest.param("shipped", marks=pytest.mark.nightly)])
def test_a_part_of_the_data_is_compared_with_more(part: str, folder: str, request: pytest.FixtureRequest) -> None:
    """The counts are right, and the update works."""
    more: EmbeddedStore = request.getfixturevalue(folder)
    before, after = (open_state(place) for place in (Path(part), more.layout.data))
    source = NamedNode(terms.NEV + "source")
    ours, theirs = ({quad.subject for quad in state.store.store.quads_for_pattern(None, source, None)} for state in (before, after))
    assert ours < theirs
    changes = compare_states(before, after)
    counts = read_summary(rendering.format_account(describe_changes(changes, "en"), "words", _SPACES))
    assert counts["statements"].startswith(f"{len(theirs - ours)} new (")
    assert counts["triples"] == f"{len(after.quads - before.quads)} new, {len(before.quads - after.quads)} removed"
    assert same_after_update(before, after, delta.sparql_update(changes).decode())
