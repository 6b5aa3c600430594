"""Converts tables to Arrow, polars, pandas and networkx. Each package is imported when used."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from nevkg.errors import needs_extra
from nevkg.table.values import Value, find_things, to_machine_text, to_text

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd
    import polars as pl
    import pyarrow

    from nevkg.table.listings import Listing
    from nevkg.table.table import Table

Record = tuple[Value, ...]


@dataclass(frozen=True)
class Kind:
    """The type of the values of a column.

    Attributes:
        name: ``thing``, ``text``, ``boolean``, ``integer``, ``number`` or ``date``; None if all cells are empty.
        things: whether any cell holds an entity.
    """

    name: str | None
    things: bool


def find_kind(cells: Iterable[Value]) -> Kind:
    """Returns the narrowest kind that fits all cells."""
    types: set[type] = set()
    has_things = False
    for cell in cells:
        if cell is not None:
            types.add(type(cell))
            has_things = has_things or bool(find_things(cell))
    if has_things:
        return Kind("thing", True)
    for name, among in (("boolean", {bool}), ("integer", {int}), ("number", {int, float, Decimal}), ("date", {date})):
        if types and types <= among:
            return Kind(name, False)
    return Kind("text" if types else None, False)


def flatten(table: Table | Listing, most: int | None = None) -> tuple[list[str], list[list[Value]]]:
    """Returns the heads and at most ``most`` values by column; each column of entities becomes two, of IRIs and of labels."""
    heads: list[str] = []
    values: list[list[Value]] = []
    for number, (column, kind) in enumerate(zip(table.columns, table.kinds, strict=True)):
        cells = [record[number] for record in table.records[:most]]
        heads.append(column.name)
        values.append([to_machine_text(cell) if cell is not None and (kind.things or isinstance(cell, tuple)) else cell for cell in cells])
        if kind.things:
            heads.append(f"{column.name}_label")
            values.append([None if cell is None else to_text(cell) for cell in cells])
    return heads, values


def to_arrow(table: Table | Listing) -> pyarrow.Table:
    """Converts a table to an Arrow table; see :meth:`nevkg.table.table.Table.to_arrow`."""
    with needs_extra("parquet"):
        import pyarrow
    heads, values = flatten(table)
    types: list[tuple[Any, Callable[[Any], Any]]] = []
    for kind in table.kinds:
        types += [_arrow_type(kind, pyarrow)] * (2 if kind.things else 1)
    arrays = [
        pyarrow.array([None if cell is None else convert(cell) for cell in cells], of)
        for cells, (of, convert) in zip(values, types, strict=True)
    ]
    return pyarrow.table(arrays, names=heads)


def _arrow_type(kind: Kind, pyarrow: Any) -> tuple[Any, Callable[[Any], Any]]:
    """Returns the Arrow type for a kind, and the function that converts a value to it."""
    match kind.name:
        case "boolean":
            return pyarrow.bool_(), bool
        case "integer":
            return pyarrow.int64(), int
        case "number":
            return pyarrow.float64(), float
        case "date":
            return pyarrow.date32(), lambda day: day
    return pyarrow.string(), to_text


def to_polars(table: pyarrow.Table) -> pl.DataFrame:
    """Converts an Arrow table to a polars data frame."""
    with needs_extra("polars"):
        import polars
    frame = polars.from_arrow(table)
    assert isinstance(frame, polars.DataFrame)
    return frame


def to_pandas(table: pyarrow.Table) -> pd.DataFrame:
    """Converts an Arrow table to a pandas data frame; see :meth:`nevkg.table.table.Table.to_pandas`."""
    with needs_extra("pandas"):
        import pandas
    types = {"int64": pandas.Int64Dtype(), "double": pandas.Float64Dtype(), "bool": pandas.BooleanDtype()}
    frame: pd.DataFrame = table.to_pandas(types_mapper=lambda of: types.get(str(of)), date_as_object=False)
    return frame


def to_networkx(table: Table | Listing) -> nx.MultiDiGraph[str]:
    """Converts a table to a graph; see :meth:`nevkg.table.table.Table.to_networkx`."""
    import networkx

    graph: nx.MultiDiGraph[str] = networkx.MultiDiGraph()
    for record in table.records:
        entities = [(column.name, thing) for column, value in zip(table.columns, record, strict=True) for thing in find_things(value)]
        for _, thing in entities:
            graph.add_node(thing.iri, label=thing.label)
        facts = {
            column.name: to_text(value) for column, value in zip(table.columns, record, strict=True) if value and not find_things(value)
        }
        for name, thing in entities[1:]:
            graph.add_edge(entities[0][1].iri, thing.iri, key=None, label=name, **facts)
    return graph
