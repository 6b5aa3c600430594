"""``nevkg evidence``: checks passages against the text of a page, keeps the text, adds quotes, and derives the IRIs of statements."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from pyoxigraph import NamedNode

from nevkg.cli import Command, common
from nevkg.data import dataset, statement_ids, terms
from nevkg.data.atomic import replace_file
from nevkg.data.paths import Layout, writing
from nevkg.data.rdf import serialise
from nevkg.errors import InvalidData, WrongUsage
from nevkg.reading.archive import Archive
from nevkg.reading.pages import Page, read_page
from nevkg.reading.quotes import Passage, normalise, read_passages

_USAGE = {"check": ("SOURCE", "FILE|URL"), "keep": ("SOURCE", "FILE|URL"), "add": ("FILE",), "name": ("FILE",)}
_PLACES = "SOURCE, then FILE or URL of its page; add: a table with the columns statement and quote; name: a TriG file to rewrite"


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "action",
        choices=list(_USAGE),
        help="check the passages of a source, keep the text of its page, add quotes to statements, or name the statements of a file",
    )
    parser.add_argument("places", nargs="+", metavar="PLACE", help=f"check and keep: {_PLACES}")
    common.add_texts(parser, "keep: the folder for texts of pages")


def _run(options: argparse.Namespace) -> int:
    """Prints one line on success; reports all passages that are not in the page on failure."""
    layout = common.layout(options)
    if len(options.places) != len(_USAGE[options.action]):
        raise WrongUsage(f"Give nevkg evidence {options.action} {' '.join(_USAGE[options.action])}.")
    if options.action in ("add", "name"):
        message = (_add if options.action == "add" else _name)(layout, Path(*options.places))
    else:
        source, place = options.places
        file = common.find_source_file(layout, source)
        message = _check(file, place) if options.action == "check" else _keep(file, place, Archive(options.texts))
    common.report(message, options)
    return 0


def _keep(file: Path, place: str, archive: Archive) -> str:
    quads = list(dataset.parse_file(file))
    source, address = NamedNode(terms.SOURCE + file.stem), NamedNode(terms.NEV + "address")
    addresses = [terms.text(quad.object) for quad in quads if (quad.subject, quad.predicate) == (source, address)]
    if not addresses:
        raise InvalidData(f"{file.stem} has no address, by which its text would be found; add it to {file}.")
    page = read_page(place)
    for address_of_source in addresses:
        archive.keep(page, address_of_source)
    passages = read_passages(quads)
    if lost := _find_lost(passages, page):
        common.warn(f"{place} lacks the words of {len(lost)} of the {len(passages)} passages of {file.stem}; is it the right page?")
    return f"{file.stem}: the text of {place} is kept in {archive.folder}."


def _check(file: Path, place: str) -> str:
    quads = list(dataset.parse_file(file))
    passages = read_passages(quads)
    if not passages:
        raise InvalidData(f"{file.stem} has no passages; import its rows with the column 'quote'.")
    if lost := _find_lost(passages, read_page(place)):
        resting = {passage.iri: sum(quad.object == NamedNode(passage.iri) for quad in quads) for passage in lost}
        lines = [f"{place} lacks the words of {passage.iri} (statements: {resting[passage.iri]})." for passage in lost]
        raise InvalidData("\n".join(lines))
    return f"{file.stem}: {place} contains the words of all {len(passages)} passages."


def _find_lost(passages: Iterable[Passage], page: Page) -> list[Passage]:
    """Returns the passages whose words a page does not have."""
    text = normalise(page.text)
    return [passage for passage in passages if not any(passage.quote.find(text))]


def _add(layout: Layout, table: Path) -> str:
    """Adds the quotes of a table to the statements that it names; what a quote does not mention is a warning."""
    from nevkg.contribute.edits import add_quotes  # the checks of quotes take long to import

    number, doubts = add_quotes(layout, table, date.today().isoformat())
    for doubt in doubts:
        common.warn(str(doubt))
    return f"{table}: {number} statements have quotes; {len({doubt.line for doubt in doubts})} of them are not mentioned in full."


def _name(layout: Layout, path: Path) -> str:
    """Rewrites a source file in canonical form, with the IRI of each statement derived from its content; atomically."""
    schema = [quad for file in sorted(layout.ontology.glob("modules/*.ttl")) for quad in dataset.parse_file(file)]
    if path.suffix != ".trig":
        raise WrongUsage(f"{path} is not a source file; those end in .trig.")
    quads = list(dataset.parse_file(path))
    names = statement_ids.name_statements(quads, statement_ids.identifying_properties(schema))
    content = serialise(statement_ids.rename(quads, names), "trig", terms.prefixes(layout.ontology))
    with writing(path):
        replace_file(path, content)
    changed = sum(old != new for old, new in names.items())
    return f"{path}: {len(names)} statements, {changed} renamed."


COMMANDS = {"evidence": Command(_add_arguments, _run)}
