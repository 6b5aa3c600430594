"""SPARQL servers: HTTP requests with retries, credentials and error messages; their kinds, as described in ``presets.toml``."""

from __future__ import annotations

import html
import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, Self
from urllib.parse import urljoin, urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase, HTTPBasicAuth, HTTPDigestAuth
from requests.utils import get_netrc_auth
from urllib3 import BaseHTTPResponse
from urllib3.exceptions import ReadTimeoutError
from urllib3.util.retry import Retry

from nevkg.errors import CouldNotRun, WrongUsage

USER, PASSWORD, _TIMEOUT = "NEVKG_STORE_USER", "NEVKG_STORE_PASSWORD", "NEVKG_STORE_TIMEOUT"
_CONNECT_SECONDS, _READ_SECONDS, _MOST_SECONDS = 10.0, 300.0, 1e6
_TRIES_MORE, _LONGEST_PAUSE = 3, 30.0
_RETRY_STATUS = (429, 500, 502, 503, 504)
_MOST_REDIRECTS = 6
_LONGEST_MESSAGE = 200  # characters of a server's message that are quoted
PIECE = 1 << 16
# Bytes, or the fields of a form, which may be repeated.
Body = bytes | Mapping[str, str | Sequence[str]]
_TABLE = Path(__file__).with_name("presets.toml")


class _RetryPolicy(Retry):
    """Retries after temporary failures, but not after a read time-out, since the next try would probably time out as well."""

    def increment(self, *args: Any, **kwargs: Any) -> Self:
        error = kwargs.get("error")
        if isinstance(error, ReadTimeoutError):
            raise error
        following = super().increment(*args, **kwargs)
        # urllib3 keeps a failure in a variable of the frame that its traceback names. That cycle would keep the frames of all callers
        # with the results that they receive, which may only be released in their own thread.
        for cause in (error, *error.args) if error else ():
            if isinstance(cause, BaseException):
                cause.__traceback__ = None
        return following

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        seconds = super().get_retry_after(response)
        return None if seconds is None else min(seconds, _LONGEST_PAUSE)


class NoAnswer(CouldNotRun):
    """The server did not respond."""


@dataclass(frozen=True)
class Connection:
    """The connection to a server: its address, session, credentials and read time-out (seconds)."""

    address: str
    session: requests.Session = field(repr=False, compare=False)
    credentials: AuthBase | None = field(repr=False, compare=False, default=None)
    seconds: float = _READ_SECONDS

    def send(self, method: str, address: str, content: Body, headers: Mapping[str, str]) -> requests.Response:
        """Sends a request to a service of this server.

        Args:
            content: bytes, or the fields of a form.
            headers: in addition to those of the session.

        Returns:
            The response, with any status not listed below; its content is not read yet.

        Raises:
            NoAnswer: if the server cannot be reached.
            CouldNotRun: if it refuses access (401, 403) or finds nothing there (404).
        """
        response = self.exchange(method, address, content, headers)
        status = response.status_code
        if status in (requests.codes.unauthorized, requests.codes.forbidden):
            response.close()
            raise CouldNotRun(f"{address} refuses access ({status}); set {USER} and {PASSWORD} to a valid name and password.")
        if status == requests.codes.not_found:
            response.close()
            raise CouldNotRun(f"There is nothing at {address} (404); is this the address of a SPARQL endpoint?")
        return response

    def exchange(
        self, method: str, address: str, content: Body | None = None, headers: Mapping[str, str] | None = None
    ) -> requests.Response:
        """Sends a request and follows redirects; requests itself would drop the content when it follows one.

        Raises:
            NoAnswer: if the server cannot be reached.
            CouldNotRun: if there are too many redirects.
        """
        original, credentials = address, self.credentials
        for _ in range(_MOST_REDIRECTS):
            try:
                response = self.session.request(
                    method,
                    address,
                    data=content,
                    headers=headers,
                    auth=credentials,
                    timeout=(_CONNECT_SECONDS, self.seconds),
                    stream=True,
                    allow_redirects=False,
                )
            except requests.RequestException as error:
                raise NoAnswer(f"The request to {original} failed: {self.why(error)}.") from None
            target = self.session.get_redirect_target(response)
            if target is None:
                return response
            response.close()
            moved = urljoin(address, target)
            if self.session.should_strip_auth(address, moved):  # type: ignore[no-untyped-call]
                credentials = None
            address = moved
        raise CouldNotRun(f"{original} redirected the request {_MOST_REDIRECTS} times; give the address of the endpoint itself.")

    def why(self, error: BaseException) -> str:
        """Describes the root cause of an error of requests, which wraps errors several times."""
        if isinstance(error, requests.ConnectTimeout):
            return f"there was no connection within {_CONNECT_SECONDS:g} seconds"
        while (
            inner := error.__cause__ or error.__context__ or next((cause for cause in error.args if isinstance(cause, BaseException)), None)
        ):
            error = inner
        if isinstance(error, TimeoutError):
            return f"the server sent nothing for {self.seconds:g} seconds; {_TIMEOUT} sets how long to wait"
        return (error.strerror if isinstance(error, OSError) else None) or str(error).rstrip(".") or type(error).__name__


def connect(address: str, *, digest: bool = False, pause: float = 0.5) -> Connection:
    """Returns a connection to the server at ``address``; sends nothing yet.

    The name and the password come from ``NEVKG_STORE_USER`` and ``NEVKG_STORE_PASSWORD``, else from
    ``~/.netrc``; ``NEVKG_STORE_TIMEOUT`` sets the number of seconds to wait for an answer.

    Args:
        address: HTTP address; its query parameters are preserved.
        digest: whether to use digest authentication instead of basic.
        pause: backoff factor of the pause between retries (seconds).

    Raises:
        WrongUsage: if the address or the time-out is malformed, or the address contains a password.
    """
    try:
        parts = urlsplit(address)
        is_valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_valid = False
    if not is_valid:
        raise WrongUsage("The address of a store must be that of a SPARQL endpoint, such as https://example.org/sparql.")
    if "@" in parts.netloc:
        raise WrongUsage(f"The address of a store must not contain a name or password; set {USER} and {PASSWORD} in the environment.")
    session = requests.Session()
    session.headers["User-Agent"] = "nevkg (https://w3id.org/nevkg/)"
    # None: requests of any method may be retried, since all requests sent here are idempotent.
    patience = _RetryPolicy(_TRIES_MORE, status_forcelist=_RETRY_STATUS, allowed_methods=None, backoff_factor=pause, raise_on_status=False)
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(max_retries=patience))
    return Connection(address, session, _credentials(address, digest=digest), _read_timeout())


def _credentials(address: str, *, digest: bool) -> AuthBase | None:
    user, password = os.environ.get(USER), os.environ.get(PASSWORD, "")
    if user is None and digest and (found := get_netrc_auth(address)):
        user, password = found
    if not user:
        return None  # for basic authentication, requests itself reads ~/.netrc
    # Bytes, since requests would encode text as Latin-1.
    return HTTPDigestAuth(user, password) if digest else HTTPBasicAuth(user.encode(), password.encode())


def _read_timeout() -> float:
    given = os.environ.get(_TIMEOUT)
    try:
        seconds = float(given) if given else _READ_SECONDS
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < _MOST_SECONDS:
        raise WrongUsage(f"{_TIMEOUT} is '{given}', which is not a number of seconds, such as 60.")
    return seconds


def describe_response(response: requests.Response) -> str:
    """Returns the status of a response and the beginning of its message, as plain text on one line."""
    status = f"({response.status_code} {response.reason or ''}".rstrip() + ")"
    try:
        text = next(response.iter_content(PIECE), b"").decode("utf-8", "replace")
    except requests.RequestException:
        return status
    if "html" in response.headers.get("Content-Type", "") or text.lstrip().startswith("<"):
        text = html.unescape(re.sub(r"(?is)<(script|style|head)\b.*?</\1>|<[^>]*>", " ", text))
    text = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    message = text[:_LONGEST_MESSAGE].rstrip(". ") + ("…" if len(text) > _LONGEST_MESSAGE else "")
    return f"{status}: {message}" if message else status


@dataclass(frozen=True)
class Preset:
    """A kind of server; ``presets.toml`` documents the fields. Services are paths, or full addresses after :meth:`at`."""

    name: str
    query: str
    union: str = ""
    update: str = ""
    quads: str = ""
    graphs: str = ""
    recognised: str = ""
    digest: bool = False
    whole: bool = False
    preamble: str = ""
    empty: str = "CLEAR SILENT GRAPH <{graph}>"
    remove: str = "DROP SILENT GRAPH <{graph}>"
    take: str = "DELETE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }} WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} {filters} }}"
    sweeps: bool = False
    most_graphs: int = 100
    most_triples: int = 100_000
    remedy: str = ""

    @property
    def union_query(self) -> str:
        """The address for queries over the union of all graphs."""
        return f"{self.query}?{self.union}" if self.union else self.query

    def at(self, address: str) -> Preset:
        """Returns the preset with full addresses of the services of a server, given its address or that of one of the services."""
        parts = urlsplit(address)
        path = parts.path.rstrip("/")
        for service in (self.query, self.update, self.quads):
            if service and path.endswith(service):
                path = path.removesuffix(service)
                break
        base = urlunsplit((parts.scheme, parts.netloc, path, "", ""))
        return replace(self, query=base + self.query, update=base + self.update, quads=base + self.quads)


@cache
def presets() -> dict[str, Preset]:
    """Returns all known kinds of servers by name."""
    table = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    return {name: Preset(**facts) for name, facts in table.items()}


def find_preset(address: str, kind: str | None = None) -> Preset | None:
    """Returns the preset of the server at ``address`` with the addresses of its services; None if its kind is unknown.

    Args:
        address: the address of the server, or of one of its services.
        kind: a name in ``presets()``; guessed from the ``Server`` header if None.

    Raises:
        WrongUsage: if ``kind`` is unknown, or ``address`` malformed.
    """
    if kind is not None:
        if kind not in presets():
            raise WrongUsage(f"There is no preset '{kind}'; choose from {', '.join(presets())}.")
        return presets()[kind].at(address)
    with connect(address).exchange("HEAD", address) as response:
        server = recognise_server(response.headers.get("Server", ""))
    return server.at(address) if server else None


def recognise_server(server: str) -> Preset | None:
    """Returns the kind of a server by its ``Server`` header; None if unknown."""
    return next((preset for preset in presets().values() if re.search(preset.recognised, server)), None)
