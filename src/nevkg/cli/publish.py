"""``nevkg publish``: writes the files of a release into one folder."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from nevkg.cli import common, write
from nevkg.errors import WrongUsage
from nevkg.lookup import entities


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of the verb."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="a new or empty folder, or an earlier release, which is replaced")
    parser.add_argument(
        "--url", metavar="ADDRESS", help="the address at which the folder will be published, for the download addresses in its descriptions"
    )
    common.add_known_by(parser)


def run(options: argparse.Namespace) -> int:
    """Writes the release and reports what it contains."""
    from nevkg.publish.release.make import publish

    if options.url is not None and not re.fullmatch(r"https?://[^\s<>\"{}|\\^`?#]+", options.url):
        raise WrongUsage(f"'{options.url}' is not the address of a folder; write one that begins with https://.")
    store = common.build_for(options)
    files = publish(store, options.folder, address=options.url, progress=common.progress(quiet=options.quiet))
    if not options.quiet:
        size = sum(file.size for file in files) / 1e6
        details = f"version {entities.version(store)}, as of {entities.dataset_date(store)}, {store.identity}"
        write(f"{options.folder}: {len(files)} files, {size:,.0f} MB ({details}).\n".encode())
        write(b"README.md says what each is; 'sha256sum -c SHA256SUMS' in the folder checks them.\n")
    return 0
