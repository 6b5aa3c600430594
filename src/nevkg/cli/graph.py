"""``nevkg graph``, ``path`` and ``measure``: projections of the graph as files, as paths, and in numbers."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nevkg.ask import arguments
from nevkg.cli import Command, common, write
from nevkg.errors import WrongUsage
from nevkg.lookup import entities

if TYPE_CHECKING:
    from nevkg.network import Network

_BINARY = ("png",)
_FOLDER = "parquet"
_FORMATS = ("graphml", "gexf", "cyjs", "dot", "json", "png", "svg", "html", _FOLDER)


def _add_projection(parser: argparse.ArgumentParser) -> None:
    """Adds the parameters of a projection, and the options for store, days and language."""
    parser.add_argument("pairs", metavar="name=value", nargs="*", help="parameters, as for ask")
    common.add_store(parser)
    common.add_language(parser)


def _add_growth(parser: argparse.ArgumentParser, verb: str) -> None:
    """Adds the options for the weights of edges, for projections that expand from node to node, and for one side of a network."""
    parser.add_argument("--weight", metavar="COLUMN", default="weight", help="the column that holds the weights of edges")
    parser.add_argument(
        "--depth",
        type=common.positive,
        default=1,
        metavar="N",
        help="steps of a projection that expands from node to node (default: %(default)s)",
    )
    parser.add_argument("--limit", type=common.positive, metavar="N", help="maximum number of nodes of such a projection")
    parser.add_argument(
        "--onto",
        choices=["subject", "object"],
        help=f"{verb} only this side; its nodes are linked if they share a node of the other side",
    )


def _project(options: argparse.Namespace, given: Mapping[str, Sequence[str]]) -> Network:
    """Runs the projection that the options name and returns its network, or only one side of it."""
    from nevkg.network.project import project

    growth = {name: getattr(options, name) for name in ("weight", "depth", "limit")}
    store = common.open_for(options)
    common.exit_on_interrupt()
    network = project(store, options.projection, given, as_of=options.as_of, language=options.lang, **growth)
    return network.onto(options.onto) if options.onto else network


def _add_graph_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "projection", metavar="PROJECTION", nargs="?", help="what to draw, such as ownership; omit it to list all projections"
    )
    _add_projection(parser)
    _add_growth(parser, "keep")
    parser.add_argument("--format", choices=_FORMATS, help="default: json; gexf holds the whole history unless --as-of is given")
    parser.add_argument("--output", metavar="PATH", help="the file to write (default: standard output); for parquet, a folder")


def _write_graph(options: argparse.Namespace) -> int:
    from nevkg.network import load_projections
    from nevkg.network.files import content, find_format, save
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
    network = _project(options, given)
    if options.output is None:
        write(content(network, format_name))
    else:
        save(network, Path(options.output), format_name)
    return 0


def _add_path_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("start", metavar="FROM", help="an entity: a slug, a prefixed name, an IRI or a label")
    parser.add_argument("end", metavar="TO", help="another entity")
    _add_projection(parser)
    parser.add_argument(
        "--in", dest="projection", metavar="PROJECTION", default="neighbourhood", help="where to look (default: %(default)s)"
    )
    parser.add_argument("--avoid", metavar="ENTITY", action="append", default=[], help="find no path through this entity; may be repeated")
    parser.add_argument("--longest", type=common.positive, metavar="N", help="find all paths of at most N steps, not only the shortest")
    parser.add_argument("--paths", type=common.positive, default=10, metavar="N", help="maximum number of paths (default: %(default)s)")
    common.add_format(parser)


def _find_paths(options: argparse.Namespace) -> int:
    """Prints a table with one row per step."""
    from nevkg.network.analysis import find_paths
    from nevkg.network.project import project_between

    store = common.open_for(options)
    start, end, *avoid = (entities.resolve(store, text) for text in (options.start, options.end, *options.avoid))
    common.exit_on_interrupt()
    given = arguments.split(options.pairs)
    day, language, longest = options.as_of, options.lang, options.longest
    network = project_between(store, options.projection, start, end, given, as_of=day, language=language, longest=longest, avoid=avoid)
    found = find_paths(network, start, end, longest=longest, limit=options.paths, avoid=avoid)
    if not found and not options.quiet:
        common.warn(f"nothing connects '{options.start}' and '{options.end}' in the graph '{options.projection}'.")
    common.print_table(found, options)
    return 0


def _add_measure_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("projection", metavar="PROJECTION", help="what to measure, such as makers-countries")
    _add_projection(parser)
    _add_growth(parser, "measure")
    common.add_format(parser)


def _measure(options: argparse.Namespace) -> int:
    """Prints a table with one row per node."""
    from nevkg.network.analysis import measure_nodes

    common.print_table(measure_nodes(_project(options, arguments.split(options.pairs))), options)
    return 0


COMMANDS = {
    "graph": Command(_add_graph_arguments, _write_graph),
    "path": Command(_add_path_arguments, _find_paths),
    "measure": Command(_add_measure_arguments, _measure),
}
