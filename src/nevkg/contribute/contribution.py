"""What the rows of a contribution say, before it is merged, and the changes to files that result from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pyoxigraph import Quad

from nevkg.contribute import import_records, sources
from nevkg.contribute.import_records import Entry
from nevkg.contribute.problems import Problem
from nevkg.contribute.sheets import Row
from nevkg.data import dataset
from nevkg.data.paths import Layout
from nevkg.data.rdf import serialise


@dataclass
class Contribution:
    """What the rows say, before it is merged into the files.

    Attributes:
        statements: slug of a source to the IRIs of its statements, each with the quads of each row that makes it.
        descriptions: slug of a source to the quads of each row that describes it.
        entries: the outcome of each row.
        doubts: warnings about rows that make no statement.
    """

    statements: dict[str, dict[str, list[list[Quad]]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    descriptions: dict[str, list[list[Quad]]] = field(default_factory=lambda: defaultdict(list))
    entries: list[Entry] = field(default_factory=list)
    doubts: list[Problem] = field(default_factory=list)
    _first_rows: dict[str, str] = field(default_factory=dict)

    def add_entry(self, row: Row, iris: Sequence[str]) -> None:
        """Records the outcome of a row, which made these statements or described this source."""
        earlier = [self._first_rows[iri] for iri in iris if iri in self._first_rows]
        if not iris:
            outcome, reason = import_records.THING, "names a thing and says no more of it"
        elif len(earlier) == len(iris):
            outcome, reason = import_records.DUPLICATE, f"says the same as {earlier[0]}"
        else:
            outcome, reason = import_records.THING if row.table == sources.TABLE else import_records.STATEMENTS, ""
        for iri in iris:
            self._first_rows.setdefault(iri, f"{row.file}:{row.line}")
        self.entries.append(Entry(row.collection, row.file, row.line, row.key, outcome, tuple(iris), reason))

    def entries_by_collection(self) -> dict[str, list[Entry]]:
        """Returns the entries of each collection, by its name."""
        found: dict[str, list[Entry]] = defaultdict(list)
        for entry in self.entries:
            found[entry.collection].append(entry)
        return dict(sorted(found.items()))


@dataclass
class Changes:
    """Changes to the files of the data, which are not written yet.

    Attributes:
        layout: the folders.
        namespaces: prefix to namespace, for new content.
        files: file, relative to the data folder, to its new bytes, or None for a file that is removed. Only files that differ.
    """

    layout: Layout
    namespaces: dict[str, str]
    files: dict[str, bytes | None] = field(default_factory=dict)

    def write(self, name: str, content: bytes) -> None:
        """Changes the content of a file, unless it is the same."""
        path = self.layout.data / name
        if not path.exists() or path.read_bytes() != content:
            self.files[name] = content

    def write_quads(self, name: str, quads: Iterable[Quad]) -> None:
        """Changes an RDF file, in the format of its suffix."""
        self.write(name, serialise(quads, "trig" if name.endswith(".trig") else "turtle", self.namespaces))

    def parse(self, name: str) -> list[Quad]:
        """Returns the quads of a file before the changes; none if it does not exist."""
        path = self.layout.data / name
        return list(dataset.parse_file(path)) if path.exists() else []
