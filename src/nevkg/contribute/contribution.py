"""What the rows of a contribution say, before it is merged into the files."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from pyoxigraph import Quad

from nevkg.contribute import import_records, source_documents
from nevkg.contribute.import_records import RowOutcome
from nevkg.contribute.problems import ImportProblem
from nevkg.contribute.row_quotes import QuotedRow
from nevkg.contribute.sheets import Row


@dataclass
class Contribution:
    """What the rows say, before it is merged into the files.

    Attributes:
        statements: slug of a source to the IRIs of its statements, each with the quads of each row that makes it.
        descriptions: slug of a source to the quads of each row that describes it.
        quotes: slug of a source to the rows that quote it.
        doubts: warnings about rows that make no statement.
    """

    statements: dict[str, dict[str, list[list[Quad]]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    descriptions: dict[str, list[list[Quad]]] = field(default_factory=lambda: defaultdict(list))
    quotes: dict[str, list[QuotedRow]] = field(default_factory=lambda: defaultdict(list))
    entries: list[RowOutcome] = field(default_factory=list)
    doubts: list[ImportProblem] = field(default_factory=list)
    _first_rows: dict[str, str] = field(default_factory=dict)

    def add_entry(self, row: Row, iris: Sequence[str]) -> None:
        """Records the outcome of a row, which made these statements or described this source."""
        earlier = [self._first_rows[iri] for iri in iris if iri in self._first_rows]
        if not iris:
            outcome, reason = import_records.THING, "names a thing and says no more of it"
        elif len(earlier) == len(iris):
            outcome, reason = import_records.DUPLICATE, f"says the same as {earlier[0]}"
        else:
            outcome, reason = import_records.THING if row.table == source_documents.TABLE else import_records.STATEMENTS, ""
        for iri in iris:
            self._first_rows.setdefault(iri, f"{row.file}:{row.line}")
        self.entries.append(RowOutcome(row.collection, row.file, row.line, row.key, outcome, tuple(iris), reason))

    def entries_by_collection(self) -> dict[str, list[RowOutcome]]:
        """Returns the entries of each collection, by its name."""
        found: dict[str, list[RowOutcome]] = defaultdict(list)
        for entry in self.entries:
            found[entry.collection].append(entry)
        return dict(sorted(found.items()))
