"""Formats text for assistants. Whatever comes from the data is cleaned and fenced, so that it cannot pass for instructions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

# Text between these marks comes from the data.
OPEN, CLOSE = "<data>", "</data>"
_LONGEST = 600
# Angle brackets could end the fence.
_BRACKETS = str.maketrans("<>", "‹›")
# What follows a square bracket makes it a link or an image of Markdown, which a client loads when it shows an answer.
_LINK = re.compile(r"\](?=[(\[:])")


def clean(text: str, most: int = _LONGEST) -> str:
    """Returns text on one line of at most ``most`` characters.

    It has no control characters, angle brackets or invisible characters, and no links or images of Markdown.
    """
    visible = "".join(" " if unicodedata.category(one)[0] in "CZ" else one for one in text.translate(_BRACKETS))
    line = _LINK.sub("] ", " ".join(visible.split()))
    return line if len(line) <= most else f"{line[: most - 1]}…"


def clean_all(value: Any) -> Any:
    """Cleans all texts in a JSON value; the keys of objects are not changed."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {name: clean_all(one) for name, one in value.items()}
    return [clean_all(one) for one in value] if isinstance(value, list | tuple) else value


def fence(lines: Iterable[str]) -> str:
    """Returns lines of cleaned text from the data between the marks."""
    return "\n".join((OPEN, *lines, CLOSE))


def to_markdown(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Returns the lines of a Markdown table, with its cells cleaned."""
    return [_line(heads), _line(["---"] * len(heads)), *(_line(row) for row in rows)]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(clean(cell).replace('|', chr(92) + '|') for cell in cells)} |"
