"""``nevkg ask``: a question of the catalogue, answered."""

from __future__ import annotations

import argparse
import sys

from nevkg import arguments
from nevkg.answer import Answer, ask
from nevkg.cli import common
from nevkg.errors import WrongUsage
from nevkg.questions import Catalogue, Question, load_catalogue


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words that the verb understands."""
    parser.add_argument("question", metavar="QUESTION", help="the name of a question, such as local-manufacturers")
    parser.add_argument("pairs", metavar="name=value", nargs="*", help="parameters; repeat a name for several values; name=* for any")
    common.add_store(parser)
    common.add_language(parser)
    common.add_format(parser)
    parser.epilog = "Example: nevkg ask local-manufacturers country=UK maker='Great Wall'."


def run(options: argparse.Namespace) -> int:
    """Prints the answer."""
    catalogue = load_catalogue(common.layout(options))
    for problem in () if options.quiet else catalogue.problems:
        print(f"nevkg: warning: {problem}", file=sys.stderr)
    question = _question(catalogue, options.question)
    store = common.open_for(options)
    common.let_interrupt()
    answer = ask(store, question, arguments.split(options.pairs), as_of=options.as_of, language=options.lang)
    common.warn_of_the_future(store, answer.as_of)
    common.print_table(answer, options, title=answer.title, summary=_summary(answer))
    return 0


def _question(catalogue: Catalogue, name: str) -> Question:
    try:
        return catalogue[name]
    except WrongUsage as error:
        fitting = f"'nevkg questions {name}' lists what fits" if catalogue.rank(name) else "'nevkg questions' lists all"
        raise WrongUsage(f"{error} {fitting}.") from None


def _summary(answer: Answer) -> str:
    """How many rows there are, for which day, and how well they are supported."""
    if answer.language == "zh":
        return f"{len(answer)}行，截至{answer.as_of}。{answer.support.text if answer.support else ''}"
    counted = f"{len(answer)} row{'' if len(answer) == 1 else 's'}, as of {answer.as_of}."
    return f"{counted} {answer.support.text}" if answer.support else counted
