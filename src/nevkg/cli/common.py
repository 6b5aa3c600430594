"""Options and output shared by several verbs: the store, days, language, tables, citations and progress."""

from __future__ import annotations

import argparse
import json
import re
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nevkg.ask import arguments, days
from nevkg.cli import write
from nevkg.cli.waiting import stop_waiting
from nevkg.data import dataset, terms
from nevkg.data.json_values import to_json_value
from nevkg.data.paths import Layout, texts_folder
from nevkg.errors import CouldNotRun, WrongUsage
from nevkg.lookup import entities
from nevkg.progress import Progress
from nevkg.store import EmbeddedStore, Store, open_store
from nevkg.store.isolation import refuse_sockets
from nevkg.store.locate import is_address, open_location
from nevkg.store.releases import find_layout, look_up_release
from nevkg.table import display, formats, terminal
from nevkg.table.table import Table
from nevkg.words import words_of

if TYPE_CHECKING:
    from nevkg.ask.catalogue import Catalogue

IN_WORDS = ("table", "long")
# Formats that say why there are no rows; with others, standard error does.
_WITH_REASON = (*IN_WORDS, "json")
_WORDS = words_of("cli.common")
_SOURCE_NUMBER = re.compile(r"^\[\d+\]", re.MULTILINE)


def layout(options: argparse.Namespace, *, may_be_new: bool = False) -> Layout:
    """Returns the folders that the options name; see ``Layout.find``. A release has its own questions and rules."""
    place = getattr(options, "store", None)
    if place and (release := look_up_release(place)):
        found = find_layout(release)
    else:
        found = Layout.find(Path(options.data) if options.data else None, may_be_new=may_be_new)
    texts: Path | None = getattr(options, "texts", None)
    return replace(found, texts=texts.resolve()) if texts else found


def find_source_file(layout: Layout, name: str) -> Path:
    """Returns the file of a source, given its slug, prefixed name or IRI; raises ``WrongUsage`` if there is none."""
    slug = name.removeprefix("source:").removeprefix(terms.SOURCE)
    files = {path.stem: path for path in dataset.source_files(layout)}
    if slug not in files:
        raise WrongUsage(f"There is no source '{slug}'.{terms.suggest(slug, list(files))}")
    return files[slug]


def open_catalogue(options: argparse.Namespace) -> Catalogue:
    """Returns the questions of the layout; problems of their files are warnings."""
    from nevkg.ask.catalogue import load_catalogue

    catalogue = load_catalogue(layout(options))
    for problem in () if options.quiet else catalogue.problems:
        warn(f"warning: {problem}")
    return catalogue


class _Once(argparse.Action):
    """Stores the value of an option that may be given only once."""

    def __call__(self, _parser: object, namespace: argparse.Namespace, value: object, _name: object = None) -> None:
        if getattr(namespace, self.dest) is not None:
            raise argparse.ArgumentError(self, "give it once")
        setattr(namespace, self.dest, value)


def _not_empty(text: str) -> str:
    if not text:
        raise argparse.ArgumentTypeError("the day is missing; write it as YYYY-MM-DD, or leave the option out")
    return text


def add_known_by(parser: argparse.ArgumentParser) -> None:
    """Adds the option that leaves out sources published after a day."""
    parser.add_argument("--known-by", action=_Once, type=_not_empty, metavar="DATE", help="count only sources published by this day")


def add_store(parser: argparse.ArgumentParser) -> None:
    """Adds the options for another store, for the day of the answer, and for the day by which sources were known."""
    add_place(parser)
    add_clocks(parser)


def add_clocks(parser: argparse.ArgumentParser, as_of: str = "answer for this day (default: the date of the dataset)") -> None:
    """Adds the options for both days: the day of the answer, and the day by which sources were known."""
    parser.add_argument("--as-of", action=_Once, type=_not_empty, metavar="DATE", help=as_of)
    add_known_by(parser)


def add_place(parser: argparse.ArgumentParser) -> None:
    """Adds the options that name another store."""
    parser.add_argument(
        "--store", metavar="PATH|URL", help="query a release, or a store filled by 'nevkg load': a folder or a SPARQL server"
    )
    parser.add_argument("--preset", metavar="KIND", help="what kind of server --store is (default: detected from its responses)")


def add_texts(parser: argparse.ArgumentParser, what: str) -> None:
    """Adds the option for the folder with texts of pages, by default that of the user."""
    default = str(texts_folder())
    parser.add_argument(
        "--texts", metavar="DIR", type=_folder, default=default, help=f"{what} (default: NEVKG_TEXTS, or a folder of the user)"
    )


def _folder(text: str) -> Path:
    path = Path(text)
    if not text or (path.exists() and not path.is_dir()):
        raise argparse.ArgumentTypeError(f"'{text}' is not a folder")
    return path


def add_language(parser: argparse.ArgumentParser) -> None:
    """Adds the option for the language of labels."""
    parser.add_argument("--lang", choices=terms.LANGUAGES, default=terms.LANGUAGES[0], help="language of labels (default: %(default)s)")


def open_for(options: argparse.Namespace) -> Store:
    """Opens the store that the options name; if it is local, the process cannot open network connections from then on."""
    place = getattr(options, "store", None)
    if place is not None:
        refuse_data_with_store(options)
    if options.is_own and not is_address(place or ""):
        refuse_sockets()
    if place is None:
        return build_for(options)
    store = open_location(place, layout(options), options.preset)
    return days.record_known_by(store, options.known_by) if getattr(options, "known_by", None) else store


def refuse_data_with_store(options: argparse.Namespace) -> None:
    """Raises ``WrongUsage`` if both --data and --store are given."""
    if options.store and options.data:
        raise WrongUsage("--data builds a dataset and --store queries an existing one; leave one of them out.")


def build_for(options: argparse.Namespace) -> EmbeddedStore:
    """Builds the store of the local dataset, restricted to the sources known by a day if the options give one."""
    known_by = getattr(options, "known_by", None)
    day = arguments.day(known_by) if known_by else None
    store = open_store(layout(options))
    return days.record_known_by(store, day) if day else store


def warn_of_the_future(store: Store, day: str | None) -> None:
    """Prints a warning if an answer is for a day (ISO) after the date of the dataset, which no source can cover."""
    newest = entities.dataset_date(store)
    if day and day > newest:
        warn(f"{day} is after the date of the dataset, {newest}: no source covers it yet.")


def read_text(file: str) -> str:
    """Reads the text of a file, or of standard input for ``-``."""
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    except OSError as error:
        if "{" in file:
            raise WrongUsage("This is a query, not the name of a file; write -e before it.") from None
        raise CouldNotRun(f"{file} cannot be read: {error.strerror}.") from None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise WrongUsage(f"{file} is not UTF-8 text (byte {error.start}); save it as UTF-8.") from None


def exit_on_interrupt() -> None:
    """Makes Ctrl-C end the process at once; Python would handle it only after the query engine returns."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextmanager
def interrupted_by_sigterm() -> Iterator[None]:
    """Handles SIGTERM, as ``kill`` and ``timeout`` send it, as an interrupt, so that drafts are removed."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def is_terminal_output() -> bool:
    """Returns whether standard output is a terminal."""
    return sys.stdout.isatty()


def positive(text: str) -> int:
    """Parses a whole number above 0."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number above 0")
    return int(text)


def seconds(text: str) -> float:
    """Parses a number of seconds above 0."""
    try:
        number = float(text)
    except ValueError:
        number = 0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of seconds above 0")
    return number


def add_format(parser: argparse.ArgumentParser) -> None:
    """Adds the options for the format of a table."""
    parser.add_argument("--format", choices=[*IN_WORDS, *formats.FORMATS], help="default: table on a terminal, csv when piped")
    parser.add_argument("--raw", action="store_true", help="CSV: do not escape text that a spreadsheet would run as a formula")
    parser.add_argument("--cite", action="store_true", help="append a citation with version, date, question and sources")
    add_reliable(parser)
    parser.add_argument("--footnote", action="store_true", help="print only a short citation, in one line")


def add_reliable(parser: argparse.ArgumentParser) -> None:
    """Adds the option that leaves out sources on unreliable hosts."""
    parser.add_argument("--reliable", action="store_true", help="leave out sources on unreliable hosts, which support no fact")


def add_releases(parser: argparse.ArgumentParser, text: str) -> None:
    """Adds the option that names releases, which may be repeated."""
    parser.add_argument("--releases", metavar="DIR", action="append", default=[], help=text)


def add_ids(parser: argparse.ArgumentParser) -> None:
    """Adds the option that shows the ids of statements."""
    parser.add_argument("--ids", action="store_true", help="text: show the short names of statements, and how to report a wrong one")


def restrict(table: Table, options: argparse.Namespace) -> Table:
    """Returns a table, without sources on unreliable hosts if the options say so."""
    return table.with_reliable_sources() if options.reliable else table


def print_table(table: Table, options: argparse.Namespace, *, heading: Callable[[], str] = str, summary: Callable[[], str] = str) -> None:
    """Prints a table, with heading and summary in the formats for people, and with a citation if requested.

    Heading and summary are functions, since they take queries of their own.
    """
    table = restrict(table, options)
    if options.footnote:
        write(f"{table.footnote}\n".encode())
        return
    format_name = options.format or ("table" if is_terminal_output() else "csv")
    if format_name in formats.BINARY and is_terminal_output():
        raise WrongUsage(f"{format_name} cannot be printed to a terminal; redirect it to a file with '> answer.{format_name}'.")
    if format_name in IN_WORDS:
        content = _in_words(table, options, format_name, heading, summary)
    else:
        content = formats.to_csv(table, raw=options.raw) if format_name == "csv" else formats.FORMATS[format_name](table)
    is_below = options.cite and format_name in {*IN_WORDS, *formats.FOR_READING}
    citation = _format_citation(table.cite(), styled=format_name in IN_WORDS and terminal.is_styled()) if is_below else b""
    show(content + citation)
    if format_name not in _WITH_REASON and not options.quiet and not table.records and table.reason:
        warn(table.reason.text)
    if options.cite and not is_below:
        print_citation(table.cite(), is_for_reading=False)


def _in_words(table: Table, options: argparse.Namespace, format_name: str, heading: Callable[[], str], summary: Callable[[], str]) -> bytes:
    hidden = ""
    width, styled = terminal.width(), terminal.is_styled()
    cells = display.collect_cells(table, numbered=options.cite, styled=styled)
    if not table.records and table.reason:
        body = terminal.wrap(table.reason.text, width)
    elif format_name == "long":
        body = terminal.render_records(cells, styled=styled)
    else:
        body = terminal.render_table(cells, width, styled=styled)
        if missing := terminal.hidden_columns(cells, width):
            hidden = _WORDS[table.language]["hidden"].format(_WORDS[table.language]["comma"].join(missing))
    if options.quiet:
        return body.encode()
    bold, dim = ("bold", "dim") if styled else ("", "")
    title, _, filters = heading().partition("\n")
    above, below = (
        "".join(terminal.wrap(text, width, style) for text, style in parts if text)
        for parts in (((title, bold), (filters, "")), ((summary(), ""), (hidden, dim)))
    )
    return "\n".join(filter(None, (above, body, below))).encode()


def report(text: object, options: argparse.Namespace) -> None:
    """Prints what was done, in one line or more, unless the options ask for the answer alone."""
    if not options.quiet:
        write(f"{text}\n".encode())


def warn(text: object) -> None:
    """Prints a message to standard error."""
    print(f"nevkg: {text}", file=sys.stderr)


def to_json(value: Any) -> bytes:
    """Returns a value as indented JSON."""
    return (json.dumps(value, ensure_ascii=False, indent=2, default=to_json_value) + "\n").encode()


def show(content: bytes) -> None:
    """Prints text, in a pager if it is longer than the terminal."""
    stop_waiting()
    if not terminal.show_in_pager(content):
        write(content)


def print_citation(citation: str, *, is_for_reading: bool) -> None:
    """Prints a citation below an answer, or to standard error if the answer is in a format for programs."""
    if is_for_reading:
        write(_format_citation(citation, styled=terminal.is_styled()))
    else:
        print(citation, file=sys.stderr, end="")


def _format_citation(citation: str, *, styled: bool) -> bytes:
    """Returns a citation to print below an answer; if styled, the numbers of sources are dim."""
    text = _SOURCE_NUMBER.sub(lambda number: terminal.paint(number[0], "dim"), citation) if styled else citation
    return f"\n{text}".encode()


def progress(options: argparse.Namespace) -> Progress:
    """Returns a reporter that shows a progress bar for jobs of more than a second, if standard error is a terminal."""

    def start(stage: str, steps: int) -> Callable[[], None]:
        try:
            from tqdm import tqdm
        except ImportError:
            return lambda: None
        stop_waiting()
        bar = tqdm(total=steps, desc=stage, delay=1, disable=options.quiet or not sys.stderr.isatty(), leave=False)

        def step() -> None:
            bar.update()

        return step

    return start
