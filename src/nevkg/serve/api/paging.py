"""Pages: a part of a list, with all that it takes to get the rest."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from nevkg.serve.api import parameter

T = TypeVar("T")
# What a request asks, by parameter, before what holds if it does not.
Asked = ChainMap[str, Any]

OFFSET = parameter.count("offset", "How many to pass over.", least=0, most=10**9 - 1, default=0)


def limit(default: int, most: int) -> parameter.Parameter:
    """The parameter for how many at the most."""
    return parameter.count("limit", "How many at the most; `next` leads to those that follow.", most=most, default=default)


def asked(given: Mapping[str, Any]) -> Asked:
    """What the request behind a job asks."""
    return ChainMap(given["asked"], given["defaults"])


@dataclass(frozen=True)
class Page:
    """Where a page begins, how many it holds at the most, and of how many there are in all."""

    asked: Asked
    total: int

    @property
    def offset(self) -> int:
        """How many are passed over."""
        return int(self.asked["offset"])

    @property
    def limit(self) -> int:
        """How many at the most."""
        return int(self.asked["limit"])

    def of(self, whole: Sequence[T]) -> Sequence[T]:
        """The part of a list that is on the page."""
        return whole[self.offset : self.offset + self.limit]

    @property
    def next(self) -> str | None:
        """A reference, relative to the address of this page, to the one that follows; None on the last."""
        end = self.offset + self.limit
        return self._at(end) if end < self.total else None

    @property
    def facts(self) -> dict[str, Any]:
        """For the body."""
        return {"total": self.total, "offset": self.offset, "limit": self.limit, "truncated": self.next is not None, "next": self.next}

    @property
    def headers(self) -> dict[str, str]:
        """For the head: links to neighbouring pages (RFC 8288), the whole number, and whether some follow."""
        links = [f'<{self.next}>; rel="next"'] if self.next else []
        if self.offset:
            links.append(f'<{self._at(max(self.offset - self.limit, 0))}>; rel="prev"')
        counts = {"X-Total-Count": str(self.total), "X-Truncated": str(self.next is not None).lower()}
        return {**counts, **({"Link": ", ".join(links)} if links else {})}

    def _at(self, offset: int) -> str:
        words = {name: str(value).lower() if isinstance(value, bool) else value for name, value in self.asked.maps[0].items()}
        return "?" + urlencode({**words, "offset": offset, "limit": self.limit}, doseq=True)
