"""``nevkg cite``: answers a citation again, checks that the bytes are the same, and says what has changed since."""

from __future__ import annotations

import argparse
import sys

from nevkg.ask import citation
from nevkg.ask.comparison import CitedAnswer, describe_difference, resolve_citation
from nevkg.cli import Command, common, write
from nevkg.errors import InvalidData, NevkgError
from nevkg.store import EmbeddedStore, cache, open_store
from nevkg.store.isolation import refuse_sockets
from nevkg.store.releases import find_places
from nevkg.table import formats
from nevkg.table.listings import count_rows, heading
from nevkg.words import words_of

_DOCUMENT = "document"
_WORDS = words_of("cli.cite")


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("address", metavar="ADDRESS", help="the address of an answer; what follows cite/ is enough")
    common.add_releases(
        parser, "a release, or a folder of releases, as folders or .zip (default: those of NEVKG_RELEASES, else the current folder)"
    )
    common.add_language(parser)
    common.add_reliable(parser)
    parser.add_argument(
        "--format",
        choices=[_DOCUMENT, *common.IN_WORDS, *formats.FORMATS],
        default=_DOCUMENT,
        help="document is the JSON whose digest is in the address (default: %(default)s)",
    )
    parser.set_defaults(raw=False, cite=False, footnote=False)
    parser.epilog = (
        "Exit codes: 0 the bytes are those that were cited, 1 they are not, 2 wrong address, 3 the edition is not here. "
        "With --quiet, what has changed since is not looked up."
    )


def _run(options: argparse.Namespace) -> int:
    """Prints the document or the table, and what has changed since to standard error."""
    if options.is_own:
        refuse_sockets()
    common.exit_on_interrupt()
    address = citation.read_address(options.address)
    layout = common.layout(options)
    digest = cache.dataset_digest(layout)
    # The store of the data at hand, which may have to be built, is only opened for its own answers and for what has changed.
    is_current = digest.startswith(address.edition.partition("+")[2])
    found = resolve_citation(options.address, open_store(layout) if is_current else None, find_places(options.releases), options.lang)
    if not found.is_same:
        raise InvalidData(describe_difference(found))
    account = "" if options.quiet else "\n".join(_describe(found, None if is_current else open_store(layout)))
    if options.format == _DOCUMENT:
        write(found.document)
    else:
        title = "\n".join(filter(None, heading(found.answer)))
        common.print_table(found.answer, options, heading=lambda: title, summary=lambda: count_rows(found.answer))
    if account:
        print(account, file=sys.stderr)
    return 0


def _describe(found: CitedAnswer, now: EmbeddedStore | None) -> list[str]:
    """Returns whether the bytes are the same, and what has changed since; ``now`` is None if the answer is from the data of now."""
    words = _WORDS[found.answer.language]
    first = words["same"] if found.cited.digest else words["unchecked"].format(address=found.address)
    if now is None:
        return [first, words["current"]]
    try:
        return [first, str(found.compare(now))]
    except NevkgError as error:
        return [first, words["lost"].format(problem=error)]


COMMANDS = {"cite": Command(_add_arguments, _run)}
