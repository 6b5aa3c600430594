"""Runs SHACL tests with the engines of ``nevkg validate``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import NamedNode, RdfFormat, serialize
from tests.interop import results
from tests.interop.manifests import Case, Description

from nevkg.data import terms
from nevkg.validate.engines import check_shapes
from nevkg.validate.findings import SH, Finding, Severity

_SHT = "http://www.w3.org/ns/shacl-test#"
# The names of blank nodes in Turtle, and those that rdflib generates.
_BLANK = re.compile(r"_:.*|[nN][0-9a-f]{32}(?:b\d+)?")
_IRI = re.compile(r"^<([^<>]*)>$")


def _run(engine: str, cases: Sequence[Case]) -> Iterator[str]:
    """Yields the reason for the failure of each test; empty if it passes."""
    with TemporaryDirectory() as folder:
        for case in cases:
            yield _check(case, engine, Path(folder) / "shapes.ttl")


run_shacl, run_pyshacl = partial(_run, "shacl"), partial(_run, "pyshacl")


def _check(case: Case, engine: str, shapes: Path) -> str:
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
