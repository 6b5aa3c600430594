"""``nevkg info``: shows the version, dates, counts and folders of the dataset."""

from __future__ import annotations

import argparse

from nevkg.ask import arguments, days
from nevkg.ask.catalogue import load_catalogue
from nevkg.cli import common, write
from nevkg.cli.cache import format_size
from nevkg.data import terms
from nevkg.lookup import entities
from nevkg.store import EmbeddedStore, Store, cache, contents


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments of the verb."""
    common.add_store(parser)


def run(options: argparse.Namespace) -> int:
    """Prints one fact per line."""
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
        "cache": f"{cache.folder()} ({format_size(sum(entry.size for entry in cache.list_entries()))})",
        "store": str(store.place / "oxigraph") if store.place else "in memory: the cache folder cannot be written",
    }


def _snapshot(store: Store, day: str | None) -> dict[str, str]:
    if not day:
        return {}
    snapshot = days.snapshot(store, arguments.day(day))
    return {"snapshot": f"{snapshot.day}, {len(contents.default_triples(snapshot))} triples"}


def _count(store: Store, pattern: str) -> str:
    found = entities.select(store, f"SELECT (COUNT(DISTINCT ?thing) AS ?count) WHERE {{ {pattern} }}")
    return terms.text(next(found)["count"])
