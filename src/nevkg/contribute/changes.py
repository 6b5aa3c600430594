"""Changes to the files of the data, which are checked before all of them are written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import Quad, parse

from nevkg.data import dataset, terms
from nevkg.data.paths import Layout, walk
from nevkg.data.rdf import serialise

_DATASET = "dataset.ttl"


@dataclass
class Changes:
    """Changes to the files of the data, which are not written yet.

    Attributes:
        files: file, relative to the data folder, to its new bytes, or None for a file that is removed. Only files that differ.
    """

    layout: Layout
    files: dict[str, bytes | None] = field(default_factory=dict)

    @cached_property
    def namespaces(self) -> dict[str, str]:
        """Prefix to namespace."""
        return terms.prefixes(self.layout.ontology)

    def read(self, name: str) -> bytes | None:
        """Returns the content of a file after the changes; None if there is no such file."""
        path = self.layout.data / name
        return self.files[name] if name in self.files else path.read_bytes() if path.exists() else None

    def read_quads(self, name: str) -> list[Quad]:
        """Returns the quads of a file after the changes; none if there is no such file, or it is no RDF."""
        path = self.layout.data / name
        if path.suffix not in dataset.FORMATS:
            return []
        if name in self.files:
            return list(parse(self.files[name] or b"", dataset.FORMATS[path.suffix]))
        return list(dataset.parse_file(path)) if path.exists() else []

    def read_all(self) -> Iterator[tuple[str, bytes]]:
        """Yields the names and the contents of all RDF files after the changes, sorted by name."""
        old = {str(path.relative_to(self.layout.data)) for path in walk(self.layout.data, "")}
        for name in sorted(name for name in old | self.files.keys() if name.endswith(tuple(dataset.FORMATS))):
            if (content := self.read(name)) is not None:
                yield name, content

    def write(self, name: str, content: bytes) -> None:
        """Sets the content of a file."""
        path = self.layout.data / name
        if path.exists() and path.read_bytes() == content:
            self.files.pop(name, None)
        else:
            self.files[name] = content

    def write_quads(self, name: str, quads: Iterable[Quad]) -> None:
        """Changes an RDF file, in the canonical form of the format of its suffix."""
        self.write(name, serialise(quads, "trig" if name.endswith(".trig") else "turtle", self.namespaces))

    def advance_date(self, day: str) -> None:
        """Sets the date of the dataset to a day (ISO) if that is later and there are changes."""
        if not self.files:
            return
        if self.layout.is_new:
            self.write_quads(_DATASET, dataset.describe_dataset(day))
            return
        text = (self.layout.data / _DATASET).read_text(encoding="utf-8")
        old = dataset.find_date(self.read_quads(_DATASET)) or day
        if old < day:
            self.write(_DATASET, text.replace(old, day).encode())
