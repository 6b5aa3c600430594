"""Conditional requests (RFC 9110): what a client has already is not sent again."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

from starlette.requests import Request

from nevkg.serve.http.problem import Problem


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


def is_known(request: Request, tag: str, modified: float) -> bool:
    """Whether the client has this state of a file.

    Args:
        request: the request.
        tag: the quoted ETag of the file.
        modified: when it was made, in seconds of Unix time.
    """
    if request.headers.getlist("if-none-match"):
        return _names(request, "if-none-match", tag)
    since = _moment(request, "if-modified-since")
    return since is not None and int(modified) <= since


def refuse_unless_match(request: Request, tag: str, modified: float) -> None:
    """Refuses a request that is for another state of a file; see ``is_known``.

    Raises:
        Problem: 412 if it is.
    """
    if request.headers.getlist("if-match"):
        is_other = not _names(request, "if-match", tag)
    else:
        since = _moment(request, "if-unmodified-since")
        is_other = since is not None and int(modified) > since
    if is_other:
        raise Problem(412, "The file is not the one that the request is for; ask for it without conditions.", headers={"ETag": tag})


def _names(request: Request, header: str, tag: str) -> bool:
    """Whether a header names a tag, or any."""
    given = {one.strip() for one in ",".join(request.headers.getlist(header)).split(",")}
    return "*" in given or tag in given or (header == "if-none-match" and f"W/{tag}" in given)


def _moment(request: Request, header: str) -> float | None:
    """The date of a header; None if there is none that can be read."""
    try:
        return parsedate_to_datetime(request.headers[header]).timestamp()
    except (KeyError, ValueError, OverflowError):
        return None
