"""The exposure of the server: the public URL, the Host header, other origins, and proxies."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from rdflib import Graph
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from tests.support.markup import Markup
from tests.support.servers import free_port
from tests.support.serving import ServerProcess, serving

from nevkg.errors import WrongUsage
from nevkg.serve.http.hosts import HostCheck, PublicAddress, PublicUrl

PUBLIC = "https://example.org/nev"
ORIGIN, OTHER = "https://pages.example", "https://evil.example"
SELECT = "SELECT * { ?s ?p ?o } LIMIT 3"
BROWSER = {"Accept": "text/html"}
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"


@pytest.fixture(scope="module")
def public(part: str) -> Iterator[ServerProcess]:
    """A server behind a proxy, with one allowed origin."""
    with serving("--data", part, "--quick", "1", "--slow", "1", "--public-url", f"{PUBLIC}/", "--allow-origin", ORIGIN) as server:
        yield server


# The public address


@pytest.mark.parametrize("prefix", ["", "/nev"], ids=["the proxy removes the prefix", "the proxy keeps the prefix"])
def test_addresses_in_answers_are_public(public: ServerProcess, prefix: str) -> None:
    def get(path: str, **headers: str) -> requests.Response:
        return public.get(prefix + path, headers=headers, allow_redirects=False)

    described = {str(term) for triple in Graph().parse(data=get("/sparql").text, format="turtle") for term in triple}
    assert f"{PUBLIC}/sparql" in described
    assert f"<{PUBLIC}/sparql>" in get("/.well-known/void", Accept="application/n-triples").text
    assert 'data-root="/nev/"' in get("/sparql", **BROWSER).text
    assert get("/api/openapi.json").json()["servers"] == [{"url": PUBLIC}]
    index = get("/api").json()
    assert (index["server"], index["openapi"]) == (PUBLIC, f"{PUBLIC}/api/openapi.json")
    page = get("/place/TH", **BROWSER)
    links = [link for _, link in Markup(page.text).links]
    assert [link for link in links if link.startswith("/") and not link.startswith("/nev/")] == []
    assert "/nev/place/TH.ttl" in page.headers["Link"]
    assert page.headers["Content-Location"] == "/nev/place/TH.html"
    style = next(link for link in links if link.endswith(".css"))
    assert get(style.removeprefix("/nev")).headers["Content-Type"].startswith("text/css")


def test_the_prefix_without_a_slash_is_redirected(public: ServerProcess) -> None:
    response = public.get("/nev?lang=zh", allow_redirects=False)
    assert (response.status_code, response.headers["Location"]) == (308, "/nev/?lang=zh")


def test_the_proxy_may_send_any_known_host(public: ServerProcess) -> None:
    for host in ("example.org", "EXAMPLE.ORG:443", "127.0.0.1:8000", "localhost", "[::1]:80"):
        assert f"<{PUBLIC}/sparql>" in public.get("/sparql", headers={"Host": host, "Accept": "application/n-triples"}).text
    assert public.get("/health", headers={"Host": "evil.example"}).status_code == 421


def test_an_untrusted_proxy_causes_a_warning(part: str) -> None:
    with serving("--data", part, "--quick", "1", "--slow", "1", "--public-url", f"{PUBLIC}/") as server:
        # The data is public, so all origins may read it.
        assert server.get("/health", headers={"Origin": OTHER}).headers["Access-Control-Allow-Origin"] == "*"
        _, errors = server.stop()
    assert errors == "nevkg: behind a proxy all clients appear as one; name the proxy with --trust-proxy (docs/deploying.md).\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("https://me:secret@example.org/", "user name or password"),
        ("example.org/nev", "does not begin with http"),
        ("ftp://example.org/", "does not begin with http"),
        ("https://example.org/?a=b", "has a query"),
        ("https://example.org/#", "has a query or fragment"),
        ("https://example.org/a/../b", "has a path with characters"),
        ("https://example.org/a%20b", "has a path with characters"),
        ("https://example.org:99999/", "is not an address"),
        ("https://[::g]/", "is not an address"),
        ("https:///nev", "has no valid host"),
        ("https://新能源.example/", "has no valid host"),
    ],
)
def test_a_malformed_public_url_is_refused(text: str, words: str) -> None:
    with pytest.raises(WrongUsage, match="--public-url") as caught:
        PublicUrl.parse(text)
    assert words in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("text", ["https://example.org/nev/", "http://[::1]:8000/", "https://example.org/", "https://a.b/c/d.e~f/"])
def test_a_public_url_is_written_as_it_is_read(text: str) -> None:
    assert str(PublicUrl.parse(text)) == text


def test_a_path_that_only_begins_like_the_prefix() -> None:
    async def path(scope, receive, send) -> None:  # type: ignore[no-untyped-def]
        await PlainTextResponse(scope["root_path"] + " " + scope["path"])(scope, receive, send)

    client = TestClient(PublicAddress(path, PublicUrl.parse("https://example.org/nev/")))
    for sent, received in {"/nevkg": "/nev/nevkg", "/nev/x": "/nev/x", "/nev/": "/nev/", "/": "/nev/", "/health": "/nev/health"}.items():
        assert client.get(sent).text == f"/nev {received}"


# The Host header


def test_a_local_server_accepts_only_local_hosts(served: ServerProcess) -> None:
    for host in ("localhost", "LocalHost:1234", "127.0.0.1:80", "127.0.0.2", "[::1]", "[0:0:0:0:0:0:0:1]:8000"):
        assert served.get("/health", headers={"Host": host}).status_code == 200, host
    for host in ("evil.example", "localhost.evil.example:8000", "127.0.0.1.evil.example", "192.0.2.1", "[2001:db8::1]", "localhost."):
        refused = served.get("/sparql?query=ASK{}", headers={"Host": host})
        assert (refused.status_code, refused.headers["Content-Type"]) == (421, "application/problem+json"), host
        assert "--public-url" in refused.json()["detail"]


def test_any_well_formed_host_is_accepted_without_a_list() -> None:
    client = TestClient(HostCheck(PlainTextResponse("fine"), None))
    assert client.get("/", headers={"Host": "any_name.example:1"}).text == "fine"
    assert client.get("/", headers={"Host": "a,b"}).status_code == 400


# Other origins


def test_a_local_server_allows_no_other_origins(served: ServerProcess) -> None:
    answer = served.ask(SELECT, headers={"Origin": OTHER})
    assert not [name for name in answer.headers if name.startswith("Access-Control")]
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    preflight = requests.options(f"{served.address}/sparql", headers=preflight_headers(OTHER), timeout=30)
    assert "Access-Control-Allow-Origin" not in preflight.headers


def preflight_headers(origin: str) -> dict[str, str]:
    return {"Origin": origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}


def test_allowed_origins_may_read(public: ServerProcess) -> None:
    preflight = requests.options(f"{public.address}/sparql", headers=preflight_headers(ORIGIN), timeout=30)
    assert (preflight.status_code, preflight.headers["Access-Control-Allow-Origin"]) == (200, ORIGIN)
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
    assert {"authorization", "content-type"} <= set(preflight.headers["Access-Control-Allow-Headers"].lower().split(","))
    refused = requests.options(f"{public.address}/sparql", headers=preflight_headers(OTHER), timeout=30)
    assert (refused.status_code, "Access-Control-Allow-Origin" in refused.headers) == (400, False)


def test_answers_vary_by_origin(public: ServerProcess) -> None:
    """Every answer has Vary: Origin, so that a shared cache does not send it to another site."""
    first = public.ask(SELECT, headers={"Origin": ORIGIN})
    again = public.ask(SELECT, headers={"Origin": OTHER})
    none = public.ask(SELECT)
    same = public.ask(SELECT, headers={"Origin": ORIGIN, "If-None-Match": first.headers["ETag"]})
    wrong = public.ask("nonsense", headers={"Origin": ORIGIN})
    assert [answer.status_code for answer in (first, again, none, same, wrong)] == [200, 200, 200, 304, 400]
    assert [answer.headers.get("Access-Control-Allow-Origin") for answer in (first, again, none, same, wrong)] == [
        *(ORIGIN, None, None, ORIGIN, ORIGIN),
    ]
    for answer in (first, again, none, same, wrong):
        assert "Origin" in [word.strip() for word in answer.headers["Vary"].split(",")]
    assert "X-SPARQL-MaxRows" in first.headers["Access-Control-Expose-Headers"]


# A real proxy


@contextmanager
def proxy(folder: Path, location: str, upstream: str = "") -> Iterator[str]:
    """Runs nginx with one location, as in docs/deploying.md. Yields its address."""
    port = free_port()
    folder.mkdir()
    paths = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    settings = f"""daemon off; pid {folder}/pid; error_log {folder}/error.log;
        events {{}}
        http {{ access_log off; {paths} {upstream} server {{ listen 127.0.0.1:{port}; server_name example.org; {location} }} }}"""
    (folder / "nginx.conf").write_text(settings, encoding="utf-8")
    process = subprocess.Popen([NGINX, "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")])
    try:
        end = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except ConnectionRefusedError:
                assert process.poll() is None, (folder / "error.log").read_text()
                assert time.monotonic() < end
                time.sleep(0.02)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


needs_nginx = pytest.mark.skipif(not Path(NGINX).is_file(), reason="nginx is not installed: apt-get install nginx-light")


@needs_nginx
@pytest.mark.parametrize("path", ["", "/"], ids=["keeps the prefix", "removes the prefix"])
def test_the_documented_nginx_configuration(public: ServerProcess, tmp_path: Path, path: str) -> None:
    documented = (Path(__file__).parents[2] / "docs" / "deploying.md").read_text(encoding="utf-8")
    location = documented[documented.index("    location /nev/ {") :].partition("    }\n")[0] + "}"
    assert "proxy_pass http://127.0.0.1:8000;" in location
    location = location.replace("http://127.0.0.1:8000;", f"{public.address}{path};")
    with proxy(tmp_path / "nginx", location) as address:
        session = requests.Session()
        session.headers["Host"] = "example.org"
        described = session.get(f"{address}/nev/sparql", headers={"Accept": "application/n-triples"}, timeout=30)
        assert f"<{PUBLIC}/sparql>" in described.text
        page = session.get(f"{address}/nev/place/TH", headers=BROWSER, timeout=30)
        style = next(link for _, link in Markup(page.text).links if link.endswith(".css"))
        assert session.get(address + style, timeout=30).headers["Content-Type"].startswith("text/css")
        assert session.post(f"{address}/nev/sparql", {"query": SELECT}, timeout=30).json()["results"]["bindings"]


@needs_nginx
def test_the_documented_load_balancer(public: ServerProcess, part: str, tmp_path: Path) -> None:
    documented = (Path(__file__).parents[2] / "docs" / "scaling.md").read_text(encoding="utf-8")
    upstream = documented[documented.index("upstream nevkg {") :].partition("\n}\n")[0] + "\n}"
    location = documented[documented.index("    location /nev/ {") :].partition("    }\n")[0] + "}"
    with serving("--data", part, "--quick", "1", "--slow", "1", "--public-url", f"{PUBLIC}/") as second:
        for port, server in (("8001", public), ("8002", second)):
            assert f"127.0.0.1:{port};" in upstream
            upstream = upstream.replace(f"127.0.0.1:{port}", server.address.removeprefix("http://"))
        tags = [server.get("/nev/api/questions").headers["ETag"] for server in (public, second)]
        assert tags[0] == tags[1]
        with proxy(tmp_path / "nginx", location, upstream) as address, requests.Session() as session:
            session.headers["Host"] = "example.org"
            for round_ in range(6):
                response = session.get(f"{address}/nev/api/questions", timeout=30)
                assert (response.status_code, response.headers["ETag"]) == (200, tags[0])
                answer = session.post(f"{address}/nev/sparql", {"query": SELECT}, timeout=30)
                assert answer.json()["results"]["bindings"]
                if round_ == 2:
                    second.stop()
