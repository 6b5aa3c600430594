"""Content negotiation and conditional requests (RFC 9110)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from email.utils import parsedate_to_datetime
from functools import lru_cache
from urllib.request import parse_http_list

from starlette.requests import HTTPConnection, Request
from webob.acceptparse import Accept, AcceptEncodingValidHeader, create_accept_encoding_header, create_accept_header

from nevkg.serve.problem import Problem

_POINT = re.compile(r"(;\s*q=)(?=\.)", re.IGNORECASE)
# Our preference first.
ENCODINGS = ("zstd", "gzip")
# Characters of an Accept header that are read; no client sends more than a few hundred.
_LONGEST = 1 << 13


def choose(request: HTTPConnection, offers: Mapping[str, str], named: str | None = None) -> str:
    """Returns the name of the format that a client prefers.

    Args:
        offers: format name to media type, our preference first.
        named: format requested in the address by name or media type; it overrides the header.

    Raises:
        Problem: 406 if the client accepts none of the formats.
    """
    if named is not None:
        for name, media in offers.items():
            if named in (name, media):
                return name
        raise Problem(406, f"There is no format '{named}' at this address; choose from {', '.join(offers)}.")
    found = best_offer(request, tuple(offers.items()))
    if found is None:
        raise Problem(406, f"None of the media types in the Accept header is available; choose from {', '.join(offers.values())}.")
    return found


def best_offer(request: HTTPConnection, offers: tuple[tuple[str, str], ...]) -> str | None:
    """Returns the name of the best offer; None if none is acceptable.

    A header that is missing or names no media type accepts all.
    """
    # The header may be sent in several lines.
    return _best(", ".join(request.headers.getlist("accept"))[:_LONGEST], offers)


@lru_cache(maxsize=1024)
def _best(accept: str, offers: tuple[tuple[str, str], ...]) -> str | None:
    media = {kind: name for name, kind in reversed(offers)}
    found = create_accept_header(_without_parameters(accept) or None).acceptable_offers([kind for _, kind in offers])
    return media[found[0][0]] if found else None


def _without_parameters(accept: str) -> str:
    """Returns the media types of a header with only their weights.

    Parameters such as ``version`` and ``header`` choose between variants of a format, of which we have one each. Elements that cannot
    be parsed are left out.
    """
    weights: dict[str, float] = {}
    for element in parse_http_list(accept):
        with suppress(ValueError):
            # Java clients omit the zero before the decimal point.
            for media_range, weight, *_ in Accept.parse(_POINT.sub(r"\g<1>0", element)):
                kind = media_range.partition(";")[0].lower()
                weights[kind] = max(weight, weights.get(kind, 0))
    return ", ".join(f"{kind};q={weight:.3f}" for kind, weight in weights.items())


def choose_encoding(request: HTTPConnection) -> str:
    """Returns the first of ``ENCODINGS`` that a client accepts; ``identity`` if it accepts none of them, or names none."""
    header = create_accept_encoding_header(", ".join(request.headers.getlist("accept-encoding")) or None)
    if not isinstance(header, AcceptEncodingValidHeader):
        return "identity"
    taken = {name for name, _ in header.acceptable_offers(ENCODINGS)}
    return next((name for name in ENCODINGS if name in taken), "identity")


def client_tags(request: Request) -> dict[str, str]:
    """Returns the ETags in If-None-Match: the part before the encoding, mapped to the whole tag."""
    given = [tag.strip().removeprefix("W/") for tag in ",".join(request.headers.getlist("if-none-match")).split(",")]
    return {tag.strip('"').partition("-")[0]: tag for tag in given}


def revalidation_headers(quoted_tag: str, vary: str) -> dict[str, str]:
    """Returns the headers of a response with a quoted ETag that a client must revalidate before each use; ``vary`` is as in HTTP."""
    return {"ETag": quoted_tag, "Cache-Control": "no-cache", "Vary": vary}


def is_known(request: Request, tag: str, modified: float) -> bool:
    """Returns whether the client already has this state of a file.

    Args:
        tag: the quoted ETag of the file.
        modified: modification time, in seconds of Unix time.
    """
    if request.headers.getlist("if-none-match"):
        return _names(request, "if-none-match", tag)
    since = _moment(request, "if-modified-since")
    return since is not None and int(modified) <= since


def refuse_unless_match(request: Request, tag: str, modified: float) -> None:
    """Raises ``Problem`` 412 if If-Match or If-Unmodified-Since is for another state of the file; arguments as for ``is_known``."""
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
    given = {tag.strip() for tag in ",".join(request.headers.getlist(header)).split(",")}
    return "*" in given or tag in given or (header == "if-none-match" and f"W/{tag}" in given)


def _moment(request: Request, header: str) -> float | None:
    """Returns the date of a header in seconds of Unix time; None if it is missing or invalid."""
    try:
        return parsedate_to_datetime(request.headers[header]).timestamp()
    except (KeyError, ValueError, OverflowError):
        return None
