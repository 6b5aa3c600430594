"""The names of the server: its public URL, and the check of the Host header."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from urllib.parse import urlsplit

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from nevkg.errors import WrongUsage
from nevkg.serve.http.error_responses import refuse
from nevkg.serve.problem import Problem

_HOST = re.compile(rb"(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9_.-]+))(?::[0-9]{1,5})?")


class HostCheck:
    """Middleware that refuses requests whose Host header is malformed or is not a name of the server."""

    def __init__(self, app: ASGIApp, names: frozenset[str] | None) -> None:
        """Wraps an application; accepts these hosts, in lower case, besides loopback names, or any host if None."""
        self._app, self._names = app, names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Responds with 400 or 421, or passes the request on."""
        refusal = self._refusal(scope) if scope["type"] == "http" else None
        if refusal:
            await refuse(refusal, scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _refusal(self, scope: Scope) -> Problem | None:
        given = [value for name, value in scope["headers"] if name == b"host"]
        if not given and scope["http_version"] == "1.0":
            return None
        host = _parse(given[0]) if len(given) == 1 else None
        if host is None:
            return Problem(
                400,
                "The request needs exactly one Host header with the name of this server, such as 'Host: localhost:8000'.",
                cause="bad host",
            )
        if self._names is None or host in self._names or is_loopback(host):
            return None
        return Problem(
            421, f"This server does not accept the host name '{host}'; its operator can set it with --public-url.", cause="unknown host"
        )


def is_loopback(host: str) -> bool:
    """Returns whether a host is a loopback address or ``localhost``, which DNS cannot point elsewhere."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _parse(header: bytes) -> str | None:
    """Returns the host in lower case without port and brackets; None if the header is malformed."""
    found = _HOST.fullmatch(header)
    if not found:
        return None
    if found[1] is None:
        return str(found[2].decode("ascii").lower())
    try:
        return str(ip_address(found[1].decode("ascii")))
    except ValueError:
        return None


_EXAMPLE = "write an address such as https://example.org/nev/"
_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?", re.ASCII)
# Other characters would need a different escape in links, headers and routes.
_PREFIX = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~-]+)*", re.ASCII)


@dataclass(frozen=True)
class PublicUrl:
    """A parsed ``--public-url``.

    Attributes:
        scheme: http or https.
        host: host in lower case, without the port; IPv6 without brackets.
        authority: host as written in URLs, with the port if there is one.
        prefix: path before all paths of the server, without a trailing slash; empty at the root of the host.
    """

    scheme: str
    host: str
    authority: str
    prefix: str = ""

    @classmethod
    def parse(cls, text: str) -> PublicUrl:
        """Parses the URL of a server."""

        def usage_error(why: str, subject: str = f"'{text}'") -> WrongUsage:
            return WrongUsage(f"--public-url: {subject} {why}; {_EXAMPLE}.")

        try:
            parts = urlsplit(text)
            host, port = parts.hostname or "", parts.port
            url_host = f"[{IPv6Address(host)}]" if ":" in host else host
        except ValueError as error:
            raise usage_error(f"is not an address ({error})") from None
        if parts.scheme not in ("http", "https"):
            raise usage_error("does not begin with http:// or https://")
        if "@" in parts.netloc:
            raise usage_error("has a user name or password, which would be published", "the URL")
        if "?" in text or "#" in text:
            raise usage_error("has a query or fragment, to which no path can be added")
        if not (":" in host or _NAME.fullmatch(host)):
            raise usage_error("has no valid host (international names in their ASCII form, xn--…)")
        prefix = parts.path.rstrip("/")
        if not _PREFIX.fullmatch(prefix):
            raise usage_error("has a path with characters other than letters, digits, '-', '.', '_' and '~'")
        return cls(parts.scheme, host, url_host if port is None else f"{url_host}:{port}", prefix)

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.prefix}/"


class PublicAddress:
    """Middleware that restores the public address of requests, so that addresses in responses are public ones.

    A proxy may keep or remove the prefix: it is added to a path that does not begin with it.
    """

    def __init__(self, app: ASGIApp, url: PublicUrl) -> None:
        self._app, self._url = app, url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on with its public address."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        prefix, path = self._url.prefix, scope["path"]
        if prefix and path == prefix:
            # Without the slash, relative links of the explorer would point outside the prefix.
            query = scope["query_string"].decode("latin-1")
            await RedirectResponse(f"{prefix}/{'?' + query if query else ''}", 308)(scope, receive, send)
            return
        headers = [(name, value) for name, value in scope["headers"] if name != b"host"]
        public = {
            "scheme": self._url.scheme,
            "headers": [(b"host", self._url.authority.encode("ascii")), *headers],
            "root_path": prefix,
            "path": path if path.startswith(f"{prefix}/") else prefix + path,
        }
        await self._app({**scope, **public}, receive, send)
