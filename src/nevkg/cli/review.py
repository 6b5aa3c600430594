"""``nevkg review``: decides on the rows of a collection beside their texts, and imports what is accepted."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

from nevkg.cli import Command, common, write
from nevkg.cli.serve import port
from nevkg.contribute.job import ImportResult
from nevkg.contribute.table_format import read_format
from nevkg.data.paths import Layout
from nevkg.data.terms import LANGUAGES
from nevkg.errors import WrongUsage, needs_extra
from nevkg.review.review import Review


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "folder", metavar="DIR", type=Path, help="a folder that nevkg read has written: tables, and the texts that they quote"
    )
    parser.add_argument("--port", type=port, default=0, help="the port of the page (default: any free one)")
    parser.add_argument(
        "--finish", action="store_true", help="show what an import of the accepted rows would change, and import them if you agree"
    )
    parser.add_argument("--yes", action="store_true", help="with --finish: import without asking")
    common.add_language(parser)


def _review(options: argparse.Namespace) -> int:
    layout = common.layout(options)
    if options.yes and not options.finish:
        raise WrongUsage("--yes is for --finish; add it, or leave --yes out.")
    if not options.folder.is_dir():
        raise WrongUsage(f"{options.folder} is not a folder; name one that nevkg read has written.")
    review = Review(options.folder, read_format(layout))
    review.begin()
    return _finish(layout, options) if options.finish else _serve(layout, review, options)


def _serve(layout: Layout, review: Review, options: argparse.Namespace) -> int:
    with needs_extra("serve"):
        from nevkg.review.server import ReviewServer, serve

    # Without --lang the page has the language of the browser.
    asked = "" if options.lang == LANGUAGES[0] else f"?lang={options.lang}"

    def ready(address: str) -> None:
        write(f"Open this page; its address is secret: {address}{asked}\nEach step is saved. Ctrl-C stops it.\n".encode())

    serve(ReviewServer(layout, review, date.today().isoformat()), options.port, ready)
    return 0


def _finish(layout: Layout, options: argparse.Namespace) -> int:
    """Imports the accepted rows after a preview; returns 1 if they have errors."""
    from nevkg.review import outcome

    today, progress = date.today().isoformat(), common.progress(options)
    result = outcome.run_import(layout, options.folder, today, dry=True, progress=progress)
    write(outcome.report(result, layout, dry=True).encode())
    if result.problems:
        return 1
    if not result.changed:
        return 0
    write_changes(layout, result, options)
    if not options.yes and not _agrees():
        write(b"Nothing was written.\n")
        return 0
    write(outcome.report(outcome.run_import(layout, options.folder, today, dry=False, progress=progress), layout, dry=False).encode())
    return 0


def write_changes(layout: Layout, result: ImportResult, options: argparse.Namespace) -> None:
    """Prints the statements, entities and answers that the result of a dry run would change."""
    from nevkg.review import outcome

    common.report("Comparing answers before and after; this takes about 20 seconds ...", options)
    facts, answers = outcome.compare(layout, result.changed, options.lang)
    for title, lines in (("Statements and entities", facts), ("Answers", answers)):
        write("".join(f"{line}\n" for line in ("", title, *(f"  {line}" for line in lines or ["no change"]))).encode())


def _agrees() -> bool:
    """Whether the user agrees to the import; without a terminal, they cannot."""
    if not sys.stdin.isatty():
        common.warn("add --yes to import without a terminal.")
        return False
    write(b"\nImport? [y/N] ")
    return sys.stdin.readline().strip().casefold() in ("y", "yes")


COMMANDS = {"review": Command(_add_arguments, _review)}
