"""Sentences about an entity, made from templates of its card file and from answers and fields of its card.

A template has figures and values in braces: ``{plants} {plants:plant|plants} in {country}``. The two words after a colon are for
the number one and for others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nevkg.ask.stories import Figure
from nevkg.table.values import Words

_SLOT = re.compile(r"\{(\w+)(?::([^|{}]*)\|([^|{}]*))?\}")


@dataclass(frozen=True)
class Template:
    """The words of one sentence in each language, and the figures that they need."""

    words: Words
    figures: Mapping[str, Figure]

    @property
    def slots(self) -> set[str]:
        """The names of its figures and values."""
        return {slot[1] for text in self.words.values() for slot in _SLOT.finditer(text)}

    def fill(self, language: str, values: Mapping[str, str | int]) -> str:
        """Returns the sentence; empty if one of its values is missing, or one of its numbers is 0."""

        def word(slot: re.Match[str]) -> str:
            value = values[slot[1]]
            if slot[2] is None:
                return f"{value:,}" if isinstance(value, int) else value
            return slot[2] if value == 1 else slot[3]

        text = self.words[language]
        return _SLOT.sub(word, text) if all(values.get(slot[1]) for slot in _SLOT.finditer(text)) else ""


# The alternatives for each sentence: the first that can be filled is used.
Summary = Sequence[Sequence[Template]]
