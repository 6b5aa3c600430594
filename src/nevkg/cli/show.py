"""``nevkg show`` and ``search``: shows an entity and what each source says about it; finds entities, questions, topics and stories."""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from nevkg.ask import arguments, profile
from nevkg.ask.catalogue import load_catalogue
from nevkg.ask.discovery import ENTITY, KINDS, QUESTION, Match, discover
from nevkg.cli import Command, common, write
from nevkg.data import terms
from nevkg.errors import WrongUsage
from nevkg.lookup import entities
from nevkg.table import terminal
from nevkg.table.terminal import Cells


def _add_show_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("entity", metavar="ENTITY", help="a slug, a prefixed name, an IRI, or a label")
    common.add_clocks(parser, "show only the history that held on this day (default: all of it)")
    common.add_place(parser)
    common.add_language(parser)
    parser.add_argument("--format", choices=["text", "json", "md", "html", "turtle"], default="text", help="default: %(default)s")
    common.add_ids(parser)


def _show(options: argparse.Namespace) -> int:
    """Prints labels, history and statements, with numbered sources."""
    store = common.open_for(options)
    iri = entities.resolve(store, options.entity)
    day = arguments.day(options.as_of) if options.as_of else None
    if options.format == "turtle":
        from nevkg.data.rdf import serialise

        common.show(serialise(profile.triples(store, iri, day), "turtle", entities.namespaces(store)))
        return 0
    found = profile.gather(store, iri, options.lang, day)
    if options.format == "json":
        common.show(common.to_json(found))
    else:
        common.show(profile.portray(found, options.format, entities.report_address(store) if options.ids else None).encode())
    return 0


def _add_search_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "text",
        metavar="TEXT",
        nargs="+",
        help="a name or part of one, words, or a sentence such as 'who builds in Thailand', in any language",
    )
    parser.add_argument("--limit", type=int, default=20, metavar="N", help="maximum number of results (default: %(default)s)")
    parser.add_argument("--format", choices=["table", "json"], help="default: table")
    common.add_store(parser)
    common.add_language(parser)


def _search(options: argparse.Namespace) -> int:
    """Prints the entities, questions, topics and stories that match, best first."""
    text = " ".join(options.text)
    if options.limit < 1:
        raise WrongUsage(f"--limit: {options.limit} is not a number above 0.")
    record = common.open_for(options)
    day = arguments.day(options.as_of) if options.as_of else None
    catalogue = load_catalogue(common.layout(options))
    found = discover(record, catalogue, text, options.limit, options.lang, day)
    if options.format == "json":
        write(common.to_json([_describe(hit, options.lang) for hit in found]))
        return 0
    if not found:
        write(f"Nothing matches '{text}'.\n".encode())
        return 0
    rows = [[_name(hit), hit.label, ", ".join(_kinds(hit, options.lang)), hit.answer or hit.matched] for hit in found]
    heads = ["thing", "label", "kind", "match"]
    common.show(terminal.render_table(Cells(heads, rows), terminal.width(), styled=terminal.is_styled()).encode())
    return 0


def _describe(match: Match, language: str) -> dict[str, object]:
    iri = match.name if match.kind == ENTITY else terms.QUESTION + match.name if match.kind == QUESTION else None
    return {
        "iri": iri,
        "name": match.short,
        "label": match.label,
        "kinds": _kinds(match, language),
        "matched": match.matched,
        "parameters": match.given("asOf"),
        "answer": match.answer,
    }


def _name(match: Match) -> str:
    """Returns the name of an entity, or what to write after *ask* for a question with these filters."""
    given = [f"{name}={value}" for name, values in match.parameters.items() for value in values]
    day = [f"--as-of {match.as_of}"] if match.as_of else []
    return match.short if match.kind == ENTITY else " ".join([f"{match.kind}:{match.name}", *given, *day])


def _kinds(match: Match, language: str) -> Sequence[str]:
    return match.classes if match.kind == ENTITY else [KINDS[match.kind][language]]


COMMANDS = {
    "show": Command(_add_show_arguments, _show),
    "search": Command(_add_search_arguments, _search),
}
