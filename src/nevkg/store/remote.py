"""A store elsewhere: a SPARQL 1.1 endpoint whose default graph is the union of all graphs.

An answer is read to its end before it is given on, so that whatever goes wrong is told by
``query`` itself; a long one is kept in a temporary file, not in memory.
"""

from __future__ import annotations

import html
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Self
from urllib.parse import urljoin, urlsplit

import pyoxigraph
import requests
from pyoxigraph import QueryResultsFormat, QuerySolutions, QueryTriples, RdfFormat
from requests.adapters import HTTPAdapter
from requests.auth import HTTPBasicAuth
from urllib3 import BaseHTTPResponse
from urllib3.exceptions import ReadTimeoutError
from urllib3.util.retry import Retry

from nevkg.errors import CouldNotRun, WrongUsage
from nevkg.layout import Layout
from nevkg.sparql import refuse_outgoing_requests, tokens
from nevkg.store.base import Result
from nevkg.store.quirks import makes_triples, plainly, preamble

_USER, _PASSWORD, _TIMEOUT = "NEVKG_STORE_USER", "NEVKG_STORE_PASSWORD", "NEVKG_STORE_TIMEOUT"
_CONNECT_SECONDS, _READ_SECONDS, _MOST_SECONDS = 10.0, 300.0, 1e6
_TRIES_MORE, _LONGEST_PAUSE = 3, 30.0
_WORTH_TRYING_AGAIN = (429, 500, 502, 503, 504)
_MOVES, _SHOWN = 6, 200
_IN_MEMORY, _PIECE = 1 << 24, 1 << 16
_ROWS = "application/sparql-results+json, application/sparql-results+xml;q=0.5"
# Virtuoso would answer with triples as rows of a table if it were told that rows are understood, too.
_TRIPLES = "application/n-triples, text/turtle;q=0.5"


class _Patience(Retry):
    """Tries again after what may pass; not after a time-out, which would only be waited for once more."""

    def increment(self, *args: Any, **kwargs: Any) -> Self:
        if isinstance(kwargs.get("error"), ReadTimeoutError):
            raise kwargs["error"]
        return super().increment(*args, **kwargs)

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        asked = super().get_retry_after(response)
        return None if asked is None else min(asked, _LONGEST_PAUSE)


@dataclass(frozen=True)
class RemoteStore:
    """A SPARQL endpoint and the floors that its questions come from."""

    address: str
    layout: Layout
    session: requests.Session = field(repr=False, compare=False)
    credentials: HTTPBasicAuth | None = field(repr=False, default=None)
    seconds: float = _READ_SECONDS
    known_by: str | None = None
    place: Path | None = None
    preamble: dict[str, str] = field(repr=False, compare=False, default_factory=dict)

    @property
    def identity(self) -> str:
        """The address."""
        return f"store {self.address}"

    def query(self, text: str, prefixes: dict[str, str] | None = None) -> Result:
        """Answers a SPARQL 1.1 query over the default graph of the endpoint.

        Args:
            text: the query.
            prefixes: namespaces that the query need not declare.

        Raises:
            SyntaxError: if ``text`` is not a query.
            WrongUsage: if it would send a request to another server.
            CouldNotRun: if the endpoint cannot be reached, refuses, or gives something else than results.
        """
        refuse_outgoing_requests(text)
        with self._ask(plainly(_declared(text, prefixes or {}))) as response:
            status = response.status_code
            if status == requests.codes.ok:
                return self._result(response)
            if status in (requests.codes.unauthorized, requests.codes.forbidden):
                raise CouldNotRun(
                    f"{self.address} lets nobody in without the right name and password ({status}): set {_USER} and {_PASSWORD}."
                )
            if status == requests.codes.not_found:
                raise CouldNotRun(f"There is nothing at {self.address} (404); is this the address of a SPARQL endpoint?")
            # The same parser as the embedded store's tells where the query is wrong; servers do so in as many ways as there are.
            pyoxigraph.Store().query(text, prefixes=prefixes)
            told = _plain(response)
            raise CouldNotRun(f"{self.address} did not answer the query ({status} {response.reason}){': ' + told if told else ''}.")

    def _ask(self, text: str) -> requests.Response:
        """Sends the query as the server likes it; what server it is shows in its first answer."""
        response = self._post(self.preamble.get(self.address, "") + text)
        if self.address not in self.preamble:
            self.preamble[self.address] = preamble(response.headers.get("Server", ""))
            if self.preamble[self.address]:
                response.close()
                response = self._post(self.preamble[self.address] + text)
        return response

    def _post(self, text: str) -> requests.Response:
        """Sends the query, also to where the endpoint has moved: requests itself would lose the query on the way there."""
        address, credentials = self.address, self.credentials
        headers = {"Accept": _TRIPLES if makes_triples(text) else _ROWS}
        for _ in range(_MOVES):
            try:
                waits = (_CONNECT_SECONDS, self.seconds)
                response = self.session.post(
                    address, {"query": text}, headers=headers, auth=credentials, timeout=waits, stream=True, allow_redirects=False
                )
            except requests.RequestException as error:
                raise CouldNotRun(f"{self.address} cannot be asked: {self._why(error)}.") from None
            target = self.session.get_redirect_target(response)
            if target is None:
                return response
            response.close()
            moved = urljoin(address, target)
            if self.session.should_strip_auth(address, moved):  # type: ignore[no-untyped-call]
                credentials = None
            address = moved
        raise CouldNotRun(
            f"{self.address} only leads from one address to the next ({_MOVES} times); give the address of the endpoint itself."
        )

    def _result(self, response: requests.Response) -> Result:
        """The answer, as the embedded store would give it."""
        media = response.headers.get("Content-Type", "")
        results, graph = QueryResultsFormat.from_media_type(media), RdfFormat.from_media_type(media)
        if results is None and graph is None:
            what = "HTML" if "html" in media else media or "something without a Content-Type"
            raise CouldNotRun(f"{self.address} answered {what}, not SPARQL results; is this the address of a SPARQL endpoint?")
        # The parser reads on from it when this method has long returned.
        content: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115
        try:
            for piece in response.iter_content(_PIECE):
                content.write(piece)
        except requests.RequestException as error:
            raise CouldNotRun(f"The answer of {self.address} broke off: {self._why(error)}.") from None
        content.seek(0)
        try:
            if results is None:
                return _triples(content, graph)
            found = pyoxigraph.parse_query_results(content, results)
            if isinstance(found, QuerySolutions):
                # One look at all of it: a result that breaks off must not be found out by whoever goes through the rows.
                self._complete(sum(1 for _ in found), response)
                content.seek(0)
                found = pyoxigraph.parse_query_results(content, results)
        except (SyntaxError, ValueError) as error:
            raise CouldNotRun(f"The answer of {self.address} is broken off or is not {media}: {error}.") from None
        return found

    def _complete(self, rows: int, response: requests.Response) -> None:
        """Lets no answer through that is cut off: Virtuoso says so in a header only."""
        most = response.headers.get("X-SPARQL-MaxRows", "")
        if most.isdecimal() and rows >= int(most):
            raise CouldNotRun(f"{self.address} gives {most} rows at the most, and here are more; set ResultSetMaxRows in its virtuoso.ini.")

    def _why(self, error: BaseException) -> str:
        """What is at the bottom of an error of requests, which wraps it several times."""
        if isinstance(error, requests.ConnectTimeout):
            return f"there was no connection within {_CONNECT_SECONDS:g} seconds"
        while inner := error.__cause__ or error.__context__ or next((one for one in error.args if isinstance(one, BaseException)), None):
            error = inner
        if isinstance(error, TimeoutError):
            return f"nothing came for {self.seconds:g} seconds; {_TIMEOUT} sets how long to wait"
        return (error.strerror if isinstance(error, OSError) else None) or str(error).rstrip(".") or type(error).__name__


def open_remote(address: str, layout: Layout, *, pause: float = 0.5) -> RemoteStore:
    """The store behind the address of a SPARQL endpoint; nothing is asked of it yet.

    A name and a password come from ``NEVKG_STORE_USER`` and ``NEVKG_STORE_PASSWORD``, else from
    ``~/.netrc``; ``NEVKG_STORE_TIMEOUT`` sets for how many seconds an answer is waited for.

    Args:
        address: where queries are sent; its own parameters are kept.
        layout: the floors: prefixes and questions come from there.
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
        raise WrongUsage(f"The address of a store must not hold a name or password; set {_USER} and {_PASSWORD} in the environment.")
    session = requests.Session()
    session.headers.update({"User-Agent": "nevkg (https://w3id.org/nevkg/)"})
    # None: a query may be sent again, whatever the method, since it changes nothing.
    patience = _Patience(
        _TRIES_MORE, status_forcelist=_WORTH_TRYING_AGAIN, allowed_methods=None, backoff_factor=pause, raise_on_status=False
    )
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(max_retries=patience))
    user = os.environ.get(_USER)
    credentials = HTTPBasicAuth(user.encode(), os.environ.get(_PASSWORD, "").encode()) if user else None
    return RemoteStore(address, layout, session, credentials, _seconds())


def _seconds() -> float:
    given = os.environ.get(_TIMEOUT)
    try:
        seconds = float(given) if given else _READ_SECONDS
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < _MOST_SECONDS:
        raise WrongUsage(f"{_TIMEOUT} is '{given}', which is not a number of seconds, such as 60.")
    return seconds


def _declared(text: str, prefixes: dict[str, str]) -> str:
    """The query with what it uses and does not declare, without a new line, so that lines keep their numbers."""
    used, known, before = set[str](), set[str](), ""
    for token in tokens(text):
        if token.kind == "name":
            (known if before == "PREFIX" else used).add(token.text.partition(":")[0])
        before = token.text.upper()
    return "".join(f"PREFIX {name}: <{prefixes[name]}> " for name in sorted((used - known) & prefixes.keys())) + text


def _triples(content: IO[bytes], graph: RdfFormat | None) -> QueryTriples:
    """A graph as the result of a query, which nothing but a query can make."""
    store = pyoxigraph.Store()
    store.extend(pyoxigraph.parse(content, graph))
    found = store.query("CONSTRUCT WHERE { ?s ?p ?o }")
    assert isinstance(found, QueryTriples)
    return found


def _plain(response: requests.Response) -> str:
    """The beginning of what the server says, as plain text on one line."""
    try:
        text = next(response.iter_content(_PIECE), b"").decode("utf-8", "replace")
    except requests.RequestException:
        return ""
    if "html" in response.headers.get("Content-Type", "") or text.lstrip().startswith("<"):
        text = html.unescape(re.sub(r"(?is)<(script|style|head)\b.*?</\1>|<[^>]*>", " ", text))
    text = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return text[:_SHOWN].rstrip(". ") + ("…" if len(text) > _SHOWN else "")
