"""Content negotiation (RFC 9110): chooses the media type and the content encoding of a response."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from urllib.request import parse_http_list

from starlette.requests import HTTPConnection
from webob.acceptparse import Accept, AcceptEncodingValidHeader, create_accept_encoding_header, create_accept_header

from nevkg.serve.http.problem import Problem

_POINT = re.compile(r"(;\s*q=)(?=\.)", re.IGNORECASE)
# Our preference first.
ENCODINGS = ("zstd", "gzip")
# Characters of an Accept header that are read; no client sends more than a few hundred.
_LONGEST = 1 << 13


def choose(request: HTTPConnection, offers: Mapping[str, str], named: str | None = None) -> str:
    """Returns the name of the format that a client prefers.

    Args:
        request: the request.
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


def choose_encoding(request: HTTPConnection, offers: Sequence[str]) -> str:
    """Returns the first of several content encodings that a client accepts.

    Returns ``identity`` if the client accepts none of them, or names none.
    """
    header = create_accept_encoding_header(", ".join(request.headers.getlist("accept-encoding")) or None)
    if not isinstance(header, AcceptEncodingValidHeader):
        return "identity"
    taken = {name for name, _ in header.acceptable_offers(offers)}
    return next((name for name in offers if name in taken), "identity")
