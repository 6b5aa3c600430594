"""Finds what is wrong, as far as no earlier run has found it: a key names all that a finding depends on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

from nevkg.data import dataset, terms
from nevkg.data.paths import Layout, walk
from nevkg.sparql import syntax
from nevkg.store import built_or_derived
from nevkg.validate import checks, engines, lint, volumes
from nevkg.validate.checks import Check
from nevkg.validate.findings import Finding, without_repeats
from nevkg.validate.inputs import Inputs, read_inputs
from nevkg.validate.memory import Memory, key


def shape_files(layout: Layout) -> list[Path]:
    """The shapes."""
    return sorted(walk(layout.ontology / "shapes", ".ttl"))


@dataclass(frozen=True)
class Finder:
    """Looks for findings in a dataset, or in what it would be with other files, with one engine."""

    layout: Layout
    engine: str
    memory: Memory

    @classmethod
    def of(cls, layout: Layout, engine: str = engines.DEFAULT, *, fresh: bool = False) -> Finder:
        """The finder with what earlier runs have found, unless it is to begin afresh."""
        return cls(layout, engine, Memory(layout.data, engine, fresh=fresh))

    @cached_property
    def checks(self) -> dict[str, list[Check]]:
        """The checks by what they read."""
        found: dict[str, list[Check]] = defaultdict(list)
        for check in checks.all_checks(self.layout):
            found[check.reads].append(check)
        return found

    def inputs(self, files: Sequence[Path] = (), without: Iterable[Path] = ()) -> Inputs:
        """What the dataset says, with or without some files; see ``read_inputs``."""
        return read_inputs(self.layout, self.memory, files, {path.name for path in without})

    def _key(self, inputs: Inputs, name: str, texts: Sequence[bytes]) -> str:
        """A key for what queries find.

        Rules and checks name the properties that they read, or a property above them, which a test sees to; so a triple with
        another property does not touch them.
        """
        namespaces = terms.prefixes(self.layout.ontology)
        named = (iri for text in texts for iri in syntax.mentions(text.decode(), namespaces))
        return key(name, *texts, inputs.key_of([terms.RDF + "type", *named]))

    def find(self, inputs: Inputs, *, whole: bool = False) -> list[Finding]:
        """What shapes, and the checks that read files, find; and if these are the whole dataset, all that can be found.

        Raises:
            InvalidData: if a file does not parse, or a rule or the file of volumes is not of its form.
        """
        # The engine and the stores do not hold Python's lock, so that two cores share the work.
        with ThreadPoolExecutor(max_workers=1) as pool:
            shapes = pool.submit(self._by_shapes, inputs)
            found = self._by_file_checks(inputs)
            if whole:
                found += self._in_terms(inputs) + self._in_store(inputs) + self._in_questions()
            general = self._by_general_checks(inputs)
            found += shapes.result()
            return found + without_repeats(general, found)

    def _by_shapes(self, inputs: Inputs) -> list[Finding]:
        """Validates the parts that are new, all in one run of the engine: it finds the same as if each were alone."""
        shapes = shape_files(self.layout)
        rules = key("shapes", *_contents(shapes))
        keys = {part: key(rules, part.key) for part in inputs.parts}
        known = {part: self.memory.findings(name) for part, name in keys.items()}
        common, *_ = inputs.parts
        new = [part for part, found in known.items() if found is None or part is common]
        if any(known[part] is None for part in new):
            owners = {subject: part for part in new for path in part.files for subject in inputs.facts[path].subjects}
            anew: dict[object, list[Finding]] = defaultdict(list)
            for finding in engines.check_shapes(inputs.text(path for part in new for path in part.files), shapes, self.engine):
                anew[owners.get(finding.focus, common)].append(finding)
            for part in new:
                known[part] = anew[part]
                self.memory.keep(keys[part], anew[part])
        return [finding for found in known.values() for finding in found or ()]

    def _by_file_checks(self, inputs: Inputs) -> list[Finding]:
        found = []
        for check in self.checks[checks.FILES]:
            name = self._key(inputs, check.name, [check.text.encode()])
            found += self.memory.recall(name, partial(lambda one: checks.run_checks(inputs.store, [one]), check))
        return found

    def _by_general_checks(self, inputs: Inputs) -> list[Finding]:
        found = []
        for check in self.checks[checks.TRIPLES]:
            name = key(check.name, check.text, inputs.key)
            found += self.memory.recall(name, partial(lambda one: checks.run_checks(inputs.store, [one]), check))
        return found

    def _in_terms(self, inputs: Inputs) -> list[Finding]:
        """What the checks on terms find."""

        def find() -> list[Finding]:
            store = inputs.schema_store()
            store.extend(checks.lexicon(self.layout, inputs.mentions))
            return checks.run_checks(store, self.checks[checks.TERMS])

        texts = _contents([*checks.query_files(self.layout), *shape_files(self.layout)])
        return self.memory.recall(key("terms", inputs.schema_key, *sorted(inputs.mentions), *texts), find)

    def _in_store(self, inputs: Inputs) -> list[Finding]:
        """What the checks that read the store find, and volumes."""

        def find() -> list[Finding]:
            store = built_or_derived(self.layout)
            return checks.run_checks(store, self.checks[checks.STORE]) + volumes.run_volumes(store, self.layout)

        checked = [check.text.encode() for check in self.checks[checks.STORE]]
        texts = [*_contents(dataset.rule_files(self.layout)), *_contents([volumes.volume_file(self.layout)]), *checked]
        return self.memory.recall(self._key(inputs, "store", texts), find)

    def _in_questions(self) -> list[Finding]:
        """What is wrong with questions."""
        files = lint.question_files(self.layout)
        name = key("questions", *(str(path) for path in files), *_contents(files))
        return self.memory.recall(name, lambda: lint.run_lint(self.layout))


def _contents(files: Iterable[Path]) -> list[bytes]:
    """The bytes of the files that are there."""
    return [path.read_bytes() for path in files if path.exists()]
