"""Copies: how much of a text another one has, by the runs of words that they share."""

from __future__ import annotations

import re
import unicodedata

from nevkg.reading.words import UNSPACED

# A word, or a character in scripts that write no spaces between words.
_TOKEN = re.compile(rf"{UNSPACED.pattern}|[^\W_]+")
_RUN = 6  # tokens
_FEWEST = 20  # runs: fewer may be a formula that many pages have

Shingles = frozenset[tuple[str, ...]]


def read_shingles(text: str) -> Shingles:
    """Returns all runs of six words of a text, or of six characters where words are not spaced, in lower case."""
    tokens = _TOKEN.findall(unicodedata.normalize("NFKC", text).casefold())
    return frozenset(zip(*(tokens[start:] for start in range(_RUN)), strict=False))


def measure_copied(text: Shingles, other: Shingles) -> float:
    """Returns the share of a text, from 0 to 1, that another one has, too; 0 if the text is too short to say."""
    return len(text & other) / len(text) if len(text) >= _FEWEST else 0.0
