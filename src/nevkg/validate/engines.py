"""Runs SHACL validation with one of two engines: ``shacl`` is fast, pySHACL is the reference."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from nevkg.data import terms
from nevkg.errors import CouldNotRun, InvalidData
from nevkg.validate.findings import SH, Finding, Severity, sort_findings

DEFAULT = "shacl"
_RESULT_PATH = NamedNode(SH + "resultPath")


def _run_shacl(data: str, shapes: Sequence[Path]) -> list[Finding]:
    import shacl

    compiled = shacl.Shapes.from_text("\n".join(path.read_text(encoding="utf-8") for path in shapes), format="turtle")
    report = compiled.validate_text(data, format="trig")
    return [
        Finding(
            severity=Severity.of(result.severity_iri),
            rule=_strip_brackets(result.source_shape),
            focus=_strip_brackets(result.focus_node),
            path=_strip_brackets(result.path),
            component=result.component_iri,
            value=_normalise_value(result.value or ""),
        )
        for result in report.results
    ]


def _strip_brackets(term: str | None) -> str:
    """Returns an IRI without its angle brackets; other terms unchanged; an empty string for None."""
    if term and term.startswith("<") and term.endswith(">"):
        return term[1:-1]
    return term or ""


def _normalise_value(term: str) -> str:
    """Returns a term in a form common to both engines; an empty string for blank nodes, whose labels are arbitrary."""
    return "" if term.startswith("_:") else term.removesuffix(f"^^<{terms.XSD}string>")


def _run_pyshacl(data: str, shapes: Sequence[Path]) -> list[Finding]:
    try:
        import pyshacl
    except ImportError:
        raise CouldNotRun("The engine pyshacl is not installed: pip install 'nevkg[pyshacl]'.") from None
    import rdflib
    from rdflib.plugins.sparql import prepareQuery

    prepared = cache(prepareQuery)

    class Graph(rdflib.Graph):
        """A graph that parses each query only once, not for each focus node, which takes nine tenths of the time of pySHACL."""

        def query(self, query_object: Any, *args: Any, **options: Any) -> Any:
            return super().query(prepared(query_object) if isinstance(query_object, str) else query_object, *args, **options)

    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(data=data, format="trig")
    graph = Graph()
    for triple in dataset.triples((None, None, None)):
        graph.add(triple)
    schema = rdflib.Graph()
    for path in shapes:
        schema.parse(path)
    _, results, _ = pyshacl.validate(graph, shacl_graph=schema, inference="none", allow_warnings=True, inplace=True)
    assert isinstance(results, rdflib.Graph)
    sh = rdflib.Namespace(SH)

    def value_of(result: rdflib.term.Node, name: str) -> rdflib.term.Node | None:
        return results.value(result, sh[name])

    return [
        Finding(
            severity=Severity.of(str(value_of(result, "resultSeverity"))),
            rule=str(value_of(result, "sourceShape")),
            focus=str(value_of(result, "focusNode")),
            path=str(value_of(result, "resultPath") or ""),
            component=str(value_of(result, "sourceConstraintComponent")),
            value=_ntriples(value_of(result, "value")),
        )
        # Nested results of sh:node are details of a result, and not results of the report.
        for result in results.objects(None, sh.result)
    ]


def _ntriples(term: object) -> str:
    import rdflib

    if isinstance(term, rdflib.Literal):
        datatype = NamedNode(str(term.datatype)) if term.datatype else None
        return _normalise_value(str(Literal(str(term), language=term.language) if term.language else Literal(str(term), datatype=datatype)))
    return str(NamedNode(str(term))) if isinstance(term, rdflib.URIRef) else ""


ENGINES: dict[str, Callable[[str, Sequence[Path]], list[Finding]]] = {"shacl": _run_shacl, "pyshacl": _run_pyshacl}


def check_shapes(data: str, shapes: Sequence[Path], engine: str = DEFAULT) -> list[Finding]:
    """Validates data against shapes.

    Args:
        data: a TriG document; its graphs are merged.
        shapes: turtle files.
        engine: a name in ``ENGINES``.

    Returns:
        The findings, sorted.
    """
    try:
        found = ENGINES[engine](data, shapes)
    except ValueError as error:
        raise InvalidData(f"The data cannot be read: {error}.") from None
    return sort_findings(_add_values(found, data, shapes))


def _add_values(found: list[Finding], data: str, shapes: Sequence[Path]) -> Iterator[Finding]:
    """Adds the path and the wrong value to findings of node shapes that name a property by ``sh:resultPath``."""
    paths = {quad.subject.value: quad.object for path in shapes for quad in parse(path=path) if quad.predicate == _RESULT_PATH}
    wanted = {(finding.focus, paths[finding.rule]) for finding in found if finding.rule in paths}
    triples = ((quad.subject.value, quad.predicate, quad.object) for quad in parse(data, RdfFormat.TRIG)) if wanted else ()
    values = {(focus, path): str(value) for focus, path, value in triples if (focus, path) in wanted}
    for finding in found:
        path = paths.get(finding.rule)
        yield replace(finding, path=path.value, value=values[finding.focus, path]) if path else finding
