"""``nevkg ask``: a question of the catalogue, answered."""

from __future__ import annotations

import argparse
import sys

from nevkg import formats
from nevkg.answer import ask
from nevkg.cli import common, write
from nevkg.errors import WrongUsage
from nevkg.questions import load_catalogue


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words that the verb understands."""
    parser.add_argument("question", metavar="QUESTION", help="the name of a question, such as local-manufacturers")
    parser.add_argument("pairs", metavar="name=value", nargs="*", help="parameters; repeat a name for several values; name=* for any")
    parser.add_argument("--as-of", metavar="DATE", help="the day that the answer is for (default: the date of the dataset)")
    common.add_known_by(parser)
    parser.add_argument("--format", choices=list(formats.FORMATS), help="default: table on a terminal, csv when piped")
    common.add_language(parser)
    parser.add_argument("--cite", action="store_true", help="end with version, date, question and sources, ready for a paper")


def run(options: argparse.Namespace) -> int:
    """Prints the answer; a citation goes to standard error where it would spoil a format for programs."""
    catalogue = load_catalogue(common.layout(options))
    for problem in () if options.quiet else catalogue.problems:
        print(f"nevkg: warning: {problem}", file=sys.stderr)
    question = catalogue[options.question]
    format_name = options.format or ("table" if common.is_for_a_person() else "csv")
    if format_name in formats.BINARY and common.is_for_a_person():
        raise WrongUsage(f"{format_name} is not for a terminal; send it to a file with '> answer.{format_name}'.")
    store = common.open_for(options)
    common.let_interrupt()
    answer = ask(store, question, options.pairs, as_of=options.as_of, language=options.lang)
    for_reading = format_name in formats.FOR_READING
    if format_name == "table" and not options.quiet:
        write(f"{question.title[options.lang]}\n\n".encode())
    write(formats.FORMATS[format_name](answer))
    if format_name == "table" and not options.quiet:
        write(f"\n{_summary(len(answer.rows), answer.as_of, options.lang)}\n".encode())
    if options.cite:
        citation = formats.citation(answer, common.version(store))
        if for_reading:
            write(f"\n{citation}".encode())
        else:
            print(citation, file=sys.stderr, end="")
    return 0


def _summary(count: int, as_of: str, language: str) -> str:
    if language == "zh":
        return f"{count}行，截至{as_of}。"
    return f"{count} row{'' if count == 1 else 's'}, as of {as_of}."
