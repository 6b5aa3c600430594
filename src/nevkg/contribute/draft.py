"""The data as it would be after an import, checked before anything is written: shapes, and likely duplicates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, parse

from nevkg.contribute.duplicates import DuplicatePair, NamedEntity, find_candidates, read_generic_words
from nevkg.contribute.registry import Registry
from nevkg.contribute.table_format import TableFormat
from nevkg.data import dataset, terms
from nevkg.data.paths import Layout
from nevkg.validate.findings import Finding, Severity, sort_findings
from nevkg.validate.inputs import Inputs, read_as_trig
from nevkg.validate.messages import Messages
from nevkg.validate.run import Finder

_SUBJECT, _PROPERTY, _VALUE, _KEEPS_APART = (NamedNode(terms.NEV + name) for name in ("subject", "property", "value", "keepsApart"))


@dataclass(frozen=True)
class Draft:
    """The files of the ontology, the vocabularies, the registry and the sources, as they would be after an import."""

    layout: Layout
    changed: Mapping[str, bytes | None]

    @cached_property
    def _finder(self) -> Finder:
        return Finder.of(self.layout)

    @cached_property
    def _inputs(self) -> Inputs:
        """The content of all files, after the changes."""
        changed = {self.layout.data / name: content for name, content in self.changed.items()}

        def read(paths: Iterable[Path]) -> dict[Path, bytes]:
            return {path: read_as_trig(path) for path in paths if path not in changed}

        schema = {slug: read(paths) for slug, paths in dataset.schema_files(self.layout).items()}
        sources = read(dataset.source_files(self.layout))
        for path, content in changed.items():
            if content is not None and path.suffix in dataset.FORMATS:
                (sources if path.suffix == ".trig" else schema["registry"])[path] = content
        return Inputs(schema, sources, self._finder.memory)

    def findings(self) -> list[tuple[Finding, str]]:
        """Returns violations and warnings of the shapes and of the checks that read files, each with its message and fix.

        Findings of severity INFO are omitted.
        """
        found = self._finder.find(self._inputs)
        self._finder.memory.save()
        words = Messages(self.layout, terms.LANGUAGES[0])
        return [
            (finding, f"{words.sentence(finding)} {words.fix(finding)}")
            for finding in sort_findings(found)
            if finding.severity is not Severity.INFO
        ]

    def statements(self) -> Iterator[tuple[str, str, str]]:
        """Yields the subject, the property and the value of each statement that relates two entities."""
        for content in self._inputs.sources.values():
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
        for subject, name, value in self.statements():
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
        generic = read_generic_words(self.layout.ontology / "tables" / "generic-words.csv", registry.namespaces)
        return find_candidates(things, generic, registry.replacements, self._distinctions())

    def _distinctions(self) -> Iterable[Iterable[str]]:
        """Returns the sets of entities that someone has distinguished."""
        found: dict[str, list[str]] = defaultdict(list)
        for quad in (quad for path in dataset.schema_files(self.layout)["registry"] for quad in dataset.parse_file(path)):
            if quad.predicate == _KEEPS_APART:
                found[terms.text(quad.subject)].append(terms.text(quad.object))
        return found.values()
