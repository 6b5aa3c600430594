"""The command line: the modules of its verbs are imported when they are used."""

from __future__ import annotations

import argparse
import importlib
import os
import re
import sys
from collections.abc import Callable, Sequence
from typing import NamedTuple, NoReturn

from nevkg.cli.waiting import show_waiting, stop_waiting
from nevkg.data import terms
from nevkg.data.paths import Layout
from nevkg.errors import CouldNotRun, NevkgError, WrongUsage


class Verb(NamedTuple):
    """A verb of the command line: the module that has its command, imported when it is used, and what it does, for the help."""

    module: str
    what: str


class Command(NamedTuple):
    """How a verb works; ``run`` returns the exit code. Each module of verbs has them in ``COMMANDS``."""

    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


VERBS = {
    "ask": Verb("answers", "answer a question of the catalogue"),
    "questions": Verb("questions", "list or find questions; show one with its parameters, options and SPARQL"),
    "query": Verb("query", "run a SPARQL query"),
    "cite": Verb("cite", "answer a citation again: the same bytes, and what has changed since"),
    "explain": Verb("answers", "show what a row of an answer rests on: facts, statements and sources"),
    "show": Verb("show", "show all that is known of an entity, statement by statement"),
    "graph": Verb("graph", "draw a part of the graph, or write it for graph tools"),
    "map": Verb("answers", "draw the answer of a question as a map"),
    "path": Verb("graph", "find how two entities are connected, with the sources of each step"),
    "measure": Verb("graph", "measure a network: degree, betweenness, components and communities"),
    "search": Verb("show", "find entities and questions by name, in any language"),
    "validate": Verb("validate", "check the data against shapes, checks and volumes"),
    "reason": Verb("validate", "check consistency with HermiT, and the rules against OWL"),
    "docs": Verb("docs", "generate the documentation of ontology and data"),
    "read": Verb("read", "propose the facts that a page states, as tables to review"),
    "watch": Verb("watch", "look at feeds, sitemaps and index pages for new pages to read"),
    "review": Verb("review", "decide on the rows of a collection beside the texts that they quote"),
    "import": Verb("contribute", "import a contributor's tables"),
    "retract": Verb("contribute", "say that the source of a statement does not support it"),
    "correct": Verb("contribute", "correct how a statement was recorded"),
    "dump": Verb("exchange", "write the dataset, or one graph of it, in a standard format"),
    "publish": Verb("exchange", "write the files of a release: dataset, tables, ontology, questions, descriptions"),
    "diff": Verb("exchange", "compare two releases, statement by statement"),
    "load": Verb("exchange", "load the dataset, or a release, into another store: a folder or a SPARQL server"),
    "serve": Verb("serve", "serve the explorer, the SPARQL endpoint, the API and pages"),
    "mcp": Verb("serve", "serve assistants over standard input and output (Model Context Protocol)"),
    "evidence": Verb("evidence", "check the passages of a source against its text; add quotes; name statements"),
    "info": Verb("info", "show version, date, digest, counts and folders"),
    "cache": Verb("info", "list the derived stores that nevkg keeps, remove old ones or all"),
}
# Examples for the help, two per verb; they are data, since they name entities of the graph.
_EXAMPLES = "examples/commands.txt"
_SERVING = ("serve", "mcp", "review")
_INTERRUPTED = 130
_PIPE_CLOSED = 141


class Parser(argparse.ArgumentParser):
    """An argument parser that reports wrong usage in one sentence and shows examples of its command in the help."""

    def format_help(self) -> str:
        """Returns the help, followed by the examples of this verb."""
        examples = (Layout.find().queries / _EXAMPLES).read_text(encoding="utf-8").splitlines()
        own = "".join(f"  {line}\n" for line in examples if f"{line} ".startswith(f"{self.prog} "))
        return f"{super().format_help()}\nexamples:\n{own}"

    def error(self, message: str) -> NoReturn:
        """Raises ``WrongUsage`` instead of printing the usage; for an unknown option, the message suggests similar ones."""
        unknown = re.search(r"unrecognized arguments: (--?[\w-]+)", message)
        hint = terms.suggest(unknown[1], list(self._option_string_actions)) if unknown else ""
        raise WrongUsage(f"{message[:1].upper()}{message[1:]}.{hint} See '{self.prog} --help'.")


def _help() -> str:
    verbs = "\n".join(f"  {name:<10} {verb.what}" for name, verb in VERBS.items())
    return (
        "usage: nevkg VERB …\n\nHow Chinese new-energy-vehicle makers move from exporting cars to building them abroad.\n\n"
        f"verbs:\n{verbs}\n\n'nevkg VERB --help' has options and examples.\n"
        "Exit codes: 0 fine, 1 the data is invalid, 2 wrong usage, 3 could not run.\n"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    # Called from another program, it must leave the process as it is.
    is_own = arguments is None
    if is_own and "_ARGCOMPLETE" in os.environ:
        from nevkg.cli.completion import complete

        complete()
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return _run_with_retry(words, is_own=is_own)
    except NevkgError as error:
        print(f"nevkg: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("nevkg: interrupted.", file=sys.stderr)
        return _INTERRUPTED
    except BrokenPipeError:
        # The reader closed the pipe early; without this, Python would report an error when it flushes standard output at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _PIPE_CLOSED
    except OSError as error:
        # The disk is full, or a file disappeared during the run.
        what = f"{error.filename}: " if error.filename else ""
        print(f"nevkg: {what}{error.strerror or error}.", file=sys.stderr)
        return CouldNotRun.exit_code


def _run_with_retry(words: list[str], *, is_own: bool) -> int:
    """Runs a command, and again with an empty cache if a store turns out to be damaged, since that may be a cached snapshot of --store."""
    try:
        return _run(words, is_own=is_own)
    except (OSError, RuntimeError) as error:
        from nevkg.store import cache, embedded
        from nevkg.store.engine import is_damage

        if not is_damage(error):
            raise
    cache.discard_stores()
    try:
        return _run(words, is_own=is_own)
    except (OSError, RuntimeError) as error:
        if is_damage(error):
            raise embedded.damage_error("--store", error) from None
        raise


def _run(words: list[str], *, is_own: bool) -> int:
    if not words or words[0] in ("-h", "--help", "help"):
        write(_help().encode())
        return 0
    if words[0] == "--version":
        from importlib.metadata import version

        write(f"nevkg {version('nevkg')}\n".encode())
        return 0
    name, *rest = words
    if name not in VERBS:
        raise WrongUsage(f"There is no verb '{name}'.{terms.suggest(name, list(VERBS))} See 'nevkg --help'.")
    what = VERBS[name].what
    parser = Parser(prog=f"nevkg {name}", description=f"{what[0].upper()}{what[1:]}.", allow_abbrev=False)
    parser.set_defaults(is_own=is_own)
    command = add_command(parser, name)
    options = parser.parse_intermixed_args(rest)
    with show_waiting(quiet=options.quiet or name in _SERVING):
        return command.run(options)


def add_command(parser: argparse.ArgumentParser, verb: str) -> Command:
    """Adds the arguments of a verb to a parser, and returns its command."""
    parser.add_argument("--data", metavar="DIR", help="a folder to use instead of the built-in data/ (default: $NEVKG_DATA)")
    parser.add_argument("--quiet", action="store_true", help="print only the answer and errors")
    command: Command = importlib.import_module(f"nevkg.cli.{VERBS[verb].module}").COMMANDS[verb]
    command.add_arguments(parser)
    return command


def write(content: bytes) -> None:
    """Writes bytes to standard output, unchanged whatever the encoding of the terminal is."""
    stop_waiting()
    sys.stdout.flush()
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
