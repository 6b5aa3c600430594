"""Tables: rows of native values, whose cells can be traced to their evidence, and each of their rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, overload

from nevkg.data import terms
from nevkg.data.paths import writing
from nevkg.errors import WrongUsage
from nevkg.lookup import entities, sources
from nevkg.lookup.sources import Evidence, Source
from nevkg.lookup.trace import Addend, CellEvidence, Trace
from nevkg.store import Store
from nevkg.table import display, formats, frames, references
from nevkg.table.frames import Record
from nevkg.table.values import Column, Value

if TYPE_CHECKING:
    import networkx
    import pandas
    import polars
    import pyarrow

    from nevkg.ask.emptiness import Reason
    from nevkg.ask.support import Support
    from nevkg.table.explanation import Explanation


class Row(tuple[Value, ...]):
    """A row of a table: a tuple whose values are also available by column, as ``row.maker`` or ``row["maker"]``."""

    _table: Table
    _number: int

    def __new__(cls, table: Table, number: int) -> Row:
        """Creates the row with a number, from 0."""
        row = super().__new__(cls, table.records[number])
        row._table, row._number = table, number
        return row

    def __getattr__(self, name: str) -> Value:
        if name.startswith("_") or name not in self._table.names:
            raise AttributeError(f"this row has no column '{name}'; it has {', '.join(self._table.names)}")
        found: Value = self[name]
        return found

    def __getitem__(self, key: Any) -> Any:
        return super().__getitem__(self._table.position(key) if isinstance(key, str) else key)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._table.names]

    def __repr__(self) -> str:
        return "Row(" + ", ".join(f"{name}={value!r}" for name, value in self.as_dict().items()) + ")"

    def as_dict(self) -> dict[str, Value]:
        """Returns the values by column."""
        return dict(zip(self._table.names, self, strict=True))

    def evidence(self, column: str) -> tuple[str, ...]:
        """Returns the IRIs of the statements or episodes that support a cell, sorted; empty if the table has no evidence."""
        rests = self._table.rests
        return rests[self._number][self._table.position(column)] if rests else ()

    def explain(self, column: str | None = None) -> Explanation:
        """Explains one cell, or each cell of the row: its facts, the facts that these follow from, statements and sources.

        Args:
            column: the name of the column; all columns if None.

        Raises:
            WrongUsage: if the table has no evidence.
        """
        return self._table.explain(self._number, column)

    def sources(self, column: str | None = None) -> list[Source]:
        """Returns the sources of one cell, or of the whole row, sorted by IRI."""
        names = self._table.names if column is None else [column]
        found = {source.iri: source for name in names for source in self._table.evidence.of(*self.evidence(name))}
        return [found[iri] for iri in sorted(found)]


_SHOWN = 20
_SHOWN_IN_NOTEBOOK = 50


def missing_row(number: int, count: int) -> WrongUsage:
    """Returns the error for a missing row (number from 0) in an answer of ``count`` rows."""
    return WrongUsage(f"There is no row {number + 1}: the answer has {count} row{'' if count == 1 else 's'}.")


class Table(Sequence[Row]):
    """A table of an answer, with its sources.

    A table iterates over its rows, displays itself in a terminal and a notebook, and converts to the tables of other
    packages. In these, each column of entities becomes two: ``maker`` with IRIs and ``maker_label``.

    Attributes:
        sparql: the query that gives the rows; empty if there is none.
        unsourced: why its rows have no sources; empty if they have.
        brief: the columns to show first in a narrow terminal, most important first; if empty, in table order.
    """

    sparql = unsourced = ""
    brief: Sequence[str] = ()

    def __init__(
        self,
        store: Store,
        columns: Sequence[Column],
        records: Sequence[Record],
        evidence: Sequence[CellEvidence] | Callable[[], Trace] = (),
        *,
        title: str = "",
        language: str = terms.LANGUAGES[0],
    ) -> None:
        """Creates a table of ``records``, each with a value for each column.

        Args:
            store: the store for labels and sources.
            columns: the columns, in the order of the values.
            records: the rows.
            evidence: for each row and cell, the IRIs of the statements or episodes that support it, or a function that
                traces all rows; empty if there is no evidence.
            title: the title of the table.
            language: the language of labels.
        """
        self.store, self.columns, self.title, self.language = store, columns, title, language
        self._records = records
        self.is_reliable = False
        self._trace_all: Callable[[], Trace] = evidence if callable(evidence) else lambda: Trace(evidence)

    @property
    def records(self) -> Sequence[Record]:
        """The rows as plain tuples."""
        return self._records

    @cached_property
    def whole_trace(self) -> Trace:
        """The evidence of all rows."""
        return self._trace_all()

    @property
    def rests(self) -> Sequence[CellEvidence]:
        """For each row and cell, the IRIs of the statements or episodes that support it; empty if there is no evidence."""
        return self.whole_trace.roots

    def trace(self, number: int) -> tuple[Record, Store, Trace]:
        """Returns a row (number from 0), the store that has its facts, and the evidence of its cells.

        Raises:
            WrongUsage: if there is no such row, or the table has no evidence.
        """
        if not self.rests:
            raise WrongUsage("These rows have no evidence; explain the rows of a question or a query instead.")
        return self.row(number), self.store, Trace([self.rests[number]])

    def row(self, number: int) -> Record:
        """Returns the row with a number, from 0.

        Raises:
            WrongUsage: if there is no such row.
        """
        if not 0 <= number < len(self):
            raise missing_row(number, len(self))
        return self.records[number]

    def explain(self, number: int, column: str | None = None) -> Explanation:
        """Explains a row, or one of its cells: facts, the facts that these follow from, statements and sources.

        Args:
            number: the number of the row, from 0.
            column: the name of the column; all columns if None.

        Raises:
            WrongUsage: if there is no such row, or the table has no evidence.
        """
        from nevkg.table.explanation import explain_row

        return explain_row(self, number, column)

    @cached_property
    def names(self) -> list[str]:
        """The names of the columns."""
        return [column.name for column in self.columns]

    @cached_property
    def kinds(self) -> Sequence[frames.Kind]:
        """The kind of the values of each column."""
        return [frames.find_kind(record[number] for record in self.records) for number in range(len(self.columns))]

    def position(self, name: str) -> int:
        """Returns the position of a column, from 0.

        Raises:
            KeyError: if there is no column of that name.
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
        """Returns a row by number, rows by slice, or the values of a column by name."""
        if isinstance(key, str):
            position = self.position(key)
            return [record[position] for record in self.records]
        numbers = range(len(self))[key]
        return [Row(self, number) for number in numbers] if isinstance(numbers, range) else Row(self, numbers)

    @property
    def addends(self) -> Sequence[Mapping[str, Sequence[Addend]]]:
        """For each row, the numbers that its columns add, by column, with the statements or episodes that support them."""
        return self.whole_trace.addends

    @cached_property
    def evidence(self) -> Evidence:
        """The sources and supporting statements of all cells."""
        return self.gather({iri for row in self.rests for cell in row for iri in cell})

    def gather(self, iris: Iterable[str]) -> Evidence:
        """Returns the sources and supporting statements of facts, without unreliable hosts if the table leaves them out."""
        found = sources.gather_evidence(self.store, iris, self.language)
        return found.reliable if self.is_reliable else found

    def with_reliable_sources(self) -> Self:
        """Returns the same table without sources on unreliable hosts, and their statements, in all lists of its evidence.

        Its rows and its permanent address stay the same: such sources support no fact.
        """
        table = self._copy_without("evidence")
        table.is_reliable = True
        return table

    def _copy_without(self, *cached: str) -> Self:
        """Returns a copy in which these properties are computed again."""
        table = copy(self)
        for name in cached:
            table.__dict__.pop(name, None)
        return table

    @property
    def sources(self) -> list[Source]:
        """The sources of the statements that support the table, sorted by IRI."""
        return list(self.evidence.sources)

    @property
    def asked(self) -> str:
        """The question that the table answers, as worded in a citation."""
        return self.title

    @property
    def reference(self) -> str:
        """The version, the store or the digest of the data, the question and the dates, for a citation."""
        known = f"known by {self.store.known_by}" if self.store.known_by else ""
        facts = [f"nevkg {entities.version(self.store)}, {self.store.identity}", self.asked, f"as of {self.as_of}", known]
        return "; ".join(fact for fact in facts if fact)

    @property
    def citation(self) -> str:
        """The permanent address of the table; empty if it has none."""
        return ""

    def cite(self) -> str:
        """Returns a citation: the reference of the table, its permanent address if it has one, its numbered sources, and its sums."""
        from nevkg.table.listings import describe_sums

        cut = [extent.traced for extent in self.whole_trace.extents if extent.traced < extent.total]
        limit = [f"Only the first {max(cut):,} solutions are traced of {len(cut)} row{'' if len(cut) == 1 else 's'}."] if cut else []
        omitted = self.evidence.omitted
        hosts = [f"Left out: {omitted:,} source{'' if omitted == 1 else 's'} on unreliable hosts."] if omitted else []
        sums = describe_sums(self)
        remarks = [*hosts, *limit, *(["Sums:", *sums] if sums else [])]
        text = sources.format_citation(self.reference, self.sources, self.citation)
        return text + "".join(f"{line}\n" for line in remarks)

    @property
    def footnote(self) -> str:
        """A short citation in one line, without the sources."""
        return references.format_footnote(self).strip()

    @property
    def dataset_date(self) -> str:
        """The date of the dataset (ISO)."""
        return entities.dataset_date(self.store)

    @cached_property
    def as_of(self) -> str:
        """The day that the table is for (ISO)."""
        return self.dataset_date

    @property
    def filters(self) -> Sequence[Sequence[str]]:
        """What the rows are restricted to, in words: one list for each parameter, of which one value must match."""
        return ()

    @cached_property
    def total(self) -> int:
        """The number of rows of the whole answer, of which these may be a part."""
        return len(self)

    @cached_property
    def reason(self) -> Reason | None:
        """Why there are no rows; None if there are rows or the reason is unknown."""
        return None

    @cached_property
    def support(self) -> Support | None:
        """How well the rows are supported; None if unknown."""
        return None

    @property
    def metadata(self) -> Mapping[str, Any]:
        """Metadata of the table for the JSON format."""
        return {"title": self.title}

    def __repr__(self) -> str:
        more = f"… {len(self) - _SHOWN} more rows\n" if len(self) > _SHOWN else ""
        return f"{display.to_terminal(self, _SHOWN).decode()}{more}".rstrip("\n")

    def _repr_html_(self) -> str:
        return display.to_html_fragment(self, _SHOWN_IN_NOTEBOOK).decode()

    def to_csv(self, path: str | Path | None = None, *, raw: bool = False) -> str:
        """Returns the table as CSV, and writes it to ``path`` if given.

        Args:
            path: the file to write.
            raw: whether to leave text that a spreadsheet would run as a formula unchanged; else it is prefixed with ``'``.

        Raises:
            CouldNotRun: if the file cannot be written.
        """
        return self._save(formats.to_csv(self, raw=raw), path).decode()

    def to_xlsx(self, path: str | Path) -> None:
        """Writes the table as an Excel workbook, with its sources, its evidence, and what it answers."""
        self._save(formats.to_xlsx(self), path)

    def to_parquet(self, path: str | Path) -> None:
        """Writes the table as a Parquet file with typed columns."""
        self._save(formats.to_parquet(self), path)

    def to_arrow(self) -> pyarrow.Table:
        """Returns an Arrow table with typed columns: date32, int64, float64, boolean, else string."""
        return frames.to_arrow(self)

    def to_polars(self) -> polars.DataFrame:
        """Returns a polars data frame, from :meth:`to_arrow`."""
        return frames.to_polars(self.to_arrow())

    def to_pandas(self) -> pandas.DataFrame:
        """Returns a pandas data frame, from :meth:`to_arrow`.

        Numbers are ``Int64`` or ``Float64`` and answers ``boolean``, also where some cells are empty (``<NA>``), days are
        ``datetime64``, and entities and other texts are strings.
        """
        return frames.to_pandas(self.to_arrow())

    def to_networkx(self) -> networkx.MultiDiGraph[str]:
        """Returns a graph with edges from the first entity of each row to each other entity of the row, named by column."""
        return frames.to_networkx(self)

    def _save(self, content: bytes, path: str | Path | None) -> bytes:
        if path is not None:
            save(content, path)
        return content


def save(content: bytes, path: str | Path) -> None:
    """Writes a file."""
    with writing(path):
        Path(path).write_bytes(content)
