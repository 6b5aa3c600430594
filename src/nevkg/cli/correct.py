"""``nevkg correct``: corrects how a statement was recorded, in the file of its source."""

from __future__ import annotations

import argparse

from nevkg.ask import arguments
from nevkg.cli import common, write
from nevkg.contribute.edits import correct


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of the verb."""
    common.add_edit(parser)
    parser.add_argument("pairs", metavar="field=value", nargs="+", help="fields and their right values; nothing after = removes the field")


def run(options: argparse.Namespace) -> int:
    """Corrects the statement and prints its new name."""
    fields = arguments.split(options.pairs)
    done = correct(common.layout(options), options.statement, fields, options.because, common.edit_day(options))
    if not options.quiet:
        write(f"{done}\n".encode())
    return 0
