"""``nevkg evidence``: checks the passages of a source against its text, and derives the IRIs of statements from their content."""

from __future__ import annotations

import argparse
from pathlib import Path

from pyoxigraph import NamedNode

from nevkg.cli import Command, common
from nevkg.data import dataset, statement_ids, terms
from nevkg.data.paths import Layout
from nevkg.data.rdf import serialise
from nevkg.errors import CouldNotRun, InvalidData, WrongUsage

_DIGEST = NamedNode(terms.NEV + "sha256")


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=["check", "name"], help="check FILE (a text) or name the statements of FILE (TriG)")
    parser.add_argument("file", metavar="FILE", help="the text of a source, or a source file to rewrite")
    parser.add_argument("--source", metavar="SLUG", help="the source whose text FILE is (default: found by its digest)")


def _run(options: argparse.Namespace) -> int:
    """Prints one line on success; reports all passages that do not match on failure."""
    layout = common.layout(options)
    path = Path(options.file)
    message = _check(layout, path, options.source) if options.action == "check" else _name(layout, path)
    common.report(message, options)
    return 0


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise CouldNotRun(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        raise InvalidData(f"{path} is not UTF-8 text (byte {error.start}).") from None


def _check(layout: Layout, path: Path, slug: str | None) -> str:
    text = _text(path)
    found = statement_ids.sha256(text)
    recorded: dict[str, tuple[Path, str]] = {}
    for file in dataset.source_files(layout):
        for quad in dataset.parse_file(file):
            if quad.predicate == _DIGEST and terms.text(quad.subject).startswith(terms.SOURCE):
                recorded[terms.text(quad.subject).removeprefix(terms.SOURCE)] = (file, terms.text(quad.object))
    if slug is None:
        slug = next((name for name, (_, digest) in recorded.items() if digest == found), None)
        if slug is None:
            raise InvalidData(
                f"{path} is not the text of any source with selectors (its SHA-256 is {found}); those are {', '.join(recorded) or 'none'}."
            )
    elif slug not in recorded:
        raise WrongUsage(f"No source '{slug}' has a digest of its text.{terms.suggest(slug, list(recorded))}")
    file, digest = recorded[slug]
    passages = statement_ids.read_passages(dataset.parse_file(file))
    problems = [problem for passage in passages if (problem := passage.problem(text))]
    if digest != found:
        problems.insert(0, f"{path} has the SHA-256 {found}, but {slug} was read from a text with {digest}.")
    if problems:
        raise InvalidData("\n".join(problems))
    return f"{slug}: the text and its {len(passages)} passages are as recorded."


def _name(layout: Layout, path: Path) -> str:
    """Rewrites a source file in canonical form, with the IRI of each statement derived from its content; atomically."""
    schema = [quad for file in sorted(layout.ontology.glob("modules/*.ttl")) for quad in dataset.parse_file(file)]
    if path.suffix != ".trig":
        raise WrongUsage(f"{path} is not a source file; those end in .trig.")
    quads = list(dataset.parse_file(path))
    names = statement_ids.name_statements(quads, statement_ids.identifying_properties(schema))
    content = serialise(statement_ids.rename(quads, names), "trig", terms.prefixes(layout.ontology))
    draft = path.with_name(f".{path.name}.new")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise CouldNotRun(f"{path} cannot be written: {error.strerror}.") from None
    changed = sum(old != new for old, new in names.items())
    return f"{path}: {len(names)} statements, {changed} renamed."


COMMANDS = {
    "evidence": Command(_add_arguments, _run),
}
