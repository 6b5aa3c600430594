"""``nevkg evidence``: checks the passages of sources against their texts, adds quotes, and derives the IRIs of statements."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path

from pyoxigraph import NamedNode

from nevkg.cli import Command, common
from nevkg.data import dataset, statement_ids, terms
from nevkg.data.atomic import replace_file
from nevkg.data.paths import Layout
from nevkg.data.rdf import serialise
from nevkg.errors import CouldNotRun, InvalidData, WrongUsage
from nevkg.reading.pages import read_page
from nevkg.reading.passages import read_passages
from nevkg.reading.quotes import normalise

_USAGE = {"check": ("SOURCE", "FILE|URL"), "add": ("FILE",), "name": ("FILE",)}


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "action", choices=list(_USAGE), help="check the passages of a source, add quotes to statements, or name the statements of a file"
    )
    parser.add_argument(
        "places",
        nargs="+",
        metavar="PLACE",
        help="check: SOURCE, then FILE or URL of its page; add: a table with the columns statement and quote; name: a TriG file to rewrite",
    )


def _run(options: argparse.Namespace) -> int:
    """Prints one line on success; reports all passages that are not in the page on failure."""
    layout = common.layout(options)
    usage = _USAGE[options.action]
    if len(options.places) != len(usage):
        raise WrongUsage(f"Give nevkg evidence {options.action} {' '.join(usage)}.")
    actions: dict[str, Callable[..., str]] = {"check": _check, "add": _add, "name": _name}
    common.report(actions[options.action](layout, *options.places), options)
    return 0


def _check(layout: Layout, name: str, place: str) -> str:
    slug = name.removeprefix("source:").removeprefix(terms.SOURCE)
    files = {path.stem: path for path in dataset.source_files(layout)}
    if slug not in files:
        raise WrongUsage(f"There is no source '{slug}'.{terms.suggest(slug, list(files))}")
    quads = list(dataset.parse_file(files[slug]))
    passages = read_passages(quads)
    if not passages:
        raise InvalidData(f"{slug} has no passages; import its rows with the column 'quote'.")
    page = normalise(read_page(place).text)
    lost = [passage for passage in passages if not any(passage.quote.find(page))]
    if lost:
        resting = {passage.iri: sum(quad.object == NamedNode(passage.iri) for quad in quads) for passage in lost}
        lines = [f"{place} lacks the words of {passage.iri} (statements: {resting[passage.iri]})." for passage in lost]
        raise InvalidData("\n".join(lines))
    return f"{slug}: {place} contains the words of all {len(passages)} passages."


def _add(layout: Layout, place: str) -> str:
    """Adds the quotes of a table to the statements that it names; what a quote does not mention is a warning."""
    from nevkg.contribute.quote_table import add_quotes  # the checks of quotes take long to import

    number, doubts = add_quotes(layout, Path(place), date.today().isoformat())
    for doubt in doubts:
        common.warn(str(doubt))
    return f"{place}: {number} statements have quotes; {len({doubt.line for doubt in doubts})} of them are not mentioned in full."


def _name(layout: Layout, place: str) -> str:
    """Rewrites a source file in canonical form, with the IRI of each statement derived from its content; atomically."""
    path = Path(place)
    schema = [quad for file in sorted(layout.ontology.glob("modules/*.ttl")) for quad in dataset.parse_file(file)]
    if path.suffix != ".trig":
        raise WrongUsage(f"{path} is not a source file; those end in .trig.")
    quads = list(dataset.parse_file(path))
    names = statement_ids.name_statements(quads, statement_ids.identifying_properties(schema))
    content = serialise(statement_ids.rename(quads, names), "trig", terms.prefixes(layout.ontology))
    try:
        replace_file(path, content)
    except OSError as error:
        raise CouldNotRun(f"{path} cannot be written: {error.strerror}.") from None
    changed = sum(old != new for old, new in names.items())
    return f"{path}: {len(names)} statements, {changed} renamed."


COMMANDS = {
    "evidence": Command(_add_arguments, _run),
}
