"""Views of the record: what holds on one day, and the record as known by a day.

A snapshot is the default graph of a store whose named graphs are the record. It is a checkpoint of another store, whose files
it shares, plus the triples that the rules derive for the day. Triples that hold on every day, and those that hold from a day
on, are derived once for each state of the record, in stages.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import pyoxigraph
from pyoxigraph import NamedNode, QuerySolutions

from nevkg.data import dataset, terms
from nevkg.progress import announce
from nevkg.store import cache, engine
from nevkg.store.base import Store
from nevkg.store.derivation import (
    BEFORE_ALL,
    EVER,
    change_day,
    derive,
    derive_day,
    derive_snapshot,
    derive_timeless,
    derive_until,
    list_changes,
    read_rules,
)
from nevkg.store.embedded import (
    EmbeddedStore,
    damage_error,
    open_built,
    open_cached,
    open_folder,
    snapshot_name,
    write_checkpoint,
    write_day,
)
from nevkg.store.releases import open_dataset
from nevkg.store.shipped import read_shipped

# A new day derives at most what begins within one stage. Each stage is a folder, so a small dataset has few.
_STAGES = 8
_SMALLEST_STAGE = 500
_BEGINNINGS = f"""
SELECT ?day (COUNT(*) AS ?count)
WHERE {{ GRAPH <{terms.graph(dataset.HISTORY)}> {{ ?any <{terms.NEV}from>|<{terms.NEV}reported> ?day }} }}
GROUP BY ?day
ORDER BY ?day
"""


def open_known_by(record: Store, known_by: str) -> EmbeddedStore:
    """Opens the record without the sources published after a day: from the cache, else derived from the other sources.

    Args:
        record: the store that has all sources. The content of a server is fetched once.
        known_by: an ISO date.

    Raises:
        CouldNotRun: if a server does not return all that it holds.
        NotBuilt: if it is not in the cache, and ``record`` must not build it.
    """
    record = as_embedded(record)
    if record.known_by:
        known_by = min(known_by, record.known_by)
    days = _publication_days(record)
    later = {graph for graph, day in days.items() if day > known_by}
    if not later:
        return replace(record, known_by=known_by)

    def build() -> pyoxigraph.Store:
        store = pyoxigraph.Store()
        left_out = {NamedNode(terms.graph(slug)) for slug in (dataset.HISTORY, dataset.CURRENT)} | later
        for graph in record.store.named_graphs():
            if graph not in left_out:
                store.bulk_extend(record.store.quads_for_pattern(None, None, None, graph))
        derive(store, read_rules(dataset.rule_files(record.layout, dataset.RECORD)))
        return store

    if not record.state:
        return replace(record, store=build(), known_by=known_by, ready={})
    # Between two publications the record does not change, so that these days share a store.
    state = f"{record.state}-known-{max((day for day in days.values() if day <= known_by), default='')}"
    record.require_built(f"store-{state}", "")
    opened = open_built(f"store-{state}", build)
    state = state if opened.place else ""
    return replace(record, store=opened.store, place=opened.place, lease=opened.lease, known_by=known_by, state=state, ready={})


def _publication_days(record: EmbeddedStore) -> dict[NamedNode, str]:
    """Returns the graph of each source with the latest possible day of publication (ISO), or the day of collection if unknown."""
    query = f"""SELECT ?source ?published ?collected WHERE {{ ?source a <{terms.NEV}Source> .
        OPTIONAL {{ ?source <{terms.NEV}latest> ?published }} OPTIONAL {{ ?source <{terms.NEV}collected> ?collected }} }}"""
    found = record.query(query)
    assert isinstance(found, QuerySolutions)
    days = {}
    for row in found:
        graph = NamedNode(terms.GRAPH + terms.text(row["source"]).removeprefix(terms.SOURCE))
        day = row["published"] or row["collected"]
        days[graph] = terms.text(day) if day is not None else ""
    return days


def as_embedded(store: Store) -> EmbeddedStore:
    """Returns an embedded store with the same content; ``CouldNotRun`` if a server does not return all that it holds."""
    if isinstance(store, EmbeddedStore):
        return store
    from nevkg.store.contents import copy_remote
    from nevkg.store.remote import RemoteStore

    assert isinstance(store, RemoteStore)
    return copy_remote(store)


def open_snapshot(record: Store, day: str) -> EmbeddedStore:
    """Opens the snapshot of one day: from the cache, else derived and added to the cache.

    Args:
        record: the store that has the history, as known by some day. The content of a server is fetched once.
        day: an ISO date, or ``EVER``.

    Returns:
        A store whose default graph is the snapshot and whose named graphs are the record.

    Raises:
        CouldNotRun: if a server does not return all that it holds.
        NotBuilt: if it is not in the cache, and ``record`` must not build it.
    """
    record = as_embedded(record)
    if day in record.ready:
        return replace(record, store=record.ready[day], day=day)
    if record.state:
        record.require_built(snapshot_name(record.state, day), day)
    if record.state and (opened := open_cached(snapshot_name(record.state, day), partial(_write_snapshot, record, day))):
        return replace(record, store=opened.store, place=opened.place, lease=opened.lease, day=day)
    return _derive_snapshot(record, day)


def open_or_derive_snapshot(record: EmbeddedStore, day: str) -> EmbeddedStore:
    """Opens a snapshot from the cache if it is there, else derives it in memory, which is faster for a day that is read once."""
    is_built = record.state and cache.is_built(snapshot_name(record.state, day))
    return open_snapshot(record, day) if is_built else _derive_snapshot(record, day)


def _derive_snapshot(record: EmbeddedStore, day: str) -> EmbeddedStore:
    store = pyoxigraph.Store()
    store.bulk_extend(record.store)
    derive_snapshot(store, record.layout, day)
    return replace(record, store=store, place=None, day=day)


def reopen(record: Store, error: BaseException) -> EmbeddedStore:
    """Opens the record again after an error, without its folders in the cache, which may be damaged; ``CouldNotRun`` if it has none."""
    if not isinstance(record, EmbeddedStore) or not record.state:
        raise damage_error(record.identity.removeprefix("store "), error) from None
    cache.discard_state(record.state)
    whole = open_folder(record.folder, record.layout) if record.folder else open_dataset(record.layout)
    return open_known_by(whole, record.known_by) if record.known_by else whole


def _write_snapshot(record: EmbeddedStore, day: str, path: str) -> None:
    """Writes a snapshot: loaded if it is shipped, copied from the last day on which anything changed, or derived.

    It is derived from the latest stage that is not after its day.
    """
    if content := read_shipped(snapshot_name(record.state, day)):
        write_day(record.store, lambda store: engine.load_lines(store, content), path)
        return
    if (same := _last_change(record, day)) != day:
        base = _open_to_copy(snapshot_name(record.state, same), partial(_write_snapshot, record, same))
        write_checkpoint(base, partial(change_day, old=same, new=day), path)
        return
    announce(f"Deriving what held on {day}, once after each change" if day != EVER else "Deriving what held on any day")
    days = [start for start in _stage_days(record.store) if start <= day]

    def derive(store: pyoxigraph.Store) -> None:
        derive_until(store, record.layout, days[-1] if days else BEFORE_ALL, day)
        derive_day(store, record.layout, day)

    write_checkpoint(_stage(record, days), derive, path)


def _last_change(record: EmbeddedStore, day: str) -> str:
    """Returns the last day on which anything changes until a day; the day itself if none is known, or for ``EVER``."""
    changes = list_changes(record.store, record.layout) if day != EVER else []
    return max((change for change in changes if change <= day), default=day)


def _stage(record: EmbeddedStore, days: Sequence[str]) -> pyoxigraph.Store:
    """Opens a stage: the record with the triples that hold on every day and those that hold from one of these days on.

    It comes from the cache, or is built from the preceding stage.
    """

    def write(path: str) -> None:
        if not days:
            write_checkpoint(record.store, lambda store: derive_timeless(store, record.layout), path)
        else:
            after = days[-2] if len(days) > 1 else BEFORE_ALL
            write_checkpoint(_stage(record, days[:-1]), lambda store: derive_until(store, record.layout, after, days[-1]), path)

    return _open_to_copy("-".join(["stage", record.state, *days[-1:]]), write)


def _open_to_copy(name: str, write: Callable[[str], None]) -> pyoxigraph.Store:
    """Opens a store in the cache; raises ``OSError`` if it cannot be written there, since a store in memory has no files to share."""
    opened = open_cached(name, write)
    if not opened:
        raise OSError("the cache cannot be written")
    return opened.store


def _stage_days(store: pyoxigraph.Store) -> list[str]:
    """Returns the last days of the stages, chosen so that about the same number of reports and facts begins in each stage."""
    found = engine.ask(store, _BEGINNINGS)
    assert isinstance(found, pyoxigraph.QuerySolutions)
    counts = [(terms.text(row["day"]), int(terms.text(row["count"]))) for row in found]
    size = max(sum(count for _, count in counts) / _STAGES, _SMALLEST_STAGE)
    days, in_stage = [], 0
    for day, count in counts:
        in_stage += count
        if in_stage >= size:
            days.append(day)
            in_stage = 0
    return days
