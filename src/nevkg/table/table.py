"""Tables: what questions, SPARQL and measures give. Rows are native Python values whose cells know what they rest on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from nevkg.data import terms
from nevkg.errors import CouldNotRun, WrongUsage
from nevkg.lookup import entities, sources
from nevkg.lookup.sources import Evidence, Source
from nevkg.lookup.trace import Rests, Trace
from nevkg.store import Store
from nevkg.table import formats, frames, render
from nevkg.table.columns import Column
from nevkg.table.frames import Record
from nevkg.table.values import Value

if TYPE_CHECKING:
    import networkx
    import pandas
    import polars
    import pyarrow

    from nevkg.ask.emptiness import Reason
    from nevkg.ask.explanation import Explanation
    from nevkg.ask.support import Support

_SHOWN = 20
_SHOWN_IN_NOTEBOOK = 50


class Row(tuple[Value, ...]):
    """One row: a tuple of values that can also be had by the names of their columns, as ``row.maker`` or ``row["maker"]``."""

    def __new__(cls, table: Table, number: int) -> Row:
        """The row of that number."""
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
        """Column to value."""
        return dict(zip(self._own.names, self, strict=True))

    def evidence(self, column: str) -> tuple[str, ...]:
        """The IRIs of the statements or episodes that a cell rests on, sorted; none if the table does not tell."""
        rests = self._own.rests
        return rests[self.__dict__["_number"]][self._own.position(column)] if rests else ()

    def explain(self, column: str | None = None) -> Explanation:
        """What is behind one cell, or behind each of the row: facts, what they follow from, statements and sources.

        Raises:
            WrongUsage: if the table does not come from a snapshot.
        """
        return self._own.explain(self.__dict__["_number"], column)

    def sources(self, column: str | None = None) -> list[Source]:
        """The sources behind one cell, or behind the whole row."""
        names = self._own.names if column is None else [column]
        found = {source.iri: source for name in names for source in self._own.evidence.of(*self.evidence(name))}
        return [found[iri] for iri in sorted(found)]


def missing_row(number: int, count: int) -> WrongUsage:
    """The error for a row, counted from 0, that an answer of ``count`` rows does not have."""
    return WrongUsage(f"There is no row {number + 1}: the answer has {count} row{'' if count == 1 else 's'}.")


class Table(Sequence[Row]):
    """Columns and rows; what comes from a store also knows its sources.

    A table iterates as rows, shows itself in a terminal and a notebook, and goes over to the tables
    of other packages. There, each column of things becomes two: ``maker`` with IRIs and ``maker_label``.
    """

    def __init__(
        self,
        store: Store,
        columns: Sequence[Column],
        records: Sequence[Record],
        rests: Sequence[Rests] | Callable[[], Sequence[Rests]] = (),
        *,
        title: str = "",
        language: str = terms.LANGUAGES[0],
    ) -> None:
        """A table of ``records``, each with a value for each column.

        Args:
            store: where labels and sources are looked up.
            columns: in the order of the values.
            records: the rows.
            rests: for each row what its cells rest on, or a function that finds it; left out where nothing is known of that.
            title: what the table shows, in words.
            language: of labels.
        """
        self.store, self.columns, self.title, self.language = store, columns, title, language
        self._records = records
        self._find_rests: Callable[[], Sequence[Rests]] = rests if callable(rests) else lambda: rests

    @property
    def records(self) -> Sequence[Record]:
        """The rows as plain tuples."""
        return self._records

    @cached_property
    def rests(self) -> Sequence[Rests]:
        """For each row what its cells rest on; none if nothing is known of that."""
        return self._find_rests()

    def trace(self, number: int) -> tuple[Record, Store, Trace]:
        """A row, counted from 0, what has the facts behind it, and what its cells rest on.

        Raises:
            WrongUsage: if there is no such row, or nothing is known of what it rests on.
        """
        if not self.rests:
            raise WrongUsage("Nothing is known of what these rows rest on; explain the rows of a question or a query.")
        return self.row(number), self.store, Trace([self.rests[number]])

    def row(self, number: int) -> Record:
        """A row, counted from 0.

        Raises:
            WrongUsage: if there is none.
        """
        if not 0 <= number < len(self):
            raise missing_row(number, len(self))
        return self.records[number]

    def explain(self, number: int, column: str | None = None) -> Explanation:
        """What is behind a row, counted from 0, or behind one of its cells.

        Raises:
            WrongUsage: if there is no such row, or nothing is known of what it rests on.
        """
        from nevkg.ask.explain import explain

        return explain(self, number, column)

    @cached_property
    def names(self) -> list[str]:
        """The names of the columns."""
        return [column.name for column in self.columns]

    @cached_property
    def kinds(self) -> Sequence[frames.Kind]:
        """What stands in each column."""
        return [frames.kind(record[number] for record in self.records) for number in range(len(self.columns))]

    def position(self, name: str) -> int:
        """Where a column stands, counted from 0.

        Raises:
            KeyError: if there is none of that name.
        """
        if name not in self.names:
            raise KeyError(f"there is no column '{name}'; there are {', '.join(self.names)}")
        return self.names.index(name)

    def __len__(self) -> int:
        return len(self.records)

    def __iter__(self) -> Iterator[Row]:
        return (Row(self, number) for number in range(len(self)))

    @overload
    def __getitem__(self, key: int) -> Row: ...
    @overload
    def __getitem__(self, key: slice) -> list[Row]: ...
    @overload
    def __getitem__(self, key: str) -> list[Value]: ...
    def __getitem__(self, key: int | slice | str) -> Row | list[Row] | list[Value]:
        """A row by its number, several by a slice, or the values of a column by its name."""
        if isinstance(key, str):
            position = self.position(key)
            return [record[position] for record in self.records]
        numbers = range(len(self))[key]
        return [Row(self, number) for number in numbers] if isinstance(numbers, range) else Row(self, numbers)

    @cached_property
    def evidence(self) -> Evidence:
        """The sources behind the cells."""
        return sources.gather(self.store, {iri for row in self.rests for cell in row for iri in cell}, self.language)

    @property
    def sources(self) -> list[Source]:
        """The sources of the statements that the table rests on, sorted by IRI."""
        return list(self.evidence.sources)

    @property
    def brief(self) -> Sequence[str]:
        """The columns that a narrow terminal shows, most important first; in their own order if empty."""
        return ()

    @property
    def asked(self) -> str:
        """What the table is the answer to, as a citation says it."""
        return self.title

    @property
    def reference(self) -> str:
        """Version, digest, what was asked, and both dates."""
        known = f"known by {self.store.known_by}" if self.store.known_by else ""
        facts = [f"nevkg {entities.version(self.store)}, {self.store.identity}", self.asked, f"as of {self.as_of}", known]
        return "; ".join(fact for fact in facts if fact)

    def cite(self) -> str:
        """Its reference and its sources, ready for a paper."""
        return sources.citation(self.reference, self.sources)

    @property
    def as_of(self) -> str:
        """The day (ISO) that the table is for."""
        return entities.dataset_date(self.store)

    @cached_property
    def reason(self) -> Reason | None:
        """Why there are no rows; None if there are some, or nothing is known of that."""
        return None

    @cached_property
    def support(self) -> Support | None:
        """How well its rows are supported; None if nothing is known of that."""
        return None

    @property
    def facts(self) -> Mapping[str, Any]:
        """What a machine should know of the whole table."""
        return {"title": self.title}

    def __repr__(self) -> str:
        more = f"… {len(self) - _SHOWN} more rows\n" if len(self) > _SHOWN else ""
        return f"{render.table(self, _SHOWN).decode()}{more}".rstrip("\n")

    def _repr_html_(self) -> str:
        return render.html(self, _SHOWN_IN_NOTEBOOK).decode()

    def to_csv(self, path: str | Path | None = None, *, raw: bool = False) -> str:
        """CSV; also written to ``path`` if one is given.

        Args:
            path: a file.
            raw: whether text that a spreadsheet would run as a formula is written as it is; else it gets a ``'`` in front.
        """
        return self._saved(formats.comma_separated(self, raw=raw), path).decode()

    def to_xlsx(self, path: str | Path) -> None:
        """Writes an Excel workbook."""
        self._saved(formats.workbook(self), path)

    def to_parquet(self, path: str | Path) -> None:
        """Writes a Parquet file with typed columns."""
        self._saved(formats.parquet(self), path)

    def to_arrow(self) -> pyarrow.Table:
        """An Arrow table with typed columns: dates, whole numbers, floating numbers, truth values; the rest is text."""
        return frames.arrow(self)

    def to_polars(self) -> polars.DataFrame:
        """A polars data frame, from :meth:`to_arrow`."""
        return frames.polars(self.to_arrow())

    def to_pandas(self) -> pandas.DataFrame:
        """A pandas data frame, from :meth:`to_arrow`."""
        return frames.pandas(self.to_arrow())

    def to_networkx(self) -> networkx.MultiDiGraph[str]:
        """A graph in which the first thing of each row is joined to every other thing of the row; edges are named by columns."""
        return frames.networkx(self)

    def _saved(self, content: bytes, path: str | Path | None) -> bytes:
        if path is not None:
            try:
                Path(path).write_bytes(content)
            except OSError as error:
                raise CouldNotRun(f"{path} cannot be written: {error.strerror}.") from None
        return content
