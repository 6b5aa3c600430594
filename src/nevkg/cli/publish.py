"""``nevkg publish``: the files of a release, in one folder."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from nevkg.cli import common, write
from nevkg.errors import WrongUsage
from nevkg.lookup import entities


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The words that the verb understands."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="a new or empty folder, or an earlier release, which is replaced")
    parser.add_argument(
        "--url", metavar="ADDRESS", help="where the folder will be found on the web, for the download addresses in its descriptions"
    )
    common.add_known_by(parser)


def run(options: argparse.Namespace) -> int:
    """Makes the release and tells what is in it."""
    from nevkg.publish.release.make import publish

    if options.url is not None and not re.fullmatch(r"https?://[^\s<>\"{}|\\^`?#]+", options.url):
        raise WrongUsage(f"'{options.url}' is not the address of a folder; write one that begins with https://.")
    store = common.build_for(options)
    files = publish(store, options.folder, address=options.url, progress=common.progress(quiet=options.quiet))
    if not options.quiet:
        size = sum(file.size for file in files) / 1e6
        told = f"version {entities.version(store)}, as of {entities.dataset_date(store)}, {store.identity}"
        write(f"{options.folder}: {len(files)} files, {size:,.0f} MB ({told}).\n".encode())
        write(b"README.md says what each is; 'sha256sum -c SHA256SUMS' in the folder checks them.\n")
    return 0
