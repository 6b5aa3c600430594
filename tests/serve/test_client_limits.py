"""Limits per client: accounts, keys, the identification of clients, and refusals by the server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import requests
from tests.conftest import Result
from tests.support.serving import ServerProcess, serving, wait_for

from nevkg.errors import CouldNotRun, WrongUsage
from nevkg.serve import clients
from nevkg.serve.app import Exposure
from nevkg.serve.clients import Account, Admission, Key, find_key, network, read_keys
from nevkg.serve.http.hosts import PublicUrl
from nevkg.serve.problem import Problem
from nevkg.serve.settings import PUBLIC, Allowance

RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
KEY, SLOW_KEY = "a" * 64, "b" * 64


class Clock:
    """A clock that a test sets."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def refusal(account: Account) -> tuple[int, str, int]:
    with pytest.raises(Problem) as caught:
        account.enter()
    return caught.value.status, caught.value.detail, int(caught.value.headers["Retry-After"])


# Accounts


def test_processor_time_drains_evenly() -> None:
    clock = Clock()
    account = Account(Allowance(seconds=60), clock=clock)
    account.enter().charge(59)
    account.enter().charge(11)  # a query may start while any time is left, whatever its cost
    status, words, wait = refusal(account)
    assert (status, wait) == (429, 10)
    assert words == "The limit for one client is 60 seconds of processor time per minute; try again in 10 seconds."
    clock.now += 9.9
    assert refusal(account)[2] == 1
    clock.now += 0.2
    account.enter()
    clock.now += 3600
    account.enter().charge(60)
    assert refusal(account)[2] == 1, "an hour of rest is worth one minute, not sixty"


def test_errors_are_counted_and_others_are_not() -> None:
    clock = Clock()
    account = Account(Allowance(errors=2), clock=clock)
    for status in (400, 308, 404, 429, 503, 504):
        account.enter().fail(Problem(status, ""))
    assert refusal(account)[1:] == ("The limit for one client is 2 failing queries per minute; try again in 30 seconds.", 30)
    clock.now += 30
    account.enter()


def test_one_error_each_minute() -> None:
    clock = Clock()
    account = Account(Allowance(errors=1), clock=clock)
    account.enter().fail(Problem(400, ""))
    assert refusal(account)[2] == 60
    clock.now += 60
    account.enter()


def test_concurrent_queries_are_limited() -> None:
    account = Account(Allowance(queries=2))
    first, _ = account.enter(), account.enter()
    assert "2 queries at the same time" in refusal(account)[1]
    first.leave()
    first.leave()
    account.enter()
    assert refusal(account)[0] == 429


def test_without_limits_nothing_is_refused() -> None:
    account = Account(Allowance())
    for _ in range(1000):
        visit = account.enter()
        visit.charge(1000)
        visit.fail(Problem(400, ""))


# Identification of clients


def scope(address: str = "192.0.2.1", **headers: str) -> dict[str, Any]:
    lines = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "client": (address, 1), "headers": lines}


def test_a_client_is_an_address_or_a_network_of_ipv6() -> None:
    limited = Admission(PUBLIC)
    of = {
        address: limited.account(scope(address))
        for address in ("192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::ffff:1", "2001:db8:0:1::1")
    }
    assert of["192.0.2.1"] is limited.account(scope("192.0.2.1"))
    assert of["192.0.2.1"] is limited.account(scope("::ffff:192.0.2.1"))
    assert of["2001:db8::1"] is of["2001:db8::ffff:1"]
    assert len(set(map(id, of.values()))) == limited.clients == 4
    assert network("unix:") == network("") == b""


def test_many_addresses_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "_MOST_ACCOUNTS", 100)
    limited = Admission(Allowance(queries=1))
    busy = limited.account(scope("192.0.2.1"))
    for number in range(1000):
        limited.account(scope(f"10.0.{number // 250}.{number % 250}"))
        if number % 50 == 0:
            assert limited.account(scope("192.0.2.1")) is busy, "a frequent client is remembered"
    assert limited.clients == 100


def test_without_limits_no_address_is_remembered() -> None:
    free = Admission()
    assert free.account(scope("192.0.2.1")) is free.account(scope("192.0.2.2"))
    assert free.clients == 0


@pytest.mark.parametrize(
    ("options", "allowance"),
    [
        ({}, Allowance()),
        ({"host": "0.0.0.0"}, PUBLIC),
        ({"host": "0.0.0.0", "public_url": "http://localhost:8000/"}, Allowance()),
        ({"public_url": "https://example.org/"}, Allowance()),
        ({"public_url": "https://example.org/", "proxies": ("127.0.0.1",)}, PUBLIC),
        ({"host": "0.0.0.0", "public_url": "https://example.org/"}, PUBLIC),
    ],
)
def test_default_limits_depend_on_the_exposure(options: dict[str, Any], allowance: Allowance) -> None:
    if "public_url" in options:
        options = options | {"public_url": PublicUrl.parse(options["public_url"])}
    assert Exposure(**options).usual_allowance == allowance


# Keys


def key_line(name: str, key: str, *limits: str) -> str:
    return " ".join((name, sha256(key.encode()).hexdigest(), *limits)) + "\n"


def test_keys_are_read(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text("# ours\n\n" + key_line("one", KEY) + key_line("two", SLOW_KEY, "seconds=2.5", "queries=0  # many"))
    keys = read_keys(file, PUBLIC)
    assert [(key.name, key.allowance) for key in keys] == [("one", PUBLIC), ("two", Allowance(2.5, 30, 0))]
    assert find_key(keys, KEY) is keys[0]
    assert find_key(keys, "") is find_key(keys, "c" * 64) is find_key(keys, keys[0].digest) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (key_line("one", KEY) + "two abc\n", "line 2: the second word is not a SHA-256 digest"),
        (key_line("one", KEY) + "two\n", "line 2: the second word is not"),
        (key_line("one", KEY) + key_line("one", SLOW_KEY), "line 2: the name 'one' or its key appears twice"),
        (key_line("one", KEY) + key_line("two", KEY), "line 2: the name 'two' or its key appears twice"),
        (key_line("one", ""), "line 1: this is the digest of an empty key"),
        (key_line("one", KEY, "speed=9"), "line 1: 'speed=9' is not a limit, such as seconds=60, errors=60, queries=60"),
        (key_line("one", KEY, "seconds=-1"), "line 1: '-1' is not a number of seconds; 0 means no limit"),
        (key_line("one", KEY, "queries=1.5"), "line 1: '1.5' is not a whole number"),
        ("# nothing\n", "has no keys"),
    ],
)
def test_an_invalid_line_is_reported(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "keys"
    file.write_text(text)
    with pytest.raises(WrongUsage) as caught:
        read_keys(file, PUBLIC)
    assert words in str(caught.value)


def test_a_key_given_instead_of_its_digest_is_not_printed(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text("one my-secret-key\n")
    with pytest.raises(WrongUsage) as caught:
        read_keys(file, PUBLIC)
    assert "my-secret-key" not in str(caught.value)


def test_a_file_of_keys_that_others_may_change_is_refused(tmp_path: Path, nevkg: Callable[..., Result]) -> None:
    file = tmp_path / "keys"
    file.write_text(key_line("one", KEY))
    file.chmod(0o666)
    result = nevkg("serve", "--keys", str(file))
    assert (result.code, result.err) == (
        3,
        f"nevkg: Other users can write to {file} and add keys; remove the permission with: chmod go-w {file}.\n",
    )
    with pytest.raises(CouldNotRun, match="cannot be read"):
        read_keys(tmp_path / "none", PUBLIC)
    file.write_bytes(b"\xff")
    file.chmod(0o600)
    with pytest.raises(CouldNotRun, match="not UTF-8"):
        read_keys(file, PUBLIC)


def test_a_key_has_an_account_of_its_own() -> None:
    limited = Admission(PUBLIC, [Key("one", sha256(KEY.encode()).hexdigest(), Allowance(queries=1))])
    account = limited.account(scope(authorization=f"Bearer {KEY}"))
    assert account is limited.account(scope("192.0.2.2", x_api_key=KEY))
    assert account is limited.account(scope(authorization=f"bearer  {KEY}"))
    assert account is not limited.account(scope())
    assert limited.account(scope(authorization="Basic bWU6bWU=")) is limited.account(scope()), "basic authentication may be for the proxy"
    for wrong in ({"authorization": "Bearer x"}, {"x_api_key": "x"}, {"x_api_key": ""}, {"authorization": "Bearer "}):
        with pytest.raises(Problem) as caught:
            limited.account(scope(**wrong))
        assert (caught.value.status, caught.value.headers["WWW-Authenticate"]) == (401, 'Bearer realm="nevkg", error="invalid_token"')
    assert limited.refusals["key"] == 4


# A server


@pytest.fixture(scope="module")
def limited(part: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """A server behind a trusted proxy, whose role the tests take; the log is in the folder of the keys."""
    folder = tmp_path_factory.mktemp("limited")
    (folder / "keys").write_text(key_line("roomy", KEY, "seconds=0", "errors=0") + key_line("slow", SLOW_KEY, "seconds=0.2"))
    options = ("--client-seconds", "60", "--client-errors", "2", "--client-queries", "2", "--trust-proxy", "127.0.0.1")
    log = folder / "log"
    with serving("--data", part, "--quick", "2", "--slow", "2", "--log", "--keys", str(folder / "keys"), *options, log=log) as server:
        yield server
        text = log.read_text()
        assert not any(
            secret in text for secret in (KEY, SLOW_KEY, sha256(KEY.encode()).hexdigest(), "wrong-key", "192.0.2.", "198.51.100.")
        )


def ask(server: ServerProcess, query: str, client: str, **headers: str) -> requests.Response:
    return server.ask(query, headers={"X-Forwarded-For": client, **headers})


def test_too_many_errors_return_429(limited: ServerProcess) -> None:
    me = "192.0.2.1"
    good = ask(limited, "ASK {}", me)
    assert [ask(limited, f"nonsense {number}", me).status_code for number in range(3)] == [400, 400, 429]
    refused = ask(limited, "ASK { ?a ?b ?c }", me, Origin="https://example.org")
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert 0 < int(refused.headers["Retry-After"]) <= 30
    assert refused.json()["detail"].startswith("The limit for one client is 2 failing queries per minute; try again in ")
    # Cheap responses are still available: cached answers, 304, files, the state of the server.
    assert ask(limited, "ASK {}", me).status_code == 200
    assert ask(limited, "ASK {}", me, **{"If-None-Match": good.headers["ETag"]}).status_code == 304
    assert limited.get("/health", headers={"X-Forwarded-For": me}).status_code == 200
    # Other clients are not affected.
    assert ask(limited, "ASK { ?a ?b ?d }", "192.0.2.2").status_code == 200
    assert ask(limited, "ASK { ?a ?b ?e }", me, **{"X-API-Key": KEY}).status_code == 200


def test_only_the_last_untrusted_hop_counts(limited: ServerProcess) -> None:
    """Earlier entries of the header are set by the client and not trustworthy."""
    for number in range(2):
        assert ask(limited, f"nonsense {number}", f"198.51.100.{number}, 192.0.2.3, 127.0.0.1").status_code == 400
    assert ask(limited, "ASK { ?x ?y ?z }", "198.51.100.9, 192.0.2.3").status_code == 429
    assert ask(limited, "ASK { ?x ?y ?z }", "192.0.2.3, 198.51.100.9").status_code == 200


def test_the_header_of_untrusted_clients_is_ignored(part: str) -> None:
    with serving("--data", part, "--quick", "1", "--slow", "1", "--client-errors", "1") as server:
        statuses = [ask(server, f"nonsense {number}", f"192.0.2.{number}").status_code for number in range(2)]
    assert statuses == [400, 429]


@contextmanager
def running_runaways(server: ServerProcess, count: int, **headers: str) -> Iterator[None]:
    """Runs a number of runaway queries of one client in the slow lane. The connections are closed at the end."""
    with ExitStack() as clients:
        for number in range(count):
            client = clients.enter_context(server.connect())
            lines = {"Host": "localhost", **headers}
            head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
            query = urlencode({"query": f"{RUNAWAY} # {number} {headers}"})
            client.sendall(f"GET /sparql?{query} HTTP/1.1\r\n{head}\r\n".encode())
        wait_for(lambda: server.health["load"]["slow running"] == count)
        yield
    wait_for(lambda: server.health["load"]["slow running"] == 0)


def test_processor_time_of_stopped_queries_is_charged(limited: ServerProcess) -> None:
    mine = {"Authorization": f"Bearer {SLOW_KEY}"}
    with running_runaways(limited, 1, **mine):
        assert ask(limited, "ASK { ?p ?q ?r }", "192.0.2.4", **mine).status_code == 200, "nothing is charged yet"
    refused = ask(limited, "ASK { ?q ?p ?r }", "192.0.2.4", **mine)
    # A query in the slow lane has used at least 0.3 seconds.
    assert (refused.status_code, "0.2 seconds of processor time" in refused.json()["detail"]) == (429, True)


def test_concurrent_queries_of_one_client_are_limited(limited: ServerProcess) -> None:
    me = "192.0.2.5"
    with running_runaways(limited, 2, **{"X-Forwarded-For": me}):
        refused = ask(limited, "ASK { ?r ?q ?p }", me)
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "5")
        assert "2 queries at the same time" in refused.json()["detail"]
        assert ask(limited, "ASK { ?r ?p ?q }", "192.0.2.6").status_code == 200
    assert ask(limited, "ASK { ?r ?q ?p }", me).status_code == 200, "a finished query frees its slot"


def test_a_wrong_key_is_refused(limited: ServerProcess) -> None:
    wrong = limited.get("/api", headers={"Authorization": "Bearer wrong-key"})
    assert (wrong.status_code, wrong.headers["WWW-Authenticate"]) == (401, 'Bearer realm="nevkg", error="invalid_token"')
    assert wrong.json()["detail"] == "This server does not know the key; ask its operator for one."
    assert limited.get("/health", headers={"Authorization": "Bearer wrong-key"}).status_code == 200


def test_a_key_can_be_required(part: str, tmp_path: Path) -> None:
    (tmp_path / "keys").write_text(key_line("one", KEY))
    with serving("--data", part, "--quick", "1", "--slow", "1", "--keys", str(tmp_path / "keys"), "--require-key") as server:
        assert server.ask("ASK {}", headers={"X-API-Key": KEY}).status_code == 200
        for path in ("/", "/api", "/sparql?query=ASK{}", "/static/x"):
            refused = server.get(path)
            assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, 'Bearer realm="nevkg"')
        assert server.get("/health").status_code == 200
