"""Two SHACL engines agree on the shipped data and on the broken examples, and each example breaks its shape or check.

pySHACL needs seconds where ``shacl`` needs a tenth of one, so it runs once over all examples: a test checks that all of them
together have the same results as each alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import rdflib
from pyoxigraph import RdfFormat, Store, Triple, parse, serialize
from rdflib.paths import NegatedPath
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.algebra import traverse
from rdflib.plugins.sparql.parserutils import CompValue
from tests.support.sample import write_subset

from nevkg.data import dataset, terms
from nevkg.data.paths import Layout
from nevkg.store import EmbeddedStore
from nevkg.store.derivation import SNAPSHOT, read_rules
from nevkg.validate.checks import CHECK, FILES, TERMS, TRIPLES, Check, all_checks, run_checks
from nevkg.validate.engines import check_shapes
from nevkg.validate.findings import Finding
from nevkg.validate.run import shape_files

SHIPPED = Layout.find()
SHAPE = terms.BASE + "shape/"
SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")
NEV_FIX = rdflib.URIRef(terms.NEV + "fix")
BROKEN = sorted((Path(__file__).parents[1] / "broken").iterdir())

# The constraints and targets of the shapes; none goes from object to subject, and none targets all nodes.
_FORWARD = """
NodeShape PropertyShape class datatype hasValue in languageIn lessThan lessThanOrEquals maxCount maxExclusive maxInclusive message
minCount minExclusive minInclusive node nodeKind not or path pattern property qualifiedMinCount qualifiedValueShape resultPath severity
targetClass targetSubjectsOf uniqueLang xone
"""
QUERIES = [
    # Rules of snapshots and of the current view copy what these derive.
    *(rule.path for rule in read_rules(dataset.rule_files(SHIPPED, dataset.RECORD)) if rule.into != SNAPSHOT),
    *(SHIPPED.queries / "checks" / f"{known.name}.rq" for known in all_checks(SHIPPED) if known.reads not in (TERMS, TRIPLES)),
]
GENERAL = {check.name for check in all_checks(SHIPPED) if check.reads == TRIPLES}

# Focus node, path, component, value (N-Triples syntax), severity, local name of the shape.
ResultKey = tuple[str, str, str, str, str, str]
Results = Counter[ResultKey]


def _local(iri: str) -> str:
    return iri.strip("<>").removeprefix(SHAPE).removeprefix(CHECK).rpartition("#")[2]


def whole_text(layout: Layout) -> str:
    """Returns all validated files as one TriG document: Turtle is TriG, and prefixes may be declared repeatedly."""
    paths = [path for paths in dataset.schema_files(layout).values() for path in paths] + dataset.source_files(layout)
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


@cache
def part() -> str:
    """Returns the text of the sources of the article, of memberships and of a few others."""
    with TemporaryDirectory() as folder:
        return whole_text(write_subset(SHIPPED, Path(folder) / "data", hash_prefix="00"))


def run_shacl(text: str) -> Results:
    return _count(check_shapes(text, shape_files(SHIPPED), "shacl"))


def run_pyshacl(text: str) -> Results:
    return _count(check_shapes(text, shape_files(SHIPPED), "pyshacl"))


def _count(findings: list[Finding]) -> Results:
    return Counter(
        (finding.focus, finding.path, _local(finding.component), finding.value, finding.severity.name.capitalize(), _local(finding.rule))
        for finding in findings
    )


@cache
def file_checks() -> list[Check]:
    return [check for check in all_checks(SHIPPED) if check.reads in (FILES, TRIPLES)]


def run_file_checks(text: str) -> Results:
    """Runs the checks that read files."""
    store = Store()
    store.load(text.encode(), RdfFormat.TRIG)
    return _count(run_checks(store, file_checks()))


@cache
def shapes_graph() -> rdflib.Graph:
    graph = rdflib.Graph()
    for path in shape_files(SHIPPED):
        graph.parse(path)
    return graph


@cache
def shape_results(path: Path) -> Results:
    """Returns the results that an example adds to those of shapes on the part."""
    return run_shacl(_add_example(path)) - run_shacl_on_part()


@cache
def check_results(path: Path) -> Results:
    """Returns the results that an example adds to those of checks on the part; of general checks, only otherwise unreported ones."""
    found = run_file_checks(_add_example(path)) - run_file_checks_on_part()
    general = {result for result in found if result[5] in GENERAL}
    reported = {(focus, name, value) for focus, name, _, value, _, _ in {*shape_results(path), *found} - general}
    return Counter({one: count for one, count in found.items() if one not in general or (one[0], one[1], one[3]) not in reported})


def _add_example(path: Path) -> str:
    return f"{part()}\n{path.read_text(encoding='utf-8')}"


@cache
def run_file_checks_on_part() -> Results:
    return run_file_checks(part())


@cache
def run_shacl_on_part() -> Results:
    return run_shacl(part())


def add_all_examples() -> str:
    return "\n".join([part(), *(path.read_text(encoding="utf-8") for path in BROKEN)])


def breakable_shapes() -> dict[str, rdflib.URIRef]:
    """Returns the shapes with a fix, which are those that data can break."""
    graph = shapes_graph()
    return {_local(str(shape)): shape for shape in graph.subjects(NEV_FIX, None) if isinstance(shape, rdflib.URIRef)}


@pytest.mark.nightly
def test_engines_agree_on_a_sixteenth_of_the_shipped_data(sample: EmbeddedStore) -> None:
    text = whole_text(sample.layout)
    assert run_pyshacl(text) == run_shacl(text)


def test_the_examples_break_all_shapes_and_checks() -> None:
    text = add_all_examples()
    found = (run_shacl(text) - run_shacl_on_part()) + (run_file_checks(text) - run_file_checks_on_part())
    assert {path.stem for path in BROKEN} <= {result[5] for result in found}


@pytest.mark.slow
@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_an_example_breaks_only_its_shape(path: Path) -> None:
    found = shape_results(path) + check_results(path)
    assert path.stem in {result[5] for result in found}
    assert {result[5] for result in found if result[4] != "Info"} <= {path.stem}


@pytest.mark.slow
def test_engines_agree_on_broken_examples() -> None:
    text = add_all_examples()
    together = run_shacl(text)
    assert together - run_shacl_on_part() == sum((shape_results(path) for path in BROKEN), Counter())
    assert run_shacl_on_part() - together == Counter()
    assert run_pyshacl(text) == together


def test_every_rule_has_an_example() -> None:
    assert {*breakable_shapes(), *(check.name for check in file_checks())} == {path.stem for path in BROKEN}


def test_a_finding_of_a_node_shape_has_the_wrong_value() -> None:
    """The shape names its property by ``sh:resultPath``."""
    path = next(path for path in BROKEN if path.stem == "CapacityPositive")
    finding = next(result for result in shape_results(path) if result[5] == path.stem)
    assert finding[1:4] == (terms.NEV + "number", "OrConstraintComponent", f'"0"^^<{terms.XSD}integer>')


def test_concatenated_files_are_one_graph() -> None:
    text = part()
    triples = {Triple(quad.subject, quad.predicate, quad.object) for quad in parse(text.encode(), format=RdfFormat.TRIG)}
    lines = serialize(triples, format=RdfFormat.N_TRIPLES)
    assert lines is not None
    assert run_shacl(lines.decode()) == run_shacl_on_part()


def test_shapes_have_messages_and_fixes_in_both_languages() -> None:
    problems = [f"{name}: {problem}" for name, shape in breakable_shapes().items() for problem in find_faulty_words(shape)]
    assert problems == []


def find_faulty_words(shape: rdflib.URIRef) -> Iterator[str]:
    graph = shapes_graph()
    for words in (SH.message, NEV_FIX):
        languages = sorted(text.language or "" for text in graph.objects(shape, words) if isinstance(text, rdflib.Literal))
        if languages != ["en", "zh"]:
            yield f"{_local(str(words))} is in {languages}"
    if graph.value(shape, SH.severity) not in {SH.Violation, SH.Warning, SH.Info}:
        yield "no severity"
    if not all(str(text).endswith((".", "。")) for text in graph.objects(shape, NEV_FIX)):
        yield "a fix is a sentence with a full stop"
    if any(str(text).endswith((".", "。")) for text in graph.objects(shape, SH.message)):
        yield "a message has no full stop"


def test_all_shapes_have_names() -> None:
    graph = shapes_graph()
    in_lists = set(graph.subjects(rdflib.RDF.first, None))
    assert {node for node in graph.subjects() if isinstance(node, rdflib.BNode)} <= in_lists


def test_shapes_name_only_terms_of_the_ontology() -> None:
    graph = rdflib.Graph()
    for path in dataset.schema_files(SHIPPED)["ontology"]:
        graph.parse(path)
    named = {term for term in shapes_graph().all_nodes() if isinstance(term, rdflib.URIRef) and term.startswith(terms.NEV)}
    assert {term for term in named if (term, rdflib.RDF.type, None) not in graph} == set()


def test_shapes_go_only_from_subject_to_object() -> None:
    """The results for a node depend only on nodes reachable from it; ``validate/inputs.py`` relies on this."""
    graph = shapes_graph()
    used = {str(name).removeprefix(str(SH)) for name in graph.predicates() if str(name).startswith(str(SH))}
    assert used <= set(_FORWARD.split())
    paths = {path for path in graph.objects(None, SH.path) if isinstance(path, rdflib.BNode)}
    assert all((path, rdflib.RDF.first, None) in graph for path in paths), "a path is a property or a sequence of properties"


@pytest.mark.slow
def test_rules_and_checks_name_the_properties_that_they_read() -> None:
    """Or a superproperty, so that only triples with these affect the results; ``validate/run.py`` relies on this."""
    assert {path.stem: names for path in QUERIES if (names := find_open_properties(path))} == {}


def find_open_properties(path: Path) -> set[str]:
    """Returns the variables that a query uses as properties without naming a superproperty or values."""
    text = path.read_text(encoding="utf-8")
    names: list[object] = []

    def look(node: object) -> None:
        if isinstance(node, CompValue) and "triples" in node:
            names.extend(triple[1] for triple in node.triples)

    traverse(prepareQuery(text).algebra, visitPre=look)
    assert names, path.stem
    assert not any(isinstance(name, NegatedPath) for name in names), path.stem
    variables = {str(name) for name in names if isinstance(name, rdflib.Variable)}
    return {name for name in variables if not re.search(rf"VALUES \?{name} \{{|\?{name} rdfs:subPropertyOf", text)}
