"""How a question wants to be shown: which column plays which role on a map, a timeline, a chart or a graph."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from nevkg.data import terms
from nevkg.errors import InvalidData

_MAP = frozenset({"place", "size", "color", "status", "from", "until", "since", "home", "label"})
_TIMELINE = frozenset({"at", "from", "until", "lane", "label", "color"})
_CHART = frozenset({"x", "y", "series", "unit"})
_GRAPH = frozenset({"subject", "relation", "object"})
_TABLE = frozenset({"brief"})  # the columns that a narrow terminal shows, the most important first
_COLUMNS = _MAP | _TIMELINE | _CHART | _GRAPH | _TABLE
_SEVERAL = frozenset({"lane", "y", "brief"})
_FLAGS = frozenset({"page", "band", "shade"})
_KINDS = ("bar", "line")
_KIND, _FEATURED = "kind", "featured"
ROLES = _COLUMNS | _FLAGS | {_KIND, _FEATURED}


def read_show(path: Path, told: object, columns: Collection[str]) -> dict[str, Any]:
    """The roles that the head of a question tells; those that several columns can play have lists.

    Args:
        path: the file, for messages.
        told: what stands at ``show`` in its head.
        columns: the names of its columns.

    Raises:
        InvalidData: if a role is unknown, or what plays it does not fit.
    """
    return {role: _player(path, role, player, columns) for role, player in _mapping(path, "show", told).items()}


def read_example(path: Path, told: object, parameters: Collection[str]) -> dict[str, list[str]]:
    """The values of parameters that the head of a question gives to begin with.

    Raises:
        InvalidData: if there is no such parameter.
    """
    example = {name: _list(value) for name, value in _mapping(path, "example", told).items()}
    for name, values in example.items():
        _known(path, f"'example' names the parameter '{name}'", name, parameters)
        if not values or not all(isinstance(value, str) for value in values):
            raise InvalidData(f"{path}: 'example' gives '{name}' something else than texts; write its values in quotes.")
    return example


def _player(path: Path, role: str, player: object, columns: Collection[str]) -> object:
    _known(path, f"'show' has the role '{role}'", role, ROLES)
    if role in _FLAGS:
        fits, mend = isinstance(player, bool), "write true, or leave it out"
    elif role == _FEATURED:
        fits, mend = isinstance(player, int) and not isinstance(player, bool), "write a whole number"
    elif role == _KIND:
        fits, mend = player in _KINDS, f"write {' or '.join(_KINDS)}"
    else:
        names = _list(player)
        fits = bool(names) and all(isinstance(name, str) for name in names) and (role in _SEVERAL or not isinstance(player, list))
        mend = "name a column" + (" or a list of columns" if role in _SEVERAL else "")
    if not fits:
        raise InvalidData(f"{path}: 'show' gives '{role}' as {player!r}; {mend}.")
    if role not in _COLUMNS:
        return player
    for name in names:
        _known(path, f"'show' names the column '{name}' for '{role}'", str(name), columns)
    return names if role in _SEVERAL else player


def _list(told: object) -> list[Any]:
    return told if isinstance(told, list) else [told]


def _mapping(path: Path, key: str, told: object) -> Mapping[str, object]:
    if not isinstance(told, dict) or not all(isinstance(name, str) for name in told):
        raise InvalidData(f"{path}: '{key}' is not a list of lines 'name: value'; see the other questions for its form.")
    return told


def _known(path: Path, what: str, name: str, known: Collection[str]) -> None:
    if name not in known:
        choice = ", ".join(sorted(known)) or "none"
        raise InvalidData(f"{path}: {what}, which there is not; there are {choice}.{terms.nearest(name, list(known))}")
