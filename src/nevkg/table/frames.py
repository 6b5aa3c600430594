"""Tables as those of other packages: Arrow, polars, pandas, networkx. Each is imported where it is used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from nevkg.errors import lacking
from nevkg.table.columns import Column
from nevkg.table.values import Value, shown, things, written

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd
    import polars as pl
    import pyarrow

Record = tuple[Value, ...]


@dataclass(frozen=True)
class Kind:
    """What stands in a column: ``things`` if any cell holds one, and the name of the type of its values.

    The names are ``thing``, ``text``, ``boolean``, ``integer``, ``number`` and ``date``; no name at all if every cell is empty.
    """

    name: str | None
    things: bool


def kind(cells: Iterable[Value]) -> Kind:
    """The narrowest kind that holds all cells."""
    types: set[type] = set()
    named = False
    for cell in cells:
        if cell is not None:
            types.add(type(cell))
            named = named or bool(things(cell))
    if named:
        return Kind("thing", True)
    for name, among in (("boolean", {bool}), ("integer", {int}), ("number", {int, float, Decimal}), ("date", {date})):
        if types and types <= among:
            return Kind(name, False)
    return Kind("text" if types else None, False)


class Tabular(Protocol):
    """Columns and rows."""

    @property
    def columns(self) -> Sequence[Column]:
        """In the order of the values."""

    @property
    def records(self) -> Sequence[Record]:
        """The rows."""

    @property
    def kinds(self) -> Sequence[Kind]:
        """What stands in each column, of all rows, even where ``records`` are some of them."""


def flat(table: Tabular, most: int | None = None) -> tuple[list[str], list[list[Value]]]:
    """Heads and columns, of ``most`` rows, in which each column of things has become two: their IRIs and their labels."""
    heads: list[str] = []
    values: list[list[Value]] = []
    for number, (column, kind) in enumerate(zip(table.columns, table.kinds, strict=True)):
        cells = [record[number] for record in table.records[:most]]
        heads.append(column.name)
        values.append([written(cell) if cell is not None and (kind.things or isinstance(cell, tuple)) else cell for cell in cells])
        if kind.things:
            heads.append(f"{column.name}_label")
            values.append([None if cell is None else shown(cell) for cell in cells])
    return heads, values


def arrow(table: Tabular) -> pyarrow.Table:
    """An Arrow table; see :meth:`nevkg.table.table.Table.to_arrow`."""
    try:
        import pyarrow
    except ImportError as error:
        raise lacking("parquet", error) from None
    heads, values = flat(table)
    types: list[tuple[Any, Callable[[Any], Any]]] = []
    for kind in table.kinds:
        types += [_arrow(kind, pyarrow)] * (2 if kind.things else 1)
    arrays = [
        pyarrow.array([None if cell is None else convert(cell) for cell in cells], of)
        for cells, (of, convert) in zip(values, types, strict=True)
    ]
    return pyarrow.table(arrays, names=heads)


def _arrow(kind: Kind, pyarrow: Any) -> tuple[Any, Callable[[Any], Any]]:
    """The Arrow type for a kind of values, and what makes one of them."""
    match kind.name:
        case "boolean":
            return pyarrow.bool_(), bool
        case "integer":
            return pyarrow.int64(), int
        case "number":
            return pyarrow.float64(), float
        case "date":
            return pyarrow.date32(), lambda day: day
    return pyarrow.string(), shown


def polars(table: pyarrow.Table) -> pl.DataFrame:
    """A polars data frame."""
    try:
        import polars
    except ImportError as error:
        raise lacking("polars", error) from None
    frame = polars.from_arrow(table)
    assert isinstance(frame, polars.DataFrame)
    return frame


def pandas(table: pyarrow.Table) -> pd.DataFrame:
    """A pandas data frame."""
    try:
        import pandas as _  # noqa: F401  to_pandas needs it and would tell so at length
    except ImportError as error:
        raise lacking("pandas", error) from None
    frame: pd.DataFrame = table.to_pandas()
    return frame


def networkx(table: Tabular) -> nx.MultiDiGraph[str]:
    """See :meth:`nevkg.table.table.Table.to_networkx`."""
    import networkx

    graph: nx.MultiDiGraph[str] = networkx.MultiDiGraph()
    for record in table.records:
        placed = [(column.name, thing) for column, value in zip(table.columns, record, strict=True) for thing in things(value)]
        for _, thing in placed:
            graph.add_node(thing.iri, label=thing.label)
        facts = {column.name: shown(value) for column, value in zip(table.columns, record, strict=True) if value and not things(value)}
        for name, thing in placed[1:]:
            graph.add_edge(placed[0][1].iri, thing.iri, key=None, label=name, **facts)
    return graph
