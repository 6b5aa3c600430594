"""``nevkg import``, ``correct`` and ``retract``: imports a contributor's tables, and edits statements."""

from __future__ import annotations

import argparse
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from nevkg.ask import arguments
from nevkg.cli import Command, common, write
from nevkg.contribute.edits import Edits
from nevkg.contribute.importer import SHOWN, count, import_collections, summarize
from nevkg.contribute.job import ImportResult
from nevkg.contribute.problems import MOST
from nevkg.contribute.sheets import REJECTED, Row, collection_name, find_collections
from nevkg.contribute.table_format import read_format
from nevkg.contribute.templates import write_template, write_workbook
from nevkg.data.tables import write_rows
from nevkg.errors import CouldNotRun, WrongUsage
from nevkg.table.spreadsheets import guard


def _add_import_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("places", metavar="DIR", nargs="*", type=Path, help="a folder of tables, a workbook, or a folder of such folders")
    parser.add_argument(
        "--template", metavar="DIR|FILE.xlsx", type=Path, help="write empty tables with an example, or a workbook with lists of codes"
    )
    parser.add_argument("--dry-run", action="store_true", help="report what would be done, and write nothing")
    parser.add_argument(
        "--answers", action="store_true", help="with --dry-run: list the statements and answers that would change; takes about 20 seconds"
    )
    parser.add_argument("--new-terms", action="store_true", help="add codes and attributes that the format does not know to the ontology")
    parser.add_argument("--partial", action="store_true", help="import the valid rows; save the others, with reasons, in DIR.rejected")
    parser.add_argument("--replace", action="store_true", help="remove what an earlier import of DIR said and DIR no longer says")
    parser.add_argument("--unreviewed", action="store_true", help="of a folder in review, also import the rows without a decision")
    parser.add_argument("--collected", metavar="DATE", help="when the facts were collected (default: today)")
    parser.add_argument(
        "--all", action="store_true", help=f"list all warnings and all possible duplicates, not only the first {SHOWN} of each"
    )
    common.add_language(parser)


def _import_tables(options: argparse.Namespace) -> int:
    """Imports the tables and returns 0, or reports what is wrong with their rows and returns 1."""
    layout = common.layout(options, may_be_new=True)
    if options.template and options.template.suffix.lower() == ".xlsx":
        number = write_workbook(options.template, read_format(layout), layout)
        common.report(
            f"{options.template} has {number} empty tables with lists of codes; fill in sources and facts, or the others.", options
        )
        return 0
    if options.template:
        written = write_template(options.template, read_format(layout).values(), layout)
        common.report(f"{options.template} has {len(written) - 2} empty tables, FORMAT.md, and an example.", options)
        return 0
    if not options.places:
        raise WrongUsage("Name the folder that holds the tables; 'nevkg import --template DIR' writes empty ones.")
    if options.answers and not options.dry_run:
        raise WrongUsage("--answers is for --dry-run; add it, or leave --answers out.")
    if options.answers and (options.new_terms or layout.is_new):
        raise WrongUsage("--answers compares with data that has all terms; leave it out with --new-terms and for new data.")
    places = list(dict.fromkeys(found for place in options.places for found in find_collections(place)))
    twice = [name for name, times in Counter(map(collection_name, places)).items() if times > 1]
    if twice:
        raise WrongUsage(f"Two collections are called '{twice[0]}'; rename one, since their rows are distinguished by this name.")
    collected = arguments.day(options.collected) if options.collected else date.today().isoformat()
    progress = common.progress(options)
    if options.replace and options.partial:
        raise WrongUsage("--replace would also remove what rows said that --partial leaves out; correct these rows first.")
    if options.new_terms and not layout.is_checkout:
        raise WrongUsage("--new-terms changes the ontology, which an update of the package would overwrite; use it in a checkout.")
    result = import_collections(
        layout,
        places,
        collected,
        partial=options.partial,
        dry=options.dry_run,
        new_terms=options.new_terms,
        replacing=options.replace,
        unreviewed=options.unreviewed,
        progress=progress,
    )
    if result.problems:
        write("".join(f"{problem}\n" for problem in result.problems).encode())
        more = " or more" if len(result.problems) >= MOST else ""
        write(f"{count(len(result.problems), 'problem')}{more}; nothing was written.\n".encode())
        return 1
    if result.rejected and not options.dry_run:
        _save(result, places)
    if not options.quiet:
        write(summarize(result, layout, dry=options.dry_run, everything=options.all).encode())
    if options.answers and result.changed:
        from nevkg.cli.review import write_changes  # the page of the review takes long to import

        write_changes(layout, result, options)
    return 0


def _save(result: ImportResult, places: Sequence[Path]) -> None:
    """Saves invalid rows and the sources that they cite as a separate collection to correct and import, with a file of the reasons."""
    bad: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in [*result.cited, *(row for row, _ in result.rejected)]:
        bad[row.collection, row.table].append(row)
    folders = {collection_name(place): place.with_name(collection_name(place) + REJECTED) for place in places}
    try:
        for folder in folders.values():
            if folder.exists():
                shutil.rmtree(folder)
        for (collection, table), rows in bad.items():
            folders[collection].mkdir(exist_ok=True)
            cells = (map(guard, row.cells.values()) for row in rows)
            (folders[collection] / f"{table}.csv").write_bytes(write_rows([rows[0].cells, *cells]))
        for row, reason in result.rejected:
            with (folders[row.collection] / "reasons.txt").open("a", encoding="utf-8") as file:
                file.write(f"{row.file}:{row.line}: {reason}\n")
    except OSError as error:
        raise CouldNotRun(f"The bad rows cannot be saved: {error.strerror}.") from None
    for folder in sorted({folders[collection] for collection, _ in bad}):
        common.warn(f"the bad rows are in {folder}, with their reasons in reasons.txt.")


def _add_edit(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("statement", metavar="STATEMENT", help="the statement: its IRI, its short name, or only its digits")
    parser.add_argument("--because", metavar="TEXT", required=True, help="the reason, in one sentence; it is recorded")
    parser.add_argument("--day", metavar="DATE", default=arguments.TODAY, help="the day of the edit (default: today)")


def _edit(options: argparse.Namespace, change: Callable[[Edits], str]) -> int:
    """Makes a change, which needs a reason, and reports what was done."""
    if not options.because.strip():
        raise WrongUsage("--because: the reason is missing; it is recorded with the edit.")
    edits = Edits(common.layout(options), day=arguments.day(options.day))
    done = change(edits)
    edits.finish()
    common.report(done, options)
    return 0


def _add_correct_arguments(parser: argparse.ArgumentParser) -> None:
    _add_edit(parser)
    parser.add_argument("pairs", metavar="field=value", nargs="+", help="fields and their right values; nothing after = removes the field")


def _correct(options: argparse.Namespace) -> int:
    return _edit(options, lambda edits: edits.correct(options.statement, arguments.split(options.pairs), options.because))


def _retract(options: argparse.Namespace) -> int:
    return _edit(options, lambda edits: edits.retract(options.statement, options.because))


COMMANDS = {
    "import": Command(_add_import_arguments, _import_tables),
    "retract": Command(_add_edit, _retract),
    "correct": Command(_add_correct_arguments, _correct),
}
