"""``nevkg ask``, ``explain`` and ``map``: answers, what their rows rest on, and maps of them."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path

from nevkg.ask import arguments
from nevkg.ask.answer import Answer, ask
from nevkg.ask.catalogue import Catalogue, Question, load_catalogue
from nevkg.ask.solutions import select
from nevkg.cli import Command, common, write
from nevkg.errors import WrongUsage
from nevkg.lookup.entities import report_address
from nevkg.store import Store
from nevkg.table import terminal
from nevkg.table.listings import heading
from nevkg.table.table import Table, save
from nevkg.table.values import find_things
from nevkg.words import words_of

# The heading lists the entities of the first column only up to this number.
_MOST_NAMED = 30
_WORDS = words_of("cli.answers")


def _add_ask_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("question", metavar="QUESTION", help="the name of a question, such as local-manufacturers")
    parser.add_argument("pairs", metavar="name=value", nargs="*", help="parameters; repeat a name for several values; name=* for any")
    common.add_store(parser)
    common.add_language(parser)
    common.add_format(parser)
    parser.add_argument("--limit", type=common.positive, metavar="N", help="print the first N rows")


def _ask(options: argparse.Namespace) -> int:
    catalogue = common.open_catalogue(options)
    question = _question(catalogue, options.question)
    answer = _answer_question(question, options)
    shown = answer.page(0, options.limit) if options.limit else answer
    common.print_table(shown, options, heading=partial(_heading, answer), summary=partial(_summary, answer, len(shown)))
    return 0


def _answer_question(question: Question, options: argparse.Namespace) -> Answer:
    """Answers the question with the parameters, on the day and in the language that the options give."""
    store = common.open_for(options)
    common.exit_on_interrupt()
    answer = ask(store, question, arguments.split(options.pairs), as_of=options.as_of, language=options.lang)
    common.warn_of_the_future(store, answer.as_of)
    return answer


def _question(catalogue: Catalogue, name: str) -> Question:
    try:
        return catalogue[name]
    except WrongUsage as error:
        fitting = f"'nevkg questions {name}' lists what fits" if catalogue.rank(name) else "'nevkg questions' lists all"
        raise WrongUsage(f"{error} {fitting}.") from None


def _heading(answer: Answer) -> str:
    """Returns the title of the question, its filters, and the entities of the first column if they are few."""
    words = _WORDS[answer.language]
    lines = list(heading(answer))
    found = dict.fromkeys(thing.label for record in answer.records for thing in find_things(record[0]))
    if 1 < len(found) <= _MOST_NAMED:
        *names, last = found
        label = answer.columns[0].label[answer.language]
        lines.append(words["named"].format(label=label, count=len(found), names=words["comma"].join(names), last=last))
    return "\n".join(filter(None, lines))


def _summary(answer: Answer, shown: int) -> str:
    """Returns the number of rows, the day, and how well the rows are supported."""
    words = _WORDS[answer.language]
    counted = words["rows" if len(answer) != 1 else "row"].format(count=len(answer), day=answer.as_of)
    first = words["first"].format(count=shown) if shown < len(answer) else ""
    return words["gap"].join(filter(None, (first, counted, answer.support.text if answer.support else "")))


def _add_explain_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "words", metavar="QUESTION|FILE", nargs="*", help="a question, and its parameters as name=value; or a file with a query"
    )
    parser.add_argument("-e", dest="text", metavar="SPARQL", help="the query itself")
    parser.add_argument("--row", type=common.positive, default=1, metavar="N", help="which row, counted from 1 (default: %(default)s)")
    parser.add_argument("--column", metavar="NAME", help="only this cell of the row")
    common.add_store(parser)
    common.add_language(parser)
    common.add_reliable(parser)
    common.add_texts(parser, "the folder with texts of pages, from which passages are shown")
    parser.add_argument("--format", choices=["text", "json"], default="text", help="default: %(default)s")
    common.add_ids(parser)


def _explain(options: argparse.Namespace) -> int:
    store = common.open_for(options)
    common.exit_on_interrupt()
    found = common.restrict(_answer(store, options), options).explain(options.row - 1, options.column)
    if options.format == "json":
        common.show(common.to_json(found))
    else:
        report = report_address(store) if options.ids else None
        text = found.to_terminal(report) if terminal.is_styled() else str(found) if report is None else found.with_ids(report)
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


def _add_map_arguments(parser: argparse.ArgumentParser) -> None:
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


def _draw_map(options: argparse.Namespace) -> int:
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
    content = draw_map(_answer_question(question, options), format_name, every=options.every)
    if options.output is None:
        write(content)
    else:
        save(content, options.output)
    return 0


COMMANDS = {
    "ask": Command(_add_ask_arguments, _ask),
    "explain": Command(_add_explain_arguments, _explain),
    "map": Command(_add_map_arguments, _draw_map),
}
