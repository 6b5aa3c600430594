"""Checks the Host header against the names of the server.

With DNS rebinding, a page of another site points its own host name to 127.0.0.1, to read what only this machine should
reach. Its requests have that name in the Host header.
"""

from __future__ import annotations

import re
from ipaddress import ip_address

from starlette.types import ASGIApp, Receive, Scope, Send

from nevkg.serve.http.errors import refuse
from nevkg.serve.http.problem import Problem

_HOST = re.compile(rb"(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9_.-]+))(?::[0-9]{1,5})?")


class HostCheck:
    """Middleware that refuses requests whose Host header is malformed or is not a name of the server."""

    def __init__(self, app: ASGIApp, names: frozenset[str] | None) -> None:
        """Wraps an application.

        Args:
            app: the application.
            names: accepted hosts in lower case, besides loopback names; None accepts any.
        """
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
