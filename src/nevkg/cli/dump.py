"""``nevkg dump``: writes the dataset, one graph of it, the snapshot of a day, or an export."""

from __future__ import annotations

import argparse
from collections.abc import Iterable

from pyoxigraph import Quad, Triple

from nevkg.ask import arguments, days
from nevkg.ask.catalogue import SNAPSHOT
from nevkg.cli import common, write
from nevkg.data import terms
from nevkg.data.serialise import FORMATS, serialise
from nevkg.errors import WrongUsage
from nevkg.lookup import entities
from nevkg.store import Store, contents

_ONTOLOGY = "ontology"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of the verb."""
    parser.add_argument("graph", metavar="GRAPH", nargs="?", help="registry, history, current, ontology, vocabularies or a source's slug")
    parser.add_argument(
        "--export",
        metavar="NAME",
        help="the dataset in another shape: annotated-snapshot (RDF 1.2), geometries (GeoSPARQL), few-graphs or nanopublications",
    )
    parser.add_argument(
        "--merged", action="store_true", help="of the ontology: one ontology without imports, which OWL tools open without a network"
    )
    parser.add_argument("--format", choices=list(FORMATS), help="default: trig, or that of the export")
    common.add_place(parser)
    common.add_clocks(parser, "the snapshot of this day instead of the record's graphs")


def run(options: argparse.Namespace) -> int:
    """Prints the quads in sorted order, so that equal data gives equal bytes."""
    store = common.open_for(options)
    content: Iterable[Quad | Triple]
    usual = "trig"
    if options.merged:
        content, usual = _ontology(store, options), "turtle"
    elif options.export:
        content, usual = _export(store, options)
    elif options.as_of:
        content = _snapshot(store, options)
    else:
        content = contents.quads(store, _graphs(store, options.graph))
    write(serialise(content, options.format or usual, entities.namespaces(store)))
    return 0


def _export(store: Store, options: argparse.Namespace) -> tuple[Iterable[Quad | Triple], str]:
    """Returns the content of an export, and its usual format."""
    from nevkg.publish.exports import export, load_exports

    if options.graph is not None:
        raise WrongUsage("An export is of the whole dataset; leave out the name of the graph, or --export.")
    exports = load_exports(store.layout)
    if options.export not in exports:
        known = list(exports)
        raise WrongUsage(f"There is no export '{options.export}'; choose from {', '.join(known)}.{terms.suggest(options.export, known)}")
    chosen = exports[options.export]
    if options.as_of and chosen.over != SNAPSHOT:
        raise WrongUsage(f"The export '{chosen.name}' has all days; leave out --as-of.")
    day = arguments.day(options.as_of) if options.as_of else entities.dataset_date(store)
    return export(store, chosen, day), chosen.format


def _ontology(store: Store, options: argparse.Namespace) -> list[Triple]:
    """Returns the ontology without the headers of its modules."""
    from nevkg.publish.release.graphs import merge_modules

    if options.graph != _ONTOLOGY or options.export or options.as_of:
        raise WrongUsage(f"--merged is for the ontology alone: nevkg dump {_ONTOLOGY} --merged.")
    return merge_modules([quad.triple for quad in contents.quads(store, _graphs(store, _ONTOLOGY))])


def _snapshot(store: Store, options: argparse.Namespace) -> list[Triple]:
    if options.graph is not None:
        raise WrongUsage("A snapshot is a single graph; leave out the name of the graph, or --as-of.")
    return contents.default_triples(days.snapshot(store, arguments.day(options.as_of)))


def _graphs(store: Store, name: str | None) -> list[str]:
    """Returns the IRIs of the graph with a name, or of all graphs."""
    names = contents.graphs(store)
    if name is None:
        return names
    iri = terms.expand(name, entities.namespaces(store)) or terms.graph(name)
    if iri not in names:
        raise WrongUsage(f"There is no graph '{name}'.{terms.suggest(name, [one.removeprefix(terms.GRAPH) for one in names])}")
    return [iri]
