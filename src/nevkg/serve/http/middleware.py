"""Middleware for every response: security headers, and the content encoding as part of the ETag."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from nevkg.serve.http.negotiate import ENCODINGS, choose_encoding

POLICY = "Content-Security-Policy"


def policy(ancestors: Sequence[str] = ("'none'",)) -> str:
    """Returns the content security policy: nothing from other sites, and no inline scripts or styles.

    Args:
        ancestors: the sites whose pages may show the page in a frame.
    """
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
        f"connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {' '.join(ancestors)}"
    )


_SECURITY = {
    POLICY: policy(),
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}


class Security:
    """Adds headers that restrict what browsers allow a page to do."""

    def __init__(self, app: ASGIApp, *, may_embed: bool = False) -> None:
        """Wraps an application.

        Args:
            app: the application.
            may_embed: whether pages of other sites may load responses.
        """
        self._app = app
        self._headers = {**_SECURITY, "Cross-Origin-Resource-Policy": "cross-origin" if may_embed else "same-origin"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Adds the headers that the response does not have."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers)


class EncodedTags:
    """Chooses the content encoding once for all inner layers that encode, and gives each encoding its own ETag.

    It must wrap the middleware that compresses.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Reduces Accept-Encoding to one encoding, and appends the encoding used to the ETag."""
        if scope["type"] == "http":
            MutableHeaders(scope=scope)["accept-encoding"] = choose_encoding(HTTPConnection(scope), ENCODINGS)

        async def with_encoding(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                tag, used = headers.get("etag"), headers.get("content-encoding")
                if tag and used and not tag.endswith(f'-{used}"'):
                    headers["etag"] = f'{tag.removesuffix(chr(34))}-{used}"'
            await send(message)

        await self._app(scope, receive, with_encoding)
