"""Runs all that validates: shapes over the files, checks and volumes over the built store, idioms over the questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph
from pyoxigraph import Quad, RdfFormat

from nevkg.data import dataset, terms
from nevkg.data.paths import Layout
from nevkg.errors import CouldNotRun, InvalidData, WrongUsage
from nevkg.store import Store, contents
from nevkg.store.derivation import read_rules
from nevkg.validate import checks, engines, lint, volumes
from nevkg.validate.find import Finder, shape_files
from nevkg.validate.findings import Finding, Severity, sort_findings, without_repeats
from nevkg.validate.places import Places


@dataclass(frozen=True)
class Report:
    """The findings, sorted with the worst first, and where to look for them; ``quads`` are what was validated if it was no files."""

    findings: Sequence[Finding]
    places: Places
    quads: Sequence[Quad] = ()

    @property
    def conforms(self) -> bool:
        """Whether nothing is a violation."""
        return all(finding.severity is not Severity.VIOLATION for finding in self.findings)


def validate(layout: Layout, files: Sequence[Path] = (), engine: str = engines.DEFAULT, *, fresh: bool = False) -> Report:
    """Validates the dataset, or the files together with what they refer to.

    Args:
        layout: the floors.
        files: if given, only findings that come with these files are reported; a file takes the
            place of the file of the same name in the dataset.
        engine: ``shacl`` or ``pyshacl``.
        fresh: whether to find everything anew instead of taking from the cache what earlier runs have found.

    Raises:
        InvalidData: if a file does not parse.
        CouldNotRun: if a file cannot be read, or the dataset is incomplete.
        WrongUsage: if a file is of no known kind.
    """
    layout.require_parts()
    _look_at(files)
    finder = Finder.of(layout, engine, fresh=fresh)
    inputs = finder.inputs(files)
    found = finder.find(inputs, whole=not files)
    if files:
        before = set(finder.find(finder.inputs(without=files)))
        found = [finding for finding in found if finding not in before]
    finder.memory.save()
    return Report(sort_findings(found), Places([*inputs.files, *shape_files(layout)], inputs.homes))


def validate_store(store: Store, engine: str = engines.DEFAULT) -> Report:
    """Validates what another store holds, as it would be validated here; without files, findings have no place in one.

    Args:
        store: into which the dataset was loaded.
        engine: ``shacl`` or ``pyshacl``.

    Raises:
        CouldNotRun: if the store does not give all that it holds.
    """
    layout = store.layout
    derived = {terms.graph(rule.into) for rule in read_rules(dataset.rule_files(layout))}
    held, said = pyoxigraph.Store(), pyoxigraph.Store()
    for quad in contents.quads(store, contents.graphs(store)):
        held.add(quad)
        if terms.text(quad.graph_name) not in derived:
            said.add(quad)
    text = said.dump(format=RdfFormat.TRIG) or b""
    found = engines.check_shapes(text.decode(), shape_files(layout), engine)
    held.extend(checks.lexicon(layout))
    every = checks.all_checks(layout)
    found += checks.run_checks(held, [check for check in every if check.reads != checks.TRIPLES])
    found += without_repeats(checks.run_checks(held, [check for check in every if check.reads == checks.TRIPLES]), found)
    found += volumes.run_volumes(held, layout)
    found += lint.run_lint(layout)
    return Report(sort_findings(found), Places([]), list(said))


def _look_at(files: Sequence[Path]) -> None:
    for file in files:
        if file.is_dir():
            raise WrongUsage(f"{file} is a folder; name the files in it.")
        if not file.exists():
            raise CouldNotRun(f"{file} is not there.")
        if file.suffix not in dataset.FORMATS:
            raise WrongUsage(f"{file} is of no known kind; RDF files end in {', '.join(dataset.FORMATS)}.")
        if file.stat().st_size == 0:
            raise InvalidData(f"{file} is empty.")
