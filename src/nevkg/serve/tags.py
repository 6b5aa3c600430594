"""Conditional requests (RFC 9110): what a client has already is not sent again."""

from __future__ import annotations

from starlette.requests import Request


def held(request: Request) -> dict[str, str]:
    """What the client has: our part of each ETag, and the whole of it, which tells the encoding, too."""
    given = [one.strip().removeprefix("W/") for one in ",".join(request.headers.getlist("if-none-match")).split(",")]
    return {one.strip('"').partition("-")[0]: one for one in given}


def current(quoted_tag: str, vary: str) -> dict[str, str]:
    """The headers of what a client may keep, but asks about before each use.

    Args:
        quoted_tag: the ETag.
        vary: what the answer depends on besides the address.
    """
    return {"ETag": quoted_tag, "Cache-Control": "no-cache", "Vary": vary}
