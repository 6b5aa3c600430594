"""Runs query tests in the embedded store, including the query guard of nevkg."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyoxigraph
from pyoxigraph import NamedNode, Quad
from tests.interop import results
from tests.interop.manifests import MF, Case

from nevkg.data import terms
from nevkg.data.paths import Layout
from nevkg.errors import NevkgError, WrongUsage
from nevkg.lookup import entities
from nevkg.store import EmbeddedStore

QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
_NO_GRAPH = "urn:nothing"
_FROM = re.compile(r"\bFROM\s+(?:NAMED\s+)?<([^>]*)>", re.IGNORECASE)


def run(cases: Sequence[Case]) -> Iterator[str]:
    """Yields the reason for the failure of each test; empty if it passes."""
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
