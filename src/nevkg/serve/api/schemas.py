"""JSON Schemas of the types of responses, for the OpenAPI document.

An object is a ``TypedDict``, or a dataclass with its members as in :mod:`nevkg.data.json_values`. Its description is the first
paragraph of its docstring. Members are described in ``Annotated``, where a text is a description and a pair is a member of the
schema, or below ``Attributes:``. A type with a ``title`` becomes a component of that name.
"""

from __future__ import annotations

import datetime
import re
import types
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import is_dataclass
from decimal import Decimal
from inspect import cleandoc
from typing import Annotated, Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

from nevkg.data.json_values import members

Schema = Mapping[str, Any]

_SIMPLE: Mapping[Any, Schema] = {
    Any: {},
    type(None): {"type": "null"},
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    Decimal: {"type": "number"},
    datetime.date: {"type": "string"},
    datetime.datetime: {"type": "string"},
}
_ATTRIBUTES = "\n\nAttributes:\n"
_ATTRIBUTE = re.compile(r"^    (\w+): (.+(?:\n {8}.+)*)", re.MULTILINE)


def ref(name: str) -> Schema:
    """Returns a reference to a component."""
    return {"$ref": f"#/components/schemas/{name}"}


class Components:
    """The schemas of types that have a name, and of all types in them."""

    def __init__(self, kinds: Iterable[Any], further: Mapping[Any, Any]) -> None:
        """Makes the schemas of ``kinds``; ``further`` has the objects with further members, and the type of these members."""
        self.schemas: dict[str, Schema] = {}
        self._further = further
        self._kinds: dict[str, Any] = {}
        for kind in kinds:
            self._convert(kind)

    def _convert(self, hint: Any) -> Schema:
        origin, arguments = get_origin(hint), get_args(hint)
        if origin is Annotated:
            return self._annotate(*arguments)
        if origin is NotRequired:
            return self._convert(*arguments)
        if origin is Literal:
            return {"enum": list(arguments)}
        if origin in (Union, types.UnionType):
            return _unite([self._convert(argument) for argument in arguments])
        if origin in (Sequence, list, tuple):
            return {"type": "array", "items": self._convert(arguments[0])}
        if origin in (Mapping, dict):
            names = {} if arguments[0] is str else {"propertyNames": self._convert(arguments[0])}
            return {"type": "object", **names, "additionalProperties": self._convert(arguments[1])}
        if is_typeddict(hint) or is_dataclass(hint):
            return self._add(hint.__name__, hint, lambda: self._describe(hint))
        return _SIMPLE[hint]

    def _add(self, name: str, kind: Any, make: Callable[[], Schema]) -> Schema:
        if self._kinds.setdefault(name, kind) != kind:
            raise TypeError(f"Two types of responses have the name '{name}': {self._kinds[name]} and {kind}.")
        if name not in self.schemas:
            self.schemas[name] = {}  # so that it can contain itself
            self.schemas[name] = make()
        return ref(name)

    def _annotate(self, kind: Any, *notes: Any) -> Schema:
        schema = dict(self._convert(kind))
        for note in notes:
            name, value = ("description", note) if isinstance(note, str) else note
            if name == "title":
                schema = dict(self._add(value, kind, lambda whole=schema: whole))  # type: ignore[misc]
            else:
                schema[name] = value
        return schema

    def _describe(self, kind: Any) -> Schema:
        """Returns the schema of an object."""
        properties: dict[str, Schema] = {}
        required: list[str] = []
        for name, hint, words, is_required in _members(kind):
            properties[name] = {**self._convert(hint), **({"description": words} if words else {})}
            required += [name] if is_required else []
        further = self._convert(self._further[kind]) if kind in self._further else False
        words = _plain(_doc(kind).partition("\n\n")[0])
        whole = {"type": "object", "required": required, "properties": properties, "additionalProperties": further}
        return {**({"description": words} if words else {}), **whole}


def _members(kind: Any) -> Iterator[tuple[str, Any, str, bool]]:
    """Yields the name, the type and the description of each member, and whether it is required."""
    hints = get_type_hints(kind, include_extras=True)
    if is_typeddict(kind):
        for name, hint in hints.items():
            yield name, hint, "", kind.__total__ and get_origin(hint) is not NotRequired
    else:
        words = {name: text for base in reversed(kind.__mro__) for name, text in _ATTRIBUTE.findall(_doc(base).partition(_ATTRIBUTES)[2])}
        for member in members(kind):
            hint = hints[member.field]
            hint = get_args(hint)[0] if member.is_optional else hint  # without the None that is left out
            yield member.name, hint, _plain(words.get(member.field, "")), not member.is_optional


def _unite(schemas: Sequence[Schema]) -> Schema:
    """Returns the schema of a union; simple types, which have no schema but their name, are alternatives of one schema."""
    simple = [schema for schema in schemas if schema.keys() == {"type"}]
    others = [schema for schema in schemas if schema not in simple]
    names = list(dict.fromkeys(schema["type"] for schema in simple))
    if names == ["null"] and len(others) == 1 and "enum" in others[0]:
        return {**others[0], "enum": [*others[0]["enum"], None]}
    if names == ["null"] and len(others) == 1 and isinstance(others[0].get("type"), str):
        return {**others[0], "type": [others[0]["type"], "null"]}
    one = [{"type": names if len(names) > 1 else names[0]}] if names else []
    return {"anyOf": [*others, *one]} if others else one[0]


def _doc(kind: type) -> str:
    return cleandoc(kind.__dict__.get("__doc__") or "")


def _plain(text: str) -> str:
    """Returns a text of a docstring as one of the document: on one line, in Markdown, with a capital, and in the words of JSON."""
    words = re.sub(r"\bNone\b", "null", " ".join(text.split()).replace("``", "`"))
    return words[:1].upper() + words[1:]
