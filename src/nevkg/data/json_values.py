"""Dataclasses and other values of Python as JSON values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated, Any

Day = Annotated[str, ("format", "date")]  # an ISO day
OPTIONAL: Mapping[str, bool] = {"optional": True}  # metadata of a field that is left out if it is None
_PLAIN = frozenset({str, int, float, bool, type(None)})


class CamelCase:
    """A dataclass whose members in JSON have names such as ``rowsWithout`` for the field ``rows_without``."""


@dataclass(frozen=True)
class Member:
    """A member of the JSON of a dataclass: its name, the name of the field, and whether it is left out if the field is None."""

    name: str
    field: str
    is_optional: bool


@cache
def members(kind: type) -> Sequence[Member]:
    """Returns the members of the JSON of a dataclass."""
    return [
        Member(_camel(declared.name) if issubclass(kind, CamelCase) else declared.name, declared.name, declared.metadata == OPTIONAL)
        for declared in fields(kind)
    ]


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.title() for word in others)


def to_json_value(value: Any) -> Any:
    """Converts a value to JSON values: dataclasses to objects, decimals to numbers, days to ISO texts; also within lists and mappings.

    As ``default`` of :func:`json.dumps` it converts those parts of a value that :mod:`json` cannot.
    """
    kind = type(value)
    if kind in _PLAIN:
        return value
    if is_dataclass(kind):
        parts = ((member, getattr(value, member.field)) for member in members(kind))
        return {member.name: to_json_value(part) for member, part in parts if part is not None or not member.is_optional}
    if isinstance(value, list | tuple):
        return [to_json_value(part) for part in value]
    if isinstance(value, Mapping):
        return {name: to_json_value(part) for name, part in value.items()}
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"A {kind.__name__} has no form in JSON.")
