"""``nevkg dump``: writes the dataset, one graph of it, or the snapshot of a day."""

from __future__ import annotations

import argparse

from pyoxigraph import Triple

from nevkg.ask import arguments, days
from nevkg.cli import common, write
from nevkg.data import terms
from nevkg.data.serialise import FORMATS, serialise
from nevkg.errors import WrongUsage
from nevkg.lookup import entities
from nevkg.store import Store, contents


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of the verb."""
    parser.add_argument("graph", metavar="GRAPH", nargs="?", help="registry, history, current, ontology, vocabularies or a source's slug")
    parser.add_argument("--format", choices=list(FORMATS), default="trig", help="default: %(default)s")
    common.add_place(parser)
    common.add_clocks(parser, "the snapshot of this day instead of the record's graphs")


def run(options: argparse.Namespace) -> int:
    """Prints the quads in sorted order, so that equal data gives equal bytes."""
    store = common.open_for(options)
    content = _snapshot(store, options) if options.as_of else contents.quads(store, _graphs(store, options.graph))
    write(serialise(content, options.format, entities.namespaces(store)))
    return 0


def _snapshot(store: Store, options: argparse.Namespace) -> list[Triple]:
    if options.graph is not None:
        raise WrongUsage("A snapshot is a single graph; leave out the name of the graph, or --as-of.")
    return contents.default_triples(days.snapshot(store, arguments.day(options.as_of)))


def _graphs(store: Store, name: str | None) -> list[str]:
    """Returns the IRI of the graph with a name, or of all graphs."""
    names = contents.graphs(store)
    if name is None:
        return names
    iri = terms.expand(name, entities.namespaces(store)) or terms.graph(name)
    if iri not in names:
        raise WrongUsage(f"There is no graph '{name}'.{terms.suggest(name, [one.removeprefix(terms.GRAPH) for one in names])}")
    return [iri]
