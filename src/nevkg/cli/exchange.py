"""``nevkg dump``, ``publish``, ``diff`` and ``load``: writes the dataset and releases, compares them, and fills other stores."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyoxigraph import Quad, Triple

from nevkg.ask import arguments, days
from nevkg.ask.catalogue import SNAPSHOT
from nevkg.cli import Command, common, write
from nevkg.data import terms
from nevkg.data.rdf import FORMATS, serialise
from nevkg.errors import WrongUsage, needs_extra
from nevkg.lookup import entities
from nevkg.store import EmbeddedStore, Store, contents
from nevkg.store.locate import is_address
from nevkg.store.releases import find_places

if TYPE_CHECKING:
    from nevkg.store.endpoints import Preset

_ONTOLOGY = "ontology"


def _add_dump_arguments(parser: argparse.ArgumentParser) -> None:
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


def _dump(options: argparse.Namespace) -> int:
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
    from nevkg.publish.exports import load_exports, run_export

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
    return run_export(store, chosen, day), chosen.format


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
        raise WrongUsage(f"There is no graph '{name}'.{terms.suggest(name, [graph.removeprefix(terms.GRAPH) for graph in names])}")
    return [iri]


def _add_publish_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", metavar="DIR", type=Path, help="a new or empty folder, or an earlier release, which is replaced")
    parser.add_argument(
        "--url", metavar="ADDRESS", help="the address at which the folder will be published, for the download addresses in its descriptions"
    )
    parser.add_argument(
        "--site",
        action="store_true",
        help="write a site for any host of files: explorer, pages, and the release",
    )
    parser.add_argument("--quick", action="store_true", help="with --site: only the explorer and its data, to try it")
    parser.add_argument("--no-release", action="store_true", help="with --site: without the release, for hosts that limit the size")
    common.add_releases(
        parser, "with --site: an earlier release, or a folder of releases, from which the site answers citations of other editions"
    )
    common.add_known_by(parser)


def _publish(options: argparse.Namespace) -> int:
    if options.url is not None and not re.fullmatch(r"https?://[^\s<>\"{}|\\^`?#]+", options.url):
        raise WrongUsage(f"'{options.url}' is not the address of a folder; write one that begins with https://.")
    given = {"--quick": options.quick, "--no-release": options.no_release, "--releases": options.releases}
    if not options.site and (option := next((name for name, value in given.items() if value), "")):
        raise WrongUsage(f"{option} is an option of sites; add --site.")
    store = common.build_for(options)
    with common.interrupted_by_sigterm():
        return _publish_site(options, store) if options.site else _publish_release(options, store)


def _publish_release(options: argparse.Namespace, store: EmbeddedStore) -> int:
    from nevkg.publish.release.make import publish

    files = publish(store, options.folder, address=options.url, progress=common.progress(options))
    size = sum(file.size for file in files) / 1e6
    details = f"version {entities.version(store)}, as of {entities.dataset_date(store)}, {store.identity}"
    common.report(f"{options.folder}: {len(files)} files, {size:,.0f} MB ({details}).", options)
    common.report("README.md says what each is; 'sha256sum -c SHA256SUMS' in the folder checks them.", options)
    return 0


def _publish_site(options: argparse.Namespace, store: EmbeddedStore) -> int:
    with needs_extra("site"):
        from nevkg.site.publish import publish_site
    count = publish_site(
        store,
        options.folder,
        address=options.url,
        is_quick=options.quick,
        has_release=not options.no_release,
        releases=find_places(options.releases, elsewhere=()),
        progress=common.progress(options),
    )
    common.report(f"{options.folder}: {count:,} files. To look at the site: python -m http.server --directory {options.folder}", options)
    return 0


def _add_diff_arguments(parser: argparse.ArgumentParser) -> None:
    from nevkg.publish.diff import delta, rendering

    what = "a release folder, a file of quads (.nq, .trig, .jsonld, also .gz or .zst), a data folder or a checkout"
    parser.add_argument("before", metavar="A", type=Path, help=what)
    parser.add_argument("after", metavar="B", type=Path, help="another one")
    parser.add_argument(
        "--format",
        choices=[*rendering.FORMATS, "json", *delta.FORMATS],
        default="words",
        help="update is SPARQL Update that turns A into B, patch is RDF Patch, turtle describes the changes (default: %(default)s)",
    )
    common.add_language(parser)
    parser.epilog = "The exit code is 0 whether or not something changed."


def _diff(options: argparse.Namespace) -> int:
    from nevkg.publish.diff import delta, rendering
    from nevkg.publish.diff.account import describe_changes
    from nevkg.publish.states import open_state

    found = delta.compare_states(open_state(options.before), open_state(options.after))
    if options.format in delta.FORMATS:
        common.show(delta.FORMATS[options.format](found))
        return 0
    changes = describe_changes(found, options.lang)
    if options.format == "json":
        common.show(common.to_json(changes))
    else:
        common.show(rendering.format_account(changes, options.format, terms.prefixes(found.after.store.layout.ontology)).encode())
    return 0


def _add_load_arguments(parser: argparse.ArgumentParser) -> None:
    from nevkg.store.endpoints import presets

    parser.add_argument("target", metavar="TARGET", help="a folder, or the address of a SPARQL server, such as http://localhost:8890")
    parser.add_argument(
        "release", metavar="RELEASE", nargs="?", type=Path, help="a release folder or a file of quads (default: the dataset)"
    )
    parser.add_argument("--preset", choices=list(presets()), help="kind of the server (default: detected from its responses)")
    parser.add_argument("--update", metavar="URL", help="SPARQL Update endpoint of a server of another kind; TARGET is its query endpoint")
    parser.add_argument("--graphs", metavar="URL", help="Graph Store Protocol endpoint of such a server, if it does not accept updates")
    parser.add_argument("--no-verify", dest="verify", action="store_false", help="do not compare the content of the store with the dataset")
    parser.add_argument("--dry-run", action="store_true", help="report what would be done, and write nothing")
    common.add_known_by(parser)


def _load(options: argparse.Namespace) -> int:
    from nevkg.publish.load import Content, folder, staging

    if options.release and options.known_by:
        raise WrongUsage("--known-by builds the dataset again, which a release does not allow; leave one of them out.")
    preset = _server(options) if is_address(options.target) else None
    if preset is None and (options.preset or options.update or options.graphs):
        raise WrongUsage(f"--preset, --update and --graphs are for servers, and '{options.target}' is a folder; leave them out.")
    content = Content.of_release(options.release) if options.release else Content("the dataset", common.build_for(options).store)
    how: dict[str, Any] = {"verify": options.verify, "dry": options.dry_run, "progress": common.progress(options)}
    if preset is None:
        loaded = folder.load(content, Path(options.target), **how)
    else:
        loaded = staging.load(content, preset, common.layout(options), warn=common.warn, **how)
    common.report(loaded, options)
    return 0


def _server(options: argparse.Namespace) -> Preset:
    """Returns the preset of the server, with the addresses of its services."""
    from nevkg.store.endpoints import Preset, find_preset, presets

    known = None if options.update or options.graphs else find_preset(options.target, options.preset)
    if known is None and not (options.update or options.graphs):
        raise WrongUsage(
            f"The kind of the server {options.target} cannot be detected; choose one with --preset {'|'.join(presets())}, "
            "or give the address for its updates with --update URL."
        )
    return known or Preset(options.target, options.target, update=options.update or "", graphs=options.graphs or "")


COMMANDS = {
    "dump": Command(_add_dump_arguments, _dump),
    "publish": Command(_add_publish_arguments, _publish),
    "diff": Command(_add_diff_arguments, _diff),
    "load": Command(_add_load_arguments, _load),
}
