"""Content negotiation (RFC 9110): which of several formats a client gets."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from webob.acceptparse import create_accept_header

from nevkg.serve.problem import Problem


def choose(accept: str | None, offers: Mapping[str, str], named: str | None = None) -> str:
    """The name of the format that a client prefers.

    Args:
        accept: the Accept header; None if there is none.
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
    found = preferred(accept, tuple(offers.items()))
    if found is None:
        raise Problem(406, f"Nothing of what Accept names can be had here; there are {', '.join(offers.values())}.")
    return found


@lru_cache(maxsize=1024)
def preferred(accept: str | None, offers: tuple[tuple[str, str], ...]) -> str | None:
    """The name of the best offer, None if none is acceptable; an empty or broken header accepts all."""
    media = {kind: name for name, kind in reversed(offers)}
    found = create_accept_header(accept or None).acceptable_offers([kind for _, kind in offers])
    return media[found[0][0]] if found else None
