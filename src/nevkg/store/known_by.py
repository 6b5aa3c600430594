"""The record as known by a day: without sources published later, and with the history derived from the others."""

from __future__ import annotations

from dataclasses import replace

import pyoxigraph
from pyoxigraph import NamedNode, QuerySolutions

from nevkg.data import dataset, terms
from nevkg.store.base import Store
from nevkg.store.derivation import derive, read_rules
from nevkg.store.embedded import EmbeddedStore, open_built


def open_known_by(record: Store, known_by: str) -> EmbeddedStore:
    """Opens the record without the sources published after a day: from the cache, else derived from the other sources.

    Args:
        record: the store that has all sources. The content of a server is fetched once.
        known_by: an ISO date.

    Raises:
        CouldNotRun: if a server does not return all that it holds.
        InvalidData: if a rule fails.
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
    """Returns an embedded store with the same content.

    Raises:
        CouldNotRun: if a server does not return all that it holds.
    """
    if isinstance(store, EmbeddedStore):
        return store
    from nevkg.store.mirror import fetch
    from nevkg.store.remote import RemoteStore

    assert isinstance(store, RemoteStore)
    return fetch(store)
