"""The content to load: the dataset built locally, or a release."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph
from pyoxigraph import DefaultGraph, Quad

from nevkg.data import dataset, terms
from nevkg.data.packing import unpack
from nevkg.errors import InvalidData
from nevkg.publish.states import find_release_file


@dataclass(frozen=True)
class Content:
    """Quads to load, from a store or from a file of quads.

    Attributes:
        name: The name to use in messages.
        store: The store; None if ``file`` is given.
        file: The file of quads; None if ``store`` is given.
    """

    name: str
    store: pyoxigraph.Store | None = None
    file: Path | None = None

    @classmethod
    def of_release(cls, place: Path) -> Content:
        """Returns the content of a release.

        Args:
            place: The folder of the release, or its file of quads.

        Raises:
            WrongUsage: If there is no file of quads.
            CouldNotRun: If it does not exist.
        """
        file = find_release_file(place)
        return cls(str(place), file=file)

    def fill(self, store: pyoxigraph.Store) -> None:
        """Bulk-loads all quads into a store on disk.

        Raises:
            InvalidData: If the file cannot be parsed; the message names the line.
        """
        if self.store is not None:
            store.bulk_extend(self.store)
        elif self.file is not None:
            dataset.bulk_load(store, self.file, unpack(self.file))

    def quads(self) -> Iterable[Quad]:
        """Returns all quads. A file is read again at each call."""
        if self.store is not None:
            return self.store
        assert self.file is not None
        return dataset.parse_file(self.file, unpack(self.file))

    @contextmanager
    def as_store(self) -> Iterator[pyoxigraph.Store]:
        """Provides a store with all quads. For a file, it is in a temporary folder, which is removed afterwards."""
        if self.store is not None:
            yield self.store
            return
        with TemporaryDirectory(prefix="nevkg-load-") as folder:
            store = pyoxigraph.Store(folder)
            self.fill(store)
            yield store


def check_graphs(store: pyoxigraph.Store, name: str) -> None:
    """Checks that a store has only graphs of nevkg, because a load must not touch foreign graphs in the target.

    Raises:
        InvalidData: If there are triples outside graphs, other graphs, or no graphs.
    """
    if next(store.quads_for_pattern(None, None, None, DefaultGraph()), None) is not None:
        raise InvalidData(f"{name} has triples outside a graph; load a release of nevkg.")
    graphs = [terms.text(graph) for graph in store.named_graphs()]
    if foreign := sorted(graph for graph in graphs if not graph.startswith(terms.GRAPH)):
        raise InvalidData(f"{name} has the graph <{foreign[0]}>, which is not a graph of nevkg; load a release of nevkg.")
    if not graphs:
        raise InvalidData(f"{name} contains no data; load a release of nevkg.")
