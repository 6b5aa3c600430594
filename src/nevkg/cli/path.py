"""``nevkg path``: finds how two entities are connected, each step with its sources."""

from __future__ import annotations

import argparse
import sys

from nevkg.ask import arguments
from nevkg.cli import common
from nevkg.lookup import entities


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of the verb."""
    parser.add_argument("start", metavar="FROM", help="an entity: a slug, a prefixed name, an IRI or a label")
    parser.add_argument("end", metavar="TO", help="another entity")
    common.add_projection(parser)
    parser.add_argument(
        "--in", dest="projection", metavar="PROJECTION", default="neighbourhood", help="where to look (default: %(default)s)"
    )
    parser.add_argument("--avoid", metavar="ENTITY", action="append", default=[], help="find no path through this entity; may be repeated")
    parser.add_argument("--longest", type=common.positive, metavar="N", help="find all paths of at most N steps, not only the shortest")
    parser.add_argument("--paths", type=common.positive, default=10, metavar="N", help="maximum number of paths (default: %(default)s)")
    common.add_format(parser)


def run(options: argparse.Namespace) -> int:
    """Prints a table with one row per step."""
    from nevkg.network.paths import find_paths
    from nevkg.network.project import project_between

    store = common.open_for(options)
    start, end, *avoid = (entities.resolve(store, text) for text in (options.start, options.end, *options.avoid))
    common.exit_on_interrupt()
    given = arguments.split(options.pairs)
    day, language, longest = options.as_of, options.lang, options.longest
    network = project_between(store, options.projection, start, end, given, as_of=day, language=language, longest=longest, avoid=avoid)
    found = find_paths(network, start, end, longest=longest, limit=options.paths, avoid=avoid)
    if not found and not options.quiet:
        print(f"nevkg: nothing connects '{options.start}' and '{options.end}' in the graph '{options.projection}'.", file=sys.stderr)
    common.print_table(found, options)
    return 0
