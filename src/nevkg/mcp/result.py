"""The result of a tool, and the pieces of JSON Schema that tools share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from nevkg.data import terms
from nevkg.mcp.text import fence
from nevkg.store import Store

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
    """

    name: str
    title: str
    description: str
    takes: Schema
    gives: Schema
    run: Callable[[Store, Arguments], Result]


def language_of(arguments: Arguments) -> str:
    """Returns the language that the arguments name, or the first one."""
    return str(arguments.get("lang", terms.LANGUAGES[0]))
