"""What a load has to do: the content to load, the plan, and the result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph
from pyoxigraph import DefaultGraph, Quad

from nevkg.data import dataset, terms
from nevkg.data.rdf import unpack
from nevkg.errors import CouldNotRun, InvalidData
from nevkg.publish.states import find_release_file
from nevkg.store.digest import Sum


@dataclass(frozen=True)
class Content:
    """Quads to load, from a store or from a file of quads.

    Attributes:
        name: the name to use in messages.
        store: the store; None if ``file`` is given.
        file: the file of quads; None if ``store`` is given.
    """

    name: str
    store: pyoxigraph.Store | None = None
    file: Path | None = None

    @classmethod
    def of_release(cls, place: Path) -> Content:
        """Returns the content of a release, given as a folder or its file of quads; ``WrongUsage`` if it has none."""
        file = find_release_file(place)
        return cls(str(place), file=file)

    def fill(self, store: pyoxigraph.Store) -> None:
        """Bulk-loads all quads into a store on disk. If the file cannot be parsed, the error names the line."""
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
    """Raises ``InvalidData`` unless a store has graphs of nevkg and no others, which a load must not touch."""
    if next(store.quads_for_pattern(None, None, None, DefaultGraph()), None) is not None:
        raise InvalidData(f"{name} has triples outside a graph; load a release of nevkg.")
    graphs = [terms.text(graph) for graph in store.named_graphs()]
    if foreign := sorted(graph for graph in graphs if not graph.startswith(terms.GRAPH)):
        raise InvalidData(f"{name} has the graph <{foreign[0]}>, which is not a graph of nevkg; load a release of nevkg.")
    if not graphs:
        raise InvalidData(f"{name} contains no data; load a release of nevkg.")


@dataclass(frozen=True)
class Plan:
    """The plan of a load. Graphs are given by their IRIs.

    Attributes:
        target: graph to its number of triples and digest, for the whole dataset.
        change: graphs to write, sorted.
        obsolete: graphs of an earlier load to remove, sorted.
    """

    target: Mapping[str, Sum]
    change: Sequence[str]
    obsolete: Sequence[str]

    @property
    def triples(self) -> int:
        """The number of triples to send."""
        return sum(self.target[graph].triples for graph in self.change)


@dataclass(frozen=True)
class LoadResult:
    """The result of a load.

    Attributes:
        place: the folder or the server.
        plan: what was done, or would be done in a dry run.
        verified: whether the store was compared with what was sent.
        dry: whether this is a dry run.
    """

    place: str
    plan: Plan
    verified: bool = False
    dry: bool = False

    def __str__(self) -> str:
        plan = self.plan
        done = f"{'Would put' if self.dry else 'Put'} {_counted(len(plan.change), 'graph')} with {_counted(plan.triples, 'triple')}"
        same = len(plan.target) - len(plan.change)
        parts = [f"{done} into {self.place}"]
        if same:
            parts.append(f"{_counted(same, 'graph')} {'was' if same == 1 else 'were'} there already")
        if plan.obsolete:
            verb = "would be" if self.dry else "was" if len(plan.obsolete) == 1 else "were"
            parts.append(f"{_counted(len(plan.obsolete), 'graph')} of an earlier load {verb} removed")
        if self.verified:
            parts.append("counts and digests of all graphs agree")
        return "; ".join(parts) + "."


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def compare(place: str, expected: Mapping[str, Sum], actual: Mapping[str, Sum]) -> None:
    """Raises ``CouldNotRun`` if counts and digests by graph differ from those expected; ``place`` names the store in the message."""
    for graph, due in expected.items():
        if (found := actual.get(graph, Sum())) != due:
            raise CouldNotRun(f"{place} does not contain what was sent: <{graph}> has {found}, but should have {due}. Load it again.")
    if extra := sorted(actual.keys() - expected.keys()):
        raise CouldNotRun(f"{place} still contains <{extra[0]}>, which is not in the dataset. Load it again.")
