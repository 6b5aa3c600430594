"""Runs tests of RDF syntaxes with the parser that nevkg uses for all files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tests.interop import results
from tests.interop.manifests import Case

from nevkg.data import terms


def run(cases: Sequence[Case]) -> Iterator[str]:
    """Yields the reason for the failure of each test; empty if it passes."""
    return map(_check, cases)


def _check(case: Case) -> str:
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
