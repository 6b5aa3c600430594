"""``nevkg load`` into folders and real servers, and ``--store`` on what came of it: whole or not at all, whatever breaks off."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pyoxigraph
import pytest
import requests
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat
from tests.conftest import Result
from tests.support import servers
from tests.support.servers import Server, free_port

from nevkg.data import terms
from nevkg.data.paths import Layout
from nevkg.errors import CouldNotRun, InvalidData, WrongUsage
from nevkg.publish.load import Content, LoadResult, folder, server, upload
from nevkg.publish.load.service import Piece, Service
from nevkg.store import EmbeddedStore, contents, open_known_by, open_store
from nevkg.store.locate import open_location
from nevkg.store.presets import Preset, find_preset

Nevkg = Callable[..., Result]
OTHERS = Quad(NamedNode("x:s"), NamedNode("x:p"), NamedNode("x:o"), NamedNode("http://example.org/others"))
EARLIER = "2025-06-01"


@pytest.fixture(autouse=True)
def plain_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("USER", "PASSWORD", "TIMEOUT"):
        monkeypatch.delenv(f"NEVKG_STORE_{name}", raising=False)
    monkeypatch.setenv("NETRC", os.devnull)
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture(scope="module")
def built(part: str) -> EmbeddedStore:
    return open_store(Layout.find(Path(part)))


@pytest.fixture(scope="module")
def earlier(part: str) -> EmbeddedStore:
    return open_known_by(open_store(Layout.find(Path(part))), EARLIER)


@pytest.fixture(params=map(servers.server_param, sorted(servers.KINDS)))
def running(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with servers.running(request.param) as one:
        let_in(one, monkeypatch)
        yield one


@pytest.fixture
def oxigraph() -> Iterator[Server]:
    with servers.running("oxigraph") as one:
        yield one


def let_in(one: Server, patch: pytest.MonkeyPatch) -> None:
    if one.user:
        patch.setenv("NEVKG_STORE_USER", one.user)
        patch.setenv("NEVKG_STORE_PASSWORD", one.password)


def start_again(one: Server, patch: pytest.MonkeyPatch) -> None:
    """The server after it was killed, and all that was put in place of its own things gone."""
    patch.undo()
    one.kill()
    one.start()
    let_in(one, patch)


def preset_of(address: str) -> Preset:
    preset = find_preset(address)
    assert preset is not None
    return preset


def into(address: str | Preset, built: EmbeddedStore, *, dry: bool = False) -> LoadResult:
    preset = preset_of(address) if isinstance(address, str) else address
    return server.load(Content("the part", built.store), preset, built.layout, dry=dry)


def held(address: str | Path, layout: Layout) -> dict[str, int]:
    store = open_location(str(address), layout)
    return contents.counts(store, contents.graphs(store))


def sizes(built: EmbeddedStore) -> dict[str, int]:
    return contents.counts(built, contents.graphs(built))


def ours(path: Path) -> list[Quad]:
    return [quad for quad in pyoxigraph.Store.read_only(str(path)) if quad != OTHERS]


def assert_whole(address: str, earlier: EmbeddedStore, built: EmbeddedStore) -> None:
    """Each graph is the old one or the new one, if it is there."""
    old, new = sizes(earlier), sizes(built)
    there = held(address, built.layout)
    broken = {
        graph: (size, old.get(graph), new.get(graph)) for graph, size in there.items() if size not in (old.get(graph), new.get(graph))
    }
    assert not broken, "size, old size, new size"


# Folders.


def test_folder(built: EmbeddedStore, earlier: EmbeddedStore, tmp_path: Path) -> None:
    place = tmp_path / "store"
    loaded = folder.load(Content("the part", earlier.store), place)
    assert loaded.verified
    assert set(ours(place)) == set(earlier.store)
    store = pyoxigraph.Store(str(place))
    store.add(OTHERS)
    store.flush()
    del store
    folder.load(Content("the part", built.store), place)
    assert set(ours(place)) == set(built.store)
    assert OTHERS in pyoxigraph.Store.read_only(str(place)), "graphs of others stay"
    assert not [left for left in tmp_path.iterdir() if left != place]


def test_folder_from_a_file(built: EmbeddedStore, tmp_path: Path) -> None:
    file = tmp_path / "nevkg.nq"
    built.store.dump(file, RdfFormat.N_QUADS)
    loaded = folder.load(Content.of_release(tmp_path), tmp_path / "store")
    assert loaded.verified
    assert len(ours(tmp_path / "store")) == len(built.store)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"<x:s> <x:p> ", "nevkg.nq:1: "),
        (b"<x:s> <x:p> <x:o> .\n", "has triples outside a graph"),
        (b"<x:s> <x:p> <x:o> <http://example.org/mine> .\n", "has the graph <http://example.org/mine>, which is not a graph of nevkg"),
        (b"", "contains no data"),
    ],
)
def test_what_is_no_release_changes_nothing(text: bytes, says: str, built: EmbeddedStore, tmp_path: Path) -> None:
    place = tmp_path / "store"
    folder.load(Content("the part", built.store), place)
    (tmp_path / "nevkg.nq").write_bytes(text)
    with pytest.raises(InvalidData, match=says):
        folder.load(Content.of_release(tmp_path), place)
    assert set(ours(place)) == set(built.store)
    assert sorted(left.name for left in tmp_path.iterdir()) == ["nevkg.nq", "store"]


def test_a_folder_with_something_else_is_not_touched(built: EmbeddedStore, tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("years of work", encoding="ascii")
    with pytest.raises(WrongUsage, match="is not empty and not a store"):
        folder.load(Content("the part", built.store), tmp_path)
    assert [left.name for left in tmp_path.iterdir()] == ["thesis.docx"]


def test_a_lost_triple_is_noticed(built: EmbeddedStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "store"

    def lossy(self: Content, store: pyoxigraph.Store) -> None:
        assert self.store is not None
        quads = list(self.store)
        store.bulk_extend(quads[:-1])

    monkeypatch.setattr(Content, "fill", lossy)
    with pytest.raises(CouldNotRun, match=r"does not contain what was sent: <.*> has .*, but should have .*\. Load it again\."):
        folder.load(Content("the part", built.store), place)
    assert not place.exists()


@pytest.mark.slow
def test_killed_while_loading_a_folder(part: str, built: EmbeddedStore, earlier: EmbeddedStore, tmp_path: Path) -> None:
    place = tmp_path / "store"
    folder.load(Content("the part", earlier.store), place)
    for wait in (0.3, 0.6, 0.9, 1.2):
        killed(["load", str(place), "--data", part], wait)
        assert set(ours(place)) in (set(earlier.store), set(built.store))
    folder.load(Content("the part", built.store), place)
    assert set(ours(place)) == set(built.store)
    assert not [left for left in tmp_path.iterdir() if left != place], "what was left over is gone"


def killed(words: list[str], after: float) -> None:
    process = subprocess.Popen([sys.executable, "-m", "nevkg", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()


# Servers.


def test_server(running: Server, built: EmbeddedStore, earlier: EmbeddedStore) -> None:
    """A new store, the same again, a later state of the data, and the graphs of somebody else."""
    preset = preset_of(running.address)
    first = into(running.address, earlier)
    assert (first.plan.obsolete, first.verified) == ([], True)
    assert held(running.address, earlier.layout) == sizes(earlier)
    service = Service(preset, built.layout)
    service.update(f"INSERT DATA {{ GRAPH {OTHERS.graph_name} {{ {OTHERS.triple} }} }}")
    assert into(running.query, earlier).plan.change == [], "what is there is not sent again"
    second = into(running.address, built)
    changed = set(second.plan.change)
    assert {terms.graph("history"), terms.graph("current")} <= changed
    assert len(changed) < len(second.plan.target)
    assert held(running.address, built.layout) == sizes(built)
    third = into(running.address, earlier)
    assert third.plan.obsolete
    assert held(running.address, built.layout) == sizes(earlier)
    assert contents.graphs(service.queries, "http://example.org/") == ["http://example.org/others"]
    assert contents.graphs(service.queries, server.STAGING) == []


def test_a_changed_triple_is_noticed_and_mended(running: Server, built: EmbeddedStore) -> None:
    into(running.address, built)
    graph = terms.graph("registry")
    service = Service(preset_of(running.address), built.layout)
    byd, label = "<https://w3id.org/nevkg/agent/byd>", "<http://www.w3.org/2000/01/rdf-schema#label>"
    service.update(
        f'DELETE DATA {{ GRAPH <{graph}> {{ {byd} {label} "BYD"@en }} }} ; INSERT DATA {{ GRAPH <{graph}> {{ {byd} {label} "DYB"@en }} }}'
    )
    mended = into(running.address, built)
    assert list(mended.plan.change) == [graph]
    assert into(running.address, built).plan.change == []


@pytest.mark.parametrize("lines", [[400, 3], [3, 400], [3, 400, 3], [5, 5, 5]])
def test_a_piece_is_halved_at_the_end_of_a_line(lines: list[int]) -> None:
    text = b"".join(b"x" * length + b"\n" for length in lines)
    halves = upload._halves([("x:g", text)])
    assert b"".join(part for half in halves for _, part in half) == text
    assert all(part.endswith(b"\n") for half in halves for _, part in half)


def test_dry_run(running: Server, built: EmbeddedStore) -> None:
    loaded = into(running.address, built, dry=True)
    assert str(loaded).startswith("Would put ")
    assert contents.graphs(Service(preset_of(running.address), built.layout).queries) == []


@pytest.mark.slow
def test_killed_server(running: Server, built: EmbeddedStore, earlier: EmbeddedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server dies when the new graphs are about to take their places; each is the old or the new one, and the next load mends all."""
    into(running.address, earlier)
    preset = replace(preset_of(running.address), most_graphs=1)
    kept = Service.replace
    turns = iter(range(10))

    def die(self: Service, aside: dict[str, str], there: set[str]) -> None:
        if next(turns) < 1:
            kept(self, aside, there)
            return
        threading.Timer(0.02, running.kill).start()
        kept(self, aside, there)
        time.sleep(1)
        kept(self, aside, there)

    monkeypatch.setattr(Service, "replace", die)
    with pytest.raises(CouldNotRun, match=r"The request to .* failed"):
        into(preset, built)
    start_again(running, monkeypatch)
    assert_whole(running.address, earlier, built)
    into(running.address, built)
    assert held(running.address, built.layout) == sizes(built)
    assert contents.graphs(Service(preset, built.layout).queries, server.STAGING) == []


def large(first: int, triples: int = 12_000) -> Content:
    graph = NamedNode(terms.graph("history"))
    store = pyoxigraph.Store()
    store.bulk_extend(Quad(NamedNode(f"x:{number}"), NamedNode("x:p"), NamedNode("x:o"), graph) for number in range(first, first + triples))
    return Content("a large graph", store)


def every_letter() -> Content:
    """A graph of texts of one letter each, as they occur in European languages, and some others."""
    letters = [*map(chr, range(0x20, 0x7F)), *map(chr, range(0xA0, 0x250)), *"€–“中萬ไ😀"]
    store = pyoxigraph.Store()
    store.extend(
        Quad(NamedNode(f"x:{ord(one)}"), NamedNode("x:p"), Literal(f"a{one}z"), NamedNode(terms.graph("large"))) for one in letters
    )
    return Content("letters", store)


def test_a_large_graph_is_replaced(running: Server, built: EmbeddedStore) -> None:
    """Virtuoso has a limit of 10,000 triples for updates of one form, and none for others."""
    for first in (0, 6_000):
        loaded = server.load(large(first), preset_of(running.address), built.layout)
        assert (loaded.plan.triples, loaded.verified) == (12_000, True)
    # Its server sums up letters, too, of which each kind encodes some in its own way.
    assert server.load(every_letter(), preset_of(running.address), built.layout).verified


# With room for that many triples, and as many bytes of Virtuoso's log, a large graph goes in parts, and not at once.
ROOM, LOG, LARGE = 2_500, 300_000, 12_000


@pytest.fixture(params=["virtuoso", *(pytest.param(kind, marks=pytest.mark.slow) for kind in ("jena", "oxigraph"))])
def narrow(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server without room for a large graph in one step."""
    with servers.running(request.param, **({"TransactionAfterImageLimit": LOG} if request.param == "virtuoso" else {})) as one:
        let_in(one, monkeypatch)
        yield one


def test_a_graph_that_is_too_large_goes_in_parts(narrow: Server, built: EmbeddedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told of before; a load that breaks off between two parts is mended by the next."""
    monkeypatch.setattr(server, "_TRIPLES_A_QUERY", ROOM)
    for module in (server, upload):
        monkeypatch.setattr(module, "SLICE", 1_000)
    monkeypatch.setattr(upload, "_PIECE", 1)  # slice by slice, since what is sent goes through that log, too
    told: list[str] = []
    wide = preset_of(narrow.address)
    preset = replace(wide, most_triples=ROOM)

    def loaded(first: int) -> LoadResult:
        return server.load(large(first, LARGE), preset, built.layout, warn=told.append)

    assert loaded(0).verified
    assert "cannot process more than 2,500 triples in one step" in told[0]
    assert f"<{terms.graph('history')}> with {LARGE:,} is replaced in parts" in told[0]
    update, turns = Service.update, iter(range(10))

    def break_off(self: Service, text: str) -> None:
        if text.startswith("ADD") and next(turns):
            raise CouldNotRun("It breaks off.")
        update(self, text)

    monkeypatch.setattr(Service, "update", break_off)
    with pytest.raises(CouldNotRun, match="It breaks off"):
        loaded(50_000)
    monkeypatch.setattr(Service, "update", update)
    service = Service(preset, built.layout)
    assert contents.graphs(service.queries, server.STAGING)
    # Part of what was there goes, and then all of it.
    for first in (4_000, 70_000):
        assert loaded(first).verified
        assert contents.counts(service.queries, [terms.graph("history")]) == {terms.graph("history"): LARGE}
        assert contents.graphs(service.queries, server.STAGING) == []
    service.remove({terms.graph("history"): LARGE})
    assert contents.graphs(service.queries) == []
    if narrow.kind == "virtuoso":
        with pytest.raises(CouldNotRun, match="SR325"):
            server.load(large(0, LARGE), wide, built.layout)


@pytest.mark.slow
def test_killed_while_new_graphs_come(running: Server, built: EmbeddedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server dies when it is about to take in what is new; each graph is there as a whole or not at all."""
    preset = replace(preset_of(running.address), most_graphs=1)
    kept = Service.add

    def die(self: Service, piece: Piece) -> None:
        threading.Timer(0.1, running.kill).start()
        kept(self, piece)
        time.sleep(1)
        kept(self, piece)

    monkeypatch.setattr(Service, "add", die)
    with pytest.raises(CouldNotRun, match=r"The request to .* failed"):
        into(preset, built)
    start_again(running, monkeypatch)
    service, due = Service(preset, built.layout), sizes(built)
    there = contents.counts(service.queries, contents.graphs(service.queries))
    assert there == {graph: due[graph] for graph in there}
    into(preset, built)
    assert held(running.address, built.layout) == due


@pytest.mark.slow
def test_killed_loader(running: Server, part: str, built: EmbeddedStore, earlier: EmbeddedStore) -> None:
    into(running.address, earlier)
    for wait in (0.5, 0.8, 1.1, 1.5):
        killed(["load", running.address, "--data", part], wait)
        assert_whole(running.address, earlier, built)
    into(running.address, built)
    assert held(running.address, built.layout) == sizes(built)
    assert contents.graphs(Service(preset_of(running.address), built.layout).queries, server.STAGING) == []


def test_wrong_password(built: EmbeddedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    with servers.running("virtuoso") as one:
        for password in (None, "wrong"):
            if password:
                monkeypatch.setenv("NEVKG_STORE_USER", "dba")
                monkeypatch.setenv("NEVKG_STORE_PASSWORD", password)
            with pytest.raises(CouldNotRun, match="refuses access"):
                into(one.address, built)


def test_other_ways(oxigraph: Server, built: EmbeddedStore, earlier: EmbeddedStore) -> None:
    """By SPARQL Update alone, and by the Graph Store Protocol alone."""
    told: list[str] = []
    plain = Preset("the server", oxigraph.query, update=oxigraph.update)
    into(plain, earlier)
    assert held(oxigraph.address, built.layout) == sizes(earlier)
    by_graph = Preset("the server", oxigraph.query, graphs=oxigraph.store)
    server.load(Content("the part", built.store), by_graph, built.layout, warn=told.append)
    assert held(oxigraph.address, built.layout) == sizes(built)
    assert "does not accept updates, so each graph is replaced separately" in told[0]
    assert into(by_graph, earlier).plan.obsolete
    assert held(oxigraph.address, built.layout) == sizes(earlier)


# What stands between.


class Proxy:
    """Hands requests on to a server, unless it does something else with them."""

    def __init__(self, target: str, trouble: Callable[[BaseHTTPRequestHandler, bytes], bool]) -> None:
        outer = self
        self.longest = 0

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_HEAD(self) -> None:
                self._hand_on(b"")

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if not trouble(self, body):
                    outer.longest = max(outer.longest, len(body))
                    self._hand_on(body)

            def _hand_on(self, body: bytes) -> None:
                kept = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "accept-encoding")}
                got = requests.request(self.command, target + self.path, data=body or None, headers=kept, timeout=60)
                self.send_response(got.status_code)
                for name in ("Content-Type", "Server"):
                    if name in got.headers:
                        self.send_header(name, got.headers[name])
                self.send_header("Content-Length", str(len(got.content)))
                self.end_headers()
                self.wfile.write(got.content)

            def version_string(self) -> str:
                return "Oxigraph/by-proxy"

            def log_message(self, format: str, *args: object) -> None: ...

        class Quiet(ThreadingHTTPServer):
            def handle_error(self, request: object, client_address: object) -> None:
                """Who has heard enough hangs up; the standard error is the command line's."""

        self.server = Quiet(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))

    def __enter__(self) -> Proxy:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"


def answered(status: int) -> Callable[[BaseHTTPRequestHandler, bytes], bool]:
    def trouble(handler: BaseHTTPRequestHandler, body: bytes) -> bool:
        if len(body) <= MOST:
            return False
        handler.send_response(status)
        handler.send_header("Content-Length", "0")
        handler.end_headers()
        return True

    return trouble


def cut_off(handler: BaseHTTPRequestHandler, body: bytes) -> bool:
    handler.close_connection = len(body) > MOST
    return handler.close_connection


MOST = 1_500_000


@pytest.mark.parametrize("trouble", [answered(413), answered(504), cut_off], ids=["413", "504", "cut off"])
def test_a_proxy_that_cuts_long_requests(
    trouble: Callable[[BaseHTTPRequestHandler, bytes], bool], oxigraph: Server, built: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nevkg.store.http._TRIES_MORE", 1)
    with Proxy(oxigraph.address, trouble) as proxy:
        assert into(proxy.address, built).verified
        assert 0 < proxy.longest <= MOST


def test_a_server_that_goes_away(oxigraph: Server, built: EmbeddedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nevkg.store.http._TRIES_MORE", 1)

    def gone(_: BaseHTTPRequestHandler, body: bytes) -> bool:
        if len(body) > 100_000:
            oxigraph.kill()
        return False

    with (
        Proxy(oxigraph.address, gone) as proxy,
        pytest.raises(CouldNotRun, match=r"rejected what was sent|failed: Remote end closed|did not answer"),
    ):
        into(proxy.address, built)


def test_redirects_without_end(nevkg: Nevkg) -> None:
    with Proxy("", lambda *_: False) as proxy:

        def do_head(self: BaseHTTPRequestHandler) -> None:
            self.send_response(307)
            self.send_header("Location", "/")
            self.send_header("Content-Length", "0")
            self.end_headers()

        proxy.server.RequestHandlerClass.do_HEAD = do_head  # type: ignore[attr-defined]
        told = nevkg("load", proxy.address)
        assert told.code == 3
        assert "redirected the request 6 times" in told.err
        assert nevkg("ask", "companies", "--store", proxy.address).code == 3


def test_a_page_of_the_web(nevkg: Nevkg) -> None:
    def page(handler: BaseHTTPRequestHandler, _: bytes) -> bool:
        content = b"<html><body>Welcome</body></html>"
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(content)
        return True

    with Proxy("", page) as proxy:
        proxy.server.RequestHandlerClass.do_HEAD = lambda self: page(self, b"")  # type: ignore[attr-defined]
        for words in (
            ["load", proxy.address],
            ["load", proxy.address, "--preset", "fuseki"],
            ["ask", "companies", "--store", proxy.address],
        ):
            told = nevkg(*words)
            assert told.code == 3
            assert told.err.startswith(f"nevkg: {proxy.address}")
            assert "returned HTML, not SPARQL results" in told.err


# The command line.


def unnamed(told: Result) -> Result:
    """What was told, but for the name of the store, which a network bears."""
    return replace(told, out=re.sub(r"(nevkg [\d.]+), (store [^;]*|data sha256:\w+);", r"\1;", told.out))


def test_the_verbs_say_the_same_of_any_store(nevkg: Nevkg, part: str, oxigraph: Server, tmp_path: Path) -> None:
    place = str(tmp_path / "store")
    assert nevkg("load", place, "--data", part).out.startswith("Put ")
    assert "counts and digests of all graphs agree" in nevkg("load", oxigraph.address, "--data", part).out
    for words in (
        ["ask", "local-manufacturers", "bloc=asean", "--as-of", "2025-12-31", "--format", "csv"],
        ["query", "-e", "SELECT ?m ?c { ?m nev:manufacturesAbroadIn ?c } ORDER BY ?m ?c"],
        ["query", "-e", "CONSTRUCT { ?m nev:home ?c } WHERE { ?m nev:manufacturesAbroadIn ?c }"],
        ["show", "changan-rayong"],
        ["show", "changan-rayong", "--format", "turtle"],
        ["search", "比亚迪"],
        ["questions", "local-manufacturers"],
        ["graph", "makers-plants-countries", "bloc=asean"],
        ["path", "changan", "place:asean"],
        ["measure", "makers-countries"],
        ["dump", "current"],
        ["dump", "--format", "nquads"],
    ):
        here = nevkg(*words, "--data", part)
        assert here.code == 0
        assert here.out
        for store in (place, oxigraph.address):
            there = nevkg(*words, "--store", store)
            assert unnamed(there) == unnamed(here), f"{words[0]} on {store}"
    by_folder, by_server = (nevkg("validate", "--store", store) for store in (place, oxigraph.address))
    assert by_folder == by_server
    assert by_folder.out.splitlines()[-1].startswith("Violations: ")
    assert f"store         {place}" in nevkg("info", "--store", place).out


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["ask", "companies", "--store", "{here}/none"], 2, "does not exist; create one with 'nevkg load"),
        (["ask", "companies", "--store", "{here}"], 2, "contains no store"),
        (["ask", "companies", "--store", "{here}", "--data", "data"], 2, "--data builds a dataset"),
        (["ask", "companies", "--store", "{here}", "--preset", "virtuoso"], 2, "leave the option out"),
        (["ask", "companies", "--store", "http://127.0.0.1:1", "--preset", "virtuosa"], 2, "There is no preset 'virtuosa'"),
        (["load", "{here}/store", "--update", "http://127.0.0.1:1"], 2, "are for servers"),
        (["load", "{here}/store", "{here}/none"], 3, "does not exist"),
        (["load", "{here}/store", "{here}", "--known-by", EARLIER], 2, "leave one of them out"),
        (["load", "http://user:secret@127.0.0.1/"], 2, "must not contain a name or password"),
        (["validate", "--store", "{here}", "file.ttl"], 2, "does not include files"),
    ],
)
def test_wrong_usage(words: list[str], code: int, says: str, nevkg: Nevkg, tmp_path: Path) -> None:
    told = nevkg(*(word.format(here=tmp_path) for word in words))
    assert told.code == code
    assert says in told.err
    assert "secret" not in told.err
    assert told.err.count("\n") == 1


def test_nobody_there(nevkg: Nevkg) -> None:
    address = f"http://127.0.0.1:{free_port()}"
    for words in (["load", address], ["ask", "companies", "--store", address]):
        told = nevkg(*words)
        assert (told.code, told.err) == (3, f"nevkg: The request to {address} failed: Connection refused.\n")


def test_an_empty_store_says_how_to_fill_it(nevkg: Nevkg, oxigraph: Server) -> None:
    told = nevkg("ask", "companies", "--store", oxigraph.address)
    assert told.code == 3
    assert f"load it with 'nevkg load {oxigraph.address}'" in told.err
