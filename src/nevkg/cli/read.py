"""``nevkg read``: proposes the rows that pages state, for a person to review."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from nevkg.ask import arguments
from nevkg.cli import Command as Verb
from nevkg.cli import common, write
from nevkg.contribute.problems import join_names
from nevkg.contribute.registry import Registry, read_schema
from nevkg.contribute.row_quotes import QuoteCheck
from nevkg.contribute.source_files import SourceFile
from nevkg.data import dataset, terms
from nevkg.data.paths import Layout
from nevkg.errors import InvalidData, NevkgError, WrongUsage
from nevkg.propose.answer import merge_rows, parse_rows
from nevkg.propose.commands import Command
from nevkg.propose.originals import find_originals
from nevkg.propose.proposals import Comparison, Proposer, Source, write_collection
from nevkg.propose.task import describe_task
from nevkg.reading.addresses import check_address, normalise_address
from nevkg.reading.archive import Archive
from nevkg.reading.documents import read_document
from nevkg.reading.pages import Page, read_page

_SHOWN = 20
_TIME_LIMIT = 120  # seconds
_SUFFIXES = frozenset({".html", ".htm", ".txt", ".md", ".pdf"})


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("places", metavar="PLACE", nargs="+", help="a saved page (HTML, PDF or text), a folder of them, or a web address")
    parser.add_argument("--output", metavar="DIR", type=Path, help="the new folder for the tables; with --again, the one to add to")
    parser.add_argument("--again", action="store_true", help="add to the folder; what it has, or a reviewer has rejected, is left out")
    parser.add_argument("--check", metavar="SOURCE", help="list what the data states by this source and its page does not mention")
    parser.add_argument("--with", dest="command", metavar="COMMAND", help="a program that proposes rows, too: a model, or anything else")
    parser.add_argument(
        "--time-limit",
        type=common.seconds,
        default=_TIME_LIMIT,
        metavar="SECONDS",
        help="time that the program of --with may take for a page (default: %(default)s)",
    )
    common.add_texts(parser, "the folder in which the pages are kept, and by which copies of them are recognised")
    parser.add_argument("--address", metavar="URL", help="the web address of the page, if it does not give it")
    parser.add_argument("--published", metavar="DAY", help="the day of the page, if it does not give it")


def _read(options: argparse.Namespace) -> int:
    layout = common.layout(options)
    places = list(dict.fromkeys(_list_pages(options.places)))
    if options.check is not None:
        return _check(layout, places, options)
    if not options.output:
        raise WrongUsage("Name the new folder for the tables with --output.")
    if options.address is not None:
        check_address(options.address)
    if len(places) > 1 and (options.address or options.published):
        raise WrongUsage("--address and --published are for one page; read the others by themselves.")
    published = (date.fromisoformat(arguments.day(options.published)),) * 2 if options.published is not None else None
    command = Command.parse(options.command, options.time_limit) if options.command is not None else None
    proposer, archive = Proposer.read(layout), Archive(options.texts)
    found: list[Source] = []
    for place in places:
        try:
            page = read_page(place)
            document = read_document(page, date.today(), proposer.words, address=options.address or "", published=published)
            if any(normalise_address(other.document.address) == normalise_address(document.address) for other in found):
                raise InvalidData(f"{place} is left out: its address, {document.address}, is that of a page above.")
            source = proposer.propose(document)
        except NevkgError as error:
            if len(places) == 1:
                raise
            common.warn(error if place in str(error) else f"{place}: {error}")
            continue
        if command:
            answer = command.run(json.dumps(describe_task(source, proposer), ensure_ascii=False).encode())
            merged = merge_rows(parse_rows(answer), source, proposer)
            write("".join(f"{place}, {remark}\n" for remark in (*merged.refused, *merged.withdrawn)).encode())
            source = merged.source
        if not source.proposals:
            common.warn(f"{place}: no row was found; it may be about others than the data is about.")
        found.append(source)
        _keep(archive, page, document.address)
    if not found:
        raise InvalidData("None of the pages can be read; nothing was written.")
    found, remarks = find_originals(found, proposer, archive)
    rows = write_collection(options.output, found, proposer.tables, again=options.again)
    pages = f"{len(found)} {'page' if len(found) == 1 else 'pages'}"
    common.report(f"{options.output}: {rows} rows from {pages}.", options)
    for remark in remarks:
        common.report(remark, options)
    if rows and not options.again:
        common.report(_compare(proposer, options.output, layout), options)
    how = "Review them" if rows or options.again else "There is nothing to import yet; to add rows yourself"
    common.report(f"{how}: nevkg review {options.output}", options)
    return 0


def _keep(archive: Archive, page: Page, address: str) -> None:
    try:
        archive.keep(page, address)
    except NevkgError as error:
        common.warn(f"The text is not kept: {error}")


def _compare(proposer: Proposer, folder: Path, layout: Layout) -> str:
    """Returns how the rows of a folder compare with the data, or what to edit before they can be imported."""
    try:
        found = proposer.compare(folder)
    except InvalidData as error:
        return f"Some rows have to be edited before they can be imported:\n{error}"
    answers = f"What they would change in the answers: nevkg import {folder} --dry-run --answers --unreviewed"
    return f"{_summarise(found, layout)}\n{answers}"


def _summarise(found: Comparison, layout: Layout) -> str:
    """Returns how many facts the data states, how many it does not, and those for which it has another value."""
    spaces = terms.prefixes(layout.ontology)
    lines = [f"Of their facts, {len(found.confirmed)} are in the data and {len(found.added)} are new."]
    if found.other:
        lines.append(f"The data has other values than these {len(found.other)}:")
        lines += ["  " + " ".join(terms.shorten(part, spaces) for part in fact) for fact in found.other[:_SHOWN]]
    if len(found.other) > _SHOWN:
        lines.append(f"  … {len(found.other) - _SHOWN} more.")
    return "\n".join(lines)


def _check(layout: Layout, places: list[str], options: argparse.Namespace) -> int:
    """Lists the statements of a source that its page does not mention; returns 1 if there are any."""
    if len(places) != 1:
        raise WrongUsage("--check is for the page of one source; name one file or address.")
    path = common.find_source_file(layout, options.check)
    slug, file = path.stem, SourceFile.of(dataset.parse_file(path))
    check = QuoteCheck(layout, Registry(layout, read_schema(layout)))
    found = list(check.find_ungrounded(file, terms.SOURCE + slug, read_page(places[0]).text))
    spaces = terms.prefixes(layout.ontology)
    for iri, missing in found:
        write(f"{terms.shorten(iri, spaces)}: {places[0]} does not mention {join_names(missing)}.\n".encode())
    statements = sum(any(quad.predicate.value == terms.NEV + "source" for quad in quads) for quads in file.about.values())
    common.report(f"{slug}: {statements} statements, {len(found)} of them not mentioned.", options)
    return 1 if found else 0


def _list_pages(places: list[str]) -> Iterator[str]:
    for place in places:
        if not place:
            raise WrongUsage("The name of a page is empty; name a file, a folder or a web address.")
        if Path(place).is_dir():
            files = sorted(path for path in Path(place).iterdir() if path.suffix.lower() in _SUFFIXES)
            if not files:
                raise WrongUsage(f"{place} contains no pages; a page is a file in HTML, PDF or text.")
            yield from map(str, files)
        else:
            yield place


COMMANDS = {"read": Verb(_add_arguments, _read)}
