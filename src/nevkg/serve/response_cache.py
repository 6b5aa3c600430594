"""An in-memory LRU cache of responses, bounded by their total size."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

# Bytes. Larger answers would displace too many others.
LARGEST = 1 << 20
# Bytes of memory that an answer takes besides its body: many small ones would else take far more than the limit.
_BESIDE = 1 << 12


@dataclass(frozen=True)
class Answer:
    """A complete answer.

    Attributes:
        head: the media type and headers; see ``Reply``.
        body: the content in bytes.
    """

    head: dict[str, Any]
    body: bytes

    @property
    def size(self) -> int:
        """The bytes of memory that it takes, about."""
        return len(self.body) + _BESIDE


class ResponseCache:
    """A bounded LRU cache of answers by ETag."""

    def __init__(self, most: int) -> None:
        """Creates an empty cache.

        Args:
            most: maximum size of all answers together, in bytes.
        """
        self._most, self.size = most, 0
        self._answers: OrderedDict[str, Answer] = OrderedDict()

    def get(self, tag: str) -> Answer | None:
        """Returns the answer with an ETag; None if it is not cached."""
        answer = self._answers.get(tag)
        if answer:
            self._answers.move_to_end(tag)
        return answer

    def put(self, tag: str, answer: Answer) -> None:
        """Stores an answer unless it is too large, and evicts the least recently used ones beyond the limit."""
        if answer.size > min(LARGEST + _BESIDE, self._most) or tag in self._answers:
            return
        self._answers[tag] = answer
        self.size += answer.size
        while self.size > self._most:
            _, oldest = self._answers.popitem(last=False)
            self.size -= oldest.size

    def clear(self) -> None:
        """Removes all answers."""
        self._answers.clear()
        self.size = 0
