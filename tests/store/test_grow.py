"""The generator: what it makes is valid, answers every question, has the shape of the shipped data, and is no copy of it."""

from __future__ import annotations

import hashlib
import os
import statistics
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from random import Random

import pytest
from benchmarks import blocks
from benchmarks.blocks import Counts, DataSpec, build_added, build_fixed, build_store
from benchmarks.grow import _serialise_block, write_folder, write_nquads, write_part
from benchmarks.parts import Part
from benchmarks.required_sources import add_required_sources
from benchmarks.stock import Stock
from benchmarks.vary import Block
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from nevkg.ask.answer import ask
from nevkg.ask.catalogue import load_catalogue
from nevkg.data import terms
from nevkg.data.dataset import parse_file, schema_files, source_files
from nevkg.data.paths import Layout
from nevkg.data.statement_ids import name_statements
from nevkg.errors import WrongUsage
from nevkg.store import EmbeddedStore, open_store
from nevkg.validate.findings import Severity
from nevkg.validate.run import validate

ROOT = Path(__file__).resolve().parents[2]
SEED = 7
NEV = terms.NEV
MODALITY, PROPERTY, PRECISION = NEV + "modality", NEV + "property", NEV + "precision"
LABEL = terms.RDFS + "label"

Facts = dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def tenth(tmp_path_factory: pytest.TempPathFactory) -> tuple[Layout, Counts]:
    """The floors with a tenth of the data, and how much was said to be made."""
    folder = tmp_path_factory.mktemp("tenth") / "data"
    made = write_folder(add_required_sources(DataSpec(0.1, SEED)), folder)
    return Layout.find(folder), made


@pytest.fixture(scope="module")
def block() -> Part:
    """The block after the shipped one."""
    return DataSpec(2, SEED).part(1)


@pytest.fixture(scope="module")
def original() -> Part:
    """The shipped block."""
    return DataSpec(1).part(0)


def said(part: Part) -> Iterable[Quad]:
    return (quad for quads in part.sources.values() for quad in quads)


def facts(part: Part) -> Facts:
    """What each statement says; of what it says twice, one."""
    found: Facts = defaultdict(dict)
    for quad in said(part):
        found[terms.text(quad.subject)][quad.predicate.value] = terms.text(quad.object)
    return {iri: about for iri, about in found.items() if iri.startswith(terms.STATEMENT)}


def shares(values: Iterable[str]) -> dict[str, float]:
    counts = Counter(values)
    return {value: count / counts.total() for value, count in counts.items()}


def apart(one: Iterable[str], other: Iterable[str]) -> float:
    """Half the sum of the differences of shares: 0 where two distributions are the same, 1 where they have nothing in common."""
    first, second = shares(one), shares(other)
    return sum(abs(first.get(value, 0) - second.get(value, 0)) for value in first.keys() | second.keys()) / 2


def sizes(pairs: Iterable[tuple[str, str]]) -> list[int]:
    """How many different things go with each thing, sorted."""
    groups = defaultdict(set)
    for one, other in pairs:
        groups[one].add(other)
    return sorted(len(group) for group in groups.values())


def remarked(layout: Layout) -> Counter[tuple[Severity, str]]:
    """How often validation finds something by each rule; remarks are left aside."""
    return Counter((one.severity, one.rule) for one in validate(layout).findings if one.severity is not Severity.INFO)


def floors(folder: Path, part: Part) -> Layout:
    """The floors with a part as their data."""
    write_part(folder, "dataset", blocks.load_shipped().select_fixed(part))
    write_part(folder, "registry/part", part)
    return Layout.find(folder)


def digest(seed: int, hashing: str) -> str:
    """The digest of a part of a block, with all that follows from it, made by a process of its own."""
    program = (
        "import hashlib; from benchmarks.blocks import DataSpec; from benchmarks.grow import _serialise_block; "
        f"print(hashlib.sha256(_serialise_block(DataSpec(1.1, {seed}), 1)[0]).hexdigest())"
    )
    environment = os.environ | {"PYTHONHASHSEED": hashing, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    return subprocess.run([sys.executable, "-c", program], env=environment, check=True, capture_output=True, text=True).stdout.strip()


def test_the_same_seed_gives_the_same_bytes_and_another_one_others() -> None:
    first, other = (hashlib.sha256(_serialise_block(DataSpec(1.1, seed), 1)[0]).hexdigest() for seed in (1, 2))
    assert first == digest(1, "2") != other


@pytest.mark.slow
def test_variation_leaves_nothing_to_remark_that_was_not_there(tmp_path: Path) -> None:
    whole = blocks.load_shipped()
    old = whole.part(whole.sample_sources(Random(SEED), 0.3))
    new = Block(whole, Stock(whole), SEED, 1).vary(old)
    before, after = (floors(tmp_path / name, part) for name, part in (("old", old), ("new", new)))
    warnings = remarked(before)
    assert warnings.total() > 1
    assert {severity for severity, _ in warnings} == {Severity.WARNING}
    assert remarked(after) == warnings


@pytest.mark.slow
def test_a_tenth_of_the_data_is_valid_and_answers_every_question(tenth: tuple[Layout, Counts], shipped: EmbeddedStore) -> None:
    layout, _ = tenth
    assert not remarked(layout)
    store = open_store(layout)
    catalogue = load_catalogue(layout).questions.values()
    assert [question.name for question in catalogue if len(ask(shipped, question)) and not len(ask(store, question))] == []
    assert 0.05 < len(store.store) / len(shipped.store) < 0.2


@pytest.mark.slow
def test_what_was_made_is_told(tenth: tuple[Layout, Counts]) -> None:
    layout, made = tenth
    said = [quad for path in source_files(layout) for quad in parse_file(path)]
    registry = [quad for path in schema_files(layout)["registry"] for quad in parse_file(path)]
    assert made.triples == len(said) + len(registry)
    assert made.statements == sum(quad.predicate == NamedNode(NEV + "source") for quad in said)
    assert made.sources == len(source_files(layout))
    assert made.plants == sum(quad.object == NamedNode(NEV + "Plant") for quad in registry)


def test_blocks_derived_one_by_one_are_the_whole() -> None:
    order = DataSpec(2, SEED)
    parts = [DataSpec(0.1, SEED).part(0), DataSpec(1.15, SEED).part(1), DataSpec(2.05, SEED).part(2)]
    whole = build_store(
        order, Part([quad for part in parts for quad in part.registry], parts[0].sources | parts[1].sources | parts[2].sources)
    )
    one_by_one = [set(build_added(order, part)) for part in parts]
    assert set(whole) == set(build_fixed(order)).union(*one_by_one)
    assert all(len(one) > 10_000 for one in one_by_one)


def test_the_stream_is_the_whole(tmp_path: Path) -> None:
    order, file = DataSpec(0.1, SEED), tmp_path / "small.nq"
    made = write_nquads(order, file)
    streamed = list(parse(path=file, format=RdfFormat.N_QUADS))
    assert set(streamed) == set(build_store(order, order.part(0)))
    assert len(streamed) == len(set(streamed)) == made.triples
    assert list(tmp_path.iterdir()) == [file]


def test_statements_have_the_names_of_what_they_say() -> None:
    part = DataSpec(1.1, SEED).part(1)
    for of_source in part.sources.values():
        names = name_statements(of_source, blocks.load_shipped().identifying)
        assert all(old == new for old, new in names.items())


def test_the_shape_is_that_of_the_shipped_data(block: Part, original: Part) -> None:
    new, old = facts(block), facts(original)
    assert 0.999 * len(old) <= len(new) <= len(old)
    for name in (MODALITY, PROPERTY, PRECISION, NEV + "metric", NEV + "unit", NEV + "comparator", NEV + "scope", terms.RDF + "type"):
        assert apart((said.get(name, "") for said in new.values()), (said.get(name, "") for said in old.values())) < 0.01, name
    for name in (NEV + "earliest", NEV + "endLatest", NEV + "note", NEV + "number", NEV + "periodEnd"):
        missing = [sum(name not in said for said in one.values()) / len(one) for one in (new, old)]
        assert missing[0] == pytest.approx(missing[1], abs=0.001), name
    assert sizes((said[NEV + "source"], iri) for iri, said in new.items()) == pytest.approx(
        sizes((said[NEV + "source"], iri) for iri, said in old.items()), abs=1
    )

    def pairs(one: Facts, kind: str, first: str, second: str, *, of: str = "") -> list[tuple[str, str]]:
        return [
            (said[first], said[second])
            for said in one.values()
            if first in said and second in said and f"/{kind}/" in said[first] and said.get(PROPERTY, "").endswith(of)
        ]

    subject, value = NEV + "subject", NEV + "value"
    assert sizes(pairs(new, "plant", subject, NEV + "source")) == sizes(pairs(old, "plant", subject, NEV + "source"))
    assert sizes(pairs(new, "agent", value, subject, of="#maker")) == sizes(pairs(old, "agent", value, subject, of="#maker"))


@pytest.mark.slow
def test_disagreements_are_as_frequent(block: Part, original: Part) -> None:
    order = DataSpec(2, SEED)

    def disputed(part: Part) -> tuple[int, int]:
        store = build_store(order, part)
        episodes = sum(1 for _ in store.quads_for_pattern(None, NamedNode(terms.RDF + "type"), NamedNode(NEV + "Episode")))
        return episodes, sum(1 for _ in store.quads_for_pattern(None, NamedNode(NEV + "disputed"), None))

    (new_episodes, new_disputed), (episodes, old_disputed) = disputed(block), disputed(original)
    assert new_episodes == pytest.approx(episodes, rel=0.03)
    assert new_disputed == pytest.approx(old_disputed, rel=0.1)


def test_places_and_years_are_drawn_as_often(block: Part, original: Part) -> None:
    def places(part: Part) -> list[str]:
        return [terms.text(quad.object) for quad in said(part) if terms.text(quad.object).startswith(terms.BASE + "place/")]

    def years(part: Part) -> list[int]:
        return [int(terms.text(quad.object)[:4]) for quad in said(part) if quad.predicate.value == NEV + "earliest"]

    assert 0 < apart(places(block), places(original)) < 0.25
    assert sorted(Counter(places(block)).values())[-20:] == pytest.approx(sorted(Counter(places(original)).values())[-20:], rel=0.35)
    assert abs(statistics.mean(years(block)) - statistics.mean(years(original))) <= 1


def test_it_is_no_copy(block: Part, original: Part) -> None:
    new, old = facts(block), facts(original)
    assert not new.keys() & old.keys()

    def literals(part: Part, name: str) -> set[str]:
        return {terms.text(quad.object) for quad in (*part.registry, *said(part)) if quad.predicate.value == name}

    for name in (LABEL, NEV + "address", NEV + "sha256"):
        assert not literals(block, name) & literals(original, name), name
    for name in (NEV + "note", terms.DCTERMS + "title"):
        assert len(literals(block, name) & literals(original, name)) < 0.05 * len(literals(original, name)), name
    numbers = [sorted(float(said[NEV + "number"]) for said in one.values() if NEV + "number" in said) for one in (new, old)]
    assert len(set(numbers[0]) - set(numbers[1])) > 0.3 * len(set(numbers[1]))
    assert statistics.median(numbers[0]) == pytest.approx(statistics.median(numbers[1]), rel=0.2)
    assert max(numbers[0]) <= max(numbers[1])


def test_a_folder_in_use_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(WrongUsage, match="is there already; name a new folder"):
        write_folder(DataSpec(0.1), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.slow
def test_more_than_the_data_is_valid_answers_and_is_the_same_however_many_make_it(tmp_path: Path, shipped: EmbeddedStore) -> None:
    order, file = DataSpec(1.2, SEED), tmp_path / "grown.nq"
    write_folder(order, tmp_path / "data", 2)
    layout = Layout.find(tmp_path / "data")
    grown, once = remarked(layout), remarked(shipped.layout)
    assert {severity for severity, _ in grown} == {Severity.WARNING}
    assert grown.total() <= 1.5 * once.total()
    store = open_store(layout)
    for question in load_catalogue(layout).questions.values():
        assert len(ask(store, question)) >= len(ask(shipped, question)) > 0, question.name
    digests = set()
    for processes in (1, 2):
        write_nquads(order, file, processes)
        digests.add(hashlib.sha256(file.read_bytes()).hexdigest())
    assert len(digests) == 1
    assert set(parse(path=file, format=RdfFormat.N_QUADS)) == set(store.store)
