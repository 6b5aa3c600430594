"""Finds known names in a text: the longest at each place, as whole words, in any language."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Generic, TypeVar

from nevkg.reading.spans import Found
from nevkg.reading.words import UNSPACED

T = TypeVar("T")
R = TypeVar("R")

_WORD = re.compile(rf"[{UNSPACED}]|[^\W_{UNSPACED}]+")


class NameIndex(Generic[T]):
    """Names, each with what it may mean."""

    def __init__(self, names: Iterable[tuple[str, T]], fold: Callable[[str], str] = str.casefold) -> None:
        """Indexes names; ``fold`` makes equal what is written differently, such as upper and lower case."""
        self._fold = fold
        # By the name from its first to its last word: what is before and after these, and the meaning.
        self._meanings: dict[str, list[tuple[str, str, T]]] = defaultdict(list)
        self._longest: dict[str, int] = {}  # words of the longest name, by its first word
        for name, meaning in names:
            if words := list(_WORD.finditer(name)):
                start, end = words[0].start(), words[-1].end()
                self._meanings[fold(name[start:end])].append((name[:start], name[end:], meaning))
                key = fold(words[0].group())
                self._longest[key] = max(len(words), self._longest.get(key, 0))

    def find(self, text: str, choose: Callable[[Sequence[T], str], R | None]) -> Iterator[Found[R]]:
        """Yields the longest names of a text in order, without overlaps.

        Args:
            choose: returns what a name means, given its possible meanings and how it is written; None if it is no name here.
        """
        words = [match.span() for match in _WORD.finditer(text)]
        place = 0
        while place < len(words):
            start, end = words[place]
            longest = self._longest.get(self._fold(text[start:end]), 0)
            for last in range(min(place + longest, len(words)) - 1, place - 1, -1):
                found = self._look_up(text, start, words[last][1], choose)
                if found:
                    yield found
                    place = last
                    break
            place += 1

    def _look_up(self, text: str, start: int, end: int, choose: Callable[[Sequence[T], str], R | None]) -> Found[R] | None:
        """Returns the longest name whose first word begins and whose last word ends at these places; None if there is none."""
        by_span: dict[tuple[int, int], list[T]] = defaultdict(list)
        for before, after, meaning in self._meanings.get(self._fold(text[start:end]), ()):
            if text.endswith(before, 0, start) and text.startswith(after, end):
                by_span[start - len(before), end + len(after)].append(meaning)
        for first, last in sorted(by_span, key=lambda span: span[0] - span[1]):
            if (chosen := choose(by_span[first, last], text[first:last])) is not None:
                return Found(first, last, chosen)
        return None
