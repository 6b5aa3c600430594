"""``nevkg ask``: answers a question of the catalogue."""

from __future__ import annotations

import argparse
import sys
from functools import partial

from nevkg.ask import arguments
from nevkg.ask.answer import Answer, ask
from nevkg.ask.catalogue import Catalogue, Question, load_catalogue
from nevkg.cli import common
from nevkg.errors import WrongUsage
from nevkg.table.parts import heading
from nevkg.table.values import find_things

# The heading lists the entities of the first column only up to this number.
_MOST_NAMED = 30
_WORDS = {
    "en": {
        "comma": ", ",
        "gap": " ",
        "named": "{label} ({count}): {names} and {last}.",
        "row": "1 row, as of {day}.",
        "rows": "{count} rows, as of {day}.",
        "first": "The first {count} of",
    },
    "zh": {
        "comma": "、",
        "gap": "",
        "named": "{label}（{count}）：{names}和{last}。",
        "row": "1行，截至{day}。",
        "rows": "{count}行，截至{day}。",
        "first": "前{count}行，共",
    },
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of the verb."""
    parser.add_argument("question", metavar="QUESTION", help="the name of a question, such as local-manufacturers")
    parser.add_argument("pairs", metavar="name=value", nargs="*", help="parameters; repeat a name for several values; name=* for any")
    common.add_store(parser)
    common.add_language(parser)
    common.add_format(parser)
    parser.add_argument("--limit", type=common.positive, metavar="N", help="print the first N rows")


def run(options: argparse.Namespace) -> int:
    """Prints the answer."""
    catalogue = load_catalogue(common.layout(options))
    for problem in () if options.quiet else catalogue.problems:
        print(f"nevkg: warning: {problem}", file=sys.stderr)
    question = _question(catalogue, options.question)
    store = common.open_for(options)
    common.exit_on_interrupt()
    answer = ask(store, question, arguments.split(options.pairs), as_of=options.as_of, language=options.lang)
    common.warn_of_the_future(store, answer.as_of)
    shown = answer.page(0, options.limit) if options.limit else answer
    common.print_table(shown, options, heading=partial(_heading, answer), summary=partial(_summary, answer, len(shown)))
    return 0


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
    found = dict.fromkeys(one.label for record in answer.records for one in find_things(record[0]))
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
