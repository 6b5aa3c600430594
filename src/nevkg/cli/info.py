"""``nevkg info`` and ``cache``: shows the dataset, its counts and folders, and what nevkg keeps between commands."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime

from nevkg.ask import arguments, days
from nevkg.ask.catalogue import load_catalogue
from nevkg.cli import Command, common, write
from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.store import EmbeddedStore, Store, cache, contents
from nevkg.table import terminal
from nevkg.table.terminal import Cells

_MEGABYTE = 1_000_000


def _add_cache_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=["list", "prune", "clear"], nargs="?", default="list", help="what to do (default: list)")
    parser.add_argument("--limit", type=common.positive, metavar="MB", help="prune to this size (default: NEVKG_CACHE_LIMIT, else 1000)")


def _manage_cache(options: argparse.Namespace) -> int:
    if options.action == "list":
        write(_list_cache().encode())
        return 0
    limit = 0 if options.action == "clear" else options.limit * _MEGABYTE if options.limit else cache.limit()
    removed = cache.prune(limit)
    left = sum(entry.size for entry in cache.list_entries())
    in_use = " The rest is in use." if left and options.action == "clear" else ""
    common.report(f"{_format_size(removed)} removed from {cache.folder()}, {_format_size(left)} left.{in_use}", options)
    return 0


def _format_size(size: int) -> str:
    return f"{size / _MEGABYTE:,.1f} MB"


def _list_cache() -> str:
    entries = cache.list_entries()
    rows = [
        [
            str(entry.place.relative_to(cache.folder())),
            _format_size(entry.size),
            datetime.fromtimestamp(entry.used, UTC).strftime("%Y-%m-%d %H:%M"),
            "yes" if entry.is_leased else "",
        ]
        for entry in entries
    ]
    total = _format_size(sum(entry.size for entry in entries))
    cells = Cells(["what", "size", "last used (UTC)", "in use"], rows, numeric=frozenset({1}))
    return f"{terminal.render_table(cells, terminal.width())}\n{total} in {cache.folder()}; limit {_format_size(cache.limit())}.\n"


def _show_info(options: argparse.Namespace) -> int:
    store = common.open_for(options)
    catalogue = load_catalogue(store.layout)
    sources = _count(store, f"?thing a <{terms.NEV}Source>")
    statements = _count(store, f"?thing <{terms.NEV}source> ?source")
    episodes = _count(store, f"?thing a <{terms.NEV}Episode>")
    facts = {
        "version": entities.version(store),
        "dataset date": entities.dataset_date(store),
        **_where(store),
        **_snapshot(store, options.as_of),
        "sources": sources,
        "statements": statements,
        "episodes": episodes,
        "questions": str(len(catalogue.questions)),
        "ontology": str(store.layout.ontology),
        "queries": str(store.layout.queries),
    }
    write("".join(f"{name:<13} {value}\n" for name, value in facts.items()).encode())
    return 0


def _where(store: Store) -> dict[str, str]:
    """Returns the size and place of the store, and the digest and folders if it was built from local data."""
    triples = str(sum(contents.counts(store, contents.graphs(store)).values()))
    if not isinstance(store, EmbeddedStore) or store.folder:
        return {"triples": triples, "store": store.identity.removeprefix("store ")}
    return {
        "digest": f"sha256:{store.digest}",
        "triples": triples,
        "data": str(store.layout.data),
        "cache": f"{cache.folder()} ({_format_size(sum(entry.size for entry in cache.list_entries()))})",
        "store": str(store.files or "in memory: the cache folder cannot be written"),
    }


def _snapshot(store: Store, day: str | None) -> dict[str, str]:
    if not day:
        return {}
    snapshot = days.snapshot(store, arguments.day(day))
    return {"snapshot": f"{snapshot.day}, {len(contents.default_triples(snapshot))} triples"}


def _count(store: Store, pattern: str) -> str:
    found = entities.select(store, f"SELECT (COUNT(DISTINCT ?thing) AS ?count) WHERE {{ {pattern} }}")
    return terms.text(next(found)["count"])


COMMANDS = {
    "info": Command(common.add_store, _show_info),
    "cache": Command(_add_cache_arguments, _manage_cache),
}
