"""What a tool is and returns, and text that is safe in the context of an assistant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nevkg.data import terms
from nevkg.store import Store

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
    visible = "".join(" " if unicodedata.category(character)[0] in "CZ" else character for character in text.translate(_BRACKETS))
    line = _LINK.sub("] ", " ".join(visible.split()))
    return line if len(line) <= most else f"{line[: most - 1]}…"


def clean_all(value: Any) -> Any:
    """Cleans all texts in a JSON value; the keys of objects are not changed."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {name: clean_all(member) for name, member in value.items()}
    return [clean_all(part) for part in value] if isinstance(value, list | tuple) else value


def fence(lines: Iterable[str]) -> str:
    """Returns lines of cleaned text from the data between the marks."""
    return "\n".join((OPEN, *lines, CLOSE))


def to_markdown(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Returns the lines of a Markdown table, with its cells cleaned."""
    return [_line(heads), _line(["---"] * len(heads)), *(_line(row) for row in rows)]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(clean(cell).replace('|', chr(92) + '|') for cell in cells)} |"


Schema = Mapping[str, Any]
Arguments = Mapping[str, Any]

DAY: Schema = {"type": "string"}
# The instructions of the server describe these once for all tools.
CLOCKS: Mapping[str, Schema] = {
    "as_of": DAY,
    "known_by": DAY,
    "lang": {"type": "string", "enum": list(terms.LANGUAGES)},
}
DEFAULT_ROWS, MOST_ROWS = 20, 100
PAGE: Mapping[str, Schema] = {
    "limit": {"type": "integer", "minimum": 1, "maximum": MOST_ROWS, "default": DEFAULT_ROWS},
    "offset": {"type": "integer", "minimum": 0, "default": 0},
}
_TEXTS: Schema = {"type": "array", "items": {"type": "string"}}
_OBJECTS: Schema = {"type": "array", "items": {"type": "object"}}
# Members of every result of rows.
ROWS_OUTPUT: Mapping[str, Schema] = {
    "asOf": {"type": "string"},
    "rows": _OBJECTS,
    "citations": _OBJECTS,
    "notes": _TEXTS,
    "next": {"type": ["integer", "null"]},
}


def schema(properties: Mapping[str, Schema], *required: str) -> Schema:
    """Returns the schema of an object that has only these properties."""
    return {"type": "object", "properties": dict(properties), "required": list(required), "additionalProperties": False}


def output(**properties: Schema) -> Schema:
    """Returns the schema of a result that has at least these members."""
    return {"type": "object", "properties": properties, "required": list(properties)}


@dataclass(frozen=True)
class Result:
    """The result of a tool.

    Attributes:
        summary: lines in our own words: what it is, for which day, and how to get more.
        data: lines with text from the data, cleaned.
        content: the same as JSON values, cleaned.
    """

    summary: tuple[str, ...]
    data: tuple[str, ...]
    content: Mapping[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The result as Markdown, with the text from the data in a fence."""
        return "\n".join((*self.summary, fence(self.data))) if self.data else "\n".join(self.summary)


@dataclass(frozen=True)
class Tool:
    """A tool: what an assistant reads of it, and the function that runs it.

    Attributes:
        name: a verb.
        title: for people.
        description: for the assistant, which reads those of all tools at once.
        takes: the schema of its arguments.
        gives: the schema of ``Result.content``.
        run: the function, which gets the record and the arguments.
        writes: whether it writes files.
    """

    name: str
    title: str
    description: str
    takes: Schema
    gives: Schema
    run: Callable[[Store, Arguments], Result]
    writes: bool = False


def language_of(arguments: Arguments) -> str:
    """Returns the language that the arguments name, or the first one."""
    return str(arguments.get("lang", terms.LANGUAGES[0]))
