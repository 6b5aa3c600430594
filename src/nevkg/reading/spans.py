"""Parts of a text: where each begins and ends, and which of them are the longest."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Generic, TypeVar


@dataclass(frozen=True)
class TextSpan:
    """A part of a text, from ``start`` to ``end``, exclusive."""

    start: int
    end: int

    def overlaps(self, *others: TextSpan) -> bool:
        """Whether it has a character in common with one of the others."""
        return any(other.start < self.end and self.start < other.end for other in others)


M = TypeVar("M")
S = TypeVar("S", bound=TextSpan)


@dataclass(frozen=True)
class Found(TextSpan, Generic[M]):
    """A word or name in a text, and what it means."""

    meaning: M


def choose_longest(spans: Iterable[S]) -> list[S]:
    """Returns spans in order, without overlaps: of those that overlap the longest, and of these the one that begins first."""
    chosen: list[S] = []
    for span in sorted(spans, key=lambda each: (each.start - each.end, each.start)):
        place = bisect(chosen, span.start, key=attrgetter("start"))
        # Only its neighbours can overlap it.
        if not span.overlaps(*chosen[max(place - 1, 0) : place + 1]):
            chosen.insert(place, span)
    return chosen
