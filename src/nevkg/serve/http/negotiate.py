"""Content negotiation (RFC 9110): which of several formats, and which encoding, a client gets."""

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
# Ours first.
ENCODINGS = ("zstd", "gzip")
# No client names more than a few hundred.
_LONGEST = 1 << 13


def choose(request: HTTPConnection, offers: Mapping[str, str], named: str | None = None) -> str:
    """The name of the format that a client prefers.

    Args:
        request: the request.
        offers: name of a format to its media type, our own preference first.
        named: the format that the address asks for by its name or media type, which wins over the header.

    Raises:
        Problem: 406 if the client takes none of them.
    """
    if named is not None:
        for name, media in offers.items():
            if named in (name, media):
                return name
        raise Problem(406, f"There is no format '{named}' here; choose from {', '.join(offers)}.")
    found = preferred(request, tuple(offers.items()))
    if found is None:
        raise Problem(406, f"Nothing of what Accept names can be had here; there are {', '.join(offers.values())}.")
    return found


def preferred(request: HTTPConnection, offers: tuple[tuple[str, str], ...]) -> str | None:
    """The name of the best offer, None if none is acceptable; a header that is missing or names no media type accepts all."""
    # The header may be sent in several lines.
    return _best(", ".join(request.headers.getlist("accept"))[:_LONGEST], offers)


@lru_cache(maxsize=1024)
def _best(accept: str, offers: tuple[tuple[str, str], ...]) -> str | None:
    media = {kind: name for name, kind in reversed(offers)}
    found = create_accept_header(_plain(accept) or None).acceptable_offers([kind for _, kind in offers])
    return media[found[0][0]] if found else None


def _plain(accept: str) -> str:
    """The media types of a header with their weights alone.

    Parameters such as ``version`` and ``header`` choose between variants of a format, of which we have one each; what cannot be
    read is left out.
    """
    weights: dict[str, float] = {}
    for element in parse_http_list(accept):
        with suppress(ValueError):
            # Clients of Java leave out the zero before the point.
            for media_range, weight, *_ in Accept.parse(_POINT.sub(r"\g<1>0", element)):
                kind = media_range.partition(";")[0].lower()
                weights[kind] = max(weight, weights.get(kind, 0))
    return ", ".join(f"{kind};q={weight:.3f}" for kind, weight in weights.items())


def encoding(request: HTTPConnection, offers: Sequence[str]) -> str:
    """The first of several content encodings that a client takes; ``identity`` if it takes none of them, or names none."""
    header = create_accept_encoding_header(", ".join(request.headers.getlist("accept-encoding")) or None)
    if not isinstance(header, AcceptEncodingValidHeader):
        return "identity"
    taken = {name for name, _ in header.acceptable_offers(offers)}
    return next((name for name in offers if name in taken), "identity")
