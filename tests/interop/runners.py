"""Runs tests of RDF syntaxes, of queries and of shapes in this process: with the parser, the store and the engines of nevkg.

Each runner yields the reason for the failure of each test; empty if it passes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph
from pyoxigraph import NamedNode, Quad, RdfFormat, serialize
from tests.interop import results
from tests.interop.manifests import MF, Case, Description

from nevkg.data import terms
from nevkg.data.paths import Layout
from nevkg.errors import NevkgError, WrongUsage
from nevkg.lookup import entities
from nevkg.store import EmbeddedStore
from nevkg.validate.engines import check_shapes
from nevkg.validate.findings import SH, Finding, Severity

QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
_NO_GRAPH = "urn:nothing"
_FROM = re.compile(r"\bFROM\s+(?:NAMED\s+)?<([^>]*)>", re.IGNORECASE)
_SHT = "http://www.w3.org/ns/shacl-test#"
# The names of blank nodes in Turtle, and those that rdflib generates.
_BLANK = re.compile(r"_:.*|[nN][0-9a-f]{32}(?:b\d+)?")
_IRI = re.compile(r"^<([^<>]*)>$")


def run_parser(cases: Sequence[Case]) -> Iterator[str]:
    """Runs tests of syntaxes with the parser that nevkg uses for all files."""
    return map(_parse, cases)


def _parse(case: Case) -> str:
    negative = "Negative" in case.kind
    try:
        quads = list(results.read_file(case.action.file, case.base + case.action.node.value.removeprefix(terms.BASE)))
    except SyntaxError as error:
        return "" if negative else f"refused: {error}"
    if negative:
        return "accepted"
    if not case.kind.endswith("Eval"):
        return ""
    actual, expected = results.canonicalise_graph(quads), results.canonicalise_graph(results.read_file(case.result.file))
    return "" if actual == expected else f"expected {expected}, but found {actual}"


def run_store(cases: Sequence[Case]) -> Iterator[str]:
    """Runs query tests in the embedded store, including the query guard of nevkg."""
    layout = Layout.find()
    for case in cases:
        store = EmbeddedStore(pyoxigraph.Store(), layout, "", None, None)
        yield _run_syntax(case, store) if "Syntax" in case.kind else _run_evaluation(case, store)


def _run_syntax(case: Case, store: EmbeddedStore) -> str:
    text = case.action.file.read_text(encoding="utf-8")
    try:
        store.query(text, entities.namespaces(store))
    except (SyntaxError, NevkgError) as error:
        # A query that the engine can parse but not run, such as one with an unknown function, has valid syntax.
        if isinstance(error, WrongUsage) and "cannot be answered" in str(error):
            return "accepted" if case.kind.startswith("Negative") else ""
        return "" if case.kind.startswith("Negative") else f"refused: {error}"
    return "accepted" if case.kind.startswith("Negative") else ""


def _run_evaluation(case: Case, store: EmbeddedStore) -> str:
    query = case.action.value(QT + "query")
    assert query
    text = query.file.read_text(encoding="utf-8")
    own = [(terms.BASE + name, query.folder / name) for name in _FROM.findall(text)]
    # In a store of nevkg the default graph is the union of the named graphs, in a test it is not. So the request names both,
    # unless the query does.
    data, named = _list_graphs(case, "data"), _list_graphs(case, "graphData")
    for name, file in own or [*data, *named]:
        store.store.extend(Quad(quad.subject, quad.predicate, quad.object, NamedNode(name)) for quad in results.read_file(file))
    distinct = any(cardinality.node.value == MF + "LaxCardinality" for cardinality in case.about.values(MF + "resultCardinality"))
    expected, ordered = results.read_expected(case.result.file, distinct=distinct)
    try:
        answer = store.query(
            text,
            entities.namespaces(store),
            default_graphs=[] if own else [name for name, _ in data] or [_NO_GRAPH],
            named_graphs=[] if own else [name for name, _ in named],
        )
        actual = results.canonicalise_answer(answer, ordered=ordered, distinct=distinct)
    except (SyntaxError, NevkgError, OSError, RuntimeError, ValueError) as error:
        return f"refused: {error}"
    return "" if actual == expected else f"expected {expected}, but found {actual}"


def _list_graphs(case: Case, kind: str) -> list[tuple[str, Path]]:
    """Returns the names of the graphs of a kind that a test queries, with their files."""
    return [(graph.node.value, graph.file) for graph in case.action.values(QT + kind)]


def _run_shapes(engine: str, cases: Sequence[Case]) -> Iterator[str]:
    """Runs tests of shapes with an engine of ``nevkg validate``."""
    with TemporaryDirectory() as folder:
        for case in cases:
            yield _validate(case, engine, Path(folder) / "shapes.ttl")


run_shacl, run_pyshacl = partial(_run_shapes, "shacl"), partial(_run_shapes, "pyshacl")


def _validate(case: Case, engine: str, shapes: Path) -> str:
    shapes.write_bytes(_join(case.action.values(_SHT + "shapesGraph"), RdfFormat.TURTLE))
    data = _join(case.action.values(_SHT + "dataGraph"), RdfFormat.TRIG).decode()
    fails = case.result.node == NamedNode(_SHT + "Failure")
    try:
        actual = Counter(map(_normalise, check_shapes(data, [shapes], engine)))
        expected = Counter(map(_normalise, _read_expected(case.result)))
    # Each engine raises different errors for invalid shapes.
    except Exception as error:
        return "" if fails else f"{type(error).__name__}: {error}"
    if fails:
        return f"expected a failure, but found {actual.total()} results"
    missing, more = expected - actual, actual - expected
    return "; ".join(
        [*(f"missing {finding}" for finding in missing.elements()), *(f"not expected {finding}" for finding in more.elements())]
    )


def _read_expected(report: Description) -> Iterator[Finding]:
    """Yields the results of a report as findings."""
    for result in report.values(SH + "result"):
        yield Finding(
            severity=Severity.of(_to_plain(result.term(SH + "resultSeverity"))),
            rule=result.term(SH + "sourceShape"),
            focus=result.term(SH + "focusNode"),
            path=result.term(SH + "resultPath"),
            component=result.term(SH + "sourceConstraintComponent"),
            value=result.term(SH + "value"),
        )


def _normalise(finding: Finding) -> Finding:
    """Returns a finding with normalised terms, without the names of blank nodes and without complex paths."""
    path = _to_plain(finding.path)
    return replace(
        finding,
        rule=_to_plain(finding.rule),
        focus=_to_plain(finding.focus),
        path="" if "<" in path else path,
        component=_to_plain(finding.component),
        value=_to_plain(finding.value),
    )


def _to_plain(term: str) -> str:
    if _BLANK.fullmatch(term):
        return ""
    return terms.literal_text(term) if term.startswith('"') else _IRI.sub(r"\1", term)


def _join(graphs: list[Description], form: RdfFormat) -> bytes:
    quads = (quad for graph in graphs for quad in results.read_file(graph.file))
    return serialize(quads, format=form) or b""
