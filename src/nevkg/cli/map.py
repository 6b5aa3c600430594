"""``nevkg map``: draws the answer of a question as a map, for papers and the browser."""

from __future__ import annotations

import argparse
from pathlib import Path

from nevkg.ask import arguments
from nevkg.ask.answer import ask
from nevkg.ask.catalogue import load_catalogue
from nevkg.cli import common, write
from nevkg.errors import WrongUsage
from nevkg.table.table import save


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of the verb."""
    from nevkg.map.picture import FORMATS

    parser.add_argument(
        "question", metavar="QUESTION", nargs="?", help="the name of a question with places; omit it to list all such questions"
    )
    parser.add_argument("pairs", metavar="name=value", nargs="*", help="parameters, as for ask")
    common.add_store(parser)
    common.add_language(parser)
    parser.add_argument("--all", action="store_true", dest="every", help="draw all statuses, not only those that the explorer begins with")
    parser.add_argument("--format", choices=FORMATS, help="default: that of the name of the file, or svg")
    parser.add_argument("--output", metavar="PATH", help="the file to write (default: standard output)")


def run(options: argparse.Namespace) -> int:
    """Draws the map."""
    from nevkg.map.picture import draw_map

    catalogue = load_catalogue(common.layout(options))
    drawable = {name: question for name, question in sorted(catalogue.questions.items()) if "place" in question.show}
    if options.question is None:
        width = max(map(len, drawable), default=0) + 2
        write("".join(f"{name:<{width}}{question.title[options.lang]}\n" for name, question in drawable.items()).encode())
        return 0
    question = catalogue[options.question]
    if question.name not in drawable:
        raise WrongUsage(
            f"The question '{question.name}' has no column with places, so there is no map of it; choose from {', '.join(drawable)}."
        )
    suffix = Path(options.output).suffix.removeprefix(".").lower() if options.output else ""
    format_name = options.format or suffix or "svg"
    if options.output is None and format_name == "png" and common.is_terminal_output():
        raise WrongUsage("png cannot be printed to a terminal; name a file with --output.")
    store = common.open_for(options)
    common.exit_on_interrupt()
    answer = ask(store, question, arguments.split(options.pairs), as_of=options.as_of, language=options.lang)
    common.warn_of_the_future(store, answer.as_of)
    content = draw_map(answer, format_name, every=options.every)
    if options.output is None:
        write(content)
    else:
        save(content, options.output)
    return 0
