"""``nevkg mcp``: serves assistants over standard input and output, by the Model Context Protocol."""

from __future__ import annotations

import argparse

from nevkg.ask import arguments
from nevkg.cli import common
from nevkg.errors import missing_extra

_TIME_LIMIT = 30.0
# One assistant asks a few things at once, and can wait for them.
_QUICK, _SLOW, _PATIENCE = 2, 1, 300.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of the verb."""
    parser.add_argument(
        "--time-limit",
        type=common.seconds,
        default=_TIME_LIMIT,
        metavar="SECONDS",
        help="time after which a call is stopped (default: %(default)s)",
    )
    common.add_place(parser)
    common.add_known_by(parser)


def run(options: argparse.Namespace) -> int:
    """Serves until standard input ends."""
    try:
        from nevkg.serve.mcp.stdio import run as serve
    except ImportError as error:
        raise missing_extra("mcp", error) from None
    from nevkg.serve.settings import Settings
    from nevkg.serve.state.source import ServedDataset

    common.refuse_data_with_store(options)
    known_by = arguments.day(options.known_by) if options.known_by else None
    serve(
        ServedDataset(common.layout(options), common.served_place(options), options.preset, known_by),
        Settings(quick=_QUICK, slow=_SLOW, patience=_PATIENCE, time_limit=options.time_limit),
    )
    return 0
