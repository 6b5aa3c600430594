"""Requests to a SPARQL server: patience, credentials, moved addresses, and what went wrong in one sentence."""

from __future__ import annotations

import html
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

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
_WORTH_TRYING_AGAIN = (429, 500, 502, 503, 504)
_MOVES, _SHOWN = 6, 200
PIECE = 1 << 16
# Bytes, or the fields of a form, of which some may come several times.
Body = bytes | Mapping[str, str | Sequence[str]]


class _Patience(Retry):
    """Tries again after what may pass; not after a time-out, which would only be waited for once more."""

    def increment(self, *args: Any, **kwargs: Any) -> Self:
        if isinstance(kwargs.get("error"), ReadTimeoutError):
            raise kwargs["error"]
        return super().increment(*args, **kwargs)

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        asked = super().get_retry_after(response)
        return None if asked is None else min(asked, _LONGEST_PAUSE)


class Lost(CouldNotRun):
    """There was no answer."""


@dataclass(frozen=True)
class Connection:
    """A server under an address, with the credentials and the patience for it."""

    address: str
    session: requests.Session = field(repr=False, compare=False)
    credentials: AuthBase | None = field(repr=False, compare=False, default=None)
    seconds: float = _READ_SECONDS

    def send(self, method: str, address: str, content: Body, headers: Mapping[str, str]) -> requests.Response:
        """Sends something to a service of this server.

        Args:
            method: of HTTP.
            address: of the service.
            content: bytes, or the fields of a form.
            headers: beside those of the session.

        Returns:
            The response, whatever its status; its content is not read yet.

        Raises:
            Lost: if the server cannot be reached.
            CouldNotRun: if it lets nobody in, or has nothing there.
        """
        response = self.exchange(method, address, content, headers)
        status = response.status_code
        if status in (requests.codes.unauthorized, requests.codes.forbidden):
            response.close()
            raise CouldNotRun(f"{address} lets nobody in without the right name and password ({status}): set {USER} and {PASSWORD}.")
        if status == requests.codes.not_found:
            response.close()
            raise CouldNotRun(f"There is nothing at {address} (404); is this the address of a SPARQL endpoint?")
        return response

    def exchange(
        self, method: str, address: str, content: Body | None = None, headers: Mapping[str, str] | None = None
    ) -> requests.Response:
        """Sends a request, also to where the address has moved: requests itself would lose the content on the way there.

        Raises:
            Lost: if the server cannot be reached.
            CouldNotRun: if it only leads elsewhere.
        """
        asked, credentials = address, self.credentials
        for _ in range(_MOVES):
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
                raise Lost(f"{asked} cannot be asked: {self.why(error)}.") from None
            target = self.session.get_redirect_target(response)
            if target is None:
                return response
            response.close()
            moved = urljoin(address, target)
            if self.session.should_strip_auth(address, moved):  # type: ignore[no-untyped-call]
                credentials = None
            address = moved
        raise CouldNotRun(f"{asked} only leads from one address to the next ({_MOVES} times); give the address of the endpoint itself.")

    def why(self, error: BaseException) -> str:
        """What is at the bottom of an error of requests, which wraps it several times."""
        if isinstance(error, requests.ConnectTimeout):
            return f"there was no connection within {_CONNECT_SECONDS:g} seconds"
        while inner := error.__cause__ or error.__context__ or next((one for one in error.args if isinstance(one, BaseException)), None):
            error = inner
        if isinstance(error, TimeoutError):
            return f"nothing came for {self.seconds:g} seconds; {_TIMEOUT} sets how long to wait"
        return (error.strerror if isinstance(error, OSError) else None) or str(error).rstrip(".") or type(error).__name__


def connect(address: str, *, digest: bool = False, pause: float = 0.5) -> Connection:
    """A connection to the server at ``address``; nothing is sent yet.

    A name and a password come from ``NEVKG_STORE_USER`` and ``NEVKG_STORE_PASSWORD``, else from
    ``~/.netrc``; ``NEVKG_STORE_TIMEOUT`` sets for how many seconds an answer is waited for.

    Args:
        address: of HTTP; its own parameters are kept.
        digest: whether the password goes by digest, and not in the clear.
        pause: the seconds that grow from one try to the next.

    Raises:
        WrongUsage: if the address or the time-out cannot be understood, or the address holds a password.
    """
    try:
        parts = urlsplit(address)
        understood = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        understood = False
    if not understood:
        raise WrongUsage("The address of a store must be that of a SPARQL endpoint, such as https://example.org/sparql.")
    if "@" in parts.netloc:
        raise WrongUsage(f"The address of a store must not hold a name or password; set {USER} and {PASSWORD} in the environment.")
    session = requests.Session()
    session.headers["User-Agent"] = "nevkg (https://w3id.org/nevkg/)"
    # None: a request may be sent again, whatever the method: all that is sent here can be done twice.
    patience = _Patience(
        _TRIES_MORE, status_forcelist=_WORTH_TRYING_AGAIN, allowed_methods=None, backoff_factor=pause, raise_on_status=False
    )
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(max_retries=patience))
    return Connection(address, session, _credentials(address, digest=digest), _seconds())


def _credentials(address: str, *, digest: bool) -> AuthBase | None:
    user, password = os.environ.get(USER), os.environ.get(PASSWORD, "")
    if user is None and digest and (found := get_netrc_auth(address)):
        user, password = found
    if not user:
        return None  # requests itself looks into ~/.netrc for a basic password
    # As text, requests would send Latin-1.
    return HTTPDigestAuth(user, password) if digest else HTTPBasicAuth(user.encode(), password.encode())


def _seconds() -> float:
    given = os.environ.get(_TIMEOUT)
    try:
        seconds = float(given) if given else _READ_SECONDS
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < _MOST_SECONDS:
        raise WrongUsage(f"{_TIMEOUT} is '{given}', which is not a number of seconds, such as 60.")
    return seconds


def refusal(response: requests.Response) -> str:
    """The status of a response, and the beginning of what the server says, as plain text on one line."""
    status = f"({response.status_code} {response.reason or ''}".rstrip() + ")"
    try:
        text = next(response.iter_content(PIECE), b"").decode("utf-8", "replace")
    except requests.RequestException:
        return status
    if "html" in response.headers.get("Content-Type", "") or text.lstrip().startswith("<"):
        text = html.unescape(re.sub(r"(?is)<(script|style|head)\b.*?</\1>|<[^>]*>", " ", text))
    text = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    told = text[:_SHOWN].rstrip(". ") + ("…" if len(text) > _SHOWN else "")
    return f"{status}: {told}" if told else status
