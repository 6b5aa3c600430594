"""``nevkg load``: loads the dataset into another store."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from nevkg.cli import common, write
from nevkg.errors import WrongUsage
from nevkg.store.locate import is_address
from nevkg.store.presets import Preset, find_preset, presets


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of the verb."""
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


def run(options: argparse.Namespace) -> int:
    """Loads the dataset or a release, and reports what was done."""
    from nevkg.publish.load import Content, folder, server

    if options.release and options.known_by:
        raise WrongUsage("--known-by builds the dataset again, which a release does not allow; leave one of them out.")
    preset = _server(options) if is_address(options.target) else None
    if preset is None and (options.preset or options.update or options.graphs):
        raise WrongUsage(f"--preset, --update and --graphs are for servers, and '{options.target}' is a folder; leave them out.")
    content = Content.of_release(options.release) if options.release else Content("the dataset", common.build_for(options).store)
    how: dict[str, Any] = {"verify": options.verify, "dry": options.dry_run, "progress": common.progress(quiet=options.quiet)}
    if preset is None:
        loaded = folder.load(content, Path(options.target), **how)
    else:
        loaded = server.load(content, preset, common.layout(options), warn=_warn, **how)
    if not options.quiet:
        write(f"{loaded}\n".encode())
    return 0


def _server(options: argparse.Namespace) -> Preset:
    """Returns the preset of the server, with the addresses of its services."""
    known = None if options.update or options.graphs else find_preset(options.target, options.preset)
    if known is None and not (options.update or options.graphs):
        raise WrongUsage(
            f"The kind of the server {options.target} cannot be detected; choose one with --preset {'|'.join(presets())}, "
            "or give the address for its updates with --update URL."
        )
    return known or Preset(options.target, options.target, update=options.update or "", graphs=options.graphs or "")


def _warn(words: str) -> None:
    print(f"nevkg: {words}", file=sys.stderr)
