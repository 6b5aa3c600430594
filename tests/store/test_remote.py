"""The remote store: the same answers as the embedded store, and a one-line message for every network error."""

from __future__ import annotations

import gc
import gzip
import socket
import threading
import weakref
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, QueryBoolean, QueryResultsFormat, QuerySolutions, QueryTriples
from tests.support import servers
from tests.support.local_http import Behaviour, respond, serve_http
from tests.support.servers import free_port
from tests.support.worlds import SHIPPED

from nevkg.errors import CouldNotRun, NevkgError, WrongUsage
from nevkg.lookup import entities
from nevkg.store import EmbeddedStore, Store
from nevkg.store.remote import RemoteStore, open_remote

BYD = "https://w3id.org/nevkg/agent/byd"
JSON = "application/sparql-results+json"
RESULTS = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"yes"}}]}}'


@pytest.fixture(autouse=True, scope="module")
def clean_environment() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        servers.forget_environment(patch)
        yield


@pytest.fixture(scope="module")
def endpoint(sample: EmbeddedStore) -> Iterator[str]:
    """A real server on the store that the embedded one reads."""
    assert sample.place is not None
    with servers.reading(sample.place / "oxigraph") as server:
        yield server.query


@pytest.fixture(scope="module")
def remote(endpoint: str, sample: EmbeddedStore) -> Iterator[RemoteStore]:
    store = open_remote(endpoint, sample.layout)
    yield store
    store.connection.session.close()


# tests/interop/test_servers.py compares the answers of questions, searches and cards on this and other servers.


def test_an_unknown_name_is_reported(remote: RemoteStore, sample: EmbeddedStore) -> None:
    messages = []
    for store in (remote, sample):
        with pytest.raises(WrongUsage) as caught:
            entities.resolve(store, "bydd")
        messages.append(str(caught.value))
    assert messages[0] == messages[1]
    assert "Did you mean" in messages[0]


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("CONSTRUCT { ?s nev:source ?o } WHERE { ?s nev:source ?o }", QueryTriples),
        (f"DESCRIBE <{BYD}>", QueryTriples),
        ("ASK { ?s nev:source ?o }", QueryBoolean),
        ("ASK { ?s nev:noSuchThing ?o }", QueryBoolean),
        ("SELECT ?s ?none { ?s nev:source ?o }", QuerySolutions),
        ("SELECT ?g { GRAPH ?g { ?s nev:source ?o } }", QuerySolutions),
    ],
)
def test_same_types_and_content(query: str, kind: type, remote: RemoteStore, sample: EmbeddedStore) -> None:
    spaces = entities.namespaces(sample)
    remote_result, local_result = remote.query(query, spaces), sample.query(query, spaces)
    assert isinstance(remote_result, kind)
    assert isinstance(local_result, kind)
    if isinstance(remote_result, QueryBoolean) or isinstance(local_result, QueryBoolean):
        assert remote_result == local_result
    else:
        # The embedded store returns a triple once for each graph that has it.
        collect = set if kind is QueryTriples else list
        rows = [sorted(collect(str(row) for row in found)) for found in (remote_result, local_result)]
        assert rows[0] == rows[1]
        assert rows[0]


HISTORY, CURRENT, NOWHERE = (f"https://w3id.org/nevkg/graph/{name}" for name in ("history", "current", "nowhere"))
COUNT, BY_GRAPH = "SELECT (COUNT(*) AS ?n) {} {{ ?s ?p ?o }}", "SELECT (COUNT(*) AS ?n) {} {{ GRAPH ?g {{ ?s ?p ?o }} }}"


@pytest.mark.parametrize(
    ("query", "default", "names", "graph"),
    [
        (COUNT.format(f"FROM <{HISTORY}>"), [], [], HISTORY),
        (COUNT.format(f"from# a comment\n<{HISTORY}>"), [], [], HISTORY),
        (BY_GRAPH.format(f"FROM NAMED <{HISTORY}>"), [], [], HISTORY),
        (COUNT.format(f"FROM NAMED <{HISTORY}>"), [], [], None),
        (COUNT.format(f"FROM <{NOWHERE}>"), [], [], None),
        (COUNT.format(""), [HISTORY], [], HISTORY),
        (COUNT.format(""), [HISTORY], [CURRENT], HISTORY),
        (COUNT.format(f"FROM <{CURRENT}>"), [HISTORY, NOWHERE], [], HISTORY),
        (COUNT.format(""), [NOWHERE], [], None),
        (COUNT.format(""), [], [HISTORY], None),
        (BY_GRAPH.format(""), [], [HISTORY], HISTORY),
        (BY_GRAPH.format(""), [HISTORY], [], None),
        (BY_GRAPH.format(f"FROM NAMED <{CURRENT}>"), [], [HISTORY, NOWHERE], HISTORY),
    ],
)
def test_queries_over_selected_graphs(
    query: str, default: list[str], names: list[str], graph: str | None, endpoint: str, sample: EmbeddedStore
) -> None:
    size = len(list(sample.store.quads_for_pattern(None, None, None, NamedNode(graph)))) if graph else 0
    assert size or not graph
    remote = open_remote(endpoint, sample.layout, named=endpoint.partition("?")[0])
    for store in (sample, remote):
        found = store.query(query, default_graphs=default, named_graphs=names)
        assert isinstance(found, QuerySolutions)
        assert [row["n"].value for row in found] == [str(size)]
    remote.connection.session.close()


@pytest.mark.parametrize("name", ["history", "", "x:a b", "<x:a>"])
def test_graph_names_must_be_iris(name: str, remote: RemoteStore, sample: EmbeddedStore) -> None:
    for store in (sample, remote):
        with pytest.raises(WrongUsage, match=f"^'{name}' cannot be the name of a graph"):
            store.query("ASK {}", named_graphs=[name])


def test_solutions_can_be_written(remote: RemoteStore) -> None:
    found = remote.query("SELECT * { VALUES (?x ?y) { (1 UNDEF) ('比' <x:y>) } }")
    assert isinstance(found, QuerySolutions)
    assert found.serialize(format=QueryResultsFormat.CSV) == "x,y\r\n1,\r\n比,x:y\r\n".encode()


def test_the_remote_store_implements_store(remote: RemoteStore, sample: EmbeddedStore, endpoint: str) -> None:
    store: Store = remote
    assert store.layout is sample.layout
    assert store.identity == f"store {endpoint}"
    assert (store.known_by, store.place) == (None, None)


@pytest.mark.parametrize("query", ["SELECT ?s {\n  ?s nev:source }", "INSERT DATA { <x:s> <x:p> 1 }", "SELECT ?s { ?s unknown:p ?o }", ""])
def test_syntax_errors_are_those_of_the_embedded_store(query: str, remote: RemoteStore, sample: EmbeddedStore) -> None:
    """The message is that of the embedded store, with lines and columns of the original text."""
    spaces = entities.namespaces(sample)
    messages = []
    for store in (remote, sample):
        with pytest.raises(SyntaxError) as caught:
            store.query(query, spaces)
        messages.append(str(caught.value))
    assert messages[0] == messages[1]


def test_service_is_refused(remote: RemoteStore) -> None:
    with pytest.raises(WrongUsage, match="SERVICE"):
        remote.query("SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }")


@dataclass
class FaultyServer:
    """A server with a list of behaviours, one per request; it repeats the last one."""

    address: str = ""
    behaviours: list[Behaviour] = field(default_factory=list)
    requests: list[tuple[str, str, str]] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)

    def __call__(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        self.requests.append((handler.path, body.decode(), handler.headers.get("Authorization", "")))
        (self.behaviours.pop(0) if len(self.behaviours) > 1 else self.behaviours[0])(handler, body)

    def open(self, *behaviours: Behaviour) -> RemoteStore:
        self.behaviours[:] = behaviours
        return open_remote(self.address, SHIPPED, pause=0)


@pytest.fixture
def faulty() -> Iterator[FaultyServer]:
    state = FaultyServer()
    with serve_http(state) as address:
        state.address = f"{address}/sparql"
        yield state
        state.stopped.set()


def answer_with(status: int = 200, content: bytes = RESULTS, kind: str | None = JSON, **heads: str | None) -> Behaviour:
    """Returns a behaviour that answers, without a length if ``Connection`` is given."""

    def behave(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        lengths: dict[str, str | None] = {"Content_Length": None} if "Connection" in heads else {}
        respond(handler, content, status, Content_Type=kind, **lengths, **heads)
        if "Connection" in heads or "Content_Length" in heads:
            handler.close_connection = True

    return behave


def hang_up(handler: BaseHTTPRequestHandler, _: bytes) -> None:
    handler.close_connection = True


def error_message(store: RemoteStore, kind: type[NevkgError] = CouldNotRun) -> str:
    with pytest.raises(kind) as caught:
        store.query("SELECT ?x { ?s ?p ?x }")
    message = str(caught.value)
    assert "\n" not in message
    assert message.endswith((".", "?"))
    return message


def value(store: RemoteStore) -> str:
    # Results are not named: an error that a test keeps would keep them, and they may only be released in their thread.
    (text,) = [str(row["x"].value) for row in entities.select(store, "SELECT ?x { ?s ?p ?x }")]
    return text


@pytest.mark.parametrize("fault", [answer_with(500, b"oh", "text/plain"), answer_with(503, b"", None, Retry_After="0"), hang_up])
def test_temporary_failures_are_retried(faulty: FaultyServer, fault: Behaviour) -> None:
    assert value(faulty.open(fault, fault, fault, answer_with())) == "yes"
    assert len(faulty.requests) == 4
    assert {body for _, body, _ in faulty.requests} == {"query=SELECT+%3Fx+%7B+%3Fs+%3Fp+%3Fx+%7D"}


def test_a_retried_failure_keeps_no_results(faulty: FaultyServer) -> None:
    class Held:
        """Stands for results, which have no weak references."""

    def hold(store: RemoteStore) -> weakref.ref[Held]:
        held = Held()
        value(store)
        return weakref.ref(held)

    store = faulty.open(hang_up, answer_with())
    gc.collect()
    gc.disable()
    try:
        assert hold(store)() is None, "the frames of callers are released without a search for cycles"
    finally:
        gc.enable()


PAGE = b"<html><head><style>p {}</style></head><body><h1>Down &amp; out</h1>\n<p>for\x1b[31m good.</p></body></html>"
REFUSED = "refuses access (%s); set NEVKG_STORE_USER and NEVKG_STORE_PASSWORD to a valid name and password."
LOOP = answer_with(302, b"", None, Location="/sparql")
IS_ENDPOINT = "is this the address of a SPARQL endpoint?"


@pytest.mark.parametrize(
    ("behaviour", "tries", "message"),
    [
        (answer_with(401, b"no", "text/plain"), 1, "{0} " + REFUSED % 401),
        (answer_with(403, b"no", "text/plain"), 1, "{0} " + REFUSED % 403),
        (answer_with(404, b"", None), 1, f"There is nothing at {{0}} (404); {IS_ENDPOINT}"),
        (answer_with(503, PAGE, "text/html"), 4, "{0} did not answer the query (503 Service Unavailable): Down & out for [31m good."),
        (answer_with(400, b"x" * 5000, "text/plain"), 1, f"{{0}} did not answer the query (400 Bad Request): {'x' * 200}…."),
        (hang_up, 4, "The request to {0} failed: Remote end closed connection without response."),
        (answer_with(200, b"<html>", "text/html; charset=utf-8"), 1, f"{{0}} returned HTML, not SPARQL results; {IS_ENDPOINT}"),
        (answer_with(200, b"", "image/png"), 1, f"{{0}} returned image/png, not SPARQL results; {IS_ENDPOINT}"),
        (answer_with(200, b"", None), 1, f"{{0}} returned a response without a Content-Type, not SPARQL results; {IS_ENDPOINT}"),
        (
            answer_with(302, b"", None, Location="/sparql"),
            6,
            "{0} redirected the request 6 times; give the address of the endpoint itself.",
        ),
    ],
)
def test_failures_are_reported(faulty: FaultyServer, behaviour: Behaviour, tries: int, message: str) -> None:
    assert error_message(faulty.open(behaviour)) == message.format(faulty.address)
    assert len(faulty.requests) == tries


def test_a_syntax_error_is_located_without_the_server(faulty: FaultyServer) -> None:
    with pytest.raises(SyntaxError, match="error at 1:"):
        faulty.open(answer_with(400, b"no", "text/plain")).query("SELEKT ?x")


@pytest.mark.parametrize("kind", [JSON, "application/n-triples", "text/turtle", "text/plain", "application/sparql-results+xml"])
def test_a_response_that_does_not_match_its_type(faulty: FaultyServer, kind: str) -> None:
    message = error_message(faulty.open(answer_with(200, b"Welcome, stranger", kind)))
    assert message.startswith(f"The response of {faulty.address} is truncated or is not {kind}: ")


def test_truncated_responses(faulty: FaultyServer) -> None:
    """Truncated responses: with a length, in chunks, and without either, where only the parser detects it."""
    cut = RESULTS[:-3]
    start = f"The response of {faulty.address}"
    assert error_message(faulty.open(answer_with(content=cut, Content_Length="900"))).startswith(f"{start} was interrupted: ")
    chunk = b"%x\r\n%s\r\n40\r\n" % (len(cut), cut)
    assert error_message(faulty.open(answer_with(content=chunk, Connection="close", Transfer_Encoding="chunked"))).startswith(
        f"{start} was interrupted: "
    )
    assert error_message(faulty.open(answer_with(content=cut, Connection="close"))).startswith(f"{start} is truncated or is not {JSON}: ")
    cut_gzip = gzip.compress(RESULTS)[:20]
    assert error_message(faulty.open(answer_with(content=cut_gzip, Content_Encoding="gzip"))).startswith(start)


def test_compressed_responses(faulty: FaultyServer) -> None:
    assert value(faulty.open(answer_with(content=gzip.compress(RESULTS), Content_Encoding="gzip"))) == "yes"


def test_long_responses_are_stored_in_a_file(faulty: FaultyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nevkg.store.remote._IN_MEMORY", 10)
    assert value(faulty.open(answer_with())) == "yes"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirects_are_followed(faulty: FaultyServer, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The query follows redirects; the password does so only on the same host."""
    monkeypatch.setenv("NEVKG_STORE_USER", "zoé")
    monkeypatch.setenv("NEVKG_STORE_PASSWORD", "秘")
    elsewhere = faulty.address.replace("127.0.0.1", "localhost").replace("/sparql", "/b")
    store = faulty.open(answer_with(status, b"", None, Location="/a"), answer_with(status, b"", None, Location=elsewhere), answer_with())
    assert value(store) == "yes"
    password = "Basic " + b64encode("zoé:秘".encode()).decode()
    assert [(path, given) for path, _, given in faulty.requests] == [("/sparql", password), ("/a", password), ("/b", "")]
    assert len({body for _, body, _ in faulty.requests}) == 1


def test_redirects_to_other_schemes_are_refused(faulty: FaultyServer) -> None:
    assert "No connection adapters" in error_message(faulty.open(answer_with(302, b"", None, Location="file:///etc/passwd")))


def test_a_refused_connection_is_reported() -> None:
    address = f"http://127.0.0.1:{free_port()}/"
    assert error_message(open_remote(address, SHIPPED, pause=0)) == f"The request to {address} failed: Connection refused."


def test_a_connection_timeout_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nevkg.store.endpoints._CONNECT_SECONDS", 0.05)
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        port = deaf.getsockname()[1]
        # Fill the queue of connections.
        clients = [socket.socket() for _ in range(3)]
        for client in clients:
            client.setblocking(False)
            client.connect_ex(("127.0.0.1", port))
        message = error_message(open_remote(f"http://127.0.0.1:{port}/", SHIPPED, pause=0))
        for client in clients:
            client.close()
    assert message == f"The request to http://127.0.0.1:{port}/ failed: there was no connection within 0.05 seconds."


def test_an_unknown_host_is_reported() -> None:
    address = "http://nowhere.invalid/"
    assert error_message(open_remote(address, SHIPPED, pause=0)).startswith(f"The request to {address} failed: ")


def test_a_read_timeout_is_reported(faulty: FaultyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The request is not repeated, since the server would do the same work again."""
    monkeypatch.setenv("NEVKG_STORE_TIMEOUT", "0.2")

    def wait(*_: object) -> None:
        faulty.stopped.wait(5)

    message = error_message(faulty.open(wait))
    assert message == (
        f"The request to {faulty.address} failed: the server sent nothing for 0.2 seconds; NEVKG_STORE_TIMEOUT sets how long to wait."
    )
    assert len(faulty.requests) == 1


def test_a_timeout_within_the_response_is_reported(faulty: FaultyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEVKG_STORE_TIMEOUT", "0.2")

    def pause(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        answer_with(content=RESULTS[:20], Content_Length=str(len(RESULTS)))(handler, body)
        faulty.stopped.wait(5)

    assert "was interrupted: the server sent nothing for 0.2 seconds" in error_message(faulty.open(pause))


@pytest.mark.parametrize("seconds", ["soon", "0", "-1", "nan", "inf"])
def test_an_invalid_timeout_is_refused(seconds: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEVKG_STORE_TIMEOUT", seconds)
    with pytest.raises(WrongUsage, match=r"NEVKG_STORE_TIMEOUT is '.*', which is not a number of seconds"):
        open_remote("http://127.0.0.1/", SHIPPED)


def test_credentials_come_from_netrc(faulty: FaultyServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login ann password secret\n", encoding="ascii")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    value(faulty.open(answer_with()))
    assert faulty.requests[0][2] == "Basic " + b64encode(b"ann:secret").decode()


@pytest.mark.parametrize("address", ["http://", "https:///sparql", "ftp://example.org/", "sparql", "http://a:b/", "http://[::1/"])
def test_an_invalid_address_is_refused(address: str) -> None:
    with pytest.raises(WrongUsage, match="must be that of a SPARQL endpoint"):
        open_remote(address, SHIPPED)


@pytest.mark.parametrize("user", ["ann:secret", "secret", ":secret"])
def test_passwords_in_addresses_are_refused(user: str) -> None:
    with pytest.raises(WrongUsage, match="NEVKG_STORE_USER and NEVKG_STORE_PASSWORD") as caught:
        open_remote(f"https://{user}@example.org/sparql", SHIPPED)
    assert "secret" not in str(caught.value)


def test_the_password_is_not_in_the_repr(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEVKG_STORE_USER", "ann")
    monkeypatch.setenv("NEVKG_STORE_PASSWORD", "secret")
    assert "secret" not in repr(open_remote("http://example.org/", SHIPPED))


def test_needed_prefixes_are_added(faulty: FaultyServer) -> None:
    """Used and undeclared prefixes are added on the first line of the query."""
    store = faulty.open(answer_with())
    store.query("# a:\nPREFIX a: <x:other>\nSELECT ?x { ?s a:p ?x ; b:p 'c:p' . _:d a <e:f> }", dict.fromkeys("abcde", "x:a"))
    assert "query=PREFIX+b%3A+%3Cx%3Aa%3E+%23+a%3A%0APREFIX+a" in faulty.requests[0][1]
    store.query("SELECT ?x { ?s ?p ?x }", {"a": "x:a"})
    assert faulty.requests[1][1].startswith("query=SELECT")
