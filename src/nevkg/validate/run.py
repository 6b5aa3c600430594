"""Runs all that validates: shapes over the files, checks and volumes over the built store, idioms over the questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph
from pyoxigraph import Quad, RdfFormat, serialize

from nevkg import dataset, terms
from nevkg.bombs import refuse_bombs
from nevkg.derive import read_rules
from nevkg.errors import CouldNotRun, InvalidData, WrongUsage
from nevkg.layout import Layout, walk
from nevkg.store import Store, contents, open_store
from nevkg.validate import checks, engines, lint, volumes
from nevkg.validate.findings import Finding, Severity
from nevkg.validate.places import Places

# Turtle and N-Triples are TriG as they stand, so the engine reads them without a detour.
_AS_TRIG = {".ttl", ".trig", ".nt"}


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


def shape_files(layout: Layout) -> list[Path]:
    """The shapes."""
    return sorted(walk(layout.ontology / "shapes", ".ttl"))


def validate(layout: Layout, files: Sequence[Path] = (), engine: str = engines.DEFAULT) -> Report:
    """Validates the dataset, or the files together with what they refer to.

    Args:
        files: if given, only findings that come with these files are reported; a file takes the
            place of the file of the same name in the dataset.
        engine: ``shacl`` or ``pyshacl``.

    Raises:
        InvalidData: if a file does not parse.
        CouldNotRun: if a file cannot be read, or the dataset is incomplete.
        WrongUsage: if a file is of no known kind.
    """
    layout.require_parts()
    _look_at(files)
    names = {file.name for file in files}
    shipped = [path for paths in dataset.schema_files(layout).values() for path in paths] + dataset.source_files(layout)
    kept = [path for path in shipped if path.name not in names]
    # The files come first, so that none of them leans on a prefix that another file declares.
    found = _by_shapes(layout, [*files, *kept], engine)
    for file in files[1:]:
        _name_the_culprit([file])
    if files:
        before = set(_by_shapes(layout, kept, engine))
        return Report([finding for finding in found if finding not in before], Places([*files, *kept]))
    store = open_store(layout).store
    found += checks.run_checks(store, layout, checks.all_checks(layout))
    found += volumes.run_volumes(store, layout)
    found += lint.run_lint(layout)
    return Report(sorted(found), Places(shipped + shape_files(layout)))


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
    found += checks.run_checks(held, layout, checks.all_checks(layout))
    found += volumes.run_volumes(held, layout)
    found += lint.run_lint(layout)
    return Report(sorted(found), Places([]), list(said))


def _by_shapes(layout: Layout, files: Sequence[Path], engine: str) -> list[Finding]:
    try:
        return engines.check_shapes("\n".join(_as_trig(path) for path in files), shape_files(layout), engine)
    except InvalidData:
        _name_the_culprit(files)
        raise


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


def _as_trig(path: Path) -> str:
    try:
        if path.suffix in _AS_TRIG:
            refuse_bombs(path)
            return path.read_bytes().decode("utf-8")
        return (serialize(list(dataset.parse_file(path)), format=RdfFormat.TRIG) or b"").decode()
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise InvalidData(f"{path}:{line}: this is not UTF-8 text; save the file as UTF-8.") from None
    except OSError as error:
        raise CouldNotRun(f"{path} cannot be read: {error.strerror}.") from None


def _name_the_culprit(files: Sequence[Path]) -> None:
    """Raises the parse error of the first file that has one: it names the file and the line."""
    for path in files:
        for _ in dataset.parse_file(path):
            pass
