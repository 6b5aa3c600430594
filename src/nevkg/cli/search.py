"""``nevkg search``: things by name."""

from __future__ import annotations

import argparse
import json

from nevkg import arguments, days, entities, terminal, terms
from nevkg.cli import common, write
from nevkg.errors import WrongUsage
from nevkg.search import kinds, search
from nevkg.terminal import Cells


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words that the verb understands."""
    parser.add_argument("text", metavar="TEXT", nargs="+", help="a name or part of one, an alias or an identifier, in any language")
    parser.add_argument("--limit", type=int, default=20, metavar="N", help="at most so many (default: %(default)s)")
    parser.add_argument("--format", choices=["table", "json"], help="default: table")
    common.add_store(parser)
    common.add_language(parser)


def run(options: argparse.Namespace) -> int:
    """Prints the things found, best first."""
    text = " ".join(options.text)
    if options.limit < 1:
        raise WrongUsage(f"--limit: {options.limit} is not a number above 0.")
    record = common.open_for(options)
    day = arguments.day(options.as_of) if options.as_of else None
    store = days.view(record, day)
    hits = search(store, text, options.limit)
    labels = entities.labels(store, {hit.iri for hit in hits}, options.lang)
    of = kinds(store, [hit.iri for hit in hits], options.lang)
    spaces = entities.namespaces(store)
    if options.format == "json":
        records = [{"iri": hit.iri, "label": labels.get(hit.iri), "kinds": of.get(hit.iri, []), "matched": hit.name} for hit in hits]
        write((json.dumps(records, ensure_ascii=False, indent=2) + "\n").encode())
        return 0
    if not hits:
        write(f"Nothing is called like '{text}'.\n".encode())
        return 0
    rows = [[terms.shorten(hit.iri, spaces), labels.get(hit.iri, ""), ", ".join(of.get(hit.iri, [])), hit.name] for hit in hits]
    common.show(
        terminal.render_table(Cells(["thing", "label", "kind", "matched"], rows), terminal.width(), styled=terminal.is_styled()).encode()
    )
    return 0
