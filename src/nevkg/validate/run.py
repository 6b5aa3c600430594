"""Runs the whole validation: shapes over the files, checks and volumes over the built store, and lint over the questions.

Results of earlier runs are reused, under keys made of all inputs that a finding depends on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from pathlib import Path

import pyoxigraph
from pyoxigraph import Quad, RdfFormat

from nevkg.data import dataset, terms
from nevkg.data.paths import Layout, walk
from nevkg.errors import CouldNotRun, InvalidData, WrongUsage
from nevkg.sparql.syntax import find_iris
from nevkg.store import Store, contents, open_or_derive
from nevkg.store.derivation import read_rules
from nevkg.validate import checks, engines, lint
from nevkg.validate.checks import Check
from nevkg.validate.findings import Finding, Places, Severity, drop_repeats, sort_findings
from nevkg.validate.inputs import Inputs, read_inputs
from nevkg.validate.memory import Memory, key


def shape_files(layout: Layout) -> list[Path]:
    """Returns the files of the shapes."""
    return sorted(walk(layout.ontology / "shapes", ".ttl"))


@dataclass(frozen=True)
class Finder:
    """Finds defects in a dataset, or in the dataset with some files added or replaced, with one SHACL engine."""

    layout: Layout
    engine: str
    memory: Memory

    @classmethod
    def of(cls, layout: Layout, engine: str = engines.DEFAULT, *, fresh: bool = False) -> Finder:
        """Creates a finder that reuses the results of earlier runs unless ``fresh``."""
        return cls(layout, engine, Memory(layout.data, engine, fresh=fresh))

    @cached_property
    def checks(self) -> dict[str, list[Check]]:
        """The checks by their input; see ``Check.reads``."""
        found: dict[str, list[Check]] = defaultdict(list)
        for check in checks.all_checks(self.layout):
            found[check.reads].append(check)
        return found

    def inputs(self, files: Sequence[Path] = (), without: Iterable[Path] = ()) -> Inputs:
        """Reads the dataset with or without some files; see ``read_inputs``."""
        return read_inputs(self.layout, self.memory, files, {path.name for path in without})

    def _key(self, inputs: Inputs, name: str, texts: Sequence[bytes]) -> str:
        """Returns the key for the results of queries.

        Rules and checks mention the properties that they read, or their superproperties, which a test ensures. So triples
        with other properties do not affect the results.
        """
        namespaces = terms.prefixes(self.layout.ontology)
        properties = (iri for text in texts for iri in _find_iris(text.decode(), tuple(namespaces.items())))
        return key(name, *texts, inputs.key_of([terms.RDF + "type", *properties]))

    def find(self, inputs: Inputs, *, whole: bool = False) -> list[Finding]:
        """Runs the shapes and the checks that read files; on the whole dataset, all other checks as well."""
        # The SHACL engine and the stores release the GIL, so that this uses two cores.
        with ThreadPoolExecutor(max_workers=1) as pool:
            shapes = pool.submit(self._check_shapes, inputs)
            found = self._run_checks(inputs, checks.FILES, lambda check: self._key(inputs, check.name, [check.text.encode()]))
            if whole:
                found += self._check_terms(inputs) + self._check_store(inputs) + self._check_questions()
            general = self._run_checks(inputs, checks.TRIPLES, lambda check: key(check.name, check.text, inputs.key))
            found += shapes.result()
            return found + drop_repeats(general, found)

    def _check_shapes(self, inputs: Inputs) -> list[Finding]:
        """Validates the new parts in one run of the engine, which has the same result as one run for each part."""
        shapes = shape_files(self.layout)
        rules = key("shapes", *_read_files(shapes))
        keys = {part: key(rules, part.key) for part in inputs.parts}
        known = {part: self.memory.get_findings(name) for part, name in keys.items()}
        common, *_ = inputs.parts
        new = [part for part, found in known.items() if found is None or part is common]
        if any(known[part] is None for part in new):
            owners = {subject: part for part in new for path in part.files for subject in inputs.summaries[path].subjects}
            found_in: dict[object, list[Finding]] = defaultdict(list)
            for finding in engines.check_shapes(inputs.text(path for part in new for path in part.files), shapes, self.engine):
                found_in[owners.get(finding.focus, common)].append(finding)
            for part in new:
                known[part] = found_in[part]
                self.memory.put_findings(keys[part], found_in[part])
        return [finding for found in known.values() for finding in found or ()]

    def _run_checks(self, inputs: Inputs, reads: str, key_of: Callable[[Check], str]) -> list[Finding]:
        """Runs the checks that read files, or all triples."""
        found = []
        for check in self.checks[reads]:
            run = partial(lambda check: checks.run_checks(inputs.store, [check]), check)
            found += self.memory.get_or_find(key_of(check), run)
        return found

    def _check_terms(self, inputs: Inputs) -> list[Finding]:
        """Runs the checks on terms."""

        def find() -> list[Finding]:
            store = inputs.schema_store()
            store.extend(checks.read_term_usage(self.layout, inputs.mentions))
            return checks.run_checks(store, self.checks[checks.TERMS])

        texts = _read_files([*checks.query_files(self.layout), *shape_files(self.layout)])
        return self.memory.get_or_find(key("terms", inputs.schema_key, *sorted(inputs.mentions), *texts), find)

    def _check_store(self, inputs: Inputs) -> list[Finding]:
        """Runs the checks that read the store, and the check of volumes."""

        def find() -> list[Finding]:
            store = open_or_derive(self.layout)
            return checks.run_checks(store, self.checks[checks.STORE]) + checks.run_volumes(store, self.layout)

        queries = [check.text.encode() for check in self.checks[checks.STORE]]
        texts = [*_read_files(dataset.rule_files(self.layout)), *_read_files([checks.volume_file(self.layout)]), *queries]
        return self.memory.get_or_find(self._key(inputs, "store", texts), find)

    def _check_questions(self) -> list[Finding]:
        """Checks the questions."""
        files = lint.question_files(self.layout)
        name = key("questions", *(str(path) for path in files), *_read_files(files))
        return self.memory.get_or_find(name, lambda: lint.run_lint(self.layout))


def _read_files(files: Iterable[Path]) -> list[bytes]:
    """Returns the content of the files that exist."""
    return [path.read_bytes() for path in files if path.exists()]


@dataclass(frozen=True)
class Report:
    """The result of a validation.

    Attributes:
        quads: the validated quads, if a store was validated and not files.
    """

    findings: Sequence[Finding]
    places: Places
    quads: Sequence[Quad] = ()

    @property
    def conforms(self) -> bool:
        """Whether there are no violations."""
        return all(finding.severity is not Severity.VIOLATION for finding in self.findings)


def validate(layout: Layout, files: Sequence[Path] = (), engine: str = engines.DEFAULT, *, fresh: bool = False) -> Report:
    """Validates the dataset, or some files together with the dataset that they refer to.

    Args:
        files: if given, only the findings caused by these files are reported; each file replaces the file of the same name
            in the dataset.
        engine: ``shacl`` or ``pyshacl``.
        fresh: whether to ignore the cached findings of earlier runs.
    """
    layout.require_parts()
    _check_files(files)
    finder = Finder.of(layout, engine, fresh=fresh)
    inputs = finder.inputs(files)
    found = finder.find(inputs, whole=not files)
    if files:
        before = set(finder.find(finder.inputs(without=files)))
        found = [finding for finding in found if finding not in before]
    finder.memory.save()
    described_in = {subject: path for path, summary in inputs.summaries.items() for subject in summary.subjects}
    return Report(sort_findings(found), Places([*inputs.files, *shape_files(layout)], described_in))


def validate_store(store: Store, engine: str = engines.DEFAULT) -> Report:
    """Validates the content of a store like a dataset. There are no files, so findings have no file and line.

    Args:
        store: the store that the dataset was loaded into.
        engine: ``shacl`` or ``pyshacl``.

    Raises:
        CouldNotRun: if the store does not return all that it holds.
    """
    layout = store.layout
    derived = {terms.graph(rule.into) for rule in read_rules(dataset.rule_files(layout))}
    whole, stated = pyoxigraph.Store(), pyoxigraph.Store()
    for quad in contents.quads(store, contents.graphs(store)):
        whole.add(quad)
        if terms.text(quad.graph_name) not in derived:
            stated.add(quad)
    text = stated.dump(format=RdfFormat.TRIG) or b""
    found = engines.check_shapes(text.decode(), shape_files(layout), engine)
    whole.extend(checks.read_term_usage(layout))
    every = checks.all_checks(layout)
    found += checks.run_checks(whole, [check for check in every if check.reads != checks.TRIPLES])
    found += drop_repeats(checks.run_checks(whole, [check for check in every if check.reads == checks.TRIPLES]), found)
    found += checks.run_volumes(whole, layout)
    found += lint.run_lint(layout)
    return Report(sort_findings(found), Places([]), list(stated))


def _check_files(files: Sequence[Path]) -> None:
    for file in files:
        if file.is_dir():
            raise WrongUsage(f"{file} is a folder; give the files in it.")
        if not file.exists():
            raise CouldNotRun(f"{file} does not exist; check the path.")
        if file.suffix not in dataset.FORMATS:
            raise WrongUsage(f"{file} has an unknown suffix; RDF files end in {', '.join(dataset.FORMATS)}.")
        if file.stat().st_size == 0:
            raise InvalidData(f"{file} is empty; add its content, or leave it out.")


@lru_cache(1000)
def _find_iris(text: str, namespaces: tuple[tuple[str, str], ...]) -> frozenset[str]:
    return frozenset(find_iris(text, dict(namespaces)))
