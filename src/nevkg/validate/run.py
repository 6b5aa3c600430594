"""Runs the whole validation: shapes over the files, checks and volumes over the built store, and lint over the questions."""

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
from nevkg.validate.findings import Finding, Severity, drop_repeats, sort_findings
from nevkg.validate.places import Places


@dataclass(frozen=True)
class Report:
    """The result of a validation.

    Attributes:
        findings: the findings, the worst first.
        places: locates findings in files.
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
        layout: the folders of the dataset.
        files: if given, only the findings caused by these files are reported; each file replaces the file of the same name
            in the dataset.
        engine: ``shacl`` or ``pyshacl``.
        fresh: whether to ignore the cached findings of earlier runs.

    Raises:
        InvalidData: if a file does not parse.
        CouldNotRun: if a file cannot be read, or the dataset is incomplete.
        WrongUsage: if a file is a folder or has an unknown suffix.
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
    return Report(sort_findings(found), Places([*inputs.files, *shape_files(layout)], inputs.homes))


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
    found += volumes.run_volumes(whole, layout)
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
