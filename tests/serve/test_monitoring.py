"""What an operator sees: the access log, which records each request and its outcome, and /metrics in the OpenMetrics format."""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import struct
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import requests
from prometheus_client.openmetrics.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from tests.support.serving import ServerProcess, read_all, serving, wait_for

from nevkg.serve.http.middleware import AccessLog, drop_reported
from nevkg.serve.pages.requests import respond_to_error

# A graph is streamed, whereas the rows of a table are collected first.
ENDLESS = "CONSTRUCT { ?a ?e ?i } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
FIELDS = {"method", "path", "status", "bytes", "ms", "outcome"}


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("log") / "log"


@pytest.fixture(scope="module")
def logging_server(part: str, log: Path) -> Iterator[ServerProcess]:
    """A server with a log, a short time limit and practically no row limit."""
    with serving("--data", part, "--log", "--time-limit", "4", "--rows", "1000000000", "--quick", "1", "--slow", "1", log=log) as server:
        yield server


@pytest.fixture
def read_new_lines(log: Path) -> Callable[[], list[dict[str, Any]]]:
    """A function that returns the requests in the log since the start of the test."""
    before = len(log.read_text().splitlines()) if log.exists() else 0

    def read() -> list[dict[str, Any]]:
        # On a busy machine, the pool may log a sentence of its own.
        lines = [json.loads(line) for line in log.read_text().splitlines()[before:] if line.startswith("{")]
        assert all(set(line) == FIELDS for line in lines)
        return lines

    return read


def send_request(served: ServerProcess, content: bytes) -> socket.socket:
    client = served.connect()
    client.sendall(content)
    return client


def build_request(query: str, version: str = "1.1") -> bytes:
    return f"GET /sparql?query={quote(query)} HTTP/{version}\r\nHost: localhost\r\nAccept: application/n-triples\r\n\r\n".encode()


ReadLines = Callable[[], list[dict[str, Any]]]


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["identity", "gzip", "zstd"])
def test_an_answer_cut_by_the_time_limit_is_logged_as_cut(logging_server: ServerProcess, read_new_lines: ReadLines, encoding: str) -> None:
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        logging_server.ask(f"{ENDLESS} # {encoding}", headers={"Accept": "application/n-triples", "Accept-Encoding": encoding})
    wait_for(lambda: len(read_new_lines()) == 1)
    (line,) = read_new_lines()
    assert (line["status"], line["outcome"]) == (200, "cut: time limit")
    assert line["bytes"] > 1000 or encoding != "identity"


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_a_cut_answer_has_no_end(logging_server: ServerProcess, version: str) -> None:
    with send_request(logging_server, build_request(f"{ENDLESS} # {version}", version)) as client:
        content = read_all(client)
    assert b"transfer-encoding: chunked" in content[:2000]
    assert not content.endswith(b"\r\n0\r\n\r\n")


def test_a_worker_that_dies_in_the_middle_of_an_answer(logging_server: ServerProcess, log: Path) -> None:
    with send_request(logging_server, build_request(f"{ENDLESS} # dies")) as client:
        assert client.recv(1000).startswith(b"HTTP/1.1 200")
        for worker in logging_server.workers:
            os.kill(worker, signal.SIGKILL)
        content = read_all(client)
    assert not content.endswith(b"\r\n0\r\n\r\n")
    wait_for(lambda: '"outcome": "cut: worker lost"' in log.read_text())
    # Idle workers may be killed too; at least one lost worker is reported.
    wait_for(lambda: "A worker process ended unexpectedly (signal 9); a new one replaces it.\n" in log.read_text())
    assert "Traceback" not in log.read_text()


RESET = struct.pack("ii", 1, 0)


@pytest.mark.parametrize(
    "request_of",
    [
        pytest.param(lambda: build_request(f"{ENDLESS} # streams"), id="in the middle of an answer"),
        pytest.param(lambda: build_request("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"), id="before the answer"),
        pytest.param(
            lambda: b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\nContent-Length: 9\r\n\r\nASK",
            id="in the middle of its own request",
        ),
    ],
)
@pytest.mark.parametrize("reset", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_a_disconnected_client_has_one_log_line(
    logging_server: ServerProcess, read_new_lines: ReadLines, request_of: Callable[[], bytes], reset: bool
) -> None:
    with send_request(logging_server, request_of()) as client:
        if b"streams" in request_of():
            client.recv(1000)
        else:
            client.settimeout(0.4)
            with pytest.raises(TimeoutError):
                client.recv(1)
        if reset:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    wait_for(lambda: len(read_new_lines()) == 1)
    (line,) = read_new_lines()
    assert line["outcome"] == "client gone"
    assert line["status"] in (200, 499)


def test_every_request_has_a_line_with_its_outcome(logging_server: ServerProcess, read_new_lines: ReadLines) -> None:
    outcomes: dict[str, Callable[[], object]] = {
        "complete": lambda: logging_server.ask("ASK {}"),
        "refused": lambda: logging_server.ask("nonsense"),
        "refused: time limit": lambda: logging_server.ask("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } # long"),
        "refused: not a valid HTTP request": lambda: send_request(logging_server, b"NONSENSE\r\n\r\n").recv(1000),
        "refused: head too large": lambda: send_request(
            logging_server, b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 101 + b"\r\n"
        ).recv(1000),
    }
    for act in outcomes.values():
        act()
    wait_for(lambda: len(read_new_lines()) == len(outcomes))
    assert [line["outcome"] for line in read_new_lines()] == list(outcomes)
    assert [line["status"] for line in read_new_lines()] == [200, 400, 504, 400, 431]


def test_the_log_has_only_request_lines_when_the_server_stops(part: str, tmp_path: Path) -> None:
    path = tmp_path / "log"
    options = ("--data", part, "--log", "--rows", "1000000000", "--time-limit", "4", "--quick", "1", "--slow", "1")
    with serving(*options, log=path) as server, send_request(server, build_request(ENDLESS)) as client:
        client.recv(1000)
        server.process.send_signal(signal.SIGTERM)
        read_all(client)
        server.process.wait(30)
    assert [json.loads(line)["outcome"] for line in path.read_text().splitlines()] == ["cut: time limit"]


@pytest.mark.parametrize(("is_begun", "outcome"), [(False, "failed"), (True, "cut: error")])
def test_an_unexpected_error_is_logged_and_raised(is_begun: bool, outcome: str, caplog: pytest.LogCaptureFixture) -> None:
    async def fails(_: Request) -> Response:
        async def pieces() -> AsyncIterator[bytes]:
            yield b"begun"
            raise ValueError("unexpected")

        if is_begun:
            return StreamingResponse(pieces())
        raise ValueError("unexpected")

    app = Starlette(routes=[Route("/", fails)], exception_handlers={Exception: respond_to_error})
    with caplog.at_level("INFO", "nevkg.access"), pytest.raises(ValueError, match="unexpected"):
        TestClient(AccessLog(app)).get("/")
    (record,) = caplog.records
    assert json.loads(record.message)["outcome"] == outcome
    assert drop_reported(logging.LogRecord("", 0, "", 0, "", None, (ValueError, ValueError(), None)))


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
