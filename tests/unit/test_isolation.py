"""Processes that answer queries reach nothing, even where nothing guards the query; the process of a library user is left alone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from ctypes.util import find_library
from pathlib import Path

import pytest
from tests.support.hostile import BYPASSES, Listener
from tests.support.serving import serving

from nevkg.store import isolation

# As a container has it that refuses namespaces, and where the library is lacking.
WITHOUT_NAMESPACES = "isolation._leave_networks = lambda: None"
WITHOUT_FILTER = "isolation._refuse_sockets = lambda: None"

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="the system has neither way"),
    pytest.mark.skipif(find_library("seccomp") is None and not list(Path("/usr/lib").rglob("libseccomp.so.2")), reason="no libseccomp"),
]


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    with Listener() as listens:
        yield listens


def run(program: str) -> str:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def program(before: str, address: str, call: str = "isolation.isolate()") -> str:
    """Asks the bare engine the queries that misled guards of the past, and says what kept it from the network."""
    queries = [query.replace("{address}", address) for query in BYPASSES]
    return f"""
import pyoxigraph
from pyoxigraph import NamedNode, Quad
from nevkg.store import isolation
{before}
{call}
store = pyoxigraph.Store()
store.extend(Quad(NamedNode("x:s"), NamedNode("x:p"), NamedNode(value)) for value in ("x:o", "http://x:"))
for query in {queries!r}:
    try:
        list(store.query(query))
    except OSError:
        pass
print(isolation.describe_isolation())
"""


@pytest.mark.parametrize(("before", "means"), [("", "a filter of system calls"), (WITHOUT_NAMESPACES, "a filter of system calls")])
def test_nothing_is_reached_with_the_guard_switched_off(before: str, means: str, listener: Listener) -> None:
    assert run(program(before, listener.address)).strip() == means
    assert not listener.calls


def test_without_either_the_process_says_so(listener: Listener) -> None:
    assert run(program(f"{WITHOUT_NAMESPACES}; {WITHOUT_FILTER}", listener.address)).strip() == ""
    assert listener.calls
    listener.calls.clear()


def test_a_namespace_is_recognised() -> None:
    found = run(f"from nevkg.store import isolation\n{WITHOUT_FILTER}\nisolation.isolate()\nprint(isolation.describe_isolation())").strip()
    if not found:
        pytest.skip("the system refuses namespaces")
    assert found == "a network namespace"


def test_threads_that_run_already_are_filtered() -> None:
    assert (
        run("""
import socket, threading
from nevkg.store import isolation
ready, done = threading.Event(), threading.Event()
def work():
    ready.wait()
    try:
        socket.socket()
    except PermissionError:
        print("refused")
thread = threading.Thread(target=work)
thread.start()
isolation.refuse_sockets()
ready.set()
thread.join()
""")
        == "refused\n"
    )


def test_the_command_refuses_itself_sockets_and_the_library_does_not(part: str) -> None:
    asks = "import os, sys; from nevkg import cli; from nevkg.store import isolation; "
    query = f"'query', '--data', {part!r}, '-e', 'ASK {{}}'"
    assert run(f"{asks} sys.argv[1:] = [{query}]; cli.main(); print(isolation.describe_isolation())").endswith(
        "true\na filter of system calls\n"
    )
    assert run(f"{asks} cli.main([{query}]); print(isolation.describe_isolation())").endswith("true\n\n")
    assert isolation.describe_isolation() == ""


def refusing(*calls: str) -> list[str]:
    """A command that runs another one where the system refuses some calls, as a container does."""
    names = ", ".join(f"b'{call}'" for call in calls)
    words = "import os, sys; from nevkg.store import isolation; "
    return [sys.executable, "-c", f"{words}isolation._CALLS = ({names},); isolation.refuse_sockets(); os.execv(sys.argv[1], sys.argv[1:])"]


@pytest.mark.parametrize(
    ("refused", "options", "said"),
    [
        (["unshare"], [], "cannot reach the network; a filter of system calls prevents it."),
        (["unshare"], ["--allow-service", "http://127.0.0.1:9/"], "can reach the network, which --store or --allow-service requires."),
        (["unshare", "seccomp", "prctl"], [], "warning: on this system query processes are not isolated"),
    ],
)
def test_the_server_says_what_its_workers_have_found(refused: list[str], options: list[str], said: str, part: str, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with serving("--data", part, *options, log=log, prefix=refusing(*refused)) as served:
        assert served.process.stdout
        assert served.ask("ASK {}").status_code == 200  # when it has said all that it says at first
        words = log.read_text("utf-8") if "warning" in said else served.process.stdout.readline()
        assert said in words
        for query in BYPASSES[:2]:
            assert served.ask(query.replace("{address}", "http://127.0.0.1:10/")).status_code == 403
