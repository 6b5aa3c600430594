"""``nevkg publish``: writes the files of a release, or a site with them, into one folder."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from nevkg.cli import common, write
from nevkg.errors import WrongUsage, missing_extra
from nevkg.lookup import entities
from nevkg.store import EmbeddedStore
from nevkg.store.releases import find_places


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of the verb."""
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
    parser.add_argument(
        "--releases",
        metavar="DIR",
        action="append",
        default=[],
        help="with --site: an earlier release, or a folder of releases, from which the site answers citations of other editions",
    )
    common.add_known_by(parser)


def run(options: argparse.Namespace) -> int:
    """Writes the release or site and reports what it contains."""
    if options.url is not None and not re.fullmatch(r"https?://[^\s<>\"{}|\\^`?#]+", options.url):
        raise WrongUsage(f"'{options.url}' is not the address of a folder; write one that begins with https://.")
    given = {"--quick": options.quick, "--no-release": options.no_release, "--releases": options.releases}
    if not options.site and (option := next((name for name, value in given.items() if value), "")):
        raise WrongUsage(f"{option} is an option of sites; add --site.")
    store = common.build_for(options)
    if options.site:
        return _publish_site(options, store)
    from nevkg.publish.release.make import publish

    files = publish(store, options.folder, address=options.url, progress=common.progress(quiet=options.quiet))
    if not options.quiet:
        size = sum(file.size for file in files) / 1e6
        details = f"version {entities.version(store)}, as of {entities.dataset_date(store)}, {store.identity}"
        write(f"{options.folder}: {len(files)} files, {size:,.0f} MB ({details}).\n".encode())
        write(b"README.md says what each is; 'sha256sum -c SHA256SUMS' in the folder checks them.\n")
    return 0


def _publish_site(options: argparse.Namespace, store: EmbeddedStore) -> int:
    try:
        from nevkg.site.publish import publish_site
    except ImportError as error:
        raise missing_extra("site", error) from None
    progress = common.progress(quiet=options.quiet)
    count = publish_site(
        store,
        options.folder,
        address=options.url,
        is_quick=options.quick,
        has_release=not options.no_release,
        releases=find_places(options.releases, elsewhere=()),
        progress=progress,
    )
    if not options.quiet:
        write(f"{options.folder}: {count:,} files. To look at the site: python -m http.server --directory {options.folder}\n".encode())
    return 0
