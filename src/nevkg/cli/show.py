"""``nevkg show`` and ``search``: shows an entity and what each source says about it; finds entities by name, and questions."""

from __future__ import annotations

import argparse

from nevkg.ask import arguments, days, profile
from nevkg.ask.catalogue import load_catalogue
from nevkg.cli import Command, common, write
from nevkg.data import terms
from nevkg.errors import WrongUsage
from nevkg.lookup import entities
from nevkg.lookup.search import find_kinds, search
from nevkg.table import terminal
from nevkg.table.terminal import Cells

# At most one in this number of rows is a question.
_SHARE_OF_QUESTIONS = 4
_KIND = {"en": "question", "zh": "问题"}


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
        from nevkg.ask.profile import portray

        common.show(portray(found, options.format, entities.report_address(store) if options.ids else None).encode())
    return 0


def _add_search_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("text", metavar="TEXT", nargs="+", help="a name or part of one, an alias or an identifier, in any language")
    parser.add_argument("--limit", type=int, default=20, metavar="N", help="maximum number of results (default: %(default)s)")
    parser.add_argument("--format", choices=["table", "json"], help="default: table")
    common.add_store(parser)
    common.add_language(parser)


def _search(options: argparse.Namespace) -> int:
    """Prints the matching entities, best first, and then the questions."""
    text = " ".join(options.text)
    if options.limit < 1:
        raise WrongUsage(f"--limit: {options.limit} is not a number above 0.")
    record = common.open_for(options)
    day = arguments.day(options.as_of) if options.as_of else None
    store = days.view(record, day)
    questions = load_catalogue(common.layout(options)).rank(text)[: options.limit // _SHARE_OF_QUESTIONS]
    hits = search(store, text, options.limit - len(questions))
    labels = entities.labels(store, {hit.iri for hit in hits}, options.lang)
    of = find_kinds(store, [hit.iri for hit in hits], options.lang)
    spaces = entities.namespaces(store)
    if options.format == "json":
        records = [{"iri": hit.iri, "label": labels.get(hit.iri), "kinds": of.get(hit.iri, []), "matched": hit.name} for hit in hits]
        records += [
            {
                "iri": terms.QUESTION + question.name,
                "label": question.title[options.lang],
                "kinds": [_KIND[options.lang]],
                "matched": question.name,
            }
            for question in questions
        ]
        write(common.to_json(records))
        return 0
    if not hits and not questions:
        write(f"No entity or question matches '{text}'.\n".encode())
        return 0
    rows = [[terms.shorten(hit.iri, spaces), labels.get(hit.iri, ""), ", ".join(of.get(hit.iri, [])), hit.name] for hit in hits]
    rows += [[f"question:{question.name}", question.title[options.lang], _KIND[options.lang], question.name] for question in questions]
    common.show(
        terminal.render_table(Cells(["thing", "label", "kind", "matched"], rows), terminal.width(), styled=terminal.is_styled()).encode()
    )
    return 0


COMMANDS = {
    "show": Command(_add_show_arguments, _show),
    "search": Command(_add_search_arguments, _search),
}
