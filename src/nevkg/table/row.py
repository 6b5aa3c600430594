"""A row of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nevkg.lookup.sources import Source
from nevkg.table.values import Value

if TYPE_CHECKING:
    from nevkg.ask.explanation import Explanation
    from nevkg.table.table import Table


class Row(tuple[Value, ...]):
    """A row of a table: a tuple whose values are also available by column, as ``row.maker`` or ``row["maker"]``."""

    def __new__(cls, table: Table, number: int) -> Row:
        """Creates the row with a number, from 0."""
        row = super().__new__(cls, table.records[number])
        row._table, row._number = table, number  # type: ignore[attr-defined]
        return row

    @property
    def _own(self) -> Table:
        table: Table = self.__dict__["_table"]
        return table

    def __getattr__(self, name: str) -> Value:
        if name.startswith("_") or name not in self._own.names:
            raise AttributeError(f"this row has no column '{name}'; it has {', '.join(self._own.names)}")
        found: Value = self[name]
        return found

    def __getitem__(self, key: Any) -> Any:
        return super().__getitem__(self._own.position(key) if isinstance(key, str) else key)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._own.names]

    def __repr__(self) -> str:
        return "Row(" + ", ".join(f"{name}={value!r}" for name, value in self.as_dict().items()) + ")"

    def as_dict(self) -> dict[str, Value]:
        """Returns the values by column."""
        return dict(zip(self._own.names, self, strict=True))

    def evidence(self, column: str) -> tuple[str, ...]:
        """Returns the IRIs of the statements or episodes that support a cell, sorted; empty if the table has no evidence."""
        rests = self._own.rests
        return rests[self.__dict__["_number"]][self._own.position(column)] if rests else ()

    def explain(self, column: str | None = None) -> Explanation:
        """Explains one cell, or each cell of the row: its facts, the facts that these follow from, statements and sources.

        Args:
            column: the name of the column; all columns if None.

        Raises:
            WrongUsage: if the table has no evidence.
        """
        return self._own.explain(self.__dict__["_number"], column)

    def sources(self, column: str | None = None) -> list[Source]:
        """Returns the sources of one cell, or of the whole row, sorted by IRI."""
        names = self._own.names if column is None else [column]
        found = {source.iri: source for name in names for source in self._own.evidence.of(*self.evidence(name))}
        return [found[iri] for iri in sorted(found)]
