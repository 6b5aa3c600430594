"""Changes to the files of the data, which are checked before any is written: shapes, and likely duplicates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from nevkg.contribute.duplicates import DuplicatePair, NamedEntity, find_candidates, read_generic_words
from nevkg.contribute.registry import Registry
from nevkg.contribute.table_format import TableFormat
from nevkg.data import dataset, terms
from nevkg.data.paths import Layout, walk
from nevkg.data.rdf import serialise
from nevkg.validate.findings import Finding, Severity, sort_findings
from nevkg.validate.inputs import Inputs, read_as_trig
from nevkg.validate.memory import Memory
from nevkg.validate.messages import Messages
from nevkg.validate.run import Finder

_DATASET = "dataset.ttl"
_SUBJECT, _PROPERTY, _VALUE = (NamedNode(terms.NEV + name) for name in ("subject", "property", "value"))
_KEEPS_APART = terms.NEV + "keepsApart"


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

    def findings(self) -> list[tuple[Finding, str]]:
        """Returns violations and warnings of the shapes and of the checks that read files, each with its message and fix.

        Findings of severity INFO are omitted.
        """
        finder = Finder.of(self.layout)
        found = finder.find(self._read_inputs(finder.memory))
        finder.memory.save()
        words = Messages(self.layout, terms.LANGUAGES[0])
        return [
            (finding, f"{words.sentence(finding)} {words.fix(finding)}")
            for finding in sort_findings(found)
            if finding.severity is not Severity.INFO
        ]

    def _read_inputs(self, memory: Memory) -> Inputs:
        changed = {self.layout.data / name: content for name, content in self.files.items()}

        def read(paths: Iterable[Path]) -> dict[Path, bytes]:
            return {path: read_as_trig(path) for path in paths if path not in changed}

        schema = {slug: read(paths) for slug, paths in dataset.schema_files(self.layout).items()}
        sources = read(dataset.source_files(self.layout))
        for path, content in changed.items():
            if content is not None and path.suffix in dataset.FORMATS:
                (sources if path.suffix == ".trig" else schema["registry"])[path] = content
        return Inputs(schema, sources, memory)

    def _read_relations(self) -> Iterator[tuple[str, str, str]]:
        """Yields the subject, the property and the value of each statement that relates two entities."""
        for content in (content for name, content in self.read_all() if name.endswith(".trig")):
            about: dict[str, dict[NamedNode, str]] = defaultdict(dict)
            for quad in parse(content, RdfFormat.TRIG):
                if quad.predicate in (_SUBJECT, _PROPERTY, _VALUE):
                    about[terms.text(quad.subject)][quad.predicate] = terms.text(quad.object)
            for values in about.values():
                if len(values) == 3:
                    yield values[_SUBJECT], values[_PROPERTY], values[_VALUE]

    def namesakes(self, registry: Registry, tables: Collection[TableFormat]) -> list[DuplicatePair]:
        """Returns pairs of entities that may be the same and on which there is no decision."""
        rules = [rule for table in tables for rule in table.rules if rule.makes in ("where", "at")]
        where: dict[str, set[str]] = defaultdict(set)
        at: dict[str, set[str]] = defaultdict(set)
        for subject, name, value in self._read_relations():
            around = {value} | ({target for _, target in registry.entities[value].links} if value in registry.entities else set())
            for rule in rules:
                if rule.properties[0][0] == name:
                    (where if rule.makes == "where" else at)[subject] |= {place for place in around if registry.is_a(place, rule.kind)}
        # Only classes whose entities contributions add can have duplicates in the registry.
        added = {rule.kind for table in tables for rule in table.rules if rule.makes == "entity"}
        things = [
            NamedEntity(
                entity.iri,
                frozenset(entity.kinds),
                tuple(text for text, _ in entity.names),
                entity.local,
                frozenset(where[entity.iri]),
                frozenset(at[entity.iri]),
            )
            for entity in registry.entities.values()
            if entity.names and entity.kinds & added
        ]
        different = [[iri for name, iri in entity.links if name == _KEEPS_APART] for entity in registry.entities.values()]
        generic = read_generic_words(self.layout.ontology / "tables" / "generic-words.csv", registry.namespaces)
        return find_candidates(things, generic, registry.replacements, different)
