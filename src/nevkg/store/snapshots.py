"""Snapshots: what holds on one day, as the default graph of a store whose named graphs are the record behind it.

A snapshot is a checkpoint of another store, whose files it shares, and the triples that the rules derive for the day.
What no day changes, and what lasts once it has begun, is derived once for each state of the record, in stages.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

import pyoxigraph
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from nevkg.data import dataset, terms
from nevkg.data.paths import Layout
from nevkg.store import cache, engine
from nevkg.store.base import Store
from nevkg.store.derivation import derive_snapshot, read_rules
from nevkg.store.embedded import EmbeddedStore, damage, open_cached, open_folder, open_store
from nevkg.store.known_by import embedded, open_known

# Instead of a day: the snapshot of all that holds on any day.
EVER = "ever"
_FIRST, _LAST = "0001-01-01", "9999-12-31"
_FIRST_DAY, _AS_OF = NamedNode(terms.NEV + "firstDay"), NamedNode(terms.NEV + "asOf")
_DATE = NamedNode(terms.XSD + "date")
_BEFORE_ALL = "0000-12-31"
# A new day adds at most what begins within one stage. Each stage is a folder, so small data has few.
_STAGES = 8
_SMALLEST_STAGE = 500
_BEGINNINGS = f"""
SELECT ?day (COUNT(*) AS ?count)
WHERE {{ GRAPH <{terms.graph(dataset.HISTORY)}> {{ ?any <{terms.NEV}from>|<{terms.NEV}reported> ?day }} }}
GROUP BY ?day
ORDER BY ?day
"""


def open_snapshot(record: Store, day: str) -> EmbeddedStore:
    """The snapshot of one day: from the cache, else built and kept there.

    Args:
        record: the store that has the history, as known by some day. What a server holds is fetched once.
        day: an ISO date, or ``EVER``.

    Returns:
        A store whose default graph is the snapshot and whose named graphs are the record.

    Raises:
        CouldNotRun: if a server does not give what it holds.
        InvalidData: if a rule fails.
    """
    record = embedded(record)
    if record.state and (opened := open_cached(f"snapshot-{record.state}-{day}", partial(_write_snapshot, record, day))):
        return replace(record, store=opened.store, place=opened.place, lease=opened.lease, day=day)
    store = pyoxigraph.Store()
    store.bulk_extend(record.store)
    _derive_timeless(record.layout, store)
    _derive_lasting(record.layout, _BEFORE_ALL, day, store)
    _derive_day(record.layout, day, store)
    return replace(record, store=store, place=None, day=day)


def reopen(record: Store, error: BaseException) -> EmbeddedStore:
    """The same record without what the cache has of it, which may be what turned out to be damaged.

    Raises:
        CouldNotRun: if the damage is elsewhere.
    """
    if not isinstance(record, EmbeddedStore) or not record.state:
        raise damage(record.identity.removeprefix("store "), error) from None
    cache.discard_state(record.state)
    whole = open_folder(record.folder, record.layout) if record.folder else open_store(record.layout)
    return open_known(whole, record.known_by) if record.known_by else whole


def _write_snapshot(record: EmbeddedStore, day: str, path: str) -> None:
    """Derives a snapshot on the latest stage that is not after its day."""
    days = [start for start in _stage_days(record.store) if start <= day]

    def derive(store: pyoxigraph.Store) -> None:
        _derive_lasting(record.layout, days[-1] if days else _BEFORE_ALL, day, store)
        _derive_day(record.layout, day, store)

    _write_checkpoint(_stage(record, days), derive, path)


def _write_checkpoint(source: pyoxigraph.Store, derive: Callable[[pyoxigraph.Store], None], path: str) -> None:
    source.backup(path)
    draft = pyoxigraph.Store(path)
    derive(draft)
    draft.flush()


def _stage(record: EmbeddedStore, days: Sequence[str]) -> pyoxigraph.Store:
    """The record with what holds on any day and what lasts from one of these days on, from the cache or built on the stage before.

    Raises:
        OSError: if it cannot be kept in the cache.
    """

    def write(path: str) -> None:
        if not days:
            _write_checkpoint(record.store, partial(_derive_timeless, record.layout), path)
        else:
            after = days[-2] if len(days) > 1 else _BEFORE_ALL
            _write_checkpoint(_stage(record, days[:-1]), partial(_derive_lasting, record.layout, after, days[-1]), path)

    opened = open_cached("-".join(["stage", record.state, *days[-1:]]), write)
    if not opened:
        raise OSError("the cache cannot be written")
    return opened.store


def _stage_days(store: pyoxigraph.Store) -> list[str]:
    """The last days of the stages: between two of them about equally many reports and facts begin."""
    found = engine.ask(store, _BEGINNINGS)
    assert isinstance(found, pyoxigraph.QuerySolutions)
    counts = [(terms.text(row["day"]), int(terms.text(row["count"]))) for row in found]
    size = max(sum(count for _, count in counts) / _STAGES, _SMALLEST_STAGE)
    days, begun = [], 0
    for day, count in counts:
        begun += count
        if begun >= size:
            days.append(day)
            begun = 0
    return days


def _derive_timeless(layout: Layout, store: pyoxigraph.Store) -> None:
    """What holds on any day. The view of the dataset's own date goes: it would be taken for that of every day."""
    store.remove_graph(NamedNode(terms.graph(dataset.CURRENT)))
    rules = read_rules(dataset.rule_files(layout, [dataset.STRUCTURE]))
    derive_snapshot(store, (rule for rule in rules if rule.into != dataset.HISTORY))


def _derive_lasting(layout: Layout, after: str, day: str, store: pyoxigraph.Store) -> None:
    """What begins after one day, and by another, and has no end."""
    by = _LAST if day == EVER else day
    derive_snapshot(store, read_rules(dataset.rule_files(layout, [dataset.LASTING])), after=after, day=by)


def _derive_day(layout: Layout, day: str, store: pyoxigraph.Store) -> None:
    """What else holds on this day, or on any."""
    first, last = (_FIRST, _LAST) if day == EVER else (day, day)
    for name, bound in ((_FIRST_DAY, first), (_AS_OF, last)):
        store.add(Quad(NamedNode(terms.SNAPSHOT + day), name, Literal(bound, datatype=_DATE), DefaultGraph()))
    derive_snapshot(store, read_rules(dataset.rule_files(layout, [dataset.SNAPSHOT])), first=first, day=last)
