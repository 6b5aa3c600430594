"""``nevkg cache``: lists what nevkg keeps between commands, removes what was used least recently, or all of it."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from nevkg.cli import common, write
from nevkg.store import cache
from nevkg.table import terminal
from nevkg.table.terminal import Cells

_MEGABYTE = 1_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of the verb."""
    parser.add_argument("action", choices=["list", "prune", "clear"], nargs="?", default="list", help="what to do (default: list)")
    parser.add_argument(
        "--limit", type=common.positive, metavar="MB", help="prune to this size (default: NEVKG_CACHE_LIMIT, else 1000 megabytes)"
    )


def run(options: argparse.Namespace) -> int:
    """Prints the entries, or how much was removed."""
    if options.action == "list":
        write(_list().encode())
        return 0
    limit = 0 if options.action == "clear" else options.limit * _MEGABYTE if options.limit else cache.limit()
    removed = cache.prune(limit)
    left = sum(entry.size for entry in cache.list_entries())
    if not options.quiet:
        in_use = " The rest is in use." if left and options.action == "clear" else ""
        write(f"{format_size(removed)} removed from {cache.folder()}, {format_size(left)} left.{in_use}\n".encode())
    return 0


def format_size(size: int) -> str:
    """Returns a number of bytes in megabytes."""
    return f"{size / _MEGABYTE:,.1f} MB"


def _list() -> str:
    entries = cache.list_entries()
    rows = [
        [
            str(entry.place.relative_to(cache.folder())),
            format_size(entry.size),
            datetime.fromtimestamp(entry.used, UTC).strftime("%Y-%m-%d %H:%M"),
            "yes" if entry.is_leased else "",
        ]
        for entry in entries
    ]
    total = format_size(sum(entry.size for entry in entries))
    cells = Cells(["what", "size", "last used (UTC)", "in use"], rows, numeric=frozenset({1}))
    return f"{terminal.render_table(cells, terminal.width())}\n{total} in {cache.folder()}; limit {format_size(cache.limit())}.\n"
