"""Answers that are kept: the most recently used ones, up to a number of bytes."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

# Larger answers would drive out too many others.
LARGEST = 1 << 20


@dataclass(frozen=True)
class Answer:
    """A whole answer.

    Attributes:
        head: the media type and headers, see ``Reply``.
        body: the content.
    """

    head: dict[str, Any]
    body: bytes


class Kept:
    """A bounded cache of answers by their ETag."""

    def __init__(self, most: int) -> None:
        """An empty one.

        Args:
            most: bytes of all bodies together.
        """
        self._most, self.size = most, 0
        self._answers: OrderedDict[str, Answer] = OrderedDict()

    def get(self, tag: str) -> Answer | None:
        """The answer, if it is kept."""
        answer = self._answers.get(tag)
        if answer:
            self._answers.move_to_end(tag)
        return answer

    def put(self, tag: str, answer: Answer) -> None:
        """Keeps an answer, unless it is too large."""
        if len(answer.body) > min(LARGEST, self._most) or tag in self._answers:
            return
        self._answers[tag] = answer
        self.size += len(answer.body)
        while self.size > self._most:
            _, oldest = self._answers.popitem(last=False)
            self.size -= len(oldest.body)

    def clear(self) -> None:
        """Forgets all."""
        self._answers.clear()
        self.size = 0
