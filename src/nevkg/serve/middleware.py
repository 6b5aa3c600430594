"""What is done with every response: security, the encoding in its ETag, a line in the log."""

from __future__ import annotations

import json
import logging
from time import perf_counter

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SECURITY = {
    # Nothing from elsewhere, and nothing that stands within a page.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
        "connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}
_access = logging.getLogger("nevkg.access")


class Security:
    """Tells browsers what a page of ours may do."""

    def __init__(self, app: ASGIApp, *, may_embed: bool = False) -> None:
        """Surrounds an application.

        Args:
            app: the application.
            may_embed: whether pages of any other site may load what it answers.
        """
        self._app = app
        self._headers = {**_SECURITY, "Cross-Origin-Resource-Policy": "cross-origin" if may_embed else "same-origin"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Adds headers."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers)


class EncodedTags:
    """Gives each encoding of a body an ETag of its own: a strong one is of bytes. Stands outside of what encodes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Adds the encoding to the ETag."""

        async def with_encoding(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                tag, encoding = headers.get("etag"), headers.get("content-encoding")
                if tag and encoding:
                    headers["etag"] = f'{tag.removesuffix(chr(34))}-{encoding}"'
            await send(message)

        await self._app(scope, receive, with_encoding)


class AccessLog:
    """A line of JSON for each request. Who asked, and for what in particular, is nobody's concern."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Logs a request when it is answered."""
        if scope["type"] != "http" or not _access.isEnabledFor(logging.INFO):
            await self._app(scope, receive, send)
            return
        began, status, size = perf_counter(), 0, 0

        async def counted(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            size += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, counted)
        finally:
            took = round((perf_counter() - began) * 1000, 1)
            line = {"method": scope["method"], "path": scope["path"], "status": status, "bytes": size, "ms": took}
            _access.info(json.dumps(line, ensure_ascii=False))
