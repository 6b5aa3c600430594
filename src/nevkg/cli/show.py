"""``nevkg show``: shows an entity and what each source says about it."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from nevkg.ask import arguments, dossier
from nevkg.cli import common
from nevkg.lookup import entities


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of the verb."""
    parser.add_argument("entity", metavar="ENTITY", help="a slug, a prefixed name, an IRI, or a label")
    common.add_clocks(parser, "show only the history that held on this day (default: all of it)")
    common.add_place(parser)
    common.add_language(parser)
    parser.add_argument("--format", choices=["text", "json", "md", "html", "turtle"], default="text", help="default: %(default)s")
    common.add_ids(parser)


def run(options: argparse.Namespace) -> int:
    """Prints labels, history and statements, with numbered sources."""
    store = common.open_for(options)
    iri = entities.resolve(store, options.entity)
    day = arguments.day(options.as_of) if options.as_of else None
    if options.format == "turtle":
        from nevkg.data.serialise import serialise

        common.show(serialise(dossier.triples(store, iri, day), "turtle", entities.namespaces(store)))
        return 0
    found = dossier.gather(store, iri, options.lang, day)
    if options.format == "json":
        common.show((json.dumps(asdict(found), ensure_ascii=False, indent=2) + "\n").encode())
    else:
        from nevkg.ask.portrait import portray

        common.show(portray(found, options.format, entities.report_address(store) if options.ids else None).encode())
    return 0
