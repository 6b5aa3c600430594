"""Tables as those of other packages: Arrow, polars, pandas, networkx. Each is imported where it is used."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from nevkg.errors import lacking
from nevkg.questions import Column
from nevkg.values import Thing, Value, shown, things, written

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd
    import polars as pl
    import pyarrow

Record = tuple[Value, ...]


class Tabular(Protocol):
    """Columns and rows."""

    @property
    def columns(self) -> Sequence[Column]:
        """In the order of the values."""

    @property
    def records(self) -> Sequence[Record]:
        """The rows."""


def flat(columns: Sequence[Column], records: Sequence[Record]) -> tuple[list[str], list[list[Value]]]:
    """Heads and columns in which each column of things has become two: their IRIs and their labels."""
    heads: list[str] = []
    values: list[list[Value]] = []
    for number, column in enumerate(columns):
        cells = [record[number] for record in records]
        heads.append(column.name)
        if any(isinstance(cell, Thing | tuple) for cell in cells):
            values.append([None if cell is None else written(cell) for cell in cells])
        else:
            values.append(cells)
        if any(things(cell) for cell in cells):
            heads.append(f"{column.name}_label")
            values.append([None if cell is None else shown(cell) for cell in cells])
    return heads, values


def arrow(columns: Sequence[Column], records: Sequence[Record]) -> pyarrow.Table:
    """An Arrow table; see :meth:`nevkg.table.Table.to_arrow`."""
    try:
        import pyarrow
    except ImportError as error:
        raise lacking("parquet", error) from None
    heads, values = flat(columns, records)
    arrays = []
    for cells in values:
        kind, convert = _kind({type(cell) for cell in cells if cell is not None}, pyarrow)
        arrays.append(pyarrow.array([None if cell is None else convert(cell) for cell in cells], kind))
    return pyarrow.table(arrays, names=heads)


def _kind(kinds: set[type], pyarrow: Any) -> tuple[Any, Callable[[Any], Any]]:
    """The narrowest Arrow type for values of these Python types."""
    if not kinds or kinds - {bool, int, float, Decimal, date, datetime}:
        return pyarrow.string(), shown
    if kinds == {bool}:
        return pyarrow.bool_(), bool
    if kinds == {int}:
        return pyarrow.int64(), int
    if kinds <= {int, float, Decimal}:
        return pyarrow.float64(), float
    if kinds == {date}:
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
    """See :meth:`nevkg.table.Table.to_networkx`."""
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
