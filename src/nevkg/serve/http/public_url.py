"""The address under which the public reaches the server, whatever the proxy in front of it does to requests."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv6Address
from urllib.parse import urlsplit

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from nevkg.errors import WrongUsage

_EXAMPLE = "write an address such as https://example.org/nev/"
_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?", re.ASCII)
# Other characters would need different forms in links, headers and routes.
_PREFIX = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~-]+)*", re.ASCII)


@dataclass(frozen=True)
class PublicUrl:
    """A parsed ``--public-url``.

    Attributes:
        scheme: http or https.
        host: lower case, without the port; IPv6 without brackets.
        authority: the host as it is written in addresses, with the port if there is one.
        prefix: the path before all paths of the server, without the slash at its end; empty at the root of the host.
    """

    scheme: str
    host: str
    authority: str
    prefix: str = ""

    @classmethod
    def parse(cls, text: str) -> PublicUrl:
        """Reads an address.

        Raises:
            WrongUsage: if it is not the address of a server.
        """

        def wrong(why: str, shown: str = f"'{text}'") -> WrongUsage:
            return WrongUsage(f"--public-url: {shown} {why}; {_EXAMPLE}.")

        try:
            parts = urlsplit(text)
            host, port = parts.hostname or "", parts.port
            written = f"[{IPv6Address(host)}]" if ":" in host else host
        except ValueError as error:
            raise wrong(f"is not an address ({error})") from None
        if parts.scheme not in ("http", "https"):
            raise wrong("does not begin with http:// or https://")
        if "@" in parts.netloc:
            raise wrong("has a user name or password, which would be published", "the address")
        if "?" in text or "#" in text:
            raise wrong("has a query or fragment, to which no path can be added")
        if not (":" in host or _NAME.fullmatch(host)):
            raise wrong("names no host (international names in their ASCII form, xn--…)")
        prefix = parts.path.rstrip("/")
        if not _PREFIX.fullmatch(prefix):
            raise wrong("has a path with characters other than letters, digits, '-', '.', '_' and '~'")
        return cls(parts.scheme, host, written if port is None else f"{written}:{port}", prefix)

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.prefix}/"


class PublicAddress:
    """Makes requests look as the client sent them, so that addresses in answers are public ones.

    The proxy may pass the prefix on or remove it: a path that does not begin with the prefix gets it back.
    """

    def __init__(self, app: ASGIApp, url: PublicUrl) -> None:
        self._app, self._url = app, url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on under its public address."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        prefix, path = self._url.prefix, scope["path"]
        if prefix and path == prefix:
            # Without the slash, relative links of the explorer would lead out of the prefix.
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
