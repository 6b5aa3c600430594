"""``nevkg graph``: a projection of the graph, for graph tools, papers and the browser."""

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
    """The words that the verb understands."""
    parser.add_argument("projection", metavar="PROJECTION", nargs="?", help="what to draw, such as ownership; without it, all are listed")
    common.add_projection(parser)
    common.add_growth(parser)
    parser.add_argument("--onto", choices=["subject", "object"], help="keep one side, joined where it shares the other")
    parser.add_argument("--format", choices=_FORMATS, help="default: json; gexf holds the whole history unless --as-of is given")
    parser.add_argument("--output", metavar="PATH", help="write there instead of to the standard output; for parquet, a folder")


def run(options: argparse.Namespace) -> int:
    """Writes the network."""
    from nevkg.network import load_projections
    from nevkg.network.files.save import content, format_of, save
    from nevkg.network.project import given_for

    if options.projection is None:
        for name, projection in load_projections(common.layout(options)).projections.items():
            write(f"{name:<26}{projection.question.title[options.lang]}\n".encode())
        return 0
    format_name = options.format or (format_of(options.output) if options.output else "json")
    if options.output is None and format_name == _FOLDER:
        raise WrongUsage("parquet makes two files; name a folder for them with --output.")
    if options.output is None and format_name in _BINARY and common.is_for_a_person():
        raise WrongUsage(f"{format_name} is not for a terminal; name a file with --output.")
    projection = load_projections(common.layout(options))[options.projection]
    given = given_for(projection.question, format_name, arguments.split(options.pairs), options.as_of)
    network = common.network(options, given)
    if options.onto:
        network = network.onto(options.onto)
    if options.output is None:
        write(content(network, format_name))
        return 0
    save(network, Path(options.output), format_name)
    return 0
