"""``nevkg retract``: says that the source of a statement does not support it."""

from __future__ import annotations

import argparse

from nevkg.cli import common, write
from nevkg.contribute.edits import retract


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of the verb."""
    common.add_edit(parser)


def run(options: argparse.Namespace) -> int:
    """Retracts the statement and prints which file has the retraction."""
    done = retract(common.layout(options), options.statement, options.because, common.edit_day(options))
    if not options.quiet:
        write(f"{done}\n".encode())
    return 0
