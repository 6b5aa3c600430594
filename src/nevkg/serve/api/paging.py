"""Paging: a part of a list, with links and counts for the other parts."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from nevkg.serve import parameter

T = TypeVar("T")
# The parameters of a request, with fallback to their defaults.
RequestParameters = ChainMap[str, Any]

OFFSET = parameter.count("offset", "Number of items to skip.", least=0, most=10**9 - 1, default=0)


def limit(default: int, most: int) -> parameter.Parameter:
    """Returns the parameter ``limit``."""
    return parameter.count("limit", "Maximum number of items; `next` links to the following ones.", most=most, default=default)


def parameters(given: Mapping[str, Any]) -> RequestParameters:
    """Returns the parameters of the request behind a job, with their defaults."""
    return ChainMap(given["asked"], given["defaults"])


@dataclass(frozen=True)
class Page:
    """One page of a list of ``total`` items, selected by the parameters ``offset`` and ``limit``."""

    parameters: RequestParameters
    total: int

    @property
    def offset(self) -> int:
        """Number of skipped items."""
        return int(self.parameters["offset"])

    @property
    def limit(self) -> int:
        """Maximum number of items."""
        return int(self.parameters["limit"])

    def of(self, whole: Sequence[T]) -> Sequence[T]:
        """Returns the part of a list that is on the page."""
        return whole[self.offset : self.offset + self.limit]

    @property
    def next(self) -> str | None:
        """A reference to the next page, relative to the address of this one; None on the last page."""
        end = self.offset + self.limit
        return self._at(end) if end < self.total else None

    def to_json(self) -> dict[str, Any]:
        """Members for the response body."""
        return {"total": self.total, "offset": self.offset, "limit": self.limit, "truncated": self.next is not None, "next": self.next}

    @property
    def headers(self) -> dict[str, str]:
        """Response headers: links to the neighbouring pages (RFC 8288), the total, and whether further pages follow."""
        links = [f'<{self.next}>; rel="next"'] if self.next else []
        if self.offset:
            links.append(f'<{self._at(max(self.offset - self.limit, 0))}>; rel="prev"')
        counts = {"X-Total-Count": str(self.total), "X-Truncated": str(self.next is not None).lower()}
        return {**counts, **({"Link": ", ".join(links)} if links else {})}

    def _at(self, offset: int) -> str:
        words = {name: str(value).lower() if isinstance(value, bool) else value for name, value in self.parameters.maps[0].items()}
        return "?" + urlencode({**words, "offset": offset, "limit": self.limit}, doseq=True)
