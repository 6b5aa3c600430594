"""The server as a whole: start and shutdown, response headers, changes of the dataset, and misbehaving clients."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
from tests.conftest import Result
from tests.support import servers
from tests.support.serving import DECODERS, OFTEN, ServerProcess, read_all, serving, wait_for

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
MANY = "SELECT ?s ?p { ?s ?p ?o } LIMIT 500"


# Start and shutdown


def test_a_port_in_use_is_reported(served: ServerProcess, nevkg: Callable[..., Result]) -> None:
    port = served.address.rpartition(":")[2]
    result = nevkg("serve", "--port", port)
    assert (result.code, result.out) == (3, "")
    assert (
        result.err == f"nevkg: Port {port} is in use by another program; choose another one with --port, or --port 0 for any free port.\n"
    )


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--host", "192.0.2.1"), "is not an address of this machine"),
        (("--host", "nowhere.invalid"), "is not an address to listen on"),
        (("--port", "70000"), "'70000' is not a port"),
        (("--time-limit", "0"), "is not a number of seconds above 0"),
        (("--memory", "none"), "is not a whole number above 0"),
        (("--store", "nowhere"), "does not exist"),
        (("--store", "nowhere", "--data", "data"), "leave one of them out"),
        (("--nonsense",), "--nonsense"),
        (("--public-url", "example.org"), "--public-url: 'example.org' does not begin with http"),
        (("--allow-origin", "https://example.org/path"), "is not an origin"),
        (("--allow-origin", "null"), "is not an origin"),
        (("--allow-embed", "https://example.org/path"), "is not an origin"),
        (("--trust-proxy", "proxy.example"), "is not the address of a proxy"),
        (("--trust-proxy", "10.0.0.1/8"), "is not the address of a proxy"),
        (("--client-seconds", "-1"), "is not a number of seconds"),
        (("--client-queries", "1.5"), "is not a whole number"),
        (("--require-key",), "--require-key needs a file of keys"),
    ],
)
def test_wrong_usage_is_reported_in_one_sentence(nevkg: Callable[..., Result], options: tuple[str, ...], words: str) -> None:
    result = nevkg("serve", *options)
    assert (result.code, result.out, result.err.count("\n")) == (2, "", 1)
    assert words in result.err


def test_a_server_for_all_networks(part: str) -> None:
    with serving("--data", part, "--host", "0.0.0.0") as open_to_all:
        health = open_to_all.get("/health", headers={"Host": "any.example", "Origin": "https://example.org"})
        assert (health.status_code, health.headers["Access-Control-Allow-Origin"]) == (200, "*")
        assert health.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        code, errors = open_to_all.stop()
    assert "anyone who can reach this machine can query it" in errors
    assert code == -signal.SIGTERM


def test_requests_before_the_shutdown_are_answered(part: str) -> None:
    with serving("--data", part, "--quick", "1", "--slow", "1") as server, server.connect() as accepted:
        workers = server.workers
        # The server is suspended, so that two requests, a connection and the signal arrive at the same time.
        server.process.send_signal(signal.SIGSTOP)
        with server.connect() as waiting:
            for client in (accepted, waiting):
                client.sendall(b"GET /api HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            server.process.send_signal(signal.SIGINT)
            time.sleep(0.3)  # The server checks for signals every tenth of a second.
            server.process.send_signal(signal.SIGCONT)
            assert read_all(accepted).startswith(b"HTTP/1.1 200 OK")
            assert read_all(waiting).startswith(b"HTTP/1.1 200 OK")
        assert server.process.wait(30) == 0
        wait_for(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers))


def test_a_killed_server_leaves_no_workers(part: str) -> None:
    with serving("--data", part, "--quick", "1", "--slow", "1") as server:
        workers = server.workers
        server.process.kill()
        server.process.wait()
        wait_for(lambda: not any(_is_running(worker) for worker in workers))


def _is_running(process: int) -> bool:
    """Whether a process is running; a zombie is not."""
    try:
        return ") Z" not in Path(f"/proc/{process}/stat").read_text(encoding="ascii")
    except OSError:
        return False


# Response headers


def test_equal_queries_have_the_same_etag_and_return_304(served: ServerProcess) -> None:
    first, second = served.ask(MANY), served.ask(MANY)
    tag = first.headers["ETag"]
    assert (first.headers["ETag"], first.content) == (second.headers["ETag"], second.content)
    assert (tag[0], tag[-1]) == ('"', '"')
    unchanged = served.ask(MANY, headers={"If-None-Match": f'"other", {tag}'})
    assert (unchanged.status_code, unchanged.content, unchanged.headers["ETag"]) == (304, b"", tag)
    assert served.ask(MANY, headers={"If-None-Match": '"other"'}).status_code == 200
    assert served.ask(COUNT, headers={"If-None-Match": tag}).status_code == 200


def test_each_format_and_encoding_has_its_own_etag(served: ServerProcess) -> None:
    tags = set()
    for accept in ("text/csv", "application/sparql-results+json"):
        plain = served.ask(MANY, headers={"Accept": accept, "Accept-Encoding": "identity"}).content
        for encoding, unpack in DECODERS.items():
            headers = {"Accept": accept, "Accept-Encoding": encoding}
            answer = served.ask(MANY, headers=headers, stream=True)
            assert answer.headers.get("Content-Encoding", "identity") == encoding
            assert "Accept-Encoding" in answer.headers["Vary"]
            assert unpack(answer.raw.read(decode_content=False)) == plain
            again = served.ask(MANY, headers={**headers, "If-None-Match": (tag := answer.headers["ETag"])})
            assert (again.status_code, again.headers["ETag"]) == (304, tag)
            tags.add(tag)
    assert len(tags) == 6


def test_nondeterministic_answers_have_no_etag(served: ServerProcess) -> None:
    now = served.ask("SELECT (NOW() AS ?now) {}")
    assert ("ETag" in now.headers, now.headers["Cache-Control"]) == (False, "no-store")


@pytest.mark.parametrize("path", ["/", "/health", "/api", "/nowhere", "/sparql?query=nonsense", "/static/nowhere"])
def test_every_answer_has_security_headers(served: ServerProcess, path: str) -> None:
    headers = served.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Server" not in headers


@pytest.mark.parametrize("path", ["/", "/api/dataset", "/dataset.trig", "/health", "/sparql"])
def test_every_path_lists_its_methods(served: ServerProcess, path: str) -> None:
    options = requests.options(served.address + path, timeout=60)
    refused = requests.delete(served.address + path, timeout=60)
    methods = "GET, HEAD, OPTIONS" + (", POST" if path == "/sparql" else "")
    assert (options.status_code, options.content, options.headers["Allow"]) == (204, b"", methods)
    assert (refused.status_code, refused.json()["status"], refused.headers["Allow"]) == (405, 405, methods)


def test_head_is_get_without_a_body(served: ServerProcess) -> None:
    for path in ("/", "/health", "/api", f"/sparql?query={COUNT}", "/sparql?query=SELEC"):
        head = requests.head(served.address + path, headers={"Accept-Encoding": "identity"}, timeout=30)
        whole = served.get(path, headers={"Accept-Encoding": "identity"})
        assert (head.status_code, head.content) == (whole.status_code, b"")
        for name in ("Content-Type", "Content-Length", "ETag", "Vary"):
            assert head.headers.get(name) == whole.headers.get(name), (path, name)


def test_the_log_contains_no_queries_and_no_clients(part: str, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with serving("--data", part, "--log", log=log) as server:
        server.get("/search?q=secret", headers={"User-Agent": "me", "Cookie": "mine", "Referer": "https://example.org/mine"})
        server.ask(COUNT)
        server.stop()
    text = log.read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    assert [(line["method"], line["path"], line["status"]) for line in lines] == [("GET", "/search", 200), ("POST", "/sparql", 200)]
    assert all(set(line) == {"method", "path", "status", "bytes", "ms", "outcome"} for line in lines)
    assert not any(word in text for word in ("secret", "127.0.0.1", "mine", "COUNT"))


# Changes of the dataset


@pytest.mark.slow
def test_a_reloaded_folder_is_served(part: str, tmp_path: Path, nevkg: Callable[..., Result]) -> None:
    folder = tmp_path / "store"
    assert nevkg("load", str(folder), "--data", part, "--known-by", "2025-06-01").code == 0
    with serving("--store", str(folder), "--quick", "1", "--slow", "1", constants=OFTEN) as server:
        before, tag = server.count(COUNT), server.ask(MANY).headers["ETag"]
        shutil.rmtree(folder)
        assert server.count("SELECT (COUNT(*) AS ?n) { ?s a ?o }") > 0
        for worker in server.workers:
            os.kill(worker, signal.SIGKILL)
        assert server.count("SELECT (COUNT(?s) AS ?n) { ?s a ?o }") > 0
        assert nevkg("load", str(folder), "--data", part).code == 0
        statuses: set[int] = set()

        def is_new() -> bool:
            # New queries are answered by a worker, old or new, and not from the cache.
            statuses.update(server.ask(f"{COUNT} # {number}").status_code for number in range(20))
            return server.count(COUNT) > before

        wait_for(is_new)
        assert statuses == {200}
        assert server.ask(MANY).headers["ETag"] != tag


@pytest.mark.slow
def test_changed_files_are_served_and_invalid_ones_are_not(part: str, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(part, data)
    registry = next(path for path in sorted(data.glob("*.ttl")) if "datasetDate" in path.read_text())
    good = registry.read_text()
    log = tmp_path / "log"
    cache = ("env", f"NEVKG_CACHE={tmp_path / 'cache'}")
    with serving("--data", str(data), "--quick", "1", "--slow", "1", log=log, prefix=cache, constants=OFTEN) as server:
        before, tag = server.count(COUNT), server.get("/dataset.nq").headers["ETag"]
        registry.write_text(good + "\nthis is not Turtle")
        wait_for(lambda: "is refused" in log.read_text())
        assert server.count(COUNT) == before
        registry.write_text(good + "\n<https://w3id.org/nevkg/dataset> <http://purl.org/dc/terms/subject> <urn:x> .\n")
        wait_for(lambda: server.count(COUNT) == before + 1)
        # The download of the old state is removed.
        assert server.get("/dataset.nq").headers["ETag"] != tag
        wait_for(lambda: len(list(tmp_path.glob("cache/serving-*/download-*"))) == 1)


@pytest.mark.slow
def test_a_server_in_front_of_another_server(part: str, nevkg: Callable[..., Result]) -> None:
    words = ("local-manufacturers", "country=TH")
    with servers.running("oxigraph") as behind:
        assert nevkg("load", behind.address, "--data", part).code == 0
        with serving("--store", behind.address, "--quick", "1", "--slow", "1") as server:
            answer = server.get(f"/api/questions/{'/answer?'.join(words)}&format=json")
            expected = json.loads(nevkg("ask", *words, "--data", part, "--format", "json").out)
            assert [row["maker"]["iri"] for row in answer.json()["rows"]] == [row["maker"]["iri"] for row in expected["rows"]]
            assert "ETag" not in answer.headers
            assert server.count(COUNT) > 10_000
            assert server.get("/", headers={"Accept": "text/html"}).ok
            assert len(server.get("/dataset.nq").content.splitlines()) > 10_000
            behind.kill()
            gone = server.get("/sparql", params={"query": f"{COUNT} # again", "over": "record"})
            assert (gone.status_code, behind.address in gone.json()["detail"]) == (503, True)


# Clients that misbehave


MALFORMED_HOSTS = [
    b"",
    *(b"Host:%b\r\n" % host for host in (b"", b" a b", b" localhost/evil", b" me@localhost", b" localhost:port", b" [::1", b" [1.2]")),
    b"Host: localhost\r\nHost: evil.example\r\n",
]


@pytest.mark.parametrize(
    ("sent", "statuses"),
    [
        (b"NONSENSE\r\n\r\n", (400,)),
        (b"GET / HTTP/9.9\r\n\r\n", (400,)),
        (b"GET /\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n", (400,)),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", (400,)),
        (b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", (400,)),
        (b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", (400, 431)),
        (b"GET / HTTP/1.1\r\n" + b"X-Y: " + b"a" * 300_000 + b"\r\n\r\n", (400, 431)),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 101 + b"\r\n", (431,)),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", (400,)),
        (b"\x00" * 1000, (400,)),
        (b"GET http://example.org/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", (200, 404)),
        (b"CONNECT example.org:443 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", (400, 404, 405)),
        (b"GET /health HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\n\r\n", (200,)),
        (b"GET /..%2f..%2fetc/passwd HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", (404,)),
        (b"GET /static/..%2f..%2fpyproject.toml HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", (404,)),
        *((b"GET /health HTTP/1.1\r\nConnection: close\r\n" + host + b"\r\n", (400,)) for host in MALFORMED_HOSTS),
        (b"GET /health HTTP/1.0\r\n\r\n", (200,)),
    ],
)
def test_malformed_requests_are_refused(served: ServerProcess, sent: bytes, statuses: tuple[int, ...]) -> None:
    answer = served.send(sent)
    assert not answer or int(answer.split(b" ", 2)[1]) in statuses
    assert answer or len(sent) > 1 << 16, "only a very large request may lose the answer because of a reset"
    assert served.get("/health").ok


def test_a_missing_extra_is_reported_in_one_sentence(monkeypatch: pytest.MonkeyPatch, nevkg: Callable[..., Result]) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    monkeypatch.delitem(sys.modules, "nevkg.serve.server", raising=False)
    result = nevkg("serve", "--port", "0")
    assert (result.code, result.err) == (3, "nevkg: This needs a package that is not installed (uvicorn): pip install 'nevkg[serve]'.\n")
