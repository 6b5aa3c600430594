"""One flat table of facts, in place of the tables of the format: each row becomes a row of the table that its property belongs to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from nevkg.contribute import source_documents, table_format
from nevkg.contribute.decisions import QUOTE
from nevkg.contribute.problems import ImportProblem, Problems
from nevkg.contribute.registry import Registry, SchemaIndex, read_schema
from nevkg.contribute.sheets import Row
from nevkg.contribute.table_format import TableFormat
from nevkg.data import terms
from nevkg.data.paths import Layout
from nevkg.data.tables import read_table

TABLE = "facts"
_SUBJECT, _PROPERTY, _VALUE, _UNIT, _WHEN, _KIND, _GEOGRAPHY = "subject", "property", "value", "unit", "when", "kind", "geography"
_PERIOD, _SOURCE = "period", source_documents.FLAT_ID
_COLUMNS = ("table", "class", _SUBJECT, _PROPERTY, _VALUE, _UNIT, _WHEN, _PERIOD, _KIND, _GEOGRAPHY)
_BETWEEN = "/"  # two dates, or two columns


@dataclass(frozen=True)
class Target:
    """A row of ``ontology/tables/flat.csv``: a table that rows can become.

    Attributes:
        kind: IRI of the class of its subjects.
        columns: column of the flat table to that of this one; empty if it has none. If ``property`` is empty, the property of a row
            is itself a column, and all rows about one subject become one row.
    """

    table: TableFormat
    kind: str
    columns: Mapping[str, str]

    @property
    def describes(self) -> bool:
        """Whether a row of the table describes a subject, with a column for each property."""
        return not self.columns[_PROPERTY]

    def accepts(self, name: str) -> bool:
        """Whether the table has a property."""
        if self.describes:
            return name in self.table.columns and name not in (self.columns[_SUBJECT], source_documents.ID, QUOTE)
        return name in self.table.codes(self.columns[_PROPERTY])

    def place(self, row: Row) -> dict[str, str]:
        """Returns the cells of a row that states one fact; the date is checked by the format of the flat table."""
        when = row.cells[_WHEN]
        cells = {self.columns[name]: row.cells[name] for name in (_SUBJECT, _PROPERTY, _VALUE, _UNIT, _KIND, _GEOGRAPHY)}
        if when.count(_BETWEEN) == 1:
            cells |= dict(zip(self.columns[_PERIOD].split(_BETWEEN), when.split(_BETWEEN, 1), strict=True))
        else:
            cells |= dict.fromkeys(self.columns[_WHEN].split(_BETWEEN), when)
        cells.pop("", None)
        return cells


def read_targets(layout: Layout, tables: Mapping[str, TableFormat]) -> list[Target]:
    """Returns the tables that rows can become, in the order of ``flat.csv``."""
    spaces = terms.prefixes(layout.ontology)
    rows = read_table(layout.ontology / "tables" / "flat.csv", _COLUMNS)
    return [Target(tables[row["table"]], terms.expand(row["class"], spaces) or "", row) for row in rows]


def list_codes(column: str, targets: Iterable[Target], schema: SchemaIndex) -> list[str]:
    """Returns the codes of a column of the flat table, sorted: for ``property`` also the columns that describe a subject."""
    found: set[str] = set()
    for target in targets:
        if column == _PROPERTY and target.describes:
            found |= {name for name in target.table.columns if target.accepts(name)}
        elif name := target.columns.get(column):
            found |= {*table_format.list_codes(target.table, name, schema)}
    return sorted(found)


@dataclass
class FlatFacts:
    """Turns rows of the flat table into rows of the other tables.

    Attributes:
        origins: file and line to the column of the flat table for each column of the other table.
    """

    targets: Sequence[Target]
    registry: Registry
    problems: Problems
    origins: dict[tuple[str, int], dict[str, str]] = field(default_factory=dict)

    def expand(self, rows: Iterable[Row]) -> Iterator[Row]:
        """Yields the rows of the other tables, with the file and line of the rows that they come from."""
        every = list(rows)
        described = {
            (row.collection, target.kind, row.cells[target.columns[_SUBJECT]]) for row in every for target in self._describing(row)
        }
        by_subject: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in every:
            if row.table == TABLE:
                by_subject[row.collection, row.cells[_SUBJECT]].append(row)
            else:
                yield row
        for (collection, subject), several in by_subject.items():
            known = {target.kind for target in self.targets if (collection, target.kind, subject) in described}
            yield from self._expand_subject(several, known or self._find_kinds(subject))

    def _describing(self, row: Row) -> list[Target]:
        return [target for target in self.targets if target.describes and target.table.name == row.table]

    def _find_kinds(self, subject: str) -> set[str]:
        return {target.kind for target in self.targets if self.registry.find_all(subject, target.kind)}

    def _expand_subject(self, rows: Sequence[Row], kinds: set[str]) -> Iterator[Row]:
        """Yields rows for what is said of one subject. Its kind is the known one that has most of the properties, otherwise any."""

        def rate(kind: str) -> tuple[bool, int]:
            return kind in kinds, sum(
                any(target.kind == kind and target.accepts(row.cells[_PROPERTY]) for target in self.targets) for row in rows
            )

        kind = max(dict.fromkeys(target.kind for target in self.targets), key=rate)
        targets = [target for target in self.targets if target.kind == kind]
        joined: dict[tuple[str, str], Row] = {}
        for row in rows:
            # A property that no table has is reported where the format has the known ones.
            target = next((target for target in targets if target.accepts(row.cells[_PROPERTY])), targets[0])
            if not target.describes:
                yield self._to_row(row, target, target.place(row))
                continue
            self._check_plain(row)
            key = target.table.name, row.cells[_SOURCE]
            if key not in joined:
                joined[key] = self._to_row(row, target, {target.columns[_SUBJECT]: row.cells[_SUBJECT]})
            joined[key] = self._add_property(joined[key], row, target)
        yield from joined.values()

    def _to_row(self, row: Row, target: Target, cells: Mapping[str, str]) -> Row:
        table = target.table
        own = {source_documents.ID: row.cells[_SOURCE], QUOTE: row.cells[QUOTE]}
        every = {**dict.fromkeys(table.columns, ""), **cells, **own}
        names = {target.columns[name]: name for name in (_PROPERTY, _VALUE, _UNIT, _KIND, _GEOGRAPHY, _SUBJECT) if target.columns[name]}
        dates = f"{target.columns[_WHEN]}{_BETWEEN}{target.columns[_PERIOD]}".split(_BETWEEN)
        self.origins[row.place] = {**dict.fromkeys(filter(None, dates), _WHEN), **names, source_documents.ID: _SOURCE}
        key = "|".join(every[name] for name in table.key)
        return replace(row, table=table.name, cells=every, key=f"{row.collection}/{table.name}:{key}")

    def _check_plain(self, row: Row) -> None:
        for name in (_UNIT, _WHEN, _KIND, _GEOGRAPHY):
            if row.cells[name]:
                self.problems.add(*row.place, name, f"'{row.cells[_PROPERTY]}' takes none; leave the cell empty.")

    def _add_property(self, joined: Row, row: Row, target: Target) -> Row:
        """Returns the row of a subject with one more property."""
        name, value = row.cells[_PROPERTY], row.cells[_VALUE]
        before, separator = joined.cells[name], target.table.columns[name].separator
        if before and before != value and not separator:
            self.problems.add(*row.place, _VALUE, f"line {joined.line} says '{before}'; one source gives one '{name}'.")
        return replace(joined, cells={**joined.cells, name: f"{before}{separator}{value}" if before and separator else value})

    def rename(self, problems: Iterable[ImportProblem]) -> list[ImportProblem]:
        """Returns problems with the columns that the user wrote."""
        return sorted(
            replace(problem, column=self.origins.get(problem.place, {}).get(problem.column, problem.column)) for problem in problems
        )


def expand_flat_rows(
    rows: Sequence[Row], layout: Layout, tables: Mapping[str, TableFormat], problems: Problems
) -> tuple[list[Row], Callable[[Iterable[ImportProblem]], list[ImportProblem]]]:
    """Expands rows of the flat table into rows of others, and returns with them a function that gives problems the columns of the user."""
    if all(row.table != TABLE for row in rows):
        return list(rows), list
    flat = FlatFacts(read_targets(layout, tables), Registry(layout, read_schema(layout)), problems)
    return list(flat.expand(rows)), flat.rename
