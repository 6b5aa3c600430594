"""The roles of columns in maps, charts and other views of an answer, and example values, as the head of a question gives them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, TypedDict, get_args

from nevkg.data import terms
from nevkg.data.frontmatter import as_list
from nevkg.errors import InvalidData
from nevkg.table.values import Words

VIEWS = ("table", "map", "timeline", "chart", "graph")
View = Annotated[str, ("enum", VIEWS), ("title", "View")]
Kind = Literal["bar", "line"]
Columns = Sequence[str]
# The roles of columns in the views of an answer, in the head of a question; the text names a column.
Show = TypedDict(
    "Show",
    {
        # maps
        "place": Annotated[str, "The located entity."],
        "size": Annotated[str, "Number for the size of its mark."],
        "color": Annotated[str, "Entity for the colour of its mark."],
        "status": str,
        "planned": Annotated[str, "Whether the size is actual: its value is that of solid."],
        "filters": Annotated[Columns, "Further columns whose values a map selects."],
        "first": Annotated[Sequence[str], "The IRIs of the values, of status and filters, that a map begins with."],
        "things": Annotated[Words, "What the marks of a map stand for."],
        "home": Annotated[str, "Entity at which an arc begins."],
        "label": str,
        "shade": Annotated[bool, "Whether its rows shade the countries of a map."],
        # timelines
        "from": Annotated[str, "The first day on which a row holds."],
        "until": Annotated[str, "The first day on which the row no longer holds."],
        "since": Annotated[str, "The beginning, as precisely as sources state it."],
        "at": Annotated[str, "The day of an event."],
        "lane": Annotated[Columns, "Columns for the lanes of a timeline, best first."],
        "band": Annotated[bool, "Whether its rows are spans behind the events of a timeline."],
        # charts
        "x": str,
        "y": Columns,
        "series": str,
        "unit": Annotated[str, "The unit of y."],
        "kind": Kind,
        "apart": Annotated[Columns, "Columns whose different values are never on one line."],
        "solid": Annotated[
            str, "The IRI of the value, in one of these columns or in planned, that is drawn solid; others are dashed or hatched."
        ],
        "low": Annotated[str, "The lower end of the range of which y is the upper end."],
        "more": Annotated[
            Columns,
            "Columns that count what sources do not support enough to be counted in y, in the order of y; they are drawn lighter.",
        ],
        "start": Annotated[str, "The first day of the period that ends at x."],
        "stacked": Annotated[bool, "Whether the columns of y are parts of a whole."],
        # graphs
        "subject": str,
        "relation": str,
        "object": str,
        # all
        "page": Annotated[bool, "Whether the page of maps or of timelines opens with this question."],
        "brief": Annotated[Columns, "The columns that a narrow table shows, most important first."],
        "featured": Annotated[int, "Its position on the first page; absent if it is not shown there."],
    },
    total=False,
)
ROLES = frozenset(Show.__annotations__)
_KIND_ROLE, _FEATURED, _SOLID, _FIRST, _THINGS = "kind", "featured", "solid", "first", "things"
_SEVERAL = frozenset({"lane", "filters", "y", "more", "brief", "apart"})
_FLAGS = frozenset({"page", "band", "shade", "stacked"})
_COLUMNS = ROLES - _FLAGS - {_KIND_ROLE, _FEATURED, _SOLID, _FIRST, _THINGS}


def read_show(path: Path, value: object, columns: Collection[str]) -> dict[str, Any]:
    """Reads the roles in the head of a question; roles that several columns can have are lists.

    Args:
        value: the value of ``show`` in its head.
        columns: the names of its columns.
    """
    return {role: _read_role(path, role, setting, columns) for role, setting in _mapping(path, "show", value).items()}


def read_example(path: Path, value: object, parameters: Collection[str]) -> dict[str, list[str]]:
    """Reads the parameter values in the head of a question that a form starts with."""
    example = {name: as_list(values) for name, values in _mapping(path, "example", value).items()}
    for name, values in example.items():
        _require_known(path, f"'example' names the parameter '{name}'", name, parameters)
        if not values or not all(isinstance(text, str) for text in values):
            raise InvalidData(f"{path}: 'example' gives '{name}' a value that is not a text; write its values in quotes.")
    return example


def _read_role(path: Path, role: str, setting: object, columns: Collection[str]) -> object:
    _require_known(path, f"'show' has the role '{role}'", role, ROLES)
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
    elif role == _KIND_ROLE:
        fits, fix = setting in get_args(Kind), f"write {' or '.join(get_args(Kind))}"
    else:
        names = as_list(setting)
        fits = bool(names) and all(isinstance(name, str) for name in names) and (role in _SEVERAL or not isinstance(setting, list))
        fix = "name a column" + (" or a list of columns" if role in _SEVERAL else "")
    if not fits:
        raise InvalidData(f"{path}: 'show' gives '{role}' as {setting!r}; {fix}.")
    if role not in _COLUMNS:
        return setting
    for name in names:
        _require_known(path, f"'show' names the column '{name}' for '{role}'", str(name), columns)
    return names if role in _SEVERAL else setting


def _is_iri(value: object) -> bool:
    return isinstance(value, str) and ":" in value


def _mapping(path: Path, key: str, value: object) -> Mapping[str, object]:
    if not isinstance(value, dict) or not all(isinstance(name, str) for name in value):
        raise InvalidData(f"{path}: '{key}' is not a list of lines 'name: value'; see the other questions for its form.")
    return value


def _require_known(path: Path, what: str, name: str, known: Collection[str]) -> None:
    if name not in known:
        choice = ", ".join(sorted(known)) or "none"
        raise InvalidData(f"{path}: {what}, which there is not; there are {choice}.{terms.suggest(name, list(known))}")
