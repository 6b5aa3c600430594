"""``nevkg load`` into folders and real servers, and ``--store`` on the result. Interrupted loads leave complete graphs."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pyoxigraph
import pytest
import requests
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple
from tests.conftest import Nevkg, Result
from tests.support import servers
from tests.support.local_http import respond, serve_http
from tests.support.marks import slow_every
from tests.support.servers import Server

from nevkg.data import terms
from nevkg.data.paths import Layout
from nevkg.errors import CouldNotRun, InvalidData, WrongUsage
from nevkg.publish.load import Content, LoadResult, folder, staging
from nevkg.publish.load.service import Piece, Service
from nevkg.store import EmbeddedStore, contents, open_known_by, open_store
from nevkg.store.endpoints import Preset, find_preset
from nevkg.store.locate import open_location

OTHERS = Quad(NamedNode("x:s"), NamedNode("x:p"), NamedNode("x:o"), NamedNode("http://example.org/others"))
EARLIER = "2025-06-01"


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    servers.forget_environment(monkeypatch)


@pytest.fixture(scope="module")
def part_store(part: str) -> EmbeddedStore:
    return open_store(Layout.find(Path(part)))


@pytest.fixture(scope="module")
def earlier(part: str) -> EmbeddedStore:
    return open_known_by(open_store(Layout.find(Path(part))), EARLIER)


@pytest.fixture(params=map(servers.server_param, sorted(servers.KINDS)))
def running(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with servers.running(request.param) as endpoint:
        set_credentials(endpoint, monkeypatch)
        yield endpoint


@pytest.fixture(params=slow_every(3, ["virtuoso", "oxigraph", "jena"]))
def mortal(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server for a test in which it or the loader is killed, which takes long."""
    with servers.running(request.param) as endpoint:
        set_credentials(endpoint, monkeypatch)
        yield endpoint


@pytest.fixture
def oxigraph() -> Iterator[Server]:
    with servers.running("oxigraph") as endpoint:
        yield endpoint


def set_credentials(endpoint: Server, patch: pytest.MonkeyPatch) -> None:
    if endpoint.user:
        patch.setenv("NEVKG_STORE_USER", endpoint.user)
        patch.setenv("NEVKG_STORE_PASSWORD", endpoint.password)


def restart(endpoint: Server, patch: pytest.MonkeyPatch) -> None:
    """Undoes the patches and restarts the server after it was killed."""
    patch.undo()
    endpoint.kill()
    endpoint.start()
    set_credentials(endpoint, patch)


def preset_of(address: str) -> Preset:
    preset = find_preset(address)
    assert preset is not None
    return preset


def load_into(address: str | Preset, store: EmbeddedStore, *, dry: bool = False) -> LoadResult:
    preset = preset_of(address) if isinstance(address, str) else address
    return staging.load(Content("the part", store.store), preset, store.layout, dry=dry)


def count_stored(address: str | Path, layout: Layout) -> dict[str, int]:
    store = open_location(str(address), layout)
    return contents.counts(store, contents.graphs(store))


def count_expected(store: EmbeddedStore) -> dict[str, int]:
    return contents.counts(store, contents.graphs(store))


def own_quads(path: Path) -> list[Quad]:
    return [quad for quad in pyoxigraph.Store.read_only(str(path)) if quad != OTHERS]


def assert_whole(address: str, earlier: EmbeddedStore, part_store: EmbeddedStore) -> None:
    """Asserts that each stored graph is the old or the new one."""
    old, new = count_expected(earlier), count_expected(part_store)
    stored = count_stored(address, part_store.layout)
    broken = {
        graph: (size, old.get(graph), new.get(graph)) for graph, size in stored.items() if size not in (old.get(graph), new.get(graph))
    }
    assert not broken, "size, old size, new size"


# Folders.


def test_load_into_a_folder(part_store: EmbeddedStore, earlier: EmbeddedStore, tmp_path: Path) -> None:
    path = tmp_path / "store"
    loaded = folder.load(Content("the part", earlier.store), path)
    assert loaded.verified
    assert set(own_quads(path)) == set(earlier.store)
    store = pyoxigraph.Store(str(path))
    store.add(OTHERS)
    store.flush()
    del store
    folder.load(Content("the part", part_store.store), path)
    assert set(own_quads(path)) == set(part_store.store)
    assert OTHERS in pyoxigraph.Store.read_only(str(path)), "graphs of other datasets stay"
    assert not [left for left in tmp_path.iterdir() if left != path]


def test_load_a_release_into_a_folder(part_store: EmbeddedStore, tmp_path: Path) -> None:
    file = tmp_path / "nevkg.nq"
    part_store.store.dump(file, RdfFormat.N_QUADS)
    loaded = folder.load(Content.of_release(tmp_path), tmp_path / "store")
    assert loaded.verified
    assert len(own_quads(tmp_path / "store")) == len(part_store.store)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"<x:s> <x:p> ", "nevkg.nq:1: "),
        (b"<x:s> <x:p> <x:o> .\n", "has triples outside a graph"),
        (b"<x:s> <x:p> <x:o> <http://example.org/mine> .\n", "has the graph <http://example.org/mine>, which is not a graph of nevkg"),
        (b"", "contains no data"),
    ],
)
def test_an_invalid_release_changes_nothing(text: bytes, message: str, tmp_path: Path) -> None:
    path, before = tmp_path / "store", large(0, 100)
    folder.load(before, path)
    (tmp_path / "nevkg.nq").write_bytes(text)
    with pytest.raises(InvalidData, match=message):
        folder.load(Content.of_release(tmp_path), path)
    assert set(own_quads(path)) == set(before.quads())
    assert sorted(left.name for left in tmp_path.iterdir()) == ["nevkg.nq", "store"]


def test_a_folder_with_other_files_is_refused(part_store: EmbeddedStore, tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("years of work", encoding="ascii")
    with pytest.raises(WrongUsage, match="is not empty and not a store"):
        folder.load(Content("the part", part_store.store), tmp_path)
    assert [left.name for left in tmp_path.iterdir()] == ["thesis.docx"]


def test_a_lost_triple_is_detected(part_store: EmbeddedStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "store"

    def lossy(self: Content, store: pyoxigraph.Store) -> None:
        assert self.store is not None
        quads = list(self.store)
        store.bulk_extend(quads[:-1])

    monkeypatch.setattr(Content, "fill", lossy)
    with pytest.raises(CouldNotRun, match=r"does not contain what was sent: <.*> has .*, but should have .*\. Load it again\."):
        folder.load(Content("the part", part_store.store), path)
    assert not path.exists()


@pytest.mark.slow
def test_a_load_into_a_folder_is_killed(part: str, part_store: EmbeddedStore, earlier: EmbeddedStore, tmp_path: Path) -> None:
    path, old, new = tmp_path / "store", set(earlier.store), set(part_store.store)
    folder.load(Content("the part", earlier.store), path)
    for wait in (0.3, 0.6, 0.9, 1.2):
        run_and_kill(["load", str(path), "--data", part], wait)
        assert set(own_quads(path)) in (old, new)
    folder.load(Content("the part", part_store.store), path)
    assert set(own_quads(path)) == new
    assert not [left for left in tmp_path.iterdir() if left != path], "temporary folders are removed"


def run_and_kill(arguments: list[str], after: float) -> None:
    process = subprocess.Popen([sys.executable, "-m", "nevkg", *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(after)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()


# Servers.


@pytest.mark.slow
def test_load_into_a_server(running: Server, part_store: EmbeddedStore, earlier: EmbeddedStore) -> None:
    """Loads into an empty store, then the same data, a later state and the earlier one again; graphs of other datasets stay."""
    preset = preset_of(running.address)
    first = load_into(running.address, earlier)
    assert (first.plan.obsolete, first.verified) == ([], True)
    assert count_stored(running.address, earlier.layout) == count_expected(earlier)
    service = Service(preset, part_store.layout)
    service.update(f"INSERT DATA {{ GRAPH {OTHERS.graph_name} {{ {OTHERS.triple} }} }}")
    assert load_into(running.query, earlier).plan.change == [], "unchanged graphs are not sent again"
    second = load_into(running.address, part_store)
    changed = set(second.plan.change)
    assert {terms.graph("history"), terms.graph("current")} <= changed
    assert len(changed) < len(second.plan.target)
    assert count_stored(running.address, part_store.layout) == count_expected(part_store)
    third = load_into(running.address, earlier)
    assert third.plan.obsolete
    assert count_stored(running.address, part_store.layout) == count_expected(earlier)
    assert contents.graphs(service.queries, "http://example.org/") == ["http://example.org/others"]
    assert contents.graphs(service.queries, staging.STAGING) == []


@pytest.mark.slow
def test_a_changed_triple_is_detected_and_repaired(running: Server, part_store: EmbeddedStore) -> None:
    """The letters of one title change places. The graphs of sources suffice."""
    store = pyoxigraph.Store()
    store.bulk_extend(quad for quad in part_store.store if terms.text(quad.graph_name).startswith(terms.graph("s-")))
    service = Service(preset_of(running.address), part_store.layout)

    def load() -> list[str]:
        return [*staging.load(Content("the sources", store), service.preset, part_store.layout).plan.change]

    assert len(load()) > 50
    title = next(store.quads_for_pattern(None, NamedNode(terms.DCTERMS + "title"), None))
    assert isinstance(title.object, Literal)
    other = Triple(title.subject, title.predicate, Literal(title.object.value[::-1], language=title.object.language))
    graph = title.graph_name
    service.update(f"DELETE DATA {{ GRAPH {graph} {{ {title.triple} }} }} ; INSERT DATA {{ GRAPH {graph} {{ {other} }} }}")
    assert load() == [terms.text(graph)]
    assert load() == []


@pytest.mark.parametrize("lines", [[400, 3], [3, 400], [3, 400, 3], [5, 5, 5]])
def test_a_piece_is_halved_at_the_end_of_a_line(lines: list[int]) -> None:
    text = b"".join(b"x" * length + b"\n" for length in lines)
    halves = staging._halves([("x:g", text)])
    assert b"".join(part for half in halves for _, part in half) == text
    assert all(part.endswith(b"\n") for half in halves for _, part in half)


def test_dry_run(running: Server, part_store: EmbeddedStore) -> None:
    loaded = load_into(running.address, part_store, dry=True)
    assert str(loaded).startswith("Would put ")
    assert contents.graphs(Service(preset_of(running.address), part_store.layout).queries) == []


@pytest.mark.slow
def test_the_server_is_killed_while_graphs_are_replaced(
    mortal: Server, part_store: EmbeddedStore, earlier: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Kills the server while graphs are replaced: each is the old or the new one, and the next load completes them."""
    load_into(mortal.address, earlier)
    preset = replace(preset_of(mortal.address), most_graphs=1)
    replace_graphs = Service.replace
    turns = iter(range(10))

    def die(self: Service, aside: dict[str, str], stored: set[str]) -> None:
        if next(turns) < 1:
            replace_graphs(self, aside, stored)
            return
        (killing := threading.Timer(0.02, mortal.kill)).start()
        replace_graphs(self, aside, stored)
        killing.join()
        replace_graphs(self, aside, stored)

    monkeypatch.setattr(Service, "replace", die)
    monkeypatch.setattr("nevkg.store.endpoints._TRIES_MORE", 1)
    with pytest.raises(CouldNotRun, match=r"The request to .* failed"):
        load_into(preset, part_store)
    restart(mortal, monkeypatch)
    assert_whole(mortal.address, earlier, part_store)
    load_into(mortal.address, part_store)
    assert count_stored(mortal.address, part_store.layout) == count_expected(part_store)
    assert contents.graphs(Service(preset, part_store.layout).queries, staging.STAGING) == []


def large(first: int, triples: int = 12_000) -> Content:
    graph = NamedNode(terms.graph("history"))
    store = pyoxigraph.Store()
    store.bulk_extend(Quad(NamedNode(f"x:{number}"), NamedNode("x:p"), NamedNode("x:o"), graph) for number in range(first, first + triples))
    return Content("a large graph", store)


def every_letter() -> Content:
    """Returns a graph of one-letter texts: the letters of European languages, and some others."""
    letters = [*map(chr, range(0x20, 0x7F)), *map(chr, range(0xA0, 0x250)), *"€–“中萬ไ😀"]
    store = pyoxigraph.Store()
    store.extend(
        Quad(NamedNode(f"x:{ord(letter)}"), NamedNode("x:p"), Literal(f"a{letter}z"), NamedNode(terms.graph("large"))) for letter in letters
    )
    return Content("letters", store)


@pytest.mark.slow
def test_a_large_graph_is_replaced(running: Server, part_store: EmbeddedStore) -> None:
    """Virtuoso has a limit of 10,000 triples for updates of one form, and none for others."""
    for first in (0, 6_000):
        loaded = staging.load(large(first), preset_of(running.address), part_store.layout)
        assert (loaded.plan.triples, loaded.verified) == (12_000, True)
    # Digests cover letters too, which servers may encode in different ways.
    assert staging.load(every_letter(), preset_of(running.address), part_store.layout).verified


# Limits of triples per step and of bytes of Virtuoso's log that make a large graph go in parts.
ROOM, LOG, LARGE = 2_500, 300_000, 12_000


@pytest.fixture(params=slow_every(3, ["virtuoso", "oxigraph", "jena"]))
def limited_server(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server that cannot take a large graph in one step."""
    with servers.running(request.param, **({"TransactionAfterImageLimit": LOG} if request.param == "virtuoso" else {})) as endpoint:
        set_credentials(endpoint, monkeypatch)
        yield endpoint


@pytest.mark.slow
def test_a_graph_that_is_too_large_is_replaced_in_parts(
    limited_server: Server, part_store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A warning says so before; the next load completes one that was interrupted between two parts."""
    monkeypatch.setattr(staging, "_TRIPLES_A_QUERY", ROOM)
    monkeypatch.setattr(staging, "SLICE", 1_000)
    monkeypatch.setattr(staging, "_PIECE", 1)  # slice by slice, since uploads are logged, too
    messages: list[str] = []
    wide = preset_of(limited_server.address)
    preset = replace(wide, most_triples=ROOM)

    def load_large(first: int) -> LoadResult:
        return staging.load(large(first, LARGE), preset, part_store.layout, warn=messages.append)

    assert load_large(0).verified
    assert "cannot process more than 2,500 triples in one step" in messages[0]
    assert f"<{terms.graph('history')}> with {LARGE:,} is replaced in parts" in messages[0]
    update, turns = Service.update, iter(range(10))

    def interrupt(self: Service, text: str) -> None:
        if text.startswith("ADD") and next(turns):
            raise CouldNotRun("Interrupted.")
        update(self, text)

    monkeypatch.setattr(Service, "update", interrupt)
    with pytest.raises(CouldNotRun, match="Interrupted"):
        load_large(50_000)
    monkeypatch.setattr(Service, "update", update)
    service = Service(preset, part_store.layout)
    assert contents.graphs(service.queries, staging.STAGING)
    # The first overlaps with the stored graph, the second does not.
    for first in (4_000, 70_000):
        assert load_large(first).verified
        assert contents.counts(service.queries, [terms.graph("history")]) == {terms.graph("history"): LARGE}
        assert contents.graphs(service.queries, staging.STAGING) == []
    service.remove({terms.graph("history"): LARGE})
    assert contents.graphs(service.queries) == []
    if limited_server.kind == "virtuoso":
        with pytest.raises(CouldNotRun, match="SR325"):
            staging.load(large(0, LARGE), wide, part_store.layout)


@pytest.mark.slow
def test_the_server_is_killed_while_graphs_are_added(mortal: Server, part_store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kills the server while new graphs are added: each is stored completely or not at all."""
    preset = replace(preset_of(mortal.address), most_graphs=1)
    add = Service.add

    def die(self: Service, piece: Piece) -> None:
        (killing := threading.Timer(0.1, mortal.kill)).start()
        add(self, piece)
        killing.join()
        add(self, piece)

    monkeypatch.setattr(Service, "add", die)
    monkeypatch.setattr("nevkg.store.endpoints._TRIES_MORE", 1)
    with pytest.raises(CouldNotRun, match=r"The request to .* failed"):
        load_into(preset, part_store)
    restart(mortal, monkeypatch)
    service, due = Service(preset, part_store.layout), count_expected(part_store)
    stored = contents.counts(service.queries, contents.graphs(service.queries))
    assert stored == {graph: due[graph] for graph in stored}
    load_into(preset, part_store)
    assert count_stored(mortal.address, part_store.layout) == due


@pytest.mark.slow
def test_the_loader_is_killed(mortal: Server, part: str, part_store: EmbeddedStore, earlier: EmbeddedStore) -> None:
    load_into(mortal.address, earlier)
    for wait in (0.5, 0.8, 1.1, 1.5):
        run_and_kill(["load", mortal.address, "--data", part], wait)
        assert_whole(mortal.address, earlier, part_store)
    load_into(mortal.address, part_store)
    assert count_stored(mortal.address, part_store.layout) == count_expected(part_store)
    assert contents.graphs(Service(preset_of(mortal.address), part_store.layout).queries, staging.STAGING) == []


def test_wrong_password(part_store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    with servers.running("virtuoso") as endpoint:
        for password in (None, "wrong"):
            if password:
                monkeypatch.setenv("NEVKG_STORE_USER", "dba")
                monkeypatch.setenv("NEVKG_STORE_PASSWORD", password)
            with pytest.raises(CouldNotRun, match="refuses access"):
                load_into(endpoint.address, part_store)


@pytest.mark.slow
def test_load_by_one_protocol_alone(oxigraph: Server, part_store: EmbeddedStore, earlier: EmbeddedStore) -> None:
    """Loads by SPARQL Update alone, and by the Graph Store Protocol alone."""
    messages: list[str] = []
    plain = Preset("the server", oxigraph.query, update=oxigraph.update)
    load_into(plain, earlier)
    assert count_stored(oxigraph.address, part_store.layout) == count_expected(earlier)
    by_graph = Preset("the server", oxigraph.query, graphs=oxigraph.store)
    staging.load(Content("the part", part_store.store), by_graph, part_store.layout, warn=messages.append)
    assert count_stored(oxigraph.address, part_store.layout) == count_expected(part_store)
    assert "does not accept updates, so each graph is replaced separately" in messages[0]
    assert load_into(by_graph, earlier).plan.obsolete
    assert count_stored(oxigraph.address, part_store.layout) == count_expected(earlier)


# Proxies.


# Handles a request and its body, and returns whether it has.
Fault = Callable[[BaseHTTPRequestHandler, bytes], bool]


class Proxy:
    """Forwards requests to a server, except those that ``fault`` handles."""

    def __init__(self, target: str, fault: Fault) -> None:
        self.target, self.fault, self.longest = target, fault, 0

    def __call__(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        if body and self.fault(handler, body):
            return
        self.longest = max(self.longest, len(body))
        headers = {name: value for name, value in handler.headers.items() if name.lower() not in ("host", "accept-encoding")}
        found = requests.request(handler.command, self.target + handler.path, data=body or None, headers=headers, timeout=60)
        respond(
            handler, found.content, found.status_code, Content_Type=found.headers.get("Content-Type"), Server=found.headers.get("Server")
        )


def refuse_long(status: int) -> Fault:
    def fault(handler: BaseHTTPRequestHandler, body: bytes) -> bool:
        if is_long := len(body) > MAX_BYTES:
            respond(handler, status=status)
        return is_long

    return fault


def drop_long(handler: BaseHTTPRequestHandler, body: bytes) -> bool:
    handler.close_connection = len(body) > MAX_BYTES
    return handler.close_connection


MAX_BYTES = 1_500_000


@pytest.mark.slow
@pytest.mark.parametrize("fault", [refuse_long(413), refuse_long(504), drop_long], ids=["413", "504", "cut off"])
def test_a_proxy_that_refuses_long_requests(
    fault: Fault, oxigraph: Server, part_store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nevkg.store.endpoints._TRIES_MORE", 1)
    proxy = Proxy(oxigraph.address, fault)
    with serve_http(proxy, "Oxigraph/by-proxy") as address:
        assert load_into(address, part_store).verified
    assert 0 < proxy.longest <= MAX_BYTES


def test_a_server_that_stops(oxigraph: Server, part_store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nevkg.store.endpoints._TRIES_MORE", 1)

    def kill_on_upload(_: BaseHTTPRequestHandler, body: bytes) -> bool:
        if len(body) > 100_000:
            oxigraph.kill()
        return False

    with (
        serve_http(Proxy(oxigraph.address, kill_on_upload), "Oxigraph/by-proxy") as address,
        pytest.raises(CouldNotRun, match=r"rejected what was sent|failed: Remote end closed|did not answer"),
    ):
        load_into(address, part_store)


def test_endless_redirects_are_reported(nevkg: Nevkg) -> None:
    with serve_http(lambda handler, _: respond(handler, status=307, Location="/"), "Oxigraph/by-proxy") as address:
        assert "redirected the request 6 times" in nevkg("load", address).error(3)
        assert nevkg("ask", "companies", "--store", address).code == 3


def test_a_web_page_is_reported(nevkg: Nevkg) -> None:
    def page(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        respond(handler, b"<html><body>Welcome</body></html>", Content_Type="text/html")

    with serve_http(page, "Oxigraph/by-proxy") as address:
        for arguments in (["load", address], ["load", address, "--preset", "fuseki"], ["ask", "companies", "--store", address]):
            error = nevkg(*arguments).error(3)
            assert error.startswith(f"nevkg: {address}")
            assert "returned HTML, not SPARQL results" in error


def test_a_virtuoso_without_case_mode_is_reported_before_anything_is_written(nevkg: Nevkg, part: str) -> None:
    """What Virtuoso 7.2.12 answers to ASK without ``CaseMode = 2``."""
    said = {"head": {"vars": ["__ASK_RETVAL"]}, "results": {"bindings": [{"__ASK_RETVAL": {"type": "literal", "value": "1"}}]}}
    paths: set[str] = set()

    def answer(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        paths.add(handler.path.partition("?")[0])
        respond(handler, json.dumps(said).encode(), Content_Type="application/sparql-results+json")

    with serve_http(answer, "Oxigraph/by-proxy") as address:
        for arguments in (["load", address, "--data", part], ["ask", "companies", "--store", address]):
            error = nevkg(*arguments, "--preset", "virtuoso").error(3)
            assert "answers the query 'ASK {}' with rows instead of true or false; set CaseMode = 2 in " in error
    assert paths == {"/sparql"}


# The command line.


def without_store_name(result: Result) -> Result:
    """Returns a result without the name of the store, which networks include."""
    return replace(result, out=re.sub(r"(nevkg [\d.]+), (store [^;]*|data sha256:\w+);", r"\1;", result.out))


@pytest.mark.slow
def test_commands_have_the_same_output_for_every_store(nevkg: Nevkg, part: str, oxigraph: Server, tmp_path: Path) -> None:
    path = str(tmp_path / "store")
    assert nevkg("load", path, "--data", part).out.startswith("Put ")
    assert "counts and digests of all graphs agree" in nevkg("load", oxigraph.address, "--data", part).out
    for arguments in (
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
        expected = nevkg(*arguments, "--data", part)
        assert expected.code == 0
        assert expected.out
        for store in (path, oxigraph.address):
            found = nevkg(*arguments, "--store", store)
            assert without_store_name(found) == without_store_name(expected), f"{arguments[0]} on {store}"
    by_folder, by_server = (nevkg("validate", "--store", store) for store in (path, oxigraph.address))
    assert by_folder == by_server
    assert by_folder.out.splitlines()[-1].startswith("Violations: ")
    assert f"store         {path}" in nevkg("info", "--store", path).out


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["ask", "companies", "--store", "{folder}/none"], 2, "does not exist; create one with 'nevkg load"),
        (["ask", "companies", "--store", "{folder}"], 2, "contains no store"),
        (["ask", "companies", "--store", "{folder}", "--data", "data"], 2, "--data builds a dataset"),
        (["ask", "companies", "--store", "{folder}", "--preset", "virtuoso"], 2, "leave the option out"),
        (["ask", "companies", "--store", "http://127.0.0.1:1", "--preset", "virtuosa"], 2, "There is no preset 'virtuosa'"),
        (["load", "{folder}/store", "--update", "http://127.0.0.1:1"], 2, "are for servers"),
        (["load", "{folder}/store", "{folder}/none"], 3, "does not exist"),
        (["load", "{folder}/store", "{folder}", "--known-by", EARLIER], 2, "leave one of them out"),
        (["load", "http://user:secret@127.0.0.1/"], 2, "must not contain a name or password"),
        (["validate", "--store", "{folder}", "file.ttl"], 2, "does not include files"),
    ],
)
def test_wrong_usage(arguments: list[str], code: int, message: str, nevkg: Nevkg, tmp_path: Path) -> None:
    error = nevkg(*(word.format(folder=tmp_path) for word in arguments)).error(code)
    assert message in error
    assert "secret" not in error


def test_an_empty_store_says_how_to_fill_it(nevkg: Nevkg, oxigraph: Server) -> None:
    result = nevkg("ask", "companies", "--store", oxigraph.address)
    assert result.code == 3
    assert f"load it with 'nevkg load {oxigraph.address}'" in result.err
