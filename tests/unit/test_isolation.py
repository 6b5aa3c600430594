"""Query processes cannot reach the network, even without the SERVICE guard; processes of library users are not restricted."""

from __future__ import annotations

import sys
from ctypes.util import find_library
from pathlib import Path

import pytest
from tests.support.hostile import BYPASSES, Listener
from tests.support.processes import run_python
from tests.support.serving import serving

from nevkg.store import isolation

# Simulate a container that refuses namespaces, and a system without libseccomp.
WITHOUT_NAMESPACES = "isolation._leave_networks = lambda: None"
WITHOUT_FILTER = "isolation._refuse_sockets = lambda: None"

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux has namespaces and seccomp"),
    pytest.mark.skipif(find_library("seccomp") is None and not list(Path("/usr/lib").rglob("libseccomp.so.2")), reason="no libseccomp"),
]


def program(setup: str, address: str, call: str = "isolation.isolate()") -> str:
    """Returns a program that runs known bypasses without the guard, and prints the isolation in use."""
    queries = [query.replace("{address}", address) for query in BYPASSES]
    return f"""
import pyoxigraph
from pyoxigraph import NamedNode, Quad
from nevkg.store import isolation
{setup}
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


@pytest.mark.parametrize(("setup", "expected"), [("", "a filter of system calls"), (WITHOUT_NAMESPACES, "a filter of system calls")])
def test_nothing_is_reached_without_the_guard(setup: str, expected: str, listener: Listener) -> None:
    assert run_python(program(setup, listener.address)).strip() == expected
    assert not listener.calls


def test_a_process_without_isolation_reports_none(listener: Listener) -> None:
    assert run_python(program(f"{WITHOUT_NAMESPACES}; {WITHOUT_FILTER}", listener.address)).strip() == ""
    assert listener.calls
    listener.calls.clear()


def test_a_network_namespace_is_reported() -> None:
    found = run_python(
        f"from nevkg.store import isolation\n{WITHOUT_FILTER}\nisolation.isolate()\nprint(isolation.describe_isolation())"
    ).strip()
    if not found:
        pytest.skip("the system refuses namespaces")
    assert found == "a network namespace"


def test_running_threads_are_filtered() -> None:
    assert (
        run_python("""
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


def test_the_command_line_refuses_sockets_and_the_library_does_not(part: str) -> None:
    imports = "import os, sys; from nevkg import cli; from nevkg.store import isolation; "
    query = f"'query', '--data', {part!r}, '-e', 'ASK {{}}'"
    assert run_python(f"{imports} sys.argv[1:] = [{query}]; cli.main(); print(isolation.describe_isolation())").endswith(
        "true\na filter of system calls\n"
    )
    assert run_python(f"{imports} cli.main([{query}]); print(isolation.describe_isolation())").endswith("true\n\n")
    assert isolation.describe_isolation() == ""


def without_calls(*calls: str) -> list[str]:
    """Returns a command that runs another one without some system calls, as in a container."""
    names = ", ".join(f"b'{call}'" for call in calls)
    setup = "import os, sys; from nevkg.store import isolation; "
    return [
        sys.executable,
        "-c",
        f"{setup}isolation._CALLS = ({names},); isolation.refuse_sockets(); os.execv(sys.argv[1], sys.argv[1:])",
    ]


@pytest.mark.parametrize(
    ("refused", "options", "message"),
    [
        (["unshare"], [], "cannot reach the network; a filter of system calls prevents it."),
        (["unshare"], ["--allow-service", "http://127.0.0.1:9/"], "can reach the network, which --store or --allow-service requires."),
        (["unshare", "seccomp", "prctl"], [], "warning: on this system query processes are not isolated"),
    ],
)
def test_the_server_reports_the_isolation_of_its_workers(
    refused: list[str], options: list[str], message: str, part: str, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with serving("--data", part, *options, log=log, prefix=without_calls(*refused)) as server:
        assert server.process.stdout
        assert server.ask("ASK {}").status_code == 200  # by now it has written its startup messages
        output = log.read_text("utf-8") if "warning" in message else server.process.stdout.readline()
        assert message in output
        for query in BYPASSES[:2]:
            assert server.ask(query.replace("{address}", "http://127.0.0.1:10/")).status_code == 403
