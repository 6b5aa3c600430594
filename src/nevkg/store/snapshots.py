"""Snapshots: what holds on one day, as the default graph of a store whose named graphs are the record behind it.

A snapshot is a checkpoint of the record's store, which shares its files, and the triples that the rules derive for the
day. What no day changes is derived once for each state of the record.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pyoxigraph
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from nevkg import dataset, terms
from nevkg.derive import derive_snapshot, read_rules
from nevkg.layout import Layout
from nevkg.store import cache
from nevkg.store.base import Store
from nevkg.store.embedded import EmbeddedStore, damage, open_cached, open_store
from nevkg.store.known_by import embedded, open_known

_AS_OF = NamedNode(terms.NEV + "asOf")


def open_snapshot(record: Store, day: str) -> EmbeddedStore:
    """The snapshot of one day: from the cache, else built and kept there.

    Args:
        record: the store that has the history, as known by some day. What a server holds is fetched once.
        day: an ISO date.

    Returns:
        A store whose default graph is the snapshot and whose named graphs are the record.

    Raises:
        CouldNotRun: if a server does not give what it holds.
        InvalidData: if a rule fails.
    """
    record = embedded(record)
    timeless, dated = partial(_derive_timeless, record.layout), partial(_derive_day, record.layout, day)
    if not record.state:
        return replace(record, store=_changed(record.store, timeless, dated), day=day)

    def base() -> pyoxigraph.Store:
        return _checkpoint(lambda: record.store, f"base-{record.state}", timeless)[0]

    store, place = _checkpoint(base, f"snapshot-{record.state}-{day}", dated)
    return replace(record, store=store, place=place, day=day)


def rebuild(store: Store, error: BaseException) -> EmbeddedStore:
    """A new store in place of one that turned out to be damaged; a snapshot for a snapshot.

    Raises:
        CouldNotRun: if it is not in the cache.
    """
    if store.place is not None:
        cache.discard_state(store.place)
    if not isinstance(store, EmbeddedStore) or store.place is None or store.folder:
        raise damage(store.identity.removeprefix("store "), error) from None
    record = open_store(store.layout)
    if store.known_by:
        record = open_known(record, store.known_by)
    return open_snapshot(record, store.day) if store.day else record


def _checkpoint(
    source: Callable[[], pyoxigraph.Store], name: str, change: Callable[[pyoxigraph.Store], None]
) -> tuple[pyoxigraph.Store, Path | None]:
    """A changed copy of a store in the cache folder ``name``, made if it is not there; in memory if it cannot be kept."""

    def write(path: str) -> None:
        source().backup(path)
        draft = pyoxigraph.Store(path)
        change(draft)
        draft.flush()

    return open_cached(name, write) or (_changed(source(), change), None)


def _changed(source: pyoxigraph.Store, *changes: Callable[[pyoxigraph.Store], None]) -> pyoxigraph.Store:
    """A changed copy of a store, in memory."""
    copy = pyoxigraph.Store()
    copy.bulk_extend(source)
    for change in changes:
        change(copy)
    return copy


def _derive_timeless(layout: Layout, store: pyoxigraph.Store) -> None:
    """What holds on any day. The view of the dataset's own date goes: it would be taken for that of every day."""
    store.remove_graph(NamedNode(terms.graph(dataset.CURRENT)))
    rules = read_rules(dataset.rule_files(layout, [dataset.STRUCTURE]))
    derive_snapshot(store, (rule for rule in rules if rule.into != dataset.HISTORY))


def _derive_day(layout: Layout, day: str, store: pyoxigraph.Store) -> None:
    """What holds on this day."""
    snapshot = NamedNode(terms.SNAPSHOT + day)
    store.add(Quad(snapshot, _AS_OF, Literal(day, datatype=NamedNode(terms.XSD + "date")), DefaultGraph()))
    derive_snapshot(store, read_rules(dataset.rule_files(layout, [dataset.SNAPSHOT])))
