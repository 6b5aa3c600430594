"""The remote store: the same answers as the embedded one, and one clear sentence for whatever goes wrong on the way."""

from __future__ import annotations

import gzip
import os
import socket
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, QueryBoolean, QueryResultsFormat, QuerySolutions, QueryTriples
from tests.support import servers
from tests.support.servers import free_port
from tests.support.worlds import SHIPPED

from nevkg.errors import CouldNotRun, NevkgError, WrongUsage
from nevkg.lookup import entities
from nevkg.store import EmbeddedStore, Store
from nevkg.store.remote import RemoteStore, open_remote

BYD = "https://w3id.org/nevkg/agent/byd"
JSON = "application/sparql-results+json"
RIGHT = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"yes"}}]}}'


@pytest.fixture(autouse=True, scope="module")
def plain_surroundings() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("USER", "PASSWORD", "TIMEOUT"):
            patch.delenv(f"NEVKG_STORE_{name}", raising=False)
        patch.setenv("NETRC", os.devnull)
        patch.setenv("NO_PROXY", "*")
        yield


@pytest.fixture(scope="module")
def endpoint(sample: EmbeddedStore) -> Iterator[str]:
    """A real server on the very store that the embedded one reads."""
    assert sample.place is not None
    with servers.reading(sample.place / "oxigraph") as server:
        yield server.query


@pytest.fixture(scope="module")
def remote(endpoint: str, sample: EmbeddedStore) -> Iterator[RemoteStore]:
    store = open_remote(endpoint, sample.layout)
    yield store
    store.connection.session.close()


# That questions, searches and cards are answered alike is tested in test_servers.py, on this server and others.


def test_no_such_thing(remote: RemoteStore, sample: EmbeddedStore) -> None:
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
    there, here = remote.query(query, spaces), sample.query(query, spaces)
    assert isinstance(there, kind)
    assert isinstance(here, kind)
    if isinstance(there, QueryBoolean) or isinstance(here, QueryBoolean):
        assert there == here
    else:
        # A triple that several graphs hold comes more than once from the embedded store.
        one_each = set if kind is QueryTriples else list
        rows = [sorted(one_each(str(row) for row in found)) for found in (there, here)]
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
def test_the_graphs_that_are_asked(
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
def test_the_name_of_a_graph_is_an_iri(name: str, remote: RemoteStore, sample: EmbeddedStore) -> None:
    for store in (sample, remote):
        with pytest.raises(WrongUsage, match=f"^'{name}' cannot be the name of a graph"):
            store.query("ASK {}", named_graphs=[name])


def test_solutions_can_be_written(remote: RemoteStore) -> None:
    found = remote.query("SELECT * { VALUES (?x ?y) { (1 UNDEF) ('比' <x:y>) } }")
    assert isinstance(found, QuerySolutions)
    assert found.serialize(format=QueryResultsFormat.CSV) == "x,y\r\n1,\r\n比,x:y\r\n".encode()


def test_it_is_a_store(remote: RemoteStore, sample: EmbeddedStore, endpoint: str) -> None:
    store: Store = remote
    assert store.layout is sample.layout
    assert store.identity == f"store {endpoint}"
    assert (store.known_by, store.place) == (None, None)


@pytest.mark.parametrize("query", ["SELECT ?s {\n  ?s nev:source }", "INSERT DATA { <x:s> <x:p> 1 }", "SELECT ?s { ?s unknown:p ?o }", ""])
def test_no_query(query: str, remote: RemoteStore, sample: EmbeddedStore) -> None:
    """The same words as from the embedded store, so that lines and columns are those of the text."""
    spaces = entities.namespaces(sample)
    messages = []
    for store in (remote, sample):
        with pytest.raises(SyntaxError) as caught:
            store.query(query, spaces)
        messages.append(str(caught.value))
    assert messages[0] == messages[1]


def test_no_other_server(remote: RemoteStore) -> None:
    with pytest.raises(WrongUsage, match="SERVICE"):
        remote.query("SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }")


@dataclass
class Faulty:
    """A server that does what it is told, in order; the last for ever."""

    behaviours: list[Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=list)
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/sparql"

    def open(self, *behaviours: Callable[[BaseHTTPRequestHandler], None]) -> RemoteStore:
        self.behaviours[:] = behaviours
        return open_remote(self.address, SHIPPED, pause=0)


@pytest.fixture
def faulty() -> Iterator[Faulty]:
    state = Faulty()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            state.asked.append((self.path, body, self.headers.get("Authorization", "")))
            (state.behaviours.pop(0) if len(state.behaviours) > 1 else state.behaviours[0])(self)

        def log_message(self, format: str, *args: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield state
    finally:
        state.over.set()
        server.shutdown()
        thread.join()
        server.server_close()


def answering(status: int = 200, content: bytes = RIGHT, kind: str | None = JSON, **heads: str) -> Callable[[BaseHTTPRequestHandler], None]:
    """Answers; without a length if ``Connection`` is given."""

    def behave(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content_Type": kind, "Content_Length": None if "Connection" in heads else str(len(content)), **heads}.items():
            if value is not None:
                handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(content)
        if "Connection" in heads or heads.get("Content_Length"):
            handler.close_connection = True

    return behave


def hang_up(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True


def told(store: RemoteStore, kind: type[NevkgError] = CouldNotRun) -> str:
    with pytest.raises(kind) as caught:
        store.query("SELECT ?x { ?s ?p ?x }")
    message = str(caught.value)
    assert "\n" not in message
    assert message.endswith((".", "?"))
    return message


def value(store: RemoteStore) -> str:
    found = store.query("SELECT ?x { ?s ?p ?x }")
    assert isinstance(found, QuerySolutions)
    return str(next(found)["x"].value)


@pytest.mark.parametrize("status", [401, 403])
def test_not_let_in(faulty: Faulty, status: int) -> None:
    message = told(faulty.open(answering(status, b"no", "text/plain")))
    assert message == (
        f"{faulty.address} refuses access ({status}); set NEVKG_STORE_USER and NEVKG_STORE_PASSWORD to a valid name and password."
    )
    assert len(faulty.asked) == 1


def test_nothing_there(faulty: Faulty) -> None:
    assert told(faulty.open(answering(404, b"", None))) == (
        f"There is nothing at {faulty.address} (404); is this the address of a SPARQL endpoint?"
    )


@pytest.mark.parametrize("trouble", [answering(500, b"oh", "text/plain"), answering(503, b"", None, Retry_After="0"), hang_up])
def test_what_passes_is_waited_for(faulty: Faulty, trouble: Callable[[BaseHTTPRequestHandler], None]) -> None:
    assert value(faulty.open(trouble, trouble, trouble, answering())) == "yes"
    assert len(faulty.asked) == 4
    assert {body for _, body, _ in faulty.asked} == {"query=SELECT+%3Fx+%7B+%3Fs+%3Fp+%3Fx+%7D"}


def test_what_does_not_pass(faulty: Faulty) -> None:
    page = b"<html><head><style>p {}</style></head><body><h1>Down &amp; out</h1>\n<p>for\x1b[31m good.</p></body></html>"
    message = told(faulty.open(answering(503, page, "text/html")))
    assert message == f"{faulty.address} did not answer the query (503 Service Unavailable): Down & out for [31m good."
    assert len(faulty.asked) == 4


def test_a_long_story_is_shortened(faulty: Faulty) -> None:
    message = told(faulty.open(answering(400, b"x" * 5000, "text/plain")))
    assert message == f"{faulty.address} did not answer the query (400 Bad Request): {'x' * 200}…."


def test_no_query_for_a_server_that_says_little(faulty: Faulty) -> None:
    with pytest.raises(SyntaxError, match="error at 1:"):
        faulty.open(answering(400, b"no", "text/plain")).query("SELEKT ?x")


def test_hangs_up_always(faulty: Faulty) -> None:
    message = told(faulty.open(hang_up))
    assert message == f"The request to {faulty.address} failed: Remote end closed connection without response."
    assert len(faulty.asked) == 4


@pytest.mark.parametrize(
    ("kind", "words"), [("text/html; charset=utf-8", "HTML"), ("image/png", "image/png"), (None, "a response without a Content-Type")]
)
def test_something_else(faulty: Faulty, kind: str | None, words: str) -> None:
    assert told(faulty.open(answering(200, b"<html>Welcome</html>", kind))) == (
        f"{faulty.address} returned {words}, not SPARQL results; is this the address of a SPARQL endpoint?"
    )


@pytest.mark.parametrize("kind", [JSON, "application/n-triples", "text/turtle", "text/plain", "application/sparql-results+xml"])
def test_not_what_it_says(faulty: Faulty, kind: str) -> None:
    message = told(faulty.open(answering(200, b"Welcome, stranger", kind)))
    assert message.startswith(f"The response of {faulty.address} is truncated or is not {kind}: ")


def test_breaks_off(faulty: Faulty) -> None:
    """With a length, in chunks, and without either, where only the parser can tell."""
    cut = RIGHT[:-3]
    starts = f"The response of {faulty.address}"
    assert told(faulty.open(answering(content=cut, Content_Length="900"))).startswith(f"{starts} was interrupted: ")
    chunk = b"%x\r\n%s\r\n40\r\n" % (len(cut), cut)
    assert told(faulty.open(answering(content=chunk, Connection="close", Transfer_Encoding="chunked"))).startswith(
        f"{starts} was interrupted: "
    )
    assert told(faulty.open(answering(content=cut, Connection="close"))).startswith(f"{starts} is truncated or is not {JSON}: ")
    cut_gzip = gzip.compress(RIGHT)[:20]
    assert told(faulty.open(answering(content=cut_gzip, Content_Encoding="gzip"))).startswith(starts)


def test_compressed(faulty: Faulty) -> None:
    assert value(faulty.open(answering(content=gzip.compress(RIGHT), Content_Encoding="gzip"))) == "yes"


def test_long_answers_are_kept_in_a_file(faulty: Faulty, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nevkg.store.remote._IN_MEMORY", 10)
    assert value(faulty.open(answering())) == "yes"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_moved(faulty: Faulty, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The query goes along, the password only on the same host."""
    monkeypatch.setenv("NEVKG_STORE_USER", "zoé")
    monkeypatch.setenv("NEVKG_STORE_PASSWORD", "秘")
    elsewhere = f"http://localhost:{faulty.port}/b"
    store = faulty.open(answering(status, b"", None, Location="/a"), answering(status, b"", None, Location=elsewhere), answering())
    assert value(store) == "yes"
    password = "Basic " + b64encode("zoé:秘".encode()).decode()
    assert [(path, given) for path, _, given in faulty.asked] == [("/sparql", password), ("/a", password), ("/b", "")]
    assert len({body for _, body, _ in faulty.asked}) == 1


def test_moved_in_circles(faulty: Faulty) -> None:
    message = told(faulty.open(answering(302, b"", None, Location="/sparql")))
    assert message == f"{faulty.address} redirected the request 6 times; give the address of the endpoint itself."


def test_moved_out_of_the_web(faulty: Faulty) -> None:
    assert "No connection adapters" in told(faulty.open(answering(302, b"", None, Location="file:///etc/passwd")))


def test_nobody_listens() -> None:
    address = f"http://127.0.0.1:{free_port()}/"
    assert told(open_remote(address, SHIPPED, pause=0)) == f"The request to {address} failed: Connection refused."


def test_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nevkg.store.http._CONNECT_SECONDS", 0.05)
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        port = deaf.getsockname()[1]
        # A queue that is full takes no more connections.
        crowd = [socket.socket() for _ in range(3)]
        for one in crowd:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        message = told(open_remote(f"http://127.0.0.1:{port}/", SHIPPED, pause=0))
        for one in crowd:
            one.close()
    assert message == f"The request to http://127.0.0.1:{port}/ failed: there was no connection within 0.05 seconds."


def test_unknown_host() -> None:
    address = "http://nowhere.invalid/"
    assert told(open_remote(address, SHIPPED, pause=0)).startswith(f"The request to {address} failed: ")


def test_slow(faulty: Faulty, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not asked again: the server would do the same work once more."""
    monkeypatch.setenv("NEVKG_STORE_TIMEOUT", "0.2")

    def wait(_: BaseHTTPRequestHandler) -> None:
        faulty.over.wait(5)

    message = told(faulty.open(wait))
    assert message == (
        f"The request to {faulty.address} failed: the server sent nothing for 0.2 seconds; NEVKG_STORE_TIMEOUT sets how long to wait."
    )
    assert len(faulty.asked) == 1


def test_slow_in_the_middle(faulty: Faulty, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEVKG_STORE_TIMEOUT", "0.2")

    def pause(handler: BaseHTTPRequestHandler) -> None:
        answering(content=RIGHT[:20], Content_Length=str(len(RIGHT)))(handler)
        faulty.over.wait(5)

    assert "was interrupted: the server sent nothing for 0.2 seconds" in told(faulty.open(pause))


@pytest.mark.parametrize("seconds", ["soon", "0", "-1", "nan", "inf"])
def test_no_time_out(seconds: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEVKG_STORE_TIMEOUT", seconds)
    with pytest.raises(WrongUsage, match=r"NEVKG_STORE_TIMEOUT is '.*', which is not a number of seconds"):
        open_remote("http://127.0.0.1/", SHIPPED)


def test_netrc(faulty: Faulty, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login ann password secret\n", encoding="ascii")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    value(faulty.open(answering()))
    assert faulty.asked[0][2] == "Basic " + b64encode(b"ann:secret").decode()


@pytest.mark.parametrize("address", ["http://", "https:///sparql", "ftp://example.org/", "sparql", "http://a:b/", "http://[::1/"])
def test_no_address(address: str) -> None:
    with pytest.raises(WrongUsage, match="must be that of a SPARQL endpoint"):
        open_remote(address, SHIPPED)


@pytest.mark.parametrize("user", ["ann:secret", "secret", ":secret"])
def test_no_password_in_the_address(user: str) -> None:
    with pytest.raises(WrongUsage, match="NEVKG_STORE_USER and NEVKG_STORE_PASSWORD") as caught:
        open_remote(f"https://{user}@example.org/sparql", SHIPPED)
    assert "secret" not in str(caught.value)


def test_password_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEVKG_STORE_USER", "ann")
    monkeypatch.setenv("NEVKG_STORE_PASSWORD", "secret")
    assert "secret" not in repr(open_remote("http://example.org/", SHIPPED))


def test_prefixes(faulty: Faulty) -> None:
    """Only those that are used and not declared, on the first line of the query."""
    store = faulty.open(answering())
    store.query("# a:\nPREFIX a: <x:other>\nSELECT ?x { ?s a:p ?x ; b:p 'c:p' . _:d a <e:f> }", dict.fromkeys("abcde", "x:a"))
    assert "query=PREFIX+b%3A+%3Cx%3Aa%3E+%23+a%3A%0APREFIX+a" in faulty.asked[0][1]
    store.query("SELECT ?x { ?s ?p ?x }", {"a": "x:a"})
    assert faulty.asked[1][1].startswith("query=SELECT")
