"""Sentences of a text in any language, with their positions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# A full stop ends a sentence if something follows that may begin one; not after an initial or a short abbreviation.
_END = re.compile(
    r"[。！？!?；]+[”’\"'」』）)]*|(?<![\s.(][A-Z])(?<!\b(?:Co|Mr|Ms|Dr|St|No|vs))(?<!\b(?:Inc|Ltd|Mrs))\.[”’\"')]*(?=\s+[^a-z\s]|\s*$)|\n+"
)


@dataclass(frozen=True)
class Sentence:
    """A sentence.

    Attributes:
        start: where it begins in the text.
        end: where it ends, exclusive.
        text: its words.
    """

    start: int
    end: int
    text: str


def split_sentences(text: str) -> Iterator[Sentence]:
    """Yields the sentences of a text; a line end ends a sentence, too."""
    start = 0
    for match in _END.finditer(text):
        yield from _trim(text, start, match.end())
        start = match.end()
    yield from _trim(text, start, len(text))


def _trim(text: str, start: int, end: int) -> Iterator[Sentence]:
    words = text[start:end]
    first = start + len(words) - len(words.lstrip())
    if words.strip():
        yield Sentence(first, first + len(words.strip()), words.strip())
