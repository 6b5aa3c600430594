"""The embedded store: Oxigraph on disk, built once for each state of the dataset."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyoxigraph
from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples

from nevkg import dataset
from nevkg.derive import derive, read_rules
from nevkg.layout import Layout
from nevkg.sparql import refuse_outgoing_requests
from nevkg.store import cache


@dataclass(frozen=True)
class EmbeddedStore:
    """A built store and what it was built from."""

    store: pyoxigraph.Store
    layout: Layout
    digest: str
    known_by: str | None
    place: Path | None

    def query(self, text: str, prefixes: dict[str, str] | None = None) -> QuerySolutions | QueryBoolean | QueryTriples:
        """Answers a SPARQL 1.1 query over the union of all graphs.

        Args:
            prefixes: namespaces that the query need not declare.

        Raises:
            SyntaxError: if ``text`` is not a query.
            WrongUsage: if it would send a request to another server.
        """
        refuse_outgoing_requests(text)
        return self.store.query(text, prefixes=prefixes, use_default_graph_as_union=True)


def build_in_memory(layout: Layout, known_by: str | None = None) -> pyoxigraph.Store:
    """Reads the floors and runs the rules.

    Args:
        known_by: an ISO date; only sources published by then count.

    Raises:
        InvalidData: if a file does not parse or a rule fails.
    """
    store = pyoxigraph.Store()
    store.extend(dataset.quads(layout, known_by))
    derive(store, read_rules(dataset.rule_files(layout)))
    return store


def open_store(layout: Layout, known_by: str | None = None) -> EmbeddedStore:
    """The store for the dataset as it is now: from the cache, else built and kept there.

    Args:
        known_by: an ISO date; only sources published by then count.

    Raises:
        InvalidData: if the dataset does not parse or a rule fails.
        CouldNotRun: if it cannot be read.
    """
    digest = cache.known_digest(layout)
    name = f"store-{cache.FORMAT}-{digest[:32]}" + (f"-{known_by}" if known_by else "")
    built: list[pyoxigraph.Store] = []

    def fill(folder: Path) -> None:
        built.append(build_in_memory(layout, known_by))
        on_disk = pyoxigraph.Store(str(folder / "oxigraph"))
        on_disk.bulk_extend(built[0])
        on_disk.optimize()
        on_disk.flush()

    for _ in range(2):
        place = cache.build(name, fill)
        if place is None:
            break
        try:
            opened = pyoxigraph.Store.read_only(str(place / "oxigraph"))
            return EmbeddedStore(opened, layout, digest, known_by, place)
        except (OSError, RuntimeError):
            cache.discard(place)
    return EmbeddedStore(built[0] if built else build_in_memory(layout, known_by), layout, digest, known_by, None)
