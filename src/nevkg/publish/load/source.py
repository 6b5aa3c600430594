"""What is loaded: the dataset as it is built here, or a release from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph
from pyoxigraph import DefaultGraph, Quad

from nevkg.data import dataset, terms
from nevkg.errors import InvalidData
from nevkg.publish.states import release_file, unpacked


@dataclass(frozen=True)
class Content:
    """Quads to be loaded, and what to call them: a built store, or a file of quads."""

    name: str
    store: pyoxigraph.Store | None = None
    file: Path | None = None

    @classmethod
    def of_release(cls, place: Path) -> Content:
        """What a release holds: its folder, or its file of quads.

        Raises:
            WrongUsage: if there is no file of quads.
            CouldNotRun: if it is missing.
        """
        file = release_file(place)
        return cls(str(place), file=file)

    def fill(self, store: pyoxigraph.Store) -> None:
        """Puts all quads into a store on disk, in bulk.

        Raises:
            InvalidData: if the file does not parse; the message names the line.
        """
        if self.store is not None:
            store.bulk_extend(self.store)
        elif self.file is not None:
            dataset.bulk_load(store, self.file, unpacked(self.file))

    def quads(self) -> Iterable[Quad]:
        """All quads, read anew."""
        if self.store is not None:
            return self.store
        assert self.file is not None
        return dataset.parse_file(self.file, unpacked(self.file))

    @contextmanager
    def as_store(self) -> Iterator[pyoxigraph.Store]:
        """A store that holds all quads; a file's is in a temporary folder."""
        if self.store is not None:
            yield self.store
            return
        with TemporaryDirectory(prefix="nevkg-load-") as folder:
            store = pyoxigraph.Store(folder)
            self.fill(store)
            yield store


def check(store: pyoxigraph.Store, name: str) -> None:
    """Lets only graphs of ours through: in another store, a load must not touch what is somebody else's.

    Raises:
        InvalidData: if there are triples outside graphs, other graphs, or none at all.
    """
    if next(store.quads_for_pattern(None, None, None, DefaultGraph()), None) is not None:
        raise InvalidData(f"{name} has triples outside a graph; load a release of nevkg.")
    graphs = [terms.text(graph) for graph in store.named_graphs()]
    if strange := sorted(graph for graph in graphs if not graph.startswith(terms.GRAPH)):
        raise InvalidData(f"{name} has the graph <{strange[0]}>, which is none of nevkg's; load a release of nevkg.")
    if not graphs:
        raise InvalidData(f"{name} holds no data; load a release of nevkg.")
