"""``nevkg measure``: degree, betweenness, components and communities of a projection."""

from __future__ import annotations

import argparse

from nevkg.ask import arguments
from nevkg.cli import common


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words that the verb understands."""
    parser.add_argument("projection", metavar="PROJECTION", help="what to measure, such as makers-countries")
    common.add_projection(parser)
    common.add_growth(parser)
    parser.add_argument("--onto", choices=["subject", "object"], help="measure one side, joined where it shares the other")
    common.add_format(parser)


def run(options: argparse.Namespace) -> int:
    """Prints a table with one row a node."""
    from nevkg.network.measures import measures

    network = common.network(options, arguments.split(options.pairs))
    common.print_table(measures(network.onto(options.onto) if options.onto else network), options)
    return 0
