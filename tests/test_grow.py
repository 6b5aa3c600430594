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

import pytest
from benchmarks import blocks
from benchmarks.blocks import Made, Order, added, built, quads, staying
from benchmarks.enough import enough
from benchmarks.grow import write_folder, write_nquads
from benchmarks.parts import Part
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from nevkg import ask, load_catalogue, open_store, terms
from nevkg.dataset import rule_files
from nevkg.derive import derive, read_rules
from nevkg.errors import WrongUsage
from nevkg.evidence import name_statements
from nevkg.layout import Layout
from nevkg.store import EmbeddedStore
from nevkg.validate.findings import Severity
from nevkg.validate.run import Report, validate

ROOT = Path(__file__).resolve().parents[1]
SEED = 7
NEV = terms.NEV
MODALITY, PROPERTY, PRECISION = NEV + "modality", NEV + "property", NEV + "precision"
LABEL = terms.RDFS + "label"

Facts = dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def tenth(tmp_path_factory: pytest.TempPathFactory, shipped: EmbeddedStore) -> Layout:
    """The floors with a tenth of the data."""
    folder = tmp_path_factory.mktemp("tenth") / "data"
    write_folder(enough(Order(0.1, SEED)), folder)
    return Layout.find(folder)


@pytest.fixture(scope="module")
def double(tmp_path_factory: pytest.TempPathFactory) -> tuple[Layout, Made]:
    """The floors with twice the data, and how much was said to be made."""
    folder = tmp_path_factory.mktemp("double") / "data"
    return Layout.find(folder), write_folder(Order(2, SEED), folder)


@pytest.fixture(scope="module")
def block() -> Part:
    """The block after the shipped one."""
    return Order(2, SEED).part(1)


@pytest.fixture(scope="module")
def original() -> Part:
    """The shipped block."""
    return Order(1).part(0)


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


def worst(report: Report) -> list[str]:
    return [finding.rule for finding in report.findings if finding.severity is not Severity.INFO]


def digest(seed: int, hashing: str) -> str:
    """The digest of a part of a block, with all that follows from it, made by a process of its own."""
    program = (
        "import hashlib; from benchmarks.blocks import Order; from benchmarks.grow import _lines_of_block; "
        f"print(hashlib.sha256(_lines_of_block(Order(1.1, {seed}), 1)[0]).hexdigest())"
    )
    environment = os.environ | {"PYTHONHASHSEED": hashing, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    return subprocess.run([sys.executable, "-c", program], env=environment, check=True, capture_output=True, text=True).stdout


def test_the_same_seed_gives_the_same_bytes_and_another_one_others() -> None:
    assert digest(1, "1") == digest(1, "2")
    assert digest(1, "1") != digest(2, "1")


def test_twice_the_data_is_valid(double: tuple[Layout, Made]) -> None:
    layout, _ = double
    once, twice = validate(Layout.find()), validate(layout)
    assert twice.conforms
    assert len(worst(twice)) <= 2 * len(worst(once))


def test_a_tenth_of_the_data_is_valid_and_answers_every_question(tenth: Layout, shipped: EmbeddedStore) -> None:
    assert worst(validate(tenth)) == []
    store = open_store(tenth)
    catalogue = load_catalogue(tenth).questions.values()
    assert [question.name for question in catalogue if len(ask(shipped, question)) and not len(ask(store, question))] == []
    assert 0.05 < len(open_store(tenth).store) / len(shipped.store) < 0.2


def test_twice_the_data_answers_every_question(double: tuple[Layout, Made], shipped: EmbeddedStore) -> None:
    store = open_store(double[0])
    for question in load_catalogue(double[0]).questions.values():
        assert len(ask(store, question)) >= len(ask(shipped, question)) > 0, question.name


def test_what_was_made_is_told(double: tuple[Layout, Made], shipped: EmbeddedStore) -> None:
    layout, made = double
    store = open_store(layout).store

    def instances(name: str) -> int:
        return sum(1 for _ in store.quads_for_pattern(None, NamedNode(terms.RDF + "type"), NamedNode(NEV + name)))

    assert made.sources == instances("Source")
    assert made.plants == sum(
        1 for quad in (*Order(2, SEED).part(0).registry, *Order(2, SEED).part(1).registry) if quad.object == NamedNode(NEV + "Plant")
    )
    assert made.statements == sum(1 for _ in store.quads_for_pattern(None, NamedNode(NEV + "source"), None))
    assert 1.85 < len(store) / len(shipped.store) < 2


def test_blocks_derived_one_by_one_are_the_whole() -> None:
    order = Order(1.15, SEED)
    whole = Store()
    whole.bulk_extend(quads(order))
    derive(whole, read_rules(rule_files(Layout.find())))
    one_by_one = set(staying(order)).union(*(set(added(order, order.part(number))) for number in order.blocks))
    assert len(order.blocks) == 2
    assert set(whole) == one_by_one


def test_the_stream_is_the_whole(tmp_path: Path) -> None:
    order, file = Order(0.1, SEED), tmp_path / "small.nq"
    made = write_nquads(order, file)
    streamed = list(parse(path=file, format=RdfFormat.N_QUADS))
    assert set(streamed) == set(built(order, order.part(0)))
    assert len(streamed) == len(set(streamed)) == made.triples
    assert list(tmp_path.iterdir()) == [file]


def test_statements_have_the_names_of_what_they_say() -> None:
    part = Order(1.1, SEED).part(1)
    for quads in part.sources.values():
        names = name_statements(quads, blocks.shipped().identifying)
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


def test_disagreements_are_as_frequent(block: Part, original: Part) -> None:
    order = Order(2, SEED)

    def disputed(part: Part) -> tuple[int, int]:
        store = built(order, part)
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
        write_folder(Order(0.1), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.slow
def test_five_times_the_data_is_valid_and_processes_change_nothing(tmp_path: Path) -> None:
    order = Order(5.5, SEED)
    write_folder(order, tmp_path / "data", 2)
    once, grown = worst(validate(Layout.find())), worst(validate(Layout.find(tmp_path / "data")))
    assert len(grown) <= 5.5 * len(once)
    digests = set()
    for processes in (1, 2):
        write_nquads(order, tmp_path / "grown.nq", processes)
        digests.add(hashlib.sha256((tmp_path / "grown.nq").read_bytes()).hexdigest())
    assert len(digests) == 1
