"""Two SHACL engines agree on the shipped data and on each broken example, and each example breaks its shape or check.

pySHACL needs seconds where ``shacl`` needs a tenth of one, so in the quick tests it runs twice: over a part of the shipped
data that holds together, and over that part with all examples at once. That stands for one run an example because the
examples do not touch each other, which is itself tested: what all of them break together is what they break one by one.
"""

from __future__ import annotations

import re
from collections import Counter
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
from nevkg.validate.find import shape_files
from nevkg.validate.findings import Finding

SHIPPED = Layout.find()
SHAPE = terms.BASE + "shape/"
SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")
NEV_FIX = rdflib.URIRef(terms.NEV + "fix")
BROKEN = sorted((Path(__file__).parents[1] / "broken").iterdir())

# The constraints and targets of the shapes; none looks from object to subject, and none at all things.
_FORWARD = """
NodeShape PropertyShape class datatype hasValue in languageIn lessThan lessThanOrEquals maxCount maxExclusive maxInclusive message
minCount minExclusive minInclusive node nodeKind not or path pattern property qualifiedMinCount qualifiedValueShape resultPath severity
targetClass targetSubjectsOf uniqueLang xone
"""
QUERIES = [
    # Rules into snapshots run when one is asked for, after what is validated here.
    *(rule.path for rule in read_rules(dataset.rule_files(SHIPPED)) if rule.into != SNAPSHOT),
    *(SHIPPED.queries / "checks" / f"{one.name}.rq" for one in all_checks(SHIPPED) if one.reads not in (TERMS, TRIPLES)),
]
GENERAL = {check.name for check in all_checks(SHIPPED) if check.reads == TRIPLES}

# Focus node, path, component, value (N-Triples syntax), severity, local name of the shape.
Result6 = tuple[str, str, str, str, str, str]
Results = Counter[Result6]


def _local(iri: str) -> str:
    return iri.strip("<>").removeprefix(SHAPE).removeprefix(CHECK).rpartition("#")[2]


def whole_text(layout: Layout) -> str:
    """All that is validated, as one TriG document: Turtle is TriG, and prefixes may be declared again."""
    paths = [path for paths in dataset.schema_files(layout).values() for path in paths] + dataset.source_files(layout)
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


@cache
def part() -> str:
    """The text of the article's sources, those of memberships and a few more."""
    with TemporaryDirectory() as folder:
        return whole_text(write_subset(SHIPPED, Path(folder) / "data", hash_prefix="00"))


def by_shacl(text: str) -> Results:
    return _counted(check_shapes(text, shape_files(SHIPPED), "shacl"))


def by_pyshacl(text: str) -> Results:
    return _counted(check_shapes(text, shape_files(SHIPPED), "pyshacl"))


def _counted(findings: list[Finding]) -> Results:
    return Counter(
        (one.focus, one.path, _local(one.component), one.value, one.severity.name.capitalize(), _local(one.rule)) for one in findings
    )


@cache
def file_checks() -> list[Check]:
    return [check for check in all_checks(SHIPPED) if check.reads in (FILES, TRIPLES)]


def by_checks(text: str) -> Results:
    """What the checks find that read files: no engine of SHACL is needed for them."""
    store = Store()
    store.load(text.encode(), RdfFormat.TRIG)
    return _counted(run_checks(store, file_checks()))


@cache
def shapes_graph() -> rdflib.Graph:
    graph = rdflib.Graph()
    for path in shape_files(SHIPPED):
        graph.parse(path)
    return graph


@cache
def broken_alone(path: Path) -> Results:
    """What an example adds to the results of shapes on the part."""
    return by_shacl(_with(path)) - by_shacl_part()


@cache
def against_checks(path: Path) -> Results:
    """What an example adds to the results of checks on the part; of general checks, what no other reports."""
    found = by_checks(_with(path)) - by_checks_part()
    general = {result for result in found if result[5] in GENERAL}
    reported = {(focus, name, value) for focus, name, _, value, _, _ in {*broken_alone(path), *found} - general}
    return Counter({one: count for one, count in found.items() if one not in general or (one[0], one[1], one[3]) not in reported})


def _with(path: Path) -> str:
    return f"{part()}\n{path.read_text(encoding='utf-8')}"


@cache
def by_checks_part() -> Results:
    return by_checks(part())


@cache
def by_shacl_part() -> Results:
    return by_shacl(part())


def with_all_broken() -> str:
    return "\n".join([part(), *(path.read_text(encoding="utf-8") for path in BROKEN)])


def rules() -> dict[str, rdflib.URIRef]:
    """The shapes that a person can break: those that say what to do."""
    graph = shapes_graph()
    return {_local(str(shape)): shape for shape in graph.subjects(NEV_FIX, None) if isinstance(shape, rdflib.URIRef)}


def test_shipped_data_breaks_nothing() -> None:
    assert [result for result in by_shacl(whole_text(SHIPPED)) if result[4] == "Violation"] == []


def test_engines_agree_on_a_part() -> None:
    assert by_pyshacl(part()) == by_shacl_part()


@pytest.mark.slow
def test_engines_agree_on_a_sixteenth_of_the_shipped_data(sample: EmbeddedStore) -> None:
    text = whole_text(sample.layout)
    assert by_pyshacl(text) == by_shacl(text)


def test_engines_agree_on_broken_examples() -> None:
    text = with_all_broken()
    together = by_shacl(text)
    assert together - by_shacl_part() == sum((broken_alone(path) for path in BROKEN), Counter())
    assert by_shacl_part() - together == Counter()
    assert by_pyshacl(text) == together


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_example_breaks_its_shape(path: Path) -> None:
    found = broken_alone(path) + against_checks(path)
    assert path.stem in {result[5] for result in found}
    assert {result[5] for result in found if result[4] != "Info"} <= {path.stem}


def test_every_rule_has_an_example() -> None:
    assert {*rules(), *(check.name for check in file_checks())} == {path.stem for path in BROKEN}


def test_a_finding_tells_the_value_that_is_wrong_where_its_shape_is_on_the_whole_thing() -> None:
    """The shape tells its property by ``sh:resultPath``."""
    path = next(path for path in BROKEN if path.stem == "CapacityPositive")
    finding = next(result for result in broken_alone(path) if result[5] == path.stem)
    assert finding[1:4] == (terms.NEV + "number", "OrConstraintComponent", f'"0"^^<{terms.XSD}integer>')


def test_concatenated_files_read_as_one_graph() -> None:
    text = part()
    triples = {Triple(quad.subject, quad.predicate, quad.object) for quad in parse(text.encode(), format=RdfFormat.TRIG)}
    lines = serialize(triples, format=RdfFormat.N_TRIPLES)
    assert lines is not None
    assert by_shacl(lines.decode()) == by_shacl_part()


@pytest.mark.parametrize("name", sorted(rules()))
def test_rule_has_words(name: str) -> None:
    graph, shape = shapes_graph(), rules()[name]
    for words in (SH.message, NEV_FIX):
        languages = sorted(text.language or "" for text in graph.objects(shape, words) if isinstance(text, rdflib.Literal))
        assert languages == ["en", "zh"]
    assert graph.value(shape, SH.severity) in {SH.Violation, SH.Warning, SH.Info}
    assert all(str(text).endswith((".", "。")) for text in graph.objects(shape, NEV_FIX))
    assert not any(str(text).endswith((".", "。")) for text in graph.objects(shape, SH.message))


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


def test_shapes_look_only_from_subject_to_object() -> None:
    """So what they find about a thing depends on nothing but what can be reached from it, which ``validate/inputs.py`` relies on."""
    graph = shapes_graph()
    used = {str(name).removeprefix(str(SH)) for name in graph.predicates() if str(name).startswith(str(SH))}
    assert used <= set(_FORWARD.split())
    paths = {path for path in graph.objects(None, SH.path) if isinstance(path, rdflib.BNode)}
    assert all((path, rdflib.RDF.first, None) in graph for path in paths), "a path is a property or a sequence of properties"


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_rules_and_checks_name_the_properties_that_they_read(path: Path) -> None:
    """Or a property above them; so nothing but triples with these touches what they find, which ``validate/find.py`` relies on."""
    text = path.read_text(encoding="utf-8")
    names: list[object] = []

    def look(node: object) -> None:
        if isinstance(node, CompValue) and "triples" in node:
            names.extend(triple[1] for triple in node.triples)

    traverse(prepareQuery(text).algebra, visitPre=look)
    assert names
    assert not any(isinstance(name, NegatedPath) for name in names)
    variables = {name for name in names if isinstance(name, rdflib.Variable)}
    assert {name for name in variables if not re.search(rf"VALUES \?{name} \{{|\?{name} rdfs:subPropertyOf", text)} == set()
