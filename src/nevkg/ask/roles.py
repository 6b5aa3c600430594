"""Roles of columns: reads which column of a question is used for what on a map, a timeline, a chart, a graph or in a table."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from nevkg.data import terms
from nevkg.errors import InvalidData

_MAP = frozenset({"place", "size", "color", "status", "from", "until", "since", "home", "label"})
_TIMELINE = frozenset({"at", "from", "until", "lane", "label", "color"})
_CHART = frozenset({"x", "y", "series", "unit", "apart", "low", "more", "start"})
_GRAPH = frozenset({"subject", "relation", "object"})
_TABLE = frozenset({"brief"})  # the columns that a narrow terminal shows, the most important first
_COLUMNS = _MAP | _TIMELINE | _CHART | _GRAPH | _TABLE
_SEVERAL = frozenset({"lane", "y", "more", "brief", "apart"})
_FLAGS = frozenset({"page", "band", "shade", "stacked"})
_KINDS = ("bar", "line")
_KIND, _FEATURED = "kind", "featured"
_SOLID = "solid"  # the IRI of the value that is drawn solid; lines of any other kind of value are dashed
_FIRST = "first"  # the IRIs of the statuses that a map begins with
_THINGS = "things"  # what the marks of a map stand for, by language
ROLES = _COLUMNS | _FLAGS | {_KIND, _FEATURED, _SOLID, _FIRST, _THINGS}


def read_show(path: Path, value: object, columns: Collection[str]) -> dict[str, Any]:
    """Reads the roles in the head of a question; roles that several columns can have are lists.

    Args:
        path: the file, for messages.
        value: the value of ``show`` in its head.
        columns: the names of its columns.

    Raises:
        InvalidData: if a role is unknown, or its value is of the wrong type or names an unknown column.
    """
    return {role: _read_role(path, role, setting, columns) for role, setting in _mapping(path, "show", value).items()}


def read_example(path: Path, value: object, parameters: Collection[str]) -> dict[str, list[str]]:
    """Reads the parameter values in the head of a question that a form starts with.

    Raises:
        InvalidData: if there is no such parameter, or a value is not a text.
    """
    example = {name: _list(values) for name, values in _mapping(path, "example", value).items()}
    for name, values in example.items():
        _known(path, f"'example' names the parameter '{name}'", name, parameters)
        if not values or not all(isinstance(text, str) for text in values):
            raise InvalidData(f"{path}: 'example' gives '{name}' a value that is not a text; write its values in quotes.")
    return example


def _read_role(path: Path, role: str, setting: object, columns: Collection[str]) -> object:
    _known(path, f"'show' has the role '{role}'", role, ROLES)
    if role in _FLAGS:
        fits, fix = isinstance(setting, bool), "write true, or leave it out"
    elif role == _FEATURED:
        fits, fix = isinstance(setting, int) and not isinstance(setting, bool), "write a whole number"
    elif role == _SOLID:
        fits, fix = _is_iri(setting), "write an IRI"
    elif role == _FIRST:
        fits, fix = isinstance(setting, list) and all(map(_is_iri, setting)), "write a list of IRIs"
    elif role == _THINGS:
        fits, fix = (
            isinstance(setting, dict) and all(isinstance(setting.get(tag), str) for tag in terms.LANGUAGES),
            "write it in each language",
        )
    elif role == _KIND:
        fits, fix = setting in _KINDS, f"write {' or '.join(_KINDS)}"
    else:
        names = _list(setting)
        fits = bool(names) and all(isinstance(name, str) for name in names) and (role in _SEVERAL or not isinstance(setting, list))
        fix = "name a column" + (" or a list of columns" if role in _SEVERAL else "")
    if not fits:
        raise InvalidData(f"{path}: 'show' gives '{role}' as {setting!r}; {fix}.")
    if role not in _COLUMNS:
        return setting
    for name in names:
        _known(path, f"'show' names the column '{name}' for '{role}'", str(name), columns)
    return names if role in _SEVERAL else setting


def _is_iri(value: object) -> bool:
    return isinstance(value, str) and ":" in value


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _mapping(path: Path, key: str, value: object) -> Mapping[str, object]:
    if not isinstance(value, dict) or not all(isinstance(name, str) for name in value):
        raise InvalidData(f"{path}: '{key}' is not a list of lines 'name: value'; see the other questions for its form.")
    return value


def _known(path: Path, what: str, name: str, known: Collection[str]) -> None:
    if name not in known:
        choice = ", ".join(sorted(known)) or "none"
        raise InvalidData(f"{path}: {what}, which there is not; there are {choice}.{terms.suggest(name, list(known))}")
