"""``nevkg dump``: the dataset, or one graph of it."""

from __future__ import annotations

import argparse

from nevkg import entities, terms
from nevkg.cli import common, write
from nevkg.errors import WrongUsage
from nevkg.publish.serialise import FORMATS, serialise
from nevkg.store import contents


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words that the verb understands."""
    parser.add_argument("graph", metavar="GRAPH", nargs="?", help="registry, history, current, ontology, vocabularies or a source's slug")
    parser.add_argument("--format", choices=list(FORMATS), default="trig", help="default: %(default)s")
    common.add_store(parser)


def run(options: argparse.Namespace) -> int:
    """Prints the quads, sorted, so that equal data gives equal bytes."""
    store = common.open_for(options)
    spaces = entities.namespaces(store)
    names = contents.graphs(store)
    if options.graph is not None:
        iri = terms.expand(options.graph, spaces) or terms.graph(options.graph)
        if iri not in names:
            slugs = [name.removeprefix(terms.GRAPH) for name in names]
            raise WrongUsage(f"There is no graph '{options.graph}'.{terms.nearest(options.graph, slugs)}")
        names = [iri]
    quads = contents.quads(store, names)
    write(serialise(quads, options.format, spaces))
    return 0
