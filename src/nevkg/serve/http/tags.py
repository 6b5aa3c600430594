"""Conditional requests (RFC 9110): ETags and dates, so that a response that the client already has is not sent again."""

from __future__ import annotations

from email.utils import parsedate_to_datetime

from starlette.requests import Request

from nevkg.serve.http.problem import Problem


def client_tags(request: Request) -> dict[str, str]:
    """Returns the ETags in If-None-Match: the part before the encoding, mapped to the whole tag."""
    given = [one.strip().removeprefix("W/") for one in ",".join(request.headers.getlist("if-none-match")).split(",")]
    return {one.strip('"').partition("-")[0]: one for one in given}


def revalidation_headers(quoted_tag: str, vary: str) -> dict[str, str]:
    """Returns the headers of a response that a client may cache but must revalidate before each use.

    Args:
        quoted_tag: the ETag, in quotes.
        vary: value of the Vary header: what the response depends on besides the address.
    """
    return {"ETag": quoted_tag, "Cache-Control": "no-cache", "Vary": vary}


def is_known(request: Request, tag: str, modified: float) -> bool:
    """Returns whether the client already has this state of a file.

    Args:
        request: the request.
        tag: the quoted ETag of the file.
        modified: modification time, in seconds of Unix time.
    """
    if request.headers.getlist("if-none-match"):
        return _names(request, "if-none-match", tag)
    since = _moment(request, "if-modified-since")
    return since is not None and int(modified) <= since


def refuse_unless_match(request: Request, tag: str, modified: float) -> None:
    """Checks If-Match and If-Unmodified-Since; the arguments are those of ``is_known``.

    Raises:
        Problem: 412 if the request is for another state of the file.
    """
    if request.headers.getlist("if-match"):
        is_other = not _names(request, "if-match", tag)
    else:
        since = _moment(request, "if-unmodified-since")
        is_other = since is not None and int(modified) > since
    if is_other:
        raise Problem(
            412,
            "The file has changed since the client got it; request it again without If-Match and If-Unmodified-Since.",
            headers={"ETag": tag},
        )


def _names(request: Request, header: str, tag: str) -> bool:
    """Returns whether a header names a tag, or ``*``."""
    given = {one.strip() for one in ",".join(request.headers.getlist(header)).split(",")}
    return "*" in given or tag in given or (header == "if-none-match" and f"W/{tag}" in given)


def _moment(request: Request, header: str) -> float | None:
    """Returns the date of a header in seconds of Unix time; None if it is missing or invalid."""
    try:
        return parsedate_to_datetime(request.headers[header]).timestamp()
    except (KeyError, ValueError, OverflowError):
        return None
