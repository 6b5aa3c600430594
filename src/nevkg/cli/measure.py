"""``nevkg measure``: measures degree, betweenness, components and communities of a projection."""

from __future__ import annotations

import argparse

from nevkg.ask import arguments
from nevkg.cli import common


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of the verb."""
    parser.add_argument("projection", metavar="PROJECTION", help="what to measure, such as makers-countries")
    common.add_projection(parser)
    common.add_growth(parser)
    parser.add_argument(
        "--onto", choices=["subject", "object"], help="measure only this side; its nodes are linked if they share a node of the other side"
    )
    common.add_format(parser)


def run(options: argparse.Namespace) -> int:
    """Prints a table with one row per node."""
    from nevkg.network.measures import measure_nodes

    network = common.network(options, arguments.split(options.pairs))
    common.print_table(measure_nodes(network.onto(options.onto) if options.onto else network), options)
    return 0
