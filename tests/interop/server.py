"""Runs tests of the protocol and of formats against a server of nevkg, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urljoin

import pyoxigraph
import requests
from pyoxigraph import NamedNode, Quad, QueryResultsFormat, RdfFormat, parse, parse_query_results
from tests.interop import results
from tests.interop.manifests import MF, Case, Description
from tests.interop.runners import QT
from tests.support.serving import ServerProcess, serving

from nevkg.data import terms
from nevkg.validate.engines import check_shapes

_UT = "http://www.w3.org/2009/sparql/tests/test-update#"
_HT = "http://www.w3.org/2011/http#"
_CNT = "http://www.w3.org/2011/content#"
_SD = "http://www.w3.org/ns/sparql-service-description#"
_SCHEMA = Path(__file__).with_name("service_description.ttl")
_MEDIA = {".csv": "text/csv", ".tsv": "text/tab-separated-values", ".srj": "application/sparql-results+json"}
_SECONDS = 60


def run(cases: Sequence[Case]) -> Iterator[str]:
    """Yields the reason for the failure of each test; empty if it passes.

    All tests use one server, which has the data of all tests in named graphs.
    """
    with TemporaryDirectory() as folder:
        store = pyoxigraph.Store(folder)
        for name, file in {pair for case in cases for pair in _list_graphs(case)}:
            store.extend(Quad(quad.subject, quad.predicate, quad.object, NamedNode(name)) for quad in results.read_file(file))
        store.flush()
        del store
        with serving("--store", folder) as served:
            for case in cases:
                yield _KINDS[case.kind](case, served)


def _list_graphs(case: Case) -> Iterator[tuple[str, Path]]:
    """Yields the names of the graphs that a test queries, with their files."""
    if case.kind == "ProtocolTest":
        for graph in case.about.values(_UT + "graphData"):
            file = graph.value(_UT + "graph")
            assert file
            yield graph.text(terms.RDFS + "label"), file.file
    elif case.kind in ("QueryEvaluationTest", "CSVResultFormatTest"):
        for data in case.action.values(QT + "data"):
            yield _graph_name(data), data.file


def _graph_name(data: Description) -> str:
    """Returns a graph name that includes the folder, so that it is unique."""
    return urljoin(terms.BASE, f"{data.folder.name}/{data.file.name}")


def _run_protocol(case: Case, served: ServerProcess) -> str:
    for number, request in enumerate(case.action.members(_HT + "requests"), start=1):
        body = request.value(_CNT + "body") or request.value(_HT + "body")
        response = requests.request(
            request.text(_HT + "methodName"),
            served.address + request.text(_HT + "absolutePath"),
            data=body.text(_CNT + "chars").encode(body.text(_CNT + "characterEncoding")) if body else None,
            headers={header.text(_HT + "fieldName"): header.text(_HT + "fieldValue") for header in request.members(_HT + "headers")},
            allow_redirects=False,
            timeout=_SECONDS,
        )
        expected = request.value(_HT + "resp")
        assert expected
        if failure := _compare_response(response, expected):
            return f"request {number}: {failure}"
    return ""


def _compare_response(response: requests.Response, expected: Description) -> str:
    classes = [status.node.value.rpartition("StatusCode")[2] for status in expected.values(MF + "expectedStatus")]
    if f"{response.status_code // 100}xx" not in classes:
        return f"expected {' or '.join(sorted(classes))}, but found {response.status_code}: {response.text.strip()}"
    media = response.headers.get("Content-Type", "").partition(";")[0]
    form = expected.text(MF + "expectedFormat")
    if form == "RDF":
        return "" if RdfFormat.from_media_type(media) else f"expected RDF, but found {media}"
    if form in ("boolean", "tabular"):
        table = QueryResultsFormat.from_media_type(media)
        if table is None:
            return f"expected a result, but found {media}"
        result = results.canonicalise_answer(parse_query_results(response.content, table))
        expected_boolean = expected.text(MF + "expectedBoolean")
        if isinstance(result, bool) != (form == "boolean") or (expected_boolean and result != (expected_boolean == "true")):
            return f"expected {expected_boolean or form}, but found {response.text}"
    return ""


def _run_format(case: Case, served: ServerProcess) -> str:
    query = case.action.value(QT + "query")
    assert query
    suffix = case.result.file.suffix
    response = requests.post(
        f"{served.address}/sparql",
        {
            "query": query.file.read_text(encoding="utf-8"),
            "default-graph-uri": [_graph_name(data) for data in case.action.values(QT + "data")],
        },
        headers={"Accept": _MEDIA[suffix]},
        timeout=_SECONDS,
    )
    if not response.ok or response.headers["Content-Type"].partition(";")[0] != _MEDIA[suffix]:
        return f"status {response.status_code}, {response.headers.get('Content-Type')}: {response.text}"
    expected, _ = results.read_expected(case.result.file)
    if suffix == ".csv":
        actual: results.Form = results.canonicalise_csv(response.text)
    else:
        form = QueryResultsFormat.from_media_type(_MEDIA[suffix])
        assert form
        actual = results.canonicalise_answer(parse_query_results(response.content, form))
    return "" if actual == expected else f"expected {expected}, but found {actual}"


def _run_description(case: Case, served: ServerProcess) -> str:
    endpoint = f"{served.address}/sparql"
    response = requests.get(endpoint, timeout=_SECONDS)
    media = response.headers["Content-Type"].partition(";")[0]
    form = RdfFormat.from_media_type(media)
    if not response.ok or form is None:
        return f"expected RDF, but found status {response.status_code}, {media}"
    quads = list(parse(response.content, form))
    if case.name.endswith("/has-endpoint-triple"):
        endpoints = [quad.object for quad in quads if quad.predicate == NamedNode(_SD + "endpoint")]
        return "" if endpoints == [NamedNode(endpoint)] else f"expected {endpoint}, but found {endpoints}"
    if case.name.endswith("/conforms-to-schema"):
        text = pyoxigraph.serialize(quads, format=RdfFormat.TRIG) or b""
        return "; ".join(str(finding) for finding in check_shapes(text.decode(), [_SCHEMA]))
    return ""


_KINDS = {
    "ProtocolTest": _run_protocol,
    "ServiceDescriptionTest": _run_description,
    "QueryEvaluationTest": _run_format,
    "CSVResultFormatTest": _run_format,
}
