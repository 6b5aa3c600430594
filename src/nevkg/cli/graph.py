"""``nevkg graph``: writes a projection of the graph, for graph tools, papers and the browser."""

from __future__ import annotations

import argparse
from pathlib import Path

from nevkg.ask import arguments
from nevkg.cli import common, write
from nevkg.errors import WrongUsage

_BINARY = ("png",)
_FOLDER = "parquet"
_FORMATS = ("graphml", "gexf", "cyjs", "dot", "json", "png", "svg", "html", _FOLDER)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of the verb."""
    parser.add_argument(
        "projection", metavar="PROJECTION", nargs="?", help="what to draw, such as ownership; omit it to list all projections"
    )
    common.add_projection(parser)
    common.add_growth(parser)
    parser.add_argument(
        "--onto", choices=["subject", "object"], help="keep only this side; its nodes are linked if they share a node of the other side"
    )
    parser.add_argument("--format", choices=_FORMATS, help="default: json; gexf holds the whole history unless --as-of is given")
    parser.add_argument("--output", metavar="PATH", help="the file to write (default: standard output); for parquet, a folder")


def run(options: argparse.Namespace) -> int:
    """Writes the network."""
    from nevkg.network import load_projections
    from nevkg.network.files.save import content, find_format, save
    from nevkg.network.project import add_format_defaults

    if options.projection is None:
        for name, projection in load_projections(common.layout(options)).projections.items():
            write(f"{name:<26}{projection.question.title[options.lang]}\n".encode())
        return 0
    format_name = options.format or (find_format(options.output) if options.output else "json")
    if options.output is None and format_name == _FOLDER:
        raise WrongUsage("The format parquet consists of two files; name a folder for them with --output.")
    if options.output is None and format_name in _BINARY and common.is_terminal_output():
        raise WrongUsage(f"{format_name} cannot be printed to a terminal; name a file with --output.")
    projection = load_projections(common.layout(options))[options.projection]
    given = add_format_defaults(projection.question, format_name, arguments.split(options.pairs), options.as_of)
    network = common.network(options, given)
    if options.onto:
        network = network.onto(options.onto)
    if options.output is None:
        write(content(network, format_name))
        return 0
    save(network, Path(options.output), format_name)
    return 0
