"""The data generator: its data is valid, answers every question, has the shape of the shipped data, and is no copy of it."""

from __future__ import annotations

import hashlib
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from random import Random

import pytest
from benchmarks import blocks
from benchmarks.blocks import Counts, DataSpec, build_added, build_fixed, build_store
from benchmarks.grow import _serialise_block, add_required_sources, write_folder, write_nquads, write_part
from benchmarks.parts import Part
from benchmarks.stock import Stock
from benchmarks.vary import Block
from pyoxigraph import NamedNode, Quad, RdfFormat, parse
from tests.support.processes import run_python

from nevkg.ask.answer import ask
from nevkg.ask.catalogue import load_catalogue
from nevkg.data import dataset, terms
from nevkg.data.dataset import parse_file, schema_files, source_files
from nevkg.data.paths import Layout
from nevkg.data.statement_ids import name_statements
from nevkg.errors import WrongUsage
from nevkg.store import EmbeddedStore, open_store
from nevkg.validate.findings import Finding, Severity
from nevkg.validate.run import validate

pytestmark = pytest.mark.nightly

SEED = 7
_CURRENT = NamedNode(terms.graph(dataset.CURRENT))
NEV = terms.NEV
MODALITY, PROPERTY, PRECISION = NEV + "modality", NEV + "property", NEV + "precision"
LABEL = terms.RDFS + "label"

Facts = dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def tenth(tmp_path_factory: pytest.TempPathFactory) -> tuple[Layout, Counts]:
    """The layout of a tenth of the data, and the reported amounts."""
    folder = tmp_path_factory.mktemp("tenth") / "data"
    amounts = write_folder(DataSpec(0.1, SEED), folder)
    return Layout.find(folder), amounts


@pytest.fixture(scope="module")
def block() -> Part:
    """The block after the shipped one."""
    return DataSpec(2, SEED).part(1)


@pytest.fixture(scope="module")
def original() -> Part:
    return DataSpec(1).part(0)


def source_quads(part: Part) -> Iterable[Quad]:
    return (quad for quads in part.sources.values() for quad in quads)


def facts(part: Part) -> Facts:
    """Returns the properties of each statement; of repeated properties, one value."""
    found: Facts = defaultdict(dict)
    for quad in source_quads(part):
        found[terms.text(quad.subject)][quad.predicate.value] = terms.text(quad.object)
    return {iri: about for iri, about in found.items() if iri.startswith(terms.STATEMENT)}


def shares(values: Iterable[str]) -> dict[str, float]:
    counts = Counter(values)
    return {value: count / counts.total() for value, count in counts.items()}


def distance(left: Iterable[str], right: Iterable[str]) -> float:
    """Returns half the sum of the differences of shares: 0 for equal distributions, 1 for disjoint ones."""
    first, second = shares(left), shares(right)
    return sum(abs(first.get(value, 0) - second.get(value, 0)) for value in first.keys() | second.keys()) / 2


def group_sizes(pairs: Iterable[tuple[str, str]]) -> list[int]:
    """Returns the number of distinct second elements for each first element, sorted."""
    groups = defaultdict(set)
    for first, second in pairs:
        groups[first].add(second)
    return sorted(len(group) for group in groups.values())


def find(layout: Layout) -> set[Finding]:
    """Returns the findings of validation, without remarks."""
    return {finding for finding in validate(layout).findings if finding.severity is not Severity.INFO}


def count_findings(layout: Layout) -> Counter[tuple[Severity, str]]:
    """Counts the findings of validation by severity and rule, without remarks."""
    return Counter((finding.severity, finding.rule) for finding in find(layout))


def write_layout(folder: Path, part: Part) -> Layout:
    """Writes a part as a data folder and returns its layout."""
    write_part(folder, "dataset", blocks.load_shipped().select_fixed(part))
    write_part(folder, "registry/part", part)
    return Layout.find(folder)


def digest_in_process(seed: int, hashing: str) -> str:
    """Returns the digest of a derived block, computed in a child process with this hash seed."""
    program = (
        "import hashlib; from benchmarks.blocks import DataSpec; from benchmarks.grow import _serialise_block; "
        f"print(hashlib.sha256(_serialise_block(DataSpec(1.1, {seed}), 1)[0]).hexdigest())"
    )
    return run_python(program, PYTHONHASHSEED=hashing).strip()


def test_equal_seeds_give_equal_bytes() -> None:
    first, other = (hashlib.sha256(_serialise_block(DataSpec(1.1, seed), 1)[0]).hexdigest() for seed in (1, 2))
    assert first == digest_in_process(1, "2") != other


def vary_sample(share: float) -> tuple[Part, Part]:
    """Returns a share of the sources, with what they mention, and a variant of it."""
    shipped = blocks.load_shipped()
    old = shipped.part(shipped.sample_sources(Random(SEED), share))
    return old, Block(shipped, Stock(shipped), SEED, 1).vary(old)


@pytest.mark.parametrize("share", [0.1, 0.3])
def test_variation_adds_no_findings(tmp_path: Path, share: float) -> None:
    before, after = (write_layout(tmp_path / name, part) for name, part in zip(("old", "new"), vary_sample(share), strict=True))
    warnings = count_findings(before)
    assert warnings.total() > 1
    assert {severity for severity, _ in warnings} == {Severity.WARNING}
    # New names end with the number of their block, and none is that of a host.
    warnings.pop((Severity.WARNING, "https://w3id.org/nevkg/check/publisher-named-by-host"), None)
    assert count_findings(after) == warnings


def test_a_tenth_of_the_data_is_valid(tenth: tuple[Layout, Counts]) -> None:
    layout, _ = tenth
    assert {severity for severity, _ in count_findings(layout)} <= {Severity.WARNING}


def test_a_tenth_with_required_sources_answers_every_question(tmp_path: Path, shipped: EmbeddedStore) -> None:
    write_folder(add_required_sources(DataSpec(0.1, SEED)), tmp_path / "data")
    layout = Layout.find(tmp_path / "data")
    assert find(layout) <= find(shipped.layout)
    store = open_store(layout)
    catalogue = load_catalogue(layout).questions.values()
    assert [question.name for question in catalogue if len(ask(shipped, question)) and not len(ask(store, question))] == []
    assert 0.05 < len(store.store) / len(shipped.store) < 0.2


def test_reported_amounts_are_right(tenth: tuple[Layout, Counts]) -> None:
    layout, amounts = tenth
    quads = [quad for path in source_files(layout) for quad in parse_file(path)]
    registry = [quad for path in schema_files(layout)["registry"] for quad in parse_file(path)]
    assert amounts.triples == len(quads) + len(registry)
    assert amounts.statements == sum(quad.predicate == NamedNode(NEV + "source") for quad in quads)
    assert amounts.sources == len(source_files(layout))
    assert amounts.plants == sum(quad.object == NamedNode(NEV + "Plant") for quad in registry)


def test_blocks_derived_separately_make_the_whole() -> None:
    order = DataSpec(2, SEED)
    parts = [DataSpec(0.1, SEED).part(0), DataSpec(1.15, SEED).part(1), DataSpec(2.05, SEED).part(2)]
    store = build_store(
        order, Part([quad for part in parts for quad in part.registry], parts[0].sources | parts[1].sources | parts[2].sources)
    )
    one_by_one = [set(build_added(order, part)) for part in parts]
    assert len(set(store) ^ set(build_fixed(order)).union(*one_by_one)) == 0  # sets of this size must not be printed
    assert all(len(quads) > 10_000 for quads in one_by_one)


def test_the_stream_has_all_quads(tmp_path: Path) -> None:
    order, file = DataSpec(0.1, SEED), tmp_path / "small.nq"
    amounts = write_nquads(order, file)
    streamed = list(parse(path=file, format=RdfFormat.N_QUADS))
    assert set(streamed) == set(build_store(order, order.part(0)))
    assert len(streamed) == len(set(streamed)) == amounts.triples
    assert list(tmp_path.iterdir()) == [file]


def test_statements_are_named_by_their_content() -> None:
    part = DataSpec(1.1, SEED).part(1)
    for quads in part.sources.values():
        names = name_statements(quads, blocks.load_shipped().identifying)
        assert all(old == new for old, new in names.items())


def test_the_shape_is_that_of_the_shipped_data(block: Part, original: Part) -> None:
    new, old = facts(block), facts(original)
    assert 0.999 * len(old) <= len(new) <= len(old)
    for name in (MODALITY, PROPERTY, PRECISION, NEV + "metric", NEV + "unit", NEV + "comparator", NEV + "scope", terms.RDF + "type"):
        assert distance((said.get(name, "") for said in new.values()), (said.get(name, "") for said in old.values())) < 0.01, name
    for name in (NEV + "earliest", NEV + "endLatest", NEV + "note", NEV + "number", NEV + "periodEnd"):
        missing = [sum(name not in said for said in statements.values()) / len(statements) for statements in (new, old)]
        assert missing[0] == pytest.approx(missing[1], abs=0.001), name
    assert group_sizes((said[NEV + "source"], iri) for iri, said in new.items()) == pytest.approx(
        group_sizes((said[NEV + "source"], iri) for iri, said in old.items()), abs=1
    )

    def pairs(one: Facts, kind: str, first: str, second: str, *, of: str = "") -> list[tuple[str, str]]:
        return [
            (said[first], said[second])
            for said in one.values()
            if first in said and second in said and f"/{kind}/" in said[first] and said.get(PROPERTY, "").endswith(of)
        ]

    subject, value = NEV + "subject", NEV + "value"
    assert group_sizes(pairs(new, "plant", subject, NEV + "source")) == group_sizes(pairs(old, "plant", subject, NEV + "source"))
    assert group_sizes(pairs(new, "agent", value, subject, of="#maker")) == group_sizes(pairs(old, "agent", value, subject, of="#maker"))


@pytest.mark.parametrize("share", [0.3, 1])
def test_disagreements_are_equally_frequent(share: float) -> None:
    def count_disputed(part: Part) -> tuple[int, int]:
        store = build_store(DataSpec(2, SEED), part)
        episodes = sum(1 for _ in store.quads_for_pattern(None, NamedNode(terms.RDF + "type"), NamedNode(NEV + "Episode")))
        return episodes, sum(1 for _ in store.quads_for_pattern(None, NamedNode(NEV + "disputed"), None))

    (episodes, old_disputed), (new_episodes, new_disputed) = map(count_disputed, vary_sample(share))
    assert old_disputed > 0
    assert new_episodes == pytest.approx(episodes, rel=0.03)
    assert new_disputed == pytest.approx(old_disputed, rel=0.1)


def test_places_and_years_have_similar_distributions(block: Part, original: Part) -> None:
    def places(part: Part) -> list[str]:
        return [terms.text(quad.object) for quad in source_quads(part) if terms.text(quad.object).startswith(terms.BASE + "place/")]

    def years(part: Part) -> list[int]:
        return [int(terms.text(quad.object)[:4]) for quad in source_quads(part) if quad.predicate.value == NEV + "earliest"]

    assert 0 < distance(places(block), places(original)) < 0.25
    assert sorted(Counter(places(block)).values())[-20:] == pytest.approx(sorted(Counter(places(original)).values())[-20:], rel=0.35)
    assert abs(statistics.mean(years(block)) - statistics.mean(years(original))) <= 1


def test_the_data_is_no_copy(block: Part, original: Part) -> None:
    new, old = facts(block), facts(original)
    assert not new.keys() & old.keys()

    def literals(part: Part, name: str) -> set[str]:
        return {terms.text(quad.object) for quad in (*part.registry, *source_quads(part)) if quad.predicate.value == name}

    for name in (LABEL, NEV + "address", NEV + "quoteDigest"):
        assert not literals(block, name) & literals(original, name), name
    for name in (NEV + "note", terms.DCTERMS + "title"):
        assert len(literals(block, name) & literals(original, name)) < 0.05 * len(literals(original, name)), name
    numbers = [sorted(float(said[NEV + "number"]) for said in statements.values() if NEV + "number" in said) for statements in (new, old)]
    assert len(set(numbers[0]) - set(numbers[1])) > 0.3 * len(set(numbers[1]))
    assert statistics.median(numbers[0]) == pytest.approx(statistics.median(numbers[1]), rel=0.2)
    assert max(numbers[0]) <= max(numbers[1])


def test_a_folder_that_is_not_empty_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(WrongUsage, match="is there already; name a new folder"):
        write_folder(DataSpec(0.1), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_more_than_the_shipped_data_is_valid_and_independent_of_processes(tmp_path: Path, shipped: EmbeddedStore) -> None:
    order, file = DataSpec(1.2, SEED), tmp_path / "grown.nq"
    write_folder(order, tmp_path / "data", 2)
    layout = Layout.find(tmp_path / "data")
    grown_findings, shipped_findings = count_findings(layout), count_findings(shipped.layout)
    assert {severity for severity, _ in grown_findings} == {Severity.WARNING}
    assert grown_findings.total() <= 1.5 * shipped_findings.total()
    store = open_store(layout)
    for question in load_catalogue(layout).questions.values():
        assert len(ask(store, question)) >= len(ask(shipped, question)) > 0, question.name
    digests = set()
    for processes in (1, 2):
        write_nquads(order, file, processes)
        digests.add(hashlib.sha256(file.read_bytes()).hexdigest())
    assert len(digests) == 1
    # The current view follows from a snapshot, and is not in the file. Sets of this size must not be printed.
    both = (parse(path=file, format=RdfFormat.N_QUADS), store.store)
    written, built = ({quad for quad in quads if quad.graph_name != _CURRENT} for quads in both)
    assert len(written ^ built) == 0
