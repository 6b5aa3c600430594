"""Two SHACL engines agree on a part of the shipped data and on each broken example, and each example breaks its shape.

pySHACL needs seconds where ``shacl`` needs a tenth of one, so it runs twice: over a part of the shipped data that holds
together, and over that part with all examples at once. That stands for one run an example because the examples do not
touch each other, which is itself tested: what all of them break together is what they break one by one.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import rdflib
from pyoxigraph import RdfFormat, Triple, parse, serialize
from tests.sample import cut

from nevkg import dataset, terms
from nevkg.layout import Layout
from nevkg.validate.engines import check_shapes
from nevkg.validate.findings import Finding
from nevkg.validate.run import shape_files

SHIPPED = Layout.find()
SHAPE = terms.BASE + "shape/"
SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")
NEV_MEND = rdflib.URIRef(terms.NEV + "mend")
BROKEN = sorted((Path(__file__).parent / "broken").iterdir())

# Focus node, path, component, value (N-Triples syntax), severity, local name of the shape.
Result6 = tuple[str, str, str, str, str, str]
Results = Counter[Result6]


def _local(iri: str) -> str:
    return iri.strip("<>").removeprefix(SHAPE).rpartition("#")[2]


def whole_text(layout: Layout) -> str:
    """All that is validated, as one TriG document: Turtle is TriG, and prefixes may be declared again."""
    paths = [path for paths in dataset.schema_files(layout).values() for path in paths] + dataset.source_files(layout)
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


@cache
def part() -> str:
    """The text of the article's sources, those of memberships and a few more."""
    with TemporaryDirectory() as folder:
        return whole_text(cut(SHIPPED, Path(folder) / "data", beginning="00"))


def by_shacl(text: str) -> Results:
    return _counted(check_shapes(text, shape_files(SHIPPED), "shacl"))


def by_pyshacl(text: str) -> Results:
    return _counted(check_shapes(text, shape_files(SHIPPED), "pyshacl"))


def _counted(findings: list[Finding]) -> Results:
    return Counter(
        (one.focus, one.path, _local(one.component), one.value, one.severity.name.capitalize(), _local(one.rule)) for one in findings
    )


@cache
def shapes_graph() -> rdflib.Graph:
    graph = rdflib.Graph()
    for path in shape_files(SHIPPED):
        graph.parse(path)
    return graph


@cache
def broken_alone(path: Path) -> Results:
    """What an example adds to the results on the part."""
    return by_shacl(f"{part()}\n{path.read_text(encoding='utf-8')}") - by_shacl_part()


@cache
def by_shacl_part() -> Results:
    return by_shacl(part())


def with_all_broken() -> str:
    return "\n".join([part(), *(path.read_text(encoding="utf-8") for path in BROKEN)])


def rules() -> dict[str, rdflib.URIRef]:
    """The shapes that a person can break: those that say what to do."""
    graph = shapes_graph()
    return {_local(str(shape)): shape for shape in graph.subjects(NEV_MEND, None) if isinstance(shape, rdflib.URIRef)}


def test_shipped_data_breaks_nothing() -> None:
    assert [result for result in by_shacl(whole_text(SHIPPED)) if result[4] == "Violation"] == []


def test_engines_agree_on_a_part() -> None:
    assert by_pyshacl(part()) == by_shacl_part()


def test_engines_agree_on_broken_examples() -> None:
    text = with_all_broken()
    together = by_shacl(text)
    assert together - by_shacl_part() == sum((broken_alone(path) for path in BROKEN), Counter())
    assert by_shacl_part() - together == Counter()
    assert by_pyshacl(text) == together


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_example_breaks_its_shape(path: Path) -> None:
    found = broken_alone(path)
    assert path.stem in {result[5] for result in found}
    assert {result[5] for result in found if result[4] != "Info"} <= {path.stem}


def test_every_rule_has_an_example() -> None:
    assert set(rules()) == {path.stem for path in BROKEN}


def test_concatenated_files_read_as_one_graph() -> None:
    text = part()
    triples = {Triple(quad.subject, quad.predicate, quad.object) for quad in parse(text.encode(), format=RdfFormat.TRIG)}
    lines = serialize(triples, format=RdfFormat.N_TRIPLES)
    assert lines is not None
    assert by_shacl(lines.decode()) == by_shacl_part()


@pytest.mark.parametrize("name", sorted(rules()))
def test_rule_has_words(name: str) -> None:
    graph, shape = shapes_graph(), rules()[name]
    for words in (SH.message, NEV_MEND):
        languages = sorted(text.language or "" for text in graph.objects(shape, words) if isinstance(text, rdflib.Literal))
        assert languages == ["en", "zh"]
    assert graph.value(shape, SH.severity) in {SH.Violation, SH.Warning, SH.Info}
    assert all(str(text).endswith((".", "。")) for text in graph.objects(shape, NEV_MEND))
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


def test_sparql_rules_have_one_query_each() -> None:
    graph = shapes_graph()
    for shape in set(graph.subjects(SH.sparql, None)):
        assert len(list(graph.objects(shape, SH.sparql))) == 1
        query = str(graph.value(graph.value(shape, SH.sparql), SH.select))
        # Without DISTINCT one engine reports a row that comes twice once, the other twice.
        assert query.strip().startswith("SELECT DISTINCT $this")
