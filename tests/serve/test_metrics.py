"""/metrics: its counters, the OpenMetrics format, and the absence of data about clients."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from tests.support.serving import ServerProcess, serving

SELECT = "SELECT ?secret { ?secret ?p ?o } LIMIT 400"


@pytest.fixture(scope="module")
def metrics_server(part: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    options = ("--metrics", "--client-errors", "1", "--public-url", "http://localhost/kg/")
    log: Path = tmp_path_factory.mktemp("watched") / "log"
    with serving("--data", part, "--quick", "1", "--slow", "1", *options, log=log) as server:
        yield server


def read_metrics(server: ServerProcess) -> dict[tuple[str, ...], float]:
    """Returns each sample by its name and label values, with a strict OpenMetrics parser."""
    answer = server.get("/metrics")
    assert answer.headers["Content-Type"].startswith("application/openmetrics-text; version=1.0.0")
    assert answer.headers["Cache-Control"] == "no-store"
    families = list(text_string_to_metric_families(answer.text))  # type: ignore[no-untyped-call]
    assert all(family.documentation for family in families)
    return {(sample.name, *sample.labels.values()): sample.value for family in families for sample in family.samples}


def test_requests_jobs_and_refusals_are_counted(metrics_server: ServerProcess) -> None:
    before = read_metrics(metrics_server)
    tag = metrics_server.ask(SELECT).headers["ETag"]
    cached = metrics_server.ask(SELECT, headers={"Accept-Encoding": "identity"})
    metrics_server.ask(SELECT, headers={"If-None-Match": tag})
    metrics_server.ask("nonsense of secret")
    metrics_server.ask("more nonsense of secret")
    metrics_server.get("/api/questions/secret")
    metrics_server.get("/secret/name")
    after = read_metrics(metrics_server)

    def increase(*name: str) -> float:
        return after[name] - before.get(name, 0)

    for method, route, status, count in (
        ("POST", "/sparql", "200", 2),
        ("POST", "/sparql", "304", 1),
        ("POST", "/sparql", "400", 1),
        ("POST", "/sparql", "429", 1),
        ("GET", "/api/questions/{question}", "429", 1),
    ):
        assert increase("nevkg_http_requests_total", method, route, status) == count, (route, status)
    assert increase("nevkg_answers_total", "kept") == increase("nevkg_answers_total", "unchanged") == 1
    assert increase("nevkg_answers_total", "worker") == 2
    assert increase("nevkg_jobs_total", "quick") == 2
    assert increase("nevkg_refusals_total", "errors") == 3
    assert increase("nevkg_processor_seconds_total", "quick") > 0
    assert increase("nevkg_http_response_bytes_total", "/sparql") > len(cached.content)
    assert increase("nevkg_http_request_duration_seconds_count", "/sparql") == 5
    assert after["nevkg_workers",] == after["nevkg_worker_starts_total",] == 2
    assert after["nevkg_jobs_running", "slow"] == after["nevkg_jobs_waiting", "quick"] == 0
    assert after["nevkg_kept_bytes",] > 0
    assert after["nevkg_clients",] == 1
    assert after["nevkg_dataset_opened_seconds",] > 1_700_000_000
    digest = metrics_server.health["dataset"]["digest"]
    assert after["nevkg_dataset_info", digest] == 1


def test_metrics_reveal_nothing_about_requests(metrics_server: ServerProcess) -> None:
    for number in range(30):
        metrics_server.get(f"/secret{number}?q=secret", headers={"User-Agent": "secret", "X-Forwarded-For": "192.0.2.1"})
    metrics_server.get("/kg/sparql?query=secret")
    text = metrics_server.get("/metrics").text
    assert not any(word in text for word in ("secret", "192.0.2.1", "127.0.0.1", "/kg"))
    routes = {line for line in text.splitlines() if line.startswith("nevkg_http_requests_total")}
    assert len(routes) < 20, "the routes are ours, not the paths of requests"


def test_metrics_are_off_by_default(served: ServerProcess) -> None:
    assert served.get("/metrics").status_code == 404
