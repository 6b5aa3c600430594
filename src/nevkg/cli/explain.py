"""``nevkg explain``: shows the facts, statements and sources behind a row of an answer, as a tree."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from nevkg.ask import arguments
from nevkg.ask.answer import ask
from nevkg.ask.catalogue import load_catalogue
from nevkg.ask.solutions import select
from nevkg.cli import common
from nevkg.errors import WrongUsage
from nevkg.lookup.entities import report_address
from nevkg.store import Store
from nevkg.table.table import Table


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of the verb."""
    parser.add_argument(
        "words", metavar="QUESTION|FILE", nargs="*", help="a question, and its parameters as name=value; or a file with a query"
    )
    parser.add_argument("-e", dest="text", metavar="SPARQL", help="the query itself")
    parser.add_argument("--row", type=common.positive, default=1, metavar="N", help="which row, counted from 1 (default: %(default)s)")
    parser.add_argument("--column", metavar="NAME", help="only this cell of the row")
    common.add_store(parser)
    common.add_language(parser)
    common.add_reliable(parser)
    parser.add_argument("--format", choices=["text", "json"], default="text", help="default: %(default)s")
    common.add_ids(parser)


def run(options: argparse.Namespace) -> int:
    """Prints the tree."""
    store = common.open_for(options)
    common.exit_on_interrupt()
    found = common.restrict(_answer(store, options), options).explain(options.row - 1, options.column)
    if options.format == "json":
        text = json.dumps(found.to_dict(), ensure_ascii=False, indent=2)
    else:
        text = found.with_ids(report_address(store)) if options.ids else str(found)
    common.show(f"{text}\n".encode())
    return 0


def _answer(store: Store, options: argparse.Namespace) -> Table:
    """Returns the answer that has the row."""
    names, pairs = ([word for word in options.words if ("=" in word) == is_pair] for is_pair in (False, True))
    if len(names) + (options.text is not None) != 1:
        raise WrongUsage("Give exactly one of these to explain: a QUESTION, a FILE with a query, or -e with the query itself.")
    if names and not (names[0] == "-" or Path(names[0]).is_file()):
        question = load_catalogue(store.layout)[names[0]]
        return ask(store, question, arguments.split(pairs), as_of=options.as_of, language=options.lang)
    if pairs:
        raise WrongUsage(f"'{pairs[0]}' is a parameter, but only questions have parameters; write the value into the query.")
    return select(store, common.read_text(names[0]) if names else options.text, options.as_of, options.lang)
